package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// annoContext is the JSON-LD context of the W3C Web Annotation Data Model. No
// term beyond it is used: what it has no word for stands as JSON in a textual
// body, where no JSON-LD processor drops it.
const annoContext = "http://www.w3.org/ns/anno.jsonld"

// annoUnit states how offsets count.
const annoUnit = "Unicode code points of the text from 0, end excluded"

var webAnnotation = Format{Name: "webannotation", Extension: ".jsonld", About: "W3C Web Annotations, JSON-LD: every finding on its words", write: writeWebAnnotation}

// writeWebAnnotation writes one AnnotationCollection (W3C Web Annotation Data
// Model) with one page, one annotation a line. The page's size and the ids of
// collection and page, a hash of the annotations, come at the end, since they
// are known only then.
//
// Each report opens with an annotation that carries its text (describing); all
// selectors point into that text, urn:sanad:report:ID, never into the page at
// its URL, whose text is another: that is the scope, said once. Each finding is
// then one annotation:
//
//	mention             identifying, with the entity as source, and its GeoNames page
//	event               classifying; target: the trigger; a claim is tagged and linked to its statement
//	statement           describing; targets: each part of its content
//	time, number        describing
//	loaded              tagging
//	argument of one     linking, with the words of the argument as target and a tag for its role: actor, via …
//
// The finding itself, in the form of the record, is a body in JSON. Offsets
// count Unicode code points in logical order, as the model asks of both text
// selectors; browsers' strings count UTF-16 units. Prefix and suffix are so
// long that the quote is unique in the text, up to annoLongest.
//
// Who made it is never left open. What the machine found and nobody judged has
// one creator of type Software. A person's acceptance is an annotation of its
// own (assessing) on that one. A corrected finding has the person and the
// software as creators, and a body for each judged field with both values. What
// a person added has the person alone. A rejected finding is gone; a person's
// annotation (assessing, "rejected") marks its place. Remarks are commenting.
func writeWebAnnotation(w io.Writer, items Items, _ Options) error {
	a := &annotator{w: w, sum: sha256.New()}
	if _, err := fmt.Fprintf(w, "{\"@context\":%q,\"type\":\"AnnotationCollection\",\"label\":%q,\"generator\":%s", annoContext,
		"Findings of Sanad; offsets count "+annoUnit, `{"id":"https://github.com/sanad-project/sanad","type":"Software","name":"Sanad"}`); err != nil {
		return err
	}
	if err := each(items, a.report); err != nil {
		return err
	}
	id := "urn:sanad:annotations:" + hex.EncodeToString(a.sum.Sum(nil))
	if a.n == 0 { // a page has to have an item, so there is no page
		_, err := fmt.Fprintf(w, ",\"id\":%q,\"total\":0}\n", id)
		return err
	}
	_, err := fmt.Fprintf(w, "\n],\"id\":%q,\"partOf\":%q},\"last\":%q,\"id\":%q,\"total\":%d}\n", id+":page", id, id+":page", id, a.n)
	return err
}

type annotator struct {
	w   io.Writer
	sum interface {
		io.Writer
		Sum([]byte) []byte
	}
	n   int
	buf bytes.Buffer
}

func (a *annotator) put(x *annotation) error {
	a.buf.Reset()
	if a.n == 0 {
		a.buf.WriteString(",\"first\":{\"type\":\"AnnotationPage\",\"startIndex\":0,\"items\":[\n")
	} else {
		a.buf.WriteString(",\n")
	}
	at := a.buf.Len()
	if err := lines(&a.buf).Encode(x); err != nil {
		return err
	}
	a.sum.Write(a.buf.Bytes()[at:])
	a.n++
	_, err := a.w.Write(bytes.TrimSuffix(a.buf.Bytes(), []byte("\n")))
	return err
}

type annotation struct {
	ID         string  `json:"id"`
	Type       string  `json:"type"`
	Motivation string  `json:"motivation"`
	Creator    any     `json:"creator"` // agent or []agent
	Created    string  `json:"created,omitempty"`
	Modified   string  `json:"modified,omitempty"`
	Body       []any   `json:"body"`
	Target     any     `json:"target"`
	agents     []agent `json:"-"`
}

type agent struct {
	ID   string `json:"id"`
	Type string `json:"type"` // Software or Person
	Name string `json:"name"`
}

