// Package corpustest holds package interleave to its figures on a corpus of small
// concurrent programs: each wrong one must be found, soon and with every seed, each
// right one must never be.
//
// The programs are ordinary packages beneath ../testdata/corpus. Each exports
//
//	func Scenario(t *testing.T)
//
// and the comment of a wrong one says what it must be reported as ("want: deadlock").
// After adding a program run go generate here.
//
// The tests build one race-enabled test binary of this package whose sources, and
// the corpus's, are rewritten, and run it: see explored_test.go for what it does. The
// command in ./bench prints all figures beside those of plain go test -race.
package corpustest

import "testing"

//go:generate go run ./gen

// Program is one program of the corpus.
type Program struct {
	Name     string             // the package's name, unique among the wrong or the right ones
	Want     string             // the kind of failure that it must be reported as; empty: right
	Title    string             // the first sentence of the package's comment
	Scenario func(t *testing.T) // runs it once
}

// Classics are the programs, wrong and right under the same name, that the figures
// about exhaustive searches are about.
var Classics = []string{
	"lostupdate", "checkthenact", "condif", "signalforbroadcast", "abba", "doublechecked",
	"unlockplace", "doubleclose", "cancelleak", "partialacquire", "addinside", "sendonclosed",
	"contendedrace", "aba", "missedsignal", "recursiverlock", "lostkick", "assumedorder",
	"timeoutleak",
}
