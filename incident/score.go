package incident

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// node is an account while it is linked.
type node struct {
	*gist
	sketch *Sketch
	n      int      // its number in the report
	rarity []int32  // of its terms, in their order
	all    int64    // their sum
	open   []int32  // of its opening terms
	keys   []uint32 // see blocks

	// For finding what hangs together.
	up    *node   // itself at the root
	ring  []*node // at the root: all of the part
	until int64   // at the root: the last stretch of any
}

func (l *linker) node(s *Sketch, n int) *node {
	a := &node{gist: &s.gists[n], sketch: s, n: n}
	a.up, a.ring = a, []*node{a}
	st := a.stretches(s)
	if a.until = st[len(st)-1]; l.drifting[a.key()] != nil {
		a.until = always
	}
	return a
}

// weighed finds how rare the words of an account are, when it is first compared.
func (l *linker) weighed(a *node) {
	if a.rarity != nil {
		return
	}
	a.rarity = make([]int32, len(a.terms))
	for i, h := range a.terms {
		a.rarity[i] = l.rare.get(h)
		a.all += int64(a.rarity[i])
	}
	a.open = make([]int32, len(a.opening))
	for i, h := range a.opening {
		a.open[i] = l.rare.get(h)
	}
}

// ref is the place of the account.
func (a *node) ref() Ref { return Ref{a.sketch.Report, a.at.Start, a.at.End} }

// key tells accounts apart.
type key struct {
	report string
	n      int
}

func (a *node) key() key { return key{a.sketch.Report, a.n} }

// before orders accounts by report.
func before(a, b *node) int {
	if c := strings.Compare(a.sketch.Report, b.sketch.Report); c != 0 {
		return c
	}
	return a.n - b.n
}

// feature is one reason for or against two accounts telling of one incident.
type feature struct {
	weight float64
	why    string   // plain English; "" where it says nothing for people
	rare   []uint32 // words that belong behind it, the rarest first
}

// never is the score of accounts that cannot be one. Scores are in thousandths.
const never = -100_000

// score adds up what speaks for and against a and b telling of one incident.
// It is the same for b and a.
func (l *linker) score(a, b *node) int64 { return l.weigh(a, b, nil) }

// why returns the features of the score.
func (l *linker) why(a, b *node) []feature {
	var out []feature
	l.weigh(a, b, &out)
	return out
}

