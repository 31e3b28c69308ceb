//go:build grade

package hidden

import (
	"fmt"
	"math"
	"strings"
	"testing"

	rlock "lockstep/chapters/06-rlock"
	"lockstep/grader/exam"
)

// trees returns the folders of some trees, each in the order of Walk.
func trees() [][]string {
	alike := []string{".", "a", "a/a", "a/b", "a/b/a", "a-b", "a-b/a", "ab", "ab/a", "ab/b", "b", "b/a", "b/a/b"}
	deep := []string{"."}
	for depth := range 6 {
		deep = append(deep, strings.Repeat("x/", depth)+"x")
	}
	for depth := 5; depth >= 0; depth-- {
		deep = append(deep, strings.Repeat("x/", depth)+"y")
	}
	dots := []string{".", "...", "..a", ".a", ".a/.b", "a", "a/..."} // a dot in a name is a letter like others
	// Names are strings like others, also those that people take for the same or put in another order.
	letters := []string{".", "A", "B", "B/A", "B/a", "a", "b"}
	spaces := []string{".", " ", " a", "a", "a "}
	numbers := []string{".", "10", "9", "a10", "a9"}
	others := []string{".", "a", "a/b", "a\x00b", "a b", "a,b", "a.b", "a:b", "a\\b", "a|b"} // no letter but the slash divides
	return [][]string{{"."}, alike, deep, dots, letters, spaces, numbers, others}
}

// grow returns a tree with these folders, made in another order, and the bytes of the
// files that it has put into each: 1, 2, 4 and so on.
func grow(t *testing.T, paths []string) (root *rlock.Folder, files map[string]int) {
	root, files = rlock.NewTree(math.MaxInt), make(map[string]int)
	for i := len(paths) - 1; i >= 0; i-- {
		files[paths[i]] = 1 << i
		exam.Error(t, fmt.Sprintf("Add(%d) of %q", 1<<i, paths[i]), at(root, paths[i]).Add(1<<i), nil, "the tree may hold math.MaxInt")
	}
	return root, files
}

// at returns the folder with that path from f.
func at(f *rlock.Folder, path string) *rlock.Folder {
	for _, name := range strings.Split(path, "/") {
		if name != "." {
			f = f.Folder(name)
		}
	}
	return f
}

// isIn reports whether one folder is another, or below it.
func isIn(path, other string) bool {
	return other == "." || path == other || strings.HasPrefix(path, other+"/")
}

// sizeOf returns what Size should be, given the bytes of the files in each folder.
func sizeOf(files map[string]int, path string) int {
	sum := 0
	for other, size := range files {
		if isIn(other, path) {
			sum += size
		}
	}
	return sum
}

// listing returns what Walk of a folder should say.
func listing(paths []string, files map[string]int, from string) []string {
	var want []string
	for _, path := range paths {
		switch size := sizeOf(files, path); {
		case path == from:
			want = append(want, fmt.Sprintf(". %d", size))
		case from == ".":
			want = append(want, fmt.Sprintf("%s %d", path, size))
		case isIn(path, from):
			want = append(want, fmt.Sprintf("%s %d", strings.TrimPrefix(path, from+"/"), size))
		}
	}
	return want
}

// A move is a MoveTo from one folder to another.
type move struct{ from, to string }

func (m move) String() string { return m.from + " to " + m.to }

// outcomes returns what the sizes may be after the moves, in any order.
func outcomes(files map[string]int, moves []move) []string {
	if len(moves) == 0 {
		got := ""
		for _, path := range []string{".", "a", "a/x", "b", "b/x"} {
			got += fmt.Sprint(path, " ", sizeOf(files, path), " ")
		}
		return []string{got}
	}
	var all []string
	for i, m := range moves {
		after := make(map[string]int)
		for path, size := range files {
			after[path] = size
		}
		if m.from != m.to {
			after[m.from], after[m.to] = 0, after[m.to]+after[m.from]
		}
		rest := append(append([]move{}, moves[:i]...), moves[i+1:]...)
		all = append(all, outcomes(after, rest)...)
	}
	return all
}
