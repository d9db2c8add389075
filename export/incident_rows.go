package export

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-project/sanad/incident"
)

// eachStory calls do with the incidents until one fails.
func eachStory(items IncidentItems, do func(*story) error) error {
	for x, err := range items {
		if err != nil {
			return err
		}
		s, err := newStory(x)
		if err != nil {
			return err
		}
		if err := do(s); err != nil {
			return err
		}
	}
	return nil
}

// acledDeed returns the act as ACLED types it; ok is false where it counts
// none. Of an incident of violence that the readings found no event of, only by
// words of such an act, the types are not known and the row is there.
func (s *story) acledDeed() (deed, bool) {
	if d, ok := s.deed(func(d deed) bool { return d.rule != nil }); ok {
		return d, true
	}
	return deed{rule: &acledRule{}}, len(s.deeds) == 0 && s.violent()
}

// violent says that the incident is one of violence.
func (s *story) violent() bool { return len(s.Incident.Kinds) > 0 && s.Incident.Kinds[0] == "violence" }

func writeACLEDIncidents(w io.Writer, items IncidentItems, opt Options) error {
	return writeCodedIncidents(w, "acled", acledColumns, "event_id_cnty", items, opt, func(s *story) map[string]any {
		d, ok := s.acledDeed()
		if !ok {
			return nil
		}
		v, e := s.view(d)
		row := map[string]any{
			"event_id_cnty": s.Incident.ID,
			"disorder_type": d.rule.disorder, "event_type": d.rule.event, "sub_event_type": d.rule.sub,
			"source": strings.Join(s.outlets(), "; "),
			"notes":  s.notes(),
			"tags":   s.tags(),
		}
		v.acledDate(e, row)
		v.acledActors(e, d.rule, row)
		v.acledPlace(e, row)
		if c := s.country(); c != nil && row["country"] == nil {
			row["iso"], row["region"], row["country"] = c.numeric, c.acled, c.name
		}
		if strings.HasPrefix(d.rule.disorder, "Political violence") && s.civilians() {
			row["civilian_targeting"] = "Civilian targeting"
		}
		if n := s.dead().best; n != nil {
			row["fatalities"] = *n
		}
		return row
	})
}

// tags are what a program reads: origins, grade, and fields that accounts
// contradict each other on.
func (s *story) tags() string {
	out := []string{"independent sources=" + strconv.Itoa(s.origins())}
	if g := s.grade(); g != "" {
		out = append(out, "grade="+g)
	}
	if c := s.contradicted(); len(c) > 0 {
		out = append(out, "contradicted="+strings.Join(c, ", "))
	}
	if !s.happened() {
		out = append(out, "status=discounted")
	}
	return strings.Join(out, "; ")
}

