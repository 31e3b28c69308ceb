package class

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lockstep/grader/internal/report"
)

// Summary is what the reports of a class say, in numbers.
type Summary struct {
	Class    *report.Class
	Students int      // that have a result
	Troubled int      // of these, how many could not be graded, or not in full
	Missing  []string // ids, of this shard, without a result: not graded yet
	Strays   int      // results of students who are not in the class
}

// Publish makes the class's reports from the results that are in out.
func Publish(out *Out, run *Run) (*Summary, error) {
	s := &Summary{Class: report.NewClass(run.Course)}
	shard, err := ParseShard(run.Shard)
	if err != nil {
		return nil, err
	}
	for i, id := range run.Students {
		if !shard.has(i) {
			continue
		}
		m, err := out.get(id)
		if errors.Is(err, fs.ErrNotExist) {
			s.Missing = append(s.Missing, id)
			continue
		}
		if err != nil {
			return nil, err
		}
		s.Students++
		if m.Trouble != "" {
			s.Troubled++
		}
		s.Class.Add(m)
	}
	s.Strays = out.count() - s.Students
	for name, fill := range map[string]func(io.Writer) error{
		"grades.csv": s.Class.CSV,
		"index.html": s.Class.HTML,
		"junit.xml":  s.Class.JUnit,
	} {
		if err := out.write(name, fill); err != nil {
			return nil, &OutError{name + " cannot be written: " + err.Error(), "make room and run it again: what is finished is kept"}
		}
	}
	return s, nil
}

// count is how many results there are.
func (o *Out) count() (n int) {
	dir, err := os.Open(filepath.Join(o.dir, resultsDir))
	if err != nil {
		return 0
	}
	defer dir.Close()
	for {
		const some = 1000
		names, err := dir.Readdirnames(some)
		for _, name := range names {
			if strings.HasSuffix(name, ".json") && !strings.HasPrefix(name, ".") {
				n++
			}
		}
		if err != nil {
			return n
		}
	}
}
