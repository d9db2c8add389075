package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-project/sanad/account"
)

// teamHost is where a desk with accounts believes to be asked for.
const teamHost = "desk.example.org"

// office is a desk with accounts: leila is an administrator, kaveh and sara are
// reviewers, مینا is a reader.
type office struct {
	*bench
	store *account.Store
	clock time.Time
}

var staff = map[string]account.Role{"leila": account.Admin, "kaveh": account.Reviewer, "sara": account.Reviewer, "مینا": account.Reader}

func passwordOf(name string) string { return "the words of " + name + " alone" }

func newOffice(t testing.TB) *office { return officeOf(t, Options{Origin: "https://" + teamHost}) }

func officeOf(t testing.TB, opt Options) *office {
	t.Helper()
	o := staffed(t)
	l := newLedger(t)
	opt.Accounts, opt.Version, opt.Log, opt.patience = o.store, "test", log.New(io.Discard, "", 0), time.Minute
	if opt.Hosts == nil {
		opt.Hosts = []string{teamHost}
	}
	d := New(l, reader(), opt)
	t.Cleanup(func() { d.Close() })
	o.bench = &bench{t: t, ledger: l, desk: d}
	return o
}

// staffed are the accounts of an office, and its clock.
func staffed(t testing.TB) *office {
	t.Helper()
	o := &office{clock: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	// A hash costs little here: what it costs is a matter of package account.
	o.store, err = account.Open(context.Background(), filepath.Join(t.TempDir(), "x.accounts.db"), account.Options{Create: true, Cost: account.Cost{Time: 1, Memory: 64, Threads: 1}, Now: func() time.Time { return o.clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.store.Close() })
	for name, role := range staff {
		if err := o.store.Add(context.Background(), "", name, role, passwordOf(name), false); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// officeBrowser is an office in a real browser.
func officeBrowser(t *testing.T) (*tester, *office) {
	o := staffed(t)
	x := browserAt(t, Options{Accounts: o.store})
	o.bench = x.bench
	return x, o
}

// browserOf is one browser: it keeps cookies as browsers do.
type browserOf struct {
	*office
	cookies map[string]string
	from    string // address
}

func (o *office) browser() *browserOf {
	return &browserOf{office: o, cookies: map[string]string{}, from: "192.0.2.1"}
}

// as is a browser in which somebody is signed in.
func (o *office) as(name string) *browserOf {
	o.t.Helper()
	b := o.browser()
	if w := b.signIn(name, passwordOf(name)); w.Code != http.StatusSeeOther {
		o.t.Fatalf("%s cannot sign in: %d %s", name, w.Code, alert(w.Body.String()))
	}
	return b
}

func (b *browserOf) send(method, path, media, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://"+teamHost+path, strings.NewReader(body))
	r.Host, r.RemoteAddr = teamHost, b.from+":40000"
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	for n, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: n, Value: v})
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return w
}

func (b *browserOf) open(path string) *httptest.ResponseRecorder {
	return b.send("GET", path, "", "")
}

func (b *browserOf) page(path string) string {
	b.t.Helper()
	w := b.open(path)
	if w.Code != 200 {
		b.t.Fatalf("GET %s: %d %s", path, w.Code, alert(w.Body.String()))
	}
	return w.Body.String()
}

const formMedia = "application/x-www-form-urlencoded"

var tokenPattern = regexp.MustCompile(`name="token" value="([0-9a-f]+)"`)

// token is the token of the forms on a page that this browser gets.
func (b *browserOf) token(path string) string {
	b.t.Helper()
	m := tokenPattern.FindStringSubmatch(b.open(path).Body.String())
	if m == nil {
		b.t.Fatalf("%s has no form", path)
	}
	return m[1]
}

// fill sends a form as the page at from gives it.
func (b *browserOf) fill(from, to string, pairs ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	f := formOf(pairs...)
	f.Set("token", b.token(from))
	return b.send("POST", to, formMedia, f.Encode(), "Origin", "https://"+teamHost, "Sec-Fetch-Site", "same-origin")
}

func (b *browserOf) signIn(name, password string, more ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.fill("/signin", "/signin", append([]string{"name", name, "password", password}, more...)...)
}

const sessionName, beforeName = "__Host-" + sessionCookie, "__Host-" + beforeCookie

// routesOf are the routes that the source registers.
func routesOf(t *testing.T) []string {
	t.Helper()
	var list []string
	files := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "HandleFunc" && sel.Sel.Name != "Handle" || len(call.Args) != 2 {
				return true
			}
			lit, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: a route is not written out, so nobody can see who may use it", files.Position(call.Pos()))
				return true
			}
			route, _ := strconv.Unquote(lit.Value)
			list = append(list, route)
			return true
		})
	}
	slices.Sort(list)
	return list
}

