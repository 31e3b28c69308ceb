// Package seed writes a schedule as a short text, which replays it.
package seed

import (
	"encoding/base32"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
)

// EnvVar names the environment variable that holds a seed to replay.
const EnvVar = "LOCKSTEP_SEED"

// Recipe is what makes one schedule: the choices in order, each an index among the
// alternatives. Behind the last one every choice is the ordinary one, 0.
type Recipe struct {
	Picks       []int32
	Random      uint64 // of the program's random numbers
	Adversarial bool
	Leaks       bool
	Race        bool   // the race detector reports one
	Test        uint16 // which test it is a schedule of, see Test
	Call        uint8  // which of the test's calls of Explore
}

// Test returns what tells the test of that name apart from the others in a recipe.
func Test(name string) uint16 { return uint16(crc32.ChecksumIEEE([]byte(name))) }

const version = 1

var alphabet = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// String encodes r, in lower-case letters and digits.
func (r Recipe) String() string {
	b := []byte{version}
	var flags byte
	for i, f := range []bool{r.Adversarial, r.Leaks, r.Race} {
		if f {
			flags |= 1 << i
		}
	}
	b = append(b, flags, byte(r.Test), byte(r.Test>>8), r.Call)
	b = binary.AppendUvarint(b, r.Random)
	ordinary := uint64(0)
	for _, p := range r.Picks {
		if p == 0 {
			ordinary++
			continue
		}
		b = binary.AppendUvarint(b, ordinary)
		b = binary.AppendUvarint(b, uint64(p))
		ordinary = 0
	}
	sum := crc32.ChecksumIEEE(b)
	return alphabet.EncodeToString(append(b, byte(sum), byte(sum>>8)))
}

// Err says that a text is no seed.
var Err = errors.New("not a seed of this version of Lockstep, or mistyped")

// Parse reads what String wrote. Its error is Err.
func Parse(s string) (Recipe, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	b, err := alphabet.DecodeString(s)
	if err != nil || alphabet.EncodeToString(b) != s || len(b) < 8 || b[0] != version {
		return Recipe{}, Err
	}
	sum := crc32.ChecksumIEEE(b[:len(b)-2])
	if b[len(b)-2] != byte(sum) || b[len(b)-1] != byte(sum>>8) {
		return Recipe{}, Err
	}
	flags := b[1]
	r := Recipe{Adversarial: flags&1 != 0, Leaks: flags&2 != 0, Race: flags&4 != 0, Test: uint16(b[2]) | uint16(b[3])<<8, Call: b[4]}
	b = b[5 : len(b)-2]
	next := func() uint64 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			err = Err
			b = nil
			return 0
		}
		b = b[n:]
		return v
	}
	r.Random = next()
	for len(b) > 0 {
		ordinary, pick := next(), next()
		if len(r.Picks)+int(min(ordinary, 1<<20)) > 1<<20 || pick > 1<<15 {
			return Recipe{}, Err
		}
		r.Picks = append(r.Picks, make([]int32, ordinary)...)
		r.Picks = append(r.Picks, int32(pick))
	}
	return r, err
}
