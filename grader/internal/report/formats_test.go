package report

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/verdict"
)

// format writes r in the format of that name.
func format(t *testing.T, name string, r *verdict.Result) []byte {
	t.Helper()
	f, ok := Lookup(name)
	require.True(t, ok, name)
	return written(t, func(w io.Writer) error { return f.Write(w, r, Options{}) })
}

// strict decodes data into v, which must have a place for every field.
func strict(t *testing.T, data []byte, v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(v))
}

func TestFormatsGolden(t *testing.T) {
	for name, file := range map[string]string{
		"junit": "semester.junit.xml", "gradescope": "semester.gradescope.json", "github": "semester.github.txt", "markdown": "semester.md",
		"csv": "semester.csv", "exercism": "semester.exercism.json", "prairielearn": "semester.prairielearn.json", "classroom": "semester.classroom.txt",
	} {
		t.Run(name, func(t *testing.T) { golden(t, file, format(t, name, semester())) })
	}
}

// Whatever a submission says, no format carries a control character, a broken rune, or
// a line that a workflow's runner obeys unless the grader meant it.
func TestFormatsAreSafe(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			out := string(format(t, f.Name, hostile()))
			assert.True(t, utf8.ValidString(out))
			assert.NotContains(t, out, "##[")
			for line := range strings.Lines(out) {
				line = strings.TrimSuffix(line, "\n")
				for _, r := range line {
					require.True(t, strconv.IsPrint(r), "%U in %q", r, line)
				}
				if f.Name == "github" {
					require.Regexp(t, `^::(error|warning|notice) (file=[^:,]*,line=\d+,)?title=[^:,]*::[^\r\n]*$`, line)
				} else {
					require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), "%q", line)
				}
			}
		})
	}
}

func TestLookup(t *testing.T) {
	_, ok := Lookup("html5")
	assert.False(t, ok)
	for _, f := range Formats() {
		assert.NotEmpty(t, f.About)
	}
}

func TestJUnitFields(t *testing.T) {
	for name, r := range map[string]*verdict.Result{"semester": semester(), "hostile": hostile(), "empty": {}} {
		data := format(t, "junit", r)
		var in junitSuites
		require.NoError(t, xml.Unmarshal(data, &in), name)
		var checks, passes int
		for i, c := range r.Chapters {
			for j, k := range c.Checks {
				checks++
				one := in.Suites[i].Cases[j]
				assert.Equal(t, string(k.Status), one.Status)
				assert.Equal(t, k.Status == verdict.Skipped, one.Skipped != nil, k.Name)
				assert.Equal(t, k.Status == verdict.Trouble, one.Error != nil, k.Name)
				if one.Failure == nil && one.Skipped == nil && one.Error == nil {
					assert.Equal(t, verdict.Pass, k.Status)
					passes++
				}
			}
		}
		assert.Equal(t, checks, in.Tests, name)
		assert.Equal(t, checks-passes, in.Failures+in.Errors+in.Skipped, name)

		var again bytes.Buffer
		again.WriteString(xml.Header)
		e := xml.NewEncoder(&again)
		e.Indent("", "  ")
		require.NoError(t, e.Encode(in))
		assert.Equal(t, string(data), again.String()+"\n", "%s does not survive a round trip", name)
	}
}

