package main

import (
	"sync"
	s2 "sync"
)

type account struct {
	sync.Mutex
	balance int
}

type shared[T any] struct {
	sync.RWMutex
	value T
}

type nested struct {
	*account
	group
}

type group struct{ s2.WaitGroup }

type locker struct{ sync.Locker }

type alias = sync.Mutex

type aliased struct{ alias }

type ownLock interface {
	Lock()
	Unlock()
}

func (s *shared[T]) set(v T) {
	s.Lock()
	defer s.Unlock()
	s.value = v
}

func (s *shared[T]) get() T {
	s.RLock()
	defer s.RUnlock()
	return s.value
}

func under(l sync.Locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

func underOwn(l ownLock, f func()) { l.Lock(); f(); l.Unlock() }

func underParam[L sync.Locker](l L, f func()) { l.Lock(); f(); l.Unlock() }

func underPointer[T any, P interface {
	*T
	Lock()
	Unlock()
}](x *T) {
	P(x).Lock()
	var p P = x
	p.Unlock()
}

func accountOf(a *account, p printer) *account { p("evaluated"); return a }

var _ = add("locks/plain", func(p printer) {
	var mu sync.Mutex
	mu.Lock()
	p(mu.TryLock())
	mu.Unlock()
	p(mu.TryLock())
	(&mu).Unlock()
	pm := &mu
	pm.
		Lock()
	(*pm).Unlock()
	(&sync.Mutex{}).Lock()
	p(mu.TryLock())
})

var _ = add("locks/values", func(p printer) {
	var mu sync.Mutex
	lock, unlock := mu.Lock, (&mu).Unlock
	lock()
	p(mu.TryLock())
	unlock()
	func() {
		mu.Lock()
		defer mu.Unlock()
	}()
	try := mu.TryLock
	p(try())
	defer mu.Unlock()
	ops := []func(*sync.Mutex){(*sync.Mutex).Unlock, (*sync.Mutex).Lock}
	for _, op := range ops {
		op(&mu)
	}
	sync.Locker.Unlock(&mu)
	f := sync.Locker.Lock
	f(&mu)
	var l sync.Locker = &mu
	g := l.Unlock
	g()
	l.Lock()
	done := make(chan bool)
	go func() { mu.Lock(); mu.Unlock(); done <- true }()
	go mu.Unlock()
	<-done
	mu.Lock()
})

var _ = add("locks/embedded", func(p printer) {
	a := &account{}
	accountOf(a, p).Lock()
	p(a.TryLock(), a.Mutex.TryLock())
	a.Unlock()
	under(a, func() { p("in", a.TryLock()) })
	n := nested{account: a}
	n.Lock()
	n.account.Mutex.Unlock()
	n.Add(1)
	go n.Done()
	n.Wait()
	n.group.Wait()
	f := n.TryLock
	p(f(), f())
	n.Unlock()
	(*account).Lock(a)
	h := (*account).Unlock
	h(a)
	underOwn(&n, func() { p("own", a.TryLock()) })
	underOwn(&aliased{}, func() { p("aliased") })
	l := locker{a}
	l.Lock()
	p(a.TryLock())
	l.Unlock()
	under(&l, func() { p("through", a.TryLock()) })
	m := map[string]*account{"x": a}
	m["x"].Lock()
	m["x"].Unlock()
	anonymous := struct {
		sync.Mutex
		n int
	}{}
	anonymous.Lock()
	p(anonymous.TryLock())
	anonymous.Unlock()
	type local struct{ sync.Mutex }
	var lo local
	lo.Lock()
	defer lo.Unlock()
	array := [2]sync.Mutex{}
	i := 0
	array[i].Lock()
	i++
	p(array[0].TryLock(), array[i].TryLock())
})

var _ = add("locks/generic", func(p printer) {
	var s shared[[]int]
	s.set([]int{1})
	p(s.get())
	under(&s, func() { p(s.TryRLock()) })
	under(s.RLocker(), func() { p(s.TryRLock(), s.TryLock()); s.RUnlock() })
	rl := s.RWMutex.RLocker
	under(rl(), func() { p(s.TryLock()) })
	underParam(&s, func() { p(s.TryRLock()) })
	underPointer[sync.Mutex](&sync.Mutex{})
	underPointer[shared[string]](&shared[string]{})
})

var _ = add("locks/group", func(p printer) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	n := 0
	count := func() {
		defer mu.Unlock()
		mu.Lock()
		n++
	}
	for range 3 {
		wg.Go(count)
	}
	wg.Add(2)
	for range 2 {
		go func() {
			defer wg.Done()
			count()
		}()
	}
	wg.Wait()
	p(n)
	start := wg.Go
	start(func() {
		count()
	})
	wait, more := wg.Wait, wg.Add
	wait()
	more(1)
	done := wg.Done
	done()
	(*sync.WaitGroup).Wait(&wg)
	var waiter interface{ Wait() } = &wg
	waiter.Wait()
	p(n)
})

var _ = add("locks/cond", func(p printer) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready := false
	var once sync.Once
	go func() {
		c.L.Lock()
		defer c.L.Unlock()
		ready = true
		c.Signal()
		c.Broadcast()
	}()
	c.L.Lock()
	for !ready {
		c.Wait()
	}
	c.L.Unlock()
	once.Do(func() { p("once") })
	once.Do(func() { p("twice") })
	do := once.Do
	do(func() { p("thrice") })
	defer c.Broadcast()
	v := sync.OnceValue(func() int { p("computed"); return 7 })
	p(v(), v())
	w := sync.OnceValues[int, error](func() (int, error) { return 1, nil })
	p(w())
	sync.OnceFunc(func() { p("f") })()
	maker := sync.OnceFunc
	maker(func() { p("g") })()
})

var _ = add("locks/pool and map", func(p printer) {
	pool := sync.Pool{New: func() any { return "new" }}
	p(pool.Get())
	pool.Put(1)
	var m sync.Map
	m.Store("a", 1)
	p(m.Load("a"))
	p(m.LoadOrStore("b", 2))
	m.Range(func(k, v any) bool { return k != nil })
	p(m.CompareAndSwap("a", 1, 3))
	if v, ok := m.LoadAndDelete("a"); ok {
		p(v)
	}
	load := m.Load
	p(load("b"))
	m.Clear()
	m.Delete("b")
	p((*sync.Map).Load(&m, "b"))
})
