package export

import (
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/record"
)

var acled = Format{
	Name: "acled", Extension: ".csv", Sidecar: true,
	About:     "ACLED-style CSV, 31 columns: acts that happened; spans and chain in the sidecar",
	write:     writeACLED,
	incidents: writeACLEDIncidents,
}

// acledColumns are ACLED's columns in its order.
var acledColumns = []string{
	"event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
	"actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting",
	"iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision",
	"source", "source_scale", "notes", "fatalities", "tags", "timestamp",
}

//go:embed data/acled.txt
var acledFile string

// acledRule is a line of data/acled.txt.
type acledRule struct {
	typ, mode, target string
	words             []string
	out               bool
	disorder          string
	event, sub        string
}

var acledRules = sync.OnceValue(func() []acledRule {
	var out []acledRule
	for _, f := range readTable(acledFile, 8) {
		r := acledRule{typ: f[0], mode: f[1], target: f[2], words: wordList(f[3]), disorder: f[4], event: f[5], sub: f[6]}
		r.out = r.disorder == "out"
		out = append(out, r)
	}
	return out
})

// acledRule returns ACLED's types of an event, nil where ACLED counts no such
// act.
func (v *view) acledRule(e *record.Event) *acledRule {
	text := words(e.Trigger.Text)
	if e.Weapon != nil {
		text += words(e.Weapon.Text)
	}
	for i := range acledRules() {
		r := &acledRules()[i]
		if r.typ != e.Type || r.mode != "*" && r.mode != str(e.Mode) || r.words != nil && !hasWord(text, r.words) {
			continue
		}
		switch r.target {
		case "civilians":
			if v.kinds(e.Recipient) != "civilians" {
				continue
			}
		case "force":
			if !v.armed(e.Actor) || v.kinds(e.Recipient) != "force" {
				continue
			}
		case "lethal":
			if !lethal(v.number(e.Killed)) {
				continue
			}
		}
		if r.out {
			return nil
		}
		return r
	}
	return nil
}

