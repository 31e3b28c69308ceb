//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	event "lockstep/chapters/09-event"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestLight checks that cars wait for green, and then drive side by side.
//
//grade:todo 9.5
//grade:points 2
func TestLight(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		var drives exam.Count
		cross := func(ctx context.Context, want error, when string) {
			t.Helper()
			exam.Error(t, "Cross(ctx, drive)", l.Cross(ctx, func() { drives.Add() }), want, when)
		}
		exam.Error(t, "Red(ctx)", l.Red(ended()), nil, "the crossing is empty; ctx had ended")
		cross(ended(), context.Canceled, "the light is red; ctx had ended")
		exam.Equal(t, "calls of drive", drives.Load(), 0, "the light was red")
		l.Green()
		l.Green()
		cross(background, nil, "the light is green")
		cross(ended(), nil, "the light is green; ctx had ended")
		exam.Equal(t, "calls of drive", drives.Load(), 2, "two cars had green")
		exam.Error(t, "Red(ctx)", l.Red(background), nil, "the crossing is empty")
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		cross(ctx, context.DeadlineExceeded, "the light is red again, and ctx ends after a second")
		exam.Equal(t, "calls of drive", drives.Load(), 2, "two cars had green, the third had red")
		exam.Error(t, "Red(ctx)", l.Red(background), nil, "the crossing is empty; a car that waited has turned round")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		var drives exam.Count
		both := exam.NewRendezvous(t, 2, "cars on the crossing")
		car := func() {
			exam.Error(t, "Cross(ctx, drive)", l.Cross(background, func() { drives.Add(); both.Meet() }), nil, "the light turned green")
		}
		exam.Together(car, car, func() {
			settle()
			exam.Equal(t, "calls of drive", drives.Load(), 0, "two cars wait, and the light is red")
			l.Green()
		})
		exam.Equal(t, "calls of drive", drives.Load(), 2, "two cars waited, and then the light was green")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		exam.Together(
			func() {
				exam.Error(t, "Cross(ctx, drive)", l.Cross(endless(), func() {}), nil, "it waited, the light turned green, and ctx did not end")
			},
			func() { settle(); l.Green() },
		)
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		ctx, cancel := context.WithCancel(background)
		var drives exam.Count
		var err error
		exam.Together(
			func() { err = l.Cross(ctx, func() { drives.Add() }) },
			l.Green,
			cancel,
		)
		const when = "a car waits, and ctx is cancelled as the light turns green"
		if err == nil {
			exam.Equal(t, "calls of drive", drives.Load(), 1, "Cross(ctx, drive) = nil: "+when)
		} else {
			exam.Error(t, "Cross(ctx, drive)", err, context.Canceled, when)
			exam.Equal(t, "calls of drive", drives.Load(), 0, "Cross(ctx, drive) = error: "+when)
		}
		exam.Error(t, "Red(ctx)", l.Red(ended()), nil, "the crossing is empty; "+when)
	})
}

