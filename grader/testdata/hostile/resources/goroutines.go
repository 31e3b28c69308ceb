// want: out-of-memory or timeout or race or panic in every check
// chapter: 03-limits
// must not: delay others

// Starts goroutines until something gives.

package process

import ()

func Double(n int) int {
	for {
		go func() { select {} }()
	}
}

func spread() {
	go spread()
	spread()
}

func Echo(text string) (string, error) { spread(); return "", nil }
