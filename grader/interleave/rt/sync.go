package rt

import "sync"

func MutexLock(m *sync.Mutex)         { m.Lock() }
func MutexUnlock(m *sync.Mutex)       { m.Unlock() }
func MutexTryLock(m *sync.Mutex) bool { return m.TryLock() }

func RWMutexLock(m *sync.RWMutex)                { m.Lock() }
func RWMutexUnlock(m *sync.RWMutex)              { m.Unlock() }
func RWMutexTryLock(m *sync.RWMutex) bool        { return m.TryLock() }
func RWMutexRLock(m *sync.RWMutex)               { m.RLock() }
func RWMutexRUnlock(m *sync.RWMutex)             { m.RUnlock() }
func RWMutexTryRLock(m *sync.RWMutex) bool       { return m.TryRLock() }
func RWMutexRLocker(m *sync.RWMutex) sync.Locker { return m.RLocker() }

func LockerLock(l sync.Locker)   { l.Lock() }
func LockerUnlock(l sync.Locker) { l.Unlock() }

func CondWait(c *sync.Cond)      { c.Wait() }
func CondSignal(c *sync.Cond)    { c.Signal() }
func CondBroadcast(c *sync.Cond) { c.Broadcast() }

func WaitGroupAdd(w *sync.WaitGroup, n int)   { w.Add(n) }
func WaitGroupDone(w *sync.WaitGroup)         { w.Done() }
func WaitGroupWait(w *sync.WaitGroup)         { w.Wait() }
func WaitGroupGo(w *sync.WaitGroup, f func()) { w.Go(f) }

func OnceDo(o *sync.Once, f func())                            { o.Do(f) }
func OnceFunc(f func()) func()                                 { return sync.OnceFunc(f) }
func OnceValue[T any](f func() T) func() T                     { return sync.OnceValue(f) }
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) { return sync.OnceValues(f) }

func PoolGet(p *sync.Pool) any    { return p.Get() }
func PoolPut(p *sync.Pool, x any) { p.Put(x) }
