package interleave

import (
	"encoding/base32"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
)

// EnvVar names the environment variable that holds a seed to replay.
const EnvVar = "LOCKSTEP_SEED"

// recipe is what makes one schedule: the choices in order, each an index among the
// alternatives. Behind the last one every choice is the ordinary one, 0.
type recipe struct {
	picks       []int32
	random      uint64 // of the program's random numbers
	adversarial bool
	leaks       bool
	test        uint16 // which test it is a schedule of
	call        uint8  // which of the test's calls of Explore
}

const seedVersion = 1

var alphabet = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// String encodes r, in lower-case letters and digits.
func (r recipe) String() string {
	b := []byte{seedVersion}
	var flags byte
	for i, f := range []bool{r.adversarial, r.leaks} {
		if f {
			flags |= 1 << i
		}
	}
	b = append(b, flags, byte(r.test), byte(r.test>>8), r.call)
	b = binary.AppendUvarint(b, r.random)
	ordinary := uint64(0)
	for _, p := range r.picks {
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

var errSeed = errors.New("not a seed of this version of Lockstep, or mistyped")

func parseSeed(s string) (recipe, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	b, err := alphabet.DecodeString(s)
	if err != nil || alphabet.EncodeToString(b) != s || len(b) < 8 || b[0] != seedVersion {
		return recipe{}, errSeed
	}
	sum := crc32.ChecksumIEEE(b[:len(b)-2])
	if b[len(b)-2] != byte(sum) || b[len(b)-1] != byte(sum>>8) {
		return recipe{}, errSeed
	}
	flags := b[1]
	r := recipe{adversarial: flags&1 != 0, leaks: flags&2 != 0, test: uint16(b[2]) | uint16(b[3])<<8, call: b[4]}
	b = b[5 : len(b)-2]
	next := func() uint64 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			err = errSeed
			b = nil
			return 0
		}
		b = b[n:]
		return v
	}
	r.random = next()
	for len(b) > 0 {
		ordinary, pick := next(), next()
		if len(r.picks)+int(min(ordinary, 1<<20)) > 1<<20 || pick > 1<<15 {
			return recipe{}, errSeed
		}
		r.picks = append(r.picks, make([]int32, ordinary)...)
		r.picks = append(r.picks, int32(pick))
	}
	return r, err
}
