//go:build grade

package hidden

import (
	"fmt"
	"math"
	"slices"
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
		root := rlock.NewTree(100)
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
		exam.Equal(t, "Size()", rlock.NewTree(5).Size(), 0, "of another, new tree")
	})
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
		var seen int
		exam.Together(
			func() { sixty = a.Add(60) },
			func() { fifty = b.Add(50) },
			func() { seen = root.Size() },
		)
		const when = "a.Add(60) and b.Add(50) at the same time, in a tree that may hold 100"
		switch {
		case sixty == nil && fifty != nil:
			exam.Error(t, "b.Add(50)", fifty, rlock.ErrFull, when)
			exam.Equal(t, "root.Size()", root.Size(), 60, when)
			exam.OneOf(t, "root.Size()", seen, []int{0, 60}, "during "+when)
		case fifty == nil && sixty != nil:
			exam.Error(t, "a.Add(60)", sixty, rlock.ErrFull, when)
			exam.Equal(t, "root.Size()", root.Size(), 50, when)
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
	})
	interleave.Explore(t, func(t *testing.T) {
		for _, limit := range []int{100, math.MaxInt} {
			root := rlock.NewTree(limit)
			a := root.Folder("a")
			when := fmt.Sprintf("the tree holds 1 and may hold %d", limit)
			root.Add(1)
			exam.Error(t, "a.Add(math.MaxInt)", a.Add(math.MaxInt), rlock.ErrFull, when)
			exam.Equal(t, "root.Size()", root.Size(), 1, when+"; a.Add(math.MaxInt) was refused")
			exam.Error(t, fmt.Sprintf("a.Add(%d)", limit-1), a.Add(limit-1), nil, when+": it just fits")
			exam.Equal(t, "root.Size()", root.Size(), limit, "it is just full")
		}
	})
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
		var first, second int
		exam.Together(
			func() { b.Add(1); root.Add(10) },
			func() { first = root.Size(); second = root.Size() },
		)
		const when = "while b.Add(1), then root.Add(10); b is in a, and a in root"
		exam.OneOf(t, "root.Size()", first, []int{0, 1, 11}, when)
		exam.OneOf(t, "root.Size()", second, []int{0, 1, 11}, when)
		if second < first {
			t.Errorf("root.Size() = %d after it was %d: nothing is taken away", second, first)
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		a, b := root.Folder("a"), root.Folder("b")
		a.Add(20)
		b.Add(3)
		var seen int
		exam.Together(
			func() { a.MoveTo(b) },
			func() { b.MoveTo(a) },
			func() { seen = root.Size() },
		)
		const when = "while a.MoveTo(b) and b.MoveTo(a) only move files about"
		exam.Equal(t, "root.Size()", seen, 23, when)
		got := [2]int{a.Size(), b.Size()}
		exam.OneOf(t, "a.Size(), b.Size()", got, [][2]int{{23, 0}, {0, 23}}, "after a.MoveTo(b) and b.MoveTo(a), on 20 and 3")
	})
}

// visits returns what Walk says, as "path size" each.
func visits(f *rlock.Folder) []string {
	var seen []string
	f.Walk(func(path string, size int) { seen = append(seen, fmt.Sprintf("%s %d", path, size)) })
	return seen
}

// TestWalk checks that Walk visits every folder, with its path and size, in order.
//
//grade:todo 6.4
//grade:points 1
//grade:needs TestFolderSizes
func TestWalk(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		for _, name := range []string{"m", "b", "z", "a", "b-c"} { // "b-c" sorts before "b/y" in a list of paths
			root.Folder(name).Add(1)
		}
		root.Folder("b").Folder("y").Add(20)
		root.Folder("b").Folder("x").Folder("w").Add(30)
		root.Add(40)
		for _, c := range []struct {
			call string
			of   *rlock.Folder
			want []string
		}{
			{"root.Walk", root, []string{". 95", "a 1", "b 51", "b/x 30", "b/x/w 30", "b/y 20", "b-c 1", "m 1", "z 1"}},
			{`root.Folder("b").Walk`, root.Folder("b"), []string{". 51", "x 30", "x/w 30", "y 20"}},
			{`root.Folder("a").Walk`, root.Folder("a"), []string{". 1"}},
		} {
			if got := visits(c.of); !slices.Equal(got, c.want) {
				t.Errorf("%s visits %q, want %q: of folders made in another order", c.call, got, c.want)
			}
		}
	})
}

