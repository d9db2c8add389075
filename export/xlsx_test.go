package export

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/sanad-project/sanad/record"
)

// TestXLSX reads the workbook with excelize, which shares no code with the
// writer, and compares it with the CSV tables.
func TestXLSX(t *testing.T) {
	main, _ := written(t, "xlsx", items(t), Options{})
	again, _ := written(t, "xlsx", items(t), Options{})
	if main != again {
		t.Error("the same items gave other bytes")
	}
	f, err := excelize.OpenReader(strings.NewReader(main))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if d := cmp.Diff(Kinds(), f.GetSheetList()); d != "" {
		t.Error(d)
	}
	for i, kind := range f.GetSheetList() {
		view, err := f.GetSheetView(kind, 0)
		if err != nil || view.RightToLeft == nil || !*view.RightToLeft {
			t.Errorf("%s is not right to left: %v", kind, err)
		}
		panes, err := f.GetPanes(kind)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the header is not frozen: %+v, %v", kind, panes, err)
		}
		got, err := f.GetRows(kind, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := written(t, "csv", items(t), Options{Kind: kind})
		columns, rows := tableOf(t, text)
		if len(got) != len(rows)+1 {
			t.Fatalf("%s: %d rows, want %d", kind, len(got), len(rows)+1)
		}
		for j, r := range rows {
			for k, c := range columns {
				value := ""
				if k < len(got[j+1]) {
					value = strings.ReplaceAll(got[j+1][k], "\r\n", "\n")
				}
				want := r[c]
				if k, _ := f.GetCellType(kind, fmt.Sprintf("%s%d", columnName(k), j+2)); k == excelize.CellTypeInlineString {
					want = unguard(want)
				} else if k == excelize.CellTypeFormula {
					t.Errorf("%s row %d, %s: a formula", kind, j+2, c)
				} else if k == excelize.CellTypeBool {
					want = map[string]string{"true": "1", "false": "0"}[want]
				}
				if value != want {
					t.Errorf("%s row %d, %s: %q, want %q", kind, j+2, c, value, want)
				}
			}
		}
		names := f.GetDefinedName()
		if i >= len(names) || !strings.HasSuffix(names[i].RefersTo, fmt.Sprintf("$%d", len(got))) {
			t.Errorf("%s: filter %v", kind, names)
		}
	}
}

// TestXLSXOverflow: too many rows go on in another sheet, too long a text on
// the sheet of overflows, whole.
func TestXLSXOverflow(t *testing.T) {
	long := strings.Repeat("متن بلند 😀 ", 40)
	var list []*Item
	for i := range 5 {
		list = append(list, &Item{ID: fmt.Sprintf("r%d", i), Title: "عنوان", Record: &record.Record{Document: record.Document{Text: long}}})
	}
	var b bytes.Buffer
	if err := writeBook(&b, stream(list), 3, 150); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var reports int
	texts := map[string]string{}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) > 3 {
			t.Errorf("%s: %d rows", name, len(rows))
		}
		for _, r := range rows[1:] {
			for _, c := range r {
				if units(c) > 150 {
					t.Errorf("%s: a cell of %d units", name, units(c))
				}
			}
			switch {
			case strings.HasPrefix(name, Reports):
				reports++
			case strings.HasPrefix(name, overflowSheet):
				texts[r[0]+r[1]+r[2]] += r[4]
			}
		}
	}
	if reports != 5 || len(texts) != 5 {
		t.Errorf("%d reports and %d long texts, want 5 of each: %v", reports, len(texts), f.GetSheetList())
	}
	for where, text := range texts {
		if text != long {
			t.Errorf("%s: %q", where, text)
		}
	}
	cell, _ := f.GetCellValue(Reports, "M2")
	if !strings.Contains(cell, "[continues on sheet overflow, row 2]") {
		t.Errorf("the cell says %q", cell)
	}
}

func TestXLSXText(t *testing.T) {
	for s, want := range map[string]string{"a<b>&": "a&lt;b&gt;&amp;", "\x00\x0b\r\n\t": "_x0000__x000B__x000D_\n\t", "_x000D_": "_x005F_x000D_",
		"_x00_": "_x00_", "\xff": "\uFFFD", "\uFFFE": "_xFFFE_", "نیم\u200cفاصله": "نیم\u200cفاصله"} {
		if got := string(appendText(nil, s)); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestColumnName(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := columnName(i); got != want {
			t.Errorf("%d: %s", i, got)
		}
	}
}

func FuzzXLSXCell(f *testing.F) {
	f.Add("متن _x000D_ \x01 &")
	f.Fuzz(func(t *testing.T, s string) {
		b := &book{maxRows: 10, maxUnits: 100}
		defer b.drop()
		p, err := b.add("x", []string{"a"})
		if err != nil {
			t.Fatal(err)
		}
		s = firstUnits(strings.ToValidUTF8(s, "\uFFFD"), 100)
		if err := p.put([]any{s}); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := b.writeTo(&out); err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		if got, err := x.GetCellValue("x", "A2"); err != nil || got != s {
			t.Errorf("%q came back as %q, %v", s, got, err)
		}
	})
}
