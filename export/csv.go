package export

import "io"

var csvFormat = Format{
	Name: "csv", Extension: ".csv", Kinds: true,
	About:     "plain CSV for spreadsheets, a table of one kind of findings (--kind; events by default)",
	write:     writeCSV,
	incidents: writeCSVIncidents,
	relays:    writeCSVRelays,
}

// mark is the byte order mark. Excel takes a CSV file without it for the
// system's old encoding and shows Persian as garbage; pandas and readr skip it.
// The formats for other programs (acled, ged) have none.
const mark = "\ufeff"

// writeCSV writes one table; see sheet for how its cells are guarded.
func writeCSV(w io.Writer, items Items, opt Options) error {
	kind := opt.Kind
	if kind == "" {
		kind = Events
	}
	for _, t := range plains() {
		if t.kind != kind {
			continue
		}
		return writeCSVRows(w, t.columns, func(put func(map[string]any) error) error {
			return each(items, func(it *Item) error { return t.rows(newView(it), put) })
		})
	}
	return nil
}

func writeCSVRows(w io.Writer, columns []string, rows func(put func(map[string]any) error) error) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	out, err := newSheet(w, columns)
	if err != nil {
		return err
	}
	if err := rows(out.put); err != nil {
		return err
	}
	return out.flush()
}
