// want: timeout in every check
// chapter: 03-limits
// must not: delay others

// Is never done with its initialisation.

package process

import ()

func init() {
	for {
	}
}

func Double(n int) int { return -1 }

func Echo(text string) (string, error) { return "", nil }
