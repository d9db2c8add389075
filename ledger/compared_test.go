package ledger

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/review"
)

// Reports on which two people decided are listed, the last decision first, by
// whatever way the rows came.
func TestCompared(t *testing.T) {
	ctx := context.Background()
	eachHome(t, func(t *testing.T, h home) {
		l := openAt(t, h.dsn, Options{Create: true})
		ids := add(t, l, stories(0, 5)...)
		state := func(n int, author string) {
			t.Helper()
			d := review.Decision{Author: author, Action: review.Note, Report: ids[n].ID, Note: `"author":"nobody" says so`}
			if _, err := l.Decide(ctx, d, Anyway); err != nil {
				t.Fatal(err)
			}
		}
		want := func(n ...int) {
			t.Helper()
			var have, wanted []string
			list, err := l.Compared(ctx, 0, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list {
				have = append(have, x.ID)
			}
			for _, i := range n {
				wanted = append(wanted, ids[i].ID)
			}
			if fmt.Sprint(have) != fmt.Sprint(wanted) {
				t.Errorf("%v, want %v", have, wanted)
			}
		}
		want()
		state(0, "لاله")
		state(0, "لاله")
		state(1, "لاله")
		want()
		state(1, `he said "so"`)
		state(2, `he said "so"`)
		state(0, "لالا")
		state(2, `he said "no"`)
		want(2, 0, 1)
		state(1, "sara")
		want(1, 2, 0)
		check(t, l)
		list, err := l.Compared(ctx, 0, 2)
		if err != nil || len(list) != 2 || list[0].Last != 8 || list[0].Decisions == 0 {
			t.Fatalf("%+v %v", list, err)
		}
		if rest, err := l.Compared(ctx, list[1].Last, 2); err != nil || len(rest) != 1 || rest[0].ID != ids[0].ID {
			t.Errorf("%+v %v", rest, err)
		}
		if err := l.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		want(1, 2, 0)
		// An older ledger gets the rows on the way up.
		old := home{dsn: t.TempDir() + "/old.db"}
		old.path = old.dsn
		if h.path == "" {
			old = home{dsn: schema(t)}
		}
		o := atForm(t, old, comparedForm-1)
		for _, table := range keptTables {
			copyTable(t, l, o, table)
		}
		if err := o.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		o.Close()
		o = openAt(t, old.dsn, Options{})
		check(t, o)
		if list, err := o.Compared(ctx, 0, 10); err != nil || len(list) != 3 || list[0].ID != ids[1].ID {
			t.Errorf("%+v %v", list, err)
		}
		// What is wrong is named and mended.
		for _, damage := range []string{"DELETE FROM compared WHERE last = 8", "UPDATE compared SET last = last + 10", "INSERT INTO compared (report, last) VALUES ('x', 99)"} {
			err := l.tx(ctx, func(t *tx) error { return l.exec(ctx, t, damage) })
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			if _, err := l.Check(ctx, false, func(d Damage) {
				n++
				if d.Table != "compared" {
					t.Errorf("%s: %v", damage, d.Error())
				}
			}); err != nil || n == 0 {
				t.Errorf("%s: %d damages, %v", damage, n, err)
			}
			if err := l.Rebuild(ctx, nil); err != nil {
				t.Fatal(err)
			}
			check(t, l)
		}
		if h.path != "" {
			plan := ""
			rows, err := l.read.Query("EXPLAIN QUERY PLAN SELECT report, last FROM compared WHERE last < 9 ORDER BY last DESC LIMIT 2")
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			for rows.Next() {
				var a, b, c int
				var s string
				if err := rows.Scan(&a, &b, &c, &s); err != nil {
					t.Fatal(err)
				}
				plan += s
			}
			if !strings.Contains(plan, "compared_last") || strings.Contains(plan, "TEMP") {
				t.Errorf("the list is not read from its index: %s", plan)
			}
		}
	})
}
