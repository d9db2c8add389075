package incident

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/relay"
)

// The fields of a table.
const (
	Killed         = "killed"
	Wounded        = "wounded"
	Detained       = "detained"
	Actor          = "actor"
	Recipient      = "recipient"
	Place          = "place"
	Date           = "date"
	Weapon         = "weapon"
	Status         = "status"
	Responsibility = "responsibility"
)

// elsewise is who did it in the words of a report that denies what others say.
const elsewise = "not as others say"

var fields = []string{Killed, Wounded, Detained, Actor, Recipient, Place, Date, Weapon, Status, Responsibility}

// Saying is one place in which a report gives a value.
type Saying struct {
	Quote   Quote    `json:"quote"`
	Outlet  string   `json:"outlet"`
	Speaker string   `json:"speaker,omitempty"` // on whose word; "" on the outlet's own
	Via     []string `json:"via,omitempty"`     // from the publisher inwards, both ends left out
}

// Value is what some reports give for a field.
type Value struct {
	Value     string   `json:"value"`
	ID        string   `json:"id,omitempty"`        // of places, actors and recipients: the entity, "~…" for one that is only described
	Of        string   `json:"of,omitempty"`        // whose: "attackers" for the toll of those who did it
	Low       *int64   `json:"low,omitempty"`       // of numbers; nil where open
	High      *int64   `json:"high,omitempty"`      //
	Precision string   `json:"precision,omitempty"` // of places: town, spot, area; of dates: day, about
	Reports   []string `json:"reports"`
	Origins   int      `json:"origins"` // independent ones
	Sayings   []Saying `json:"sayings"`
	Replaced  bool     `json:"replaced,omitempty"` // an earlier toll, which the same origin raised later

	claims      []relay.Claim // who stands behind it; also those whose sayings are left out
	first, last time.Time
	spot        spot
	not         bool               // a denial
	class       bool               // what the dead were, not who
	group       bool               // an actor that the lexicon knows as an armed group or a movement
	early, late bool               // of days: told with «بامداد», with «شب»
	all         bool               // what all of the dead were, «همه قربانیان غیرنظامی بودند»
	whose       map[string]whose   // of tolls: of whom, by report
	also        map[string][]int64 // numbers of the field that its reports give besides, by report
}

// Range is a number as UCDP gives it. Low is the least that any origin gives,
// high the most; best is the value of most independent origins, of several the
// lowest, and one with both bounds before one that is open. Tolls that their own origin raised later play no part.
type Range struct {
	Field string `json:"field"`
	Of    string `json:"of,omitempty"`
	Low   int64  `json:"low"`
	Best  int64  `json:"best"`
	High  int64  `json:"high"`
}

// Contradiction is a field of which reports say what cannot both be true.
type Contradiction struct {
	Field string  `json:"field"`
	Of    string  `json:"of,omitempty"`
	Sides []Value `json:"sides"`
	Why   string  `json:"why"`
}

// Table is what the accounts of an incident say, field by field.
type Table struct {
	Incident       string             `json:"incident"`
	Values         map[string][]Value `json:"values"` // by field; the value of most origins first
	Ranges         []Range            `json:"ranges"`
	Contradictions []Contradiction    `json:"contradictions"`
	Origins        int                `json:"origins"` // independent origins of its members
	Grade          string             `json:"suggested_grade"`
	GradeReason    string             `json:"grade_reason"`
	Left           int                `json:"left,omitempty"` // members that the table leaves out: it is made of the earliest thousand
}

// builder makes the table of one incident.
type builder struct {
	data   *data
	in     *Incident
	docs   map[string]*doc
	claims map[string]relay.Claim // of members: on whose word they tell of it
	groups []relay.Group          // what Doc.Origin says
	t      Table

	negates map[*account][]rebuttal
	denials []Contradiction // of values that one report has and another one denies
}

func newBuilder(d *data, in *Incident) *builder {
	b := &builder{data: d, in: in, docs: map[string]*doc{}, claims: map[string]relay.Claim{}, negates: map[*account][]rebuttal{}, t: Table{Incident: in.ID, Values: map[string][]Value{}, Ranges: []Range{}, Contradictions: []Contradiction{}}}
	for _, a := range b.accounts() {
		if b.docs[a.doc.ID] != nil {
			continue
		}
		b.docs[a.doc.ID] = a.doc
		if o := a.doc.Origin; o != "" {
			i := slices.IndexFunc(b.groups, func(g relay.Group) bool { return g.Origin == o })
			if i < 0 {
				b.groups, i = append(b.groups, relay.Group{Origin: o}), len(b.groups)
			}
			b.groups[i].Reports = append(b.groups[i].Reports, a.doc.ID)
		}
	}
	return b
}

