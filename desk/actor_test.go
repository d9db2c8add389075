package desk

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
)

// stage are invented reports: an official in no lexicon who speaks, somebody
// who only suffers, an activist who speaks, armies and groups that act on each
// other, loaded wording of two outlets, a group whose name is written in two ways.
var stage = []sanad.Article{
	{Outlet: "خبرگزاری ایرنا", Published: "2024-01-02", Text: "مهران طاهری‌پور، سخنگوی پلیس هرات، گفت: طالبان دیروز دو سرباز را در هرات کشتند. مهران طاهری‌پور افزود: پلیس سه نفر را بازداشت کرد."},
	{Outlet: "خبرگزاری فارس", Published: "2024-01-05", Text: "مهران طاهری‌پور، فرمانده پلیس هرات، گفت: طالبان دیروز دو نفر را در هرات بازداشت کردند."},
	{Outlet: "خبرگزاری ایرنا", Published: "2024-01-02", Text: "مریم صادقی‌فر در هرات کشته شد. مریم صادقی‌فر دیروز در انفجار بمب زخمی شده بود."},
	{Outlet: "خبرگزاری فارس", Published: "2024-01-04", Text: "شاهدان گفتند پلیس هرات یک نفر را بازداشت کرد. مریم صادقی‌فر در زندان کشته شد."},
	{Outlet: "خبرگزاری ایرنا", Published: "2024-01-02", Text: "رضا کاظمی‌نژاد، فعال حقوق بشر ایران، گفت این بازداشت‌ها ادامه دارد. رضا کاظمی‌نژاد دیروز آزاد شد."},
	{Outlet: "خبرگزاری فارس", Published: "2024-01-04", Text: "جنبش آزادی‌بخش هرات دیروز با ترکیه مذاکره کرد. جنبش آزادیبخش هرات از آتش‌بس خبر داد."},
	{Outlet: "خبرگزاری فارس", Published: "2024-01-03", Text: "ارتش اسرائیل به مواضع حزب‌الله در جنوب لبنان حمله هوایی کرد. حزب الله اعلام کرد رژیم صهیونیستی غیرنظامیان را هدف قرار داد. حزب‌الله تهدید کرد به اسرائیل حمله موشکی می‌کند."},
	{Outlet: "خبرگزاری ایرنا", Published: "2024-01-06", Text: "ترکیه از ایران حمایت کرد. اسرائیل ایران را تهدید کرد."},
	{Outlet: "خبرگزاری ایرنا", Published: "2024-01-06", Text: "پلیس عراق اعلام کرد داعش سه روستایی را کشت. داعش مسئولیت این حمله را بر عهده گرفت و گفت به پلیس عراق حمله کرد."},
}

// Ids of people of stage whom no lexicon has.
const (
	official = "mhran-tahri-pvr"
	victim   = "mrim-sadqi-fr"
	activist = "rza-kazmi-nzhad"
)

// staged is a bench with the reports of stage.
func staged(t testing.TB) (*bench, []string) {
	b := newBench(t)
	return b, b.staging()
}

func (b *bench) staging() (ids []string) {
	for _, a := range stage {
		ids = append(ids, b.add(a))
	}
	return ids
}

// sectionOf is the section of an actor's page.
func sectionOf(page, id string) string {
	_, rest, ok := strings.Cut(page, `<section class="doing" id="`+id+`">`)
	if !ok {
		return ""
	}
	s, _, _ := strings.Cut(rest, "</section>")
	return s
}

var deedLink = regexp.MustCompile(`<p class="text-of"><a href="([^"]+)">`)

