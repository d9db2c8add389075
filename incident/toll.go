package incident

import (
	"maps"
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/morph"
	"github.com/sanad-project/sanad/record"
)

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

// cites notes a number of others that a report gives beside its own, which it gives more than
// once: «سه کشته … سه جنازه … پلیس شمار کشته‌ها را دو نفر اعلام کرده». Of the two it holds the own one.
func (b *builder) cites(field, of, report string, n int64) {
	for i := range b.t.Values[field] {
		v := &b.t.Values[field][i]
		if v.Of == of && slices.Contains(v.Reports, report) {
			if v.cited == nil {
				v.cited = map[string][]int64{}
			}
			v.cited[report] = append(v.cited[report], n)
		}
	}
}

// toll is a number that a report gives for a field.
type toll struct {
	field string
	n     record.Number
	of    string // "attackers" where the words say so
	times int
	whose whose
}

// counts reads the numbers of killed, wounded and detained of an account, in the
// order of the text, equal ones of the same people once.
func (b *builder) counts(a *account) []toll {
	w, x := b.data, a.doc
	var out []toll
	put := func(t toll) {
		for i := range out {
			o := &out[i]
			if o.field == t.field && o.of == t.of && equal(o.n.Min, t.n.Min) && equal(o.n.Max, t.n.Max) && !o.whose.others(t.whose) {
				o.times++
				o.whose = o.whose.with(t.whose)
				return
			}
		}
		t.times = 1
		out = append(out, t)
	}
	partial := false
	for _, s := range a.scenes {
		partial = partial || w.has("partial", s.tokens)
	}
	for _, s := range a.scenes {
		if w.has("background", s.tokens) {
			continue // what was in all of a year
		}
		var before whose
		for _, n := range x.Record.Numbers {
			if n.Start < s.start || n.Start >= s.end {
				continue
			}
			field, of := x.toll(w, s, n)
			if field == "" && s.unreal == "" && a.holds() {
				field = x.taken(w, s, n)
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
			put(toll{field: field, of: of, n: n, whose: who})
		}
		for _, t := range x.none(w, s) {
			put(t)
		}
	}
	return out
}

// holds says whether the account tells of people who were taken: their number
// is that of the detained.
func (a *account) holds() bool {
	switch a.kind() {
	case "abduction", "seizure", "arrest", "release":
		return true
	}
	return a.kinds["abduction"] > 0 || a.kinds["release"] > 0
}

// taken says whether a number of people is of those who were taken, «چهل دانش‌آموز را ربودند».
func (x *doc) taken(w *data, s *scene, n record.Number) string {
	if n.Unit != "people" && n.Unit != "other" || n.Min == nil {
		return ""
	}
	i := slices.IndexFunc(s.tokens, func(t token) bool { return t.end > n.Start })
	if i > 0 && s.tokens[i-1].key == "از" {
		return "" // a part of it stands before
	}
	j := i
	for j < len(s.tokens) && s.tokens[j].start < n.End {
		j++
	}
	if i < 0 || w.has("thing", s.tokens[i:min(j+1, len(s.tokens))]) || s.tokens[i].key == "یکی" {
		return ""
	}
	if n.Unit == "other" { // «۲۴ خدمه» is no «سه قایق»
		if w.has("crew", s.tokens[i:min(j+1, len(s.tokens))]) && slices.ContainsFunc(s.acts, func(c act) bool { return c.kind == "abduction" || c.kind == "seizure" || c.kind == "release" }) {
			return Detained
		}
		return ""
	}
	if w.has("taken", s.tokens[max(0, i-6):min(len(s.tokens), j+12)]) || w.has("freed", s.tokens[max(0, i-5):min(len(s.tokens), j+5)]) {
		return Detained
	}
	return ""
}

// none reads tolls of none: a word that says so, what happened to nobody, and a negated verb,
// «کسی کشته نشد», «به مجاهدین هیچ نوع تلفات نرسیده», «حتی یک نفر هم بازداشت نشده», «کشته‌ای نداشت».
func (x *doc) none(w *data, s *scene) []toll {
	if s.unreal != "" {
		return nil
	}
	var out []toll
	list := s.tokens
	put := func(field string, i, j int) {
		for _, t := range out {
			if t.field == field {
				return
			}
		}
		zero := int64(0)
		q := x.quote(list[i].start, list[j-1].end)
		t := toll{field: field, n: record.Number{Quote: record.Quote{Start: q.Start, End: q.End, Text: q.Text}, Min: &zero, Max: &zero}}
		from := i
		for from > 0 && from > i-7 && !x.parted(list[from-1], list[from]) && !x.endsClause(list[from-1]) {
			from--
		}
		t.whose = x.whoseOf(w, list[from:j])
		out = append(out, t)
	}
	for _, q := range w.find("nobody", list) {
		for _, c := range []struct{ class, field string }{{"dead", Killed}, {"hurt", Wounded}, {"held", Detained}, {"losses", Killed}, {"harm", Killed}, {"harm", Wounded}} {
			if r := w.find(c.class, list[q[0]:min(len(list), q[0]+12)]); len(r) > 0 {
				end := q[0] + r[0][1]
				if not := negated(w, list, end, end+4); not > 0 {
					put(c.field, q[0], not)
				}
			}
		}
	}
	for _, q := range w.find("nobody", list) {
		if r := w.find("died-not", list[q[1]:min(len(list), q[1]+9)]); len(r) > 0 {
			put(Killed, q[0], q[1]+r[0][1])
		}
	}
	for _, c := range []struct{ class, field string }{{"a-dead", Killed}, {"losses", Killed}, {"a-hurt", Wounded}, {"harm", Killed}, {"harm", Wounded}} {
		for _, r := range w.find(c.class, list) {
			if not := negated(w, list, r[1], r[1]+3); not > 0 {
				put(c.field, r[0], not)
			}
		}
	}
	if r := w.find("no-attackers-dead", list); len(r) > 0 {
		put(Killed, r[0][0], r[0][1])
		out[len(out)-1].of = attackers
	}
	if r := w.find("unhurt", list); len(r) > 0 && !w.has("no-attackers-dead", list) {
		put(Killed, r[0][0], r[0][1])
		put(Wounded, r[0][0], r[0][1])
	}
	return out
}

// negated returns the end of the first negated verb between two tokens, 0 for none.
func negated(w *data, list []token, i, j int) int {
	for ; i < min(j, len(list)); i++ {
		if w.has("not-done", list[i:i+1]) {
			return i + 1
		}
	}
	return 0
}

// endsClause says whether a clause ends with a word: another one begins behind it.
func (x *doc) endsClause(t token) bool {
	return t.key == "و" || t.key == "که" || morph.IsFinite(t.key)
}

// attackers are those who did it, as a side of a toll; where fighters and others died, the fighters.
const attackers = "attackers"

// given are the numbers of a report.
type given struct {
	a    *account
	list []toll
}

// tolls puts into the table what reports give for killed, wounded and
// detained. A report's number for a side is the one it gives most often, of several the
// first: the rest are parts of it, or other people.
func (b *builder) tolls() {
	var all []given
	for _, a := range b.members() {
		all = append(all, given{a, b.counts(a)})
	}
	two := slices.ContainsFunc(all, func(g given) bool { return g.twoSided() })
	for _, g := range all {
		x := g.a.doc
		rose := slices.ContainsFunc(g.a.scenes, func(s *scene) bool { return b.data.has("rose", s.tokens) }) // «به شش نفر رسید»
		by := map[string][]toll{}
		for _, t := range g.list {
			of := t.of
			if two && t.whose.fight() {
				of = attackers
			}
			if of == attackers && !two && !t.whose.fight() && len(t.whose.people) > 0 {
				of = ""
			}
			by[t.field+"\t"+of] = append(by[t.field+"\t"+of], t)
		}
		for _, k := range slices.Sorted(maps.Keys(by)) {
			field, of, _ := strings.Cut(k, "\t")
			list := by[k]
			top := list[0]
			for _, t := range list[1:] {
				if t.times > top.times && !(top.times > 0 && zero(t.n)) || zero(top.n) && !zero(t.n) && !top.whose.others(t.whose) {
					top = t
				}
			}
			put := func(t toll) {
				b.put(field, Value{Value: bounds(t.n.Min, t.n.Max), Of: of, Low: t.n.Min, High: t.n.Max}, g.a, t.n.Start, t.n.End)
				b.ofWhom(field, of, x.ID, t.whose, t.n)
			}
			put(top)
			seen := []whose{top.whose}
			for _, t := range list { // «هفت نیروی سپاه کشته و دو پیشمرگه … جان باختند» gives one of each side
				civil := slices.Contains(t.whose.people, "civilians") && !zero(t.n)
				if !civil && !slices.ContainsFunc(seen, func(o whose) bool { return !o.others(t.whose) && !(len(o.states) == 0 && len(t.whose.states) > 0) }) {
					put(t)
					seen = append(seen, t.whose)
				}
			}
			sum := int64(0)
			for _, t := range list {
				own := !rose && top.times > 1 && t.n.Start != top.n.Start && !t.whose.others(top.whose)
				for _, n := range []*int64{t.n.Min, t.n.Max} {
					if n != nil {
						b.besides(field, of, x.ID, *n)
					}
					if n != nil && own {
						b.cites(field, of, x.ID, *n)
					}
				}
				if t.n.Min != nil {
					sum += *t.n.Min
				}
			}
			b.besides(field, of, x.ID, sum)
		}
	}
	b.settle()
}

func zero(n record.Number) bool { return n.Min != nil && n.Max != nil && *n.Min == 0 && *n.Max == 0 }

// twoSided says whether a report counts fighters and others: «۱۲ پولیس … و هشت طالب کشته شدند».
func (g given) twoSided() bool {
	for _, t := range g.list {
		for _, o := range g.list {
			if t.field == o.field && t.field != Detained && (t.whose.fight() || t.of == attackers) && o.whose.forces() && o.of == "" {
				return true
			}
		}
	}
	return false
}

// settle finds of whom a number is where two states met: a report that counts the one's
// dead by name and others besides counts the other's.
func (b *builder) settle() {
	for _, f := range fields[:3] {
		var states []string
		for i := range b.t.Values[f] {
			for _, r := range b.t.Values[f][i].Reports {
				if s := b.t.Values[f][i].whose[r].states; len(s) == 1 && !slices.Contains(states, s[0]) {
					states = append(states, s[0])
				}
			}
		}
		if len(states) != 2 {
			continue
		}
		for i := range b.t.Values[f] {
			v := &b.t.Values[f][i]
			for _, r := range v.Reports {
				if len(v.whose[r].states) > 0 {
					continue
				}
				for k, s := range states {
					named := func(v Value, s string) bool {
						return slices.Contains(v.Reports, r) && slices.Equal(v.whose[r].states, []string{s})
					}
					if slices.ContainsFunc(b.t.Values[f], func(o Value) bool { return named(o, s) }) && !slices.ContainsFunc(b.t.Values[f], func(o Value) bool { return named(o, states[1-k]) }) {
						u := v.whose[r]
						u.states = []string{states[1-k]}
						v.whose[r] = u
						break
					}
				}
			}
		}
	}
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
	if i > 0 && s.tokens[i-1].key == "از" && slices.ContainsFunc(x.Record.Numbers, func(m record.Number) bool { return m.End <= s.tokens[i-1].start && s.tokens[i-1].start-m.End < 3 }) {
		return "", "" // «دو نفر از چهارده سرنشین»
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
	if !linked && w.has("subset", s.tokens[j:min(j+3, len(s.tokens))]) || w.has("among", s.tokens[max(0, i-2):i]) || w.has("amid", s.tokens[j:min(j+6, len(s.tokens))]) {
		return "", ""
	}
	if s.denied && w.disputed(s.tokens, i) {
		return "", "" // «آنچه درباره سه کشته نوشته‌اند درست نیست»
	}
	switch n.Unit {
	case Killed, Wounded, Detained:
		field = n.Unit
		if next := s.tokens[j:min(j+4, len(s.tokens))]; field == Detained && w.has("dead", next) && !w.has("held", next) {
			field = Killed // «پنجاه و سه اسیر کشته شدند»
		}
	case "people":
		within := 7
		if x.numbers(s) == 1 || j < len(s.tokens) && s.tokens[j].key == "از" && slices.ContainsFunc(s.tokens[j:min(len(s.tokens), j+2)], x.counts) {
			within = 13
		}
		field = nearest(w, s.tokens, i, j, within)
	}
	if w.has("condition", s.tokens[max(0, i-3):i]) && w.has("critical", s.tokens[j:min(j+4, len(s.tokens))]) {
		return "", "" // «حال چهار مجروح وخیم است»: a part of them
	}
	if field == Wounded && w.has("of-death", s.tokens[max(0, i-2):i]) {
		return "", "" // «با مرگ دو زخمی»
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

// disputed says whether a word stands between a noun for what others say and the words
// that deny it.
func (w *data) disputed(list []token, i int) bool {
	for _, r := range w.find("deny", list) {
		if r[0] > i && r[0] < i+12 && w.has("hearsay", list[max(0, i-12):i]) {
			return true
		}
	}
	return false
}

func abs(n int) int { return max(n, -n) }

// numbers says how many numbers a scene has.
func (x *doc) numbers(s *scene) int {
	n := 0
	for _, m := range x.Record.Numbers {
		if m.Start >= s.start && m.Start < s.end {
			n++
		}
	}
	return n
}

// nearest returns what the words next to a number of people make of it.
func nearest(w *data, list []token, i, j, within int) string {
	best, field := within, ""
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

// replace marks tolls that the same outlet or author raised in a later report.
func (b *builder) replace(field string) {
	list := b.t.Values[field]
	for i := range list {
		for j := range list {
			list[i].Replaced = list[i].Replaced || b.raised(list[i], list[j])
		}
	}
}

// raised says whether each report of a toll has its outlet or author raise it to another
// toll later. The two are no rivals; what others counted meanwhile may be one of either.
func (b *builder) raised(v, o Value) bool {
	if o.Of != v.Of || o.Low == nil || v.Low == nil || *o.Low <= *v.Low {
		return false
	}
	for _, r := range v.Reports {
		if !slices.ContainsFunc(o.Reports, func(q string) bool {
			return q != r && b.docs[q].published.After(b.docs[r].published) && (b.one(q, r) || b.knew(q, r))
		}) {
			return false
		}
	}
	return true
}

// knew says whether report q gives the number of dead that report r gives, and a
// higher one: «شمار کشته‌ها از پنج به هشت رسید». What else it counts is later news, too.
func (b *builder) knew(q, r string) bool {
	for _, v := range b.t.Values[Killed] {
		if v.Low == nil || v.Of != "" || !slices.Contains(v.Reports, r) {
			continue
		}
		for _, o := range b.t.Values[Killed] {
			if o.Low != nil && o.Of == "" && *o.Low > *v.Low && slices.Contains(o.Reports, q) && slices.Contains(o.also[q], *v.Low) && !slices.Contains(o.cited[q], *v.Low) {
				return true
			}
		}
	}
	return false
}

// disjoint says whether two numbers with their bounds cannot both be true. Two
// reports of which one gives the other's number, too, are not at odds.
// Where two sides met, sided, a number of police is no rival of one that does not say of whom.
func disjoint(v, w Value, sided bool) bool {
	if !(v.Low != nil && w.High != nil && *w.High < *v.Low || w.Low != nil && v.High != nil && *v.High < *w.Low) {
		return false
	}
	for _, r := range v.Reports {
		for _, q := range w.Reports {
			if r == q || v.gives(r, w) || w.gives(q, v) {
				continue
			}
			x, y := v.whose[r], w.whose[q]
			if !x.others(y) && !(sided && x.forces() != y.forces()) || x.mistaken(y) {
				return true
			}
		}
	}
	return false
}

// sided says whether police or soldiers met a crowd.
func (b *builder) sided() bool {
	return slices.Contains(b.in.Kinds, "protest") && slices.Contains(b.in.Kinds, "arrest")
}

// gives says whether report r, which has v, gives a number that w may be.
func (v Value) gives(r string, w Value) bool {
	return slices.ContainsFunc(v.also[r], func(n int64) bool {
		return !slices.Contains(v.cited[r], n) && (w.Low == nil || *w.Low <= n) && (w.High == nil || n <= *w.High)
	})
}
