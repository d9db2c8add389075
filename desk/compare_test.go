package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// says decides in the ledger as somebody.
func (b *bench) says(id, author string, a review.Action, finding, field, value string) {
	b.t.Helper()
	d := review.Decision{Author: author, Action: a, Report: id, Target: review.Target{ID: finding}, Field: field}
	if value != "" {
		d.Value = json.RawMessage(value)
	}
	if a == review.Note {
		d.Note, d.Value = value, nil
	}
	if _, err := b.ledger.Decide(context.Background(), d, ledger.Anyway); err != nil {
		b.t.Fatalf("%s %s %s: %v", author, a, finding, err)
	}
}

// dispute is a report on which two people differ in three things: the mode of
// e1, whether e2 is there, and who speaks.
func (b *bench) dispute(first, second string) string {
	b.t.Helper()
	id := b.add(article)
	b.says(id, first, review.Correct, "e1", "mode", `"suicide-attack"`)
	b.says(id, second, review.Correct, "e1", "mode", `"drone"`)
	b.says(id, first, review.Reject, "e2", "", "")
	b.says(id, second, review.Accept, "e2", "", "")
	b.says(id, second, review.Correct, "s1", "speaker", `"us-army"`)
	b.says(id, first, review.State, "", "", `"done"`)
	b.says(id, second, review.State, "", "", `"done"`)
	return id
}

// compareCalls are the calls of TestAPI to compare and to settle.
func compareCalls(b *bench) []apiCall {
	id := b.add(sanad.Article{Outlet: "ایرنا", Published: "2012-05-15", Text: "پلیس عراق گفت سه نفر دیروز در انفجار بمب در بغداد کشته شدند."})
	e := b.record(id).Events[0]
	for author, mode := range map[string]string{"kaveh": `"suicide-attack"`, "sara": `"drone"`} {
		b.says(id, author, review.Correct, e.ID, "mode", mode)
	}
	key := fmt.Sprintf("event %s %d-%d mode", e.ID, e.Trigger.Start, e.Trigger.End)
	ask := map[string]any{"seen": b.full(id).Reviewed.Last, "a": "kaveh", "b": "sara", "difference": key, "holds": "a"}
	with := func(name string, v any) map[string]any {
		m := map[string]any{}
		for k, x := range ask {
			m[k] = x
		}
		m[name] = v
		return m
	}
	sides, settle := "/api/v1/reports/"+id+"/compare", "/api/v1/reports/"+id+"/settle"
	return []apiCall{
		{"findCompared", "/api/v1/compare", nil, "", 200, nil},
		{"findCompared", "/api/v1/compare?before=1&limit=2", nil, "", 200, nil},
		{"findCompared", "/api/v1/compare?limit=0", nil, "", 422, nil},
		{"getSides", sides, nil, "", 200, nil},
		{"getSides", sides + "?a=sara&b=kaveh", nil, "", 200, nil},
		{"getSides", sides + "?a=sara&b=nobody", nil, "", 422, nil},
		{"getSides", "/api/v1/reports/ffffffffffffffff/compare", nil, "", 404, nil},
		{"settle", settle, with("holds", "both"), "", 422, nil},
		{"settle", settle, with("difference", "x"), "", 422, nil},
		{"settle", settle, with("seen", "*"), "", 422, nil},
		{"settle", settle, with("seen", ""), "", 409, nil},
		{"settle", settle, ask, "", 201, nil},
		{"settle", settle, ask, "", 409, nil},
		{"settle", settle, "[]", "", 400, nil},
		{"settle", settle, ask, "Content-Type: text/plain", 415, nil},
		{"settle", settle, ask, "Sec-Fetch-Site: cross-site", 403, nil},
		{"settle", settle, `{"a":"` + strings.Repeat("x", maxForm+10) + `"}`, "", 413, nil},
		{"settle", "/api/v1/reports/ffffffffffffffff/settle", ask, "", 404, nil},
		{"getSides", sides, nil, "", 200, nil},
	}
}

