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
   3  102 defer Lock

G1: started at bank_test.go:11

G1 waits in Lock at bank.go:101, held by main since bank.go
    stops`, "\n"), func() string {
		s := schedule(2, 3)
		s.Ends = []string{"G1 waits in Lock at bank.go:101, held by main since bank.go stops"}
		return s.Render(60, source)
	}())
	assert.Contains(t, schedule(2, 3).Render(60, nil), "\n   2            101 Lock\n")
	assert.Contains(t, schedule(9, 9).Render(60, nil), "\n   3  G2    102 Lock\n", "too many for columns")
}

// TestRenderOfACrowd has fifty goroutines that do the same.
func TestRenderOfACrowd(t *testing.T) {
	s := &lanes.Schedule{Lanes: []lanes.Lane{{Name: "main"}}}
	for i := range 50 {
		s.Lanes = append(s.Lanes, lanes.Lane{Name: fmt.Sprint("G", i+1), Origin: lanes.Place{"x.go", 7}})
		s.Steps = append(s.Steps, lanes.Step{Lane: i + 1, Op: "Lock", Place: lanes.Place{"x.go", 8}})
	}
	for i := range 4 {
		s.Steps = append(s.Steps, lanes.Step{Lane: i + 1, Op: "Unlock", Place: lanes.Place{"x.go", 9}})
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
	s.Before, s.Lanes, s.Steps = 0, s.Lanes[:3], []lanes.Step{{Lane: 1, Op: "Lock", Place: lanes.Place{"x.go", 8}}, {Lane: 2, Op: "Lock", Place: lanes.Place{"x.go", 8}}}
	assert.NotContains(t, s.Render(60, nil), "more")
}

// TestRenderOfCalls has a test that lets two goroutines call what it tests.
func TestRenderOfCalls(t *testing.T) {
	first, second, third := lanes.Place{"bank_test.go", 11}, lanes.Place{"bank_test.go", 12}, lanes.Place{"bank_test.go", 13}
	lock, unlock := lanes.Place{"bank.go", 5}, lanes.Place{"bank.go", 6}
	helper := lanes.Place{"together.go", 9}
	s := &lanes.Schedule{
		Lanes: []lanes.Lane{{Name: "main"}, {Name: "G1", Origin: helper}, {Name: "G2", Origin: helper}, {Name: "G3", Origin: first}},
		Steps: []lanes.Step{
			{Lane: 0, Op: "Add", Place: helper},
			{Lane: 0, Op: "Add", Place: helper},
			{Lane: 0, Op: "Add", Place: helper},
			{Lane: 1, Op: "Lock", Place: lock, Call: "Withdraw", From: first, Preempted: true},
			{Lane: 2, Op: "Lock", Place: lock, Call: "Withdraw", From: second, Preempted: true},
			{Lane: 1, Op: "Unlock", Place: unlock},
			{Lane: 2, Op: "Unlock", Place: unlock},
			{Lane: 2, Op: "Lock", Place: lock, Call: "Balance", From: second},
			{Lane: 2, Op: "Unlock", Place: unlock},
			{Lane: 1, Op: "Sleep", Place: third},
		},
	}
	source := func(p lanes.Place) string {
		return map[lanes.Place]string{
			first:  "func() { seventy = a.Withdraw(70) },",
			second: "func() { sixty = a.Withdraw(b(60)); seen = a.Balance() },",
			third:  "time.Sleep(1)",
			lock:   "a.mu.Lock()",
			unlock: "a.mu.Unlock()",
		}[p]
	}
	assert.Equal(t, strings.TrimPrefix(`
step  main       G1                     G2               G3
   1  test: Add
   …  2 more like it
                 → Withdraw(70)
   4             5 a.mu.Lock()
                 (pre-empted)
                                        → Withdraw
   5                                    5 a.mu.Lock()
                                        (pre-empted)
   6             6 a.mu.Unlock()
   7                                    6 a.mu.Unlock()
                                        → Balance()
   8                                    5 a.mu.Lock()
   9                                    6 a.mu.Unlock()
  10             test:13 time.Sleep(1)

G1 to G2: started by the test
G3: started at bank_test.go:11`, "\n"), s.Render(76, source))
	assert.Contains(t, s.Render(40, source), "\n      G2    → Balance()\n   8  G2    5 a.mu.Lock()\n")
	assert.Contains(t, s.Render(60, nil), "   1  9 Add\n   2  9 Add\n")
}
