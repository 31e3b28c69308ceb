package evidence

import (
	"regexp"
	"strconv"
	"strings"
)

// MaxText caps, in bytes, how much of an untrusted text is searched for reports.
const MaxText = 4 << 20

// Frame is one call on a stack.
type Frame struct {
	Func string // as the runtime prints it, with the package path
	File string
	Line int
}

// Goroutine is one goroutine of a dump.
type Goroutine struct {
	ID      int
	State   string  // "running", "sync.Mutex.Lock", "chan receive"
	Stack   []Frame // innermost first
	Created []Frame // the go statement that started it; empty for the main goroutine
}

// Crash is the end of a process that the runtime stopped.
type Crash struct {
	Reason     string // "panic: boom", "fatal error: all goroutines are asleep - deadlock!"
	Goroutines []Goroutine
}

var (
	goroutineHead = regexp.MustCompile(`^goroutine (\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^\]]*)\]:$`)
	frameFile     = regexp.MustCompile(`^\s+(\S.*):(\d+)(?: \+0x[0-9a-f]+)?(?: .*)?$`)
)

// FindCrash returns the last panic or fatal error in a standard error stream, and
// the goroutine dump below it.
func FindCrash(stderr []byte) (Crash, bool) {
	text := clip(stderr)
	at := -1
	for _, mark := range []string{"panic: ", "fatal error: "} {
		if i := lastLineStart(text, mark); i > at {
			at = i
		}
	}
	if at < 0 {
		return Crash{}, false
	}
	reason, rest, _ := strings.Cut(text[at:], "\n")
	// A value that spans lines, and "[recovered]" notes, stand before the dump.
	for line := range strings.Lines(rest) {
		if strings.HasPrefix(line, "goroutine ") || strings.HasPrefix(line, "[signal ") || strings.TrimSpace(line) == "" {
			break
		}
		reason += " " + strings.TrimSpace(line)
	}
	return Crash{Reason: reason, Goroutines: ParseGoroutines(rest)}, true
}

func lastLineStart(text, mark string) int {
	if i := strings.LastIndex(text, "\n"+mark); i >= 0 {
		return i + 1
	}
	if strings.HasPrefix(text, mark) {
		return 0
	}
	return -1
}

// ParseGoroutines reads a goroutine dump as the runtime prints it.
func ParseGoroutines(text string) []Goroutine {
	var gs []Goroutine
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		m := goroutineHead.FindStringSubmatch(strings.TrimSuffix(lines[i], "\r"))
		if m == nil {
			continue
		}
		id, _ := strconv.Atoi(m[1])
		state, _, _ := strings.Cut(m[2], ",")
		g := Goroutine{ID: id, State: state}
		for i+2 < len(lines)+1 && i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" && !goroutineHead.MatchString(lines[i+1]) {
			i++
			call := strings.TrimSpace(lines[i])
			created, isCreation := strings.CutPrefix(call, "created by ")
			if i+1 >= len(lines) {
				break
			}
			file := frameFile.FindStringSubmatch(lines[i+1])
			if file == nil {
				continue
			}
			i++
			line, _ := strconv.Atoi(file[2])
			if isCreation {
				name, _, _ := strings.Cut(created, " in goroutine ")
				g.Created = append(g.Created, Frame{Func: name, File: file[1], Line: line})
				continue
			}
			g.Stack = append(g.Stack, Frame{Func: callee(call), File: file[1], Line: line})
		}
		gs = append(gs, g)
	}
	return gs
}

// callee drops the arguments of a call as a dump prints it: "p.(*T).M(0xc0, ...)".
func callee(call string) string {
	if i := strings.LastIndexByte(call, '('); i > 0 && strings.HasSuffix(call, ")") {
		return call[:i]
	}
	return call
}

func clip(data []byte) string {
	if len(data) > MaxText {
		data = data[len(data)-MaxText:]
	}
	return string(data)
}