// Each route has a right, and each right a route.
func TestEachRouteHasARight(t *testing.T) {
	routes := routesOf(t)
	if len(routes) < 30 {
		t.Fatalf("only %d routes were found", len(routes))
	}
	for _, r := range routes {
		if _, ok := rights[r]; !ok {
			t.Errorf("%s is in no line of rights.go: say there who may use it", r)
		}
	}
	for r, who := range rights {
		if !slices.Contains(routes, r) {
			t.Errorf("rights.go speaks of %s, which there is not", r)
		}
		if who != anyone && !slices.Contains(account.Roles, who) {
			t.Errorf("%s is for %q", r, who)
		}
		if strings.HasPrefix(r, "POST ") && who == account.Reader && !always[r] {
			t.Errorf("a reader may %s: what changes something wants a reviewer", r)
		}
	}
	// What the API says it has is there.
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for m := range methods {
			if m != "get" && m != "post" {
				continue
			}
			if _, ok := rights[strings.ToUpper(m)+" /api/v1"+strings.TrimPrefix(path, "/api/v1")]; !ok {
				t.Errorf("openapi.json has %s %s, which has no right", m, path)
			}
		}
	}
}

// pathOf fills the wildcards of a route.
func pathOf(route, id string) (method, path string) {
	method, path, ok := strings.Cut(route, " ")
	if !ok {
		method, path = "GET", route+"nowhere"
	}
	path = strings.ReplaceAll(path, "{$}", "")
	path = strings.ReplaceAll(path, "{id}", id)
	path = regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "x")
	return method, path
}

// Every route, asked for by everybody: who may not is refused before the handler,
// who may is not. Forms and JSON are empty here, so nothing is decided.
func TestRights(t *testing.T) {
	o := newOffice(t)
	id := o.add(article)
	for _, role := range append([]account.Role{anyone}, account.Roles...) {
		for route, want := range rights {
			b := o.browser()
			name := ""
			for n, r := range staff {
				if r == role {
					name = n
				}
			}
			if role != anyone {
				b = o.as(name)
			}
			method, path := pathOf(route, id)
			var w *httptest.ResponseRecorder
			if method == "POST" && strings.HasPrefix(path, "/api/") {
				w = b.send(method, path, "application/json", "")
			} else if method == "POST" {
				w = b.send(method, path, formMedia, "")
			} else {
				w = b.open(path)
			}
			to := w.Header().Get("Location")
			refused := w.Code == 401 || w.Code == 303 && strings.HasPrefix(to, "/signin") || w.Code == 403 && strings.Contains(w.Body.String(), "this wants a")
			if may := want == anyone || role.May(want); refused == may {
				t.Errorf("%s by %s, which is for %s: %d %s", route, role, want, w.Code, to)
			}
			if refused && strings.HasPrefix(path, "/api/") && w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%s: the refusal is no JSON", route)
			}
		}
	}
	if x := o.full(id); len(x.Log) > 0 {
		t.Errorf("something was decided: %+v", x.Log)
	}
}

// A route without a right is nobody's, not everybody's.
func TestNoRight(t *testing.T) {
	o := newOffice(t)
	g := o.desk.(*guard)
	g.next.(*http.ServeMux).HandleFunc("GET /forgotten", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "secret") })
	if w := o.as("leila").open("/forgotten"); w.Code != 403 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A reader's pages have no form that changes anything, and what a reader sends
