package incident

import (
	"slices"
)

// outcome is a thing about an act of which only one of two can be: how a gathering ended,
// whether a ransom was paid. The classes state-TOPIC-VALUE of words.txt say which words tell of it.
type outcome struct {
	topic  string
	values [2]string
	shown  [2]string // how the table names the values
	kinds  []string  // of acts of which it is asked
	later  bool      // the second is no rival of the first where it is told before: who is held may be freed
}

var outcomes = []outcome{
	{"gathering", [2]string{"force", "peace"}, [2]string{"broken up by force", "ended peacefully"}, []string{"protest"}, false},
	{"captives", [2]string{"freed", "held"}, [2]string{"freed", "still held"}, []string{"abduction", "seizure", "release"}, true},
	{"attempt", [2]string{"done", "failed"}, [2]string{"it came about", "it failed"}, []string{"abduction", "seizure"}, false},
	{"ransom", [2]string{"paid", "unpaid"}, [2]string{"paid", "not paid"}, []string{"abduction", "release"}, false},
	{"aircraft", [2]string{"shot", "fault"}, [2]string{"shot down", "came down by a fault"}, []string{"violence"}, false},
	{"cargo", [2]string{"arms", "goods"}, [2]string{"weapons", "goods and medicine"}, []string{"seizure"}, false},
}

// fates finds where reports tell of one outcome otherwise, and where one tells
// that somebody was killed and another one that he is alive.
func (b *builder) fates() {
	for _, o := range outcomes {
		if o.topic == "attempt" && slices.ContainsFunc(b.t.Contradictions, func(c Contradiction) bool { return c.Field == Status }) {
			continue // it is said already
		}
		if !slices.ContainsFunc(b.in.Kinds[:min(2, len(b.in.Kinds))], func(k string) bool { return slices.Contains(o.kinds, k) }) {
			continue
		}
		var sides [2]Value
		for _, a := range b.members() {
			k, start, end := b.outcome(a, o)
			if k < 0 {
				continue
			}
			b.side(&sides[k], o.shown[k], a, start, end)
			b.put(Status, Value{Value: o.shown[k], Of: o.topic}, a, start, end)
		}
		if o.later {
			sides[1].Reports = slices.DeleteFunc(sides[1].Reports, func(r string) bool {
				return !slices.ContainsFunc(sides[0].Reports, func(q string) bool { return !b.docs[r].published.Before(b.docs[q].published) })
			})
		}
		b.clashing(o.topic, sides, "it ended the one way or the other")
	}
	b.alive()
}

// clashing makes a contradiction of two sides that each have a report.
func (b *builder) clashing(of string, sides [2]Value, why string) {
	if len(sides[0].Reports) == 0 || len(sides[1].Reports) == 0 {
		return
	}
	for i := range sides {
		sides[i].Of = of
		sides[i].Origins = b.count(sides[i].claims)
	}
	b.t.Contradictions = append(b.t.Contradictions, Contradiction{Status, of, sides[:], why})
}

// outcome returns which of the two a report tells, -1 where it tells of neither, or of both.
func (b *builder) outcome(a *account, o outcome) (k, start, end int) {
	w := b.data
	k = -1
	for _, s := range a.scenes {
		if s.unreal != "" || w.has("background", s.tokens) {
			continue
		}
		for n, v := range o.values {
			for _, r := range w.find("state-"+o.topic+"-"+v, s.tokens) {
				if s.denied && w.disputed(s.tokens, r[0]) || slices.ContainsFunc(s.tokens[max(0, r[0]-6):r[0]], func(t token) bool { return t.key == "تا" }) {
					continue // «تا ورود … آرام بود»
				}
				if k >= 0 && k != n {
					return -1, 0, 0
				}
				if k < 0 {
					k, start, end = n, s.tokens[r[0]].start, s.tokens[r[1]-1].end
				}
			}
		}
	}
	return k, start, end
}

// alive finds somebody of whom one report says that he was killed and another one, on that
// day or later, that he lives. He is known by two words side by side that both have
// before it: «رئیس پلیس … کشته شد», «رئیس پلیس … زنده است».
func (b *builder) alive() {
	w := b.data
	for _, a := range b.accounts() {
		for _, s := range a.scenes {
			r := w.find("alive", s.tokens)
			if s.unreal != "" || len(r) == 0 {
				continue
			}
			who := neighbours(s.tokens[max(0, r[0][0]-14):r[0][0]])
			var sides [2]Value
			name := ""
			for _, o := range b.members() {
				if o.doc == a.doc || o.doc.day().After(a.doc.day()) {
					continue
				}
				if two, t := o.died(w, who); t != nil {
					b.side(&sides[0], "killed", o, t.start, t.end)
					name = two
				}
			}
			if name == "" || slices.ContainsFunc(b.t.Contradictions, func(c Contradiction) bool {
				return c.Field == Status && slices.ContainsFunc(c.Sides, func(v Value) bool { return v.not && slices.Contains(v.Reports, a.doc.ID) })
			}) {
				continue // who denies that it happened says no more by that
			}
			b.side(&sides[1], "alive", a, s.start, s.end)
			b.clashing(name, sides, "one says killed, another one alive")
			return // one is enough: an incident may have a thousand members
		}
	}
}

// died returns the first of some pairs of words that the account has before a word for
// dying, and its scene.
func (a *account) died(w *data, who []string) (string, *scene) {
	for _, s := range a.scenes {
		if s.unreal != "" || s.denied || s.retracts || w.has("alive", s.tokens) {
			continue
		}
		for _, r := range w.find("dead", s.tokens) {
			for _, two := range neighbours(s.tokens[max(0, r[0]-12):r[0]]) {
				if slices.Contains(who, two) {
					return two, s
				}
			}
		}
	}
	return "", nil
}

// neighbours are the neighbours among words that may be a name or an office.
func neighbours(list []token) []string {
	var out []string
	for i := 1; i < len(list); i++ {
		x, y := list[i-1], list[i]
		if len([]rune(x.key)) > 2 && len([]rune(y.key)) > 2 && !noName(x.key) && !noName(y.key) && !loaded.has("dead", list[i-1:i+1]) && !loaded.has("announced", list[i-1:i+1]) {
			out = append(out, x.key+" "+y.key)
		}
	}
	return out
}
