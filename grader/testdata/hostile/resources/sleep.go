// want: timeout in every check
// chapter: 03-limits

package process

import "time"

func Double(n int) int { time.Sleep(time.Hour); return 0 }

func Echo(text string) (string, error) {
	for {
	}
}