// all the same changes nothing.
func TestReaderDecidesNothing(t *testing.T) {
	o := newOffice(t)
	id := o.add(article)
	kaveh := o.as("kaveh")
	if w := kaveh.fill("/report/"+id, "/report/"+id+"/decide", "action", "accept", "kind", "event", "id", "e1", "seen", ""); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	must(t, kaveh.page("/report/"+id+"?f=event:e1"), `value="reject"`, `id="adds"`)
	mina := o.as("مینا")
	form := regexp.MustCompile(`<form[^>]*method="post"[^>]*>`)
	for route, want := range rights {
		method, path := pathOf(route, id)
		if method != "GET" || !account.Reader.May(want) || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/account") {
			continue
		}
		for _, path := range []string{path, path + "?f=event:e1"} {
			for _, f := range form.FindAllString(mina.open(path).Body.String(), -1) {
				if !strings.Contains(f, `action="/signout"`) {
					t.Errorf("%s shows a reader %s", path, f)
				}
			}
		}
	}
	page := mina.page("/report/" + id + "?f=event:e1")
	must(t, page, "accepted", "kaveh")
	mustNot(t, page, `value="reject"`, `id="adds"`, `href="/add"`, `href="/accounts"`)
	for _, f := range []url.Values{formOf("action", "state", "value", "done"), formOf("action", "reject", "kind", "event", "id", "e1")} {
		f.Set("token", mina.token("/account"))
		f.Set("seen", o.full(id).Reviewed.Last)
		if w := mina.send("POST", "/report/"+id+"/decide", formMedia, f.Encode()); w.Code != 403 {
			t.Errorf("a reader decides: %d", w.Code)
		}
	}
	if w := mina.send("POST", "/api/v1/reports/"+id+"/decisions", "application/json", `{"action":"state","value":"done","seen":"`+o.full(id).Reviewed.Last+`"}`); w.Code != 403 {
		t.Errorf("a reader decides by the API: %d", w.Code)
	}
	if x := o.full(id); len(x.Log) != 1 {
		t.Errorf("%d decisions", len(x.Log))
	}
}

// Nobody makes themselves more than they are.
func TestEscalation(t *testing.T) {
	o := newOffice(t)
	kaveh := o.as("kaveh")
	for _, f := range []url.Values{
		formOf("action", "role", "name", "kaveh", "role", "admin"), formOf("action", "invite", "name", "kaveh2", "role", "admin"),
		formOf("action", "again", "name", "leila"), formOf("action", "remove", "name", "leila"),
	} {
		f.Set("token", kaveh.token("/account"))
		if w := kaveh.send("POST", "/accounts", formMedia, f.Encode()); w.Code != 403 {
			t.Errorf("%v: %d", f, w.Code)
		}
	}
	// Nor by the name under which a password is changed.
	if w := kaveh.fill("/account", "/account", "name", "leila", "old", passwordOf("leila"), "password", "an intruder's password", "again", "an intruder's password"); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	list, err := o.store.List(context.Background())
	if err != nil || len(list) != len(staff) {
		t.Fatalf("%+v %v", list, err)
	}
	for _, a := range list {
		if a.Role != staff[a.Name] || !a.Removed.IsZero() {
			t.Errorf("%+v", a)
		}
	}
	// A role that was taken away is gone with the next request.
	if err := o.store.SetRole(context.Background(), "leila", "kaveh", account.Reader); err != nil {
		t.Fatal(err)
	}
	if w := kaveh.open("/add"); w.Code != 403 {
		t.Errorf("%d", w.Code)
	}
	if err := o.store.Remove(context.Background(), "leila", "kaveh"); err != nil {
		t.Fatal(err)
	}
	if w := kaveh.open("/"); w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/signin") {
		t.Errorf("who was removed: %d", w.Code)
	}
}

