package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/gotest"
	"lockstep/grader/internal/policy"
	"lockstep/grader/internal/skeleton"
	"lockstep/grader/internal/stage"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/verdict"
)

// Built is one version of a chapter, compiled, or what kept it from being compiled.
type Built struct {
	grader  *Grader
	chapter *course.Chapter
	files   map[string][]byte
	dir     string
	binary  string
	vet     verdict.Check
	tests   map[string][]byte
	refused *verdict.Chapter // the result, when there is nothing to run
}

// RunOptions changes how the checks of a built chapter are run.
type RunOptions struct {
	Procs int      // GOMAXPROCS; 0 leaves it to the runtime
	Seed  string   // replay this schedule
	Only  []string // run these checks alone, needed ones not included; nil runs all
}

// Build checks, stages and compiles the work on one chapter, and vets it. It always
// returns a Built: when the work cannot be compiled, its Run says why.
// The caller must call Remove.
func (g *Grader) Build(ctx context.Context, ch *course.Chapter, work submission.Work) *Built {
	b := &Built{grader: g, chapter: ch, files: work.Files}
	refuse := func(c verdict.Chapter) *Built { b.refused = &c; return b }

	if len(work.Problems) > 0 {
		return refuse(problems(ch, work.Problems))
	}
	// A file that does not parse is the compiler's to explain; the policy then says
	// nothing, and nothing is run.
	rules := policy.Rules{Imports: ch.Manifest.Imports, Allow: ch.Manifest.Allow, Deny: ch.Manifest.Deny}
	findings, unparsed := policy.Check(work.Files, rules)
	if len(findings) > 0 {
		var found []gotest.Diagnostic
		for _, f := range findings {
			found = append(found, gotest.Diagnostic{File: f.File, Line: f.Line, Message: f.Message()})
		}
		return refuse(rejected(ch, work.Files, found))
	}
	if changes := skeleton.Package(ch.Skeleton, work.Files); len(changes) > 0 {
		return refuse(buildFailed(ch, work.Files, told(changes)))
	}
	deps, err := g.dependencies(ctx, ch)
	if err != nil {
		var lack *gotest.SetupError
		if errors.As(err, &lack) {
			g.setup.Store(lack)
		}
		return refuse(trouble(ch, err))
	}
	b.dir, err = os.MkdirTemp(g.Work, ch.ID+"-*")
	if err != nil {
		return refuse(trouble(ch, err))
	}
	staged, err := g.stage(ctx, stage.Request{Root: g.Course.Root, Folder: ch.Folder, Files: work.Files, Private: ch.Private, Deps: deps}, b.dir)
	switch {
	case err != nil:
		return refuse(trouble(ch, err))
	case len(staged.Diagnostics) > 0:
		return refuse(buildFailed(ch, work.Files, staged.Diagnostics))
	case unparsed != nil:
		return refuse(trouble(ch, fmt.Errorf("the policy could not read what the compiler can: %w", unparsed)))
	case len(staged.Refusals) > 0:
		return refuse(rejected(ch, work.Files, staged.Refusals))
	}
	b.tests = staged.Tests
	binary := filepath.Join(b.dir, "check.test")
	var vetting sync.WaitGroup
	vetting.Go(func() { b.vet = g.vet(ctx, ch, staged) })
	diagnostics, err := g.compile(ctx, ch, staged, binary)
	vetting.Wait()
	switch {
	case err != nil:
		return refuse(trouble(ch, err))
	case len(diagnostics) > 0:
		return refuse(buildFailed(ch, work.Files, diagnostics))
	}
	b.binary = binary
	return b
}

// Remove deletes what Build left on disk.
func (b *Built) Remove() {
	if b.dir != "" {
		os.RemoveAll(b.dir)
	}
}

