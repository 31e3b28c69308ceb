package hints

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const good = "# Hints\n\n## 5.1 A guard\n\n### Nudge\n\nLook.\n\n### Tool\n\n```go\n## not a heading\n### nor this\n```\n\n### Shape\n\nSo.\n\n## If you see X\n\n### anything\n"

func TestParse(t *testing.T) {
	h, err := Parse([]byte(good))
	require.NoError(t, err)
	require.Equal(t, Hints{"5.1": {"Look.", "```go\n## not a heading\n### nor this\n```", "So."}}, h)
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a level that is missing":    {"## 5.1\n### Nudge\na\n### Tool\nb\n", "each of"},
		"levels in another order":    {"## 5.1\n### Tool\na\n### Nudge\nb\n### Shape\nc\n", "is not level 1"},
		"a level too many":           {"## 5.1\n### Nudge\na\n### Tool\nb\n### Shape\nc\n### More\nd\n", "is not level 4"},
		"a level that is empty":      {"## 5.1\n### Nudge\n\n### Tool\nb\n### Shape\nc\n", "each of"},
		"a TODO that is there twice": {good + "## 5.1\n", "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "5.1")
		})
	}
}
