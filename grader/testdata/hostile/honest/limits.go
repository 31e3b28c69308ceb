// want: pass
// chapter: 03-limits

package process

func Double(n int) int { return n + n }

func Echo(text string) (string, error) { return text + "", nil }
