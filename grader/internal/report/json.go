package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

// The JSON format is a contract: fields may be added, none changed.
const (
	jsonFormat = 1        // the version; it changes when a field's meaning does
	maxJSON    = 64 << 20 // bytes that Decode reads
)

type jsonResult struct {
	Format     int            `json:"format"`
	Course     string         `json:"course"`
	Submission jsonSubmission `json:"submission"`
	Points     int            `json:"points"`
	MaxPoints  int            `json:"max_points"`
	Chapters   []jsonChapter  `json:"chapters"`
	Sandbox    string         `json:"sandbox"`
}

type jsonSubmission struct {
	ID     string `json:"id"`
	Commit string `json:"commit"`
	jsonMember
}

type jsonChapter struct {
	ID        string                `json:"id"`
	Status    verdict.ChapterStatus `json:"status"`
	Points    int                   `json:"points"`
	MaxPoints int                   `json:"max_points"`
	Checks    []jsonCheck           `json:"checks"`
	Title     string                `json:"title"`
	Notes     []string              `json:"notes,omitempty"`
	Content   string                `json:"content,omitempty"`
	Cached    bool                  `json:"cached,omitempty"`
}

type jsonCheck struct {
	Name      string         `json:"name"`
	Todo      string         `json:"todo"`
	Title     string         `json:"title"`
	Status    verdict.Status `json:"status"`
	Points    int            `json:"points"`
	MaxPoints int            `json:"max_points"`
	Message   string         `json:"message"`
	Detail    string         `json:"detail"`
	Seed      string         `json:"seed"`
	Guarantee string         `json:"guarantee,omitempty"`
}

// JSON writes the result in the grader's own format, which Decode reads.
func JSON(w io.Writer, r *verdict.Result) error { return encode(w, newJSON(r)) }

func newJSON(r *verdict.Result) *jsonResult {
	label := func(s string) string { return sanitize.Line(s, sanitize.MaxLabel).String() }
	out := &jsonResult{
		Format:     jsonFormat,
		Course:     label(r.Course),
		Submission: jsonSubmission{ID: label(r.Submission.ID), Commit: label(r.Submission.Commit)},
		Chapters:   []jsonChapter{},
		Sandbox:    label(r.Sandbox),
	}
	out.Points, out.MaxPoints = r.Points()
	for _, c := range r.Chapters {
		chapter := jsonChapter{ID: label(c.ID), Status: c.Status, Checks: []jsonCheck{}, Title: label(c.Title), Cached: c.Cached}
		chapter.Points, chapter.MaxPoints = c.Points()
		for _, n := range c.Notes {
			chapter.Notes = append(chapter.Notes, sanitize.Line(n, sanitize.MaxMessage).String())
		}
		for _, k := range c.Checks {
			chapter.Checks = append(chapter.Checks, jsonCheck{
				Name: label(k.Name), Todo: label(k.Todo), Title: label(k.Title), Status: k.Status,
				Points: k.Points, MaxPoints: k.MaxPoints,
				Message:   sanitize.Line(k.Message, sanitize.MaxMessage).String(),
				Detail:    sanitize.Block(k.Detail, sanitize.MaxLines).String(),
				Seed:      sanitize.Line(k.Seed, sanitize.MaxMessage).String(),
				Guarantee: label(k.Guarantee),
			})
		}
		out.Chapters = append(out.Chapters, chapter)
	}
	return out
}

// Decode reads what JSON wrote. It refuses another format, a status it does not know,
// and points that do not add up: a report that was cut or edited is no report.
func Decode(r io.Reader) (*verdict.Result, error) {
	in, err := readJSON(r)
	if err != nil {
		return nil, err
	}
	return in.decode()
}

func readJSON(r io.Reader) (*jsonResult, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxJSON+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxJSON {
		return nil, fmt.Errorf("report is larger than %d MB", maxJSON>>20)
	}
	var in jsonResult
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("report is not valid JSON: %w", err)
	}
	if in.Format != jsonFormat {
		return nil, fmt.Errorf("report has format %d, this grader reads format %d", in.Format, jsonFormat)
	}
	return &in, nil
}

func (in *jsonResult) decode() (*verdict.Result, error) {
	out := &verdict.Result{
		Course:     in.Course,
		Submission: verdict.Submission{ID: in.Submission.ID, Commit: in.Submission.Commit},
		Sandbox:    in.Sandbox,
	}
	for _, c := range in.Chapters {
		chapter, err := c.decode()
		if err != nil {
			return nil, fmt.Errorf("report: chapter %q: %w", c.ID, err)
		}
		out.Chapters = append(out.Chapters, chapter)
	}
	if p, m := out.Points(); p != in.Points || m != in.MaxPoints {
		return nil, fmt.Errorf("report says %d/%d points, its chapters add up to %d/%d", in.Points, in.MaxPoints, p, m)
	}
	return out, nil
}

var chapterStatuses = []verdict.ChapterStatus{
	verdict.ChapterGraded, verdict.ChapterNotStarted, verdict.ChapterBuildFailed, verdict.ChapterRejected, verdict.ChapterTrouble,
}

func (c *jsonChapter) decode() (verdict.Chapter, error) {
	out := verdict.Chapter{ID: c.ID, Title: c.Title, Status: c.Status, Notes: c.Notes, Cached: c.Cached}
	if c.ID == "" {
		return out, errors.New("it has no id")
	}
	if !slices.Contains(chapterStatuses, c.Status) {
		return out, fmt.Errorf("unknown status %q", c.Status)
	}
	for _, k := range c.Checks {
		if !slices.Contains(verdict.Statuses, k.Status) {
			return out, fmt.Errorf("check %q: unknown status %q", k.Name, k.Status)
		}
		if k.Points < 0 || k.Points > k.MaxPoints || k.MaxPoints > verdict.MaxPoints {
			return out, fmt.Errorf("check %q: %d of %d points", k.Name, k.Points, k.MaxPoints)
		}
		out.Checks = append(out.Checks, verdict.Check{
			Name: k.Name, Todo: k.Todo, Title: k.Title, Status: k.Status, Points: k.Points, MaxPoints: k.MaxPoints,
			Message: k.Message, Detail: k.Detail, Guarantee: k.Guarantee, Seed: k.Seed,
		})
	}
	if p, m := out.Points(); p != c.Points || m != c.MaxPoints {
		return out, fmt.Errorf("it says %d/%d points, its checks add up to %d/%d", c.Points, c.MaxPoints, p, m)
	}
	return out, nil
}
