package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

// incidentPage prints one incident and its table.
type incidentPage struct {
	*program
	x     *ledger.IncidentFull
	lex   *lexicon.Lexicon
	width int
	color bool
}

// So many sayings of a value, values of a field and members are printed; the
// JSON has all.
const (
	mostSayings = 8
	mostValues  = 12
	mostMembers = 40
)

func (p *program) incidentPage(x *ledger.IncidentFull, lex *lexicon.Lexicon) {
	s := style(p.out)
	pg := &incidentPage{p, x, lex, min(max(s.Width, 40), 100), s.Color}
	pg.head()
	pg.members()
	pg.attached()
	pg.table()
	pg.decisions()
}

func (p *incidentPage) line(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }

func (p *incidentPage) paint(code, s string) string {
	if !p.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *incidentPage) heading(s string) { p.line("\n  %s", p.paint("1", english(s))) }

// english keeps the English order of a line that has Persian in it, wherever in
// it that stands.
func english(s string) string { return strings.Replace(digest.Isolate(s), "\u2068", "\u2066", 1) }

// part prints a label and what it says, over as many lines as that takes.
func (p *incidentPage) part(label, text string) {
	const indent = 12
	for i, l := range broken(text, p.width-indent) {
		if i > 0 {
			label = ""
		}
		p.line("  %-10s%s", label, english(l))
	}
}

// quote prints words of a report in quotation marks, on two lines at most.
func (p *incidentPage) quote(indent int, text string) {
	lines := broken("«"+strings.Join(strings.Fields(text), " ")+"»", p.width-indent)
	if len(lines) > 2 {
		lines = append(lines[:1], lines[1]+" …»")
	}
	for _, l := range lines {
		p.line("%s%s", strings.Repeat(" ", indent), digest.Isolate(l))
	}
}

func (p *incidentPage) head() {
	x := p.x
	for i, l := range broken(x.Head, p.width-18) {
		id := x.ID
		if i > 0 {
			id = ""
		}
		p.line("%-16s  %s", id, digest.Isolate(l))
	}
	p.part("what", strings.Join(x.Kinds, ", "))
	p.part("when", days(x.First, x.Last))
	where := none(x.Place)
	if c := x.Linked.Where.Country; c != "" {
		where += " (" + c + ")"
	}
	p.part("where", where)
	p.part("told by", fmt.Sprintf("%s of %s", count(x.Reports, "report"), count(x.Origins, "independent origin")))
	p.part("suggested", x.Suggested+": "+x.Linked.Table.GradeReason)
	if g := x.Graded; g != nil {
		p.part("grade", fmt.Sprintf("%s, by %s", x.Grade, signed(g)))
	} else {
		p.part("grade", "none: nobody gave one")
	}
}

// outlet names the outlet of a report.
func (p *incidentPage) outlet(report, id string) string {
	for _, e := range p.lex.Named(id) {
		if en := e.Get("en"); en != "" {
			return en
		}
	}
	if d, ok := p.x.Of[report]; ok && d.OutletName != "" && d.Outlet == id {
		return digest.Isolate(d.OutletName)
	}
	if id == "" {
		return "an unnamed outlet"
	}
	return digest.Isolate(id)
}

// from names a report: its id, outlet and day.
func (p *incidentPage) from(report, outlet string) string {
	day := "day unknown"
	if d := p.x.Of[report]; d.Published != "" {
		day, _, _ = strings.Cut(d.Published, "T") // some publishers give the hour too
	}
	return fmt.Sprintf("%s  %s  %s", p.short(report), digest.Isolate(day), p.outlet(report, outlet))
}

func sure(c float64) string { return fmt.Sprintf("%.2f", c) }