func TestComparePages(t *testing.T) {
	o := newOffice(t)
	leila, mina := o.as("leila"), o.as("مینا")
	must(t, mina.page("/compare"), "No report has decisions of two people yet")
	id := o.dispute("kaveh", "sara")
	page := mina.page("/compare")
	must(t, page, "<bdi>kaveh</bdi> and <bdi>sara</bdi>", "/report/"+id+"/compare?a=kaveh&amp;b=sara", "3 differences", "3 open")
	// The figures of the list are those of the report and of the API.
	var api struct {
		F1          *float64
		Overall     review.Agreement
		Differences []struct{ Key, Field string }
		Both        int `json:"both_saw"`
		Units       int
	}
	if err := json.Unmarshal(mina.open("/api/v1/reports/"+id+"/compare").Body.Bytes(), &api); err != nil || api.F1 == nil || len(api.Differences) != 3 || api.Both != api.Units || api.Overall.Why != "" {
		t.Fatalf("%+v %v", api, err)
	}
	f1, alpha := fmt.Sprintf("%.3f", *api.F1), fmt.Sprintf("%.3f", api.Overall.Alpha)
	must(t, page, "F1 "+f1, "α "+alpha, fmt.Sprintf("both saw %d findings", api.Both))
	if math.Abs(*api.F1-2*float64(api.Overall.Both)/float64(2*api.Overall.Both+api.Overall.OnlyA+api.Overall.OnlyB)) > 1e-12 {
		t.Errorf("%+v", api)
	}
	sides := "/report/" + id + "/compare"
	page = mina.page(sides)
	must(t, page, f1, alpha, fmt.Sprintf("Both looked at %d of %d findings", api.Both, api.Units), "suicide attack", ">drone<", "There is no such finding", "<mark>", "Said so by closing the review")
	mustNot(t, page, `name="holds"`)
	if w := mina.send("POST", sides, formMedia, ""); w.Code != 403 {
		t.Errorf("a reader settles: %d", w.Code)
	}
	// Leila settles each; the log says between which.
	page = leila.page(sides)
	keys := regexp.MustCompile(`name="difference" value="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(keys) != 3 {
		t.Fatalf("%d differences", len(keys))
	}
	seen := o.full(id).Reviewed.Last
	form := func(key, holds, seen string) []string {
		return []string{"a", "kaveh", "b", "sara", "difference", key, "holds", holds, "seen", seen, "from", "0", "n", "1"}
	}
	for i, k := range keys {
		key := strings.ReplaceAll(k[1], "&#43;", "+")
		w := leila.fill(sides, sides, form(key, "a", o.full(id).Reviewed.Last)...)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", key, w.Code, alert(w.Body.String()))
		}
		u, err := url.Parse(w.Header().Get("Location"))
		if err != nil || u.Path != sides || u.Host != "" {
			t.Errorf("leads to %q", u)
		}
		must(t, leila.page(u.RequestURI()), `role="status"`, "settled", "<bdi>leila</bdi>")
		if log := o.full(id).Log; len(log) != 8+i || len(log[len(log)-1].Settles) == 0 || log[len(log)-1].Author != "leila" {
			t.Errorf("%+v", log[len(log)-1])
		}
	}
	x := o.full(id)
	if len(x.Reviewed.Record.Events) != len(x.Machine.Events)-1 || *event(t, x.Reviewed.Record, "انفجار").Mode != "suicide-attack" {
		t.Errorf("what was settled is not in force: %+v", x.Reviewed.Record.Events)
	}
	page = mina.page(sides)
	must(t, page, "all settled", f1, alpha) // the figures are those of before
	must(t, mina.page("/report/"+id), "settles no. ", "/compare")
	// Somebody who saw an older state settles nothing.
	w := leila.fill(sides, sides, form(keys[0][1], "b", seen)...)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "nothing was settled") {
		t.Errorf("%d %s", w.Code, alert(w.Body.String()))
	}
	for _, f := range [][]string{form("x", "a", x.Reviewed.Last), form(keys[0][1], "c", x.Reviewed.Last), form(keys[0][1], "a", "*"), append(form(keys[0][1], "a", x.Reviewed.Last), "b", "kaveh"), append(form(keys[0][1], "a", x.Reviewed.Last), "a", "nobody")} {
		if w := leila.fill(sides, sides, f...); w.Code != 422 || alert(w.Body.String()) == "" {
			t.Errorf("%v: %d", f, w.Code)
		}
	}
	if got := len(o.full(id).Log); got != 10 {
		t.Errorf("%d decisions", got)
	}
	for path, want := range map[string]int{sides + "?a=kaveh&b=kaveh": 422, sides + "?a=nobody": 422, sides + "?from=99999": 200, sides + "?from=-1&made=x": 200, "/report/ffffffffffffffff/compare": 404, "/compare?before=x": 200, "/compare?before=-9": 200} {
		if w := mina.open(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

// One person alone, and many with names that want to be something else.
func TestCompareNames(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	b.says(id, "kaveh", review.Accept, "e1", "", "")
	must(t, b.get("/report/"+id+"/compare"), "Fewer than two people")
	mustNot(t, b.get("/report/"+id), "/compare?", `/report/`+id+`/compare"`)
	hostile := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "a&b=c#d", "\u202eevil", "نام با نیم‌فاصله\u200cدار", strings.Repeat("بلند ", 20)}
	for _, name := range hostile {
		b.says(id, name, review.Correct, "e1", "status", `"ongoing"`)
		b.says(id, name, review.Accept, "e1", "", "")
	}
	for _, lang := range []string{"en", "fa"} {
		b.lang = lang
		pages := []string{b.get("/compare"), b.get("/report/" + id + "/compare")}
		for _, name := range hostile {
			pages = append(pages, b.get("/report/"+id+"/compare?"+url.Values{"a": {"kaveh"}, "b": {name}}.Encode()))
		}
		for _, page := range pages {
			mustNot(t, page, missing, "<script>alert", "<img", " style=", "javascript:")
			mustNot(t, regexp.MustCompile(` value="[^"]*"`).ReplaceAllString(page, ""), "\u202e") // what forms send back stays as it is
			must(t, page, `lang="`+lang+`"`)
			if len(page) > 300_000 {
				t.Errorf("%d bytes", len(page))
			}
		}
	}
	b.lang = "fa"
	must(t, b.get("/report/"+id+"/compare?a=kaveh&b="+url.QueryEscape(hostile[0])), "یافته از", "آلفای کریپندورف", "۱")
}

