package rt_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// instrumented are files of functions that run outside explorations, or touch nothing
// that goroutines share.
var instrumented = map[string]bool{"dispatch.go": true, "face_extra.go": true, "outside.go": true, "place.go": true, "restart.go": true}

// instrumentedFuncs are further functions of the kind, and thin shells, see Go.
var instrumentedFuncs = map[string]bool{
	"Go": true, "WaitGroupAdd": true, "WaitGroupWait": true, "WaitGroupGo": true, "Close": true, "Do": true,
	"nativeSelect": true, "native": true, "nativeDone": true, "NewRunner": true, "Where": true, "Stack": true, "Origin": true,
	"Lock": true, "each": true, "ContextWithValue": true, "Deadline": true, "Done": true, "Err": true, "Value": true,
}

// TestSchedulerIsInvisible checks the rules that keep the hand-over between goroutines
// hidden from the race detector: every function is go:norace, and none contains a
// function literal, the builtin copy, a map or package fmt, which are not hidden by it.
func TestSchedulerIsInvisible(t *testing.T) {
	for _, dir := range []string{".", "../internal/search"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			name := f.Name()
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || instrumented[name] {
				continue
			}
			check(t, dir, name)
		}
	}
}

func check(t *testing.T, dir, name string) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, dir+"/"+name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		hidden := f.Doc != nil && strings.Contains(directives(f.Doc), "//go:norace")
		if !hidden {
			if dir == "." && !instrumentedFuncs[f.Name.Name] && name != "random.go" {
				t.Errorf("%s: %s is not go:norace", set.Position(f.Pos()), f.Name.Name)
			}
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			bad := ""
			switch n := n.(type) {
			case *ast.FuncLit:
				bad = "a function literal"
			case *ast.MapType:
				bad = "a map"
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "copy" {
					bad = "copy"
				}
			case *ast.SelectorExpr:
				if id, ok := n.X.(*ast.Ident); ok && id.Name == "fmt" {
					bad = "package fmt"
				}
			}
			if bad != "" {
				t.Errorf("%s: %s uses %s", set.Position(n.Pos()), f.Name.Name, bad)
			}
			return true
		})
	}
}

func directives(doc *ast.CommentGroup) string {
	var b strings.Builder
	for _, c := range doc.List {
		b.WriteString(c.Text + "\n")
	}
	return b.String()
}
