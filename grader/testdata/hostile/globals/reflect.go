// want: rejected in policy
// chapter: 02-process
// must not: change others

// Sets what is not exported by reflection.

package process

import (
	"flag"
	"io"
	"os"
	"reflect"
)

func Double(n int) int {
	reflect.ValueOf(io.EOF).Elem().Field(0).SetString("nothing")
	return 0
}

func Echo(text string) (string, error) {
	all := os.Args
	reflect.ValueOf(all).Index(0).SetString("x")
	reflect.ValueOf(flag.CommandLine).Elem().FieldByName("parsed").SetBool(false)
	return "", nil
}
