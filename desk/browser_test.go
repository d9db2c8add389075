package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	logging "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// tester is one page in Debian's chromium, which finds no address but this
// machine's own: whatever a page asks of others fails, and so does its test.
type tester struct {
	*bench
	ctx context.Context
	mu  sync.Mutex
	bad []string // errors of the console, requests that went elsewhere or failed
}

func browser(t *testing.T) *tester { return browserAt(t, Options{}) }

// browserAt is a browser at a desk with options of its own.
func browserAt(t *testing.T, opt Options) *tester {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("NOT TESTED IN A BROWSER: $CI is set, but there is no chromium; run apt-get install -y chromium")
		}
		t.Skip("NOT TESTED IN A BROWSER: there is no chromium; run apt-get install -y chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
		chromedp.Env("LC_ALL=C.UTF-8")) // without it the browser opens no file of a Persian name
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	x := &tester{bench: servingOf(t, opt), ctx: ctx}
	x.must(chromedp.EmulateViewport(1400, 1000))
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, logging.Enable, struct{}{}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, x.hear); err != nil {
		t.Fatal(err)
	}
	return x
}

// hear notes what no page may do.
func (x *tester) hear(ev any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch ev := ev.(type) {
	case *logging.EventEntryAdded:
		// The browser logs every answer of 400 and more; refusals are answered so.
		if e := ev.Entry; string(e.Level) == "error" && !strings.Contains(e.Text, "the server responded with a status of") {
			x.bad = append(x.bad, e.Text)
		}
	case *network.EventRequestWillBeSent:
		if u := ev.Request.URL; !strings.HasPrefix(u, x.base+"/") && !strings.HasPrefix(u, "data:") {
			x.bad = append(x.bad, "a request to "+u)
		}
	}
}

// quiet fails where a page did what it may not.
func (x *tester) quiet() {
	x.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.bad {
		x.t.Error(s)
	}
}

func (x *tester) must(steps ...chromedp.Action[chromedp.Void]) {
	x.t.Helper()
	for _, step := range steps {
		err := chromedp.Do(x.ctx, step)
		for range 5 { // a page that is left takes its nodes with it
			if err == nil || !strings.Contains(err.Error(), "node with given id") {
				break
			}
			err = chromedp.Do(x.ctx, step)
		}
		if err != nil {
			x.t.Fatal(err)
		}
	}
}

// open goes to a page and waits until its scripts have run.
func (x *tester) open(path string) {
	x.t.Helper()
	x.must(chromedp.Navigate(x.base + path))
	x.wait(`document.fonts.status === "loaded"`) // the page moves when the font comes
	if strings.HasPrefix(path, "/report/") {
		x.wait(`document.documentElement.dataset.ready === "true"`)
	}
}

