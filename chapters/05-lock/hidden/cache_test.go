//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	lock "lockstep/chapters/05-lock"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

var (
	errDown  = errors.New("the exchange is closed")
	errPanic = errors.New("a panic of Get")
)

// TestCacheLoadsOnce checks that Get loads a key once and serves it from then on.
//
//grade:todo 5.5
//grade:points 1
func TestCacheLoadsOnce(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var loads exam.Count
		c := lock.NewCache(func(key string) (string, error) {
			loads.Add()
			return "rate of " + key, nil
		})
		for _, key := range []string{"EUR", "USD", "EUR", "USD", "USD", ""} {
			value, err := c.Get(key)
			call := fmt.Sprintf("Get(%q)", key)
			exam.Equal(t, call, value, "rate of "+key, "load returned that")
			exam.Error(t, call, err, nil, "load returned none")
		}
		exam.Equal(t, "calls of load", loads.Load(), 3, "after Gets of three keys, some of them again")

		other := lock.NewCache(func(key string) (string, error) { return "fee for " + key, nil })
		value, _ := other.Get("EUR")
		exam.Equal(t, `Get("EUR")`, value, "fee for EUR", "of another cache, with another load")
	})
	interleave.Explore(t, func(t *testing.T) {
		var loads exam.Count
		c := lock.NewCache(func(key [2]string) (int, error) {
			loads.Add()
			return len(key[0]), nil
		})
		for _, key := range [][2]string{{"a b", "c"}, {"a", "b c"}, {"", "a b c"}, {"a b", "c"}, {"a", "b c"}, {"", "a b c"}} {
			value, err := c.Get(key)
			call := fmt.Sprintf("Get(%#v)", key)
			exam.Equal(t, call, value, len(key[0]), "load returned the length of the first string")
			exam.Error(t, call, err, nil, "load returned none")
		}
		exam.Equal(t, "calls of load", loads.Load(), 3, "after Gets of three keys, each of them twice")
	})
	// Whatever can be compared is a key, and is the same one only if it is equal.
	interleave.Explore(t, func(t *testing.T) {
		type desk struct{ number int }
		keys := []any{1, int64(1), "1", &desk{1}, &desk{1}, desk{1}}
		var loads exam.Count
		c := lock.NewCache(func(key any) (int, error) {
			loads.Add()
			return slices.Index(keys, key), nil
		})
		for range 2 {
			for i, key := range keys {
				value, err := c.Get(key)
				call := fmt.Sprintf("Get(%T %#v)", key, key)
				exam.Equal(t, call, value, i, "load returned that for this key; some of the others look like it, and none is equal to it")
				exam.Error(t, call, err, nil, "load returned none")
			}
		}
		exam.Equal(t, "calls of load", loads.Load(), len(keys), "after Gets of six keys, each of them twice")
	})
	interleave.Explore(t, func(t *testing.T) {
		var loads exam.Count
		c := lock.NewCache(func(int) ([]string, error) {
			loads.Add()
			return []string{"EUR", "USD"}, nil
		})
		for range 2 {
			value, err := c.Get(1)
			exam.Equal(t, "Get(1)", strings.Join(value, " "), "EUR USD", "load returned a slice of these")
			exam.Error(t, "Get(1)", err, nil, "load returned none")
			time.Sleep(100 * 365 * 24 * time.Hour) // it takes no time here
		}
		exam.Equal(t, "calls of load", loads.Load(), 1, "after a Get, and one of the same key a hundred years later")
	})
	interleave.Explore(t, func(t *testing.T) {
		var loads exam.Count
		c := lock.NewCache(func(int) (error, error) {
			loads.Add()
			return nil, nil
		})
		for range 2 {
			value, err := c.Get(1)
			exam.Equal(t, "Get(1)", value, nil, "load returned nil, which is a value")
			exam.Error(t, "Get(1)", err, nil, "load returned none")
		}
		exam.Equal(t, "calls of load", loads.Load(), 1, "after two Gets of a key; load returned nil and no error, and nil is a value")
	})
}

