package desk

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/account"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

//go:embed page/*.html
var pageFiles embed.FS

// templates of the pages, by language.
var templates = func() map[string]*template.Template {
	m := map[string]*template.Template{}
	for code, l := range languages {
		m[code] = template.Must(template.New("").Funcs(template.FuncMap{
			"t": l.T, "day": l.Day, "moment": l.Moment, "word": func(group string, v any) string { return l.Word(group, fmt.Sprint(v)) },
			"bdi": bdi, "ltr": ltr, "quote": quote, "tame": tame, "short": short, "marked": marked,
			"join": func(a, b string) string { return a + b }, "said": l.Said,
			"list": func(v ...any) []any { return v },
		}).ParseFS(pageFiles, "page/*.html"))
	}
	return m
}()

// page is what every page knows.
type page struct {
	*language
	Title  string
	Here   string // path and query of this page
	Switch string // the same in the other language
	Static string
	Style  string // of this page alone, static/NAME.css; "" where it has none
	Token  string
	Author string
	Demo   bool
	Tab    string
	Body   any

	Team    bool // people sign in
	Signed  bool // and this one did
	Decides bool // forms that decide or add are for who looks
	Admin   bool // and those about accounts
	Refresh bool // without script the page comes anew by itself
}

// show renders a page.
func (d *Desk) show(w http.ResponseWriter, r *http.Request, status int, name, title string, body any) {
	l := languageOf(r)
	if r.URL.Query().Get("lang") == l.Code {
		http.SetCookie(w, &http.Cookie{Name: cookie, Value: l.Code, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: d.secure()})
	}
	here := url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	if r.Method == http.MethodPost { // what a form was sent to is no page of its own
		here = url.URL{Path: strings.TrimSuffix(r.URL.Path, "/decide")}
	}
	q := here.Query()
	q.Del("lang")
	here.RawQuery = q.Encode()
	other := here
	q.Set("lang", l.Other)
	other.RawQuery = q.Encode()
	p := page{language: l, Title: title, Here: local(here.RequestURI(), "/"), Switch: local(other.RequestURI(), "/"), Static: "/static/" + d.asset + "/", Token: d.token(r.Context()),
		Author: d.author(r.Context()), Demo: d.opt.Demo, Tab: name, Body: body,
		Team: d.opt.Accounts != nil, Signed: visitorOf(r.Context()).Name != "", Decides: d.may(r.Context(), account.Reviewer)}
	if f, ok := body.(interface{ Refreshes() bool }); ok {
		p.Refresh = f.Refreshes()
	}
	p.Admin = p.Signed && d.may(r.Context(), account.Admin)
	if _, err := fs.Stat(static, "static/"+sheetOf(name)+".css"); err == nil {
		p.Style = sheetOf(name) + ".css"
	}
	var b bytes.Buffer
	if err := templates[l.Code].ExecuteTemplate(&b, name+".html", &p); err != nil {
		d.opt.Log.Printf("desk: %s: %v", r.URL.Path, err)
		http.Error(w, "The page could not be made; this is a fault of the program.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", l.Code)
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// statusOf is the HTTP status of an error.
func statusOf(err error) int {
	var n *ledger.NotFound
	var c *ledger.Conflict
	var f errForm
	var q *ledger.BadQuery
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &n), notThere(err), errors.Is(err, errNoEntry):
		return http.StatusNotFound
	case errors.As(err, &c), errors.Is(err, ledger.ErrNotLinked):
		return http.StatusConflict
	case errors.As(err, &f), errors.As(err, &q), isBad(err):
		return http.StatusUnprocessableEntity
	case errors.As(err, &big):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errToken):
		return http.StatusForbidden
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// trouble is the page that says what went wrong. The sentence itself is the
// ledger's or the form's, in English.
func (d *Desk) trouble(w http.ResponseWriter, r *http.Request, status int, err error) {
	if errors.Is(r.Context().Err(), context.Canceled) {
		return // nobody waits for it
	}
	if status == http.StatusInternalServerError {
		d.opt.Log.Printf("desk: %s: %v", r.URL.Path, err)
	}
	l := languageOf(r)
	key := "trouble." + strconv.Itoa(status)
	if !l.has(key) {
		key = "trouble.500"
	}
	why := ""
	if err != nil {
		why = err.Error()
	}
	d.show(w, r, status, "trouble", l.T(key), struct{ Head, Why string }{l.T(key), why})
}

// inbox is the page of reports.
type inbox struct {
	Asked    asked
	List     []ledger.Found
	Prev     string
	Next     string
	Filters  bool
	Why      string // what is wrong with what was asked
	Types    []option
	Outlets  map[string]template.HTML
	Tabs     []tab
	Stale    bool // the search index was made by other rules
	AnyThing bool // the ledger has reports at all
	Jobs     []job
}

type tab struct {
	Name, State, Query string
	Here               bool
}

func (d *Desk) inboxPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	v := r.URL.Query()
	a := askedOf(v)
	if !v.Has("state") && a.Words == "" && !a.Filters() {
		a.State = "new"
	}
	if a.State == "all" {
		a.State = ""
	}
	b := inbox{Asked: a, Filters: a.Filters(), Outlets: map[string]template.HTML{}}
	list, more, err := d.find(r.Context(), a)
	status := http.StatusOK
	if err != nil {
		if status = statusOf(err); status != http.StatusUnprocessableEntity {
			d.trouble(w, r, status, err)
			return
		}
		b.Why = err.Error()
	}
	b.List = list
	if a.Words != "" {
		b.Stale, _ = d.ledger.OtherIndex(r.Context())
	}
	if b.AnyThing = len(list) > 0; !b.AnyThing {
		if any, err := d.ledger.List(r.Context(), ledger.Filter{}, 1, 0); err == nil {
			b.AnyThing = len(any) > 0
		}
	}
	link := func(state string, offset int) string {
		x := a
		if x.State = state; state == "" {
			x.State = "all"
		}
		return "/" + x.query(offset)
	}
	if more {
		b.Next = link(a.State, a.Offset+a.Limit)
	}
	if a.Offset > 0 {
		b.Prev = link(a.State, max(0, a.Offset-a.Limit))
	}
	for _, s := range append(states[:len(states):len(states)], "") {
		name := l.Word("state", s)
		if s == "" {
			name = l.T("state.all")
		}
		b.Tabs = append(b.Tabs, tab{name, s, link(s, 0), a.State == s})
	}
	for _, c := range review.Choices(review.Event, "type") {
		b.Types = append(b.Types, option{c, l.Word("value.event.type", c), c == a.Type})
	}
	for i := range list {
		b.Outlets[list[i].ID] = d.outlet(l, &list[i].Report)
	}
	if d.may(r.Context(), account.Reviewer) {
		b.Jobs = d.recentJobs()
	}
	d.show(w, r, status, "inbox", l.T("inbox.title"), &b)
}

