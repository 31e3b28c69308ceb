package class

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is one part of a class, graded by one of several machines: of the students by
// id every Of-th. The zero value is all of them.
type Shard struct{ I, Of int } // from 1 to Of

// maxShards is far more machines than anybody has.
const maxShards = 10_000

// ParseShard reads "2/4". "" is the whole class.
func ParseShard(s string) (Shard, error) {
	if s == "" {
		return Shard{}, nil
	}
	before, after, _ := strings.Cut(s, "/")
	i, err1 := strconv.Atoi(before)
	n, err2 := strconv.Atoi(after)
	if err1 != nil || err2 != nil || n < 1 || n > maxShards || i < 1 || i > n {
		return Shard{}, fmt.Errorf("--shard %s is no part of a class: the second of four is 2/4", s)
	}
	return Shard{i, n}, nil
}

// String is what ParseShard reads.
func (s Shard) String() string {
	if s.Of == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.I, s.Of)
}

// has reports whether the student at place i of the class is in the shard.
func (s Shard) has(i int) bool { return s.Of == 0 || i%s.Of == s.I-1 }
