package report

import (
	"fmt"
	"io"

	"lockstep/grader/internal/verdict"
)

// The fields are those of Gradescope's results.json.

type gradescopeResult struct {
	Score            int              `json:"score"`
	Output           string           `json:"output,omitempty"`
	OutputFormat     string           `json:"output_format"`
	TestOutputFormat string           `json:"test_output_format"`
	TestNameFormat   string           `json:"test_name_format"`
	Visibility       string           `json:"visibility"`
	StdoutVisibility string           `json:"stdout_visibility"`
	ExtraData        map[string]any   `json:"extra_data,omitempty"`
	Tests            []gradescopeTest `json:"tests"`
}

type gradescopeTest struct {
	Score     *int              `json:"score,omitempty"`
	MaxScore  *int              `json:"max_score,omitempty"`
	Status    string            `json:"status,omitempty"`
	Name      string            `json:"name"`
	Number    string            `json:"number,omitempty"`
	Output    string            `json:"output,omitempty"`
	Tags      []string          `json:"tags,omitempty"`
	ExtraData map[string]string `json:"extra_data,omitempty"`
}

// Gradescope writes the result as Gradescope's results.json. What the grader had
// trouble with has neither score nor status, so that it shows as neither right nor
// wrong; the output above the tests says how many points that leaves open.
func Gradescope(w io.Writer, r *verdict.Result) error {
	points, _ := r.Points()
	out := gradescopeResult{
		Score: points, OutputFormat: "text", TestOutputFormat: "text", TestNameFormat: "text",
		Visibility: "visible", StdoutVisibility: "hidden", Tests: []gradescopeTest{},
		ExtraData: map[string]any{"commit": label(r.Submission.Commit).String()},
	}
	if lost := ungradedOf(r); lost > 0 {
		out.Output = fmt.Sprintf("%s could not be graded and %s not counted against you: the grader had trouble. Ask for this to be graded again.", plural(lost, "point"), isAre(lost))
		out.ExtraData["ungraded_points"] = lost
	}
	for i := range r.Chapters {
		c := &r.Chapters[i]
		for j := range c.Checks {
			out.Tests = append(out.Tests, gradescopeCheck(c, &c.Checks[j]))
		}
	}
	return encode(w, out)
}

func gradescopeCheck(c *verdict.Chapter, k *verdict.Check) gradescopeTest {
	t := gradescopeTest{
		Name: caption(k).String(), Number: label(k.Todo).String(), Output: story(k).String(), Tags: []string{id(c)},
		ExtraData: map[string]string{"chapter": id(c), "check": label(k.Name).String(), "status": label(string(k.Status)).String()},
	}
	if k.Status == verdict.Trouble {
		return t
	}
	t.Score, t.MaxScore, t.Status = &k.Points, &k.MaxPoints, "failed"
	if k.Status == verdict.Pass {
		t.Status = "passed"
		t.Output = label(k.Guarantee).String()
	}
	return t
}
