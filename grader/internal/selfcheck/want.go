package selfcheck

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"lockstep/grader/internal/verdict"
)

// want is what a wrong solution must get: the checks that must not pass, with their
// status. Checks that it does not name must pass, or be skipped because they need one
// that it names.
type want map[string]verdict.Status

var checkName = regexp.MustCompile(`^\w+$`)

// parseWant reads the first line of a wrong solution:
//
//	// want: race in TestBalanceReads, deadlock in TestTransferBothWays
func parseWant(file []byte) (want, error) {
	line, _, _ := bytes.Cut(file, []byte("\n"))
	text, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "// want: ")
	if !ok {
		return nil, fmt.Errorf("line 1 is not of the form \"// want: race in TestBalanceReads\"")
	}
	w := want{}
	for item := range strings.SplitSeq(text, ",") {
		status, check, ok := strings.Cut(strings.TrimSpace(item), " in ")
		s := verdict.Status(status)
		switch {
		case !ok || !checkName.MatchString(check):
			return nil, fmt.Errorf("line 1: %q is not of the form \"race in TestBalanceReads\"", item)
		case !slices.Contains(verdict.Statuses, s) || s == verdict.Pass:
			return nil, fmt.Errorf("line 1: %q is no status that a wrong solution can get", status)
		case w[check] != "":
			return nil, fmt.Errorf("line 1 names %s twice", check)
		}
		w[check] = s
	}
	return w, nil
}

// compare returns how a result differs from what is wanted, a line each.
func (w want) compare(c *verdict.Chapter) []string {
	var differences []string
	seen := map[string]bool{}
	for _, k := range c.Checks {
		seen[k.Name] = true
		expected, listed := w[k.Name]
		switch {
		case listed && k.Status != expected:
			differences = append(differences, fmt.Sprintf("%s is %s, want %s%s", k.Name, k.Status, expected, because(k)))
		case !listed && c.Status == verdict.ChapterGraded && k.Status != verdict.Pass && k.Status != verdict.Skipped:
			differences = append(differences, fmt.Sprintf("%s is %s, and line 1 does not say so%s", k.Name, k.Status, because(k)))
		}
	}
	for name := range w {
		if !seen[name] {
			differences = append(differences, fmt.Sprintf("line 1 names %s, which is no check", name))
		}
	}
	slices.Sort(differences)
	return differences
}

func because(k verdict.Check) string {
	if k.Message == "" {
		return ""
	}
	return ": " + k.Message
}
