package exam

import "context"

// Endless returns a context that never ends, of a kind that package context does not know. With
// such a parent context.AfterFunc, and what makes a child, starts a goroutine that stays until
// the function they return has been called: who does not call it has left a goroutine behind.
func Endless() context.Context { return endless{context.Background(), make(chan struct{})} }

type endless struct {
	context.Context
	done chan struct{}
}

func (e endless) Done() <-chan struct{} { return e.done }