func (b *builder) make() {
	var reports []string
	for i := range b.in.Members {
		m := &b.in.Members[i]
		if m.account == nil {
			continue
		}
		reports = append(reports, m.Report)
		c, _ := m.account.clearest()
		b.claims[m.Report] = b.claim(m.account, c.start)
		b.tolls(m.account)
		b.parties(m.account)
		b.where(m.account)
		b.when(m.account)
		b.weapons(m.account)
		b.victims(m.account)
	}
	b.responsibility()
	b.status()
	b.rebut()
	b.didNot()
	b.t.Origins = b.origins(reports)
	for f, list := range b.t.Values {
		for i := range list {
			slices.Sort(list[i].Reports)
			list[i].Origins = b.count(list[i].claims)
		}
		sort.SliceStable(list, func(i, j int) bool {
			return cmp.Or(list[j].Origins-list[i].Origins, len(list[j].Reports)-len(list[i].Reports), strings.Compare(list[i].Value, list[j].Value)) < 0
		})
		b.t.Values[f] = list
	}
	for _, f := range fields[:3] {
		b.replace(f)
		b.ranges(f)
	}
	b.contradict()
	b.grade()
}

// claim says who stands behind the words of an account at a place: the
// innermost statement that they stand in, or the report itself. A title is the
// report's own words for what its text has from somebody: there the first
// sentence of the text that tells of the act decides.
func (b *builder) claim(a *account, start int) relay.Claim {
	x := a.doc
	if first := x.sentences; x.titled() && len(first) > 0 && start < first[0].end {
		for _, s := range a.scenes {
			if i := slices.IndexFunc(s.acts, func(c act) bool { return c.real }); i >= 0 && !s.title {
				start = s.acts[i].start
				break
			}
		}
	}
	d := relay.Doc{ID: x.ID, Outlet: x.outlet(), Record: x.Record}
	if i := x.statement(start); i >= 0 {
		return relay.StatementClaim(&d, i)
	}
	return relay.Claim{Report: d.ID, Outlet: d.Outlet}
}

// count is how many independent origins claims rest on: two have one where
// they have one outlet, one author (Doc.Origin), or one primary source, a speaker
// or an outlet in their chains.
func (b *builder) count(claims []relay.Claim) int { return len(relay.Independent(claims, b.groups)) }

// origins is how many independent origins reports rest on, as members of the
// incident.
func (b *builder) origins(reports []string) int {
	var claims []relay.Claim
	for _, r := range reports {
		c, ok := b.claims[r]
		if !ok {
			c = b.plain(r)
		}
		claims = append(claims, c)
	}
	return b.count(claims)
}

// plain is the claim of a report that has it on nobody's word.
func (b *builder) plain(report string) relay.Claim {
	c := relay.Claim{Report: report}
	if x := b.docs[report]; x != nil {
		c.Outlet = x.outlet()
	}
	return c
}

// one says whether two reports have one author or one outlet.
func (b *builder) one(p, q string) bool {
	x, y := b.docs[p], b.docs[q]
	return x != nil && y != nil && (x.outlet() != "" && x.outlet() == y.outlet() || x.Origin != "" && x.Origin == y.Origin)
}

// put adds a saying to the value that it gives.
func (b *builder) put(field string, v Value, a *account, start, end int) {
	x := a.doc
	s, c := x.saying(start, end), b.claim(a, start)
	list := b.t.Values[field]
	for i := range list {
		if list[i].Of == v.Of && sameValue(list[i].Value, v.Value) {
			if !slices.Contains(list[i].Reports, x.ID) {
				list[i].Reports = append(list[i].Reports, x.ID)
			}
			if len(list[i].Sayings) < 50 {
				list[i].Sayings = append(list[i].Sayings, s)
			}
			list[i].claims = append(list[i].claims, c)
			list[i].early, list[i].all = list[i].early || v.early, list[i].all || v.all
			return
		}
	}
	v.Reports, v.Sayings, v.claims = []string{x.ID}, []Saying{s}, []relay.Claim{c}
	b.t.Values[field] = append(list, v)
}

