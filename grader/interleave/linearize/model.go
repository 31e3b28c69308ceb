package linearize

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/anishathalye/porcupine"
)

// Model says what an object may do when it is used by one goroutine. S is its state.
type Model[S any] struct {
	Name  string // as in "no order explains ...": "a FIFO queue with room for 2"
	Start S      // the state before the first operation

	// Step returns the state after op, and whether op may have its results in state.
	// It must not change state, and must panic on an operation that it does not know.
	Step func(state S, op Op) (next S, ok bool)
}

// Op is an operation with its arguments and results.
type Op struct {
	Name    string
	Args    []any
	Results []any
}

// Refused reports whether the operation said that it did nothing: its last result is
// false or an error.
func (op Op) Refused() bool {
	switch last := op.last().(type) {
	case bool:
		return !last
	case error:
		return last != nil
	}
	return false
}

// GaveUp reports whether the operation did nothing because its context ended. An
// operation may give up in any state.
func (op Op) GaveUp() bool {
	err, _ := op.last().(error)
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (op Op) last() any {
	if len(op.Results) == 0 {
		return nil
	}
	return op.Results[len(op.Results)-1]
}

// returned reports whether the operation's i-th result is v, or it has no such result.
func (op Op) returned(i int, v any) bool {
	return i >= len(op.Results) || op.Results[i] == v
}

// String writes the operation as the program does, "Put(1)".
func (op Op) String() string { return op.Name + "(" + list(op.Args) + ")" }

// outcome writes the results as a reader of the program thinks of them.
func (op Op) outcome() string {
	if len(op.Results) == 0 {
		return "done"
	}
	return list(op.Results)
}

func list(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case nil:
			texts[i] = "nil"
		case string:
			texts[i] = fmt.Sprintf("%q", v)
		default:
			texts[i] = fmt.Sprint(v)
		}
	}
	return strings.Join(texts, ", ")
}

// spec is a Model whose type of state is forgotten.
type spec struct {
	name      string
	porcupine porcupine.Model
	panicked  any // what Step panicked with; porcupine calls it on a goroutine of its own
}

func (m Model[S]) erase() *spec {
	s := &spec{name: m.Name}
	s.porcupine = porcupine.Model{
		Init: func() any { return m.Start },
		Step: func(state, input, _ any) (ok bool, next any) {
			defer func() {
				if p := recover(); p != nil {
					s.panicked = p
				}
			}()
			next, ok = m.Step(state.(S), input.(*Call).Op)
			return ok, next
		},
		Equal: reflect.DeepEqual,
	}
	return s
}

// unknown panics about an operation that a model does not know.
func unknown(model string, op Op) {
	panic(fmt.Sprintf("linearize: the model of %s knows no operation %s", model, op))
}
