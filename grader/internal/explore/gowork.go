package explore

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
)

// absolute returns the text of a go.work file that says the same in any directory.
func absolute(ctx context.Context, name string) (string, error) {
	data, err := goCommand(ctx, filepath.Dir(name), "work", "edit", "-json", name)
	if err != nil {
		return "", err
	}
	type module struct{ Path, Version string }
	var w struct {
		Use     []struct{ DiskPath string }
		Replace []struct{ Old, New module }
	}
	if err := json.Unmarshal(data, &w); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	from := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(filepath.Dir(name), filepath.FromSlash(path))
	}
	text := "go 1.26.0\n\n"
	for _, u := range w.Use {
		text += "use " + quote(from(u.DiskPath)) + "\n"
	}
	for _, r := range w.Replace {
		to := r.New.Path + " " + r.New.Version
		if r.New.Version == "" {
			to = quote(from(r.New.Path))
		}
		text += fmt.Sprintf("replace %s %s => %s\n", r.Old.Path, r.Old.Version, to)
	}
	return text, nil
}
