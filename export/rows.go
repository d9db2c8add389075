package export

import (
	"strings"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// plain is the table of one kind of findings: the form of csv and xlsx. The
// first column is the report's id in the ledger, so that tables can be joined.
type plain struct {
	kind    string
	columns []string
	rows    func(v *view, put func(map[string]any) error) error
}

// plains are the tables in the order of a workbook's sheets.
func plains() []plain {
	return []plain{
		{Reports, reportColumns, reportRows},
		{Events, eventColumns, eventRows},
		{Statements, statementColumns, statementRows},
		{Chain, chainColumns, chainRows},
		{Mentions, mentionColumns, mentionRows},
		{Entities, entityColumns, entityRows},
		{Times, timeColumns, timeRows},
		{Numbers, numberColumns, numberRows},
	}
}

// quote puts the three columns of a quotation into a row.
func quote(row map[string]any, name string, q *record.Quote) {
	if q != nil {
		row[name], row[name+"_start"], row[name+"_end"] = q.Text, q.Start, q.End
	}
}

// refs puts entities into a row: their ids, names and words, each list
// separated by " | ".
func (v *view) refs(row map[string]any, name string, list []record.Ref) {
	var ids, names, text []string
	for _, r := range list {
		ids, names = append(ids, r.Entity), append(names, v.name(r.Entity))
		if r.Span != nil {
			text = append(text, r.Span.Text)
		}
	}
	row[name], row[name+"_name"], row[name+"_text"] = strings.Join(ids, " | "), strings.Join(names, " | "), strings.Join(text, " | ")
}

// amountCells puts the bounds, hedge and words of a number into a row.
func amountCells(row map[string]any, name string, n *record.Number) {
	if n != nil {
		row[name+"_min"], row[name+"_max"], row[name+"_hedge"], row[name+"_text"] = n.Min, n.Max, n.Hedge, n.Text
	}
}

var reportColumns = []string{"report", "title", "outlet", "outlet_name", "published", "author", "url", "added", "language",
	"statements", "events", "review", "text", "sha256", "record", "reader", "lexicon"}

func reportRows(v *view, put func(map[string]any) error) error {
	row := map[string]any{
		"report": ident(v.ID), "title": v.Title, "outlet": str(v.rec.Document.Outlet), "outlet_name": v.outlet(), "published": v.published(),
		"author": v.Author, "url": v.URL, "language": v.rec.Document.Language,
		"statements": len(v.rec.Statements), "events": len(v.rec.Events), "text": v.rec.Document.Text, "sha256": v.rec.Document.SHA256,
		"record": v.Hash, "reader": v.Reader, "lexicon": v.Lexicon,
	}
	if !v.Added.IsZero() {
		row["added"] = v.Added.UTC().Format("2006-01-02T15:04:05Z")
	}
	if v.Review != nil {
		row["review"] = v.Review.State
	}
	return put(row)
}

var eventColumns = []string{"report", "event", "type", "mode", "status", "trigger", "trigger_start", "trigger_end",
	"actor", "actor_name", "actor_text", "recipient", "recipient_name", "recipient_text",
	"place", "place_name", "place_text", "country", "latitude", "longitude", "place_precision",
	"date", "date_first", "date_last", "date_text",
	"killed_min", "killed_max", "killed_hedge", "killed_text", "wounded_min", "wounded_max", "wounded_hedge", "wounded_text",
	"count_min", "count_max", "count_hedge", "count_text", "count_unit", "weapon", "weapon_start", "weapon_end",
	"said_by", "speaker_name", "via_name", "source_original", "outlet_name", "published", "incident", "origins", "review", "sentence", "url", "rule"}

func eventRows(v *view, put func(map[string]any) error) error {
	for i := range v.rec.Events {
		e := &v.rec.Events[i]
		s := v.said(e)
		row := map[string]any{"report": ident(v.ID), "event": e.ID, "type": e.Type, "mode": str(e.Mode), "status": e.Status,
			"said_by": str(e.SaidBy), "source_original": v.origin(s), "outlet_name": v.outlet(), "published": v.published(),
			"review": v.verdict(review.Event, e.ID), "sentence": v.sentence(e), "url": v.URL, "rule": e.Rule}
		if t := v.telling(e); t != nil {
			row["incident"], row["origins"] = t.Incident, t.Origins
		}
		quote(row, "trigger", &e.Trigger)
		quote(row, "weapon", e.Weapon)
		v.refs(row, "actor", e.Actor)
		v.refs(row, "recipient", e.Recipient)
		if e.Place != nil {
			v.refs(row, "place", []record.Ref{*e.Place})
		}
		if p := v.site(e); p != nil {
			row["place_precision"] = p.precision
			if p.country != nil {
				row["country"] = p.country.code
			}
			if p.geo != nil {
				row["latitude"], row["longitude"] = p.geo.Lat, p.geo.Lon
			}
		}
		if e.Date != nil {
			row["date"] = e.Date.Value
			if e.Date.Span != nil {
				row["date_text"] = e.Date.Span.Text
			}
			if p := when(e); p.known {
				row["date_first"] = p.first.Format(isoDay)
				if !p.last.IsZero() {
					row["date_last"] = p.last.Format(isoDay)
				}
			}
		}
		amountCells(row, "killed", v.number(e.Killed))
		amountCells(row, "wounded", v.number(e.Wounded))
		if n := v.number(e.Count); n != nil {
			amountCells(row, "count", n)
			row["count_unit"] = n.Unit
		}
		if s != nil {
			if s.Speaker != nil {
				row["speaker_name"] = v.name(*s.Speaker)
			}
			row["via_name"] = strings.Join(v.names(s.Via), " | ")
		}
		if err := put(row); err != nil {
			return err
		}
	}
	return nil
}

var statementColumns = []string{"report", "statement", "act", "quoted", "speaker", "speaker_name", "speaker_text", "speaker_start", "speaker_end",
	"cue", "cue_start", "cue_end", "content", "content_start", "content_end", "via", "via_name", "via_text",
	"addressee", "addressee_name", "addressee_text", "date", "date_text", "outlet_name", "published", "review", "url", "rule"}

func statementRows(v *view, put func(map[string]any) error) error {
	for i := range v.rec.Statements {
		s := &v.rec.Statements[i]
		row := map[string]any{"report": ident(v.ID), "statement": s.ID, "act": s.Act, "quoted": s.Quoted, "outlet_name": v.outlet(), "published": v.published(),
			"review": v.verdict(review.Statement, s.ID), "url": v.URL, "rule": s.Rule}
		if s.Speaker != nil {
			row["speaker"], row["speaker_name"] = *s.Speaker, v.name(*s.Speaker)
		}
		if q := s.SpeakerSpan; q != nil {
			row["speaker_text"], row["speaker_start"], row["speaker_end"] = q.Text, q.Start, q.End
		}
		quote(row, "cue", s.Cue)
		var content []string
		for _, p := range s.Content {
			content = append(content, v.slice(p.Start, p.End))
		}
		if len(s.Content) > 0 {
			row["content"], row["content_start"], row["content_end"] = strings.Join(content, " … "), s.Content[0].Start, s.Content[len(s.Content)-1].End
		}
		v.refs(row, "via", s.Via)
		if s.Addressee != nil {
			v.refs(row, "addressee", []record.Ref{*s.Addressee})
		}
		if s.Date != nil {
			row["date"] = s.Date.Value
			if s.Date.Span != nil {
				row["date_text"] = s.Date.Span.Text
			}
		}
		if err := put(row); err != nil {
			return err
		}
	}
	return nil
}

var chainColumns = []string{"report", "statement", "link", "role", "entity", "name", "text", "start", "end"}

// chainRows has the publisher as link 0 of each statement, then those through
// whom it came, and the speaker last.
func chainRows(v *view, put func(map[string]any) error) error {
	for i := range v.rec.Statements {
		s := &v.rec.Statements[i]
		link := 0
		one := func(role, entity, name string, q *record.Quote) error {
			row := map[string]any{"report": ident(v.ID), "statement": s.ID, "link": link, "role": role, "entity": entity, "name": name}
			link++
			if q != nil {
				row["text"], row["start"], row["end"] = q.Text, q.Start, q.End
			}
			return put(row)
		}
		if err := one("publisher", str(v.rec.Document.Outlet), v.outlet(), nil); err != nil {
			return err
		}
		for j := range s.Via {
			if err := one("via", s.Via[j].Entity, v.name(s.Via[j].Entity), s.Via[j].Span); err != nil {
				return err
			}
		}
		if s.Speaker != nil {
			if err := one("speaker", *s.Speaker, v.name(*s.Speaker), s.SpeakerSpan); err != nil {
				return err
			}
		}
	}
	return nil
}

var mentionColumns = []string{"report", "entity", "name", "type", "text", "start", "end", "form", "loaded"}

func mentionRows(v *view, put func(map[string]any) error) error {
	for i := range v.rec.Mentions {
		m := &v.rec.Mentions[i]
		row := map[string]any{"report": ident(v.ID), "entity": m.Entity, "name": v.name(m.Entity), "text": m.Text, "start": m.Start, "end": m.End,
			"form": m.Form, "loaded": m.Loaded}
		if e := v.entities[m.Entity]; e != nil {
			row["type"] = e.Type
		}
		if err := put(row); err != nil {
			return err
		}
	}
	return nil
}

var entityColumns = []string{"report", "entity", "type", "name", "name_en", "known", "roles", "geonames", "latitude", "longitude", "country", "precision", "review"}

func entityRows(v *view, put func(map[string]any) error) error {
	for i := range v.rec.Entities {
		e := &v.rec.Entities[i]
		var roles []string
		for _, o := range e.Roles {
			r := o.Title
			if o.Of != nil {
				r += " @ " + *o.Of
			}
			roles = append(roles, r)
		}
		row := map[string]any{"report": ident(v.ID), "entity": e.ID, "type": e.Type, "name": e.Name, "name_en": e.NameEn, "known": e.Known,
			"roles": strings.Join(roles, " | "), "review": v.verdict(review.Entity, e.ID)}
		if c := v.state(e.ID); c != nil {
			row["country"] = c.code
		}
		if g := e.Place; g != nil {
			row["latitude"], row["longitude"], row["country"], row["precision"] = g.Lat, g.Lon, g.Country, g.Precision
			if g.GeoNames != 0 {
				row["geonames"] = g.GeoNames
			}
		}
		if err := put(row); err != nil {
			return err
		}
	}
	return nil
}

var timeColumns = []string{"report", "text", "start", "end", "type", "value", "first", "last", "calendar", "note"}

func timeRows(v *view, put func(map[string]any) error) error {
	for i := range v.rec.Times {
		t := &v.rec.Times[i]
		row := map[string]any{"report": ident(v.ID), "text": t.Text, "start": t.Start, "end": t.End, "type": t.Type, "value": t.Value,
			"calendar": t.Calendar, "note": t.Note}
		if d, ok := record.DaysOf(t.Value); ok {
			row["first"] = d.First.Format(isoDay)
			if !d.Last.IsZero() {
				row["last"] = d.Last.Format(isoDay)
			}
		}
		if err := put(row); err != nil {
			return err
		}
	}
	return nil
}

var numberColumns = []string{"report", "number", "text", "start", "end", "min", "max", "hedge", "unit"}

func numberRows(v *view, put func(map[string]any) error) error {
	for i := range v.rec.Numbers {
		n := &v.rec.Numbers[i]
		if err := put(map[string]any{"report": ident(v.ID), "number": i, "text": n.Text, "start": n.Start, "end": n.End, "min": n.Min, "max": n.Max,
			"hedge": n.Hedge, "unit": n.Unit}); err != nil {
			return err
		}
	}
	return nil
}

// verdict returns what people say of a finding: "" where nobody looked.
func (v *view) verdict(k review.Kind, id string) string { return string(v.Review.Verdict(k, id)) }
