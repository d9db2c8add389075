package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/input"
)

// web is a web of a few pages. A page that is asked for waits until gate is
// closed, where there is one.
type web struct {
	pages map[string]string
	gate  chan bool
	asked chan string
}

func (w *web) Get(ctx context.Context, address string, _ fetch.Cond) (*fetch.Page, error) {
	if w.asked != nil {
		w.asked <- address
	}
	if w.gate != nil {
		select {
		case <-w.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	body, ok := w.pages[address]
	if !ok {
		return nil, errors.New(address + ": the site forbids it in its robots.txt")
	}
	media := "text/html"
	if strings.HasPrefix(body, "<?xml") {
		media = "application/rss+xml"
	}
	return &fetch.Page{URL: address, Status: 200, Media: media, Charset: "utf-8", Body: []byte(body), At: time.Date(2024, 3, 12, 9, 0, 0, 0, time.UTC)}, nil
}

// news is an article as a page.
func news(title, text string) string {
	return `<!DOCTYPE html><html lang="fa"><head><meta charset="utf-8"><title>` + title + `</title><meta property="og:site_name" content="خبرگزاری ایرنا"><meta property="article:published_time" content="2024-03-10T08:00:00+03:30"></head><body><article><h1>` + title + `</h1><p>` + strings.ReplaceAll(text, "\n", "</p><p>") + `</p></article></body></html>`
}

// drop sends files as the form does.
func (b *bench) drop(files ...string) *httptest.ResponseRecorder {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	m.WriteField("token", b.desk.(*guard).token)
	for i := 0; i < len(files); i += 2 {
		w, err := m.CreateFormFile("files", files[i])
		if err != nil {
			b.t.Fatal(err)
		}
		io.WriteString(w, files[i+1])
	}
	m.Close()
	r := b.request("POST", "/add", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// finished waits until nothing is read any more.
func (b *bench) finished() { b.desk.(*guard).desk.jobs.wait.Wait() }

// A form that is not done at once leads to the page of its job, which says how
// far it is and what came of it; the inbox shows it too, and nothing of the
// uploaded files is left.
func TestJobs(t *testing.T) {
	for _, lang := range []string{"en", "fa"} {
		t.Setenv("TMPDIR", t.TempDir())
		b := benchOf(t, Options{patience: 1})
		b.lang = lang
		var lines strings.Builder
		for i := range 60 {
			j, _ := json.Marshal(map[string]string{"title": fmt.Sprintf("گزارش %d", i), "text": fmt.Sprintf("%s\nگزارش شماره %d", article.Text, i)})
			lines.Write(append(j, '\n'))
		}
		w := b.drop("a.jsonl", lines.String(), "bad.exe", "MZ", `<img src=x onerror=alert(1)>.txt`, "هیچ", "empty.txt", "")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/jobs/") {
			t.Fatalf("%d %s %s", w.Code, w.Header().Get("Location"), alert(w.Body.String()))
		}
		b.finished()
		page := b.get(w.Header().Get("Location"))
		l := languages[lang]
		must(t, page, l.T("add.new", 61), l.T("jobs.state.done"), "bad.exe", "sanad add", "/report/")
		mustNot(t, page, missing, "<img src=x", `http-equiv="refresh"`, "sanad-desk-")
		must(t, b.get("/jobs"), l.T("jobs.state.done"), "a.jsonl")
		must(t, b.get("/"), l.T("jobs.title"), "a.jsonl", "jobs.js")
		if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	}
}

// While a job runs its page comes anew without script, and says so to scripts.
func TestJobRunning(t *testing.T) {
	w := &web{pages: map[string]string{"https://khabar.example/1": news(article.Title, article.Text)}, gate: make(chan bool), asked: make(chan string, 1)}
	b := benchOf(t, Options{Fetch: w, patience: 1})
	a := b.post("/add", formOf("url", "https://khabar.example/1"))
	if a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, alert(a.Body.String()))
	}
	<-w.asked
	job := a.Header().Get("Location")
	must(t, b.get(job), `<noscript><meta http-equiv="refresh" content="2"></noscript>`, "data-running", "<progress", "khabar.example/1")
	must(t, b.get("/"), "data-running")
	must(t, b.get("/add"), `name="url"`)
	w2 := b.post("/add", formOf("text", article.Text))
	if w2.Code != http.StatusSeeOther || !strings.HasPrefix(w2.Header().Get("Location"), "/jobs/") {
		t.Fatalf("a text behind it: %d", w2.Code)
	}
	must(t, b.get(w2.Header().Get("Location")), "waits")
	close(w.gate)
	b.finished()
	page := b.get(job)
	must(t, page, "1 new report.", "/report/")
	mustNot(t, page, `http-equiv="refresh"`, "data-running")
	must(t, b.get(w2.Header().Get("Location")), "1 new report.")
	if x := b.do(b.request("GET", "/jobs/ffff", nil)); x.Code != 404 {
		t.Errorf("no such job: %d", x.Code)
	}
}

// An address alone is fetched: a page becomes a report, a feed its articles; what
// is refused is said in the form.
func TestAddAddress(t *testing.T) {
	rss := `<?xml version="1.0"?><rss version="2.0"><channel><title>خبر</title><link>https://khabar.example/</link>` +
		`<item><title>یک</title><link>https://khabar.example/1</link></item><item><title>دو</title><link>https://khabar.example/2</link></item></channel></rss>`
	w := &web{pages: map[string]string{"https://khabar.example/1": news(article.Title, article.Text), "https://khabar.example/2": news(bearers.Title, bearers.Text), "https://khabar.example/rss": rss}}
	b := benchOf(t, Options{Fetch: w})
	x := b.post("/add", formOf("url", "https://khabar.example/1"))
	if x.Code != http.StatusSeeOther || !strings.HasPrefix(x.Header().Get("Location"), "/report/") {
		t.Fatalf("%d %s %s", x.Code, x.Header().Get("Location"), alert(x.Body.String()))
	}
	page := b.get(x.Header().Get("Location"))
	must(t, page, "khabar.example/1", "انفجار بمب")
	if x := b.post("/add", formOf("url", "https://khabar.example/rss")); x.Code != http.StatusSeeOther && x.Code != 200 {
		t.Errorf("a feed: %d %s", x.Code, alert(x.Body.String()))
	}
	b.finished()
	must(t, b.get("/?q="+url.QueryEscape("پرچم‌داران")), "/report/")
	for address, want := range map[string]string{
		"https://khabar.example/secret": "robots.txt", "ftp://khabar.example/1": "no address", "javascript:alert(1)": "no address", "khabar.example/1": "no address",
		"file:///etc/passwd": "no address", "https://leila:secret@khabar.example/1": "no address", "/etc/passwd": "no address", "-": "no address",
	} {
		x := b.post("/add", formOf("url", address))
		if x.Code != 422 || !strings.Contains(alert(x.Body.String()), want) {
			t.Errorf("%s: %d %s", address, x.Code, alert(x.Body.String()))
		}
	}
	if x := b.post("/add", formOf("url", "https://khabar.example/1", "published", "yesterday")); x.Code != 422 {
		t.Errorf("no day: %d", x.Code)
	}
	b = newBench(t)
	if x := b.post("/add", formOf("url", "https://khabar.example/1")); x.Code != 422 || !strings.Contains(alert(x.Body.String()), "fetches no pages") {
		t.Errorf("fetching is off: %d %s", x.Code, alert(x.Body.String()))
	}
}

// Addresses of this machine and of private networks are refused by who fetches.
func TestAddPrivateAddress(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("this machine was asked") }))
	defer site.Close()
	b := benchOf(t, Options{Fetch: fetch.New(fetch.Options{Version: "test"}), patience: time.Minute})
	for _, address := range []string{site.URL, strings.Replace(site.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1), "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]:80/"} {
		x := b.post("/add", formOf("url", address))
		if x.Code != 422 || !strings.Contains(alert(x.Body.String()), "private") && !strings.Contains(alert(x.Body.String()), "this machine") && !strings.Contains(alert(x.Body.String()), "port") && !strings.Contains(alert(x.Body.String()), "link-local") {
			t.Errorf("%s: %d %s", address, x.Code, alert(x.Body.String()))
		}
	}
}

