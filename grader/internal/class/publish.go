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

// Publish makes the class's reports from the results that are in out, and writes each
// student's result in other formats, too: FORMAT/ID.json or what it ends with.
func Publish(out *Out, run *Run, formats ...report.Format) (*Summary, error) {
	defer frugal()()
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
		for _, f := range formats {
			if err := out.putFormat(m, f); err != nil {
				return nil, unwritten(filepath.Join(f.Name, id+f.End), err)
			}
		}
	}
	s.Strays = out.count() - s.Students
	for name, fill := range map[string]func(io.Writer) error{
		"grades.csv": s.Class.CSV,
		"index.html": s.Class.HTML,
		"junit.xml":  s.Class.JUnit,
		"summary.md": s.Class.Markdown,
	} {
		if err := out.write(name, fill); err != nil {
			return nil, unwritten(name, err)
		}
	}
	return s, nil
}

func unwritten(name string, err error) error {
	return &OutError{name + " cannot be written: " + err.Error(), "make room and run it again: what is finished is kept"}
}

// putFormat writes a student's result in another format. Who could not be graded has none:
// these formats have no word for that which is no grade.
func (o *Out) putFormat(m *report.Member, f report.Format) error {
	if m.Result == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(o.dir, f.Name), 0o755); err != nil {
		return err
	}
	return o.write(filepath.Join(f.Name, m.ID+f.End), func(w io.Writer) error { return f.Write(w, m.Result, report.Options{}) })
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