// TestLightNobodyOnRed checks that no car is on the crossing after Red has returned, until the next Green.
//
//grade:todo 9.5
//grade:points 3
//grade:needs TestLight
func TestLightNobodyOnRed(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		var red, drives, onRed exam.Count
		look := func() {
			if red.Load() == 1 {
				onRed.Add()
			}
		}
		car := func() {
			l.Cross(background, func() {
				drives.Add()
				look()
				runtime.Gosched()
				look()
			})
		}
		exam.Together(car, car, func() {
			l.Green()
			exam.Error(t, "Red(ctx)", l.Red(background), nil, "two cars come and go")
			red.Add()
			runtime.Gosched()
			red.Add()
			l.Green()
		})
		if onRed.Load() > 0 {
			t.Errorf("drive runs after Red(ctx) has returned nil and before the next Green(): a car is on the crossing, want it empty")
		}
		exam.Equal(t, "calls of drive", drives.Load(), 2, "two cars have crossed, and the light was green in the end")
	}, interleave.Budget(2000), interleave.Schedules(400))
	for _, colour := range []string{"green", "red"} { // which it is when the second car's context ends
		interleave.Explore(t, func(t *testing.T) { // green is short, and who waits may miss it again and again
			l := event.NewLight()
			ctx, cancel := context.WithCancel(background)
			var red, onRed, back exam.Count
			car := func(ctx context.Context) {
				drives := 0
				err := l.Cross(ctx, func() {
					drives++
					if red.Load()%2 == 1 {
						onRed.Add()
					}
				})
				if drives > 1 || (drives == 1) != (err == nil) {
					t.Errorf("Cross(ctx, drive) = error %v, and drive was called %d times; want no error and one call, or ctx's error and none", err, drives)
				}
			}
			exam.Together(
				func() { car(background) },
				func() { car(ctx); back.Add() },
				func() {
					for i := range 3 {
						settle()
						l.Green()
						if i == 2 && colour == "green" {
							cancel()
						}
						exam.Error(t, "Red(ctx)", l.Red(background), nil, "two cars wait, and may go while it is green")
						red.Add()
						settle()
						red.Add()
					}
					cancel()
					settle()
					exam.Equal(t, "Crosses that have returned", back.Load(), 1, "a car waited, three times it was green for a moment, and its ctx was cancelled when it was "+colour)
					l.Green()
				},
			)
			exam.Equal(t, "calls of drive while it was red", onRed.Load(), 0, "two cars wait; three times it was green for a moment, and then red")
		}, interleave.Budget(400), interleave.Schedules(100))
	}
	interleave.Explore(t, func(t *testing.T) {
		l, leave := event.NewLight(), make(chan struct{})
		l.Green()
		exam.Together(
			func() { l.Cross(background, func() {}) },
			func() { l.Cross(background, func() { <-leave }) },
			func() {
				settle()
				exam.Error(t, "Red(ctx)", l.Red(ended()), context.Canceled, "a car is on the crossing, and another one left it as this one came; ctx had ended")
				close(leave)
			},
		)
	}, interleave.Budget(400), interleave.Schedules(100))
	interleave.Once(t, func(t *testing.T) {
		l, leave, first := event.NewLight(), make(chan struct{}), make(chan struct{})
		var on exam.Count
		l.Green()
		tasks := []func(){
			func() { l.Cross(background, func() { <-first }) },
			func() {
				settle()
				exam.Equal(t, "calls of drive", on.Load(), crowd, "the light is green, and so many have come, and one more")
				close(first)
				settle()
				exam.Error(t, "Red(ctx)", l.Red(ended()), context.Canceled, "256 cars are on the crossing, one has left it, and ctx had ended")
				close(leave)
				exam.Error(t, "Red(ctx)", l.Red(background), nil, "256 cars leave the crossing")
			},
		}
		for range crowd {
			tasks = append(tasks, func() { l.Cross(background, func() { on.Add(); <-leave }) })
		}
		exam.Together(tasks...)
	})
}

