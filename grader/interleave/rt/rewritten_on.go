//go:build interleave

package rt

// Rewritten says whether this binary was built from rewritten sources.
const Rewritten = true
