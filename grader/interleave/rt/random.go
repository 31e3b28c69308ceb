package rt

import (
	"iter"
	"maps"
	v1 "math/rand"
	"math/rand/v2"
)

type nativeSource struct{}

func (nativeSource) Uint64() uint64 { return rand.Uint64() }
func (nativeSource) Int63() int64   { return v1.Int63() }
func (nativeSource) Seed(int64)     {}

func Rand() *rand.Rand { return rand.New(nativeSource{}) }
func RandV1() *v1.Rand { return v1.New(nativeSource{}) }

func RangeMap[M ~map[K]V, K comparable, V any](m M) iter.Seq2[K, V] { return maps.All(m) }
