package export

import (
	"io"
	"iter"
	"strings"
)

// RelayItem is a link between two reports: the later took words from the
// earlier, or both took them from a third.
type RelayItem struct {
	From, To         LinkedReport
	Common           bool     // both took them from a third
	Direct           bool     // the step that counts; false: it follows from others
	How              string   // copy, excerpt, …
	Source, SourceEn string   // the third: its name, "" where unknown
	Words            int      // that both have
	Confidence       float64  // 0 to 1
	Lag              *int64   // seconds from one to the other; nil where a time is not known
	Reasons          []string // in words, the strongest first
}

// LinkedReport is one of the two reports.
type LinkedReport struct {
	Report    string // id
	Outlet    string // name, "" where unknown
	Published string // day, "" where unknown
	Title     string
	URL       string
}

// RelayItems is a stream of links. An error in it ends an export.
type RelayItems = iter.Seq2[*RelayItem, error]

// relayRow is a row of the tables, typed for Parquet; the other tables have
// the same columns.
type relayRow struct {
	From       string  `parquet:"from_report" json:"from_report"`
	To         string  `parquet:"to_report" json:"to_report"`
	Common     bool    `parquet:"common_source" json:"common_source"`
	Direct     bool    `parquet:"direct" json:"direct"`
	FromOutlet *string `parquet:"from_outlet,optional,dict" json:"from_outlet"`
	ToOutlet   *string `parquet:"to_outlet,optional,dict" json:"to_outlet"`
	How        string  `parquet:"how,dict" json:"how"`
	Source     *string `parquet:"source,optional,dict" json:"source"`
	LagSeconds *int64  `parquet:"lag_seconds,optional" json:"lag_seconds"`
	Words      int32   `parquet:"words" json:"words"`
	Confidence float64 `parquet:"confidence" json:"confidence"`
	Reason     string  `parquet:"reason" json:"reason"`
	FromDay    *string `parquet:"from_published,optional" json:"from_published"`
	ToDay      *string `parquet:"to_published,optional" json:"to_published"`
	FromTitle  string  `parquet:"from_title" json:"from_title"`
	ToTitle    string  `parquet:"to_title" json:"to_title"`
	FromURL    *string `parquet:"from_url,optional" json:"from_url"`
	ToURL      *string `parquet:"to_url,optional" json:"to_url"`
}

func (x *RelayItem) row() relayRow {
	r := relayRow{From: x.From.Report, To: x.To.Report, Common: x.Common, Direct: x.Direct, FromOutlet: opt(x.From.Outlet), ToOutlet: opt(x.To.Outlet),
		How: x.How, Source: opt(x.Source), LagSeconds: x.Lag, Words: int32(x.Words), Confidence: x.Confidence, Reason: strings.Join(x.Reasons, "; "),
		FromDay: opt(x.From.Published), ToDay: opt(x.To.Published), FromTitle: cut(x.From.Title, longestTitle), ToTitle: cut(x.To.Title, longestTitle),
		FromURL: opt(x.From.URL), ToURL: opt(x.To.URL)}
	if x.SourceEn != "" {
		r.Source = &x.SourceEn
	}
	return r
}

var relayColumns = []string{"from_report", "to_report", "common_source", "direct", "from_outlet", "to_outlet", "how", "source", "lag_seconds", "words",
	"confidence", "reason", "from_published", "to_published", "from_title", "to_title", "from_url", "to_url"}

func (r *relayRow) cells() map[string]any {
	return map[string]any{"from_report": ident(r.From), "to_report": ident(r.To), "common_source": r.Common, "direct": r.Direct,
		"from_outlet": str(r.FromOutlet), "to_outlet": str(r.ToOutlet), "how": r.How, "source": str(r.Source), "lag_seconds": r.LagSeconds,
		"words": int(r.Words), "confidence": r.Confidence, "reason": r.Reason, "from_published": str(r.FromDay), "to_published": str(r.ToDay),
		"from_title": r.FromTitle, "to_title": r.ToTitle, "from_url": str(r.FromURL), "to_url": str(r.ToURL)}
}

func eachRelay(items RelayItems, do func(relayRow) error) error {
	for x, err := range items {
		if err != nil {
			return err
		}
		if err := do(x.row()); err != nil {
			return err
		}
	}
	return nil
}

func writeCSVRelays(w io.Writer, items RelayItems, _ Options) error {
	return writeCSVRows(w, relayColumns, func(put func(map[string]any) error) error {
		return eachRelay(items, func(r relayRow) error { return put(r.cells()) })
	})
}

func writeXLSXRelays(w io.Writer, items RelayItems, _ Options) error {
	b := newWorkbook(xlsxRows, xlsxUnits)
	defer b.drop()
	sheet, err := b.table(Relays, relayColumns)
	if err != nil {
		return err
	}
	if err := eachRelay(items, func(r relayRow) error { return sheet.put(r.cells()) }); err != nil {
		return err
	}
	return b.writeTo(w)
}

func writeParquetRelays(w io.Writer, items RelayItems, _ Options) error {
	p := newRowGroups[relayRow](w)
	if err := eachRelay(items, func(r relayRow) error { return p.put(r, 300+len(r.Reason)+len(r.FromTitle)+len(r.ToTitle)) }); err != nil {
		return err
	}
	return p.Close()
}

func writeJSONLRelays(w io.Writer, items RelayItems, _ Options) error {
	enc := lines(w)
	return eachRelay(items, func(r relayRow) error {
		return enc.Encode(struct {
			Schema string `json:"schema"`
			relayRow
		}{"sanad.relay/1", r})
	})
}
