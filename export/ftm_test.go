package export

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanad-project/sanad"
)

func readFTM(t testing.TB, b []byte) []ftmEntity {
	var out []ftmEntity
	for l := range strings.Lines(string(b)) {
		var e ftmEntity
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			t.Fatalf("%v: %.200s", err, l)
		}
		out = append(out, e)
	}
	return out
}

// ftmRef says which properties name other entities, and of which schema.
var ftmRef = map[string]string{"proof": "Article", "document": "Article", "addressEntity": "Address",
	"resolved": "legal", "involved": "legal", "member": "legal", "organization": "body", "entity": "Article legal"}

func ftmIs(schema, want string) bool {
	body := schema == "Organization" || schema == "PublicBody"
	for _, w := range strings.Fields(want) {
		if w == schema || w == "body" && body || w == "legal" && (body || schema == "Person") {
			return true
		}
	}
	return false
}

// TestFTM checks what needs no schemata: scripts/readers checks against
// FollowTheMoney's own.
func TestFTM(t *testing.T) {
	id := regexp.MustCompile(`^[0-9a-zA-Z]([0-9a-zA-Z.-]*[0-9a-zA-Z])?$`)
	for name, list := range map[string][]*Item{"reports": webItems(t), "hostile": hostile(t)} {
		schema := map[string]string{}
		entities := readFTM(t, export(t, "ftm", webStream(list, 2), Options{Unrealised: true}))
		for _, e := range entities {
			if !id.MatchString(e.ID) {
				t.Errorf("%s: id %q", name, e.ID)
			}
			if s := schema[e.ID]; s != "" {
				t.Errorf("%s: a second %s %s", name, s, e.ID)
			}
			schema[e.ID] = e.Schema
		}
		for _, e := range entities {
			for property, values := range e.Properties {
				if len(values) == 0 {
					t.Errorf("%s: %s of %s is empty", name, property, e.ID)
				}
				for _, v := range values {
					if want := ftmRef[property]; want != "" && !ftmIs(schema[v], want) {
						t.Errorf("%s: %s of a %s is %s, a %q", name, property, e.Schema, v, schema[v])
					}
					if strings.ContainsAny(v, "\x00\x07\x1b\u202e\u2067\ufeff") || utf8.RuneCountInString(v) > ftmText {
						t.Errorf("%s: %s of %s: %.100q", name, property, e.ID, v)
					}
				}
			}
		}
	}
}

// TestFTMNames: somebody who is only described is no entity, and loaded wording
// is nobody's name.
func TestFTMNames(t *testing.T) {
	const loaded, described = "رژیم صهیونیستی", "منبع امنیتی"
	said := false
	for _, e := range readFTM(t, export(t, "ftm", webStream(webItems(t), 1), Options{Unrealised: true})) {
		for _, property := range []string{"name", "alias", "location", "role", "position"} {
			for _, v := range e.Properties[property] {
				if strings.Contains(v, loaded) && e.Schema != "Article" {
					t.Errorf("%s of a %s: %s", property, e.Schema, v)
				}
				if strings.Contains(v, described) && e.Schema != "Note" {
					t.Errorf("%s of a %s: %s", property, e.Schema, v)
				}
			}
		}
		if e.Schema == "Note" && strings.Contains(strings.Join(e.Properties["summary"], ""), "Reuters ← «یک "+described+"»") {
			said = true
		}
	}
	if !said {
		t.Error("no note keeps the words for the security source")
	}
}