// eval evaluates an expression, a promise too.
func eval[T any](x *tester, expression string) T {
	x.t.Helper()
	v, err := chromedp.Run(x.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		x.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wait waits until a condition holds in the page, or in the one after it.
func (x *tester) wait(condition string) {
	x.t.Helper()
	ok, err := false, error(nil)
	for range 5 { // a page that is left takes its promises with it
		ok, err = chromedp.Run(x.ctx, chromedp.Evaluate[bool](`new Promise((done) => {
			const end = Date.now() + 15000;
			const look = () => { let is = false; try { is = Boolean(`+condition+`); } catch {} if (is || Date.now() > end) done(is); else setTimeout(look, 10); };
			look();
		})`, chromedp.EvalAwaitPromise))
		if err == nil || x.ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		x.t.Fatalf("%s: %v", condition, err)
	}
	if !ok {
		x.t.Fatalf("this does not come about: %s\n%s", condition, eval[string](x, `document.getElementById("side")?.innerText ?? document.body.innerText`))
	}
}

// key presses a key.
func (x *tester) key(keys string) {
	x.t.Helper()
	x.must(chromedp.KeyEvent(keys))
}

// picked waits until a finding is open.
func (x *tester) picked(key string) {
	x.t.Helper()
	x.wait(fmt.Sprintf(`document.querySelector(".finding.open")?.id === %q`, key))
}

// decided waits until the ledger has n decisions on a report and the page
// shows them.
func (x *tester) decided(id string, n int) {
	x.t.Helper()
	x.wait(fmt.Sprintf(`document.querySelectorAll(".log li").length === %d`, n))
	if got := len(x.full(id).Log); got != n {
		x.t.Fatalf("%d decisions in the ledger, not %d", got, n)
	}
}

func (x *tester) click(selector string) {
	x.t.Helper()
	x.must(chromedp.Click(chromedp.CSS(selector)))
}

// drag drags the mouse over code points start to end of the text.
func (x *tester) drag(start, end int) {
	x.t.Helper()
	type point struct{ X, Y float64 }
	at := func(n int, after bool) point {
		// The edge of a letter in a text from right to left: it begins at its right.
		return eval[point](x, fmt.Sprintf(`import(document.querySelector('script[src*="reading.js"]').src.replace("reading.js", "spans.js")).then(({ Text }) => {
			const r = new Text(document.getElementById("main")).ranges(%d, %d)[0];
			const range = document.createRange();
			range.setStart(r.startContainer, r.startOffset);
			range.setEnd(r.endContainer, r.endOffset);
			const boxes = [...range.getClientRects()].filter((b) => b.width > 0);
			const b = boxes[%t ? boxes.length - 1 : 0];
			return { X: %t ? b.left + 0.3 : b.right - 0.3, Y: b.top + b.height / 2 };
		})`, n, n+1, after, after))
	}
	from, to := at(start, false), at(end-1, true)
	left := chromedp.ButtonType(input.MouseButtonLeft)
	x.must(
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, from.X, from.Y),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, from.X, from.Y, left, chromedp.ClickCount(1)),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, (from.X+to.X)/2, (from.Y+to.Y)/2, left),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, to.X, to.Y, left),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, to.X, to.Y, left, chromedp.ClickCount(1)),
	)
}

// Both pages in both languages, wide and narrow: nothing is asked of others,
// nothing is refused by the policy, the font is there, nothing hangs over.
func TestBrowserPages(t *testing.T) {
	x := browser(t)
	id := x.add(article)
	e := keyOf(review.Event, event(t, x.record(id), "انفجار بمب").ID)
	for _, lang := range []string{"en", "fa"} {
		for _, width := range []int64{1400, 390} {
			x.must(chromedp.EmulateViewport(width, 900))
			for _, path := range []string{"/?lang=" + lang, "/?q=" + url.QueryEscape("انفجار") + "&type=ASSAULT", "/?state=done", "/add", "/nowhere", "/report/" + id, "/report/" + id + "?f=" + e} {
				x.open(path)
				name := fmt.Sprintf("%s %d %s", lang, width, path)
				if got := eval[string](x, `document.documentElement.lang + " " + getComputedStyle(document.body).direction`); got != lang+" "+languages[lang].Dir {
					t.Errorf("%s: %s", name, got)
				}
				if over := eval[float64](x, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s hangs over by %g", name, over)
				}
				if !eval[bool](x, `document.fonts.ready.then(() => document.fonts.check("16px Vazirmatn") && [...document.fonts].some((f) => f.status === "loaded"))`) {
					t.Errorf("%s: the font is not there", name)
				}
				if text := eval[string](x, `document.body.innerText`); strings.Contains(text, missing) || strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s", name, text)
				}
			}
		}
	}
	x.quiet()
}

// Whatever a hostile report holds, no script of it runs.
func TestBrowserHostile(t *testing.T) {
	x := browser(t)
	a := article
	evil := `"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script><svg onload="window.hurt=1">`
	a.Title, a.Outlet = "ارتش عراق "+evil, "رسانه "+evil
	a.Text += strings.Repeat("\nسخنگوی پلیس بغداد اعلام کرد که تحقیقات ادامه دارد و کسی بازداشت نشده است.", 6) + evil
	id := x.add(a)
	for _, path := range []string{"/", "/report/" + id, "/?q=" + url.QueryEscape("عراق "+strings.ReplaceAll(evil, `"`, ""))} {
		x.open(path)
		if eval[bool](x, `window.hurt !== undefined || document.querySelector("img, svg:not([xmlns])") !== null`) {
			t.Errorf("%s: something of the report became part of the page", path)
		}
	}
	x.quiet()
}

