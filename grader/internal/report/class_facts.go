package report

import (
	"cmp"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

// What keeps a chapter as a whole from being graded is told once, not for each check.
const (
	chapterCompiles = "compiles"
	chapterAllowed  = "allowed"
)

const (
	maxClassMessage = 300 // runes kept of a message
	maxMessages     = 256 // different messages kept of one check
)

// failure is how a class fails one check.
type failure struct {
	students int
	statuses map[verdict.Status]int
	messages map[uint64]*said
}

// said is a message and how many got it, give or take the figures in it.
type said struct {
	text     string
	students int
}

// count adds a student's chapter to the chapter's figures.
func (ch *classChapter) count(c *verdict.Chapter, o outcome) {
	ch.points += o.points
	switch c.Status {
	case verdict.ChapterNotStarted:
		return
	case verdict.ChapterBuildFailed:
		ch.started++
		message := firstMessage(c)
		if strings.Contains(message, "undefined") { // it may stand in a file that was left out
			message = strings.Join(append([]string{message}, c.Notes...), "; ")
		}
		ch.fails(chapterCompiles, verdict.BuildFailed, message)
		return
	case verdict.ChapterRejected:
		ch.started++
		ch.fails(chapterAllowed, verdict.Rejected, firstMessage(c))
		return
	}
	ch.started++
	if finished(c) && len(c.Checks) > 0 {
		ch.finished++
	}
	for i := range c.Checks {
		switch k := &c.Checks[i]; k.Status {
		case verdict.Pass, verdict.NotStarted, verdict.Todo, verdict.Skipped, verdict.Trouble:
		default:
			ch.fails(label(k.Name).String(), k.Status, messageOf(k))
		}
	}
}

func firstMessage(c *verdict.Chapter) string {
	for i := range c.Checks {
		if k := &c.Checks[i]; k.Message != "" {
			return messageOf(k)
		}
	}
	return ""
}

func (ch *classChapter) fails(check string, status verdict.Status, message string) {
	f := ch.failures[check]
	if f == nil {
		f = &failure{statuses: map[verdict.Status]int{}, messages: map[uint64]*said{}}
		ch.failures[check] = f
	}
	f.students++
	f.statuses[status]++
	f.note(sanitize.Line(message, maxClassMessage).String())
}

var figures = regexp.MustCompile(`[0-9]+`)

// note counts a message. Of too many it keeps those with the smallest hashes: whichever
// way they come, the same ones stay, and each that stays has been counted in full.
func (f *failure) note(message string) {
	h := fnv.New64a()
	h.Write(figures.ReplaceAll([]byte(message), []byte("0")))
	key := h.Sum64()
	if known := f.messages[key]; known != nil {
		known.students++
		known.text = min(known.text, message)
		return
	}
	f.messages[key] = &said{message, 1}
	if len(f.messages) <= maxMessages {
		return
	}
	worst := key
	for k := range f.messages {
		worst = max(worst, k)
	}
	delete(f.messages, worst)
}

// hardship is a line of the list of the most failed checks.
type hardship struct {
	chapter  *classChapter
	name     string // the check, "" for the whole chapter
	todo     string
	title    string
	students int
	statuses []statusCount // most frequent first
	message  said          // the most frequent
}

type statusCount struct {
	status   verdict.Status
	students int
}

// hardest returns the checks that most students fail, at most limit.
func (c *Class) hardest(limit int) []hardship {
	var out []hardship
	for _, ch := range c.chapters {
		for name, f := range ch.failures {
			h := hardship{chapter: ch, name: name, students: f.students}
			switch check := ch.check(name); {
			case name == chapterCompiles:
				h.name, h.title = "", "the chapter compiles"
			case name == chapterAllowed:
				h.name, h.title = "", "it uses only what the chapter allows"
			case check != nil:
				h.todo, h.title = check.todo, check.title
			}
			for s, n := range f.statuses {
				h.statuses = append(h.statuses, statusCount{s, n})
			}
			slices.SortFunc(h.statuses, func(a, b statusCount) int {
				return cmp.Or(cmp.Compare(b.students, a.students), cmp.Compare(a.status, b.status))
			})
			for _, s := range f.messages {
				if s.students > h.message.students || s.students == h.message.students && s.text < h.message.text {
					h.message = *s
				}
			}
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b hardship) int {
		return cmp.Or(cmp.Compare(b.students, a.students), cmp.Compare(a.chapter.id, b.chapter.id), cmp.Compare(a.name, b.name), cmp.Compare(a.title, b.title))
	})
	return out[:min(len(out), limit)]
}

// sharing is content that several students handed in for a chapter.
type sharing struct {
	chapter  *classChapter
	students []string // ids
}

// shared returns what students handed in alike, chapter by chapter. Skeletons do not count.
func (c *Class) shared() []sharing {
	var out []sharing
	students := c.students()
	for _, ch := range c.inOrder() {
		by := map[uint64][]string{}
		for _, r := range students {
			if r.outcome(ch) == nil {
				continue
			}
			if content := r.chapters[ch.number].content; content != 0 {
				by[content] = append(by[content], r.id)
			}
		}
		var of []sharing
		for _, ids := range by {
			if len(ids) > 1 {
				of = append(of, sharing{ch, ids})
			}
		}
		slices.SortFunc(of, func(a, b sharing) int {
			return cmp.Or(cmp.Compare(len(b.students), len(a.students)), strings.Compare(a.students[0], b.students[0]))
		})
		out = append(out, of...)
	}
	return out
}

// spread is how the points of those who were graded lie.
type spread struct {
	students               int // of the class
	graded, partly, failed int // failed were not graded at all
	untouched              int
	low, middle, high      int // quartiles of the points
}

func (c *Class) spread() spread {
	s := spread{students: len(c.rows)}
	var points []int
	for _, r := range c.rows {
		switch r.status() {
		case statusNotGraded:
			s.failed++
			continue
		case statusPartly:
			s.partly++
		case statusNotStarted:
			s.untouched++
		default:
			s.graded++
		}
		p, _ := r.points()
		points = append(points, p)
	}
	slices.Sort(points)
	if n := len(points); n > 0 {
		s.low, s.middle, s.high = points[n/4], points[n/2], points[min(n-1, n*3/4)]
	}
	return s
}
