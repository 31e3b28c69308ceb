package rt

import "unsafe"

// object is the model of one primitive, found by the address of the real one, which
// it stands in for as long as the schedule lasts.
type object struct {
	key unsafe.Pointer // also keeps the address from being used again
	id  int            // from 1, in order of first use

	held    bool // Mutex, RWMutex: a writer has it; Once: running; context: cancelled
	owner   *goroutine
	readers int
	writing int // RWMutex: writers that wait for the readers to leave
	count   int // WaitGroup: counter; Once: 1 when done; Cond: tickets given

	cap    int
	closed bool
	filled bool // the real channel holds values
	buf    []unsafe.Pointer
	offers [2]int // of goroutines that wait here: to receive, to send
	head   int    // slot of buf[0]
	slots  []slot // the detector's words of the buffer's slots
	timer  *timer // of a timer's channel

	waiters []*goroutine // Cond: who waits, in order; WaitGroup: who found it above zero
	hb      [2]uint64    // the detector's words, see each primitive

	hash  uint64 // of the last step that changed it
	reads uint64 // sum over the steps since that depend on it
}

// slot is the detector's view of one place in a channel's buffer: two words, because
// a sender gives before it takes and what it gives is to be its own past alone.
type slot struct {
	words [2]uint64
	now   uint8
}

// exchange publishes the caller's past and takes what the last user of the slot left.
//
//go:norace
func (t *slot) exchange() {
	old := t.now
	t.now ^= 1
	release(&t.words[t.now])
	acquire(&t.words[old])
}

// objectTable is a hash table with open addressing; the runtime's maps tell the race
// detector of their accesses.
type objectTable struct {
	cells []*object // nil: empty
	used  []*object // the first n are in the table, the others are there to be used again
	n     int
	ids   int // given in this schedule
	spare []*object
}

//go:norace
func (t *objectTable) reset() {
	for i := range t.cells {
		t.cells[i] = nil
	}
	t.n, t.ids = 0, 0
}

// goOn begins another schedule, which finds the primitives as this one has left them: a Once
// done, a channel closed, or with values in it.
//
//go:norace
func (t *objectTable) goOn() {
	t.spare = t.spare[:0]
	kept := 0
	for _, o := range t.used[:t.n] {
		if o.untouched() {
			t.spare = append(t.spare, o)
			continue
		}
		*o = object{
			key: o.key, held: o.held, readers: o.readers, count: o.count,
			cap: o.cap, closed: o.closed, filled: o.filled, buf: o.buf, waiters: o.waiters[:0],
		}
		t.used[kept] = o
		kept++
	}
	for i, o := range t.spare { // in their order: a large channel finds its slots again
		t.used[kept+i] = o
	}
	t.reset()
	t.n = kept
	for _, o := range t.used[:kept] {
		t.cells[t.cell(o.key)] = o
	}
}

// untouched reports whether the primitive itself says all that its model does: a schedule need not
// find the model again. Timers end with their schedule.
//
//go:norace
func (o *object) untouched() bool {
	return o.timer != nil || !o.held && o.readers == 0 && o.count == 0 && !o.closed && len(o.buf) == 0 && !o.filled
}

// cell returns the index of p's cell, or of the empty one where it belongs.
//
//go:norace
func (t *objectTable) cell(p unsafe.Pointer) int {
	mask := len(t.cells) - 1
	i := int(scramble(uint64(uintptr(p)))) & mask
	for t.cells[i] != nil && t.cells[i].key != p {
		i = (i + 1) & mask
	}
	return i
}

// find returns the model of the primitive at p; fresh says that it is new.
//
//go:norace
func (t *objectTable) find(p unsafe.Pointer) (o *object, fresh bool) {
	if 2*t.n >= len(t.cells) {
		t.grow()
	}
	i := t.cell(p)
	if o = t.cells[i]; o != nil {
		if o.id == 0 {
			t.ids++
			o.id = t.ids
		}
		return o, false
	}
	if t.n < len(t.used) {
		o = t.used[t.n]
		*o = object{buf: o.buf[:0], slots: o.slots[:0], waiters: o.waiters[:0]}
	} else {
		o = new(object)
		t.used = append(t.used, o)
	}
	t.n++
	t.ids++
	o.key, o.id = p, t.ids
	t.cells[i] = o
	return o, true
}

//go:norace
func (t *objectTable) grow() {
	size := 2 * len(t.cells)
	if size == 0 {
		size = 64
	}
	t.cells = make([]*object, size)
	for _, o := range t.used[:t.n] {
		t.cells[t.cell(o.key)] = o
	}
}

//go:norace
func (s *scheduler) object(p unsafe.Pointer) *object {
	_ = *(*byte)(p) // a nil pointer panics here as it does in the real operation
	o, _ := s.objects.find(p)
	return o
}

//go:norace
func (s *scheduler) number(o *object) int {
	if o == nil {
		return 0
	}
	return o.id
}

// without removes element i of list, in place. The builtin copy would tell the race
// detector of its accesses.
//
//go:norace
func without[T any](list []T, i int) []T {
	for n := len(list) - 1; i < n; i++ {
		list[i] = list[i+1]
	}
	return list[:len(list)-1]
}
