package desk

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sanad-project/sanad"
)

// bearers is a report that names a group no lexicon knows.
var bearers = sanad.Article{
	Outlet: "خبرگزاری ایرنا", Title: "بیانیه پرچم‌داران سحر", Published: "2024-03-10",
	Text: "گروه پرچم‌داران سحر در بیانیه‌ای اعلام کرد به پایگاهی در حومه حلب حمله پهپادی کرد.\nپرچم‌داران سحر پیش از این نیز مسئولیت دو حمله را پذیرفته بود.",
}

// dawn is the entry that knows it.
func dawn() url.Values {
	return formOf("kind", "actors", "id", "dawn-bearers", "f.type", "GRP", "f.fa", "پرچم‌داران سحر", "f.en", "Dawn Bearers",
		"for", "پرچم‌داران سحر بیانیه‌ای داد.", "against", "پرچم‌داران در سحر آمدند.")
}

func TestLexiconPages(t *testing.T) {
	for _, lang := range []string{"en", "fa"} {
		b := newBench(t)
		b.lang = lang
		page := b.get("/lexicon")
		must(t, page, languages[lang].T("lexicon.title"), languages[lang].T("lexicon.kind.actors"), `href="/lexicon?kind=actors"`)
		mustNot(t, page, missing)
		if len(page) > 300_000 {
			t.Errorf("%d bytes", len(page))
		}
		must(t, b.get("/lexicon?kind=actors&q="+url.QueryEscape("کتائب حزب‌الله")), "/lexicon/actors/kataib-hezbollah", "GRP")
		must(t, b.get("/lexicon?q=Kata'ib+Hezbollah"), "/lexicon/actors/kataib-hezbollah")
		mustNot(t, b.get("/lexicon?q=Kata'ib+Hezbollah"), missing)
		must(t, b.get("/lexicon?q=qqqqqq"), languages[lang].T("lexicon.none"))
		must(t, b.get("/lexicon?own=1"), languages[lang].T("lexicon.none.own"))
		entry := b.get("/lexicon/outlets/irna")
		must(t, entry, "outlets.txt", "خبرگزاری", languages[lang].T("lexicon.examples"))
		mustNot(t, entry, missing)
		for _, kind := range []string{"actors", "frames", "persons", "loaded", "places", "cues"} {
			form := b.get("/lexicon/add?kind=" + kind)
			must(t, form, `name="for"`, `name="f.`)
			mustNot(t, form, missing)
		}
	}
	b := newBench(t)
	for path, code := range map[string]int{"/lexicon?kind=../x": 422, "/lexicon/actors/nobody": 404, "/lexicon/nothing/irna": 404, "/lexicon/add?kind=nothing": 404,
		"/lexicon?offset=99999999": 200, "/lexicon?offset=1000000": 200, "/lexicon?q=%00%ff": 200, "/lexicon/actors": 303, "/lexicon/try": 303} {
		if w := b.do(b.request("GET", path, nil)); w.Code != code {
			t.Errorf("%s: %d, want %d", path, w.Code, code)
		}
	}
}

// The best comes first: who is called so before who has the word in a name.
func TestLexiconOrder(t *testing.T) {
	d := newBench(t).desk.(*guard).desk
	s, err := d.engine.Load().shelf()
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]string{"ایران": "iran", "iran": "iran", "Israel": "israel", "حماس": "hamas", "فارس‌نیوز": "fars-news", "فارس نیوز": "fars-news"} {
		list, _ := s.find(lexiconAsked{Words: word})
		if len(list) == 0 || list[0].Entry.ID != want {
			t.Errorf("%s: %d entries, first %v", word, len(list), list[0].Entry.ID)
		}
	}
}