func (l *linker) weigh(a, b *node, why *[]feature) int64 {
	if a.sketch == b.sketch || a.sketch.Report == b.sketch.Report {
		return never
	}
	if before(b, a) < 0 {
		a, b = b, a
	}
	w := &l.w
	sum := 0.0
	put := func(weight float64, say func() string) {
		sum += weight
		if why != nil {
			f := feature{weight: weight}
			if say != nil {
				f.why = say()
			}
			*why = append(*why, f)
		}
	}
	put(w.bias, nil)
	kind, most := "", 0
	for _, k := range a.kinds {
		for _, o := range b.kinds {
			if k.kind == o.kind && k.n+o.n > most {
				kind, most = k.kind, k.n+o.n
			}
		}
	}
	switch {
	case kind != "" && (kind == a.kind() || kind == b.kind()):
		put(w.sameKind, func() string { return "both tell of " + kind })
	case kind != "":
		put(w.likeKind, func() string { return "both tell of " + kind + ", too" })
	case l.data.like[[2]string{a.kind(), b.kind()}]:
		put(w.likeKind, func() string { return "one tells of " + a.kind() + ", the other of " + b.kind() })
	default:
		return never
	}

	switch {
	case a.lead && b.lead:
		put(w.bothLead, nil)
	case !a.lead && !b.lead:
		put(w.noneLead, nil)
	}

	said := a.first != noDay && b.first != noDay
	guess := a.inherited || b.inherited || a.loose || b.loose
	d := int32(0)
	if said {
		d = max(0, b.first-a.last, a.first-b.last)
	}
	switch {
	case said && d == 0:
		put(w.sameDay, func() string { return "on " + days(a.gist, b.gist) })
	case said && d == 1 && night(a.gist, b.gist):
		put(w.nearNight, func() string { return "about one night" })
	case said && d == 1 && !guess:
		put(w.nearDay, nil)
	case said && d == 1:
		put(w.nearGuess, nil)
	case said && d == 2 && !guess:
		put(w.twoDays, nil)
	case said && (d > 1 && !guess || d > 3):
		put(w.apartDay, nil)
	case a.sketch.published != noTime && b.sketch.published != noTime:
		switch p := a.sketch.day() - b.sketch.day(); {
		case max(p, -p) <= 3:
			put(w.nearPress, func() string { return "published within three days" })
		case max(p, -p) > 10:
			put(w.farPress, nil)
		}
	}

	near := common(a.towns, a.main, b.towns)
	if near == "" {
		near = common(b.towns, b.main, a.towns)
	}
	switch {
	case near != "":
		put(w.sameTown*(0.5+0.5*l.telling(l.rare.get(hash("at "+near)))), func() string { return "at " + near })
	case apart(a.gist, b.gist):
		if distance(a.towns, b.towns) != same {
			if a.local() && b.local() && l.data.talk[kind] {
				put(w.apartTown/2, nil) // where talks were is often guessed
			} else if a.local() && b.local() {
				put(w.apartTown, nil)
			} else {
				put(w.apartTown/6, nil)
			}
		}
	case distance(append(slices.Clip(a.towns), a.areas...), append(slices.Clip(b.towns), b.areas...)) >= same:
		put(w.within, func() string { return "in one province" })
	}

	fine := finer(a.gist, b.gist)
	if fine != "" {
		put(w.sameSpot, func() string { return "at " + fine })
	}

	l.weighed(a)
	l.weighed(b)
	share, strength := l.shared(a, b)
	toll := meeting(a.tolls, b.tolls)
	in := l.names(a, b)
	if near != "" || fine != "" {
		in = 0 // the town is one of them
	}
	if in > 0 {
		put(w.sameName*in, func() string { return "a place by one name" })
	}
	if (a.vague() || b.vague()) && in < 0.5 {
		put(w.vague, nil)
	}
	if share < 0.2 && near == "" && fine == "" && toll == "" && in < 0.5 {
		put(w.nothingOwn, nil)
	}
	if near == "" && fine == "" && toll == "" && in < 0.5 && !a.local() && !b.local() && a.happened && b.happened {
		put(w.nowhere, nil)
	}
	put(w.words*share, nil)
	if strength > 0 {
		put(w.rare*min(5, strength*40/float64(max(40, min(len(a.terms), len(b.terms))))), nil)
		if why != nil {
			f := &(*why)[len(*why)-1]
			f.why, f.rare = "rare words in common: ", l.rarest(a, b)
		}
	}
	who := a.meets(b.gist)
	if who < 0 && l.data.talk[kind] && a.kind() == kind && b.kind() == kind && (a.people() && b.people() || a.bodies() && b.bodies()) {
		put(w.otherParties, nil)
	}
	open := 0.0
	for i, j := 0, 0; i < len(a.opening) && j < len(b.opening); {
		switch x, y := a.opening[i], b.opening[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			open += l.telling(a.open[i])
			i++
			j++
		}
	}
	put(w.opening*min(4, open), nil)
	if toll != "" {
		put(w.sameToll, func() string { return "the same number: " + toll })
	}
	if who >= 0 {
		p := a.parties[who]
		put(w.sameActor*l.telling(l.rare.get(hash("by "+p.id))), func() string { return p.name + " in both" })
	}
	if a.sketch.Origin != "" && a.sketch.Origin == b.sketch.Origin && a.lead == b.lead {
		put(w.origin*min(1, 2*share), func() string { return "the reports have one origin" })
	}
	return max(never, int64(math.Round(sum*1000)))
}

// shared returns the share of rare words that the account with fewer has in
// common with the other, and how telling those in common are together.
func (l *linker) shared(a, b *node) (share, strength float64) {
	sum := int64(0)
	for i, j := 0, 0; i < len(a.terms) && j < len(b.terms); {
		switch x, y := a.terms[i], b.terms[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			sum += int64(a.rarity[i])
			strength += l.telling(a.rarity[i])
			i++
			j++
		}
	}
	return float64(sum) / float64(max(scale, min(a.all, b.all))), strength
}

// names says how telling the most telling of the places is that both have by
// name alone, 0 to 1.
func (l *linker) names(a, b *node) float64 {
	best := 0.0
	for i, j := 0, 0; i < len(a.gist.names) && j < len(b.gist.names); {
		switch x, y := a.gist.names[i], b.gist.names[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			best = max(best, l.telling(l.rare.get(x)))
			if x&1 == 1 && l.rare.of[x] <= 30 {
				best = max(best, 0.7) // the name of a ship tells, however many reports are about it
			}
			i++
			j++
		}
	}
	return best
}