func (p *incidentPage) members() {
	p.heading("Told by")
	for i, m := range p.x.Linked.Members {
		if i == mostMembers {
			p.line("    … and %s more; --format jsonl has all", count(len(p.x.Linked.Members)-i, "account"))
			break
		}
		p.line("    %s", p.from(m.Report, m.Outlet))
		if d, ok := p.x.Of[m.Report]; ok {
			p.quote(8, d.Head)
		}
		for _, l := range broken(m.Reason+" (confidence "+sure(m.Confidence)+")", p.width-8) {
			p.line("        %s", english(l))
		}
	}
}

func (p *incidentPage) attached() {
	if len(p.x.Linked.Attached) == 0 {
		return
	}
	p.heading("Attached; it does not count as told")
	for i, a := range p.x.Linked.Attached {
		if i == mostMembers {
			p.line("    … and %d more; --format jsonl has all", len(p.x.Linked.Attached)-i)
			break
		}
		by := ""
		if a.By != "" {
			by = ", by " + digest.Isolate(a.By)
		}
		p.line("    %s%s", p.paint("33", digest.Isolate(a.As)), by)
		p.line("      %s", p.from(a.Report, a.Outlet))
		p.quote(8, a.Quote.Text)
	}
}

// tableFields are the fields of a table in the order in which they are shown.
var tableFields = []string{incident.Status, incident.Date, incident.Place, incident.Killed, incident.Wounded, incident.Detained,
	incident.Actor, incident.Responsibility, incident.Recipient, incident.Weapon}

func (p *incidentPage) table() {
	t := &p.x.Linked.Table
	list := slices.Clone(tableFields)
	var more []string
	for f := range t.Values {
		if !slices.Contains(list, f) {
			more = append(more, f)
		}
	}
	slices.Sort(more)
	for _, f := range append(list, more...) {
		var sides []string
		for _, v := range t.Values[f] {
			if !slices.Contains(sides, v.Of) {
				sides = append(sides, v.Of)
			}
		}
		for _, c := range t.Contradictions { // of which no value may stand in the table
			if c.Field == f && !slices.Contains(sides, c.Of) {
				sides = append(sides, c.Of)
			}
		}
		slices.Sort(sides)
		for _, of := range sides {
			p.field(f, of)
		}
	}
}

func (p *incidentPage) field(f, of string) {
	t := &p.x.Linked.Table
	title := strings.ToUpper(f[:1]) + f[1:]
	if of != "" {
		title += " of " + of
	}
	for _, r := range t.Ranges {
		if r.Field == f && r.Of == of {
			title += fmt.Sprintf(": low %d, best %d, high %d", r.Low, r.Best, r.High)
		}
	}
	p.heading(title)
	for _, c := range t.Contradictions {
		if c.Field != f || c.Of != of {
			continue
		}
		var values []string
		for _, v := range c.Sides {
			values = append(values, shown(f, v.Value))
		}
		for i, l := range broken(strings.Join(values, " ≠ ")+": "+c.Why, p.width-24) {
			mark := "    contradiction     "
			if i > 0 {
				mark = strings.Repeat(" ", len(mark))
			}
			p.line("%s%s", p.paint("31", mark), english(l))
		}
	}
	n := 0
	for _, v := range t.Values[f] {
		if v.Of != of {
			continue
		}
		if n++; n <= mostValues {
			p.value(f, &v)
		}
	}
	if n > mostValues {
		p.line("    … and %s more; --format jsonl has all", count(n-mostValues, "value"))
	}
}

func (p *incidentPage) value(f string, v *incident.Value) {
	about := toldBy(len(v.Reports), v.Origins)
	if v.Precision != "" && v.Precision != "day" {
		about = v.Precision + ", " + about
	}
	if v.Replaced {
		about += "; the same origin gave another one later"
	}
	if f == incident.Status && len(p.x.Linked.Table.Values[f]) == 1 {
		p.line("    %s  %s", digest.Isolate(v.Value), about) // that it happened is what all of this says
		return
	}
	p.line("    %s  %s", p.paint("1", digest.Isolate(shown(f, v.Value))), about)
	var list []incident.Saying // what a report says twice in the same words is shown once
	for _, s := range v.Sayings {
		if !slices.ContainsFunc(list, func(o incident.Saying) bool {
			return o.Quote.Report == s.Quote.Report && o.Quote.Text == s.Quote.Text && o.Speaker == s.Speaker && slices.Equal(o.Via, s.Via)
		}) {
			list = append(list, s)
		}
	}
	for i := range list {
		if i == mostSayings {
			p.line("        … and %d more; --format jsonl has all", len(list)-i)
			break
		}
		p.saying(&list[i])
	}
}

