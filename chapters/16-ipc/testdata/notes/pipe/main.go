// Command pipe reads from a pipe as if it carried messages.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

const size = 1_000_000

func main() {
	if len(os.Args) > 1 { // this is a child
		os.Stdout.Write(bytes.Repeat([]byte(os.Args[1]), size))
		return
	}
	self, _ := os.Executable()
	r, w, _ := os.Pipe()
	ann, bob := exec.Command(self, "a"), exec.Command(self, "b")
	ann.Stdout, bob.Stdout = w, w

	// region read
	ann.Start() // each writes one message of a million bytes to the pipe
	bob.Start()
	time.Sleep(100 * time.Millisecond) // we have other things to do
	message := make([]byte, size)
	n, err := r.Read(message)
	fmt.Println("one Read:", n, "bytes,", err)
	// endregion

	w.Close()
	rest, _ := io.ReadAll(r)
	all := append(message[:n], rest...)
	pieces := 1
	for i := 1; i < len(all); i++ {
		if all[i] != all[i-1] {
			pieces++
		}
	}
	fmt.Println("two messages arrived in", pieces, "pieces")
	ann.Wait()
	bob.Wait()
}
