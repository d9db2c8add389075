package desk

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

var placeholder = regexp.MustCompile(`\{[a-z0-9]+\}`)

func TestTextsHaveTheSameKeys(t *testing.T) {
	en, fa := languages["en"].text, languages["fa"].text
	for key := range en {
		if _, ok := fa[key]; !ok {
			t.Errorf("text/fa lacks %s", key)
		}
	}
	for key, text := range fa {
		if _, ok := en[key]; !ok {
			t.Errorf("text/en lacks %s", key)
		}
		// A sentence has the same parts in both.
		a, b := placeholder.FindAllString(en[key], -1), placeholder.FindAllString(text, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s has %v in English and %v in Persian", key, a, b)
		}
		for _, s := range []string{en[key], text} {
			if strings.Count(s, "[") != strings.Count(s, "]") || strings.Count(s, "{") != strings.Count(s, "}") || s == "" {
				t.Errorf("%s: %q", key, s)
			}
		}
	}
}

// Every value that a form offers has a word, every field a label, every act
// and type of event a sentence.
func TestEveryValueHasAWord(t *testing.T) {
	for _, l := range languages {
		for _, k := range []review.Kind{review.Entity, review.Mention, review.Time, review.Number, review.Statement, review.Event, review.Loaded} {
			if !l.has("kind." + string(k)) {
				t.Errorf("%s: no word for %s", l.Code, k)
			}
			for _, f := range review.Fields(k) {
				if !l.has("field." + f) {
					t.Errorf("%s: no label for %s", l.Code, f)
				}
				if shapeOf(k, f) == "" {
					t.Errorf("%s of %s has no form", f, k)
				}
				for _, v := range review.Choices(k, f) {
					if !l.has("value." + string(k) + "." + f + "." + v) {
						t.Errorf("%s: no word for %s %s %s", l.Code, k, f, v)
					}
				}
			}
		}
		for _, v := range review.Choices(review.Statement, "act") {
			if !l.has("said." + v) {
				t.Errorf("%s: no sentence for %s", l.Code, v)
			}
		}
		for _, v := range review.Choices(review.Event, "type") {
			if !l.has("event." + v) {
				t.Errorf("%s: no sentence for %s", l.Code, v)
			}
		}
		for _, s := range states {
			if strings.HasPrefix(l.Word("state", s), s) && l.Code == "fa" {
				t.Errorf("fa: no word for the state %s", s)
			}
		}
	}
}

// plain is a sentence without its tags.
func plain(s any) string {
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(strings.NewReplacer("<q", "«<q", "</q>", "»").Replace(fmt.Sprint(s)), "")
	return html.UnescapeString(text)
}

