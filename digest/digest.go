// Package digest writes what a reading says, for a person at a terminal: who
// said what through whom, and what happened, to whom, when, where, with what
// numbers and on whose word, each with the words of the report.
//
// The lines are English with Persian inside. Every Persian run stands between
// Unicode isolates (U+2068 or U+2067, and U+2069), so that a terminal that
// orders right-to-left text keeps the English order of the line; longer
// quotations stand in a block of their own that is set from the right.
package digest

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// Style is how a digest looks.
type Style struct {
	Width int  // columns; 0 is 100
	Color bool // escape codes for colour
}

// Write writes the digest of one report.
func Write(w io.Writer, r *report.Report, s Style) error {
	if s.Width == 0 {
		s.Width = 100
	}
	s.Width = min(max(s.Width, 40), 120)
	p := &page{r: r, style: s, entities: map[string]*report.Entity{}}
	for i := range r.Entities {
		p.entities[r.Entities[i].ID] = &r.Entities[i]
	}
	p.head()
	p.sayings()
	p.events()
	p.named()
	p.loaded()
	p.rest()
	p.line("")
	_, err := w.Write(p.b.Bytes())
	return err
}

// page is a digest as it is written.
type page struct {
	r        *report.Report
	style    Style
	b        bytes.Buffer
	entities map[string]*report.Entity
}

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

// The colours that mean something.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func (p *page) paint(code, s string) string {
	if !p.style.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *page) heading(s string) { p.line("\n  %s", p.paint(bold, s)) }

func (p *page) head() {
	title := p.r.Title
	if title == "" {
		title, _, _ = strings.Cut(strings.TrimSpace(p.r.Text), "\n")
	}
	rule := p.style.Width - 4 - width(p.r.ID)
	p.line("%s %s %s", p.paint(faint, "──"), p.paint(cyan, Isolate(p.r.ID)), p.paint(faint, strings.Repeat("─", max(rule, 2))))
	p.line("  %s", p.paint(bold, Isolate(shorten(title, p.style.Width-4))))
	var about []string
	if o := p.outlet(); o != "" {
		about = append(about, o)
	}
	if p.r.Published.Known() {
		about = append(about, "published "+Day(fmt.Sprintf("%04d-%02d-%02d", p.r.Published.Year, p.r.Published.Month, p.r.Published.Day)))
	} else {
		about = append(about, "day of publication not known")
	}
	p.line("  %s", strings.Join(about, ", "))
}

// outlet names the publisher.
func (p *page) outlet() string {
	if e := p.entities[p.r.OutletID]; e != nil {
		return p.name(e.ID)
	}
	return Isolate(p.r.Outlet)
}

// name names an entity: in English where the lexicon knows it, and in Persian.
func (p *page) name(id string) string {
	e := p.entities[id]
	if e == nil {
		return Isolate(id)
	}
	if e.NameEn == "" {
		return Isolate(e.Name)
	}
	return e.NameEn
}

// quote quotes a stretch of the report on one line.
func (p *page) quote(s span.Span) string {
	if s.Empty() {
		return ""
	}
	return "«" + Isolate(shorten(s.Of(p.r.Text), p.style.Width-30)) + "»"
}

// ref names an entity with the words it was read from.
func (p *page) ref(x report.Ref) string {
	q := p.quote(x.Span)
	if x.Entity == "" {
		return q
	}
	e := p.entities[x.Entity]
	if e != nil && e.NameEn == "" && q != "" && x.Span.Of(p.r.Text) == e.Name {
		return q
	}
	return strings.TrimSpace(p.name(x.Entity) + " " + p.paint(faint, q))
}

