//go:build !linux

package puppet

import (
	"errors"
	"syscall"
)

// DieOf cannot take the handler of the runtime away here.
func DieOf(syscall.Signal) error { return errors.ErrUnsupported }
