package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/export"
	"github.com/sanad-project/sanad/ledger"
)

// acts are invented reports with events of several kinds, days and places.
var acts = []sanad.Article{
	{Outlet: "خبرگزاری ایرنا", Published: "2012-05-14", Title: "انفجار در بعقوبه", Text: "سخنگوی پلیس گفت: دیروز دست‌کم سه نفر در انفجار بمب در بعقوبه کشته و هفت نفر زخمی شدند."},
	{Outlet: "خبرگزاری ایرنا", Published: "2012-06-02", Title: "درگیری در موصل", Text: "ارتش عراق شامگاه جمعه به مواضع داعش در موصل حمله کرد و ۱۲ نفر را کشت."},
	{Outlet: "خبرگزاری فارس", Published: "2013-01-20", Title: "تهدید تازه", Text: "وزیر دفاع اسرائیل تهدید کرد که سوریه را بمباران می‌کند. ارتش اسرائیل حمله به دمشق را تکذیب کرد."},
	{Outlet: "خبرگزاری فارس", Published: "2013-02-11", Title: "بازداشت در تهران", Text: "پلیس تهران پنج نفر را در تهران بازداشت کرد."},
	{Outlet: "رویترز", Published: "2013-02-12", Title: "دیدار", Text: "وزیر خارجه ایران فردا در مسکو با وزیر خارجه روسیه دیدار می‌کند."},
	{Outlet: "رویترز", Published: "2013-03-01", Title: "انفجاری دیگر", Text: "سه نفر در انفجاری در عراق کشته شدند."},
	{Outlet: "رویترز", Title: "بی‌روز", Text: "نیروهای آمریکا در بغداد به یک خودرو تیراندازی کردند و یک نفر را کشتند."},
}

// eventful is a bench with the reports of acts.
func eventful(t testing.TB) *bench {
	b := newBench(t)
	for _, a := range acts {
		b.add(a)
	}
	return b
}

// eventCalls are the calls of the API of events.
func eventCalls() []apiCall {
	large := `{"name":"` + strings.Repeat("x", maxForm+10) + `"}`
	list := []apiCall{
		{"findEvents", "/api/v1/events", nil, "", 200, nil},
		{"findEvents", "/api/v1/events?type=ASSAULT&type=COERCE&status=happened&from=1380-01-01&sort=dead&limit=1", nil, "", 200, nil},
		{"findEvents", "/api/v1/events?sort=type&country=IQ&placed=1&review=machine", nil, "", 200, nil},
		{"findEvents", "/api/v1/events?after=x", nil, "", 422, nil},
		{"countEventsByDay", "/api/v1/events/timeline", nil, "", 200, nil},
		{"countEventsByDay", "/api/v1/events/timeline?place=%D8%B9%D8%B1%D8%A7%D9%82&told=1&count=all", nil, "", 200, nil},
		{"countEventsByDay", "/api/v1/events/timeline?type=WAR", nil, "", 422, nil},
		{"countEventsByPlace", "/api/v1/events/places", nil, "", 200, nil},
		{"countEventsByPlace", "/api/v1/events/places?dead=1", nil, "", 200, nil},
		{"countEventsByPlace", "/api/v1/events/places?to=never", nil, "", 422, nil},
		{"listEventViews", "/api/v1/events/views", nil, "", 200, nil},
		{"keepEventView", "/api/v1/events/views", map[string]any{"name": "عراق", "query": "country=IQ&after=1.2.3"}, "", 201, nil},
		{"keepEventView", "/api/v1/events/views", map[string]any{"name": "", "query": ""}, "", 422, nil},
		{"keepEventView", "/api/v1/events/views", map[string]any{"name": "x", "query": "%zz"}, "", 422, nil},
		{"listEventViews", "/api/v1/events/views", nil, "", 200, nil},
		{"dropEventView", "/api/v1/events/views/drop", map[string]any{"name": "عراق"}, "", 200, nil},
	}
	for _, x := range [][2]string{{"keepEventView", "/api/v1/events/views"}, {"dropEventView", "/api/v1/events/views/drop"}} {
		list = append(list, apiCall{x[0], x[1], "[]", "", 400, nil}, apiCall{x[0], x[1], map[string]any{}, "Content-Type: text/plain", 415, nil},
			apiCall{x[0], x[1], map[string]any{}, "Sec-Fetch-Site: cross-site", 403, nil}, apiCall{x[0], x[1], large, "", 413, nil})
	}
	return list
}

