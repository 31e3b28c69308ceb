package report

import "lockstep/grader/internal/verdict"

// Next returns the check to work on now: the first that does not pass, in the order of
// the course, chapters that were begun before chapters that were not. Checks that the
// grader had trouble with, or that wait for another, come last. It returns nil when
// everything passes.
func Next(r *verdict.Result) (*verdict.Chapter, *verdict.Check) {
	for _, wanted := range []func(*verdict.Chapter, *verdict.Check) bool{
		func(c *verdict.Chapter, k *verdict.Check) bool {
			return c.Status != verdict.ChapterNotStarted && k.Status != verdict.Skipped && k.Status != verdict.Trouble
		},
		func(_ *verdict.Chapter, k *verdict.Check) bool {
			return k.Status != verdict.Skipped && k.Status != verdict.Trouble
		},
		func(*verdict.Chapter, *verdict.Check) bool { return true },
	} {
		for i := range r.Chapters {
			c := &r.Chapters[i]
			for j := range c.Checks {
				if k := &c.Checks[j]; k.Status != verdict.Pass && wanted(c, k) {
					return c, k
				}
			}
		}
	}
	return nil, nil
}

// Find returns the check that a reader means by name: a test function, a TODO ("5.3":
// its first check that does not pass, else its first), or either with its chapter
// before it, "05-lock/vet". It returns nil when there is none.
func Find(r *verdict.Result, name string) (*verdict.Chapter, *verdict.Check) {
	var (
		chapter *verdict.Chapter
		found   *verdict.Check
	)
	for i := range r.Chapters {
		c := &r.Chapters[i]
		for j := range c.Checks {
			k := &c.Checks[j]
			if name != k.Name && name != c.ID+"/"+k.Name && (k.Todo == "" || name != k.Todo && name != c.ID+"/"+k.Todo) {
				continue
			}
			if found == nil || found.Status == verdict.Pass && k.Status != verdict.Pass {
				chapter, found = c, k
			}
		}
	}
	return chapter, found
}
