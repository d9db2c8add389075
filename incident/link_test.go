package incident

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// many are all the reports that tests have, some without a day of publication.
func many(t testing.TB) []Doc {
	docs := slices.Concat(devDocs(t), small(t), more(t), again(t), third(t))
	for i := range docs {
		if i%17 == 3 {
			docs[i].Published = ""
			r := *docs[i].Record
			r.Document.Published = nil
			docs[i].Record = &r
		}
		if i%5 == 0 {
			docs[i].Origin = fmt.Sprint("o", i%15)
		}
	}
	return docs
}

func link(t testing.TB, m *Memory, rare *Rarity, dirty []string, decisions []Decision) {
	t.Helper()
	if err := m.reader.Link(m, rare, dirty, decisions, m.Keep); err != nil {
		t.Fatal(err)
	}
}

func wantLinked(t *testing.T, what string, got, want []Linked) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || dump(t, got[i]) != dump(t, want[i]) {
			g, w := "nothing", "nothing"
			if i < len(got) {
				g = dump(t, got[i].Incident)
			}
			if i < len(want) {
				w = dump(t, want[i].Incident)
			}
			t.Fatalf("%s: %d incidents, want %d; the first that differs\n%s\nwant\n%s", what, len(got), len(want), g, w)
		}
	}
}

// Linking part by part, in whatever order and batches reports come, gives what
// linking all of them at once does, as long as words are as rare.
func TestOrder(t *testing.T) {
	docs := many(t)
	r := New(lex(t))
	all := NewMemory(r, docs...)
	rare := all.Rarity()
	decisions := []Decision{
		{Ref{Report: "c"}, Ref{Report: "d"}, true},
		{Ref{Report: "a"}, Ref{Report: "d44"}, true}, // ten years apart
		{Ref{Report: "d17"}, Ref{Report: "d32"}, false},
	}
	var free []Linked // what there is without decisions
	for _, decided := range [][]Decision{nil, decisions} {
		link(t, all, rare, nil, decided)
		want := slices.Clone(all.Linked())
		if decided == nil {
			free = want
		}
		for seed := range uint64(3) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			order := rnd.Perm(len(docs))
			m := NewMemory(r)
			for len(order) > 0 {
				n := min(len(order), 1+rnd.IntN(20))
				var ids []string
				for _, i := range order[:n] {
					m.Add(docs[i])
					ids = append(ids, docs[i].ID)
				}
				order = order[n:]
				link(t, m, rare, ids, decided)
			}
			wantLinked(t, fmt.Sprint("seed ", seed), m.Linked(), want)

			// People change their minds, and change them back.
			if decided != nil {
				on := []string{"a", "c", "d", "d44", "d17", "d32"}
				link(t, m, rare, on, nil)
				wantLinked(t, fmt.Sprint("seed ", seed, " decisions taken back"), m.Linked(), free)
				link(t, m, rare, on, decided)
				wantLinked(t, fmt.Sprint("seed ", seed, " decided again"), m.Linked(), want)
			}

			// Some are taken out, and put in again; one is exchanged for another and back.
			for range 3 {
				var ids []string
				for range 1 + rnd.IntN(9) {
					ids = append(ids, docs[rnd.IntN(len(docs))].ID)
				}
				m.Remove(ids...)
				other := docs[0]
				other.ID = docs[rnd.IntN(len(docs))].ID
				m.Add(other)
				link(t, m, rare, append(slices.Clone(ids), other.ID), decided)
				left := NewMemory(r)
				for _, d := range docs {
					if d.ID == other.ID {
						left.Add(other)
					} else if !slices.Contains(ids, d.ID) {
						left.Add(d)
					}
				}
				link(t, left, rare, nil, decided)
				wantLinked(t, fmt.Sprint("seed ", seed, " without ", ids), m.Linked(), left.Linked())
				for _, d := range docs {
					if slices.Contains(ids, d.ID) || d.ID == other.ID {
						m.Add(d)
					}
				}
				link(t, m, rare, append(ids, other.ID), decided)
				wantLinked(t, fmt.Sprint("seed ", seed, " with ", ids), m.Linked(), want)
			}
		}
	}
}

