// Package gil is chapter 2: a global interpreter lock like CPython's, an interpreter that
// runs threads under it, and the same kind of work without it.
//
// No function that you are given panics, and nothing here may leave a goroutine running
// behind it.
package gil

import "time"

// A GIL is held by at most one goroutine at a time, and handed over on request. Make one
// with NewGIL; do not copy it. Any number of goroutines may call Acquire at the same
// time; the other methods are for the one that holds it, and nobody else calls them.
//
// Whoever waits for the GIL stands in a line. When the holder lets go, the one who has been
// waiting longest gets it. Nobody who comes later gets in before: not the one who has
// just let go, either.
type GIL struct {
	interval time.Duration
	// TODO(2.1): who holds it, and who waits? What guards both?
	// TODO(2.2): has anybody asked for it?
}

// NewGIL returns a GIL that nobody holds. The switch interval is more than zero; Python's
// is 5 ms (sys.setswitchinterval).
func NewGIL(interval time.Duration) *GIL { return &GIL{interval: interval} }

// Acquire returns when the caller holds the GIL. While it waits, it blocks, and it makes
// requests:
//
//   - It waits for one switch interval at a time, the first one from the call on. If in
//     that interval the holder was the same all the time, it makes a request.
//   - If the GIL changed hands, it makes none, and goes on to wait. So whoever gets
//     the GIL is not asked for it before a whole interval is over, and is asked before two
//     are over if somebody waits all that time.
//   - A request forces nobody. Acquire waits until the holder lets go, however long
//     that takes, and keeps its place in the line.
func (g *GIL) Acquire() {
	// TODO(2.1): get in line, and wait for your turn.
	// TODO(2.2): an interval without a switch? Make a request.
}

// Release lets go of the GIL. It never blocks.
func (g *GIL) Release() {
	// TODO(2.1): give it to the first in line.
}

// Requested reports whether somebody has asked the holder to let go since it got the GIL.
// The request stands until the holder lets go, and is then forgotten: the next holder
// starts without one. It never blocks. In CPython this is gil_drop_request.
func (g *GIL) Requested() bool {
	// TODO(2.2): whose request is it?
	return false
}

// Yield is what the holder calls between two steps of its work. If nobody has made a request
// it returns at once, and the holder has kept the GIL all the time. If somebody has,
// Yield lets go, gets in line behind everybody who waits, and returns when the caller holds
// the GIL again. While it waits it makes requests as Acquire does.
func (g *GIL) Yield() {
	// TODO(2.2): hand over, but only on request.
}

// An Instruction is one step of a thread: some bytecode, or a call that blocks.
type Instruction struct {
	Do     func() // what to do; never nil
	Blocks bool   // Do waits for something outside of the interpreter, like a socket
}

// Run runs threads, each a list of instructions, on goroutines of their own, and returns
// when all of them have ended. Any number of Runs may share a GIL. The lists are the caller's,
// threads among them: Run only reads them.
//
//   - Each instruction is done once, those of a thread one after the other.
//   - One that does not block is done by a thread that holds the GIL.
//   - One that blocks is done by a thread that does not hold it: others use the GIL
//     meanwhile, or block too.
//   - Between two instructions that do not block the thread keeps the GIL, unless there is a
//     request; then it lets go and comes back for it.
//   - A thread that has ended does not hold the GIL.
//
// The caller of Run does not hold the GIL.
func Run(g *GIL, threads ...[]Instruction) {
	// TODO(2.3): a loop for each thread. Where does it hold the GIL, and where not?
}

// Sum adds up what sum returns for pieces of items, without any GIL. In Python you would
// hand the pieces to a multiprocessing.Pool.
//
//   - There are as many pieces as workers, but no more than items; fewer than one worker
//     count as one. Their lengths differ by one at most. Each item is in one piece, and
//     each piece is a part of items as it stands: the first few, the next few, and so on.
//   - Sum calls sum once for each piece, for all of them at the same time, and waits for
//     all of them. Of no items the sum is 0, without a call.
func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	// TODO(2.4): a goroutine for each piece, not for each item.
	return 0
}

// Gather returns compute(fetch(item)) for each item, in the order of the items; a slice of
// length 0 for no items. To fetch is to wait: a page, a row, a file. To compute is to keep a
// core busy.
//
//   - Each item is fetched once, and what was fetched computed once.
//   - All fetches run at the same time, however many they are.
//   - At most cores computations run at the same time; fewer than one core count as one.
//   - Nobody waits for nothing: what has been fetched is computed as soon as one of the cores
//     is free, whatever is still being fetched, and whichever item came first.
//
// Gather waits for all of it.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	// TODO(2.5): who waits needs no core; who computes needs one.
	return nil
}
