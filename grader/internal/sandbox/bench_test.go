package sandbox

import "testing"

// BenchmarkRun gives the cost of a run; the difference of the two is what bwrap adds.
func BenchmarkRun(b *testing.B) {
	for _, kind := range []string{"none", "bwrap"} {
		b.Run(kind, func(b *testing.B) {
			s := bwrap(b)
			if kind == "none" {
				s, _ = Open(kind)
			}
			for b.Loop() {
				if out := run(s, act(b, "exit", "0"), ample); out.End != Exited {
					b.Fatal(out)
				}
			}
		})
	}
}
