package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/sanad-project/sanad"
)

// The pages of actors in both languages, wide and narrow: nothing is asked of
// others, nothing hangs over; every field has a label, every page one heading,
// every table heads, every drawing its table.
func TestBrowserActors(t *testing.T) {
	x := browser(t)
	x.staging()
	for _, lang := range []string{"en", "fa"} {
		for _, width := range []int64{1400, 390} {
			x.must(chromedp.EmulateViewport(width, 900))
			for _, path := range []string{"/actors?lang=" + lang, "/actors?q=x", "/actor/israel", "/actor/" + official, "/actor/" + victim, "/actor/hezbollah/says", "/actors/network", "/actors/network?kind=x", "/actors/proposals", "/outlets/wording", "/outlets/wording?actor=israel", "/outlet/irna"} {
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
				for what, count := range map[string]string{
					"fields have no label":      `[...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")].filter((e) => !e.labels.length && !e.ariaLabel).length`,
					"main headings are missing": `2 - document.querySelectorAll("h1").length - document.querySelectorAll("main").length`,
					"ids stand twice":           `(() => { const all = [...document.querySelectorAll("[id]")].map((e) => e.id); return all.length - new Set(all).size; })()`,
					"tables have no heads":      `[...document.querySelectorAll("main table")].filter((e) => !e.caption || !e.querySelector("th[scope=col]")).length`,
					"drawings have no name":     `[...document.querySelectorAll("main svg:not([aria-hidden])")].filter((e) => !e.getAttribute("aria-label")).length`,
					"drawings have no table":    `document.querySelector("svg.wheel, svg.wings") && !document.querySelector("table.ties") ? 1 : 0`,
					"links have no words":       `[...document.querySelectorAll("main a")].filter((e) => !e.textContent.trim()).length`,
				} {
					if n := eval[float64](x, count); n != 0 {
						t.Errorf("%s: %g %s", name, n, what)
					}
				}
			}
		}
	}
	x.quiet()
}

// The network by keyboard: each actor can be reached, lights up what it has to
// do with, and leads to its page. Names do not lie on each other.
func TestBrowserNetwork(t *testing.T) {
	x := browser(t)
	x.staging()
	for i, who := range []string{"روسیه", "چین", "هند", "پاکستان", "قطر", "مصر", "اردن", "فرانسه", "آلمان", "ژاپن", "برزیل", "ونزوئلا"} {
		x.add(sanad.Article{Outlet: "خبرگزاری ایرنا", Published: fmt.Sprintf("2024-02-%02d", i+1), Text: who + " ایران را محکوم کرد. ترکیه از " + who + " حمایت کرد."})
	}
	for _, lang := range []string{"en", "fa"} {
		x.visit("/actors/network?lang=" + lang)
		n := int(eval[float64](x, `document.querySelectorAll("svg.wheel a").length`))
		if n < 12 {
			t.Fatalf("%s: %d actors are drawn", lang, n)
		}
		if over := eval[string](x, `(() => {
			const box = document.querySelector("svg.wheel").getBoundingClientRect();
			const all = [...document.querySelectorAll("svg.wheel a text")];
			for (const e of all) { const b = e.getBoundingClientRect(); if (b.left < box.left || b.right > box.right || b.top < box.top || b.bottom > box.bottom) return e.textContent; }
			// Ends of the names, which are turned: those of two neighbours are a line apart.
			const ends = all.map((e) => { const m = e.getScreenCTM(), b = e.getBBox(); return [m.a * (b.x + b.width / 2) + m.c * (b.y + b.height / 2) + m.e, m.b * (b.x + b.width / 2) + m.d * (b.y + b.height / 2) + m.f]; });
			for (let i = 0; i < ends.length; i++) for (let j = 0; j < i; j++) if (Math.hypot(ends[i][0] - ends[j][0], ends[i][1] - ends[j][1]) < 9) return all[i].textContent + " on " + all[j].textContent;
			return "";
		})()`); over != "" {
			t.Errorf("%s: %s", lang, over)
		}
		eval[bool](x, `document.querySelector(".drawing").focus(), true`)
		seen := map[string]bool{}
		for range n {
			x.key("\t")
			seen[eval[string](x, `document.activeElement.getAttribute("href") ?? ""`)] = true
			if lit := eval[float64](x, `document.querySelectorAll("svg.wheel.lit path.on").length`); lit == 0 {
				t.Errorf("%s: nothing is lit", lang)
			}
		}
		if len(seen) != n || seen[""] {
			t.Errorf("%s: %d of %d actors are reached: %v", lang, len(seen), n, seen)
		}
		x.key("\r")
		x.wait(`location.pathname.startsWith("/actor/")`)
		if eval[float64](x, `document.querySelectorAll("svg.wings a").length`) == 0 {
			t.Errorf("%s: its neighbours are not drawn", lang)
		}
		x.visit("/actors/network?kind=cooperation")
		if n := eval[float64](x, `document.querySelectorAll("svg.wheel path.kind-conflict[data-a]").length`); n != 0 {
			t.Errorf("%s: %g ties of conflict", lang, n)
		}
	}
	x.quiet()
}

