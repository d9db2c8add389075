package export

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Items is a stream of reports. An error in it ends an export: a file that
// lacks a report without saying so would be worse than none.
type Items = iter.Seq2[*Item, error]

// Options are what a user may ask of an export.
type Options struct {
	Kind       string    // csv, parquet: which findings; "" for events. See Kinds
	Unrealised bool      // acled, ged, ftm, geojson: also acts that are planned, possible, or denied; their rows say so
	All        bool      // ged: also violence without deaths
	Sidecar    io.Writer // formats with a sidecar: where it goes; nil for none
}

// The kinds of findings that a table may hold.
const (
	Reports    = "reports"
	Events     = "events"
	Statements = "statements"
	Chain      = "chain"
	Mentions   = "mentions"
	Entities   = "entities"
	Times      = "times"
	Numbers    = "numbers"
)

// Kinds returns the kinds of findings that a table may hold.
func Kinds() []string {
	return []string{Reports, Events, Statements, Chain, Mentions, Entities, Times, Numbers}
}

// Format is a form in which reports are written.
type Format struct {
	Name      string // what follows --as
	Extension string // usual for such a file, with its dot
	About     string // one line for a person
	Sidecar   bool   // Options.Sidecar is written beside it, as JSON Lines
	Kinds     bool   // Options.Kind chooses what is written

	write     func(w io.Writer, items Items, opt Options) error
	incidents func(w io.Writer, items IncidentItems, opt Options) error // nil: it has no rows of incidents
	relays    func(w io.Writer, items RelayItems, opt Options) error    // nil: it has no rows of relays
}

// Formats returns the formats in the order in which help lists them.
func Formats() []Format {
	return []Format{acled, ged, plover, csvFormat, xlsx, ftmFormat, webAnnotation, geoJSON, parquetFormat, jsonLines}
}

// Write writes the items in the format of that name. It holds one item at a
// time, and w gets a whole file or an error comes back. Writing ends at the
// first error of the items.
func Write(w io.Writer, format string, items Items, opt Options) error {
	f, err := find(format)
	if err != nil {
		return err
	}
	if err := f.check(opt); err != nil {
		return err
	}
	return f.buffered(w, opt, func(w io.Writer, opt Options) error { return f.write(w, items, opt) })
}

// WriteIncidents writes a row for each incident, in the format of that name.
// What is only threatened, planned or denied is no incident; what who reported
// it took back is left out of acled, ged and geojson unless opt.Unrealised asks for it.
func WriteIncidents(w io.Writer, format string, items IncidentItems, opt Options) error {
	f, err := find(format)
	if err != nil {
		return err
	}
	if f.incidents == nil {
		return fmt.Errorf("export as %s: it has no rows of incidents; there are %s", format, strings.Join(Has(Incidents), ", "))
	}
	if opt.Sidecar != nil && !f.Sidecar {
		return fmt.Errorf("export as %s: this format has no sidecar", f.Name)
	}
	return f.buffered(w, opt, func(w io.Writer, opt Options) error { return f.incidents(w, items, opt) })
}

// WriteRelays writes a row for each link between two reports, in the format of
// that name.
func WriteRelays(w io.Writer, format string, items RelayItems, opt Options) error {
	f, err := find(format)
	if err != nil {
		return err
	}
	if f.relays == nil {
		return fmt.Errorf("export as %s: it has no rows of relays; there are %s", format, strings.Join(Has(Relays), ", "))
	}
	if opt.Sidecar != nil {
		return fmt.Errorf("export as %s: relays have no sidecar", f.Name)
	}
	return f.buffered(w, opt, func(w io.Writer, opt Options) error { return f.relays(w, items, opt) })
}

// Has returns the names of the formats that have rows of incidents or relays.
func Has(kind string) []string {
	var out []string
	for _, f := range Formats() {
		if kind == Incidents && f.incidents != nil || kind == Relays && f.relays != nil {
			out = append(out, f.Name)
		}
	}
	return out
}

// buffered calls write with buffers before the file and its sidecar.
func (f *Format) buffered(w io.Writer, opt Options, write func(io.Writer, Options) error) error {
	b := bufio.NewWriterSize(w, 64<<10)
	if opt.Sidecar != nil {
		s := bufio.NewWriterSize(opt.Sidecar, 64<<10)
		opt.Sidecar = s
		if err := write(b, opt); err != nil {
			return fmt.Errorf("export as %s: %w", f.Name, err)
		}
		if err := s.Flush(); err != nil {
			return fmt.Errorf("export as %s, sidecar: %w", f.Name, err)
		}
	} else if err := write(b, opt); err != nil {
		return fmt.Errorf("export as %s: %w", f.Name, err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("export as %s: %w", f.Name, err)
	}
	return nil
}

func find(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("no export format %q; there are %s", name, strings.Join(names, ", "))
}

// check says which option the format cannot serve.
func (f *Format) check(opt Options) error {
	if opt.Sidecar != nil && !f.Sidecar {
		return fmt.Errorf("export as %s: this format has no sidecar", f.Name)
	}
	if opt.Kind == "" {
		return nil
	}
	if !f.Kinds {
		return fmt.Errorf("export as %s: it has one kind of row; leave the kind out", f.Name)
	}
	for _, k := range Kinds() {
		if k == opt.Kind {
			return nil
		}
	}
	return fmt.Errorf("export as %s: no kind %q; there are %s", f.Name, opt.Kind, strings.Join(Kinds(), ", "))
}