// sameValue reports whether two values are one but for their spelling: «کلگان», «كلگان».
func sameValue(a, b string) bool {
	if a == b {
		return true
	}
	k := spell.Key(a)
	return k != "" && k == spell.Key(b)
}

// who notes what the people of a number were, where the words of the number say so.
func (b *builder) who(a *account, of whose, n record.Number) {
	if of.nation != "" && n.Min != nil && n.Max != nil && *n.Min == *n.Max {
		b.put(nation, Value{Value: of.nation}, a, n.Start, n.End)
		b.besides(nation, "", a.doc.ID, *n.Min, of.nation)
	}
	for _, class := range of.people {
		b.put(Recipient, Value{Value: class, class: true}, a, n.Start, n.End)
		if n.Min != nil && n.Max != nil && *n.Min == *n.Max {
			b.besides(Recipient, "", a.doc.ID, *n.Min, class)
		}
	}
}

// nation is a field while the table is made: the states of which those are who
// were struck and did not fight.
const nation = "nation"

// besides notes a number that a report gives for a field, or the sum of those
// it gives: «سه سرباز و دو غیرنظامی کشته شدند» is no rival of five dead.
func (b *builder) besides(field, of, report string, n int64, value ...string) {
	for i := range b.t.Values[field] {
		v := &b.t.Values[field][i]
		if len(value) > 0 && !slices.Contains(value, v.Value) {
			continue
		}
		if v.Of == of && slices.Contains(v.Reports, report) {
			if v.also == nil {
				v.also = map[string][]int64{}
			}
			v.also[report] = append(v.also[report], n)
		}
	}
}

// saying says on whose word a report has what stands between start and end.
func (x *doc) saying(start, end int) Saying {
	s := Saying{Quote: x.quote(start, end), Outlet: x.Outlet}
	if i := x.statement(start); i >= 0 {
		in := &x.Record.Statements[i]
		if in.Speaker != nil {
			s.Speaker = x.name(*in.Speaker)
		}
		for _, v := range in.Via {
			s.Via = append(s.Via, x.name(v.Entity))
		}
	}
	return s
}

// statement returns the innermost statement that a place stands in, -1 for
// none.
func (x *doc) statement(at int) int {
	in := -1
	for i := range x.Record.Statements {
		for _, c := range x.Record.Statements[i].Content {
			if c.Start <= at && at < c.End {
				in = i // the innermost opens last
			}
		}
	}
	return in
}

