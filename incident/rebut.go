package incident

import (
	"slices"
	"strings"

	"github.com/sanad-project/sanad/fa/morph"
	"github.com/sanad-project/sanad/fa/spell"
)

func keyOf(s string) string { return spell.Key(s) }

// rebuttal is what a report says that something was not, as others tell it:
// «پهپاد بود، نه موشک».
type rebuttal struct {
	start, end int     // the words that it negates, of its scene
	scene      *scene  //
	tokens     []token // the same words
	denial     bool    // of a sentence that denies, «… را نادرست خواند»
	placeOnly  bool    // «، نه مقدادیه» is a place, but «، نه غیرنظامی» may be nine civilians
}

// rebuttals returns what the scenes of an account negate:
//
//	«… بود، نه موشک»                  the words behind «نه» and a verb with a comma, up to four, «نه آن‌طور که … می‌گویند در …» up to twelve
//	«هدف خودروی پلیس نبوده»           the words before «نبود»
//	«هیچ غیرنظامی کشته نشده»          the words behind «هیچ», where a negated verb follows
//	«خبر شلیک موشک را نادرست خواند»   the words of a denial inside an account that tells of the act
//
// «نه نفر» is nine people, and «نه تنها» negates nothing.
func (x *doc) rebuttals(w *data, a *account) []rebuttal {
	var out []rebuttal
	for _, s := range a.scenes {
		if s.unreal != "" {
			continue
		}
		denial, placeOnly := false, false
		put := func(i, j int) {
			i, j = max(0, i), min(j, len(s.tokens))
			if i < j {
				out = append(out, rebuttal{s.tokens[i].start, s.tokens[j-1].end, s, s.tokens[i:j], denial, placeOnly})
			}
		}
		for i, t := range s.tokens {
			switch {
			case t.key == "نه" && i > 0 && !x.counts(t) && !w.has("not-no", s.tokens[i:min(i+2, len(s.tokens))]) && s.tokens[i-1].key != "ساعت":
				sure := w.has("not-at", s.tokens[i:min(i+2, len(s.tokens))]) || w.has("but", s.tokens[i:min(i+8, len(s.tokens))])
				switch before := s.tokens[i-1]; {
				case before.key == "و" && i > 1:
					sure = sure || morph.IsFinite(s.tokens[i-2].key) && !slices.ContainsFunc(s.tokens[i+1:min(len(s.tokens), i+6)], func(o token) bool { return morph.IsFinite(o.key) }) // «و نه مسافر را کشت» are nine
				case x.parted(before, t):
					placeOnly = !sure && !morph.IsFinite(before.key)
					sure = true
				}
				if !sure {
					continue // nine of something
				}
				n := 4
				if w.has("as-told", s.tokens[i:min(i+4, len(s.tokens))]) {
					n = 12
				}
				j := i + 1
				for j < len(s.tokens) && j <= i+n && !x.parted(s.tokens[j-1], s.tokens[j]) {
					j++
				}
				put(i+1, j)
				placeOnly = false
			case i > 0 && w.has("was-not", s.tokens[i:i+1]):
				for i > 2 && w.has("at-hand", s.tokens[i-2:i]) { // «بمبی در کار نبود»
					i -= 2
				}
				j := i
				for j > 0 && j > i-2 && !x.parted(s.tokens[j-1], s.tokens[j]) {
					j--
				}
				put(j, i)
			case t.key == "هیچ" && i+1 < len(s.tokens):
				if slices.ContainsFunc(s.tokens[i+2:min(len(s.tokens), i+10)], func(v token) bool { return strings.HasPrefix(v.key, "ن") && w.has("not-done", []token{v}) }) {
					put(i+1, i+3)
				}
			}
		}
		if s.denied && !w.has("role", s.tokens) && !s.title && s.start > x.textStart() { // further up it denies the whole act
			denial = true
			if r := w.find("deny", s.tokens); len(r) > 0 {
				put(r[0][0]-12, r[0][0])
			}
		}
	}
	return out
}

// rebuttals are those of an account, found once.
func (b *builder) rebuttals(a *account) []rebuttal {
	list, ok := b.negates[a]
	if !ok {
		list = a.doc.rebuttals(b.data, a)
		b.negates[a] = list
	}
	return list
}

// counts says whether «نه» is the number nine.
func (x *doc) counts(t token) bool {
	for _, n := range x.Record.Numbers {
		if n.Start <= t.start && t.end <= n.End {
			return true
		}
	}
	return false
}

// parted says whether a comma or the like stands between two words.
func (x *doc) parted(a, b token) bool {
	return strings.ContainsAny(string(x.text[a.end:min(b.start, len(x.text))]), "،,:()«»؛-")
}

