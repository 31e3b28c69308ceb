package litmus

import (
	"fmt"
	"sync/atomic"
	"time"

	"lockstep/grader/interleave/rt"
)

func (m *Memory) saw(i int, what ...any) { m.seen[i] = append(m.seen[i], fmt.Sprint(what...)) }

func add(v *atomic.Int64, n int64) int64 {
	return rt.AtomicUpdate1((*atomic.Int64).Add, v, n)
}

// step is one instruction of thread i.
func (m *Memory) step(i int, in Instruction) {
	v, mu := &m.v[in.Index], &m.mu[in.Index]
	switch in.Op {
	case "add":
		m.saw(i, "+", add(v, 1))
	case "load":
		m.saw(i, "=", rt.AtomicLoad((*atomic.Int64).Load, v))
	case "store":
		rt.AtomicStore((*atomic.Int64).Store, v, int64(10*i+10))
	case "cas":
		m.saw(i, "cas", rt.AtomicUpdate2((*atomic.Int64).CompareAndSwap, v, 0, int64(i+5)))
	case "lock":
		rt.MutexLock(mu)
		m.saw(i, "L", add(&m.v[0], 1))
		rt.MutexUnlock(mu)
	case "nested":
		rt.MutexLock(mu)
		rt.MutexLock(&m.mu[1-in.Index])
		m.saw(i, "N", add(&m.v[0], 1))
		rt.MutexUnlock(&m.mu[1-in.Index])
		rt.MutexUnlock(mu)
	case "trylock":
		ok := rt.MutexTryLock(mu)
		m.saw(i, "T", ok)
		if ok {
			rt.MutexUnlock(mu)
		}
	case "rlock":
		rt.RWMutexRLock(&m.rw)
		m.saw(i, "R", rt.AtomicLoad((*atomic.Int64).Load, &m.v[0]))
		rt.RWMutexRUnlock(&m.rw)
	case "wlock":
		rt.RWMutexLock(&m.rw)
		m.saw(i, "W", add(&m.v[0], 1))
		rt.RWMutexUnlock(&m.rw)
	case "tryrlock":
		ok := rt.RWMutexTryRLock(&m.rw)
		m.saw(i, "TR", ok)
		if ok {
			rt.RWMutexRUnlock(&m.rw)
		}
	case "once":
		rt.OnceDo(&m.once[in.Index], func() { m.saw(i, "once", add(&m.v[0], 1)) })
	case "wait":
		rt.MutexLock(&m.mu[0])
		if !m.ready {
			rt.CondWait(m.cond)
		}
		m.saw(i, "woken", add(&m.v[0], 1))
		rt.MutexUnlock(&m.mu[0])
	case "signal":
		rt.MutexLock(&m.mu[0])
		m.ready = m.ready || in.Index == 1
		rt.MutexUnlock(&m.mu[0])
		rt.CondSignal(m.cond)
	case "broadcast":
		rt.CondBroadcast(m.cond)
	case "sleep":
		rt.Sleep(time.Duration(in.Index+1) * time.Millisecond)
		m.saw(i, "slept", rt.AtomicLoad((*atomic.Int64).Load, &m.v[0]))
	default:
		m.communicate(i, in)
	}
}

func (m *Memory) communicate(i int, in Instruction) {
	defer func() {
		if v := recover(); v != nil {
			m.saw(i, v)
		}
	}()
	switch in.Op {
	case "send":
		rt.SendTo(m.c).Do(i)
		m.saw(i, "sent")
	case "recv":
		v, ok := rt.Recv2(m.c)
		m.saw(i, "got", v, ok)
	case "close":
		rt.Close(m.c)
		m.saw(i, "closed")
	case "len":
		m.saw(i, "len", rt.Len(m.c))
	case "trysend":
		m.saw(i, "try", rt.Select(true, rt.CaseSend(m.c).Case(i)))
	case "tryrecv":
		c := rt.CaseRecv(m.c)
		m.saw(i, "try", rt.Select(true, c), c.V, c.OK)
	case "either":
		c := rt.CaseRecv(m.c)
		m.saw(i, "either", rt.Select(false, c, rt.CaseSend(m.c).Case(i)), c.V, c.OK)
	case "timeout":
		c, late := rt.CaseRecv(m.c), rt.CaseRecv(rt.After(time.Duration(in.Index+1)*time.Millisecond))
		m.saw(i, "timeout", rt.Select(false, c, late), c.V)
	}
}