var (
	rowPattern  = regexp.MustCompile(`(?s)<tr>\s*<td class="day">.*?</tr>`)
	kindPattern = regexp.MustCompile(`class="kind"><a href="([^"]+)"`)
)

// eventLinks are the links of the rows of a page to their findings.
func eventLinks(page string) []string {
	var list []string
	for _, row := range rowPattern.FindAllString(page, -1) {
		list = append(list, html.UnescapeString(kindPattern.FindStringSubmatch(row)[1]))
	}
	return list
}

// apiEventLinks are the same by the API.
func (b *bench) apiEventLinks(query string) []string {
	b.t.Helper()
	code, out, _ := b.call("GET", "/api/v1/events?"+query, nil)
	var got struct {
		Events []ledger.EventRow `json:"events"`
	}
	if err := json.Unmarshal(out, &got); code != 200 || err != nil {
		b.t.Fatalf("%s: %d %v %s", query, code, err, out)
	}
	var list []string
	for _, e := range got.Events {
		list = append(list, "/report/"+e.Report+"?f="+url.QueryEscape("event:"+e.Event))
	}
	return list
}

// Each filter gives the events that it names, the same on the page and by the
// API; each row leads to a finding that is open there.
func TestEventsPage(t *testing.T) {
	b := eventful(t)
	for _, c := range []struct {
		query string
		want  []string // words of the rows that are there
		not   []string
	}{
		{"", []string{"بعقوبه", "موصل", "تهدید تازه", "بی‌روز"}, nil},
		{"type=ASSAULT&status=happened", []string{"بعقوبه", "موصل"}, []string{"مسکو", "بازداشت در تهران"}},
		{"status=negated", []string{"تهدید تازه"}, []string{"بعقوبه", "موصل"}},
		{"type=COERCE", []string{"بازداشت در تهران"}, []string{"بعقوبه"}},
		{"actor=" + url.QueryEscape("ارتش عراق"), []string{"درگیری در موصل"}, []string{"بعقوبه", "تهران"}},
		{"target=" + url.QueryEscape("داعش"), []string{"درگیری در موصل"}, []string{"بعقوبه"}},
		{"place=baqubah", []string{"بعقوبه"}, []string{"موصل"}},
		{"place=" + url.QueryEscape("عراق"), []string{"بعقوبه", "موصل"}, []string{"تهران", "دمشق"}},
		{"country=iq", []string{"بعقوبه", "موصل"}, []string{"تهران"}},
		{"country=Iran", []string{"تهران"}, []string{"بعقوبه"}},
		{"outlet=irna", []string{"بعقوبه", "موصل"}, []string{"تهران"}},
		{"from=1391-03-01&to=2012-12-31", []string{"موصل"}, []string{"بعقوبه", "تهران"}},
		{"from=۱۳۹۱-۰۳-۰۱&to=۱۳۹۱-۰۴-۰۱", []string{"موصل"}, []string{"بعقوبه"}},
		{"dead=۴", []string{"موصل"}, []string{"بعقوبه"}},
		{"dead=1&sort=dead", []string{"موصل", "بعقوبه", "بی‌روز"}, []string{"تهران"}},
		{"placed=1", []string{"بعقوبه"}, []string{`data-label="Where"><span class="unknown">`}},
		{"told=1", []string{"بعقوبه"}, []string{"بازداشت در تهران"}},
		{"review=accepted", nil, []string{"بعقوبه", "موصل"}},
	} {
		page := b.get("/events?" + c.query)
		rows := strings.Join(rowPattern.FindAllString(page, -1), "\n")
		for _, s := range c.want {
			if !strings.Contains(rows, s) {
				t.Errorf("%s: there is no %s in\n%s", c.query, s, short(rows, 3000))
			}
		}
		for _, s := range c.not {
			if strings.Contains(rows, s) {
				t.Errorf("%s: %s is there", c.query, s)
			}
		}
		if have, want := eventLinks(page), b.apiEventLinks(c.query); fmt.Sprint(have) != fmt.Sprint(want) || len(c.want) > 0 && len(want) == 0 {
			t.Errorf("%s: the page has %q, the API %q", c.query, have, want)
		}
	}
	for _, link := range eventLinks(b.get("/events")) {
		_, f, _ := strings.Cut(link, "?f=")
		if f, _ = url.QueryUnescape(f); !strings.Contains(b.get(link), `id="`+f+`"`) {
			t.Errorf("%s: the finding is not there", link)
		}
	}
	for _, query := range []string{"type=WAR", "status=maybe", "review=odd", "from=never", "actor=" + url.QueryEscape("کسی که نیست"), "country=Atlantis", "sort=colour", "after=1", "before=a.b.c"} {
		w := b.do(b.request("GET", "/events?"+query, nil))
		if w.Code != 422 || alert(w.Body.String()) == "" || strings.Contains(w.Body.String(), missing) {
			t.Errorf("%s: %d %s", query, w.Code, alert(w.Body.String()))
		}
	}
	// An impossible part of the map is the whole of it.
	for _, box := range []string{"1,2,3", "a,b,c,d", "NaN,0,1,1", "9,9,1,1", "1e300,0,2e300,1", "-500,-500,500,500"} {
		b.get("/events?box=" + url.QueryEscape(box))
	}
}

