package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

func (p *program) explainCommand() *cobra.Command {
	var id string
	var def input.Defaults
	cmd := &cobra.Command{
		Use:   "explain FILE [FINDING...]",
		Short: "Say why: the rules, spans and lexicon entries behind a finding",
		Long: `Reads a report and says of each finding from which words it was read, by which
rule, and with which entries of the lexicon.

FINDING is the id of an event (e3) or a statement (s2), or the number of a
mention (m4), a time (t1), a number (n2), loaded wording (l1), dropped furniture
(d1) or a sentence (w5: its words as they were analysed), counted from 1; or
some words of the report, for all that was read from them. Without FINDING all
findings are listed, a line each.`,
		Example: `  sanad explain report.txt e3
  sanad explain articles.jsonl --report fars-12 s2 m4
  sanad explain report.txt "حمله پهپادی"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage{errors.New("sanad explain takes a file and the findings to explain")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := p.pick(args[0], id, def)
			if err != nil {
				return err
			}
			d, err := p.reader()
			if err != nil {
				return err
			}
			r, err := d.Report(a)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			x := &explainer{w: p.out, r: r, lex: d.Lexicon}
			if len(args) == 1 {
				x.list()
				return nil
			}
			for _, f := range args[1:] {
				if !x.finding(f) && !x.words(f) {
					return fmt.Errorf("%s: there is no finding %q; sanad explain %s lists them all", args[0], f, args[0])
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&id, "report", "", "id of the report, in a file that holds several")
	f.StringVar(&def.Published, "published", "", "day of publication, if the file does not say it")
	f.StringVar(&def.Outlet, "outlet", "", "outlet, if the file does not say it")
	f.StringVar(&def.Title, "title", "", "title, if the file does not say it")
	return cmd
}

// pick finds the one article that is asked for.
func (p *program) pick(path, id string, def input.Defaults) (sanad.Article, error) {
	var found *sanad.Article
	var err error
	n := 0
	in := &input.Reader{Stdin: p.in, Defaults: def}
	in.Each([]string{path}, func(it input.Item) bool {
		if it.Err != nil {
			if id == "" {
				err = fmt.Errorf("%s: %w", it.Where(), it.Err)
			}
			return id != ""
		}
		if n++; id == "" && n > 1 {
			err = usage{fmt.Errorf("%s holds several reports: say which by --report, for instance --report %s", path, found.ID)}
			return false
		}
		if id == "" || it.Article.ID == id {
			a := it.Article
			found = &a
		}
		return id == "" || found == nil
	})
	if err == nil && found == nil {
		err = fmt.Errorf("%s: no report %q in it", path, id)
	}
	if err != nil {
		return sanad.Article{}, err
	}
	return *found, nil
}

// explainer writes why a report was read as it was.
type explainer struct {
	w   io.Writer
	r   *report.Report
	lex *lexicon.Lexicon
}

func (x *explainer) line(format string, args ...any) { fmt.Fprintf(x.w, format+"\n", args...) }

// quote writes a span with its bytes.
func (x *explainer) quote(s span.Span) string {
	if s.Empty() {
		return "-"
	}
	t := []rune(strings.ReplaceAll(s.Of(x.r.Text), "\n", " ⏎ "))
	if len(t) > 120 {
		t = append(t[:119], '…')
	}
	return fmt.Sprintf("«\u2068%s\u2069» bytes %d to %d", string(t), s.Start, s.End)
}

// entry writes the lexicon entries of an id, indented.
func (x *explainer) entry(id string) bool {
	list := x.lex.Named(id)
	for _, e := range list {
		x.line("      %s:%d  %s", e.File, e.Line, e.ID)
		for _, f := range e.Fields {
			x.line("          %-8s %s", f.Name, strings.Join(f.Values, " | "))
		}
	}
	return len(list) > 0
}

// rule writes a rule's name and its entry, if it has one.
func (x *explainer) rule(name string) {
	if name == "" {
		return
	}
	x.line("    rule  %s", name)
	if !x.entry(name) {
		for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == ' ' || r == ':' || r == ',' || r == '+' }) {
			if part != name {
				x.entry(part)
			}
		}
	}
}

func (x *explainer) ref(label string, r report.Ref) {
	if r.Entity == "" && r.Span.Empty() {
		return
	}
	x.line("    %s %s %s", label, r.Entity, x.quote(r.Span))
	for i, m := range x.r.Mentions {
		if m.Entity == r.Entity && m.Span == r.Span {
			x.line("      mention m%d, %s, %s", i+1, m.Form, m.Rule)
		}
	}
}

func (x *explainer) date(d *report.DateRef) {
	if d == nil {
		return
	}
	x.line("    date %s %s", d.Value, x.quote(d.Span))
	for i, t := range x.r.Times {
		if t.Span == d.Span {
			x.line("      time t%d, %s", i+1, t.Rule)
		}
	}
}

// finding explains one finding by its id; false where there is none.
func (x *explainer) finding(id string) bool {
	if len(id) < 2 {
		return false
	}
	n, err := strconv.Atoi(id[1:])
	if err != nil || n < 1 {
		return false
	}
	r, i := x.r, n-1
	switch id[0] {
	case 'e':
		for j := range r.Events {
			if r.Events[j].ID == id {
				x.event(&r.Events[j])
				return true
			}
		}
	case 's':
		for j := range r.Statements {
			if r.Statements[j].ID == id {
				x.statement(&r.Statements[j])
				return true
			}
		}
	case 'm':
		if i < len(r.Mentions) {
			m := &r.Mentions[i]
			x.line("%s mention (%s) of %s: %s", id, m.Form, m.Entity, x.quote(m.Span))
			if m.Loaded {
				x.line("    the wording takes a side")
			}
			if strings.Contains(m.Rule, m.Entity) {
				x.line("    rule  %s", m.Rule)
			} else {
				x.rule(m.Rule)
			}
			x.entity(m.Entity)
			return true
		}
	case 't':
		if i < len(r.Times) {
			t := &r.Times[i]
			x.line("%s time %s %s (%s): %s", id, t.Kind, t.Value, t.Calendar, x.quote(t.Span))
			if t.Note != "" {
				x.line("    note  %s", t.Note)
			}
			x.rule(t.Rule)
			return true
		}
	case 'n':
		if i < len(r.Numbers) {
			v := &r.Numbers[i]
			x.line("%s number %s to %s %s (%s): %s", id, bound(v.Min), bound(v.Max), v.Unit, v.Hedge, x.quote(v.Span))
			x.rule(v.Rule)
			return true
		}
	case 'l':
		if i < len(r.Loaded) {
			l := &r.Loaded[i]
			x.line("%s loaded wording for %s: %s", id, l.Entity, x.quote(l.Span))
			x.rule(l.Rule)
			return true
		}
	case 'd':
		if i < len(r.Dropped) {
			d := &r.Dropped[i]
			x.line("%s not read, %s: %s", id, d.Reason, x.quote(d.Span))
			return true
		}
	case 'w':
		if i < len(r.Words.Sentences) {
			x.line("%s sentence: %s", id, x.quote(r.Words.Sentences[i].Span))
			x.sentence(i)
			return true
		}
	}
	return false
}

func bound(v *int64) string {
	if v == nil {
		return ".."
	}
	return fmt.Sprint(*v)
}

func (x *explainer) event(e *report.Event) {
	kind := e.Type
	if e.Mode != "" {
		kind += "/" + e.Mode
	}
	x.line("%s %s, %s: %s", e.ID, kind, e.Status, x.quote(e.Trigger))
	x.rule(e.Rule)
	for _, w := range e.Why {
		x.line("    why   %s", w)
	}
	for _, a := range e.Actor {
		x.ref("actor", a)
	}
	for _, a := range e.Recipient {
		x.ref("recipient", a)
	}
	if e.Place != nil {
		x.ref("place", *e.Place)
	}
	x.date(e.Date)
	for _, c := range []struct {
		label string
		n     int
	}{{"killed", e.Killed}, {"wounded", e.Wounded}, {"count", e.Count}} {
		if c.n >= 0 && c.n < len(x.r.Numbers) {
			x.line("    %s: number n%d %s", c.label, c.n+1, x.quote(x.r.Numbers[c.n].Span))
		}
	}
	if !e.Weapon.Empty() {
		x.line("    weapon %s", x.quote(e.Weapon))
	}
	if e.SaidBy != "" {
		x.line("    rests on statement %s", e.SaidBy)
	} else {
		x.line("    rests on no statement: the report says it in its own voice")
	}
	x.around(e.Trigger)
}

func (x *explainer) statement(s *report.Statement) {
	x.line("%s statement (%s), cue %s", s.ID, s.Act, x.quote(s.Cue))
	x.rule(s.Rule)
	for _, c := range s.Content {
		x.line("    content %s", x.quote(c))
	}
	x.ref("speaker", s.Speaker)
	for _, v := range s.Via {
		x.ref("via", v)
	}
	if s.Addressee != nil {
		x.ref("addressee", *s.Addressee)
	}
	x.date(s.Date)
	for i := range x.r.Events {
		if x.r.Events[i].SaidBy == s.ID {
			x.line("    event %s rests on it", x.r.Events[i].ID)
		}
	}
	x.around(s.Cue)
}

func (x *explainer) entity(id string) {
	e := x.r.Entity(id)
	if e == nil {
		return
	}
	known := "met only in this report"
	if e.Known {
		known = "in the lexicon"
	}
	x.line("    entity %s %s \u2068%s\u2069, %s", e.ID, e.Type, e.Name, known)
	if e.Known {
		x.entry(e.ID)
	}
}

// around writes the sentence that a span stands in, word by word.
func (x *explainer) around(s span.Span) {
	if s.Empty() {
		return
	}
	for i, z := range x.r.Words.Sentences {
		if z.Span.Overlaps(s) {
			x.line("    sentence w%d, word by word:", i+1)
			x.sentence(i)
			return
		}
	}
}

var tenses = map[word.Tense]string{word.NoTense: "verb", word.Past: "past", word.Imperfect: "imperfect", word.Present: "present", word.Subjunctive: "subjunctive",
	word.Imperative: "imperative", word.Perfect: "perfect", word.Pluperfect: "pluperfect", word.PastSubj: "past subjunctive", word.Future: "future",
	word.Participle: "participle", word.Infinitive: "infinitive"}

func (x *explainer) sentence(i int) {
	for _, w := range x.r.Words.Of(i) {
		var more []string
		if w.Lemma != "" && w.Lemma != w.Form {
			more = append(more, "lemma \u2068"+w.Lemma+"\u2069")
		}
		if w.Ezafe {
			more = append(more, "ezafe")
		}
		if w.Plural {
			more = append(more, "plural")
		}
		if v := w.Verb; v != nil {
			more = append(more, tenses[v.Tense])
			if v.Negative {
				more = append(more, "negative")
			}
			if v.Passive {
				more = append(more, "passive")
			}
			if v.Aux {
				more = append(more, "auxiliary")
			}
		}
		x.line("%s", strings.TrimRight(fmt.Sprintf("      %-6s \u2068%s\u2069  %s", w.Tag, w.Form, strings.Join(more, ", ")), " "))
	}
}

// list writes a line for each finding.
func (x *explainer) list() { x.overlapping(span.Span{Start: 0, End: len(x.r.Text)}) }

// words lists what was read from some words, wherever they stand.
func (x *explainer) words(s string) bool {
	found := false
	for from := 0; s != ""; {
		i := strings.Index(x.r.Text[from:], s)
		if i < 0 {
			break
		}
		at := span.Span{Start: from + i, End: from + i + len(s)}
		x.line("%s", x.quote(at))
		x.overlapping(at)
		found, from = true, at.End
	}
	return found
}

func (x *explainer) overlapping(s span.Span) {
	r := x.r
	show := func(at span.Span, id string, format string, args ...any) {
		if at.Overlaps(s) {
			x.line("  %-4s %s  %s", id, fmt.Sprintf(format, args...), x.quote(at))
		}
	}
	for i, d := range r.Dropped {
		show(d.Span, fmt.Sprintf("d%d", i+1), "not read, %s", d.Reason)
	}
	for i, m := range r.Mentions {
		show(m.Span, fmt.Sprintf("m%d", i+1), "%s of %s, %s", m.Form, m.Entity, m.Rule)
	}
	for i, t := range r.Times {
		show(t.Span, fmt.Sprintf("t%d", i+1), "%s %s, %s", t.Kind, t.Value, t.Rule)
	}
	for i, n := range r.Numbers {
		show(n.Span, fmt.Sprintf("n%d", i+1), "%s to %s %s, %s", bound(n.Min), bound(n.Max), n.Unit, n.Rule)
	}
	for i, l := range r.Loaded {
		show(l.Span, fmt.Sprintf("l%d", i+1), "loaded wording for %s, %s", l.Entity, l.Rule)
	}
	for i := range r.Statements {
		st := &r.Statements[i]
		at := st.Cue
		for _, c := range st.Content {
			at = at.Join(c)
		}
		show(at, st.ID, "%s by %s, %s", st.Act, st.Speaker.Entity, st.Rule)
	}
	for i := range r.Events {
		e := &r.Events[i]
		show(e.Trigger, e.ID, "%s %s, %s", e.Type, e.Status, e.Rule)
	}
}