// contradicted returns the fields that accounts contradict each other on.
func (s *story) contradicted() []string {
	var out []string
	for _, c := range s.Table.Contradictions {
		f := c.Field
		if c.Of != "" {
			f += " of " + c.Of
		}
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

func writeGEDIncidents(w io.Writer, items IncidentItems, opt Options) error {
	return writeCodedIncidents(w, "ged", gedColumns, "id", items, opt, func(s *story) map[string]any {
		f := s.dead()
		died := f.best != nil && *f.best > 0 || f.best == nil && f.high != nil && *f.high > 0
		d, _ := s.deed(func(d deed) bool { return d.typ == "ASSAULT" })
		if !died && !(opt.All && (d.typ != "" || s.violent())) {
			return nil
		}
		if d.typ == "" {
			d, _ = s.deed(func(deed) bool { return true })
		}
		v, e := s.view(d)
		who, own := s.speakers()
		if own {
			who = nil
		}
		for i := range who {
			who[i] = s.name(who[i])
		}
		row := map[string]any{
			"id": s.Incident.ID, "relid": s.Incident.ID,
			"number_of_sources": s.origins(),
			"source_article":    s.list(article.String),
			"source_office":     s.list(func(a article) string { return a.outlet }),
			"source_date":       s.list(func(a article) string { return a.published }),
			"source_headline":   s.list(func(a article) string { return a.title }),
			"source_original":   strings.Join(who, "; "),
		}
		var status []string
		if !s.happened() {
			status = append(status, "did not happen: "+s.grade())
		}
		if c := s.contradicted(); len(c) > 0 {
			status = append(status, "check "+strings.Join(c, ", "))
		}
		row["code_status"] = strings.Join(status, "; ")
		v.gedSides(e, row)
		delete(row, "type_of_violence")
		if s.three && len(s.rivals(incident.Actor, incident.Responsibility)) == 0 && len(s.rivals(incident.Recipient)) == 0 {
			row["type_of_violence"] = 3
		}
		town := v.gedPlace(e, row)
		if c := s.country(); c != nil && row["country"] == nil {
			row["country"], row["region"] = c.name, c.ucdp
			if c.gw != 0 {
				row["country_id"] = c.gw
			}
		}
		day := v.gedDate(e, row)
		row["event_clarity"] = 2
		if town && day {
			row["event_clarity"] = 1
		}
		row["best"], row["low"], row["high"] = f.best, f.low, f.high
		row["deaths_a"] = s.toll(incident.Killed, attackers).best
		if n := s.toll(incident.Killed, "").best; s.civilians() {
			row["deaths_civilians"] = n
		} else {
			row["deaths_unknown"] = n
		}
		return row
	})
}

// writeCodedIncidents writes a row for each incident that row gives one for,
// and a line of the sidecar beside it.
func writeCodedIncidents(w io.Writer, format string, columns []string, id string, items IncidentItems, opt Options, row func(*story) map[string]any) error {
	out, err := newSheet(w, columns)
	if err != nil {
		return err
	}
	beside := lines(io.Discard)
	if opt.Sidecar != nil {
		beside = lines(opt.Sidecar)
	}
	err = eachStory(items, func(s *story) error {
		if len(s.Incident.Members) == 0 || !s.happened() && !opt.Unrealised {
			return nil
		}
		r := row(s)
		if r == nil {
			return nil
		}
		if err := out.put(r); err != nil {
			return err
		}
		if opt.Sidecar == nil {
			return nil
		}
		return beside.Encode(incidentSide{format, r[id].(string), "code points", s.line()})
	})
	if err != nil {
		return err
	}
	return out.flush()
}

// incidentLine is all that the ledger holds of an incident: a line of jsonl.
type incidentLine struct {
	Incident *incident.Linked `json:"incident"`
	Grade    *incidentGrade   `json:"grade"` // a person's; null where nobody gave one
	Reports  []incidentReport `json:"reports"`
}

type incidentSide struct {
	Format  string `json:"format"`
	Row     string `json:"row"`
	Offsets string `json:"offsets"`
	incidentLine
}

type incidentGrade struct {
	Grade string `json:"grade"`
	By    string `json:"by"`
}

type incidentReport struct {
	ID        string `json:"id"`
	Outlet    string `json:"outlet,omitempty"`
	Published string `json:"published,omitempty"`
	Title     string `json:"title,omitempty"`
	URL       string `json:"url,omitempty"`
}

func (s *story) line() incidentLine {
	x := incidentLine{Incident: s.Linked, Reports: []incidentReport{}}
	if s.Grade != "" {
		x.Grade = &incidentGrade{s.Grade, s.GradeBy}
	}
	seen := map[string]bool{}
	put := func(id string) {
		if a, ok := s.byID[id]; ok && !seen[id] {
			seen[id] = true
			x.Reports = append(x.Reports, incidentReport{a.id, a.outlet, a.published, a.title, a.url})
		}
	}
	for _, m := range s.Incident.Members {
		put(m.Report)
	}
	for _, a := range s.Incident.Attached {
		put(a.Report)
	}
	return x
}

func writeJSONLIncidents(w io.Writer, items IncidentItems, _ Options) error {
	enc := lines(w)
	return eachStory(items, func(s *story) error {
		return enc.Encode(struct {
			Schema string `json:"schema"`
			incidentLine
		}{"sanad.incident/1", s.line()})
	})
}

// incidentRow is a row of the tables, typed for Parquet; the other tables have
// the same columns.
type incidentRow struct {
	Incident string `parquet:"incident"`
	Kinds    string `parquet:"kinds,dict"` // the commonest first
	Head     string `parquet:"words"`      // the clearest words for it

	Grade     *string `parquet:"grade,optional,dict"` // a person's
	GradeBy   *string `parquet:"grade_by,optional,dict"`
	Suggested string  `parquet:"suggested_grade,dict"`
	Why       string  `parquet:"grade_reason"`

	Reports int32    `parquet:"reports"`
	Origins int32    `parquet:"origins"` // independent ones
	Outlets []string `parquet:"outlets,list"`
	Sources string   `parquet:"sources"`           // outlet, day, title and address of each report
	Rests   *string  `parquet:"rests_on,optional"` // on whose word, NULL where a report tells it in its own voice

	First     *int32   `parquet:"date_first,optional,date"`
	Last      *int32   `parquet:"date_last,optional,date"`
	Place     *string  `parquet:"place,optional"`
	PlaceName *string  `parquet:"place_name,optional"`
	Country   *string  `parquet:"country,optional,dict"`
	GeoNames  *int64   `parquet:"geonames,optional"`
	Latitude  *float64 `parquet:"latitude,optional"`
	Longitude *float64 `parquet:"longitude,optional"`
	Precision *string  `parquet:"place_precision,optional,dict"`
	RadiusKM  *float64 `parquet:"radius_km,optional"`

	KilledLow     *int64 `parquet:"killed_low,optional"`
	KilledBest    *int64 `parquet:"killed_best,optional"`
	KilledHigh    *int64 `parquet:"killed_high,optional"`
	AttackersLow  *int64 `parquet:"attackers_killed_low,optional"`
	AttackersBest *int64 `parquet:"attackers_killed_best,optional"`
	AttackersHigh *int64 `parquet:"attackers_killed_high,optional"`
	WoundedLow    *int64 `parquet:"wounded_low,optional"`
	WoundedBest   *int64 `parquet:"wounded_best,optional"`
	WoundedHigh   *int64 `parquet:"wounded_high,optional"`
	DetainedLow   *int64 `parquet:"detained_low,optional"`
	DetainedBest  *int64 `parquet:"detained_best,optional"`
	DetainedHigh  *int64 `parquet:"detained_high,optional"`

	// Values as told, with the number of independent origins beside each.
	Actors         []string `parquet:"actor,list"`
	ActorOrigins   []int32  `parquet:"actor_origins,list"`
	To             []string `parquet:"recipient,list"`
	ToOrigins      []int32  `parquet:"recipient_origins,list"`
	Weapons        []string `parquet:"weapon,list"`
	WeaponOrigins  []int32  `parquet:"weapon_origins,list"`
	Claimed        []string `parquet:"responsibility,list"`
	ClaimedOrigins []int32  `parquet:"responsibility_origins,list"`

	Contradicted []string `parquet:"contradicted,list"` // fields
	Contrary     []string `parquet:"contradictions,list"`
	Attached     []string `parquet:"said_about_it,list"` // denials, claims of responsibility, threats, …
	Happened     bool     `parquet:"happened"`           // false: the grade is discounted
}

func (s *story) row() incidentRow {
	r := incidentRow{Incident: s.Incident.ID, Kinds: strings.Join(s.Incident.Kinds, " "), Head: s.head(), Grade: opt(s.Grade), GradeBy: opt(s.GradeBy),
		Suggested: s.Table.Grade, Why: s.Table.GradeReason, Reports: int32(len(s.articles)), Origins: int32(s.origins()),
		Outlets: s.outlets(), Sources: s.list(article.String), Rests: opt(s.rests()), Contradicted: s.contradicted(), Happened: s.happened()}
	for _, c := range s.Table.Contradictions {
		r.Contrary = append(r.Contrary, s.contradiction(c))
	}
	for _, a := range s.Incident.Attached {
		r.Attached = append(r.Attached, s.attached(a))
	}
	d, _ := s.acledDeed()
	v, e := s.view(d)
	if p := when(e); p.known {
		r.First, r.Last = day(p.first), day(p.last)
	}
	if c := s.country(); c != nil {
		r.Country = &c.code
	}
	if p := v.site(e); p != nil {
		r.Place, r.PlaceName, r.Precision = opt(p.text), opt(p.name), opt(p.precision)
		if p.country != nil {
			r.Country = &p.country.code
		}
		r.GeoNames, r.Latitude, r.Longitude = coordinates(p.geo)
		if km, ok := Radius(p.precision); ok {
			r.RadiusKM = &km
		}
	}
	three := func(f figure) (low, best, high *int64) { return f.low, f.best, f.high }
	r.KilledLow, r.KilledBest, r.KilledHigh = three(s.toll(incident.Killed, ""))
	r.AttackersLow, r.AttackersBest, r.AttackersHigh = three(s.toll(incident.Killed, attackers))
	r.WoundedLow, r.WoundedBest, r.WoundedHigh = three(s.toll(incident.Wounded, ""))
	r.DetainedLow, r.DetainedBest, r.DetainedHigh = three(s.toll(incident.Detained, ""))
	told := func(field string) (names []string, origins []int32) {
		for _, v := range s.Table.Values[field] {
			names, origins = append(names, s.name(v.Value)), append(origins, int32(max(v.Origins, 1)))
		}
		return names, origins
	}
	r.Actors, r.ActorOrigins = told(incident.Actor)
	r.To, r.ToOrigins = told(incident.Recipient)
	r.Weapons, r.WeaponOrigins = told(incident.Weapon)
	r.Claimed, r.ClaimedOrigins = told(incident.Responsibility)
	return r
}

var incidentColumns = []string{"incident", "kinds", "words", "grade", "grade_by", "suggested_grade", "grade_reason", "reports", "origins", "outlets",
	"sources", "rests_on", "date_first", "date_last", "place", "place_name", "country", "geonames", "latitude", "longitude", "place_precision", "radius_km",
	"killed_low", "killed_best", "killed_high", "attackers_killed_low", "attackers_killed_best", "attackers_killed_high",
	"wounded_low", "wounded_best", "wounded_high", "detained_low", "detained_best", "detained_high",
	"actor", "actor_origins", "recipient", "recipient_origins", "weapon", "weapon_origins", "responsibility", "responsibility_origins",
	"contradicted", "contradictions", "said_about_it", "happened"}

// cells returns the row for tables whose cells hold one value: lists are
// separated by " | ".
func (r *incidentRow) cells() map[string]any {
	row := map[string]any{
		"incident": ident(r.Incident), "kinds": r.Kinds, "words": r.Head, "grade": str(r.Grade), "grade_by": str(r.GradeBy),
		"suggested_grade": r.Suggested, "grade_reason": r.Why, "reports": int(r.Reports), "origins": int(r.Origins),
		"outlets": strings.Join(r.Outlets, " | "), "sources": r.Sources, "rests_on": str(r.Rests),
		"place": str(r.Place), "place_name": str(r.PlaceName), "country": str(r.Country), "place_precision": str(r.Precision),
		"killed_low": r.KilledLow, "killed_best": r.KilledBest, "killed_high": r.KilledHigh,
		"attackers_killed_low": r.AttackersLow, "attackers_killed_best": r.AttackersBest, "attackers_killed_high": r.AttackersHigh,
		"wounded_low": r.WoundedLow, "wounded_best": r.WoundedBest, "wounded_high": r.WoundedHigh,
		"detained_low": r.DetainedLow, "detained_best": r.DetainedBest, "detained_high": r.DetainedHigh,
		"actor": strings.Join(r.Actors, " | "), "actor_origins": numbers(r.ActorOrigins),
		"recipient": strings.Join(r.To, " | "), "recipient_origins": numbers(r.ToOrigins),
		"weapon": strings.Join(r.Weapons, " | "), "weapon_origins": numbers(r.WeaponOrigins),
		"responsibility": strings.Join(r.Claimed, " | "), "responsibility_origins": numbers(r.ClaimedOrigins),
		"contradicted": strings.Join(r.Contradicted, " | "), "contradictions": strings.Join(r.Contrary, " | "),
		"said_about_it": strings.Join(r.Attached, " | "), "happened": r.Happened,
	}
	for name, d := range map[string]*int32{"date_first": r.First, "date_last": r.Last} {
		if d != nil {
			row[name] = time.Unix(int64(*d)*86400, 0).UTC().Format(isoDay)
		}
	}
	if r.GeoNames != nil {
		row["geonames"] = *r.GeoNames
	}
	for name, f := range map[string]*float64{"latitude": r.Latitude, "longitude": r.Longitude, "radius_km": r.RadiusKM} {
		if f != nil {
			row[name] = *f
		}
	}
	return row
}

func numbers(list []int32) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(int(n)))
	}
	return strings.Join(out, " | ")
}