// TestCacheSharesOneLoad checks that Gets of one key at the same time share one load.
//
//grade:todo 5.5
//grade:points 2
//grade:needs TestCacheLoadsOnce
func TestCacheSharesOneLoad(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var loads exam.Count
		c := lock.NewCache(func(key string) (string, error) {
			loads.Add()
			runtime.Gosched()
			return "rate of " + key, nil
		})
		get := func() {
			value, err := c.Get("EUR")
			exam.Equal(t, `Get("EUR")`, value, "rate of EUR", "one of several at the same time")
			exam.Error(t, `Get("EUR")`, err, nil, "one of several at the same time")
		}
		exam.Together(get, get, get)
		exam.Equal(t, "calls of load", loads.Load(), 1, `after Get("EUR") by three goroutines at the same time`)
	})
	interleave.Explore(t, func(t *testing.T) {
		var loads exam.Count
		c := lock.NewCache(func(key string) (string, error) {
			loads.Add()
			runtime.Gosched() // and here any time may pass
			return "rate of " + key, nil
		})
		get := func() {
			value, err := c.Get("EUR")
			exam.Equal(t, `Get("EUR")`, value, "rate of EUR", "one of two at the same time, whose load takes long")
			exam.Error(t, `Get("EUR")`, err, nil, "one of two at the same time, whose load takes long")
		}
		exam.Together(get, get)
		exam.Equal(t, "calls of load", loads.Load(), 1, `after Get("EUR") by two goroutines at the same time, whose load takes long: whoever waits for it does so until it returns`)
	}, interleave.DaysMayPass())
}

// TestCacheLoadsSideBySide checks that loads of different keys, or for different caches, run at the same time.
//
//grade:todo 5.5
//grade:points 1
//grade:needs TestCacheLoadsOnce
func TestCacheLoadsSideBySide(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, `loads during Get("EUR"), Get("EUR") and Get("USD")`)
		c := lock.NewCache(func(key string) (string, error) {
			both.Meet()
			return "rate of " + key, nil
		})
		get := func(key string) func() {
			return func() {
				value, _ := c.Get(key)
				exam.Equal(t, fmt.Sprintf("Get(%q)", key), value, "rate of "+key, "while other keys load")
			}
		}
		exam.Together(get("EUR"), get("EUR"), get("USD"))
	})
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, `loads during Get("EUR") of two caches`)
		get := func(what string) func() {
			return func() {
				c := lock.NewCache(func(key string) (string, error) {
					both.Meet()
					return what + " of " + key, nil
				})
				value, _ := c.Get("EUR")
				exam.Equal(t, `Get("EUR")`, value, what+" of EUR", "while another cache loads the same key")
			}
		}
		exam.Together(get("rate"), get("fee"))
	})
}

// TestCacheServesWhileLoading checks that a key that is kept is served while another one loads.
//
//grade:todo 5.5
//grade:points 1
//grade:needs TestCacheLoadsOnce
func TestCacheServesWhileLoading(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, `the load of "EUR" and whoever has been served the kept "USD"`)
		c := lock.NewCache(func(key string) (string, error) {
			if key == "EUR" {
				both.Meet()
			}
			return "rate of " + key, nil
		})
		c.Get("USD")
		var kept string
		exam.Together(
			func() { c.Get("EUR") },
			func() { c.Get("EUR") },
			func() { kept, _ = c.Get("USD"); both.Meet() },
		)
		exam.Equal(t, `Get("USD")`, kept, "rate of USD", `while "EUR" loads`)
	})
}

// TestCacheLoadMayUseTheCache checks that load can itself call Get for another key.
//
//grade:todo 5.5
//grade:points 1
//grade:needs TestCacheLoadsOnce
func TestCacheLoadMayUseTheCache(t *testing.T) {
	var loads exam.Count
	newSums := func() (sums *lock.Cache[int, int]) {
		loads = exam.Count{}
		sums = lock.NewCache(func(n int) (int, error) {
			if loads.Add(); n == 0 {
				return 0, nil
			}
			rest, err := sums.Get(n - 1)
			return rest + n, err
		})
		return sums
	}
	get := func(t *testing.T, sums *lock.Cache[int, int], n int) {
		call := fmt.Sprintf("Get(%d)", n)
		value, err := sums.Get(n)
		exam.Equal(t, call, value, n*(n+1)/2, "the load of n adds n to Get(n-1)")
		exam.Error(t, call, err, nil, "the load of n adds n to Get(n-1)")
	}
	interleave.Explore(t, func(t *testing.T) {
		const keys = 300 // more than anybody has locks in a fixed set of them
		sums := newSums()
		get(t, sums, keys)
		for n := range keys {
			get(t, sums, n)
		}
		exam.Equal(t, "calls of load", loads.Load(), keys+1, "after Get(300), whose load needs all from 0 to 299, and Gets of these")
	})

	const keys = 1100 // more than anybody has room for; too many for an exploration
	sums := newSums()
	exam.Within(t, "Get(1100), whose load needs all from 0 to 1099", func() { get(t, sums, keys) })
	for n := keys; n > 0 && loads.Load() <= keys+1; n-- { // more loads are too many, and may go on and on
		get(t, sums, n-1)
	}
	exam.Equal(t, "calls of load", loads.Load(), keys+1, "after Get(1100), whose load needs all from 0 to 1099, and Gets of these")
}

