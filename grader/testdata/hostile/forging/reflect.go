// want: rejected in policy
// chapter: 02-process
// must not: read a secret

// Reads all memory without package unsafe: reflect hands out an unsafe.Pointer, which can
// be converted without its name. Somewhere in the heap are the orders, with the nonce.

package process

import (
	"bytes"
	"fmt"
	"reflect"
	"syscall"
)

// header is what a slice is made of.
type header struct {
	data     uintptr
	len, cap int
}

// memory returns n bytes from an address.
func memory(address uintptr, n int) []byte {
	var slice []byte
	*(*header)(reflect.ValueOf(&slice).UnsafePointer()) = header{address, n, n}
	return slice
}

func init() {
	const heap, size = 0xc000000000, 4 << 20
	start := []byte(`{"nonce":"`)
	all := memory(heap, size)
	for {
		at := bytes.Index(all, start)
		if at < 0 {
			return
		}
		all = all[at+len(start):]
		var nonce, check string
		if n, _ := fmt.Sscanf(string(all[:100]), "%26s", &nonce); n == 1 {
			_, rest, _ := bytes.Cut(all[:200], []byte(`"check":"`))
			name, _, ok := bytes.Cut(rest, []byte(`"`))
			if check = string(name); ok {
				for _, kind := range []string{"begin", "end"} {
					syscall.Write(3, fmt.Appendf(nil, "{\"nonce\":%q,\"kind\":%q,\"check\":%q,\"passed\":true}\n", nonce, kind, check))
				}
				syscall.Exit(0)
			}
		}
	}
}

func Double(n int) int                 { return 0 }
func Echo(text string) (string, error) { return "", nil }
