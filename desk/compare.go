package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/agree"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

func (d *Desk) compareRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /compare", d.comparePage)
	mux.HandleFunc("GET /report/{id}/compare", d.sidesPage)
	mux.HandleFunc("POST /report/{id}/compare", d.settlePost)
	mux.HandleFunc("GET /api/v1/compare", d.apiCompare)
	mux.HandleFunc("GET /api/v1/reports/{id}/compare", d.apiSides)
	mux.HandleFunc("POST /api/v1/reports/{id}/settle", d.apiSettle)
}

// So many reports are on a page of those that several people decided on, so
// many of these people are compared with each other, and so many differences
// are on a page.
const (
	comparePage    = 15
	compareMost    = 50 // that the API gives at a time
	comparePeople  = 4
	differencePage = 40
)

// keptSides is how many comparisons are kept: one stays true as long as
// nobody decides and nothing is read again, which its key says.
const keptSides = 400

// sides keeps comparisons.
type sides struct {
	mu   sync.Mutex
	kept map[string]*review.Comparison
	keys []string // the oldest first
}

func (s *sides) get(key string, build func() (*review.Comparison, error)) (*review.Comparison, error) {
	s.mu.Lock()
	c := s.kept[key]
	s.mu.Unlock()
	if c != nil {
		return c, nil
	}
	c, err := build()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]*review.Comparison{}
	}
	if s.kept[key] == nil {
		s.kept[key], s.keys = c, append(s.keys, key)
	}
	for len(s.keys) > keptSides {
		delete(s.kept, s.keys[0])
		s.keys = s.keys[1:]
	}
	return c, nil
}

// sidesOf compares two people on a report.
func (d *Desk) sidesOf(x *ledger.Decided, a, b string) (*review.Comparison, error) {
	last := ""
	if n := len(x.Log); n > 0 {
		last = x.Log[n-1].Hash
	}
	key := strings.Join([]string{x.ID, x.Reading, last, a, b}, "\x00")
	return d.sides.get(key, func() (*review.Comparison, error) { return review.Compare(x.Machine, x.Log, a, b) })
}

// figures are what a comparison says, for a row of a table.
type figures struct {
	review.Agreement
	Name string // of the layer
	F1   string // "" where neither has anything
	Says string // alpha, or why there is none
	Bar  int    // alpha in hundredths; 0 where it is none or below 0
}

func (l *language) figures(a review.Agreement) figures {
	f := figures{Agreement: a, Name: l.T("compare.layer." + a.Layer)}
	if v, ok := a.F1(); ok {
		f.F1 = l.decimal(v)
	}
	if a.Why == agree.TooFew && a.Layer == "all" {
		f.Says = l.T("compare.why.too-few-findings", a.Findings, agree.MinUnits)
	} else if a.Why != "" {
		f.Says = l.T("compare.why."+strings.ReplaceAll(string(a.Why), " ", "-"), a.Units, agree.MinUnits)
	} else {
		f.Says = l.decimal(a.Alpha)
		f.Bar = max(0, int(a.Alpha*100))
	}
	return f
}

// decimal writes a number with three places, in the digits of the language.
func (l *language) decimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', 3, 64)
	if s == "-0.000" {
		s = "0.000"
	}
	if l.Code == "fa" {
		s = strings.Replace(s, ".", "٫", 1)
	}
	return l.Digits(strings.Replace(s, "-", "−", 1))
}

// pairOf is two people who decided on reports of one page.
type pairOf struct {
	A, B    string
	Reports int
	Figures figures
	overall review.Agreement
}

// comparedRow is a report of the list.
type comparedRow struct {
	ledger.Compared
	Outlet template.HTML
	People []review.Reviewer
	Pairs  []comparedPair
	More   int // people whom Pairs leaves out
}

type comparedPair struct {
	A, B        string
	Link        string
	Both        int // findings that both saw
	Differences int
	Open        int // that nobody settled
	Figures     figures
	c           *review.Comparison
}

// compareBody is the page of reports that several people decided on.
type compareBody struct {
	*language
	List  []comparedRow
	Pairs []pairOf
	First bool
	Next  string
}

