//go:build linux

package hostile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/verdict"
)

// everyCheck stands for all checks of a chapter, the line about policy, build or vet
// not included.
const everyCheck = "every check"

// want says which checks must not pass, and which statuses each of them may get: more
// than one where two limits race.
type want map[string][]verdict.Status

// parseWant reads "missing in TestDouble, out-of-memory or timeout in TestEcho", or "pass".
func parseWant(text string) (want, error) {
	w := want{}
	if text == string(verdict.Pass) {
		return w, nil
	}
	for item := range strings.SplitSeq(text, ",") {
		statuses, check, ok := strings.Cut(strings.TrimSpace(item), " in ")
		if !ok || w[check] != nil {
			return nil, fmt.Errorf("%q is not of the form \"missing in TestDouble\"", item)
		}
		for s := range strings.SplitSeq(statuses, " or ") {
			status := verdict.Status(s)
			if !slices.Contains(verdict.Statuses, status) || status == verdict.Pass {
				return nil, fmt.Errorf("%q is no status that an attack can get", s)
			}
			w[check] = append(w[check], status)
		}
	}
	return w, nil
}

// compare returns how a result differs from what is wanted, a line each, and the points
// it got for checks that must not pass.
func (w want) compare(c *verdict.Chapter) (differences []string, gained int) {
	seen := map[string]bool{}
	for _, k := range c.Checks {
		seen[k.Name] = true
		wanted := w[k.Name]
		if wanted == nil && !overall(k.Name) {
			wanted = w[everyCheck]
		}
		switch {
		case wanted != nil && !slices.Contains(wanted, k.Status):
			differences = append(differences, fmt.Sprintf("%s is %s, want %v: %s", k.Name, k.Status, wanted, k.Message))
		case wanted == nil && k.Status != verdict.Pass && k.Status != verdict.Skipped && !refused(c, k):
			differences = append(differences, fmt.Sprintf("%s is %s, want pass: %s", k.Name, k.Status, k.Message))
		}
		if wanted != nil || k.Status != verdict.Pass {
			gained += k.Points
		}
	}
	for check := range w {
		if check != everyCheck && !seen[check] {
			differences = append(differences, fmt.Sprintf("there is no check %s, and it was to be %v", check, w[check]))
		}
	}
	slices.Sort(differences)
	return differences, gained
}

// overall reports whether a line of a result is about the chapter as a whole.
func overall(name string) bool {
	return slices.Contains([]string{"policy", "build", "vet", "grader"}, name)
}

// refused reports whether a check was not run because nothing of the chapter was: the
// line on top has the reason, and is what the attack declares.
func refused(c *verdict.Chapter, k verdict.Check) bool {
	return c.Status != verdict.ChapterGraded && len(c.Checks) > 0 && k.Status == c.Checks[0].Status
}

func TestParseWant(t *testing.T) {
	w, err := parseWant("missing in TestDouble, out-of-memory or timeout in every check")
	require.NoError(t, err)
	require.Equal(t, want{"TestDouble": {"missing"}, everyCheck: {"out-of-memory", "timeout"}}, w)
	for _, wrong := range []string{"", "rejected", "pass in TestDouble", "won in TestDouble", "fail in A, race in A"} {
		_, err := parseWant(wrong)
		require.Error(t, err, wrong)
	}
}

func TestCompare(t *testing.T) {
	chapter := &verdict.Chapter{Status: verdict.ChapterGraded, Checks: []verdict.Check{
		{Name: "vet", Status: verdict.Pass}, {Name: "A", Status: verdict.Missing}, {Name: "B", Status: verdict.Pass, Points: 2},
	}}
	for text, points := range map[string]int{"missing in A": 0, "pass": 0, "fail in B": 2, "missing in every check": 2, "fail in C": 0} {
		w, err := parseWant(text)
		require.NoError(t, err)
		differences, gained := w.compare(chapter)
		require.Equal(t, text == "missing in A", len(differences) == 0, "%s: %v", text, differences)
		require.Equal(t, points, gained, text)
	}
}
