package export

import (
	"fmt"
	"io"
	"strings"

	"github.com/sanad-project/sanad/record"
)

var ged = Format{
	Name: "ged", Extension: ".csv", Sidecar: true,
	About:     "UCDP GED-style CSV, 49 columns: lethal acts that happened; spans and chain in the sidecar",
	write:     writeGED,
	incidents: writeGEDIncidents,
}

// gedColumns are UCDP GED's columns in its order.
var gedColumns = []string{
	"id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id", "conflict_name",
	"dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
	"number_of_sources", "source_article", "source_office", "source_date", "source_headline", "source_original",
	"where_prec", "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid",
	"country", "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end",
	"deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
}

// writeGED writes a row for each act of violence that happened and by which
// somebody died. What each column holds, and why some stay empty, is told in
// README.md.
func writeGED(w io.Writer, items Items, opt Options) error {
	out, err := newSheet(w, gedColumns)
	if err != nil {
		return err
	}
	var beside = lines(io.Discard)
	if opt.Sidecar != nil {
		beside = lines(opt.Sidecar)
	}
	err = each(items, func(it *Item) error {
		v := newView(it)
		var list []*record.Event
		for i := range v.rec.Events {
			e := &v.rec.Events[i]
			if (happened(e) || opt.Unrealised) && (v.inGED(e) || opt.All && e.Type == "ASSAULT") {
				list = append(list, e)
			}
		}
		for _, e := range v.once(list) {
			row := v.gedRow(e.Event)
			if err := out.put(row); err != nil {
				return err
			}
			if opt.Sidecar != nil {
				if err := beside.Encode(v.sidecar("ged", row["id"].(string), e)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.flush()
}

// inGED reports whether an event is one of lethal violence: the report counts
// its dead.
func (v *view) inGED(e *record.Event) bool { return lethal(v.number(e.Killed)) }

func (v *view) gedRow(e *record.Event) map[string]any {
	s := v.said(e)
	row := map[string]any{
		"id":                v.ID + "-" + e.ID,
		"number_of_sources": 1,
		"source_article":    v.article(),
		"source_office":     v.outlet(),
		"source_date":       v.published(),
		"source_headline":   v.Title,
		"source_original":   v.origin(s),
	}
	if t := v.telling(e); t != nil {
		row["relid"], row["number_of_sources"] = t.Incident, t.Origins
	}
	v.gedSides(e, row)
	town := v.gedPlace(e, row)
	day := v.gedDate(e, row)
	v.gedDeaths(e, row)
	row["event_clarity"] = 2
	if n := v.number(e.Count); town && day && (n == nil || n.Min != nil && n.Max != nil && *n.Min == 1 && *n.Max == 1) {
		row["event_clarity"] = 1
	}
	if !happened(e) {
		row["code_status"] = "did not happen: " + e.Status
	}
	return row
}

// article names the report: outlet, day, title and address, as far as known.
func (v *view) article() string {
	var out []string
	for _, s := range [...]string{v.outlet(), v.published(), v.Title, v.URL} {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}

// gedSides fills in who fought whom. Of the kinds of violence the record shows
// one: 3, a state or a known body against civilians. Whether the fight of two
// sides is one of states, and which conflict it belongs to, it does not show.
func (v *view) gedSides(e *record.Event, row map[string]any) {
	a, b := strings.Join(v.names(e.Actor), ", "), strings.Join(v.names(e.Recipient), ", ")
	organised := false
	if len(e.Actor) == 1 {
		p := v.entities[e.Actor[0].Entity]
		organised = p != nil && p.Known && (p.Type == "ORG" || p.Type == "GRP" || p.Type == "STATE")
		if c := v.state(e.Actor[0].Entity); c != nil {
			a = "Government of " + c.name
			if c.gw != 0 {
				row["gwnoa"] = c.gw
			}
		}
	}
	if len(e.Recipient) == 1 {
		if c := v.state(e.Recipient[0].Entity); c != nil && c.gw != 0 {
			row["gwnob"] = c.gw
		}
	}
	row["side_a"], row["side_b"] = a, b
	if a != "" && b != "" {
		row["dyad_name"] = a + " - " + b
	}
	if organised && b != "" && v.kinds(e.Recipient) == "civilians" {
		row["type_of_violence"] = 3
	}
}

// gedPlace fills in where, and reports whether that is a town or a point in it.
func (v *view) gedPlace(e *record.Event, row map[string]any) (town bool) {
	s := v.site(e)
	if s == nil {
		return false
	}
	row["where_description"] = s.text
	if s.country != nil {
		row["country"], row["region"] = s.country.name, s.country.ucdp
		if s.country.gw != 0 {
			row["country_id"] = s.country.gw
		}
	}
	switch s.precision {
	case "point", "city":
		row["where_prec"] = 1
	case "province":
		row["where_prec"], row["adm_1"] = 4, s.name
	case "region":
		row["where_prec"] = 5
	case "country":
		row["where_prec"] = 6
	case "water":
		row["where_prec"] = 7
	}
	if s.geo != nil {
		row["where_coordinates"] = s.name
		row["latitude"], row["longitude"] = s.geo.Lat, s.geo.Lon
		row["geom_wkt"] = fmt.Sprintf("POINT (%s %s)", cell(s.geo.Lon), cell(s.geo.Lat))
		row["priogrid_gid"] = priogrid(s.geo.Lat, s.geo.Lon)
	}
	return row["where_prec"] == 1
}

// gedDate fills in the earliest and the latest possible day, and reports
// whether they are one. What happened, happened by the day of publication: a
// date that is open to the right ends there.
func (v *view) gedDate(e *record.Event, row map[string]any) (day bool) {
	p := when(e)
	if p.known && p.last.IsZero() && happened(e) {
		if d, ok := record.DaysOf(v.published()); ok && !d.First.Before(p.first) {
			p.last, p.days = d.First, int(d.First.Sub(p.first).Hours()/24+0.5)+1
		}
	}
	if !p.known {
		return false
	}
	row["date_start"] = p.first.Format(isoDay)
	if !p.last.IsZero() {
		row["date_end"] = p.last.Format(isoDay)
	}
	if y := p.year(); y != 0 {
		row["year"] = y
	}
	switch {
	case p.days == 0 || p.days > 366:
	case p.days == 1 && !p.about:
		row["date_prec"] = 1
		return true
	case p.days < 7:
		row["date_prec"] = 2
	case p.days == 7:
		row["date_prec"] = 3
	case p.days <= 31:
		row["date_prec"] = 4
	default:
		row["date_prec"] = 5
	}
	return false
}

// gedDeaths fills in the dead. Whose dead they are is told only where the
// report says that they were civilians.
func (v *view) gedDeaths(e *record.Event, row map[string]any) {
	n := v.number(e.Killed)
	f := figureOf(n)
	row["best"], row["low"], row["high"] = f.best, f.low, f.high
	if f.best == nil {
		return
	}
	if g := v.groupOf(record.Ref{Span: &n.Quote}); g != nil && g.kind == "civilians" || g == nil && len(e.Recipient) > 0 && v.kinds(e.Recipient) == "civilians" {
		row["deaths_civilians"] = f.best
	} else {
		row["deaths_unknown"] = f.best
	}
}