// comparing gathers a page of the list.
func (d *Desk) comparing(ctx context.Context, l *language, before int64, limit int) (*compareBody, error) {
	list, err := d.ledger.Compared(ctx, before, limit+1)
	if err != nil {
		return nil, err
	}
	b := &compareBody{language: l, First: before <= 0}
	if len(list) > limit {
		list = list[:limit]
		b.Next = strconv.FormatInt(list[limit-1].Last, 10)
	}
	rows, errs := make([]comparedRow, len(list)), make([]error, len(list))
	var group sync.WaitGroup
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range list {
		group.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			rows[i], errs[i] = d.comparedRow(ctx, l, list[i])
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	together := map[[2]string][]*review.Comparison{}
	for i := range rows {
		if len(rows[i].Pairs) == 0 { // the others left remarks, or took all back
			continue
		}
		for _, p := range rows[i].Pairs {
			together[[2]string{p.A, p.B}] = append(together[[2]string{p.A, p.B}], p.c)
		}
		b.List = append(b.List, rows[i])
	}
	for p, list := range together {
		_, overall := review.Together(list)
		b.Pairs = append(b.Pairs, pairOf{p[0], p[1], len(list), l.figures(overall), overall})
	}
	slices.SortFunc(b.Pairs, func(x, y pairOf) int {
		return cmp.Or(cmp.Compare(y.Reports, x.Reports), cmp.Compare(y.overall.Units, x.overall.Units), strings.Compare(x.A, y.A), strings.Compare(x.B, y.B))
	})
	return b, nil
}

// comparedRow compares the people of one report.
func (d *Desk) comparedRow(ctx context.Context, l *language, x ledger.Compared) (comparedRow, error) {
	row := comparedRow{Compared: x, Outlet: d.outlet(l, &x.Report)}
	full, err := d.ledger.Decided(ctx, x.ID)
	if err != nil {
		return row, err
	}
	row.People = review.Reviewers(full.Log)
	shown := row.People[:min(len(row.People), comparePeople)]
	row.More = len(row.People) - len(shown)
	for i := range shown {
		for j := i + 1; j < len(shown); j++ {
			// Always in the same order, so that reports can be taken together.
			p := [2]string{min(shown[i].Author, shown[j].Author), max(shown[i].Author, shown[j].Author)}
			c, err := d.sidesOf(full, p[0], p[1])
			if err != nil {
				return row, err
			}
			pair := comparedPair{A: p[0], B: p[1], Link: sidesLink(x.ID, p[0], p[1], 0), Both: c.Both, Differences: len(c.Differences), Figures: l.figures(c.Overall), c: c}
			for k := range c.Differences {
				if c.Differences[k].Settled == nil {
					pair.Open++
				}
			}
			row.Pairs = append(row.Pairs, pair)
		}
	}
	return row, nil
}

func sidesLink(id, a, b string, from int) string {
	q := url.Values{"a": {a}, "b": {b}}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	return "/report/" + url.PathEscape(id) + "/compare?" + q.Encode()
}

func (d *Desk) comparePage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	b, err := d.comparing(r.Context(), l, before, comparePage)
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	if b.Next != "" {
		b.Next = "/compare?before=" + b.Next
	}
	d.show(w, r, http.StatusOK, "compare", l.T("compare.title"), b)
}

// sidesBody is the page of two people on one report.
type sidesBody struct {
	*language
	Full      *ledger.Full
	Publisher template.HTML
	Token     string
	Seen      string
	People    []review.Reviewer
	A, B      string
	C         *review.Comparison
	Layers    []figures
	Overall   figures
	List      []difference
	Total     int
	Open      int
	From      int
	Prev      string
	Next      string
	Why       string
	Made      *review.Decision
	Conflict  bool // somebody decided meanwhile
	teller    *teller
}

// difference is one row of what two people differ on.
type difference struct {
	N       int // its place in the list of all, from 1
	Of      string
	What    string // the kind of finding, and the field
	Before  string // the words in their sentence
	Words   string
	After   string
	A, B    standing
	Link    string // to the finding
	Key     string // names it in a form: kind, place, field
	Settled *review.Decision
}

// standing is what one of them says.
type standing struct {
	Who  string
	In   bool
	Says template.HTML
	By   []review.Decision
}

// keyOfDifference names a difference in a form.
func keyOfDifference(x *review.Difference) string {
	return fmt.Sprintf("%s %s %d-%d %s", x.Target.Kind, x.Target.ID, x.Target.Start, x.Target.End, x.Field)
}

// pick chooses whom to compare: those that are asked for, else the two who
// decided most.
func pick(people []review.Reviewer, q url.Values) (a, b string, err error) {
	a, b = q.Get("a"), q.Get("b") // as they are: a name may end in a space
	is := func(who string) bool {
		return slices.ContainsFunc(people, func(p review.Reviewer) bool { return p.Author == who })
	}
	for _, p := range people {
		switch {
		case a == "" && p.Author != b:
			a = p.Author
		case b == "" && p.Author != a:
			b = p.Author
		}
	}
	switch {
	case len(people) < 2:
		return "", "", badForm("fewer than two people decided on this report")
	case !is(a):
		return a, b, badForm("%s did not decide on this report", a)
	case !is(b):
		return a, b, badForm("%s did not decide on this report", b)
	case a == b:
		return a, b, badForm("choose two people")
	}
	return a, b, nil
}

