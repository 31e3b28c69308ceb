package scripts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// What --format json promises. Other programs read these names: fields may be added to
// them, none may go or change its type.
type (
	contract struct {
		Format     *int    `json:"format"`
		Course     *string `json:"course"`
		Submission *struct {
			ID     *string `json:"id"`
			Commit *string `json:"commit"`
		} `json:"submission"`
		Points    *int              `json:"points"`
		MaxPoints *int              `json:"max_points"`
		Chapters  []contractChapter `json:"chapters"`
	}
	contractChapter struct {
		ID        *string         `json:"id"`
		Status    *string         `json:"status"`
		Points    *int            `json:"points"`
		MaxPoints *int            `json:"max_points"`
		Checks    []contractCheck `json:"checks"`
	}
	contractCheck struct {
		Name      *string `json:"name"`
		Todo      *string `json:"todo"`
		Title     *string `json:"title"`
		Status    *string `json:"status"`
		Points    *int    `json:"points"`
		MaxPoints *int    `json:"max_points"`
		Message   *string `json:"message"`
		Detail    *string `json:"detail"`
		Seed      *string `json:"seed"`
	}
)

var checkStatuses = []string{
	"not-started", "todo", "pass", "fail", "race", "deadlock", "leak", "panic", "timeout", "vet", "build-failed",
	"rejected", "out-of-memory", "output-limit", "skipped", "missing", "grader-trouble",
}

// statuses holds a JSON result to its contract and prints, to stdout, what it says of
// each chapter and check:
//
//	statuses result.json
//
// A check that did not pass must have a message of one line, and points must add up.
func statuses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: statuses file")
	}
	data := []byte(ts.ReadFile(args[0]))
	if holes := missingNames(data); len(holes) > 0 {
		ts.Fatalf("the result lacks %s", strings.Join(holes, ", "))
	}
	var r contract
	ts.Check(json.Unmarshal(data, &r))
	if *r.Format != 1 || *r.Course != "lockstep" {
		ts.Fatalf("format %d of course %q", *r.Format, *r.Course)
	}
	points, most := 0, 0
	for _, c := range r.Chapters {
		fmt.Fprintf(ts.Stdout(), "%s %s %d/%d\n", *c.ID, *c.Status, *c.Points, *c.MaxPoints)
		chapterPoints, chapterMost := 0, 0
		for _, k := range c.Checks {
			fmt.Fprintf(ts.Stdout(), "  %s %s %d/%d\n", *k.Name, *k.Status, *k.Points, *k.MaxPoints)
			chapterPoints += *k.Points
			chapterMost += *k.MaxPoints
			ts.Check(sound(k))
		}
		if chapterPoints != *c.Points || chapterMost != *c.MaxPoints {
			ts.Fatalf("%s: its checks add up to %d/%d", *c.ID, chapterPoints, chapterMost)
		}
		points += chapterPoints
		most += chapterMost
	}
	if points != *r.Points || most != *r.MaxPoints {
		ts.Fatalf("the chapters add up to %d/%d, not %d/%d", points, most, *r.Points, *r.MaxPoints)
	}
}

// sound reports what cannot be true of one check.
func sound(k contractCheck) error {
	switch {
	case !slices.Contains(checkStatuses, *k.Status):
		return fmt.Errorf("%s: unknown status %q", *k.Name, *k.Status)
	case *k.Points != 0 && *k.Status != "pass":
		return fmt.Errorf("%s: %d points for %s", *k.Name, *k.Points, *k.Status)
	case strings.Contains(*k.Message, "\n"):
		return fmt.Errorf("%s: the message is not one line: %q", *k.Name, *k.Message)
	}
	return nil
}

// missingNames lists the contract's names that a result does not have.
func missingNames(data []byte) (holes []string) {
	var r contract
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&r); err != nil {
		return []string{"its form: " + err.Error()}
	}
	need := func(name string, there bool) {
		if !there {
			holes = append(holes, name)
		}
	}
	need("format", r.Format != nil)
	need("course", r.Course != nil)
	need("submission", r.Submission != nil && r.Submission.ID != nil && r.Submission.Commit != nil)
	need("points", r.Points != nil && r.MaxPoints != nil)
	need("chapters", r.Chapters != nil)
	for i, c := range r.Chapters {
		need(fmt.Sprintf("names in chapters[%d]", i),
			c.ID != nil && c.Status != nil && c.Points != nil && c.MaxPoints != nil && c.Checks != nil)
		for j, k := range c.Checks {
			need(fmt.Sprintf("names in chapters[%d].checks[%d]", i, j),
				k.Name != nil && k.Todo != nil && k.Title != nil && k.Status != nil && k.Points != nil &&
					k.MaxPoints != nil && k.Message != nil && k.Detail != nil && k.Seed != nil)
		}
	}
	return holes
}