// outlet names the outlet of a report in the language, as the lexicon or the
// report itself has it.
func (d *Desk) outlet(l *language, x *ledger.Report) template.HTML {
	for _, e := range d.reader().Lexicon.Named(x.Outlet) {
		if name := e.Get(l.Code); name != "" {
			return bdi(name)
		}
	}
	return bdi(x.OutletName)
}

// marked puts marks around the spans of a text that begins at code point at.
func marked(text string, at int, hits []record.Span) template.HTML {
	var b strings.Builder
	r := []rune(text)
	done := 0
	for _, h := range hits {
		from, to := h.Start-at, h.End-at
		if from < done || to > len(r) || from >= to {
			continue
		}
		b.WriteString(template.HTMLEscapeString(tame(string(r[done:from]))) + "<mark>" + template.HTMLEscapeString(tame(string(r[from:to]))) + "</mark>")
		done = to
	}
	b.WriteString(template.HTMLEscapeString(tame(string(r[done:]))))
	return template.HTML(b.String())
}

// adding is the page to add reports.
type adding struct {
	Article sanad.Article
	Why     string
	Done    []arrived
	New     int
	Known   int
	Failed  int
	Takes   string
	Fetches bool // an address alone is fetched
}

func (d *Desk) addPage(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, http.StatusOK, "add", languageOf(r).T("add.title"), &adding{Takes: strings.Join(takes, ","), Fetches: d.opt.Fetch != nil})
}

