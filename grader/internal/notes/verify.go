package notes

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// verifier gathers what the notes mention while it walks through them.
type verifier struct {
	dir      string
	python   string
	problems []Problem
	packages []place // Go packages to vet
	run      []place // programs to run
}

// place is a path, relative to the chapter, and the line that mentions it.
type place struct {
	path string
	line int
}

func (v *verifier) add(line int, what string) {
	v.problems = append(v.problems, Problem{line, what})
}

// read checks everything but the programs, which it gathers.
func (v *verifier) read() {
	data, err := os.ReadFile(filepath.Join(v.dir, File))
	if err != nil {
		v.add(1, err.Error())
		return
	}
	lines := strings.Split(string(data), "\n")
	blocks := parse(lines)
	for _, b := range blocks {
		v.block(b)
	}
	v.links(lines, blocks)
}

func (v *verifier) block(b block) {
	switch b.kind {
	case kindNone:
		if b.language != "mermaid" {
			v.add(b.line, "this block comes from no file: put <!-- file: ... --> or <!-- output: ... --> before it")
		}
	case kindFile:
		name, _, _ := strings.Cut(b.source, "#")
		v.mention(name, b.line)
		text, err := quote(v.dir, b.source)
		if err != nil {
			v.add(b.line, err.Error())
		} else if !b.fenced || !slices.Equal(text, b.text) {
			v.add(b.line, "this block is not what "+b.source+" says: run make notes")
		}
	case kindOutput:
		v.output(b)
	case kindTable:
		v.table(b)
	}
}

// mention notes a Go file's package for vet.
func (v *verifier) mention(name string, line int) {
	if strings.HasSuffix(name, ".go") {
		v.packages = append(v.packages, place{"./" + path.Dir(name), line})
	}
}

func (v *verifier) output(b block) {
	if !b.fenced {
		v.add(b.line, "nothing has been captured: run make notes")
		return
	}
	words := strings.Fields(b.source)
	if words[0] != "python3" {
		v.packages = append(v.packages, place{words[len(words)-1], b.line})
		return
	}
	if !v.needPython(b.line) {
		return
	}
	text, err := capture(v.dir, b.source)
	if err != nil {
		v.add(b.line, err.Error())
	} else if !slices.Equal(text, b.text) && !v.measures(words[1:]) {
		v.add(b.line, b.source+" prints something else now: run make notes")
	}
}

var span = regexp.MustCompile("`([^`]+)`")

func (v *verifier) table(b block) {
	if len(b.text) < 3 {
		v.add(b.line, "no table follows")
		return
	}
	for column, name := range strings.Fields(b.source) {
		v.mention(name, b.line)
		v.run = append(v.run, place{name, b.line})
		data, err := os.ReadFile(filepath.Join(v.dir, name))
		if err != nil {
			v.add(b.line, err.Error())
			continue
		}
		for i, row := range b.text[2:] {
			cells := strings.Split(strings.Trim(row, "|"), "|")
			if column >= len(cells) {
				continue
			}
			for _, m := range span.FindAllStringSubmatch(cells[column], -1) {
				if !strings.Contains(string(data), m[1]) {
					v.add(b.line+3+i, m[1]+" does not stand in "+name)
				}
			}
		}
	}
}

// needPython reports whether there is a Python; when there should be one it complains.
func (v *verifier) needPython(line int) bool {
	if v.python == "" && inCI() {
		v.add(line, "there is no python3 to run this")
	}
	return v.python != ""
}

// programs vets every package mentioned, once, and runs the programs of tables.
func (v *verifier) programs() {
	seen := map[string]bool{}
	for _, p := range v.packages {
		if !seen[p.path] {
			seen[p.path] = true
			v.command(p.line, "go", "vet", p.path)
		}
	}
	for _, p := range v.run {
		switch {
		case strings.HasSuffix(p.path, ".go"):
			v.command(p.line, "go", "run", "./"+path.Dir(p.path))
		case v.needPython(p.line):
			v.command(p.line, v.python, p.path)
		}
	}
}

func (v *verifier) command(line int, name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.Dir = v.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		v.add(line, strings.Join(append([]string{filepath.Base(name)}, args...), " ")+": "+err.Error()+"\n"+string(out))
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// links checks that relative links outside code blocks lead to something that exists.
func (v *verifier) links(lines []string, blocks []block) {
	inBlock := func(i int) bool {
		return slices.ContainsFunc(blocks, func(b block) bool { return b.fenced && b.first <= i && i < b.last })
	}
	for i, line := range lines {
		if inBlock(i) {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(line, -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, ":") {
				continue
			}
			if _, err := os.Stat(filepath.Join(v.dir, filepath.FromSlash(target))); err != nil {
				v.add(i+1, "the link to "+target+" leads nowhere")
			}
		}
	}
}

// measures reports whether a Python program reads a fine clock. What it prints then
// depends on how busy the machine is: it must run, and its output is not compared.
func (v *verifier) measures(files []string) bool {
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(v.dir, name))
		if err == nil && strings.Contains(string(data), "perf_counter") {
			return true
		}
	}
	return false
}
