package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/course"
)

// ordinary are the rules of a chapter like most.
var ordinary = Rules{Imports: strings.Fields("context errors fmt io log os runtime runtime/debug sync sync/atomic syscall time math math/rand/v2")}

// body makes a file that uses its imports as it says.
func body(imports, rest string) string {
	var b strings.Builder
	b.WriteString("package lock\n")
	for _, path := range strings.Fields(imports) {
		b.WriteString("import \"" + path + "\"\n")
	}
	return b.String() + rest
}

func check(t *testing.T, src string, rules Rules) []Finding {
	found, err := Check(map[string][]byte{"lock.go": []byte(src)}, rules)
	require.NoError(t, err)
	return found
}

// TestRefused holds what must be found: each source with a part of what is said of it.
func TestRefused(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"unsafe", body("unsafe", ""), "lock.go:2: imports unsafe: it reaches round"},
		{"cgo", "package lock\n// int f() { return 1; }\nimport \"C\"\n", "lock.go:3: imports C"},
		{"plugin", body("plugin", ""), "imports plugin"},
		{"testing", body("testing", ""), "imports testing: code that knows"},
		{"testing/quick", body("testing/quick", ""), "imports testing/quick"},
		{"internal", body("internal/race", ""), "imports internal/race"},
		{"the grader", body("lockstep/grader/exam/wire", ""), "the grader's own code"},
		{"another chapter", body("lockstep/chapters/04-join/hidden", ""), "the course's own code"},
		{"a folder", body("./hidden", ""), "not folders"},
		{"not listed", body("net/http", ""), "this chapter does not need it; the chapter allows context, errors"},
		{"reflect", body("reflect", ""), "imports reflect: it hands out pointers"},
		{"dot", `package lock; import . "fmt"`, "imports fmt with a dot"},
		{"builtin as import", `package lock; import panic "fmt"`, "declares panic"},
		{"true as import", `package lock; import true "fmt"`, "declares true"},

		{"norace", body("", "//go:norace\nfunc f() {}"), "lock.go:2: has the directive //go:norace"},
		{"linkname", body("", "//go:linkname f runtime.f\nfunc f() {}"), "//go:linkname"},
		{"indented", body("", "func f() {\n\t//go:nosplit\n}"), "lock.go:3: has the directive //go:nosplit"},
		{"after code", body("", "func f() {} //go:norace"), "//go:norace"},
		{"generate", body("", "//go:generate rm -rf /\n"), "//go:generate"},
		{"go:build", "//go:build race\n\npackage lock", "lock.go:1: has a build constraint"},
		{"+build", "// +build race\n\npackage lock", "has a build constraint"},
		{"//line", body("", "//line hidden/lock_test.go:1\n"), "lock.go:2: has a line directive"},
		{"/*line*/", body("", "func f() { /*line x.go:1:1*/ }"), "has a line directive"},
		{"export", body("", "//export Name\nfunc Name() {}"), "has the directive //export"},
		{"no body", body("", "func nanotime() int64"), "declares nanotime without a body"},

		{"main", "package main", "is package main"},
		{"test package", "package lock_test", "is a test package"},
		{"goroutine of init", body("", "func init() { func() { go f() }() }\nfunc f() {}"), "starts a goroutine before any test"},
		{"TestMain", body("", "func TestMain() {}"), "declares TestMain"},
		{"func panic", body("", "func panic(any) {}"), "lock.go:2: declares panic"},
		{"type error", body("", "type error = any"), "declares error"},
		{"var int", body("", "var int = 1"), "declares int"},
		{"const true", body("", "const true = false"), "declares true"},
		{"local true", body("", "func f() { true := false; _ = true }"), "declares true"},
		{"parameter nil", body("", "func f(nil int) {}"), "declares nil"},
		{"goroutine", body("", "var x = func() int { go f(); return 1 }()\nfunc f() {}"), "starts a goroutine before any test"},

		{"assignment", body("io", "func f() { io.EOF = nil }"), "lock.go:3: changes io.EOF"},
		{"in a tuple", body("io", "func f() (err error) { err, io.EOF = nil, nil; return }"), "changes io.EOF"},
		{"in parentheses", body("io", "func f() { (io.EOF) = nil }"), "changes io.EOF"},
		{"address", body("io", "var p = &io.EOF"), "takes the address of io.EOF"},
		{"address in parentheses", body("io", "var p = &((io).EOF)"), "takes the address of io.EOF"},
		{"element", body("os", "func f() { os.Args[0] = `x` }"), "changes os.Args"},
		{"through a pointer", body("time", "func f() { *time.Local = *time.UTC }"), "changes time.Local"},
		{"increment", body("runtime", "func f() { runtime.MemProfileRate++ }"), "changes runtime.MemProfileRate"},
		{"op=", body("runtime", "func f() { runtime.MemProfileRate += 2 }"), "changes runtime.MemProfileRate"},
		{"range", body("io", "func f(all []error) { for _, io.EOF = range all {} }"), "changes io.EOF"},
		{"clear", body("os", "func f() { clear(os.Args) }"), "changes os.Args"},
		{"renamed", `package lock; import x "io"; func f() { x.EOF = nil }`, "changes io.EOF"},
		{"select", body("io", "func f(c chan error) { select { case io.EOF = <-c: } }"), "changes io.EOF"},

		{"exit", body("os", "func f() { os.Exit(0) }"), "uses os.Exit: it ends the program, and the tests with it; return an error"},
		{"as a value", body("os", "var end = os.Exit"), "uses os.Exit"},
		{"deferred", body("os", "func f() { defer (os.Exit)(0) }"), "uses os.Exit"},
		{"renamed exit", `package lock; import x "os"; var f = x.Exit`, "uses os.Exit"},
		{"fatal", body("log", "func f() { log.Fatalf(``) }"), "uses log.Fatalf"},
		{"GOMAXPROCS", body("runtime", "func f() { runtime.GOMAXPROCS(1) }"), "uses runtime.GOMAXPROCS"},
		{"LockOSThread", body("runtime", "func f() { runtime.LockOSThread() }"), "uses runtime.LockOSThread"},
		{"Callers", body("runtime", "func f() { runtime.Callers(0, nil) }"), "uses runtime.Callers"},
		{"trace", body("runtime", "func f() { runtime.StartTrace() }"), "uses runtime.StartTrace: code that looks at its callers"},
		{"reading a trace", body("runtime", "var f = runtime.ReadTrace"), "uses runtime.ReadTrace"},
		{"stopping a trace", body("runtime", "func f() { runtime.StopTrace() }"), "uses runtime.StopTrace"},
		{"race detector", body("runtime", "func f() { runtime.RaceDisable() }"), "uses runtime.RaceDisable: the race detector is not the program's to switch; leave it out"},
		{"debug", body("runtime/debug", "func f() { debug.SetMaxThreads(1) }"), "uses debug.SetMaxThreads"},
		{"raw", body("syscall", "func f() { syscall.RawSyscall(1, 2, 3, 4) }"), "uses syscall.RawSyscall"},
		{"pointers of others", body("errors", "func f(v interface{ UnsafePointer() *int }) { v.UnsafePointer() }"), "uses UnsafePointer"},
		{"untyped pointers", body("sync/atomic", "var f = atomic.LoadPointer"), "uses atomic.LoadPointer"},
		{"syscall.Exit", body("syscall", "func f() { syscall.Exit(0) }"), "uses syscall.Exit"},

		{"array", body("", "var x [1<<30]byte"), "more than 64 MiB"},
		{"nested arrays", body("", "var x [1000][1000][1000]byte"), "more than 64 MiB"},
		{"named arrays", body("", "type a [1<<20]b\ntype b struct { c [1<<10]int }"), "more than 64 MiB"},
		{"by a constant", body("", "const n = 1000 * 1000 * 1000\nvar x [n]byte"), "more than 64 MiB"},
		{"by a long sum", body("", "const c00 = 0\n"+sums()+"const n = c60 + 1<<30\nvar x [n]byte"), "more than 64 MiB"},
		{"floating", body("", "var x [1e9]byte"), "more than 64 MiB"},
		{"math", body("math", "var x [math.MaxInt32]byte"), "more than 64 MiB"},
		{"key", body("", "var x = []byte{1<<30: 0}"), "more than 64 MiB"},
		{"open length", body("", "var x = [...]byte{999_999_999: 0}"), "more than 64 MiB"},
		{"local", body("", "func f() { type a [1<<20]byte; var x [1<<20]a; _ = x }"), "more than 64 MiB"},
		{"doubling", body("", doubling("struct{ x [8]int }")), "more than 64 MiB"},
		{"nesting", body("", "var x = "+strings.Repeat("(", 2000)+"1"+strings.Repeat(")", 2000)), "nests too deeply"},

		{"NUL", "package lock // \x00", "lock.go:1: contains a NUL byte"},
		{"latin 1", "package lock\n// \xe9", "lock.go:2: is not UTF-8"},
		{"bidi", "package lock\n\nvar s = \"\u202e\"", "lock.go:3: contains a character that changes the direction"},
		{"large", body("", "//"+strings.Repeat("x", MaxFile)), "lock.go: is larger than 256 KiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := check(t, test.src, ordinary)
			require.NotEmpty(t, found)
			var all []string
			for _, f := range found {
				all = append(all, f.String())
				assert.NotEmpty(t, f.Why)
				assert.NotEmpty(t, f.Next)
			}
			assert.Contains(t, strings.Join(all, "\n"), test.want)
		})
	}
}