// rarest returns the telling words that a and b share, the rarest first.
func (l *linker) rarest(a, b *node) []uint32 {
	type word struct {
		h      uint32
		rarity int32
	}
	var list []word
	for i, h := range a.terms {
		if _, ok := slices.BinarySearch(b.terms, h); ok && l.telling(a.rarity[i]) > 0 {
			list = append(list, word{h, a.rarity[i]})
		}
	}
	slices.SortStableFunc(list, func(x, y word) int { return int(y.rarity - x.rarity) })
	var out []uint32
	for _, w := range list {
		out = append(out, w.h)
	}
	return out
}

// common returns the first of the towns of one act that another account names.
func common(towns []spot, main []int, others []spot) string {
	for _, i := range main {
		for j := range others {
			if relation(towns[i], others[j]) == same {
				return towns[i].name
			}
		}
	}
	return ""
}

// apart says whether the towns of two acts are far from each other.
func apart(a, b *gist) bool {
	best := unknown
	for _, i := range a.main {
		for _, j := range b.main {
			if r := relation(a.towns[i], b.towns[j]); r == same || r == within {
				return false
			}
		}
	}
	if len(a.main) > 0 && len(b.main) > 0 {
		best = relation(a.towns[a.main[0]], b.towns[b.main[0]])
	}
	return best == far
}

// local says whether the words say of the main town that the act was there. Where none
// does, it is the first that the sentence names, be it a party to it: «پدافند کی‌یف».
func (g *gist) local() bool { return len(g.main) > 0 && g.towns[g.main[0]].local }

// finer returns a spot (a post, a market, a village) that both name.
func finer(a, b *gist) string {
	for i := range a.towns {
		for j := range b.towns {
			if p, q := &a.towns[i], &b.towns[j]; (p.fine || q.fine) && !p.geo && !q.geo && p.key == q.key {
				return p.name
			}
		}
	}
	return ""
}

// meeting returns the first text that two sorted lists have in common.
func meeting(a, b []string) string {
	for _, s := range a {
		if slices.Contains(b, s) {
			return s
		}
	}
	return ""
}

// meets returns the index of the first of a's parties that b names too, -1 for
// none.
func (g *gist) meets(o *gist) int {
	return slices.IndexFunc(g.parties, func(p party) bool {
		return slices.ContainsFunc(o.parties, func(q party) bool { return p.id == q.id })
	})
}

// night says whether two accounts of neighbouring days may mean the night
// between them.
func night(a, b *gist) bool {
	if b.last < a.first {
		a, b = b, a
	}
	return a.late || b.early
}

func days(a, b *gist) string {
	if a.last-a.first > b.last-b.first {
		a, b = b, a
	}
	first, last := dayTime(a.first).Format(time.DateOnly), dayTime(a.last).Format(time.DateOnly)
	if first == last {
		return first
	}
	return first + " to " + last
}

// reason puts the features that speak for it into a sentence; word gives the
// letters of a term.
func reason(list []feature, word func(uint32) string) string {
	var out []string
	for _, f := range list {
		if f.why == "" || f.weight <= 0 {
			continue
		}
		if f.rare == nil {
			out = append(out, f.why)
			continue
		}
		var words []string
		for _, h := range f.rare {
			if s := word(h); s != "" && len(words) < 4 {
				words = append(words, s)
			}
		}
		if len(words) > 0 {
			out = append(out, f.why+strings.Join(words, ", "))
		}
	}
	return strings.Join(out, "; ")
}

// confidence is a score in thousandths on a scale of 0 to 1.
func confidence(score float64) float64 {
	return math.Round(100/(1+math.Exp(-score/1000))) / 100
}

func (a *node) String() string { return fmt.Sprintf("%s/%d", a.sketch.Report, a.n) }

// weights are those of data/weights.txt.
type weights struct {
	bias, sameKind, likeKind, bothLead, noneLead, vague, nothingOwn, sameDay, nearDay, nearNight, apartDay, nearGuess, nearPress, farPress,
	sameTown, within, sameSpot, apartTown, words, rare, opening, sameToll, sameActor, otherParties, origin, sameName, nowhere, twoDays float64
}

func (d *data) weigh() weights {
	w := d.weights
	return weights{w["bias"], w["same-kind"], w["like-kind"], w["both-lead"], w["none-lead"], w["vague"], w["nothing-own"], w["same-day"], w["near-day"], w["near-night"], w["apart-day"], w["near-guess"],
		w["near-press"], w["far-press"], w["same-town"], w["within"], w["same-spot"], w["apart-town"], w["words"], w["rare"], w["opening"], w["same-toll"], w["same-actor"], w["other-parties"], w["origin"], w["same-name"], w["nowhere"], w["two-days"]}
}
