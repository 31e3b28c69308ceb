// want: missing in TestDouble, fail or panic in TestEcho
// chapter: 02-process
// must not: change others

// Sets the flags of package testing while it runs.

package process

import (
	"flag"
	"os"
)

func Double(n int) int {
	flag.Set("test.paniconexit0", "false")
	os.Exit(0)
	return 0
}

func Echo(text string) (string, error) {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.bench"} {
		flag.Set(name, "Nothing")
	}
	flag.Set("test.count", "0")
	flag.CommandLine.VisitAll(func(f *flag.Flag) { f.Value.Set("1") })
	return "", nil
}
