//go:build linux

package hostile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/verdict"
)

// Two versions of the counter: the answer to the chapter, and one that counts nothing.
const (
	rightCounter = `package counter

import (
	"io"
	"sync"
)

type Counter struct {
	mu sync.Mutex
	n  int
}

func (c *Counter) Add(n int)  { c.mu.Lock(); c.n += n; c.mu.Unlock() }
func (c *Counter) Value() int { c.mu.Lock(); defer c.mu.Unlock(); return c.n }

func Size(r io.Reader) (int, error) {
	n, err := io.Copy(io.Discard, r)
	return int(n), err
}
`
	wrongCounter = `package counter

import "io"

type Counter struct{}

func (c *Counter) Add(n int)  {}
func (c *Counter) Value() int { return 0 }

func Size(r io.Reader) (int, error) { return 0, nil }
`
)

// What the built attacks must get.
var (
	passes    = want{}
	fails     = want{everyCheck: {verdict.Fail}}
	rejects   = want{"policy": {verdict.Rejected}}
	noBuild   = want{"build": {verdict.BuildFailed}}
	tooCostly = want{"build": {verdict.BuildFailed, verdict.Rejected}}
)

// put writes a file below dir, and the folders on the way.
func put(t *testing.T, dir, name, text string) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o755))
}

// built returns the attacks that are no single file.
func built() []submission {
	var all []submission
	add := func(class, name string, w want, source string, plant func(t *testing.T, at site)) {
		all = append(all, submission{class: class, name: name, chapter: "01-counter", want: w, source: source, plant: plant})
	}
	// Whatever else a repository holds, it is not looked at: a wrong answer stays wrong.
	for name, files := range strangers {
		add("repositories", name, fails, wrongCounter, func(t *testing.T, at site) {
			for file, text := range files {
				put(t, at.dir, file, at.world.fill(text, "repositories-"+name))
			}
		})
	}
	add(honest, "crowded", passes, rightCounter, func(t *testing.T, at site) {
		for _, files := range strangers {
			for file, text := range files {
				put(t, at.dir, file, at.world.fill(text, "honest-crowded"))
			}
		}
	})
	link := func(target func(at site) string) func(t *testing.T, at site) {
		return func(t *testing.T, at site) { require.NoError(t, os.Symlink(target(at), at.file)) }
	}
	add("secrets", "link-to-secret", rejects, "", link(func(at site) string { return at.world.secret }))
	add("secrets", "link-to-tests", rejects, "", link(func(at site) string {
		return filepath.Join(at.world.course, "chapters/01-counter/hidden/counter_test.go")
	}))
	add("secrets", "link-to-itself", rejects, "", link(func(at site) string { return at.file }))
	add("secrets", "link-inside", rejects, "", func(t *testing.T, at site) {
		put(t, at.dir, "answer.go", rightCounter)
		require.NoError(t, os.Symlink("../../answer.go", at.file))
	})
	add("secrets", "link-to-folder", rejects, "", func(t *testing.T, at site) {
		require.NoError(t, os.RemoveAll(at.chapter))
		require.NoError(t, os.Symlink(filepath.Join(at.world.course, "chapters/01-counter"), at.chapter))
	})
	add("secrets", "link-to-chapters", rejects, "", func(t *testing.T, at site) {
		require.NoError(t, os.RemoveAll(filepath.Join(at.dir, "chapters")))
		require.NoError(t, os.Symlink(filepath.Join(at.world.course, "chapters"), filepath.Join(at.dir, "chapters")))
	})
	add("resources", "pipe", rejects, "", func(t *testing.T, at site) { require.NoError(t, syscall.Mkfifo(at.file, 0o644)) })
	add("resources", "folder", rejects, "", func(t *testing.T, at site) { require.NoError(t, os.Mkdir(at.file, 0o755)) })
	add("resources", "endless-device", rejects, "", link(func(site) string { return "/dev/zero" }))
	add("build", "ten-megabytes", rejects, rightCounter+"//"+strings.Repeat("x", 10<<20), nil)
	add("build", "holes", rejects, "", func(t *testing.T, at site) {
		put(t, at.chapter, filepath.Base(at.file), "")
		require.NoError(t, os.Truncate(at.file, 1<<40))
	})
	add("resources", "many-files", fails, wrongCounter, func(t *testing.T, at site) {
		for i := range 3000 {
			put(t, at.chapter, fmt.Sprintf("file%d.go", i), "package counter")
		}
	})
	add("repositories", "other-case", noBuild, "", func(t *testing.T, at site) {
		put(t, at.chapter, "Counter.go", rightCounter)
		put(t, at.chapter, "counter.GO", rightCounter)
	})
	add("repositories", "only-elsewhere", noBuild, "", func(t *testing.T, at site) {
		put(t, at.chapter, "sub/counter.go", rightCounter)
		put(t, at.dir, "counter.go", rightCounter)
		put(t, at.dir, "chapters/../01-counter/counter.go", rightCounter)
	})
	add("reports", "file-names", fails, wrongCounter, func(t *testing.T, at site) {
		for _, name := range []string{"\x1b[31mh4ck.go", "::h4ck::.go", "\n::h4ck::x.go", "=h4ck().go", "-rf.go", "\u202eh4ck.go", "<h4ck>.go", "\xffh4ck.go"} {
			put(t, at.chapter, name, "package counter")
		}
	})
	add(honest, "windows", passes, "\ufeff"+strings.ReplaceAll(rightCounter, "\n", "\r\n"), nil)
	add(honest, "unformatted", passes, strings.ReplaceAll(rightCounter, "\t", "  ")+"\n\n\n", nil)
	add(honest, "read-only", passes, rightCounter, func(t *testing.T, at site) {
		require.NoError(t, os.Chmod(at.file, 0o444))
		require.NoError(t, os.Chmod(at.chapter, 0o555))
		t.Cleanup(func() { os.Chmod(at.chapter, 0o755) })
	})
	for name, source := range bombs() {
		add("build", name, tooCostly, source, nil)
	}
	return all
}

