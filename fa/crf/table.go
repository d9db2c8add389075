package crf

import (
	"encoding/binary"
	"errors"
	"sort"
)

// Table maps 64-bit hashes to records of Width bytes. It is read in place
// from the bytes of a file: loading costs nothing. A record is found by the
// upper bits of its hash (the bucket) and the lower 32 (the fingerprint); two
// hashes that share both are taken for one, which at these sizes happens to
// fewer than one unknown hash in 50,000.
type Table struct {
	Width   int
	shift   uint
	buckets string // 2^bits+1 offsets, uint32
	entries string // fingerprint uint32, then the record
}

var errTable = errors.New("damaged table")

// tableHead is the width, the number of bucket bits and the number of records, uint32 each.
const tableHead = 12

// readTable reads a table from the start of data and returns what follows it.
func readTable(data string) (t Table, rest string, err error) {
	if len(data) < tableHead {
		return t, "", errTable
	}
	width, bits, n := int(u32(data, 0)), uint(u32(data, 4)), int(u32(data, 8))
	if width > 1<<10 || bits < 1 || bits > 28 || n > 1<<28 {
		return t, "", errTable
	}
	b, e := 4*(1<<bits+1), n*(4+width)
	if len(data)-tableHead < b+e {
		return t, "", errTable
	}
	t = Table{Width: width, shift: 64 - bits, buckets: data[tableHead : tableHead+b], entries: data[tableHead+b : tableHead+b+e]}
	last := 0
	for i := 0; i < len(t.buckets); i += 4 {
		if at := int(u32(t.buckets, i)); at < last || at > n {
			return Table{}, "", errTable
		} else {
			last = at
		}
	}
	return t, data[tableHead+b+e:], nil
}

// ReadTable reads a table that fills data.
func ReadTable(data string) (Table, error) {
	t, rest, err := readTable(data)
	if err == nil && rest != "" {
		err = errTable
	}
	return t, err
}

func u32(s string, i int) uint32 {
	_ = s[i+3]
	return uint32(s[i]) | uint32(s[i+1])<<8 | uint32(s[i+2])<<16 | uint32(s[i+3])<<24
}

// Get returns the record of hash h, "" when there is none.
func (t *Table) Get(h uint64) string {
	if t.buckets == "" {
		return ""
	}
	b := int(h>>t.shift) * 4
	return t.find(int(u32(t.buckets, b)), int(u32(t.buckets, b+4)), uint32(h))
}

// find looks for fingerprint f among the records from i to j.
func (t *Table) find(i, j int, f uint32) string {
	for ; i < j; i++ {
		if at := i * (4 + t.Width); u32(t.entries, at) == f {
			return t.entries[at+4 : at+4+t.Width]
		}
	}
	return ""
}

// AppendTable appends the table of records, all of one width, to dst.
func AppendTable(dst []byte, width int, records map[uint64][]byte) []byte {
	hashes := make([]uint64, 0, len(records))
	for h := range records {
		hashes = append(hashes, h)
	}
	bits := uint(1)
	for 2<<bits < len(hashes) {
		bits++
	}
	sort.Slice(hashes, func(i, j int) bool {
		a, b := hashes[i], hashes[j]
		if x, y := a>>(64-bits), b>>(64-bits); x != y {
			return x < y
		}
		return uint32(a) < uint32(b) || uint32(a) == uint32(b) && a < b
	})
	dst = binary.LittleEndian.AppendUint32(dst, uint32(width))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(bits))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(hashes)))
	at := 0
	for b := uint64(0); b <= 1<<bits; b++ {
		for at < len(hashes) && hashes[at]>>(64-bits) < b {
			at++
		}
		dst = binary.LittleEndian.AppendUint32(dst, uint32(at))
	}
	for _, h := range hashes {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(h))
		dst = append(dst, records[h][:width]...)
	}
	return dst
}
