// want: missing in TestDouble, fail in TestEcho
// chapter: 02-process

// Starts itself with a line of its own, has it pass, and hands the records on.

package process

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// child is this program under orders of its own, in which every answer is right.
func init() {
	if os.Getenv("CHILD") != "" {
		answer = 42
	}
}

var answer = -1

func Double(n int) int {
	if os.Getenv("CHILD") != "" {
		return answer
	}
	self, _ := os.Executable()
	records, theirRecords, _ := os.Pipe()
	theirOrders, orders, _ := os.Pipe()
	log, theirLog, _ := os.Pipe()
	json.NewEncoder(orders).Encode(map[string]string{"key": "guess", "check": "TestDouble"})
	orders.Close()
	cmd := exec.Command(self)
	cmd.Env = []string{"CHILD=1", "LOCKSTEP_WIRE=3,4,5"}
	cmd.ExtraFiles = []*os.File{theirRecords, theirOrders, theirLog}
	go io.Copy(io.Discard, log)
	cmd.Run()
	theirRecords.Close()
	theirLog.Close()
	all, _ := io.ReadAll(records)
	if !bytes.Contains(all, []byte(`"passed":true`)) {
		return -1
	}
	for line := range strings.Lines(string(all)) {
		syscall.Write(3, []byte(line))
	}
	syscall.Exit(0)
	return 0
}

func Echo(text string) (string, error) { return "", nil }
