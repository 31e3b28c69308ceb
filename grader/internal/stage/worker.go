package stage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"lockstep/grader/internal/gotest"
	"lockstep/grader/internal/sandbox"
)

// WorkerCommand is the argument that makes a program a worker: its main function then
// calls Worker with the argument after it, and nothing else.
const WorkerCommand = "stage-worker"

// workerLimits bounds the parsing and type-checking of one answer, which takes a
// fraction of a second.
var workerLimits = sandbox.Limits{
	Wall:      60 * time.Second,
	CPU:       3 * time.Second,
	Memory:    1 << 30,
	Output:    1 << 20,
	Processes: 256,
	Disk:      256 << 20,
	Inodes:    10_000,
}

const (
	requestFile  = "request.json"
	responseFile = "response.json"
)

// Run does what Make does, in a process of its own (this program again, see
// WorkerCommand) that box confines: code can be made on which a type checker does not
// come to an end. readable lists the directories of q.Deps.
func Run(ctx context.Context, box sandbox.Sandbox, q Request, readable []string, work string) (*Stage, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(work, requestFile), data, 0o600); err != nil {
		return nil, err
	}
	o := box.Run(ctx, sandbox.Command{
		Path:     self,
		Args:     []string{WorkerCommand, work},
		Dir:      work,
		ReadOnly: append([]string{q.Root}, readable...),
		Writable: []string{work},
	}, workerLimits)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch o.End {
	case sandbox.Exited:
	case sandbox.Trouble:
		return nil, o.Err
	case sandbox.Signalled:
		return nil, fmt.Errorf("the stage was ended by %s: %s", o.Signal, o.Stderr)
	default:
		return &Stage{Diagnostics: []gotest.Diagnostic{{Message: "its types take more time or memory to check than any answer needs (" + o.End.String() + ")"}}}, nil
	}
	if o.ExitCode != 0 {
		return nil, errors.New(string(o.Stderr))
	}
	data, err = os.ReadFile(filepath.Join(work, responseFile))
	if err != nil {
		return nil, err
	}
	var s Stage
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// Worker carries out the request in work and returns the process's exit status.
func Worker(work string) int {
	if err := worker(work); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func worker(work string) error {
	data, err := os.ReadFile(filepath.Join(work, requestFile))
	if err != nil {
		return err
	}
	var q Request
	if err := json.Unmarshal(data, &q); err != nil {
		return err
	}
	s, err := Make(q, work)
	if err != nil {
		return err
	}
	if data, err = json.Marshal(s); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(work, responseFile), data, 0o600)
}
