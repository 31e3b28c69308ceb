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

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
)

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
	begin(t, locksClosed)
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

// dying is a reader that is killed with its process when it has read for the first time.
type dying struct{ io.Reader }

func (d dying) Read(data []byte) (int, error) {
	d.Reader.Read(data)
	dieNow()
	return 0, nil
}

// dieGetting is killed when its Get has read for the first time.
func dieGetting(args []string) error {
	turn, err := ipc.OpenLock(args[0])
	if err != nil {
		return err
	}
	_, err = ipc.NewQueue(dying{inherited()}, nil, turn).Get()
	return err
}

// TestQueueOfTheDead checks that processes killed in the midst of Put and of Get leave the queue as it should be.
//
//grade:todo 16.4
//grade:points 2
//grade:needs TestQueueProcesses
func TestQueueOfTheDead(t *testing.T) {
	begin(t, locksClosed)
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

	for _, item := range []string{"fig", "lemon"} {
		must(t, fmt.Sprintf("Put(%q)", item), q.Put([]byte(item)))
	}
	taker := spawn(t, []*os.File{r}, "die-get", path)
	exam.Within(t, "the end of a process that kills itself in Get", func() { taker.wait() })
	if !killed(taker.cmd.ProcessState) {
		t.Fatalf("the process ended with %v, want signal: killed", taker.ended)
	}
	get("lemon", `"fig" and "lemon" were there, and a process was killed in Get, after the first Read: it has taken one item`)

	turn := openLock(t, path)
	must(t, "Close()", turn.Close())
	apple := strings.NewReader(slot("apple"))
	exam.Within(t, "Get(), when turn is closed", func() {
		_, err := ipc.NewQueue(apple, nil, turn).Get()
		const when = "turn returns an error, because it is closed"
		fails(t, "Get()", err, when)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("Get() = error %q, want the error of turn: %s, and the queue has not ended", err, when)
		}
	})
	exam.Equal(t, "bytes that Get() has read", ipc.SlotSize-apple.Len(), 0, "turn has returned an error")
}
