package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// unguard takes away the triggers that keep rows from being changed.
func unguard(t testing.TB, h home, db *sql.DB) {
	t.Helper()
	if h.path == "" {
		for _, table := range keptTables {
			if _, err := db.Exec("ALTER TABLE " + table + " DISABLE TRIGGER ALL"); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	rows, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'trigger'")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		names = append(names, s)
	}
	for _, s := range names {
		if _, err := db.Exec("DROP TRIGGER " + s); err != nil {
			t.Fatal(err)
		}
	}
}

// One altered value of what is kept, whichever it is, gives one finding that
// names its row, and no other.
func TestOneDamage(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		ctx := context.Background()
		l := openAt(t, h.dsn, Options{Create: true})
		ids := add(t, l, stories(0, 9)...)
		add(t, l, item("again.jsonl", story(4).Article))
		decide(t, l, ids[4].ID)
		m := maker()
		m.Version = "next"
		if _, err := l.Reread(ctx, m, ids[4].ID); err != nil {
			t.Fatal(err)
		}
		check(t, l)
		db := h.raw(t)
		unguard(t, h, db)

		// Rows of report 5 (a report with all that a report can have), its first
		// arrival and reading among them, and the last rows.
		text := fmt.Sprintf("%x", hashOf([]byte(story(4).Article.Title+"\n"+story(4).Article.Text)))
		raw := fmt.Sprintf("%x", hashOf(story(4).Raw))
		cases := []struct {
			table, column, key string
			want               string
		}{
			{"blobs", "hash", text, "damage in blobs: the bytes "},
			{"blobs", "size", text, "damage in blobs: the bytes " + text + " are"},
			{"blobs", "data", text, "damage in blobs: the bytes " + text},
			{"blobs", "hash", raw, "damage in blobs: the bytes "},
			{"blobs", "data", raw, "damage in blobs: the bytes " + raw},
			{"reports", "id", "5", "damage in reports, row 5: its id"},
			{"reports", "text", "5", "damage in reports, row 5: its id"},
			{"reports", "added", "5", "damage in reports, row 5: it was not added"},
		}
		for _, seq := range []string{"5", "10"} {
			for _, column := range []string{"report", "text", "outlet", "at", "origin", "kind", "media", "bytes", "url", "meta", "seal"} {
				cases = append(cases, struct{ table, column, key, want string }{"arrivals", column, seq, "damage in arrivals, row " + seq + ": its seal"})
			}
			for _, column := range []string{"report", "hash", "reader", "lexicon", "at", "cut", "record", "seal"} {
				want := "damage in readings, row " + seq + ": its seal"
				if column == "record" {
					want = "damage in readings, row " + seq + ": the record"
				}
				cases = append(cases, struct{ table, column, key, want string }{"readings", column, seq, want})
			}
		}
		for _, seq := range []string{"1", "2", "5"} {
			for _, column := range []string{"report", "hash", "line"} {
				cases = append(cases, struct{ table, column, key, want string }{"decisions", column, seq, "damage in decisions, row " + seq + ": "})
			}
		}
		for _, c := range cases {
			where := "seq = " + c.key
			if c.table == "blobs" {
				where = "hash = " + bytesLiteral(h, c.key)
			}
			var v any
			if err := db.QueryRow("SELECT " + c.column + " FROM " + c.table + " WHERE " + where).Scan(&v); err != nil {
				t.Fatalf("%s.%s of %s: %v", c.table, c.column, c.key, err)
			}
			key := "seq"
			if c.table == "blobs" {
				key = "size" // of this row alone
				var n int
				if err := db.QueryRow("SELECT count(*) FROM blobs WHERE size = (SELECT size FROM blobs WHERE " + where + ")").Scan(&n); err != nil || n != 1 {
					key = "data"
				}
			}
			var id any
			if err := db.QueryRow("SELECT " + key + " FROM " + c.table + " WHERE " + where).Scan(&id); err != nil {
				t.Fatal(err)
			}
			for _, at := range places(v) {
				bad, ok := flip(v, at)
				if !ok {
					continue
				}
				set := func(old, new any) {
					t.Helper()
					if c.column == key { // the row is found by another column
						_, err := db.Exec(l.sql("UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+where), new)
						if err != nil {
							t.Fatal(err)
						}
						return
					}
					if _, err := db.Exec(l.sql("UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+key+" = ?"), new, id); err != nil {
						t.Fatalf("%s.%s: %v", c.table, c.column, err)
					}
				}
				set(v, bad)
				var have []string
				if _, err := l.Check(ctx, false, func(d Damage) { have = append(have, d.Error()) }); err != nil {
					t.Fatalf("%s.%s of %s: %v", c.table, c.column, c.key, err)
				}
				if len(have) != 1 || !strings.HasPrefix(have[0], c.want) {
					t.Errorf("%s.%s of %s, place %d: the check finds %q, not %q", c.table, c.column, c.key, at, have, c.want)
				}
				set(bad, v)
			}
		}
		check(t, l)
	})
}

func bytesLiteral(h home, hex string) string {
	if h.path == "" {
		return `'\x` + hex + `'`
	}
	return "x'" + hex + "'"
}

// places are where values are altered: at the ends and in the middle.
func places(v any) []int {
	n := 0
	switch v := v.(type) {
	case string:
		n = len(v)
	case []byte:
		n = len(v)
	case int64:
		return []int{0, 1, 20}
	}
	list := []int{0, n / 2, n - 1}
	slices.Sort(list)
	return slices.Compact(list)
}

// flip alters one byte of a text or of bytes, or one bit of a number.
func flip(v any, at int) (any, bool) {
	switch v := v.(type) {
	case int64:
		return v ^ 1<<at, true
	case []byte:
		if len(v) == 0 {
			return nil, false
		}
		b := slices.Clone(v)
		b[at] ^= 1
		return b, true
	case string:
		if v == "" {
			return "x", at == 0
		}
		b := []byte(v)
		for b[at] >= 0x80 { // PostgreSQL keeps only valid UTF-8
			if at++; at == len(b) {
				return nil, false
			}
		}
		b[at] ^= 1
		return string(b), true
	}
	return nil, false
}

// Rows that are missing are named, one by one or in a row.
func TestMissingRows(t *testing.T) {
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"DELETE FROM arrivals WHERE seq = 10", nil}, // nothing tells that there was one more
		{"DELETE FROM arrivals WHERE seq = 3", []string{"arrivals, row 3: the row is missing", "reports, row 3: no arrival"}},
		{"DELETE FROM readings WHERE seq IN (3, 4)", []string{"readings, row 3: this row and all up to 4 are missing", "reports, row 3: no reading", "reports, row 4: no reading"}},
		{"DELETE FROM reports WHERE seq = 3", []string{"reports, row 3: the row is missing"}},
		{"DELETE FROM decisions WHERE seq = 2", []string{"decisions, row 2: the row is missing"}},
		{"UPDATE reports SET seq = -7 WHERE seq = 9", []string{"reports, row -7: rows are numbered from 1 on", "reports"}},
	} {
		t.Run(c.query, func(t *testing.T) {
			eachHome(t, func(t *testing.T, h home) {
				l := openAt(t, h.dsn, Options{Create: true})
				ids := add(t, l, stories(0, 9)...)
				add(t, l, item("again.jsonl", story(4).Article))
				decide(t, l, ids[4].ID)
				db := h.raw(t)
				unguard(t, h, db)
				if h.path == "" {
					for _, x := range []string{"arrivals", "readings"} {
						if _, err := db.Exec("ALTER TABLE " + x + " DROP CONSTRAINT " + x + "_report_fkey"); err != nil {
							t.Fatal(err)
						}
					}
				}
				if _, err := db.Exec(c.query); err != nil {
					t.Fatal(err)
				}
				var have []string
				if _, err := l.Check(context.Background(), true, func(d Damage) { have = append(have, d.Error()) }); err != nil {
					t.Fatal(err)
				}
				for _, want := range c.want {
					if !slices.ContainsFunc(have, func(s string) bool { return strings.Contains(s, want) }) {
						t.Errorf("%q does not say %q", have, want)
					}
				}
				if len(c.want) == 0 && len(have) > 0 {
					t.Errorf("%q", have)
				}
			})
		})
	}
}

