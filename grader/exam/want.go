package exam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Equal fails the test unless a call gave what it should, in one line: the call, what it
// gave, what was wanted, and when: "Balance() = 50, want 100: after Deposit(100)".
// Any goroutine may call it.
func Equal[T comparable](t testing.TB, call string, got, want T, when string) bool {
	if got == want {
		return true
	}
	t.Helper()
	return OneOf(t, call, got, []T{want}, when)
}

// OneOf is Equal for a call that may give one of several things, depending on the
// schedule.
func OneOf[T comparable](t testing.TB, call string, got T, want []T, when string) bool {
	if slices.Contains(want, got) {
		return true
	}
	t.Helper() // not before: it takes a lock of the test's, and that would order goroutines
	var or strings.Builder
	for i, w := range want {
		switch {
		case i == 0:
		case i == len(want)-1:
			or.WriteString(" or ")
		default:
			or.WriteString(", ")
		}
		fmt.Fprintf(&or, "%#v", w)
	}
	t.Errorf("%s = %#v, want %s: %s", call, got, &or, when)
	return false
}

// Error fails the test unless got is want in the sense of errors.Is, and none of the errors
// that exclude want; a nil want stands for no error. Any goroutine may call it.
func Error(t testing.TB, call string, got, want error, when string) bool {
	other := besides(got, want)
	if errors.Is(got, want) && other == nil && !errors.Is(got, errNobody) {
		return true
	}
	t.Helper()
	if errors.Is(got, want) && other != nil {
		t.Errorf("%s = %s, which is %s as well (errors.Is), want %s alone: %s", call, describe(got), describe(other), describe(want), when)
	} else {
		t.Errorf("%s = %s, want %s: %s", call, describe(got), describe(want), when)
	}
	return false
}

// SameError is Error for a call that must return want itself, not an error that wraps it.
func SameError(t testing.TB, call string, got, want error, when string) bool {
	t.Helper()
	if !Error(t, call, got, want, when) {
		return false
	}
	if got != want {
		t.Errorf("%s = error %q (%T), want the very error %q (%T), not one that wraps it: %s", call, got, got, want, want, when)
	}
	return got == want
}

// sentinels are sets of errors that exclude each other: callers tell them apart.
var sentinels = [][]error{{context.Canceled, context.DeadlineExceeded}}

// besides returns an error that excludes want, and that got is all the same; or nil. Of a
// want that is in no set, like one that wraps several errors, it says nothing.
func besides(got, want error) error {
	for _, set := range sentinels {
		wanted := slices.Index(set, want)
		for i, other := range set { // by place: code under test may have made two of them the same
			if wanted >= 0 && i != wanted && errors.Is(got, other) {
				return other
			}
		}
	}
	return nil
}

// errNobody is nobody's error: one that claims to be it claims to be any.
var errNobody = errors.New("nobody's error")

func describe(err error) string {
	if err == nil {
		return "no error"
	}
	return fmt.Sprintf("error %q", err)
}
