package verdict

import (
	"time"

	"lockstep/grader/internal/course"
)

// MaxPoints is the most that a check can be worth.
const MaxPoints = course.MaxPoints

// Result is the outcome of grading one submission: what every report is made from.
type Result struct {
	Course     string     // the course's name, "lockstep"
	Submission Submission // whose work it is
	Chapters   []Chapter  // in course order
	Sandbox    string     // what the run was confined by: "bwrap", "none"
}

// Submission names a piece of work.
type Submission struct {
	ID     string // [A-Za-z0-9._-]{1,64}; "" for the reader's own checkout
	Commit string // the graded revision, "" outside a repository
}

// Points sums the points of all chapters.
func (r *Result) Points() (points, max int) {
	for _, c := range r.Chapters {
		p, m := c.Points()
		points, max = points+p, max+m
	}
	return points, max
}

// ChapterStatus says how far grading a chapter got. The zero value is invalid.
type ChapterStatus string

// The statuses of a chapter.
const (
	ChapterGraded      ChapterStatus = "graded"         // its checks were run
	ChapterNotStarted  ChapterStatus = "not-started"    // equal to the skeleton: nothing was built
	ChapterBuildFailed ChapterStatus = "build-failed"   // the compiler refused it
	ChapterRejected    ChapterStatus = "rejected"       // it uses what the chapter does not allow
	ChapterTrouble     ChapterStatus = "grader-trouble" // the grader could not tell
)

// Chapter is the outcome of one chapter.
type Chapter struct {
	ID     string // folder name, "05-lock"
	Title  string // "Lock"
	Status ChapterStatus
	Notes  []string // facts about the submission the student should know, a line each
	Checks []Check  // in roster order; "policy" and "vet" lines, worth no points, come first
	Cached bool     // the result of an earlier run of the same content
}

// Points sums the points of the chapter's checks.
func (c *Chapter) Points() (points, max int) {
	for _, k := range c.Checks {
		points, max = points+k.Points, max+k.MaxPoints
	}
	return points, max
}

// Check is the outcome of one check.
type Check struct {
	Name      string // test function, or "vet" or "policy"
	Todo      string // the TODO it belongs to, "5.3"
	Title     string // what the check proves, for the scorecard
	Status    Status
	Points    int
	MaxPoints int    // at most verdict.MaxPoints
	Message   string // one line a student can act on; empty for a pass
	Detail    string // several lines: the failing schedule, both sides of a race, a compiler's output
	Guarantee string // what an exploration proved: "all 1,204 schedules with up to 2 pre-emptions"
	Seed      string // replays the failing schedule

	Duration time.Duration // how long its process ran; 0 when none did
}
