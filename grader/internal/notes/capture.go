package notes

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// capture runs a command in dir and returns what it prints, both streams, without what
// is different every time. That the command fails is no error: it may be the point.
func capture(dir, command string) ([]string, error) {
	words := strings.Fields(command)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		return nil, fmt.Errorf("%s: %w", command, err)
	}
	here, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	text := strings.TrimRight(normalise(string(out), here, strings.TrimSpace(string(goroot))), "\n")
	return strings.Split(text, "\n"), nil
}

var (
	address   = regexp.MustCompile(`\b0x([0-9a-f]{6,}\??|[0-9a-f]+\?)`)
	offset    = regexp.MustCompile(` \+0x[0-9a-f]+$`)
	goroutine = regexp.MustCompile(`(?i)(goroutine )(\d+)`)
)

// normalise makes two captures of one report equal: addresses become 0x…, goroutines are
// numbered in the order in which they are named, offsets in functions go, and files are
// named from the chapter or from GOROOT.
func normalise(text, here, goroot string) string {
	text = strings.ReplaceAll(text, here+string(filepath.Separator), "")
	text = strings.ReplaceAll(text, goroot, "$GOROOT")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(offset.ReplaceAllString(line, ""), " \t")
	}
	text = address.ReplaceAllString(strings.Join(lines, "\n"), "0x…")
	numbers := map[string]string{}
	return goroutine.ReplaceAllStringFunc(text, func(s string) string {
		m := goroutine.FindStringSubmatch(s)
		if m[2] == "1" { // the main one is always 1
			return s
		}
		if numbers[m[2]] == "" {
			numbers[m[2]] = fmt.Sprint(len(numbers) + 2)
		}
		return m[1] + numbers[m[2]]
	})
}

// python returns the path of python3, or "" if there is none.
func python() string {
	path, err := exec.LookPath("python3")
	if err != nil {
		return ""
	}
	return path
}

// inCI reports whether everything that could be skipped has to be there.
func inCI() bool { return os.Getenv("LOCKSTEP_CI") == "1" }