// The list goes on behind its last report, and each report is on one page.
func TestComparePaging(t *testing.T) {
	b := newBench(t)
	want := map[string]bool{}
	for i := range comparePage + 4 {
		a := article
		a.URL, a.Text = fmt.Sprintf("https://example.org/%d", i), a.Text+fmt.Sprintf("\nگزارش شماره %d.", i)
		id := b.add(a)
		b.says(id, "kaveh", review.Accept, "e1", "", "")
		b.says(id, "sara", review.Accept, "e1", "", "")
		want[id] = true
	}
	next := "/compare"
	for n := 0; next != ""; n++ {
		if n > 3 {
			t.Fatal("the pages do not end")
		}
		page := b.get(next)
		for _, m := range regexp.MustCompile(`<h3 lang="fa" dir="rtl"><a href="/report/([0-9a-f]+)">`).FindAllStringSubmatch(page, -1) {
			if !want[m[1]] {
				t.Errorf("%s is on two pages", m[1])
			}
			delete(want, m[1])
		}
		next = ""
		if m := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(page); m != nil {
			next = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if len(want) > 0 {
		t.Errorf("%d reports are on no page", len(want))
	}
}

// In a browser: sign in, see as a reader no form that decides, compare two
// people, settle; the keys of the reading page do nothing for a reader.
func TestTeamInBrowser(t *testing.T) {
	x, o := officeBrowser(t)
	id := x.dispute("kaveh", "sara")
	enter := func(name string) {
		t.Helper()
		x.must(chromedp.Navigate(x.base + "/report/" + id))
		x.wait(`location.pathname === "/signin"`)
		x.must(chromedp.SendKeys(`input[name=name]`, name), chromedp.SendKeys(`input[name=password]`, passwordOf(name)), chromedp.Click(`form button.main`))
		x.wait(`location.pathname === "/report/` + id + `" && document.documentElement.dataset.ready === "true"`)
	}
	enter("مینا")
	if !eval[bool](x, `[...document.querySelectorAll("form")].every(f => f.method !== "post" || f.classList.contains("signout"))`) {
		t.Error("a reader sees a form that decides")
	}
	if !eval[bool](x, `document.cookie === ""`) {
		t.Error("scripts can read a cookie")
	}
	x.key("jaruedn+")
	x.must(chromedp.Navigate(x.base + "/compare"))
	x.must(chromedp.Click(`.of-report a`))
	x.wait(`location.pathname === "/report/` + id + `/compare"`)
	x.wait(`document.querySelectorAll(".difference").length === 3 && document.readyState === "complete"`)
	if eval[bool](x, `document.querySelector("[name=holds]") !== null`) {
		t.Error("a reader may settle")
	}
	x.must(chromedp.Click(`.signout button`))
	x.wait(`location.pathname === "/signin"`)
	enter("leila")
	x.must(chromedp.Navigate(x.base + "/report/" + id + "/compare"))
	x.must(chromedp.Click(`#d1 button[name=holds][value=b]`))
	x.wait(`document.querySelector("#d1.settled") !== null && location.search.includes("made=")`)
	log := o.full(id).Log
	if last := log[len(log)-1]; last.Author != "leila" || len(last.Settles) == 0 {
		t.Errorf("%+v", last)
	}
	// No page of these is wider than a phone, in either direction.
	token, err := o.store.InviteAgain(context.Background(), "leila", "kaveh")
	if err != nil {
		t.Fatal(err)
	}
	x.must(chromedp.EmulateViewport(390, 800))
	for _, lang := range []string{"en", "fa"} {
		for _, path := range []string{"/account", "/accounts", "/compare", "/report/" + id + "/compare", "/invitation/" + token} {
			x.must(chromedp.Navigate(x.base + path + "?lang=" + lang))
			x.wait(`document.fonts.status === "loaded"`)
			if wide := eval[int](x, `document.documentElement.scrollWidth`); wide > 390 {
				t.Errorf("%s in %s is %d wide", path, lang, wide)
			}
			if dir := eval[string](x, `document.documentElement.dir`); (dir == "rtl") != (lang == "fa") {
				t.Errorf("%s in %s goes %s", path, lang, dir)
			}
		}
	}
	x.quiet()
}

// A page of comparisons that nobody asked for before, with as many as it has.
func BenchmarkComparePage(b *testing.B) {
	x := newBench(b)
	for i := range comparePage {
		a := article
		a.URL, a.Text = fmt.Sprintf("https://example.org/%d", i), strings.Repeat(a.Text+"\n", 6)+fmt.Sprintf("گزارش شماره %d.", i)
		id := x.add(a)
		for _, e := range x.record(id).Events {
			x.says(id, "kaveh", review.Accept, e.ID, "", "")
			x.says(id, "sara", review.Accept, e.ID, "", "")
		}
	}
	d := x.desk.(*guard).desk
	for b.Loop() {
		d.sides = sides{}
		x.get("/compare")
	}
}
