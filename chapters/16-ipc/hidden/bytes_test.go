//go:build grade

package hidden

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
)

// arrivals are the ways in which the same bytes may arrive.
var arrivals = []struct {
	how  string
	from func(io.Reader) io.Reader
}{
	{"all bytes at once", func(r io.Reader) io.Reader { return r }},
	{"one byte for each Read", iotest.OneByteReader},
	{"half of what is asked for", iotest.HalfReader},
	{"the last byte together with io.EOF", iotest.DataErrReader},
	{"nothing at every second Read", func(r io.Reader) io.Reader { return &stutter{r: r} }},
}

// stutter returns nothing, and no error, at every second Read.
type stutter struct {
	r     io.Reader
	calls int
}

func (s *stutter) Read(data []byte) (int, error) {
	if s.calls++; s.calls%2 == 1 {
		return 0, nil
	}
	return s.r.Read(data)
}

// frame is what WriteFrame should write.
func frame(message string) string {
	n := len(message)
	return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + message
}

// TestFrames checks that ReadFrame returns what WriteFrame has written, however the bytes arrive.
//
//grade:todo 16.1
//grade:points 2
func TestFrames(t *testing.T) {
	messages := []string{"", "a", "hello\n", string(bytes.Repeat([]byte{0}, 300)), string(bytes.Repeat([]byte("xyz"), 30_000))}
	var all bytes.Buffer
	for _, message := range messages {
		call := fmt.Sprintf("WriteFrame(w, %s)", short([]byte(message)))
		kept := append([]byte(message), "behind"...)
		before := all.Len()
		exam.Error(t, call, ipc.WriteFrame(&all, kept[:len(message)]), nil, "w takes everything")
		if got, want := string(all.Bytes()[before:]), frame(message); got != want {
			t.Fatalf("%s writes %s, want %s: 4 bytes of length, highest first, and the message", call, short([]byte(got)), short([]byte(want)))
		}
		if string(kept) != message+"behind" {
			t.Errorf("%s changes the caller's bytes", call)
		}
	}
	for _, arrival := range arrivals {
		r := arrival.from(bytes.NewReader(all.Bytes()))
		for i, message := range messages {
			got, err := ipc.ReadFrame(r)
			if err != nil || string(got) != message {
				t.Fatalf("ReadFrame(r) = %s, %v, want %s: it is frame %d of %d, and r returns %s", short(got), err, short([]byte(message)), i+1, len(messages), arrival.how)
			}
		}
		_, err := ipc.ReadFrame(r)
		is(t, "ReadFrame(r)", err, io.EOF, "all frames have been read, and r returns "+arrival.how)
	}

	most := bytes.Repeat([]byte("m"), ipc.MaxFrame)
	all.Reset()
	exam.Error(t, "WriteFrame(w, MaxFrame bytes)", ipc.WriteFrame(&all, most), nil, "so many are allowed")
	got, err := ipc.ReadFrame(&all)
	exam.Error(t, "ReadFrame(r)", err, nil, "the message has MaxFrame bytes")
	exam.Equal(t, "the message of ReadFrame(r) is what was written", bytes.Equal(got, most), true, "it has MaxFrame bytes")

	rest := bytes.NewBufferString(frame("one") + frame("two"))
	ipc.ReadFrame(rest)
	exam.Equal(t, "what is left in r", rest.String(), frame("two"), "after one ReadFrame(r) of two frames: the next one may be another's to read")
}

// TestFrameCut checks that ReadFrame tells an end between two frames from an end within one.
//
//grade:todo 16.1
//grade:points 2
//grade:needs TestFrames
func TestFrameCut(t *testing.T) {
	const whole = "\x00\x00\x00\x03abc"
	for n := range len(whole) {
		for _, arrival := range arrivals {
			got, err := ipc.ReadFrame(arrival.from(bytes.NewReader([]byte(whole[:n]))))
			when := fmt.Sprintf("r ends after %d bytes of %q, and returns %s", n, whole, arrival.how)
			want := io.ErrUnexpectedEOF
			if n == 0 {
				want = io.EOF
			}
			is(t, "ReadFrame(r)", err, want, when)
			exam.Equal(t, "the message of ReadFrame(r)", string(got), "", when)
		}
	}
	boom := errors.New("the disk is on fire")
	for n := range len(whole) {
		got, err := ipc.ReadFrame(io.MultiReader(bytes.NewReader([]byte(whole[:n])), iotest.ErrReader(boom)))
		when := fmt.Sprintf("r returns that error after %d bytes of %q", n, whole)
		exam.Error(t, "ReadFrame(r)", err, boom, when)
		exam.Equal(t, "the message of ReadFrame(r)", string(got), "", when)
	}
}

// failing is a writer that returns an error after some bytes.
type failing struct {
	left int
	err  error
}

func (f *failing) Write(data []byte) (int, error) {
	n := min(f.left, len(data))
	f.left -= n
	if n < len(data) {
		return n, f.err
	}
	return n, nil
}

// TestFrameTooLarge checks that frames have a limit on both sides, and that errors of the writer are returned.
//
//grade:todo 16.1
//grade:points 1
//grade:needs TestFrames
func TestFrameTooLarge(t *testing.T) {
	var w bytes.Buffer
	exam.Error(t, "WriteFrame(w, MaxFrame+1 bytes)", ipc.WriteFrame(&w, make([]byte, ipc.MaxFrame+1)), ipc.ErrTooLarge, "that is one byte more than allowed")
	exam.Equal(t, "bytes written", w.Len(), 0, "by WriteFrame(w, MaxFrame+1 bytes)")

	for _, header := range []string{"\x00\x10\x00\x01", "\x7f\xff\xff\xff", "\x80\x00\x00\x00", "\xff\xff\xff\xff"} {
		r := bytes.NewBufferString(header + "and more")
		got, err := ipc.ReadFrame(r)
		when := fmt.Sprintf("the length is %q, and MaxFrame is %d", header, ipc.MaxFrame)
		exam.Error(t, "ReadFrame(r)", err, ipc.ErrTooLarge, when)
		exam.Equal(t, "the message of ReadFrame(r)", string(got), "", when)
		exam.Equal(t, "what is left in r", r.String(), "and more", "after ReadFrame(r), where "+when)
	}

	boom := errors.New("the disk is full")
	for n := range len(frame("abc")) {
		err := ipc.WriteFrame(&failing{n, boom}, []byte("abc"))
		exam.Error(t, `WriteFrame(w, "abc")`, err, boom, fmt.Sprintf("w returns that error after %d bytes", n))
	}
}
