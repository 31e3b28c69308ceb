//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// slot is what an item looks like in the pipe.
func slot(item string) string {
	return frame(item) + strings.Repeat("\x00", ipc.SlotSize-4-len(item))
}

// recorder keeps what is written to it, call by call.
type recorder struct{ writes []string }

func (r *recorder) Write(data []byte) (int, error) {
	r.writes = append(r.writes, string(data))
	return len(data), nil
}

// TestPut checks that Put writes a slot, in a single Write, or nothing.
//
//grade:todo 16.4
//grade:points 2
func TestPut(t *testing.T) {
	for _, item := range []string{"", "apple", strings.Repeat("x", ipc.MaxItem)} {
		var w recorder
		q := ipc.NewQueue(nil, &w, nil)
		call := fmt.Sprintf("Put(%s)", short([]byte(item)))
		kept := append([]byte(item), "behind"...)
		exam.Error(t, call, q.Put(kept[:len(item)]), nil, "w takes everything")
		exam.Equal(t, "calls of w.Write", len(w.writes), 1, "in "+call+": a process that is killed between two has put half an item")
		got := strings.Join(w.writes, "")
		exam.Equal(t, "bytes written", len(got), ipc.SlotSize, "by "+call)
		if !strings.HasPrefix(got, frame(item)) {
			t.Errorf("%s writes %s, want it to begin with %s", call, short([]byte(got)), short([]byte(frame(item))))
		}
		exam.Equal(t, "the caller's bytes", string(kept), item+"behind", "after "+call)
	}
	var w recorder
	exam.Error(t, "Put(MaxItem+1 bytes)", ipc.NewQueue(nil, &w, nil).Put(make([]byte, ipc.MaxItem+1)), ipc.ErrTooLarge, "that is one byte more than allowed")
	exam.Equal(t, "calls of w.Write", len(w.writes), 0, "in Put(MaxItem+1 bytes)")
	boom := errors.New("nobody reads any more")
	exam.Error(t, `Put("apple")`, ipc.NewQueue(nil, &failing{0, boom}, nil).Put([]byte("apple")), boom, "w returns that error")

	for _, how := range []string{"the same Queue", "two Queues of one pipe"} {
		interleave.Explore(t, func(t *testing.T) {
			var w locked
			queues := [2]*ipc.Queue{ipc.NewQueue(nil, &w, nil), ipc.NewQueue(nil, &w, nil)}
			if how == "the same Queue" {
				queues[1] = queues[0]
			}
			exam.Together(
				func() { exam.Error(t, `Put("apple")`, queues[0].Put([]byte("apple")), nil, "w takes everything") },
				func() { exam.Error(t, `Put("fig")`, queues[1].Put([]byte("fig")), nil, "w takes everything") },
			)
			const when = `two goroutines call Put("apple") and Put("fig") of `
			slices.Sort(w.writes)
			if exam.Equal(t, "calls of w.Write", len(w.writes), 2, when+how) {
				for i, item := range []string{"fig", "apple"} { // a shorter length comes first
					exam.Equal(t, "a Write of the item", strings.HasPrefix(w.writes[i], frame(item)), true, fmt.Sprintf("the item is %q; ", item)+when+how)
				}
			}
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		full, empty := newStream(ipc.SlotSize), newStream(ipc.SlotSize)
		full.full = true
		exam.Together(
			func() { ipc.NewQueue(nil, full, nil).Put([]byte("plum")) },
			func() {
				const when = `another goroutine is in Put("plum") of another pipe, which is full`
				exam.Error(t, `Put("pear")`, ipc.NewQueue(nil, empty, nil).Put([]byte("pear")), nil, when)
				writer{full}.Close() // and only now the other Put returns
			},
		)
	})
}

// locked is a recorder that many may write to at the same time.
type locked struct {
	mu sync.Mutex
	recorder
}

func (l *locked) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recorder.Write(data)
}

