package desk

import (
	"cmp"
	"context"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// So much of an incident is on its page; the rest is on further pages. A page
// stays under 300 kB with these, whatever reports hold.
const (
	valuesShown  = 8   // of a field
	sayingsShown = 3   // of a value
	sayingsPage  = 150 // of all fields together; then of a field's own page
	membersPage  = 40
	quoteShown   = 170 // code points
	attachedPage = 40
)

// tableFields are the fields of the table in the order in which they are shown.
var tableFields = []string{incident.Status, incident.Date, incident.Place, incident.Killed, incident.Wounded, incident.Detained,
	incident.Actor, incident.Responsibility, incident.Recipient, incident.Weapon}

// incidentBody is the page of one incident.
type incidentBody struct {
	*language
	X        *ledger.IncidentFull
	Token    string
	Fields   []tableField
	Members  []member
	Attached []attachedRow
	Prev     string // members before and after
	Next     string
	Earlier  string // attached before and after
	Later    string
	Grades   []option
	Near     []ledger.IncidentRow // others of these days, to be joined
	Why      string
	Conflict *incidentConflict
	Made     *review.Decision
	Undoable map[int64]bool
	Whole    bool // one field alone, all of it
	desk     *Desk
	budget   int
}

// tableField is what reports give for one field.
type tableField struct {
	Name, Of       string
	Range          *incident.Range
	Contradictions []clash
	Values         []tableValue
	More           int    // values that are not here
	All            string // where all are
}

// clash is a contradiction: values of which only one can be true.
type clash struct {
	Sides []template.HTML
	More  int
	Why   string
	Here  bool // Why has words of the language
}

// tableValue is one value with who says it.
type tableValue struct {
	Text      template.HTML
	Precision string
	Reports   int
	Origins   int
	Replaced  bool
	Against   bool // it stands in a contradiction
	Sayings   []saying
	More      int
	Kept      int  // reports that say so without that the table has their words
	Again     bool // it goes on from the page before
}

// saying is one place in which a report gives a value.
type saying struct {
	Chain  []template.HTML // on whose word: the outlet, those it took it from, who said it
	Day    string          // of publication
	Words  string
	Link   string
	Report string
}

type member struct {
	Report     ledger.Report
	Outlet     template.HTML
	Quote      saying
	Reason     string
	Confidence string
}

type attachedRow struct {
	As     string
	By     template.HTML
	Quote  saying
	Reason string
}

func (d *Desk) incidentPage(w http.ResponseWriter, r *http.Request) {
	d.incident(w, r, http.StatusOK, "", nil)
}

// incidentOf finds an incident for a page; nil where there is none, and then
// the answer is given.
func (d *Desk) incidentOf(w http.ResponseWriter, r *http.Request, id string) *ledger.IncidentFull {
	x, err := d.ledger.Incident(r.Context(), id)
	if err == nil {
		return x
	}
	if notThere(err) {
		if yet, e := d.ledger.LinkedYet(r.Context()); e == nil && !yet {
			err = ledger.ErrNotLinked
		}
	}
	if !d.unlinked(w, r, err) {
		d.trouble(w, r, statusOf(err), err)
	}
	return nil
}

// incident renders an incident, and what went wrong.
func (d *Desk) incident(w http.ResponseWriter, r *http.Request, status int, why string, c *incidentConflict) {
	x := d.incidentOf(w, r, r.PathValue("id"))
	if x == nil {
		return
	}
	l := languageOf(r)
	b := incidentBody{language: l, X: x, Token: d.token(r.Context()), Why: why, Conflict: c, desk: d, budget: sayingsPage, Undoable: map[int64]bool{}}
	q := r.URL.Query()
	b.fields()
	b.members(from(q, "members"))
	b.attached(from(q, "attached"))
	for _, g := range append([]string{""}, review.Grades...) {
		o := option{g, l.Word("grade", g), g == x.Grade}
		if g == "" {
			o.Label = l.T("incident.grade.none")
		}
		b.Grades = append(b.Grades, o)
	}
	b.near(r.Context())
	b.undoable()
	if seq, err := strconv.ParseInt(q.Get("made"), 10, 64); err == nil {
		for i := range x.Log {
			if x.Log[i].Seq == seq {
				b.Made = &x.Log[i]
			}
		}
	}
	d.show(w, r, status, "incident", short(tame(x.Head), 80), &b)
}

// from is the number of the first thing on a page.
func from(q url.Values, name string) int {
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// undoable finds the decisions that count still.
func (b *incidentBody) undoable() {
	undone := map[int64]bool{}
	for i := len(b.X.Log) - 1; i >= 0; i-- {
		d := &b.X.Log[i]
		b.Undoable[d.Seq] = !undone[d.Seq]
		if d.Action == review.Undo && !undone[d.Seq] {
			undone[d.Undoes] = true
		}
	}
}

// near finds other incidents of the same days.
func (b *incidentBody) near(ctx context.Context) {
	if b.X.First == "" {
		return
	}
	list, err := b.desk.ledger.Incidents(ctx, ledger.IncidentFilter{From: b.X.First, To: b.X.Last}, 30, 0)
	if err != nil {
		return // they only spare typing an id
	}
	b.Near = slices.DeleteFunc(list, func(x ledger.IncidentRow) bool { return x.ID == b.X.ID })
}

// sidesOf are whose values a field has: "" and "attackers", for tolls.
func sidesOf(t *incident.Table, field string) (list []string) {
	for _, v := range t.Values[field] {
		list = append(list, v.Of)
	}
	for _, c := range t.Contradictions { // of which no value may stand in the table
		if c.Field == field {
			list = append(list, c.Of)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (b *incidentBody) fields() {
	t := &b.X.Linked.Table
	list := slices.Clone(tableFields)
	var more []string
	for f := range t.Values {
		if !slices.Contains(list, f) {
			more = append(more, f)
		}
	}
	slices.Sort(more)
	for _, f := range append(list, more...) {
		for _, of := range sidesOf(t, f) {
			x := b.field(f, of)
			for _, v := range t.Values[f] {
				if v.Of != of {
					continue
				}
				if len(x.Values) == valuesShown {
					x.More++
					continue
				}
				o := b.value(f, &v)
				said := distinct(v.Sayings)
				n := min(len(said), sayingsShown, b.budget)
				if f == incident.Status && len(t.Values[f]) == 1 {
					n = 0 // that it happened is what all of this says
				}
				o.More = len(said) - n + max(0, len(v.Reports)-reportsOf(v.Sayings))
				b.budget -= n
				for i := range said[:n] {
					o.Sayings = append(o.Sayings, b.saying(&said[i]))
				}
				x.Values = append(x.Values, o)
			}
			if x.More == 0 && !slices.ContainsFunc(x.Values, func(v tableValue) bool { return v.More > 0 || v.Kept > 0 }) {
				x.All = "" // it is all here
			}
			b.Fields = append(b.Fields, x)
		}
	}
}

// field is a field without its values.
func (b *incidentBody) field(f, of string) tableField {
	t := &b.X.Linked.Table
	x := tableField{Name: f, Of: of, All: "/incident/" + b.X.ID + "/field/" + url.PathEscape(f)}
	if of != "" {
		x.All += "?of=" + url.QueryEscape(of)
	}
	for i := range t.Ranges {
		if r := &t.Ranges[i]; r.Field == f && r.Of == of {
			x.Range = r
		}
	}
	for _, c := range t.Contradictions {
		if c.Field != f || c.Of != of || len(x.Contradictions) == valuesShown {
			continue
		}
		key := strings.ReplaceAll(c.Why, ",", "")
		o := clash{Why: b.Word("clash", key)}
		if o.Here = o.Why != key || b.Code == "en"; o.Why == key {
			o.Why = c.Why
		}
		for i := range c.Sides {
			if i == valuesShown {
				o.More = len(c.Sides) - i
				break
			}
			o.Sides = append(o.Sides, b.written(f, &c.Sides[i]))
		}
		x.Contradictions = append(x.Contradictions, o)
	}
	return x
}

// value is a value without who says it.
func (b *incidentBody) value(f string, v *incident.Value) tableValue {
	o := tableValue{Text: b.written(f, v), Reports: len(v.Reports), Origins: v.Origins, Replaced: v.Replaced}
	if v.Precision != "day" {
		o.Precision = b.Word("precision", v.Precision)
	}
	for _, c := range b.X.Linked.Table.Contradictions {
		if c.Field == f && c.Of == v.Of && slices.ContainsFunc(c.Sides, func(s incident.Value) bool { return s.Value == v.Value && s.ID == v.ID }) {
			o.Against = true
		}
	}
	return o
}

// written is a value for people: days in both calendars, numbers in the digits
// of the language, entities of the lexicon by their name in it.
func (b *incidentBody) written(f string, v *incident.Value) template.HTML {
	text := short(strings.Join(strings.Fields(v.Value), " "), quoteShown)
	switch f {
	case incident.Date:
		if first, last, ok := strings.Cut(v.Value, "/"); ok {
			return b.Sentence("when.interval", parts{"from": b.Day(first), "to": b.Day(last)})
		}
		return b.Day(v.Value)
	case incident.Killed, incident.Wounded, incident.Detained:
		return b.bounds(v)
	case incident.Status, incident.Weapon, incident.Recipient, incident.Actor:
		if s := b.Word("value-of", text); s != text {
			return bdi(s)
		}
	}
	if rest, ok := strings.CutPrefix(text, "not "); ok {
		return b.Sentence("incident.not", parts{"who": b.desk.named(b.language, v.ID, rest)})
	}
	if strings.HasPrefix(v.ID, "~") {
		return quote(text)
	}
	return b.desk.named(b.language, v.ID, text)
}

// bounds is a number with its bounds: 11, 11 to 17, at least 3.
func (b *incidentBody) bounds(v *incident.Value) template.HTML {
	n := func(i *int64) string { return b.Digits(strconv.FormatInt(*i, 10)) }
	switch {
	case v.Low != nil && v.High != nil && *v.Low == *v.High:
		return ltr(n(v.Low))
	case v.Low != nil && v.High != nil:
		return bdi(b.T("amount.range", *v.Low, *v.High))
	case v.Low != nil:
		return bdi(b.T("hedge.at_least", n(v.Low)))
	case v.High != nil:
		return bdi(b.T("hedge.up_to", n(v.High)))
	}
	return bdi(v.Value)
}

// distinct leaves out what a report says twice in the same words.
func distinct(all []incident.Saying) (list []incident.Saying) {
	seen := map[string]bool{}
	for _, s := range all {
		key := strings.Join(append([]string{s.Quote.Report, s.Quote.Text, s.Speaker}, s.Via...), "\x00")
		if !seen[key] {
			seen[key] = true
			list = append(list, s)
		}
	}
	return list
}

// reportsOf is how many reports sayings are from.
func reportsOf(list []incident.Saying) int {
	seen := map[string]bool{}
	for _, s := range list {
		seen[s.Quote.Report] = true
	}
	return len(seen)
}

func (b *incidentBody) saying(s *incident.Saying) saying {
	o := b.quoted(s.Quote)
	o.Chain = append(o.Chain, b.outletOf(s.Quote.Report, s.Outlet))
	for i, v := range s.Via {
		if i == valuesShown {
			o.Chain = append(o.Chain, "…")
			break
		}
		o.Chain = append(o.Chain, bdi(short(v, 60)))
	}
	if s.Speaker != "" {
		o.Chain = append(o.Chain, bdi(short(s.Speaker, 80)))
	}
	return o
}

// quoted are words of a report, with the way to them.
func (b *incidentBody) quoted(q incident.Quote) saying {
	day, _, _ := strings.Cut(b.X.Of[q.Report].Published, "T")
	return saying{Words: short(strings.Join(strings.Fields(q.Text), " "), quoteShown), Link: wordsLink(q.Report, q.Start, q.End), Report: q.Report, Day: day}
}

// wordsLink is the address of words in a report.
func wordsLink(report string, start, end int) string {
	return "/report/" + url.PathEscape(report) + "/at/" + strconv.Itoa(start) + "-" + strconv.Itoa(end)
}

// outletOf names the outlet of a report.
func (b *incidentBody) outletOf(report, id string) template.HTML {
	x, ok := b.X.Of[report]
	if !ok || x.Outlet != id {
		x = ledger.Report{Outlet: id, OutletName: id}
	}
	x.OutletName = short(x.OutletName, 80)
	return cmp.Or(b.desk.outlet(b.language, &x), bdi(b.T("inbox.no-outlet")))
}

func (b *incidentBody) members(at int) {
	all := b.X.Linked.Members
	at = min(at, max(0, (len(all)-1)/membersPage*membersPage))
	end := min(len(all), at+membersPage)
	for _, m := range all[at:end] {
		o := member{Report: b.X.Of[m.Report], Outlet: b.outletOf(m.Report, m.Outlet), Reason: short(b.withNames(m.Reason), 300), Confidence: b.sure(m.Confidence)}
		o.Report.ID, o.Report.Head = m.Report, short(o.Report.Head, 120)
		o.Report.Published, _, _ = strings.Cut(o.Report.Published, "T")
		if len(m.Quotes) > 0 {
			o.Quote = b.quoted(m.Quotes[0])
		}
		b.Members = append(b.Members, o)
	}
	b.Prev, b.Next = b.around("members", at, end, membersPage, len(all))
}

func (b *incidentBody) attached(at int) {
	all := b.X.Linked.Attached
	at = min(at, max(0, (len(all)-1)/attachedPage*attachedPage))
	end := min(len(all), at+attachedPage)
	for _, a := range all[at:end] {
		o := attachedRow{As: b.Word("attached", a.As), By: bdi(short(a.By, 80)), Quote: b.quoted(a.Quote), Reason: short(b.withNames(a.Reason), 300)}
		o.Quote.Chain = []template.HTML{b.outletOf(a.Report, a.Outlet)}
		b.Attached = append(b.Attached, o)
	}
	b.Earlier, b.Later = b.around("attached", at, end, attachedPage, len(all))
}

// around are the pages before and after one of a list.
func (b *incidentBody) around(name string, at, end, size, all int) (prev, next string) {
	link := func(n int) string {
		return "/incident/" + b.X.ID + "?" + name + "=" + strconv.Itoa(n) + "#" + name
	}
	if at > 0 {
		prev = link(max(0, at-size))
	}
	if end < all {
		next = link(end)
	}
	return prev, next
}

// withNames puts the outlets of reports in place of their ids, which say
// nothing to people.
func (b *incidentBody) withNames(reason string) string {
	return renamed(reason, func(id string) string {
		x, ok := b.X.Of[id]
		if !ok {
			return ""
		}
		return b.desk.outletName(b.language, &x)
	})
}

// idPattern is the id of a report.
var idPattern = regexp.MustCompile(`\b[0-9a-f]{16}\b`)

// renamed replaces the ids of reports in a sentence by what name gives for them.
func renamed(s string, name func(id string) string) string {
	return idPattern.ReplaceAllStringFunc(s, func(id string) string {
		if n := name(id); n != "" {
			return n
		}
		return id
	})
}

// outletName is the name of a report's outlet, "" where it is not known.
func (d *Desk) outletName(l *language, x *ledger.Report) string {
	for _, e := range d.reader().Lexicon.Named(x.Outlet) {
		if s := e.Get(l.Code); s != "" {
			return s
		}
	}
	if x.OutletName == "" {
		return ""
	}
	return "«" + short(tame(x.OutletName), 60) + "»"
}

// sure writes a confidence.
func (l *language) sure(c float64) string { return l.Digits(strconv.FormatFloat(c, 'f', 2, 64)) }

// Reason is why the rule suggests its grade, in words of the language where it
// has them.
func (b *incidentBody) Reason() template.HTML {
	t := &b.X.Linked.Table
	if t.Grade == incident.Fair {
		return template.HTML(template.HTMLEscapeString(b.T("graded.fair", t.Origins)))
	}
	if who, ok := strings.CutSuffix(t.GradeReason, " takes responsibility, and nobody else does"); ok {
		return b.Sentence("graded.confirmed", parts{"who": bdi(who)})
	}
	if s := b.Word("graded", strings.ReplaceAll(t.GradeReason, ",", "")); s != strings.ReplaceAll(t.GradeReason, ",", "") {
		return template.HTML(template.HTMLEscapeString(s))
	}
	return template.HTML(`<span lang="en" dir="ltr">` + template.HTMLEscapeString(tame(t.GradeReason)) + "</span>")
}

// RangeOf is the range of a number.
func (b *incidentBody) RangeOf(r *incident.Range) template.HTML {
	n := func(i int64) template.HTML { return ltr(b.Digits(strconv.FormatInt(i, 10))) }
	return b.Sentence("incident.range", parts{"low": n(r.Low), "best": n(r.Best), "high": n(r.High)})
}

// Where is the place as most origins have it, with its country.
func (b *incidentBody) Where() template.HTML {
	w := b.X.Linked.Where
	if w.Name == "" && w.Country == "" {
		return ""
	}
	country := template.HTML("")
	if w.Country != "" {
		country = bdi(w.Country)
		for _, e := range b.desk.reader().Lexicon.File("actors") {
			if e.Get("type") == "STATE" && e.Get("iso") == w.Country && e.Get(b.Code) != "" {
				country = bdi(e.Get(b.Code))
			}
		}
	}
	return b.Sentence("incident.where", parts{"place": b.desk.named(b.language, w.ID, w.Name), "country": country})
}

// PlaceOf is where another incident was.
func (b *incidentBody) PlaceOf(x ledger.IncidentRow) template.HTML { return bdi(x.Place) }

// LogLines are the last decisions, the newest first.
func (b *incidentBody) LogLines() []review.Decision {
	list := slices.Clone(b.X.Log)
	slices.Reverse(list)
	return list[:min(len(list), logged)]
}

// Earlier decisions that LogLines leaves out.
func (b *incidentBody) EarlierLog() int { return max(0, len(b.X.Log)-logged) }

// NoteLines are the last notes.
func (b *incidentBody) NoteLines() []review.Decision {
	return b.X.Notes[max(0, len(b.X.Notes)-20):]
}

// fieldPage is one field with all its values and all who say them, in pages.
func (d *Desk) fieldPage(w http.ResponseWriter, r *http.Request) {
	x := d.incidentOf(w, r, r.PathValue("id"))
	if x == nil {
		return
	}
	l := languageOf(r)
	q := r.URL.Query()
	f, of := r.PathValue("field"), q.Get("of")
	t := &x.Linked.Table
	if !slices.Contains(sidesOf(t, f), of) {
		d.trouble(w, r, http.StatusNotFound, nil)
		return
	}
	b := incidentBody{language: l, X: x, desk: d, Whole: true}
	field := b.field(f, of)
	at, n := from(q, "from"), 0
	for i := range t.Values[f] {
		v := &t.Values[f][i]
		if v.Of != of {
			continue
		}
		o := b.value(f, v)
		some := false
		for j, s := range distinct(v.Sayings) {
			if n >= at && n < at+sayingsPage {
				if !some {
					some, o.Again = true, j > 0
				}
				o.Sayings = append(o.Sayings, b.saying(&s))
			}
			n++
		}
		if some {
			o.Kept = len(v.Reports) - reportsOf(v.Sayings)
			field.Values = append(field.Values, o)
		}
	}
	link := func(n int) string {
		v := url.Values{"from": {strconv.Itoa(n)}}
		if of != "" {
			v.Set("of", of)
		}
		return "/incident/" + x.ID + "/field/" + url.PathEscape(f) + "?" + v.Encode()
	}
	if at > 0 {
		b.Prev = link(max(0, at-sayingsPage))
	}
	if at+sayingsPage < n {
		b.Next = link(at + sayingsPage)
	}
	field.All = ""
	b.Fields = []tableField{field}
	d.show(w, r, http.StatusOK, "field", short(tame(x.Head), 80), &b)
}

// wordsAt goes to words of a report, START-END in code points: to the part of
// the reading page that has them, at their paragraph.
func (d *Desk) wordsAt(w http.ResponseWriter, r *http.Request) {
	full, err := d.full(r.Context(), r.PathValue("id"))
	if err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	from, to, _ := strings.Cut(r.PathValue("place"), "-")
	start, err1 := strconv.Atoi(from)
	end, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || start < 0 || end < start {
		d.trouble(w, r, http.StatusNotFound, nil)
		return
	}
	q := url.Values{"at": {strconv.Itoa(start) + "-" + strconv.Itoa(end)}}
	l, part, paragraph := languageOf(r), 0, 0
	s := newSheet(l, full, "", 0)
	for i, p := range s.Parts {
		if p.Start <= start {
			part = i
		}
	}
	if part > 0 {
		s = newSheet(l, full, "", part)
		q.Set("part", strconv.Itoa(part+1))
	}
	for _, p := range s.Blocks {
		if p.Start <= start {
			paragraph = p.Start
		}
	}
	http.Redirect(w, r, "/report/"+full.ID+"?"+q.Encode()+"#p"+strconv.Itoa(paragraph), http.StatusSeeOther)
}