// A report touches what hangs together with it only.
func TestTouch(t *testing.T) {
	docs := many(t)
	r := New(lex(t))
	m := NewMemory(r, docs...)
	link(t, m, m.Rarity(), nil, nil)
	touched := map[string][]string{}
	for _, d := range docs {
		var reports []string
		err := r.Link(m, m.Rarity(), []string{d.ID}, nil, func(p Part) error {
			reports = append(reports, p.Reports...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(reports)
		touched[d.ID] = slices.Compact(reports)
	}
	sum := 0
	for _, list := range touched {
		sum += len(list)
	}
	if per := float64(sum) / float64(len(docs)); per > 10 {
		t.Errorf("a report touches %.1f of %d on average", per, len(docs))
	}
	for id, want := range map[string]string{"t1": "t1 t2", "d": "d", "m3": "m1 m2 m3", "u5": "u5"} {
		if got := strings.Join(touched[id], " "); got != want {
			t.Errorf("%s touches %s, want %s", id, got, want)
		}
	}
}

// Linking that is stopped after any part goes on with the reports that were in
// none, and nothing is lost.
func TestStop(t *testing.T) {
	docs := many(t)
	r := New(lex(t))
	rare := NewMemory(r, docs...).Rarity()
	rnd := rand.New(rand.NewPCG(5, 5))
	for range 6 {
		m := NewMemory(r, docs...)
		link(t, m, rare, nil, nil)
		now := slices.Clone(docs)
		dirty := map[string]bool{}
		for range 20 {
			i, j := rnd.IntN(len(now)), rnd.IntN(len(now))
			now[i].Record = now[j].Record // another text under its id
			dirty[now[i].ID] = true
		}
		for i := range 5 {
			dirty[now[i].ID] = true
			m.Remove(now[i].ID)
		}
		now = now[5:]
		m.Add(now...)
		stop := fmt.Errorf("stop")
		for len(dirty) > 0 {
			n := 1 + rnd.IntN(3)
			err := r.Link(m, rare, slices.Collect(maps.Keys(dirty)), nil, func(p Part) error {
				if n--; n < 0 {
					return stop
				}
				for _, id := range p.Reports {
					delete(dirty, id)
				}
				return m.Keep(p)
			})
			if err == nil {
				break
			}
			if err != stop {
				t.Fatal(err)
			}
		}
		want := NewMemory(r, now...)
		link(t, want, rare, nil, nil)
		wantLinked(t, "stopped", m.Linked(), want.Linked())
	}
}

// Counts of words that changed never lose or double an account: what stood in
// an incident with one that is linked anew is linked anew, too.
func TestDrift(t *testing.T) {
	docs := many(t)
	r := New(lex(t))
	rnd := rand.New(rand.NewPCG(7, 7))
	m := NewMemory(r)
	for _, i := range rnd.Perm(len(docs)) {
		m.Add(docs[i])
		link(t, m, m.Rarity(), []string{docs[i].ID}, nil)
	}
	seen := map[Ref]string{}
	for _, in := range m.Linked() {
		for _, k := range in.Members {
			r := Ref{k.Report, k.At.Start, k.At.End}
			if seen[r] != "" {
				t.Errorf("%v stands in %s and %s", r, seen[r], in.ID)
			}
			seen[r] = in.ID
		}
	}
	n := 0
	for _, s := range m.sketches {
		for i := range s.gists {
			if s.gists[i].happened {
				n++
			}
		}
	}
	if len(seen) != n {
		t.Errorf("%d accounts stand in incidents, want all %d", len(seen), n)
	}
	link(t, m, m.Rarity(), nil, nil)
}

// A store that fails makes Link fail, with its words.
func TestTrouble(t *testing.T) {
	r := New(lex(t))
	m := NewMemory(r, small(t)...)
	for _, dirty := range [][]string{nil, {"a"}} {
		for i := range 6 {
			st := &failing{Memory: m, left: i}
			err := r.Link(st, m.Rarity(), dirty, nil, func(Part) error { return nil })
			if st.left < 0 && (err == nil || !strings.Contains(err.Error(), "disk")) {
				t.Errorf("dirty %v, call %d: error %v", dirty, i, err)
			}
		}
		stop := fmt.Errorf("enough")
		if err := r.Link(m, m.Rarity(), dirty, nil, func(Part) error { return stop }); err != stop {
			t.Errorf("error %v, want that of emit", err)
		}
	}
}

// failing is a store whose disk fails after some calls.
type failing struct {
	*Memory
	left int
}

func (f *failing) fail() error {
	if f.left--; f.left < 0 {
		return fmt.Errorf("disk")
	}
	return nil
}

func (f *failing) Stretches() ([]int64, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.Memory.Stretches()
}

func (f *failing) SketchesOf(ids []string) ([]*Sketch, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.Memory.SketchesOf(ids)
}

func (f *failing) Docs(ids []string) ([]Doc, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.Memory.Docs(ids)
}

func (f *failing) With(list []Ref) ([]Ref, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.Memory.With(list)
}

// Beyond a limit reports of no day stand alone, and say so; wherever a limit
// is, all accounts are in one incident each.
func TestUndated(t *testing.T) {
	var docs []Doc
	for i, d := range slices.Concat(small(t), small(t)) {
		d.ID = fmt.Sprintf("%02d", i)
		d.Published = ""
		rec := *d.Record
		rec.Document.Published = nil
		rec.Times = nil
		rec.Events = slices.Clone(rec.Events)
		for i := range rec.Events {
			rec.Events[i].Date = nil
		}
		d.Record = &rec
		docs = append(docs, d)
	}
	for _, limit := range []int{100, 7, 0} {
		r := New(lex(t))
		r.undated = limit
		m := NewMemory(r, docs...)
		link(t, m, m.Rarity(), nil, nil)
		want := slices.Clone(m.Linked())
		members, alone := 0, 0
		for _, in := range want {
			members += len(in.Members)
			if strings.HasPrefix(in.Members[0].Reason, "compared with no other") {
				alone++
			}
		}
		if members != 10 || (alone > 0) != (limit < 12) || limit == 0 && alone != 10 {
			t.Errorf("limit %d: %d accounts in incidents, %d stand alone", limit, members, alone)
		}
		for _, d := range docs {
			link(t, m, m.Rarity(), []string{d.ID}, nil)
		}
		wantLinked(t, fmt.Sprint("limit ", limit), m.Linked(), want)
	}
}

// Stories of thousands of reports are grouped and written in pieces.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	five := small(t)[:5]
	var docs []Doc
	for i := range 1300 {
		for _, d := range five {
			d.ID = fmt.Sprintf("%s%04d", d.ID, i)
			docs = append(docs, d)
		}
	}
	r := New(lex(t))
	m := NewMemory(r, docs...)
	link(t, m, m.Rarity(), nil, nil)
	members := 0
	for _, in := range m.Linked() {
		members += len(in.Members)
		if len(in.Members) > tabled && in.Table.Left != len(in.Members)-tabled {
			t.Errorf("%d members, of which the table leaves out %d", len(in.Members), in.Table.Left)
		}
		for _, k := range in.Members {
			if k.Quotes[0].Text == "" {
				t.Fatalf("%s has no words", k.Report)
			}
		}
	}
	if members != len(docs) || len(m.Linked()) > 10 {
		t.Errorf("%d members in %d incidents, want %d in a few", members, len(m.Linked()), len(docs))
	}
}
