// Package wire is the private line between a graded test binary and the grader.
//
// The grader starts the binary with three extra descriptors and names them in
// LOCKSTEP_WIRE: one to write records to, one to read the orders from, one for
// the text that package testing prints. Package initialisation takes them over
// and forgets the names. Every package of a submission imports wire (the
// instrumentation sees to it), so this happens before any of its code runs.
//
// Outside the grader nothing is open: Active reports false, Send does nothing,
// and hidden tests are ordinary tests.
package wire

import (
	"encoding/json"
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
	Nonce string `json:"nonce"`          // stamped on every record; proves that the record comes from here
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

// Record is one message from the process to the grader. It travels as one line of JSON.
type Record struct {
	Nonce string `json:"nonce"`
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
// The nonce is not among them: it never leaves this package.
func Ordered() Orders {
	o := orders
	o.Nonce = ""
	return o
}

// Log returns where package testing is to print, or nil when no grader is listening.
// It is the grader's: the caller must not close it.
func Log() *os.File { return log }

// Send stamps r and writes it, whole, before it returns. It may be called by any
// goroutine, and does nothing when no grader is listening. An error in writing is not
// reported: the record is then missing, and a missing record is never a pass.
func Send(r Record) {
	if records == nil {
		return
	}
	r.Nonce = orders.Nonce
	if r.Check == "" {
		r.Check = orders.Check
	}
	line, err := json.Marshal(r)
	if err != nil {
		return
	}
	mu.Lock()
	defer mu.Unlock()
	records.Write(append(line, '\n'))
}
