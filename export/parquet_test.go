package export

import (
	"bytes"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

func readRows[T any](t testing.TB, kind string, items Items) []T {
	b := export(t, "parquet", items, Options{Kind: kind})
	rows, err := parquet.Read[T](bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestParquetEvents reads the rows back; scripts/readers does so with programs
// that share no code with the writer.
func TestParquetEvents(t *testing.T) {
	list := webItems(t)
	rows := readRows[eventRow](t, Events, webStream(list, 1))
	i := 0
	for _, it := range list {
		for _, e := range it.Record.Events {
			r := rows[i]
			if i++; r.Report != it.ID || r.Event != e.ID || r.Trigger != e.Trigger.Text || int(r.Start) != e.Trigger.Start || r.Status != e.Status || len(r.Actors) != len(e.Actor) {
				t.Errorf("%+v", r)
			}
		}
	}
	if i != len(rows) {
		t.Errorf("%d rows, want %d", len(rows), i)
	}
	r := rows[1] // the bomb in Baqubah
	day := func(p *int32) string { return time.Unix(int64(*p)*86400, 0).UTC().Format("2006-01-02") }
	if day(r.DateFirst) != "2012-05-13" || day(r.DateLast) != "2012-05-13" || day(r.Published) != "2012-05-14" || *r.KilledMin != 3 || r.KilledMax != nil ||
		*r.Latitude != 33.754 || *r.GeoNames != 97990 || !r.Claim || *r.Act != "say" || r.WoundedMin != nil {
		t.Errorf("%+v", r)
	}
	if r := rows[2]; *r.Verdict != "corrected" || len(r.ByHuman) != 1 || r.ByHuman[0] != "actor" {
		t.Errorf("the corrected event: %+v", r)
	}
}

func TestParquetChain(t *testing.T) {
	rows := readRows[chainRow](t, Chain, webStream(webItems(t)[:1], 1))
	if len(rows) != 3 || *rows[0].Name != "IRNA" || *rows[1].Name != "Reuters" || rows[1].Part != "via" || *rows[2].Words != "سخنگوی پلیس استان دیاله" || rows[2].Link != 2 {
		t.Errorf("%+v", rows)
	}
}

// TestParquetGroups: a long export has several row groups, none above the
// bound, and is the same bytes each time.
func TestParquetGroups(t *testing.T) {
	list := webItems(t)
	b := export(t, "parquet", webStream(list, 400), Options{})
	if !bytes.Equal(b, export(t, "parquet", webStream(list, 400), Options{})) {
		t.Error("two exports differ")
	}
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.RowGroups()) < 2 {
		t.Errorf("%d row groups of %d rows", len(f.RowGroups()), f.NumRows())
	}
	for _, g := range f.RowGroups() {
		if g.NumRows() > parquetRows {
			t.Errorf("a row group of %d rows", g.NumRows())
		}
	}
}

func TestDay(t *testing.T) {
	for _, c := range []struct {
		iso  string
		want int32
	}{{"1970-01-01", 0}, {"1969-12-31", -1}, {"2024-03-10", 19792}, {"0622-03-22", -492267}} {
		if got := dateOf(&c.iso); got == nil || *got != c.want {
			t.Errorf("%s: %v, want %d", c.iso, got, c.want)
		}
	}
	bad := "1402-13-01"
	if dateOf(&bad) != nil || dateOf(nil) != nil {
		t.Error("no day became one")
	}
}
