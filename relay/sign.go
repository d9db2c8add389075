package relay

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"time"
)

// Signature is what is kept of a report to find those it shares words with:
// its text is not needed for that. Some three kilobytes for a report of a page.
type Signature struct {
	ID       string
	Outlet   string
	From, To int64    // time of publication in Unix seconds; From is math.MinInt64 when unknown
	Words    int      // of the report
	Prints   []uint64 // fingerprints, in the order of the text
	Topic    []uint32 // words of title and lead, sorted
	Names    []uint32 // known entities, sorted
	Sources  []uint64 // outlet or speaker with one of the rarer words or names: what ties reports that share no wording
}

// Sign makes the signature of a report.
func (r *Reader) Sign(d *Doc) Signature { return r.Read(d).Sign() }

// Sign makes the signature of a report that was read.
func (t *Text) Sign() Signature {
	s := Signature{ID: t.doc.ID, Outlet: t.doc.Outlet, From: math.MinInt64, Words: len(t.words), Topic: t.topic, Names: t.names}
	if p := t.doc.Published; p.Known() {
		s.From, s.To = p.From.Unix(), p.To.Unix()
	}
	s.Prints = make([]uint64, 0, len(t.prints))
	for _, p := range t.prints {
		s.Prints = append(s.Prints, p.hash)
	}
	names := t.names[:min(len(t.names), 8)]
	add := func(who string, lists ...[]uint32) {
		h := hash(who)
		for _, list := range lists {
			for _, k := range list {
				s.Sources = append(s.Sources, mix(h^uint64(k)))
			}
		}
	}
	if t.doc.Outlet != "" {
		add(t.doc.Outlet, t.facts, names)
	}
	for _, k := range t.keys[:min(len(t.keys), 4)] {
		if k != t.doc.Outlet {
			add(k, t.facts, names)
		}
	}
	if t.body != "" {
		add("said "+t.body, t.facts)
	}
	for i, c := range t.cites {
		if i == citesSigned {
			break
		}
		add(c.id, c.facts, names)
	}
	for _, c := range t.unknown {
		add(c.id, c.facts)
	}
	for i, p := range t.said {
		if i == saidSigned {
			break
		}
		add("said "+p.speaker, p.facts, names)
	}
	return s
}

// Moment is the time of publication, to the second.
func (s *Signature) Moment() Moment {
	if s.From == math.MinInt64 {
		return Moment{}
	}
	return Moment{time.Unix(s.From, 0), time.Unix(s.To, 0)}
}

const signatureVersion = 2

// MarshalBinary writes the signature: a version, the fields one after the
// other (texts and lists with their length before them, numbers as varints, fingerprints as
// eight bytes, topic as four, little end first), and a CRC-32C of it all.
func (s *Signature) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, 64+8*(len(s.Prints)+len(s.Sources))+4*len(s.Topic))
	b = append(b, signatureVersion)
	for _, f := range [...]string{s.ID, s.Outlet} {
		b = binary.AppendUvarint(b, uint64(len(f)))
		b = append(b, f...)
	}
	b = binary.AppendVarint(b, s.From)
	b = binary.AppendVarint(b, s.To)
	b = binary.AppendUvarint(b, uint64(s.Words))
	for _, list := range [...][]uint64{s.Prints, s.Sources} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, v := range list {
			b = binary.LittleEndian.AppendUint64(b, v)
		}
	}
	for _, list := range [...][]uint32{s.Topic, s.Names} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, v := range list {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)), nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errSignature = errors.New("a stored signature is damaged; make it anew from the report's text")

// UnmarshalBinary reads what MarshalBinary wrote.
func (s *Signature) UnmarshalBinary(b []byte) error {
	if len(b) < 5 || crc32.Checksum(b[:len(b)-4], castagnoli) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
		return errSignature
	}
	if b[0] != signatureVersion {
		return errors.New("a stored signature is of another version; make it anew from the report's text")
	}
	b = b[1 : len(b)-4]
	ok := true
	number := func() uint64 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			ok = false
			return 0
		}
		b = b[n:]
		return v
	}
	signed := func() int64 {
		v, n := binary.Varint(b)
		if n <= 0 {
			ok = false
			return 0
		}
		b = b[n:]
		return v
	}
	// A length that the bytes do not hold is damage, and no reason to make room for it.
	length := func(size int) int {
		n := number()
		if n > uint64(len(b)/size) {
			ok = false
			return 0
		}
		return int(n)
	}
	text := func() string {
		n := length(1)
		v := string(b[:n])
		b = b[n:]
		return v
	}
	list := func() []uint64 {
		out := make([]uint64, length(8))
		for i := range out {
			out[i] = binary.LittleEndian.Uint64(b)
			b = b[8:]
		}
		return out
	}
	var x Signature
	x.ID, x.Outlet = text(), text()
	x.From, x.To = signed(), signed()
	words := number()
	x.Words = int(min(words, math.MaxInt32))
	x.Prints, x.Sources = list(), list()
	for _, to := range [...]*[]uint32{&x.Topic, &x.Names} {
		l := make([]uint32, length(4))
		for i := range l {
			l[i] = binary.LittleEndian.Uint32(b)
			b = b[4:]
		}
		*to = l
	}
	if !ok || len(b) > 0 {
		return errSignature
	}
	*s = x
	return nil
}
