// Package notes keeps the notes of a chapter true: the code they show is the code of
// files that compile and run, and the output they show has been captured.
//
// A comment on the line before a code block says where the block comes from:
//
//	<!-- file: testdata/notes/race/main.go -->           the whole file
//	<!-- file: testdata/notes/race/main.go#deposit -->   a region, or a declaration, of it
//	<!-- output: go run -race ./testdata/notes/race -->  what a command prints
//
// Paths are relative to the chapter, and commands run there. A region lies between
// lines "// region deposit" and "// endregion" ("#" in Python). Besides these there may
// be mermaid blocks only. A table that sets two languages side by side is preceded by
//
//	<!-- table: testdata/notes/table.py testdata/notes/table/main.go -->
//
// Every code span in its first column must stand in the first file, every one in the
// second column in the second, and both programs must run.
package notes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// File is the name of a chapter's notes.
const File = "README.md"

// Problem is one thing in the notes that is not as it should be.
type Problem struct {
	Line int // in the notes, from 1
	What string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", File, p.Line, p.What) }

// Verify checks the notes of the chapter in dir: that each block is what its file says,
// that Go code passes vet, that the programs of tables run, that what Python printed is
// what it prints, and that relative links lead somewhere. It runs the go command, and
// python3 if there is one; with LOCKSTEP_CI=1 in the environment there has to be.
//
// What Go programs printed is not compared: a race need not show twice in the same way.
func Verify(dir string) []Problem {
	v := verifier{dir: dir, python: python()}
	v.read()
	v.programs()
	return v.problems
}

// Update rewrites the notes of the chapter in dir: every block gets the text of its file
// or the output of its command, which is run. A directive without a block gets one.
func Update(dir string) error {
	path := filepath.Join(dir, File)
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(string(data), "\n")
	var out []string
	next := 0 // first line not copied yet
	for _, b := range parse(lines) {
		text, err := fresh(dir, b)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, b.line, err)
		}
		if text == nil {
			continue
		}
		out = append(out, lines[next:b.first]...)
		if !b.fenced {
			out = append(out, "```"+language(b))
		}
		out = append(out, text...)
		if !b.fenced {
			out = append(out, "```")
		}
		next = b.last
	}
	out = append(out, lines[next:]...)
	return os.WriteFile(path, []byte(strings.Join(out, "\n")), 0o644)
}

// fresh returns the lines that a block should have; nil if it has no source.
func fresh(dir string, b block) ([]string, error) {
	switch b.kind {
	case kindFile:
		return quote(dir, b.source)
	case kindOutput:
		return capture(dir, b.source)
	}
	return nil, nil
}

func language(b block) string {
	switch {
	case b.kind == kindOutput:
		return "text"
	case strings.Contains(b.source, ".py"):
		return "python"
	}
	return "go"
}
