package incident

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// feature is one reason for or against two accounts telling of one incident.
type feature struct {
	name   string
	weight float64
	why    string // plain English; "" where it says nothing for people
}

// never is the score of accounts that cannot be one.
const never = -100

// score adds up what speaks for and against a and b telling of one incident.
func (l *Linker) score(a, b *account) (float64, []feature) {
	w := l.data.weights
	var list []feature
	sum := 0.0
	put := func(name string, times float64, why string) {
		f := feature{name, w[name] * times, why}
		sum += f.weight
		list = append(list, f)
	}
	if a.doc == b.doc {
		return never, nil
	}
	put("bias", 1, "")
	kind := ""
	for _, k := range slices.Sorted(maps.Keys(a.kinds)) {
		if b.kinds[k] > 0 && (kind == "" || a.kinds[k]+b.kinds[k] > a.kinds[kind]+b.kinds[kind]) {
			kind = k
		}
	}
	switch x, y := a.kind(), b.kind(); {
	case kind != "":
		put("same-kind", 1, "both tell of "+kind)
	case l.data.like[[2]string{x, y}]:
		put("like-kind", 1, "one tells of "+x+", the other of "+y)
	default:
		return never, nil
	}

	switch {
	case a.lead && b.lead:
		put("both-lead", 1, "")
	case !a.lead && !b.lead:
		put("none-lead", 1, "")
	}
	if a.vague() || b.vague() {
		put("vague", 1, "")
	}

	said := !a.first.IsZero() && !b.first.IsZero()
	guess := a.inherited || b.inherited || a.loose || b.loose
	d := 0
	if said {
		d = gap(a.first, a.last, b.first, b.last)
	}
	switch {
	case said && d == 0:
		put("same-day", 1, "on "+days(a, b))
	case said && d == 1 && night(a, b):
		put("near-night", 1, "about one night")
	case said && d == 1:
		put("near-day", 1, "")
	case said && (d > 1 && !guess || d > 3):
		put("apart-day", 1, "")
	case !a.doc.published.IsZero() && !b.doc.published.IsZero():
		switch p := math.Abs(a.doc.day().Sub(b.doc.day()).Hours() / 24); {
		case p <= 3:
			put("near-press", 1, "published within three days")
		case p > 10:
			put("far-press", 1, "")
		}
	}

	near := common(a.main, b.towns)
	if near == "" {
		near = common(b.main, a.towns)
	}
	switch {
	case near != "":
		put("same-town", 0.5+0.5*l.telling(l.rarity("at "+near)), "at "+near)
	case distance(a.main, b.main) == far && distance(a.towns, b.towns) != same:
		put("apart-town", 1, "")
	case distance(a.main, b.main) == far:
	case distance(append(slices.Clip(a.towns), a.areas...), append(slices.Clip(b.towns), b.areas...)) >= same:
		put("within", 1, "in one province")
	}

	if fine := finer(a, b); fine != "" {
		put("same-spot", 1, "at "+fine)
	}

	share, strength, rare := l.shared(a, b)
	if share < 0.2 && near == "" && !slices.ContainsFunc(list, func(f feature) bool { return f.name == "same-spot" }) && !meets(a.tolls, b.tolls) {
		put("nothing-own", 1, "")
	}
	put("words", share, "")
	if len(rare) > 0 {
		put("rare", min(5, strength*40/float64(max(40, min(len(a.terms), len(b.terms))))), "rare words in common: "+strings.Join(rare[:min(4, len(rare))], ", "))
	}
	if l.data.talk[kind] && !meets(a.parties, b.parties) && (a.people() && b.people() || a.bodies() && b.bodies()) {
		put("other-parties", 1, "")
	}
	open := 0.0
	for _, t := range a.sorted {
		if a.opening[t] && b.opening[t] {
			open += l.telling(l.rarity(t))
		}
	}
	put("opening", min(4, open), "")
	for _, n := range slices.Sorted(maps.Keys(a.tolls)) {
		if b.tolls[n] {
			put("same-toll", 1, "the same number: "+n)
			break
		}
	}
	for _, p := range slices.Sorted(maps.Keys(a.parties)) {
		if b.parties[p] {
			name := a.doc.entity[p].NameEn
			if name == "" {
				name = a.doc.entity[p].Name
			}
			put("same-actor", l.telling(l.rarity("by "+p)), name+" in both")
			break
		}
	}
	if a.doc.Origin != "" && a.doc.Origin == b.doc.Origin && a.lead == b.lead {
		put("origin", min(1, 2*share), "the reports have one origin")
	}
	return math.Round(sum*1000) / 1000, list
}

