package linearize_test

import (
	"fmt"

	"lockstep/grader/interleave/linearize"
)

// A stack that gives one item to two callers. In a test the two would be goroutines,
// and Check would report to it.
func ExampleHistory_Explain() {
	h := linearize.New(linearize.LIFO(0))
	ann, bob := h.Client("Ann"), h.Client("Bob")

	ann.Call("Push", 7).Return()
	a := ann.Call("Pop")
	b := bob.Call("Pop")
	a.Return(7)
	b.Return(7)

	fmt.Print(h.Explain())
	// Output:
	// No order of the calls explains that Pop() by Bob returned 7.
	// It is to act like a LIFO queue. What returned before is explained by this order:
	// Push(7) = done; Pop() = 7.
	//
	//     Ann                     Bob
	//   1 ┌ Push(7)
	//   2 └ done
	//   3 ┌ Pop()
	//   4 │                       ┌ Pop()
	//   5 └ 7                     │
	//   6                         └ 7 <<
}

// A model of one's own: a door that lets exactly one through.
func ExampleModel() {
	door := linearize.Model[bool]{
		Name: "a door for one",
		Step: func(used bool, op linearize.Op) (bool, bool) {
			return true, op.Results[0] == !used
		},
	}
	h := linearize.New(door)
	a, b := h.Client("a"), h.Client("b")
	a.Call("Enter").Return(true)
	b.Call("Enter").Return(false)
	fmt.Printf("%q\n", h.Explain())
	// Output: ""
}
