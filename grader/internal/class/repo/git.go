// Package repo reads what students handed in from their repositories: it fetches one
// branch into a bare clone of our own and reads blobs from that. Nothing is ever
// checked out, and no git command runs inside a student's repository but upload-pack,
// the one that git itself promises to be safe there (SECURITY in git's manual).
package repo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Git is the git command and what it may do.
type Git struct {
	path        string
	env         []string
	credentials []string // -c arguments: the credential helpers of the user and the machine, for remote repositories
}

// ErrNoGit means that there is no git command.
var ErrNoGit = errors.New("git is not on PATH: install it to read repositories")

// Open finds the git command. Its error is ErrNoGit.
func Open(ctx context.Context) (*Git, error) {
	path, err := exec.LookPath("git")
	if err != nil {
		return nil, ErrNoGit
	}
	g := &Git{path: path, env: environment()}
	g.credentials = credentialHelpers(ctx, path)
	return g, nil
}

// environment is the user's without anything that steers git, and with no
// configuration but ours. Objects are never fetched on demand, no one is asked for a
// password, and only known transports are used whatever a repository's configuration says.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "GIT_") {
			env = append(env, v)
		}
	}
	return append(env,
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_ATTR_NOSYSTEM=1",
		"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "GIT_SSH_COMMAND=ssh -oBatchMode=yes",
		"GIT_NO_LAZY_FETCH=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
}

// safe is configuration that a repository's own cannot override.
var safe = []string{
	"-c", "core.hooksPath=" + os.DevNull,
	"-c", "core.fsmonitor=false",
	"-c", "core.attributesFile=" + os.DevNull,
	"-c", "core.alternateRefsCommand=false",
	"-c", "safe.directory=*", // archives unpacked by somebody else: what follows is why that is no risk
	"-c", "transfer.bundleURI=false",
	"-c", "fetch.recurseSubmodules=false",
	"-c", "gc.auto=0",
	"-c", "maintenance.auto=false",
}

// uploadPack is what runs in a repository on this machine.
// Git hands the line to a shell.
func uploadPack() string { return "git '" + strings.Join(safe, "' '") + "' upload-pack" }

// credentialHelpers reads from the user's and the machine's configuration how to get at private
// repositories: `gh auth setup-git` writes it to the former, git for macOS and for Windows come
// with it in the latter. Nothing else is taken from them, and nothing from a repository.
func credentialHelpers(ctx context.Context, path string) []string {
	cmd := exec.CommandContext(ctx, path, "config", "-z", "--get-regexp", `^credential\.`)
	cmd.Env = append(os.Environ(), "GIT_DIR="+os.DevNull) // that is in none
	out, err := cmd.Output()
	if err != nil {
		return nil // there are none
	}
	var args []string
	for entry := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		args = append(args, "-c", strings.Replace(entry, "\n", "=", 1)) // a key without a value is true
	}
	return args
}

// fetchTime bounds one fetch.
const fetchTime = 5 * time.Minute

// maxPack bounds what one repository may bring, in bytes. A student's fork of the
// course is a few MB.
const maxPack = 1 << 30

// run runs git in the bare clone dir. protocols are those that may be used, "file".
func (g *Git) run(ctx context.Context, dir, protocols string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	all := append([]string{"--git-dir=" + dir}, safe...)
	if protocols != local {
		all = append(all, g.credentials...)
	}
	cmd := limited(ctx, maxPack, g.path, append(all, args...)...)
	cmd.Dir = dir
	cmd.Env = append(g.env, "GIT_ALLOW_PROTOCOL="+protocols)
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stderr = &capped{&said}
	err := cmd.Run()
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("it took longer than %s to fetch", fetchTime)
	case ctx.Err() != nil:
		return ctx.Err()
	case said.Len() == 0:
		return fmt.Errorf("git %s: %w", args[0], err)
	}
	return errors.New(complaint(said.String()))
}

// complaint is the line that says most: git's first "fatal:", else its last line.
func complaint(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	for _, line := range lines {
		if rest, ok := strings.CutPrefix(line, "fatal: "); ok {
			return rest
		}
	}
	return lines[len(lines)-1]
}

// capped keeps the beginning of what is written to it.
type capped struct{ *bytes.Buffer }

func (c *capped) Write(p []byte) (int, error) {
	const most = 16 << 10
	c.Buffer.Write(p[:max(0, min(len(p), most-c.Len()))])
	return len(p), nil
}
