package export

import (
	"io"
	"strings"

	"github.com/sanad-project/sanad/record"
)

var plover = Format{
	Name: "plover", Extension: ".jsonl",
	About: "PLOVER 2.0 JSON Lines, one event a line; what did not happen has has_event false",
	write: writePLOVER,
}

// ploverEvent is a record of PLOVER 2.0, by the field names of its manual.
type ploverEvent struct {
	ID        string         `json:"id"`
	HasEvent  bool           `json:"has_event"`
	Date      string         `json:"date"`
	Time      string         `json:"time,omitempty"`
	EndDate   string         `json:"enddate,omitempty"`
	Actor     []ploverEntity `json:"actor"`
	Recipient []ploverEntity `json:"recipient,omitempty"`
	Event     []string       `json:"event"`
	EventLoc  *ploverPlace   `json:"event_loc,omitempty"`
	EventText []string       `json:"event_text"`
	QuadCode  int            `json:"quad_code,omitempty"`
	Mode      []string       `json:"mode,omitempty"`
	Context   []string       `json:"context,omitempty"`
	Dead      *int64         `json:"dead,omitempty"`
	Injured   *int64         `json:"injured,omitempty"`
	Arrested  *int64         `json:"arrested,omitempty"`
	Link      string         `json:"link"`
	TextInfo  ploverText     `json:"text_info"`
	CiteInfo  ploverCite     `json:"cite_info"`
	Coder     string         `json:"coder"`
	Comment   string         `json:"comment"`
}

type ploverEntity struct {
	Code           string `json:"code"`
	Sector         string `json:"sector"`
	EntityText     string `json:"entity_text,omitempty"`
	IdentifierID   string `json:"identifier_id,omitempty"`
	IdentifierText string `json:"identifier_text,omitempty"`
	Office         string `json:"office,omitempty"`
}

type ploverPlace struct {
	Extracted   string   `json:"extracted_place,omitempty"`
	Resolved    string   `json:"resolved_place"`
	GeoNames    int      `json:"geonameid,omitempty"`
	Lat         *float64 `json:"lat,omitempty"`
	Lon         *float64 `json:"lon,omitempty"`
	City        string   `json:"city,omitempty"`
	Province    string   `json:"province,omitempty"`
	Country     string   `json:"country,omitempty"`
	CountryCode string   `json:"country_code,omitempty"`
	Resolution  int      `json:"resolution,omitempty"`
}

type ploverText struct {
	Start int `json:"start"` // of the trigger, in code points
	End   int `json:"end"`
}

type ploverCite struct {
	Citation    string `json:"citation"`
	URL         string `json:"url,omitempty"`
	Title       string `json:"title,omitempty"`
	Language    string `json:"language"`
	Publication string `json:"publication,omitempty"`
	Coder       string `json:"coder"`
	Codebook    string `json:"codebook"`
}

// quad is the quad category of each type: 1 verbal and 2 material
// cooperation, 3 verbal and 4 material conflict.
var quad = map[string]int{
	"AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "CONCEDE": 1,
	"COOPERATE": 2, "AID": 2, "RETREAT": 2,
	"REQUEST": 3, "ACCUSE": 3, "REJECT": 3, "THREATEN": 3,
	"PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}

// writePLOVER writes every event of the record. PLOVER has had no place for
// status but three auxiliary modes in the context; a reader that knows
// nothing of those is kept from taking a plan for a deed by has_event, which is
// true only of what happened or goes on.
func writePLOVER(w io.Writer, items Items, _ Options) error {
	out := lines(w)
	return each(items, func(it *Item) error {
		v := newView(it)
		for i := range v.rec.Events {
			if err := out.Encode(v.plover(&v.rec.Events[i])); err != nil {
				return err
			}
		}
		return nil
	})
}

func (v *view) plover(e *record.Event) *ploverEvent {
	x := &ploverEvent{
		ID: v.ID + "-" + e.ID, HasEvent: happened(e),
		Actor: v.ploverEntities(e.Actor, false), Recipient: v.ploverEntities(e.Recipient, e.Type == "ASSAULT"),
		Event: []string{e.Type}, EventText: []string{e.Trigger.Text}, EventLoc: v.ploverPlace(e), QuadCode: quad[e.Type],
		Dead: figureOf(v.number(e.Killed)).best, Injured: figureOf(v.number(e.Wounded)).best,
		Link: v.ID, TextInfo: ploverText{e.Trigger.Start, e.Trigger.End},
		CiteInfo: ploverCite{Citation: v.ID, URL: v.URL, Title: v.Title, Language: v.rec.Document.Language, Publication: v.outlet(),
			Coder: v.Reader, Codebook: "plover-2.0"},
		Coder: strings.TrimSpace("sanad " + v.Reader),
	}
	if len(x.Actor) == 0 {
		x.Actor = []ploverEntity{{Code: "UNK", Sector: "UNK"}}
	}
	if e.Mode != nil {
		x.Mode = []string{*e.Mode}
	}
	switch e.Status {
	case "future", "hypothetical":
		x.Context = []string{e.Status}
	case "negated":
		x.Context = []string{"negation"}
	}
	if n := v.number(e.Count); n != nil && n.Unit == "detained" {
		x.Arrested = figureOf(n).best
	}
	x.Comment = v.notes(e)
	p := when(e)
	switch {
	case p.known:
		x.Date, x.Time = p.first.Format(isoDay), clock(e.Date.Value)
		if !p.last.IsZero() && p.days > 1 {
			x.EndDate = p.last.Format(isoDay)
		}
	case v.published() != "":
		x.Date = v.published()
		x.Comment = "The date is that of publication: the report names no day for the event. " + x.Comment
	default:
		x.Comment = "No date: neither the event's nor that of publication is known. " + x.Comment
	}
	return x
}

func (v *view) ploverEntities(refs []record.Ref, attacked bool) []ploverEntity {
	var out []ploverEntity
	for _, r := range refs {
		x := ploverEntity{Code: "UNK", Sector: v.sector(r, attacked), IdentifierID: "sanad:" + r.Entity, IdentifierText: v.name(r.Entity)}
		if c := v.state(r.Entity); c != nil {
			x.Code = c.alpha3
		}
		if r.Span != nil {
			x.EntityText = r.Span.Text
		}
		if e := v.entities[r.Entity]; e != nil && len(e.Roles) > 0 {
			x.Office = e.Roles[0].Title
		}
		out = append(out, x)
	}
	return out
}

func (v *view) ploverPlace(e *record.Event) *ploverPlace {
	s := v.site(e)
	if s == nil {
		return nil
	}
	x := &ploverPlace{Extracted: s.text, Resolved: s.name}
	if s.geo != nil {
		x.GeoNames, x.Lat, x.Lon = s.geo.GeoNames, &s.geo.Lat, &s.geo.Lon
	}
	if s.country != nil {
		x.Country, x.CountryCode = s.country.name, s.country.alpha3
	}
	switch s.precision {
	case "point":
		x.Resolution = 5
	case "city":
		x.City, x.Resolution = s.name, 4
	case "province":
		x.Province, x.Resolution = s.name, 2
	case "country":
		x.Resolution = 1
	}
	return x
}
