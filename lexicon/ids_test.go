package lexicon

import "testing"

// An id is one entity, whichever file it stands in: only a state that is also a
// region on the map stands in two.
func TestIDs(t *testing.T) {
	l, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	where := map[string]string{}
	for _, file := range []string{"actors", "people", "outlets", "places"} {
		for _, e := range l.File(file) {
			before, twice := where[e.ID]
			where[e.ID] = file
			if twice && (before != "actors" || file != "places" || e.Get("precision") != "region") {
				t.Errorf("%s is in %s and in %s", e.ID, before, file)
			}
		}
	}
}
