package notes

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const program = `// Command hello greets.
package main

import "fmt"

// region main
func main() {
	// region greet
	fmt.Println("hello", 7)
	// endregion
}

// A point is a place.
type point struct{ x int }

// String is here to be quoted.
func (p *point) String() string { return "point" }
`

const python3 = `# region greet
print("hello")
# endregion
`

// chapter writes a chapter of its own module, with notes, and returns its folder.
func chapter(t *testing.T, notes string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":        "module chapter\n\ngo 1.26\n",
		"hello/main.go": program,
		"hello.py":      python3,
		File:            notes,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// woven is what Update makes of directives alone.
const woven = "# Notes\n\n" +
	"<!-- file: hello/main.go#greet -->\n```go\nfmt.Println(\"hello\", 7)\n```\n\n" +
	"<!-- output: go run ./hello -->\n```text\nhello 7\n```\n\n" +
	"<!-- file: hello.py#greet -->\n```python\nprint(\"hello\")\n```\n\n" +
	"<!-- table: hello.py hello/main.go -->\n| Python | Go |\n|---|---|\n| `print(` | `fmt.Println(` |\n\n" +
	"```mermaid\nflowchart\n```\n"

func TestUpdate(t *testing.T) {
	fences := strings.NewReplacer(
		"```go\nfmt.Println(\"hello\", 7)\n```\n", "", // a block that is missing
		"hello 7", "out of date",
		"print(\"hello\")\n", "", // a block that is empty
	)
	dir := chapter(t, fences.Replace(woven))
	for range 2 { // the second time there is nothing to do
		if err := Update(dir); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, File))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != woven {
			t.Fatalf("Update makes\n%s\nwant\n%s", got, woven)
		}
	}
	if problems := Verify(dir); len(problems) > 0 {
		t.Errorf("Verify after Update finds %v", problems)
	}
}

func TestUpdateRefuses(t *testing.T) {
	dir := chapter(t, "<!-- file: hello/main.go#nothing -->\n")
	err := Update(dir)
	if err == nil || !strings.Contains(err.Error(), "neither a region nor a declaration nothing") {
		t.Errorf("Update of an unknown region: %v", err)
	}
}

func TestVerifyFinds(t *testing.T) {
	if python() == "" && !inCI() {
		t.Skip("needs python3")
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"edited code":         {"fmt.Println(\"hello\"", "fmt.Println(\"hi\"", "README.md:3: this block is not what hello/main.go#greet says: run make notes"},
		"edited output":       {"```python\nprint(\"hello\")\n```", "```python\nprint(\"hello\")\n```\n<!-- output: python3 hello.py -->\n```text\nhi\n```", "README.md:17: python3 hello.py prints something else now: run make notes"},
		"missing block":       {"```text\nhello 7\n```\n", "", "README.md:8: nothing has been captured: run make notes"},
		"block of no file":    {"```mermaid\nflowchart", "```go\nx := 1", "README.md:23: this block comes from no file: put <!-- file: ... --> or <!-- output: ... --> before it"},
		"missing file":        {"hello.py#greet", "gone.py#greet", "no such file"},
		"table is of nowhere": {"`fmt.Println(`", "`fmt.Printf(`", "README.md:21: fmt.Printf( does not stand in hello/main.go"},
		"no table":            {"| Python | Go |\n|---|---|\n", "", "README.md:18: no table follows"},
		"dead link":           {"# Notes", "# [Notes](gone.md#here)", "README.md:1: the link to gone.md leads nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(woven, c.old) {
				t.Fatalf("the notes have no %q to replace", c.old)
			}
			v := verifier{dir: chapter(t, strings.Replace(woven, c.old, c.new, 1)), python: python()}
			v.read()
			found := func(p Problem) bool { return strings.Contains(p.String(), c.want) }
			if !slices.ContainsFunc(v.problems, found) {
				t.Errorf("read finds %v, want %s", v.problems, c.want)
			}
		})
	}
}

func TestVerifyVets(t *testing.T) {
	dir := chapter(t, woven)
	bad := strings.Replace(program, `fmt.Println("hello", 7)`, `fmt.Printf("%d", "hello")`, 1)
	if err := os.WriteFile(filepath.Join(dir, "hello/main.go"), []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Update(dir); err != nil {
		t.Fatal(err)
	}
	problems := Verify(dir)
	if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.What, "go vet ./hello") }) {
		t.Errorf("Verify finds %v, want a finding of go vet", problems)
	}
}

func TestLinks(t *testing.T) {
	dir := chapter(t, "[here](hello.py), [there](https://example.org/x), [up](#notes), [code](hello/)\n")
	if problems := Verify(dir); len(problems) > 0 {
		t.Errorf("Verify of good links finds %v", problems)
	}
}

func TestQuote(t *testing.T) {
	dir := chapter(t, "")
	for source, want := range map[string]string{
		"hello/main.go#point":        "// A point is a place.\ntype point struct{ x int }",
		"hello/main.go#point.String": "// String is here to be quoted.\nfunc (p *point) String() string { return \"point\" }",
		"hello.py":                   `print("hello")`,
	} {
		lines, err := quote(dir, source)
		if got := strings.Join(lines, "\n"); err != nil || got != want {
			t.Errorf("quote(%s) = %q, %v, want %q", source, got, err, want)
		}
	}
}

func TestNormalise(t *testing.T) {
	const report = `Read at 0x00c000094028 by goroutine 8:
  main.main()
      /course/chapters/05/race/main.go:12 +0x3a
Previous write at 0x00c000094028 by goroutine 71:
Goroutine 8 (running) created at:
  sync.(*WaitGroup).Go()
      /go/src/sync/waitgroup.go:238 +0x72
main.Transfer(0x2ef0650620a0?, 0x7f?, 0xa)
created by main.main in goroutine 1
`
	const want = `Read at 0x… by goroutine 2:
  main.main()
      race/main.go:12
Previous write at 0x… by goroutine 3:
Goroutine 2 (running) created at:
  sync.(*WaitGroup).Go()
      $GOROOT/src/sync/waitgroup.go:238
main.Transfer(0x…, 0x…, 0xa)
created by main.main in goroutine 1
`
	if got := normalise(report, "/course/chapters/05", "/go"); got != want {
		t.Errorf("normalise = %s, want %s", got, want)
	}
}

// TestMeasuring holds that a program which measures is run and not compared, and that
// any other is.
func TestMeasuring(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "m.py"), []byte("import time\ntime.perf_counter()\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "p.py"), []byte("print(1)\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	v := verifier{dir: dir}
	if !v.measures([]string{"m.py"}) || v.measures([]string{"p.py"}) {
		t.Error("m.py measures, and p.py does not")
	}
}
