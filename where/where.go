// Package where is the gazetteer: it says where a place is.
//
// Which place a name means is decided where names are found (package who): a
// name that several places bear goes to the one whose country the report
// speaks of, then to the one that stands first in lexicon/data/places.txt.
package where

import (
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// Gazetteer holds the places of lexicon/data/places.txt by id.
type Gazetteer struct {
	places map[string]*report.Geo
}

// New reads the places of the lexicon.
func New(l *lexicon.Lexicon) *Gazetteer {
	list := l.File("places")
	g := &Gazetteer{places: make(map[string]*report.Geo, len(list))}
	geos := make([]report.Geo, len(list))
	n := 0
	for i := range list {
		if geo, ok := read(&list[i]); ok {
			geos[n] = geo
			g.places[list[i].ID] = &geos[n]
			n++
		}
	}
	return g
}

// read makes the Geo of an entry; ok is false where it has no coordinates.
func read(e *lexicon.Entry) (geo report.Geo, ok bool) {
	at := strings.Fields(e.Get("at"))
	if len(at) != 2 {
		return geo, false
	}
	lat, err1 := strconv.ParseFloat(at[0], 64)
	lon, err2 := strconv.ParseFloat(at[1], 64)
	if err1 != nil || err2 != nil {
		return geo, false
	}
	id, _ := strconv.Atoi(e.Get("geonames"))
	precision := e.Get("precision")
	if precision == "site" || precision == "place" {
		precision = "point"
	}
	return report.Geo{GeoNames: id, Lat: lat, Lon: lon, Country: e.Get("iso"), Precision: precision}, true
}

// Geo returns where the entity of that id is, nil when unknown.
func (g *Gazetteer) Geo(id string) *report.Geo { return g.places[id] }
