package stage

import (
	"errors"
	"go/scanner"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"

	"lockstep/grader/interleave/rewrite"
	"lockstep/grader/internal/gotest"
)

// quotedPackage is how the type checker names a package whose name another one has too
// ("sync", because of internal/sync).
var quotedPackage = regexp.MustCompile(`"(?:[\w./-]+/)?(\w+)"\.`)

// diagnostics takes what the parser and the type checker said out of an error, in
// order. It is empty when err is about something else.
func diagnostics(dir string, err error) []gotest.Diagnostic {
	var found []gotest.Diagnostic
	add := func(at token.Position, message string) {
		folder, err := filepath.Rel(dir, filepath.Dir(at.Filename))
		if err != nil {
			folder = ""
		}
		found = append(found, gotest.Diagnostic{
			File: filepath.Base(at.Filename), Dir: filepath.ToSlash(folder),
			Line: at.Line, Column: at.Column, Message: quotedPackage.ReplaceAllString(message, "$1."),
		})
	}
	var visit func(error)
	visit = func(err error) {
		var typeError types.Error
		var list scanner.ErrorList
		var joined interface{ Unwrap() []error }
		switch {
		case err == nil:
		case errors.As(err, &joined):
			for _, e := range joined.Unwrap() {
				visit(e)
			}
		case errors.As(err, &typeError):
			add(typeError.Fset.Position(typeError.Pos), typeError.Msg)
		case errors.As(err, &list):
			for _, e := range list {
				add(e.Pos, e.Msg)
			}
		}
	}
	visit(err)
	return found
}

// refusals are what the rewriter refuses, as diagnostics.
func refusals(folder string, found []rewrite.Refusal) []gotest.Diagnostic {
	var out []gotest.Diagnostic
	for _, r := range found {
		out = append(out, gotest.Diagnostic{File: r.File, Dir: folder, Line: r.Line,
			Message: r.Reason + ": its schedules cannot be explored, so it cannot be graded; write it in another way"})
	}
	return out
}