// decidedOf is what comparing needs of a report that is loaded in full.
func decidedOf(full *ledger.Full) *ledger.Decided {
	x := &ledger.Decided{ID: full.ID, Machine: full.Machine, Log: full.Log}
	for _, r := range full.Readings {
		if r.InForce {
			x.Reading = r.Hash
		}
	}
	return x
}

func (d *Desk) sidesPage(w http.ResponseWriter, r *http.Request) {
	d.showSides(w, r, http.StatusOK, nil)
}

// showSides renders two people on one report; refused is why a settlement was.
func (d *Desk) showSides(w http.ResponseWriter, r *http.Request, status int, refused error) {
	full, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	l := languageOf(r)
	q := r.URL.Query()
	if r.Method == http.MethodPost {
		q = r.PostForm
	}
	b := sidesBody{language: l, Full: full, Publisher: d.outlet(l, &full.Report), Token: d.token(r.Context()), Seen: full.Reviewed.Last, People: review.Reviewers(full.Log), teller: newTeller(l, full.Reviewed.Record)}
	var conflict *ledger.Conflict
	if b.Conflict = errors.As(refused, &conflict); refused != nil && !b.Conflict {
		b.Why = refused.Error()
	}
	if b.A, b.B, err = pick(b.People, q); err != nil {
		if len(b.People) >= 2 {
			status, b.Why = http.StatusUnprocessableEntity, err.Error()
		}
		d.show(w, r, status, "sides", l.T("compare.title"), &b)
		return
	}
	if b.C, err = d.sidesOf(decidedOf(full), b.A, b.B); err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	for _, x := range b.C.Layers {
		if x.Units > 0 {
			b.Layers = append(b.Layers, l.figures(x))
		}
	}
	b.Overall = l.figures(b.C.Overall)
	for i := range b.C.Differences {
		if b.C.Differences[i].Settled == nil {
			b.Open++
		}
	}
	b.Total = len(b.C.Differences)
	from, _ := strconv.Atoi(q.Get("from"))
	b.From = min(max(from, 0), max(b.Total-1, 0)) / differencePage * differencePage
	to := min(b.From+differencePage, b.Total)
	tell := [2]*teller{newTeller(l, b.C.A.Record), newTeller(l, b.C.B.Record)}
	for i := b.From; i < to; i++ {
		b.List = append(b.List, b.difference(i, tell))
	}
	if b.From > 0 {
		b.Prev = sidesLink(full.ID, b.A, b.B, b.From-differencePage)
	}
	if to < b.Total {
		b.Next = sidesLink(full.ID, b.A, b.B, to)
	}
	if seq, err := strconv.ParseInt(q.Get("made"), 10, 64); err == nil {
		for i := range full.Log {
			if full.Log[i].Seq == seq {
				b.Made = &full.Log[i]
			}
		}
	}
	d.show(w, r, status, "sides", l.T("compare.of", short(tame(full.Head), 60)), &b)
}

// difference lays out one difference.
func (b *sidesBody) difference(i int, tell [2]*teller) difference {
	x := &b.C.Differences[i]
	t := x.Target
	o := difference{N: i + 1, Of: b.Word("kind", string(t.Kind)), Key: keyOfDifference(x), Settled: x.Settled}
	if x.Field != "" {
		o.What = b.T("field." + x.Field)
	} else {
		o.What = b.T("compare.there")
	}
	runes := b.teller.runes
	if t.Start < t.End && t.End <= len(runes) {
		o.Before, o.Words, o.After = string(runes[max(0, t.Start-60):t.Start]), string(runes[t.Start:t.End]), string(runes[t.End:min(len(runes), t.End+60)])
		if _, rest, ok := strings.Cut(o.Before, " "); ok && t.Start > 60 { // no half words
			o.Before = rest
		}
		if i := strings.LastIndexByte(o.After, ' '); i >= 0 && t.End+60 < len(runes) {
			o.After = o.After[:i]
		}
	} else {
		o.Words = x.Words
	}
	// The present state may have it under another id: what somebody else added.
	for _, it := range b.Full.Reviewed.Items(t.Kind) {
		if t.Kind == review.Entity && it.Target.ID == t.ID || t.Kind != review.Entity && it.Target.Start == t.Start && it.Target.End == t.End {
			o.Link = "/report/" + url.PathEscape(b.Full.ID) + "?f=" + url.QueryEscape(keyOf(t.Kind, it.Target.ID))
			break
		}
	}
	for n, s := range [2]review.Stand{x.A, x.B} {
		y := standing{Who: [2]string{b.A, b.B}[n], In: s.In, By: s.By}
		switch {
		case x.Field == "" && s.In:
			y.Says = template.HTML(template.HTMLEscapeString(b.T("compare.in")))
		case x.Field == "":
			y.Says = template.HTML(template.HTMLEscapeString(b.T("compare.out")))
		default:
			if y.Says = tell[n].value(t.Kind, x.Field, s.Value); y.Says == "" {
				y.Says = template.HTML(`<span class="none">` + template.HTMLEscapeString(b.T("none")) + "</span>")
			}
		}
		if n == 0 {
			o.A = y
		} else {
			o.B = y
		}
	}
	return o
}

