package rt

import (
	"fmt"
	"iter"
	"maps"
	v1 "math/rand"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
)

// source gives every goroutine of a schedule its own sequence: what it draws then
// depends on the seed and on its own past alone, not on who ran in between.
type source struct{}

//go:norace
func (source) Uint64() uint64 {
	g := current()
	if g == nil {
		return rand.Uint64()
	}
	g.draws++
	return mix(mix(g.s.limits.Seed, g.path), g.draws)
}

//go:norace
func (s source) Int63() int64 { return int64(s.Uint64() >> 1) }

//go:norace
func (source) Seed(int64) {}

// Rand stands for the top-level functions of math/rand/v2.
//
//go:norace
func Rand() *rand.Rand { return rand.New(source{}) }

// RandV1 stands for the top-level functions of math/rand.
//
//go:norace
func RandV1() *v1.Rand { return v1.New(source{}) }

// RangeMap stands for the map in a range clause. During an exploration the order
// comes from the seed; it repeats in another process unless the keys are pointers or
// channels, which are told apart by their addresses: what they point to is not looked at.
//
//go:norace
func RangeMap[M ~map[K]V, K comparable, V any](m M) iter.Seq2[K, V] {
	if current() == nil {
		return maps.All(m)
	}
	return mapRange[M, K, V]{m}.each
}

type mapRange[M ~map[K]V, K comparable, V any] struct{ m M }

func (r mapRange[M, K, V]) each(yield func(K, V) bool) {
	keys := slices.Collect(maps.Keys(r.m))
	slices.SortFunc(keys, func(a, b K) int { return strings.Compare(name(a), name(b)) })
	Rand().Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	for _, k := range keys {
		if v, ok := r.m[k]; ok && !yield(k, v) {
			return
		}
	}
}

// name prints a key, without following it and without calling its methods.
func name(key any) string {
	switch reflect.ValueOf(key).Kind() {
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return fmt.Sprintf("%p", key)
	}
	return fmt.Sprintf("%#v", key)
}