// Derived rows that are not those that readings and decisions give are named,
// and made anew by Rebuild.
func TestDerivedDamage(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		ctx := context.Background()
		l := openAt(t, h.dsn, Options{Create: true})
		ids := add(t, l, stories(0, 9)...)
		decide(t, l, ids[4].ID)
		db := h.raw(t)
		words := "DELETE FROM words WHERE rowid IN (SELECT rowid FROM words WHERE -rowid & 4294967295 = 5)"
		if h.path == "" {
			words = "DELETE FROM words WHERE -place & 4294967295 = 5"
		}
		for _, c := range []struct{ query, want string }{
			{"UPDATE documents SET title = 'x' WHERE report = 5", "documents, row 5"},
			{"UPDATE entities SET country = 'XX' WHERE report = 5", "entities, row 5"},
			{"DELETE FROM mentions WHERE report = 5 AND n = 1", "mentions, row 5: 1 rows are missing"},
			{"UPDATE times SET value = '1999' WHERE report = 5 AND n = 0", "times, row 5"},
			{"UPDATE numbers SET low = 77 WHERE report = 8", "numbers, row 8"},
			{"UPDATE statements SET act = 'deny' WHERE report = 5 AND act <> 'deny'", "statements, row 5"},
			{"DELETE FROM chain WHERE report = 8", "chain, row 8"},
			{"UPDATE events SET status = 'ongoing' WHERE report = 5 AND n = 0", "events, row 5"},
			{"UPDATE arguments SET entity = 'irna' WHERE report = 5 AND role = 'actor' AND event = 0", "arguments, row 5"},
			{"INSERT INTO loaded (report, n, start, stop, entity) VALUES (5, 9, 1, 2, '')", "loaded, row 5: 1 rows too many"},
			{"INSERT INTO loaded (report, n, start, stop, entity) VALUES (77, 9, 1, 2, '')", "loaded, row 77: there are rows of a report that is not there"},
			{"DELETE FROM facets WHERE report = 5 AND facet = 'review:done'", "facets, row 5: the report is not found by \"review:done\""},
			{"INSERT INTO facets (facet, day, report) VALUES ('actor:nobody', 1, 5)", "facets, row 5: the report is found by \"actor:nobody\""},
			{"UPDATE names SET reports = reports + 1 WHERE entity = 'irna'", "names: how many reports"},
			{"DELETE FROM names WHERE entity = 'fars-news'", "names: how many reports"},
			{"INSERT INTO names (entity, name, name_en, type, known, reports) VALUES ('x', 'y', '', 'PER', 0, 1)", "names: how many reports"},
			{words, "words, row 5: report " + ids[4].ID + " is not in the search index"},
		} {
			r, err := db.Exec(c.query)
			if err != nil {
				t.Fatalf("%s: %v", c.query, err)
			}
			if n, _ := r.RowsAffected(); n == 0 {
				t.Fatalf("%s changes nothing", c.query)
			}
			var have []string
			if _, err := l.Check(ctx, false, func(d Damage) { have = append(have, d.Error()) }); err != nil {
				t.Fatal(err)
			}
			if len(have) == 0 || !strings.Contains(have[0], c.want) {
				t.Errorf("%s: the check finds %q", c.query, have)
			}
			if n, err := l.Check(ctx, true, func(d Damage) {}); err != nil || n.Damages > 0 {
				t.Errorf("a quick check looks at derived rows: %+v %v", n, err)
			}
			if err := l.Rebuild(ctx, nil); err != nil {
				t.Fatal(err)
			}
			check(t, l)
		}
	})
}

