// want: pass
// chapter: 02-process

// Prints what a reader may take for results, and is right all the same.

package process

import (
	"fmt"
	"log"
	"os"
)

func Double(n int) int {
	fmt.Println("--- FAIL: TestDouble (0.00s)")
	fmt.Println(`{"Action":"fail","Test":"TestDouble"}`)
	fmt.Fprintln(os.Stderr, "panic: not really")
	println("FAIL")
	return 2 * n
}

func Echo(text string) (string, error) {
	log.Print("::warning::echoing ", text)
	return text, nil
}