// TestGet checks that Get returns items, however the bytes arrive, and knows an end from a slot cut off.
//
//grade:todo 16.4
//grade:points 2
//grade:needs TestLockWaits
func TestGet(t *testing.T) {
	begin(t, locksClosed)
	turn := openLock(t, filepath.Join(t.TempDir(), "turn"))
	get := func(r io.Reader) (item []byte, err error) {
		t.Helper()
		exam.Within(t, "Get()", func() { item, err = ipc.NewQueue(r, nil, turn).Get() })
		return item, err
	}
	items := []string{"apple", "", strings.Repeat("x", ipc.MaxItem), "pear"}
	var all string
	for _, item := range items {
		all += slot(item)
	}
	all = strings.Replace(all, "pear\x00\x00", "pear\x01\xff", 1) // what fills a slot does not matter
	for _, arrival := range arrivals {
		r := arrival.from(strings.NewReader(all))
		for _, want := range items {
			item, err := get(r)
			exam.Error(t, "Get()", err, nil, "r returns "+arrival.how)
			if string(item) != want {
				t.Fatalf("Get() = %s, want %s: r returns %s", short(item), short([]byte(want)), arrival.how)
			}
		}
		_, err := get(r)
		is(t, "Get()", err, io.EOF, "all items have been taken, and w is closed")
	}
	boom := errors.New("the disk is on fire")
	for _, n := range []int{1, 4, 100, ipc.SlotSize - 1} {
		cut := slot("apple")[:n]
		item, err := get(strings.NewReader(cut))
		when := fmt.Sprintf("r ends after %d bytes of a slot", n)
		is(t, "Get()", err, io.ErrUnexpectedEOF, when)
		exam.Equal(t, "the item of Get()", string(item), "", when)
		item, err = get(io.MultiReader(strings.NewReader(cut), iotest.ErrReader(boom)))
		exam.Error(t, "Get()", err, boom, "r returns that error within a slot")
		exam.Equal(t, "the item of Get()", string(item), "", "r returns an error within a slot")
	}
	for _, header := range []string{"\x00\x00\x01\xfd", "\x7f\xff\xff\xff", "\x80\x00\x00\x00", "\xff\xff\xff\xff"} {
		r := strings.NewReader(header + slot("")[4:] + slot("next"))
		item, err := get(r)
		when := fmt.Sprintf("the slot says that its length is %q, and MaxItem is %d", header, ipc.MaxItem)
		exam.Error(t, "Get()", err, ipc.ErrTooLarge, when)
		exam.Equal(t, "the item of Get()", string(item), "", when)
		exam.Equal(t, "bytes that Get() leaves in r", r.Len(), ipc.SlotSize, when+"; r has that slot and another one")
		item, err = get(r)
		exam.Error(t, "the next Get()", err, nil, when)
		exam.Equal(t, "the item of the next Get()", string(item), "next", when)
	}
	r := strings.NewReader(slot("apple") + slot("lemon"))
	q := ipc.NewQueue(r, nil, turn)
	exam.Within(t, "two Get()", func() {
		first, _ := q.Get()
		exam.Equal(t, "bytes that Get() leaves in r", r.Len(), ipc.SlotSize, "r has two slots: what is read ahead dies with the process")
		q.Get()
		exam.Equal(t, "the item of the first Get()", string(first), "apple", "after a second Get() of the same Queue")
	})
}

// TestGetTakesTurns checks that Get reads while it holds the turn, and only then, and that nobody who puts waits for it.
//
//grade:todo 16.4
//grade:points 3
//grade:needs TestGet TestPut TestLockOrders
func TestGetTakesTurns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "turn")
	for _, how := range []string{"each with a Queue of its own", "all with the same Queue"} {
		interleave.Explore(t, func(t *testing.T) {
			turn, err := ipc.OpenLock(path)
			must(t, "OpenLock(path)", err)
			defer turn.Close()
			s := newStream(300)
			s.data = []byte(slot("apple"))
			var without exam.Count
			s.read = func() {
				if !held(path) {
					without.Add()
				}
			}
			producer := ipc.NewQueue(s, s, turn)
			consumers := [2]*ipc.Queue{producer, producer}
			if how != "all with the same Queue" {
				consumers = [2]*ipc.Queue{ipc.NewQueue(s, nil, turn), ipc.NewQueue(s, nil, turn)}
			}
			var got [2]string
			get := func(i int) func() {
				return func() {
					item, err := consumers[i].Get()
					exam.Error(t, "Get()", err, nil, "two goroutines get, and there are two items")
					got[i] = string(item)
				}
			}
			exam.Together(get(0), get(1), func() {
				exam.Error(t, `Put("pear")`, producer.Put([]byte("pear")), nil, "others get")
			})
			slices.Sort(got[:])
			when := "two goroutines have taken two items, a third one has put the second, " + how
			exam.Equal(t, "Reads without the turn", without.Load(), 0, when)
			exam.Equal(t, "Reads at the same time", s.reads.Most(), 1, when)
			exam.Equal(t, "items", strings.Join(got[:], " "), "apple pear", when)
			exam.Equal(t, "flock(2) finds the turn taken", held(path), false, when)
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		var queues [2]*ipc.Queue
		for i := range queues {
			turn, err := ipc.OpenLock(fmt.Sprint(path, i))
			must(t, "OpenLock(path)", err)
			defer turn.Close()
			s := newStream(ipc.SlotSize)
			queues[i] = ipc.NewQueue(s, s, turn)
		}
		get := func(i int, want string) {
			item, err := queues[i].Get()
			exam.Error(t, "Get()", err, nil, "there are two pipes, each with a turn and an item")
			exam.Equal(t, "Get()", string(item), want, "there are two pipes, each with a turn and an item")
		}
		exam.Together(
			func() { get(0, "plum") },
			func() {
				queues[1].Put([]byte("pear"))
				get(1, "pear")
				queues[0].Put([]byte("plum"))
			},
		)
	})
}
