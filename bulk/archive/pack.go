package archive

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// Values are written field by field: numbers as varints, texts and bytes with
// their length before them. Who reads knows the order.

type packing []byte

func (p packing) num(n int64) packing { return binary.AppendVarint(p, n) }

func (p packing) str(s string) packing {
	return append(binary.AppendUvarint(p, uint64(len(s))), s...)
}

func (p packing) raw(b []byte) packing {
	return append(binary.AppendUvarint(p, uint64(len(b))), b...)
}

// unpacking reads what packing wrote. Damage is found at the end (done).
type unpacking struct {
	b   []byte
	bad bool
}

func (u *unpacking) num() int64 {
	n, used := binary.Varint(u.b)
	if used <= 0 {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[used:]
	return n
}

func (u *unpacking) raw() []byte {
	n, used := binary.Uvarint(u.b)
	if used <= 0 || n > uint64(len(u.b)-used) {
		u.bad, u.b = true, nil
		return nil
	}
	out := u.b[used : used+int(n)]
	u.b = u.b[used+int(n):]
	return out
}

func (u *unpacking) str() string { return string(u.raw()) }

func (u *unpacking) done() error {
	if u.bad || len(u.b) > 0 {
		return errors.New("a value between two steps is damaged; are all workers of one version?")
	}
	return nil
}

var (
	squeezer, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	loosener, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
)

// squeeze packs a record: JSON of records shrinks to about a sixth.
func squeeze(b []byte) []byte { return squeezer.EncodeAll(b, nil) }

func loosen(b []byte) ([]byte, error) {
	out, err := loosener.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("a packed record: %w", err)
	}
	return out, nil
}