// What an actor says, does, suffers and is said to have done stands in its own
// part, each with a link to just that finding.
func TestActorPage(t *testing.T) {
	b, _ := staged(t)
	page := b.get("/actor/israel")
	must(t, page, "<h1><bdi>Israel</bdi>", "رژیم صهیونیستی")
	if s := sectionOf(page, "accused"); !strings.Contains(s, "on the word of others") || !strings.Contains(s, `<span class="link"><bdi class="name">Hezbollah</bdi></span>`) || strings.Contains(s, "in the report") {
		t.Errorf("accused: %s", s)
	}
	if s := sectionOf(page, "does"); !strings.Contains(s, "Threat") || strings.Contains(s, "on the word of others") {
		t.Errorf("does: %s", s)
	}
	if s := sectionOf(page, "suffers"); !strings.Contains(s, "Threat") {
		t.Errorf("suffers: %s", s)
	}
	page = b.get("/actor/hezbollah")
	if s := sectionOf(page, "denies"); !strings.Contains(s, "threatened") {
		t.Errorf("denies: %s", s)
	}
	if s := sectionOf(page, "says"); !strings.Contains(s, "announced") || strings.Contains(s, "threatened") {
		t.Errorf("says: %s", s)
	}
	// The claim of its own deed is its own word.
	if s := sectionOf(b.get("/actor/isis"), "does"); s == "" {
		t.Error("what it claims of itself is not there")
	}
	links := deedLink.FindAllStringSubmatch(page, -1)
	if len(links) < 3 {
		t.Fatalf("%d links", len(links))
	}
	for _, m := range links {
		to := strings.ReplaceAll(m[1], "&amp;", "&")
		u, err := url.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		found := b.get(u.RequestURI())
		must(t, found, `id="panel"`, `id="`+u.Query().Get("f")+`"`)
	}
}

// Loaded names are quoted, and never what an actor is called.
func TestLoadedIsNoName(t *testing.T) {
	b, _ := staged(t)
	for _, lang := range []string{"en", "fa"} {
		b.lang = lang
		page := b.get("/actor/israel")
		_, h1, _ := strings.Cut(page, "<h1>")
		h1, _, _ = strings.Cut(h1, "</h1>")
		mustNot(t, h1, "صهیونیستی")
		_, loaded, _ := strings.Cut(page, `<ul class="forms loaded">`)
		loaded, _, _ = strings.Cut(loaded, "</ul>")
		must(t, loaded, "<q", "رژیم صهیونیستی")
		must(t, page, languages[lang].T("actor.loaded.what"))
	}
}

// Nothing is gathered about private persons: no page, no part, no JSON, no
// list, no drawing has them, and the page says why.
func TestPrivatePersons(t *testing.T) {
	b, ids := staged(t)
	_, rev, err := b.ledger.Record(context.Background(), ids[2])
	if err != nil || !slices.ContainsFunc(rev.Record.Entities, func(e record.Entity) bool { return e.ID == victim }) {
		t.Fatalf("%s is not in the report: %v", victim, err)
	}
	for _, id := range []string{victim, activist, "~sh-nfr", "herat", "nobody-at-all", ids[2] + "%2F" + victim} {
		for _, path := range []string{"/actor/" + id, "/actor/" + id + "/suffers", "/api/v1/actors/" + id, "/api/v1/actors/" + id + "/suffers"} {
			w := b.do(b.request("GET", path, nil))
			if w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", path, w.Code)
			}
			mustNot(t, w.Body.String(), "صادقی", "کاظمی", "/report/")
		}
	}
	for _, lang := range []string{"en", "fa"} {
		b.lang = lang
		must(t, b.do(b.request("GET", "/actor/"+victim, nil)).Body.String(), languages[lang].T("actor.no.private.why"))
		must(t, b.get("/actors"), languages[lang].T("actors.rule"))
	}
	for _, path := range []string{"/actors", "/actors?type=PER", "/actors?q=" + url.QueryEscape("صادقی‌فر"), "/actors?q=" + url.QueryEscape("رضا کاظمی‌نژاد"), "/actors/network?unreal=1", "/actors/proposals", "/outlets/wording", "/outlet/irna", "/api/v1/actors?q=" + url.QueryEscape("مریم صادقی‌فر"), "/api/v1/network?unreal=1"} {
		page := b.get(path)
		for _, id := range []string{victim, activist} {
			mustNot(t, page, "/actor/"+id, `"`+id+`"`)
		}
	}
	// In a public role, in something that the report names.
	page := b.get("/actor/" + official)
	must(t, page, "مهران طاهری‌پور", "سخنگو", "فرمانده", "پلیس هرات")
	must(t, b.get("/actors?q="+url.QueryEscape("مهران طاهری‌پور")), "/actor/"+official)
	// A form on one's own cannot open the page of such a person.
	if w := b.post("/actor/"+victim+"/decide", formOf("action", "merge", "entity", activist, "seen", "")); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