func TestSignIn(t *testing.T) {
	o := newOffice(t)
	id := o.add(article)
	b := o.browser()
	w := b.open("/report/" + id + "?f=event:e1")
	to, _ := url.Parse(w.Header().Get("Location"))
	if w.Code != 303 || to.Path != "/signin" || to.Query().Get("next") != "/report/"+id+"?f=event:e1" {
		t.Fatalf("%d %s", w.Code, to)
	}
	page := b.page(to.RequestURI())
	mustNot(t, page, `href="/incidents"`, article.Title, "the words of")
	w = b.signIn("Kaveh", passwordOf("kaveh"), "next", to.Query().Get("next"))
	if w.Code != 303 || w.Header().Get("Location") != "/report/"+id+"?f=event:e1" {
		t.Fatalf("%d %s %s", w.Code, w.Header().Get("Location"), alert(w.Body.String()))
	}
	must(t, b.page("/report/"+id), "kaveh", `action="/signout"`)
	// What is decided is signed with the name.
	if w := b.fill("/report/"+id, "/report/"+id+"/decide", "action", "accept", "kind", "event", "id", "e1", "seen", "", "author", "leila"); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	if log := o.full(id).Log; len(log) != 1 || log[0].Author != "kaveh" {
		t.Errorf("%+v", log)
	}
	old := b.cookies[sessionName]
	if w := b.fill("/account", "/signout"); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	if _, ok := b.cookies[sessionName]; ok {
		t.Error("the cookie is still there")
	}
	b.cookies[sessionName] = old
	if w := b.open("/"); w.Code != 303 {
		t.Errorf("a session goes on after signing out: %d", w.Code)
	}
}

// Both cookies are out of reach of scripts, of other sites and of plain http.
func TestCookieFlags(t *testing.T) {
	o := newOffice(t)
	b := o.browser()
	list := b.open("/signin").Result().Cookies()
	list = append(list, b.signIn("leila", passwordOf("leila")).Result().Cookies()...)
	list = append(list, b.open("/?lang=fa").Result().Cookies()...)
	seen := map[string]bool{}
	for _, c := range list {
		if c.MaxAge < 0 {
			continue
		}
		seen[c.Name] = true
		if !c.HttpOnly || !c.Secure || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteStrictMode && c.Name != cookie {
			t.Errorf("%s: %+v", c.Name, c)
		}
	}
	if !seen[sessionName] || !seen[beforeName] || !seen[cookie] {
		t.Errorf("the cookies are %v", seen)
	}
	// On this machine, without TLS, a browser would not send a Secure one.
	o = officeOf(t, Options{Hosts: []string{teamHost}})
	b = o.browser()
	b.signIn("leila", passwordOf("leila"))
	if b.cookies[sessionCookie] == "" {
		t.Errorf("%v", b.cookies)
	}
}

// A session that somebody planted in the browser before is not the one after.
func TestSessionFixation(t *testing.T) {
	o := newOffice(t)
	thief := o.as("مینا")
	planted := thief.cookies[sessionName]
	b := o.browser()
	b.cookies[sessionName] = planted
	b.cookies[beforeName] = "0123456789012345678901234567890123456789abc"
	// mina's page shows no sign-in form, so her token is that of her session.
	f := formOf("name", "leila", "password", passwordOf("leila"), "token", thief.token("/account"))
	if w := b.send("POST", "/signin", formMedia, f.Encode(), "Sec-Fetch-Site", "same-origin"); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	if b.cookies[sessionName] == planted {
		t.Error("the session is the planted one")
	}
	if w := thief.open("/"); w.Code != 303 {
		t.Errorf("the planted session goes on: %d", w.Code)
	}
	// One that is nobody's is not taken over either.
	b = o.browser()
	b.cookies[sessionName] = strings.Repeat("A", 43)
	b.signIn("leila", passwordOf("leila"))
	if b.cookies[sessionName] == strings.Repeat("A", 43) {
		t.Error("the session is the planted one")
	}
	if _, err := o.store.Session(context.Background(), strings.Repeat("A", 43)); err == nil {
		t.Error("the planted session is somebody's")
	}
}

