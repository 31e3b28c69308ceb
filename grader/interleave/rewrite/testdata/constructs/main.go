// Command constructs has every construct that the rewriter handles. It prints the same
// rewritten as not rewritten.
package main

import (
	"fmt"
	"os"
)

var cases []construct

type construct struct {
	name string
	run  func(p printer)
}

// add registers a construct; it is called by variable declarations.
func add(name string, run func(p printer)) bool {
	cases = append(cases, construct{name, run})
	return true
}

type printer func(args ...any)

func main() {
	for _, c := range cases {
		fmt.Fprintln(os.Stdout, "==", c.name)
		func() {
			defer func() {
				if e := recover(); e != nil {
					fmt.Println("panic:", e)
				}
			}()
			c.run(func(args ...any) { fmt.Println(args...) })
		}()
	}
}