// People make entities one, take one out, and take decisions back; who decides
// on an old state is shown what was decided since.
func TestActorMerges(t *testing.T) {
	b, _ := staged(t)
	ctx := context.Background()
	post := func(seen string, pairs ...string) *httptest.ResponseRecorder {
		f := formOf(pairs...)
		f.Set("seen", seen)
		return b.post("/actor/hezbollah/decide", f)
	}
	last := func() string {
		x, err := b.ledger.EntityLog(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return x.Last
	}
	if w := post("", "action", "merge", "entity", "طالبان"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/actor/hezbollah?made=1") {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	if w := b.do(b.request("GET", "/actor/taliban", nil)); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/actor/hezbollah" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
	page := b.get("/actor/hezbollah?made=1")
	must(t, page, `name="entity" value="taliban"`, "said that", languages["en"].T("actor.made"))
	if s := sectionOf(page, "accused"); !strings.Contains(s, "2024-01-02") {
		t.Errorf("what the other one is said to have done is not there: %s", s)
	}
	// On a state that is past.
	w := post("", "action", "merge", "entity", "isis")
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), `value="isis"`) {
		t.Errorf("%d", w.Code)
	}
	must(t, w.Body.String(), languages["en"].T("actor.conflict"), "leila")
	if w := post(last(), "action", "split", "entity", "taliban"); w.Code != http.StatusSeeOther {
		t.Errorf("%d %s", w.Code, alert(w.Body.String()))
	}
	b.get("/actor/taliban")
	if w := post(last(), "action", "undo", "undoes", "2"); w.Code != http.StatusSeeOther {
		t.Errorf("%d %s", w.Code, alert(w.Body.String()))
	}
	if w := b.do(b.request("GET", "/actor/taliban", nil)); w.Code != http.StatusSeeOther {
		t.Errorf("the split was not taken back: %d", w.Code)
	}
	for _, c := range []struct {
		pairs []string
		why   string
	}{
		{[]string{"action", "merge", "entity", "هیچ‌کس‌نیست"}, "neither the lexicon"},
		{[]string{"action", "merge", "entity", ""}, "say which"},
		{[]string{"action", "merge", "entity", "hezbollah"}, "already"},
		{[]string{"action", "split", "entity", "iran"}, "not made one"},
		{[]string{"action", "undo", "undoes", "99"}, "no decision 99"},
		{[]string{"action", "undo", "undoes", "x"}, "no number"},
		{[]string{"action", "reject"}, "no action"},
		{[]string{"action", "merge", "entity", "ffffffffffffffff/x"}, "no report"},
		{[]string{"action", "merge", "entity", "\xff\x00"}, "no name"},
	} {
		if w := post(last(), c.pairs...); w.Code != 422 || !strings.Contains(alert(w.Body.String()), c.why) {
			t.Errorf("%q: %d %s", c.pairs, w.Code, alert(w.Body.String()))
		}
	}
	if w := b.do(b.request("POST", "/actor/hezbollah/decide", strings.NewReader(""))); w.Code != http.StatusForbidden {
		t.Errorf("without a token: %d", w.Code)
	}
}

// Proposals are accepted and refused on their page, and stand on that of the
// actor.
func TestProposals(t *testing.T) {
	b, _ := staged(t)
	id := regexp.MustCompile(`name="proposal" value="([0-9a-f]+)"`)
	page := b.get("/actors/proposals")
	m := id.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("nothing is proposed: %s", page)
	}
	into := regexp.MustCompile(`→ <a href="([^"]+)">`).FindStringSubmatch(page)[1]
	must(t, b.get(into), `value="`+m[1]+`"`)
	if w := b.post("/actors/proposals", formOf("proposal", m[1], "action", "maybe")); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	w := b.post("/actors/proposals", formOf("proposal", m[1], "action", "accept", "next", "//evil.example"))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/actors/proposals?done=accept" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
	mustNot(t, b.get("/actors/proposals?anew=1"), m[1])
	must(t, b.get(into), "said that")
	if w := b.post("/actors/proposals", formOf("proposal", m[1], "action", "accept")); w.Code != 422 || alert(w.Body.String()) == "" {
		t.Errorf("%d", w.Code)
	}
}

