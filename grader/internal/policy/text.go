package policy

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"
)

// MaxFile caps one source file, in bytes: far more than any answer needs.
const MaxFile = 256 << 10

// platforms are the words that, as the end of a file's name, are a build constraint.
var platforms = strings.Fields(`
	aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos
	386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le
	ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm`)

// fileName examines the name alone: some names change what is built.
func (c *checker) fileName(name string) {
	add := func(what, why string) {
		c.found = append(c.found, Finding{name, 0, what, why, "keep the names of the chapter's files"})
	}
	base, isGo := strings.CutSuffix(name, ".go")
	_, suffix, cut := lastCut(base, "_")
	switch {
	case !isGo:
		add("is no .go file", "only Go source is graded")
	case path.Base(name) != name || strings.ContainsAny(name, `\`):
		add("lies in another folder", "the chapter is one package")
	case strings.HasPrefix(name, "_") || strings.HasPrefix(name, "."):
		add("begins with "+name[:1], "the go command does not build such files")
	case cut && suffix == "test":
		add("is a test file", "the graded tests are the course's")
	case cut && contains(platforms, suffix):
		add("is built for "+suffix+" only", "its name is a build constraint, and the same code must be graded everywhere")
	}
}

// text examines the bytes, and reports whether they can be parsed.
func (c *checker) text(name string, src []byte) bool {
	add := func(at int, what, why, next string) {
		line := 0
		if at >= 0 {
			line = 1 + bytes.Count(src[:at], []byte("\n"))
		}
		c.found = append(c.found, Finding{name, line, what, why, next})
	}
	if len(src) > MaxFile {
		add(-1, "is larger than 256 KiB", "no answer needs that much", "hand in your own code only")
		return false
	}
	if at := bytes.IndexByte(src, 0); at >= 0 {
		add(at, "contains a NUL byte", "Go source is text", "save the file as UTF-8")
		return false
	}
	for at := 0; at < len(src); {
		r, size := utf8.DecodeRune(src[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			add(at, "is not UTF-8", "Go source is", "save the file as UTF-8")
			return false
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			add(at, "contains a character that changes the direction of text", "the code then reads otherwise than it runs",
				`delete it, or write it as \u`+strings.ToLower(hex4(r))+" in a string")
		}
		at += size
	}
	return true
}

func hex4(r rune) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}

func lastCut(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
