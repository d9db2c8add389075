package record

import (
	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// Report is the way back from a record to the layers it was made from, for
// what shows them: spans in bytes again, no words, phrases or reasons. The
// record must pass Check.
func (d *Record) Report() *report.Report {
	b := bytesOf(d.Document.Text)
	r := &report.Report{ID: d.Document.ID, URL: val(d.Document.URL), OutletID: val(d.Document.Outlet), Title: d.Document.Title, Text: d.Document.Text}
	if d.Document.Published != nil {
		r.Published, _ = when.Published(*d.Document.Published)
	}
	for _, e := range d.Entities {
		x := report.Entity{ID: e.ID, Type: report.Type(e.Type), Name: e.Name, NameEn: e.NameEn, Known: e.Known}
		for _, o := range e.Roles {
			x.Roles = append(x.Roles, report.Role{Title: o.Title, Of: val(o.Of), Span: b.quote(&o.Span)})
		}
		if e.Place != nil {
			x.Place = &report.Geo{GeoNames: e.Place.GeoNames, Lat: e.Place.Lat, Lon: e.Place.Lon, Country: e.Place.Country, Precision: e.Place.Precision}
		}
		r.Entities = append(r.Entities, x)
	}
	for i := range d.Mentions {
		m := &d.Mentions[i]
		r.Mentions = append(r.Mentions, report.Mention{Span: b.quote(&m.Quote), Entity: m.Entity, Form: report.Form(m.Form), Loaded: m.Loaded})
	}
	for i := range d.Times {
		t := &d.Times[i]
		r.Times = append(r.Times, when.Time{Span: b.quote(&t.Quote), Kind: when.Kind(t.Type), Value: t.Value, Calendar: t.Calendar, Note: t.Note})
	}
	for i := range d.Numbers {
		n := &d.Numbers[i]
		r.Numbers = append(r.Numbers, number.Amount{Span: b.quote(&n.Quote), Min: n.Min, Max: n.Max, Unit: n.Unit, Hedge: number.Hedge(n.Hedge)})
	}
	for i := range d.Statements {
		s := &d.Statements[i]
		x := report.Statement{ID: s.ID, Speaker: report.Ref{Entity: val(s.Speaker), Span: b.quote(s.SpeakerSpan)}, Cue: b.quote(s.Cue), Quoted: s.Quoted,
			Act: report.Act(s.Act), Via: b.refs(s.Via), Addressee: b.ref(s.Addressee), Date: b.date(s.Date), Rule: s.Rule}
		for _, c := range s.Content {
			x.Content = append(x.Content, b.span(c.Start, c.End))
		}
		r.Statements = append(r.Statements, x)
	}
	for i := range d.Events {
		e := &d.Events[i]
		r.Events = append(r.Events, report.Event{ID: e.ID, Trigger: b.quote(&e.Trigger), Type: e.Type, Mode: val(e.Mode), Actor: b.refs(e.Actor), Recipient: b.refs(e.Recipient),
			Place: b.ref(e.Place), Date: b.date(e.Date), Status: report.Status(e.Status), SaidBy: val(e.SaidBy),
			Killed: at(e.Killed), Wounded: at(e.Wounded), Count: at(e.Count), Weapon: b.quote(e.Weapon), Rule: e.Rule})
	}
	for i := range d.Loaded {
		r.Loaded = append(r.Loaded, report.Loaded{Span: b.quote(&d.Loaded[i].Quote), Entity: val(d.Loaded[i].Entity)})
	}
	for _, x := range d.Dropped {
		r.Dropped = append(r.Dropped, report.Dropped{Span: b.span(x.Start, x.End), Reason: x.Reason})
	}
	for _, n := range d.Notes {
		r.Notes = append(r.Notes, report.Note{Span: b.span(n.Start, n.End), Stage: n.Stage, Text: n.Text})
	}
	return r
}

func val(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func at(p *int) int {
	if p == nil {
		return -1
	}
	return *p
}

// byteAt gives the byte at which each code point of a text begins, and the
// text's end.
type byteAt []int

func bytesOf(text string) byteAt {
	b := make(byteAt, 0, len(text)/2+1)
	for i := range text {
		b = append(b, i)
	}
	return append(b, len(text))
}

func (b byteAt) span(start, end int) span.Span {
	if start < 0 || start > end || end >= len(b) {
		return span.Span{}
	}
	return span.Span{Start: b[start], End: b[end]}
}

func (b byteAt) quote(q *Quote) span.Span {
	if q == nil {
		return span.Span{}
	}
	return b.span(q.Start, q.End)
}

func (b byteAt) ref(r *Ref) *report.Ref {
	if r == nil {
		return nil
	}
	return &report.Ref{Entity: r.Entity, Span: b.quote(r.Span)}
}

func (b byteAt) refs(list []Ref) []report.Ref {
	var out []report.Ref
	for i := range list {
		out = append(out, *b.ref(&list[i]))
	}
	return out
}

func (b byteAt) date(d *DateRef) *report.DateRef {
	if d == nil {
		return nil
	}
	return &report.DateRef{Value: d.Value, Span: b.quote(d.Span)}
}
