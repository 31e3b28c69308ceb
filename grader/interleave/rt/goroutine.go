package rt

import "runtime"

func Go(f func())       { go f() }
func Gosched()          { runtime.Gosched() }
func NumGoroutine() int { return runtime.NumGoroutine() }
