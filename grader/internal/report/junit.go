package report

import (
	"encoding/xml"
	"io"
	"strconv"

	"lockstep/grader/internal/verdict"
)

// The elements and attributes are those of go-junit-report, which CI servers read.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr,omitempty"`
	Tests    int          `xml:"tests,attr"`
	Errors   int          `xml:"errors,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	ID         int             `xml:"id,attr"`
	Package    string          `xml:"package,attr,omitempty"`
	Skipped    int             `xml:"skipped,attr"`
	Properties []junitProperty `xml:"properties>property,omitempty"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name      string       `xml:"name,attr"`
	Classname string       `xml:"classname,attr"`
	Status    string       `xml:"status,attr,omitempty"`
	Skipped   *junitReason `xml:"skipped,omitempty"`
	Error     *junitReason `xml:"error,omitempty"`
	Failure   *junitReason `xml:"failure,omitempty"`
	SystemOut string       `xml:"system-out,omitempty"`
}

type junitReason struct {
	Message string `xml:"message,attr,omitempty"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes the result as JUnit XML: a suite per chapter, a case per check. What the
// grader had trouble with is an error, everything else that does not pass a failure,
// unless it was skipped. An open TODO is a failure too: nothing unproven shows as green.
func JUnit(w io.Writer, r *verdict.Result) error {
	out := junitSuites{Name: label(r.Course).String()}
	for i := range r.Chapters {
		s := junitChapter(i, &r.Chapters[i])
		out.add(&s)
		out.Suites = append(out.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// add adds a suite's counts to the total.
func (all *junitSuites) add(s *junitSuite) {
	all.Tests, all.Errors = all.Tests+s.Tests, all.Errors+s.Errors
	all.Failures, all.Skipped = all.Failures+s.Failures, all.Skipped+s.Skipped
}

func junitChapter(n int, c *verdict.Chapter) junitSuite {
	points, most := c.Points()
	s := junitSuite{Name: id(c), ID: n, Package: id(c), Properties: junitProperties(c.Status, points, most)}
	for i := range c.Checks {
		k := &c.Checks[i]
		s.add(junitCase{Name: label(k.Name).String(), Classname: id(c), Status: label(string(k.Status)).String()}, k.Status,
			&junitReason{Message: messageOf(k), Type: label(string(k.Status)).String(), Text: story(k).String()}, label(k.Guarantee).String())
	}
	return s
}

func junitProperties(status verdict.ChapterStatus, points, most int) []junitProperty {
	return []junitProperty{
		{"status", label(string(status)).String()},
		{"points", strconv.Itoa(points)},
		{"max_points", strconv.Itoa(most)},
	}
}

// add adds a check: what it says when it passes, and why it does not when it does not.
func (s *junitSuite) add(one junitCase, status verdict.Status, why *junitReason, passed string) {
	s.Tests++
	switch status {
	case verdict.Pass:
		one.SystemOut = passed
	case verdict.Skipped:
		one.Skipped = why
		s.Skipped++
	case verdict.Trouble:
		one.Error = why
		s.Errors++
	default:
		one.Failure = why
		s.Failures++
	}
	s.Cases = append(s.Cases, one)
}