// An entry is tried on the ledger's reports, kept in the user's folder, and new
// reports are read with it; old ones stay as they were.
func TestLexiconTryAndKeep(t *testing.T) {
	dir := t.TempDir()
	b := benchOf(t, Options{Lexicon: dir})
	old := b.add(bearers)
	other := b.add(article)
	w := b.post("/lexicon/try", dawn())
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	page := w.Body.String()
	must(t, page, "/report/"+old, "1 report read again", "change-found", "Dawn Bearers", "holds")
	mustNot(t, page, "/report/"+other, missing, "verdict-rejected")
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("trying wrote %v %v", list, err)
	}
	before := b.desk.(*guard).desk.reader().Lexicon.Hash()
	if w := b.post("/lexicon/keep", dawn()); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/lexicon/actors/dawn-bearers?kept=1" {
		t.Fatalf("keep: %d %s", w.Code, alert(w.Body.String()))
	}
	text, err := os.ReadFile(filepath.Join(dir, "actors.txt"))
	if err != nil || !strings.HasSuffix(string(text), "\ndawn-bearers\n\ttype GRP\n\tfa   پرچم‌داران سحر\n\ten   Dawn Bearers\n") {
		t.Errorf("the file: %q %v", text, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "corpus", "actors.txt")); err != nil || !strings.Contains(string(text), "\ttext پرچم‌داران سحر بیانیه‌ای داد.\n") {
		t.Errorf("the examples: %q %v", text, err)
	}
	d := b.desk.(*guard).desk
	if d.reader().Lexicon.Hash() == before {
		t.Error("the desk reads with the old lexicon")
	}
	if fresh, err := sanad.New(dir); err != nil || fresh.Lexicon.Hash() != d.reader().Lexicon.Hash() {
		t.Errorf("a program that begins now reads with another lexicon: %v", err)
	}
	must(t, b.get("/lexicon/actors/dawn-bearers?kept=1"), "sanad reread --lexicon", "actors.txt", "پرچم‌داران سحر بیانیه‌ای داد.", "yours")
	must(t, b.get("/lexicon?own=1"), "dawn-bearers")
	// What is added now is read with it.
	text2 := bearers
	text2.Text += "\nاین گروه خواستار آتش‌بس شد."
	if w := b.post("/add", formOf("title", text2.Title, "outlet", text2.Outlet, "published", text2.Published, "text", text2.Text)); w.Code != http.StatusSeeOther {
		t.Fatalf("add: %d %s", w.Code, alert(w.Body.String()))
	} else if id := strings.TrimPrefix(w.Header().Get("Location"), "/report/"); !hasEntity(b, id, "dawn-bearers") {
		t.Errorf("%s was not read with the new entry", id)
	}
	if hasEntity(b, old, "dawn-bearers") {
		t.Error("the old report was read again by itself")
	}
	if _, err := b.ledger.Reread(context.Background(), d.maker(), old); err != nil || !hasEntity(b, old, "dawn-bearers") {
		t.Errorf("read again: %v", err)
	}
}

func hasEntity(b *bench, id, entity string) bool {
	for _, e := range b.record(id).Entities {
		if e.ID == entity {
			return true
		}
	}
	return false
}

