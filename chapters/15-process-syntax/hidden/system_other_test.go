//go:build grade && !unix

package hidden

import (
	"syscall"
	"testing"
)

// There is nothing like it here, and the checks skip.
const (
	stopSignal = syscall.SIGINT
	goOnSignal = syscall.SIGINT
)

func crowd(*testing.T, int) (leave func()) { return func() {} }
