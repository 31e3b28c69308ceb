//go:build unix

package sandbox

import (
	"fmt"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

func init() {
	acts["ignored"] = func([]string) { fmt.Print(signal.Ignored(syscall.SIGHUP)) }
}

// TestIgnoredSignalsAreOurs runs a command while this process ignores SIGHUP, as under nohup.
func TestIgnoredSignalsAreOurs(t *testing.T) {
	signal.Ignore(syscall.SIGHUP)
	defer signal.Reset(syscall.SIGHUP)
	each(t, func(t *testing.T, s Sandbox) {
		out := run(s, act(t, "ignored"), ample)
		assert.Equal(t, "false", string(out.Stdout))
	})
}