// Every finding is painted over exactly its words, also behind characters of
// two units; the text is what the ledger has.
func TestBrowserHighlights(t *testing.T) {
	x := browser(t)
	a := article
	a.Title = "انفجار 😀 در بعقوبه"
	a.Text = "😀😀 " + strings.ReplaceAll(article.Text, "گفت: ", "گفت 🧭: ") + "\r\nسخنگوی ارتش عراق می‌گوید نیروها عقب‌نشینی می‌کنند 😀 و سه نفر بازداشت شدند."
	id := x.add(a)
	r := x.record(id)
	x.open("/report/" + id)
	shown := eval[string](x, `[...document.querySelectorAll("[data-at]")].map((e) => { if (e.childNodes.length !== 1) throw new Error("not one text node"); return e.firstChild.data; }).join("\n")`)
	if want := strings.ReplaceAll(r.Document.Text, "\r", "\n"); strings.Join(strings.Fields(shown), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("the page has %q, not %q", shown, want)
	}
	type stretch struct {
		Start, End int
		Text       string
	}
	var want []stretch
	text := []rune(r.Document.Text)
	s := newSheet(languages["en"], x.full(id), "", 0)
	for _, roles := range s.spans {
		for _, p := range roles {
			want = append(want, stretch{p.Start, p.End, string(text[p.Start:p.End])})
		}
	}
	if len(want) < 20 {
		t.Fatalf("the example has only %d stretches", len(want))
	}
	ask, _ := json.Marshal(want)
	got := eval[[]string](x, `import(document.querySelector('script[src*="reading.js"]').src.replace("reading.js", "spans.js")).then(({ Text }) => {
		const text = new Text(document.getElementById("main"));
		return `+string(ask)+`.map((w) => text.ranges(w.Start, w.End).map((r) => r.startContainer.data.slice(r.startOffset, r.endOffset)).join("\n"));
	})`)
	for i, w := range want {
		if strings.ReplaceAll(got[i], "\r", "\n") != strings.ReplaceAll(w.Text, "\r", "\n") {
			t.Errorf("%d to %d is painted over %q, not %q", w.Start, w.End, got[i], w.Text)
		}
	}
	// The layers are there, and each can be hidden.
	for _, l := range []string{"speech", "events", "people", "times", "numbers"} {
		count := fmt.Sprintf(`CSS.highlights.get(%q).size`, l)
		if eval[float64](x, count) == 0 {
			t.Errorf("nothing is painted for %s", l)
		}
		x.click(`#layers input[value="` + l + `"]`)
		x.wait(count + " === 0")
	}
	x.quiet()
}

// Words and sentences are tied both ways.
func TestBrowserTies(t *testing.T) {
	x := browser(t)
	id := x.add(article)
	e := event(t, x.record(id), "انفجار بمب")
	key := keyOf(review.Event, e.ID)
	x.open("/report/" + id)
	// From the words to the sentence: hover, then click.
	type point struct{ X, Y float64 }
	at := eval[point](x, fmt.Sprintf(`import(document.querySelector('script[src*="reading.js"]').src.replace("reading.js", "spans.js")).then(({ Text }) => {
		const r = new Text(document.getElementById("main")).ranges(%d, %d)[0];
		const range = document.createRange();
		range.setStart(r.startContainer, r.startOffset);
		range.setEnd(r.endContainer, r.endOffset);
		const b = range.getClientRects()[0];
		return { X: b.left + b.width / 2, Y: b.top + b.height / 2 };
	})`, e.Trigger.Start, e.Trigger.Start+6))
	x.must(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at.X, at.Y))
	x.wait(fmt.Sprintf(`document.getElementById(%q).classList.contains("lit")`, key))
	if n := eval[float64](x, `CSS.highlights.get("hover").size`); n == 0 {
		t.Error("nothing is painted under the mouse")
	}
	x.must(chromedp.MouseClickXY(at.X, at.Y))
	x.picked(key)
	words := eval[[]string](x, `[...CSS.highlights.get("picked")].map((r) => r.startContainer.data.slice(r.startOffset, r.endOffset))`)
	if !slices.Equal(words, []string{"انفجار بمب"}) {
		t.Errorf("%q is painted for the open finding", words)
	}
	parts := eval[[]string](x, `[...CSS.highlights.get("picked-part")].map((r) => r.startContainer.data.slice(r.startOffset, r.endOffset))`)
	for _, want := range []string{"دست‌کم سه نفر", "بعقوبه", "دیروز"} {
		if !slices.Contains(parts, want) {
			t.Errorf("%q is not painted for the open finding: %q", want, parts)
		}
	}
	// From the sentence to the words: the pointer over another one.
	x.click(fmt.Sprintf(`[id="%s"] > .row > .pick`, "statement:s1"))
	x.picked("statement:s1")
	if got := eval[string](x, `[...CSS.highlights.get("picked")][0].startContainer.data.slice([...CSS.highlights.get("picked")][0].startOffset, [...CSS.highlights.get("picked")][0].endOffset)`); got != "گفت" {
		t.Errorf("%q is painted for s1", got)
	}
	if !strings.Contains(eval[string](x, `location.href`), "f=statement") {
		t.Error("the address does not say which finding is open")
	}
	x.quiet()
}

