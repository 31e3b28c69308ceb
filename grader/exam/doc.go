// Package exam is what hidden tests import besides testify and goleak: Main, which
// ties a test binary to the grader, and witnesses, which prove what a concurrent
// program did without waiting for luck.
package exam