// The parts of an actor of many reports are paged, each finding once, and its
// page stays small.
func TestManyDeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("reads many reports")
	}
	b := newBench(t)
	for i := range 70 {
		b.add(sanad.Article{Outlet: "خبرگزاری فارس", Published: fmt.Sprintf("2024-%02d-%02d", 1+i/28, 1+i%28),
			Text: fmt.Sprintf("طالبان دیروز %d نفر را در هرات بازداشت کرد. طالبان اعلام کرد به ایران حمله نمی‌کند. ترکیه طالبان را محکوم کرد.", 2+i)})
	}
	page := b.get("/actor/taliban")
	if len(page) > 300_000 {
		t.Errorf("%d bytes", len(page))
	}
	must(t, page, `href="/actor/taliban/does"`, "Named in 70 reports")
	if n := strings.Count(sectionOf(page, "does"), `class="deed"`); n != partShown {
		t.Errorf("%d are shown", n)
	}
	seen := map[string]bool{}
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	for path, pages := "/actor/taliban/suffers", 0; path != ""; pages++ {
		page := b.get(path)
		links := deedLink.FindAllStringSubmatch(page, -1)
		if pages > 3 || len(links) == 0 {
			t.Fatalf("page %d has %d", pages, len(links))
		}
		for _, m := range links {
			if seen[m[1]] {
				t.Errorf("%s stands twice", m[1])
			}
			seen[m[1]] = true
		}
		path = ""
		if m := next.FindStringSubmatch(page); m != nil {
			path = m[1]
		}
	}
	if len(seen) != 70 {
		t.Errorf("%d findings, want 70", len(seen))
	}
}

// How outlets word an actor, side by side, and what reviewers decided on an
// outlet's claims, of how many.
func TestOutletPage(t *testing.T) {
	b, ids := staged(t)
	page := b.get("/outlets/wording?actor=israel")
	row := regexp.MustCompile(`(?s)<tr[^>]*>.*?</tr>`)
	var fars, irna string
	for _, m := range row.FindAllString(page, -1) {
		if strings.Contains(m, "/outlet/fars-news") {
			fars = m
		}
		if strings.Contains(m, "/outlet/irna") {
			irna = m
		}
	}
	if !strings.Contains(fars, "رژیم صهیونیستی") || strings.Contains(irna, "رژیم صهیونیستی") || !strings.Contains(irna, "اسرائیل") || !strings.Contains(irna, "0 of ") {
		t.Errorf("fars: %s\nirna: %s", fars, irna)
	}
	all := b.get("/outlets/wording")
	must(t, all, "/actor/israel", "رژیم صهیونیستی")
	must(t, b.get("/outlets/wording?actor="+url.QueryEscape("اسرائیل")+"&outlet=irna"), "/outlet/irna")
	for _, q := range []string{"?from=never", "?actor=" + victim, "?actor=" + url.QueryEscape("هیچ‌کس‌نیست")} {
		if w := b.do(b.request("GET", "/outlets/wording"+q, nil)); w.Code != 422 || alert(w.Body.String()) == "" {
			t.Errorf("%s: %d", q, w.Code)
		}
	}
	must(t, b.get("/outlet/fars-news"), languages["en"].T("outlet.nobody"))
	e := event(t, b.record(ids[7]), "حمایت").ID
	b.decides(ids[7], "action", "accept", "kind", "event", "id", e)
	b.decides(ids[7], "action", "reject", "kind", "event", "id", event(t, b.record(ids[7]), "تهدید").ID)
	b.decides(ids[8], "action", "correct", "kind", "event", "id", b.record(ids[8]).Events[0].ID, "field", "mode", "value", "firearms")
	page = b.get("/outlet/irna")
	must(t, page, "Of 3 reviewed", "in 2 of its reports", `<dt>accepted</dt><dd><span class="n">1 of 3</span>`, `<dt>corrected</dt><dd><span class="n">1 of 3</span>`, `<dt>rejected</dt><dd><span class="n">1 of 3</span>`)
	// What is undone counts no more.
	b.decides(ids[7], "action", "undo", "undoes", "2")
	must(t, b.get("/outlet/irna"), "Of 2 reviewed", `<dt>rejected</dt><dd><span class="n">0 of 2</span>`)
	if w := b.do(b.request("GET", "/outlet/nowhere", nil)); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
}

