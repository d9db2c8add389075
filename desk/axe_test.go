package desk

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/sanad-project/sanad/account"
	"github.com/sanad-project/sanad/input"
)

// axe is the source of axe-core, which checks pages for what keeps people with
// a screen reader, without a mouse or with weak eyes from using them.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("SANAD_AXE")
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("ACCESSIBILITY NOT TESTED: $CI is set, but $SANAD_AXE is not; set it to what scripts/axe prints")
		}
		t.Skip("ACCESSIBILITY NOT TESTED: $SANAD_AXE is not set; run SANAD_AXE=$(scripts/axe) go test ./desk -run Accessible")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// noPages are routes of GET that show no page of their own: what they answer is
// a file or another address.
var noPages = []string{"GET /static/{hash}/{name}", "GET /events/export", "GET /report/{id}/at/{place}", "GET /report/{id}/decide", "GET /incident/{id}/decide", "GET /actor/{id}/decide",
	"GET /lexicon/{kind}", "GET /lexicon/try", "GET /lexicon/keep"}

// shownPage is a page with the route that shows it.
type shownPage struct{ route, path string }

// allPages are addresses of every page of the desk, filled and empty.
func (x *tester) allPages(o *office) []shownPage {
	x.t.Helper()
	ids := x.market()
	id := x.dispute("kaveh", "sara")
	x.add(bearers)
	e := event(x.t, x.record(id), "انفجار بمب").ID
	incident, other := x.tells(ids[0]).ID, x.tells(ids[3]).ID
	j, err := o.desk.(*guard).desk.filesJob(nil, input.Defaults{})
	if err == nil {
		j.Name, j.list = "bad.exe", []upload{{name: "bad.exe", why: "files of this kind cannot be dropped here"}}
		err = o.desk.(*guard).desk.put(j)
	}
	if err != nil {
		x.t.Fatal(err)
	}
	x.finished()
	invitation, err := o.store.Invite(x.t.Context(), "leila", "parviz", account.Reader)
	if err != nil {
		x.t.Fatal(err)
	}
	report := "/report/" + id
	candidate := url.Values{"kind": {"actors"}, "id": {"dawn-bearers"}, "f.type": {"GRP"}, "f.fa": {"پرچم‌داران سحر"}, "f.en": {"Dawn Bearers"}, "for": {"پرچم‌داران سحر بیانیه‌ای داد."}}
	return []shownPage{
		{"GET /{$}", "/"}, {"GET /{$}", "/?state=all"}, {"GET /{$}", "/?q=" + url.QueryEscape("انفجار")}, {"GET /{$}", "/?type=WAR"},
		{"GET /add", "/add"}, {"GET /jobs", "/jobs"}, {"GET /jobs/{id}", "/jobs/" + j.ID},
		{"GET /report/{id}", report}, {"GET /report/{id}", report + "?f=event:" + e + "&why=1"}, {"GET /report/{id}", report + "?f=statement:s1"}, {"GET /report/{id}", "/report/ffffffffffffffff"},
		{"GET /report/{id}/relays", "/report/" + ids[6] + "/relays"}, {"GET /report/{id}/compare", report + "/compare"}, {"GET /compare", "/compare"},
		{"GET /incidents", "/incidents"}, {"GET /incidents", "/incidents?kind=war"}, {"GET /incident/{id}", "/incident/" + incident},
		{"GET /incident/{id}/field/{field}", "/incident/" + incident + "/field/killed"}, {"GET /incident/{id}/join", "/incident/" + incident + "/join?other=" + other},
		{"GET /outlets", "/outlets"}, {"GET /link", "/link"}, {"GET /outlets/wording", "/outlets/wording"}, {"GET /outlet/{id}", "/outlet/irna"},
		{"GET /events", "/events"}, {"GET /events/views", "/events/views"},
		{"GET /actors", "/actors"}, {"GET /actors/network", "/actors/network"}, {"GET /actors/proposals", "/actors/proposals"}, {"GET /actor/{id}", "/actor/us-army"}, {"GET /actor/{id}/{part}", "/actor/us-army/says"},
		{"GET /lexicon", "/lexicon"}, {"GET /lexicon", "/lexicon?kind=actors&q=iran"}, {"GET /lexicon", "/lexicon?own=1"}, {"GET /lexicon/{kind}/{id}", "/lexicon/outlets/irna"},
		{"GET /lexicon/add", "/lexicon/add?kind=loaded"}, {"POST /lexicon/try", "/lexicon/add?" + candidate.Encode()},
		{"GET /account", "/account"}, {"GET /accounts", "/accounts"}, {"GET /invitation/{token}", "/invitation/" + invitation}, {"/", "/nothing"},
	}
}

