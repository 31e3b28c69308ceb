package cli

import (
	"fmt"
	"time"

	"lockstep/grader/internal/report"
	"lockstep/grader/internal/report/sanitize"
)

// classProgress says how far a class is: on a terminal in the line that is written over, in
// a log in a line now and then.
type classProgress struct {
	line *progress
	rate rate
	said time.Time
}

// quiet is how long a log hears nothing at most, as long as students are finished.
const quiet = 30 * time.Second

func newClassProgress(line *progress) *classProgress {
	return &classProgress{line: line, said: time.Now()}
}

// Begin is told how many students there are.
func (p *classProgress) Begin(of int) { p.line.Standing(fmt.Sprintf("0 of %d students", of)) }

// Student is told of one more student. It is called by one goroutine at a time.
func (p *classProgress) Student(done, of int, m *report.Member) {
	now := time.Now()
	p.rate.add(now)
	if m.Trouble != "" {
		p.line.Warn(fmt.Sprintf("%s: %s", m.ID, sanitize.Line(m.Trouble, sanitize.MaxMessage)))
	}
	said := fmt.Sprintf("%d of %d students%s", done, of, p.rate.left(of-done))
	p.line.Standing(said)
	if !p.line.terminal && (now.Sub(p.said) >= quiet || done == of) {
		p.said = now
		fmt.Fprintln(p.line.w, "grader: "+said)
	}
}

// rate knows how fast students were finished lately.
type rate struct {
	times [32]time.Time // a ring
	n     int
}

func (r *rate) add(now time.Time) {
	r.times[r.n%len(r.times)] = now
	r.n++
}

// left says the rate, and how long so many students will take, "" as long as nobody can know.
func (r *rate) left(students int) string {
	const enough = 3
	if r.n < enough || students == 0 {
		return ""
	}
	kept := min(r.n, len(r.times))
	took := r.times[(r.n-1)%len(r.times)].Sub(r.times[(r.n-kept)%len(r.times)])
	each := took / time.Duration(kept-1)
	if each <= 0 {
		return ""
	}
	return fmt.Sprintf(", %.0f a minute, about %s left", float64(time.Minute)/float64(each), about(each*time.Duration(students)))
}

// about is a length of time as people say it.
func about(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Round(time.Second)/time.Second))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute)/time.Minute))
	}
	return fmt.Sprintf("%d h %d min", int(d/time.Hour), int(d%time.Hour/time.Minute))
}
