package repo

import (
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// private serves a repository to whoever has the password, and returns its address. Somebody is
// known and may not look: there is nothing for him, as on GitHub.
func private(t *testing.T, s *student, password string) string {
	programs, err := exec.Command("git", "--exec-path").Output()
	require.NoError(t, err)
	backend := &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(programs)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + s.dir, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, given, _ := r.BasicAuth()
		if given == "somebody" {
			http.NotFound(w, r)
			return
		}
		if given != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		backend.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/.git"
}

// TestPrivateRepositories checks that the user's own credential helper opens a private
// repository, wherever git itself looks for it, and that its absence is told with a next step.
func TestPrivateRepositories(t *testing.T) {
	s := newStudent(t)
	want := s.commit("package lock\n", day(1))
	where := private(t, s, "secret")
	helper := func(password string) string {
		return "[credential]\n\thelper = \"!f() { echo username=x; echo password=" + password + "; }; f\"\n"
	}
	const noPassword = "it is private, or not there: git has no password that opens it; on GitHub `gh auth setup-git` gives it one"
	for name, c := range map[string]struct {
		system, global, included string // configuration
		repository               string // of the one around the working directory
		want                     string // the error; "" for the commit
	}{
		"nobody has a password":                      {want: noPassword},
		"the wrong password":                         {global: helper("guess"), want: noPassword},
		"the password of somebody who may not look":  {global: helper("somebody"), want: noPassword},
		"the user's":                                 {global: helper("secret")},
		"in a file that the user includes":           {global: "[include]\n\tpath = included\n", included: helper("secret")},
		"the machine's":                              {system: helper("secret")},
		"not a repository's":                         {repository: helper("secret"), want: noPassword},
		"the user's own is asked, not the machine's": {system: helper("guess"), global: "[credential]\n\thelper =\n" + helper("secret")},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			for file, text := range map[string]string{"system": c.system, "global": c.global, "included": c.included} {
				require.NoError(t, os.WriteFile(filepath.Join(home, file), []byte(text), 0o600))
			}
			t.Setenv("GIT_CONFIG_SYSTEM", filepath.Join(home, "system"))
			t.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(home, "global"))
			around := newStudent(t)
			around.write(".git/config", c.repository)
			t.Chdir(around.dir)
			got, err := fetch(t, t.TempDir(), Source{Where: where}, time.Time{})
			if c.want != "" {
				require.EqualError(t, err, c.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, want, got.Commit)
		})
	}
}
