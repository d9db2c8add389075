package incident

import (
	"maps"
	"slices"
	"strings"

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

// disjoint says whether two numbers with their bounds cannot both be true. Two
// reports of which one gives the other's number, too, are not at odds.
// Where two sides met, sided, a number of police is no rival of one that does not say of whom.
func disjoint(v, w Value, sided bool) bool {
	if !(v.Low != nil && w.High != nil && *w.High < *v.Low || w.Low != nil && v.High != nil && *v.High < *w.Low) {
		return false
	}
	for _, r := range v.Reports {
		for _, q := range w.Reports {
			if r != q && !v.gives(r, w) && !w.gives(q, v) && !v.whose[r].others(w.whose[q]) && !(sided && v.whose[r].forces() != w.whose[q].forces()) {
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
	return slices.ContainsFunc(v.also[r], func(n int64) bool { return (w.Low == nil || *w.Low <= n) && (w.High == nil || n <= *w.High) })
}
