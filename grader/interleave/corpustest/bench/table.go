package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"lockstep/grader/interleave/corpustest"
)

// The marks that the figures must meet.
const (
	mostSchedules = 500                    // to find a wrong program
	mostTime      = 500 * time.Millisecond // to find a wrong program
	leastRate     = 10_000                 // schedules a second
	quickClassics = 17                     // right classics exhausted within quickTime
	quickTime     = 300 * time.Millisecond
	slowTime      = 3 * time.Second // for the other right classics
	leastRight    = 40
	leastWrong    = 40
)

// print writes the tables and the figures, and reports whether all meet their marks.
func print(w io.Writer, r corpustest.Report, noticed map[string]int, plain int) bool {
	fmt.Fprintf(w, "%-19s %-13s %8s %9s %8s %8s %9s\n", "wrong program", "is a", "found", "schedules", "slowest", "replayed", "plain")
	for _, f := range r.Found {
		fmt.Fprintf(w, "%-19s %-13s %4d/%-3d %9d %8s %4d/%-3d %5d/%-3d\n", f.Program, f.Want,
			f.Right, f.Seeds, f.Schedules, short(f.Slowest), f.Replayed, f.Seeds, noticed[f.Program], plain)
		if f.Example != "" {
			fmt.Fprintf(w, "    %s\n", f.Example)
		}
	}
	fmt.Fprintf(w, "\n%-19s %9s %8s %8s\n", "right program", "schedules", "alarms", "time")
	for _, s := range r.Silent {
		fmt.Fprintf(w, "%-19s %9d %8d %8s\n", s.Program, s.Schedules, s.Alarms, short(s.Elapsed))
		if s.Example != "" {
			fmt.Fprintf(w, "    %s\n", s.Example)
		}
	}
	fmt.Fprintf(w, "\n%-19s %9s %8s\n", "with 2 pre-emptions", "schedules", "time")
	for _, e := range r.Exhausted {
		all := "all"
		if !e.All {
			all = "not all"
		}
		fmt.Fprintf(w, "%-19s %9d %8s %s\n", e.Program, e.Schedules, short(e.Elapsed), all)
	}
	fmt.Fprintln(w)
	return figures(w, r, noticed, plain)
}

// figures writes one line for each figure, beside its mark.
func figures(w io.Writer, r corpustest.Report, noticed map[string]int, plain int) bool {
	good := true
	line := func(ok bool, format string, args ...any) {
		mark := "ok  "
		if !ok {
			mark, good = "MISS", false
		}
		fmt.Fprintf(w, "%s %s\n", mark, fmt.Sprintf(format, args...))
	}

	found, replayed, fresh, seen := 0, 0, 0, 0
	schedules, slowest := 0, time.Duration(0)
	for _, f := range r.Found {
		if f.Right == f.Seeds {
			found++
		}
		if f.Replayed == f.Seeds {
			replayed++
		}
		if f.Fresh {
			fresh++
		}
		schedules, slowest = max(schedules, f.Schedules), max(slowest, f.Slowest)
		seen += noticed[f.Program]
	}
	wrong := len(r.Found)
	line(found == wrong && wrong >= leastWrong, "%d of %d wrong programs found under every seed", found, wrong)
	line(schedules <= mostSchedules && slowest <= mostTime, "at most %d schedules and %s to find one", schedules, short(slowest))
	line(replayed == wrong && fresh == wrong, "%d of %d replayed exactly under every seed, %d in a fresh process", replayed, wrong, fresh)
	fmt.Fprintf(w, "     plain go test -race notices %d of %d runs of them\n", seen, wrong*plain)

	alarms, total := 0, 0
	for _, s := range r.Silent {
		alarms += s.Alarms
		total += s.Schedules
	}
	line(alarms == 0 && len(r.Silent) >= leastRight, "%d alarms in %d schedules of %d right programs", alarms, total, len(r.Silent))

	quick := 0
	var worst time.Duration
	all := !slices.ContainsFunc(r.Exhausted, func(e corpustest.Exhausted) bool { return !e.All })
	for _, e := range r.Exhausted {
		if e.All && e.Elapsed <= quickTime {
			quick++
		}
		worst = max(worst, e.Elapsed)
	}
	line(all && quick >= quickClassics && worst <= slowTime, "%d of %d right classics exhausted in %s each, the slowest in %s",
		quick, len(r.Exhausted), short(quickTime), short(worst))
	line(r.Rate >= leastRate, "%.0f schedules a second on one core", r.Rate)
	return good
}

// short writes a duration in milliseconds.
func short(d time.Duration) string {
	return fmt.Sprintf("%.1fms", float64(d)/float64(time.Millisecond))
}
