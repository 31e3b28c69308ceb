//go:build interleave && unix

package corpustest_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"lockstep/grader/interleave"
	"lockstep/grader/interleave/corpustest"
	"lockstep/grader/interleave/internal/search"
)

var (
	reportFile = flag.String("report", "", "where TestMeasure writes its report; empty: it is skipped")
	seeds      = flag.Int("seeds", 1, "explorations of each wrong program")
	schedules  = flag.Int("schedules", 10_000, "schedules of the right programs, in all")
	only       = flag.String("only", "", "measure this program alone")
)

// TestMeasure writes the figures of the whole corpus. It judges nothing: the race
// detector fails it in any case.
func TestMeasure(t *testing.T) {
	if *reportFile == "" {
		t.Skip("no -report named")
	}
	var report corpustest.Report
	for _, p := range corpustest.Wrong {
		if *only == "" || *only == p.Name {
			report.Found = append(report.Found, find(p, *seeds))
		}
	}
	for _, p := range corpustest.Right {
		if *only == "" || *only == p.Name {
			report.Silent = append(report.Silent, listen(p, *schedules/len(corpustest.Right)))
		}
		if *only == "" && slices.Contains(corpustest.Classics, p.Name) {
			report.Exhausted = append(report.Exhausted, exhaust(p))
		}
		if p.Name == "lossyupdate" {
			report.Rate = rate(p, max(1000, *schedules/20))
		}
	}
	write(t, report)
}

// TestFresh replays, in a process that has explored nothing, the seeds of the report
// that TestMeasure wrote, and notes in it whether their failures came back.
func TestFresh(t *testing.T) {
	if *reportFile == "" {
		t.Skip("no -report named")
	}
	var report corpustest.Report
	text, err := os.ReadFile(*reportFile)
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range report.Found {
		f := &report.Found[i]
		for _, p := range corpustest.Wrong {
			if p.Name == f.Program && f.Seed != "" {
				r := interleave.Replay(p.Name, p.Scenario, f.Seed)
				f.Fresh = r.Kind == f.Want && story(r.Detail) == f.Story
			}
		}
	}
	write(t, report)
}

func write(t *testing.T, report corpustest.Report) {
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(*reportFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// config makes an option of a change to the search's configuration.
func config(change func(*search.Config)) interleave.Option { return change }

// find explores a wrong program with each of n seeds and replays what it finds.
func find(p corpustest.Program, n int) corpustest.Found {
	f := corpustest.Found{Program: p.Name, Want: p.Want, Seeds: n, Kinds: map[string]int{}}
	note := func(text string) {
		if f.Example == "" {
			f.Example = text
		}
	}
	for seed := range n {
		r := interleave.Find(p.Name, p.Scenario, config(func(c *search.Config) { c.Seed = uint64(seed) + 1 }))
		f.Kinds[r.Kind]++
		f.Schedules = max(f.Schedules, r.Schedules)
		f.Slowest = max(f.Slowest, r.Elapsed)
		if r.Kind != p.Want {
			note(fmt.Sprintf("seed %d: %q: %s", seed, r.Kind, r.Message))
			continue
		}
		f.Right++
		if f.Right == 1 {
			f.Seed, f.Story = r.Seed, story(r.Detail)
		}
		again := interleave.Replay(p.Name, p.Scenario, r.Seed)
		if again.Kind != r.Kind || again.Message != r.Message || story(again.Detail) != story(r.Detail) {
			note(fmt.Sprintf("seed %d: %s became %q: %s", seed, r.Message, again.Kind, again.Message))
			continue
		}
		f.Replayed++
	}
	return f
}

// story is the part of a failure's text that a replay must repeat: all but how it was
// found and how to replay it.
func story(detail string) string {
	var kept []string
	for line := range strings.Lines(detail) {
		if !strings.HasPrefix(line, "Found in schedule") && !strings.HasPrefix(line, "Replay it:") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

// listen runs about n schedules of a right program, by all strategies in turn.
func listen(p corpustest.Program, n int) corpustest.Silent {
	s := corpustest.Silent{Program: p.Name}
	start := time.Now()
	for seed := uint64(1); s.Schedules < n; seed++ {
		r := interleave.Find(p.Name, p.Scenario, config(func(c *search.Config) {
			c.Seed = seed
			c.Samples = max(1000, n-n/4)
			c.Exhaust = max(1000, n/4)
			if seed > 1 {
				c.Preemptions = -1 // the exhaustive search has been done
				c.Samples = n - s.Schedules
			}
		}))
		s.Schedules += r.Schedules
		if r.Kind != "" {
			s.Alarms++
			if s.Example == "" {
				s.Example = r.Kind + ": " + r.Message
			}
		}
	}
	s.Elapsed = time.Since(start)
	return s
}

// exhaust runs all schedules with up to two pre-emptions, and no others.
func exhaust(p corpustest.Program) corpustest.Exhausted {
	r := interleave.Find(p.Name, p.Scenario, config(func(c *search.Config) { c.Samples = 0 }))
	return corpustest.Exhausted{Program: p.Name, All: r.Exhausted, Schedules: r.Schedules, Elapsed: r.Elapsed}
}

// rate returns the schedules of p in a second of one core's time, whatever else the
// machine does meanwhile.
func rate(p corpustest.Program, n int) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	start := processorTime()
	r := interleave.Find(p.Name, p.Scenario, config(func(c *search.Config) {
		c.Preemptions, c.Samples = -1, n
	}))
	return float64(r.Schedules) / (processorTime() - start).Seconds()
}

// processorTime returns what the process has used of the processors.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
