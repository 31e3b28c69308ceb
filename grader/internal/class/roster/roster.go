// Package roster reads who is in a class from CSV: GitHub Classroom's columns
// (identifier, github_username, github_id, name), or id, repo and branch. A line that is
// wrong is told and costs the others nothing.
package roster

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Caps on a roster.
const (
	maxBytes = 16 << 20
	maxLines = 100_000
	maxField = 1000 // bytes
)

// Row is one student.
type Row struct {
	ID       string // CheckID has nothing against it
	Name     string
	Username string // on GitHub
	Repo     string // "" in GitHub Classroom's rosters
	Branch   string // "" for the repository's main branch
	Line     int
}

// Problem is a line from which no student could be read.
type Problem struct {
	Line int
	What string
}

func (p Problem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.What) }

var idPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$`)

// CheckID refuses what could not be the name of a file everywhere, or be more than that.
func CheckID(id string) error {
	if !idPattern.MatchString(id) {
		return fmt.Errorf("the id %s is not safe as a file name: 1 to 64 of A-Z a-z 0-9 . _ -, not beginning with . or -", strconv.QuoteToASCII(short(id)))
	}
	return nil
}

func short(s string) string {
	if len(s) > 80 {
		return s[:80] + "..."
	}
	return s
}

// Read reads a roster. The error is for one of which nothing can be read.
func Read(r io.Reader) ([]Row, []Problem, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	switch {
	case err != nil:
		return nil, nil, err
	case len(data) > maxBytes:
		return nil, nil, fmt.Errorf("the roster is larger than %d MiB", maxBytes>>20)
	}
	text := strings.TrimPrefix(string(data), "\ufeff") // spreadsheets put it there
	if !utf8.ValidString(text) {
		return nil, nil, errors.New("the roster is not UTF-8 text: export it as \"CSV UTF-8\"")
	}
	lines := strings.Split(text, "\n")
	comma := separator(lines[0])
	header, err := parse(lines[0], comma)
	if err != nil || len(header) == 0 {
		return nil, nil, errors.New("the roster's first line does not name its columns")
	}
	cols, err := columns(header)
	if err != nil {
		return nil, nil, err
	}
	if len(lines) > maxLines {
		return nil, nil, fmt.Errorf("the roster has more than %d lines", maxLines)
	}
	var rows []Row
	var problems []Problem
	for i, line := range lines[1:] {
		record, err := parse(line, comma)
		if err == nil && record == nil {
			continue
		}
		var row Row
		if err == nil {
			row, err = cols.row(record)
		}
		if err != nil {
			problems = append(problems, Problem{i + 2, err.Error()})
			continue
		}
		row.Line = i + 2
		rows = append(rows, row)
	}
	rows, more := unique(rows)
	problems = append(problems, more...)
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	if len(rows)+len(problems) == 0 {
		return nil, nil, errors.New("the roster has no students")
	}
	return rows, problems, nil
}

// parse reads one line. Each is read for itself, so that a quote that nobody closes
// spoils no other. An empty line is no record.
func parse(line string, comma rune) ([]string, error) {
	in := csv.NewReader(strings.NewReader(line))
	in.Comma, in.TrimLeadingSpace = comma, true
	record, err := in.Read()
	var wrong *csv.ParseError
	switch {
	case err == io.EOF, err == nil && strings.TrimSpace(strings.Join(record, "")) == "":
		return nil, nil
	case errors.As(err, &wrong):
		return nil, wrong.Err
	}
	return record, err
}

// separator is the comma, or the semicolon that spreadsheets write where the comma is
// for decimals.
func separator(first string) rune {
	if !strings.Contains(first, ",") && strings.Contains(first, ";") {
		return ';'
	}
	return ','
}

// fields says which column holds what; -1 for none.
type fields struct{ id, name, username, repo, branch int }

func columns(header []string) (fields, error) {
	at := func(names ...string) int {
		return slices.IndexFunc(header, func(h string) bool {
			return slices.Contains(names, strings.ToLower(strings.TrimSpace(h)))
		})
	}
	f := fields{
		id: at("id", "identifier"), name: at("name"), username: at("github_username", "username"),
		repo: at("repo", "repository"), branch: at("branch"),
	}
	if f.id < 0 || f.repo < 0 && f.username < 0 {
		return f, errors.New("the roster's first line names neither GitHub Classroom's columns (identifier,github_username,github_id,name) nor id,repo")
	}
	return f, nil
}

// row reads one record.
func (f fields) row(record []string) (Row, error) {
	field := func(i int) string {
		if i < 0 || i >= len(record) {
			return ""
		}
		return strings.TrimSpace(record[i])
	}
	row := Row{ID: field(f.id), Name: field(f.name), Username: field(f.username), Repo: field(f.repo), Branch: field(f.branch)}
	for _, s := range record {
		if len(s) > maxField {
			return Row{}, fmt.Errorf("a field is longer than %d bytes", maxField)
		}
	}
	if row.Username != "" {
		if err := CheckID(row.Username); err != nil {
			return Row{}, fmt.Errorf("github_username: %w", err)
		}
	}
	// Classroom's identifiers are often e-mail addresses or names of people. The account is
	// an id then, and the identifier stays beside the name.
	if err := CheckID(row.ID); err != nil {
		if f.repo >= 0 || row.Username == "" || strings.ContainsAny(row.ID, `/\`) {
			return Row{}, err
		}
		row.Name = strings.TrimSpace(row.Name + " (" + row.ID + ")")
		row.ID = row.Username
	}
	switch {
	case f.repo >= 0 && row.Repo == "":
		return Row{}, fmt.Errorf("%s has no repository", row.ID)
	case f.repo < 0 && row.Username == "":
		return Row{}, fmt.Errorf("%s has not linked a GitHub account", row.ID)
	}
	return row, nil
}

// unique takes out ids that stand for more than one student. They are compared as file
// systems may: without regard to case. The same line twice is one student.
func unique(rows []Row) ([]Row, []Problem) {
	first := map[string]int{}
	spoilt := map[string]bool{}
	var problems []Problem
	for i, row := range rows {
		key := strings.ToLower(row.ID)
		at, seen := first[key]
		switch {
		case !seen:
			first[key] = i
		case rows[at].ID == row.ID && rows[at].Repo == row.Repo && rows[at].Username == row.Username && rows[at].Branch == row.Branch:
			problems = append(problems, Problem{row.Line, fmt.Sprintf("%s is on line %d already, and is graded once", row.ID, rows[at].Line)})
		default:
			spoilt[key] = true
			problems = append(problems, Problem{row.Line, fmt.Sprintf("the id %s is that of line %d, too: neither is graded", row.ID, rows[at].Line)})
		}
	}
	var out []Row
	for i, row := range rows {
		if key := strings.ToLower(row.ID); first[key] == i && !spoilt[key] {
			out = append(out, row)
		}
	}
	return out, problems
}
