package ledger

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

func TestPack(t *testing.T) {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{{}, []byte("سلام"), bytes.Repeat([]byte("سه نفر کشته شدند. "), 4000), {packed}, {0x28, 0xb5, 0x2f, 0xfd}} {
		for how, data := range map[string][]byte{"now": pack(b), "as older versions did": z.EncodeAll(b, nil)} {
			for who, f := range map[string]func([]byte) ([]byte, error){"reading": unpack, "checking": checkUnpack} {
				if got, err := f(data); err != nil || !bytes.Equal(got, b) {
					t.Errorf("%d bytes packed %s, %s: %d bytes, %v", len(b), how, who, len(got), err)
				}
			}
		}
	}
	// What claims to be larger than a blob may be is not made room for.
	huge := append([]byte{packed}, binary.AppendUvarint(nil, maxBlob+1)...)
	cut := pack(bytes.Repeat([]byte("سه نفر "), 100))
	if n, err := s2.DecodedLen(huge[1:]); err != nil || n <= maxBlob {
		t.Fatal(n, err)
	}
	for _, data := range [][]byte{nil, {packed}, huge, cut[:len(cut)/2], []byte("plain")} {
		for who, f := range map[string]func([]byte) ([]byte, error){"reading": unpack, "checking": checkUnpack} {
			if got, err := f(data); err == nil && !(len(data) == 0 && len(got) == 0) {
				t.Errorf("%q unpacked while %s: %d bytes", data[:min(len(data), 10)], who, len(got))
			}
		}
	}
}
