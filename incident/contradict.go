package incident

import (
	"slices"
	"strings"
)

// contradict finds the fields of which reports say what cannot both be true.
func (b *builder) contradict() {
	for _, f := range fields[:3] {
		for _, of := range []string{"", "attackers"} { // tolls of different people are no rivals
			var list []Value
			for _, v := range b.t.Values[f] {
				if v.Of == of && !v.Replaced {
					list = append(list, v)
				}
			}
			b.rival(f, of, list, func(v, w Value) bool { return disjoint(v, w, b.sided()) }, "no number is in both")
		}
	}
	before := len(b.t.Contradictions) // of places
	b.rival(Place, "", b.mainPlaces(), func(v, w Value) bool {
		return !meet(v.Reports, w.Reports) && relation(v.spot, w.spot) == far && !b.both(v, w)
	}, "the towns are more than 40 km apart")
	if len(b.t.Contradictions) == before {
		b.rival(Place, "", b.provinces(), func(v, w Value) bool { return !alike(v.spot.key, w.spot.key) && !meet(v.Reports, w.Reports) }, "the provinces differ")
	}
	if len(b.t.Contradictions) == before {
		b.rival(Place, "", b.spots(), func(v, w Value) bool {
			return v.spot.kind == w.spot.kind && !meet(v.Reports, w.Reports) && !b.both(v, w)
		}, "each names another")
	}
	var dates []Value
	for _, v := range b.t.Values[Date] {
		if v.Precision == "day" && !b.dayOfPress(v) {
			dates = append(dates, v)
		}
	}
	b.rival(Date, "", dates, func(v, w Value) bool {
		if w.first.Before(v.first) {
			v, w = w, v
		}
		d := gap(v.first, v.last, w.first, w.last)
		return d > 1 || d == 1 && !(v.late && (w.early || !w.late)) // «شب گذشته» and «بامداد پنجشنبه» may be one hour
	}, "the days differ")
	var weapons []Value
	for _, v := range b.t.Values[Weapon] {
		if v.not {
			continue
		}
		if v.Value == "armed" || v.Value == "unarmed" || slices.Contains(b.data.classes, "weapon-"+v.Value) {
			weapons = append(weapons, v)
		}
	}
	b.rival(Weapon, "", weapons, func(v, w Value) bool {
		return !meet(v.Reports, w.Reports) && b.clash(v.Value, w.Value)
	}, "one blast or strike has one cause")
	b.rival(Status, "", b.t.Values[Status], func(v, w Value) bool { return v.not != w.not }, "it happened or it did not")
	b.rival(Responsibility, "", b.t.Values[Responsibility], func(v, w Value) bool {
		if v.not || w.not {
			return v.Value == "not "+w.Value || w.Value == "not "+v.Value
		}
		return !alike(v.Value, w.Value)
	}, "each says that another did it")

	var dead []Value
	for _, v := range b.t.Values[Recipient] {
		if v.class {
			dead = append(dead, v)
		}
	}
	if len(b.in.Kinds) > 0 {
		b.rival(Recipient, "", b.t.Values[nation], func(v, w Value) bool {
			x, y := keyOf(v.Value), keyOf(w.Value)
			return v.sameNumber(w) && !strings.HasPrefix(x, y) && !strings.HasPrefix(y, x)
		}, "they were of the one state or the other")
	}
	delete(b.t.Values, nation)
	had := len(b.t.Contradictions) > 0 && b.t.Contradictions[len(b.t.Contradictions)-1].Field == Recipient
	b.rival(Recipient, "", dead, func(v, w Value) bool {
		if two := [2]string{v.Value, w.Value}; !had && (v.all || w.all) && !meet(v.Reports, w.Reports) && b.data.other[two] {
			return true
		}
		return !had && !meet(v.Reports, w.Reports) && b.data.apart[[2]string{v.Value, w.Value}] || !had && b.data.other[[2]string{v.Value, w.Value}] && v.sameNumber(w)
	}, "those who were struck were the one or the other")

	var named, not []Value
	for _, v := range b.t.Values[Actor] {
		if v.not {
			not = append(not, v)
		} else {
			named = append(named, v)
		}
	}
	b.rival(Actor, "", b.armed(named), func(v, w Value) bool { return !meet(v.Reports, w.Reports) }, "each names another group")
	for _, c := range b.denials {
		if !slices.ContainsFunc(b.t.Contradictions, func(o Contradiction) bool { return o.Field == c.Field && o.Of == "" }) {
			b.t.Contradictions = append(b.t.Contradictions, c)
		}
	}
	not = slices.DeleteFunc(not, func(v Value) bool { return v.Value != elsewise })
	if len(not) > 0 && len(named) > 0 {
		side := Value{Value: named[0].Value}
		for _, v := range named {
			if meet(v.Reports, not[0].Reports) {
				continue
			}
			for _, r := range v.Reports {
				if !slices.Contains(side.Reports, r) {
					side.Reports = append(side.Reports, r)
				}
			}
			side.Sayings = append(side.Sayings, v.Sayings...)
			side.claims = append(side.claims, v.claims...)
		}
		slices.Sort(side.Reports)
		side.Origins = b.count(side.claims)
		if len(side.Reports) > 0 {
			b.t.Contradictions = append(b.t.Contradictions, Contradiction{Actor, "", []Value{side, not[0]}, "who is named denies it and tells it otherwise"})
		}
	}
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

// sameNumber says whether two reports give one number of people, but other people.
func (v Value) sameNumber(w Value) bool {
	for _, r := range v.Reports {
		for _, q := range w.Reports {
			if r == q {
				return false
			}
		}
	}
	for _, a := range v.also {
		for _, b := range w.also {
			if slices.ContainsFunc(a, func(n int64) bool { return slices.Contains(b, n) }) {
				return true
			}
		}
	}
	return false
}

// clash says whether two causes of one blast or strike cannot both be true.
func (b *builder) clash(v, w string) bool {
	if v == "armed" || v == "unarmed" || w == "armed" || w == "unarmed" {
		return v == "armed" && w == "unarmed" || v == "unarmed" && w == "armed"
	}
	if b.data.only[v] || b.data.only[w] {
		return b.data.rival[[2]string{v, w}]
	}
	return !b.data.fit[[2]string{v, w}]
}

// gives says whether report r, which has v, gives a number that w may be.
func (v Value) gives(r string, w Value) bool {
	return slices.ContainsFunc(v.also[r], func(n int64) bool { return (w.Low == nil || *w.Low <= n) && (w.High == nil || n <= *w.High) })
}

// alike says whether two names may be of one party: the words of the shorter
// are all in the longer.
func alike(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(y) < len(x) {
		x, y = y, x
	}
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return true
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// rival makes one contradiction of the values of a field that each clash with
// another one. A value that clashes with none takes no side.
func (b *builder) rival(field, of string, list []Value, clash func(v, w Value) bool, why string) {
	var sides []Value
	for i, v := range list {
		for j, w := range list {
			if i != j && clash(v, w) && !b.oneOrigin(v, w) {
				sides = append(sides, v)
				break
			}
		}
	}
	if len(sides) > 1 {
		b.t.Contradictions = append(b.t.Contradictions, Contradiction{field, of, sides, why})
	}
}

// oneOrigin says whether two values come from one report alone: it gives both,
// and is not at odds with itself.
func (b *builder) oneOrigin(v, w Value) bool {
	return len(v.Reports) == 1 && len(w.Reports) == 1 && v.Reports[0] == w.Reports[0]
}

// mainPlaces are the places of which a member says that the act was there:
// the first of each account.
func (b *builder) mainPlaces() []Value {
	var out []Value
	for _, v := range b.t.Values[Place] {
		if v.spot.area || !v.spot.geo {
			continue
		}
		var reports []string
		for _, m := range b.in.Members {
			if m.account != nil && slices.ContainsFunc(m.account.main, func(p spot) bool { return p.id == v.spot.id && p.local }) {
				reports = append(reports, m.Report)
			}
		}
		if len(reports) > 0 {
			v.Reports = reports
			out = append(out, v)
		}
	}
	return out
}

// spots are the posts, villages, quarters and the like of members that name
// just one of its kind where they first tell of the act.
func (b *builder) spots() []Value {
	var out []Value
	for _, a := range b.members() {
		for _, s := range a.scenes {
			if len(s.acts) == 0 || s.unreal != "" || s.denied {
				continue
			}
			list := slices.DeleteFunc(slices.Clone(s.towns), func(p spot) bool {
				return p.kind == "" || p.area || !b.data.has("narrow", []token{newToken(p.kind, 0, 0)})
			})
			if len(list) == 0 {
				continue
			}
			if len(list) == 1 {
				p := list[0]
				i := slices.IndexFunc(out, func(v Value) bool { return v.spot.key == p.key && v.spot.kind == p.kind })
				if i < 0 {
					out, i = append(out, Value{Value: p.name, ID: p.id, Precision: "spot", spot: p}), len(out)
				}
				b.side(&out[i], p.name, a, s.start, s.end)
			}
			break
		}
	}
	for i := range out {
		out[i].Origins = b.count(out[i].claims)
	}
	return out
}

// provinces are the provinces of members that name just one.
func (b *builder) provinces() []Value {
	var out []Value
	for _, m := range b.in.Members {
		if m.account == nil {
			continue
		}
		list := slices.DeleteFunc(slices.Clone(m.account.areas), func(p spot) bool { return !p.province })
		if len(list) != 1 {
			continue
		}
		if i := slices.IndexFunc(out, func(v Value) bool { return v.spot.key == list[0].key }); i >= 0 {
			out[i].Reports = append(out[i].Reports, m.Report)
			continue
		}
		for _, v := range b.t.Values[Place] {
			if v.spot.id == list[0].id {
				v.Reports = []string{m.Report}
				out = append(out, v)
			}
		}
	}
	return out
}

// dayOfPress says whether a day may be that on which somebody spoke: it is
// the day of publication of all its reports, none says «امروز», and no two say it.
func (b *builder) dayOfPress(v Value) bool {
	for _, r := range v.Reports {
		if d := b.docs[r]; d == nil || !d.day().Equal(v.first) {
			return false
		}
	}
	for _, s := range v.Sayings {
		if b.data.has("today", tokensOf(s.Quote.Text)) {
			return false
		}
	}
	return len(v.Reports) == 1
}

// both says whether a report of either place names the other as a place where
// something was, too.
func (b *builder) both(v, w Value) bool {
	for _, m := range b.in.Members {
		if m.account == nil {
			continue
		}
		for _, x := range [][2]Value{{v, w}, {w, v}} {
			if slices.Contains(x[0].Reports, m.Report) && slices.ContainsFunc(m.account.towns, func(p spot) bool { return p.local && relation(p, x[1].spot) == same }) {
				return true
			}
		}
	}
	return false
}

// armed are the named groups among actors of violence: the one that a report
// names most often.
func (b *builder) armed(named []Value) []Value {
	if len(b.in.Kinds) == 0 || b.in.Kinds[0] != "violence" && b.in.Kinds[0] != "abduction" {
		return nil
	}
	var out []Value
	for _, v := range named {
		if v.group {
			out = append(out, v)
		}
	}
	return out
}