// A span selected with the mouse has exactly the offsets of its letters, with
// half-spaces inside and characters of two units before.
func TestBrowserSelection(t *testing.T) {
	x := browser(t)
	a := article
	a.Text = "😀 " + article.Text + "\nسخنگوی ارتش عراق می‌گوید نیروهای آن‌ها عقب‌نشینی نمی‌کنند."
	id := x.add(a)
	text := []rune(x.record(id).Document.Text)
	e := event(t, x.record(id), "انفجار بمب").ID
	n := 0
	for _, words := range []string{"می‌گوید", "آن‌ها عقب‌نشینی نمی‌کنند", "دست‌کم سه نفر", "رویترز"} {
		start := len([]rune(string(text)[:strings.Index(string(text), words)]))
		end := start + len([]rune(words))
		x.open("/report/" + id + "?f=" + keyOf(review.Event, e))
		x.click(`#panel summary[data-field="trigger"]`)
		prefilled := eval[string](x, `document.querySelector('#panel details[open] [name="start"]').value`)
		x.drag(start, end)
		x.wait(fmt.Sprintf(`document.querySelector('#panel details[open] [name="start"]').value !== %q`, prefilled))
		got := eval[[]string](x, `["words", "start", "end"].map((n) => document.querySelector('#panel details[open] [name="' + n + '"]').value)`)
		if want := []string{words, itoa(start), itoa(end)}; !slices.Equal(got, want) {
			t.Errorf("selecting %q gives %q, want %q", words, got, want)
			continue
		}
		if sel := eval[string](x, `getSelection().toString()`); sel != words {
			t.Errorf("%q is selected", sel)
		}
		x.click(`#panel details[open] button[value="correct"]`)
		n++
		x.decided(id, n)
		log := x.full(id).Log
		var q record.Quote
		if err := json.Unmarshal(log[len(log)-1].Value, &q); err != nil || q != (record.Quote{Start: start, End: end, Text: words}) {
			t.Errorf("the ledger has %s", log[len(log)-1].Value)
		}
	}
	// Typing over the words forgets the place.
	x.open("/report/" + id + "?f=" + keyOf(review.Event, e))
	x.click(`#panel summary[data-field="weapon"]`)
	eval[bool](x, `(() => { const e = document.querySelector('#panel details[open] [name="words"]'); e.focus(); e.select(); return true; })()`)
	x.key("پلیس")
	if v := eval[string](x, `document.querySelector('#panel details[open] [name="start"]').value`); v != "" {
		t.Errorf("the place of other words stays: %s", v)
	}
	x.quiet()
}

