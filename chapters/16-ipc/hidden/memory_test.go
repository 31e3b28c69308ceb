//go:build grade

package hidden

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// mapped returns what Map returns, which is unmapped when the check ends.
func mapped(t *testing.T, path string, size int) []byte {
	t.Helper()
	memory, err := ipc.Map(path, size)
	call := fmt.Sprintf("Map(path, %d)", size)
	must(t, call, err)
	if len(memory) != size {
		t.Fatalf("%s = %d bytes, want %d", call, len(memory), size)
	}
	t.Cleanup(func() { exam.Error(t, "Unmap(memory)", ipc.Unmap(memory), nil, "Map returned it") })
	return memory
}

// TestMap checks that Map makes what is missing, keeps what is there, and gives all processes the same memory.
//
//grade:todo 16.3
//grade:points 3
func TestMap(t *testing.T) {
	begin(t, mapsClosed)
	path := filepath.Join(t.TempDir(), "memory")
	memory := mapped(t, path, 100)
	exam.Equal(t, "a new file's memory is all zeros", bytes.Count(memory, []byte{0}), 100, "after Map(path, 100)")
	before := openFiles()
	again := mapped(t, path, 100)
	exam.Equal(t, "open files", openFiles(), before, "after Map(path, 100), which leaves no file open")
	memory[3], again[99] = 'x', 'y'
	exam.Equal(t, "the byte 3", again[3], 'x', "somebody who has mapped the same file has written that")
	exam.Equal(t, "the byte 99", memory[99], 'y', "somebody who has mapped the same file has written that")

	for _, c := range []struct {
		text string
		size int
		want string
	}{
		{"abc", 5, "abc\x00\x00"},
		{"abcdef", 4, "abcdef"},
		{"abcd", 4, "abcd"},
	} {
		path := filepath.Join(t.TempDir(), "old")
		must(t, "writing a file", os.WriteFile(path, []byte(c.text), 0o600))
		when := fmt.Sprintf("Map(path, %d) of a file that holds %q", c.size, c.text)
		memory, err := ipc.Map(path, c.size)
		must(t, when, err)
		exam.Equal(t, "the memory", string(memory), c.want[:c.size], when)
		text, _ := os.ReadFile(path)
		exam.Equal(t, "the file", string(text), c.want, "after "+when)
		memory[1] = 'B'
		exam.Error(t, "Unmap(memory)", ipc.Unmap(memory), nil, when)
		exam.Equal(t, "the memory is still mapped", unmap(memory), false, "after Unmap(memory)")
		text, _ = os.ReadFile(path)
		exam.Equal(t, "the file", string(text), c.want[:1]+"B"+c.want[2:], `after memory[1] = 'B' and Unmap`)
	}
	mapTogether(t)
	_, err := ipc.Map(filepath.Join(path, "memory"), 8)
	fails(t, "Map(path, 8)", err, "path cannot be a file there")
	before = openFiles()
	_, err = ipc.Map(os.DevNull, 8)
	fails(t, "Map(path, 8)", err, "path is "+os.DevNull+", which cannot grow and cannot be mapped")
	exam.Equal(t, "open files", openFiles(), before, "after Map(path, 8), where path is "+os.DevNull+", has returned an error: Map leaves no file open")

	c := spawn(t, nil, "map", path)
	c.hear("mapped")
	memory[0] = 6
	c.tell("6 is there")
	c.hear("written")
	exam.Equal(t, "the byte 1", memory[1], 7, "another process has read 6 in byte 0 and written one more to byte 1")
	memory[2] = 8
	c.in.Close()
	c.hear("8")
	c.end("it has done its work")
}

// mapTogether checks that who makes a file longer spoils nothing that another, who has done so
// before, has already written.
func mapTogether(t *testing.T) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "memory")
		const size = 8
		var memories [2][]byte
		var errs [2]error
		write := func(i int) func() {
			return func() {
				memories[i], errs[i] = ipc.Map(path, size)
				if len(memories[i]) == size {
					memories[i][size-2+i] = "ab"[i]
				}
			}
		}
		exam.Together(write(0), write(1))
		for i, memory := range memories {
			const when = "two call Map(path, 8) of a new file at the same time"
			exam.Error(t, "Map(path, 8)", errs[i], nil, when)
			exam.Equal(t, "the last two bytes", string(memory[max(len(memory)-2, 0):]), "ab", when+", and then the first writes 'a' to byte 6, and the second 'b' to byte 7")
			ipc.Unmap(memory)
		}
	})
}

// mapToo maps the file, and writes what it finds in byte 0, and one more, to byte 1.
func mapToo(args []string) error {
	memory, err := ipc.Map(args[0], 8)
	if err != nil {
		return err
	}
	fmt.Println("mapped")
	if _, err := told(); err != nil {
		return err
	}
	memory[1] = memory[0] + 1
	fmt.Println("written")
	told()
	fmt.Println(memory[2])
	return nil
}

