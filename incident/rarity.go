package incident

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"maps"
	"math"
	"slices"
)

// Rarity says how many reports have a term, a town or a party: a rare one that
// two accounts share tells more. It is to count the reports that are linked,
// before they are: a word that it knows of one report only is no reason to
// compare two. It is as large as the vocabulary of the reports, some megabytes. Its zero value has
// counted none.
type Rarity struct {
	reports int
	of      map[uint32]uint32 // by hash
}

// Add counts a report.
func (r *Rarity) Add(s *Sketch) {
	if r.of == nil {
		r.of = map[uint32]uint32{}
	}
	r.reports++
	s.facets(func(h uint32) { r.of[h]++ })
}

// Remove takes back what Add counted of a report that is gone, or was read
// anew. Where it is not called, the report's words seem a little less rare.
func (r *Rarity) Remove(s *Sketch) {
	r.reports = max(0, r.reports-1)
	s.facets(func(h uint32) {
		if r.of[h] > 1 {
			r.of[h]--
		} else {
			delete(r.of, h)
		}
	})
}

// Count counts the reports of a store, each once.
func Count(st Store) (*Rarity, error) {
	r := &Rarity{}
	list, err := st.Stretches()
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		for s, err := range st.Sketches(w) {
			if err != nil {
				return nil, err
			}
			if s.Stretches()[0] == w { // it stands in others, too
				r.Add(s)
			}
		}
	}
	return r, nil
}

// Reports is how many reports were counted.
func (r *Rarity) Reports() int { return r.reports }

// scale is what a natural logarithm is multiplied with to be a whole number:
// sums of whole numbers do not depend on their order.
const scale = 4096

// get is the logarithm of how many reports there are to one with the term.
func (r *Rarity) get(h uint32) int32 {
	return max(0, int32(math.Round(scale*math.Log(float64(r.reports+1)/float64(r.of[h]+1)))))
}

// telling is 0 for a rarity of a third of the way, on a scale of logarithms,
// from every report to one, 1 from two thirds on. Of 50 reports: 0 for a term
// that 15 have, 1 for one that 4 have; of 100,000: 3,000 and 100.
func (r *Rarity) telling() func(rarity int32) float64 {
	third := 0.3 * math.Log(float64(r.reports+1))
	return func(rarity int32) float64 {
		return max(0, min(1, (float64(rarity)/scale-third)/max(0.1, third)))
	}
}

// MarshalBinary writes the counts: a version, how many reports, then each hash
// as its difference to the one before, with its count; and a CRC-32C of it all.
func (r *Rarity) MarshalBinary() ([]byte, error) {
	b := binary.AppendUvarint([]byte{rarityVersion}, uint64(r.reports))
	b = binary.AppendUvarint(b, uint64(len(r.of)))
	before := uint32(0)
	for _, h := range slices.Sorted(maps.Keys(r.of)) {
		b = binary.AppendUvarint(b, uint64(h-before))
		b = binary.AppendUvarint(b, uint64(r.of[h]))
		before = h
	}
	return sealed(b), nil
}

const rarityVersion = 1

var errRarity = errors.New("the stored counts of words are damaged or of another version; link all reports anew")

// UnmarshalBinary reads what MarshalBinary wrote, and refuses anything else.
func (r *Rarity) UnmarshalBinary(b []byte) error {
	if len(b) < 7 || b[0] != rarityVersion || crc32.Checksum(b[:len(b)-4], castagnoli) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
		return errRarity
	}
	in := reader{b: b[1 : len(b)-4]}
	x := Rarity{reports: in.place()}
	n := in.length(2)
	x.of = make(map[uint32]uint32, n)
	sum := uint64(0)
	for i := range n {
		d, c := in.number(), in.number()
		if sum += d; d > math.MaxUint32 || sum > math.MaxUint32 || i > 0 && d == 0 || c == 0 || c > math.MaxUint32 {
			return errRarity
		}
		x.of[uint32(sum)] = uint32(c)
	}
	if in.bad || len(in.b) > 0 {
		return errRarity
	}
	*r = x
	return nil
}