// rebut puts beside a value its denial, where some report gives the one and
// another one the other. A rebuttal of what nobody says is none.
func (b *builder) rebut() {
	w := b.data
	struck := len(b.in.Kinds) > 0 && slices.Contains([]string{"violence", "abduction", "arrest", "seizure"}, b.in.Kinds[0])
	for _, a := range b.members() {
		for _, r := range b.rebuttals(a) {
			for _, class := range w.classes {
				name, weapon := strings.CutPrefix(class, "weapon-")
				target, object := strings.CutPrefix(class, "target-")
				person := slices.Contains(peopleClasses, class)
				if person && w.has("no-people", r.tokens) {
					continue // «نه با عملیات نظامی» says nothing of people
				}
				if r.placeOnly || !struck || !weapon && !object && !person || !w.has(class, r.tokens) {
					continue
				}
				field := Recipient
				switch {
				case weapon:
					field = Weapon
				case object:
					name = target
				default:
					name = class
				}
				b.deny(field, name, a, r, func(o *account) (int, int) { return b.tells(o, class) })
			}
			if r.denial {
				continue
			}
			for _, p := range b.negated(a, r) {
				b.deny(Place, p.name, a, r, func(o *account) (int, int) {
					if !slices.ContainsFunc(o.main, func(q spot) bool { return relation(p, q) == same }) {
						return -1, -1
					}
					for _, s := range o.scenes {
						if slices.ContainsFunc(s.towns, func(q spot) bool { return relation(p, q) == same }) {
							return s.start, s.end
						}
					}
					return -1, -1
				})
			}
		}
	}
}

// negated are the towns and spots of the other reports' act that stand in a
// rebuttal.
func (b *builder) negated(a *account, r rebuttal) []spot {
	var out []spot
	for _, o := range b.members() {
		for _, p := range o.main {
			if o.doc == a.doc || slices.ContainsFunc(out, func(q spot) bool { return q.key == p.key }) {
				continue
			}
			if names(r.tokens, [][]string{strings.Fields(p.key)}) >= 0 {
				out = append(out, p)
			}
		}
	}
	return out
}

// deny makes a contradiction of a value that one report denies and that others
// have who do not deny it.
func (b *builder) deny(field, name string, a *account, r rebuttal, tells func(*account) (int, int)) {
	if slices.ContainsFunc(b.denials, func(c Contradiction) bool { return c.Field == field }) {
		return // one of each field is enough, and an incident may have a thousand members
	}
	var has, not Value
	for _, o := range b.members() {
		if o.doc == a.doc {
			continue
		}
		if start, end := tells(o); start >= 0 {
			b.side(&has, name, o, start, end)
		}
	}
	if len(has.Reports) == 0 {
		return
	}
	b.side(&not, "not "+name, a, r.start, r.end)
	not.not = true
	has.Origins, not.Origins = b.count(has.claims), b.count(not.claims)
	b.put(field, Value{Value: not.Value, not: true}, a, r.start, r.end)
	b.denials = append(b.denials, Contradiction{field, "", []Value{has, not}, "one says so, another one says not"})
}

// side adds a report to a side of a contradiction.
func (b *builder) side(v *Value, name string, a *account, start, end int) {
	if v.Value = name; slices.Contains(v.Reports, a.doc.ID) {
		return
	}
	v.Reports = append(v.Reports, a.doc.ID)
	slices.Sort(v.Reports)
	v.Sayings = append(v.Sayings, a.doc.saying(start, end))
	v.claims = append(v.claims, b.claim(a, start))
}

// didNot finds the states of which a report says that they did not use arms,
// and others that they did.
func (b *builder) didNot() {
	for _, a := range b.members() {
		for _, s := range a.scenes {
			r := b.data.find("did-not", s.tokens)
			if len(r) == 0 {
				continue
			}
			id, name := "", ""
			for _, t := range s.tokens[:r[0][0]] {
				if k := a.doc.state(t); k != "" {
					id, name = k, a.doc.name(k)
				}
			}
			if id == "" {
				continue
			}
			b.deny(Actor, name, a, rebuttal{start: s.tokens[0].start, end: s.tokens[r[0][1]-1].end}, func(o *account) (int, int) {
				for _, t := range o.scenes {
					for _, c := range t.acts {
						if c.event == nil || !c.real || c.kind != "violence" || b.data.has("did-not", t.tokens) {
							continue
						}
						for _, q := range c.event.Actor {
							if e := strings.TrimPrefix(q.Entity, "~"); e == id || strings.HasPrefix(e, id+"-") {
								return t.start, t.end
							}
						}
					}
				}
				return -1, -1
			})
		}
	}
}

// tells returns the words of a class in a scene of an account that tells of
// its act, -1 for none.
func (b *builder) tells(a *account, class string) (int, int) {
	bad := b.rebuttals(a)
	for i, s := range a.scenes {
		if s.unreal != "" || s.denied || len(s.acts) == 0 && i > 3 {
			continue
		}
		for _, r := range b.data.find(class, s.tokens) {
			start, end := s.tokens[r[0]].start, s.tokens[r[1]-1].end
			if !slices.ContainsFunc(bad, func(o rebuttal) bool { return o.start <= start && end <= o.end }) {
				return start, end
			}
		}
	}
	return -1, -1
}

// members are the accounts of members.
func (b *builder) members() []*account {
	var out []*account
	for _, m := range b.in.Members {
		if m.account != nil {
			out = append(out, m.account)
		}
	}
	return out
}
