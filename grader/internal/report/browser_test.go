package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/report/sanitize/nasty"
)

// chromium returns the browser, or skips; in CI nothing may skip.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("LOCKSTEP_CI") != "" {
		t.Fatal("chromium is missing: grader/install-tools.sh installs it")
	}
	t.Skip("chromium is not installed, so what a browser makes of the pages is not looked at")
	return ""
}

// measured is what measure.js finds out about a page.
type measured struct {
	Width, Window int      // of the page and of the window, in CSS pixels
	Faint         []string // texts with a contrast below 4.5:1, and which
	Headless      int      // data cells without a header
	Scopeless     int      // headers without a scope
	Unreachable   []string // what scrolls or opens and cannot be reached by keyboard
	Foreign       []string // elements that load something or run
	Duplicates    []string // ids that are there twice
	Dark          bool
	Students      int
	Text          string
}

// browse opens a page in a headless browser and measures it there.
func browse(t *testing.T, page []byte, width int, dark bool) measured {
	t.Helper()
	browser := chromium(t)
	dir := t.TempDir()
	script, err := os.ReadFile("testdata/measure.js")
	require.NoError(t, err)
	const policy = `default-src 'none'; style-src 'unsafe-inline'`
	require.Contains(t, string(page), policy, "the page forbids everything from outside")
	page = bytes.Replace(page, []byte(policy), []byte(policy+`; script-src 'unsafe-inline'`), 1)
	page = append(page, "<script>"+string(script)+"</script>"...)
	file := filepath.Join(dir, "page.html")
	require.NoError(t, os.WriteFile(file, page, 0o644))
	// A window of the browser has a least width; a frame has none.
	frame := filepath.Join(dir, "frame.html")
	require.NoError(t, os.WriteFile(frame, fmt.Appendf(nil,
		`<!doctype html><body><iframe src="page.html" style="width:%dpx;height:900px"></iframe><script>onmessage = e => { document.body.textContent = e.data }</script>`, width), 0o644))
	scheme := "--blink-settings=preferredColorScheme=1"
	if dark {
		scheme = "--blink-settings=preferredColorScheme=0"
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"),
		scheme, "--virtual-time-budget=5000", "--dump-dom", "file://"+frame)
	out, err := cmd.Output()
	require.NoError(t, err)
	found := regexp.MustCompile(`(?s)<body>(\{.*\})</body>`).FindSubmatch(out)
	require.NotNil(t, found, "the page said nothing: %s", out)
	var m measured
	require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &m))
	return m
}

func pageOf(t *testing.T, m *Member) []byte {
	return written(t, func(w io.Writer) error { return MemberHTML(w, m) })
}

// What anybody can read, with any eyes, keys and windows.
func TestPagesInABrowser(t *testing.T) {
	class := written(t, classOf(members()).HTML)
	for name, page := range map[string][]byte{"class": class, "student": pageOf(t, ada()), "lost": pageOf(t, &Member{ID: "lost", Trouble: "no such host"})} {
		for _, dark := range []bool{false, true} {
			for _, width := range []int{1280, 360} {
				t.Run(fmt.Sprintf("%s/%d/dark=%t", name, width, dark), func(t *testing.T) {
					t.Parallel()
					m := browse(t, page, width, dark)
					assert.Equal(t, dark, m.Dark)
					assert.LessOrEqual(t, m.Width, m.Window, "the page scrolls sideways")
					assert.Empty(t, m.Faint)
					assert.Zero(t, m.Headless)
					assert.Zero(t, m.Scopeless)
					assert.Empty(t, m.Unreachable)
					assert.Empty(t, m.Foreign)
					assert.Empty(t, m.Duplicates)
				})
			}
		}
	}
	m := browse(t, class, 1280, false)
	assert.Equal(t, len(members()), m.Students)
	m = browse(t, pageOf(t, ada()), 1280, false)
	assert.Contains(t, m.Text, "Ada Lovelace")
	assert.Contains(t, m.Text, "two transfers wait for each other")
	assert.Contains(t, m.Text, "step  main", "the evidence keeps its columns")
}

// The measuring finds what it looks for.
func TestTheBrowserSeesWhatIsWrong(t *testing.T) {
	page := `<!doctype html><html lang="en"><head><meta content="default-src 'none'; style-src 'unsafe-inline'"></head><body>
<p style="color:#aaa;background:#fff">faint</p><div style="width:2000px">wide</div><div style="overflow:auto" class="scroll">no key gets here</div>
<table><tr><th>no scope</th></tr><tr><td></td><td>no header</td></tr></table><p id="a"></p><p id="a"></p><img src="x.png">`
	m := browse(t, []byte(page), 800, false)
	assert.Greater(t, m.Width, m.Window)
	assert.Len(t, m.Faint, 1)
	assert.Positive(t, m.Headless)
	assert.Equal(t, 1, m.Scopeless)
	assert.NotEmpty(t, m.Unreachable)
	assert.NotEmpty(t, m.Foreign)
	assert.Equal(t, []string{"a"}, m.Duplicates)
}

// Nothing that a student writes becomes an element, and none of it makes a page scroll.
func TestHostilePagesInABrowser(t *testing.T) {
	var all []*Member
	for i := range nasty.Strings() {
		all = append(all, hostileMember(i))
	}
	for name, page := range map[string][]byte{"class": written(t, classOf(all).HTML), "student": pageOf(t, all[0])} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := browse(t, page, 360, false)
			assert.Empty(t, m.Foreign)
			assert.Empty(t, m.Duplicates)
			assert.LessOrEqual(t, m.Width, m.Window)
			if name == "class" {
				assert.Equal(t, len(all), m.Students)
			}
			assert.True(t, strings.Contains(m.Text, "<script>") || name == "class", "markup is shown as text")
		})
	}
}
