package verdict

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave/lanes"
	"lockstep/grader/internal/evidence"
)

// Source is the student's files, for quoting their lines.
type Source struct {
	Dir   string            // the chapter's folder, "chapters/05-lock"
	Files map[string][]byte // by name
	Tests map[string][]byte // the hidden tests, by name
}

// line returns the text of a line of a student's file, and whether frame is in one.
func (s Source) line(frame evidence.Frame) (text string, ok bool) {
	name := path.Base(filepath.ToSlash(frame.File))
	data, ok := s.Files[name]
	if !ok || !strings.HasSuffix(filepath.ToSlash(frame.File), s.Dir+"/"+name) {
		return "", false
	}
	lines := strings.Split(string(data), "\n")
	if frame.Line < 1 || frame.Line > len(lines) {
		return "", false
	}
	return strings.TrimSpace(lines[frame.Line-1]), true
}

// first returns the innermost frame that is the student's, else the innermost of the
// hidden tests.
func (s Source) first(stack []evidence.Frame) (evidence.Frame, bool) {
	for _, f := range stack {
		if _, ok := s.line(f); ok {
			return f, true
		}
	}
	for _, f := range stack {
		if strings.Contains(filepath.ToSlash(f.File), s.Dir+"/hidden/") {
			return f, true
		}
	}
	return evidence.Frame{}, false
}

// place prints where a frame is, as a student writes it: "lock.go:41".
func place(f evidence.Frame) string {
	return fmt.Sprintf("%s:%d", path.Base(filepath.ToSlash(f.File)), f.Line)
}

// function prints a frame's function without its package path: "(*Account).Deposit".
func function(f evidence.Frame) string {
	name := f.Func[strings.LastIndexByte(f.Func, '/')+1:]
	if _, after, ok := strings.Cut(name, "."); ok {
		name = after
	}
	return strings.ReplaceAll(name, "[...]", "")
}

// quote prints a student's line below the sentence that names it.
func (s Source) quote(f evidence.Frame) string {
	text, ok := s.line(f)
	if !ok {
		return ""
	}
	return fmt.Sprintf("    %4d | %s\n", f.Line, text)
}

var named = regexp.MustCompile(`\b([a-z][a-z0-9_]*\.go):(\d+)\b`)

// annotate quotes the student's lines that a text names, once each, below the first
// line that names them. The process that wrote the text could not: it sees no source.
func (s Source) annotate(text string) string {
	var b strings.Builder
	quoted := map[string]bool{}
	for line := range strings.Lines(text) {
		b.WriteString(line)
		for _, m := range named.FindAllStringSubmatch(line, -1) {
			n, _ := strconv.Atoi(m[2])
			q := s.quote(evidence.Frame{File: "/" + s.Dir + "/" + m[1], Line: n})
			if q == "" || quoted[m[0]] {
				continue
			}
			quoted[m[0]] = true
			if !strings.HasSuffix(b.String(), "\n") {
				b.WriteByte('\n')
			}
			b.WriteString(q)
		}
	}
	return b.String()
}

// scheduleWidth is how wide, in columns, a schedule is drawn; a page that is narrower
// redraws it.
const scheduleWidth = 76

// story is the detail of a finding: what the process said, and the schedule that
// failed, drawn with the lines of the sources.
func (s Source) story(f wire.Record) string {
	text := s.annotate(f.Detail)
	var schedule lanes.Schedule
	if len(f.Schedule) == 0 || json.Unmarshal(f.Schedule, &schedule) != nil {
		return text
	}
	drawn := schedule.Render(scheduleWidth, func(p lanes.Place) string {
		frame := evidence.Frame{File: p.File, Line: p.Line}
		if line, ok := s.line(frame); ok {
			return line
		}
		tests := Source{Dir: s.Dir + "/hidden", Files: s.Tests}
		line, _ := tests.line(frame)
		return line
	})
	return strings.Trim(strings.TrimLeft(text, "\n")+"\n"+s.annotate(drawn), "\n")
}
