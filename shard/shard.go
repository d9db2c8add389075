package shard

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// Shard is one of N parts of an input, counted from 1. The zero value is the
// whole.
type Shard struct{ I, N int }

// most is the largest number of shards.
const most = 1_000_000

// Parse reads "3/16".
func Parse(s string) (Shard, error) {
	a, b, ok := strings.Cut(s, "/")
	i, err1 := strconv.Atoi(a)
	n, err2 := strconv.Atoi(b)
	if !ok || err1 != nil || err2 != nil || n < 1 || n > most || i < 1 || i > n {
		return Shard{}, fmt.Errorf("%q is no shard: write 3/16 for the third of sixteen, from 1/16 to 16/16", s)
	}
	return Shard{i, n}, nil
}

// Has reports whether the shard has a record, counted from 1, of the file that
// is called key. Each file's records are dealt out in turn, beginning at a
// shard that its name draws: files of one record spread evenly, too. The order
// and the number of the other files do not matter.
func (s Shard) Has(key string, record int) bool {
	if s.N <= 1 {
		return true
	}
	h := fnv.New64a()
	h.Write([]byte(key))
	return (h.Sum64()%uint64(s.N)+uint64(record))%uint64(s.N) == uint64(s.I-1)
}

// String writes "3/16"; the whole is 1/1.
func (s Shard) String() string { return fmt.Sprintf("%d/%d", max(s.I, 1), max(s.N, 1)) }

// name is how the shard's files are called; with leading zeros, so that names
// sort as the shards do.
func (s Shard) name() string {
	n := strconv.Itoa(max(s.N, 1))
	return fmt.Sprintf("%0*d-of-%s", len(n), max(s.I, 1), n)
}
