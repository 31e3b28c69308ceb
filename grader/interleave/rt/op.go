package rt

// Op names a kind of step.
type Op uint8

// The kinds of step.
const (
	OpNone Op = iota
	OpLock
	OpTryLock
	OpUnlock
	OpRLock
	OpTryRLock
	OpRUnlock
	OpWriteLock
	OpDrain
	OpTryWriteLock
	OpWriteUnlock
	OpCondWait
	OpCondWake
	OpSignal
	OpBroadcast
	OpAdd
	OpDone
	OpWait
	OpOnce
	OpPoolGet
	OpPoolPut
	OpLoad
	OpStore
	OpUpdate
	OpAccess
	OpSend
	OpReceive
	OpSelect
	OpClose
	OpLen
	OpForever
	OpSleep
	OpNow
	OpTimer
	OpFire
	OpGosched
	OpCancel
	OpErr
	OpFlock
	OpPanic
	opCount
)

var opNames = [opCount]string{
	OpNone: "start", OpLock: "Lock", OpTryLock: "TryLock", OpUnlock: "Unlock", OpRLock: "RLock",
	OpTryRLock: "TryRLock", OpRUnlock: "RUnlock", OpWriteLock: "Lock", OpDrain: "Lock (waits for readers)",
	OpTryWriteLock: "TryLock", OpWriteUnlock: "Unlock", OpCondWait: "Cond.Wait", OpCondWake: "Cond.Wait (woken)",
	OpSignal: "Cond.Signal", OpBroadcast: "Cond.Broadcast", OpAdd: "WaitGroup.Add", OpDone: "WaitGroup.Done", OpWait: "WaitGroup.Wait",
	OpOnce: "Do", OpPoolGet: "Get", OpPoolPut: "Put", OpLoad: "Load", OpStore: "Store", OpUpdate: "update",
	OpAccess: "access", OpSend: "send", OpReceive: "receive", OpSelect: "select", OpClose: "close",
	OpLen: "len", OpForever: "select {}", OpSleep: "Sleep", OpNow: "Now", OpTimer: "timer",
	OpFire: "timer fires", OpGosched: "Gosched", OpCancel: "cancel", OpErr: "Err", OpFlock: "Flock", OpPanic: "panic",
}

// String returns the operation's usual name in Go.
//
//go:norace
func (o Op) String() string { return opNames[o] }

// locks reports whether the operation takes or frees a mutex.
//
//go:norace
func (o Op) locks() bool { return OpLock <= o && o <= OpWriteUnlock }

// enabled reports whether g can take the step it is stopped before.
//
//go:norace
func (s *scheduler) enabled(g *goroutine) bool {
	o := g.object
	switch g.op {
	case OpLock:
		return !o.held
	case OpRLock:
		return !o.held && o.writing == 0
	case OpWriteLock:
		return !o.held && o.writing == 0
	case OpDrain:
		return o.readers == 0
	case OpCondWait:
		return true
	case OpCondWake:
		return g.notified && s.lockable(g)
	case OpWait:
		if g.arrived {
			return g.notified
		}
		return o.count == 0
	case OpOnce:
		return !o.held
	case OpSend, OpReceive, OpSelect:
		return g.nonblocking || g.ready()
	case OpForever:
		return false
	case OpSleep:
		return s.clock >= g.until
	case OpFire:
		return g.timer.when <= s.clock
	case OpCancel:
		return !o.held
	}
	return true
}