func (d *Desk) addPost(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	if err := r.ParseMultipartForm(8 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		d.trouble(w, r, max(statusOf(err), http.StatusBadRequest), err)
		return
	}
	if r.MultipartForm != nil {
		defer r.MultipartForm.RemoveAll()
	}
	if err := d.checkToken(r.Context(), r.Form); err != nil {
		d.trouble(w, r, http.StatusForbidden, err)
		return
	}
	f := r.PostForm
	get := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	b := adding{Takes: strings.Join(takes, ","), Article: sanad.Article{Title: get("title"), Outlet: get("outlet"), Published: get("published"), URL: get("url"), Text: f.Get("text")}}
	b.Fetches = d.opt.Fetch != nil
	var files []*multipart.FileHeader
	if r.MultipartForm != nil {
		files = r.MultipartForm.File["files"]
	}
	if len(files) == 1 && files[0].Size == 0 { // a field that was left empty
		files = nil
	}
	j, err := d.jobOf(b.Article, files)
	if err == nil {
		var over bool
		var now job
		now, over, err = d.submit(r.Context(), j)
		switch {
		case err != nil:
		case !over:
			http.Redirect(w, r, "/jobs/"+now.ID, http.StatusSeeOther)
			return
		case now.err != nil:
			d.trouble(w, r, statusOf(now.err), now.err)
			return
		case now.Read == 1 && len(now.Done) == 1 && now.Done[0].ID != "":
			http.Redirect(w, r, "/report/"+now.Done[0].ID, http.StatusSeeOther)
			return
		case now.Kind != "files":
			err = badForm("%s", now.Why)
		default:
			b.Done, b.New, b.Known, b.Failed = now.Done, now.New, now.Known, now.Failed
			d.show(w, r, http.StatusOK, "add", l.T("add.title"), &b)
			return
		}
	}
	status := statusOf(err)
	if status != http.StatusUnprocessableEntity {
		d.trouble(w, r, status, err)
		return
	}
	b.Why = err.Error()
	d.show(w, r, status, "add", l.T("add.title"), &b)
}

// jobOf makes a job of what the form brings: files, a text, or the address of a
// page to fetch.
func (d *Desk) jobOf(a sanad.Article, files []*multipart.FileHeader) (*job, error) {
	def := input.Defaults{Outlet: a.Outlet, Published: a.Published}
	if len(files) > 0 || a.URL != "" && strings.TrimSpace(a.Text) == "" {
		if err := aDay(a.Published); err != nil {
			return nil, err
		}
	}
	switch {
	case len(files) > 0:
		return d.filesJob(files, def)
	case a.URL != "" && strings.TrimSpace(a.Text) == "":
		return d.addressJob(a.URL, def)
	}
	a, err := pasted(a)
	if err != nil {
		return nil, err
	}
	return &job{Kind: "text", Name: short(tame(cmp.Or(a.Title, strings.TrimSpace(a.Text))), 80), text: &a, size: int64(len(a.Text)), Of: int64(len(a.Text))}, nil
}

// reading is the page of one report.
type reading struct {
	*sheet
	Token    string
	Seen     string // hash of the last decision
	Prev     string // the part before and after, of a long report
	Next     string
	Why      string           // what is wrong with what was asked
	Conflict *conflict        // what somebody else decided meanwhile
	Undoable map[int64]bool   // decisions of the log that count
	Arrived  []ledger.Arrival // where it came from
	Layers   []string
	Adds     []addForm
	States   []tab
	Made     *review.Decision // the decision that was just made
}

// conflict is a decision that was refused because somebody else decided since
// the page was made: both versions.
type conflict struct {
	Yours  review.Decision
	Theirs []review.Decision
	Form   [][2]string // the refused form, to be sent again by who wants it all the same
}

func (d *Desk) readingPage(w http.ResponseWriter, r *http.Request) {
	d.reading(w, r, http.StatusOK, r.URL.Query().Get("f"), "", nil)
}

// reading renders a report with a finding open, and what went wrong.
func (d *Desk) reading(w http.ResponseWriter, r *http.Request, status int, picked, why string, c *conflict) {
	full, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	l := languageOf(r)
	n, _ := strconv.Atoi(r.URL.Query().Get("part"))
	s := newSheet(l, full, picked, n-1)
	b := reading{sheet: s, Token: d.token(r.Context()), Seen: full.Reviewed.Last, Why: why, Conflict: c, Undoable: map[int64]bool{}, Layers: layers, Adds: s.AddForms(), Arrived: full.Arrivals}
	if x := s.byKey[picked]; c != nil && x != nil {
		c.Yours.Target = x.Item.Target // it was refused before it was completed
	}
	if x := s.byKey[picked]; x != nil && x.Panel != nil && r.URL.Query().Get("why") != "" {
		if x.Panel.Because, err = d.why(r.Context(), full, x.Item.Target); err != nil {
			x.Panel.Unknown = err.Error()
		}
	}
	part := func(n int) string { return "/report/" + full.ID + "?part=" + strconv.Itoa(n+1) }
	if s.Part > 0 {
		b.Prev = part(s.Part - 1)
	}
	if s.Part+1 < len(s.Parts) {
		b.Next = part(s.Part + 1)
	}
	undone := map[int64]bool{}
	for i := len(full.Log) - 1; i >= 0; i-- {
		x := &full.Log[i]
		b.Undoable[x.Seq] = !undone[x.Seq]
		if x.Action == review.Undo && !undone[x.Seq] {
			undone[x.Undoes] = true
		}
	}
	for _, st := range states {
		b.States = append(b.States, tab{Name: l.Word("state", st), State: st, Here: full.Reviewed.State == st})
	}
	if seq, err := strconv.ParseInt(r.URL.Query().Get("made"), 10, 64); err == nil {
		for i := range full.Log {
			if full.Log[i].Seq == seq {
				b.Made = &full.Log[i]
			}
		}
	}
	d.show(w, r, status, "reading", short(tame(full.Head), 80), &b)
}