// Right says that somebody is right.
func (b *sidesBody) Right(who string) template.HTML {
	return b.Sentence("compare.holds", parts{"who": bdi(who)})
}

// Decided says what somebody decided.
func (b *sidesBody) Decided(d *review.Decision) template.HTML { return b.teller.decision(d) }

// settle decides between two people: which difference, and whose side holds.
func (d *Desk) settle(ctx context.Context, full *ledger.Full, a, b, key, side, seen string) (review.Decision, error) {
	a, b, err := pick(review.Reviewers(full.Log), url.Values{"a": {a}, "b": {b}})
	if err != nil {
		return review.Decision{}, err
	}
	c, err := d.sidesOf(decidedOf(full), a, b)
	if err != nil {
		return review.Decision{}, err
	}
	if seen == ledger.Anyway {
		return review.Decision{}, badForm("say which state of the report you saw")
	}
	if side != "a" && side != "b" {
		return review.Decision{}, badForm("say whose side holds: a or b")
	}
	for i := range c.Differences {
		x := &c.Differences[i]
		if keyOfDifference(x) != key {
			continue
		}
		made, err := c.Settle(x, side == "a", full.Reviewed)
		if err != nil {
			return made, errForm{err}
		}
		return d.decide(ctx, full.ID, ask{Decision: made, Seen: seen})
	}
	if seen != full.Reviewed.Last && full.Reviewed.Last != "" { // it is gone since
		for i := range full.Log {
			if full.Log[i].Hash == seen && i+1 < len(full.Log) {
				return review.Decision{}, &ledger.Conflict{Theirs: full.Log[i+1:]}
			}
		}
	}
	return review.Decision{}, badForm("%s and %s do not differ on that", a, b)
}

func (d *Desk) settlePost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	full, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	f := r.PostForm
	made, err := d.settle(r.Context(), full, f.Get("a"), f.Get("b"), f.Get("difference"), f.Get("holds"), f.Get("seen"))
	switch status := statusOf(err); {
	case err == nil:
		from, _ := strconv.Atoi(f.Get("from"))
		n, _ := strconv.Atoi(f.Get("n"))
		http.Redirect(w, r, sidesLink(full.ID, f.Get("a"), f.Get("b"), from)+"&made="+strconv.FormatInt(made.Seq, 10)+"#d"+strconv.Itoa(n), http.StatusSeeOther)
	case status == http.StatusConflict, status == http.StatusUnprocessableEntity:
		d.showSides(w, r, status, err)
	default:
		d.trouble(w, r, status, err)
	}
}

// The same as JSON.

type pairJSON struct {
	A       string           `json:"a"`
	B       string           `json:"b"`
	Reports int              `json:"reports,omitempty"`
	Both    *int             `json:"both_saw,omitempty"`
	Differ  *int             `json:"differences,omitempty"`
	Open    *int             `json:"open,omitempty"`
	F1      *float64         `json:"f1"`
	Overall review.Agreement `json:"overall"`
}

func f1Of(a review.Agreement) *float64 {
	if v, ok := a.F1(); ok {
		return &v
	}
	return nil
}

