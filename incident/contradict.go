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
				if v.Of == of {
					list = append(list, v)
				}
			}
			b.apart(f, of, list, func(v, w Value) bool { return disjoint(v, w, b.sided()) && !b.raised(v, w) && !b.raised(w, v) }, "no number is in both")
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
	b.rival(Date, "", dates, otherDays, "the days differ")
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
		if v.Value == "gas" && !v.all || w.Value == "gas" && !w.all {
			return false // who used gas may have fired, too, but not who used «فقط گاز»
		}
		return !meet(v.Reports, w.Reports) && b.clash(v.Value, w.Value)
	}, "one blast or strike has one cause")
	var happened []Value
	for _, v := range b.t.Values[Status] {
		if v.Of == "" {
			happened = append(happened, v)
		}
	}
	b.rival(Status, "", happened, func(v, w Value) bool { return v.not != w.not }, "it happened or it did not")
	b.fates()
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
		} else if v.body {
			named = append(named, v)
		}
	}
	b.doers()
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

// apart makes a contradiction of each group of values that hang together by
// clashing: where two armies count each other's dead there are two.
func (b *builder) apart(field, of string, list []Value, clash func(v, w Value) bool, why string) {
	left := slices.Clone(list)
	for len(left) > 0 {
		part := left[:1:1]
		left = left[1:]
		for i := 0; i < len(part); i++ {
			for j := 0; j < len(left); {
				if clash(part[i], left[j]) {
					part = append(part, left[j])
					left = slices.Delete(left, j, j+1)
				} else {
					j++
				}
			}
		}
		b.rival(field, of, part, clash, why)
	}
}

// oneOrigin says whether two values come from one report alone: it gives both,
// and is not at odds with itself.
func (b *builder) oneOrigin(v, w Value) bool {
	return len(v.Reports) == 1 && len(w.Reports) == 1 && v.Reports[0] == w.Reports[0]
}