func TestGradescopeFields(t *testing.T) {
	var out struct {
		Score, ExecutionTime *float64
		Output               string
		OutputFormat         string `json:"output_format"`
		TestOutputFormat     string `json:"test_output_format"`
		TestNameFormat       string `json:"test_name_format"`
		Visibility           string
		StdoutVisibility     string         `json:"stdout_visibility"`
		ExtraData            map[string]any `json:"extra_data"`
		Tests                []struct {
			Score     *float64
			MaxScore  *float64 `json:"max_score"`
			Status    string
			Name      string
			Number    string
			Output    string
			Tags      []string
			ExtraData map[string]any `json:"extra_data"`
		}
	}
	r := semester()
	strict(t, format(t, "gradescope", r), &out)
	sum := 0.0
	for _, k := range out.Tests {
		if k.ExtraData["status"] == "grader-trouble" {
			assert.Nil(t, k.Score, "trouble is not a score of 0")
			assert.Nil(t, k.MaxScore)
			assert.Empty(t, k.Status, "trouble is neither passed nor failed")
			continue
		}
		assert.Contains(t, []string{"passed", "failed"}, k.Status)
		sum += *k.Score
	}
	assert.Equal(t, sum, *out.Score)
	assert.Contains(t, []string{"text", "html", "simple_format", "md", "ansi"}, out.OutputFormat)
	assert.Contains(t, []string{"hidden", "after_due_date", "after_published", "visible"}, out.Visibility)
	assert.Contains(t, out.Output, "10 points could not be graded")
	assert.EqualValues(t, 10, out.ExtraData["ungraded_points"])
}

type exercismFields struct {
	Version int
	Status  string
	Message *string
	Tests   []struct {
		Name, Status, Message, Output string
		TestCode                      string `json:"test_code"`
		TaskID                        int    `json:"task_id"`
	}
}

func TestExercismFields(t *testing.T) {
	read := func(r *verdict.Result) (out exercismFields) {
		data := format(t, "exercism", r)
		require.Contains(t, string(data), `"message": `)
		strict(t, data, &out)
		assert.Equal(t, 3, out.Version)
		for _, k := range out.Tests {
			assert.Contains(t, []string{"pass", "fail", "error"}, k.Status)
			assert.LessOrEqual(t, utf8.RuneCountInString(k.Message), 65_535)
		}
		return out
	}
	out := read(semester())
	assert.Equal(t, "fail", out.Status)
	assert.Nil(t, out.Message)
	assert.Equal(t, 4, out.Tests[len(out.Tests)-1].TaskID, "the 4 of 17.4")
	assert.Equal(t, "pass", read(complete()).Status)
	assert.Equal(t, "fail", read(skeleton()).Status)

	for status, chapter := range map[verdict.Status]verdict.ChapterStatus{verdict.BuildFailed: verdict.ChapterBuildFailed, verdict.Trouble: verdict.ChapterTrouble} {
		out = read(&verdict.Result{Chapters: uniform(chapter, status, "05-lock")})
		assert.Equal(t, "error", out.Status, "no check ran")
		require.NotNil(t, out.Message)
	}
	out = read(hostile())
	assert.Equal(t, "fail", out.Status)
}

func TestPrairieLearnFields(t *testing.T) {
	type fields struct {
		Gradable        bool
		Score           float64
		Message, Output string
		Tests           []struct {
			Name, Description, Message, Output string
			Points                             *float64
			MaxPoints                          *float64 `json:"max_points"`
		}
	}
	var out fields
	strict(t, format(t, "prairielearn", semester()), &out)
	assert.True(t, out.Gradable)
	assert.InDelta(t, 13.0/162, out.Score, 1e-9, "10 of the 172 points could not be graded")
	for _, k := range out.Tests {
		assert.NotNil(t, k.Points, "one test without points turns the display off for all")
		assert.NotNil(t, k.MaxPoints)
	}

	out = fields{}
	strict(t, format(t, "prairielearn", complete()), &out)
	assert.Equal(t, 1.0, out.Score)

	out = fields{}
	strict(t, format(t, "prairielearn", &verdict.Result{Chapters: uniform(verdict.ChapterTrouble, verdict.Trouble, "05-lock")}), &out)
	assert.False(t, out.Gradable, "nothing could be graded")
}

func TestClassroomFields(t *testing.T) {
	data := format(t, "classroom", semester())
	assert.Equal(t, 1, bytes.Count(data, []byte("\n")))
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(data)))
	require.NoError(t, err)
	var out struct {
		Version  int
		Status   string
		MaxScore int `json:"max_score"`
		Tests    []struct {
			Name, Status, Message string
			Score                 int
			TestCode              string `json:"test_code"`
			Filename              string
			LineNo                int `json:"line_no"`
			Duration              int
		}
	}
	strict(t, raw, &out)
	assert.Equal(t, "fail", out.Status)
	assert.Equal(t, 162, out.MaxScore)
	sum := 0
	for _, k := range out.Tests {
		assert.Contains(t, []string{"pass", "fail", "error"}, k.Status)
		sum += k.Score
	}
	assert.Equal(t, 13, sum)
}

