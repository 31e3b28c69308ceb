package report

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

// Member is one student of a class and how grading their work ended.
type Member struct {
	ID        string            // [A-Za-z0-9._-]{1,64}, unique in the class
	Name      string            // as the roster has it
	Username  string            // on the platform, "" when not known
	Repo      string            // where the work came from
	Branch    string            // "" outside a repository
	Submitted time.Time         // when the graded state was handed in; zero when not known
	Result    *verdict.Result   // nil when the work could not be graded
	Trouble   string            // why it could not, or not in full: a line
	Flags     []string          // what an instructor should look at: a few words each
	Content   map[string]string // by chapter: a name of the content that was graded, the same for the same content
}

// Class collects a class. It keeps a compact row per student and none of the stories, so
// that ten thousand students fit. What it writes does not depend on the order in which
// they came. It must not be used by several goroutines at once.
type Class struct {
	course   string
	chapters []*classChapter // as they came
	rows     []*row
}

// classChapter is a chapter as the results of the class have it.
type classChapter struct {
	id, title string
	number    int                 // its place in Class.chapters
	checks    []*classCheck       // as they came
	orders    map[string][]string // the orders of checks that were seen, a build's failure leaves some out
	failures  map[string]*failure // by check, and by chapterCompiles and chapterAllowed
	started   int                 // students with anything but the skeleton
	finished  int                 // students with full points
	points    int                 // of all students together
	most      int                 // points of the chapter
}

type classCheck struct {
	name, todo, title string
	number            int // its place in classChapter.checks
	most              int
}

// row is what is kept of a student.
type row struct {
	id, name, username, repo, branch, commit, trouble string
	flags                                             []string
	submitted                                         time.Time
	graded                                            bool
	chapters                                          []outcome // by classChapter.number
}

// outcome is what a student's chapter gave, in few bytes.
type outcome struct {
	content            uint64                // a hash of Member.Content, 0 for none
	status             verdict.ChapterStatus // "" where the student has no result for the chapter
	points, most, lost int                   // lost is what could not be graded
	checks             []mark                // by classCheck.number
}

// mark is a check's status, as its place in verdict.Statuses plus one, and above that its
// points, at most verdict.MaxPoints. It is 0 where the outcome has no such check.
type mark uint16

const statusBits = 5

func markOf(k *verdict.Check) mark {
	return mark(k.Points<<statusBits | slices.Index(verdict.Statuses, k.Status) + 1)
}

func (m mark) status() verdict.Status { return verdict.Statuses[m&(1<<statusBits-1)-1] }
func (m mark) points() int            { return int(m >> statusBits) }

// NewClass returns a class without students. Its chapters and checks are those of the
// results that are added.
func NewClass(course string) *Class {
	return &Class{course: course}
}

// Add adds a student.
func (c *Class) Add(m *Member) {
	r := &row{
		id: label(m.ID).String(), name: label(m.Name).String(), username: label(m.Username).String(), repo: label(m.Repo).String(),
		branch: label(m.Branch).String(), trouble: sanitize.Line(m.Trouble, sanitize.MaxMessage).String(), submitted: m.Submitted.UTC(),
	}
	for _, f := range m.Flags {
		r.flags = append(r.flags, label(f).String())
	}
	c.rows = append(c.rows, r)
	if m.Result == nil {
		return
	}
	r.graded, r.commit = true, label(m.Result.Submission.Commit).String()
	r.chapters = make([]outcome, 0, max(len(c.chapters), len(m.Result.Chapters)))
	for i := range m.Result.Chapters {
		ch := &m.Result.Chapters[i]
		in := c.chapter(ch)
		o := outcomeOf(ch, in)
		if content := m.Content[ch.ID]; content != "" && ch.Status != verdict.ChapterNotStarted {
			h := fnv.New64a()
			h.Write([]byte(content))
			o.content = h.Sum64()
		}
		r.chapters = append(r.chapters, make([]outcome, max(0, in.number+1-len(r.chapters)))...)
		r.chapters[in.number] = o
		in.count(ch, o)
		if r.trouble == "" {
			r.trouble = troubleOf(ch)
		}
	}
}

// troubleOf is what the grader had trouble with in a chapter, "" for nothing.
func troubleOf(ch *verdict.Chapter) string {
	for i := range ch.Checks {
		if k := &ch.Checks[i]; k.Status == verdict.Trouble {
			return sanitize.Line(ch.ID+": "+messageOf(k), sanitize.MaxMessage).String()
		}
	}
	return ""
}

