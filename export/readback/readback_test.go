// Package readback opens the Parquet export with apache/arrow-go, which shares
// no code with the program that wrote it. It is a module of its own, so that
// Sanad itself does not depend on it; scripts/readers runs it.
package readback

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// folder is where the exports are: those that TestExportFiles of package
// export writes.
func folder(t *testing.T) string {
	dir := os.Getenv("SANAD_EXPORTS")
	if dir == "" {
		t.Skip("$SANAD_EXPORTS names no folder with exports; scripts/readers makes one")
	}
	return dir
}

// table reads a whole file.
func table(t *testing.T, kind string) arrow.Table {
	f, err := file.OpenParquetFile(filepath.Join(folder(t), "parquet."+kind+".parquet"), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	tab, err := r.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// column returns the values of a column, nil where they are null.
func column(t *testing.T, tab arrow.Table, name string) []any {
	i := tab.Schema().FieldIndices(name)
	if len(i) != 1 {
		t.Fatalf("%d columns %s", len(i), name)
	}
	var out []any
	for _, c := range tab.Column(i[0]).Data().Chunks() {
		for j := range c.Len() {
			switch c := c.(type) {
			case *array.String:
				out = append(out, c.Value(j))
			case *array.Int64:
				if c.IsNull(j) {
					out = append(out, nil)
				} else {
					out = append(out, c.Value(j))
				}
			case *array.Int32:
				out = append(out, c.Value(j))
			case *array.Date32:
				if c.IsNull(j) {
					out = append(out, nil)
				} else {
					out = append(out, c.Value(j).FormattedString())
				}
			case *array.List:
				var list []string
				start, end := c.ValueOffsets(j)
				for k := start; k < end; k++ {
					list = append(list, c.ListValues().(*array.String).Value(int(k)))
				}
				out = append(out, list)
			default:
				t.Fatalf("column %s is a %T", name, c)
			}
		}
	}
	return out
}

// line is what is compared of the jsonl export.
type line struct {
	Ledger struct{ ID string }
	Record struct {
		Document struct {
			Text      string
			Published *string
		}
		Numbers []struct{ Min *int64 }
		Events  []struct {
			ID      string
			Trigger struct {
				Start int32
				Text  string
			}
			Actor  []struct{ Entity string }
			Killed *int
		}
		Mentions, Entities, Times, Statements []json.RawMessage
	}
}

func reports(t *testing.T) []line {
	f, err := os.Open(filepath.Join(folder(t), "jsonl.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []line
	s := bufio.NewScanner(f)
	for s.Buffer(nil, 1<<26); s.Scan(); {
		var l line
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRows(t *testing.T) {
	want := map[string]int64{}
	for _, r := range reports(t) {
		want["reports"]++
		want["events"] += int64(len(r.Record.Events))
		want["statements"] += int64(len(r.Record.Statements))
		want["mentions"] += int64(len(r.Record.Mentions))
		want["entities"] += int64(len(r.Record.Entities))
		want["times"] += int64(len(r.Record.Times))
		want["numbers"] += int64(len(r.Record.Numbers))
	}
	for kind, n := range want {
		if got := table(t, kind).NumRows(); got != n || n == 0 {
			t.Errorf("%s: %d rows, want %d", kind, got, n)
		}
	}
}

func TestEvents(t *testing.T) {
	tab := table(t, "events")
	id, trigger, start := column(t, tab, "event"), column(t, tab, "trigger"), column(t, tab, "trigger_start")
	actor, killed, published := column(t, tab, "actor"), column(t, tab, "killed_min"), column(t, tab, "published")
	i := 0
	for _, r := range reports(t) {
		for _, e := range r.Record.Events {
			if id[i] != e.ID || trigger[i] != e.Trigger.Text || start[i] != e.Trigger.Start {
				t.Errorf("row %d: %v «%v» at %v, want %s «%s» at %d", i, id[i], trigger[i], start[i], e.ID, e.Trigger.Text, e.Trigger.Start)
			}
			var want any
			if e.Killed != nil {
				if n := r.Record.Numbers[*e.Killed].Min; n != nil {
					want = *n
				}
			}
			if killed[i] != want {
				t.Errorf("row %d: killed %v, want %v", i, killed[i], want)
			}
			if d := r.Record.Document.Published; d == nil && published[i] != nil || d != nil && published[i] != *d {
				t.Errorf("row %d: published %v", i, published[i])
			}
			list := actor[i].([]string)
			if len(list) != len(e.Actor) {
				t.Errorf("row %d: actors %v", i, list)
			}
			for j, a := range e.Actor {
				if j < len(list) && list[j] != a.Entity {
					t.Errorf("row %d: actors %v", i, list)
				}
			}
			i++
		}
	}
	if i != len(id) {
		t.Errorf("%d rows, want %d", len(id), i)
	}
}

func TestCompression(t *testing.T) {
	f, err := file.OpenParquetFile(filepath.Join(folder(t), "parquet.reports.parquet"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := f.RowGroup(0).MetaData().ColumnChunk(0)
	if err != nil {
		t.Fatal(err)
	}
	if c.Compression().String() != "ZSTD" {
		t.Errorf("compressed by %s", c.Compression())
	}
	text := column(t, table(t, "reports"), "text")
	for i, r := range reports(t) {
		if text[i] != r.Record.Document.Text {
			t.Errorf("row %d: another text", i)
		}
	}
}
