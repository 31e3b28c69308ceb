package sanitize

import (
	"html"
	"strings"
)

// String returns the text for a terminal, for JSON, and for encoding/xml, which
// escapes markup itself and finds no rune in it that XML forbids.
func (t Text) String() string { return t.s }

// Empty reports whether there is no text.
func (t Text) Empty() bool { return t.s == "" }

// HTML returns the text for the body or a quoted attribute of an HTML document.
func (t Text) HTML() string { return html.EscapeString(t.s) }

// CSV returns the text for a cell that holds text. A spreadsheet reads a cell that
// begins with one of = + - @ as a formula, in quotes or not; an apostrophe before it
// says that it is none. Numbers are written by the caller and need no guard.
func (t Text) CSV() string {
	s := strings.ReplaceAll(t.s, "\n", " ")
	if start := strings.TrimLeft(s, " "); start != "" && strings.ContainsAny(firstRune(start), "=+-@＝＋－＠") {
		return "'" + start
	}
	return s
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// Markdown returns the text for a paragraph, a list item or a cell of a table, on one
// line: every character that could be markup or HTML there is escaped.
func (t Text) Markdown() string {
	var b strings.Builder
	for i, r := range t.s {
		switch {
		case r == '\n':
			b.WriteByte(' ')
		case strings.ContainsRune("<>&", r):
			b.WriteString(html.EscapeString(string(r)))
		case strings.ContainsRune("\\`*_[]()#!|~@:$", r), i == 0 && strings.ContainsRune("-+=", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Fence returns the text as a fenced code block of Markdown, newline at its end
// included. The fence is longer than any run of backticks in the text.
func (t Text) Fence() string {
	fence := "```"
	for strings.Contains(t.s, fence) {
		fence += "`"
	}
	return fence + "text\n" + t.s + "\n" + fence + "\n"
}

// Data returns the text for the message of a GitHub workflow command.
func (t Text) Data() string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(t.s)
}

// Property returns the text for a property (file, title) of a GitHub workflow command.
func (t Text) Property() string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(t.s)
}

// Guard returns a line of text, cut out of a Text, that begins no workflow command.
// A renderer that breaks words needs it: the break may fall before a "::".
func Guard(line string) string {
	start := strings.TrimLeft(line, " ")
	if !strings.HasPrefix(start, "::") {
		return line
	}
	return line[:len(line)-len(start)] + `\x3a` + start[1:]
}