// outcomeOf returns what a result's chapter gave. All its checks are among those of the
// class's chapter.
func outcomeOf(ch *verdict.Chapter, in *classChapter) outcome {
	points, most := ch.Points()
	o := outcome{status: ch.Status, points: points, most: most, lost: ungraded(ch), checks: make([]mark, len(in.checks))}
	for i := range ch.Checks {
		k := &ch.Checks[i]
		o.checks[in.check(label(k.Name).String()).number] = markOf(k)
	}
	return o
}

// chapter returns the class's chapter for a result's, with all its checks in it.
func (c *Class) chapter(ch *verdict.Chapter) *classChapter {
	key := id(ch)
	i := slices.IndexFunc(c.chapters, func(at *classChapter) bool { return at.id == key })
	if i < 0 {
		i = len(c.chapters)
		c.chapters = append(c.chapters, &classChapter{id: key, title: label(ch.Title).String(), number: i, orders: map[string][]string{}, failures: map[string]*failure{}})
	}
	at := c.chapters[i]
	var order []string
	for i := range ch.Checks {
		k := &ch.Checks[i]
		name := label(k.Name).String()
		order = append(order, name)
		known := at.check(name)
		if known == nil {
			known = &classCheck{name: name, todo: label(k.Todo).String(), title: titleOf(k), number: len(at.checks)}
			at.checks = append(at.checks, known)
		}
		at.most += max(0, k.MaxPoints-known.most)
		known.most = max(known.most, k.MaxPoints)
	}
	at.orders[strings.Join(order, "\x00")] = order
	return at
}

// check returns the check of that name, nil for none.
func (ch *classChapter) check(name string) *classCheck {
	for _, k := range ch.checks {
		if k.name == name {
			return k
		}
	}
	return nil
}

// outcome is how a student's chapter ended, nil for one without a result.
func (r *row) outcome(ch *classChapter) *outcome {
	if ch.number >= len(r.chapters) || r.chapters[ch.number].status == "" {
		return nil
	}
	return &r.chapters[ch.number]
}

// mark returns what a check got, and whether it is there.
func (o *outcome) mark(k *classCheck) (verdict.Status, int, bool) {
	if k.number >= len(o.checks) || o.checks[k.number] == 0 {
		return "", 0, false
	}
	m := o.checks[k.number]
	return m.status(), m.points(), true
}

// inOrder returns the chapters in the order of the course.
func (c *Class) inOrder() []*classChapter {
	out := slices.Clone(c.chapters)
	slices.SortFunc(out, func(a, b *classChapter) int { return strings.Compare(a.id, b.id) })
	return out
}

// inOrder returns the checks in the order of the fullest result, then what only others have.
func (ch *classChapter) inOrder() []*classCheck {
	var orders [][]string
	for _, o := range ch.orders {
		orders = append(orders, o)
	}
	slices.SortFunc(orders, func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), slices.Compare(a, b))
	})
	var out []*classCheck
	seen := map[string]bool{}
	for _, order := range orders {
		for _, name := range order {
			if !seen[name] {
				out = append(out, ch.check(name))
			}
			seen[name] = true
		}
	}
	return out
}

// students returns the rows by id.
func (c *Class) students() []*row {
	out := slices.Clone(c.rows)
	slices.SortStableFunc(out, func(a, b *row) int { return strings.Compare(a.id, b.id) })
	return out
}

// most is the class's maximum of points.
func (c *Class) most() int {
	sum := 0
	for _, ch := range c.chapters {
		sum += ch.most
	}
	return sum
}

// points are a student's points, and those of the checks that could not be graded.
func (r *row) points() (points, lost int) {
	for _, o := range r.chapters {
		points, lost = points+o.points, lost+o.lost
	}
	return points, lost
}

// The statuses of a student.
const (
	statusGraded     = "graded"
	statusPartly     = "partly-graded" // the grader had trouble with something
	statusNotGraded  = "not-graded"    // there is no result
	statusNotStarted = "not-started"   // every chapter is as it was handed out
)

// status says in a word how far grading a student got.
func (r *row) status() string {
	if !r.graded {
		return statusNotGraded
	}
	started := false
	for _, o := range r.chapters {
		if o.lost > 0 || o.status == verdict.ChapterTrouble {
			return statusPartly
		}
		started = started || o.status != "" && o.status != verdict.ChapterNotStarted
	}
	if !started {
		return statusNotStarted
	}
	return statusGraded
}

// troubled returns who could not be graded, or not in full, by id.
func (c *Class) troubled() []*row {
	return slices.DeleteFunc(c.students(), func(r *row) bool {
		status := r.status()
		return status != statusNotGraded && status != statusPartly
	})
}

// why says it of one of them.
func (r *row) why() string {
	return cmp.Or(r.trouble, "the grader had trouble")
}
