package stage

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"lockstep/grader/internal/gotest"
)

// examName is how the inserted text calls package exam: no test uses such a name.
const examName = "exam_of_this_check"

// wrapChecks puts a call of exam.Check round the body of every test function, on the
// lines that are there.
func wrapChecks(files map[string][]byte) error {
	for name, data := range files {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, data, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		offset := func(p token.Pos) int { return fset.Position(p).Offset }
		type insertion struct {
			at   int
			text string
		}
		insertions := []insertion{{offset(file.Name.End()), `; import ` + examName + ` "lockstep/grader/exam"`}}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				if t, ok := testParameter(fn); ok {
					insertions = append(insertions,
						insertion{offset(fn.Body.Lbrace) + 1, " " + examName + ".Check(" + t + ", func() { "},
						insertion{offset(fn.Body.Rbrace), "}) "})
				}
			}
		}
		out := slices.Clone(data)
		for _, ins := range slices.Backward(insertions) {
			out = slices.Insert(out, ins.at, []byte(ins.text)...)
		}
		files[name] = append(out, "\nvar _ = "+examName+".Check\n"...)
	}
	return nil
}

// testParameter returns the name of a test function's parameter.
func testParameter(fn *ast.FuncDecl) (string, bool) {
	if fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Test") || fn.Name.Name == "TestMain" ||
		fn.Body == nil || len(fn.Type.Params.List) != 1 || len(fn.Type.Params.List[0].Names) != 1 {
		return "", false
	}
	name := fn.Type.Params.List[0].Names[0].Name
	return name, name != "_"
}

// buildFiles lists the files of dir that a graded build compiles.
func buildFiles(dir string, tests bool) ([]string, error) {
	ctx := build.Default
	ctx.BuildTags = append(slices.Clone(ctx.BuildTags), strings.Split(gotest.Tags, ",")...)
	ctx.BuildTags = append(ctx.BuildTags, "race")
	ctx.CgoEnabled = true
	p, err := ctx.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	if tests {
		return append(p.GoFiles, p.TestGoFiles...), nil
	}
	return p.GoFiles, nil
}