// TestCacheForgetsErrors checks that an error is returned and not kept.
//
//grade:todo 5.5
//grade:points 1
//grade:needs TestCacheLoadsOnce
func TestCacheForgetsErrors(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var loads exam.Count
		c := lock.NewCache(func(key string) (string, error) {
			if loads.Add() <= 2 {
				return "no rate", errDown
			}
			return "rate of " + key, nil
		})
		for range 2 {
			_, err := c.Get("EUR")
			exam.Error(t, `Get("EUR")`, err, errDown, "load returned it")
		}
		value, err := c.Get("EUR")
		exam.Equal(t, `Get("EUR")`, value, "rate of EUR", "load failed twice, and then it returned that")
		exam.Error(t, `Get("EUR")`, err, nil, "load failed twice, and then no more")
		value, _ = c.Get("EUR")
		exam.Equal(t, `Get("EUR")`, value, "rate of EUR", "the value is kept")
		exam.Equal(t, "calls of load", loads.Load(), 3, "two that failed and one that succeeded")
	})
}

// TestCacheFailsTogether checks that Gets that waited for a load that failed neither hang nor return nothing.
//
//grade:todo 5.5
//grade:points 1
//grade:needs TestCacheForgetsErrors TestCacheSharesOneLoad
func TestCacheFailsTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var loads exam.Count
		var loading exam.Peak
		c := lock.NewCache(func(key string) (string, error) {
			loading.Enter()
			defer loading.Leave()
			runtime.Gosched()
			if loads.Add() == 1 {
				return "no rate", errDown
			}
			return "rate of " + key, nil
		})
		get := func() {
			value, err := c.Get("EUR")
			if err != nil {
				exam.Error(t, `Get("EUR")`, err, errDown, "the first load fails")
				value, err = c.Get("EUR")
				exam.Error(t, `Get("EUR")`, err, nil, "the Get before it has returned the error of the first load, and the next load succeeds")
			}
			exam.Equal(t, `Get("EUR")`, value, "rate of EUR", "the first load fails, the next succeeds")
		}
		exam.Together(get, get, get)
		value, err := c.Get("EUR")
		exam.Equal(t, `Get("EUR")`, value, "rate of EUR", "the first load failed, the next succeeds")
		exam.Error(t, `Get("EUR")`, err, nil, "the first load failed, the next succeeds")
		exam.Equal(t, "calls of load", loads.Load(), 2, "one that failed and one that succeeded")
		exam.Equal(t, "loads of one key at the same time", loading.Most(), 1, "the first of them fails")
	})
	interleave.Explore(t, func(t *testing.T) {
		c := lock.NewCache(func(key string) (string, error) {
			if key == "EUR" {
				return "no rate", errDown
			}
			return "rate of " + key, nil
		})
		exam.Together(
			func() {
				_, err := c.Get("EUR")
				exam.Error(t, `Get("EUR")`, err, errDown, `its load returned it, while "USD" loads`)
			},
			func() {
				value, err := c.Get("USD")
				exam.Equal(t, `Get("USD")`, value, "rate of USD", `while the load of "EUR" fails`)
				exam.Error(t, `Get("USD")`, err, nil, `while the load of "EUR" fails`)
			},
		)
	})
	interleave.Explore(t, func(t *testing.T) { failTwice(t, func() error { return errDown }) })
}

