//go:build grade

package hidden

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// Here is what Start and StartDaemon have in common.

// arguments checks that arguments and result arrive as they are.
func (s *stage) arguments(w way) {
	s.t.Helper()
	args := []string{"two words", "", "-v", "line\nbreak", "a\x00b", "\xff\xfe", `"quoted"`, "żółw", ""}
	p, one := s.begin(w, "the child", args...)
	exam.Equal(s.t, "arguments of the function", one.Do("args", ""), fmt.Sprintf("%q", args), "they were given to "+w.name)
	one.Tell("return long", "1000")
	s.joins(p, longText("1000"), "the function has returned a text of all kinds of bytes")

	p, one = s.begin(w, "the child")
	exam.Equal(s.t, "arguments of the function", one.Do("args", ""), "[]", w.name+" got none")
	one.Tell("return", "")
	s.joins(p, "", `the function has returned ""`)

	// What somebody could take for a mark, or for something to be split or trimmed.
	for i, text := range []string{"panic: boom", " two\n", "-v"} {
		name := echoes[i]
		p, err := w.start(name, text)
		if err != nil {
			s.t.Fatalf("%s(%q, %q) = error %q, want no error: a function has that name", w.name, name, text, err)
		}
		s.joins(p, text, fmt.Sprintf("the function %q has returned that", name))
	}

	for n := range 3 {
		p, err := w.start("count", make([]string, n)...)
		if err != nil {
			s.t.Fatalf("%s(...) = error %q, want no error: nothing is wrong with it", w.name, err)
		}
		s.joins(p, fmt.Sprint(n), fmt.Sprintf("the function returns how many arguments it has, and %s got %d, all of them empty", w.name, n))
	}

	// The slice is the caller's.
	own := []string{s.Path(), "the child", "a", "b", "c", "d"}
	p, err := w.start("puppet", own[:4]...)
	own[2], own[3] = "another", "another"
	if err != nil {
		s.t.Fatalf("%s(...) = error %q, want no error: nothing is wrong with it", w.name, err)
	}
	one = s.enter("the child")
	exam.Equal(s.t, "arguments of the function", one.Do("args", ""), `["a" "b"]`, "they were given to "+w.name+", and others put into the caller's slice when it had returned")
	exam.Equal(s.t, "what comes after the arguments in the caller's slice", fmt.Sprintf("%q", own[4:]), `["c" "d"]`, w.name+" got none of it")
	one.Tell("return", "")
	s.joins(p, "", `the function has returned ""`)
}

// surroundings checks what the child has of ours.
func (s *stage) surroundings(w way) {
	s.t.Helper()
	dir := s.t.TempDir()
	s.t.Chdir(dir)
	s.relative(w)
	here, err := os.Getwd()
	stdin, stdout, stderr := os.Stdin, os.Stdout, os.Stderr
	create := func(name string) *os.File {
		file, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			s.t.Fatal(err)
		}
		return file
	}
	in, out, errs := create("in"), create("out"), create("err")
	in.WriteString("for the parent")
	in.Seek(0, io.SeekStart)
	s.t.Setenv("LOCKSTEP_TEST", "of the parent")
	ours := strings.Split(environment(), "\n")
	os.Stdin, os.Stdout, os.Stderr = in, out, errs
	p, one := s.begin(w, "the child")
	os.Stdin, os.Stdout, os.Stderr = stdin, stdout, stderr
	for _, file := range []*os.File{in, out, errs} {
		file.Close()
	}
	theirs := strings.Split(one.Do("environment", ""), "\n")
	without := func(all, some []string) string {
		return fmt.Sprint(slices.DeleteFunc(slices.Clone(all), func(v string) bool { return slices.Contains(some, v) }))
	}
	exam.Equal(s.t, "variables of ours that the function does not find", without(ours, theirs), "[]", "the child has our environment")
	exam.Equal(s.t, "variables of the function that are not ours", without(theirs, ours), "[]", "the child has our environment")
	if err == nil {
		exam.Equal(s.t, "directory of the child", one.Do("directory", ""), here, "that is ours")
	}
	exam.Equal(s.t, "standard input of the child", one.Do("read standard input", ""), "", "it is to be empty, and ours is not the child's")
	one.Do("print", "some output\n{}\x00\x01")
	one.Do("complain", "a complaint")
	one.Tell("return", "144")
	s.joins(p, "144", `the function has printed a lot of things, and returned "144"`)
	for _, c := range []struct{ name, want string }{{"out", "some output\n{}\x00\x01"}, {"err", "a complaint"}} {
		got, err := os.ReadFile(filepath.Join(dir, c.name))
		if err != nil {
			s.t.Fatal(err)
		}
		exam.Equal(s.t, "what the child has written to our standard "+c.name, string(got), c.want, "os.Stdout and os.Stderr are the child's, too")
	}
}

