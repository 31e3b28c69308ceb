package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// What package rt does not replace: each call is a step.

type sink interface{ Write(p []byte) (int, error) }

type embedder struct{ *os.File }

type generic[W io.Writer] struct{ w W }

func (g generic[W]) write(s string) { g.w.Write([]byte(s)) }

var _ = add("outside", func(p printer) {
	null, _ := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	defer null.Close()

	var s sink = null
	n, err := s.Write([]byte("a"))
	p("own interface", n, err)

	var w io.Writer = embedder{null}
	n, err = w.Write([]byte("ab"))
	p("io's interface", n, err)
	n, err = embedder{null}.
		Write([]byte("abc"))
	p("promoted", n, err)
	generic[sink]{s}.write("abcd")

	write := null.WriteString
	n, err = write("value")
	p("method value", n, err)
	n, err = (*os.File).WriteString(null, "expression")
	p("method expression", n, err)

	sprint := fmt.Sprintln
	args := []any{1, "two"}
	p("variadic", sprint(args...), fmt.Sprint(), fmt.Sprintf("%d-%d",
		1, 2))

	var b strings.Builder
	out := bufio.NewWriter(&b)
	func() {
		defer out.Flush()
		defer fmt.Fprint(out, "deferred")
	}()
	p(b.String())

	done := make(chan struct{})
	go func() { defer close(done); io.Copy(out, strings.NewReader("copied")) }()
	<-done
	p(fmt.Errorf("with: %w", io.EOF), out.Buffered())
	m, err := strings.NewReader("read").WriteTo(out)
	p(m, err)
})

// encoder is an interface of the program's own, for a type of a package that it imports.
type encoder interface{ Encode(v any) error }

var _ = add("outside, imported", func(p printer) {
	var b strings.Builder
	var e encoder = json.NewEncoder(&b)
	p(e.Encode([]int{1}), b.String())
})

// failure stays as it is: package testing says what line has called it.
func failure(t *testing.T) {
	t.Helper()
	t.Errorf("%d, want %d", 1, 2)
}
