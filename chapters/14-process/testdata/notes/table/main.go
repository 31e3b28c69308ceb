// Command table is the Go side of the table in the notes.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

func main() {
	var out bytes.Buffer
	cmd := exec.Command("sh", "-c", "cat; exit 3")
	cmd.Stdin = strings.NewReader("hello")
	cmd.Stdout = &out
	cmd.Run()
	fmt.Println(out.String(), cmd.ProcessState.ExitCode())

	cmd = exec.Command("env")
	cmd.Env = []string{"A=1"}
	listed, _ := cmd.Output()
	fmt.Printf("%s", listed)

	cmd = exec.Command("sleep", "60")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Start()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	context.AfterFunc(ctx, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	cmd.Wait()
	fmt.Println(cmd.ProcessState.Sys().(syscall.WaitStatus).Signal())

	cmd = exec.Command("sh", "-c", "echo out; echo err >&2")
	both, _ := cmd.CombinedOutput()
	fmt.Printf("%q\n", both)

	first := exec.Command("yes")
	second := exec.Command("head", "-n", "1")
	pipe, _ := first.StdoutPipe()
	second.Stdin = pipe
	var line bytes.Buffer
	second.Stdout = &line
	first.Start()
	second.Start()
	pipe.Close()
	second.Wait()
	fmt.Printf("%q %v\n", line.String(), first.Wait())
}
