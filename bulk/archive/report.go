package archive

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/relay"
)

// report is a placed report with its packed record.
type report struct {
	placed
	record []byte
}

func (r *report) pack() packing { return packing(r.placed.pack()).raw(r.record) }

func (u *unpacking) report() report { return report{u.placed(), u.raw()} }

// whole unpacks the record.
func (r *report) whole() (*record.Record, error) {
	raw, err := loosen(r.record)
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", r.id, err)
	}
	rec := new(record.Record)
	if err := json.Unmarshal(raw, rec); err != nil {
		return nil, fmt.Errorf("report %s: %w", r.id, err)
	}
	rec.Document.ID = r.id
	return rec, nil
}

// came stands for the time at which a report came in: what counts is the order.
func came(file, line int64) time.Time { return time.Unix(file, line).UTC() }

// compared is the report as package relay compares it, just as a ledger gives it.
func (r *report) compared(rec *record.Record) *relay.Doc {
	d := &relay.Doc{ID: r.id, Outlet: r.outlet, Name: r.name, Record: rec, Added: came(r.file, r.line)}
	// The spans of the record are places in the text as it is kept.
	d.Title, d.Text = rec.Document.Title, ""
	text, ok := strings.CutPrefix(rec.Document.Text, d.Title+"\n")
	if d.Text = text; !ok || d.Title == "" {
		d.Title, d.Text = "", rec.Document.Text
	}
	var err error
	if d.Published, err = relay.ParseMoment(r.published); err != nil || !d.Published.Known() {
		d.Published, _ = relay.ParseMoment(deref(rec.Document.Published))
	}
	return d
}

// told is the report as package incident takes it.
func (r *report) told(rec *record.Record, origin string) incident.Doc {
	return incident.Doc{ID: r.id, Outlet: r.outlet, Published: r.published, Record: rec, Origin: origin}
}