// A form is taken from the session that it was made for, and from no other.
func TestTeamCSRF(t *testing.T) {
	o := newOffice(t)
	id := o.add(article)
	leila, kaveh := o.as("leila"), o.as("kaveh")
	send := func(b *browserOf, token string, header ...string) int {
		f := formOf("action", "state", "value", "done", "token", token)
		return b.send("POST", "/report/"+id+"/decide", formMedia, f.Encode(), header...).Code
	}
	own := leila.token("/report/" + id)
	for name, token := range map[string]string{"none": "", "made up": strings.Repeat("0", len(own)), "another's": kaveh.token("/report/" + id), "before signing in": o.browser().token("/signin"), "that of the run": o.desk.(*guard).token} {
		if got := send(leila, token); got != 403 {
			t.Errorf("token %s: %d", name, got)
		}
	}
	if got := send(leila, own, "Sec-Fetch-Site", "cross-site"); got != 403 {
		t.Errorf("another site with her token: %d", got)
	}
	if got := send(leila, own, "Origin", "https://evil.example"); got != 403 {
		t.Errorf("another origin with her token: %d", got)
	}
	leila2 := o.as("leila")
	if got := send(leila2, own); got != 403 {
		t.Errorf("another session of hers: %d", got)
	}
	if log := o.full(id).Log; len(log) > 0 {
		t.Errorf("something was decided: %+v", log)
	}
	// Signing in and out, and accounts.
	b := o.browser()
	b.open("/signin")
	f := formOf("name", "kaveh", "password", passwordOf("kaveh"), "token", o.browser().token("/signin"))
	if w := b.send("POST", "/signin", formMedia, f.Encode()); w.Code != 403 || b.cookies[sessionName] != "" {
		t.Errorf("signed in as somebody else by a form of another browser: %d", w.Code)
	}
	for _, path := range []string{"/signout", "/accounts", "/account"} {
		if w := leila.send("POST", path, formMedia, "action=remove&name=kaveh"); w.Code != 403 {
			t.Errorf("%s without a token: %d", path, w.Code)
		}
	}
	if got := send(leila, own, "Origin", "https://"+teamHost, "Sec-Fetch-Site", "same-origin"); got != 303 {
		t.Errorf("her own form: %d", got)
	}
	// The API takes JSON only, which no form of another site can send.
	for _, media := range []string{formMedia, "text/plain", ""} {
		if w := leila.send("POST", "/api/v1/reports/"+id+"/decisions", media, `{"action":"state","value":"new","seen":""}`); w.Code != 415 {
			t.Errorf("%q: %d", media, w.Code)
		}
	}
}

// Guessing is slowed, and the page says the same of names that exist and of
// those that do not.
func TestBruteForce(t *testing.T) {
	o := newOffice(t)
	var answers []string
	for i, name := range []string{"leila", "parviz"} {
		b := o.browser()
		b.from = fmt.Sprintf("198.51.100.%d", i)
		var said []string
		for range 7 {
			w := b.signIn(name, "not the password of anybody")
			if w.Code != 401 && w.Code != 429 {
				t.Fatalf("%s: %d", name, w.Code)
			}
			page := regexp.MustCompile(`value="[0-9a-f]{36}"`).ReplaceAllString(w.Body.String(), "")
			said = append(said, fmt.Sprint(w.Code, w.Header().Get("Retry-After"), strings.ReplaceAll(page, name, "NAME")))
		}
		if !strings.HasPrefix(said[4], "401") || !strings.HasPrefix(said[5], "42960") {
			t.Errorf("%s: %.5s then %.5s", name, said[4], said[5])
		}
		answers = append(answers, strings.Join(said, "\n"))
		if w := b.signIn("leila", passwordOf("leila")); name == "leila" && w.Code != 429 {
			t.Errorf("the right password ends the wait: %d", w.Code)
		}
	}
	if answers[0] != answers[1] {
		t.Errorf("the answers tell which names exist: %s", cmp.Diff(answers[0], answers[1]))
	}
	// The address is the connection's: a header that anybody can send changes nothing.
	b := o.browser()
	b.from = "198.51.100.0"
	f := formOf("name", "leila", "password", passwordOf("leila"), "token", b.token("/signin"))
	if w := b.send("POST", "/signin", formMedia, f.Encode(), "X-Forwarded-For", "203.0.113.99"); w.Code != 429 {
		t.Errorf("an address that is claimed counts: %d", w.Code)
	}
}