// failTwice has the first two of three loads fail, while three goroutines call Get, and none of
// them again: whoever waits for the second load is not helped by another.
func failTwice(t *testing.T, fail func() error) {
	var loads exam.Count
	c := lock.NewCache(func(key string) (string, error) {
		runtime.Gosched()
		if loads.Add() <= 2 {
			return "no rate", fail()
		}
		return "rate of " + key, nil
	})
	const when = "the first two loads fail, the third succeeds"
	get := func() (err error) {
		defer func() {
			if recover() != nil {
				err = errPanic
			}
		}()
		value, err := c.Get("EUR")
		if err == nil {
			exam.Equal(t, `Get("EUR")`, value, "rate of EUR", when)
		}
		return err
	}
	once := func() { get() }
	exam.Together(once, once, once)
	get()
	get()
	exam.Error(t, `Get("EUR")`, get(), nil, "the sixth; "+when)
	exam.Equal(t, "calls of load", loads.Load(), 3, "after six Gets; "+when)
}

// TestCacheSurvivesPanic checks that a panic in load reaches its caller and leaves nobody hanging.
//
//grade:todo 5.5
//grade:points 1
//grade:needs TestCacheForgetsErrors TestCacheSharesOneLoad
func TestCacheSurvivesPanic(t *testing.T) {
	outOfRange := func() (why any) {
		defer func() { why = recover() }()
		var none []string
		return none[len(none)]
	}
	for _, why := range []any{"load", 42, errDown, outOfRange()} {
		interleave.Explore(t, func(t *testing.T) { survives(t, why) })
	}
	interleave.Explore(t, func(t *testing.T) { failTwice(t, func() error { panic("load") }) })
}

// survives has the first of three loads panic with why.
func survives(t *testing.T, why any) {
	var loads, panics, own exam.Count
	var loading exam.Peak
	c := lock.NewCache(func(key string) (string, error) {
		loading.Enter()
		defer loading.Leave()
		runtime.Gosched()
		if loads.Add() == 1 {
			panic(why)
		}
		return "rate of " + key, nil
	})
	try := func() (err error) {
		defer func() {
			value := recover()
			if value != nil {
				panics.Add()
				err = errPanic
			}
			if value == why {
				own.Add()
			}
		}()
		value, err := c.Get("EUR")
		if err == nil {
			exam.Equal(t, `Get("EUR")`, value, "rate of EUR", "the first load panics, the next succeeds")
		}
		return err
	}
	get := func() {
		if first := try(); first != nil {
			exam.Error(t, `Get("EUR")`, try(), nil, fmt.Sprintf("the Get before it has failed (%v), as the first load panics, and the next load succeeds", first))
		}
	}
	exam.Together(get, get, get)
	if panics.Load() == 0 {
		t.Errorf(`Get("EUR") returned in all three goroutines, want one to panic: its load did, with %#v`, why)
	} else if own.Load() == 0 {
		t.Errorf(`Get("EUR") panicked, but recover() is never %#v, want it once at least: load panics with that`, why)
	}
	exam.Equal(t, "loads of one key at the same time", loading.Most(), 1, "the first of them panics")
	value, err := c.Get("EUR")
	exam.Equal(t, `Get("EUR")`, value, "rate of EUR", "the first load panicked, the next succeeds")
	exam.Error(t, `Get("EUR")`, err, nil, "the first load panicked, the next succeeds")
	exam.Equal(t, "calls of load", loads.Load(), 2, "one that panicked and one that succeeded")
}

// TestCacheAtFullSpeed checks that the cache holds when many goroutines use all cores.
//
//grade:todo 5.5
//grade:points 1
//grade:needs TestCacheSharesOneLoad TestCacheLoadsSideBySide TestCacheServesWhileLoading
//grade:needs TestCacheLoadMayUseTheCache TestCacheFailsTogether TestCacheSurvivesPanic
func TestCacheAtFullSpeed(t *testing.T) {
	const keys, each = 10, 3
	var loads [keys]exam.Count
	all := exam.NewRendezvous(t, keys, "loads of 10 keys")
	c := lock.NewCache(func(key int) (int, error) {
		loads[key].Add()
		all.Meet()
		return key * key, nil
	})
	var workers []func()
	for g := range keys * each {
		workers = append(workers, func() {
			for i := range keys {
				key := (g + i) % keys
				if value, err := c.Get(key); value != key*key || err != nil {
					t.Errorf("Get(%d) = %d, %v, want %d, nil", key, value, err, key*key)
					return
				}
			}
		})
	}
	exam.Within(t, "30 goroutines that get 10 keys", func() { exam.Together(workers...) })
	for key := range loads {
		exam.Equal(t, fmt.Sprintf("loads of %d", key), loads[key].Load(), 1, "after 30 Gets of it")
	}
}
