// Package thread is chapter 1: what it means that several things happen at once. You play
// the scheduler and find the orders in which two threads spoil each other's n++; you count
// in goroutines, which share their memory, and in a child process, which does not; and you
// write a chat client, which cannot be written without doing several things at once.
package thread

import "io"

// Run plays a schedule and returns what n holds in the end. It holds 0 in the beginning.
//
// A schedule says whose turn it is: a list of threads, each of which is just a number, any
// number. All threads execute n++ again and again, and each n++ is three steps:
//
//	load   register = n
//	add    register = register + 1
//	store  n = register
//
// Each time a thread is in the list it makes its next step: load, add, store, and load
// again. n is shared. A register, and the bookmark that says which step is next, belong to
// one thread alone. A schedule may end when a thread is in the midst of its n++.
//
// Run does not change the schedule.
func Run(schedule []int) int {
	// TODO(1.1): what is there once, and what is there once for each thread?
	return -1
}

// Lost returns the schedules in which an update is lost. There are so many threads, numbered
// from 0, and each executes n++ so many times and then stops. Of all the schedules that
// bring every thread to its end, Lost returns those after which n is not threads*times.
//
// Each of them comes once, as a slice of its own, in lexicographical order (as
// slices.Compare has it). If none loses anything, or there are no threads or no times, there
// are none to return. Numbers below zero count as 0.
//
// There are many schedules, soon too many for any computer. Nobody will ask for more than
// a hundred thousand of them.
func Lost(threads, times int) [][]int {
	// TODO(1.2): try every thread that has steps left as the next one, and go on from there.
	return nil
}

// A Counter counts, from 0. The zero value is ready. Any number of goroutines may use it at
// the same time; do not copy it.
type Counter struct {
	n int
	// TODO(1.3): n += delta is three steps. How do they become one?
}

// Add adds delta, which may be negative. No Add is ever lost.
func (c *Counter) Add(delta int) {
	// TODO(1.3): add.
}

// Value returns what has been added up so far.
func (c *Counter) Value() int {
	// TODO(1.3): reading is using, too.
	return -1
}

// InThreads calls work that many times, all at the same time, each call on a goroutine of
// its own. It returns when all calls have returned. If threads is 0 or less it returns at
// once. In Python: a list of Thread(target=work), start them all, join them all.
func InThreads(threads int, work func()) {
	// TODO(1.3): start them all, then wait for them all.
}

// A Process is a child process that has been started.
type Process struct {
	In   io.WriteCloser // what the child reads as its standard input, until it is closed
	Out  io.Reader      // what the child writes to its standard output, until it ends
	Wait func() error   // waits for the end of the child; an error if the child has failed
}

// CountInChild lets a child process count to times, and adds that to c.
//
// The child is this same program once more, started by start; its main function calls
// ChildMain and does nothing else. It has a memory of its own: it does not have c, nor
// anything else that this process has computed. All it learns it learns from In, and all
// that anybody learns from it comes out of Out.
//
// If start returns an error, CountInChild returns that, and is done. Otherwise, in this
// order and whatever goes wrong on the way, it
//
//  1. writes to In what the child needs to know, and closes it, once;
//  2. reads Out to its end;
//  3. calls Wait, once: a child that nobody waits for stays in the system as a zombie.
//
// What the two say to each other is for you to decide. It is a few bytes, whatever times is.
//
// If Wait returns an error, CountInChild returns it, alone or wrapped. If the child says
// nothing at all, or nothing that makes sense, that is an error too. After an error c is
// what it would be without the call. While the child counts other goroutines use c: they
// must not wait for the child, and nothing they add may be lost.
//
// Times is never negative.
func CountInChild(c *Counter, times int, start func() (*Process, error)) error {
	// TODO(1.4): say how far to count, hear what has been counted, wait.
	return nil
}

// ChildMain is what the child process does. It reads from in what CountInChild has written,
// counts with a Counter of its own, calling Add(1) each time, and writes to out what that
// Counter says. If in does not make sense it writes nothing and returns an error; an error
// of in or out is returned as well. If it returns an error the child exits with status 1.
func ChildMain(in io.Reader, out io.Writer) error {
	// TODO(1.4): the other side of CountInChild.
	return nil
}

// A Terminal is where the user sits. ReadLine and Show may be called at the same time, but
// neither of them by two goroutines at the same time.
type Terminal interface {
	// ReadLine waits until the user has typed a line, and returns it. When there will be no
	// more it returns an error: io.EOF if the user has simply finished.
	ReadLine() (string, error)
	// Show displays a line. It may take long.
	Show(line string)
}

// A Conn is a connection to a chat server. Send, Receive and Close may be called at the
// same time, but none of them by two goroutines at the same time.
type Conn interface {
	// Send sends a line. It may take long.
	Send(line string) error
	// Receive waits for the next message, and returns it. When there will be no more it
	// returns an error: io.EOF if one of the two sides has simply hung up.
	Receive() (string, error)
	// Close hangs up. Receive goes on to return the messages that have come until then,
	// and after them io.EOF, also to somebody who has been waiting for long.
	Close() error
}

// Chat is a chat client. It does three things at the same time:
//
//   - It reads the lines that the user types, and sends each. When Send has succeeded it
//     shows the line, with "me: " in front.
//   - It receives messages, and shows each as it is.
//   - It shows lines, one at a time.
//
// Nothing is lost, nothing comes twice, and everybody's lines stay in order: the user's are
// sent and shown in the order in which they were typed, the messages shown in the order
// in which they came. How the two mix does not matter.
//
// None of the three waits for another. However long the user thinks, messages are
// received and shown; however long the server is silent or Send takes, the rest goes on;
// and while one Show is busy, lines are still sent and messages received, until at
// least 100 lines wait to be shown, the one that Show is busy with among them.
//
// When ReadLine or Send returns an error, Chat reads no more lines, and closes conn. When
// Receive returns an error, Chat receives no more, and does not close conn yet: the user may
// go on typing, and Send will say whether anybody can be reached. When both have ended, and
// all there is to show has been shown, Chat returns. It has closed conn exactly once, and
// leaves no goroutine behind.
//
// Chat returns nil if all the errors were io.EOF itself. Otherwise it returns one of those that
// were not, or several joined. What Close returns does not matter.
func Chat(term Terminal, conn Conn) error {
	// TODO(1.5): who waits for what? Each who waits is a goroutine, and between them are channels.
	return nil
}
