package course

import (
	"fmt"
	"regexp"
	"strings"
)

// UnknownError says that a name fits no chapter, check or TODO of the course.
type UnknownError struct {
	What    string // "chapter", "check", "TODO"
	Name    string
	Nearest string // the closest name there is; "" when none is close
}

func (e *UnknownError) Error() string {
	if e.Nearest == "" {
		return fmt.Sprintf("there is no %s %q", e.What, e.Name)
	}
	return fmt.Sprintf("there is no %s %q: did you mean %s?", e.What, e.Name, e.Nearest)
}

// Select returns the chapters named: by ID ("05-lock"), number ("5", "05"), word
// ("lock") or path ("chapters/05-lock/"). No names selects all of them.
// Its error is an *UnknownError, or names the file that spoils a chapter.
func (c *Course) Select(names ...string) ([]Chapter, error) {
	wanted := map[string]bool{}
	for _, name := range names {
		chapter, ok := c.chapter(name)
		if !ok {
			var ids []string
			for _, ch := range c.Chapters {
				ids = append(ids, ch.ID)
			}
			return nil, &UnknownError{What: "chapter", Name: name, Nearest: Nearest(name, ids)}
		}
		wanted[chapter.ID] = true
	}
	var out []Chapter
	for _, ch := range c.Chapters {
		if len(names) > 0 && !wanted[ch.ID] {
			continue
		}
		if ch.broken != nil {
			return nil, ch.broken
		}
		out = append(out, ch)
	}
	return out, nil
}

func (c *Course) chapter(name string) (Chapter, bool) {
	name = strings.Trim(name, "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	for _, ch := range c.Chapters {
		number, word, _ := strings.Cut(ch.ID, "-")
		if name == ch.ID || name == number || name == strings.TrimLeft(number, "0") || name == word {
			return ch, true
		}
	}
	return Chapter{}, false
}

// AmbiguousError says that several chapters have a check of that name.
type AmbiguousError struct {
	Name   string
	Checks []string // as FindCheck finds each of them: "11/TestRun"
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%d chapters have a check %q", len(e.Checks), e.Name)
}

// FindCheck returns the check of that name and its chapter, which may stand before it, with a
// slash. Its error is an *UnknownError or an *AmbiguousError.
func (c *Course) FindCheck(name string) (chapter Chapter, check Check, err error) {
	before, after, qualified := strings.Cut(name, "/")
	if !qualified {
		after = name
	}
	only, _ := c.chapter(before)
	var names, found []string
	for _, ch := range c.Chapters {
		for _, k := range ch.Checks {
			if (k.Name == after || strings.EqualFold(k.Name, "Test"+after)) && (!qualified || ch.ID == only.ID) {
				number, _, _ := strings.Cut(ch.ID, "-")
				found = append(found, number+"/"+k.Name)
				chapter, check = ch, k
			}
			names = append(names, k.Name)
		}
	}
	switch len(found) {
	case 0:
		return chapter, check, &UnknownError{What: "check", Name: name, Nearest: Nearest(after, names)}
	case 1:
		return chapter, check, nil
	}
	return Chapter{}, Check{}, &AmbiguousError{Name: name, Checks: found}
}

// FindTodo returns the chapter that has the TODO of that number. Its error is an *UnknownError;
// to a chapter's name the nearest is its first TODO.
func (c *Course) FindTodo(todo string) (Chapter, error) {
	named, _ := c.chapter(todo)
	var todos []string
	first := ""
	for _, ch := range c.Chapters {
		for _, name := range ch.Manifest.Files {
			for _, m := range todoComment.FindAllSubmatch(ch.Skeleton[name], -1) {
				number := string(m[1])
				if number == todo {
					return ch, nil
				}
				if first == "" && ch.ID == named.ID {
					first = number
				}
				todos = append(todos, number)
			}
		}
	}
	if first == "" {
		first = Nearest(todo, todos)
	}
	return Chapter{}, &UnknownError{What: "TODO", Name: todo, Nearest: first}
}

var todoComment = regexp.MustCompile(`TODO\(([0-9]+\.[0-9]+)\)`)

// Checked tells the chapters that have checks from those that do not.
func Checked(chapters []Chapter) (with, without []Chapter) {
	for _, ch := range chapters {
		if len(ch.Checks) > 0 {
			with = append(with, ch)
		} else {
			without = append(without, ch)
		}
	}
	return with, without
}

// Nearest returns the candidate with the smallest edit distance to name, compared
// part by part where names are hyphenated, or "" when all are far off.
func Nearest(name string, candidates []string) string {
	best, least := "", min(len(name)/2+2, len(name))
	if strings.ContainsAny(name, "0123456789") && len(name) <= len("17.3") {
		least = 2 // numbers are all near each other
	}
	for _, c := range candidates {
		_, word, hyphenated := strings.Cut(c, "-")
		d := distance(strings.ToLower(name), strings.ToLower(c))
		if hyphenated {
			d = min(d, distance(strings.ToLower(name), word))
		}
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is Levenshtein's: the fewest insertions, deletions and substitutions.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
