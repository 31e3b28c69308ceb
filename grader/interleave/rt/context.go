package rt

import (
	"context"
	"time"
	"unsafe"
)

// cancelCtx is a context that can be cancelled during an exploration. All that can be
// observed of it happens on the model of its Done channel.
type cancelCtx struct {
	context.Context // its parent
	done            chan struct{}
	err, cause      error
	among           *cancelCtx // whose children it is one of
	children        []*cancelCtx
	deadline        time.Time
	timer           *timer
	after           func() // of a ContextAfterFunc
	registered      uint64 // what came before after was given comes before it is run
}

type cancelKey struct{}

// Done returns a channel that is closed when the context is cancelled.
//
//go:norace
func (c *cancelCtx) Done() <-chan struct{} { return c.done }

// Err returns why the context was cancelled, nil before.
//
//go:norace
func (c *cancelCtx) Err() error {
	if g := current(); g != nil && g.observe(c) {
		return c.err
	} else if g != nil {
		return nil
	}
	return c.err
}

// observe is a step that looks whether c is cancelled.
//
//go:norace
func (g *goroutine) observe(c *cancelCtx) bool {
	o := channel(g.s, c.done)
	g.point(OpErr, o)
	g.s.read(g, o)
	if o.closed {
		acquire(&o.hb[0])
	}
	return o.closed
}

// Deadline returns when the context will be cancelled, if that is known.
//
//go:norace
func (c *cancelCtx) Deadline() (time.Time, bool) {
	if !c.deadline.IsZero() {
		return c.deadline, true
	}
	return c.Context.Deadline()
}

// Value returns the value for key.
//
//go:norace
func (c *cancelCtx) Value(key any) any {
	if _, ok := key.(cancelKey); ok {
		return c
	}
	return c.Context.Value(key)
}

//go:norace
func (c *cancelCtx) cancel() { c.end(context.Canceled, nil) }

//go:norace
func (c *cancelCtx) cancelCause(cause error) { c.end(context.Canceled, cause) }

// end cancels c and then its children, a step each.
//
//go:norace
func (c *cancelCtx) end(err, cause error) {
	g := current()
	if g == nil {
		return // the schedule it belonged to is over
	}
	if cause == nil {
		cause = err
	}
	s := g.s
	o := channel(s, c.done)
	g.point(OpCancel, o)
	if o.closed {
		s.read(g, o)
		return
	}
	c.close(g, o, err, cause)
	for len(c.children) > 0 {
		c.children[0].end(err, cause)
	}
	if c.after != nil {
		acquire(&c.registered)
		start(c.after)
	}
}

// close is the step that cancels c alone.
//
//go:norace
func (c *cancelCtx) close(g *goroutine, o *object, err, cause error) {
	c.err, c.cause = err, cause
	if c.timer != nil && c.timer.armed {
		c.timer.disarm()
	}
	release(&o.hb[0])
	o.closed = true
	raceOff()
	close(c.done) // for code outside the exploration
	raceOn()
	g.s.wrote(g, o)
	if c.among != nil { // not by way of parentOf: who cancels need not have seen the contexts in between
		c.among.remove(c)
	}
}

//go:norace
func (c *cancelCtx) remove(child *cancelCtx) {
	for i, k := range c.children {
		if k == child {
			c.children = without(c.children, i)
			return
		}
	}
}

// parentOf returns the nearest of our contexts above c whose Done channel is that of
// c's parent.
//
//go:norace
func parentOf(c *cancelCtx) *cancelCtx {
	p, ok := c.Context.Value(cancelKey{}).(*cancelCtx)
	if !ok || c.Context.Done() != p.Done() {
		return nil
	}
	return p
}

// newContext makes a child of parent that is cancelled with it.
//
//go:norace
func (g *goroutine) newContext(parent context.Context, after func()) *cancelCtx {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	c := &cancelCtx{Context: parent, done: make(chan struct{}), after: after}
	if after != nil {
		release(&c.registered)
	}
	if p := parentOf(c); p != nil {
		if g.observe(p) {
			c.end(p.err, p.cause)
		} else {
			p.children, c.among = append(p.children, c), p
		}
		return c
	}
	done := parent.Done()
	if done == nil {
		return c
	}
	if err := parent.Err(); err != nil {
		c.end(err, context.Cause(parent))
		return c
	}
	w := &watcher{c, done}
	n := g.s.spawn(g, w.run)
	g.s.live = append(g.s.live, n)
	g.s.resume(n)
	go n.run()
	return c
}

// watcher cancels a context with its parent, of a type that is not ours. Package context has
// such a goroutine, too, and who never cancels the context leaves it behind.
type watcher struct {
	c    *cancelCtx
	done <-chan struct{}
}

