package explore

import (
	"encoding/json"
	"os"
	"strings"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave/lanes"
)

// width is how wide, in columns, a schedule is drawn.
const width = 76

// story is the detail of a finding: what the process said, and the schedule that failed,
// drawn with the lines of the sources, which are where the places say.
func story(f wire.Record) string {
	var schedule lanes.Schedule
	if len(f.Schedule) == 0 || json.Unmarshal(f.Schedule, &schedule) != nil {
		return f.Detail
	}
	files := map[string][]string{}
	drawn := schedule.Render(width, func(p lanes.Place) string {
		lines, read := files[p.File]
		if !read {
			data, err := os.ReadFile(p.File)
			if err == nil {
				lines = strings.Split(string(data), "\n")
			}
			files[p.File] = lines
		}
		if p.Line < 1 || p.Line > len(lines) {
			return ""
		}
		return strings.TrimSpace(lines[p.Line-1])
	})
	return strings.TrimSpace(f.Detail) + "\n\n" + drawn
}