// Each action with the mouse, in both languages.
func TestBrowserActions(t *testing.T) {
	x := browser(t)
	for _, lang := range []string{"en", "fa"} {
		a := article
		a.Text += "\n" + lang
		id := x.add(a)
		e := event(t, x.record(id), "انفجار بمب").ID
		key := keyOf(review.Event, e)
		at := "/report/" + id + "?lang=" + lang + "&f=" + key
		verdict := func() review.Verdict { return x.full(id).Reviewed.Verdict(review.Event, e) }

		x.open(at)
		x.click(`#panel [data-key="a"]`)
		x.decided(id, 1)
		if verdict() != review.Accepted {
			t.Errorf("%s: accepted: %q", lang, verdict())
		}
		if eval[string](x, `document.querySelector(".finding.open").id`) == key {
			t.Errorf("%s: the next finding is not open", lang)
		}
		x.open(at)
		x.click(`#panel summary[data-field="type"]`)
		x.must(chromedp.SetValue(chromedp.CSS(`#panel details[open] select`), "COERCE"))
		x.click(`#panel details[open] button[value="correct"]`)
		x.decided(id, 2)
		x.picked(key)
		if now := event(t, x.record(id), "انفجار بمب"); now.Type != "COERCE" || verdict() != review.Corrected {
			t.Errorf("%s: corrected: %s %q", lang, now.Type, verdict())
		}
		x.wait(`document.querySelector("#panel .machine")`)
		x.click(`#panel [data-key="n"]`)
		x.must(chromedp.SetValue(chromedp.CSS(`#panel .noting textarea`), "یادداشت می‌ماند")) // half-spaces are no keys to chromedp
		x.click(`#panel .noting button`)
		x.decided(id, 3)
		if n := x.full(id).Reviewed.Notes; len(n) != 1 || n[0].Note != "یادداشت می‌ماند" {
			t.Errorf("%s: note: %+v", lang, n)
		}
		x.click(`#panel [data-key="r"]`)
		x.decided(id, 4)
		if verdict() != review.Rejected {
			t.Errorf("%s: rejected: %q", lang, verdict())
		}
		x.wait(fmt.Sprintf(`document.getElementById(%q).classList.contains("out")`, key))
		x.open(at)
		x.click(`#panel [data-key="u"]`)
		x.decided(id, 5)
		if verdict() != review.Corrected {
			t.Errorf("%s: undone: %q", lang, verdict())
		}
		x.click(`#adds > summary`)
		x.click(`#adds .one:has(input[name="kind"][value="time"]) summary`)
		words := "بازداشت کنند"
		text := string([]rune(x.record(id).Document.Text))
		start := len([]rune(text[:strings.Index(text, words)]))
		x.drag(start, start+len([]rune(words)))
		x.wait(`document.querySelector('#adds details[open] [name="words"]').value !== ""`)
		x.must(chromedp.SendKeys(chromedp.CSS(`#adds details[open] [name="value.value"]`), "1391-02-25"))
		x.click(`#adds details[open] button`)
		x.decided(id, 6)
		if !slices.ContainsFunc(x.record(id).Times, func(o record.Time) bool { return o.Start == start && o.Value == "2012-05-14" }) {
			t.Errorf("%s: added: %+v", lang, x.record(id).Times)
		}
		x.picked(keyOf(review.Time, review.ID(review.Time, start, start+len([]rune(words)))))
		x.click(`.states [value="done"]`)
		x.decided(id, 7)
		if s := x.full(id).Review; s != "done" {
			t.Errorf("%s: %s", lang, s)
		}
		// One of the log is taken back.
		x.click(`.log li:first-child button`)
		x.decided(id, 8)
		if s := x.full(id).Review; s == "done" {
			t.Errorf("%s: %s", lang, s)
		}
		// A value that cannot be: the reason is shown, nothing is lost or written.
		x.open(at)
		x.click(`#panel summary[data-field="date"]`)
		x.must(chromedp.SetValue(chromedp.CSS(`#panel details[open] [name="value"]`), "2012-02-31"))
		x.click(`#panel details[open] button[value="correct"]`)
		x.wait(`document.querySelector('[role="alert"]')?.innerText.includes("2012-02-31")`)
		if n := len(x.full(id).Log); n != 8 {
			t.Errorf("%s: %d decisions", lang, n)
		}
	}
	x.quiet()
}

