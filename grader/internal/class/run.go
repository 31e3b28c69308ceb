package class

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/course"
)

// NewRun says what grading these chapters of the class will be.
func NewRun(c *course.Course, chapters []course.Chapter, s *Source, before time.Time, shard Shard) (*Run, error) {
	r := &Run{Format: runFormat, Course: course.Name, Shard: shard.String(), Students: s.ids(), Lines: s.Lines}
	if !before.IsZero() {
		r.Before = before.UTC().Format(time.RFC3339)
	}
	key := cache.NewKey("class")
	for i := range chapters {
		ch := &chapters[i]
		r.Chapters = append(r.Chapters, ch.ID)
		r.Private = r.Private || len(ch.Private) > 0
		if err := addChapter(key, c.Root, ch); err != nil {
			return nil, err
		}
	}
	r.Key = key.Sum()
	return r, nil
}

// addChapter adds what a chapter is graded by. It is the same on every machine.
func addChapter(key *cache.Key, root string, ch *course.Chapter) error {
	key.Add(fmt.Appendf(nil, "%s %+v", ch.ID, ch.Manifest))
	names, err := ch.HiddenFiles(root)
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(ch.Folder), "hidden", name))
		if err != nil {
			return err
		}
		key.Add([]byte(name))
		key.Add(data)
	}
	for _, name := range ch.PrivateFiles() {
		key.Add([]byte(name))
		key.Add(ch.Private[name])
	}
	for _, name := range ch.Manifest.Files {
		key.Add(ch.Skeleton[name])
	}
	return nil
}
