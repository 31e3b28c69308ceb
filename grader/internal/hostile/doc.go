// Package hostile holds no code but a test: a corpus of submissions that try to gain
// points they did not earn, to read what is not theirs, to outlive their run or to spoil
// another's, and of honest ones that only look odd. All of them are graded in one process,
// two at a time, next to each other.
//
// An attack of one file stands in grader/testdata/hostile/CLASS/NAME.go and begins with
// what must come of it:
//
//	// want: missing in TestDouble, out-of-memory or timeout in TestEcho
//	// chapter: 02-process
//	// must not: read a secret, leave a process
//
// Checks that it does not name must pass or be skipped, "every check" names all of them,
// and "pass" none. Without a chapter it is for 01-counter. The last line tells the reader
// what the attack is after: secrets, reports and limits are looked at for every
// submission, and the machine for what is left when all of them are done, whatever it says.
// Words between at signs, @secret@ or @tcp@, are replaced by what the attack would find out
// about the machine. Attacks of several files, of links, modes or git are made by built_test.go.
package hostile