// A whole report is reviewed by the keyboard alone, from the inbox on.
func TestBrowserKeyboard(t *testing.T) {
	for _, lang := range []string{"en", "fa"} {
		t.Run(lang, func(t *testing.T) {
			x := browser(t)
			id := x.add(article)
			x.open("/?lang=" + lang)
			// From the search field the reports are a few tabs away.
			x.key("/")
			x.key("انفجار\r")
			x.wait(`location.search.includes("q=") && document.querySelector("mark")`)
			for range 30 {
				if eval[bool](x, `document.activeElement.matches(".report h2 a")`) {
					break
				}
				x.key("\t")
			}
			x.key("\r")
			x.wait(`location.pathname.startsWith("/report/") && document.documentElement.dataset.ready === "true"`)

			x.key("?")
			x.wait(`document.getElementById("help").open`)
			x.must(chromedp.KeyEvent("\x1b"))
			x.wait(`!document.getElementById("help").open`)

			n := 0
			done := map[string]bool{}
			x.key("j")
			x.wait(`document.querySelector(".finding.open")`)
			var rejected, corrected string
			for range 200 {
				key := eval[string](x, `document.querySelector(".finding.open").id`)
				if done[key] {
					break // the last one stays open
				}
				done[key] = true
				switch {
				case corrected == "" && strings.HasPrefix(key, "event:"):
					corrected = key
					x.key("e") // the first field; two on is how it happened
					x.wait(`document.activeElement.matches("#panel summary")`)
					x.must(chromedp.KeyEvent("\x1b")) // closes the finding …
					x.wait(`!document.querySelector(".finding.open")`)
					x.open("/report/" + id + "?f=" + key) // … which an address opens
					x.key("e")
					for !eval[bool](x, `document.activeElement.matches('#panel summary[data-field="type"]')`) {
						x.key("\t")
					}
					x.key(" ")
					x.wait(`document.querySelector('#panel summary[data-field="type"]').parentElement.open`)
					x.key("\t")
					x.key(firstLetters(lang))
					x.key("\t\r")
					n++
					x.decided(id, n)
					x.picked(key)
					x.key("n")
					x.wait(`document.activeElement.matches("#panel textarea")`)
					x.key("می‌بینیم")
					x.key("\t\r")
					n++
					x.decided(id, n)
					x.picked(key)
					x.key("j")
					x.wait(fmt.Sprintf(`document.querySelector(".finding.open").id !== %q`, key))
				case rejected == "" && strings.HasPrefix(key, "number:"):
					rejected = key
					x.key("r")
					n++
					x.decided(id, n)
					if eval[string](x, `document.querySelector(".finding.open").id`) != key { // it was not the last
						x.key("k")
						x.picked(key)
					}
					x.key("u")
					n++
					x.decided(id, n)
					x.picked(key)
					x.key("r")
					n++
					x.decided(id, n)
				default:
					x.key("a")
					n++
					x.decided(id, n)
				}
			}
			x.key("d")
			n++
			x.decided(id, n)
			full := x.full(id)
			if full.Review != "done" || corrected == "" || rejected == "" {
				t.Errorf("%s, corrected %q, rejected %q", full.Review, corrected, rejected)
			}
			want := map[review.Verdict]int{}
			for _, a := range adds {
				if a.Kind == review.Mention {
					continue // they are listed where their entity is open
				}
				for _, it := range full.Reviewed.Items(a.Kind) {
					want[it.Verdict]++
					if it.Verdict == review.Unseen {
						t.Errorf("%s %s was passed over", a.Kind, it.Target.ID)
					}
				}
			}
			if want[review.Rejected] != 1 || want[review.Corrected] != 1 || want[review.Accepted] < 6 {
				t.Errorf("%v", want)
			}
			// Layers by their keys.
			x.key("2")
			x.wait(`!document.querySelector('#layers input[value="events"]').checked && CSS.highlights.get("events").size === 0`)
			x.quiet()
		})
	}
}

// Keys and clicks that come faster than the server answers never judge what
// they were not meant for.
func TestBrowserHaste(t *testing.T) {
	x := browser(t)
	id := x.add(article)
	x.open("/report/" + id + "?f=statement:s1")
	x.key("ja") // on to the next and accept it, in one breath
	x.wait(`document.querySelector(".finding.open").id !== "statement:s1" && !document.body.hasAttribute("aria-busy")`)
	for _, d := range x.full(id).Log {
		if d.Target.ID == "s1" {
			t.Errorf("the finding that was left is judged: %+v", d)
		}
	}
	n := len(x.full(id).Log)
	eval[bool](x, `(() => { const b = document.querySelector('#panel [data-key="r"]'); b.click(); b.click(); return true; })()`)
	x.decided(id, n+1)
	if eval[bool](x, `document.querySelector(".conflict, [role=alert]") !== null`) {
		t.Error("a second click is taken for another decision")
	}
	x.quiet()
}

