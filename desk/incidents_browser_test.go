package desk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// visit goes to a page that need not have a script of its own.
func (x *tester) visit(path string) {
	x.t.Helper()
	x.must(chromedp.Navigate(x.base + path))
	x.wait(`document.fonts.status === "loaded"`)
}

// The pages of linking in both languages, wide and narrow: nothing is asked of
// others, nothing is refused by the policy, nothing hangs over; every field has
// a label and every page one heading.
func TestBrowserIncidents(t *testing.T) {
	x := browser(t)
	ids := x.market()
	id := x.tells(ids[0]).ID
	for _, lang := range []string{"en", "fa"} {
		for _, width := range []int64{1400, 390} {
			x.must(chromedp.EmulateViewport(width, 900))
			for _, path := range []string{"/incidents?lang=" + lang, "/incidents?origins=2", "/incidents?kind=war", "/incident/" + id, "/incident/" + id + "/field/killed", "/incident/" + id + "/join?other=" + x.tells(ids[3]).ID,
				"/report/" + ids[6] + "/relays", "/report/" + ids[5] + "/relays", "/outlets", "/link"} {
				x.visit(path)
				name := fmt.Sprintf("%s %d %s", lang, width, path)
				if got := eval[string](x, `document.documentElement.lang + " " + getComputedStyle(document.body).direction`); got != lang+" "+languages[lang].Dir {
					t.Errorf("%s: %s", name, got)
				}
				if over := eval[float64](x, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s hangs over by %g", name, over)
				}
				if text := eval[string](x, `document.body.innerText`); strings.Contains(text, missing) || strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s", name, text)
				}
				if n := eval[float64](x, `[...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")].filter((e) => !e.labels.length && !e.ariaLabel).length`); n > 0 {
					t.Errorf("%s: %g fields have no label", name, n)
				}
				if n := eval[float64](x, `document.querySelectorAll("h1").length + document.querySelectorAll("main").length`); n != 2 {
					t.Errorf("%s: %g main headings and parts", name, n)
				}
				if n := eval[float64](x, `(() => { const all = [...document.querySelectorAll("[id]")].map((e) => e.id); return all.length - new Set(all).size; })()`); n > 0 {
					t.Errorf("%s: %g ids stand twice", name, n)
				}
			}
		}
	}
	x.quiet()
}

// Without script: the reports are linked, an incident is found, graded, a
// report parted from it, that is taken back.
func TestBrowserIncidentWithoutScript(t *testing.T) {
	x := browser(t)
	var ids []string
	for _, a := range bazaar {
		ids = append(ids, x.add(a))
	}
	if _, err := chromedp.Call(x.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	seen := func(selector string) {
		t.Helper()
		x.must(chromedp.WaitVisible(chromedp.CSS(selector)))
	}
	x.must(chromedp.Navigate(x.base + "/incidents"))
	x.click(`.unlinked button`)
	// The page comes anew by itself until it is done.
	seen(`.link-page .empty h2[role="status"]`)
	x.click(`.link-page .empty .button[href="/incidents"]`)
	seen(`.incident-row`)
	id := x.tells(ids[0]).ID
	x.click(`.incident-row a[href="/incident/` + id + `"]`)
	seen(`.clash`)
	x.must(chromedp.SendKeys(chromedp.CSS(`#grade`), "fair"))
	x.click(`.grading button`)
	seen(`.made .words, .made`)
	seen(`.facts .grade-fair`)
	x.click(`.members input[value="` + ids[1] + `"]`)
	x.click(`.parting button`)
	seen(`.log li:nth-child(2)`)
	if x.tells(ids[1]).ID == x.tells(ids[0]).ID {
		t.Error("the report was not parted")
	}
	x.click(`.log li:first-child button`)
	seen(`.log li:nth-child(3)`)
	if y := x.tells(ids[1]); y.ID != x.tells(ids[0]).ID || y.Grade != "fair" {
		t.Errorf("%s, graded %s", y.ID, y.Grade)
	}
	x.quiet()
}

// A quote of the table leads to the report, where exactly its words are
// painted and in sight.
func TestBrowserWords(t *testing.T) {
	x := browser(t)
	ids := x.market()
	x.visit("/incident/" + x.tells(ids[0]).ID)
	words := eval[string](x, `(() => { const a = document.querySelector('.field.against .sayings a.words'); const t = a.innerText; a.click(); return t; })()`)
	x.wait(`location.pathname.startsWith("/report/") && document.documentElement.dataset.ready === "true"`)
	got := eval[[]string](x, `[...CSS.highlights.get("told")].map((r) => r.startContainer.data.slice(r.startOffset, r.endOffset))`)
	if len(got) != 1 || got[0] != strings.Trim(words, "«»") {
		t.Errorf("%q is painted, not %s", got, words)
	}
	if !eval[bool](x, `(() => { const b = document.querySelector(":target").getBoundingClientRect(); return b.top >= 0 && b.top < innerHeight; })()`) {
		t.Error("the paragraph is not in sight")
	}
	x.quiet()
}

// Whatever hostile reports hold, no script of it runs.
func TestBrowserHostileIncidents(t *testing.T) {
	x := browser(t)
	evil := `"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script><svg onload="window.hurt=1">`
	var ids []string
	for i, a := range bazaar {
		a.Title += evil
		a.Outlet += evil + fmt.Sprint(i)
		a.Text += strings.Repeat(" گزارش‌های تکمیلی در این باره سپس منتشر می‌شود.", 4) + evil
		ids = append(ids, x.add(a))
	}
	x.links()
	id := x.tells(ids[0]).ID
	for _, path := range []string{"/incidents", "/incident/" + id, "/incident/" + id + "/field/killed", "/report/" + ids[6] + "/relays", "/outlets"} {
		x.visit(path)
		if eval[bool](x, `window.hurt !== undefined || document.querySelector("img, svg:not([class])") !== null`) {
			t.Errorf("%s: something of a report became part of the page", path)
		}
	}
	x.quiet()
}