type textualBody struct {
	Type      string `json:"type"`
	Purpose   string `json:"purpose,omitempty"`
	Value     string `json:"value"`
	Format    string `json:"format,omitempty"`
	Language  string `json:"language,omitempty"`
	Direction string `json:"textDirection,omitempty"`
	Creator   *agent `json:"creator,omitempty"`
	Created   string `json:"created,omitempty"`
}

type specific struct {
	Type     string     `json:"type"`
	Purpose  string     `json:"purpose,omitempty"`
	Source   string     `json:"source"`
	Scope    string     `json:"scope,omitempty"`
	Selector []selector `json:"selector,omitempty"`
}

type selector struct {
	Type   string  `json:"type"`
	Start  *int    `json:"start,omitempty"`
	End    *int    `json:"end,omitempty"`
	Exact  *string `json:"exact,omitempty"`
	Prefix *string `json:"prefix,omitempty"`
	Suffix *string `json:"suffix,omitempty"`
}

func tag(value string) textualBody {
	return textualBody{Type: "TextualBody", Purpose: "tagging", Value: value}
}

// annotated is one report on its way out.
type annotated struct {
	*annotator
	*view
	quotes *quoter
	seen   verdicts
	base   string            // urn:sanad:report:ID
	ids    map[string]int    // how often an id was given, so that none is given twice
	saying map[string]string // statement → its annotation
	soft   agent
}

