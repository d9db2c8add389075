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

	write func(w io.Writer, items Items, opt Options) error
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
	b := bufio.NewWriterSize(w, 64<<10)
	side := opt.Sidecar
	if side != nil {
		s := bufio.NewWriterSize(side, 64<<10)
		opt.Sidecar = s
		if err := f.write(b, items, opt); err != nil {
			return fmt.Errorf("export as %s: %w", format, err)
		}
		if err := s.Flush(); err != nil {
			return fmt.Errorf("export as %s, sidecar: %w", format, err)
		}
	} else if err := f.write(b, items, opt); err != nil {
		return fmt.Errorf("export as %s: %w", format, err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("export as %s: %w", format, err)
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
