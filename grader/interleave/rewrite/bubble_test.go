package rewrite_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/rt"
)

// TestBubble runs rewritten text, as it is emitted, in a bubble of synctest: outside an
// exploration it must block as the source does, or the bubble would never come to rest.
func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, d, stop := make(chan int), make(chan int), make(chan bool)
		var got []int
		rt.Go(func() {
			for {
				{
					lockstep_0 := rt.CaseRecv(c)
					lockstep_1 := rt.CaseSend(d).Case(7)
					lockstep_2 := rt.CaseRecv(rt.After(time.Hour))
					lockstep_3 := rt.CaseRecv(stop)
					switch rt.Select(false, lockstep_0, lockstep_1, lockstep_2, lockstep_3) {
					case 0:
						v := lockstep_0.V
						got = append(got, v)
					case 1:
						got = append(got, -1)
					case 2:
						got = append(got, -2)
					case 3:
						return
					default:
						panic("unreachable")
					}
				}
			}
		})
		synctest.Wait()
		require.Empty(t, got)
		rt.SendTo(c).Do(5)
		synctest.Wait()
		require.Equal(t, 7, rt.Recv(d))
		rt.Sleep(time.Hour + 1)
		synctest.Wait()
		require.Equal(t, []int{5, -1, -2}, got)
		rt.Close(stop)
	})
}

var sink int

// BenchmarkNative compares operations outside explorations with their rewritten forms.
func BenchmarkNative(b *testing.B) {
	c := make(chan int, 1)
	b.Run("channel", func(b *testing.B) {
		for b.Loop() {
			c <- 1
			sink = <-c
		}
	})
	b.Run("channel rewritten", func(b *testing.B) {
		for b.Loop() {
			rt.SendTo(c).Do(1)
			sink = rt.Recv(c)
		}
	})
	d := make(chan int)
	b.Run("select", func(b *testing.B) {
		for b.Loop() {
			select {
			case c <- 1:
			case <-d:
			}
			<-c
		}
	})
	b.Run("select rewritten", func(b *testing.B) {
		for b.Loop() {
			rt.Select(false, rt.CaseSend(c).Case(1), rt.CaseRecv(d))
			rt.Recv(c)
		}
	})
}
