package where

import (
	"testing"

	"github.com/sanad-project/sanad/lexicon"
)

func TestPlaces(t *testing.T) {
	l, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	g := New(l)
	mosul := g.Geo("mosul")
	if mosul == nil || mosul.Country != "IQ" || mosul.Precision != "city" || mosul.GeoNames != 99072 || mosul.Lat < 36 || mosul.Lat > 37 || mosul.Lon < 43 || mosul.Lon > 44 {
		t.Errorf("mosul is at %+v", mosul)
	}
	if g.Geo("no-such-place") != nil {
		t.Error("a place that is not there has coordinates")
	}
	for _, e := range l.File("places") {
		at := e.Get("at")
		geo := g.Geo(e.ID)
		switch {
		case at != "" && geo == nil:
			t.Errorf("%s:%d: %s: at %q is not read", e.File, e.Line, e.ID, at)
		case geo != nil && (geo.Lat < -90 || geo.Lat > 90 || geo.Lon < -180 || geo.Lon > 180):
			t.Errorf("%s:%d: %s: %+v is not on the globe", e.File, e.Line, e.ID, geo)
		case geo != nil && geo.Precision == "":
			t.Errorf("%s:%d: %s: no precision", e.File, e.Line, e.ID)
		}
	}
}