// TestCounter checks that Add and Value are one step each, and use the memory under the lock only.
//
//grade:todo 16.3
//grade:points 3
//grade:needs TestLockOrders
func TestCounter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	interleave.Explore(t, func(t *testing.T) {
		l, err := ipc.OpenLock(path)
		must(t, "OpenLock(path)", err)
		defer l.Close()
		other, err := ipc.OpenLock(path)
		must(t, "OpenLock(path)", err)
		defer other.Close()
		free := func(when string) {
			t.Helper()
			got, err := other.TryLock()
			exam.Error(t, "TryLock() by another FileLock of the file", err, nil, when)
			exam.Equal(t, "TryLock() by another FileLock of the file", got, true, when)
			if got {
				other.Unlock()
			}
		}
		memory := make([]byte, 9)
		memory[8] = 'x'
		one, two := ipc.NewCounter(memory, l), ipc.NewCounter(memory, l)
		const when = "the number was 1000, and meanwhile others Add(5) and Add(-7)"
		n, err := one.Add(1000)
		exam.Error(t, "Add(1000)", err, nil, "the lock is free")
		exam.Equal(t, "Add(1000)", n, 1000, "the number was 0")
		free("Add has returned")
		var plus, minus, seen int64
		exam.Together(
			func() { plus, _ = one.Add(5) },
			func() { minus, _ = two.Add(-7) },
			func() { seen, _ = one.Value() },
		)
		exam.OneOf(t, "Value()", seen, []int64{1000, 1005, 993, 998}, when)
		exam.OneOf(t, "Add(5)", plus, []int64{1005, 998}, when)
		exam.OneOf(t, "Add(-7)", minus, []int64{993, 998}, when)
		n, err = two.Value()
		exam.Error(t, "Value()", err, nil, "the lock is free")
		exam.Equal(t, "Value()", n, 998, "after Add(1000), Add(5) and Add(-7)")
		free("Value has returned")
		exam.Equal(t, "the memory", string(memory), "\xe6\x03\x00\x00\x00\x00\x00\x00x", "the number is 998; 8 bytes, little-endian, and the ninth is not the counter's")
		for _, delta := range []int64{-2000, 1 << 40, -1 << 62} {
			want := n + delta
			n, _ = one.Add(delta)
			exam.Equal(t, fmt.Sprintf("Add(%d)", delta), n, want, fmt.Sprintf("the number was %d", want-delta))
			value, _ := two.Value()
			exam.Equal(t, "Value()", value, want, fmt.Sprintf("after Add(%d) = %d", delta, n))
		}
	})
}

// count adds 1 so many times when it is told to.
func count(args []string) error {
	times, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	l, err := ipc.OpenLock(args[0])
	if err != nil {
		return err
	}
	memory, err := ipc.Map(args[0], 8)
	if err != nil {
		return err
	}
	c := ipc.NewCounter(memory, l)
	fmt.Println("ready")
	told()
	for range times {
		if _, err := c.Add(1); err != nil {
			return err
		}
	}
	return nil
}

// TestCounterProcesses checks that no update is lost when processes count together, and one of them is killed with the lock in its hands.
//
//grade:todo 16.3
//grade:points 3
//grade:needs TestMap TestCounter TestLockOfTheDead
func TestCounterProcesses(t *testing.T) {
	begin(t, mapsClosed+"; "+locksClosed)
	const children, times = 2, 300
	path := filepath.Join(t.TempDir(), "counter") // of the memory and of the lock, too: why not
	l, memory := openLock(t, path), mapped(t, path, 8)
	c := ipc.NewCounter(memory, l)
	holder := spawn(t, nil, "hold", path)
	holder.hear("awake")
	var counting []*child
	for range children {
		counting = append(counting, spawn(t, nil, "count", path, strconv.Itoa(times)))
	}
	for _, child := range counting {
		child.hear("ready")
	}
	for _, child := range counting {
		child.tell("go")
	}
	holder.kill()
	exam.Within(t, "Add(1) in three processes", func() {
		for range times {
			if _, err := c.Add(1); err != nil {
				t.Errorf("Add(1) = error %q, want none", err)
				return
			}
		}
	})
	for _, child := range counting {
		child.end("it has counted")
	}
	n, err := c.Value()
	exam.Error(t, "Value()", err, nil, "all have counted")
	exam.Equal(t, "Value()", n, (children+1)*times, fmt.Sprintf("three processes have called Add(1), %d times each", times))
	holder.in.Close()
	holder.says()

	counted := append([]byte(nil), memory...)
	must(t, "Close()", l.Close())
	const when = "the lock returns an error, because it is closed"
	exam.Within(t, "Add(1) and Value(), where "+when, func() {
		for range 2 {
			_, err := c.Add(1)
			fails(t, "Add(1)", err, when)
			_, err = c.Value()
			fails(t, "Value()", err, when)
		}
	})
	exam.Equal(t, "the memory has changed", string(memory) != string(counted), false, "after Add(1), but "+when)
}
