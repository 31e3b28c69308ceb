package report

import (
	"fmt"
	"strings"

	"lockstep/grader/internal/report/sanitize/nasty"
	"lockstep/grader/internal/verdict"
)

// The made-up results that the golden files are drawn from.

var topics = []string{
	"01-process-and-thread", "02-gil", "03-goroutine", "04-join", "05-lock", "06-rlock", "07-semaphore", "08-daemon",
	"09-event", "10-queue", "11-producer-consumer", "12-joinable-queue", "13-thread-pool", "14-process",
	"15-process-syntax", "16-ipc", "17-process-pool",
}

func title(id string) string {
	words := strings.Split(id[3:], "-")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// uniform gives every topic a chapter of four checks with one status.
func uniform(chapter verdict.ChapterStatus, status verdict.Status, ids ...string) []verdict.Chapter {
	var out []verdict.Chapter
	for _, id := range ids {
		c := verdict.Chapter{ID: id, Title: title(id), Status: chapter}
		c.Checks = append(c.Checks,
			verdict.Check{Name: "policy", Title: "uses only what the chapter allows", Status: status},
			verdict.Check{Name: "vet", Title: "go vet finds nothing", Status: status})
		for i := range 4 {
			k := verdict.Check{
				Name: fmt.Sprintf("Test%s%d", strings.ReplaceAll(c.Title, " ", ""), i+1), Todo: fmt.Sprintf("%s.%d", strings.TrimLeft(id[:2], "0"), i+1),
				Title: "does what its comment promises, whoever calls it and in whatever order", Status: status, MaxPoints: i + 1,
			}
			if status == verdict.Pass {
				k.Points = k.MaxPoints
				if i > 1 {
					k.Guarantee = "all 1,204 schedules with up to 2 pre-emptions"
				}
			}
			c.Checks = append(c.Checks, k)
		}
		out = append(out, c)
	}
	return out
}

func skeleton() *verdict.Result {
	return &verdict.Result{Course: "lockstep", Sandbox: "bwrap", Chapters: uniform(verdict.ChapterNotStarted, verdict.NotStarted, topics...)}
}

func complete() *verdict.Result {
	return &verdict.Result{Course: "lockstep", Sandbox: "bwrap", Submission: verdict.Submission{ID: "ada", Commit: "3f2a91c07be14d55a9"},
		Chapters: uniform(verdict.ChapterGraded, verdict.Pass, topics[3:5]...)}
}

const transferLanes = `The shortest schedule that fails: 2 goroutines, 6 steps, 1 pre-emption.

step  main                    G1 transfer(a→b)        G2 transfer(b→a)
   1  go G1  lock_test.go:31
   2  go G2  lock_test.go:32
   3                          lock a     lock.go:40
   4                                                  lock b     lock.go:40
   5                                                  wait for a lock.go:41
   6                          wait for b lock.go:41

Nobody can run:
  G1 waits for b (lock.go:41), held by G2 since lock.go:40
  G2 waits for a (lock.go:41), held by G1 since lock.go:40

      40 | from.mu.Lock()
      41 | to.mu.Lock()`

const balanceRace = `write by goroutine 8 at lock.go:31, in (*Account).Deposit
      31 | a.balance += n
    goroutine 8 was started at lock_test.go:22
read by goroutine 7 at lock.go:44, in (*Account).Balance
      44 | return a.balance
    goroutine 7 was started at lock_test.go:21`

// semester is a student in the middle of the course: every status, one chapter of each kind.
func semester() *verdict.Result {
	lock := verdict.Chapter{ID: "05-lock", Title: "Lock", Status: verdict.ChapterGraded,
		Notes: []string{"notes.go is not one of the chapter's files and was not graded"},
		Checks: []verdict.Check{
			{Name: "policy", Title: "uses only what the chapter allows", Status: verdict.Pass},
			{Name: "vet", Title: "go vet finds nothing", Status: verdict.Vet, Message: "lock.go:52: assignment copies lock value to snapshot: Account contains sync.Mutex"},
			{Name: "TestDeposit", Todo: "5.1", Title: "deposits by many goroutines are all counted", Status: verdict.Pass, Points: 1, MaxPoints: 1, Guarantee: "all 84 schedules with up to 2 pre-emptions"},
			{Name: "TestWithdraw", Todo: "5.1", Title: "two withdrawals never overdraw an account, whatever the balance was before", Status: verdict.Pass, Points: 2, MaxPoints: 2, Guarantee: "all 1,204 schedules with up to 2 pre-emptions"},
			{Name: "TestBalanceReads", Todo: "5.2", Title: "Balance may be read while others deposit", Status: verdict.Race, MaxPoints: 2,
				Message: "Balance reads account.balance at lock.go:44 without the lock that Deposit holds when it writes at lock.go:31", Detail: balanceRace},
			{Name: "TestTransferNeverDeadlocks", Todo: "5.3", Title: "transfers in opposite directions always finish", Status: verdict.Deadlock, MaxPoints: 3,
				Message: "two transfers wait for each other: a→b holds a and waits for b, b→a holds b and waits for a (lock.go:40, lock.go:41)",
				Detail:  transferLanes, Seed: "x1.5f3a.0c"},
			{Name: "TestTotal", Todo: "5.3", Title: "Total is right while transfers run", Status: verdict.Skipped, MaxPoints: 2, Message: "needs TestTransferNeverDeadlocks"},
			{Name: "TestCacheLoadsOnce", Todo: "5.4", Title: "the cache loads each key once", Status: verdict.Todo, MaxPoints: 3},
		}}
	rlock := uniform(verdict.ChapterBuildFailed, verdict.BuildFailed, "06-rlock")[0]
	for i := range rlock.Checks {
		rlock.Checks[i].Message = "rlock.go:27:9: undefined: ownr"
		rlock.Checks[i].Detail = "rlock.go:27:9: undefined: ownr\nrlock.go:31:2: missing return"
	}
	odd := verdict.Chapter{ID: "09-event", Title: "Event", Status: verdict.ChapterGraded, Checks: []verdict.Check{
		{Name: "TestSet", Todo: "9.1", Title: "Set wakes everyone who waits", Status: verdict.Fail, MaxPoints: 2, Message: "Wait(ctx) = context deadline exceeded, want nil: 1 of 3 waiters was not woken"},
		{Name: "TestClear", Todo: "9.2", Title: "Clear after Set does not lose a waiter", Status: verdict.Panic, MaxPoints: 2, Message: "panic: close of closed channel at event.go:18"},
		{Name: "TestTimeout", Todo: "9.3", Title: "a wait that times out leaves nothing behind", Status: verdict.Leak, MaxPoints: 1, Message: "1 goroutine started at event.go:33 still waits on a channel nobody will close"},
		{Name: "TestLatch", Todo: "9.4", Title: "the latch opens at zero", Status: verdict.Timeout, MaxPoints: 1, Message: "still running after 10 s of CPU time, in Latch.Wait at event.go:51"},
		{Name: "TestCars", Todo: "9.5", Title: "no car crosses on red", Status: verdict.OutOfMemory, MaxPoints: 1},
		{Name: "TestLight", Todo: "9.5", Title: "the light changes for all", Status: verdict.OutputLimit, MaxPoints: 1},
		{Name: "TestJam", Todo: "9.5", Title: "no car waits for ever", Status: verdict.Missing, MaxPoints: 1},
	}}
	trouble := uniform(verdict.ChapterTrouble, verdict.Trouble, "08-daemon")[0]
	for i := range trouble.Checks {
		trouble.Checks[i].Message = "the sandbox could not be started: bwrap: no permissions to create a new namespace"
	}
	rejected := uniform(verdict.ChapterRejected, verdict.Rejected, "07-semaphore")[0]
	for i := range rejected.Checks {
		rejected.Checks[i].Message = "semaphore.go:5: import of unsafe is not allowed in this chapter: a channel or sync.Cond does it"
	}
	r := &verdict.Result{Course: "lockstep", Sandbox: "bwrap", Submission: verdict.Submission{ID: "ada", Commit: "3f2a91c07be14d55a9"}}
	r.Chapters = append(r.Chapters, uniform(verdict.ChapterGraded, verdict.Pass, topics[0])...)
	r.Chapters = append(r.Chapters, uniform(verdict.ChapterNotStarted, verdict.NotStarted, topics[1:4]...)...)
	r.Chapters = append(r.Chapters, lock, rlock, rejected, trouble, odd)
	r.Chapters = append(r.Chapters, uniform(verdict.ChapterNotStarted, verdict.NotStarted, topics[9:]...)...)
	return r
}

// hostile puts each nasty string wherever a submission might.
func hostile() *verdict.Result {
	texts := nasty.Strings()
	r := &verdict.Result{Course: "lockstep", Sandbox: "none", Submission: verdict.Submission{ID: texts[0], Commit: texts[1]}}
	c := verdict.Chapter{ID: "05-lock", Title: "Lock", Status: verdict.ChapterGraded}
	for i, s := range texts {
		c.Notes = append(c.Notes, s)
		c.Checks = append(c.Checks, verdict.Check{
			Name: fmt.Sprintf("Test%02d", i), Todo: "5.1", Title: s, Status: verdict.Fail, MaxPoints: 1, Message: s, Detail: s, Seed: s,
		})
	}
	r.Chapters = []verdict.Chapter{c}
	return r
}
