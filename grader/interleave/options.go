package interleave

import "lockstep/grader/interleave/internal/search"

// Option changes how Explore searches.
type Option func(*search.Config)

// Schedules sets how many schedules the mixed strategies run, 1,000 by default,
// besides those of the exhaustive search. Of long ones they run fewer, in all 600 steps for each of the n.
func Schedules(n int) Option { return func(c *search.Config) { c.Samples = n } }

// Preemptions sets the bound of the exhaustive search, 2 by default. A pre-emption takes
// the turn from a goroutine that could have gone on.
func Preemptions(n int) Option { return func(c *search.Config) { c.Preemptions = n } }

// Budget sets how many schedules the exhaustive search may run before it gives up.
func Budget(n int) Option {
	return func(c *search.Config) { c.Exhaust, c.ExhaustWork = n, 100*n }
}

// AdversarialTime lets time pass at any moment, also while goroutines can run, as on
// a machine that stops now and then. It finds a Sleep that stands in for
// synchronisation, and fails a test that relies on a time-out being long enough.
func AdversarialTime() Option { return func(c *search.Config) { c.Adversarial = true } }

// DaysMayPass is AdversarialTime for scenarios in which everybody has to wait however long it takes:
// whoever gives up after days has done so before anybody else goes on. It searches little. Samples
// may starve one of several who look now and then: then Schedules(0) leaves them out.
func DaysMayPass() Option {
	return func(c *search.Config) {
		AdversarialTime()(c)
		Budget(300)(c)
		Schedules(200)(c)
	}
}

// AllowLeaks makes goroutines that are blocked at the end no failure.
func AllowLeaks() Option { return func(c *search.Config) { c.Leaks = true } }
