// want: out-of-memory or timeout in every check
// chapter: 03-limits

package process

var all [][]byte

func Double(n int) int {
	for {
		block := make([]byte, 8<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		all = append(all, block)
	}
}

func Echo(text string) (string, error) {
	for {
		text += text
	}
}