func (a *annotator) report(it *Item) error {
	v := newView(it)
	r := &annotated{annotator: a, view: v, quotes: newQuoter(it.Record.Document.Text), seen: newVerdicts(it.Review),
		base: "urn:sanad:report:" + url.PathEscape(it.ID), ids: map[string]int{}, saying: map[string]string{}, soft: software(it)}
	for _, step := range [...]func() error{r.text, r.mentions, r.times, r.numbers, r.loaded, r.statements, r.events, r.decided} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// software is the reader as an agent. Its id names version and lexicon, since
// another of either reads otherwise.
func software(it *Item) agent {
	id := "https://github.com/sanad-project/sanad"
	q := url.Values{}
	name := "Sanad"
	if it.Reader != "" {
		q.Set("version", it.Reader)
		name += " " + it.Reader
	}
	if it.Lexicon != "" {
		q.Set("lexicon", it.Lexicon)
	}
	if len(q) > 0 {
		id += "?" + q.Encode()
	}
	return agent{ID: id, Type: "Software", Name: name}
}

func person(author string) agent {
	return agent{ID: "urn:sanad:person:" + url.PathEscape(author), Type: "Person", Name: author}
}

// id makes a name for an annotation from the words it stands on, which a new
// reading does not change, and not from the numbering of this one.
func (r *annotated) id(parts ...string) string {
	s := r.base + ":" + strings.Join(parts, ":")
	r.ids[s]++
	if n := r.ids[s]; n > 1 {
		s += ":" + strconv.Itoa(n)
	}
	return s
}

func (r *annotated) entityIRI(id string) string {
	if x := r.entities[id]; x != nil && (x.Known || strings.Contains(id, "/")) {
		return "urn:sanad:entity:" + url.PathEscape(id)
	}
	return r.base + ":entity:" + url.PathEscape(id)
}

// target selects a span of the report's text by position and by quotation.
func (r *annotated) target(start, end int) specific {
	exact, prefix, suffix := r.quotes.at(start, end)
	return specific{Type: "SpecificResource", Source: r.base, Selector: []selector{
		{Type: "TextPositionSelector", Start: &start, End: &end},
		{Type: "TextQuoteSelector", Exact: &exact, Prefix: &prefix, Suffix: &suffix},
	}}
}

// finding makes the annotation of one finding, with those as creators who made
// it, and the finding itself as JSON.
func (r *annotated) finding(id, motivation string, judged *review.Finding, value any, bodies ...any) (*annotation, error) {
	text, err := compact(value)
	if err != nil {
		return nil, err
	}
	x := &annotation{ID: id, Type: "Annotation", Motivation: motivation, Body: bodies}
	x.Body = append(x.Body, textualBody{Type: "TextualBody", Purpose: "describing", Value: text, Format: "application/json"})
	x.agents = []agent{r.soft}
	if judged == nil {
		x.Creator = r.soft
		return x, nil
	}
	switch judged.Verdict {
	case review.Added:
		x.agents = people(judged.By, review.Add, review.Correct)
	case review.Corrected:
		x.agents = append(people(judged.By, review.Correct, review.Add), r.soft)
	}
	if len(x.agents) == 0 { // added, and nobody says by whom: not the software
		x.agents = []agent{person("unknown")}
	}
	x.Creator = x.agents
	if len(x.agents) == 1 {
		x.Creator = x.agents[0]
	}
	if n := len(judged.By); n > 0 && judged.Verdict != review.Accepted {
		if judged.Verdict == review.Added {
			x.Created = stamp(judged.By[0].At)
		} else {
			x.Modified = stamp(judged.By[n-1].At)
		}
	}
	for _, f := range judged.Fields {
		purpose, who := "assessing", &agent{}
		if *who = person(f.By.Author); f.By.Author == "" {
			who = nil
		}
		if f.By.Action != review.Accept {
			purpose = "editing"
		}
		text, err := compact(struct {
			Field   string          `json:"field"`
			Machine json.RawMessage `json:"machine"`
			Human   json.RawMessage `json:"human"`
		}{f.Name, rawValue(f.Machine), rawValue(f.Human)})
		if err != nil {
			return nil, err
		}
		x.Body = append(x.Body, textualBody{Type: "TextualBody", Purpose: purpose, Value: text, Format: "application/json", Creator: who, Created: stamp(f.By.At)})
	}
	return x, nil
}

// people returns who took those actions, each once.
func people(by []review.Decision, actions ...review.Action) []agent {
	var out []agent
	for _, d := range by {
		for _, a := range actions {
			p := person(d.Author)
			if d.Action != a {
				continue
			}
			known := false
			for _, o := range out {
				known = known || o == p
			}
			if !known {
				out = append(out, p)
			}
		}
	}
	return out
}

// publish writes a finding, and what people said of it.
func (r *annotated) publish(x *annotation, judged *review.Finding) error {
	if err := r.put(x); err != nil || judged == nil {
		return err
	}
	for _, d := range judged.By {
		if d.Action != review.Accept || d.Field != "" {
			continue
		}
		if err := r.put(&annotation{ID: x.ID + ":accepted:" + strconv.FormatInt(d.Seq, 10), Type: "Annotation", Motivation: "assessing",
			Creator: person(d.Author), Created: stamp(d.At), Body: []any{tag("accepted")}, Target: x.ID}); err != nil {
			return err
		}
	}
	return nil
}

// link ties the words of an argument to the finding that they belong to.
func (r *annotated) link(of *annotation, judged *review.Finding, field, role, entity string, q *record.Quote) error {
	if q == nil {
		return nil
	}
	x := &annotation{ID: r.id("link", place(q.Start, q.End), role, strings.TrimPrefix(of.ID, r.base+":")), Type: "Annotation",
		Motivation: "linking", Creator: r.soft, Target: r.target(q.Start, q.End)}
	if judged != nil {
		if judged.Verdict == review.Added {
			x.Creator = of.Creator
		}
		for _, f := range judged.Fields {
			if f.Name == field && f.By.Action != review.Accept && f.By.Author != "" {
				x.Creator, x.Created = person(f.By.Author), stamp(f.By.At)
			}
		}
	}
	x.Body = []any{specific{Type: "SpecificResource", Purpose: "linking", Source: of.ID}, tag(role)}
	if entity != "" {
		x.Body = append(x.Body, specific{Type: "SpecificResource", Purpose: "identifying", Source: r.entityIRI(entity)})
	}
	return r.put(x)
}

// text carries the report itself, so that a file can be resolved alone.
func (r *annotated) text() error {
	d := r.rec.Document
	meta, err := compact(struct {
		Title     string  `json:"title"`
		Outlet    *string `json:"outlet"`
		Published *string `json:"published"`
		URL       *string `json:"url"`
		Author    *string `json:"author"`
		SHA256    string  `json:"sha256"`
		Offsets   string  `json:"offsets"`
	}{r.Title, outletName(r.view), d.Published, opt(r.URL), opt(r.Author), d.SHA256, annoUnit})
	if err != nil {
		return err
	}
	return r.put(&annotation{ID: r.id("text"), Type: "Annotation", Motivation: "describing", Creator: r.soft, Body: []any{
		textualBody{Type: "TextualBody", Purpose: "describing", Value: d.Text, Format: "text/plain", Language: "fa", Direction: "rtl"},
		textualBody{Type: "TextualBody", Purpose: "describing", Value: meta, Format: "application/json"},
	}, Target: specific{Type: "SpecificResource", Source: r.base, Scope: webAddress(r.URL)}})
}

func (r *annotated) mentions() error {
	for i := range r.rec.Mentions {
		m := &r.rec.Mentions[i]
		bodies := []any{specific{Type: "SpecificResource", Purpose: "identifying", Source: r.entityIRI(m.Entity)}, tag("mention"), tag("form:" + m.Form)}
		if e := r.entities[m.Entity]; e != nil {
			bodies = append(bodies, tag("entity:"+e.Type))
			if e.Known || m.Form == "name" {
				bodies = append(bodies, textualBody{Type: "TextualBody", Purpose: "describing", Value: e.Name, Language: "fa", Direction: "rtl"})
			}
			if e.NameEn != "" {
				bodies = append(bodies, textualBody{Type: "TextualBody", Purpose: "describing", Value: e.NameEn, Language: "en", Direction: "ltr"})
			}
			if g := geo(e); g != nil && g.GeoNames != 0 {
				bodies = append(bodies, specific{Type: "SpecificResource", Purpose: "identifying", Source: "https://sws.geonames.org/" + strconv.Itoa(g.GeoNames) + "/"})
			}
		}
		if m.Loaded {
			bodies = append(bodies, tag("loaded"))
		}
		if err := r.span("mention", review.Mention, "identifying", m.Quote, m, bodies...); err != nil {
			return err
		}
	}
	return nil
}

func (r *annotated) times() error {
	for i := range r.rec.Times {
		t := &r.rec.Times[i]
		if err := r.span("time", review.Time, "describing", t.Quote, t, tag("time"), tag("time:"+t.Type), tag(t.Value)); err != nil {
			return err
		}
	}
	return nil
}

func (r *annotated) numbers() error {
	for i := range r.rec.Numbers {
		n := &r.rec.Numbers[i]
		if err := r.span("number", review.Number, "describing", n.Quote, n, tag("number"), tag("unit:"+n.Unit), tag("hedge:"+n.Hedge)); err != nil {
			return err
		}
	}
	return nil
}

func (r *annotated) loaded() error {
	for i := range r.rec.Loaded {
		l := &r.rec.Loaded[i]
		bodies := []any{tag("loaded")}
		if l.Entity != nil {
			bodies = append(bodies, specific{Type: "SpecificResource", Purpose: "identifying", Source: r.entityIRI(*l.Entity)})
		}
		if err := r.span("loaded", review.Loaded, "tagging", l.Quote, l, bodies...); err != nil {
			return err
		}
	}
	return nil
}

// span writes a finding that is one stretch of text.
func (r *annotated) span(kind string, k review.Kind, motivation string, q record.Quote, value any, bodies ...any) error {
	judged := r.seen.at(k, q)
	x, err := r.finding(r.id(kind, place(q.Start, q.End)), motivation, judged, value, bodies...)
	if err != nil {
		return err
	}
	x.Target = r.target(q.Start, q.End)
	return r.publish(x, judged)
}

func (r *annotated) statements() error {
	for i := range r.rec.Statements {
		s := &r.rec.Statements[i]
		if len(s.Content) == 0 {
			continue
		}
		judged := r.seen.of(review.Statement, s.ID)
		start, end := s.Content[0].Start, s.Content[0].End
		if s.Cue != nil {
			start, end = s.Cue.Start, s.Cue.End
		}
		bodies := []any{tag("statement"), tag("act:" + s.Act)}
		if s.Quoted {
			bodies = append(bodies, tag("quoted"))
		}
		x, err := r.finding(r.id("statement", place(start, end)), "describing", judged, s, bodies...)
		if err != nil {
			return err
		}
		r.saying[s.ID] = x.ID
		targets := []specific{}
		for _, c := range s.Content {
			targets = append(targets, r.target(c.Start, c.End))
		}
		x.Target = targets
		if len(targets) == 1 {
			x.Target = targets[0]
		}
		if err := r.publish(x, judged); err != nil {
			return err
		}
		links := linker{r: r, of: x, judged: judged}
		links.add("speaker", "speaker", str(s.Speaker), s.SpeakerSpan)
		links.add("cue", "cue", "", s.Cue)
		links.refs("via", s.Via)
		links.ref("addressee", s.Addressee)
		if s.Date != nil {
			links.add("date", "date", "", s.Date.Span)
		}
		if links.err != nil {
			return links.err
		}
	}
	return nil
}

func (r *annotated) events() error {
	for i := range r.rec.Events {
		e := &r.rec.Events[i]
		judged := r.seen.of(review.Event, e.ID)
		bodies := []any{tag("event"), tag("type:" + e.Type)}
		if e.Mode != nil {
			bodies = append(bodies, tag("mode:"+*e.Mode))
		}
		bodies = append(bodies, tag("status:"+e.Status))
		if e.SaidBy != nil {
			bodies = append(bodies, tag("claim"))
			if id := r.saying[*e.SaidBy]; id != "" {
				bodies = append(bodies, specific{Type: "SpecificResource", Purpose: "linking", Source: id})
			}
		}
		x, err := r.finding(r.id("event", place(e.Trigger.Start, e.Trigger.End)), "classifying", judged, e, bodies...)
		if err != nil {
			return err
		}
		x.Target = r.target(e.Trigger.Start, e.Trigger.End)
		if err := r.publish(x, judged); err != nil {
			return err
		}
		links := linker{r: r, of: x, judged: judged}
		links.refs("actor", e.Actor)
		links.refs("recipient", e.Recipient)
		links.ref("place", e.Place)
		if e.Date != nil {
			links.add("date", "date", "", e.Date.Span)
		}
		links.number("killed", e.Killed)
		links.number("wounded", e.Wounded)
		links.number("count", e.Count)
		links.add("weapon", "weapon", "", e.Weapon)
		if links.err != nil {
			return links.err
		}
	}
	return nil
}

// linker writes the arguments of one finding, and keeps the first error.
type linker struct {
	r      *annotated
	of     *annotation
	judged *review.Finding
	err    error
}

func (l *linker) add(field, role, entity string, q *record.Quote) {
	if l.err == nil {
		l.err = l.r.link(l.of, l.judged, field, role, entity, q)
	}
}

func (l *linker) ref(field string, ref *record.Ref) {
	if ref != nil {
		l.add(field, field, ref.Entity, ref.Span)
	}
}

func (l *linker) refs(field string, refs []record.Ref) {
	for i := range refs {
		l.ref(field, &refs[i])
	}
}

func (l *linker) number(field string, i *int) {
	if n := l.r.number(i); n != nil {
		l.add(field, field, "", &n.Quote)
	}
}

// decided writes what people said that stands on no finding in force: what
// they rejected, and their remarks.
func (r *annotated) decided() error {
	if r.Review == nil {
		return nil
	}
	n := len(r.quotes.bytes) - 1
	where := func(t review.Target) any {
		if t.Start >= 0 && t.Start < t.End && t.End <= n {
			return r.target(t.Start, t.End)
		}
		return specific{Type: "SpecificResource", Source: r.base}
	}
	for _, f := range r.Review.Findings {
		if f.Verdict != review.Rejected {
			continue
		}
		for _, d := range f.By {
			if d.Action != review.Reject {
				continue
			}
			text, err := compact(struct {
				Kind     review.Kind     `json:"kind"`
				Rejected json.RawMessage `json:"rejected"`
				Note     string          `json:"note,omitempty"`
			}{f.Target.Kind, rawValue(d.Was), d.Note})
			if err != nil {
				return err
			}
			if err := r.put(&annotation{ID: r.id("rejected", strconv.FormatInt(d.Seq, 10)), Type: "Annotation", Motivation: "assessing",
				Creator: person(d.Author), Created: stamp(d.At), Target: where(f.Target),
				Body: []any{tag("rejected"), textualBody{Type: "TextualBody", Purpose: "describing", Value: text, Format: "application/json"}}}); err != nil {
				return err
			}
		}
	}
	for _, d := range r.Review.Notes {
		if err := r.put(&annotation{ID: r.id("note", strconv.FormatInt(d.Seq, 10)), Type: "Annotation", Motivation: "commenting",
			Creator: person(d.Author), Created: stamp(d.At), Target: where(d.Target),
			Body: []any{textualBody{Type: "TextualBody", Purpose: "commenting", Value: d.Note}}}); err != nil {
			return err
		}
	}
	return nil
}
