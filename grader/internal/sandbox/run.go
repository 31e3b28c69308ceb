package sandbox

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

const (
	tick  = 25 * time.Millisecond  // between two looks at what the tree uses
	look  = 100 * time.Millisecond // between two at whether it waits
	grace = time.Second            // for the goroutine dump, between SIGQUIT and SIGKILL
)

// Stretch is how many times its Wall a run may last on a machine that gives it no core.
const Stretch = 4

// A starter starts a command with its streams, and within those limits that the kernel keeps.
type starter func(c Command, l Limits, s *streams) (process, error)

// A process is a started command with all its descendants. Its methods are for one goroutine.
type process interface {
	ended() <-chan struct{}       // closed when the command itself has ended
	usage(max int) usage          // of the whole tree; it stops counting after max tasks
	busy() bool                   // whether a thread of it runs, or is ready to and gets no core
	capped() End                  // the limit that the kernel enforced, or 0
	disk() (full bool)            // whether the private file system is
	quit()                        // asks the command for a goroutine dump
	destroy() error               // kills everything and returns when it is dead
	result() (int, string, error) // exit code or signal, once ended and destroyed
}

// usage is what a tree of processes uses.
type usage struct {
	tasks  int
	memory int64 // bytes
	cpu    time.Duration
}

// confined is the Sandbox that starts commands in one of the ways.
type confined struct {
	name  string
	start starter
}

func (s confined) Name() string { return s.name }

func (s confined) Run(ctx context.Context, c Command, l Limits) Outcome {
	if err := c.check(); err != nil {
		return trouble(err)
	}
	if err := l.check(); err != nil {
		return trouble(err)
	}
	if ctx.Err() != nil {
		return Outcome{End: Cancelled}
	}
	// The kernel ties "die with the parent" to the thread that started the child:
	// keep that thread alive. See https://go.dev/issue/27505.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	streams, err := newStreams(l.Output)
	if err != nil {
		return trouble(err)
	}
	defer streams.close()
	p, err := s.start(c, l, streams)
	if err != nil {
		return trouble(err)
	}
	began := time.Now()
	streams.collect()

	out := supervise(ctx, p, l, streams.over)
	out.Wall = time.Since(began)
	out.count(p.usage(l.Processes + 1))
	if end := p.capped(); end != 0 && out.End == Exited {
		out.End = end
	}
	err = p.destroy()
	out.Stdout, out.Stderr = streams.finish()
	if err != nil {
		out.End, out.Err = Trouble, fmt.Errorf("processes may be left: %w", err)
	}
	if out.End == Exited {
		out.settle(p.result())
	}
	// The kernel's own clock may have been faster than the watcher.
	if out.Signal == "SIGKILL" && out.CPU > l.CPU {
		out.End, out.Signal = CPULimit, ""
	}
	// A flood may have ended by itself before anyone looked.
	if out.End == Exited && streams.flooded() {
		out.End = OutputLimit
	}
	return out
}

// supervise waits for the first of: the command's end, a limit, a cancelled context.
//
// The wall clock is for what waits for ever; what computes for ever is for the other one.
// So it stands while the tree is busy: one that is as good as any other but gets a
// tenth of a core is not to blame. It counts looks, not time: a ticker drops those
// that come while the machine itself is suspended, or too busy to look.
func supervise(ctx context.Context, p process, l Limits, over <-chan struct{}) (out Outcome) {
	var waited, watched time.Duration
	looks := time.NewTicker(look)
	defer looks.Stop()
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	var gone <-chan time.Time // when there has been time for the dump

	// stop ends the run for a reason; the first one counts.
	stop := func(end End) bool {
		if out.End == 0 {
			out.End = end
		}
		return true
	}
	// dump does so in two steps: first it asks for a goroutine dump.
	dump := func(end End) bool {
		out.End = end
		p.quit()
		gone = time.After(grace)
		return false
	}
	for done := false; !done; {
		select {
		case <-p.ended():
			done = stop(Exited)
		case <-ctx.Done():
			done = stop(Cancelled)
		case <-over:
			done = stop(OutputLimit)
		case <-gone:
			done = true
		case <-looks.C:
			watched += look
			if !p.busy() {
				waited += look
			}
			if out.End == 0 && (waited >= l.Wall || watched >= Stretch*l.Wall) {
				done = dump(WallLimit)
			}
		case <-ticks.C:
			u := p.usage(l.Processes + 1)
			out.count(u)
			switch end := p.capped(); {
			case end != 0:
				done = stop(end)
			case u.memory > l.Memory:
				done = stop(MemoryLimit)
			case u.tasks > l.Processes:
				done = stop(ProcessLimit)
			case p.disk():
				done = stop(DiskLimit)
			case u.cpu > l.CPU && out.End == 0:
				done = dump(CPULimit)
			}
		}
	}
	return out
}

// count takes a sample into account.
func (o *Outcome) count(u usage) {
	o.CPU = max(o.CPU, u.cpu)
	o.PeakMemory = max(o.PeakMemory, u.memory)
}

// settle completes the outcome of a command that ended by itself.
func (o *Outcome) settle(code int, signal string, err error) {
	switch {
	case err != nil:
		o.End, o.Err = Trouble, err
	case signal != "":
		o.End, o.Signal = Signalled, signal
	default:
		o.ExitCode = code
	}
}

func trouble(err error) Outcome { return Outcome{End: Trouble, Err: err} }