// Behind a proxy the last address of X-Forwarded-For is the one that it saw.
func TestProxy(t *testing.T) {
	o := officeOf(t, Options{Origin: "https://" + teamHost, Proxy: true})
	b := o.browser()
	b.from = "127.0.0.1"
	if w := b.open("/signin"); w.Code != 403 {
		t.Errorf("plain http past the proxy: %d", w.Code)
	}
	if w := b.send("GET", "/signin", "", "", "X-Forwarded-Proto", "http"); w.Code != 403 {
		t.Errorf("plain http: %d", w.Code)
	}
	if w := b.send("GET", "/signin", "", "", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example"); w.Code != 200 || w.Header().Get("Strict-Transport-Security") == "" {
		t.Errorf("%d", w.Code)
	}
	if w := b.send("GET", "/signin", "", "", "X-Forwarded-Proto", "https", "Host", "127.0.0.1:8080"); w.Code != 421 {
		t.Errorf("by another name: %d", w.Code)
	}
	d := o.desk.(*guard).desk
	for _, c := range []struct {
		list []string
		want string
	}{{[]string{"203.0.113.7"}, "203.0.113.7"}, {[]string{"10.9.8.7, 203.0.113.7"}, "203.0.113.7"}, {[]string{"1.2.3.4", "203.0.113.7"}, "203.0.113.7"}, {nil, "127.0.0.1"}, {[]string{"nonsense"}, "127.0.0.1"}} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = "127.0.0.1:5000"
		r.Header["X-Forwarded-For"] = c.list
		if got := d.client(r); got != c.want {
			t.Errorf("%v: %s, want %s", c.list, got, c.want)
		}
	}
}

func TestTeamHost(t *testing.T) {
	o := newOffice(t)
	for host, want := range map[string]int{teamHost: 200, strings.ToUpper(teamHost): 200, "evil.example": 421, teamHost + ".evil.example": 421, teamHost + ":8443": 421, "127.0.0.1": 421, "": 421} {
		w := o.browser().send("GET", "/signin", "", "", "Host", host)
		if w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
		if hsts := w.Header().Get("Strict-Transport-Security"); want == 200 && !strings.Contains(hsts, "max-age=") {
			t.Errorf("no Strict-Transport-Security: %q", hsts)
		}
	}
	if w := o.browser().send("GET", "/signin", "", "", "Host", "evil.example"); !strings.Contains(w.Body.String(), "https://"+teamHost) || strings.Contains(w.Body.String(), "evil") {
		t.Errorf("%s", w.Body)
	}
	// The link of an invitation has the desk's own name, whatever is asked.
	b := o.as("leila")
	must(t, b.fill("/accounts", "/accounts", "action", "invite", "name", "parviz", "role", "reader").Body.String(), `value="https://`+teamHost+`/invitation/`)
}