// violation is what axe finds wrong.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// check runs axe on the page that is shown.
func (x *tester) check(source, name, rules string) {
	x.t.Helper()
	// The page's policy lets no page bring it in; the debugger does.
	raw := eval[string](x, source+`;axe.run(document, {resultTypes: ["violations"]`+rules+`}).then((r) => JSON.stringify(r.violations))`)
	var list []violation
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		x.t.Fatalf("%s: %v", name, err)
	}
	for _, v := range list {
		for i, n := range v.Nodes {
			if i == 3 {
				x.t.Errorf("%s: %s: %d more", name, v.ID, len(v.Nodes)-i)
				break
			}
			x.t.Errorf("%s: %s (%s): %s\n\t%s\n\t%s", name, v.ID, v.Impact, v.Help, short(n.HTML, 240), strings.ReplaceAll(n.FailureSummary, "\n", "\n\t"))
		}
	}
}

// Every page in both languages and both colourings, checked by axe.
func TestAccessible(t *testing.T) {
	source := axe(t)
	for _, c := range []struct{ lang, scheme, rules string }{
		{"en", "light", ""},
		{"fa", "light", ""},
		{"en", "dark", `, runOnly: ["color-contrast", "link-in-text-block"]`}, // the rest is the same
		{"fa", "dark", `, runOnly: ["color-contrast", "link-in-text-block"]`},
	} {
		t.Run(c.lang+" "+c.scheme, func(t *testing.T) {
			x, o := officeBrowser(t)
			if _, err := chromedp.Call(x.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: c.scheme}}}); err != nil {
				t.Fatal(err)
			}
			pages := x.allPages(o)
			for _, route := range routesOf(t) {
				if strings.HasPrefix(route, "GET /") && !strings.HasPrefix(route, "GET /api/") && route != "GET /signin" && !slices.Contains(noPages, route) &&
					!slices.ContainsFunc(pages, func(p shownPage) bool { return p.route == route }) {
					t.Errorf("%s shows a page that is not checked: put it into allPages", route)
				}
			}
			look := func(path string) {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				x.visit(path + sep + "lang=" + c.lang)
				x.wait(`document.readyState === "complete"`)
			}
			look("/signin")
			x.check(source, fmt.Sprintf("%s %s /signin", c.lang, c.scheme), c.rules)
			x.must(chromedp.SendKeys(`input[name=name]`, "leila"), chromedp.SendKeys(`input[name=password]`, passwordOf("leila")), chromedp.Click(`form button.main`))
			x.wait(`location.pathname === "/"`)
			for _, p := range pages {
				look(p.path)
				if strings.HasPrefix(p.path, "/report/") && !strings.HasSuffix(p.path, "/compare") && !strings.HasSuffix(p.path, "/relays") && !strings.Contains(p.path, "ffff") {
					x.wait(`document.documentElement.dataset.ready === "true"`)
				}
				if p.route == "POST /lexicon/try" {
					x.must(chromedp.Click(`form.entry button.main`))
					x.wait(`document.querySelector(".keep") && document.readyState === "complete"`)
				}
				if got := eval[string](x, `document.documentElement.lang`); got != c.lang {
					t.Errorf("%s is in %s", p.path, got)
				}
				x.check(source, fmt.Sprintf("%s %s %s", c.lang, c.scheme, p.path), c.rules)
			}
		})
	}
}
