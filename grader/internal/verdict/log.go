package verdict

import (
	"regexp"
	"strings"
)

const maxTail = 2000 // bytes of a stream that is quoted when nothing better is known

var (
	logEntry   = regexp.MustCompile(`^\s+\S+\.go:\d+: ?(.*)$`)
	testifyRow = regexp.MustCompile(`^\s*\t(Error Trace|Error|Test|Messages):\s*\t(.*)$`)
	testifyOn  = regexp.MustCompile(`^\s*\t\s+\t(.*)$`)
)

// explainLog takes the first failure out of package testing's report: one line for the
// scorecard, and the report itself, without testify's frame.
func explainLog(log string) (message, detail string) {
	var entries []string
	for line := range strings.Lines(log) {
		line = strings.TrimRight(line, "\n")
		switch m := logEntry.FindStringSubmatch(line); {
		case m != nil:
			entries = append(entries, m[1])
		case strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "=== ") || line == "FAIL" || line == "PASS" || len(entries) == 0:
		default:
			entries[len(entries)-1] += "\n" + line
		}
	}
	for i, e := range entries {
		entries[i] = plain(e)
	}
	detail = strings.Join(entries, "\n")
	for _, e := range entries {
		if line := firstLine(e); line != "" && !strings.HasPrefix(line, "race detected") {
			return line, detail
		}
	}
	return "the check failed without saying why", detail
}

// plain rewrites an entry that testify framed: its message, then got and want.
func plain(entry string) string {
	fields := map[string][]string{}
	key := ""
	for line := range strings.Lines(entry) {
		line = strings.TrimRight(line, "\n")
		if m := testifyRow.FindStringSubmatch(line); m != nil {
			key = m[1]
			fields[key] = append(fields[key], m[2])
		} else if m := testifyOn.FindStringSubmatch(line); m != nil && key != "" {
			fields[key] = append(fields[key], m[1])
		}
	}
	if len(fields["Error"]) == 0 {
		return strings.TrimSpace(entry)
	}
	return sentence(fields["Messages"], fields["Error"])
}

func sentence(messages, rows []string) string {
	message := strings.TrimSpace(strings.Join(messages, " "))
	var got, want string
	rest := []string{}
	for _, row := range rows {
		row = strings.TrimSpace(row)
		if v, ok := strings.CutPrefix(row, "expected: "); ok {
			want = v
		} else if v, ok := strings.CutPrefix(row, "actual  : "); ok {
			got = v
		} else if row != "" && row != "Not equal:" {
			rest = append(rest, row)
		}
	}
	var out string
	if got != "" && want != "" {
		out = "got " + got + ", want " + want
	} else {
		out = strings.Join(rest, " ")
		rest = nil
	}
	if message != "" {
		out = message + ": " + out
	}
	if len(rest) > 0 {
		out += "\n" + strings.Join(rest, "\n")
	}
	return out
}

func tail(data []byte) string {
	if len(data) > maxTail {
		data = data[len(data)-maxTail:]
	}
	return strings.TrimSpace(string(data))
}

func quoteStart(streams ...[]byte) string {
	const most = 60
	for _, s := range streams {
		if text := strings.Join(strings.Fields(string(s[:min(len(s), 4*most)])), " "); text != "" {
			return strings.ToValidUTF8(text[:min(len(text), most)], "?")
		}
	}
	return "(blank)"
}
