package export

import (
	"fmt"
	"io"
)

var xlsx = Format{
	Name: "xlsx", Extension: ".xlsx",
	About: "Excel workbook, a sheet for each kind of findings, right to left",
	write: writeXLSX,
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
	b := &book{maxRows: maxRows, maxUnits: maxUnits}
	defer b.drop()
	tables := plains()
	now := make([]*page, len(tables)) // the sheet that each table is being written to
	for i, t := range tables {
		var err error
		if now[i], err = b.add(t.kind, t.columns); err != nil {
			return err
		}
	}
	var over *page
	overN := 0
	// long puts a text into the overflow sheet and returns what stands in its cell.
	long := func(p *page, row int, column, text string) (string, error) {
		note := ""
		for part, s := range pieces(text, maxUnits) {
			if over == nil || over.rows == maxRows {
				overN++
				var err error
				if over, err = b.add(numbered(overflowSheet, overN), overflowColumns); err != nil {
					return "", err
				}
			}
			if part == 0 {
				note = fmt.Sprintf(" … [continues on sheet %s, row %d]", over.name, over.rows+1)
			}
			if err := over.put([]any{p.name, row, column, part + 1, s}); err != nil {
				return "", err
			}
		}
		return firstUnits(text, maxUnits-len(note)) + note, nil
	}
	err := each(items, func(it *Item) error {
		v := newView(it)
		for i, t := range tables {
			err := t.rows(v, func(row map[string]any) error {
				if now[i].rows == maxRows {
					now[i].n++
					next, err := b.add(numbered(t.kind, now[i].n+1), t.columns)
					if err != nil {
						return err
					}
					next.n, now[i] = now[i].n, next
				}
				p := now[i]
				cells := make([]any, len(t.columns))
				for j, c := range t.columns {
					cells[j] = row[c]
					if s, ok := cells[j].(string); ok && len(s) > maxUnits && units(s) > maxUnits {
						var err error
						if cells[j], err = long(p, p.rows+1, c, s); err != nil {
							return err
						}
					}
				}
				return p.put(cells)
			})
			if err != nil {
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
