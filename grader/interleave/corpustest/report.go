package corpustest

import "time"

// Found is what exploring a wrong program once per seed came to.
type Found struct {
	Program   string
	Want      string
	Seeds     int            // explorations
	Right     int            // of them, those that ended with the failure wanted
	Kinds     map[string]int // how often each kind was reported; "" is nothing found
	Schedules int            // the most that one exploration took to find it
	Slowest   time.Duration  // the longest that one exploration took to find it
	Replayed  int            // failures that their seed reproduced exactly
	Example   string         // the first failure not wanted or not reproduced, if any
	Seed      string         // what replays the first failure wanted
	Story     string         // the text of that failure, without how it was found
	Fresh     bool           // a process of its own told the same story from Seed
}

// Silent is what exploring a right program came to.
type Silent struct {
	Program   string
	Schedules int
	Alarms    int
	Example   string // the first alarm
	Elapsed   time.Duration
}

// Exhausted is whether a right program's schedules with up to two pre-emptions were
// all explored, how many they are and how long it took.
type Exhausted struct {
	Program   string
	All       bool
	Schedules int
	Elapsed   time.Duration
}

// Report is what the rewritten test binary measured.
type Report struct {
	Found     []Found
	Silent    []Silent
	Exhausted []Exhausted
	Rate      float64 // schedules a second on one core
}
