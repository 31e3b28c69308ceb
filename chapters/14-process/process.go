// Package process is chapter 14: a runner of other programs. In Python it is
// subprocess.run, with all the arguments that one should have given it.
//
// It is about Linux and macOS. Windows has neither signals nor process groups; the notes say
// what it has instead.
package process

import (
	"context"
	"io"
	"os"
	"syscall"
	"time"
)

// An Output keeps what a process prints, so that others can read it while the process is
// still printing. Make one with NewOutput; do not copy it. Any number of goroutines may use
// it at the same time; it has none of its own.
type Output struct {
	max int
	// TODO(14.1): what has been kept, and what does somebody wait on who waits for a text?
}

// NewOutput returns an empty Output that keeps the first max bytes. Max is not negative. It
// takes no memory before something is written: math.MaxInt is a max like others.
func NewOutput(max int) *Output {
	return &Output{max: max}
}

// Write keeps what there is room for of data, and drops the rest. It returns len(data) and
// nil whether there was room or not, and never waits for anybody who reads: a process
// that floods its output is neither stopped by that nor fills the memory.
//
// When Write has returned data is the caller's again, who will use it for other things.
//
// After Close it keeps nothing and returns 0 and os.ErrClosed.
func (o *Output) Write(data []byte) (int, error) {
	// TODO(14.1): keep a copy of what fits, and tell those who wait.
	return 0, nil
}

// String returns what has been kept so far.
func (o *Output) String() string {
	// TODO(14.1): reading is using, too.
	return ""
}

// Dropped returns how many bytes have been dropped so far, for want of room.
func (o *Output) Dropped() int {
	// TODO(14.1): count in Write what did not fit.
	return -1
}

// Close says that nothing more will come. It may be called again, and then does nothing.
// What has been kept can still be read.
func (o *Output) Close() {
	// TODO(14.1): no more writes, and nobody needs to wait any longer.
}

// Await waits until text is in what has been kept, in one piece or in the pieces of several
// writes. It is for a server that prints that it is ready.
//
// It returns nil if text is there, and that comes first: also if o has been closed or ctx
// has ended meanwhile, or long before. Otherwise it returns io.EOF if o has been closed,
// and ctx.Err() if ctx has ended; if both, one of the two.
func (o *Output) Await(ctx context.Context, text string) error {
	// TODO(14.1): look, and wait for a change, again and again. Lose no change between the two.
	return nil
}

// A Status says how a process has ended: by itself, or by a signal.
type Status struct {
	Code   int            // what the program has given to exit, 0 to 255; -1 if a signal ended it
	Signal syscall.Signal // the signal that ended it; 0 if it has ended by itself
}

// StatusOf returns the status of a process that has been waited for. Python's returncode
// is both in one number: 3 for an exit status, -9 for a signal.
//
// A program may exit with any number from 0 to 255, with 137 as well: that does not mean
// that anything has killed it, though a shell would say both in the same way.
func StatusOf(state *os.ProcessState) Status {
	// TODO(14.2): state knows which of the two it was. Where does it keep the signal?
	return Status{}
}

// A Command says what to run, and where its streams go. All of it stays the caller's, who may
// use it again: Run and Pipe change nothing in it, and close neither Out nor Err.
type Command struct {
	Path  string        // the program's file, an absolute path
	Args  []string      // its arguments, without its name; no shell looks at them
	Env   []string      // its whole environment, "NAME=value" each: it gets nothing of ours
	Dir   string        // the directory in which it starts; "" is ours
	In    string        // what it can read from its standard input, and then the input ends
	Out   io.Writer     // where its standard output goes; nil is nowhere
	Err   io.Writer     // where its standard error goes; nil is nowhere
	Grace time.Duration // how long it may go on after SIGTERM; 0 or less: no SIGTERM, but SIGKILL at once
}

// Run runs c in a process group of its own, until it has ended, and says how it ended.
// Any number of goroutines may call Run at the same time.
//
// While the process runs, what it prints is written to Out and Err as it comes; when Run
// returns all of it has been written. However much it prints on whichever stream, it
// is never kept waiting, as long as Out and Err do not take long, which never return an
// error. Each gets one Write at a time, both perhaps at the same time; but if they are the
// same pointer, that gets one Write at a time, and all that the process prints in the order
// in which it was printed. == can compare them, as it can pointers.
//
// The process may read In or not, it may end in the midst of it, and it may close its
// streams and go on working: none of that is an error, and Run waits for its end.
//
// The error says whether Run could do its work, and nothing of how well the process did
// its own:
//
//   - If the process has been started and has ended, it is nil, whatever the status. What
//     ctx does after that, while Out and Err still take their time, is all the same.
//   - If it cannot be started, it is the system's reason, such as fs.ErrNotExist, alone or
//     wrapped. The Status is then Status{Code: -1}.
//   - If ctx ends while the process runs, it is ctx.Err(), alone or wrapped, and the Status
//     says how the process has ended then. With a Grace Run sends SIGTERM to the whole group,
//     that is, to the children of the process as well, and if the process itself has not ended
//     when Grace is over, SIGKILL, to the whole group again. Without a Grace Run sends SIGKILL
//     at once, and no SIGTERM before.
//   - If ctx has ended before, it is ctx.Err(), alone or wrapped, nothing is started, and
//     the Status is Status{Code: -1}.
//
// In any case Run leaves nothing behind. When the process itself has ended, however it
// did, whoever is left of its group gets SIGKILL at once, and then Run waits for nobody
// but its own child. (A process that has made itself a group of its own is on its own:
// Run does not kill it, and may wait for as long as it holds the streams open.)
// When Run returns the child is no zombie, there is no goroutine left, and no open file.
func Run(ctx context.Context, c Command) (Status, error) {
	// TODO(14.3): a process with its own arguments, environment and streams; wait for it, and
	// lose nothing of what it prints.

	// TODO(14.4): a group, and its end: when ctx ends, and when the process does.
	return Status{}, nil
}

// Pipe runs the commands all at the same time, the standard output of each connected to the
// standard input of the next, as a | b | c does in a shell. It returns when all have ended,
// with the status of each, in the order of the commands.
//
// All that is said of Run holds for each of them, with these differences.
//
//   - In counts for the first command only, Out for the last only. Each has its own Err:
//     no two commands have the same.
//   - When a command has ended, or closed its output, and all that it has printed has been
//     read, the input of the next one ends.
//   - When a command has ended, or closed its input, what the one before prints has no reader
//     any more. If that prints more it gets SIGPIPE, as in a shell; if not, it may go on
//     working for as long as it likes.
//   - A command that fails stops nobody. When ctx ends while any of them runs, those that
//     still run are treated as Run treats its one, each with its own Grace.
//   - If one of them cannot be started, Pipe returns no statuses and the reason. Those that
//     have been started already get SIGKILL at once, and leave nothing behind either.
//   - If ctx has ended before, Pipe starts nothing and returns no statuses and ctx.Err(),
//     alone or wrapped.
//
// Without commands it returns no statuses and nil; if ctx has ended before, either will do.
func Pipe(ctx context.Context, commands ...Command) ([]Status, error) {
	// TODO(14.5): os.Pipe, once between any two. Who holds its ends, and who must let go of them?
	return nil, nil
}