// saying prints who says it and in which words, on one line where it fits.
func (p *incidentPage) saying(s *incident.Saying) {
	line := "        " + p.short(s.Quote.Report) + " "
	for i, l := range p.chain(s) {
		if i > 0 {
			l = "← " + l
		}
		if i > 0 && columns([]rune(line))+1+columns([]rune(l)) > p.width {
			p.line("%s", line)
			line = strings.Repeat(" ", 11)
		}
		line += " " + l
	}
	words := digest.Isolate("«" + strings.Join(strings.Fields(s.Quote.Text), " ") + "»")
	if columns([]rune(line))+2+columns([]rune(words)) <= p.width {
		p.line("%s  %s", line, words)
		return
	}
	p.line("%s", line)
	p.quote(12, s.Quote.Text)
}

// short is as much of a report's id as tells it from the others here.
func (p *incidentPage) short(id string) string {
	n := 8
	for o := range p.x.Of {
		for o != id && n < len(id) && strings.HasPrefix(o, id[:n]) {
			n++
		}
	}
	return id[:min(n, len(id))]
}

// chain is on whose word a value stands: the outlet, those it took it from, and
// who said so.
func (p *incidentPage) chain(s *incident.Saying) []string {
	links := []string{p.outlet(s.Quote.Report, s.Outlet)}
	for _, v := range s.Via {
		links = append(links, digest.Isolate(v))
	}
	if s.Speaker != "" {
		links = append(links, digest.Isolate(s.Speaker))
	}
	return links
}

// shown is a value for people: days with their Jalali date.
func shown(field, value string) string {
	if field == incident.Date {
		first, last, ok := strings.Cut(value, "/")
		if _, err := time.Parse(time.DateOnly, first); err == nil {
			if !ok {
				last = first
			}
			return days(first, last)
		}
	}
	return strings.Join(strings.Fields(value), " ")
}

func (p *incidentPage) decisions() {
	if len(p.x.Notes) > 0 {
		p.heading("Notes")
		for _, d := range p.x.Notes {
			for _, l := range broken(strings.Join(strings.Fields(d.Note), " "), p.width-4) {
				p.line("    %s", digest.Isolate(l))
			}
			p.line("        [%s]", signed(&d))
		}
	}
	if len(p.x.Log) > 0 {
		p.heading("Decisions")
		for _, d := range p.x.Log {
			p.line("    %d  %s  [%s]", d.Seq, about(&d), signed(&d))
		}
	}
}

// broken breaks text at blanks into lines of at most n columns. Of a word that
// is longer the rest goes to the next line.
func broken(s string, n int) []string {
	n = max(n, 10)
	var lines []string
	var line []rune
	used := 0
	for w := range strings.FieldsSeq(s) {
		word := []rune(w)
		c := columns(word)
		if used > 0 && used+1+c > n {
			lines, line, used = append(lines, string(line)), nil, 0
		}
		for columns(word) > n {
			lines, word = append(lines, string(word[:n])), word[n:]
		}
		if used > 0 {
			line = append(line, ' ')
			used++
		}
		line = append(line, word...)
		used += columns(word)
	}
	if used > 0 || len(lines) == 0 {
		lines = append(lines, string(line))
	}
	return lines
}

// columns counts the columns that letters take; marks and joiners take none.
func columns(list []rune) int {
	n := 0
	for _, r := range list {
		if !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) {
			n++
		}
	}
	return n
}
