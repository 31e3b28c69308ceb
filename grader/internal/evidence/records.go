// Package evidence decodes what a run said: the records of the private pipe, race
// reports, panics and goroutine dumps. It is pure, and judges nothing.
package evidence

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"

	"lockstep/grader/exam/wire"
)

// MaxRecords caps how many records of one process are kept; a hidden test sends a handful.
const MaxRecords = 1000

// Records is what came through the private pipe of one process.
type Records struct {
	Begun    int           // how many Begin records
	Ended    int           // how many End records
	End      wire.Record   // the last End
	Explored []wire.Record // completed explorations, in order
	Findings []wire.Record // in order
	Strange  int           // lines that are no record of this run: another seal, another check, no JSON, too many
}

// DecodeRecords reads the lines that the process running check wrote, and counts as
// strange whatever is not sealed with key, as the next of its records, or is about
// something else.
func DecodeRecords(data []byte, key, check string) Records {
	var r Records
	kept := 0
	for line := range bytes.Lines(data) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		seal, text, _ := bytes.Cut(line, []byte(" "))
		var record wire.Record
		if key == "" || !hmac.Equal(seal, []byte(wire.Seal(key, kept+1, text))) ||
			json.Unmarshal(text, &record) != nil || record.Check != check || kept == MaxRecords {
			r.Strange++
			continue
		}
		kept++
		switch record.Kind {
		case wire.Begin:
			r.Begun++
		case wire.End:
			r.Ended++
			r.End = record
		case wire.Explored:
			r.Explored = append(r.Explored, record)
		case wire.Finding:
			r.Findings = append(r.Findings, record)
		default:
			r.Strange++
		}
	}
	return r
}

// EndedOnce reports whether the stream is the one an undisturbed check leaves:
// begun once, ended once, nothing strange.
func (r *Records) EndedOnce() bool { return r.Begun == 1 && r.Ended == 1 && r.Strange == 0 }