// Signing in leads to no other place.
func TestSignInRedirect(t *testing.T) {
	o := newOffice(t)
	for _, next := range []string{"//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "", "evil.example", "/%0d%0aLocation:%20https://evil.example"} {
		b := o.browser()
		page := b.page("/signin?next=" + url.QueryEscape(next))
		mustNot(t, page, `value="//`, `value="https`, `href="//`, `value="javascript`)
		w := b.signIn("leila", passwordOf("leila"), "next", next)
		u, err := url.Parse(w.Header().Get("Location"))
		if w.Code != 303 || err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(w.Header().Get("Location"), "//") {
			t.Errorf("%q: %d %q", next, w.Code, w.Header().Get("Location"))
		}
		if w := b.open("/signin?next=" + url.QueryEscape(next)); w.Code != 303 || strings.Contains(w.Header().Get("Location"), "//") {
			t.Errorf("%q, signed in already: %q", next, w.Header().Get("Location"))
		}
	}
	for _, path := range []string{"//evil.example/x", "/\\evil.example"} {
		b := o.browser()
		r := httptest.NewRequest("GET", "https://"+teamHost+"/", nil)
		r.Host, r.URL.Path, r.RequestURI = teamHost, path, path
		w := httptest.NewRecorder()
		b.desk.ServeHTTP(w, r)
		if to := w.Header().Get("Location"); to != "" && (!strings.HasPrefix(to, "/signin?next=") || strings.Contains(to, "evil")) && !strings.HasPrefix(to, "/signin?next=%2F") {
			t.Errorf("%s leads to %q", path, to)
		}
	}
}

func TestPasswordPage(t *testing.T) {
	o := newOffice(t)
	b, other := o.as("kaveh"), o.as("kaveh")
	before := b.cookies[sessionName]
	const next = "what kaveh thought of"
	for _, c := range []struct {
		old, new, again string
		code            int
		why             string
	}{
		{passwordOf("kaveh"), next, "else", 422, "differ"},
		{passwordOf("kaveh"), "short", "short", 422, "15 or more"},
		{"wrong", next, next, 422, "present password"},
		{passwordOf("kaveh"), next, next, 303, ""},
	} {
		w := b.fill("/account", "/account", "old", c.old, "password", c.new, "again", c.again)
		if w.Code != c.code || !strings.Contains(alert(w.Body.String()), c.why) {
			t.Errorf("%+v: %d %s", c, w.Code, alert(w.Body.String()))
		}
	}
	if b.cookies[sessionName] == before {
		t.Error("the session is still the one before")
	}
	if b.page("/account?done=1"); other.open("/").Code != 303 {
		t.Error("another session outlives the password")
	}
	// A password that somebody else chose has to be changed before anything else.
	if err := o.store.SetPassword(context.Background(), "leila", "kaveh", "what leila thought of", true); err != nil {
		t.Fatal(err)
	}
	b = o.browser()
	if w := b.signIn("kaveh", "what leila thought of"); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	if w := b.open("/"); w.Code != 303 || w.Header().Get("Location") != "/account" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
	if w := b.open("/api/v1/reports"); w.Code != 403 {
		t.Errorf("the API: %d", w.Code)
	}
	if w := b.fill("/account", "/account", "old", "what leila thought of", "password", next, "again", next); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	b.page("/")
}

var linkPattern = regexp.MustCompile(`value="https://` + teamHost + `(/invitation/[^"]+)"`)

func TestAccountsPage(t *testing.T) {
	o := newOffice(t)
	leila := o.as("leila")
	do := func(code int, pairs ...string) string {
		t.Helper()
		w := leila.fill("/accounts", "/accounts", pairs...)
		if w.Code != code {
			t.Fatalf("%v: %d %s", pairs, w.Code, alert(w.Body.String()))
		}
		return w.Body.String()
	}
	m := linkPattern.FindStringSubmatch(do(200, "action", "invite", "name", "پرویز", "role", "reviewer"))
	if m == nil {
		t.Fatal("no link")
	}
	mustNot(t, leila.page("/accounts"), m[1]) // shown once
	b := o.browser()
	must(t, b.page(m[1]), "پرویز")
	if w := b.fill(m[1], m[1], "password", "a", "again", "b"); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	if w := b.fill(m[1], m[1], "password", passwordOf("پرویز"), "again", passwordOf("پرویز")); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	must(t, b.page("/"), "پرویز")
	if w := o.browser().open(m[1]); w.Code != 404 {
		t.Errorf("taken twice: %d", w.Code)
	}
	if w := o.browser().open("/invitation/x"); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
	do(303, "action", "role", "name", "پرویز", "role", "reader")
	if w := b.open("/add"); w.Code != 403 {
		t.Errorf("%d", w.Code)
	}
	do(303, "action", "remove", "name", "پرویز")
	if w := b.open("/"); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
	for _, bad := range [][]string{
		{"action", "invite", "name", "KAVEH", "role", "reader"}, {"action", "invite", "name", "پرویز", "role", "reader"}, {"action", "invite", "name", "<b>", "role", "reader"},
		{"action", "invite", "name", "x", "role", "root"}, {"action", "remove", "name", "leila"}, {"action", "role", "name", "leila", "role", "reader"},
		{"action", "remove", "name", "nobody"}, {"action", "burn", "name", "kaveh"}, {"action", "restore", "name", "kaveh"},
	} {
		if page := do(422, bad...); alert(page) == "" {
			t.Errorf("%v: no reason is given", bad)
		}
	}
	if m := linkPattern.FindStringSubmatch(do(200, "action", "restore", "name", "پرویز")); m == nil {
		t.Error("no link for who is let in again")
	}
	page := leila.page("/accounts")
	must(t, page, "made an invitation for", "removed", "let <bdi>پرویز</bdi> in again")
	mustNot(t, page, "argon2")
}

