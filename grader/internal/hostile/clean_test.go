//go:build linux

package hostile

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/internal/report"
	"lockstep/grader/internal/verdict"
)

const (
	maxReport = 4 << 20 // bytes of one chapter's report: what a submission says is capped
	mark      = "h4ck"  // the attacks on reports have it in what they want obeyed
)

// clean writes a result in every format there is and looks for what a reader's machine
// would obey.
func clean(t *testing.T, r *verdict.Result) {
	for _, f := range report.Formats() {
		var out bytes.Buffer
		if !assert.NoError(t, f.Write(&out, r, report.Options{}), f.Name) {
			continue
		}
		assert.Less(t, out.Len(), maxReport, "%s is too long", f.Name)
		assert.True(t, utf8.Valid(out.Bytes()), "%s is not UTF-8", f.Name)
		at := strings.IndexFunc(out.String(), func(c rune) bool {
			return c != '\n' && c != '\t' && c != '\r' && (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c))
		})
		if at >= 0 {
			t.Errorf("%s has a character that a terminal obeys: %.80q", f.Name, out.String()[at:])
		}
		for line := range strings.Lines(out.String()) {
			obeyed := strings.HasPrefix(strings.TrimSpace(line), "::"+mark) || strings.Contains(line, "##["+mark)
			assert.False(t, obeyed, "%s: %s", f.Name, line)
		}
		switch f.Name {
		case "junit":
			assert.NotContains(t, out.String(), "<"+mark)
		case "markdown":
			assert.NotContains(t, outsideFences(out.String()), "<"+mark)
		}
		assert.NoError(t, wellFormed(f.Name, out.Bytes()), f.Name)
	}
}

// outsideFences returns what of a Markdown text is not in a block of code.
func outsideFences(text string) string {
	var b strings.Builder
	fence := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case fence == "" && strings.HasPrefix(line, "```"):
			fence = strings.TrimSuffix(line, "text")
		case fence == "":
			b.WriteString(line + "\n")
		case line == fence:
			fence = ""
		}
	}
	return b.String()
}

// wellFormed reads a report the way its readers do.
func wellFormed(format string, data []byte) error {
	switch format {
	case "json", "gradescope", "exercism", "prairielearn":
		var any any
		return json.Unmarshal(data, &any)
	case "junit":
		for d := xml.NewDecoder(bytes.NewReader(data)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	case "csv":
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		for _, row := range rows {
			for _, cell := range row {
				if strings.Contains(cell, mark) && strings.ContainsAny(cell[:1], "=+-@") {
					return errors.New("a formula: " + cell)
				}
			}
		}
		return err
	}
	return nil
}
