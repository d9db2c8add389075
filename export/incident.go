package export

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/record"
)

// IncidentItem is one incident of a ledger, with the reports that tell of it.
type IncidentItem struct {
	*incident.Linked

	Grade   string // that a person gave, "" for none; Table has the suggested one
	GradeBy string // who

	// Items yields the reports of its members and of what is attached, each
	// once, in the order in which they should be named. They are read once.
	Items Items
}

// IncidentItems is a stream of incidents. An error in it ends an export.
type IncidentItems = iter.Seq2[*IncidentItem, error]

// The kinds of things of which a row is made of several reports.
const (
	Incidents = "incidents"
	Relays    = "relays"
)

// grade returns a person's grade, else the suggested one.
func (x *IncidentItem) grade() string { return cmp.Or(x.Grade, x.Table.Grade) }

// happened reports whether the incident is one that was done, as far as those
// who told it hold to it: what is only threatened, planned or denied has no
// member, and of one that is discounted its only origin took it back.
func (x *IncidentItem) happened() bool {
	return len(x.Incident.Members) > 0 && x.grade() != incident.Discounted
}

// article is what is kept of a report while an incident's row is made.
type article struct{ id, outlet, published, title, url string }

func (a article) String() string {
	var out []string
	for _, s := range [...]string{a.outlet, a.published, a.title, a.url} {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}

// longestArticles is how many reports a row names; the sidecar and jsonl name all.
const longestArticles = 40

// deed is a type and mode of act, as ACLED and UCDP ask for one.
type deed struct {
	typ, mode string
	rule      *acledRule // nil where ACLED counts no such act
}

// story is an incident with what its row needs of the reports: one of them is
// in memory at a time.
type story struct {
	*IncidentItem
	articles []article
	byID     map[string]article
	entities map[string]record.Entity // those that the table names, by name

	deeds  map[deed]int              // reports that tell it so
	by     map[string]map[string]int // by type of act: its actors, by name: how many reports
	to     map[string]map[string]int // its recipients
	places map[string]int            // names of places that acts were at
	party  map[string]bool           // names of speakers who take part in the act
	words  map[deed]*record.Event    // the first of each, for its words
	three  bool                      // a report tells of a body of the lexicon against civilians
}

func newStory(x *IncidentItem) (*story, error) {
	s := &story{IncidentItem: x, byID: map[string]article{}, entities: map[string]record.Entity{}, deeds: map[deed]int{}, by: map[string]map[string]int{},
		to: map[string]map[string]int{}, places: map[string]int{}, party: map[string]bool{}, words: map[deed]*record.Event{}}
	wanted := map[string]bool{x.Where.Name: true}
	for _, list := range x.Table.Values {
		for _, v := range list {
			wanted[v.Value] = true
			for _, say := range v.Sayings {
				wanted[say.Speaker] = true
				for _, via := range say.Via {
					wanted[via] = true
				}
			}
		}
	}
	for _, a := range x.Incident.Attached {
		wanted[a.By] = true
	}
	events := map[string]map[string]bool{}
	for _, m := range x.Incident.Members {
		if events[m.Report] == nil {
			events[m.Report] = map[string]bool{}
		}
		for _, e := range m.Events {
			events[m.Report][e] = true
		}
	}
	if x.Items == nil {
		return s, nil
	}
	err := each(x.Items, func(it *Item) error {
		v := newView(it)
		a := article{it.ID, v.outlet(), v.published(), cut(it.Title, longestTitle), it.URL}
		if len(a.url) > longestURL {
			a.url = ""
		}
		s.byID[it.ID] = a
		for i := range v.rec.Entities {
			e := v.rec.Entities[i]
			if o, there := s.entities[e.Name]; wanted[e.Name] && (!there || e.Known && !o.Known || e.Known == o.Known && e.Place != nil && o.Place == nil) {
				s.entities[e.Name] = e
			}
		}
		if own := events[it.ID]; own != nil {
			s.articles = append(s.articles, a)
			s.read(v, own)
		}
		return nil
	})
	return s, err
}

// read counts what a member's events tell of the act.
func (s *story) read(v *view, own map[string]bool) {
	seen := map[string]bool{} // a report counts once, however often it says it
	once := func(m map[string]int, key, name string) {
		if !seen[key+"\t"+name] {
			seen[key+"\t"+name] = true
			m[name]++
		}
	}
	for i := range v.rec.Events {
		e := &v.rec.Events[i]
		if !own[e.ID] || !happened(e) {
			continue
		}
		d := deed{e.Type, str(e.Mode), v.acledRule(e)}
		if s.by[d.typ] == nil {
			s.by[d.typ], s.to[d.typ] = map[string]int{}, map[string]int{}
		}
		if s.words[d] == nil {
			c := *e
			s.words[d] = &c
		}
		key := fmt.Sprint("deed", d)
		if !seen[key] {
			seen[key] = true
			s.deeds[d]++
		}
		for _, r := range e.Actor {
			if p := v.entities[r.Entity]; p != nil {
				once(s.by[d.typ], d.typ+" by", p.Name)
			}
		}
		for _, r := range e.Recipient {
			if p := v.entities[r.Entity]; p != nil && !v.isToll(r) {
				once(s.to[d.typ], d.typ+" to", p.Name)
			}
		}
		if e.Place != nil {
			if p := v.entities[e.Place.Entity]; p != nil {
				once(s.places, "at", p.Name)
			}
		}
		if st := v.said(e); st != nil && st.Speaker != nil && v.isParty(st, e) {
			if p := v.entities[*st.Speaker]; p != nil {
				s.party[p.Name] = true
			}
		}
		row := map[string]any{}
		v.gedSides(e, row)
		s.three = s.three || row["type_of_violence"] == 3
	}
}

// isToll says that those whom ref describes are only counted as dead, hurt or
// held («دو نفر از مهاجمان»): they are a toll, and may be of either side.
func (v *view) isToll(ref record.Ref) bool {
	if ref.Span == nil || !strings.HasPrefix(ref.Entity, "~") {
		return false
	}
	return slices.ContainsFunc(v.rec.Numbers, func(n record.Number) bool {
		return n.Start < ref.Span.End && ref.Span.Start < n.End && (n.Unit == "killed" || n.Unit == "wounded" || n.Unit == "detained")
	})
}

// deed returns the act that most reports tell of, of those that pass; ok is
// false where none does.
func (s *story) deed(pass func(deed) bool) (deed, bool) {
	var list []deed
	for d := range s.deeds {
		if pass(d) {
			list = append(list, d)
		}
	}
	if len(list) == 0 {
		return deed{}, false
	}
	return slices.MinFunc(list, func(a, b deed) int {
		return cmp.Or(s.deeds[b]-s.deeds[a], boolCmp(b.mode != "", a.mode != ""), cmp.Compare(a.typ, b.typ), cmp.Compare(a.mode, b.mode), a.rule.compare(b.rule))
	}), true
}

// compare puts rules in a fixed order, those that there are first.
func (r *acledRule) compare(o *acledRule) int {
	switch {
	case r == o:
		return 0
	case r == nil:
		return 1
	case o == nil:
		return -1
	}
	return cmp.Or(cmp.Compare(r.event, o.event), cmp.Compare(r.sub, o.sub))
}

func boolCmp(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// name returns the English name of what the reports call so, where it is known.
func (s *story) name(n string) string {
	if e := s.entities[n]; e.NameEn != "" {
		return e.NameEn
	}
	return n
}

// denial is how the values begin by which a table says that somebody denies a
// thing.
const denial = "not "

// values returns what is told of a field, the value of most origins first;
// denials and tolls that their origin raised later are left out.
func (s *story) values(field, of string) []incident.Value {
	var out []incident.Value
	for _, v := range s.Table.Values[field] {
		if v.Of == of && !v.Replaced && !strings.HasPrefix(v.Value, denial) {
			out = append(out, v)
		}
	}
	return out
}

// rivals returns the sides of a contradiction on a field, none where there is
// none.
func (s *story) rivals(fields ...string) []incident.Value {
	for _, c := range s.Table.Contradictions {
		if slices.Contains(fields, c.Field) && len(c.Sides) > 1 {
			return c.Sides
		}
	}
	return nil
}

// settled returns the value of a list that a row may hold alone: where
// accounts contradict each other, the side of more independent origins than
// any other has, and nothing where two sides have as many. A row that picks one
// of two equal sides would decide what nobody knows.
func settled(list, rivals []incident.Value) *incident.Value {
	if len(rivals) > 1 {
		sides := slices.Clone(rivals)
		slices.SortStableFunc(sides, func(a, b incident.Value) int { return b.Origins - a.Origins })
		if sides[0].Origins == sides[1].Origins || strings.HasPrefix(sides[0].Value, denial) {
			return nil
		}
		return &sides[0]
	}
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

// toll returns an incident's figures of a field. Where an account leaves a
// bound open («at least 20», «up to 30») and no other gives one beyond it, the
// incident's is open too: see figure.
func (s *story) toll(field, of string) figure {
	for _, r := range s.Table.Ranges {
		if r.Field != field || r.Of != of {
			continue
		}
		f := figure{}
		open := false
		for _, v := range s.values(field, of) {
			if v.Low != nil && *v.Low == r.Low {
				f.low = &r.Low
			}
			if v.Low != nil && *v.Low == r.Best {
				f.best = &r.Best
			}
			if v.High != nil && *v.High == r.High {
				f.high = &r.High
			}
			open = open || v.High == nil && v.Low != nil && *v.Low >= r.High
		}
		if open {
			f.high = nil
		}
		return f
	}
	return figure{}
}

// dead returns the dead of all sides, as UCDP counts: those who did it among
// them, whom reports count apart («سه سرباز و دو مهاجم کشته شدند»).
func (s *story) dead() figure {
	f, own := s.toll(incident.Killed, ""), s.toll(incident.Killed, attackers)
	if own == (figure{}) {
		return f
	}
	if f == (figure{}) {
		return own
	}
	return figure{sum(f.best, own.best), sum(f.low, own.low), sum(f.high, own.high)}
}

// attackers is how a table names the side that did it, of tolls.
const attackers = "attackers"

func sum(a, b *int64) *int64 {
	if a == nil || b == nil {
		return nil
	}
	n := *a + *b
	return &n
}

// days returns the earliest and the latest day that the accounts leave
// possible, in the form of a record's date, "" where none names a day: the day of most
// origins, and from the first to the last where accounts contradict each other.
func (s *story) days() string {
	hull := func(list []incident.Value) string {
		var first, last string
		for _, v := range list {
			d, ok := record.DaysOf(v.Value)
			if !ok || d.Last.IsZero() {
				continue
			}
			f, l := d.First.Format(isoDay), d.Last.Format(isoDay)
			if first == "" || f < first {
				first = f
			}
			if last == "" || l > last {
				last = l
			}
		}
		if first == last {
			return first
		}
		return first + "/" + last
	}
	if sides := s.rivals(incident.Date); len(sides) > 1 {
		return hull(sides)
	}
	list := s.values(incident.Date, "")
	return hull(list[:min(1, len(list))])
}

// place returns the name of the place, "" where none is told or accounts
// contradict each other: the one that linking found, where it has coordinates.
// Else, of those that are told, one that a reading takes for the act's own place
// before others; of these, among those that half as many origins name as any,
// one with coordinates («بازار بعقوبه» has none and lies in «بعقوبه», which
// has), a town before a province, the one of most origins.
func (s *story) place() string {
	rivals := s.rivals(incident.Place)
	if s.Where.Name != "" && rivals == nil && s.entities[s.Where.Name].Place != nil {
		return s.Where.Name
	}
	in := func(name, town string) bool { return name == town || strings.HasSuffix(name, " "+town) }
	own := func(v incident.Value) int {
		n := 0
		for name, votes := range s.places {
			if in(name, v.Value) {
				n += votes
			}
		}
		return n
	}
	area := func(v incident.Value) bool { return v.Precision == "area" }
	mapped := func(v incident.Value) bool { return s.entities[v.Value].Place != nil }
	list := s.values(incident.Place, "")
	most := 0
	for _, v := range list {
		if own(v) > 0 {
			most = max(most, v.Origins)
		}
	}
	common := func(v incident.Value) bool { // who names its market names the town
		n := 0
		for _, o := range list {
			if in(o.Value, v.Value) {
				n += o.Origins
			}
		}
		return n*2 >= most
	}
	slices.SortStableFunc(list, func(a, b incident.Value) int {
		return cmp.Or(boolCmp(own(b) > 0, own(a) > 0), boolCmp(common(b), common(a)), boolCmp(mapped(b), mapped(a)), boolCmp(area(a), area(b)), b.Origins-a.Origins, own(b)-own(a))
	})
	if v := settled(list, rivals); v != nil {
		return v.Value
	}
	return ""
}

// sides returns the name of the actor and of the recipient of an act, as most
// origins have them. One that a single origin of three or more names is
// none: the others would have said so. Where accounts contradict each other on
// who did it there is no actor, save where one side has more origins.
func (s *story) sides(d deed) (by, to []string) {
	order := func(field string, votes map[string]int) []string {
		list := s.values(field, "")
		slices.SortStableFunc(list, func(a, b incident.Value) int {
			x, y := s.entities[a.Value], s.entities[b.Value]
			return cmp.Or(b.Origins-a.Origins, boolCmp(y.Known, x.Known), votes[b.Value]-votes[a.Value], boolCmp(strings.HasPrefix(x.ID, "~"), strings.HasPrefix(y.ID, "~")))
		})
		for _, v := range list {
			if votes[v.Value] > 0 && (v.Origins > 1 || s.origins() < 3) {
				return []string{v.Value}
			}
		}
		return nil
	}
	by, to = order(incident.Actor, s.by[d.typ]), order(incident.Recipient, s.to[d.typ])
	if sides := s.rivals(incident.Actor, incident.Responsibility); sides != nil {
		v := settled(nil, sides)
		if v == nil {
			return nil, to
		}
		by = []string{v.Value}
	}
	return by, to
}

// country returns where the incident was, where its place does not tell: the
// one that most origins have; nil where that is unknown or contradicted.
func (s *story) country() *country {
	if s.rivals(incident.Place) != nil {
		return nil
	}
	return world().byCode[s.Where.Country]
}

// view makes a report of the incident: an event with the settled values, so
// that its columns follow the rules of an event's.
func (s *story) view(d deed) (*view, *record.Event) {
	rec := &record.Record{}
	have := map[string]bool{}
	ref := func(name string) record.Ref {
		e, ok := s.entities[name]
		if !ok {
			e = record.Entity{ID: "~" + name, Name: name}
		}
		if !have[e.ID] {
			have[e.ID] = true
			rec.Entities = append(rec.Entities, e)
		}
		return record.Ref{Entity: e.ID, Span: &record.Quote{Text: name}}
	}
	e := &record.Event{ID: s.Incident.ID, Type: d.typ, Mode: opt(d.mode), Status: "happened"}
	by, to := s.sides(d)
	for _, n := range by {
		e.Actor = append(e.Actor, ref(n))
	}
	for _, n := range to {
		e.Recipient = append(e.Recipient, ref(n))
	}
	if p := s.place(); p != "" {
		r := ref(p)
		e.Place = &r
	}
	if v := s.days(); v != "" {
		e.Date = &record.DateRef{Value: v}
	}
	if f := s.dead(); f != (figure{}) {
		rec.Numbers = append(rec.Numbers, record.Number{Min: f.best, Max: cmp.Or(f.high, f.best), Unit: "killed"})
		n := 0
		e.Killed = &n
	}
	if w := s.words[d]; w != nil {
		e.Trigger = w.Trigger
	}
	rec.Events = []record.Event{*e}
	return newView(&Item{ID: s.Incident.ID, Record: rec}), e
}

// civilians says that the dead of all accounts that tell it were civilians.
func (s *story) civilians() bool {
	for _, c := range s.Table.Contradictions {
		if c.Field == incident.Recipient {
			return false
		}
	}
	yes := false
	for _, v := range s.values(incident.Recipient, "") {
		switch v.Value {
		case "civilians":
			yes = true
		case "fighters":
			return false
		}
	}
	return yes
}

// origins is the number of independent origins, one at least.
func (s *story) origins() int { return max(s.Table.Origins, 1) }

// speakers returns on whose word it is told that the act happened, and
// whether a report tells so in its own voice.
func (s *story) speakers() (who []string, own bool) {
	seen := map[string]bool{}
	for _, v := range s.values(incident.Status, "") {
		if v.Value != "happened" {
			continue
		}
		for _, say := range v.Sayings {
			if say.Speaker == "" {
				own = true
			} else if !seen[say.Speaker] {
				seen[say.Speaker] = true
				who = append(who, say.Speaker)
			}
		}
	}
	return who, own || len(who) == 0
}

// list puts together what the reports have, in their order: one entry a
// report, so that the lists of a row go side by side.
func (s *story) list(of func(article) string) string {
	var out []string
	for i, a := range s.articles {
		if i == longestArticles {
			out = append(out, "and "+counted(len(s.articles)-i, "more report"))
			break
		}
		out = append(out, of(a))
	}
	return strings.Join(out, "; ")
}

// outlets returns the names of those who published it, each once.
func (s *story) outlets() []string {
	var out []string
	seen := map[string]bool{}
	for _, a := range s.articles {
		if a.outlet != "" && !seen[a.outlet] {
			seen[a.outlet] = true
			out = append(out, a.outlet)
		}
	}
	return out
}
