package course

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Check is one hidden test as its doc comment describes it.
type Check struct {
	Name   string   // the test function
	Title  string   // what it proves: the comment's first sentence without "TestX checks that" and "and that"
	Todo   string   // "5.3", from //grade:todo
	Points int      // from //grade:points, 1 by default
	Needs  []string // checks that must pass first, from //grade:needs
}

// MaxPoints is the most that a check can be worth.
const MaxPoints = 1000

// readRoster returns the checks that the hidden tests in dir declare, in source order.
func readRoster(dir string) ([]Check, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("hidden: no test files")
	}
	slices.Sort(names)
	var checks []Check
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		more, err := parseRoster(name, data)
		if err != nil {
			return nil, err
		}
		checks = append(checks, more...)
	}
	return checks, validateRoster(checks)
}

// parseRoster returns the checks that one file declares.
func parseRoster(name string, data []byte) ([]Check, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var checks []Check
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || !isTest(fn) {
			continue
		}
		check, err := parseCheck(fn)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", fset.Position(fn.Pos()), err)
		}
		checks = append(checks, check)
	}
	return checks, nil
}

func isTest(fn *ast.FuncDecl) bool {
	return fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") && fn.Name.Name != "TestMain"
}

var (
	todoNumber = regexp.MustCompile(`^[0-9]+\.[0-9]+$`)
	checksThat = regexp.MustCompile(`^Test\w+ checks that `)
)

func parseCheck(fn *ast.FuncDecl) (Check, error) {
	check := Check{Name: fn.Name.Name, Points: 1}
	if fn.Doc == nil {
		return check, fmt.Errorf("%s has no doc comment", check.Name)
	}
	text := strings.Join(strings.Fields(fn.Doc.Text()), " ")
	sentence, _, _ := strings.Cut(text+" ", ". ")
	title := checksThat.ReplaceAllString(strings.TrimSuffix(strings.TrimSpace(sentence), "."), "")
	if title == sentence || title == "" {
		return check, fmt.Errorf("the comment of %s must begin with \"%s checks that ...\"", check.Name, check.Name)
	}
	check.Title = strings.ReplaceAll(title, ", and that ", ", and ")
	for _, comment := range fn.Doc.List {
		directive, ok := strings.CutPrefix(comment.Text, "//grade:")
		if !ok {
			continue
		}
		key, value, _ := strings.Cut(directive, " ")
		value = strings.TrimSpace(value)
		switch key {
		case "todo":
			if !todoNumber.MatchString(value) {
				return check, fmt.Errorf("%s: //grade:todo %q is not of the form 5.3", check.Name, value)
			}
			check.Todo = value
		case "points":
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 || n > MaxPoints {
				return check, fmt.Errorf("%s: //grade:points %q is not a number of points up to %d", check.Name, value, MaxPoints)
			}
			check.Points = n
		case "needs":
			check.Needs = append(check.Needs, strings.Fields(value)...)
		default:
			return check, fmt.Errorf("%s: unknown directive //grade:%s", check.Name, key)
		}
	}
	if check.Todo == "" {
		return check, fmt.Errorf("%s has no //grade:todo", check.Name)
	}
	return check, nil
}

// validateRoster refuses duplicates, and needs that do not name an earlier check:
// in source order, what a check needs has always been decided before it.
func validateRoster(checks []Check) error {
	seen := map[string]bool{}
	for _, check := range checks {
		if seen[check.Name] {
			return fmt.Errorf("hidden: %s is declared twice", check.Name)
		}
		for _, need := range check.Needs {
			if !seen[need] {
				return fmt.Errorf("hidden: %s needs %s, which is no check before it", check.Name, need)
			}
		}
		seen[check.Name] = true
	}
	return nil
}