func (d *Desk) decidePost(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		status := statusOf(err)
		if status == http.StatusInternalServerError {
			status = http.StatusBadRequest
		}
		d.trouble(w, r, status, err)
		return
	}
	if err := d.checkToken(r.Context(), r.PostForm); err != nil {
		d.trouble(w, r, http.StatusForbidden, err)
		return
	}
	id := r.PathValue("id")
	full, err := d.full(r.Context(), id)
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	f := r.PostForm
	picked := keyOf(review.Kind(f.Get("kind")), f.Get("id"))
	a, err := parseAsk(f, full.Reviewed, d.reader().Lexicon)
	made := a.Decision
	if err == nil {
		made, err = d.decide(r.Context(), full.ID, a)
	}
	var c *ledger.Conflict
	switch {
	case errors.As(err, &c):
		d.reading(w, r, http.StatusConflict, picked, "", &conflict{Yours: a.Decision, Theirs: c.Theirs, Form: again(f)})
		return
	case err != nil && (statusOf(err) == http.StatusUnprocessableEntity || !isOwn(err)):
		d.reading(w, r, http.StatusUnprocessableEntity, picked, err.Error(), nil)
		return
	case err != nil:
		d.trouble(w, r, statusOf(err), err)
		return
	}
	q := url.Values{}
	if made.Action == review.Add {
		picked = keyOf(made.Target.Kind, addedID(&made))
	}
	if to := f.Get("next"); to != "" && (made.Action == review.Accept || made.Action == review.Reject) {
		picked = to
	}
	if picked != ":" {
		q.Set("f", picked)
	}
	q.Set("made", strconv.FormatInt(made.Seq, 10))
	http.Redirect(w, r, "/report/"+full.ID+"?"+q.Encode(), http.StatusSeeOther)
}

// again is a form without its token and the state that was seen.
func again(f url.Values) (list [][2]string) {
	for name, values := range f {
		if name == "token" || name == "seen" {
			continue
		}
		for _, v := range values {
			list = append(list, [2]string{name, v})
		}
	}
	return list
}

// addedID is the id that an addition has in force.
func addedID(d *review.Decision) string {
	switch d.Target.Kind {
	case review.Event, review.Statement:
		return string(d.Target.Kind[:1]) + strconv.FormatInt(1_000_000+d.Seq, 10)
	case review.Entity:
		if d.Target.ID == "" {
			return "h" + strconv.FormatInt(d.Seq, 10)
		}
		return d.Target.ID
	}
	return review.ID(d.Target.Kind, d.Target.Start, d.Target.End)
}

// Decided says what somebody decided.
func (b *reading) Decided(d any) template.HTML {
	switch d := d.(type) {
	case review.Decision:
		return b.decision(&d)
	case *review.Decision:
		return b.decision(d)
	}
	return ""
}

// logged is how many decisions a page lists; the log itself has them all.
const logged = 60

// LogLines are the last decisions on the report, the newest first.
func (b *reading) LogLines() []review.Decision {
	list := slices.Clone(b.Full.Log)
	slices.Reverse(list)
	return list[:min(len(list), logged)]
}

// Earlier is how many decisions LogLines leaves out.
func (b *reading) Earlier() int { return max(0, len(b.Full.Log)-logged) }

// Signed says who decided and when.
func (l *language) Signed(d review.Decision) template.HTML {
	return l.Sentence("signed", parts{"who": bdi(d.Author), "when": l.Moment(d.At.In(time.Local))})
}
