package rt

import "runtime"

// Event is one step of a recorded schedule.
type Event struct {
	Goroutine int // number of the goroutine
	Op        Op
	Object    int  // number of the object, 0 for none
	With      int  // 1 + number of the goroutine that completed this communication, or 0
	Locked    bool // the step gave the goroutine the lock Object
	Shared    bool // for reading
	Gave      int  // number of the lock that the step gave back, or 0
	Preempts  bool // the goroutine of the step before could have gone on

	frames [maxFrames]uintptr
}

// Held is a lock that a goroutine has.
type Held struct {
	Object int
	Shared bool // for reading
	frames [maxFrames]uintptr
}

// Spotted is a race that the detector reported just before a goroutine's next step.
type Spotted struct {
	Goroutine int
	Event     int    // number of events before it
	Held      []Held // by that goroutine
}

// locate notes where g is, and whether the detector has just reported a race.
//
//go:norace
func (s *scheduler) locate(g *goroutine) {
	for i := range g.frames {
		g.frames[i] = 0
	}
	runtime.Callers(3, g.frames[:])
	s.spot(g)
}

//go:norace
func (s *scheduler) spot(g *goroutine) {
	if n := Races(); n > s.racesSeen {
		s.racesSeen = n
		held := make([]Held, len(g.held))
		for i := range held {
			held[i] = g.held[i]
		}
		s.spotted = append(s.spotted, Spotted{g.id, len(s.events), held})
	}
}

// event returns what was recorded last, nil before the first of the steps that are.
//
//go:norace
func (s *scheduler) event() *Event {
	if len(s.events) == 0 {
		return nil
	}
	return &s.events[len(s.events)-1]
}

// holds notes that g has got o.
//
//go:norace
func (s *scheduler) holds(g *goroutine, o *object) {
	if s.recording {
		shared := g.op == OpRLock || g.op == OpTryRLock
		g.held = append(g.held, Held{o.id, shared, g.frames})
		if e := s.event(); e != nil {
			e.Object, e.Locked, e.Shared = o.id, true, shared
		}
	}
}

// drops notes that g has given o back. Of a read lock that another goroutine took, it
// is that one's.
//
//go:norace
func (s *scheduler) drops(g *goroutine, o *object) {
	if !s.recording {
		return
	}
	if e := s.event(); e != nil {
		e.Gave = o.id
	}
	if g != nil && g.drop(o) {
		return
	}
	for _, h := range s.all {
		if h.drop(o) {
			return
		}
	}
}

//go:norace
func (g *goroutine) drop(o *object) bool {
	for i := len(g.held) - 1; i >= 0; i-- {
		if g.held[i].Object == o.id {
			g.held = without(g.held, i)
			return true
		}
	}
	return false
}

// Lock returns the lock that the step gave to the goroutine.
func (e Event) Lock() Held { return Held{e.Object, e.Shared, e.frames} }
