// Package linearize checks that concurrent operations returned what some order of
// them, one at a time, could have returned.
//
// A test records the call and the return of each operation, from the goroutines that
// make them, and then asks whether a sequential model explains the results:
//
//	h := linearize.New(linearize.FIFO(2))
//	producer, consumer := h.Client("producer"), h.Client("consumer")
//	var wg sync.WaitGroup
//	wg.Go(func() {
//		producer.Call("Put", 1).Return(q.Put(1))
//	})
//	wg.Go(func() {
//		consumer.Call("Get").Return(q.Get())
//	})
//	wg.Wait()
//	h.Check(t)
//
// Go evaluates the line with Put as it reads: the call is recorded, q.Put runs, its
// results are recorded. An operation without results takes three statements.
//
// If no order that respects who returned before whom was called explains all results,
// Check fails the test with a timeline of the calls and the first result that has no
// explanation.
//
// Recording is invisible: it is no scheduling point of an exploration, and it gives
// the race detector no order between goroutines that the program did not make itself.
// A history is meant for one small scenario of up to 30 calls or so; the search is
// exponential in how many of them overlap.
package linearize
