// Package interleave runs a test under the schedules of its goroutines instead of
// hoping that the machine happens to produce the one that fails.
//
//	func TestTransfersKeepTheSum(t *testing.T) {
//		interleave.Explore(t, func(t *testing.T) {
//			b := bank.New(10, 10)
//			var wg sync.WaitGroup
//			wg.Go(func() { b.Transfer(0, 1, 5) })
//			wg.Go(func() { b.Transfer(1, 0, 3) })
//			wg.Wait()
//			assert.Equal(t, 20, b.Sum())
//		})
//	}
//
// # What happens
//
// The body runs again and again, each time from the start. One goroutine runs at a
// time; before every operation that another goroutine could notice (a lock, a channel
// operation, an atomic, a wait) it is decided who goes on. First come all schedules
// with up to two pre-emptions, a proof for this scenario if they fit the budget; then
// a fixed number by random strategies, always the same ones: a verdict repeats.
//
// A schedule fails when the test does, when it panics, when the race detector
// reports something, when all goroutines wait (a deadlock, found at once), when the
// body has returned and a goroutine waits for ever (a leak), or when nothing gets
// anywhere. The first failure is made small, shown as lanes (a column per goroutine,
// a row per step, what the test called, and where a goroutine was pre-empted), and ends the
// exploration. Its seed replays it: put it in LOCKSTEP_SEED, in any process.
//
// Time is virtual: it stands still while anything can run and then jumps to the next
// deadline. A test may sleep for an hour. For who looks at the clock without a rest it goes in
// small jumps, and who sleeps again and again oversleeps when a schedule gets very long.
//
// # How to write a body
//
//   - Make everything new in the body. A package-level variable of the test's keeps its
//     value from one schedule to the next, and a schedule that fails because of that
//     does not fail again. The variables of the package under test begin anew in each
//     schedule, but for the first sixty of the random ones: so both what goes wrong at
//     the first use of a package and what goes wrong at the second is found.
//   - Explore first, and then do what is done without an exploration: a goroutine that is
//     left of it may read a variable while an exploration begins it anew.
//   - Two to four goroutines with two or three operations each are where an
//     exploration is strongest; its cost grows quickly with more. For a crowd there is Once.
//   - Wait for all goroutines before the body returns, unless AllowLeaks.
//   - No sockets, files or processes that block: the scheduler cannot see them. An
//     exploration that stops there is reported and fails. The one exception is
//     syscall.Flock, a step like that of a mutex.
//   - t.Run, t.Parallel and t.Deadline do not work in a body. Methods of t order the
//     goroutines that call them, as they do in any test; call them after the
//     goroutines have finished where that matters.
//
// In a build that was not rewritten (plain go test), Explore runs the body once, in a
// bubble of testing/synctest. Time is virtual there as well, but stands still while a
// goroutine waits for a mutex; a body that sleeps until others have got as far as a held
// mutex never ends.
package interleave