// Claims of others' reports that go back to an outlet are counted apart.
func TestOutletAsOrigin(t *testing.T) {
	b := newBench(t)
	id := b.add(article) // IRNA ← Reuters ← a spokesman
	s := b.record(id).Statements[0]
	if len(s.Via) != 1 || s.Via[0].Entity != "reuters" {
		t.Fatalf("%+v", s)
	}
	b.decides(id, "action", "accept", "kind", "statement", "id", s.ID)
	b.decides(id, "action", "reject", "kind", "event", "id", event(t, b.record(id), "انفجار بمب").ID)
	page := b.get("/outlet/reuters")
	must(t, page, "Of 2 reviewed", "in 1 report of another")
	x, err := b.ledger.OutletReviews(context.Background(), []string{"reuters"})
	if err != nil || x.OwnReports != 0 || x.Origin != (ledger.Verdicts{Accepted: 1, Rejected: 1}) {
		t.Errorf("%+v %v", x, err)
	}
	x, err = b.ledger.OutletReviews(context.Background(), []string{"irna"})
	if err != nil || x.OwnReports != 1 || x.Own != (ledger.Verdicts{Accepted: 1, Rejected: 1}) || x.OriginReports != 0 {
		t.Errorf("%+v %v", x, err)
	}
}

// actorPages are pages of actors in all their states.
func (b *bench) actorPages() []string {
	return []string{"/actors", "/actors?q=x", "/actors?q=" + url.QueryEscape("حزب"), "/actors?type=GRP", "/actor/israel", "/actor/hezbollah", "/actor/iran", "/actor/" + official, "/actor/irna", "/actor/" + victim, "/actor/herat", "/actor/nobody-at-all",
		"/actor/israel/accused", "/actor/israel/denies", "/actors/network", "/actors/network?unreal=1&kind=conflict", "/actors/network?from=2030-01-01", "/actors/network?kind=x", "/actors/proposals", "/actors/proposals?done=refuse",
		"/outlets/wording", "/outlets/wording?actor=israel", "/outlets/wording?outlet=nowhere", "/outlets/wording?from=x", "/outlet/fars-news", "/outlet/irna", "/outlet/nowhere"}
}

// Every page in both languages has no raw key and no style of its own.
func TestActorPages(t *testing.T) {
	b, _ := staged(t)
	if w := b.post("/actor/hezbollah/decide", formOf("action", "merge", "entity", "taliban", "seen", "")); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	empty := newBench(t)
	for _, lang := range []string{"en", "fa"} {
		b.lang, empty.lang = lang, lang
		for _, path := range b.actorPages() {
			for _, x := range []*bench{b, empty} {
				w := x.do(x.request("GET", path, nil))
				if w.Code >= 500 {
					t.Errorf("%s: %d", path, w.Code)
				}
				mustNot(t, w.Body.String(), missing, " style=", "<no value>", "%!")
				if n := w.Body.Len(); n > 300_000 {
					t.Errorf("%s has %d bytes", path, n)
				}
			}
		}
	}
}

// Hostile names and titles stay text.
func TestHostileActors(t *testing.T) {
	b := newBench(t)
	evil := `"><script>hurt()</script>` + "\u202e"
	for _, a := range stage {
		a.Outlet += evil
		a.Title = evil
		b.add(a)
	}
	paths := append(b.actorPages(), "/outlet/"+url.PathEscape(ledger.OutletKey("خبرگزاری فارس"+evil)), "/actors?q="+url.QueryEscape(evil), "/actor/"+url.PathEscape(evil), "/outlets/wording?actor="+url.QueryEscape(evil), "/actors/network?from="+url.QueryEscape(evil))
	for _, path := range paths {
		w := b.do(b.request("GET", path, nil))
		if w.Code >= 500 {
			t.Errorf("%s: %d", path, w.Code)
		}
		mustNot(t, w.Body.String(), "<script>")
	}
	must(t, b.get("/outlet/"+url.PathEscape(ledger.OutletKey("خبرگزاری فارس"+evil))), "&lt;script&gt;")
}
