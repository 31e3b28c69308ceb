package wire

// closeOnExec does nothing: handles are inherited only where they are listed.
func closeOnExec(int) {}
