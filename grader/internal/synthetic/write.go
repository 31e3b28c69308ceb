package synthetic

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Write makes a checkout of the fork in dir.
func (f *Fork) Write(dir string) error {
	for name, text := range f.Files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		var err error
		if target, ok := strings.CutPrefix(text, linkTo); ok {
			err = os.Symlink(target, to)
		} else {
			err = os.WriteFile(to, []byte(text), 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// epoch is when the commits of a synthetic class begin.
const epoch = 1_770_000_000 // seconds; fork i commits i minutes later

// Bare makes a bare repository of the fork in dir, with one commit on main.
func (f *Fork) Bare(ctx context.Context, dir string) error {
	init := exec.CommandContext(ctx, "git", "init", "--quiet", "--bare", "--initial-branch=main", dir)
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("git init: %w\n%s", err, out)
	}
	var b bytes.Buffer
	var i int
	fmt.Sscanf(f.ID, "student-%d", &i)
	who := fmt.Sprintf("%s <%s@example.org> %d +0000", f.ID, f.ID, epoch+60*i)
	fmt.Fprintf(&b, "commit refs/heads/main\nauthor %s\ncommitter %s\ndata 7\nHand in\n", who, who)
	for _, name := range slices.Sorted(maps.Keys(f.Files)) {
		text, mode := f.Files[name], "100644"
		if target, ok := strings.CutPrefix(text, linkTo); ok {
			text, mode = target, "120000"
		}
		fmt.Fprintf(&b, "M %s inline %s\ndata %d\n%s\n", mode, name, len(text), text)
	}
	fill := exec.CommandContext(ctx, "git", "-C", dir, "fast-import", "--quiet")
	fill.Stdin = &b
	if out, err := fill.CombinedOutput(); err != nil {
		return fmt.Errorf("git fast-import: %w\n%s", err, out)
	}
	return nil
}
