package puppet

import "runtime/debug"

// KeepForgottenFiles keeps the collector from closing files that somebody has forgotten to
// close, so that OpenFiles counts them, until the function that it returns is called.
func KeepForgottenFiles() (back func()) {
	percent := debug.SetGCPercent(-1)
	return func() { debug.SetGCPercent(percent) }
}
