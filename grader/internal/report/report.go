// Package report draws results: the scorecard for people, and the formats that other
// tools read. It is pure (a [verdict.Result] goes in, bytes come out) and it is the
// only package of the grader that emits colour.
//
// Everything a submission had a hand in passes through package sanitize before it is
// written, whatever the format.
package report

import (
	"io"

	"lockstep/grader/internal/verdict"
)

// Options are what a report for people needs to know about its reader.
type Options struct {
	Color   bool   // write terminal colours; the caller knows the terminal and NO_COLOR
	Width   int    // columns to fill, 0 for 80
	Command string // how the reader starts the grader, "" for "grader"
}

// Format is one way of writing a result.
type Format struct {
	Name  string // for --format
	About string // one line for the help text
	End   string // what the name of a file in this format ends with
	Write func(w io.Writer, r *verdict.Result, o Options) error
}

// Formats lists every format, the scorecard first.
func Formats() []Format {
	machine := func(write func(io.Writer, *verdict.Result) error) func(io.Writer, *verdict.Result, Options) error {
		return func(w io.Writer, r *verdict.Result, _ Options) error { return write(w, r) }
	}
	return []Format{
		{"text", "the scorecard", ".txt", Text},
		{"json", "the grader's own format, for merging and scripts", ".json", machine(JSON)},
		{"junit", "JUnit XML, for CI servers", ".xml", machine(JUnit)},
		{"gradescope", "Gradescope's results.json", ".json", machine(Gradescope)},
		{"github", "GitHub Actions annotations", ".txt", machine(GitHub)},
		{"html", "a page to look at in a browser", ".html", machine(HTML)},
		{"markdown", "a GitHub Actions job summary", ".md", machine(Markdown)},
		{"classroom", "the result of a GitHub Classroom grader step", ".txt", machine(Classroom)},
		{"csv", "a row per check, for spreadsheets", ".csv", machine(CSV)},
		{"exercism", "Exercism's results.json, version 3", ".json", machine(Exercism)},
		{"prairielearn", "PrairieLearn's results.json", ".json", machine(PrairieLearn)},
	}
}

// Lookup finds a format by its name.
func Lookup(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
