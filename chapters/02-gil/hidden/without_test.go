//go:build grade

package hidden

import (
	"fmt"
	"math"
	"testing"
	"time"

	gil "lockstep/chapters/02-gil"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// lots are more threads, workers or cores than people make room for, and often than there
// are items, and yet so few that an answer may make something for each of them.
const lots = 1000

// upTo returns the numbers from 0 to n-1, and add their sum.
func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

func add(numbers []int) int {
	total := 0
	for _, n := range numbers {
		total += n
	}
	return total
}

// TestSum checks that Sum adds up all items, however many there are for each worker.
//
//grade:todo 2.4
//grade:points 2
func TestSum(t *testing.T) {
	for _, of := range []struct{ items, workers, want int }{
		{6, 3, 15}, {7, 3, 21}, {8, 3, 28}, {5, 1, 10}, {3, 3, 3}, {2, 4, 1}, {4, 0, 6}, {4, -1, 6}, {0, 3, 0}, {4, math.MinInt, 6},
	} {
		interleave.Explore(t, func(t *testing.T) {
			got := gil.Sum(upTo(of.items), of.workers, add)
			exam.Equal(t, "Sum(items, workers, add)", got, of.want, fmt.Sprintf("the %d items 0, 1, 2, … and %d workers", of.items, of.workers))
		}, interleave.Budget(400), interleave.Schedules(100))
	}
	for _, sums := range [][]int{{math.MaxInt - 7, 5}, {math.MinInt + 7, -5}, {-3, 0, 2}, {0, 0}} {
		got := gil.Sum(sums, len(sums), func(piece []int) int { return piece[0] })
		exam.Equal(t, "Sum(items, workers, sum)", got, add(sums), fmt.Sprintf("sum returned one of %d for each piece", sums))
	}
}

// TestSumPieces checks that Sum cuts the items into one piece for each worker, all of nearly the same length.
//
//grade:todo 2.4
//grade:points 2
//grade:needs TestSum
func TestSumPieces(t *testing.T) {
	for _, of := range []struct{ items, workers, pieces int }{
		{8, 2, 2}, {11, 4, 4}, {10, 6, 6}, {3, 5, 3}, {5, 0, 1}, {3, lots, 3}, {2*lots + 1, lots, lots}, {0, 2, 0}, {0, 1, 0}, {0, 0, 0}, {0, -1, 0},
	} {
		var calls, empty exam.Count
		lengths := make([]int, of.items) // of the piece that begins there
		items := upTo(of.items)
		gil.Sum(items, of.workers, func(piece []int) int {
			calls.Add()
			if len(piece) == 0 {
				empty.Add()
				return 0
			}
			lengths[piece[0]] = len(piece)
			return 1
		})
		when := fmt.Sprintf("%d items and %d workers", of.items, of.workers)
		exam.Equal(t, "calls of sum", calls.Load(), of.pieces, when)
		exam.Equal(t, "calls of sum with an empty piece", empty.Load(), 0, when)
		var pieces []int
		for from := 0; from < of.items && lengths[from] > 0; from += lengths[from] {
			pieces = append(pieces, lengths[from])
		}
		exam.Equal(t, "items in pieces that follow one another", add(pieces), of.items, when)
		for _, length := range pieces {
			if least := of.items / of.pieces; length != least && (length != least+1 || of.items%of.pieces == 0) {
				t.Errorf("lengths of the pieces = %v, want a difference of one at most: %s", pieces, when)
				break
			}
		}
	}
}

// TestSumTogether checks that Sum works on all pieces at the same time.
//
//grade:todo 2.4
//grade:points 2
//grade:needs TestSum
func TestSumTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 3, "calls of sum")
		got := gil.Sum(upTo(5), 3, func(piece []int) int {
			all.Meet()
			return add(piece)
		})
		exam.Equal(t, "Sum(items, 3, add)", got, 10, "the items are 0 to 4")
	}, interleave.Budget(1000))
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 4, "calls of sum, in two Sums within a Sum")
		got := gil.Sum(upTo(4), 2, func(half []int) int {
			return gil.Sum(half, 2, func(piece []int) int {
				all.Meet()
				return add(piece)
			})
		})
		exam.Equal(t, "Sum(items, 2, sum)", got, 6, "the items are 0 to 3, and sum calls Sum")
	}, interleave.Budget(500), interleave.Schedules(200))
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, lots, "calls of sum, of 2,000 items and 1,000 workers")
		gil.Sum(upTo(2*lots), lots, func(piece []int) int {
			all.Meet()
			return add(piece)
		})
	})
}

