// want: race in TestAdd, race in TestRace, fail in TestSize
// must not: change others

// Changes what others use by ways that the policy does not see: copies of pointers, setters, methods.

package counter

import (
	"io"
	"log"
	"os"
	"time"
)

func init() {
	clock := time.Local
	*clock = *time.FixedZone("elsewhere", 3600)
	arguments := os.Args
	arguments[0] = "-test.run=Nothing"
	log.SetOutput(io.Discard)
	log.Default().SetFlags(0)
	os.Setenv("LOCKSTEP_WIRE", "0,1,2")
	os.Clearenv()
	os.Stdout.Close()
	os.Stderr.Close()
}

type Counter struct{ n int }

func (c *Counter) Add(n int) { c.n += n }

func (c *Counter) Value() int { return c.n }

func Size(r io.Reader) (int, error) { return 0, nil }