// So much may wait and no more; what is refused leaves nothing behind, and a
// desk that is closed ends what runs and what waits.
func TestJobsBounded(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	w := &web{gate: make(chan bool), asked: make(chan string, 1)}
	b := benchOf(t, Options{Fetch: w, patience: 1})
	b.post("/add", formOf("url", "https://khabar.example/1"))
	<-w.asked
	for i := range jobsQueued {
		if x := b.drop("a.txt", fmt.Sprintf("%s %d", article.Text, i)); x.Code != http.StatusSeeOther {
			t.Fatalf("%d: %d %s", i, x.Code, alert(x.Body.String()))
		}
	}
	x := b.drop("b.txt", article.Text)
	if x.Code != 422 || !strings.Contains(alert(x.Body.String()), "too much waits") {
		t.Errorf("one too many: %d %s", x.Code, alert(x.Body.String()))
	}
	if err := b.desk.(*guard).Close(); err != nil {
		t.Fatal(err)
	}
	for _, j := range b.desk.(*guard).desk.jobs.now() {
		if j.State != jobFailed || !strings.Contains(j.Why, "the desk was closed") {
			t.Errorf("%s: %s %s", j.Name, j.State, j.Why)
		}
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %d, %v", len(left), err)
	}
	if x := b.drop("b.txt", article.Text); x.Code != 422 {
		t.Errorf("after the close: %d", x.Code)
	}
}

