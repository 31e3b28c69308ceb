package hostile

// built returns the attacks that are no single file.
func built() []submission { return nil }
