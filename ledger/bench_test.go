package ledger

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sanad-project/sanad/input"
)

// entriesFor makes entries before the clock starts.
func entriesFor(b *testing.B, n int) []*Entry {
	b.Helper()
	list := make([]*Entry, n)
	for i := range list {
		list[i] = entry(b, story(i))
	}
	return list
}

// filled is a ledger with n reports.
func filled(b *testing.B, n int) (*Ledger, []Added) {
	b.Helper()
	l := openAt(b, filepath.Join(b.TempDir(), "ledger.db"), Options{Create: true})
	var all []Added
	list := entriesFor(b, n)
	for i := 0; i < n; i += 64 {
		out, err := l.Add(context.Background(), list[i:min(i+64, n)])
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, out...)
	}
	return l, all
}

// Adding reports that are read already, 64 to a transaction and one by one.
func BenchmarkAdd(b *testing.B) {
	for _, size := range []int{1, 64} {
		b.Run(fmt.Sprintf("by %d", size), func(b *testing.B) {
			ctx := context.Background()
			l := openAt(b, filepath.Join(b.TempDir(), "ledger.db"), Options{Create: true})
			list := entriesFor(b, b.N)
			b.ResetTimer()
			for i := 0; i < b.N; i += size {
				if _, err := l.Add(ctx, list[i:min(i+size, b.N)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Making an entry: reading, packing, deriving.
func BenchmarkEntry(b *testing.B) {
	m := maker()
	for i := 0; b.Loop(); i++ {
		if _, err := m.Entry(story(i)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkList(b *testing.B) {
	ctx := context.Background()
	l, _ := filled(b, 2000)
	for name, f := range map[string]Filter{"all": {}, "one field": {Type: []string{"ASSAULT"}}, "four fields": {Type: []string{"ASSAULT"}, Actor: []string{"israel", "us-army"}, Outlet: []string{"irna"}, From: "2024-01-10"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := l.List(ctx, f, 50, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFull(b *testing.B) {
	ctx := context.Background()
	l, ids := filled(b, 500)
	for i := 0; b.Loop(); i++ {
		if _, err := l.Full(ctx, ids[i%len(ids)].ID); err != nil {
			b.Fatal(err)
		}
	}
}

// The whole ledger, by the report.
func BenchmarkWhole(b *testing.B) {
	ctx := context.Background()
	const n = 1000
	l, _ := filled(b, n)
	per := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/report")
	}
	b.Run("rebuild", func(b *testing.B) {
		for b.Loop() {
			if err := l.Rebuild(ctx, nil); err != nil {
				b.Fatal(err)
			}
		}
		per(b)
	})
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			check(b, l)
		}
		per(b)
	})
	b.Run("quick check", func(b *testing.B) {
		for b.Loop() {
			if _, err := l.Check(ctx, true, func(d Damage) { b.Error(&d) }); err != nil {
				b.Fatal(err)
			}
		}
		per(b)
	})
	var backup []byte
	b.Run("backup", func(b *testing.B) {
		for b.Loop() {
			backup = backupOf(b, l)
		}
		per(b)
		b.ReportMetric(float64(len(backup))/n, "B/report")
	})
	b.Run("restore", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			into := openAt(b, filepath.Join(b.TempDir(), fmt.Sprint(i)), Options{Create: true})
			if _, err := into.Restore(ctx, bytes.NewReader(backup), nil); err != nil {
				b.Fatal(err)
			}
			into.Close()
		}
		per(b)
	})
}

// TestSpeed measures with reports of one's own: SANAD_BENCH names JSON Lines.
func TestSpeed(t *testing.T) {
	file := os.Getenv("SANAD_BENCH")
	if file == "" {
		t.Skip("$SANAD_BENCH names no reports")
	}
	ctx := context.Background()
	m := maker()
	var items []input.Item
	in := &input.Reader{Keep: true}
	in.Each([]string{file}, func(it input.Item) bool {
		if it.Err == nil {
			items = append(items, it)
		}
		return true
	})
	var n int
	clock := func(what string, f func()) {
		t.Helper()
		start := time.Now()
		f()
		took := time.Since(start)
		t.Logf("%-14s %8v %8.0f µs each", what, took.Round(time.Millisecond), float64(took.Microseconds())/float64(max(n, 1)))
	}
	if len(items) == 0 {
		t.Fatalf("there are no reports in %s", file)
	}
	index()
	n = len(items)
	clock("read alone", func() {
		for i := range items {
			m.Reader.Read(items[i].Article)
		}
	})
	var entries []*Entry
	clock("read and pack", func() {
		for i := range items {
			if e, err := m.Entry(&items[i]); err == nil {
				entries = append(entries, e)
			}
		}
	})
	l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), Options{Create: true})
	clock("write", func() {
		for i := 0; i < len(entries); i += 64 {
			if _, err := l.Add(ctx, entries[i:min(i+64, len(entries))]); err != nil {
				t.Fatal(err)
			}
		}
	})
	n = int(check(t, l).Reports)
	clock("check", func() { check(t, l) })
	clock("rebuild", func() {
		if err := l.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
	})
	var b []byte
	clock("backup", func() { b = backupOf(t, l) })
	into := openAt(t, filepath.Join(t.TempDir(), "into.db"), Options{Create: true})
	clock("restore", func() {
		if _, err := into.Restore(ctx, bytes.NewReader(b), nil); err != nil {
			t.Fatal(err)
		}
	})
	var pages, size int
	l.one(ctx, l.read, "PRAGMA page_count", nil, &pages)
	l.one(ctx, l.read, "PRAGMA page_size", nil, &size)
	t.Logf("%d reports, %d bytes each, %d in a backup", n, pages*size/max(n, 1), len(b)/max(n, 1))
}