// doubling declares types each of which holds the former twice.
func doubling(first string) string {
	var b strings.Builder
	b.WriteString("type t0 " + first + "\n")
	for i := range 25 {
		n, m := string(rune('a'+i)), string(rune('a'+i-1))
		if i == 0 {
			m = "0"
		}
		b.WriteString("type t" + n + " struct{ x t" + m + "; y t" + m + " }\n")
	}
	return b.String()
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"lock_test.go": "is a test file", "lock_linux.go": "built for linux only", "lock_arm64.go": "arm64", "race_amd64.go": "amd64",
		"lock.s": "no .go file", "../lock.go": "another folder", "_lock.go": "begins with _", ".lock.go": "begins with .",
	} {
		found, err := Check(map[string][]byte{name: []byte("package lock")}, ordinary)
		assert.NoError(t, err)
		require.Len(t, found, 1, name)
		assert.Contains(t, found[0].String(), want)
	}
	for _, name := range []string{"lock.go", "linux.go", "test.go", "my_lock.go", "rlock2.go", "test_lock.go"} {
		found, err := Check(map[string][]byte{name: []byte("package lock")}, ordinary)
		assert.NoError(t, err)
		assert.Empty(t, found, name)
	}
}

func TestRulesOfAChapter(t *testing.T) {
	src := body("os time", "func f() { time.Sleep(1); os.Exit(3) }\nfunc init() {}")
	assert.Len(t, check(t, src, ordinary), 1)

	rules := ordinary
	rules.Deny = []string{"time.Sleep", "init"}
	assert.Len(t, check(t, src, rules), 3)

	rules = ordinary
	rules.Allow = []string{"os.Exit"}
	assert.Empty(t, check(t, src, rules))

	src = body("bufio", "var r bufio.Reader")
	assert.Len(t, check(t, src, ordinary), 1)
	assert.Empty(t, check(t, src, Rules{Imports: []string{"bufio"}}))
	assert.NotEmpty(t, check(t, body("unsafe", ""), Rules{Imports: []string{"unsafe"}}), "never")
}