// strangers are what a repository may hold besides answers, by what they are after.
var strangers = map[string]map[string]string{
	"module": {
		"go.mod": "module lockstep\n\ngo 1.26\n\nreplace lockstep/grader/exam => ./fake\n\nreplace go.uber.org/goleak => ./fake\n",
		"go.sum": "", "go.work": "go 1.26\n\nuse ./fake\n", "go.env": "GOFLAGS=-toolexec=@witness@\n",
		"fake/go.mod": "module lockstep/grader/exam\n", "fake/exam.go": "package exam\n\nfunc Equal(...any) bool { return true }\n",
		"vendor/modules.txt": "# go.uber.org/goleak v1.3.0\n## explicit\ngo.uber.org/goleak\n", "vendor/go.uber.org/goleak/leak.go": "package goleak\n",
		"chapters/01-counter/go.mod": "module evil\n", "chapters/01-counter/vendor/modules.txt": "",
	},
	"tests": {
		"chapters/01-counter/hidden/counter_test.go":       "//go:build grade\n\npackage hidden\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {}\nfunc TestRace(t *testing.T) {}\nfunc TestSize(t *testing.T) {}\n",
		"chapters/01-counter/counter_test.go":              "package counter\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n",
		"chapters/01-counter/external_test.go":             "package counter_test\n\nfunc init() { panic(\"never built\") }\n",
		"chapters/01-counter/testdata/skeleton/counter.go": rightCounter,
		"chapters/01-counter/chapter.yaml":                 "title: x\nminutes: 1\nfiles: [other.go]\nimports: [unsafe]\nallow: [os.Exit]\nproc: true\n",
		"chapters/01-counter/other.go":                     rightCounter,
		"solutions/01-counter/counter.go":                  rightCounter,
	},
	"other-languages": {
		"chapters/01-counter/add.s":       "TEXT ·add(SB), 4, $0\n\tRET\n",
		"chapters/01-counter/evil.syso":   "\x7fELF",
		"chapters/01-counter/evil.c":      "__attribute__((constructor)) static void evil(void) { _exit(0); }\n",
		"chapters/01-counter/evil.h":      "#error\n",
		"chapters/01-counter/more.go":     "package counter\n\nimport \"os\"\n\nfunc init() { os.Exit(0) }\n",
		"chapters/01-counter/zz_linux.go": "package counter\n\nimport \"os\"\n\nfunc init() { os.Exit(0) }\n",
		"chapters/01-counter/cgo.go":      "package counter\n\n// int f() { return 1; }\nimport \"C\"\n",
	},
	"grader": {
		"grader/exam/exam.go":               "package exam\n\nfunc Equal(...any) bool { return true }\n",
		"grader/exam/wire/wire.go":          "package wire\n\nfunc Active() bool { return false }\n",
		"grader/main.go":                    "package main\n\nfunc main() {}\n",
		"grader/interleave/interleave.go":   "package interleave\n",
		"cache/results/x":                   "{}",
		"Makefile":                          "all grade test:\n\ttouch @witness@\n",
		".ci/run":                           "#!/bin/sh\ntouch @witness@\n",
		"chapters/01-counter/Makefile":      "all:\n\ttouch @witness@\n",
		"chapters/01-counter/.golangci.yml": "run:\n  tests: false\n",
	},
	"git": {
		".git/HEAD":           "ref: refs/heads/--upload-pack=touch @witness@\n",
		".git/config":         "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = touch @witness@\n\thooksPath = hooks\n\tpager = touch @witness@\n\tsshCommand = touch @witness@\n[filter \"evil\"]\n\tclean = touch @witness@\n\tsmudge = touch @witness@\n[diff]\n\texternal = touch @witness@\n[remote \"origin\"]\n\turl = ext::touch @witness@\n",
		".git/objects/info/x": "",
		".git/refs/heads/x":   "",
		".gitattributes":      "* filter=evil diff=evil merge=evil\n",
		".gitmodules":         "[submodule \"--upload-pack=touch @witness@\"]\n\tpath = chapters/01-counter\n\turl = ext::touch @witness@\n",
		"hooks/post-checkout": "#!/bin/sh\ntouch @witness@\n",
		"hooks/fsmonitor":     "#!/bin/sh\ntouch @witness@\n",
		".lfsconfig":          "[lfs]\n\turl = http://@tcp@/\n",
		"chapters/.git":       "gitdir: ../../other-student\n",
	},
}

