package exam

import (
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

// Error fails the test unless got is want in the sense of errors.Is; a nil want stands
// for no error. Any goroutine may call it.
func Error(t testing.TB, call string, got, want error, when string) bool {
	if errors.Is(got, want) && !errors.Is(got, errNobody) {
		return true
	}
	t.Helper()
	t.Errorf("%s = %s, want %s: %s", call, describe(got), describe(want), when)
	return false
}

// errNobody is nobody's error: one that claims to be it claims to be any.
var errNobody = errors.New("nobody's error")

func describe(err error) string {
	if err == nil {
		return "no error"
	}
	return fmt.Sprintf("error %q", err)
}
