package interleave_test

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/rt"
)

func TestDeadlockTellsWhoWaits(t *testing.T) {
	r := interleave.ExploreHere("x", "", abba)
	assert.Equal(t, "deadlock", r.Status)
	assert.Regexp(t, `G1 waits in Lock at programs_test.go:\d+, held by G2 since\s+programs_test.go:\d+`, r.Detail)
	assert.Regexp(t, `G2 waits in Lock at programs_test.go:\d+, held by G1 since\s+programs_test.go:\d+`, r.Detail)
	assert.Regexp(t, `main waits in WaitGroup.Wait at edges_test.go:\d+`, r.Detail)
	assert.Contains(t, r.Detail, "rt.MutexLock(&b)", "the student's own lines")
}

func TestFindingFitsItsWidth(t *testing.T) {
	for _, body := range []func(*testing.T){lostUpdate, abba} {
		r := interleave.ExploreHere("x", "", body)
		_, drawing, _ := strings.Cut(r.Detail, "main  ")
		for _, l := range strings.Split(drawing, "\n") {
			assert.LessOrEqual(t, utf8.RuneCountInString(l), 80, l)
		}
	}
}

func TestRaceTellsTheLocks(t *testing.T) {
	if !rt.Race {
		t.Skip("needs the race detector")
	}
	isolated(t, func() (problems []string) {
		r := interleave.ExploreHere("x", "", halfLocked)
		for _, want := range []string{"data race: ", " at programs_test.go:", "holding the lock taken at programs_test.go:", "holding no lock", "no lock was held by both"} {
			if !strings.Contains(r.Detail, want) {
				problems = append(problems, fmt.Sprintf("%q is missing in\n%s", want, r.Detail))
			}
		}
		again := interleave.ExploreHere("x", r.Seed, halfLocked)
		if again.Status != "race" || again.Message != r.Message {
			problems = append(problems, "replay: "+again.Detail)
		}
		return problems
	})
}

// TestRaceWithinTheLibrary has one side of a race in package reflect: the line to look at is the
// program's own that called fmt.
func TestRaceWithinTheLibrary(t *testing.T) {
	if !rt.Race {
		t.Skip("needs the race detector")
	}
	isolated(t, func() (problems []string) {
		r := interleave.ExploreHere("x", "", printed)
		if !regexp.MustCompile(`^data race: (read|write) at programs_test\.go:\d+ and (read|write) at programs_test\.go:\d+,`).MatchString(r.Message) {
			problems = append(problems, r.Message)
		}
		return problems
	})
}

// TestRaceOfAClose has races that are no read or write of the program's.
func TestRaceOfAClose(t *testing.T) {
	if !rt.Race {
		t.Skip("needs the race detector")
	}
	isolated(t, func() (problems []string) {
		for want, body := range map[string]func(*testing.T){
			`^data race: (close at \S+ and send|send at \S+ and close) at story_test.go:\d+,`: func(*testing.T) {
				c := make(chan int, 1)
				rt.Go(func() { rt.SendTo(c).Do(1) })
				rt.Close(c)
			},
			`^data race: (WaitGroup.Add at \S+ and WaitGroup.Wait|WaitGroup.Wait at \S+ and WaitGroup.Add) at story_test.go:\d+,`: func(*testing.T) {
				var all sync.WaitGroup
				rt.Go(func() {
					rt.WaitGroupAdd(&all, 1)
					rt.WaitGroupDone(&all)
				})
				rt.WaitGroupWait(&all)
			},
			`^data race: (read|write) at \S+ and (read|write) at story_test.go:\d+,`: func(*testing.T) {
				c, n := make(chan int, 1), 0
				rt.Go(func() { n++; rt.SendTo(c).Do(1) })
				n++
				rt.Close(make(chan int))
			},
		} {
			r := interleave.ExploreHere("x", "", body)
			if !regexp.MustCompile(want).MatchString(r.Message) {
				problems = append(problems, want+": "+r.Message)
			}
		}
		return problems
	})
}

// TestCalled has stacks, the innermost frame first.
func TestCalled(t *testing.T) {
	frame := func(function, place string) runtime.Frame {
		file, line, _ := strings.Cut(place, ":")
		n, _ := strconv.Atoi(line)
		return runtime.Frame{Function: function, File: "/src/" + file, Line: n}
	}
	test := frame("lockstep/chapters/10-queue/hidden.TestGet.func1", "get_test.go:7")
	get := frame("lockstep/chapters/10-queue.(*fifo[...]).Get", "queue.go:20")
	wait := frame("lockstep/chapters/10-queue.wait", "queue.go:30")
	literal := frame("lockstep/chapters/10-queue.New.func1", "queue.go:40")
	other := frame("lockstep/chapters/10-queue/hidden.TestGet.func2", "get_test.go:9")
	closing := frame("lockstep/chapters/10-queue.(*Pool).Close-fm", "queue.go:9")
	none := runtime.Frame{}
	for _, c := range []struct {
		stack    []runtime.Frame
		origin   runtime.Frame
		function string
		line     int
	}{
		{nil, none, "", 0},
		{[]runtime.Frame{test}, other, "", 0},
		{[]runtime.Frame{get}, none, "", 0},
		{[]runtime.Frame{get, test}, other, "Get", 7},
		{[]runtime.Frame{wait, get, test}, none, "Get", 7},
		{[]runtime.Frame{closing}, other, "Close", 9},       // go pool.Close()
		{[]runtime.Frame{other, get, test}, none, "Get", 7}, // it calls the test back
		{[]runtime.Frame{wait, other, get, test}, none, "Get", 7},
		{[]runtime.Frame{wait, other, literal}, get, "wait", 9}, // on a goroutine of the code's own
		{[]runtime.Frame{wait, literal}, get, "", 0},
		{[]runtime.Frame{wait, literal, test}, none, "", 0},
	} {
		function, line := interleave.Called(c.stack, c.origin)
		assert.Equal(t, c.function, function, "%v", c.stack)
		assert.Equal(t, c.line, line, "%v", c.stack)
	}
}

