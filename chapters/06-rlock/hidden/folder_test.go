//go:build grade

package hidden

import (
	"fmt"
	"math"
	"testing"

	rlock "lockstep/chapters/06-rlock"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestFolderSizes checks that Add, Size, MoveTo and Folder keep account of a tree.
//
//grade:todo 6.3
//grade:points 2
func TestFolderSizes(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		root, other := rlock.NewTree(100), rlock.NewTree(5)
		a := root.Folder("a")
		b := a.Folder("b")
		sizes := func(wantRoot, wantA, wantB int, when string) {
			t.Helper()
			exam.Equal(t, "root.Size()", root.Size(), wantRoot, when)
			exam.Equal(t, "a.Size()", a.Size(), wantA, when)
			exam.Equal(t, "b.Size()", b.Size(), wantB, when)
		}
		sizes(0, 0, 0, "root, a in it and b in a are empty")
		exam.Error(t, "root.Add(1)", root.Add(1), nil, "the tree may hold 100")
		exam.Error(t, "a.Add(20)", a.Add(20), nil, "the tree holds 1 and may hold 100")
		exam.Error(t, "b.Add(30)", b.Add(30), nil, "the tree holds 21 and may hold 100")
		sizes(51, 50, 30, "root.Add(1), a.Add(20) and b.Add(30)")
		exam.Error(t, "b.Add(50)", b.Add(50), rlock.ErrFull, "the tree holds 51 and may hold 100")
		sizes(51, 50, 30, "b.Add(50) was refused")
		exam.Error(t, "b.Add(49)", b.Add(49), nil, "the tree holds 51 and may hold 100: it just fits")
		exam.Error(t, "root.Add(1)", root.Add(1), rlock.ErrFull, "the tree holds 100 and may hold 100")
		exam.Error(t, "a.Add(0)", a.Add(0), nil, "the tree is full, but nothing always fits")
		sizes(100, 99, 79, "b.Add(49) and a.Add(0) on 51, 50 and 30")
		a.MoveTo(root)
		sizes(100, 79, 79, "a.MoveTo(root) moved 20")
		b.MoveTo(a)
		sizes(100, 79, 0, "then b.MoveTo(a) moved 79")
		a.MoveTo(a)
		sizes(100, 79, 0, "then a.MoveTo(a) moved nothing")
		if root.Folder("a") != a || a.Folder("b") != b {
			t.Errorf(`root.Folder("a") is another folder the second time, want the same one`)
		}
		if other := root.Folder("b"); other == b || other.Size() != 0 {
			t.Errorf(`root.Folder("b") is the b in a, or not empty, want a new folder`)
		}
		if other.Folder("a") == a {
			t.Errorf(`other.Folder("a") is the a in root, want a new folder: other is another tree`)
		}
		exam.Equal(t, "other.Size()", other.Size(), 0, "other is another tree, and empty")
		exam.Error(t, "other.Add(6)", other.Add(6), rlock.ErrFull, "other is another tree, is empty and may hold 5")
		exam.Error(t, "other.Add(5)", other.Add(5), nil, "other is another tree, is empty and may hold 5")
		sizes(100, 79, 0, "other.Add(5), to another tree")
	})
	interleave.Explore(t, func(t *testing.T) {
		for _, paths := range trees() {
			root, files := grow(t, paths)
			for _, path := range paths {
				exam.Equal(t, fmt.Sprintf("Size() of %q", path), at(root, path).Size(), sizeOf(files, path), fmt.Sprintf("the folders are %q, and hold 1, 2, 4 and so on", paths))
			}
		}
	}, few...)
}

// TestFolderMadeOnce checks that everybody who asks for a name at the same time gets the same folder.
//
//grade:todo 6.3
//grade:points 1
//grade:needs TestFolderSizes
func TestFolderMadeOnce(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		exam.Together(
			func() { root.Folder("a").Add(1) },
			func() { root.Folder("a").Add(20) },
			func() { root.Folder("b").Add(40) },
		)
		const when = `Folder("a").Add(1), Folder("a").Add(20) and Folder("b").Add(40) at the same time`
		exam.Equal(t, `root.Folder("a").Size()`, root.Folder("a").Size(), 21, when)
		exam.Equal(t, "root.Size()", root.Size(), 61, when)
	})
}