// TestFTMIdentity: who is in the lexicon is one in all reports; a name that it
// does not know is somebody else in each, until people merge them.
func TestFTMIdentity(t *testing.T) {
	a := sanad.Article{ID: "i1", Outlet: "ایسنا", Text: "حسین کمالی، عضو شورای شهر صنعا، گفت: هاکان فیدان به بغداد سفر کرد."}
	b := a
	b.ID = "i2"
	ids := func(list ...*Item) map[string]map[string]bool {
		out := map[string]map[string]bool{}
		for _, e := range readFTM(t, export(t, "ftm", webStream(list, 1), Options{})) {
			for _, n := range e.Properties["name"] {
				if e.Schema == "Person" {
					if out[n] == nil {
						out[n] = map[string]bool{}
					}
					out[n][e.ID] = true
				}
			}
		}
		return out
	}
	x, y := itemOf(t, a), itemOf(t, b)
	got := ids(x, y)
	if len(got["هاکان فیدان"]) != 1 || len(got["حسین کمالی"]) != 2 {
		t.Errorf("ids: %v", got)
	}
	for _, it := range []*Item{x, y} {
		for i := range it.Record.Entities {
			if e := &it.Record.Entities[i]; e.Name == "حسین کمالی" {
				e.ID = x.ID + "/" + "hsin-kmali"
			}
		}
	}
	if got := ids(x, y); len(got["حسین کمالی"]) != 1 {
		t.Errorf("merged: %v", got)
	}
}

// TestFTMUnrealised: what did not happen is left out, and says so when asked for.
func TestFTMUnrealised(t *testing.T) {
	list := webItems(t)
	for _, e := range readFTM(t, export(t, "ftm", webStream(list, 1), Options{})) {
		if s := strings.Join(e.Properties["keywords"], " "); e.Schema == "Event" && !strings.Contains(s, "status:happened") && !strings.Contains(s, "status:ongoing") {
			t.Errorf("%s: %s", e.ID, s)
		}
	}
	n := 0
	for _, e := range readFTM(t, export(t, "ftm", webStream(list, 1), Options{Unrealised: true})) {
		name := strings.Join(e.Properties["name"], " ")
		if e.Schema != "Event" {
			continue
		}
		if !strings.HasPrefix(name, "Reported: ") && !strings.HasPrefix(name, "Claimed: ") {
			t.Errorf("an event called %q", name)
		}
		if strings.Contains(strings.Join(e.Properties["keywords"], " "), "status:future") {
			if n++; !strings.Contains(name, "not happened (future)") {
				t.Errorf("a planned event called %q", name)
			}
		}
	}
	if n == 0 {
		t.Error("no planned event")
	}
}

func TestFTMClean(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		out   string
	}{
		{"می‌گوید", ftmName, "می‌گوید"},
		{" a \t\n b ", ftmName, "a b"},
		{"a\nb", ftmText, "a\nb"},
		{"\u202eabc\u202c\x00", ftmName, "abc"},
		{"ابپت", 3, "ابپ"},
		{"ab cd", 3, "ab"},
		{"\u202e \x1b", ftmName, ""},
	} {
		if got := ftmClean(c.in, c.limit); got != c.out {
			t.Errorf("%q, %d: %q, want %q", c.in, c.limit, got, c.out)
		}
	}
	if got := strings.Join(chunks(strings.Repeat("خط\n", ftmText)), ""); got != strings.Repeat("خط\n", ftmText) {
		t.Error("the parts of a long text are not the text")
	}
	for _, c := range chunks(strings.Repeat("خط\n", ftmText)) {
		if utf8.RuneCountInString(c) > ftmText || !strings.HasSuffix(c, "\n") {
			t.Error("a part is too long or cut inside a line")
		}
	}
}

func TestWebAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/خبر/1?x=1#a": "https://example.org/خبر/1?x=1#a",
		"http://example.org/می‌گوید":      "http://example.org/می%E2%80%8Cگوید",
		"https://example.org/a b‮\"":      "https://example.org/a%20b%E2%80%AE%22",
		"javascript:alert(1)":             "",
		"example.org/1":                   "",
		"https:///x":                      "",
		"":                                "",
	} {
		if got := webAddress(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzFTMClean(f *testing.F) {
	f.Add("حمله \u202e", 10)
	f.Add("a \x00 b", 3)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		got := ftmClean(s, limit)
		if limit >= 0 && utf8.RuneCountInString(got) > limit {
			t.Errorf("%q has more than %d code points", got, limit)
		}
		if again := ftmClean(got, limit); again != got {
			t.Errorf("%q, cleaned again, is %q", got, again)
		}
	})
}
