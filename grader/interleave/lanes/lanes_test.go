package lanes_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/interleave/lanes"
)

func schedule(goroutines, steps int) *lanes.Schedule {
	s := &lanes.Schedule{Lanes: []lanes.Lane{{Name: "main"}}}
	for i := 1; i < goroutines; i++ {
		s.Lanes = append(s.Lanes, lanes.Lane{Name: "G" + string(rune('0'+i)), Origin: lanes.Place{File: "/dir/bank_test.go", Line: 10 + i}})
	}
	for i := range steps {
		s.Steps = append(s.Steps, lanes.Step{Lane: i % goroutines, Op: "Lock", Place: lanes.Place{File: "/dir/bank.go", Line: 100 + i}})
	}
	s.Ends = []string{"G1 waits in Lock at bank.go:101, held by main since bank.go:100 " + strings.Repeat("and so on ", 10)}
	return s
}

func source(p lanes.Place) string {
	if p.Line == 102 {
		return "})"
	}
	return "account.balance.mu.Lock() // — a long line of source"
}

func TestRenderFits(t *testing.T) {
	for _, width := range []int{60, 78, 80, 120} {
		for _, goroutines := range []int{1, 2, 3, 4, 6, 9} {
			text := schedule(goroutines, 200).Render(width, source)
			for _, l := range strings.Split(text, "\n") {
				assert.LessOrEqual(t, utf8.RuneCountInString(l), width, l)
				assert.Equal(t, strings.TrimRight(l, " "), l)
			}
			assert.Contains(t, text, "more steps")
		}
	}
}

func TestRender(t *testing.T) {
	assert.Equal(t, strings.TrimPrefix(`
step  main                        G1
   1  100 account.balance.mu.Lo…
   2                              101 account.balance.mu.Lo…
   3  102 deferred Lock

G1: started at bank_test.go:11

G1 waits in Lock at bank.go:101, held by main since bank.go
    stops`, "\n"), func() string {
		s := schedule(2, 3)
		s.Ends = []string{"G1 waits in Lock at bank.go:101, held by main since bank.go stops"}
		return s.Render(60, source)
	}())
	assert.Contains(t, schedule(2, 3).Render(60, nil), "\n   2                              101 Lock\n")
	assert.Contains(t, schedule(9, 9).Render(60, nil), "\n   3  G2    102 Lock\n", "too many for columns")
}

// TestRenderOfACrowd has fifty goroutines that do the same.
func TestRenderOfACrowd(t *testing.T) {
	s := &lanes.Schedule{Lanes: []lanes.Lane{{Name: "main"}}}
	for i := range 50 {
		s.Lanes = append(s.Lanes, lanes.Lane{Name: fmt.Sprint("G", i+1), Origin: lanes.Place{"x.go", 7}})
		s.Steps = append(s.Steps, lanes.Step{i + 1, "Lock", lanes.Place{"x.go", 8}})
	}
	for i := range 4 {
		s.Steps = append(s.Steps, lanes.Step{i + 1, "Unlock", lanes.Place{"x.go", 9}})
	}
	assert.Equal(t, strings.TrimPrefix(`
step
   1  G1    8 Lock
   …  49 more like it
  51  G1    9 Unlock
  52  G2    9 Unlock
  53  G3    9 Unlock
  54  G4    9 Unlock

G1 to G50: started at x.go:7`, "\n"), "step\n"+s.Render(60, nil))
	s.Before = 990
	assert.Contains(t, s.Render(60, nil), "   …  990 steps\n 991  G1    8 Lock\n   …  49 more like it\n1041  G1 ")
	s.Before, s.Lanes, s.Steps = 0, s.Lanes[:3], []lanes.Step{{1, "Lock", lanes.Place{"x.go", 8}}, {2, "Lock", lanes.Place{"x.go", 8}}}
	assert.NotContains(t, s.Render(60, nil), "more")
}
