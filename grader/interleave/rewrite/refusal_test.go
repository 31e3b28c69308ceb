package rewrite

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRefused verifies that what cannot be rewritten is named with its line, and that
// nothing else is.
func TestRefused(t *testing.T) {
	p := readPackage(t, "refused", "testdata/refused")
	want := map[int]string{}
	lines := bufio.NewScanner(bytes.NewReader(p.Files["refused.go"]))
	for line := 1; lines.Scan(); line++ {
		if _, reason, ok := strings.Cut(lines.Text(), "// want: "); ok {
			want[line] = reason
		}
	}
	r, _ := newRewriter(t)
	result, err := r.Rewrite(p, Control)
	require.NoError(t, err)
	got := map[int]bool{}
	for _, refusal := range result.Refusals {
		require.Contains(t, want, refusal.Line, "%s", refusal)
		require.Contains(t, refusal.Reason, want[refusal.Line])
		require.Equal(t, "refused.go", refusal.File)
		got[refusal.Line] = true
	}
	require.Len(t, got, len(want), "%v", result.Refusals)

	result, err = r.Rewrite(p, Yield)
	require.NoError(t, err)
	require.Empty(t, result.Refusals, "there is always the weaker method")
}

// rewriteText rewrites one file and checks that the result is accepted.
func rewriteText(t *testing.T, source string, mode Mode) string {
	t.Helper()
	r, _ := newRewriter(t)
	p := Package{Path: "example", Dir: "/example", Files: map[string][]byte{"a.go": []byte(source)}}
	result, err := r.Rewrite(p, mode)
	require.NoError(t, err)
	require.Empty(t, result.Refusals)
	typeCheck(t, r, p, result)
	checkLines(t, "a.go", []byte(source), result.Files["a.go"])
	return string(result.Files["a.go"])
}

// TestLayout rewrites text that gofmt would not leave so.
func TestLayout(t *testing.T) {
	for _, source := range []string{
		"package a // comment\nimport \"sync\"\nvar mu sync.Mutex\nfunc f() { mu.\nLock( // locked\n) }\n",
		"package a\nfunc f(c chan int) { c <-\n1; <-\nc; v, ok := (\n<-c /* x */)\n_, _ = v, ok }\n",
		"package a\nfunc f(c chan int) { select { case <-\nc: case c <-\n1: case v,\nok := (<-\nc): _, _ = v, ok; default: } }\n",
		"package a\nfunc f(a, b int) {\ngo f(\na,\nb,\n)\ngo func() {\n}(\n)\n}\n",
		"package a\nfunc f(c chan int) (n int) { for v := range c { n += v }\nfor range\nc {}; return\n}\n",
		"package a\nfunc f(c chan int) { L:\nselect { case <-c: break L }\nM: for { select { case <-c: break M; default: goto M } } }\n",
		"//line other.go:100\npackage a\nfunc f(c chan int) { c <- 1 }\n",
		"package a\nimport \"sync\"\ntype T[P any, _ any] struct { *sync.Mutex; v P }\nfunc f(t *T[int, int]) { t.Lock(); g(t) }\nfunc g(l sync.Locker) { l.Unlock() }",
		"package a\nimport \"time\"\nfunc f(t *time.Timer) func() bool { return t.\nStop }\n",
	} {
		rewriteText(t, source, Control)
	}
}

func TestYield(t *testing.T) {
	got := rewriteText(t, `package a

import "sync"

var mu sync.Mutex

func f(c chan int) (n int) {
	mu.Lock()
	defer mu.Unlock()
	n++
loop:
	for i := range c {
		if n += i; i > <-c {
			break loop
		}
	}
	for len(c) > 0 {
		n++
	}
	go func() { c <- n }()
	return <-c
}
`, Yield)
	require.Equal(t, `package a; import lockstep_rt "lockstep/grader/interleave/rt"

import "sync"

var mu sync.Mutex

func f(c chan int) (n int) {
	lockstep_rt.Yield(); mu.Lock()
	defer mu.Unlock()
	n++
lockstep_rt.Yield(); loop:
	for i := range c {
		lockstep_rt.Yield(); if n += i; i > <-c {
			break loop
		}
	}
	lockstep_rt.Yield(); for len(c) > 0 {lockstep_rt.Yield(); 
		n++
	}
	lockstep_rt.Yield(); go func() { lockstep_rt.Yield(); c <- n }()
	lockstep_rt.Yield(); return <-c
}

var _ = lockstep_rt.Yield
`, got)
}