// TestGather checks that Gather gives the results in the order of the items, whichever is done first.
//
//grade:todo 2.5
//grade:points 2
func TestGather(t *testing.T) {
	for _, cores := range []int{2, 1, 0, -1} {
		interleave.Explore(t, func(t *testing.T) {
			got := gil.Gather([]int{3, 1, 2}, cores,
				func(item int) int {
					time.Sleep(time.Duration(item) * time.Millisecond)
					return 10 * item
				},
				func(data int) string { return fmt.Sprint(data, "!") })
			exam.Equal(t, "Gather(items, cores, fetch, compute)", fmt.Sprintf("%q", got), `["30!" "10!" "20!"]`,
				fmt.Sprintf("3, 1 and 2 with %d cores: fetch multiplies by ten and compute writes an exclamation mark, and the first item takes longest", cores))
		}, interleave.Budget(500), interleave.Schedules(200))
	}
	items := []any{nil, []int{1}, []int{1}, "x", "x"} // some that are equal, and can or cannot be keys of a map
	var fetches, computations exam.Count
	got := gil.Gather(items, 2,
		func(item any) any {
			fetches.Add()
			return item
		},
		func(data any) any {
			computations.Add()
			if data == nil {
				return "none"
			}
			return nil
		})
	when := "nil, [1], [1], x and x: fetch returns the item, and compute \"none\" for nil and nil for all else"
	exam.Equal(t, "Gather(items, cores, fetch, compute)", fmt.Sprint(got), "[none <nil> <nil> <nil> <nil>]", when)
	exam.Equal(t, "fetches", fetches.Load(), 5, when)
	exam.Equal(t, "computations", computations.Load(), 5, when)
	none := gil.Gather(nil, 2, func(int) int { return 0 }, func(int) int { return 0 })
	exam.Equal(t, "len(Gather(nil, 2, fetch, compute))", len(none), 0, "there are no items")
}

// TestGatherFetches checks that all fetches run at the same time, even if there is only one core.
//
//grade:todo 2.5
//grade:points 2
//grade:needs TestGather
func TestGatherFetches(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 3, "fetches of three items, with one core")
		fetch := func(item int) int {
			all.Meet()
			return item
		}
		gil.Gather(upTo(3), 1, fetch, func(data int) int { return data })
	}, interleave.Budget(1000))
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 3*lots, "fetches of 3,000 items, with one core")
		fetch := func(item int) int {
			all.Meet()
			return item
		}
		gil.Gather(upTo(3*lots), 1, fetch, func(data int) int { return data })
	})
}

