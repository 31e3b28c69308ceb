package sanitize

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"html"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/report/sanitize/nasty"
)

func TestLineShowsWhatIsDangerous(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b[31mPASS":              `\x1b[31mPASS`,
		"\u009b31m \x9b31m":         `\u009b31m ` + "\ufffd31m",
		"a\u202eb\u200bc\ufeff":     `a\u202eb\u200bc\ufeff`,
		"nul\x00":                   `nul\x00`,
		"two\nlines\tand a tab\r\n": "two lines and a tab",
		"::error::x":                `\x3a:error::x`,
		"a ::error::x":              `a \x3a:error::x`,
		"##[error]x":                `\x23#[error]x`,
		"## a heading":              "## a heading",
		"[::1]:80":                  "[::1]:80",
		"no\u00a0break":             "no break",
		"naïve 日本語 👍":               "naïve 日本語 👍",
		"":                          "",
	} {
		assert.Equal(t, want, Line(in, MaxMessage).String(), "%q", in)
	}
}

func TestLineIsBounded(t *testing.T) {
	assert.Equal(t, "abcd…", Line("abcdefgh", 5).String())
	assert.Equal(t, "abcde", Line("abcde", 5).String())
	assert.Equal(t, "日本語日…", Line(strings.Repeat("日本語", 1<<20), 5).String())
}

func TestBlockCountsTheRest(t *testing.T) {
	assert.Equal(t, "1\n2\n… 3 more lines", Block("1\n2\n3\n4\n5\n", 3).String())
	assert.Equal(t, "1\n2\n3", Block("\n\n1\n2\n3\n", 3).String())
	assert.Equal(t, "line\n… 3,201 more lines", Block(strings.Repeat("line\n", 3_202), 2).String())
	assert.Equal(t, "if x {\n    y()\n}", Block("if x {\r\n\ty()\r\n}", 9).String())
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		assert.Equal(t, want, Count(n))
	}
}

// check holds what every Text promises, and what each format promises of it.
func check(t *testing.T, in string) {
	t.Helper()
	line, block := Line(in, MaxMessage), Block(in, MaxLines)
	assert.Equal(t, line, Line(line.String(), MaxMessage), "cleaning twice changes a line")
	assert.Equal(t, block, Block(block.String(), MaxLines), "cleaning twice changes a block")
	assert.NotContains(t, line.String(), "\n")
	assert.LessOrEqual(t, utf8.RuneCountInString(line.String()), MaxMessage)
	assert.LessOrEqual(t, strings.Count(block.String(), "\n"), MaxLines-1)
	for _, text := range []Text{line, block} {
		for l := range strings.Lines(text.String()) {
			l = strings.TrimSuffix(l, "\n")
			assert.True(t, utf8.ValidString(l))
			assert.LessOrEqual(t, utf8.RuneCountInString(l), MaxMessage)
			assert.False(t, strings.HasPrefix(strings.TrimSpace(l), "::"), "a workflow command: %q", l)
			assert.NotContains(t, l, "##[")
			for _, r := range l {
				assert.True(t, strconv.IsPrint(r) && !invisible(r), "%U in %q", r, l)
			}
		}
		checkFormats(t, text)
	}
}

func checkFormats(t *testing.T, text Text) {
	t.Helper()
	assert.NotContains(t, text.HTML(), "<")
	assert.NotContains(t, text.HTML(), "\"")
	assert.Equal(t, text.String(), html.UnescapeString(text.HTML()))

	cell := text.CSV()
	if cell != "" {
		assert.NotContains(t, "=+-@＝＋－＠\t\r", firstRune(strings.TrimSpace(cell)))
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.Write([]string{cell, "next"}))
	w.Flush()
	row, err := csv.NewReader(&b).Read()
	require.NoError(t, err)
	assert.Equal(t, []string{cell, "next"}, row)

	b.Reset()
	require.NoError(t, xml.NewEncoder(&b).EncodeElement(text.String(), xml.StartElement{Name: xml.Name{Local: "x"}}))
	var back string
	require.NoError(t, xml.Unmarshal(b.Bytes(), &back))
	assert.Equal(t, text.String(), back, "a rune that XML forbids was replaced")

	markdown := text.Markdown()
	assert.NotContains(t, markdown, "\n")
	assert.NotContains(t, markdown, "<")
	bare := strings.NewReplacer(`\\`, "", "\\`", "", `\|`, "", `\*`, "", `\_`, "", `\[`, "", `\]`, "", `\!`, "", `\#`, "").Replace(markdown)
	assert.False(t, strings.ContainsAny(bare, "`|*_[]!#"), "markup in %q", markdown)

	fenced := strings.Split(strings.TrimSuffix(text.Fence(), "\n"), "\n")
	fence := fenced[len(fenced)-1]
	assert.Equal(t, fence+"text", fenced[0])
	for _, l := range fenced[1 : len(fenced)-1] {
		assert.False(t, strings.HasPrefix(strings.TrimSpace(l), fence), "a fence inside the fence")
	}

	for _, s := range []string{text.Data(), text.Property()} {
		assert.False(t, strings.ContainsAny(s, "\r\n"))
	}
	assert.False(t, strings.ContainsAny(text.Property(), ":,"))
	assert.Equal(t, text.String(), strings.NewReplacer("%0A", "\n", "%0D", "\r", "%25", "%").Replace(text.Data()))
}

func TestNasty(t *testing.T) {
	for _, s := range nasty.Strings() {
		check(t, s)
	}
}

func TestGuard(t *testing.T) {
	assert.Equal(t, `  \x3a:error::x`, Guard("  ::error::x"))
	assert.Equal(t, "a ::b", Guard("a ::b"))
}

func FuzzText(f *testing.F) {
	for _, s := range nasty.Strings() {
		if len(s) < 1<<12 {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}