// sayings writes the statements, those of one speaker through one chain
// together.
func (p *page) sayings() {
	if len(p.r.Statements) == 0 {
		return
	}
	p.heading("Who said what")
	last := ""
	for i := range p.r.Statements {
		s := &p.r.Statements[i]
		if c := p.chain(s); c != last {
			p.line("  %s", c)
			last = c
		}
		about := []string{strings.TrimSpace(actWords[s.Act] + " " + p.paint(faint, p.quote(s.Cue)))}
		if s.Quoted {
			about = append(about, "word for word")
		}
		if s.Addressee != nil {
			about = append(about, "to "+p.ref(*s.Addressee))
		}
		if s.Date != nil {
			about = append(about, p.date(s.Date))
		}
		p.line("    %s %s", p.paint(cyan, fmt.Sprintf("%-3s", s.ID)), strings.Join(about, ", "))
		var parts []string
		for _, c := range s.Content {
			parts = append(parts, c.Of(p.r.Text))
		}
		p.block(strings.Join(parts, " … "), 8, 3)
	}
}

// actWords say in English what kind of speech it is.
var actWords = map[report.Act]string{
	report.Say: "says", report.Announce: "announces", report.Deny: "denies", report.Confirm: "confirms", report.Claim: "claims", report.Threaten: "threatens",
	report.Demand: "demands", report.Promise: "promises", report.Accuse: "accuses", report.Condemn: "condemns", report.Write: "writes", report.Ask: "asks",
}

// chain draws the way of a statement from the publisher to its speaker.
func (p *page) chain(s *report.Statement) string {
	var hops []string
	if o := p.outlet(); o != "" && s.Speaker.Entity != p.r.OutletID {
		hops = append(hops, o)
	}
	for _, v := range s.Via {
		hops = append(hops, p.ref(v))
	}
	speaker := "somebody the report does not name"
	if s.Speaker.Entity != "" {
		e := p.entities[s.Speaker.Entity]
		speaker = p.paint(bold, p.name(s.Speaker.Entity))
		if e != nil && len(e.Roles) > 0 {
			speaker += ", " + Isolate(e.Roles[0].Title)
		}
	}
	return strings.Join(append(hops, speaker), " ← ")
}

// events writes what happened, and what did not.
func (p *page) events() {
	if len(p.r.Events) == 0 {
		return
	}
	p.heading("What happened")
	for i := range p.r.Events {
		e := &p.r.Events[i]
		kind := strings.ToLower(e.Type)
		if e.Mode != "" {
			kind += " (" + e.Mode + ")"
		}
		p.line("    %s %s %s %s", p.paint(cyan, fmt.Sprintf("%-3s", e.ID)), p.paint(bold, kind), p.quote(e.Trigger), p.status(e.Status))
		p.refs("by", e.Actor)
		p.refs("to", e.Recipient)
		if e.Place != nil {
			p.refs("where", []report.Ref{*e.Place})
		}
		if e.Date != nil {
			p.part("when", p.date(e.Date))
		}
		p.amount("killed", e.Killed)
		p.amount("wounded", e.Wounded)
		p.amount("count", e.Count)
		if !e.Weapon.Empty() {
			p.part("with", p.quote(e.Weapon))
		}
		p.part("source", p.word(e))
	}
}

func (p *page) part(label, text string) { p.line("        %-8s%s", label, text) }

func (p *page) refs(label string, list []report.Ref) {
	for _, x := range list {
		p.part(label, p.ref(x))
		label = ""
	}
}

func (p *page) amount(label string, i int) {
	if i < 0 || i >= len(p.r.Numbers) {
		return
	}
	n := &p.r.Numbers[i]
	p.part(label, Amount(n.Min, n.Max, string(n.Hedge))+" "+p.paint(faint, p.quote(n.Span)))
}

func (p *page) status(s report.Status) string {
	switch s {
	case report.Happened:
		return p.paint(green, "happened")
	case report.Ongoing:
		return p.paint(green, "going on")
	case report.Future:
		return p.paint(yellow, "to come")
	case report.Hypothetical:
		return p.paint(yellow, "possible, not said to have happened")
	case report.Negated:
		return p.paint(red, "did not happen")
	}
	return string(s)
}

