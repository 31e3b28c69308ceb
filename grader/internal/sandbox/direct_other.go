//go:build !linux

package sandbox

import (
	"errors"
	"runtime"
)

func openBwrap() (starter, error) {
	return nil, errors.New("bubblewrap runs on Linux only, this is " + runtime.GOOS)
}

// Capped reports false: there are no cgroups here.
func Capped() bool { return false }

func killTagged(string) {}

// limitProcess sets no limit: another process's cannot be set here.
func limitProcess(int, Limits) error { return nil }

func measure(int, int) usage { return usage{} }

// busy reports false: the wall clock never stands here.
func busy(int) bool { return false }
