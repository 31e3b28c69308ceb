package sandbox

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// actVar makes the test binary play one of the acts, as the command in a sandbox.
const actVar = "SANDBOX_ACT"

// acts are what commands do; each gets the arguments of the command.
var acts = map[string]func(args []string){
	"say": func(args []string) { fmt.Print(strings.Join(args, " ")) },
	"exit": func(args []string) {
		var code int
		fmt.Sscan(args[0], &code)
		os.Exit(code)
	},
	"env":   func([]string) { fmt.Print(strings.Join(os.Environ(), "\n")) },
	"stdin": func([]string) { io.Copy(os.Stdout, os.Stdin) },
	"files": func([]string) {
		text, err := io.ReadAll(os.NewFile(4, "four"))
		fmt.Fprint(os.NewFile(3, "three"), strings.ToUpper(string(text)), err)
	},
	"block": func([]string) { select {} },
	"flood": func([]string) {
		for {
			os.Stdout.WriteString(strings.Repeat("x", 4096))
		}
	},
}

func TestMain(m *testing.M) {
	if act, ok := acts[os.Getenv(actVar)]; ok {
		act(os.Args[1:])
		return
	}
	os.Exit(m.Run())
}