// TestWalkLetsVisitUseTheTree checks that visit may call everything the tree has, and wait for others who do.
//
//grade:todo 6.4
//grade:points 2
//grade:needs TestWalk
func TestWalkLetsVisitUseTheTree(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		a := root.Folder("a")
		a.Add(5)
		var inner []string
		calls := 0
		root.Walk(func(path string, size int) {
			calls++
			exam.Equal(t, "size", size, 5, "in visit, which adds and moves files: what it changes it does not see")
			exam.Equal(t, "root.Size()", root.Size(), 5*calls, "in visit, which adds 5 each time")
			exam.Error(t, "a.Add(5)", a.Add(5), nil, "in visit")
			root.MoveTo(root.Folder("new"))
			inner = visits(a)
		})
		exam.Equal(t, "calls of visit", calls, 2, "root.Walk with a folder a, while visit makes a folder")
		if want := []string{". 15"}; !slices.Equal(inner, want) {
			t.Errorf("a.Walk in visit visits %q, want %q: after a.Add(5) twice on 5", inner, want)
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		for n := 1; n <= 9; n++ { // an array that grows has room to spare now and then
			root := rlock.NewTree(100)
			want := []string{fmt.Sprintf(". %d", n)}
			for i := range n {
				root.Folder(fmt.Sprint("k", i)).Add(1)
				want = append(want, fmt.Sprintf("k%d 1", i))
			}
			var got []string
			root.Walk(func(path string, size int) {
				got = append(got, fmt.Sprintf("%s %d", path, size))
				root.Folder("a").Add(1)
				root.Folder("k0").Folder("new").Add(1)
			})
			if !slices.Equal(got, want) {
				t.Errorf("root.Walk visits %q, want %q: while visit makes a folder a, and a folder new in k0", got, want)
			}
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		calls := 0
		root.Walk(func(path string, size int) {
			calls++
			exam.Together(
				func() { root.Add(5) },
				func() { root.Size() },
			)
		})
		exam.Equal(t, "calls of visit", calls, 1, "visit waits for other goroutines, which use the tree")
	})
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		root.Folder("a").Add(5)
		caught := func() (value any) {
			defer func() { value = recover() }()
			root.Walk(func(string, int) { panic("visit") })
			return nil
		}()
		exam.Equal(t, "recover()", caught, any("visit"), `root.Walk has called a visit that panics with "visit"`)
		exam.Error(t, "root.Add(1)", root.Add(1), nil, "after a Walk whose visit panicked")
	})
}

// TestWalkIsOneMoment checks that Walk reports all folders as they were at one moment.
//
//grade:todo 6.4
//grade:points 1
//grade:needs TestWalk
func TestWalkIsOneMoment(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		a, b := root.Folder("a"), root.Folder("b")
		a.Add(7)
		var seen []string
		exam.Together(
			func() { a.MoveTo(b); b.MoveTo(root) },
			func() { seen = visits(root) },
		)
		moments := [][]string{{". 7", "a 7", "b 0"}, {". 7", "a 0", "b 7"}, {". 7", "a 0", "b 0"}}
		if !slices.ContainsFunc(moments, func(m []string) bool { return slices.Equal(m, seen) }) {
			t.Errorf("root.Walk visits %q, want one of %q: while 7 bytes move from a to b, and then to root", seen, moments)
		}
	})
}