func (g *Grader) stage(ctx context.Context, q stage.Request, dir string) (*stage.Stage, error) {
	free, err := g.slot(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	return stage.Run(ctx, g.Box, q, []string{g.Tools.Root, g.Tools.Cache, g.Tools.ModCache}, dir)
}

func (g *Grader) compile(ctx context.Context, ch *course.Chapter, s *stage.Stage, out string) ([]gotest.Diagnostic, error) {
	free, err := g.slot(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	g.Tell.Doing("building " + ch.ID)
	return g.Tools.Build(ctx, g.Course.Root, "./"+ch.Folder+"/hidden", s.Overlay, out)
}

func (g *Grader) vet(ctx context.Context, ch *course.Chapter, s *stage.Stage) verdict.Check {
	c := verdict.Check{Name: "vet", Title: "go vet finds nothing to say", Status: verdict.Pass}
	free, err := g.slot(ctx)
	if err != nil {
		c.Status, c.Message = verdict.Trouble, err.Error()
		return c
	}
	defer free()
	found, err := g.Tools.Vet(ctx, g.Course.Root, "./"+ch.Folder, s.VetOverlay)
	switch {
	case err != nil:
		c.Status, c.Message = verdict.Trouble, firstLine(err.Error())
	case len(found) > 0:
		c.Status, c.Message, c.Detail = verdict.Vet, found[0].String(), list(found)
	}
	return c
}

// Run runs the checks of a built chapter, each in a process of its own, those it needs
// first, and decides what they get.
func (b *Built) Run(ctx context.Context, o RunOptions) verdict.Chapter {
	if b.refused != nil {
		return *b.refused
	}
	roster := b.chapter.Checks
	results := make([]verdict.Check, len(roster))
	blame := make([][]string, len(roster)) // of one that is skipped: what failed, not what was skipped as well
	done := map[string]chan struct{}{}
	index := map[string]int{}
	for i, check := range roster {
		done[check.Name], index[check.Name] = make(chan struct{}), i
	}
	var wg sync.WaitGroup
	for i, check := range roster {
		if o.Only != nil && !contains(o.Only, check.Name) {
			close(done[check.Name])
			continue
		}
		wg.Go(func() {
			defer close(done[check.Name])
			for _, need := range check.Needs {
				<-done[need]
				switch k := index[need]; {
				case o.Only != nil || results[k].Status == verdict.Pass:
				case results[k].Status == verdict.Skipped:
					blame[i] = append(blame[i], blame[k]...)
				default:
					blame[i] = append(blame[i], need)
				}
			}
			if len(blame[i]) > 0 {
				results[i] = skipped(check, blame[i])
				return
			}
			results[i] = b.inSlot(ctx, check, o)
		})
	}
	wg.Wait()
	out := verdict.Chapter{ID: b.chapter.ID, Title: b.chapter.Manifest.Title, Status: verdict.ChapterGraded}
	out.Checks = append(out.Checks, b.vet)
	for i, r := range results {
		if o.Only == nil || contains(o.Only, roster[i].Name) {
			out.Checks = append(out.Checks, r)
		}
	}
	return out
}

func (b *Built) inSlot(ctx context.Context, check course.Check, o RunOptions) verdict.Check {
	free, err := b.grader.slot(ctx)
	if err != nil {
		return cancelled(check, err)
	}
	defer free()
	b.grader.Tell.Doing("running " + check.Name)
	return b.run(ctx, check, o)
}

// markOpen tells a gap that nobody has begun from an answer that is wrong.
func markOpen(c *verdict.Chapter, ch *course.Chapter, files map[string][]byte) {
	open := skeleton.Open(ch.Skeleton, files)
	for i := range c.Checks {
		k := &c.Checks[i]
		switch k.Status {
		case verdict.Fail, verdict.Race, verdict.Deadlock, verdict.Leak, verdict.Panic, verdict.Timeout, verdict.Skipped:
			if open[k.Todo] {
				k.Status, k.Detail, k.Seed = verdict.Todo, "", ""
				k.Message = fmt.Sprintf("TODO(%s) is still open", k.Todo)
			}
		}
	}
}

func list(found []gotest.Diagnostic) string {
	var b strings.Builder
	for _, d := range found {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}