// TestGatherCores checks that as many computations run at the same time as there are cores, and no more.
//
//grade:todo 2.5
//grade:points 2
//grade:needs TestGather
func TestGatherCores(t *testing.T) {
	fetch := func(item int) int { return item }
	interleave.Explore(t, func(t *testing.T) {
		var inside exam.Peak
		both := exam.NewRendezvous(t, 2, "computations of three items, with two cores")
		compute := func(data int) int {
			inside.Enter()
			both.Meet()
			inside.Leave()
			return data
		}
		gil.Gather(upTo(3), 2, fetch, compute)
		exam.Equal(t, "most computations at the same time", inside.Most(), 2, "three items and two cores")
	}, interleave.Budget(1000))
	for _, cores := range []int{1, 0} {
		interleave.Explore(t, func(t *testing.T) {
			var inside exam.Peak
			total := 0
			compute := func(data int) int {
				inside.Enter()
				total += data
				inside.Leave()
				return data
			}
			gil.Gather([]int{1, 2}, cores, fetch, compute)
			exam.Equal(t, "most computations at the same time", inside.Most(), 1, fmt.Sprintf("two items and %d cores", cores))
			exam.Equal(t, "total", total, 3, fmt.Sprintf("the computations of 1 and 2 have added them up, one after the other, with %d cores", cores))
		}, interleave.Budget(1000))
	}
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 4, "computations, in two Gathers within a Gather, with two cores each")
		gil.Gather(upTo(2), 2, fetch, func(int) []int {
			return gil.Gather(upTo(2), 2, fetch, func(data int) int {
				all.Meet()
				return data
			})
		})
	}, interleave.Budget(500), interleave.Schedules(200))
	got := gil.Gather(upTo(3), lots, fetch, fetch)
	exam.Equal(t, "Gather(items, cores, fetch, compute)", fmt.Sprint(got), "[0 1 2]", "0, 1 and 2, and 1,000 cores: fetch and compute return what they get")
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, lots, "computations of 2,000 items, with 1,000 cores")
		gil.Gather(upTo(2*lots), lots, fetch, func(data int) int {
			all.Meet()
			return data
		})
	})
}

// TestGatherNobodyWaits checks that what has been fetched is computed while others are still being fetched.
//
//grade:todo 2.5
//grade:points 3
//grade:needs TestGather
func TestGatherNobodyWaits(t *testing.T) {
	for slow := range 3 {
		interleave.Explore(t, func(t *testing.T) {
			var computed, before exam.Count
			fetch := func(item int) int {
				if item == slow {
					time.Sleep(time.Hour)
					for range computed.Load() {
						before.Add()
					}
				}
				return item
			}
			compute := func(data int) int {
				computed.Add()
				return data
			}
			gil.Gather(upTo(3), 1, fetch, compute)
			exam.Equal(t, "items computed while one was being fetched", before.Load(), 2, fmt.Sprintf("item %d of 0, 1, 2 takes an hour, the others have been fetched at once, and the only core is free", slow))
		}, interleave.Budget(500), interleave.Schedules(200))
	}
	for short := 1; short <= 2; short++ { // which of the first two computations is done at once
		interleave.Explore(t, func(t *testing.T) {
			var begun exam.Count
			long := exam.NewRendezvous(t, 2, "computations of three items with two cores: one that takes long, and the last, which may begin when the other core is free")
			compute := func(data int) int {
				if begun.Add() != short {
					long.Meet()
				}
				return data
			}
			gil.Gather(upTo(3), 2, func(item int) int { return item }, compute)
		}, interleave.Budget(500), interleave.Schedules(200))
	}
}

// TestGatherMany checks that Gather holds with many items on all cores.
//
//grade:todo 2.5
//grade:points 1
//grade:needs TestGatherCores
func TestGatherMany(t *testing.T) {
	const items, cores = 500, 3
	var inside exam.Peak
	var fetched exam.Count
	var got []int
	exam.Within(t, "Gather of 500 items with three cores", func() {
		got = gil.Gather(upTo(items), cores,
			func(item int) int {
				fetched.Add()
				return item
			},
			func(data int) int {
				inside.Enter()
				defer inside.Leave()
				return data * data
			})
	})
	exam.Equal(t, "fetches", fetched.Load(), items, "500 items")
	if inside.Most() > cores {
		t.Errorf("most computations at the same time = %d, want at most %d: 500 items", inside.Most(), cores)
	}
	if !exam.Equal(t, "len(Gather(items, …))", len(got), items, "500 items") {
		return
	}
	for i, result := range got {
		if !exam.Equal(t, fmt.Sprintf("result %d", i), result, i*i, "compute squares what was fetched, which is the number of the item") {
			return
		}
	}
}
