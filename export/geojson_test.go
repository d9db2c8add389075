package export

import (
	"encoding/json"
	"testing"

	"github.com/sanad-project/sanad/record"
)

// geoFile is read strictly: a member that RFC 7946 does not know would be an
// error.
type geoFile struct {
	Type     string
	Features []struct {
		Type     string
		ID       string
		Geometry *struct {
			Type        string
			Coordinates []float64
		}
		Properties map[string]any
	}
}

func readGeo(t testing.TB, b []byte) geoFile {
	var f geoFile
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestGeoJSON(t *testing.T) {
	f := readGeo(t, export(t, "geojson", webStream(webItems(t), 1), Options{}))
	if f.Type != "FeatureCollection" {
		t.Errorf("type %s", f.Type)
	}
	located, unlocated, ids := 0, 0, map[string]bool{}
	for _, x := range f.Features {
		if x.Type != "Feature" || x.ID == "" || ids[x.ID] || x.Properties == nil {
			t.Errorf("%+v", x)
		}
		ids[x.ID] = true
		if s := x.Properties["status"]; s != "happened" && s != "ongoing" {
			t.Errorf("%s: %v", x.ID, s)
		}
		if x.Geometry == nil {
			unlocated++
			continue
		}
		located++
		c := x.Geometry.Coordinates
		if x.Geometry.Type != "Point" || len(c) != 2 || c[0] < -180 || c[0] > 180 || c[1] < -90 || c[1] > 90 {
			t.Errorf("%s: %+v", x.ID, x.Geometry)
		}
		switch x.Properties["place_en"] {
		case "Baqubah": // 33.754° N, 44.6052° E: longitude comes first
			if c[0] != 44.6052 || c[1] != 33.754 || x.Properties["radius_km"] != 25.0 || x.Properties["precision"] != "city" {
				t.Errorf("%+v", x)
			}
		case "Diyala":
			if x.Properties["radius_km"] != 280.0 || x.Properties["precision"] != "province" {
				t.Errorf("a province looks like a point: %+v", x)
			}
		}
	}
	if located == 0 || unlocated == 0 {
		t.Errorf("%d events with and %d without coordinates", located, unlocated)
	}
	if all := readGeo(t, export(t, "geojson", webStream(webItems(t), 1), Options{Unrealised: true})); len(all.Features) <= len(f.Features) {
		t.Error("Unrealised adds nothing")
	}
}

// TestGeoJSONClaim: a claim says whose word it is, and through whom it came.
func TestGeoJSONClaim(t *testing.T) {
	f := readGeo(t, export(t, "geojson", webStream(webItems(t)[:1], 1), Options{}))
	p := f.Features[1].Properties
	chain, _ := json.Marshal(p["chain"])
	if p["claim"] != true || p["said_by_words"] != "سخنگوی پلیس استان دیاله" || string(chain) != `["IRNA","Reuters","سخنگوی پلیس استان دیاله"]` {
		t.Errorf("%v", p)
	}
	if p["killed_min"] != 3.0 || p["killed_max"] != nil || p["date_start"] != "2012-05-13" {
		t.Errorf("%v", p)
	}
	if f.Features[0].Properties["claim"] != false {
		t.Error("what the title says itself is called a claim")
	}
}

// TestGeoJSONEmpty: nothing to show is a valid collection.
func TestGeoJSONEmpty(t *testing.T) {
	if f := readGeo(t, export(t, "geojson", webStream(nil, 1), Options{})); f.Type != "FeatureCollection" || f.Features == nil {
		t.Errorf("%+v", f)
	}
}

// TestOffEarth: coordinates that no point of the earth has make no geometry.
func TestOffEarth(t *testing.T) {
	it := webItems(t)[0]
	for i := range it.Record.Entities {
		if g := it.Record.Entities[i].Place; g != nil {
			g.Lat = 133
		}
	}
	for _, x := range readGeo(t, export(t, "geojson", webStream([]*Item{it}, 1), Options{})).Features {
		if x.Geometry != nil {
			t.Errorf("%+v", x.Geometry)
		}
	}
	if (geo(&record.Entity{Type: "MEDIA", Place: &record.Geo{Lat: 25}})) != nil {
		t.Error("an agency stands on the map")
	}
}
