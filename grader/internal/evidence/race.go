package evidence

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
)

// Race is one report of the race detector.
type Race struct {
	Accesses [2]Access // the later access first
}

// Access is one of the two accesses of a race.
type Access struct {
	Op        string // "read", "write", "atomic write", or one of libraryOps
	Goroutine string // "goroutine 8", "main goroutine"
	Stack     []Frame
	Created   []Frame // where that goroutine was started
}

var (
	accessHead  = regexp.MustCompile(`^(?:Previous )?((?:atomic )?(?:[Rr]ead|[Ww]rite)) at 0x[0-9a-f]+ by (.*):$`)
	atomicHead  = regexp.MustCompile(`^(?:Previous )?([Aa]tomic (?:read|write)) at 0x[0-9a-f]+ by (.*):$`)
	createdHead = regexp.MustCompile(`^Goroutine (\d+) \(.*\) created at:$`)
)

// libraryOps are what the detector reports as a read or a write by the library.
var libraryOps = map[string]string{
	"runtime.chansend":       "send",
	"runtime.closechan":      "close",
	"sync.(*WaitGroup).Add":  "WaitGroup.Add",
	"sync.(*WaitGroup).Wait": "WaitGroup.Wait",
}

const raceMark = "WARNING: DATA RACE"

// FindRaces returns the race reports in a standard error stream, in order. A report
// that is cut short or malformed is left out.
func FindRaces(stderr []byte) []Race {
	var races []Race
	_, text, found := strings.Cut(clip(stderr), raceMark)
	for found {
		var report string
		report, text, found = strings.Cut(text, raceMark)
		report, _, _ = strings.Cut(report, "\n==================")
		if race, ok := parseRace(report); ok {
			races = append(races, race)
		}
	}
	return races
}

func parseRace(report string) (Race, bool) {
	var race Race
	n := 0
	lines := strings.Split(report, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " \r")
		m := accessHead.FindStringSubmatch(line)
		if m == nil {
			m = atomicHead.FindStringSubmatch(line)
		}
		if m != nil && n < 2 {
			a := &race.Accesses[n]
			a.Op, a.Goroutine = strings.ToLower(m[1]), m[2]
			a.Stack, i = parseFrames(lines, i+1)
			if len(a.Stack) > 0 {
				a.Op = cmp.Or(libraryOps[a.Stack[0].Func], a.Op)
			}
			n++
			continue
		}
		if m := createdHead.FindStringSubmatch(line); m != nil {
			var created []Frame
			created, i = parseFrames(lines, i+1)
			for k := range race.Accesses {
				if race.Accesses[k].Goroutine == "goroutine "+m[1] {
					race.Accesses[k].Created = created
				}
			}
		}
	}
	return race, n == 2
}

// parseFrames reads pairs of lines, a call and its file, from lines[i:] to the first
// empty one; it returns the index of the last line that it read.
func parseFrames(lines []string, i int) ([]Frame, int) {
	var frames []Frame
	for ; i+1 < len(lines) && strings.TrimSpace(lines[i]) != ""; i += 2 {
		file := frameFile.FindStringSubmatch(lines[i+1])
		if file == nil {
			break
		}
		n, _ := strconv.Atoi(file[2])
		frames = append(frames, Frame{Func: callee(strings.TrimSpace(lines[i])), File: file[1], Line: n})
	}
	return frames, i - 1
}
