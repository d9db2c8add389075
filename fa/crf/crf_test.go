package crf

import (
	"bytes"
	"testing"
)

func TestTable(t *testing.T) {
	records := map[uint64][]byte{}
	for i := uint64(1); i < 1000; i++ {
		records[i*0x9e3779b97f4a7c15] = []byte{byte(i), byte(i >> 8)}
	}
	b := AppendTable(nil, 2, records)
	if !bytes.Equal(b, AppendTable(nil, 2, records)) {
		t.Error("two tables of the same records differ")
	}
	table, err := ReadTable(string(b))
	if err != nil {
		t.Fatal(err)
	}
	for h, rec := range records {
		if table.Get(h) != string(rec) {
			t.Errorf("%x: %x, want %x", h, table.Get(h), rec)
		}
	}
	if rec := table.Get(12345); rec != "" {
		t.Errorf("unknown hash: %x", rec)
	}
}

// examples are sequences whose label is the parity of the feature, but for
// feature 9, which takes the label of the word before.
func examples() (list []Example) {
	for i := range uint64(40) {
		var e Example
		last := uint32(1)
		for k := range uint64(6) {
			f := (i*7 + k*3) % 10
			label := uint32(1) << (f % 2)
			if f == 9 {
				label = last
			}
			last = label
			e.Features = append(e.Features, []uint64{f * 0x9e3779b97f4a7c15})
			e.Labels = append(e.Labels, label)
		}
		list = append(list, e)
	}
	return list
}

func TestTrain(t *testing.T) {
	for _, labels := range [][]string{{"even", "odd"}, {"even", "odd", "never"}} {
		o := Options{Labels: labels, Domains: 1, Epochs: 30}
		b := Train(o, examples())
		if !bytes.Equal(b, Train(o, examples())) {
			t.Error("training is not deterministic")
		}
		m, err := Load(string(b))
		if err != nil {
			t.Fatal(err)
		}
		var l, all Lattice
		for _, e := range examples() {
			l.Start(m, len(e.Features))
			all.Start(m, len(e.Features))
			for i, fs := range e.Features {
				for _, f := range fs {
					l.Add(i, f)
				}
				all.AddAll(i, fs)
			}
			best := all.Best()
			for i, y := range l.Best() {
				if e.Labels[i] != 1<<y || best[i] != y {
					t.Errorf("%d labels: word %d is %s, by AddAll %s", len(labels), i, labels[y], labels[best[i]])
				}
			}
		}
	}
}

// FuzzLoad checks that a damaged model is an error or harmless, never a panic.
func FuzzLoad(f *testing.F) {
	b := Train(Options{Labels: []string{"a", "b", "c"}, Domains: 1, Epochs: 2}, examples())
	f.Add(string(b))
	f.Add(string(b[:len(b)-3]))
	f.Fuzz(func(t *testing.T, s string) {
		m, err := Load(s)
		if err != nil {
			return
		}
		var l Lattice
		l.Start(m, 3)
		for i := range 3 {
			l.Add(i, 0x9e3779b97f4a7c15)
			l.AddAll(i, []uint64{1 << 60, 5})
		}
		l.Best()
	})
}
