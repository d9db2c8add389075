package export

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCSVGolden(t *testing.T) {
	for _, kind := range Kinds() {
		main, _ := written(t, "csv", items(t), Options{Kind: kind})
		golden(t, "csv-"+kind+".csv", main)
		if !strings.HasPrefix(main, mark) {
			t.Errorf("%s: no byte order mark", kind)
		}
		columns, rows := tableOf(t, main)
		if len(rows) == 0 || columns[0] != "report" {
			t.Errorf("%s: %d rows, first column %s", kind, len(rows), columns[0])
		}
	}
	plain, _ := written(t, "csv", items(t), Options{})
	events, _ := written(t, "csv", items(t), Options{Kind: Events})
	if plain != events {
		t.Error("events are not the default")
	}
}

// TestCSVLosesNothing: what comes back from a reader that shares no code with
// the writer, one ' taken away, is what the record holds.
func TestCSVLosesNothing(t *testing.T) {
	main, _ := written(t, "csv", items(t), Options{Kind: Reports})
	_, rows := tableOf(t, main)
	for i, it := range items(t) {
		// encoding/csv reads a carriage return and line feed as a line feed.
		if got, want := unguard(rows[i]["text"]), strings.ReplaceAll(it.Record.Document.Text, "\r\n", "\n"); got != want {
			t.Errorf("%s: text %q, want %q", it.ID, got, want)
		}
		if got := unguard(rows[i]["title"]); got != it.Title {
			t.Errorf("%s: title %q", it.ID, got)
		}
		if got := unguard(rows[i]["url"]); got != it.URL {
			t.Errorf("%s: url %q", it.ID, got)
		}
	}
}

// TestNoFormula: no cell of any CSV begins as a formula does, save numbers.
func TestNoFormula(t *testing.T) {
	for _, format := range []string{"acled", "ged", "csv"} {
		kinds := []string{""}
		if format == "csv" {
			kinds = Kinds()
		}
		for _, kind := range kinds {
			main, _ := written(t, format, items(t), Options{Kind: kind, Unrealised: format != "csv"})
			_, rows := tableOf(t, main)
			for _, r := range rows {
				for c, v := range r {
					if v != "" && strings.ContainsRune("=+-@\t\r\n", firstRune(v)) && !number(v) {
						t.Errorf("%s %s: %s is %q", format, kind, c, v)
					}
				}
			}
		}
	}
}

func number(s string) bool { return strings.Trim(s, "0123456789.") == "-" }

func TestGuard(t *testing.T) {
	for s, want := range map[string]string{"": "", "متن": "متن", "=1+1": "'=1+1", "-۳": "'-۳", "'نقل": "''نقل", "@a": "'@a", "\tx": "'\tx", "＝1": "'＝1", "a=b": "a=b"} {
		if got := guard(s); got != want || unguard(got) != s {
			t.Errorf("%q: %q, back %q", s, got, unguard(got))
		}
	}
	for s, want := range map[ident]string{"b68f063e0264f4d8": "b68f063e0264f4d8", "4567890123456789": "'4567890123456789", "12e4567890123456": "'12e4567890123456"} {
		if got := cell(s); got != want {
			t.Errorf("id %s: %s", s, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if got := unguard(guard(s)); got != s {
			t.Fatalf("%q came back as %q", s, got)
		}
	})
}

func FuzzGuard(f *testing.F) {
	f.Add("=cmd|' /C calc'!A0")
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		out, err := newSheet(&b, []string{"a", "b"})
		if err != nil {
			t.Fatal(err)
		}
		if err := out.put(map[string]any{"a": s, "b": "x"}); err != nil {
			t.Fatal(err)
		}
		if err := out.flush(); err != nil {
			t.Fatal(err)
		}
		_, rows := tableOf(t, b.String())
		if len(rows) != 1 || unguard(rows[0]["a"]) != strings.ReplaceAll(s, "\r\n", "\n") || rows[0]["b"] != "x" {
			t.Errorf("%q came back as %q", s, rows)
		}
	})
}