// TestLightStaysRed checks that nobody gets on the crossing while Red waits, nor after it has given up.
//
//grade:todo 9.5
//grade:points 3
//grade:needs TestLight
func TestLightStaysRed(t *testing.T) {
	for _, d := range []time.Duration{0, time.Second} {
		interleave.Explore(t, func(t *testing.T) {
			l, leave := event.NewLight(), make(chan struct{})
			when := "a car is on the crossing, and ctx ends after " + d.String()
			exam.Together(
				func() { l.Cross(background, func() { <-leave }) },
				func() {
					l.Green()
					settle()
					before := runtime.NumGoroutine()
					for range 2 { // the second one finds it red
						ctx, cancel := context.WithTimeoutCause(background, d, errCause)
						defer cancel()
						exam.Error(t, "Red(ctx)", l.Red(ctx), context.DeadlineExceeded, when)
						err := l.Cross(ended(), func() {
							t.Errorf("drive is called after Red(ctx) has given up, want nobody to get on the crossing: %s", when)
						})
						exam.Error(t, "Cross(ctx, drive)", err, context.Canceled, "Red has given up: the light is red all the same; "+when)
					}
					settle()
					if more := runtime.NumGoroutine() - before; more > 0 {
						t.Errorf("%d goroutines more after 2 Reds that gave up, want none: %s", more, when)
					}
					close(leave)
				},
			)
		}, interleave.Budget(200), interleave.Schedules(50))
	}
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		var late exam.Count
		leave := make(chan struct{})
		l.Green()
		exam.Together(
			func() { l.Cross(background, func() { <-leave }) },
			func() {
				settle()
				settle()
				l.Cross(background, func() { late.Add() })
			},
			func() {
				settle()
				exam.Error(t, "Red(ctx)", l.Red(ended()), context.Canceled, "a car is on the crossing, and ctx had ended")
				ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
				defer cancel()
				exam.Error(t, "Red(ctx)", l.Red(ctx), context.DeadlineExceeded, "a car is on the crossing, and ctx ends after a second")
				settle()
				exam.Equal(t, "calls of drive, of a car that came later", late.Load(), 0, "a car is on the crossing, and Red has given up waiting for it: the light is red all the same")
				close(leave)
				exam.Error(t, "Red(ctx)", l.Red(background), nil, "the car has left the crossing")
				settle()
				exam.Equal(t, "calls of drive, of a car that came later", late.Load(), 0, "Red has returned nil, and nobody has called Green")
				l.Green()
			},
		)
		exam.Equal(t, "calls of drive, of a car that came later", late.Load(), 1, "the light was green in the end")
	})
	interleave.Explore(t, func(t *testing.T) {
		l, other := event.NewLight(), event.NewLight()
		leave := make(chan struct{})
		var red exam.Count
		l.Green()
		exam.Together(
			func() { l.Cross(background, func() { <-leave }) },
			func() {
				settle()
				l.Red(background)
				red.Add()
			},
			func() {
				settle()
				settle()
				ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
				defer cancel()
				drive := func() {
					t.Errorf("drive is called for a car that came after Red(ctx), which still waits for another car: want it to wait for green")
				}
				exam.Error(t, "Cross(ctx, drive)", l.Cross(ctx, drive), context.DeadlineExceeded, "Red waits for another car to leave, and ctx ends after a second")
				exam.Equal(t, "Reds that have returned", red.Load(), 0, "a car is still on the crossing")
				other.Green()
				exam.Error(t, "Cross(ctx, drive)", other.Cross(background, func() {}), nil, "it is green; another light's Red waits for a car to leave")
				exam.Error(t, "Red(ctx)", other.Red(background), nil, "the crossing is empty; another light's Red waits for a car to leave")
				close(leave)
			},
		)
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		leave, left := make(chan struct{}), make(chan struct{})
		l.Green()
		go func() {
			l.Cross(background, func() { <-leave })
			close(left)
		}()
		settle()
		exam.Error(t, "Red(ctx)", l.Red(ended()), context.Canceled, "a car is on the crossing, and ctx had ended")
		l.Green()
		exam.Error(t, "Red(ctx)", l.Red(ended()), context.Canceled, "a car is on the crossing since the green before the last, and ctx had ended")
		close(leave)
		exam.Error(t, "Red(ctx)", l.Red(endless()), nil, "the car has left the crossing")
		<-left
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		ctx, cancel := context.WithCancel(background)
		leave := make(chan struct{})
		var err error
		l.Green()
		exam.Together(
			func() { l.Cross(background, func() { <-leave }); cancel() },
			func() { settle(); err = l.Red(ctx) },
			func() { settle(); close(leave) },
		)
		exam.Error(t, "Red(ctx)", err, nil, "the only car left the crossing, and then ctx was cancelled")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		ctx, cancel := context.WithCancel(background)
		leave := make(chan struct{})
		driven := false
		l.Green()
		exam.Together(
			func() { l.Cross(background, func() { <-leave; driven = true }) },
			func() {
				settle()
				if err := l.Red(ctx); err != nil {
					exam.Error(t, "Red(ctx)", err, context.Canceled, "ctx is cancelled as the only car leaves the crossing")
					exam.Error(t, "Red(ctx)", l.Red(background), nil, "another Red gave up just then")
				}
				exam.Equal(t, "what the only car did, seen after Red", driven, true, "Red has returned nil")
			},
			func() { settle(); close(leave); cancel() },
		)
	}, interleave.Budget(400), interleave.Schedules(100))
	for _, story := range []string{
		"Green Car Leaves Car Red Leaves Red",
		"Green Car Red Leaves Green Car Red Leaves Red",
		"Green Car Red Car Red Leaves Red Green Red Leaves Red",
		"Car Car Green Leaves Red Red Green Car Leaves Red Leaves Red Green Red",
	} {
		traffic(t, story)
	}
}

