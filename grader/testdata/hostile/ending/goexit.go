// want: panic or fail or missing in every check
// chapter: 02-process

// Ends the goroutine of the test, with and without a failure to be seen.

package process

import "runtime"

func Double(n int) int { runtime.Goexit(); return 0 }

func Echo(text string) (string, error) { panic(nil) }
