package export

import (
	"fmt"
	"io"
)

var xlsx = Format{
	Name: "xlsx", Extension: ".xlsx",
	About:     "Excel workbook, a sheet for each kind of findings, right to left",
	write:     writeXLSX,
	incidents: writeXLSXIncidents,
	relays:    writeXLSXRelays,
}

// Limits of Excel: rows of a sheet, and UTF-16 units of a cell.
const (
	xlsxRows  = 1_048_576
	xlsxUnits = 32_767
)

// overflow is the sheet of texts that are longer than a cell may be. The cell
// itself has their beginning and names the row here.
var overflowColumns = []string{"sheet", "row", "column", "part", "text"}

const overflowSheet = "overflow"

// writeXLSX writes every kind of findings, each on its own sheet. Rows go into
// temporary files on the way, since a workbook holds one sheet after the other
// while reports come one after the other.
func writeXLSX(w io.Writer, items Items, _ Options) error {
	return writeBook(w, items, xlsxRows, xlsxUnits)
}

func writeBook(w io.Writer, items Items, maxRows, maxUnits int) error {
	b := newWorkbook(maxRows, maxUnits)
	defer b.drop()
	tables := plains()
	out := make([]*table, len(tables))
	for i, t := range tables {
		var err error
		if out[i], err = b.table(t.kind, t.columns); err != nil {
			return err
		}
	}
	err := each(items, func(it *Item) error {
		v := newView(it)
		for i, t := range tables {
			if err := t.rows(v, out[i].put); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.writeTo(w)
}

// workbook is a book with its sheet of long texts.
type workbook struct {
	*book
	over  *page
	overN int
}

func newWorkbook(maxRows, maxUnits int) *workbook {
	return &workbook{book: &book{maxRows: maxRows, maxUnits: maxUnits}}
}

// table is a kind of rows, on as many sheets as they need.
type table struct {
	w       *workbook
	kind    string
	columns []string
	now     *page // the sheet that is being written
}

func (w *workbook) table(kind string, columns []string) (*table, error) {
	p, err := w.add(kind, columns)
	return &table{w, kind, columns, p}, err
}

// put writes a row; columns that it does not name are empty.
func (t *table) put(row map[string]any) error {
	if t.now.rows == t.w.maxRows {
		t.now.n++
		next, err := t.w.add(numbered(t.kind, t.now.n+1), t.columns)
		if err != nil {
			return err
		}
		next.n, t.now = t.now.n, next
	}
	cells := make([]any, len(t.columns))
	for j, c := range t.columns {
		cells[j] = row[c]
		if s, ok := cells[j].(string); ok && len(s) > t.w.maxUnits && units(s) > t.w.maxUnits {
			var err error
			if cells[j], err = t.w.long(t.now, t.now.rows+1, c, s); err != nil {
				return err
			}
		}
	}
	return t.now.put(cells)
}

// long puts a text into the overflow sheet and returns what stands in its cell.
func (w *workbook) long(p *page, row int, column, text string) (string, error) {
	note := ""
	for part, s := range pieces(text, w.maxUnits) {
		if w.over == nil || w.over.rows == w.maxRows {
			w.overN++
			var err error
			if w.over, err = w.add(numbered(overflowSheet, w.overN), overflowColumns); err != nil {
				return "", err
			}
		}
		if part == 0 {
			note = fmt.Sprintf(" … [continues on sheet %s, row %d]", w.over.name, w.over.rows+1)
		}
		if err := w.over.put([]any{p.name, row, column, part + 1, s}); err != nil {
			return "", err
		}
	}
	return firstUnits(text, w.maxUnits-len(note)) + note, nil
}

// numbered names the nth sheet of a kind: "events", "events 2".
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s %d", name, n)
}

// units returns the length of s in UTF-16 units, in which Excel counts.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// firstUnits returns as much of the beginning of s as has at most n units.
func firstUnits(s string, n int) string {
	for i, r := range s {
		n--
		if r > 0xFFFF {
			n--
		}
		if n < 0 {
			return s[:i]
		}
	}
	return s
}

// pieces cuts s into parts of at most n units; put together they are s.
func pieces(s string, n int) []string {
	var out []string
	for s != "" {
		p := firstUnits(s, n)
		out, s = append(out, p), s[len(p):]
	}
	return out
}