func TestCSVCells(t *testing.T) {
	for _, r := range []*verdict.Result{semester(), hostile()} {
		rows, err := csv.NewReader(bytes.NewReader(format(t, "csv", r))).ReadAll()
		require.NoError(t, err)
		assert.Equal(t, csvHeader, rows[0])
		sum := 0
		for _, row := range rows[1:] {
			points, err := strconv.Atoi(row[7])
			require.NoError(t, err, "numbers stay numbers")
			sum += points
			for _, cell := range row {
				assert.False(t, strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r"), "a formula: %q", cell)
			}
		}
		want, _ := r.Points()
		assert.Equal(t, want, sum)
	}
}

func TestGitHubShowsTenOfAKind(t *testing.T) {
	r := &verdict.Result{}
	for range 25 {
		r.Chapters = append(r.Chapters, verdict.Chapter{ID: "05-lock", Status: verdict.ChapterGraded,
			Checks: []verdict.Check{{Name: "TestX", Status: verdict.Race, MaxPoints: 1, Message: "50% done:\nrace, twice"}}})
	}
	out := string(format(t, "github", r))
	assert.Equal(t, 10, strings.Count(out, "::error "))
	assert.Contains(t, out, "::error title=05-lock TestX::race: 50%25 done: race, twice\n")
	assert.Contains(t, out, "and 16 more")
	assert.Contains(t, out, "::notice title=Autograding complete::Points 0/25\n")
	assert.Contains(t, out, `::notice title=Autograding report::{"totalPoints":0,"maxPoints":25}`)
}

// A class of hostile checks, each with as much to say as it may, stays within what the
// readers of the formats take.
func TestSizes(t *testing.T) {
	r := &verdict.Result{Course: "lockstep"}
	message, detail := strings.Repeat("<日", 1<<20), strings.Repeat(strings.Repeat("<", 1000)+"\n", 1000)
	for range 3 {
		c := verdict.Chapter{ID: "05-lock", Status: verdict.ChapterGraded}
		for range 10 {
			c.Checks = append(c.Checks, verdict.Check{Name: "TestX", Status: verdict.Fail, MaxPoints: 1,
				Message: message, Detail: detail})
		}
		r.Chapters = append(r.Chapters, c)
	}
	for name, most := range map[string]int{"prairielearn": 1_000_000, "markdown": 1 << 20, "classroom": 1 << 20, "github": 64 << 10} {
		assert.LessOrEqual(t, len(format(t, name, r)), most, name)
	}
}

// A message that names a line of the student's is shown beside it; a line of a hidden
// test, which the checkout does not have, is none.
func TestPlaces(t *testing.T) {
	c := &verdict.Chapter{ID: "05-lock"}
	for message, want := range map[string]string{
		"Balance reads at lock.go:44 what Deposit writes at lock.go:31": "chapters/05-lock/lock.go:44",
		"lock.go:52:9: assignment copies lock":                          "chapters/05-lock/lock.go:52",
		"want 3, called at lock_test.go:12":                             "",
		"want 3, called at lock_test.go:12, which is in lock.go:7":      "chapters/05-lock/lock.go:7",
		"open /etc/passwd.go:1":                                         "",
		"../../x.go:1":                                                  "",
		"lock.go:0 and lock.go:99999999":                                "",
		"it is wrong":                                                   "",
	} {
		file, line := placeOf(c, &verdict.Check{Message: message})
		got := ""
		if file != "" {
			got = file + ":" + strconv.Itoa(line)
		}
		assert.Equal(t, want, got, message)
	}
	out := string(format(t, "github", semester()))
	assert.Contains(t, out, "::error file=chapters/05-lock/lock.go,line=44,title=05-lock TestBalanceReads%3A ")
}