// bombs are sources that take for ever, or all the memory, to check or to compile. Each is
// a few lines that double what the line before made.
func bombs() map[string]string {
	const doublings = 40
	repeat := func(first, line string) string {
		var b strings.Builder
		b.WriteString(first)
		for i := 1; i <= doublings; i++ {
			b.WriteString(strings.NewReplacer("N", fmt.Sprint(i), "M", fmt.Sprint(i-1)).Replace(line))
		}
		return b.String()
	}
	all := map[string]string{
		"constant-text":    repeat("const s0 = \"xxxxxxxx\"\n", "const sN = sM + sM\n") + "const length = len(s40)\n",
		"inferred-types":   "func d[A any](a A) struct{ x, y A } { return struct{ x, y A }{a, a} }\nvar v = " + strings.Repeat("d(", doublings) + "1" + strings.Repeat(")", doublings) + "\n",
		"compared-aliases": repeat("type a0 = int\ntype b0 = int\n", "type aN = struct{ x, y *aM }\ntype bN = struct{ x, y *bM }\n") + "var x a40\nvar y b40 = x\n",
		"instances": strings.Replace(repeat("func f0[A any](a A) int { return 0 }\n", "func fN[A any](a A) int { return fM([]A{a}) + fM(&a) }\n"),
			"func f40[", "var v = f40(1)\n\nfunc f40[", 1),
	}
	for name, text := range all {
		all[name] = wrongCounter + "\n" + text
	}
	return all
}
