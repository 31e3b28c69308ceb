package report

import (
	"fmt"
	"io"

	"lockstep/grader/internal/verdict"
)

// The fields are those of PrairieLearn's results.json.

type prairieResult struct {
	Gradable bool          `json:"gradable"`
	Score    float64       `json:"score"` // 0 to 1
	Message  string        `json:"message,omitempty"`
	Output   string        `json:"output,omitempty"`
	Tests    []prairieTest `json:"tests"`
}

type prairieTest struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Points      int    `json:"points"`
	MaxPoints   int    `json:"max_points"`
	Message     string `json:"message,omitempty"`
	Output      string `json:"output,omitempty"`
}

const maxPrairie = 600 << 10 // bytes of stories; PrairieLearn takes 1 MB in all

// PrairieLearn writes the result as PrairieLearn's results.json. What the grader had
// trouble with counts for nothing, neither earned nor missed; when that is everything,
// the submission is not gradable and costs no attempt.
func PrairieLearn(w io.Writer, r *verdict.Result) error {
	points, most := r.Points()
	lost := ungradedOf(r)
	_, any := passed(r)
	out := prairieResult{Gradable: any, Tests: []prairieTest{}}
	if counted := most - lost; counted > 0 {
		out.Score = float64(points) / float64(counted)
	}
	if lost > 0 {
		out.Message = fmt.Sprintf("%s could not be graded and %s not counted: the grader had trouble.", plural(lost, "point"), isAre(lost))
	}
	room := allowance{maxPrairie}
	for i := range r.Chapters {
		c := &r.Chapters[i]
		for j := range c.Checks {
			k := &c.Checks[j]
			t := prairieTest{Name: label(id(c) + " " + label(k.Name).String()).String(), Description: titleOf(k), Points: k.Points, MaxPoints: k.MaxPoints}
			switch k.Status {
			case verdict.Pass:
				t.Message = label(k.Guarantee).String()
			case verdict.Trouble:
				t.MaxPoints, t.Points = 0, 0 // drawn as neutral
				t.Message = troubleNote
			default:
				t.Message = label(string(k.Status)).String()
				t.Output = room.take(story(k)).String()
			}
			out.Tests = append(out.Tests, t)
		}
	}
	return encode(w, out)
}