// Without script: an actor is found, its finding opened in the report, another
// name made one with it and that taken back; the wording table leads to the words.
func TestBrowserActorWithoutScript(t *testing.T) {
	x := browser(t)
	x.staging()
	if _, err := chromedp.Call(x.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	seen := func(selector string) {
		t.Helper()
		x.must(chromedp.WaitVisible(chromedp.CSS(selector)))
	}
	x.must(chromedp.Navigate(x.base + "/actors?lang=fa"))
	x.must(chromedp.SendKeys(chromedp.CSS(`#q`), "حزب‌الله"))
	x.click(`.search button`)
	seen(`.cast a[href="/actor/hezbollah"]`)
	x.click(`.cast a[href="/actor/hezbollah"]`)
	seen(`#denies .deed`)
	x.click(`#denies .text-of a`)
	seen(`.report-page #panel, #panel`)
	x.must(chromedp.Navigate(x.base + "/actor/hezbollah"))
	x.must(chromedp.SendKeys(chromedp.CSS(`.merging input[name="entity"]`), "taliban"))
	x.click(`.merging button`)
	seen(`.made`)
	seen(`.same li`)
	same := func() string {
		m, err := x.ledger.Merges(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return m.Of("", "taliban")
	}
	if same() != "hezbollah" {
		t.Error("the two are not one")
	}
	x.click(`.entity-log li button`)
	seen(`.entity-log li:nth-child(2)`)
	if same() != "taliban" {
		t.Error("it was not taken back")
	}
	x.must(chromedp.Navigate(x.base + "/outlets/wording"))
	seen(`.wordings .loaded .form a`)
	x.click(`.wordings .loaded .form a`)
	seen(`article.text`)
	x.quiet()
}

// Whatever names and titles hold, nothing of it becomes part of the page.
func TestBrowserHostileActors(t *testing.T) {
	x := browser(t)
	evil := `"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script><svg onload="window.hurt=1">`
	for i, a := range stage {
		a.Title += evil
		a.Outlet += evil + fmt.Sprint(i)
		a.Text += strings.Repeat(" گزارش‌های تکمیلی در این باره سپس منتشر می‌شود.", 4) + evil
		x.add(a)
	}
	for _, path := range []string{"/actors", "/actor/israel", "/actor/" + official, "/actor/hezbollah/says", "/actors/network", "/outlets/wording", "/actors/proposals"} {
		x.visit(path)
		if eval[bool](x, `window.hurt !== undefined || document.querySelector("img, svg:not([class])") !== null`) {
			t.Errorf("%s: something of a report became part of the page", path)
		}
	}
	x.quiet()
}