// word says on whose word an event rests.
func (p *page) word(e *report.Event) string {
	if e.SaidBy == "" {
		return "the report's own voice"
	}
	for i := range p.r.Statements {
		if s := &p.r.Statements[i]; s.ID == e.SaidBy {
			if s.Speaker.Entity == "" {
				break
			}
			return fmt.Sprintf("the word of %s (%s)", p.name(s.Speaker.Entity), s.ID)
		}
	}
	return "the word of " + e.SaidBy
}

func (p *page) date(d *report.DateRef) string {
	return strings.TrimSpace(Day(d.Value) + " " + p.paint(faint, p.quote(d.Span)))
}

// named lists the entities by kind with how often each is named.
func (p *page) named() {
	count := map[string]int{}
	for _, m := range p.r.Mentions {
		if m.Form == report.Name {
			count[m.Entity]++
		}
	}
	kinds := []struct {
		typ  report.Type
		word string
	}{{report.PER, "people"}, {report.GRP, "groups"}, {report.ORG, "bodies"}, {report.STATE, "states"}, {report.MEDIA, "media"}, {report.PLACE, "places"}}
	first := true
	for _, k := range kinds {
		var names []string
		for i := range p.r.Entities {
			e := &p.r.Entities[i]
			if e.Type != k.typ || count[e.ID] == 0 {
				continue
			}
			n := p.name(e.ID)
			if c := count[e.ID]; c > 1 {
				n += fmt.Sprintf(" ×%d", c)
			}
			names = append(names, n)
		}
		if len(names) == 0 {
			continue
		}
		if first {
			p.heading("Named")
			first = false
		}
		p.list(k.word, names)
	}
}

// list writes names behind a label, over as many lines as they need.
func (p *page) list(label string, names []string) {
	line, used := "", 12
	for i, n := range names {
		if i < len(names)-1 {
			n += ","
		}
		if used+width(n)+1 > p.style.Width && line != "" {
			p.line("    %-8s%s", label, line)
			label, line, used = "", "", 12
		}
		line += n + " "
		used += width(n) + 1
	}
	p.line("    %-8s%s", label, strings.TrimRight(line, " "))
}

// loaded lists wording that takes a side, with whom it means.
func (p *page) loaded() {
	type wording struct {
		text, entity string
		n            int
	}
	var list []*wording
	at := map[[2]string]*wording{}
	for _, l := range p.r.Loaded {
		k := [2]string{l.Span.Of(p.r.Text), l.Entity}
		if at[k] == nil {
			at[k] = &wording{k[0], k[1], 0}
			list = append(list, at[k])
		}
		at[k].n++
	}
	if len(list) == 0 {
		return
	}
	p.heading("Wording that takes a side")
	for _, x := range list {
		s := "«" + Isolate(shorten(x.text, 60)) + "»"
		if e := p.entities[x.entity]; x.entity != "" && (e == nil || e.Known || plain(e.Name) != plain(x.text)) {
			s += " means " + p.name(x.entity)
		}
		if x.n > 1 {
			s += fmt.Sprintf(" ×%d", x.n)
		}
		p.line("    %s", s)
	}
}

// rest says what was left out, and what could not be decided.
func (p *page) rest() {
	for _, t := range p.r.Times {
		if t.Note != "" {
			p.line("\n  Note: %s %s", p.quote(t.Span), t.Note)
		}
	}
	for _, n := range p.r.Notes {
		p.line("\n  Note: %s %s", p.quote(n.Span), n.Text)
	}
	if len(p.r.Statements)+len(p.r.Events)+len(p.r.Mentions) == 0 {
		p.line("\n  Nothing was found in this report.")
	}
	if n := len(p.r.Dropped); n > 0 {
		var reasons []string
		count := map[string]int{}
		for _, d := range p.r.Dropped {
			if count[d.Reason]++; count[d.Reason] == 1 {
				reasons = append(reasons, d.Reason)
			}
		}
		for i, x := range reasons {
			if count[x] > 1 {
				reasons[i] = fmt.Sprintf("%s ×%d", x, count[x])
			}
		}
		p.line("\n  %s", p.paint(faint, "Not read: "+strings.Join(reasons, ", ")))
	}
}
