package policy

import (
	"go/ast"
	"go/constant"
	"go/token"
	"strings"
)

const (
	maxType  = 64 << 20 // bytes of one type; its zero value may end up in the binary
	maxDepth = 1000     // of the syntax tree
	word     = 8        // bytes of whatever is not an array or a struct
)

// deep refuses a file whose syntax tree is too deep, and reports whether it is.
func (c *checker) deep(file *ast.File) bool {
	depth, deepest := 0, 0
	var at token.Pos
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			depth--
			return true
		}
		if depth++; depth > deepest {
			deepest, at = depth, n.Pos()
		}
		return true
	})
	if deepest > maxDepth {
		c.add(at, "nests too deeply", "the compiler would need too long", "write it in several steps")
	}
	return deepest > maxDepth
}

// sizes refuses what makes the compiler, or the binary, too large.
func (c *checker) sizes(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ArrayType, *ast.StructType:
			if c.size(n.(ast.Expr)) > maxType {
				c.tooLarge(n.Pos())
			}
		case *ast.CompositeLit:
			c.keys(n)
		}
		return true
	})
}

func (c *checker) tooLarge(pos token.Pos) {
	c.add(pos, "declares a type of more than 64 MiB", "its values would fill the memory", "make a slice of the length you need")
}

// keys refuses array and slice literals that name a far-away index.
func (c *checker) keys(lit *ast.CompositeLit) {
	if _, ok := lit.Type.(*ast.ArrayType); !ok {
		return
	}
	for _, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok && c.number(pair.Key) > maxType/word {
			c.tooLarge(pair.Pos())
		}
	}
}

// size estimates the bytes of a type, and returns more than maxType for anything beyond.
// Each is measured once, however many types there are around it.
func (c *checker) size(e ast.Expr) int64 {
	size, ok := c.sized[e]
	if !ok {
		size = c.measure(e)
		c.sized[e] = size
	}
	return size
}

func (c *checker) measure(e ast.Expr) int64 {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.size(e.X)
	case *ast.ArrayType:
		if e.Len == nil {
			return word
		}
		n, each := c.number(e.Len), c.size(e.Elt)
		if n > 0 && each > maxType/n {
			return maxType + 1
		}
		return n * each
	case *ast.StructType:
		var sum int64
		for _, field := range e.Fields.List {
			sum = min(sum+c.size(field.Type)*int64(max(1, len(field.Names))), maxType+1)
		}
		return sum
	case *ast.Ident:
		return c.named(e)
	}
	return word
}

// named returns the size of a type that has a name.
func (c *checker) named(id *ast.Ident) int64 {
	if contains([]string{"byte", "bool", "int8", "uint8"}, id.Name) {
		return 1
	}
	spec := c.types[id.Name]
	if id.Obj != nil {
		spec, _ = id.Obj.Decl.(*ast.TypeSpec)
	}
	if spec == nil {
		return word
	}
	if size, ok := c.known[spec]; ok {
		return size
	}
	c.known[spec] = word // what a type that contains itself gets; the compiler will say
	c.known[spec] = c.size(spec.Type)
	return c.known[spec]
}

// number evaluates a constant expression as far as it is about literals and constants
// that have a value of their own; it is 0 for any other.
func (c *checker) number(e ast.Expr) int64 {
	v := c.value(e)
	if v == nil {
		return 0
	}
	if n, ok := constant.Int64Val(v); ok {
		return min(max(n, 0), maxType+1)
	}
	if constant.Sign(v) < 0 {
		return 0
	}
	return maxType + 1
}

// value returns an integer, or nil. Each constant is evaluated once, however often it is named.
func (c *checker) value(e ast.Expr) constant.Value {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.value(e.X)
	case *ast.BasicLit:
		if v := constant.ToInt(constant.MakeFromLiteral(e.Value, e.Kind, 0)); v.Kind() == constant.Int {
			return v
		}
	case *ast.Ident:
		if is := c.constant(e); is != nil {
			v, ok := c.values[is]
			if !ok {
				c.values[is] = nil // what is defined by itself; the compiler will say
				v = c.value(is)
				c.values[is] = v
			}
			return v
		}
	case *ast.SelectorExpr: // math.MaxInt32 and its like
		if strings.HasPrefix(e.Sel.Name, "MaxInt") || strings.HasPrefix(e.Sel.Name, "MaxUint") {
			return constant.MakeInt64(maxType + 1)
		}
	case *ast.BinaryExpr:
		x, y := c.value(e.X), c.value(e.Y)
		if x != nil && y != nil {
			return binary(x, e.Op, y)
		}
	}
	return nil
}

// binary computes x op y, small enough to go on with.
func binary(x constant.Value, op token.Token, y constant.Value) constant.Value {
	if constant.BitLen(x) > 512 || constant.BitLen(y) > 512 {
		return constant.MakeInt64(maxType + 1)
	}
	switch op {
	case token.ADD, token.SUB, token.MUL:
		return constant.BinaryOp(x, op, y)
	case token.SHL:
		if n, ok := constant.Uint64Val(y); ok {
			return constant.Shift(x, op, uint(min(n, 512)))
		}
	}
	return nil
}

// constant returns the expression that gives a constant its value, or nil.
func (c *checker) constant(id *ast.Ident) ast.Expr {
	if id.Obj == nil {
		return c.consts[id.Name]
	}
	spec, ok := id.Obj.Decl.(*ast.ValueSpec)
	if !ok || id.Obj.Kind != ast.Con {
		return nil
	}
	for i, name := range spec.Names {
		if name.Name == id.Name && i < len(spec.Values) {
			return spec.Values[i]
		}
	}
	return nil
}