func TestSentence(t *testing.T) {
	l := &language{Code: "en", text: map[string]string{
		"x": "{who} said[ to {to}][, by {via}]: {what}", "danger": "<b>{who}</b>",
	}}
	for _, c := range []struct {
		p    parts
		want string
	}{
		{parts{"who": "A", "what": "B"}, "A said: B"},
		{parts{"who": "A", "what": "B", "via": "C"}, "A said, by C: B"},
		{parts{"who": "A", "what": "B", "via": "C", "to": "D"}, "A said to D, by C: B"},
	} {
		if got := l.Sentence("x", c.p); string(got) != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got := l.Sentence("danger", parts{"who": "<i>A</i>"}); got != "&lt;b&gt;<i>A</i>&lt;/b&gt;" {
		t.Errorf("%q", got)
	}
}

func TestWhen(t *testing.T) {
	en, fa := languages["en"], languages["fa"]
	for _, c := range []struct{ value, en, fa string }{
		{"2024-03-10", "2024-03-10 20 Esfand 1402", "۲۰ اسفند ۱۴۰۲ ۲۰۲۴-۰۳-۱۰"},
		{"2024-03-10TNI", "2024-03-10 20 Esfand 1402, night", "۲۰ اسفند ۱۴۰۲ ۲۰۲۴-۰۳-۱۰، شب"},
		{"2024-03-10T14:30", "2024-03-10 20 Esfand 1402, 14:30", "۲۰ اسفند ۱۴۰۲ ۲۰۲۴-۰۳-۱۰، ۱۴:۳۰"},
		{"2024-03", "2024-03", "۲۰۲۴-۰۳"},
		{"2013-09-21/..", "since 2013-09-21 30 Shahrivar 1392", "از ۳۰ شهریور ۱۳۹۲ ۲۰۱۳-۰۹-۲۱"},
		{"2001/2003", "2001 to 2003", "۲۰۰۱ تا ۲۰۰۳"},
		{"2001~", "about 2001", "حدود ۲۰۰۱"},
		{"P8D", "8 days", "۸ روز"}, {"P1Y", "1 year", "۱ سال"}, {"PT5M", "5 minutes", "۵ دقیقه"}, {"P5M", "5 months", "۵ ماه"}, {"PXD", "some days", "چند روز"},
		{"PAST_REF", "some time ago", "چندی پیش"},
		{"2024-99-99", "2024-99-99", "2024-99-99"}, {"P", "P", "P"}, {"", "", ""}, {"2024-03-10T", "2024-03-10T", "۲۰۲۴-۰۳-۱۰T"},
	} {
		if got := plain(en.When(c.value)); got != c.en {
			t.Errorf("%s: %q, want %q", c.value, got, c.en)
		}
		if got := plain(fa.When(c.value)); got != c.fa {
			t.Errorf("%s: %q, want %q", c.value, got, c.fa)
		}
	}
}

func TestTame(t *testing.T) {
	if got := tame("می‌گوید \u202e\u2066x\u2069\u200f\x00\x1b[1m\nخبر"); got != "می‌گوید x[1m خبر" {
		t.Errorf("%q", got)
	}
}

// The findings of the example as they are told.
func TestTells(t *testing.T) {
	rec, err := reader().Read(article)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string][]string{
		"en": {
			"سخنگوی پلیس استان دیاله said, relayed by Reuters: «دیروز دست‌کم سه نفر در انفجار بمب در بعقوبه کشته شدند»",
			"Explosion against سه نفر in Baqubah, 2012-05-13 24 Ordibehesht 1391, with «بمب»; at least 3 killed",
			"On the word of سخنگوی پلیس استان دیاله.",
			"«دست‌کم سه نفر»: at least 3 killed",
			"Baqubah بعقوبه, place",
		},
		"fa": {
			"سخنگوی پلیس استان دیاله گفت، به نقل از خبرگزاری رویترز: «دیروز دست‌کم سه نفر در انفجار بمب در بعقوبه کشته شدند»",
			"انفجار علیه سه نفر در بعقوبه، ۲۴ اردیبهشت ۱۳۹۱ ۲۰۱۲-۰۵-۱۳، با «بمب»؛ دست‌کم ۳ کشته",
			"به گفتهٔ سخنگوی پلیس استان دیاله.",
			"«دست‌کم سه نفر»: دست‌کم ۳ کشته",
			"بعقوبه، جا",
		},
	} {
		x := newTeller(languages[code], rec)
		st := x.statements["s1"]
		e := event(t, rec, "انفجار بمب")
		var n *record.Number
		for i := range rec.Numbers {
			if rec.Numbers[i].Unit == "killed" {
				n = &rec.Numbers[i]
			}
		}
		if n == nil || st == nil {
			t.Fatalf("the example is read otherwise: %+v", rec)
		}
		got := []string{plain(x.statement(st, x.content(st))), plain(x.event(e)), plain(x.source(e)), plain(x.number(n)), plain(x.entity(x.entities["baqubah"]))}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q\nwant %q", code, got[i], want[i])
			}
		}
	}
}

// What is made into HTML here escapes what it is given.
func TestEscapes(t *testing.T) {
	const evil = `<b onclick="x">&'` + "\u202e"
	rec := &record.Record{Entities: []record.Entity{{ID: "a", Name: evil}, {ID: "b", Name: "نام", NameEn: evil}}}
	for name, got := range map[string]any{
		"bdi": bdi(evil), "ltr": ltr(evil), "quote": quote(evil), "marked": marked(evil, 0, []record.Span{{Start: 0, End: 3}}),
		"name": newTeller(languages["fa"], rec).name("a"), "English name": newTeller(languages["en"], rec).name("b"), "no such name": newTeller(languages["en"], rec).name(evil),
		"day": languages["en"].Day(evil), "when": languages["fa"].When(evil), "moment": languages["en"].When("P" + evil), "part": languages["en"].When("2024-03-10T" + evil),
	} {
		if s := fmt.Sprint(got); strings.Contains(s, "<b ") || strings.Contains(s, "\u202e") || !strings.Contains(s, "onclick") {
			t.Errorf("%s: %q", name, s)
		}
	}
}
