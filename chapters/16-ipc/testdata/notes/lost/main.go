// Command lost counts visitors in two processes, each of which has a lock of its own.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

var file *os.File // the number of visitors

// region admit
var mu sync.Mutex

func admit() {
	mu.Lock()
	defer mu.Unlock()
	n := readNumber(file)
	printTicket()
	writeNumber(file, n+1)
}

// endregion

func readNumber(file *os.File) int {
	text := make([]byte, digits)
	file.ReadAt(text, 0)
	n, _ := strconv.Atoi(string(text))
	return n
}

func writeNumber(file *os.File, n int) { file.WriteAt(fmt.Appendf(nil, "%0*d", digits, n), 0) }

const digits = 9

func printTicket() { time.Sleep(time.Millisecond) }

func main() {
	if len(os.Args) > 1 { // this is a door
		file, _ = os.OpenFile(os.Args[1], os.O_RDWR, 0)
		for range 100 {
			admit()
		}
		return
	}
	file, _ = os.CreateTemp("", "visitors")
	defer os.Remove(file.Name())
	self, _ := os.Executable()
	north, south := exec.Command(self, file.Name()), exec.Command(self, file.Name())
	north.Start()
	south.Start()
	north.Wait()
	south.Wait()
	fmt.Println("two doors, 100 visitors at each, and the file says", readNumber(file))
}
