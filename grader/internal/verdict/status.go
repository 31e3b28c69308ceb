// Package verdict decides what a check gets. It is pure, and the only package that
// may say pass: everything else reports what it saw.
package verdict

// Status is what one check got. The zero value is invalid.
type Status string

// The statuses. Only Pass gives points.
const (
	NotStarted  Status = "not-started"    // the file is the skeleton
	Todo        Status = "todo"           // the gap this check looks at is still open
	Pass        Status = "pass"           //
	Fail        Status = "fail"           // a wrong result
	Race        Status = "race"           // two accesses, one of them a write, with nothing to order them
	Deadlock    Status = "deadlock"       // goroutines that wait for each other for ever
	Leak        Status = "leak"           // a goroutine or process left behind
	Panic       Status = "panic"          // the code panicked
	Timeout     Status = "timeout"        // the wall or CPU clock ran out
	Vet         Status = "vet"            // go vet has a finding
	BuildFailed Status = "build-failed"   // the compiler refused the chapter
	Rejected    Status = "rejected"       // the chapter does not allow what the code uses
	OutOfMemory Status = "out-of-memory"  // the memory limit was hit
	OutputLimit Status = "output-limit"   // it printed more than the limit
	Skipped     Status = "skipped"        // a check that this one needs did not pass
	Missing     Status = "missing"        // the check's record never came, or came twice
	Trouble     Status = "grader-trouble" // the grader could not tell; never lowers a mark
)

// Statuses lists all of them, in the order of the documentation.
var Statuses = []Status{
	NotStarted, Todo, Pass, Fail, Race, Deadlock, Leak, Panic, Timeout, Vet, BuildFailed,
	Rejected, OutOfMemory, OutputLimit, Skipped, Missing, Trouble,
}
