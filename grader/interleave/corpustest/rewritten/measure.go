package rewritten

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"lockstep/grader/interleave/corpustest"
)

// raceOptions let a race be reported once per schedule, not once per process.
const raceOptions = "suppress_equal_stacks=0 suppress_equal_addresses=0 atexit_sleep_ms=100 exitcode=0"

// Effort says how much Measure does.
type Effort struct {
	Seeds     int // explorations of each wrong program
	Schedules int // of the right programs, in all
}

// Measure runs the test binary that Build made and returns what it measured; a second
// process replays one failure of each wrong program. It writes into the binary's
// directory.
func Measure(ctx context.Context, binary string, effort Effort) (corpustest.Report, error) {
	var report corpustest.Report
	file := filepath.Join(filepath.Dir(binary), "report.json")
	for _, test := range []string{"TestMeasure", "TestFresh"} {
		cmd := exec.CommandContext(ctx, binary, "-test.run=^"+test+"$", "-test.timeout=1h", "-report="+file,
			fmt.Sprint("-seeds=", effort.Seeds), fmt.Sprint("-schedules=", effort.Schedules))
		cmd.Env = append(os.Environ(), "GORACE="+raceOptions)
		// The exit status says that races were found, as they should be: the report counts.
		out, runErr := cmd.CombinedOutput()
		if _, err := os.Stat(file); err != nil {
			return report, fmt.Errorf("%s wrote no report: %w\n%s", test, runErr, tail(out))
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return report, err
	}
	return report, json.Unmarshal(text, &report)
}

// tail returns the end of a long output.
func tail(out []byte) []byte {
	const most = 4 << 10
	return out[max(0, len(out)-most):]
}
