package policy

import (
	"go/ast"
	"go/build/constraint"
	"regexp"
	"strings"
)

var (
	lineDirective   = regexp.MustCompile(`(?s)^(//|/\*)line .*:[0-9]+\s*(\*/)?$`)
	exportDirective = regexp.MustCompile(`^//(export|extern) \w+\s*$`)
)

// comments finds the comments that are orders to the compiler or the go command.
func (c *checker) comments(file *ast.File) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			text := comment.Text
			word, _, _ := strings.Cut(text, " ")
			switch {
			case constraint.IsGoBuild(text), comment.Pos() < file.Package && constraint.IsPlusBuild(text):
				c.add(comment.Pos(), "has a build constraint", "the same code must be graded everywhere", "delete the line")
			case strings.HasPrefix(text, "//go:"):
				c.add(comment.Pos(), "has the directive "+word, "directives change what is built and what the race detector sees",
					"delete the line; a comment has a space after the slashes")
			case lineDirective.MatchString(text):
				c.add(comment.Pos(), "has a line directive", "messages would name the wrong lines",
					"delete it; a comment has a space after the slashes")
			case exportDirective.MatchString(text):
				c.add(comment.Pos(), "has the directive "+word, "it is for code in other languages",
					"delete it; a comment has a space after the slashes")
			}
		}
	}
}
