//go:build !unix

package puppet

import (
	"errors"
	"syscall"
	"testing"
)

// needSignals skips the check: what it is about does not exist here.
func needSignals(t testing.TB) {
	t.Helper()
	t.Skip("this system has no signals and no process groups, which is what the chapter is about: use Linux, macOS or WSL")
}

// Signal cannot send signals here.
func (p *Puppet) Signal(syscall.Signal) error { return errors.ErrUnsupported }

// OwnGroup is nothing here.
func OwnGroup() *syscall.SysProcAttr { return nil }

// Leftover knows of no children here.
func Leftover() string { return "" }

// OpenFiles cannot count here.
func OpenFiles() int { return 0 }

// LimitFiles cannot limit here.
func LimitFiles(testing.TB, int) (back func()) { return func() {} }
