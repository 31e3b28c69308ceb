//go:build grade

package hidden

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	rlock "lockstep/chapters/06-rlock"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

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
	}, some...)
	interleave.Explore(t, func(t *testing.T) {
		for _, paths := range trees() {
			root, files := grow(t, paths)
			for _, from := range paths {
				if got, want := visits(at(root, from)), listing(paths, files, from); !slices.Equal(got, want) {
					t.Errorf("Walk of %q visits %q, want %q: the folders of the tree are %q", from, got, want, paths)
				}
			}
		}
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		paths := []string{".", "a", "a/x", "b"}
		root, files := grow(t, paths)
		for _, c := range []struct {
			call string
			do   func()
			then func()
		}{
			{"nothing", func() {}, func() {}},
			{`b.Folder("y")`, func() { at(root, "b/y") }, func() { paths = append(paths, "b/y") }},
			{"a/x.Add(16)", func() { at(root, "a/x").Add(16) }, func() { files["a/x"] += 16 }},
			{"a/x.MoveTo(b)", func() { at(root, "a/x").MoveTo(at(root, "b")) }, func() { files["b"] += files["a/x"]; files["a/x"] = 0 }},
			{"b.MoveTo(root)", func() { at(root, "b").MoveTo(root) }, func() { files["."] += files["b"]; files["b"] = 0 }},
		} {
			c.do()
			c.then()
			for _, from := range paths {
				if got, want := visits(at(root, from)), listing(paths, files, from); !slices.Equal(got, want) {
					t.Errorf("Walk of %s visits %q, want %q: after %s, and not for the first time", from, got, want, c.call)
				}
			}
		}
	}, few...)
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
		for _, from := range []string{".", "a", "a/x", "b"} {
			paths := []string{".", "a", "a/x", "b"}
			root, files := grow(t, paths)
			want := listing(paths, files, ".")
			all := []string{".", "0", "a", "a/x", "b"} // with the one that visit makes
			var got []string
			root.Walk(func(path string, size int) {
				got = append(got, fmt.Sprintf("%s %d", path, size))
				root.Folder("0").Add(16)
				files["0"] += 16
				if inner, want := visits(at(root, from)), listing(all, files, from); !slices.Equal(inner, want) {
					t.Errorf("Walk of %s, in visit of another Walk, visits %q, want %q: visit has added 16 to 0", from, inner, want)
				}
			})
			if !slices.Equal(got, want) {
				t.Errorf("root.Walk visits %q, want %q: each time visit adds 16 to 0 and calls Walk of %s", got, want, from)
			}
		}
	}, few...)
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
	}, some...)
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
		for _, value := range panics {
			calls := 0
			caught := func() (caught any) {
				defer func() { caught = recover() }()
				root.Walk(func(string, int) {
					calls++
					panic(value)
				})
				return nil
			}()
			exam.Equal(t, "calls of visit", calls, 1, "root.Walk with a folder a, and the first visit panics")
			exam.Equal(t, "recover()", caught, value, "root.Walk has called a visit that panics with this very value")
			exam.Error(t, "root.Add(1)", root.Add(1), nil, "after a Walk whose visit panicked")
		}

		returned := false
		exam.Together(func() {
			root.Walk(func(string, int) { runtime.Goexit() })
			returned = true
		})
		exam.Equal(t, "Walk has returned", returned, false, "visit has ended its goroutine with runtime.Goexit, which is that of Walk")
		exam.Error(t, "root.Add(1)", root.Add(1), nil, "after a Walk whose visit has ended its goroutine")
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
	for _, c := range []struct {
		adds, between string
		add           func(root, a *rlock.Folder)
	}{
		{"root.Add(10), then a.Add(1)", "[. 10 a 0]", func(root, a *rlock.Folder) { root.Add(10); a.Add(1) }},
		{"a.Add(1), then root.Add(10)", "[. 1 a 1]", func(root, a *rlock.Folder) { a.Add(1); root.Add(10) }},
	} {
		interleave.Explore(t, func(t *testing.T) {
			root := rlock.NewTree(100)
			a := root.Folder("a")
			var seen []string
			exam.Together(func() { c.add(root, a) }, func() { seen = visits(root) })
			exam.OneOf(t, "visits of root.Walk", fmt.Sprint(seen), []string{"[. 0 a 0]", c.between, "[. 11 a 1]"}, "while "+c.adds)
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		root := rlock.NewTree(100)
		b, a := root.Folder("b"), root.Folder("a")
		a.Add(1)
		b.Add(2)
		var again *rlock.Folder
		var seen [2][]string
		exam.Together(
			func() { seen[0] = visits(root) },
			func() { seen[1] = visits(root) },
			func() { again = root.Folder("b"); root.Folder("aa") },
		)
		for _, got := range seen {
			exam.OneOf(t, "visits of root.Walk", fmt.Sprint(got), []string{"[. 3 a 1 b 2]", "[. 3 a 1 aa 0 b 2]"}, `two Walks, root.Folder("b") and root.Folder("aa") at the same time`)
		}
		if again != b {
			t.Errorf(`root.Folder("b") is another folder than before, want the same one: two Walks at the same time`)
		}
	}, some...)
}
