package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress says what is being done: on a terminal in one line that is written over, in
// a log only what takes minutes. Its methods may be called by any goroutine.
type progress struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	width    int
	shown    bool
	noticed  bool
	last     time.Time
	standing string // how far the whole is, before what is being done
}

// redraw is how often at most the line is written over.
const redraw = 100 * time.Millisecond

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if f, ok := w.(*os.File); ok && isTerminal(f) && os.Getenv("TERM") != "dumb" {
		p.terminal, p.width = true, columns(f)
	}
	return p
}

// Doing shows what is being done.
func (p *progress) Doing(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.show(what, false)
}

// Standing shows how far the whole is, from now on before everything else.
func (p *progress) Standing(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.standing = what + "  "
	p.show("", false)
}

// Compiling shows how far the first compile on this machine is.
func (p *progress) Compiling(packages int) {
	const why = "First run: compiling the standard library with the race detector. This happens once and takes a minute or two."
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.noticed {
		p.noticed = true
		p.erase()
		fmt.Fprintln(p.w, why)
	}
	p.show(fmt.Sprintf("%d packages compiled", packages), false)
}

// Warn says, in a line that stays, what went wrong without an effect on any result.
func (p *progress) Warn(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	fmt.Fprintln(p.w, "grader: "+what)
}

func (p *progress) show(what string, always bool) {
	if !p.terminal || !always && time.Since(p.last) < redraw {
		return
	}
	p.last, p.shown = time.Now(), true
	fmt.Fprintf(p.w, "\r\x1b[K%.*s", max(p.width-1, 1), p.standing+what)
}

func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
}

func (p *progress) erase() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
