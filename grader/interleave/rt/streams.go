package rt

import (
	"fmt"
	"io"
	"unsafe"
)

// Package fmt where it reads and writes. The system calls beneath order the goroutines for
// the race detector, without a primitive that could be seen. So each call is a step: what
// comes before it can be the last that a goroutine did when another one runs.

var streams byte // one object for all of them

func touchStreams() {
	if g := current(); g != nil {
		g.access(OpAccess, unsafe.Pointer(&streams))
	}
}

func Print(a ...any) (int, error)                 { touchStreams(); return fmt.Print(a...) }
func Printf(format string, a ...any) (int, error) { touchStreams(); return fmt.Printf(format, a...) }
func Println(a ...any) (int, error)               { touchStreams(); return fmt.Println(a...) }

func Fprint(w io.Writer, a ...any) (int, error) { touchStreams(); return fmt.Fprint(w, a...) }
func Fprintf(w io.Writer, format string, a ...any) (int, error) {
	touchStreams()
	return fmt.Fprintf(w, format, a...)
}
func Fprintln(w io.Writer, a ...any) (int, error) { touchStreams(); return fmt.Fprintln(w, a...) }

func Scan(a ...any) (int, error)                 { touchStreams(); return fmt.Scan(a...) }
func Scanf(format string, a ...any) (int, error) { touchStreams(); return fmt.Scanf(format, a...) }
func Scanln(a ...any) (int, error)               { touchStreams(); return fmt.Scanln(a...) }

func Fscan(r io.Reader, a ...any) (int, error) { touchStreams(); return fmt.Fscan(r, a...) }
func Fscanf(r io.Reader, format string, a ...any) (int, error) {
	touchStreams()
	return fmt.Fscanf(r, format, a...)
}
func Fscanln(r io.Reader, a ...any) (int, error) { touchStreams(); return fmt.Fscanln(r, a...) }
