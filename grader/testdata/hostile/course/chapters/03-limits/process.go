// Package process asks other processes, or does it alone.
package process

// Double returns twice n.
func Double(n int) int {
	// TODO(3.1): double.
	return 0
}

// Echo returns text, or why it cannot.
func Echo(text string) (string, error) {
	// TODO(3.2): return what was given.
	return "", nil
}
