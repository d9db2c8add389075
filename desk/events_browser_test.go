package desk

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/sanad-project/sanad/ledger"
)

// eventTester is a browser at the reports of acts.
func eventTester(t *testing.T) *tester {
	x := browser(t)
	for _, a := range acts {
		x.add(a)
	}
	return x
}

// The page of events in both languages, wide and narrow: nothing is asked of
// others, nothing is refused by the policy, nothing hangs over, every field has
// a label.
func TestBrowserEvents(t *testing.T) {
	x := eventTester(t)
	for _, lang := range []string{"en", "fa"} {
		for _, width := range []int64{1400, 390} {
			x.must(chromedp.EmulateViewport(width, 900))
			for _, path := range []string{"/events?lang=" + lang, "/events?country=IQ&sort=dead", "/events?type=AID", "/events?from=2012-05-01&to=2012-06-30", "/events?box=40,30,50,37", "/events?type=war"} {
				x.visit(path)
				name := fmt.Sprintf("%s %d %s", lang, width, path)
				if got := eval[string](x, `document.documentElement.lang + " " + getComputedStyle(document.body).direction`); got != lang+" "+languages[lang].Dir {
					t.Errorf("%s: %s", name, got)
				}
				if over := eval[float64](x, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s hangs over by %g: %s", name, over, eval[string](x, `[...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1).map((e) => e.tagName + "." + e.getAttribute("class")).slice(0, 8).join(" ")`))
				}
				if text := eval[string](x, `document.body.innerText`); strings.Contains(text, missing) || strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s", name, text)
				}
				if n := eval[float64](x, `[...document.querySelectorAll("main input:not([type=hidden]), main select")].filter((e) => !e.labels.length && !e.ariaLabel).length`); n > 0 {
					t.Errorf("%s: %g fields have no label", name, n)
				}
				if n := eval[float64](x, `document.querySelectorAll("h1").length + document.querySelectorAll("main").length`); n != 2 {
					t.Errorf("%s: %g main headings and parts", name, n)
				}
				if n := eval[float64](x, `(() => { const all = [...document.querySelectorAll("[id]")].map((e) => e.id); return all.length - new Set(all).size; })()`); n > 0 {
					t.Errorf("%s: %g ids stand twice", name, n)
				}
				// Nothing that is hidden from a screen reader can be reached by Tab.
				if n := eval[float64](x, `[...document.querySelectorAll("[aria-hidden=true] a")].filter((e) => e.tabIndex >= 0).length`); n > 0 {
					t.Errorf("%s: %g hidden links take the focus", name, n)
				}
			}
		}
		x.visit("/events?lang=" + lang)
		// The map is as large as its frame, with outlines and places in it, west
		// on the left in both directions.
		if !eval[bool](x, `(() => {
			const map = document.querySelector("svg.map"), box = map.getBoundingClientRect();
			const at = (id) => { const b = map.querySelector('a[href*="place=' + id + '"] .area').getBoundingClientRect(); return b.left + b.width / 2; };
			const land = map.querySelector(".lands path").getBoundingClientRect();
			return box.width > 200 && box.height > 100 && land.width > 0 && at("baqubah") < at("tehran") && at("tehran") > box.left && at("tehran") < box.right;
		})()`) {
			t.Errorf("%s: the map is not there, or the wrong way round", lang)
		}
	}
	x.quiet()
}