// writeACLED writes a row for each act that happened and that ACLED counts.
// What each column holds, and why some stay empty, is told in README.md.
func writeACLED(w io.Writer, items Items, opt Options) error {
	out, err := newSheet(w, acledColumns)
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
			if v.acledRule(e) != nil && (happened(e) || opt.Unrealised) {
				list = append(list, e)
			}
		}
		for _, e := range v.once(list) {
			row := v.acledRow(e.Event, v.acledRule(e.Event))
			if err := out.put(row); err != nil {
				return err
			}
			if opt.Sidecar != nil {
				if err := beside.Encode(v.sidecar("acled", row["event_id_cnty"].(string), e)); err != nil {
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

func (v *view) acledRow(e *record.Event, rule *acledRule) map[string]any {
	row := map[string]any{
		"event_id_cnty": v.ID + "-" + e.ID,
		"disorder_type": rule.disorder, "event_type": rule.event, "sub_event_type": rule.sub,
		"source": strings.Join(v.sources(e), "; "),
		"notes":  v.notes(e),
		"tags":   v.tags(e),
	}
	v.acledDate(e, row)
	v.acledActors(e, rule, row)
	v.acledPlace(e, row)
	if n := figureOf(v.number(e.Killed)).best; n != nil {
		row["fatalities"] = *n
	}
	if !v.Added.IsZero() {
		row["timestamp"] = v.Added.Unix()
	}
	return row
}

// acledDate fills in the day where the report names one, or a week or month:
// the first day of it then, as ACLED asks for a day. A vaguer date gives the
// year at most.
func (v *view) acledDate(e *record.Event, row map[string]any) {
	p := when(e)
	if y := p.year(); y != 0 {
		row["year"] = y
	}
	precision := 0
	switch {
	case !p.known || p.days == 0 || p.days > 31:
		return
	case p.days == 1 && !p.about:
		precision = 1
	case p.days <= 7:
		precision = 2
	default:
		precision = 3
	}
	row["event_date"], row["year"], row["time_precision"] = p.first.Format(isoDay), p.first.Year(), precision
}

// acledActors fills in who took part. Codes of kinds of actors are ACLED's:
// 1 state forces, 5 rioters, 6 protesters, 7 civilians, 8 forces of another
// state; rebels and militias are not told apart in a record.
func (v *view) acledActors(e *record.Event, rule *acledRule, row map[string]any) {
	codes := [2]int{}
	for i, refs := range [...][]record.Ref{e.Actor, e.Recipient} {
		names := v.names(refs)
		if len(names) == 0 {
			continue
		}
		side := strconv.Itoa(i + 1)
		row["actor"+side] = names[0]
		row["assoc_actor_"+side] = strings.Join(names[1:], "; ")
		if codes[i] = v.inter(refs[0], e, i == 0); codes[i] != 0 {
			row["inter"+side] = codes[i]
		}
	}
	a, b := codes[0], codes[1]
	switch {
	case a != 0 && b != 0:
		row["interaction"] = min(a, b)*10 + max(a, b)
	case a != 0 && len(e.Recipient) == 0:
		row["interaction"] = a * 10
	case b != 0 && len(e.Actor) == 0:
		row["interaction"] = b * 10
	}
	if strings.HasPrefix(rule.disorder, "Political violence") && len(e.Recipient) > 0 && v.kinds(e.Recipient) == "civilians" {
		row["civilian_targeting"] = "Civilian targeting"
	}
}

// inter returns ACLED's code of what sort of actor ref is, 0 where the record
// does not tell.
func (v *view) inter(ref record.Ref, e *record.Event, actor bool) int {
	if actor && e.Type == "PROTEST" {
		if m := str(e.Mode); m == "riot" || m == "vandalize" {
			return 5
		}
		return 6
	}
	if c := v.state(ref.Entity); c != nil {
		if !actor {
			return 0
		}
		s := v.site(e)
		switch {
		case s == nil || s.country == nil:
			return 0
		case s.country == c:
			return 1
		}
		return 8
	}
	if v.kind(ref) == "civilians" {
		return 7
	}
	return 0
}

func (v *view) acledPlace(e *record.Event, row map[string]any) {
	s := v.site(e)
	if s == nil {
		return
	}
	row["location"] = s.name
	if s.country != nil {
		row["iso"], row["region"], row["country"] = s.country.numeric, s.country.acled, s.country.name
	}
	if s.precision == "province" {
		row["admin1"] = s.name
	}
	if s.geo != nil {
		row["latitude"], row["longitude"] = s.geo.Lat, s.geo.Lon
	}
	switch s.precision {
	case "point", "city":
		row["geo_precision"] = 1
	case "province", "region", "country", "water":
		row["geo_precision"] = 3
	}
}

// sources returns the publisher and the links through which an event came to
// it.
func (v *view) sources(e *record.Event) []string {
	var out []string
	if o := v.outlet(); o != "" {
		out = append(out, o)
	}
	if s := v.said(e); s != nil {
		for _, n := range v.names(s.Via) {
			if len(out) == 0 || n != out[0] {
				out = append(out, n)
			}
		}
	}
	return out
}

// tags returns the size of a crowd in ACLED's wording, the status where the act
// did not happen, and the incident.
func (v *view) tags(e *record.Event) string {
	var out []string
	if n := v.number(e.Count); n != nil && e.Type == "PROTEST" && n.Unit == "people" {
		out = append(out, fmt.Sprintf("crowd size=%s", amount(n)))
	}
	if !happened(e) {
		out = append(out, "status="+e.Status)
	}
	if t := v.telling(e); t != nil {
		out = append(out, fmt.Sprintf("incident=%s; independent sources=%d", t.Incident, t.Origins))
	}
	return strings.Join(out, "; ")
}
