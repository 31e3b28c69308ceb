package rt

import (
	"context"
	"time"
)

func ContextWithCancel(p context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(p)
}
func ContextWithCancelCause(p context.Context) (context.Context, context.CancelCauseFunc) {
	return context.WithCancelCause(p)
}
func ContextWithTimeout(p context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(p, d)
}
func ContextWithTimeoutCause(p context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(p, d, cause)
}
func ContextWithDeadline(p context.Context, t time.Time) (context.Context, context.CancelFunc) {
	return context.WithDeadline(p, t)
}
func ContextWithDeadlineCause(p context.Context, t time.Time, cause error) (context.Context, context.CancelFunc) {
	return context.WithDeadlineCause(p, t, cause)
}
func ContextAfterFunc(ctx context.Context, f func()) func() bool { return context.AfterFunc(ctx, f) }
func ContextWithoutCancel(p context.Context) context.Context     { return context.WithoutCancel(p) }
func ContextWithValue(p context.Context, key, val any) context.Context {
	return context.WithValue(p, key, val)
}
func ContextCause(ctx context.Context) error { return context.Cause(ctx) }