// Going through pages in each order gives every event once.
func TestEventsPages(t *testing.T) {
	b := eventful(t)
	all := len(b.apiEventLinks("limit=200"))
	if all < 8 {
		t.Fatalf("only %d events", all)
	}
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	prev := regexp.MustCompile(`rel="prev" href="([^"]+)"`)
	for _, order := range []string{"day", "oldest", "type", "added"} {
		seen := map[string]bool{}
		at, pages := "/events?limit=3&sort="+order, 0
		var first []string
		for ; pages < 20; pages++ {
			page := b.get(at)
			for _, link := range eventLinks(page) {
				if seen[link] {
					t.Errorf("%s: %s stands twice", order, link)
				}
				seen[link] = true
			}
			if pages == 0 {
				first = eventLinks(page)
			} else if pages == 1 {
				m := prev.FindStringSubmatch(page)
				if m == nil {
					t.Fatalf("%s: no way back", order)
				}
				if back := eventLinks(b.get(html.UnescapeString(m[1]))); fmt.Sprint(back) != fmt.Sprint(first) {
					t.Errorf("%s: back are %q, not %q", order, back, first)
				}
			}
			m := next.FindStringSubmatch(page)
			if m == nil {
				break
			}
			at = html.UnescapeString(m[1])
		}
		if len(seen) != all {
			t.Errorf("%s: %d events on %d pages, not %d", order, len(seen), pages+1, all)
		}
	}
}

// Both languages have a timeline and a map, each with a table of the same;
// clicking narrows the filter.
func TestEventsDrawn(t *testing.T) {
	b := eventful(t)
	for _, lang := range []string{"en", "fa"} {
		b.lang = lang
		page := b.get("/events")
		for _, s := range []string{`class="timeline"`, `class="map"`, `class="area town level-`, `class="area state level-`, `/events?place=baqubah`, "box="} {
			if !strings.Contains(page, s) {
				t.Errorf("%s: there is no %s", lang, s)
			}
		}
		if strings.Contains(page, missing) || strings.Contains(page, "ZgotmplZ") || len(page) > 300_000 {
			t.Errorf("%s: a raw key, a refused value or %d bytes", lang, len(page))
		}
		bars := regexp.MustCompile(`(?s)<svg[^>]*class="timeline".*?</svg>`).FindString(page)
		links := regexp.MustCompile(`href="(/events\?[^"]*from=[^"]+)"`).FindAllStringSubmatch(bars, -1)
		if len(links) < 2 {
			t.Fatalf("%s: %d bars", lang, len(links))
		}
		sum := 0
		for _, m := range links {
			n := len(b.apiEventLinks(strings.TrimPrefix(html.UnescapeString(m[1]), "/events?")))
			if sum += n; n == 0 {
				t.Errorf("%s: a bar of no event: %s", lang, m[1])
			}
			if !strings.Contains(page[strings.Index(page, "</svg>"):], m[1]) {
				t.Errorf("%s: the table lacks %s", lang, m[1])
			}
		}
		undated := strings.Count(page, `<td class="day">`+languages[lang].T("inbox.no-day"))
		if all := len(b.apiEventLinks("")); undated == 0 || sum != all-undated {
			t.Errorf("%s: the bars have %d events of %d, %d without a day", lang, sum, all, undated)
		}
	}
	// Months are those of the reader's calendar.
	b.lang = "fa"
	if page := b.get("/events?from=1391-02-01&to=1391-04-01"); !strings.Contains(page, "۲۵ اردیبهشت ۱۳۹۱") && !strings.Contains(page, "اردیبهشت ۱۳۹۱") {
		t.Error("no month of the Jalali calendar")
	}
}

