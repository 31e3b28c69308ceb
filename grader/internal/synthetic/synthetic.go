// Package synthetic makes classes to test and measure with: forks of a course as a class
// hands them in. It is deterministic: fork i of a seed is always the same, whichever
// others are made.
package synthetic

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"lockstep/grader/internal/course"
)

// Spread says how the forks of a class differ.
type Spread string

const (
	// Realistic is a class in the middle of a course. Most have begun, few have finished;
	// answers come from a small number of ideas, some of which went round in the class.
	Realistic Spread = "realistic"
	// Different has every chapter of every fork handed in, and no content twice.
	Different Spread = "different"
)

// Class makes the forks of one class.
type Class struct {
	seed     uint64
	spread   Spread
	chapters []chapter
	hostile  []source
}

// chapter is what may be handed in for a chapter.
type chapter struct {
	id, file  string            // the folder, and the file in it that forks differ in
	given     map[string]string // the other files as they are handed out, by name
	finished  map[string]string // the other files as the reference has them
	skeleton  source
	reference source
	right     []source
	wrong     []source
}

type source struct {
	name string // "wrong/abba"
	text string
}

// Fork is what one student handed in.
type Fork struct {
	ID    string
	Kind  string            // "untouched", "under way", "done", "hostile"
	Files map[string]string // by path, with slashes; a text that begins with linkTo is a symbolic link
	Work  map[string]string // by chapter, what it is: "skeleton", "wrong/abba", "renamed right/channels"
}

var otherFile = regexp.MustCompile(`^(?:.*\n)?// file: `)

// linkTo marks a symbolic link in Fork.Files.
const linkTo = "\x00link:"

// New returns a class of a course that has its solutions and the grader's corpus of
// hostile submissions beside it.
func New(c *course.Course, seed uint64, spread Spread) (*Class, error) {
	out := &Class{seed: seed, spread: spread}
	for i := range c.Chapters {
		ch := &c.Chapters[i]
		one := chapter{id: ch.ID, file: ch.Manifest.Files[0], given: map[string]string{}, finished: map[string]string{}}
		at := filepath.Join(c.Dir, "solutions", ch.ID)
		for i, file := range ch.Manifest.Files {
			reference, err := os.ReadFile(filepath.Join(at, file))
			if err != nil {
				return nil, err
			}
			if i == 0 {
				one.skeleton, one.reference = source{"skeleton", string(ch.Skeleton[file])}, source{"reference", string(reference)}
			} else {
				one.given[file], one.finished[file] = string(ch.Skeleton[file]), string(reference)
			}
		}
		var err error
		if one.right, err = read(filepath.Join(at, "testdata", "right"), "right/"); err != nil {
			return nil, err
		}
		if one.wrong, err = read(filepath.Join(at, "testdata", "wrong"), "wrong/"); err != nil {
			return nil, err
		}
		out.chapters = append(out.chapters, one)
	}
	// Of the hostile corpus, what forges, spies and blinds; what eats a machine has tests of its own.
	for _, kind := range []string{"blinding", "forging", "reports", "secrets"} {
		more, err := read(filepath.Join(c.Root, "grader", "testdata", "hostile", kind), kind+"/")
		if err != nil {
			return nil, err
		}
		out.hostile = append(out.hostile, more...)
	}
	return out, nil
}

// read reads the sources in dir, but for those that stand for another file than a
// chapter's first, as their first or second line then says.
func read(dir, prefix string) ([]source, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []source
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if otherFile.Match(data) {
			continue
		}
		out = append(out, source{prefix + strings.TrimSuffix(filepath.Base(name), ".go"), string(data)})
	}
	return out, nil
}

// Fork makes fork i.
func (c *Class) Fork(i int) Fork {
	random := rand.New(rand.NewPCG(c.seed, uint64(i)))
	f := Fork{ID: fmt.Sprintf("student-%05d", i), Files: map[string]string{}, Work: map[string]string{}}
	if c.spread == Different {
		f.Kind = "done"
		for j := range c.chapters {
			ch := &c.chapters[j]
			f.hand(ch, renamed(c.answer(ch, random), i))
		}
		return f
	}
	switch p := random.IntN(100); {
	case p < 8:
		f.Kind = "untouched"
		c.upTo(&f, 0, i, random)
	case p < 12: // a copy of an earlier fork, as a whole
		if i == 0 {
			c.upTo(&f, 0, i, random)
			f.Kind = "untouched"
			break
		}
		other := c.Fork(random.IntN(i))
		f.Kind, f.Files, f.Work = other.Kind, other.Files, other.Work
	case p < 15:
		f.Kind = "hostile"
		c.upTo(&f, random.IntN(len(c.chapters)), i, random)
		c.attack(&f, random)
	case p < 25:
		f.Kind = "done"
		c.upTo(&f, len(c.chapters), i, random)
	default:
		f.Kind = "under way"
		// Two dice: most are somewhere in the middle.
		reached := (random.IntN(len(c.chapters)) + random.IntN(len(c.chapters))) / 2
		c.upTo(&f, reached, i, random)
		ch := &c.chapters[reached]
		f.hand(ch, c.begun(ch, random))
	}
	return f
}

// upTo hands in answers to the first n chapters and the skeletons of the others.
func (c *Class) upTo(f *Fork, n, i int, random *rand.Rand) {
	for j := range c.chapters {
		ch := &c.chapters[j]
		if j >= n {
			f.hand(ch, ch.skeleton)
			continue
		}
		answer := c.answer(ch, random)
		if random.IntN(100) < 10 {
			answer = renamed(answer, i)
		}
		f.hand(ch, answer)
	}
}

// answer is somebody's finished answer: mostly right.
func (c *Class) answer(ch *chapter, random *rand.Rand) source {
	switch p := random.IntN(100); {
	case p < 45 || len(ch.wrong) == 0:
		return ch.reference
	case p < 70 && len(ch.right) > 0:
		return ch.right[random.IntN(len(ch.right))]
	}
	return ch.wrong[random.IntN(len(ch.wrong))]
}

// begun is a chapter that somebody is working on.
func (c *Class) begun(ch *chapter, random *rand.Rand) source {
	if random.IntN(4) == 0 {
		return broken(c.answer(ch, random), random)
	}
	return half(ch, random)
}

// attack replaces a chapter by something hostile.
func (c *Class) attack(f *Fork, random *rand.Rand) {
	ch := &c.chapters[random.IntN(len(c.chapters))]
	path := "chapters/" + ch.id + "/" + ch.file
	switch n := random.IntN(len(c.hostile) + 2); n {
	case 0:
		f.Files[path], f.Work[ch.id] = linkTo+"/etc/passwd", "hostile link"
	case 1:
		delete(f.Files, path)
		f.Work[ch.id] = "hostile nothing"
	default:
		h := c.hostile[n-2]
		text := strings.Replace(h.text, "package counter", "package "+packageOf(ch.skeleton.text), 1)
		f.Files[path], f.Work[ch.id] = text, "hostile "+h.name
	}
}

func (f *Fork) hand(ch *chapter, s source) {
	others := ch.finished
	if s == ch.skeleton {
		others = ch.given
	}
	for name, text := range others {
		f.Files["chapters/"+ch.id+"/"+name] = text
	}
	f.Files["chapters/"+ch.id+"/"+ch.file] = s.text
	f.Work[ch.id] = s.name
}
