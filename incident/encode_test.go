package incident

import (
	"bytes"
	"strings"
	"testing"
)

func TestEncode(t *testing.T) {
	r := New(lex(t))
	total := 0
	for _, d := range append(many(t), Doc{}, Doc{ID: "x", Origin: "o"}) {
		s := r.Sketch(d)
		b, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		total += len(b)
		var back Sketch
		if err := back.UnmarshalBinary(b); err != nil {
			t.Fatalf("%s: %v", d.ID, err)
		}
		again, _ := back.MarshalBinary()
		if !bytes.Equal(b, again) || back.Report != d.ID || back.Origin != d.Origin || len(back.gists) != len(s.gists) {
			t.Errorf("%s: it comes back as %v", d.ID, &back)
		}
		for i := range b { // every single byte counts
			c := bytes.Clone(b)
			c[i] ^= 0x10
			if err := back.UnmarshalBinary(c); err == nil || !strings.Contains(err.Error(), "make it anew") {
				t.Fatalf("%s: byte %d of %d changed, and no error", d.ID, i, len(b))
			}
			if err := back.UnmarshalBinary(b[:i]); err == nil {
				t.Fatalf("%s: cut after %d bytes of %d, and no error", d.ID, i, len(b))
			}
		}
	}
	t.Logf("%d bytes a sketch", total/len(many(t)))
}

// Groups made of stored sketches are those made of fresh ones.
func TestStored(t *testing.T) {
	docs := many(t)
	r := New(lex(t))
	m := NewMemory(r, docs...)
	link(t, m, m.Rarity(), nil, nil)
	want := m.Linked()
	stored := NewMemory(r, docs...)
	for id, s := range stored.sketches {
		b, _ := s.MarshalBinary()
		stored.sketches[id] = &Sketch{}
		if err := stored.sketches[id].UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
	}
	b, _ := m.Rarity().MarshalBinary()
	var rare Rarity
	if err := rare.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	link(t, stored, &rare, nil, nil)
	wantLinked(t, "stored", stored.Linked(), want)
	link(t, stored, nil, nil, nil) // counted from the store
	counted, err := Count(stored)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := counted.MarshalBinary()
	empty := 0
	for _, s := range stored.sketches {
		if len(s.Stretches()) == 0 {
			empty++
		}
	}
	if counted.Reports()+empty != rare.Reports() {
		t.Errorf("%d counted, and %d without accounts; want %d", counted.Reports(), empty, rare.Reports())
	}
	for i := range b {
		c := bytes.Clone(b)
		c[i] ^= 4
		if err := rare.UnmarshalBinary(c); err == nil {
			t.Fatalf("counts: byte %d changed, and no error", i)
		}
		if i > 300 {
			break
		}
	}
	_ = c
}

func FuzzSketch(f *testing.F) {
	r := New(lex(f))
	for _, d := range small(f) {
		s := r.Sketch(d)
		b, _ := s.MarshalBinary()
		f.Add(b, false)
		f.Add(b[:len(b)-4], true)
	}
	f.Add([]byte{1, 0}, true)
	f.Fuzz(func(t *testing.T, b []byte, seal bool) {
		if seal {
			b = sealed(b)
		}
		var s Sketch
		if err := s.UnmarshalBinary(b); err != nil {
			return
		}
		if n := len(s.Stretches()); n > 20*len(s.gists) {
			t.Errorf("%d stretches", n)
		}
		o := s
		o.Report += "x"
		l := &linker{Reader: r, w: r.data.weigh(), rare: &Rarity{}, telling: (&Rarity{}).telling()}
		for i := range s.gists {
			for j := range o.gists {
				a, c := l.node(&s, i), l.node(&o, j)
				if l.score(a, c) != l.score(c, a) {
					t.Error("the score depends on the order")
				}
				l.why(a, c)
			}
		}
	})
}