func TestLexiconRefuses(t *testing.T) {
	dir := t.TempDir()
	b := benchOf(t, Options{Lexicon: dir})
	set := func(pairs ...string) url.Values {
		f := dawn()
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
	for _, c := range []struct {
		path string
		f    url.Values
		want string
	}{
		{"/lexicon/try", set("id", "../evil"), "no id"},
		{"/lexicon/try", set("id", "x\ny"), "no id"},
		{"/lexicon/try", set("f.fa", ""), "field fa"},
		{"/lexicon/try", set("f.fa", "یک | دو"), "one value a line"},
		{"/lexicon/try", set("f.type", "ARMY"), "none of the values"},
		{"/lexicon/try", set("f.in", "nowhere-at-all"), "id of no entry"},
		{"/lexicon/try", set("for", "یک\u202eدو"), "cannot be seen"},
		{"/lexicon/keep", set("for", ""), "give a sentence"},
		{"/lexicon/keep", set("for", "باران بارید."), "is read as before"},
		{"/lexicon/keep", set("against", "پرچم‌داران سحر آمدند."), "read otherwise with the entry"},
	} {
		w := b.post(c.path, c.f)
		if w.Code != 422 || !strings.Contains(alert(w.Body.String()), c.want) {
			t.Errorf("%s %v: %d %s", c.path, c.f, w.Code, alert(w.Body.String()))
		}
	}
	if w := b.post("/lexicon/try", set("kind", "../actors")); w.Code != 422 {
		t.Errorf("a kind that is a path: %d", w.Code)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("what was refused wrote %v %v", list, err)
	}
	// Without a folder it can be tried, and the page says what to do.
	b = newBench(t)
	must(t, b.post("/lexicon/try", dawn()).Body.String(), "sanad desk --lexicon FOLDER")
	if w := b.post("/lexicon/keep", dawn()); w.Code != 422 || !strings.Contains(w.Body.String(), "--lexicon FOLDER") {
		t.Errorf("kept without a folder: %d", w.Code)
	}
	// A form of another site or an earlier run.
	r := b.request("POST", "/lexicon/keep", strings.NewReader(dawn().Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := b.do(r); w.Code != 403 {
		t.Errorf("without token: %d", w.Code)
	}
}

// What people type is text on the page, whatever it looks like.
func TestLexiconHostile(t *testing.T) {
	b := benchOf(t, Options{Lexicon: t.TempDir()})
	f := dawn()
	f.Set("f.en", `<script>alert(1)</script>`)
	f.Add("f.short", `"><img src=x onerror=alert(1)>`)
	f.Set("f.ctx", "{{.}}")
	for _, path := range []string{"/lexicon/try", "/lexicon/keep"} {
		w := b.post(path, f)
		mustNot(t, w.Body.String(), "<script>alert", "<img src=x")
	}
	mustNot(t, b.get("/lexicon/actors/dawn-bearers"), "<script>alert", "<img src=x")
	mustNot(t, b.get("/lexicon?q="+url.QueryEscape(`"><img src=x>`)), "<img src=x")
}

// People keep entries and read at the same time: nothing is lost, nobody waits
// for a lexicon half made.
func TestLexiconAtOnce(t *testing.T) {
	dir := t.TempDir()
	b := benchOf(t, Options{Lexicon: dir})
	b.add(bearers)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			f := dawn()
			f.Set("id", "dawn-"+string(rune('a'+i)))
			f.Set("f.fa", "پرچم‌داران سحر "+[]string{"نخست", "دوم", "سوم", "چهارم"}[i])
			f.Set("for", f.Get("f.fa")+" بیانیه‌ای داد.")
			if w := b.post("/lexicon/keep", f); w.Code != http.StatusSeeOther {
				t.Errorf("%d: %d %s", i, w.Code, alert(w.Body.String()))
			}
		})
		wg.Go(func() { b.get("/lexicon?q=dawn") })
		wg.Go(func() { b.get("/") })
	}
	wg.Wait()
	page := b.get("/lexicon?own=1")
	must(t, page, "dawn-a", "dawn-b", "dawn-c", "dawn-d")
}

// lexiconCalls are calls of the API for the walk over its description.
func lexiconCalls(b *bench) []apiCall {
	b.add(bearers)
	entry := map[string]any{"kind": "actors", "id": "dawn-bearers", "fields": map[string]any{"type": []string{"GRP"}, "fa": []string{"پرچم‌داران سحر"}, "en": []string{"Dawn Bearers"}},
		"for": []string{"پرچم‌داران سحر بیانیه‌ای داد."}, "against": []string{"پرچم‌داران در سحر آمدند."}}
	wrong := map[string]any{"kind": "actors", "id": "dawn-bearers", "fields": map[string]any{"colour": []string{"red"}}}
	large := strings.Repeat("x", maxForm+10)
	calls := []apiCall{
		{"findEntries", "/api/v1/lexicon?q=irna&kind=outlets&limit=2", nil, "", 200, nil},
		{"findEntries", "/api/v1/lexicon?offset=999999", nil, "", 200, nil},
		{"findEntries", "/api/v1/lexicon?kind=nothing", nil, "", 422, nil},
		{"getEntry", "/api/v1/lexicon/outlets/irna", nil, "", 200, nil},
		{"getEntry", "/api/v1/lexicon/outlets/nobody", nil, "", 404, nil},
		{"tryEntry", "/api/v1/lexicon/try", entry, "", 200, nil},
		{"keepEntry", "/api/v1/lexicon/keep", entry, "", 201, nil},
		{"getEntry", "/api/v1/lexicon/actors/dawn-bearers", nil, "", 200, nil},
	}
	for _, op := range []string{"tryEntry", "keepEntry"} {
		path := "/api/v1/lexicon/" + strings.TrimSuffix(op, "Entry")
		calls = append(calls, apiCall{op, path, wrong, "", 422, nil}, apiCall{op, path, "{", "", 400, nil}, apiCall{op, path, entry, "Content-Type: text/plain", 415, nil},
			apiCall{op, path, entry, "Origin: http://evil.example", 403, nil}, apiCall{op, path, `{"kind":"` + large + `"}`, "", 413, nil})
	}
	return calls
}
