package class

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/grader/internal/class/repo"
	"lockstep/grader/internal/class/roster"
)

// places returns what finds the repository of a row.
func places(path, repos string, rows []roster.Row) (func(roster.Row) (string, error), error) {
	pattern := repo.IsRemote(repos) || strings.Contains(repos, "{")
	named := slices.ContainsFunc(rows, func(r roster.Row) bool { return r.Repo != "" })
	switch {
	case repos == "" && !named && len(rows) > 0:
		return nil, &UsageError{path + " does not say where the repositories are", "say it with --repos: a folder of clones, or an address like https://github.com/ORG/lockstep-{username}"}
	case pattern && !strings.Contains(repos, "{username}") && !strings.Contains(repos, "{id}"):
		return nil, &UsageError{"--repos " + repos + " is the same for everybody", "put {username} or {id} where the students differ"}
	}
	var clones map[string]string
	if repos != "" && !pattern {
		var err error
		if clones, err = clonesIn(repos, rows); err != nil {
			return nil, &UsageError{fmt.Sprintf("--repos %s cannot be read: %v", repos, err), "give a folder of clones, or an address with {username} in it"}
		}
	}
	return func(r roster.Row) (string, error) {
		switch {
		case r.Repo != "" && repo.IsRemote(r.Repo):
			return r.Repo, nil
		case r.Repo != "":
			if err := repo.CheckAddress(r.Repo); err != nil {
				return r.Repo, err
			}
			if filepath.IsAbs(r.Repo) {
				return r.Repo, nil
			}
			return filepath.Join(filepath.Dir(path), r.Repo), nil
		case pattern:
			where := strings.NewReplacer("{username}", r.Username, "{id}", r.ID).Replace(repos)
			return where, repo.CheckAddress(where)
		}
		if dir := cmp.Or(clones[strings.ToLower(r.Username)], clones[strings.ToLower(r.ID)]); dir != "" {
			return dir, nil
		}
		return "", fmt.Errorf("there is no clone of %s in %s", cmp.Or(r.Username, r.ID), repos)
	}, nil
}

// clonesIn returns the folders in dir by whose they are, in lower case. Names may have
// something in front that is the same for all, as `gh classroom clone` gives them: of
// what could be it ("lab-", "lab-1-") that counts with which most of the class is found.
func clonesIn(dir string, rows []roster.Row) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	folders := map[string]string{}
	common := ""
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		name := strings.ToLower(strings.TrimSuffix(e.Name(), ".git"))
		if len(folders) == 0 {
			common = name
		}
		for !strings.HasPrefix(name, common) {
			common = common[:len(common)-1]
		}
		folders[name] = filepath.Join(dir, e.Name())
	}
	var best map[string]string
	for i := range len(common) + 1 {
		if i > 0 && common[i-1] != '-' {
			continue
		}
		found := map[string]string{}
		for _, r := range rows {
			for _, name := range []string{strings.ToLower(r.ID), strings.ToLower(r.Username)} {
				if where, ok := folders[common[:i]+name]; ok && name != "" {
					found[name] = where
				}
			}
		}
		if best == nil || len(found) > len(best) {
			best = found
		}
	}
	return best, nil
}
