package explore

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// overlay is what go build sees in place of files.
type overlay struct {
	work    string
	replace map[string]string
}

// add shows text as the file name.
func (o *overlay) add(name string, text []byte) error {
	to := filepath.Join(o.work, fmt.Sprintf("%d-%s", len(o.replace), filepath.Base(name)))
	o.replace[name] = to
	return os.WriteFile(to, text, 0o600)
}

// write returns the name of the file for -overlay.
func (o *overlay) write() (string, error) {
	data, err := json.Marshal(map[string]any{"Replace": o.replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(o.work, "overlay.json")
	return name, os.WriteFile(name, data, 0o600)
}
