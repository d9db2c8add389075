package desk

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/internal/pgtest"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
)

// reader is the reader of all tests: making one takes a while.
var reader = sync.OnceValue(func() *sanad.Reader {
	r, err := sanad.New("")
	if err != nil {
		panic(err)
	}
	return r
})

// host is where the desk of a handler test believes to be bound.
const host = "127.0.0.1:8080"

// bench is a desk with its ledger.
type bench struct {
	t      testing.TB
	ledger *ledger.Ledger
	desk   http.Handler
	base   string // of a desk that listens; "" for one that is called
	lang   string
}

// newLedger is an empty ledger: a schema of the PostgreSQL database that
// $SANAD_TEST_POSTGRES names (scripts/postgres gives one), else an SQLite file.
func newLedger(t testing.TB) *ledger.Ledger {
	t.Helper()
	where := filepath.Join(t.TempDir(), "ledger.db")
	if dsn := os.Getenv("SANAD_TEST_POSTGRES"); dsn != "" {
		where = pgtest.Schema(t, dsn)
	}
	l, err := ledger.Open(context.Background(), where, ledger.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func newBench(t testing.TB) *bench {
	t.Helper()
	return benchOf(t, Options{})
}

// benchOf is a desk with options of its own.
func benchOf(t testing.TB, opt Options) *bench {
	t.Helper()
	l := newLedger(t)
	opt.Hosts, opt.Author, opt.Version, opt.Log = Hosts(host), "leila", "test", log.New(io.Discard, "", 0)
	if opt.patience == 0 {
		opt.patience = time.Minute // what a form shows does not hang on how busy the machine is
	}
	d := New(l, reader(), opt)
	t.Cleanup(func() { d.Close() })
	return &bench{t: t, ledger: l, desk: d}
}

// serving is a desk that listens on a port of this machine.
func serving(t testing.TB) *bench { return servingOf(t, Options{}) }

func servingOf(t testing.TB, opt Options) *bench {
	t.Helper()
	l := newLedger(t)
	s := httptest.NewUnstartedServer(nil)
	addr := s.Listener.Addr().String()
	opt.Hosts, opt.Author, opt.Version, opt.Log = Hosts(addr), "leila", "test", log.New(io.Discard, "", 0)
	if opt.patience == 0 {
		opt.patience = time.Minute
	}
	d := New(l, reader(), opt)
	s.Config = Server(d)
	s.Start()
	t.Cleanup(func() { d.Close() })
	t.Cleanup(s.Close)
	return &bench{t: t, ledger: l, desk: d, base: "http://" + addr}
}

// article is an invented report with speech, an event, a number, a day, a
// place, half-spaces and a loaded word.
var article = sanad.Article{
	Outlet: "خبرگزاری ایرنا", Title: "انفجار در بعقوبه", Published: "2012-05-14",
	Text: "به گزارش ایرنا به نقل از رویترز، سخنگوی پلیس استان دیاله گفت: دیروز دست‌کم سه نفر در انفجار بمب در بعقوبه کشته شدند.\n" +
		"ارتش آمریکا این حمله تروریستی را محکوم کرد و از نیروهای عراقی خواست عاملان را بازداشت کنند.",
}

// add keeps an article and returns its id.
func (b *bench) add(a sanad.Article) string {
	b.t.Helper()
	m := ledger.NewMaker(reader(), "test")
	e, err := m.Entry(&input.Item{Article: a, File: "test.jsonl", Line: 1, Kind: input.JSON, Raw: []byte("{}")})
	if err != nil {
		b.t.Fatal(err)
	}
	out, err := b.ledger.Add(context.Background(), []*ledger.Entry{e})
	if err != nil {
		b.t.Fatal(err)
	}
	return out[0].ID
}

func (b *bench) full(id string) *ledger.Full {
	b.t.Helper()
	x, err := b.ledger.Full(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return x
}

func (b *bench) record(id string) *record.Record { return b.full(id).Reviewed.Record }

// do sends a request as a browser on the desk's own page would.
func (b *bench) do(r *http.Request) *httptest.ResponseRecorder {
	if b.lang != "" {
		r.AddCookie(&http.Cookie{Name: cookie, Value: b.lang})
	}
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	return w
}

func (b *bench) request(method, path string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, "http://"+host+path, body)
	r.Host = host
	return r
}

// get returns a page, which has to be there.
func (b *bench) get(path string) string {
	b.t.Helper()
	w := b.do(b.request("GET", path, nil))
	if w.Code != 200 {
		b.t.Fatalf("GET %s: %d\n%s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// post sends a form with the token of the desk.
func (b *bench) post(path string, form url.Values) *httptest.ResponseRecorder {
	form.Set("token", b.desk.(*guard).token)
	r := b.request("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://"+host)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// decides sends a decision, which has to be made, on the state that is there.
func (b *bench) decides(id string, pairs ...string) {
	b.t.Helper()
	f := formOf(pairs...)
	f.Set("seen", b.full(id).Reviewed.Last)
	if w := b.post("/report/"+id+"/decide", f); w.Code != http.StatusSeeOther {
		b.t.Fatalf("%v: %d %s", pairs, w.Code, alert(w.Body.String()))
	}
}

func formOf(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

var alertPattern = regexp.MustCompile(`(?s)role="alert"[^>]*>(.*?)</`)

// alert is what a page says is wrong.
func alert(page string) string {
	if m := alertPattern.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

// event returns the event that is read from words.
func event(t testing.TB, r *record.Record, trigger string) *record.Event {
	t.Helper()
	for i := range r.Events {
		if r.Events[i].Trigger.Text == trigger {
			return &r.Events[i]
		}
	}
	t.Fatalf("no event is read from %q: %+v", trigger, r.Events)
	return nil
}

func must(t testing.TB, page string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(page, p) {
			t.Errorf("the page lacks %q", p)
		}
	}
}

func mustNot(t testing.TB, page string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if i := strings.Index(page, p); i >= 0 {
			t.Errorf("the page has %q: …%s…", p, page[max(0, i-80):min(len(page), i+120)])
		}
	}
}
