// want: rejected in policy
// chapter: 02-process

// Comes by reflection without the import: an error of package json holds a reflect.Type, whose
// methods are values, which hand out an unsafe.Pointer.

package process

import (
	"encoding/json"
	"errors"
)

type self func(self) *[]byte

var slice []byte

func (self) Get() *[]byte { return &slice }

func list[V any](v V) []V { return []V{v} }

func Double(n int) int {
	var target struct{ F self }
	var wrong *json.UnmarshalTypeError
	if errors.As(json.Unmarshal([]byte(`{"F":1}`), &target), &wrong) {
		get := wrong.Type.Method(0).Func
		header := (*[3]uintptr)(get.Call(list(get))[0].UnsafePointer())
		header[0], header[1], header[2] = 0xc000000000, 4<<20, 4<<20
	}
	return len(slice)
}

func Echo(text string) (string, error) { return "", nil }
