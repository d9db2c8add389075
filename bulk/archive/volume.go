package archive

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
)

func init() {
	register.DoFn4x0[context.Context, string, []byte, func(string, []byte)](&tally{})
	register.Emitter2[string, []byte]()
	register.Iter1[[]byte]()
	beam.RegisterType(reflect.TypeFor[tally]())
}

// The namespaces of the counters: bytes and pairs that go into each grouping.
// Bytes are those of key and value with their lengths before them, as the
// coders write them; a runner may pack them, and adds some of its own.
const (
	ShuffleBytes = "shuffle-bytes"
	ShufflePairs = "shuffle-pairs"
)

// group groups pairs of keys and bytes by their keys, and counts them.
func group(s beam.Scope, name string, cols ...beam.PCollection) beam.PCollection {
	s = s.Scope(name)
	for i := range cols {
		as := name
		if len(cols) > 1 {
			as = fmt.Sprintf("%s.%d", name, i+1)
		}
		cols[i] = beam.ParDo(s, &tally{Name: as}, cols[i])
	}
	if len(cols) == 1 {
		return beam.GroupByKey(s, cols[0])
	}
	return beam.CoGroupByKey(s, cols...)
}

// tally counts what passes through it.
type tally struct {
	Name         string
	bytes, pairs beam.Counter
}

func (t *tally) Setup() {
	t.bytes, t.pairs = beam.NewCounter(ShuffleBytes, t.Name), beam.NewCounter(ShufflePairs, t.Name)
}

func (t *tally) ProcessElement(ctx context.Context, key string, value []byte, emit func(string, []byte)) {
	t.bytes.Inc(ctx, sized(len(key))+sized(len(value)))
	t.pairs.Inc(ctx, 1)
	emit(key, value)
}

// sized is the length of so many bytes with their length before them.
func sized(n int) int64 {
	var b [binary.MaxVarintLen64]byte
	return int64(binary.PutUvarint(b[:], uint64(n)) + n)
}

// all are the values of a key.
func all(next func(*[]byte) bool) [][]byte {
	var out [][]byte
	for {
		var b []byte // a new one each time: the runner may write into the last
		if !next(&b) {
			return out
		}
		out = append(out, b)
	}
}