func writeCSVIncidents(w io.Writer, items IncidentItems, _ Options) error {
	return writeCSVRows(w, incidentColumns, func(put func(map[string]any) error) error {
		return eachStory(items, func(s *story) error {
			r := s.row()
			return put(r.cells())
		})
	})
}

func writeXLSXIncidents(w io.Writer, items IncidentItems, _ Options) error {
	b := newWorkbook(xlsxRows, xlsxUnits)
	defer b.drop()
	sheet, err := b.table(Incidents, incidentColumns)
	if err != nil {
		return err
	}
	err = eachStory(items, func(s *story) error {
		r := s.row()
		return sheet.put(r.cells())
	})
	if err != nil {
		return err
	}
	return b.writeTo(w)
}

func writeParquetIncidents(w io.Writer, items IncidentItems, _ Options) error {
	p := newRowGroups[incidentRow](w)
	err := eachStory(items, func(s *story) error {
		r := s.row()
		size := 800 + len(r.Sources)
		for _, c := range r.Contrary {
			size += len(c)
		}
		return p.put(r, size)
	})
	if err != nil {
		return err
	}
	return p.Close()
}

// writeGeoJSONIncidents writes a Feature for each incident, at its place as far
// as accounts agree on it; the properties are the columns of the tables.
func writeGeoJSONIncidents(w io.Writer, items IncidentItems, opt Options) error {
	return writeFeatures(w, func(put func(any) error) error {
		return eachStory(items, func(s *story) error {
			if len(s.Incident.Members) == 0 || !s.happened() && !opt.Unrealised {
				return nil
			}
			r := s.row()
			f := incidentFeature{Type: "Feature", ID: r.Incident, Properties: map[string]any{}}
			cells := r.cells()
			for _, c := range incidentColumns {
				f.Properties[c] = cells[c]
				if cells[c] == "" {
					f.Properties[c] = nil
				}
			}
			if r.Latitude != nil && r.Longitude != nil {
				f.Geometry = &point{"Point", [2]float64{*r.Longitude, *r.Latitude}}
			}
			return put(f)
		})
	})
}

type incidentFeature struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Geometry   *point         `json:"geometry"`
	Properties map[string]any `json:"properties"`
}
