package explore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"lockstep/grader/exam/wire"
	"lockstep/grader/internal/evidence"
)

const (
	maxRecords = 4 << 20 // bytes read of the records of one test
	maxOutput  = 1 << 20 // bytes kept of what one test prints
	usualTime  = 10 * time.Minute
	drain      = 5 * time.Second // to read on after the process has ended
)

// goRace makes the race detector report in each schedule anew, and wait a little for
// goroutines that outlive the tests.
const goRace = "atexit_sleep_ms=50 suppress_equal_stacks=0 suppress_equal_addresses=0"

// run runs one test in a process of its own.
func (b *built) run(ctx context.Context, test string, o Options) (Test, error) {
	limit := o.Timeout
	if limit == 0 {
		limit = usualTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	orders := wire.Orders{Key: rand.Text(), Check: test, Seed: o.Seed}
	said := &capped{max: maxOutput}
	cmd := exec.CommandContext(ctx, b.binary, "-test.run=^"+test+"$", "-test.v", "-test.timeout=0")
	cmd.Dir = b.dir
	cmd.Stdout, cmd.Stderr = said, said
	cmd.Env = append(os.Environ(), wire.EnvVar+"=3,4,5", "GORACE="+goRace)
	cmd.WaitDelay = drain
	data, err := talk(cmd, orders)
	if err != nil {
		return Test{}, err
	}
	records := evidence.DecodeRecords(data, orders.Key, test)
	return judge(test, records, cmd, said.String(), context.Cause(ctx)), nil
}

// talk starts cmd with the three descriptors of package wire, gives it the orders and
// returns the records when it has ended, however it did.
func talk(cmd *exec.Cmd, orders wire.Orders) ([]byte, error) {
	recordsR, recordsW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer recordsR.Close()
	ordersR, ordersW, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, recordsW.Close())
	}
	log, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, errors.Join(err, recordsW.Close(), ordersR.Close(), ordersW.Close())
	}
	cmd.ExtraFiles = []*os.File{recordsW, ordersR, log}
	err = cmd.Start()
	for _, f := range cmd.ExtraFiles {
		f.Close()
	}
	if err != nil {
		return nil, errors.Join(err, ordersW.Close())
	}
	text, err := json.Marshal(orders)
	if err == nil {
		ordersW.Write(text) // fits a pipe; a process that has gone shows below
	}
	ordersW.Close()
	read := make(chan []byte, 1)
	go func() {
		data, _ := io.ReadAll(io.LimitReader(recordsR, maxRecords))
		io.Copy(io.Discard, recordsR)
		read <- data
	}()
	cmd.Wait() // how it ended is in cmd.ProcessState
	recordsR.SetReadDeadline(time.Now().Add(drain))
	return <-read, err
}

// capped keeps the first max bytes written to it.
type capped struct {
	b   strings.Builder
	max int
}

func (c *capped) Write(p []byte) (int, error) {
	c.b.Write(p[:min(len(p), c.max-c.b.Len())])
	return len(p), nil
}

func (c *capped) String() string { return c.b.String() }
