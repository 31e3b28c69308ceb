package linearize

import (
	"fmt"
	"math"
	"strings"

	"github.com/anishathalye/porcupine"
)

// width is how wide a line of an explanation may be, in columns.
const width = 80

// Explain returns the empty string if the model explains the history. Otherwise it
// returns, in lines of at most 80 columns, which result is the first to have no
// explanation, an order that explains the results before it, and a timeline of all
// calls. It must be called after the clients' goroutines have been waited for.
func (h *History) Explain() string {
	calls := h.finished()
	if len(calls) == 0 || h.order(calls, math.MaxInt64) != nil {
		return ""
	}
	var order []*Call // of the calls before the one at fault
	for i, culprit := range calls {
		next := h.prefix(calls, i+1)
		if next == nil {
			return h.describe(culprit, order)
		}
		order = next
	}
	panic("linearize: a history without an explanation has one")
}

// prefix returns an order that explains the first n calls to return, nil if there is
// none. Calls that were under way by then may have had their effect, or not yet.
func (h *History) prefix(calls []*Call, n int) []*Call {
	end := calls[n-1].returned
	var open []*Call
	for _, c := range calls[n:] {
		if c.called < end {
			open = append(open, c)
		}
	}
	for subset := range 1 << len(open) {
		some := append([]*Call(nil), calls[:n]...)
		for i, c := range open {
			if subset>>i&1 == 1 {
				some = append(some, c)
			}
		}
		if order := h.order(some, end); order != nil {
			return order
		}
	}
	return nil
}

// order returns an order of calls that explains them, nil if there is none. What
// returned after end counts as returned at the end.
func (h *History) order(calls []*Call, end int64) []*Call {
	operations := make([]porcupine.Operation, len(calls))
	for i, c := range calls {
		operations[i] = porcupine.Operation{Input: c, Call: c.called, Return: min(c.returned, end)}
	}
	verdict, info := porcupine.CheckOperationsVerbose(h.spec.porcupine, operations, 0)
	if h.spec.panicked != nil {
		panic(h.spec.panicked)
	}
	if verdict != porcupine.Ok {
		return nil
	}
	order := make([]*Call, 0, len(calls))
	for _, operation := range info.PartialLinearizationsOperations()[0][0] {
		order = append(order, operation.Input.(*Call))
	}
	return order
}

// describe puts what matters into the first line, which a scorecard may print alone.
func (h *History) describe(culprit *Call, order []*Call) string {
	var b strings.Builder
	returned := "returned " + list(culprit.Results)
	b.WriteString(wrap(fmt.Sprintf("No order of the calls explains that %s by %s %s.",
		culprit, culprit.client.name, strings.TrimSpace(returned))))
	reason := fmt.Sprintf("It is to act like %s.", h.spec.name)
	if len(order) > 0 {
		texts := make([]string, len(order))
		for i, c := range order {
			texts[i] = fmt.Sprintf("%s = %s", c, c.outcome())
		}
		reason += " What returned before is explained by this order: " + strings.Join(texts, "; ") + "."
	}
	b.WriteString(wrap(reason))
	b.WriteString("\n" + h.timeline(culprit))
	return b.String()
}

// wrap breaks text into lines at its spaces.
func wrap(text string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		switch n := len([]rune(word)); {
		case i == 0:
			column = n
		case column+1+n > width:
			b.WriteByte('\n')
			column = n
		default:
			b.WriteByte(' ')
			column += 1 + n
		}
		b.WriteString(word)
	}
	return b.String() + "\n"
}
