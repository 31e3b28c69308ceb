// Package rt is the run-time half of package interleave: rewritten code calls it
// in place of package sync, channel operations, go statements, package time and
// package context.
//
// On a goroutine that an exploration controls, each function is one visible step:
// the goroutine stops before it, the scheduler chooses who goes next, and a model of
// the primitive decides what happens. On any other goroutine each function is exactly
// the operation it stands for.
package rt

import _ "lockstep/grader/exam/wire" // every rewritten package is initialised after wire
