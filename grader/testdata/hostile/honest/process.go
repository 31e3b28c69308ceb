// want: pass
// chapter: 02-process

package process

func Double(n int) int { return n * 2 }

func Echo(text string) (string, error) { return text, nil }