// Nothing on the pages of accounts is a raw key, inline or from elsewhere, in
// either language.
func TestTeamPages(t *testing.T) {
	o := newOffice(t)
	if _, err := o.store.Invite(context.Background(), "leila", "O'Brien-\u0645 \u0646", account.Reader); err != nil {
		t.Fatal(err)
	}
	if err := o.store.Remove(context.Background(), "leila", "sara"); err != nil {
		t.Fatal(err)
	}
	token, err := o.store.InviteAgain(context.Background(), "leila", "kaveh")
	if err != nil {
		t.Fatal(err)
	}
	leila := o.as("leila")
	for _, lang := range []string{"en", "fa"} {
		for _, path := range []string{"/account?", "/account?done=1&", "/accounts?", "/signin?", "/invitation/" + token + "?", "/nowhere?"} {
			b := leila
			if strings.HasPrefix(path, "/signin") || strings.HasPrefix(path, "/invitation") {
				b = o.browser()
			}
			page := b.open(path + "lang=" + lang).Body.String()
			must(t, page, `lang="`+lang+`"`, "<h1")
			mustNot(t, page, missing, " style=", "<style", "javascript:", "src=\"http")
			if len(page) > 300_000 {
				t.Errorf("%s has %d bytes", path, len(page))
			}
		}
	}
}

// Two people at one report: the second decision is refused with both versions,
// and both are signed with the right names.
func TestTwoPeople(t *testing.T) {
	o := newOffice(t)
	id := o.add(article)
	kaveh, sara := o.as("kaveh"), o.as("sara")
	kaveh.page("/report/" + id)
	sara.page("/report/" + id)
	seen := o.full(id).Reviewed.Last
	if w := kaveh.fill("/report/"+id, "/report/"+id+"/decide", "action", "correct", "kind", "event", "id", "e1", "field", "mode", "value", "suicide-attack", "seen", seen); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	w := sara.fill("/report/"+id, "/report/"+id+"/decide", "action", "reject", "kind", "event", "id", "e1", "seen", seen)
	if w.Code != 409 {
		t.Fatalf("%d", w.Code)
	}
	must(t, w.Body.String(), `class="conflict"`, "kaveh", "suicide")
	if log := o.full(id).Log; len(log) != 1 || log[0].Author != "kaveh" {
		t.Fatalf("%+v", log)
	}
	// Sara wants it all the same, having seen what kaveh did.
	f := regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`).FindStringSubmatch(w.Body.String())
	if w := sara.fill("/report/"+id, "/report/"+id+"/decide", "action", "reject", "kind", "event", "id", "e1", "seen", f[1]); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, alert(w.Body.String()))
	}
	if log := o.full(id).Log; len(log) != 2 || log[1].Author != "sara" {
		t.Errorf("%+v", log)
	}
}
