package incident

import (
	"slices"
	"testing"
)

// origins says how many independent origins the values of a field have.
func origins(l Linked, field string) map[string]int {
	out := map[string]int{}
	for _, v := range l.Table.Values[field] {
		out[v.Value] = v.Origins
	}
	return out
}

// Reports confirm each other only where outlet, author and primary source
// differ.
func TestOrigins(t *testing.T) {
	police := func(id, outlet string) Doc {
		return docOf(t, id, outlet, "2009-03-10", "انفجار بمب در کرکوک", "پلیس کرکوک گفت: صبح امروز سه‌شنبه در انفجار بمب در محله تسعین شهر کرکوک پنج نفر کشته شدند.")
	}
	own := func(id, outlet string) Doc {
		return docOf(t, id, outlet, "2009-03-10", "انفجار بمب در کرکوک", "صبح امروز سه‌شنبه در انفجار بمب در محله تسعین شهر کرکوک پنج نفر کشته شدند.")
	}
	described := func(id, outlet string) Doc {
		return docOf(t, id, outlet, "2009-03-10", "انفجار بمب در کرکوک", "یک مقام امنیتی گفت: صبح امروز سه‌شنبه در انفجار بمب در محله تسعین شهر کرکوک پنج نفر کشته شدند.")
	}
	of := func(d Doc, origin string) Doc { d.Origin = origin; return d }
	for _, c := range []struct {
		what string
		docs []Doc
		want int
	}{
		{"two outlets in their own voice", []Doc{own("a", "ایرنا"), own("b", "مهر")}, 2},
		{"one outlet twice", []Doc{own("a", "ایرنا"), own("b", "ایرنا")}, 1},
		{"two that quote one speaker", []Doc{police("a", "ایرنا"), police("b", "مهر")}, 1},
		{"one that quotes him, one that does not", []Doc{police("a", "ایرنا"), own("b", "مهر")}, 2},
		{"two that describe a speaker", []Doc{described("a", "ایرنا"), described("b", "مهر")}, 2},
		{"two of one author", []Doc{of(own("a", "ایرنا"), "x"), of(own("b", "مهر"), "x")}, 1},
		{"two of two authors", []Doc{of(own("a", "ایرنا"), "x"), of(own("b", "مهر"), "y")}, 2},
		{"a chain: one author, one speaker", []Doc{of(own("a", "ایرنا"), "x"), of(police("b", "مهر"), "x"), police("c", "فارس")}, 1},
	} {
		list := All(lex(t), c.docs, nil)
		if len(list) != 1 {
			t.Errorf("%s: %s", c.what, groupsOf(list))
			continue
		}
		if got := origins(list[0], Killed)["5"]; got != c.want {
			t.Errorf("%s: five killed on %d origins, want %d", c.what, got, c.want)
		}
		if got := list[0].Table.Origins; got != c.want {
			t.Errorf("%s: %d origins, want %d", c.what, got, c.want)
		}
		grade := map[bool]string{true: Fair, false: Weak}[c.want > 1]
		if list[0].Table.Grade != grade {
			t.Errorf("%s: grade %s, want %s", c.what, list[0].Table.Grade, grade)
		}
	}
}

// What an incident can be asked for.
func TestFacets(t *testing.T) {
	list := All(lex(t), small(t), nil)
	i := slices.IndexFunc(list, func(l Linked) bool { return len(l.Members) == 3 })
	got := dump(t, list[i].Facets) + " " + dump(t, list[i].Where) + " " + list[i].Head.Text + " " + dump(t, list[i].First)
	want := `{"kinds":["violence"],"places":["kirkuk"],"countries":["IQ"],"outlets":["fars-news","irna","mehr-news"]} {"id":"kirkuk","name":"کرکوک","country":"IQ"} انفجار بمب در کرکوک پنج کشته بر جا گذاشت "2009-03-10"`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