// TestFolderLimit checks that a file is refused if it does not fit, and only then, whatever others do.
//
//grade:todo 6.3
//grade:points 2
//grade:needs TestFolderSizes
func TestFolderLimit(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		a, b := root.Folder("a"), root.Folder("b")
		var sixty, fifty error
		var seen, with60, with50 int
		exam.Together(
			func() { sixty = a.Add(60); with60 = root.Size() },
			func() { fifty = b.Add(50); with50 = root.Size() },
			func() { seen = root.Size() },
		)
		const when = "a.Add(60) and b.Add(50) at the same time, in a tree that may hold 100"
		switch {
		case sixty == nil && fifty != nil:
			exam.Error(t, "b.Add(50)", fifty, rlock.ErrFull, when)
			exam.Equal(t, "root.Size()", root.Size(), 60, when)
			exam.Equal(t, "root.Size()", with50, 60, "right after b.Add(50) found no room; "+when)
			exam.OneOf(t, "root.Size()", seen, []int{0, 60}, "during "+when)
		case fifty == nil && sixty != nil:
			exam.Error(t, "a.Add(60)", sixty, rlock.ErrFull, when)
			exam.Equal(t, "root.Size()", root.Size(), 50, when)
			exam.Equal(t, "root.Size()", with60, 50, "right after a.Add(60) found no room; "+when)
			exam.OneOf(t, "root.Size()", seen, []int{0, 50}, "during "+when)
		default:
			t.Errorf("a.Add(60) = %v and b.Add(50) = %v, want one nil and the other ErrFull: %s", sixty, fifty, when)
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		a, b := root.Folder("a"), root.Folder("b")
		root.Add(50)
		var sixty, forty error
		var seen int
		exam.Together(
			func() { sixty = a.Add(60) },
			func() { forty = b.Add(40) },
			func() { seen = root.Size() },
		)
		const when = "a.Add(60) and b.Add(40) at the same time, in a tree that holds 50 and may hold 100"
		exam.Error(t, "a.Add(60)", sixty, rlock.ErrFull, when)
		exam.Error(t, "b.Add(40)", forty, nil, when+": what does not fit takes no room")
		exam.OneOf(t, "root.Size()", seen, []int{50, 90}, "during "+when)
		exam.Equal(t, "root.Size()", root.Size(), 90, "after "+when)
	})
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		a := root.Folder("a")
		a.Add(50)
		var fifty, one error
		exam.Together(
			func() { a.MoveTo(root) },
			func() { fifty = root.Add(50); one = root.Add(1) },
		)
		const when = "while a.MoveTo(root) moves 50 within a tree that may hold 100"
		exam.Error(t, "root.Add(50)", fifty, nil, when)
		exam.Error(t, "root.Add(1)", one, rlock.ErrFull, when+", after root.Add(50)")
		exam.Equal(t, "root.Size()", root.Size(), 100, "after root.Add(50), "+when)
	})
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		a := root.Folder("a")
		a.Add(50)
		exam.Together(
			func() { a.MoveTo(root) },
			func() { a.Add(1) },
		)
		const when = "after a.Add(1), while a.MoveTo(root) moved the 50 that were in a"
		exam.OneOf(t, "a.Size()", a.Size(), []int{0, 1}, when)
		exam.Equal(t, "root.Size()", root.Size(), 51, when)
	})
	interleave.Explore(t, func(t *testing.T) {
		for _, limit := range []int{0, 1, 2, 100, math.MaxInt} {
			root := rlock.NewTree(limit)
			a := root.Folder("a")
			add := func(f *rlock.Folder, call string, size, held int) {
				t.Helper()
				when := fmt.Sprintf("the tree holds %d and may hold %d", held, limit)
				want := rlock.ErrFull
				if size <= limit-held {
					want, held = nil, held+size
				}
				exam.Error(t, fmt.Sprintf("%s(%d)", call, size), f.Add(size), want, when)
				exam.Equal(t, "root.Size()", root.Size(), held, fmt.Sprintf("after %s(%d): before, %s", call, size, when))
			}
			if limit < math.MaxInt {
				add(a, "a.Add", limit+1, 0)
			}
			add(root, "root.Add", 0, 0)
			add(root, "root.Add", 1, 0)
			held := min(limit, 1)
			add(a, "a.Add", math.MaxInt, held)
			add(a, "a.Add", limit-held, held)
			add(root, "root.Add", 1, limit)
			add(a, "a.Add", math.MaxInt, limit)
			add(root, "root.Add", 0, limit)
		}
	}, some...)
}

