//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
}

// TestGet checks that Get returns items, however the bytes arrive, and knows an end from a slot cut off.
//
//grade:todo 16.4
//grade:points 2
//grade:needs TestLockWaits
func TestGet(t *testing.T) {
	begin(t)
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
		consumers, producer := [2]*ipc.Queue{ipc.NewQueue(s, nil, turn), ipc.NewQueue(s, nil, turn)}, ipc.NewQueue(s, s, turn)
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
		const when = "two goroutines have taken two items"
		exam.Equal(t, "Reads without the turn", without.Load(), 0, when)
		exam.Equal(t, "Reads at the same time", s.reads.Most(), 1, when)
		exam.Equal(t, "items", strings.Join(got[:], " "), "apple pear", when)
		exam.Equal(t, "flock(2) finds the turn taken", held(path), false, when)
	})
}

// pipe returns a pipe whose ends are closed when the check ends.
func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

// inherited is the first file that a child has from its parent.
func inherited() *os.File { return os.NewFile(3, "queue") }

const produced = 40 // items by each producer

// produce puts items with its name.
func produce(args []string) error {
	q := ipc.NewQueue(nil, inherited(), nil)
	for i := range produced {
		if err := q.Put(fmt.Appendf(nil, "%s %03d", args[0], i)); err != nil {
			return err
		}
	}
	return nil
}

// consume says what it gets, until the queue has ended.
func consume(args []string) error {
	turn, err := ipc.OpenLock(args[0])
	if err != nil {
		return err
	}
	q := ipc.NewQueue(inherited(), nil, turn)
	fmt.Println("ready")
	for {
		item, err := q.Get()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Println(string(item))
	}
}

// TestQueueProcesses checks that every item of several processes goes to one of several others, in order, and that all find the end.
//
//grade:todo 16.4
//grade:points 3
//grade:needs TestGetTakesTurns TestLockOfTheDead
func TestQueueProcesses(t *testing.T) {
	begin(t)
	r, w := pipe(t)
	path := filepath.Join(t.TempDir(), "turn")
	var consumers, producers []*child
	for range 2 {
		c := spawn(t, []*os.File{r}, "consume", path)
		c.hear("ready")
		consumers = append(consumers, c)
	}
	for _, name := range []string{"ann", "bob"} {
		producers = append(producers, spawn(t, []*os.File{w}, "produce", name))
	}
	w.Close() // or the queue would never end
	var all []string
	for _, c := range consumers {
		last := map[string]string{}
		for {
			item, err := c.says()
			if err == io.EOF {
				break
			}
			must(t, "reading what a consumer says", err)
			name, _, _ := strings.Cut(item, " ")
			if item <= last[name] {
				t.Errorf("a consumer gets %q after %q, want the order in which %s has put them", item, last[name], name)
			}
			last[name] = item
			all = append(all, item)
		}
	}
	for _, c := range append(consumers, producers...) {
		c.end("all items are gone")
	}
	slices.Sort(all)
	exam.Equal(t, "items that came out", len(all), 2*produced, "two processes have put them, two others have got them")
	exam.Equal(t, "different ones", len(slices.Compact(all)), 2*produced, "each item goes to one process")
}

// announcing does something when the first call is over.
type announcing struct {
	io.Writer
	done func()
}

func (a announcing) Write(data []byte) (int, error) {
	n, err := a.Writer.Write(data)
	a.done()
	return n, err
}

// diePutting is killed when its Put has written for the first time.
func diePutting([]string) error {
	return ipc.NewQueue(nil, announcing{inherited(), dieNow}, nil).Put([]byte("apple"))
}

// asking says something before it reads.
type asking struct{ io.Reader }

func (a asking) Read(data []byte) (int, error) {
	fmt.Println("reading")
	return a.Reader.Read(data)
}

// waitGetting waits for an item.
func waitGetting(args []string) error {
	turn, err := ipc.OpenLock(args[0])
	if err != nil {
		return err
	}
	_, err = ipc.NewQueue(asking{inherited()}, nil, turn).Get()
	return err
}

// TestQueueOfTheDead checks that processes killed in the midst of Put and of Get leave the queue as it should be.
//
//grade:todo 16.4
//grade:points 2
//grade:needs TestQueueProcesses
func TestQueueOfTheDead(t *testing.T) {
	begin(t)
	r, w := pipe(t)
	path := filepath.Join(t.TempDir(), "turn")
	q := ipc.NewQueue(r, w, openLock(t, path))
	get := func(want, when string) {
		t.Helper()
		var item []byte
		var err error
		exam.Within(t, "Get(), "+when, func() { item, err = q.Get() })
		exam.Error(t, "Get()", err, nil, when)
		exam.Equal(t, "Get()", string(item), want, when)
	}

	producer := spawn(t, []*os.File{w}, "die-put")
	exam.Within(t, "the end of a process that kills itself in Put", func() { producer.wait() })
	if !killed(producer.cmd.ProcessState) {
		t.Fatalf("the process ended with %v, want signal: killed", producer.ended)
	}
	must(t, `Put("pear")`, q.Put([]byte("pear")))
	get("apple", `another process was killed in Put("apple"), after the first Write; then came Put("pear")`)
	get("pear", `after an item of a process that was killed in Put`)

	consumer := spawn(t, []*os.File{r}, "wait-get", path)
	consumer.hear("reading")
	exam.Equal(t, "flock(2) finds the turn taken", held(path), true, "another process is in Get and waits for an item")
	consumer.kill()
	must(t, `Put("plum")`, q.Put([]byte("plum")))
	get("plum", "a process was killed while it waited in Get")

	turn := openLock(t, path)
	must(t, "Close()", turn.Close())
	apple := strings.NewReader(slot("apple"))
	exam.Within(t, "Get(), when turn is closed", func() {
		_, err := ipc.NewQueue(apple, nil, turn).Get()
		fails(t, "Get()", err, "turn returns an error, because it is closed")
	})
	exam.Equal(t, "bytes that Get() has read", ipc.SlotSize-apple.Len(), 0, "turn has returned an error")
}
