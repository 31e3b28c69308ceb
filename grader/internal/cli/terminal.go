package cli

import (
	"os"
	"strconv"

	"github.com/mattn/go-isatty"
)

const defaultColumns = 80

func isTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()) }

// columns returns the width to write for: $COLUMNS, else the terminal's, else 80.
func columns(terminal *os.File) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if terminal != nil {
		if n := terminalColumns(terminal); n > 0 {
			return n
		}
	}
	return defaultColumns
}
