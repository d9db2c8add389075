package incident

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"slices"
)

const sketchVersion = 2

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var (
	errSketch        = errors.New("a stored sketch is damaged; make it anew from the report")
	errSketchVersion = errors.New("a stored sketch is of another version; make it anew from the report")
)

// MarshalBinary writes the sketch: a version; the texts that occur in it, each
// once; then the fields one after the other (lists with their length before
// them, texts as their number, numbers as varints, sorted lists as differences);
// and a CRC-32C of it all, little end first.
func (s *Sketch) MarshalBinary() ([]byte, error) {
	w := writer{index: map[string]uint64{}}
	w.text(s.Report)
	w.text(s.Origin)
	w.signed(s.published)
	w.length(len(s.gists))
	for i := range s.gists {
		g := &s.gists[i]
		w.length(g.at.Start)
		w.length(g.at.End)
		w.length(len(g.scenes))
		for _, p := range g.scenes {
			w.length(p[0])
			w.length(p[1])
		}
		w.length(len(g.kinds))
		for _, k := range g.kinds {
			w.text(k.kind)
			w.length(k.n)
		}
		w.signed(int64(g.first))
		w.signed(int64(g.last))
		w.bits(g.early, g.late, g.loose, g.inherited, g.happened, g.threatens, g.lead)
		for _, list := range [][]spot{g.towns, g.areas} {
			w.length(len(list))
			for _, p := range list {
				w.text(p.id)
				w.text(p.key)
				w.text(p.name)
				w.bits(p.geo, p.local, p.province, p.fine, p.area)
				if p.geo {
					w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(p.lat))
					w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(p.lon))
				}
			}
		}
		w.length(len(g.main))
		for _, m := range g.main {
			w.length(m)
		}
		w.length(len(g.parties))
		for _, p := range g.parties {
			w.text(p.id)
			w.text(p.name)
			w.text(p.typ)
		}
		w.length(len(g.tolls))
		for _, t := range g.tolls {
			w.text(t)
		}
		w.sorted(g.terms)
		at := make([]uint32, 0, len(g.opening)) // opening terms are terms: their places in the list are shorter
		for _, t := range g.opening {
			k, _ := slices.BinarySearch(g.terms, t)
			at = append(at, uint32(k))
		}
		w.sorted(at)
		w.sorted(g.names)
	}
	b := []byte{sketchVersion}
	b = binary.AppendUvarint(b, uint64(len(w.texts)))
	for _, t := range w.texts {
		b = binary.AppendUvarint(b, uint64(len(t)))
		b = append(b, t...)
	}
	return sealed(append(b, w.b...)), nil
}

