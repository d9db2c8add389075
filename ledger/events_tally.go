package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
)

// EventTally says on which days and at which places the events of a filter are.
type EventTally struct {
	Days    []EventDay   `json:"days"`    // with events, the earliest first
	Undated int64        `json:"undated"` // events of reports of no known day that tell none
	Total   int64        `json:"total"`
	Since   string       `json:"since"` // where not all were counted: the day down to which they were, ISO; "" where the tally is whole
	Places  []EventPlace `json:"places"`
	Placed  int64        `json:"placed"` // events that name a place
	// The places are those of the latest events, down to this day; "" where they are of all.
	PlacesSince string `json:"places_since"`
}

// EventDay is how many events a day has.
type EventDay struct {
	Day    string `json:"day"` // ISO
	Events int64  `json:"events"`
}

// EventPlace is how many events are at a place, as one of their reports has it.
type EventPlace struct {
	NamedEntity
	Country   string   `json:"country"`
	Lat       *float64 `json:"lat"` // nil where the gazetteer has no coordinates
	Lon       *float64 `json:"lon"`
	Precision string   `json:"precision"` // "" where unknown
	Events    int64    `json:"events"`
}

// How many events a tally looks at where nothing says the sum, and how many
// places it gives, those with most events.
const (
	Tallied    = 5000
	TalliedAll = 20_000_000
	mostPlaces = 300
)

// EventTally counts the events that pass a filter, by day and by place, most
// of them at most: where there are more it says how far back they were counted
// (EventTally.Since).
//
// Days are not counted one by one where a table has the sum: of all events, of
// one field (its values but those of actors, of which an event may have two),
// and of types with a status. Places of all events have a table, too.
func (l *Ledger) EventTally(ctx context.Context, f EventFilter, most int) (*EventTally, error) {
	x, err := l.eventTally(ctx, &f, most)
	return x, l.explain(err)
}

func (l *Ledger) eventTally(ctx context.Context, f *EventFilter, most int) (*EventTally, error) {
	v, err := l.eventView(ctx, l.read, f)
	if err != nil {
		return nil, err
	}
	t := &tallying{eventView: v, days: map[int64]int64{}, places: map[string]*tallied{}}
	summed, err := t.summed()
	if err != nil {
		return nil, err
	}
	out := &EventTally{Days: []EventDay{}}
	whole := summed && len(v.asks) == 0 && f.From == "" && f.To == ""
	if whole {
		err = t.allPlaces()
	} else {
		err = t.walk(most, !summed)
	}
	if err != nil {
		return nil, err
	}
	if t.cut != undated {
		if out.PlacesSince = isoDay(t.cut); !summed {
			out.Since = out.PlacesSince
		}
	}
	for _, day := range slices.Sorted(maps.Keys(t.days)) {
		n := t.days[day]
		if out.Total += n; day == undated {
			out.Undated = n
			continue
		}
		out.Days = append(out.Days, EventDay{isoDay(day), n})
	}
	out.Placed = t.placed
	out.Places, err = t.located()
	return out, err
}

// tallying is one tally.
type tallying struct {
	*eventView
	days   map[int64]int64
	places map[string]*tallied
	placed int64
	cut    int64 // day at which counting ended before the end; undated where it did not
}

// tallied is a place and the report of one of its events.
type tallied struct {
	place          string
	events, report int64
}

// summed takes the days from the table of counts, where it has the answer.
func (t *tallying) summed() (bool, error) {
	if t.f.Dead > 0 || t.f.Placed || t.f.Told || len(t.asks) > 2 {
		return false, nil
	}
	var facets []any
	switch {
	case len(t.asks) == 0:
		facets = []any{""}
	case len(t.asks) == 1:
		a := t.asks[0]
		for _, x := range a.values {
			if x.facet == "" || x.report != "" {
				return false, nil
			}
			facets = append(facets, x.facet)
		}
		// An event has one type, but it may have two actors, and be of a place
		// and of its country.
		if len(facets) > 1 && (len(t.f.Actor) > 0 || len(t.f.Recipient) > 0) {
			return false, nil
		}
	case len(t.f.Type) > 0 && len(t.f.Status) > 0:
		for _, x := range t.f.Type {
			for _, y := range t.f.Status {
				facets = append(facets, storable("type:"+x+" status:"+y))
			}
		}
	default:
		return false, nil
	}
	if len(t.f.Place)+len(t.f.Country) > 1 {
		if ok, err := t.apart(); err != nil || !ok {
			return false, err
		}
	}
	return true, t.l.each(t.ctx, t.q, "SELECT day, sum(events) FROM event_counts WHERE facet IN ("+marks(len(facets))+") AND day BETWEEN ? AND ? GROUP BY day", append(facets, t.from, t.to), func(r *sql.Rows) error {
		var day, n int64
		err := r.Scan(&day, &n)
		t.days[day] += n
		return err
	})
}