// emptyPages are the pages, counted from 0, of tables that have no row and of
// their indexes.
func emptyPages(t testing.TB, l *Ledger) map[int]bool {
	t.Helper()
	ctx := context.Background()
	out := map[int]bool{}
	type tree struct {
		table string
		root  int
	}
	var trees []tree
	err := l.each(ctx, l.read, "SELECT tbl_name, rootpage FROM sqlite_master WHERE rootpage > 0", nil, func(r *sql.Rows) error {
		var x tree
		err := r.Scan(&x.table, &x.root)
		trees = append(trees, x)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range trees {
		var n int
		if there, err := l.one(ctx, l.read, "SELECT 1 FROM "+x.table+" LIMIT 1", nil, &n); err == nil && !there {
			out[x.root-1] = true
		}
	}
	return out
}

// A page of the file that is overwritten is named; nothing panics, and what
// comes across it says what to do.
func TestCorruptPages(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	l := openAt(t, dir+"/ledger.db", Options{Create: true})
	ids := add(t, l, stories(0, 36)...)
	decide(t, l, ids[4].ID)
	empty := emptyPages(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(dir + "/ledger.db")
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	pages := len(good) / page
	silent := 0
	for n := 1; n < pages; n++ {
		bad := slices.Clone(good)
		for i := range page / 2 {
			bad[n*page+i+n%2*page/2] = byte(i * n)
		}
		file := fmt.Sprintf("%s/bad%d.db", dir, n)
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(ctx, file, Options{})
		if err != nil {
			if s := err.Error(); !strings.Contains(s, "damage") && !strings.Contains(s, "malformed") && !strings.Contains(s, "no ledger") && !strings.Contains(s, "newer Sanad") {
				t.Errorf("page %d: opening: %v", n, err)
			}
			os.Remove(file)
			continue
		}
		found := 0
		if _, err := l.Check(ctx, false, func(d Damage) { found++ }); err != nil {
			t.Errorf("page %d: the check: %v", n, err)
		}
		if found == 0 && !empty[n] {
			silent++
		}
		// Each gives what was kept, or an error.
		for _, x := range ids[:10] {
			l.Full(ctx, x.ID)
		}
		l.List(ctx, Filter{Type: []string{"ASSAULT"}}, 10, 0)
		l.Backup(ctx, &full{1 << 30}, nil)
		l.Rebuild(ctx, nil)
		if n%5 == 0 {
			l.Add(ctx, []*Entry{entry(t, story(100))})
		}
		l.Close()
		os.Remove(file)
	}
	// What may be overwritten unseen is what holds nothing: free pages, beside
	// those of tables without a row.
	if silent > pages/10 {
		t.Errorf("%d of %d overwritten pages were not noticed", silent, pages)
	}
	t.Logf("%d pages, %d of them overwritten unnoticed", pages, silent)

	for _, size := range []int{100, page, page * 3, len(good) / 2, len(good) - page} {
		file := fmt.Sprintf("%s/cut%d.db", dir, size)
		if err := os.WriteFile(file, good[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(ctx, file, Options{})
		if err != nil {
			continue
		}
		found := 0
		if _, err := l.Check(ctx, false, func(d Damage) { found++ }); err == nil && found == 0 {
			t.Errorf("cut to %d bytes: nothing is found", size)
		}
		l.Close()
	}
}