// firstLetters chooses "Protest" in a list.
func firstLetters(lang string) string {
	if lang == "fa" {
		return "اع"
	}
	return "Pr"
}

// Somebody else decides while the page is open.
func TestBrowserConflict(t *testing.T) {
	x := browser(t)
	id := x.add(article)
	e := event(t, x.record(id), "انفجار بمب").ID
	x.open("/report/" + id + "?f=" + keyOf(review.Event, e))
	if _, err := x.ledger.Decide(context.Background(), review.Decision{Author: "omid", Report: id, Action: review.Correct, Target: review.Target{Kind: review.Event, ID: e}, Field: "type", Value: json.RawMessage(`"PROTEST"`)}, ledger.Anyway); err != nil {
		t.Fatal(err)
	}
	x.click(`#panel summary[data-field="type"]`)
	x.must(chromedp.SetValue(chromedp.CSS(`#panel details[open] select`), "COERCE"))
	x.click(`#panel details[open] button[value="correct"]`)
	x.wait(`document.querySelector(".conflict")`)
	text := eval[string](x, `document.querySelector(".conflict").innerText`)
	for _, want := range []string{"omid", "Protest", "Coercion"} {
		if !strings.Contains(text, want) {
			t.Errorf("the conflict does not show %q: %s", want, text)
		}
	}
	if n := len(x.full(id).Log); n != 1 {
		t.Errorf("%d decisions", n)
	}
	x.click(`.conflict button`)
	x.decided(id, 2)
	if now := event(t, x.record(id), "انفجار بمب"); now.Type != "COERCE" {
		t.Errorf("%s", now.Type)
	}
	x.quiet()
}

// A report of 30,000 characters is laid out, painted and gone through.
func TestBrowserLong(t *testing.T) {
	x := browser(t)
	id := x.add(long(30000))
	full := x.full(id)
	if n := len([]rune(full.Machine.Document.Text)); n < 30000 {
		t.Fatalf("%d letters", n)
	}
	x.open("/report/" + id)
	if n := eval[float64](x, `CSS.highlights.get("events").size`); n < 20 {
		t.Errorf("%g events are painted", n)
	}
	for range 3 {
		before := eval[string](x, `document.querySelector(".finding.open")?.id ?? ""`)
		x.key("j")
		x.wait(fmt.Sprintf(`document.querySelector(".finding.open") && document.querySelector(".finding.open").id !== %q`, before))
	}
	if eval[bool](x, `document.querySelector(".more a") === null`) {
		t.Error("there is no way to the rest")
	}
	last := full.Machine.Events[len(full.Machine.Events)-1]
	x.open("/report/" + id + "?f=" + keyOf(review.Event, last.ID))
	words := eval[string](x, `(() => { const r = [...CSS.highlights.get("picked")][0]; return r.startContainer.data.slice(r.startOffset, r.endOffset); })()`)
	if words != last.Trigger.Text {
		t.Errorf("%q is painted for the last event, not %q", words, last.Trigger.Text)
	}
	box := eval[[]float64](x, `(() => { const r = [...CSS.highlights.get("picked")][0]; const q = document.createRange(); q.setStart(r.startContainer, r.startOffset); q.setEnd(r.endContainer, r.endOffset); const b = q.getBoundingClientRect(); return [b.top, innerHeight]; })()`)
	if box[0] < 0 || box[0] > box[1] {
		t.Errorf("the open event's words are out of sight: %v", box)
	}
	x.quiet()
}

