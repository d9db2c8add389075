package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func logOf(t testing.TB, n int) []Decision {
	t.Helper()
	var log []Decision
	prev := ""
	for i := range n {
		d := Decision{Seq: int64(i + 1), At: time.Date(2026, 1, 2, 3, 4, i, 120_999_999, time.FixedZone("", 3600)), Author: "lale", Action: Note, Report: "r1", Note: fmt.Sprintf("note %d <&> «ی»\u2028\x01\t", i+1)}
		if i == 2 {
			d.Action, d.Target, d.Field, d.Value, d.Was = Correct, Target{Event, "e1", 85, 95}, "type", json.RawMessage(`{"b": 1.50, "a": [true, null, 3e5]}`), json.RawMessage(`"x"`)
		}
		if err := Seal(prev, &d); err != nil {
			t.Fatal(err)
		}
		prev = d.Hash
		log = append(log, d)
	}
	return log
}

// TestSealBytes hashes a line as a stranger would who has read Seal's comment.
func TestSealBytes(t *testing.T) {
	for _, d := range logOf(t, 3) {
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]json.RawMessage
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		delete(m, "hash")
		var parts []string
		for _, name := range []string{"action", "at", "author", "field", "note", "prev", "report", "seq", "target", "value", "was"} {
			if v, ok := m[name]; ok {
				s := string(v)
				switch name {
				case "value": // its names sorted, no spaces, digits as written
					s = `{"a":[true,null,3e5],"b":1.50}`
				case "target":
					s = `{"end":95,"id":"e1","kind":"event","start":85}`
				case "note": // only what has to be is escaped
					s = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\u2028`, "\u2028").Replace(s)
				}
				parts = append(parts, `"`+name+`":`+s)
				delete(m, name)
			}
		}
		if len(m) > 0 {
			t.Fatal("fields that this test does not know:", m)
		}
		sum := sha256.Sum256([]byte("{" + strings.Join(parts, ",") + "}"))
		if got := hex.EncodeToString(sum[:]); got != d.Hash {
			t.Errorf("decision %d: %s, hashed {%s}", d.Seq, d.Hash, strings.Join(parts, ","))
		}
	}
	// One fixed line, so that no later version hashes otherwise.
	const want = "4861ae7ddda11d2faf3ebc89ba1e1725aaeafc41f1e754899600744015b58285"
	d := logOf(t, 1)[0]
	if d.At.Format(time.RFC3339Nano) != "2026-01-02T02:04:00.12Z" {
		t.Error(d.At)
	}
	if d.Hash != want {
		t.Errorf("the first line hashes to %s, not to %s", d.Hash, want)
	}
}

func TestSealRefuses(t *testing.T) {
	for _, d := range []Decision{{Author: "\xff"}, {Note: "\xc3"}, {Value: json.RawMessage(`{`)}, {At: time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC)}} {
		before := d
		if err := Seal("", &d); err == nil || d.Hash != before.Hash {
			t.Errorf("%q was sealed", d.Author+d.Note+string(d.Value))
		}
	}
}

func TestVerify(t *testing.T) {
	log := logOf(t, 3)
	if err := Verify(&log[0], nil); err != nil {
		t.Error(err)
	}
	if err := Verify(&log[2], &log[1]); err != nil {
		t.Error(err)
	}
	if err := Verify(&log[2], &log[0]); err == nil {
		t.Error("decision 3 after 1")
	}
	log[2].Author = "x"
	if err := Verify(&log[2], &log[1]); err == nil || !strings.Contains(err.Error(), "altered") {
		t.Error(err)
	}
}

// TestChain: each damage gives one fault that names line and damage.
func TestChain(t *testing.T) {
	reseal := func(d *Decision) { Seal(d.Prev, d) }
	for name, c := range map[string]struct {
		damage func(l []Decision) []Decision
		want   []string
	}{
		"none":              {func(l []Decision) []Decision { return l }, nil},
		"empty":             {func(l []Decision) []Decision { return nil }, nil},
		"content":           {func(l []Decision) []Decision { l[3].Note += "."; return l }, []string{"4 at 4 altered"}},
		"hash":              {func(l []Decision) []Decision { l[3].Hash = strings.Repeat("0", 64); return l }, []string{"4 at 4 altered"}},
		"prev":              {func(l []Decision) []Decision { l[3].Prev = strings.Repeat("0", 64); return l }, []string{"4 at 4 altered"}},
		"number":            {func(l []Decision) []Decision { l[3].Seq = 40; return l }, []string{"4 at 4 altered"}},
		"first content":     {func(l []Decision) []Decision { l[0].Note += "."; return l }, []string{"1 at 1 altered"}},
		"last content":      {func(l []Decision) []Decision { l[7].Note += "."; return l }, []string{"8 at 8 altered"}},
		"altered, sealed":   {func(l []Decision) []Decision { l[3].Note += "."; reseal(&l[3]); return l }, []string{"4 at 4 replaced"}},
		"first missing":     {func(l []Decision) []Decision { return l[1:] }, []string{"1 at 1 missing"}},
		"one missing":       {func(l []Decision) []Decision { return slices.Delete(l, 3, 4) }, []string{"4 at 4 missing"}},
		"three missing":     {func(l []Decision) []Decision { return slices.Delete(l, 3, 6) }, []string{"4 at 4 missing"}},
		"two gaps":          {func(l []Decision) []Decision { return slices.Delete(slices.Delete(l, 5, 6), 1, 3) }, []string{"2 at 2 missing", "6 at 4 missing"}},
		"swapped":           {func(l []Decision) []Decision { l[3], l[4] = l[4], l[3]; return l }, []string{"4 at 5 out of order"}},
		"to the end":        {func(l []Decision) []Decision { return append(slices.Delete(slices.Clone(l), 2, 3), l[2]) }, []string{"3 at 8 out of order"}},
		"twice":             {func(l []Decision) []Decision { return slices.Insert(l, 4, l[3]) }, []string{"4 at 5 inserted"}},
		"twice, far":        {func(l []Decision) []Decision { return append(l, l[1]) }, []string{"2 at 9 inserted"}},
		"inserted after":    {func(l []Decision) []Decision { x := l[3]; x.Note = "false"; reseal(&x); return slices.Insert(l, 4, x) }, []string{"4 at 5 inserted"}},
		"inserted before":   {func(l []Decision) []Decision { x := l[3]; x.Note = "false"; reseal(&x); return slices.Insert(l, 3, x) }, []string{"4 at 4 inserted"}},
		"inserted, far":     {func(l []Decision) []Decision { x := l[1]; x.Note = "false"; reseal(&x); return append(l, x) }, []string{"2 at 9 inserted"}},
		"two things":        {func(l []Decision) []Decision { l[1].Note = ""; return slices.Delete(l, 5, 6) }, []string{"2 at 2 altered", "6 at 6 missing"}},
		"missing, altered":  {func(l []Decision) []Decision { l[4].Note = ""; return slices.Delete(l, 3, 4) }, []string{"4 at 4 missing", "5 at 4 altered"}},
		"not UTF-8":         {func(l []Decision) []Decision { l[3].Note = "\xff"; return l }, []string{"4 at 4 altered"}},
		"another first one": {func(l []Decision) []Decision { l[0].Note = ""; reseal(&l[0]); return l }, []string{"1 at 1 replaced"}},
	} {
		t.Run(name, func(t *testing.T) {
			var c2 Chain
			for _, d := range c.damage(logOf(t, 8)) {
				c2.Add(&d)
			}
			var got []string
			for _, f := range c2.End() {
				got = append(got, fmt.Sprintf("%d at %d %s", f.Seq, f.Line, f.Damage))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	var c Chain
	log := logOf(t, 5)
	for i := range log[:3] {
		c.Add(&log[i])
	}
	if seq, hash := c.Last(); seq != 3 || hash != log[2].Hash {
		t.Error(seq, hash)
	}
}

func FuzzChain(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3}, uint8(0), uint8(0))
	f.Add([]byte{3, 1, 1, 0}, uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, order []byte, which, how uint8) {
		log := logOf(t, 6)
		d := &log[int(which)%len(log)]
		switch how % 4 {
		case 1:
			d.Note += "."
		case 2:
			d.Note += "."
			Seal(d.Prev, d)
		case 3:
			d.Prev = "x"
		}
		var c Chain
		whole := how%4 == 0 && len(order) <= 6
		for i, o := range order {
			c.Add(&log[int(o)%len(log)])
			whole = whole && int(o)%len(log) == i
		}
		faults := c.End()
		if whole != (len(faults) == 0) && how%4 == 0 {
			t.Errorf("order %v: %v", order, faults)
		}
	})
}
