package policy

import (
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// never maps what no chapter can allow to the reason.
var never = []struct{ path, why string }{
	{"C", "code in C is not seen by the race detector"},
	{"unsafe", "it reaches round the types, and round the race detector"},
	{"reflect", "it hands out pointers that reach round the types, and round the race detector"},
	{"plugin", "it loads code that was not read"},
	{"embed", "the program may not read files when it is built"},
	{"testing", "code that knows that it is tested can behave for the test only"},
	{"internal", "it is the inside of the standard library"},
	{"runtime/race", "the race detector is not the program's to switch"},
	{"lockstep/grader", "it is the grader's own code"},
}

// module is the one whose packages are no libraries, but for the chapters that a chapter allows.
const module = "lockstep"

var (
	version = regexp.MustCompile(`^v[0-9]+$`)
	number  = regexp.MustCompile(`^[0-9]+-`) // of a chapter's folder
)

// imports examines the imports of a file, and returns their paths by the name they have in it.
func (c *checker) imports(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the compiler will say
		}
		name := packageName(path)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			c.add(spec.Pos(), "imports "+path+" with a dot", "one cannot see any more where a name comes from",
				"write import "+spec.Path.Value+" and put the package's name before what you use")
			continue
		}
		names[name] = path
		if c.predeclared(name, spec.Pos()); contains(constants, name) {
			c.add(spec.Pos(), "declares "+name, "everyone reads it as the constant of Go", "choose another name")
		}
		if why := c.refusal(path); why != "" {
			c.add(spec.Pos(), "imports "+path, why, c.allowed())
		}
	}
	return names
}

// refusal says why a file may not import path, or "".
func (c *checker) refusal(path string) string {
	for _, n := range never {
		if path == n.path || strings.HasPrefix(path, n.path+"/") {
			return n.why
		}
	}
	if slices.Contains(c.rules.Imports, path) {
		return ""
	}
	if path == module || strings.HasPrefix(path, module+"/") {
		return "it is the course's own code"
	}
	if strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") || strings.HasPrefix(path, "/") {
		return "imports name packages, not folders"
	}
	return "this chapter does not need it"
}

func (c *checker) allowed() string {
	if len(c.rules.Imports) == 0 {
		return "the chapter allows no imports"
	}
	return "the chapter allows " + strings.Join(c.rules.Imports, ", ")
}

// packageName guesses the name of a package from its path, in the manner of goimports.
func packageName(importPath string) string {
	base := path.Base(importPath)
	if version.MatchString(base) && path.Dir(importPath) != "." {
		base = path.Base(path.Dir(importPath))
	}
	return number.ReplaceAllString(base, "")
}

// isPackage returns the import path if e is the name of a package, and not of a variable
// that hides it.
func isPackage(e ast.Expr, names map[string]string) (path string, ok bool) {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok || id.Obj != nil {
		return "", false
	}
	path, ok = names[id.Name]
	return path, ok
}

func contains(list []string, item string) bool { return slices.Contains(list, item) }
