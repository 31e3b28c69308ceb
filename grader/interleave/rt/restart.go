package rt

// restarts are what begins the packages under test anew, in the order of their
// initialisation.
var restarts []func()

// OnRestart adds a function to those that Restart calls. Functions named init call it.
func OnRestart(f func()) { restarts = append(restarts, f) }

// Restart gives the packages under test the state that they have when a program begins.
// It is called between schedules, as nothing of that is a step of one.
func Restart() {
	for _, f := range restarts {
		f()
	}
}

// Zero sets a variable to its zero value.
func Zero[T any](p *T) {
	var zero T
	*p = zero
}