// traffic tells what happens to a light, call after call, with time between them for the cars.
//
//   - Green: the cars that wait get on the crossing.
//   - Red: its context has ended, so it returns nil if nobody is on the crossing.
//   - Car: one more comes, and gets on the crossing if it is green.
//   - Leaves, Panics, Exits: one that is on the crossing leaves it, because its drive returns,
//     panics or calls runtime.Goexit.
func traffic(t *testing.T, story string) {
	interleave.Explore(t, func(t *testing.T) {
		l, end := event.NewLight(), make(chan func())
		var drives exam.Count
		var cars sync.WaitGroup
		green, waiting, crossing, driven, told := false, 0, 0, 0, ""
		for _, call := range strings.Fields(story) {
			told += " " + call
			switch call {
			case "Green":
				l.Green()
				green = true
			case "Red":
				var want error
				if crossing > 0 {
					want = context.Canceled
				}
				exam.Error(t, "Red(ctx)", l.Red(ended()), want, fmt.Sprintf("after%s, with %d on the crossing; ctx had ended", told, crossing))
				green = false
			case "Car":
				cars.Go(func() {
					defer func() { _ = recover() }()
					l.Cross(background, func() {
						drives.Add()
						if how := <-end; how != nil {
							how()
						}
					})
				})
				waiting++
			default:
				end <- map[string]func(){"Leaves": func() {}, "Panics": func() { panic("drive") }, "Exits": runtime.Goexit}[call]
				crossing--
			}
			if green {
				waiting, crossing, driven = 0, crossing+waiting, driven+waiting
			}
			settle()
			exam.Equal(t, "calls of drive", drives.Load(), driven, "after"+told)
		}
		close(end)
		l.Green()
		cars.Wait()
	}, interleave.Budget(50), interleave.Schedules(20))
}

// TestLightPanic checks that a car whose drive panics has left the crossing.
//
//grade:todo 9.5
//grade:points 1
//grade:needs TestLight
func TestLightPanic(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		for _, value := range []any{"drive", errors.New("drive"), 7} {
			l.Green()
			returned, drives := false, 0
			var caught any
			func() {
				defer func() { caught = recover() }()
				l.Cross(background, func() { drives++; panic(value) })
				returned = true
			}()
			exam.Equal(t, "calls of drive", drives, 1, "the light is green")
			if returned {
				t.Errorf("Cross(ctx, drive) returned, want it to panic: drive did")
			}
			exam.Equal(t, "recover()", caught, value, "Cross has called a drive that panics with this very value")
			ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
			defer cancel()
			exam.Error(t, "Red(ctx)", l.Red(ctx), nil, "the only car has left the crossing, by a panic in drive; ctx ends after a second")
			l.Green()
			l.Cross(background, func() { drives++ })
			exam.Equal(t, "calls of drive", drives, 2, "the light is green again after a panic in drive")
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLight()
		leave := make(chan struct{})
		l.Green()
		exam.Together(
			func() {
				defer func() { _ = recover() }()
				l.Cross(background, func() { <-leave; panic("drive") })
			},
			func() {
				settle()
				exam.Error(t, "Red(ctx)", l.Red(background), nil, "it waited for the only car, which left by a panic in drive")
			},
			func() { settle(); close(leave) },
		)
	})
	for _, story := range []string{
		"Green Car Panics Red Green Car Red Leaves Red",
		"Green Car Car Panics Red Panics Red",
		"Green Car Exits Red Green Car Red Leaves Red",
		"Green Car Car Exits Red Exits Red",
	} {
		traffic(t, story)
	}
}