func TestSyntaxErrorsAreTheCompilers(t *testing.T) {
	found, err := Check(map[string][]byte{"lock.go": []byte("package lock\nfunc f( {}")}, ordinary)
	assert.Error(t, err)
	assert.Empty(t, found)
}

// TestBombsAreQuick evaluates what would take the age of the universe.
func TestBombsAreQuick(t *testing.T) {
	products := "const p00 = 3\n"
	for i := range 60 {
		n, m := itoa(i+1), itoa(i)
		products += "const p" + n + " = p" + m + " * p" + m + "\n"
	}
	check(t, body("", "const c00 = 1\n"+sums()+"var x [c60]byte"), ordinary)
	check(t, body("", products+"var x [p60]byte"), ordinary)
	nested := strings.Repeat("struct{ x ", 300) + "struct{\n" + strings.Repeat("_[c60]int\n", 20_000) + "}" + strings.Repeat("}", 300)
	check(t, body("", "const c00 = 0\n"+sums()+"type t "+nested), ordinary)
	check(t, body("", doubling("struct{}")+"type a [2]b\ntype b [2]a\nconst i = i + 1\nvar y [i]int"), ordinary)
	check(t, body("", "var x "+strings.Repeat("[1]", 80_000)+"int"), ordinary)
}

// sums declares c01 to c60, each the former twice.
func sums() string {
	var b strings.Builder
	for i := range 60 {
		b.WriteString("const c" + itoa(i+1) + " = c" + itoa(i) + " + c" + itoa(i) + "\n")
	}
	return b.String()
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

// TestOrdinaryCodePasses reads what must not be refused.
func TestOrdinaryCodePasses(t *testing.T) {
	src, err := os.ReadFile("testdata/right/ordinary.go")
	require.NoError(t, err)
	assert.Empty(t, check(t, string(src), ordinary))
	assert.Empty(t, check(t, body("sync/atomic", "var p atomic.Pointer[int]"), ordinary))
	assert.Empty(t, check(t, body("runtime runtime/debug", "func f() { runtime.Gosched(); debug.Stack() }"), ordinary))
	for _, name := range strings.Fields("append cap clear close complex copy delete imag len make max min new print println real recover") {
		assert.Empty(t, check(t, body("", "func "+name+"(a, b int) int { return a + b }"), ordinary), name)
	}
	assert.Empty(t, check(t, "package lock\n\n// +build is no constraint here\n", ordinary))
	assert.Empty(t, check(t, "\ufeff"+string(src), ordinary), "a byte order mark is what editors on Windows write")
	assert.Empty(t, check(t, strings.ReplaceAll(string(src), "\n", "\r\n"), ordinary))
}

// TestRightSolutionsPass reads every skeleton, reference and other right answer of the course
// under the rules of its chapter, and every wrong one that is to fail for another reason.
func TestRightSolutionsPass(t *testing.T) {
	c, err := course.Load("../../..")
	require.NoError(t, err)
	for _, chapter := range c.Chapters {
		if chapter.Manifest.Title == "" {
			continue // not complete: grading it says so, it is not about the policy
		}
		rules := Rules{chapter.Manifest.Imports, chapter.Manifest.Allow, chapter.Manifest.Deny}
		for _, pattern := range []string{"chapters/*.go", "solutions/*.go", "solutions/testdata/right/*.go", "solutions/testdata/wrong/*.go"} {
			top, rest, _ := strings.Cut(pattern, "/")
			files, err := filepath.Glob(filepath.Join("../../..", top, chapter.ID, rest))
			require.NoError(t, err)
			for _, path := range files {
				src, err := os.ReadFile(path)
				require.NoError(t, err)
				if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(string(src), "// want: rejected") {
					continue
				}
				found, _ := Check(map[string][]byte{filepath.Base(path): src}, rules)
				assert.Empty(t, found, path)
			}
		}
	}
}
