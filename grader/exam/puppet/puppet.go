package puppet

import (
	"encoding/json"
	"net"
	"os"
	"strings"
	"time"

	"lockstep/grader/exam"
)

// A Puppet is the check's end of a process that does what it is told. One goroutine at a
// time may call its methods. Those that wait end the test if nothing comes within
// exam.Patience, so only the test's own goroutine may call them.
type Puppet struct {
	Name string
	Pid  int // of the process

	stage  *Stage
	conn   net.Conn
	in     *json.Decoder
	out    *json.Encoder
	caught bool
}

// Ask gives an order, and waits for the answer. It reports false if the process has ended
// instead.
func (p *Puppet) Ask(verb, text string) (answer string, ok bool) {
	p.stage.t.Helper()
	if p.out.Encode(Order{verb, text}) != nil {
		return "", false
	}
	r, ok := p.hear(func(r report) bool { return r.Done }, verb)
	return r.Answer, ok
}

// hear waits for a report, and reports false if the process has ended instead.
func (p *Puppet) hear(wanted func(report) bool, what string) (r report, ok bool) {
	p.stage.t.Helper()
	p.conn.SetReadDeadline(time.Now().Add(exam.Patience)) // passes only if the test fails
	for {
		r = report{}
		switch err := p.in.Decode(&r); {
		case os.IsTimeout(err):
			p.stage.t.Fatalf("%s has not been able to %s within %v%s", p.Name, what, exam.Patience, p.stage.Hint)
		case err != nil:
			return r, false
		}
		if r.Caught {
			p.caught = true
		}
		if wanted(r) {
			return r, true
		}
	}
}

// Do is Ask for a process that must be alive, and able to do it: else it ends the test.
func (p *Puppet) Do(verb, text string) string {
	p.stage.t.Helper()
	answer, ok := p.Ask(verb, text)
	if !ok {
		p.stage.t.Fatalf("%s has ended before it could %s: it was to go on living", p.Name, verb)
	}
	if reason, failed := strings.CutPrefix(answer, failure); failed {
		p.stage.t.Fatalf("%s could not %s: %s", p.Name, verb, reason)
	}
	return answer
}

// Tell gives an order of which no answer will come, and does not wait.
func (p *Puppet) Tell(verb, text string) { p.out.Encode(Order{verb, text}) }

// pings are more than a process that has been killed could answer: one, while it is dying.
const pings = 10

// Alive reports whether the process is alive and nobody has killed it.
func (p *Puppet) Alive() bool {
	p.stage.t.Helper()
	for range pings {
		if _, ok := p.Ask("ping", ""); !ok {
			return false
		}
	}
	return true
}

// Caught waits until a process that was told to catch SIGTERM has got it. It reports false if
// the process has ended instead.
func (p *Puppet) Caught() bool {
	p.stage.t.Helper()
	if p.caught {
		return true
	}
	_, ok := p.hear(func(r report) bool { return r.Caught }, "catch SIGTERM")
	return ok
}

// Ends waits for the end of the process, and ends the test if it does not come. When says
// why it should.
func (p *Puppet) Ends(when string) {
	p.stage.t.Helper()
	p.conn.SetReadDeadline(time.Now().Add(exam.Patience)) // passes only if the test fails
	for {
		var r report
		if err := p.in.Decode(&r); os.IsTimeout(err) {
			p.stage.t.Fatalf("%s is still running after %v: %s", p.Name, exam.Patience, when)
		} else if err != nil {
			return
		}
	}
}

// Close lets go of the process, which ends if it has not ended before. It does not wait for that.
func (p *Puppet) Close() { p.conn.Close() }