// relative starts a child as it is when the shell has found our program by a relative path, and we have
// gone to another directory since.
func (s *stage) relative(w way) {
	s.t.Helper()
	path := os.Args[0]
	os.Args[0] = "./" + filepath.Base(path)
	when := fmt.Sprintf("os.Args[0] is %q, as somebody has started us by that path, and we have changed our directory since", os.Args[0])
	p, err := w.start("echo", "144")
	os.Args[0] = path
	if err != nil {
		s.t.Fatalf("%s(%q, %q) = error %q, want no error: %s", w.name, "echo", "144", err, when)
	}
	s.joins(p, "144", when)
}

// gone checks what becomes of a process that has ended before it was told all that it has to do.
func (s *stage) gone(w way) {
	s.t.Helper()
	os.Setenv(goneVar, "yes")
	p, err := w.start("echo", longText("1000000")) // more than any pipe holds
	os.Unsetenv(goneVar)
	if err == nil { // else it has waited for the process, which the stage will see
		s.fails(p, "", goneCode, fmt.Sprintf("the process has called os.Exit(%d) before it has come to Main, and its argument has 1 MB", goneCode))
	}
}

// notStarted checks that the system's reason is returned when the environment is too long for a process.
func (s *stage) notStarted(w way) {
	s.t.Helper()
	const tooLong = "LOCKSTEP_TOO_LONG" // for any system
	os.Setenv(tooLong, strings.Repeat("x", 2<<20))
	p, err := w.start("echo", "144")
	os.Unsetenv(tooLong)
	if err == nil { // then it must have found a way
		s.joins(p, "144", w.name+`("echo", "144") = no error, though the environment is too long for a process`)
		return
	}
	if !exam.Error(s.t, w.name+`("echo", "144")`, err, syscall.E2BIG, "the environment is too long for a process") {
		s.t.FailNow() // once is enough
	}
}

// crowded checks the same with room for no more open files, for one more, and so on, until it is enough.
func (s *stage) crowded(w way) {
	s.t.Helper()
	for room := range 20 {
		back := puppet.LimitFiles(s.t, room)
		p, err := w.start("echo", "144")
		back()
		if err == nil {
			exam.Within(s.t, "Join(ctx)", func() { p.Join(background) }) // it may need another file later
			return
		}
		if !exam.Error(s.t, w.name+`("echo", "144")`, err, syscall.EMFILE, fmt.Sprintf("there was room for %d more open files", room)) {
			s.t.FailNow() // once is enough
		}
	}
}

// leavesNoFile checks that nothing is open any more when all is over.
func (s *stage) leavesNoFile(w way) {
	s.t.Helper()
	ended := func(w way) {
		p, returns := s.begin(w, "the child")
		returns.Tell("return", "144")
		s.joins(p, "144", `the function has returned "144"`)
		q, killed := s.begin(w, "the other child")
		q.Kill()
		s.fails(q, "", -9, "Kill has been called")
		returns.Close()
		killed.Close()
	}
	defer puppet.KeepForgottenFiles()()
	ended(w) // opens what the runtime itself keeps
	s.meanwhile()
	for _, c := range []struct {
		round func(way)
		when  string
	}{
		{ended, "six children were started, which have ended"},
		{s.gone, "three children were started, which have ended before they have come to Main"},
		{s.notStarted, "three children could not be started, as the environment was too long"},
		{s.crowded, "children could not be started, as too many files were open"},
	} {
		before := puppet.OpenFiles()
		for range 3 {
			c.round(w)
		}
		// They may be closed a little after the end, those of the first round, too.
		for began := time.Now(); puppet.OpenFiles() > before; s.meanwhile() {
			if time.Since(began) > exam.Patience {
				s.t.Fatalf("open files = %d, want %d: there were so many before %s", puppet.OpenFiles(), before, c.when)
			}
		}
	}
}
