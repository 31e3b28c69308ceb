// Package wire is the private line between a graded test binary and the grader.
//
// The grader starts the binary with three extra descriptors and names them in
// LOCKSTEP_WIRE: one to write records to, one to read the orders from, one for
// the text that package testing prints. Package initialisation takes them over
// and forgets the names. Every package of a submission imports wire (the
// instrumentation sees to it), so this happens before any of its code runs.
//
// Code under test may still find the descriptor, and put itself between this process and the
// grader. So every record is sealed with a key that came with the orders and never travels
// back: who reads records can seal none, nor leave one out, repeat it or change the order.
//
// Outside the grader nothing is open: Active reports false, Send does nothing,
// and hidden tests are ordinary tests.
package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
)

// EnvVar names the variable that holds the three descriptors, "records,orders,log".
const EnvVar = "LOCKSTEP_WIRE"

// MaxOrders caps, in bytes, what is read of the orders.
const MaxOrders = 1 << 16

// Orders is what the grader asks of one process: to run one check.
type Orders struct {
	Key   string `json:"key"`            // of this process alone, to seal its records with
	Check string `json:"check"`          // the test function to run
	Seed  string `json:"seed,omitempty"` // a failing schedule to replay instead of exploring
}

// Kind says what a Record is about.
type Kind string

// The kinds of record, in the order in which a process sends them.
const (
	Begin    Kind = "begin"    // the check has started
	Explored Kind = "explored" // an exploration ended without a failure
	Finding  Kind = "finding"  // something went wrong, and what
	End      Kind = "end"      // the check has ended, after its clean-up
)

// Record is one message from the process to the grader. It travels as one line: its seal, a
// space, and the record in JSON.
type Record struct {
	Kind  Kind   `json:"kind"`
	Check string `json:"check"`

	// Of an End: whether the test passed, and the races the detector had counted by then.
	Passed  bool `json:"passed,omitempty"`
	Skipped bool `json:"skipped,omitempty"`
	Races   int  `json:"races,omitempty"`

	// Of a Finding: one of the scorecard's statuses (fail, race, deadlock, leak, panic,
	// timeout), one line, the whole of it, and the seed that replays it.
	Status  string `json:"status,omitempty"`
	Message string `json:"message,omitempty"`
	Detail  string `json:"detail,omitempty"`
	Seed    string `json:"seed,omitempty"`

	// Of a Finding of an exploration: the schedule that failed, a lanes.Schedule. Who
	// has the sources draws it.
	Schedule json.RawMessage `json:"schedule,omitempty"`

	// Of an Explored: how many schedules ran, and whether they were all there are
	// with up to Preemptions pre-emptions.
	Schedules   int  `json:"schedules,omitempty"`
	Exhaustive  bool `json:"exhaustive,omitempty"`
	Preemptions int  `json:"preemptions,omitempty"`
}

var (
	mu      sync.Mutex
	records *os.File
	log     *os.File
	orders  Orders
	sent    int // records
)

func init() {
	spec, ok := os.LookupEnv(EnvVar)
	if !ok {
		return
	}
	os.Unsetenv(EnvVar)
	fields := strings.Split(spec, ",")
	if len(fields) != 3 {
		return
	}
	var files [3]*os.File
	for i, field := range fields {
		fd, err := strconv.Atoi(field)
		if err != nil || fd < 3 {
			return
		}
		closeOnExec(fd)
		files[i] = os.NewFile(uintptr(fd), "wire")
	}
	data, err := io.ReadAll(io.LimitReader(files[1], MaxOrders))
	files[1].Close()
	if err != nil || json.Unmarshal(data, &orders) != nil {
		return
	}
	records, log = files[0], files[2]
	startPoller()
}

// startPoller has the runtime open its poller's descriptors now. It would open them when
// the first one needs them, and if the code under test had closed a standard stream by
// then they would get that stream's number, and with it what others write there.
func startPoller() {
	if r, w, err := os.Pipe(); err == nil {
		r.Close()
		w.Close()
	}
}

// Active reports whether a grader is listening.
func Active() bool { return records != nil }

// Ordered returns the grader's orders; they are zero when no grader is listening.
// The key is not among them: it never leaves this package.
func Ordered() Orders {
	o := orders
	o.Key = ""
	return o
}

// Log returns where package testing is to print, or nil when no grader is listening.
// It is the grader's: the caller must not close it.
func Log() *os.File { return log }

// Send seals r and writes it, whole, before it returns. It may be called by any
// goroutine, and does nothing when no grader is listening. An error in writing is not
// reported: the record is then missing, and a missing record is never a pass.
func Send(r Record) {
	if records == nil {
		return
	}
	if r.Check == "" {
		r.Check = orders.Check
	}
	text, err := json.Marshal(r)
	if err != nil {
		return
	}
	mu.Lock()
	defer mu.Unlock()
	sent++
	fmt.Fprintf(records, "%s %s\n", Seal(orders.Key, sent, text), text)
}

// Seal returns what proves that the text is that of the nth record, from 1, of a process that
// has the key. It has no spaces.
func Seal(key string, nth int, text []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "%d %s", nth, text)
	return hex.EncodeToString(mac.Sum(nil))
}