// tolls reads killed, wounded and detained. A report's number for a side is
// the one it gives most often, of several the first: the rest are parts or
// other people.
func (b *builder) tolls(a *account) {
	w, x := b.data, a.doc
	type toll struct {
		n     record.Number
		of    string
		cnt   int
		whose whose
	}
	best := map[string][]toll{}
	partial := false
	for _, s := range a.scenes {
		partial = partial || w.has("partial", s.tokens)
	}
	for _, s := range a.scenes {
		var before whose
		for _, n := range x.Record.Numbers {
			if n.Start < s.start || n.Start >= s.end {
				continue
			}
			field, of := x.toll(w, s, n)
			if field == "" && n.Unit == "people" && a.kind() == "abduction" && len(s.acts) > 0 && s.unreal == "" && !s.denied {
				b.who(a, x.of(w, s, n), n)
			}
			if field == "" {
				continue
			}
			who := x.of(w, s, n)
			if len(who.states) == 0 { // «دو تن از نظامیان قرقیز کشته و چهار تن مجروح شدند»
				who.states = before.states
			}
			before = who
			if (field == Killed || field == Detained) && of == "" {
				b.who(a, who, n)
			}
			if partial && n.Min != nil {
				n.Max = nil
			}
			list := best[field+"\t"+of]
			i := slices.IndexFunc(list, func(t toll) bool { return equal(t.n.Min, n.Min) && equal(t.n.Max, n.Max) })
			if i < 0 {
				list, i = append(list, toll{n: n, of: of, whose: who}), len(list)
			}
			list[i].cnt++
			list[i].whose = list[i].whose.with(who)
			best[field+"\t"+of] = list
		}
		for class, to := range map[string]string{"no-dead": Killed + "\t", "no-attackers-dead": Killed + "\tattackers", "no-held": Detained + "\t", "no-hurt": Wounded + "\t"} {
			if r := w.find(class, s.tokens); len(r) > 0 {
				zero := int64(0)
				q := x.quote(s.tokens[r[0][0]].start, s.tokens[r[0][1]-1].end)
				best[to] = append(best[to], toll{n: record.Number{Quote: record.Quote{Start: q.Start, End: q.End, Text: q.Text}, Min: &zero, Max: &zero}, cnt: 1, whose: w.unharmed(s.tokens[max(0, r[0][0]-4):r[0][1]])})
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(best)) {
		field, of, _ := strings.Cut(k, "\t")
		list := best[k]
		top := list[0]
		for _, t := range list[1:] {
			if t.cnt > top.cnt {
				top = t
			}
		}
		b.put(field, Value{Value: bounds(top.n.Min, top.n.Max), Of: of, Low: top.n.Min, High: top.n.Max}, a, top.n.Start, top.n.End)
		b.ofWhom(field, of, x.ID, top.whose, top.n)
		given := top.whose
		for _, t := range list { // «هفت نیروی سپاه کشته و دو پیشمرگه … جان باختند» gives one of each side
			if len(given.people) > 0 && len(t.whose.people) > 0 && !meet(given.people, t.whose.people) && !slices.Contains(t.whose.people, "civilians") && !slices.Contains(given.people, "civilians") {
				b.put(field, Value{Value: bounds(t.n.Min, t.n.Max), Of: of, Low: t.n.Min, High: t.n.Max}, a, t.n.Start, t.n.End)
				b.ofWhom(field, of, x.ID, t.whose, t.n)
				given.people = append(slices.Clone(given.people), t.whose.people...)
			}
		}
		sum := int64(0)
		for _, t := range list {
			if t.n.Min != nil {
				b.besides(field, of, x.ID, *t.n.Min)
				sum += *t.n.Min
			}
			if t.n.Max != nil {
				b.besides(field, of, x.ID, *t.n.Max)
			}
		}
		b.besides(field, of, x.ID, sum)
	}
}

// unharmed says of whom none was harmed: «به مرزبانان آسیبی نرسید».
func (w *data) unharmed(list []token) whose {
	var out whose
	for _, class := range peopleClasses {
		if w.has(class, list) {
			out.people = append(out.people, class)
		}
	}
	return out
}

// ofWhom keeps of whom a report's number for a field is.
func (b *builder) ofWhom(field, of, report string, who whose, n record.Number) {
	for i := range b.t.Values[field] {
		v := &b.t.Values[field][i]
		if v.Of == of && slices.Contains(v.Reports, report) && equal(v.Low, n.Min) && equal(v.High, n.Max) {
			if v.whose == nil {
				v.whose = map[string]whose{}
			}
			v.whose[report] = who
		}
	}
}

func equal(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func bounds(low, high *int64) string {
	switch {
	case low != nil && high != nil && *low == *high:
		return itoa(*low)
	case low != nil && high != nil:
		return itoa(*low) + " to " + itoa(*high)
	case low != nil:
		return "at least " + itoa(*low)
	case high != nil:
		return "at most " + itoa(*high)
	}
	return "unknown"
}

// toll says what a number counts, "" where it is no toll of this act.
func (x *doc) toll(w *data, s *scene, n record.Number) (field, of string) {
	if s.denied && !slices.ContainsFunc(s.acts, func(a act) bool { return a.real }) || s.unreal != "" {
		return "", ""
	}
	i := slices.IndexFunc(s.tokens, func(t token) bool { return t.end > n.Start })
	j := i
	for j < len(s.tokens) && s.tokens[j].start < n.End {
		j++
	}
	if i < 0 || n.Min == nil || s.tokens[i].key == "یکی" && n.Unit != "killed" {
		return "", ""
	}
	if w.has("thing", s.tokens[i:min(j+1, len(s.tokens))]) {
		return "", ""
	}
	linked := false
	var recipients []record.Ref
	for k := range x.Record.Events {
		e := &x.Record.Events[k]
		for f, p := range map[string]*int{Killed: e.Killed, Wounded: e.Wounded, Detained: e.Count} {
			if m := x.number(p); m != nil && m.Start == n.Start && m.Unit == f {
				linked, recipients = true, e.Recipient
			}
		}
	}
	if !linked && w.has("subset", s.tokens[j:min(j+3, len(s.tokens))]) {
		return "", ""
	}
	switch n.Unit {
	case Killed, Wounded, Detained:
		field = n.Unit
		if next := s.tokens[j:min(j+4, len(s.tokens))]; field == Detained && w.has("dead", next) && !w.has("held", next) {
			field = Killed // «پنجاه و سه اسیر کشته شدند»
		}
	case "people":
		field = nearest(w, s.tokens, i, j)
	}
	if field == Wounded && w.has("of-wounds", s.tokens[i:min(j+4, len(s.tokens))]) {
		return "", "" // «با درگذشت هفت تن از زخمی‌ها»: they are among the dead now
	}
	if field == "" {
		return "", ""
	}
	after := s.tokens[i:min(j+4, len(s.tokens))]
	if w.has("dead", after) && w.has("hurt", after) && field == Killed && w.has("either", after) && s.tokens[min(j, len(s.tokens)-1)].key != "نفر" {
		// «ده‌ها کشته و زخمی» counts both at once, «سه کشته و پنج زخمی» does not: another number stands between
		both := true
		for _, m := range x.Record.Numbers {
			if m.Start > n.Start && m.Start < n.End+20 {
				both = false
			}
		}
		if both {
			return "", ""
		}
	}
	if field == Killed || field == Wounded {
		near := s.tokens[max(0, i-4):min(j+4, len(s.tokens))]
		whom := s.tokens[i:min(j+1, len(s.tokens))] // «دو مهاجم», «دو تن از مهاجمان», but not «سه مرزبان در حمله اشرار»
		if j < len(s.tokens) && s.tokens[j].key == "از" {
			whom = s.tokens[i:min(j+2, len(s.tokens))]
		}
		if w.has("attackers", whom) || w.has("attackers", near) && w.has("leaving", near) {
			of = "attackers"
		}
		for _, r := range recipients {
			if e := x.entity[r.Entity]; e != nil && r.Span != nil && r.Span.Start >= s.start && r.Span.Start < s.end && abs(r.Span.Start-n.Start) < 12 {
				for _, t := range sentences([]rune(e.Name)) {
					if w.has("attackers", t.tokens) {
						of = "attackers"
					}
				}
			}
		}
		if w.has("felled", s.tokens[i:min(j+5, len(s.tokens))]) && !w.has("soldiers", s.tokens[i:min(j+3, len(s.tokens))]) && !w.has("police", s.tokens[i:min(j+3, len(s.tokens))]) {
			of = "attackers"
		}
	}
	return field, of
}

func abs(n int) int { return max(n, -n) }

// nearest returns what the words next to a number of people make of it.
func nearest(w *data, list []token, i, j int) string {
	best, field := 7, ""
	for _, c := range []struct{ class, field string }{{"dead", Killed}, {"hurt", Wounded}, {"held", Detained}} {
		for _, r := range w.find(c.class, list) {
			d := 0
			if r[0] >= j {
				d = r[0] - j
			} else if r[1] <= i {
				d = i - r[1] + 1
			}
			if d < best {
				best, field = d, c.field
			}
		}
	}
	return field
}

func (b *builder) parties(a *account) {
	for _, s := range a.scenes {
		for _, c := range s.acts {
			if c.event == nil || !c.real {
				continue
			}
			for _, r := range c.event.Actor {
				b.party(Actor, a, r)
			}
			for _, r := range c.event.Recipient {
				b.party(Recipient, a, r)
			}
		}
	}
}

func (b *builder) party(field string, a *account, r record.Ref) {
	e := a.doc.entity[r.Entity]
	if e == nil || r.Span == nil {
		return
	}
	b.put(field, Value{Value: e.Name, ID: e.ID, group: e.Known && e.Type == "GRP"}, a, r.Span.Start, r.Span.End)
}

func (b *builder) where(a *account) {
	x := a.doc
	for _, s := range a.scenes {
		for _, list := range [][]spot{s.towns, s.areas} {
			for _, p := range list {
				v := Value{Value: p.name, ID: p.id, Precision: "town", spot: p}
				if p.fine {
					v.ID, v.Precision = "", "spot"
				}
				if p.area {
					v.Precision = "area"
				}
				start, end := s.start, s.end
				for _, m := range x.Record.Mentions {
					if m.Entity == p.id && m.Start >= s.start && m.Start < s.end {
						start, end = m.Start, m.End
						break
					}
				}
				if p.fine {
					if i := slices.IndexFunc(s.tokens, func(t token) bool { return strings.TrimPrefix(t.key, "ال") == p.key }); i >= 0 {
						start, end = s.tokens[i].start, s.tokens[i].end
					}
				}
				b.put(Place, v, a, start, end)
			}
		}
	}
}

func (b *builder) when(a *account) {
	if a.first.IsZero() || a.inherited || a.loose {
		return
	}
	v := Value{Value: a.first.Format(time.DateOnly), Precision: "day", first: a.first, last: a.last, early: a.early || a.eve(b.data), late: a.late && !a.evening(b.data)}
	if !a.first.Equal(a.last) {
		v.Value += "/" + a.last.Format(time.DateOnly)
		v.Precision = "about"
	}
	for _, s := range a.scenes {
		if s.first.Equal(a.first) && s.last.Equal(a.last) {
			start, end := s.start, s.end
			for _, t := range a.doc.Record.Times {
				if d, ok := record.DaysOf(t.Value); ok && t.Start >= s.start && t.Start < s.end && !d.First.After(a.first) && (d.Last.IsZero() || !d.Last.Before(a.first)) {
					start, end = t.Start, t.End
					break
				}
			}
			b.put(Date, v, a, start, end)
			return
		}
	}
}

// eve says whether an account tells of the night before a day: «شب شنبه» is to
// some the one that ends on Saturday.
func (a *account) eve(w *data) bool {
	return slices.ContainsFunc(a.scenes, func(s *scene) bool { return w.has("eve", s.tokens) })
}

// evening says whether an account gives an hour before midnight: «شب گذشته» may
// be the early morning of the next day, «ساعت ۲۲ شب گذشته» is not.
func (a *account) evening(w *data) bool {
	for _, s := range a.scenes {
		if w.has("before-midnight", s.tokens) {
			return true
		}
		for i, t := range s.tokens {
			if i == 0 || s.tokens[i-1].key != "ساعت" {
				continue
			}
			if n, err := strconv.Atoi(t.key); err == nil && n >= 18 && n < 24 {
				return true
			}
		}
	}
	return false
}

func (b *builder) weapons(a *account) {
	w := b.data
	bad := b.rebuttals(a)
	arms := "armed"
	if slices.ContainsFunc(a.scenes, func(s *scene) bool { return w.has("unarmed", s.tokens) }) {
		arms = "unarmed" // who says so names the arms of others only to deny them
	}
	for i, s := range a.scenes {
		if s.unreal != "" || s.denied || len(s.acts) == 0 && i > 3 || w.has("maybe", s.tokens) {
			continue
		}
		found := w.has("found-arms", s.tokens) // «دو قبضه سلاح کشف شد», «هفت پهپاد سرنگون شد»: nobody was struck with them
		if a.kind() == "arrest" && len(arms) > 0 {
			if r := w.find(arms, s.tokens); len(r) > 0 {
				b.put(Weapon, Value{Value: arms}, a, s.tokens[r[0][0]].start, s.tokens[r[0][1]-1].end)
				arms = ""
			}
		}
		for _, class := range w.classes {
			name, ok := strings.CutPrefix(class, "weapon-")
			if !ok || found {
				continue
			}
			for _, r := range w.find(class, s.tokens) {
				start, end := s.tokens[r[0]].start, s.tokens[r[1]-1].end
				if !slices.ContainsFunc(bad, func(o rebuttal) bool { return o.start <= start && end <= o.end }) {
					b.put(Weapon, Value{Value: name}, a, start, end)
				}
			}
		}
		for _, c := range s.acts {
			if c.event != nil && c.event.Weapon != nil && c.real {
				q := c.event.Weapon
				list := tokensIn(s.tokens, q.Start, q.End)
				if !slices.ContainsFunc(w.classes, func(k string) bool { return strings.HasPrefix(k, "weapon-") && w.has(k, list) }) {
					b.put(Weapon, Value{Value: q.Text}, a, q.Start, q.End)
				}
			}
		}
	}
}

// responsibility gathers who takes it, who is named by others as having done
// it and denies it.
func (b *builder) responsibility() {
	for _, a := range b.in.Attached {
		if a.account == nil {
			continue
		}
		x := a.account.doc
		if a.As == Claim && a.By != "" {
			for _, s := range a.account.scenes {
				if who := x.claimant(s); s.claims && who != "" {
					b.put(Responsibility, Value{Value: who}, a.account, s.start, s.end)
				}
			}
		}
	}
	w := b.data
	for _, a := range b.accounts() {
		for _, s := range a.scenes {
			if who, start, end := a.doc.blamed(w, s); who != "" && (!s.denied || w.has("role", s.tokens)) {
				b.put(Responsibility, Value{Value: who}, a, start, end)
			}
		}
	}
	for _, a := range b.accounts() {
		for _, s := range a.scenes {
			if !s.denied || !w.has("role", s.tokens) {
				continue
			}
			name, keys := a.doc.party(s)
			if name == "" {
				continue
			}
			b.put(Responsibility, Value{Value: "not " + name, not: true}, a, s.start, s.end)
			for _, o := range b.accounts() {
				if o.doc == a.doc {
					continue
				}
				for _, t := range o.scenes {
					if i := names(t.tokens, keys); i >= 0 && !t.denied && !t.claims {
						b.put(Responsibility, Value{Value: name}, o, t.tokens[i].start, t.end)
						break
					}
				}
			}
			break
		}
	}
}

// blamed returns the party that somebody holds responsible in a scene: the
// name before «را عامل … معرفی کرد», with its words.
func (x *doc) blamed(w *data, s *scene) (name string, start, end int) {
	for _, r := range w.find("blame", s.tokens) {
		if r[0] == 0 {
			continue
		}
		at := s.tokens[r[0]].start
		for _, m := range x.Record.Mentions {
			e := x.entity[m.Entity]
			if m.Start >= s.start && m.End <= at && at-m.End < 12 && e != nil && !strings.HasPrefix(e.ID, "~") && (e.Type == "GRP" || e.Type == "ORG" || e.Type == "STATE") {
				name, start, end = e.Name, m.Start, s.tokens[r[1]-1].end
			}
		}
		if name != "" {
			return name, start, end
		}
	}
	return "", 0, 0
}

// accounts are those of members and of what is attached, each once.
func (b *builder) accounts() []*account {
	var out []*account
	for _, m := range b.in.Members {
		if m.account != nil {
			out = append(out, m.account)
		}
	}
	for _, a := range b.in.Attached {
		if a.account != nil && !slices.Contains(out, a.account) {
			out = append(out, a.account)
		}
	}
	return out
}

// party returns the group or state named in a scene, and its words there.
func (x *doc) party(s *scene) (string, [][]string) {
	for _, m := range x.Record.Mentions {
		e := x.entity[m.Entity]
		if m.Start < s.start || m.Start >= s.end || e == nil || !e.Known || e.Type != "GRP" && e.Type != "ORG" {
			continue
		}
		var keys [][]string
		for _, o := range x.Record.Mentions {
			if o.Entity == m.Entity && o.Form == "name" {
				var k []string
				for _, t := range sentences([]rune(o.Text)) {
					for _, u := range t.tokens {
						k = append(k, u.key)
					}
				}
				if len(k) > 0 {
					keys = append(keys, k)
				}
			}
		}
		return e.Name, keys
	}
	return "", nil
}

func names(list []token, keys [][]string) int {
	for i := range list {
		for _, k := range keys {
			if i+len(k) <= len(list) {
				ok := true
				for j := range k {
					ok = ok && list[i+j].key == k[j]
				}
				if ok {
					return i
				}
			}
		}
	}
	return -1
}

// status says who tells that it happened, and who that it did not. A report
// that denies and yet tells of it otherwise (who did it, with what) does not
// deny that it happened.
func (b *builder) status() {
	members := map[string]bool{}
	for _, m := range b.in.Members {
		if m.account == nil {
			continue
		}
		members[m.Report] = true
		if s := m.account.flatly(b.data); s != nil {
			b.put(Status, Value{Value: "did not happen", not: true}, m.account, s.start, s.end)
			continue
		}
		c, _ := m.account.clearest()
		b.put(Status, Value{Value: "happened"}, m.account, c.start, c.end)
	}
	for _, a := range b.in.Attached {
		if (a.As == Denial || a.As == Retraction) && !members[a.Report] && a.account != nil && (a.As == Retraction || a.account.denies(b.data)) {
			b.put(Status, Value{Value: "did not happen", not: true}, a.account, a.Quote.Start, a.Quote.End)
		}
	}
	for _, a := range b.in.Attached { // a member that denies the act, not a part in it, denies who did it
		if a.As != Denial || !members[a.Report] || a.account == nil {
			continue
		}
		if k := a.account.kind(); k != "violence" && k != "abduction" || a.account.flatly(b.data) != nil {
			continue // who arrests or meets is no secret
		}
		for _, s := range a.account.scenes {
			if !s.title && s.start > a.account.doc.textStart() {
				break // further down it denies something about the act
			}
			if s.denied && !b.data.has("role", s.tokens) && slices.ContainsFunc(s.acts, func(c act) bool { return c.kind == a.account.kind() }) {
				b.put(Actor, Value{Value: elsewise, not: true}, a.account, s.start, s.end)
				break
			}
		}
	}
}

// flatly returns the first words of a report that say there was no such act at all,
// «حمله‌ای در کار نبوده»; nil where it tells of one, or denies something further down.
func (a *account) flatly(w *data) *scene {
	if k := a.kind(); k != "violence" && k != "abduction" {
		return nil
	}
	for _, s := range a.scenes {
		if !s.title && s.start > a.doc.textStart() {
			return nil
		}
		if r := w.find("no-such", s.tokens); len(r) > 0 && s.denied {
			before := s.tokens[max(0, r[0][0]-2):r[0][0]] // the act itself stands there, not its cause: «بمبی در کار نبود»
			if slices.ContainsFunc(s.acts, func(c act) bool {
				return len(before) > 0 && c.kind == a.kind() && c.start >= before[0].start && c.start < before[len(before)-1].end
			}) {
				return s
			}
		}
	}
	return nil
}

// replace marks tolls that the same outlet or author raised in a later report.
func (b *builder) replace(field string) {
	list := b.t.Values[field]
	for i := range list {
		v := &list[i]
		all := v.Low != nil
		for _, r := range v.Reports {
			raised := false
			for j := range list {
				o := &list[j]
				if o.Of != v.Of || o.Low == nil || v.Low == nil || *o.Low <= *v.Low {
					continue
				}
				for _, q := range o.Reports {
					raised = raised || q != r && b.docs[q].published.After(b.docs[r].published) && (b.one(q, r) || b.knew(q, r))
				}
			}
			all = all && raised
		}
		v.Replaced = all
	}
}

// knew says whether report q gives the number of dead that report r gives, and a
// higher one: «شمار کشته‌ها از پنج به هشت رسید». What else it counts is later news, too.
func (b *builder) knew(q, r string) bool {
	for _, v := range b.t.Values[Killed] {
		if v.Low == nil || v.Of != "" || !slices.Contains(v.Reports, r) {
			continue
		}
		for _, o := range b.t.Values[Killed] {
			if o.Low != nil && o.Of == "" && *o.Low > *v.Low && slices.Contains(o.Reports, q) && slices.Contains(o.also[q], *v.Low) {
				return true
			}
		}
	}
	return false
}

func (b *builder) ranges(field string) {
	by := map[string]*Range{}
	votes, sure := map[string]int{}, map[string]bool{}
	for _, v := range b.t.Values[field] {
		n := v.Low
		if n == nil {
			n = v.High
		}
		if n == nil || v.Replaced {
			continue
		}
		exact := v.High != nil && v.Low != nil
		high := *n
		if v.High != nil {
			high = *v.High
		}
		r := by[v.Of]
		if r == nil {
			r = &Range{Field: field, Of: v.Of, Low: *n, Best: *n, High: high}
			by[v.Of] = r
			votes[v.Of], sure[v.Of] = v.Origins, exact
		}
		r.Low, r.High = min(r.Low, *n), max(r.High, high)
		if exact != sure[v.Of] && !exact {
			continue
		}
		if exact != sure[v.Of] || v.Origins > votes[v.Of] || v.Origins == votes[v.Of] && *n < r.Best {
			r.Best, votes[v.Of], sure[v.Of] = *n, v.Origins, exact
		}
	}
	for _, k := range slices.Sorted(maps.Keys(by)) {
		b.t.Ranges = append(b.t.Ranges, *by[k])
	}
}
