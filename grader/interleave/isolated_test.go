package interleave_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const childVar = "INTERLEAVE_TEST_CHILD"

// isolated runs f in a process of its own and fails t with the problems that it
// returns. Package testing fails any test in whose process a race was reported, so
// what provokes races cannot run in this one.
func isolated(t *testing.T, f func() (problems []string)) {
	t.Helper()
	if to := os.Getenv(childVar); to != "" {
		b, err := json.Marshal(f())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "problems.json")
	cmd := exec.Command(exe, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), childVar+"="+file)
	out, _ := cmd.CombinedOutput() // it fails when there was a race
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("the child came to no result:\n%s", out)
	}
	var problems []string
	if err := json.Unmarshal(b, &problems); err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}
