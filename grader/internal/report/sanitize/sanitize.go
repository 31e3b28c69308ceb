// Package sanitize makes text that a submission had a hand in safe to show.
//
// A message, a compiler's output, a commit's name: all of it may hold terminal
// escapes, invisible or reordering characters, markup, formulas or commands to the
// machine that reads the log. Line and Block take such text and give a [Text], which
// holds none of that and is bounded in size; the methods of Text write it into each
// format. Nothing else makes a Text, so a renderer that asks for one cannot forget.
//
// What is dangerous is not dropped but shown the way Go would quote it (\x1b, \u202e):
// two texts that differ still look different, and an honest "got \x00" stays readable.
// Cleaning twice changes nothing.
package sanitize

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of what is shown.
const (
	MaxLabel   = 200   // runes of a name, a title or another label
	MaxMessage = 1_000 // runes of a one-line message
	MaxLine    = 500   // runes of one line of a block
	MaxLines   = 400   // lines of a block, the line that counts the rest included

	tabWidth = 4 // columns a tab becomes
	maxMarks = 3 // combining marks on one letter; more would paint over the lines around it
)

// Text is text that is safe to print: valid UTF-8, visible characters, spaces and,
// in a block, newlines. The zero value is empty.
type Text struct{ s string }

// Line returns s as one line of at most max runes. What is cut off leaves a "…".
func Line(s string, max int) Text {
	var b strings.Builder
	s = strings.TrimFunc(s, blank)
	start := s[:min(len(s), window(max))]
	start = strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(start)
	clean(&b, start, max, len(s) > window(max))
	return Text{b.String()}
}

// Block returns s as at most max lines, each of at most MaxLine runes. The last line
// says how many more there were. Empty lines at both ends are dropped.
func Block(s string, max int) Text {
	s = strings.TrimRightFunc(s, blank)
	if start := strings.TrimLeftFunc(s, blank); start != s {
		s = s[strings.LastIndexByte(s[:len(s)-len(start)], '\n')+1:] // keeps the first line's indent
	}
	var b strings.Builder
	for n := 1; ; n++ {
		line, rest, more := strings.Cut(s, "\n")
		if n == max && more {
			left := 1 + strings.Count(s, "\n")
			b.WriteString("… " + Count(left) + " more lines")
			break
		}
		line = strings.TrimRight(line, "\r")
		cut := len(line) > window(MaxLine)
		line = line[:min(len(line), window(MaxLine))]
		var l strings.Builder
		clean(&l, strings.ReplaceAll(line, "\t", strings.Repeat(" ", tabWidth)), MaxLine, cut)
		b.WriteString(strings.TrimRight(l.String(), " "))
		if !more {
			break
		}
		b.WriteByte('\n')
		s = rest
	}
	return Text{b.String()}
}

// blank reports whether r is shown as nothing at the end of a text.
func blank(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || r == '\n' || r == '\r' || r == '\t'
	}
	return unicode.Is(unicode.Zs, r)
}

// window bounds the bytes that are looked at to make max runes, so that a line of
// ten megabytes costs no more than a line that fits.
func window(max int) int { return (max + 1) * utf8.UTFMax }

// clean writes at most max runes of s, a line without tabs, to b. Cut says that s
// has already lost its end.
func clean(b *strings.Builder, s string, max int, cut bool) {
	var (
		out   []rune
		marks int
		space = true // the last rune was a space, or there was none
	)
	for i := 0; i < len(s) && len(out) <= max; {
		r, size := utf8.DecodeRuneInString(s[i:])
		next := s[i+size:]
		if r >= utf8.RuneSelf && unicode.In(r, unicode.Mn, unicode.Me) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case ' ' <= r && r <= '~' && r != ':' && r != '#':
			out = append(out, r)
		case r == utf8.RuneError:
			out = append(out, utf8.RuneError)
		case unicode.Is(unicode.Zs, r):
			out = append(out, ' ')
		case !strconv.IsPrint(r), invisible(r), marks > maxMarks, space && command(r, next), marker(r, next):
			out = append(out, []rune(escape(r))...)
		default:
			out = append(out, r)
		}
		space = out[len(out)-1] == ' '
		i += size
	}
	if len(out) > max || cut {
		out = append(out[:min(len(out), max-1)], '…')
	}
	b.WriteString(string(out))
}

// invisible reports whether r is printable by its category and yet draws nothing.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == '\u2800'
}

// command reports whether r begins a workflow command, "::error::…". The runner obeys
// one at the start of a line, after any spaces; as lines may be wrapped at a space,
// the start of every word counts.
func command(r rune, next string) bool { return r == ':' && strings.HasPrefix(next, ":") }

// marker reports whether r begins one of the commands that runners obey anywhere in a
// line: "##[error]", "##vso[…]", "##teamcity[…]".
func marker(r rune, next string) bool {
	if r != '#' || len(next) < 2 || next[0] != '#' {
		return false
	}
	return next[1] == '[' || 'a' <= next[1] && next[1] <= 'z'
}

// escape spells r as Go would in a string, whether or not r needs it.
func escape(r rune) string {
	if r >= ' ' && r < utf8.RuneSelf {
		return `\x` + strconv.FormatInt(int64(r), 16)
	}
	if quoted := strconv.QuoteRuneToASCII(r); len(quoted) > 2 {
		return quoted[1 : len(quoted)-1]
	}
	return string(utf8.RuneError)
}

// Count writes n with a comma between thousands.
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