// jobCalls are calls of the API for the walk over its description.
func jobCalls(b *bench) []apiCall {
	text := map[string]any{"url": "https://khabar.example/1", "outlet": "ایرنا", "published": "2024-03-10"}
	large := strings.Repeat("x", maxForm+10)
	d := b.desk.(*guard).desk
	j, err := d.addressJob("https://khabar.example/1", input.Defaults{})
	if err == nil {
		err = d.put(j)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.finished()
	return []apiCall{
		{"listJobs", "/api/v1/jobs", nil, "", 200, nil},
		{"getJob", "/api/v1/jobs/" + j.ID, nil, "", 200, nil},
		{"getJob", "/api/v1/jobs/ffff", nil, "", 404, nil},
		{"fetchAddress", "/api/v1/jobs", text, "", 202, nil},
		{"fetchAddress", "/api/v1/jobs", map[string]any{"url": "file:///x"}, "", 422, nil},
		{"fetchAddress", "/api/v1/jobs", "{", "", 400, nil},
		{"fetchAddress", "/api/v1/jobs", text, "Content-Type: text/plain", 415, nil},
		{"fetchAddress", "/api/v1/jobs", text, "Origin: http://evil.example", 403, nil},
		{"fetchAddress", "/api/v1/jobs", `{"url":"` + large + `"}`, "", 413, nil},
	}
}

// With script the page of a job follows it to its end without being loaded anew.
func TestBrowserJobs(t *testing.T) {
	w := &web{pages: map[string]string{"https://khabar.example/1": news(article.Title, article.Text)}, gate: make(chan bool), asked: make(chan string, 1)}
	x := browserAt(t, Options{Fetch: w})
	d := x.desk.(*guard).desk
	j, err := d.addressJob("https://khabar.example/1", input.Defaults{})
	if err == nil {
		err = d.put(j)
	}
	if err != nil {
		t.Fatal(err)
	}
	<-w.asked
	x.visit("/jobs/" + j.ID)
	x.wait(`document.querySelector("[data-running] progress") && (window.same = true)`)
	close(w.gate)
	x.wait(`document.querySelector(".job-done") && document.querySelector('.results a[href^="/report/"]')`)
	if !eval[bool](x, `window.same === true`) {
		t.Error("the page was loaded anew")
	}
	x.visit("/")
	x.wait(`document.querySelector("#jobs .job-done")`)
	x.quiet()
}