func (d *Desk) apiCompare(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	before, err1 := strconv.ParseInt(cmp.Or(q.Get("before"), "0"), 10, 64)
	limit, err2 := strconv.Atoi(cmp.Or(q.Get("limit"), strconv.Itoa(comparePage)))
	if err1 != nil || err2 != nil || before < 0 || limit < 1 || limit > compareMost {
		d.refuse(w, r, badForm("before is a number of a decision, limit one from 1 to %d", compareMost))
		return
	}
	b, err := d.comparing(r.Context(), languages["en"], before, limit)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	type row struct {
		ID     string            `json:"id"`
		Head   string            `json:"head"`
		Last   int64             `json:"last"`
		People []review.Reviewer `json:"people"`
		Pairs  []pairJSON        `json:"pairs"`
	}
	out := struct {
		Reports []row      `json:"reports"`
		Pairs   []pairJSON `json:"pairs"`
		Next    int64      `json:"next,omitempty"`
	}{Reports: []row{}, Pairs: []pairJSON{}}
	out.Next, _ = strconv.ParseInt(b.Next, 10, 64)
	for _, x := range b.List {
		o := row{x.ID, x.Head, x.Last, x.People, []pairJSON{}}
		for _, p := range x.Pairs {
			o.Pairs = append(o.Pairs, pairJSON{A: p.A, B: p.B, Both: &p.Both, Differ: &p.Differences, Open: &p.Open, F1: f1Of(p.c.Overall), Overall: p.c.Overall})
		}
		out.Reports = append(out.Reports, o)
	}
	for _, p := range b.Pairs {
		out.Pairs = append(out.Pairs, pairJSON{A: p.A, B: p.B, Reports: p.Reports, F1: f1Of(p.overall), Overall: p.overall})
	}
	d.answer(w, http.StatusOK, out)
}

type standJSON struct {
	In    bool            `json:"in"`
	Value json.RawMessage `json:"value,omitempty"`
	Text  string          `json:"text,omitempty"`
	By    []int64         `json:"by"`
}

func standOf(s review.Stand) standJSON {
	o := standJSON{In: s.In, Value: s.Value, Text: s.Text, By: []int64{}}
	for _, x := range s.By {
		o.By = append(o.By, x.Seq)
	}
	return o
}

func (d *Desk) apiSides(w http.ResponseWriter, r *http.Request) {
	full, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	type differenceJSON struct {
		Key     string        `json:"key"`
		Target  review.Target `json:"target"`
		Field   string        `json:"field"`
		Words   string        `json:"words"`
		A       standJSON     `json:"a"`
		B       standJSON     `json:"b"`
		Settled int64         `json:"settled,omitempty"`
	}
	out := struct {
		Seen        string             `json:"seen"`
		People      []review.Reviewer  `json:"people"`
		A           string             `json:"a"`
		B           string             `json:"b"`
		Units       int                `json:"units"`
		Both        int                `json:"both_saw"`
		OnlyOne     int                `json:"only_one_saw"`
		F1          *float64           `json:"f1"`
		Overall     review.Agreement   `json:"overall"`
		Layers      []review.Agreement `json:"layers"`
		Differences []differenceJSON   `json:"differences"`
	}{Seen: full.Reviewed.Last, People: review.Reviewers(full.Log), Differences: []differenceJSON{}}
	if out.A, out.B, err = pick(out.People, r.URL.Query()); err != nil {
		d.refuse(w, r, err)
		return
	}
	c, err := d.sidesOf(decidedOf(full), out.A, out.B)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	out.Units, out.Both, out.OnlyOne, out.F1, out.Overall, out.Layers = c.Units, c.Both, c.OnlyOne, f1Of(c.Overall), c.Overall, c.Layers
	for i := range c.Differences {
		x := &c.Differences[i]
		o := differenceJSON{keyOfDifference(x), x.Target, x.Field, x.Words, standOf(x.A), standOf(x.B), 0}
		if x.Settled != nil {
			o.Settled = x.Settled.Seq
		}
		out.Differences = append(out.Differences, o)
	}
	d.answer(w, http.StatusOK, out)
}

func (d *Desk) apiSettle(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Seen       *string `json:"seen"`
		A          string  `json:"a"`
		B          string  `json:"b"`
		Difference string  `json:"difference"`
		Holds      string  `json:"holds"`
	}
	if !d.take(w, r, &in) {
		return
	}
	if in.Seen == nil || *in.Seen == ledger.Anyway {
		d.answer(w, http.StatusUnprocessableEntity, problem{Error: `say with "seen" which state of the report you saw`})
		return
	}
	full, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	made, err := d.settle(r.Context(), full, in.A, in.B, in.Difference, in.Holds, *in.Seen)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.answer(w, http.StatusCreated, made)
}

// Several reports whether two people or more decided on the report.
func (b *reading) Several() bool { return len(review.Reviewers(b.Full.Log)) > 1 }

// Settling names the decisions between which one decides.
func (l *language) Settling(x review.Decision) string {
	var list []string
	for _, seq := range x.Settles {
		list = append(list, strconv.FormatInt(seq, 10))
	}
	return l.T("compare.settles", strings.Join(list, l.T("list.comma")+" "))
}