// Without script the pages work: find, open, judge, correct, add.
func TestBrowserWithoutScript(t *testing.T) {
	x := browser(t)
	id := x.add(article)
	e := event(t, x.record(id), "انفجار بمب").ID
	if _, err := chromedp.Call(x.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	x.must(chromedp.Navigate(x.base + "/"))
	x.click(`.report h2 a`)
	x.must(chromedp.WaitVisible(chromedp.CSS(`.text h1`)))
	x.click(fmt.Sprintf(`[id="event:%s"] > .row > .pick`, e))
	x.must(chromedp.WaitVisible(chromedp.CSS(`#panel .excerpt mark`)))
	if got, err := chromedp.Run(x.ctx, chromedp.Text(chromedp.CSS(`#panel .excerpt mark`))); err != nil || got != "انفجار بمب" {
		t.Errorf("%q %v", got, err)
	}
	x.click(`#panel summary[data-field="type"]`)
	x.must(chromedp.SendKeys(chromedp.CSS(`#panel details[open] select`), "Pr"))
	x.click(`#panel details[open] button[value="correct"]`)
	x.must(chromedp.WaitVisible(chromedp.CSS(`#panel .machine`)))
	x.click(`#panel button[value="accept"][data-key]`)
	x.must(chromedp.WaitVisible(chromedp.CSS(`.log li:nth-child(2)`)))
	x.click(`.states [value="done"]`)
	x.must(chromedp.WaitVisible(chromedp.CSS(`.states [value="done"][aria-pressed="true"]`)))
	full := x.full(id)
	if now := event(t, full.Reviewed.Record, "انفجار بمب"); now.Type != "PROTEST" || len(full.Log) != 3 || full.Review != "done" {
		t.Errorf("%s, %d decisions, %s", now.Type, len(full.Log), full.Review)
	}
	x.quiet()
}

// A text is pasted, files are given.
func TestBrowserAdd(t *testing.T) {
	x := browser(t)
	x.open("/add")
	x.must(chromedp.SetValue(chromedp.CSS(`textarea[name="text"]`), article.Text))
	x.must(chromedp.SendKeys(chromedp.CSS(`input[name="title"]`), article.Title))
	x.must(chromedp.SendKeys(chromedp.CSS(`input[name="outlet"]`), "ایرنا"))
	x.must(chromedp.SendKeys(chromedp.CSS(`input[name="published"]`), "1391-02-25"))
	x.click(`form.add button`)
	x.must(chromedp.WaitVisible(chromedp.CSS(`.text h1`)))
	list, err := x.ledger.List(context.Background(), ledger.Filter{}, 10, 0)
	if err != nil || len(list) != 1 || list[0].Published != "2012-05-14" || list[0].Title != article.Title {
		t.Fatalf("%+v %v", list, err)
	}
	if got := x.record(list[0].ID).Document.Text; got != article.Title+"\n"+article.Text {
		t.Errorf("the text was changed: %q", got)
	}
	name := filepath.Join(t.TempDir(), "دو خبر.jsonl")
	line := func(a sanad.Article) string { b, _ := json.Marshal(a); return string(b) + "\n" }
	if err := os.WriteFile(name, []byte(line(sanad.Article{Text: "ارتش عراق دیروز سه نفر را در موصل بازداشت کرد."})+line(sanad.Article{Text: "ارتش عراق دیروز چهار نفر را در بغداد بازداشت کرد."})), 0o600); err != nil {
		t.Fatal(err)
	}
	x.open("/add")
	x.must(chromedp.SetUploadFiles(chromedp.CSS(`input[type="file"]`), []string{name}))
	x.click(`form.add button`)
	x.must(chromedp.WaitVisible(chromedp.CSS(`.done`)))
	if got := eval[string](x, `document.querySelector(".done").innerText`); !strings.Contains(got, "2 new reports") || !regexp.MustCompile(`دو خبر.jsonl:2`).MatchString(got) {
		t.Errorf("%s", got)
	}
	// Dropped anywhere on the page.
	x.open("/add")
	eval[bool](x, `(() => {
		const d = new DataTransfer();
		d.items.add(new File(["ارتش عراق دیروز پنج نفر را در کرکوک بازداشت کرد."], "افتاده.txt"));
		document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: d, bubbles: true, cancelable: true }));
		return true;
	})()`)
	x.wait(`location.pathname.startsWith("/report/") && document.documentElement.dataset.ready === "true"`)
	if got := eval[string](x, `document.querySelector(".origin").textContent`); !strings.Contains(got, "افتاده.txt") {
		t.Errorf("%s", got)
	}
	x.quiet()
}
