package desk

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// Each action through its form, and what is in force then.
func TestActions(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	e := event(t, b.record(id), "انفجار بمب").ID
	now := func() *record.Event { return event(t, b.record(id), "انفجار بمب") }

	b.decides(id, "action", "accept", "kind", "event", "id", e)
	if v := b.full(id).Reviewed.Verdict(review.Event, e); v != review.Accepted {
		t.Errorf("accept: %q", v)
	}
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "type", "value", "COERCE")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "mode", "value", "")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "status", "value", "hypothetical")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "weapon", "words", "")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "killed", "value", "")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "said_by", "value", "")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "date", "value", "۱۳۹۱-۰۲-۲۵", "words", "دیروز")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "place", "value", "Iraq", "words", "")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "actor", "entity.0", "us-army", "words.0", "ارتش آمریکا", "entity.1", "")
	x := now()
	if x.Type != "COERCE" || x.Mode != nil || x.Status != "hypothetical" || x.Weapon != nil || x.Killed != nil || x.SaidBy != nil || x.Date == nil || x.Date.Value != "2012-05-14" ||
		x.Date.Span == nil || x.Date.Span.Text != "دیروز" || len(x.Actor) != 1 || x.Actor[0].Entity != "us-army" || x.Actor[0].Span.Text != "ارتش آمریکا" || x.Place == nil || x.Place.Span != nil {
		t.Errorf("correct: %+v", x)
	}
	b.decides(id, "action", "undo", "kind", "event", "id", e) // the last: the actor
	if x := now(); len(x.Actor) != 0 {
		t.Errorf("undo: %+v", x.Actor)
	}
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "actor", "entity.0", "ارتش آمریکا", "entity.1", "reuters", "words.1", "رویترز")
	if x := now(); len(x.Actor) != 2 || x.Actor[1].Entity != "reuters" {
		t.Errorf("two actors: %+v", x.Actor)
	}
	b.decides(id, "action", "accept", "kind", "event", "id", e, "field", "status")
	b.decides(id, "action", "correct", "kind", "statement", "id", "s1", "field", "speaker", "value", "Reuters")
	b.decides(id, "action", "correct", "kind", "statement", "id", "s1", "field", "content", "words", "دست‌کم سه نفر")
	b.decides(id, "action", "correct", "kind", "statement", "id", "s1", "field", "quoted", "value", "true")
	b.decides(id, "action", "correct", "kind", "statement", "id", "s1", "field", "act", "value", "claim")
	if s := b.record(id).Statements[0]; *s.Speaker != "reuters" || len(s.Content) != 1 || s.Content[0].End-s.Content[0].Start != len([]rune("دست‌کم سه نفر")) || !s.Quoted || s.Act != "claim" {
		t.Errorf("statement: %+v", s)
	}
	var killed record.Number
	for _, n := range b.record(id).Numbers {
		if n.Unit == "killed" {
			killed = n
		}
	}
	num := review.ID(review.Number, killed.Start, killed.End)
	b.decides(id, "action", "correct", "kind", "number", "id", num, "field", "max", "value", "۷")
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "killed", "value", num)
	if x := now(); x.Killed == nil || *b.record(id).Numbers[*x.Killed].Max != 7 {
		t.Errorf("killed: %+v", x.Killed)
	}
	b.decides(id, "action", "note", "kind", "event", "id", e, "note", "سطر یک\r\nسطر دو")
	if n := b.full(id).Reviewed.Notes; len(n) != 1 || n[0].Note != "سطر یک\nسطر دو" || n[0].Author != "leila" {
		t.Errorf("note: %+v", n)
	}
	b.decides(id, "action", "reject", "kind", "event", "id", e)
	if v := b.full(id).Reviewed.Verdict(review.Event, e); v != review.Rejected {
		t.Errorf("reject: %q", v)
	}
	b.decides(id, "action", "state", "value", "done")
	if s := b.full(id).Review; s != "done" {
		t.Errorf("state: %s", s)
	}
}

