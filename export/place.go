package export

import (
	"math"

	"github.com/sanad-project/sanad/record"
)

// site is where an event took place, as far as the record tells.
type site struct {
	name      string      // English where known
	text      string      // the words of the report
	country   *country    // nil when unknown
	geo       *record.Geo // nil without coordinates
	precision string      // of record.Geo, "country" for a state; "" when unknown
}

// site returns the place of an event, nil when the report names none.
func (v *view) site(e *record.Event) *site {
	if e.Place == nil {
		return nil
	}
	s := &site{name: v.name(e.Place.Entity)}
	if e.Place.Span != nil {
		s.text = e.Place.Span.Text
	}
	p := v.entities[e.Place.Entity]
	if p == nil {
		return s
	}
	if s.country = v.state(p.ID); s.country != nil {
		s.precision = "country"
	}
	if p.Place != nil {
		s.geo, s.precision = p.Place, p.Place.Precision
		if c := world().byCode[p.Place.Country]; c != nil {
			s.country = c
		}
	}
	return s
}

// priogrid returns the number of the cell of PRIO-GRID that the point lies in:
// half a degree wide and high, numbered from 1 at 90 S 180 W eastwards and
// then northwards, 720 cells to a row (Tollefsen and others, "PRIO-GRID: A
// unified spatial data structure", Journal of Peace Research 49, 2012).
func priogrid(lat, lon float64) int {
	row := min(max(int(math.Floor((lat+90)*2)), 0), 359)
	col := min(max(int(math.Floor((lon+180)*2)), 0), 719)
	return row*720 + col + 1
}
