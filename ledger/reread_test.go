package ledger

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sanad-project/sanad"
)

// outdated lists the reports that a maker would read again.
func outdated(t testing.TB, l *Ledger, m *Maker, all bool) (ids []string) {
	t.Helper()
	if err := l.Outdated(context.Background(), m, all, func(id string) error { ids = append(ids, id); return nil }); err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestReread(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		ids := add(t, l, stories(0, 6)...)
		decide(t, l, ids[4].ID)
		id := ids[4].ID
		machine := must(l.JSON(ctx, 5))

		// The same version and lexicon: nothing new is kept.
		if r, err := l.Reread(ctx, maker(), id); err != nil || !r.Same || len(fullOf(t, l, id).Readings) != 1 {
			t.Errorf("read again as before: %+v %v", r, err)
		}
		if list := outdated(t, l, maker(), false); len(list) > 0 {
			t.Errorf("outdated without a new version: %v", list)
		}
		if list := outdated(t, l, maker(), true); len(list) != 6 {
			t.Errorf("all: %v", list)
		}

		// Another version that says the same: that it was looked at is kept.
		m := maker()
		m.Version = "next"
		if list := outdated(t, l, m, false); len(list) != 6 {
			t.Errorf("outdated: %v", list)
		}
		if r, err := l.Reread(ctx, m, id); err != nil || !r.Same {
			t.Errorf("of the next version: %+v %v", r, err)
		}
		if list := outdated(t, l, m, false); len(list) != 5 || slices.Contains(list, id) {
			t.Errorf("outdated afterwards: %v", list)
		}

		// Another lexicon: the old reading stays, decisions are carried over.
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "groups.txt"), []byte("# Test data: an invented group.\n\nid: invented-group\ntype: GRP\nfa: گروه ساختگی\nen: Invented Group\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		other, err := sanad.New(dir)
		if err != nil {
			t.Skip("the lexicon takes no such file:", err)
		}
		m = &Maker{Reader: other, Version: "next", Now: m.Now}
		if list := outdated(t, l, m, false); len(list) != 6 {
			t.Errorf("outdated with another lexicon: %v", list)
		}
		if r, err := l.Reread(ctx, m, id); err != nil || len(r.Lost) > 0 {
			t.Errorf("with another lexicon: %+v %v", r, err)
		}
		f := fullOf(t, l, id)
		if len(f.Readings) != 3 || !f.Readings[2].InForce || f.Readings[2].Lexicon == f.Readings[1].Lexicon || f.Review != "done" || len(f.Log) != 5 {
			t.Errorf("%+v", f.Readings)
		}
		if !bytes.Equal(must(l.JSON(ctx, 5)), machine) {
			t.Error("the first reading changed")
		}
		if _, err := l.Reread(ctx, m, "ffffffffffffffff"); err == nil {
			t.Error("a report that is not there")
		}
		check(t, l)
		before := dump(t, l, derivedTables(l)...)
		if err := l.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		same(t, dump(t, l, derivedTables(l)...), before)
	})
}

// What is read from a report that was read wrongly once replaces it, and the
// first reading can still be shown.
func TestRereadChanges(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		it := story(8)
		e := entry(t, it)
		// A reader of old that saw no events.
		rec := must(reader().Read(it.Article))
		rec.Events = rec.Events[:0]
		old := maker()
		old.Version = "old"
		if err := old.finish(rec, e.ID, &e.reading); err != nil {
			t.Fatal(err)
		}
		e.rows = must(derive(&source{id: e.ID, outlet: e.outlet, url: e.url, meta: e.meta}, must(reviewed(rec, nil)), 0))
		if _, err := l.Add(ctx, []*Entry{e}); err != nil {
			t.Fatal(err)
		}
		check(t, l)
		if list, _ := l.List(ctx, Filter{Type: []string{"ASSAULT"}}, 9, 0); len(list) != 0 {
			t.Errorf("%+v", list)
		}
		r, err := l.Reread(ctx, maker(), e.ID)
		if err != nil || r.Same || len(r.Changes) == 0 {
			t.Errorf("%+v %v", r, err)
		}
		if f := fullOf(t, l, e.ID); f.Events == 0 || len(f.Readings) != 2 || f.Readings[0].Reader != "old" {
			t.Errorf("%+v", f)
		}
		check(t, l)
	})
}
