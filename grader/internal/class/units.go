package class

import (
	"context"

	"golang.org/x/sync/singleflight"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/pipeline"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/verdict"
)

// Grader grades the work on one chapter. A *pipeline.Grader is one.
type Grader interface {
	// Chapter grades work, or finds that it was graded before.
	Chapter(ctx context.Context, ch *course.Chapter, work submission.Work) verdict.Chapter
	// Key names all that a chapter's result depends on.
	Key(ch *course.Chapter, files map[string][]byte, more ...string) (string, error)
	// Lack is what the machine needs for grading and does not have.
	Lack() error
}

// units grades every content of a chapter once for the whole class: what two students
// handed in alike is waited for, what is finished is found in the grader's cache.
type units struct {
	grader Grader
	kept   *cache.Cache  // results that the grader's own cache does not keep
	slots  chan struct{} // how many are worked on at a time
	flying singleflight.Group
}

// grade returns the result for a student's work on a chapter.
func (u *units) grade(ctx context.Context, ch *course.Chapter, work submission.Work) verdict.Chapter {
	if work.NotStarted(ch) || len(work.Problems) > 0 {
		return u.grader.Chapter(ctx, ch, work)
	}
	key, err := u.grader.Key(ch, work.Files)
	if err != nil {
		return u.grader.Chapter(ctx, ch, work) // it has the same error, and a result for it
	}
	result, _, _ := u.flying.Do(key, func() (any, error) {
		return u.once(ctx, ch, submission.Work{Files: work.Files}, key), nil
	})
	out := result.(verdict.Chapter)
	out.Notes, out.Cached = work.Notes, false // what is written does not tell who came first
	return out
}

// once grades one content. A time-out is a result here: the grader's own cache does not
// keep it, but a class that is graded again must not wait for every endless loop again.
// Trouble is never kept.
func (u *units) once(ctx context.Context, ch *course.Chapter, work submission.Work, key string) verdict.Chapter {
	var out verdict.Chapter
	if u.kept.Get("units", key, &out) && out.ID == ch.ID {
		return out
	}
	select {
	case u.slots <- struct{}{}:
		defer func() { <-u.slots }()
	case <-ctx.Done():
	}
	out = u.grader.Chapter(ctx, ch, work)
	if ctx.Err() == nil && !pipeline.Lasting(&out) && troubleIn(&out) == "" {
		// Where it cannot be kept it is graded again the next time.
		_ = u.kept.Put("units", key, out)
	}
	return out
}

// troubleIn returns what the grader had trouble with in a chapter, "" for nothing.
func troubleIn(c *verdict.Chapter) string {
	for _, k := range c.Checks {
		if k.Status == verdict.Trouble {
			return c.ID + ": " + k.Message
		}
	}
	if c.Status == verdict.ChapterTrouble {
		return c.ID + ": the grader could not tell"
	}
	return ""
}