func sealed(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

type writer struct {
	b     []byte
	texts []string
	index map[string]uint64
}

func (w *writer) text(s string) {
	n, ok := w.index[s]
	if !ok {
		n = uint64(len(w.texts))
		w.index[s] = n
		w.texts = append(w.texts, s)
	}
	w.b = binary.AppendUvarint(w.b, n)
}

func (w *writer) length(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

func (w *writer) signed(n int64) { w.b = binary.AppendVarint(w.b, n) }

func (w *writer) bits(list ...bool) {
	v := byte(0)
	for i, b := range list {
		if b {
			v |= 1 << i
		}
	}
	w.b = append(w.b, v)
}

func (w *writer) sorted(list []uint32) {
	w.length(len(list))
	before := uint32(0)
	for _, v := range list {
		w.b = binary.AppendUvarint(w.b, uint64(v-before))
		before = v
	}
}

// UnmarshalBinary reads what MarshalBinary wrote, and refuses anything else.
func (s *Sketch) UnmarshalBinary(b []byte) error {
	if len(b) < 6 || crc32.Checksum(b[:len(b)-4], castagnoli) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
		return errSketch
	}
	if b[0] != sketchVersion {
		return errSketchVersion
	}
	r := reader{b: b[1 : len(b)-4]}
	r.texts = make([]string, r.length(1))
	for i := range r.texts {
		n := r.length(1)
		r.texts[i] = string(r.b[:n])
		r.b = r.b[n:]
	}
	x := Sketch{Report: r.text(), Origin: r.text(), published: r.signed()}
	if x.published != noTime && (x.published < -maxMinutes || x.published > maxMinutes) {
		return errSketch
	}
	if n := r.length(10); n > 0 {
		x.gists = make([]gist, n)
	}
	for i := range x.gists {
		g := &x.gists[i]
		g.at = At{r.place(), r.place()}
		g.scenes = make([][2]int, r.length(2))
		for i := range g.scenes {
			g.scenes[i] = [2]int{r.place(), r.place()}
		}
		g.kinds = make([]counted, r.length(2))
		for i := range g.kinds {
			g.kinds[i] = counted{r.text(), r.place()}
		}
		g.first, g.last = r.day(), r.day()
		if (g.first == noDay) != (g.last == noDay) || g.last < g.first || g.first != noDay && g.last-g.first > 100 {
			r.bad = true // an account has no more than two months, so that it stands in few stretches
		}
		r.bits(&g.early, &g.late, &g.loose, &g.inherited, &g.happened, &g.threatens, &g.lead)
		for _, list := range []*[]spot{&g.towns, &g.areas} {
			*list = make([]spot, r.length(4))
			for i := range *list {
				p := &(*list)[i]
				p.id, p.key, p.name = r.text(), r.text(), r.text()
				r.bits(&p.geo, &p.local, &p.province, &p.fine, &p.area)
				if p.geo {
					p.lat, p.lon = r.float(), r.float()
				}
			}
		}
		g.main = make([]int, r.length(1))
		for i := range g.main {
			if g.main[i] = r.place(); g.main[i] >= len(g.towns) {
				return errSketch
			}
		}
		g.parties = make([]party, r.length(3))
		for i := range g.parties {
			g.parties[i] = party{r.text(), r.text(), r.text()}
		}
		g.tolls = make([]string, r.length(1))
		for i := range g.tolls {
			g.tolls[i] = r.text()
		}
		g.terms = r.sorted()
		g.opening = r.sorted()
		for i, k := range g.opening {
			if uint64(k) >= uint64(len(g.terms)) {
				return errSketch
			}
			g.opening[i] = g.terms[k]
		}
		g.names = r.sorted()
	}
	if r.bad || len(r.b) > 0 {
		return errSketch
	}
	*s = x
	return nil
}

// Days are of the years 0 to 9999, and some to spare.
const (
	maxDays    = 4_000_000
	maxMinutes = maxDays * 24 * 60
)

// reader reads what a writer wrote. After damage it gives zeros, and bad is set.
type reader struct {
	b     []byte
	texts []string
	bad   bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad = true
		r.b = nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) signed() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad = true
		r.b = nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// length is that of a list whose items take at least size bytes. One that the
// bytes do not hold is damage, and no reason to make room for it.
func (r *reader) length(size int) int {
	n := r.number()
	if n > uint64(len(r.b)/size) {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *reader) place() int {
	n := r.number()
	if n > math.MaxInt32 {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *reader) day() int32 {
	n := r.signed()
	if n != noDay && (n < -maxDays || n > maxDays) {
		r.bad = true
		return 0
	}
	return int32(n)
}

func (r *reader) text() string {
	n := r.number()
	if n >= uint64(len(r.texts)) {
		r.bad = true
		return ""
	}
	return r.texts[n]
}

func (r *reader) bits(list ...*bool) {
	if len(r.b) == 0 {
		r.bad = true
		return
	}
	for i, p := range list {
		*p = r.b[0]&(1<<i) != 0
	}
	if r.b[0]>>len(list) != 0 {
		r.bad = true
	}
	r.b = r.b[1:]
}

func (r *reader) float() float64 {
	if len(r.b) < 8 {
		r.bad = true
		r.b = nil
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(r.b))
	r.b = r.b[8:]
	return v
}

func (r *reader) sorted() []uint32 {
	out := make([]uint32, r.length(1))
	sum := uint64(0)
	for i := range out {
		d := r.number()
		if sum += d; sum > math.MaxUint32 || d > math.MaxUint32 || i > 0 && d == 0 {
			r.bad = true
			return out
		}
		out[i] = uint32(sum)
	}
	return out
}
