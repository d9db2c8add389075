package desk

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/review"
)

// Each finding of a report is explained: its rule is the record's, its own words
// are among its evidence, and what the lexicon gave is named with file and line.
func TestWhy(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	d := b.desk.(*guard).desk
	full := b.full(id)
	n := 0
	for _, k := range []review.Kind{review.Statement, review.Event, review.Entity, review.Mention, review.Time, review.Number, review.Loaded} {
		for _, it := range full.Reviewed.Items(k) {
			n++
			y, err := d.why(context.Background(), full, it.Target)
			if err != nil {
				t.Fatalf("%s %s: %v", k, it.Target.ID, err)
			}
			if y.Gone || y.Other || y.Rule == "" {
				t.Errorf("%s %s: gone %t, other %t, rule %q", k, it.Target.ID, y.Gone, y.Other, y.Rule)
			}
			if k != review.Entity && !slices.ContainsFunc(y.Spans, func(s whySpan) bool {
				return s.Start == it.Target.Start && s.End == it.Target.End && s.Words == string([]rune(full.Machine.Document.Text)[s.Start:s.End])
			}) {
				t.Errorf("%s %s: its words are not among %+v", k, it.Target.ID, y.Spans)
			}
			for _, e := range y.Entries {
				if len(e.Places) == 0 || !strings.HasSuffix(e.Places[0].File, ".txt") || e.Places[0].Line == 0 {
					t.Errorf("%s %s: entry without place: %+v", k, it.Target.ID, e)
				}
				b.get(e.Link)
			}
		}
	}
	if n < 10 {
		t.Fatalf("%d findings", n)
	}
	e := event(t, full.Reviewed.Record, "انفجار بمب")
	y, err := d.why(context.Background(), full, review.Target{Kind: review.Event, ID: e.ID, Start: e.Trigger.Start, End: e.Trigger.End})
	if err != nil {
		t.Fatal(err)
	}
	if y.Rule != e.Rule || len(y.Entries) == 0 || y.Entries[0].Kind != "frames" || !slices.Contains(y.Entries[0].Match, "انفجار بمب") || len(y.Words) < 5 {
		t.Errorf("the explosion: %+v", y)
	}
	if y, err := d.why(context.Background(), full, review.Target{Kind: review.Event, ID: "e1", Start: 0, End: 3}); err != nil || !y.Gone {
		t.Errorf("words of no event: %+v %v", y, err)
	}
	for _, at := range [][2]int{{-1, 3}, {5, 2}, {0, 1 << 30}, {1 << 30, 1 << 31}} {
		if y, err := d.why(context.Background(), full, review.Target{Kind: review.Number, Start: at[0], End: at[1]}); err != nil || !y.Gone {
			t.Errorf("%v: %+v %v", at, y, err)
		}
	}
}

// The panel asks for it by an address, in both languages, without script.
func TestWhyPanel(t *testing.T) {
	for _, lang := range []string{"en", "fa"} {
		b := newBench(t)
		b.lang = lang
		id := b.add(article)
		e := event(t, b.record(id), "انفجار بمب")
		page := b.get("/report/" + id + "?f=event:" + e.ID)
		must(t, page, languages[lang].T("why.ask"), "?f=event%3a"+e.ID+"&amp;why=1", "<code lang=\"en\" dir=\"ltr\">"+e.Rule)
		mustNot(t, page, languages[lang].T("why.words"))
		page = b.get("/report/" + id + "?" + url.Values{"f": {"event:" + e.ID}, "why": {"1"}}.Encode())
		must(t, page, languages[lang].T("why.title"), "frames.txt:", `href="/lexicon/frames/`, languages[lang].T("why.words"), languages[lang].T("field.trigger"), "/report/"+id+"/at/")
		mustNot(t, page, missing)
		// Other kinds of findings.
		for _, f := range []string{"entity:reuters", "statement:s1"} {
			page := b.get("/report/" + id + "?f=" + f + "&why=1")
			must(t, page, languages[lang].T("why.title"))
			mustNot(t, page, missing)
		}
	}
}

// What another version read is explained as it is read now, and the page says so.
func TestWhyOfAnotherReading(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	e := event(t, b.record(id), "انفجار بمب")
	b.desk.(*guard).desk.engine.Store(newEngine(reader(), "a later version", ""))
	must(t, b.get("/report/"+id+"?f=event:"+e.ID+"&why=1"), languages["en"].T("why.other"), "frames.txt:")
	// A finding that a person added has no rule.
	b.decides(id, "action", "add", "kind", "time", "words", "سه نفر", "value.type", "DATE", "value.value", "2012")
	for _, it := range b.full(id).Reviewed.Items(review.Time) {
		if it.Verdict == review.Added {
			must(t, b.get("/report/"+id+"?f=time:"+url.QueryEscape(it.Target.ID)+"&why=1"), languages["en"].T("why.gone"))
			return
		}
	}
	t.Error("nothing was added")
}

// By the keyboard: w opens and closes it, stepping keeps it open, its words are
// shown in the text.
func TestBrowserWhy(t *testing.T) {
	x := browser(t)
	id := x.add(article)
	e := event(t, x.record(id), "انفجار بمب")
	x.open("/report/" + id + "?f=event:" + e.ID)
	x.picked("event:" + e.ID)
	x.key("w")
	x.wait(`document.querySelector("#because h3") && document.body.ariaBusy !== "true"`)
	x.wait(`document.activeElement.matches("[data-why]")`)
	x.key("j")
	x.wait(`document.querySelector(".finding.open")?.id !== "event:` + e.ID + `" && document.querySelector("#because h3") && document.body.ariaBusy !== "true"`)
	x.click("#because .words")
	x.wait(`CSS.highlights.get("told")?.size > 0`)
	x.key("w")
	x.wait(`document.querySelector("#panel") && !document.querySelector("#because h3") && document.body.ariaBusy !== "true"`)
	x.key("w")
	x.wait(`document.querySelector("#because h3") && document.body.ariaBusy !== "true"`)
	if over := eval[float64](x, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("the page hangs over by %g", over)
	}
	x.quiet()
}
