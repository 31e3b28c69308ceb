package report

import (
	"io"
	"time"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

// jsonMember is what the JSON of a student of a class says beyond a result's.
type jsonMember struct {
	Name      string    `json:"name,omitempty"`
	Username  string    `json:"username,omitempty"`
	Repo      string    `json:"repo,omitempty"`
	Branch    string    `json:"branch,omitempty"`
	Submitted time.Time `json:"submitted_at,omitzero"`
	Ungraded  bool      `json:"ungraded,omitempty"` // there is no result, only trouble
	Trouble   string    `json:"trouble,omitempty"`
	Flags     []string  `json:"flags,omitempty"`
}

// MemberJSON writes a student's result in the grader's own format, with what only a
// class knows added. ReadMember reads it.
func MemberJSON(w io.Writer, m *Member) error {
	r := m.Result
	if r == nil {
		r = &verdict.Result{}
	}
	out := newJSON(r)
	out.Submission.ID = label(m.ID).String()
	out.Submission.jsonMember = jsonMember{
		Name: label(m.Name).String(), Username: label(m.Username).String(), Repo: label(m.Repo).String(), Branch: label(m.Branch).String(),
		Submitted: m.Submitted.UTC(), Ungraded: m.Result == nil, Trouble: sanitize.Line(m.Trouble, sanitize.MaxMessage).String(),
	}
	for _, f := range m.Flags {
		out.Submission.Flags = append(out.Submission.Flags, label(f).String())
	}
	for i := range out.Chapters {
		c := &out.Chapters[i]
		c.Content = label(m.Content[c.ID]).String()
	}
	return encode(w, out)
}

// ReadMember reads what MemberJSON wrote, and refuses what Decode refuses.
func ReadMember(r io.Reader) (*Member, error) {
	in, err := readJSON(r)
	if err != nil {
		return nil, err
	}
	s := &in.Submission
	m := &Member{
		ID: s.ID, Name: s.Name, Username: s.Username, Repo: s.Repo, Branch: s.Branch,
		Submitted: s.Submitted, Trouble: s.Trouble, Flags: s.Flags, Content: map[string]string{},
	}
	if s.Ungraded {
		return m, nil
	}
	if m.Result, err = in.decode(); err != nil {
		return nil, err
	}
	for _, c := range in.Chapters {
		if c.Content != "" {
			m.Content[c.ID] = c.Content
		}
	}
	return m, nil
}
