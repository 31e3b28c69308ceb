package refused

import "testing"

type flag bool

func Test(t *testing.T) {
	var ok flag
	_, ok = <-make(chan int)
	_ = ok
}
