package desk

import (
	"html/template"
	"net/url"
	"strconv"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// eventRow is a row of the table of events.
type eventRow struct {
	*ledger.EventRow
	When    template.HTML
	Kind    string
	Status  string        // in words; "" for what happened
	Actors  template.HTML // linked to what else they do
	Targets template.HTML
	Where   template.HTML
	Rough   string // how exact the place is, where it is no town
	Toll    []string
	Word    template.HTML // on whose word
	Outlet  template.HTML
	Link    string // the finding on its report
}

func newEventRow(l *language, a eventsWanted, e *ledger.EventRow, outlet template.HTML) eventRow {
	r := eventRow{EventRow: e, Kind: l.Word("value.event.type", e.Type), Outlet: outlet,
		Link: "/report/" + e.Report + "?f=" + url.QueryEscape(keyOf(review.Event, e.Event))}
	if e.Mode != "" {
		r.Kind = l.T("events.kind-mode", r.Kind, l.Word("value.event.mode", e.Mode))
	}
	if e.Status != "happened" {
		r.Status = l.Word("value.event.status", e.Status)
	}
	switch {
	case e.Told:
		r.When = l.When(e.Date)
	case e.Day != "":
		r.When = l.Sentence("events.reported", parts{"day": l.Day(e.Day)})
	default:
		r.When = template.HTML(template.HTMLEscapeString(l.T("inbox.no-day")))
	}
	r.Actors = linked(l, e.Actors, func(id string) string { return a.link(func(x *eventsWanted) { x.Actor = id }) })
	r.Targets = linked(l, e.Recipients, func(id string) string { return a.link(func(x *eventsWanted) { x.Target = id }) })
	if e.Place != nil {
		r.Where = linked(l, []ledger.NamedEntity{*e.Place}, func(id string) string { return a.link(func(x *eventsWanted) { x.Place = id }) })
		r.Rough = l.precision(e.Place.Type, e.Precision)
	}
	for _, t := range [...]struct {
		key       string
		low, high *int64
	}{{"events.dead-of", e.KilledLow, e.KilledHigh}, {"events.hurt-of", e.WoundLow, e.WoundHigh}} {
		if s := l.between(t.low, t.high); s != "" {
			r.Toll = append(r.Toll, l.T(t.key, s))
		}
	}
	r.Word = l.wordOf(e)
	return r
}

// precision says how exact a place is, where it is wider than a town.
func (l *language) precision(kind, precise string) string {
	switch {
	case kind == "STATE":
		precise = "country"
	case precise == "" || precise == "city" || precise == "point":
		return ""
	}
	return l.Word("events.precision", precise)
}

// linked are names, each linked to a page; what is only described has no page
// of its own.
func linked(l *language, list []ledger.NamedEntity, to func(id string) string) template.HTML {
	var names []string
	for _, n := range list {
		name := string(l.nameOf(n))
		if n.ID != "" && n.ID[0] != '~' {
			name = `<a href="` + template.HTMLEscapeString(to(n.ID)) + `">` + name + "</a>"
		}
		names = append(names, name)
	}
	return joined(l, names)
}

func joined(l *language, names []string) template.HTML {
	t := teller{language: l}
	return t.list(names)
}

// nameOf names an entity in the language; its id where the report has no name
// for it.
func (l *language) nameOf(n ledger.NamedEntity) template.HTML {
	switch {
	case n.Name == "" && n.NameEn == "":
		return ltr(n.ID)
	case n.Name != "" && (l.Code == "fa" || n.NameEn == ""):
		return template.HTML(`<bdi class="name" lang="fa">` + template.HTMLEscapeString(tame(short(n.Name, 80))) + "</bdi>")
	}
	return template.HTML(`<bdi class="name">` + template.HTMLEscapeString(tame(short(n.NameEn, 80))) + "</bdi>")
}

// Number writes a number with its thousands parted.
func (l *language) Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + l.T("thousands") + s[i:]
	}
	return l.Digits(s)
}

// between is a number by its ends: 3, 3 to 5, at least 3, up to 5; "" for none.
func (l *language) between(low, high *int64) string {
	n := l.Number
	switch {
	case low == nil && high == nil:
		return ""
	case high == nil:
		return l.T("hedge.at_least", n(*low))
	case low == nil:
		return l.T("hedge.up_to", n(*high))
	case *low == *high:
		return n(*low)
	}
	return l.T("amount.range", n(*low), n(*high))
}

// wordOf says on whose word an event stands, and through whom that came.
func (l *language) wordOf(e *ledger.EventRow) template.HTML {
	if e.SaidBy == "" {
		return template.HTML(template.HTMLEscapeString(l.T("events.own-voice")))
	}
	p := parts{"who": template.HTML(template.HTMLEscapeString(l.T("said.nobody"))), "act": template.HTML(template.HTMLEscapeString(l.Word("value.statement.act", e.Act)))}
	if e.Speaker != nil {
		p["who"] = l.nameOf(*e.Speaker)
	}
	var via []string
	for _, n := range e.Via {
		via = append(via, string(l.nameOf(n)))
	}
	p["via"] = joined(l, via)
	return l.Sentence("events.word", p)
}