// shared returns the share of rare words that the account with fewer has in
// common with the other, how telling those in common are together, and the
// most telling ones, the rarest first.
func (l *Linker) shared(a, b *account) (share, strength float64, rare []string) {
	var sum, all [2]float64
	for i, x := range []*account{a, b} {
		y := b
		if i == 1 {
			y = a
		}
		for _, t := range x.sorted {
			f := l.rarity(t)
			all[i] += f
			if y.terms[t] {
				sum[i] += f
				if n := l.telling(f); i == 0 && n > 0 {
					strength += n
					rare = append(rare, t)
				}
			}
		}
	}
	slices.SortStableFunc(rare, func(s, t string) int { return l.df[s] - l.df[t] })
	k := 0
	if all[1] < all[0] {
		k = 1
	}
	return sum[k] / max(1, all[k]), strength, rare
}

// rarity is the logarithm of how many reports there are to one with the term,
// as counted when all was last compared.
func (l *Linker) rarity(t string) float64 {
	return max(0, math.Log(float64(l.counted+1)/float64(l.df[t]+1)))
}

// telling is 0 for a term of a third of the way, on a scale of logarithms, from
// every report to one, 1 from two thirds on. Of 50 reports: 0 for a term that
// 15 have, 1 for one that 4 have; of 100,000: 3,000 and 100.
func (l *Linker) telling(rarity float64) float64 {
	third := 0.3 * math.Log(float64(l.counted+1))
	return max(0, min(1, (rarity-third)/max(0.1, third)))
}

// finer returns a spot (a post, a market, a village) that both name.
func finer(a, b *account) string {
	for _, p := range a.towns {
		for _, q := range b.towns {
			if p.key == q.key && (p.fine || q.fine) && !p.geo && !q.geo {
				return p.name
			}
		}
	}
	return ""
}

func days(a, b *account) string {
	f, e := a, b
	if f.last.Sub(f.first) > e.last.Sub(e.first) {
		f, e = e, f
	}
	if f.first.Equal(f.last) {
		return f.first.Format("2006-01-02")
	}
	return f.first.Format("2006-01-02") + " to " + f.last.Format("2006-01-02")
}

func common(a, b []spot) string {
	for _, p := range a {
		for _, q := range b {
			if relation(p, q) == same {
				return p.name
			}
		}
	}
	return ""
}

// reason puts the features that speak for it into a sentence.
func reason(list []feature) string {
	var out []string
	for _, f := range list {
		if f.why != "" && f.weight > 0 {
			out = append(out, f.why)
		}
	}
	return strings.Join(out, "; ")
}

func confidence(score float64) float64 {
	return math.Round(100/(1+math.Exp(-score))) / 100
}

func (a *account) String() string { return fmt.Sprintf("%s/%d", a.doc.ID, a.n) }

// vague says whether an account names neither a day nor a town of its act, nor
// how many it struck.
func (a *account) vague() bool {
	return (a.first.IsZero() || a.inherited || a.loose) && len(a.main) == 0 && len(a.tolls) == 0
}

func meets(a, b map[string]bool) bool {
	for k := range a {
		if b[k] {
			return true
		}
	}
	return false
}

// facets are what is counted: the terms, the towns and the parties.
func (a *account) facets() map[string]bool {
	out := maps.Clone(a.terms)
	for _, p := range a.towns {
		out["at "+p.name] = true
	}
	for p := range a.parties {
		out["by "+p] = true
	}
	return out
}

// night says whether two accounts of neighbouring days may mean the night
// between them.
func night(a, b *account) bool {
	if b.last.Before(a.first) {
		a, b = b, a
	}
	return a.late || b.early
}

// people says whether a person is among the parties, bodies whether a state, a
// group or an institution is. A minister and his state are not to be compared.
func (a *account) people() bool { return a.names(func(typ string) bool { return typ == "PER" }) }

func (a *account) bodies() bool {
	return a.names(func(typ string) bool { return typ != "PER" && typ != "PLACE" && typ != "MEDIA" })
}

func (a *account) names(is func(typ string) bool) bool {
	for p := range a.parties {
		if e := a.doc.entity[p]; e != nil && is(e.Type) {
			return true
		}
	}
	return false
}