// Without script: filter, sort, narrow by the timeline and by the map, keep a
// view, come back to it, delete it, download what it shows.
func TestBrowserEventsWithoutScript(t *testing.T) {
	x := eventTester(t)
	x.must(chromedp.EmulateViewport(1400, 1600))
	script := func(on bool) {
		t.Helper()
		if _, err := chromedp.Call(x.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
			t.Fatal(err)
		}
	}
	// The page behind a step, which has something that the one before had not, is
	// loaded without script; only then it is looked at with some.
	step := func(seen string, do func()) {
		t.Helper()
		script(false)
		do()
		x.must(chromedp.WaitVisible(chromedp.CSS(seen)))
		script(true)
	}
	visit := func(path string) {
		t.Helper()
		step("main.events h1", func() { x.must(chromedp.Navigate(x.base + path)) })
	}
	rows := func() int { return int(eval[float64](x, `document.querySelectorAll("table.rows tbody tr").length`)) }
	visit("/events?lang=en")
	all := rows()

	step(`.sorts a[href*="type=ASSAULT"]`, func() {
		x.must(chromedp.SendKeys(chromedp.CSS(`select[name="type"]`), "Attack"), chromedp.SendKeys(chromedp.CSS(`input[name="place"]`), "عراق"))
		x.click(".asking .go button")
	})
	filtered := rows()
	if filtered == 0 || filtered >= all {
		t.Fatalf("%d of %d rows after filtering", filtered, all)
	}

	step(`.sorts a[aria-current][href*="sort=dead"]`, func() { x.click(`.sorts a[href*="sort=dead"]`) })
	dead := eval[[]float64](x, `[...document.querySelectorAll("table.rows .toll")].map((e) => parseInt((e.innerText.match(/([0-9]+) dead/) ?? [0, 0])[1]))`)
	if len(dead) == 0 || !slices.IsSortedFunc(dead, func(a, b float64) int { return int(b - a) }) {
		t.Errorf("by dead: %v", dead)
	}

	step(".views a[aria-current]", func() {
		x.must(chromedp.SendKeys(chromedp.CSS(`.keeping input[name="name"]`), "همهٔ حمله در عراق"))
		x.click(`.keeping form[method="post"] button`)
	})
	if got := eval[string](x, `document.querySelector(".views a[aria-current]").textContent`); got != "همهٔ حمله در عراق" {
		t.Errorf("the view is called %q", got)
	}
	visit("/events")
	step(`.sorts a[aria-current][href*="sort=dead"][href*="type=ASSAULT"][href*="place="]`, func() { x.click(".views li a") })
	if n := rows(); n != len(dead) {
		t.Errorf("the view has %d rows, not %d", n, len(dead))
	}
	step(".lead + form.asking", func() { x.click(".views li button") })

	visit("/events?type=ASSAULT&place=iraq")
	if n := rows(); n != filtered {
		t.Errorf("%d rows, not %d", n, filtered)
	}
	bars := int(eval[float64](x, `document.querySelectorAll("svg.timeline a").length`))
	step(`.sorts a[href*="from="][href*="to="][href*="type=ASSAULT"]`, func() { x.click("svg.timeline a:last-of-type .reach") })
	if n := rows(); n == 0 || bars > 1 && n >= filtered {
		t.Errorf("%d of %d rows behind one of %d bars", n, filtered, bars)
	}
	visit("/events")
	step(`.sorts a[href*="place=baqubah"]`, func() { x.click(`svg.map a[href*="place=baqubah"] .area`) })
	if n := rows(); n == 0 || n >= all {
		t.Errorf("%d of %d rows at a place", n, all)
	}
	lands := func() string {
		return eval[string](x, `[...document.querySelectorAll(".map .lands path")].map((e) => e.getAttribute("d")).join()`)
	}
	before := lands()
	step(`.sorts a[href*="box="]`, func() { x.click(".zoom a.button:nth-of-type(2)") })
	if after := lands(); after == before {
		t.Error("farther shows the same")
	}

	// What is downloaded is what the form's address gives.
	visit("/events?type=ASSAULT&place=iraq")
	address := eval[string](x, `(() => { const form = document.querySelector('form[action="/events/export"]'); form.elements["as"].value = "csv"; return form.action + "?" + new URLSearchParams(new FormData(form)); })()`)
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	table, err := csv.NewReader(r.Body).ReadAll()
	if err != nil || r.StatusCode != 200 || len(table)-1 != filtered || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s: %d, %d rows, not %d, %q, %v", address, r.StatusCode, len(table)-1, filtered, r.Header.Get("Content-Disposition"), err)
	}
	x.quiet()
}