// TestFolderSizeWhileOthersAdd checks that Size, Add and MoveTo always finish and see each other whole.
//
//grade:todo 6.3
//grade:points 2
//grade:needs TestFolderSizes
func TestFolderSizeWhileOthersAdd(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		a := root.Folder("a")
		b := a.Folder("b")
		var first, inB, second int
		exam.Together(
			func() { b.Add(1); root.Add(10) },
			func() { first = root.Size(); inB = b.Size(); second = root.Size() },
		)
		const when = "while b.Add(1), then root.Add(10); b is in a, and a in root"
		exam.OneOf(t, "root.Size()", first, []int{0, 1, 11}, when)
		exam.OneOf(t, "root.Size()", second, []int{0, 1, 11}, when)
		if second < first {
			t.Errorf("root.Size() = %d after it was %d: nothing is taken away", second, first)
		}
		exam.OneOf(t, "b.Size()", inB, []int{min(first, 1), min(second, 1)}, fmt.Sprintf("root.Size() was %d before and %d after, %s", first, second, when))
	})
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		b := root.Folder("a").Folder("b")
		var seen int
		exam.Together(
			func() { root.Add(10); b.Add(1) },
			func() { seen = root.Size() },
		)
		exam.OneOf(t, "root.Size()", seen, []int{0, 10, 11}, "while root.Add(10), then b.Add(1); b is in a, and a in root")
	})
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		root.Folder("a").Add(1)
		var first, second int
		exam.Together(
			func() { first = root.Size() },
			func() { second = root.Size() },
			func() { root.Folder("b") },
		)
		exam.Equal(t, "root.Size(), twice", [2]int{first, second}, [2]int{1, 1}, `at the same time, while root.Folder("b") makes an empty folder; a holds 1`)
	})
	for _, moves := range [][]move{
		{{"a", "b"}, {"b", "a"}},
		{{"a/x", "b/x"}, {"b/x", "a/x"}}, // of the same name
		{{".", "a"}, {"a", "."}},
		{{"a", "a/x"}, {"a/x", "a"}},
		{{"a", "b"}, {"a", "b"}},
		{{"a", "b/x"}, {"a", "a/x"}},
		{{"a", "b"}, {"b", "."}, {".", "a"}},
		{{"a", "a"}, {"a", "b"}, {"b", "b"}},
	} {
		interleave.Explore(t, func(t *testing.T) {
			root, files := grow(t, []string{".", "a", "a/x", "b", "b/x"})
			var seen int
			run := []func(){func() { seen = root.Size() }}
			for _, m := range moves {
				from, to := at(root, m.from), at(root, m.to)
				run = append(run, func() { from.MoveTo(to) })
			}
			exam.Together(run...)
			when := fmt.Sprintf("1, 2, 4, 8 and 16 bytes in ., a, a/x, b and b/x, and files move at the same time: %v", moves)
			exam.Equal(t, "root.Size()", seen, 31, "meanwhile; "+when)
			got := ""
			for _, path := range []string{".", "a", "a/x", "b", "b/x"} {
				got += fmt.Sprint(path, " ", at(root, path).Size(), " ")
			}
			exam.OneOf(t, "Size of all folders", got, outcomes(files, moves), "afterwards; "+when)
		}, some...)
	}
}