// apart reports whether none of the events at the places asked for is in one of
// the countries that are asked for beside them: a state as a place ("in Iraq")
// has no country of its own, a town has.
func (t *tallying) apart() (bool, error) {
	var places, countries []any
	for _, x := range t.asks[0].values {
		if c, ok := cutFacet(x.facet, "country:"); ok {
			countries = append(countries, c)
		} else if p, ok := cutFacet(x.facet, "place:"); ok {
			places = append(places, p)
		}
	}
	if len(countries) == 0 || len(places) == 0 {
		return true, nil
	}
	for _, p := range places {
		var country string
		found, err := t.l.one(t.ctx, t.q, "SELECT e.country FROM event_facets f JOIN event_days e ON e.day = f.day AND e.report = f.report AND e.n = f.n WHERE f.facet = ? ORDER BY f.day DESC, f.report DESC, f.n DESC LIMIT 1", []any{"place:" + p.(string)}, &country)
		if err != nil {
			return false, err
		}
		if found && slices.Contains(countries, any(country)) {
			return false, nil
		}
	}
	return true, nil
}

func cutFacet(s, kind string) (string, bool) {
	if len(s) < len(kind) || s[:len(kind)] != kind {
		return "", false
	}
	return s[len(kind):], true
}

// walk counts events one by one, the latest first: their places and, with days,
// their days.
func (t *tallying) walk(most int, days bool) error {
	t.cut = undated
	lead, n, err := t.lead()
	if err != nil || n == 0 {
		return err
	}
	led, args := t.led(lead, most, true, nil)
	cond, more := t.rest(lead, false)
	if cond == "" {
		cond = "1 = 1"
	}
	seen := 0
	last := int64(undated)
	err = t.l.each(t.ctx, t.q, "SELECT e.day, e.report, e.place, CASE WHEN "+cond+" THEN 1 ELSE 0 END FROM ("+led+") w CROSS JOIN event_days e WHERE e.day = w.day AND e.report = w.report AND e.n = w.n ORDER BY e.day DESC, e.report DESC, e.n DESC",
		append(more, args...), func(r *sql.Rows) error {
			var day, report int64
			var place string
			var ok int
			if err := r.Scan(&day, &report, &place, &ok); err != nil {
				return err
			}
			seen, last = seen+1, day
			if ok == 0 {
				return nil
			}
			if days {
				t.days[day]++
			}
			if place != "" {
				t.placed++
				if x := t.places[place]; x != nil {
					x.events++
				} else {
					t.places[place] = &tallied{place, 1, report}
				}
			}
			return nil
		})
	if err == nil && seen == most {
		t.cut = last
	}
	return err
}

// allPlaces takes the places of all events from their table.
func (t *tallying) allPlaces() error {
	t.cut = undated
	if _, err := t.l.one(t.ctx, t.q, "SELECT coalesce(sum(events), 0) FROM event_places", nil, &t.placed); err != nil {
		return err
	}
	return t.l.each(t.ctx, t.q, "SELECT place, events FROM event_places ORDER BY events DESC, place LIMIT ?", []any{mostPlaces}, func(r *sql.Rows) error {
		x := new(tallied)
		err := r.Scan(&x.place, &x.events)
		t.places[x.place] = x
		return err
	})
}

// located says where the places are, those with most events first.
func (t *tallying) located() ([]EventPlace, error) {
	list := slices.Collect(maps.Values(t.places))
	slices.SortFunc(list, func(x, y *tallied) int { return cmp.Or(cmp.Compare(y.events, x.events), cmp.Compare(x.place, y.place)) })
	list = list[:min(len(list), mostPlaces)]
	out := make([]EventPlace, len(list))
	at := map[string]int{}
	for i, x := range list {
		out[i] = EventPlace{NamedEntity: NamedEntity{ID: x.place}, Events: x.events}
		at[x.place] = i
	}
	for part := range slices.Chunk(list, 200) {
		var args []any
		for _, x := range part {
			args = append(args, x.place, x.report)
		}
		// Where no report is known, it is that of the place's latest event.
		err := t.l.each(t.ctx, t.q, "WITH w(place, report) AS (VALUES "+strings.TrimSuffix(strings.Repeat("(CAST(? AS TEXT), CAST(? AS BIGINT)), ", len(part)), ", ")+`)
			SELECT w.place, x.name, x.name_en, x.type, x.country, x.lat, x.lon, x.precise FROM w CROSS JOIN entities x WHERE x.entity = w.place
			AND x.report = CASE WHEN w.report > 0 THEN w.report ELSE (SELECT f.report FROM event_facets f WHERE f.facet = 'place:' || w.place ORDER BY f.day DESC, f.report DESC, f.n DESC LIMIT 1) END`, args, func(r *sql.Rows) error {
			var place string
			var p EventPlace
			err := r.Scan(&place, &p.Name, &p.NameEn, &p.Type, &p.Country, &p.Lat, &p.Lon, &p.Precision)
			i := at[place]
			p.ID, p.Events = out[i].ID, out[i].Events
			out[i] = p
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
