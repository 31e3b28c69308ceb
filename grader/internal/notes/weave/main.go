// Command weave brings the notes of chapters up to date with the files that they quote,
// and with what the programs that they show print:
//
//	go run ./grader/internal/notes/weave chapters/05-lock
package main

import (
	"fmt"
	"os"

	"lockstep/grader/internal/notes"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: weave CHAPTER-DIR ...")
		os.Exit(2)
	}
	for _, dir := range os.Args[1:] {
		if err := notes.Update(dir); err != nil {
			fmt.Fprintln(os.Stderr, "weave:", err)
			os.Exit(1)
		}
	}
}