// Whatever a hostile report holds, no script of it runs here.
func TestBrowserHostileEvents(t *testing.T) {
	x := browser(t)
	evil := `"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script><svg onload="window.hurt=1">`
	for _, a := range acts {
		a.Title += evil
		a.Outlet += evil
		a.Text = strings.ReplaceAll(a.Text, "بعقوبه", "بعقوبه "+evil) + strings.Repeat(" گزارش‌های تکمیلی در این باره سپس منتشر می‌شود.", 8) + evil
		x.add(a)
	}
	x.post("/events/views", formOf("do", "keep", "name", evil[:60], "query", "place="+evil))
	for _, path := range []string{"/events", "/events?place=" + strings.ReplaceAll(evil, " ", "+"), "/events?box=" + strings.ReplaceAll(evil, " ", "+")} {
		x.visit(path)
		if eval[bool](x, `window.hurt !== undefined || document.querySelector("img, main script, svg:not([class])") !== null`) {
			t.Errorf("%s: something of a report became part of the page", path)
		}
	}
	x.quiet()
}

// manyEvents fills an SQLite ledger with n events, ten a report, in SQL alone:
// the derived tables of reports, and from them, by the statements of the step
// that made them, the tables of events. There is no text behind these reports.
func manyEvents(t testing.TB, l *ledger.Ledger, n int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+l.Where()+"?_pragma=synchronous(0)&_pragma=temp_store(2)&_pragma=cache_size(-400000)&_pragma=busy_timeout(20000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	step, err := os.ReadFile("../ledger/migrations/sqlite/6_events.sql")
	if err != nil {
		t.Fatal(err)
	}
	count := func(n int) string {
		return fmt.Sprintf("WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i < %d) ", n-1)
	}
	statements := []string{
		"BEGIN",
		`INSERT INTO documents (report, id, title, head, outlet, outlet_name, url, author, published, day, guessed, reading, review, decisions, statements, events, facets) ` + count(n/10) +
			`SELECT i + 1, printf('%016x', i + 1), 'گزارش ' || i, 'گزارش ' || i, 'outlet-' || (i % 40), 'رسانهٔ ' || (i % 40), '', '', date(15000 * 86400 + i * 7919 % 4000 * 86400, 'unixepoch'), 15000 + i * 7919 % 4000, '', i + 1, 'new', 0, 1, 10, '' FROM s`,
		`INSERT INTO entities (report, entity, type, name, name_en, known, country, lat, lon, precise, mentions) ` + count(n/10) +
			`SELECT i + 1, 'place-' || (i % 500), 'PLACE', 'شهر ' || (i % 500), 'Town ' || (i % 500), 1, 'IQ', 30.0 + i % 500 % 7, 42.0 + i % 500 % 5, 'city', 1 FROM s`,
		`INSERT INTO entities (report, entity, type, name, name_en, known, country, lat, lon, precise, mentions) ` + count(n/10) +
			`SELECT i + 1, 'army-' || (i % 30), 'GRP', 'گروه ' || (i % 30), 'Group ' || (i % 30), 1, '', NULL, NULL, '', 1 FROM s`,
		`INSERT INTO statements (report, n, id, start, stop, speaker, act, quoted, addressee, date, review) ` + count(n/10) + `SELECT i + 1, 0, 's1', 0, 9, 'army-' || (i % 30), 'say', 0, '', '', '' FROM s`,
		`INSERT INTO events (report, n, id, start, stop, type, mode, status, said_by, place, country, date, first, last, killed_low, killed_high, wounded_low, wounded_high, count_low, count_high, rule, review) ` + count(n) +
			`SELECT i / 10 + 1, i % 10, 'e' || (i % 10 + 1), 0, 4, CASE i % 7 WHEN 0 THEN 'ASSAULT' WHEN 1 THEN 'CONSULT' WHEN 2 THEN 'ACCUSE' ELSE 'COERCE' END, '', CASE i % 11 WHEN 0 THEN 'future' ELSE 'happened' END, CASE i % 3 WHEN 0 THEN 0 END,
				CASE i % 5 WHEN 0 THEN 'place-' || (i / 10 % 500) ELSE '' END, CASE i % 5 WHEN 0 THEN 'IQ' ELSE '' END, '', NULL, NULL, CASE i % 23 WHEN 0 THEN i % 101 END, CASE i % 23 WHEN 0 THEN i % 101 END, NULL, NULL, NULL, NULL, '', '' FROM s`,
		`INSERT INTO arguments (report, event, role, place, entity, start, stop) ` + count(n/10) + `SELECT i + 1, 0, 'actor', 0, 'army-' || (i % 30), 0, 4 FROM s`,
	}
	statements = append(statements, "INSERT INTO names (entity, name, name_en, type, known, reports) SELECT entity, name, name_en, type, known, count(*) FROM entities GROUP BY 1, 2, 3, 4, 5")
	for part := range strings.SplitSeq(string(step), ";\n") {
		if at := strings.Index(part, "INSERT INTO event_"); at >= 0 {
			statements = append(statements, part[at:])
		}
	}
	for _, s := range append(statements, "COMMIT") {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%v: %s", err, s)
		}
	}
}