// A view is kept, offered as a link, and deleted; a name is shown as letters.
func TestEventViewsPage(t *testing.T) {
	b := eventful(t)
	name := `<b onclick="x">عراق</b>`
	if w := b.post("/events/views", formOf("do", "keep", "name", name, "query", "country=IQ&type=ASSAULT&after=1.2.3&count=all&nonsense=1")); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/events?country=IQ&type=ASSAULT" {
		t.Fatalf("%d %s %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	page := b.get("/events?type=ASSAULT&country=IQ")
	if !strings.Contains(page, `<a href="/events?country=IQ&amp;type=ASSAULT" aria-current="true"><bdi>`+html.EscapeString(name)) || strings.Contains(page, name) {
		t.Errorf("the view is not there:\n%s", short(page, 2000))
	}
	if w := b.post("/events/views", formOf("do", "keep", "name", "", "query", "")); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	if w := b.post("/events/views", formOf("do", "colour", "name", "x")); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	r := b.request("POST", "/events/views", strings.NewReader("do=drop&name=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := b.do(r); w.Code != 403 {
		t.Errorf("without a token: %d", w.Code)
	}
	if w := b.post("/events/views", formOf("do", "drop", "name", name, "query", "sort=dead")); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/events?sort=dead" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
	if strings.Contains(b.get("/events"), "onclick") {
		t.Error("it is still there")
	}
}

// An export has the events of the view and no others, in every format, under a
// name of its own.
func TestEventsExport(t *testing.T) {
	b := eventful(t)
	get := func(query string) (*http.Response, []byte) {
		t.Helper()
		w := b.do(b.request("GET", "/events/export?"+query, nil))
		return w.Result(), w.Body.Bytes()
	}
	for _, f := range export.Formats() {
		r, body := get("as=" + f.Name + "&country=IQ")
		if r.StatusCode != 200 || r.Header.Get("Content-Disposition") != `attachment; filename="sanad-events-`+f.Name+f.Extension+`"` || len(body) == 0 || strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %q %q, %d bytes", f.Name, r.StatusCode, r.Header.Get("Content-Disposition"), r.Header.Get("Content-Type"), len(body))
		}
		r, side := get("as=" + f.Name + "&country=IQ&part=sidecar")
		if f.Sidecar != (r.StatusCode == 200) || f.Sidecar && !bytes.Contains(side, []byte(`"`)) {
			t.Errorf("%s: sidecar %d, %d bytes", f.Name, r.StatusCode, len(side))
		}
	}
	for _, query := range []string{"", "type=ASSAULT", "status=negated", "country=IQ&dead=1", "sort=dead", "review=added", "limit=1"} {
		_, body := get("as=csv&" + query)
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff")))).ReadAll()
		if err != nil || len(rows) == 0 {
			t.Fatalf("%s: %v", query, err)
		}
		want := b.apiEventLinks(strings.ReplaceAll(strings.ReplaceAll(query, "limit=1", ""), "sort=dead", "") + "&limit=200")
		if len(rows)-1 != len(want) {
			t.Errorf("%s: %d rows, the view has %d", query, len(rows)-1, len(want))
		}
	}
	for _, query := range []string{"", "as=war", "as=csv&type=WAR"} {
		if r, _ := get(query); r.StatusCode != 422 {
			t.Errorf("%s: %d", query, r.StatusCode)
		}
	}
	// What is cut off in the middle is never taken for whole.
	ctx, cancel := context.WithCancel(context.Background())
	w := &stopping{header: http.Header{}, stop: cancel}
	func() {
		defer func() {
			if got := recover(); got != http.ErrAbortHandler {
				t.Errorf("an export that was cut off ends with %v", got)
			}
		}()
		b.desk.ServeHTTP(w, b.request("GET", "/events/export?as=jsonl", nil).WithContext(ctx))
	}()
}

// stopping is a browser that goes away with the first bytes.
type stopping struct {
	header http.Header
	stop   func()
}

func (s *stopping) Header() http.Header { return s.header }
func (s *stopping) WriteHeader(int)     {}
func (s *stopping) Write([]byte) (int, error) {
	s.stop()
	return 0, context.Canceled
}

// An empty ledger says what to do, a filter that nothing passes says so.
func TestEventsEmpty(t *testing.T) {
	b := newBench(t)
	for _, lang := range []string{"en", "fa"} {
		b.lang = lang
		if page := b.get("/events"); !strings.Contains(page, languages[lang].T("events.empty")) || strings.Contains(page, "<svg") {
			t.Errorf("%s", page)
		}
		if page := b.get("/events?type=AID"); !strings.Contains(page, languages[lang].T("events.none")) {
			t.Errorf("%s", page)
		}
	}
}

// Each day is in one bar, whatever the unit and the calendar.
func TestBuckets(t *testing.T) {
	for _, lang := range []string{"en", "fa"} {
		c := calendar{languages[lang], lang == "fa"}
		for _, unit := range []string{"day", "month", "year", "decade", "century"} {
			at := isoTime("1979-01-01")
			for range 400 {
				b := c.bucket(at, unit)
				day := at.Format("2006-01-02")
				if b.From > day || b.To < day || b.Plain == "" {
					t.Fatalf("%s %s: %s is not in %+v", lang, unit, day, b)
				}
				for _, edge := range []string{b.From, b.To} {
					if o := c.bucket(isoTime(edge), unit); o.From != b.From || o.To != b.To {
						t.Fatalf("%s %s: %s is in %+v and in %+v", lang, unit, edge, b, o)
					}
				}
				at = isoTime(b.To).AddDate(0, 0, 1)
				if at.Year() > 2500 {
					break
				}
			}
		}
	}
	for _, c := range [][3]string{{"fa", "month", "2024-03-10 2024-02-20 2024-03-19"}, {"en", "month", "2024-03-10 2024-03-01 2024-03-31"}, {"fa", "year", "2024-03-10 2023-03-21 2024-03-19"}, {"en", "decade", "2024-03-10 2020-01-01 2029-12-31"}} {
		d := strings.Fields(c[2])
		if b := (calendar{languages[c[0]], c[0] == "fa"}).bucket(isoTime(d[0]), c[1]); b.From != d[1] || b.To != d[2] {
			t.Errorf("%v: %+v", c, b)
		}
	}
}

// The oldest and the newest days that a text may name are drawn, too.
func TestTimelineOfAllTime(t *testing.T) {
	for _, lang := range []string{"en", "fa"} {
		for _, days := range [][]string{{"0000-01-01", "9999-12-31"}, {"0001-06-01"}, {"9999-12-31"}, {"0500-01-01", "1500-01-01"}, {"2020-01-01", "2020-04-30"}, {"2010-01-01", "2019-12-31"}, {"1900-01-01", "2024-01-01"}} {
			var x ledger.EventTally
			for _, d := range days {
				x.Days = append(x.Days, ledger.EventDay{Day: d, Events: 3})
			}
			line := newTimeline(languages[lang], eventsWanted{}, &x)
			sum := int64(0)
			for _, b := range line.Bars {
				sum += b.Events
			}
			if sum != int64(3*len(days)) || len(line.Bars) > 130 {
				t.Errorf("%s %v: %d events in %d bars by %s", lang, days, sum, len(line.Bars), line.Unit)
			}
		}
	}
}

// The outlines are whole, and each country that places stand in has one.
func TestOutlines(t *testing.T) {
	have := map[string]bool{}
	for _, o := range outlines() {
		have[o.code] = true
		if o.frame.empty() {
			t.Errorf("%s: a ring without an area", o.code)
		}
	}
	b := newBench(t)
	d := b.desk.(*guard).desk
	lack := []string{}
	for id, code := range d.states() {
		if !have[code] {
			lack = append(lack, id)
		}
	}
	if len(lack) > 12 { // some islands are smaller than a dot
		t.Errorf("these states have no outline: %q", lack)
	}
	for _, bad := range []string{"IQ\n", "IQ\t1 2\n", "IQ\t1 2 3 4 5 x\n", "IRQ\t1 2 3 4 5 6\n", "IQ\t1 2 3 4 99999 6\n"} {
		if _, err := readOutlines(bad); err == nil {
			t.Errorf("%q is taken for an outline", bad)
		}
	}
	s := sketch{frame{40, 30, 50, 40}, 1000, 1000}
	if x, y := s.at(geo{40, 40}); x != 0 || y != 0 {
		t.Errorf("%v %v", x, y)
	}
	square := []outline{{frame: frame{42, 32, 60, 38}, ring: []geo{{42, 32}, {60, 32}, {60, 38}, {42, 38}}}}
	if got := s.path(square, 1); got != "M200 800l850 0 0-600-850 0z" && got != "M1050 800l0-600-850 0 0 600z" && got != "M200 200l0 600 850 0 0-600z" {
		t.Errorf("a square cut at the frame is %s", got)
	}
	if got := s.path([]outline{{frame: frame{-5, 0, -1, 3}, ring: []geo{{-5, 0}, {-1, 0}, {-1, 3}}}}, 1); got != "" {
		t.Errorf("what is outside is drawn: %s", got)
	}
	for _, f := range []frame{{-200, -100, 200, 100}, {170, 80, 190, 95}, {-190, -95, -170, -80}, {44, 33, 44, 33}} {
		if g := f.shaped(); g.west < -180 || g.east > 180 || g.south < -90 || g.north > 90 || g.empty() {
			t.Errorf("%v becomes %v", f, g)
		}
	}
}

// A place is drawn as wide as what is known of it, never smaller.
func TestMapPrecision(t *testing.T) {
	at := func(v float64) *float64 { return &v }
	place := func(id, kind, precise string, lat, lon *float64, n int64) ledger.EventPlace {
		return ledger.EventPlace{NamedEntity: ledger.NamedEntity{ID: id, Name: id, NameEn: id, Type: kind}, Precision: precise, Lat: lat, Lon: lon, Events: n}
	}
	x := &ledger.EventTally{Places: []ledger.EventPlace{place("iraq", "STATE", "", nil, nil, 9), place("town", "PLACE", "city", at(33), at(44), 5), place("land", "PLACE", "province", at(34), at(45), 4),
		place("sea", "PLACE", "region", at(30), at(48), 3), place("odd", "PLACE", "", at(32), at(46), 2), place("lost", "PLACE", "", nil, nil, 1), place("off", "PLACE", "city", at(999), at(44), 1)}}
	m := newEventMap(languages["en"], eventsWanted{Box: "38,28,52,38"}, x, map[string]string{"iraq": "IQ"})
	size := map[string]int{}
	filled := 0
	for _, a := range m.Areas {
		name, _, _ := strings.Cut(a.Title, " ")
		size[strings.TrimSuffix(name, ":")] = a.R
		if a.Path != "" {
			filled++
		}
	}
	if filled != 1 || !(size["town"] > 0 && size["town"] < size["land"] && size["land"] < size["sea"] && size["sea"] == size["odd"]) || len(m.Areas) != 5 || !m.Missing || len(m.Places) != 7 {
		t.Errorf("%d states filled, discs %v, missing %v, %d places", filled, size, m.Missing, len(m.Places))
	}
	if m.Areas[0].Path == "" || m.Areas[len(m.Areas)-1].R != size["town"] {
		t.Error("what is wide covers what is not")
	}
	if m.In == "" || m.Out == "" || m.Whole == "" || m.North == "" || m.Places[1].Near == "" || m.Places[5].Near != "" {
		t.Errorf("%+v", m)
	}
}