func TestPreemptions(t *testing.T) {
	assert.Equal(t, 1, strings.Count(interleave.ExploreHere("x", "", lostUpdate).Detail, "(pre-empted)"))
	r := interleave.ExploreHere("x", "", func(*testing.T) {
		both(func() { rt.Sleep(1) }, func() { rt.Sleep(2) })
		rt.Recv(make(chan int))
	})
	assert.Equal(t, "deadlock", r.Status)
	assert.NotContains(t, r.Detail, "(pre-empted)", "each gave way of its own accord")
}

var global int // what TestPackageLevelState's body leaves behind

func TestPackageLevelState(t *testing.T) {
	r := interleave.ExploreHere("x", "", func(t *testing.T) {
		global++
		assert.NotEqual(t, 5, global)
		right(t)
	})
	assert.Equal(t, "fail", r.Status)
	assert.Contains(t, r.Message, "depends on package-level state")
}

func TestSeeds(t *testing.T) {
	r := interleave.ExploreHere("x", "", lostUpdate)
	assert.Less(t, len(r.Seed), 40)
	mistyped := interleave.ExploreHere("x", r.Seed+"a", lostUpdate)
	assert.Equal(t, "fail", mistyped.Status)
	assert.Contains(t, mistyped.Message, "not a seed")
	other := interleave.ExploreHere("another test", r.Seed, lostUpdate)
	assert.Empty(t, other.Kind, "it is another test's: nothing is run")
	fixed := interleave.ExploreHere("x", r.Seed, right)
	assert.Equal(t, wire.Finding, fixed.Kind, "a replay is never a pass")
	assert.Contains(t, fixed.Message, "does not fail")
}

// TestReplayInAFreshProcess replays a seed where nothing ran before.
func TestReplayInAFreshProcess(t *testing.T) {
	r := interleave.ExploreHere("x", "", abba)
	t.Setenv("INTERLEAVE_TEST_SEED", r.Seed)
	t.Setenv("INTERLEAVE_TEST_WANT", r.Message)
	isolated(t, func() (problems []string) {
		r := interleave.ExploreHere("x", os.Getenv("INTERLEAVE_TEST_SEED"), abba)
		if r.Message != os.Getenv("INTERLEAVE_TEST_WANT") || r.Status != "deadlock" {
			problems = append(problems, r.Detail)
		}
		return problems
	})
}

func TestGuarantees(t *testing.T) {
	r := interleave.ExploreHere("x", "", right)
	assert.True(t, r.Exhaustive)
	assert.Equal(t, 2, r.Preemptions)
	assert.Regexp(t, `^all \d+ schedules with up to 2 pre-emptions`, r.Message)
	r = interleave.ExploreHere("x", "", right, interleave.Budget(10), interleave.Schedules(20))
	assert.False(t, r.Exhaustive)
	assert.Regexp(t, `^\d+ schedules, none failed$`, r.Message)
	r = interleave.ExploreHere("x", "", right, interleave.Preemptions(-1), interleave.Schedules(20))
	assert.Equal(t, 20, r.Schedules)
}

// TestNoProofWhereOthersGoFirst checks that schedules which are so long that they have to be fair
// are not said to be all there are.
func TestNoProofWhereOthersGoFirst(t *testing.T) {
	locks := func(n int) func(*testing.T) {
		return func(*testing.T) {
			var mu sync.Mutex
			lock := func(n int) func() {
				return func() {
					for range n {
						rt.MutexLock(&mu)
						rt.MutexUnlock(&mu)
					}
				}
			}
			both(lock(n), lock(1))
		}
	}
	assert.True(t, interleave.ExploreHere("x", "", locks(80), interleave.Preemptions(0)).Exhaustive)
	assert.False(t, interleave.ExploreHere("x", "", locks(550), interleave.Preemptions(0)).Exhaustive)
}

// TestBlockedOutside lets a body wait where the scheduler cannot see it.
func TestBlockedOutside(t *testing.T) {
	isolated(t, func() (problems []string) {
		entered := make(chan struct{})
		go interleave.ExploreHere("x", "", func(*testing.T) {
			close(entered)
			<-make(chan int)
		})
		<-entered
		message, _ := interleave.GiveUpMessage()
		if !strings.HasPrefix(message, "no step for 10s: the code waits or loops at story_test.go:") {
			problems = append(problems, message)
		}
		return problems
	})
}

// TestBlockedInTheLibrary lets a goroutine wait that has no line of the program's.
func TestBlockedInTheLibrary(t *testing.T) {
	isolated(t, func() (problems []string) {
		var never sync.WaitGroup
		never.Add(1)
		go interleave.ExploreHere("x", "", func(*testing.T) {
			rt.Go(never.Wait)
			rt.Recv(make(chan int))
		})
		for {
			message, stacks := interleave.GiveUpMessage()
			if !strings.Contains(stacks, "sync.(*WaitGroup).Wait") {
				runtime.Gosched()
				continue
			}
			if !strings.Contains(message, "at an unknown line") {
				problems = append(problems, message)
			}
			return problems
		}
	})
}