// The table of a million events is there at once, can be filtered, sorted and
// gone through, and no page of it is too large.
func TestBrowserMillionEvents(t *testing.T) {
	if testing.Short() {
		t.Skip("a million events are not made in a short test")
	}
	if os.Getenv("SANAD_TEST_POSTGRES") != "" {
		t.Skip("a million events are made by SQLite's SQL")
	}
	x := browser(t)
	start := time.Now()
	manyEvents(t, x.ledger, 1_000_000)
	t.Logf("made in %v", time.Since(start).Round(time.Second))
	x.visit("/events?lang=en")
	if text := eval[string](x, `document.querySelector(".sum").innerText`); !strings.HasPrefix(text, "1,000,000 events") {
		t.Errorf("%q", text)
	}
	rows := func() int { return int(eval[float64](x, `document.querySelectorAll("table.rows tbody tr").length`)) }
	last := ""
	for range 4 { // through pages by their links
		if n := rows(); n != eventsPageSize {
			t.Fatalf("%d rows", n)
		}
		if first := eval[string](x, `document.querySelector("table.rows .kind a").href`); first == last {
			t.Fatal("the next page is the same")
		} else {
			last = first
		}
		x.must(chromedp.ScrollIntoView(chromedp.CSS(`.pages a[rel="next"]`)))
		x.click(`.pages a[rel="next"]`)
		x.wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelector("table.rows .kind a")?.href !== %q`, last))
	}
	for _, query := range []string{"", "sort=oldest", "sort=type", "sort=added", "sort=dead", "type=ASSAULT&status=future", "actor=army-7", "actor=army-7&place=place-7&dead=50", "country=IQ&outlet=outlet-3", "dead=99", "review=accepted", "from=2012-01-01&to=2012-01-31", "told=1"} {
		start := time.Now()
		r, err := http.Get(x.base + "/events?" + query)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(r.Body)
		r.Body.Close()
		t.Logf("%-45s %4d ms, %3d kB", query, time.Since(start).Milliseconds(), len(page)/1000)
		if err != nil || r.StatusCode != 200 || len(page) > 300_000 {
			t.Errorf("%s: %d, %d bytes, %v", query, r.StatusCode, len(page), err)
		}
	}
	for _, b := range []string{"svg.timeline a:nth-of-type(3) .reach", "svg.timeline a:nth-of-type(2) .reach"} { // a year, then a month of it
		x.visit(eval[string](x, `location.pathname + location.search`))
		x.click(b)
		x.wait(`document.readyState === "complete" && location.search.includes("from=")`)
	}
	if n := rows(); n != eventsPageSize {
		t.Errorf("%d rows in a month", n)
	}
	x.quiet()
}