func TestAdditions(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	text := []rune(b.record(id).Document.Text)
	at := func(words string) (string, string, int) {
		i := strings.Index(string(text), words)
		start := len([]rune(string(text)[:i]))
		return itoa(start), itoa(start + len([]rune(words))), start
	}
	start, end, from := at("بازداشت کنند")
	b.decides(id, "action", "add", "kind", "event", "words.trigger", "بازداشت کنند", "start.trigger", start, "end.trigger", end, "value.type", "COERCE", "value.status", "future")
	found := false
	for _, e := range b.record(id).Events {
		found = found || e.Trigger.Start == from && e.Trigger.Text == "بازداشت کنند" && e.Status == "future"
	}
	if !found {
		t.Errorf("event: %+v", b.record(id).Events)
	}
	b.decides(id, "action", "add", "kind", "entity", "known", "hamas")
	b.decides(id, "action", "add", "kind", "entity", "known", "سازمان ملل متحد")
	b.decides(id, "action", "add", "kind", "entity", "value.name", "عاملان", "value.type", "GRP")
	b.decides(id, "action", "add", "kind", "mention", "words", "را محکوم", "value.entity", "h4", "value.form", "description")
	b.decides(id, "action", "add", "kind", "statement", "words.content", "عاملان را", "value.act", "demand", "value.speaker", "us-army")
	b.decides(id, "action", "add", "kind", "number", "words", "عاملان", "value.min", "2", "value.unit", "people", "value.hedge", "at_least")
	b.decides(id, "action", "add", "kind", "time", "words", "به گزارش", "value.type", "DATE", "value.value", "2012-05-13")
	b.decides(id, "action", "add", "kind", "loaded", "words", "عاملان", "value.entity", "h4")
	r := b.record(id)
	has := map[string]bool{}
	for _, e := range r.Entities {
		has[e.ID] = true
		has[e.Name] = true
	}
	if !has["hamas"] || !has["عاملان"] {
		t.Errorf("entities: %+v", r.Entities)
	}
	page := b.get("/report/" + id)
	must(t, page, `class="tag verdict-added"`)
	if n := strings.Count(page, "verdict-added"); n < 8 {
		t.Errorf("%d of 9 additions are shown", n)
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// A form that cannot be: the page says why and nothing is written.
func TestRefusals(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	for _, c := range []struct{ form, why string }{
		{"action=fly&kind=event&id=e1", "no action"},
		{"action=correct&kind=event&id=e1&field=type&value=WAR", "WAR"},
		{"action=correct&kind=event&id=e1&field=color&value=red", "no field"},
		{"action=correct&kind=event&id=e99&field=type&value=COERCE", "e99"},
		{"action=correct&kind=event&id=e1&field=actor&entity.0=nobody", "no entity"},
		{"action=correct&kind=event&id=e1&field=trigger&words=" + url.QueryEscape("نیست در متن"), "does not have the words"},
		{"action=correct&kind=event&id=e1&field=trigger", "give the words"},
		{"action=correct&kind=event&id=e1&field=date&value=yesterday", "no time value"},
		{"action=correct&kind=event&id=e1&field=date&value=2012-02-31", "no day"},
		{"action=correct&kind=number&id=n0-1&field=min&value=x", "no number"},
		{"action=note&kind=event&id=e1&note=+", "empty"},
		{"action=undo&kind=event&id=e1", "undo"},
		{"action=undo&undoes=77", "77"},
		{"action=undo&undoes=x", "number"},
		{"action=state&value=lost", "lost"},
		{"action=add&kind=planet", "planet"},
		{"action=add&kind=entity&known=no-such-thing", "lexicon"},
		{"action=add&kind=number&words=" + url.QueryEscape("سه نفر") + "&value.unit=people&value.hedge=exact", "min or max"},
		{"action=accept&kind=&id=", "finding"},
		{"action=note&kind=report&note=%ff", "no text"},
	} {
		f, err := url.ParseQuery(c.form)
		if err != nil {
			t.Fatal(err)
		}
		w := b.post("/report/"+id+"/decide", f)
		if w.Code != 422 || !strings.Contains(alert(w.Body.String()), c.why) {
			t.Errorf("%s: %d %q", c.form, w.Code, alert(w.Body.String()))
		}
	}
	if n := len(b.full(id).Log); n != 0 {
		t.Errorf("%d decisions were written", n)
	}
	if w := b.post("/report/0000000000000000/decide", formOf("action", "state", "value", "done")); w.Code != 404 {
		t.Errorf("a report that is not there: %d", w.Code)
	}
}

// Two people at once: the second is refused, sees both, and may insist.
func TestConflict(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	e := event(t, b.record(id), "انفجار بمب").ID
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "type", "value", "PROTEST")
	f := formOf("action", "correct", "kind", "event", "id", e, "field", "type", "value", "COERCE", "seen", "")
	w := b.post("/report/"+id+"/decide", f)
	page := w.Body.String()
	if w.Code != 409 {
		t.Fatalf("%d", w.Code)
	}
	must(t, page, "Somebody decided in the meantime", "Protest", "Coercion", `name="value" value="COERCE"`)
	if x := event(t, b.record(id), "انفجار بمب"); x.Type != "PROTEST" {
		t.Errorf("it was overwritten: %s", x.Type)
	}
	b.decides(id, "action", "correct", "kind", "event", "id", e, "field", "type", "value", "COERCE")
	if x := event(t, b.record(id), "انفجار بمب"); x.Type != "COERCE" {
		t.Errorf("it cannot be insisted on: %s", x.Type)
	}
}

// A selected span counts where the words are still those; typed words are
// looked for near the finding.
func TestSpans(t *testing.T) {
	text := "گفت و رفت، گفت که می‌رود\nگفت"
	rec := &record.Record{Document: record.Document{Text: text}}
	for _, c := range []struct {
		words, start, end string
		near              int
		want              string // start-end text
	}{
		{"می‌رود", "18", "24", 0, "18-24 می‌رود"},
		{"", "18", "24", 0, "18-24 می‌رود"},
		{"گفت", "11", "14", 0, "11-14 گفت"},
		{"گفت", "", "", 0, "0-3 گفت"},
		{"گفت", "", "", 12, "11-14 گفت"},
		{"گفت", "", "", 99, "25-28 گفت"},
		{"گفت", "4", "7", 0, "0-3 گفت"}, // the place is of other words: somebody typed over them
		{"گفت", "-1", "2", 0, "0-3 گفت"},
		{"گفت", "27", "99", 0, "0-3 گفت"},
		{"گفت", "3", "0", 0, "0-3 گفت"},
		{"می‌رود\r\nگفت", "18", "28", 0, "18-28 می‌رود\nگفت"},
		{" گفت ", "", "", 0, "0-3 گفت"},
		{"میرود", "", "", 0, "error"},
		{"", "", "", 0, "none"},
	} {
		p := formReader{f: formOf("words", c.words, "start", c.start, "end", c.end), rec: rec, text: []rune(text), near: c.near}
		q, err := p.span("words", "start", "end")
		got := "none"
		if err != nil {
			got = "error"
		} else if q != nil {
			got = itoa(q.Start) + "-" + itoa(q.End) + " " + q.Text
		}
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// Whatever a form holds, parsing it gives a decision that can be judged or an
// error, never a panic, and what passes the check keeps the record valid.
func FuzzForm(f *testing.F) {
	rec, err := reader().Read(article)
	if err != nil {
		f.Fatal(err)
	}
	r, err := review.Apply(rec, nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		"action=accept&kind=event&id=e1", "action=correct&kind=event&id=e1&field=type&value=COERCE", "action=correct&kind=event&id=e1&field=actor&entity.0=reuters&words.0=%D8%B3%D9%87&start.0=1&end.0=2",
		"action=add&kind=event&words.trigger=%D8%A8%D9%85%D8%A8&value.type=ASSAULT&value.status=happened", "action=undo&undoes=1", "action=state&value=done", "action=note&kind=report&note=x",
		"action=add&kind=entity&known=hamas", "action=add&kind=number&words=%D8%B3%D9%87&value.min=3&value.unit=people&value.hedge=exact", "action=correct&kind=time&id=t0&field=value&value=1402-12-20",
		"action=correct&kind=statement&id=s1&field=content&start=3&end=99999999999999999999", "action=&kind=%ff&id=%00",
	} {
		f.Add(s)
	}
	lex := reader().Lexicon
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		a, err := parseAsk(form, r, lex)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("an error that says nothing")
			}
			return
		}
		a.Decision.Author = "leila"
		if r.Validate(&a.Decision) != nil {
			return
		}
		a.Decision.Seq = 1
		after, err := review.Apply(rec, []review.Decision{a.Decision})
		if err != nil {
			t.Fatal(err)
		}
		if errs := after.Record.Check(); len(errs) > 0 {
			t.Errorf("%q gives a record that is not valid: %v", body, errs)
		}
	})
}