//go:norace
func (w *watcher) run() {
	if Select(false, CaseRecv(w.done), CaseRecv((<-chan struct{})(w.c.done))) == 0 {
		w.c.end(w.c.Context.Err(), context.Cause(w.c.Context))
	}
}

// ContextWithCancel is context.WithCancel(parent).
//
//go:norace
func ContextWithCancel(parent context.Context) (context.Context, context.CancelFunc) {
	g := current()
	if g == nil {
		return context.WithCancel(parent)
	}
	c := g.newContext(parent, nil)
	return c, c.cancel
}

// ContextWithCancelCause is context.WithCancelCause(parent).
//
//go:norace
func ContextWithCancelCause(parent context.Context) (context.Context, context.CancelCauseFunc) {
	g := current()
	if g == nil {
		return context.WithCancelCause(parent)
	}
	c := g.newContext(parent, nil)
	return c, c.cancelCause
}

// ContextWithTimeout is context.WithTimeout(parent, d).
//
//go:norace
func ContextWithTimeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return ContextWithTimeoutCause(parent, d, nil)
}

// ContextWithTimeoutCause is context.WithTimeoutCause(parent, d, cause).
//
//go:norace
func ContextWithTimeoutCause(parent context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	if current() == nil {
		return context.WithTimeoutCause(parent, d, cause)
	}
	return ContextWithDeadlineCause(parent, Now().Add(d), cause)
}

// ContextWithDeadline is context.WithDeadline(parent, t).
//
//go:norace
func ContextWithDeadline(parent context.Context, t time.Time) (context.Context, context.CancelFunc) {
	return ContextWithDeadlineCause(parent, t, nil)
}

// ContextWithDeadlineCause is context.WithDeadlineCause(parent, t, cause).
//
//go:norace
func ContextWithDeadlineCause(parent context.Context, t time.Time, cause error) (context.Context, context.CancelFunc) {
	g := current()
	if g == nil {
		return context.WithDeadlineCause(parent, t, cause)
	}
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if cur, ok := parent.Deadline(); ok && cur.Before(t) {
		return ContextWithCancel(parent)
	}
	c := g.newContext(parent, nil)
	c.deadline = t
	d := t.Sub(g.now())
	if d <= 0 {
		c.end(context.DeadlineExceeded, cause)
		return c, c.cancel
	}
	if !channel(g.s, c.done).closed {
		x := &expiry{c, cause}
		c.timer = g.newTimer(x.run)
		c.timer.key = unsafe.Pointer(c)
		g.arm(c.timer, d)
	}
	return c, c.cancel
}

type expiry struct {
	c     *cancelCtx
	cause error
}

//go:norace
func (x *expiry) run() { x.c.end(context.DeadlineExceeded, x.cause) }

// ContextAfterFunc is context.AfterFunc(ctx, f).
//
//go:norace
func ContextAfterFunc(ctx context.Context, f func()) (stop func() bool) {
	g := current()
	if g == nil {
		return context.AfterFunc(ctx, f)
	}
	c := g.newContext(ctx, f)
	return c.stop
}

// stop keeps the function of a ContextAfterFunc from being run, if it has not been.
//
//go:norace
func (c *cancelCtx) stop() bool {
	g := current()
	if g == nil {
		return false
	}
	o := channel(g.s, c.done)
	g.point(OpCancel, o)
	if o.closed {
		g.s.read(g, o)
		return false
	}
	c.after = nil
	c.close(g, o, context.Canceled, context.Canceled)
	return true
}

// detached is what ContextWithoutCancel returns: the values alone.
type detached struct{ context.Context }

func (detached) Deadline() (t time.Time, ok bool) { return t, false }
func (detached) Done() <-chan struct{}            { return nil }
func (detached) Err() error                       { return nil }

// Value returns the value for key.
func (d detached) Value(key any) any {
	if _, ok := key.(cancelKey); ok {
		return nil
	}
	return d.Context.Value(key)
}

// ContextWithoutCancel is context.WithoutCancel(parent).
//
//go:norace
func ContextWithoutCancel(parent context.Context) context.Context {
	if current() == nil || parent == nil {
		return context.WithoutCancel(parent)
	}
	return detached{context.WithoutCancel(parent)}
}

// ContextWithValue is context.WithValue(parent, key, val).
func ContextWithValue(parent context.Context, key, val any) context.Context {
	return context.WithValue(parent, key, val)
}

// ContextCause is context.Cause(ctx).
//
//go:norace
func ContextCause(ctx context.Context) error {
	c, ok := ctx.Value(cancelKey{}).(*cancelCtx)
	if !ok {
		return context.Cause(ctx)
	}
	if g := current(); g != nil && !g.observe(c) {
		return nil
	}
	return c.cause
}
