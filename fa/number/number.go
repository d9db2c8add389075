// Package number finds amounts in Persian text: numerals in words and digits,
// with their hedge and what they count.
//
// «بيش از هفت ميليون داوطلب» is more than 7,000,000, its noun «داوطلب». The
// words it knows are the lists in data; ordinals, dates, clock times and
// labels («قطعنامه 598») are no amounts.
package number

import (
	"strings"

	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Hedge is how sure an amount is said to be.
type Hedge string

// The hedges of the record.
const (
	Exact    Hedge = "exact"
	About    Hedge = "about"
	MoreThan Hedge = "more_than"
	AtLeast  Hedge = "at_least"
	UpTo     Hedge = "up_to"
	LessThan Hedge = "less_than"
)

// Amount is a count with the words it was read from.
type Amount struct {
	Span        span.Span // hedge, numeral, classifier and counted noun
	First, Last int       // Words[First:Last]
	Min, Max    *int64    // nil is open
	Hedge       Hedge
	Noun        int    // index of the counted noun or classifier, -1 for none
	Unit        string // killed, wounded, detained, attacks, people, other; given by package count, which knows news
	Rule        string // what it was read by: numeral, range, neighbours, vague, few, one, adjective
	Kind        Kind
}

// Kind is what sort of thing an amount measures, as far as the word after it tells.
type Kind uint8

// The kinds of amounts.
const (
	Things  Kind = iota
	Money        // a currency follows
	Weight       // a weight or volume follows
	Measure      // a length, a share, a degree: it measures and counts nothing
)

// Find reads the amounts of t, in text order. Dates, clock times and ordinals
// are no amounts.
func Find(t *word.Text) []Amount {
	w := load()
	p := Pieces(t)
	var out []Amount
	for i := 0; i < len(p); {
		if p[i].Sign {
			i++
			continue
		}
		n, ok := Read(p, i)
		if !ok {
			i++
			continue
		}
		a, next, ok := w.amount(t, p, n)
		if k := len(out); ok && !(k > 0 && out[k-1].Span.Overlaps(a.Span)) {
			out = append(out, a)
		}
		i = max(n.Last, next)
	}
	return out
}

// amount reads what stands around the numeral n; ok is false where it is no amount.
func (w *words) amount(t *word.Text, p []Piece, n Numeral) (a Amount, next int, ok bool) {
	lo, hi := n.Min, n.Max
	rule := n.Rule
	last := n.Last
	if n.Thousandths != 0 && n.Digits > 0 && last < len(p) && p[last].Sign {
		return a, last, false
	}
	// «۲۰ تا ۳۰»
	if !n.Vague && !n.One && last+1 < len(p) {
		switch p[last].Key {
		case "تا", "الی", "یا", "-", "–", "ـ", "—":
			if m, ok := Read(p, last+1); ok && m.Min > lo && !m.Vague && !m.Few && !m.One && hi > 0 {
				// «20 تا 30 هزار»: the scale belongs to both
				if lo < 1000 && m.Min >= 1000 && n.Digits > 0 {
					for s := int64(1000); s <= m.Min; s *= 1000 {
						if m.Min%s == 0 && m.Min/s > lo && m.Min/s < 1000 {
							lo *= s
							break
						}
					}
				}
				hi, last, rule = m.Max, m.Last, "range"
			}
		}
	}
	// What stands after it.
	same := func(j int) bool {
		return j < len(p) && !p[j].Sign && t.Words[p[j].Word].Sentence == t.Words[p[n.First].Word].Sentence
	}
	// a slash or colon glued to digits is a date, a clock or a code
	if n.Digits > 0 {
		if last+1 < len(p) && p[last].Sign && p[last].Glued && p[last+1].Digit && p[last+1].Glued {
			return a, skipCode(p, last), false
		}
		if n.First > 1 && p[n.First-1].Sign && p[n.First].Glued && p[n.First-1].Glued && (p[n.First-2].Digit || isLatin(p[n.First-2].Key) || p[n.First-1].Key == "-" && !p[n.First-2].Sign) {
			return a, last, false
		}
		if n.First > 0 && p[n.First].Glued && !p[n.First-1].Sign {
			return a, last, false // «اف16»
		}
		if last < len(p) && p[last].Glued && isLatin(p[last].Key) {
			return a, last, false
		}
	}
	after := func(j int) around {
		if !same(j) {
			return 0
		}
		return w.aroundOf(p, j)
	}
	if same(last) && p[last].Glued && (p[last].Key == "م" || p[last].Key == "مین" || p[last].Key == "ام" || p[last].Key == "امین") {
		return a, last + 1, false // «30ام»
	}
	if same(last) && (p[last].Key == "ام" || p[last].Key == "امین" || p[last].Key == "اُم") {
		return a, last + 1, false
	}
	if same(last) && (p[last].Key == "سوم" || p[last].Key == "چهارم" || p[last].Key == "پنجم" || p[last].Key == "دهم") && hi < 10 {
		return a, last + 1, false // «دو سوم»
	}
	if same(last+1) && p[last].Key == "و" && n.Digits == 0 && w.ordinal(p[last+1].Key) {
		return a, last + 2, false // «سی و سومین»
	}
	if same(last) && (p[last].Key == "تنها" || p[last].Key == "فقط") && p[n.First].Key == "نه" {
		return a, last + 1, false // «نه تنها»
	}
	ar := after(last)
	if ar&classifier != 0 && ar&weight != 0 { // «دو ميليون تن نفت»: tonnes, not people
		if n.Thousandths != 0 || after(last+1)&material != 0 || n.Min >= 1e6 && !(same(last+1) && p[last+1].Key == "از") {
			ar &^= classifier
		}
	}
	if !n.Few && !n.One && ar&timeUnit != 0 && ar&classifier == 0 {
		return a, last + 1, false
	}
	if ar&timeUnit != 0 && ar&classifier == 0 || ar&notCounted != 0 {
		return a, last + 1, false
	}
	kind := Things
	switch {
	case last < len(p) && (p[last].Key == "%" || p[last].Key == "٪"):
		kind = Measure
	case ar&measure != 0:
		kind = Measure
	case ar&money != 0:
		kind = Money
	case ar&weight != 0 && ar&classifier == 0:
		kind = Weight
	}
	if n.Digits > 0 && last < len(p) && p[last].Key == "$" {
		kind = Money
	}
	if same(last+1) && p[last].Key == "در" && p[last+1].Key == "صد" {
		return a, last + 2, false // «صد در صد»
	}
	if n.Thousandths != 0 {
		return a, last, false // a broken count is none
	}
	// What stands before it.
	first := n.First
	if n.First > 0 && !p[n.First-1].Sign {
		prev := p[n.First-1].Key
		if prev == "هر" && n.Digits == 0 && n.Max < 4 && ar&classifier == 0 {
			return a, last, false // «هر دو رهبر»
		}
		if n.Digits > 0 && isLatin(prev) && kind == Things && ar&classifier == 0 {
			return a, last, false // «News 24»
		}
		if w.around[prev]&label != 0 && n.Rule != "one" && !(ar&classifier != 0) && kind == Things {
			return a, last, false
		}
		// «نه» is mostly "no", «ده» a village, «سی» and «هفت» are safe
		if n.Digits == 0 && n.Last == n.First+1 && p[n.First].Key == "نه" && ar&(classifier|money) == 0 {
			return a, last, false
		}
	} else if n.Digits == 0 && n.Last == n.First+1 && p[n.First].Key == "نه" && ar&(classifier|money) == 0 {
		return a, last, false
	}
	hedge := Exact
	if first > 0 {
		if h, at, ok := w.hedgeBefore(t, p, n.First); ok {
			hedge, first = h, at
		}
	}
	// the noun
	noun := -1
	end := last
	if same(last) && (p[last].Key == "نفره" || p[last].Key == "نفری") {
		noun, end, rule = p[last].Word, last+1, "adjective"
	} else if ar&classifier != 0 || ar&(money|weight|measure) != 0 {
		noun, end = p[last].Word, last+1
		// «سي دستگاه خودرو»: the noun after a classifier that is no person
		if ar&classifier != 0 && same(end) && p[last].Key != "نفر" && p[last].Key != "تن" && p[last].Key != "بار" && p[last].Key != "مرتبه" && p[last].Key != "مورد" && counted(t, p, end, w) {
			noun, end = p[end].Word, end+1
		} else if ar&money != 0 && same(end) && (p[end].Key == "امریکا" || p[end].Key == "امریکایی") {
			end++
		} else if ar&classifier != 0 && end-last == 1 && kind == Things && same(end) && w.aroundOf(p, end)&weight != 0 && p[last].Key == "تن" {
			end = last + 1
		}
	} else if same(last) && counted(t, p, last, w) {
		noun, end = p[last].Word, last+1
		// An ezafe that is written ties the next word to the noun: «نيروي آمريكايي».
		if k := p[last].Key; same(end) && (strings.HasSuffix(k, "وی") || strings.HasSuffix(k, "ای") || strings.HasSuffix(t.Words[p[last].Word].Form, "ۀ")) && len(k) > 6 && strings.HasSuffix(p[end].Key, "ی") {
			end++
		} else if w.around[k]&person != 0 && same(end) && len(p[end].Key) > 4 && strings.HasSuffix(p[end].Key, "ی") && !notNoun[p[end].Key] && p[end].Key != "زخمی" && p[end].Key != "خارجی" {
			end++ // «یک جوان فلسطینی»: who a person is stands in the adjective
		}
	}
	if n.One {
		// «یکی از سربازان»
		if !(same(last) && p[last].Key == "از" && same(last+1)) {
			end = last
			if hedge != Exact {
				return a, last, false
			}
		} else {
			end = last + 2
			noun = p[last+1].Word
			if p[last+1].Key == "این" || p[last+1].Key == "همین" || p[last+1].Key == "مهمترین" || p[last+1].Key == "مهم" {
				if same(last + 2) {
					end++
					noun = p[last+2].Word
				}
			}
		}
	}
	a = Amount{
		Span:  span.Span{Start: p[first].Span.Start, End: p[end-1].Span.End},
		First: p[first].Word, Last: p[end-1].Word + 1,
		Hedge: hedge, Noun: noun, Rule: rule, Kind: kind,
	}
	if noun >= 0 && noun < a.Last && p[end-1].Word == noun && p[end-1].Span.End < t.Words[noun].Span.End && end < len(p) && p[end].Word != noun {
		a.Span.End = t.Words[noun].Span.End
	}
	a.bound(lo, hi, n, rule)
	return a, end, true
}

// bound sets Min, Max and Hedge by the laws of the record.
func (a *Amount) bound(lo, hi int64, n Numeral, rule string) {
	set := func(v int64) *int64 { return &v }
	switch {
	case n.Vague:
		a.Min = set(lo)
		if rule == "vague" && lo >= 100000 && n.Last-n.First > 1 {
			top := int64(1)
			for top <= lo {
				top *= 10
			}
			a.Max = set(top - 1)
		}
		switch {
		case a.Hedge != Exact && a.Hedge != About:
		case n.Last-n.First > 1 || lo < 1000:
			a.Hedge = About
		default:
			a.Hedge = MoreThan
		}
	case n.Few:
		a.Min = set(lo)
		a.Hedge = AtLeast
	case rule == "range" || rule == "neighbours":
		a.Min, a.Max = set(lo), set(hi)
		if a.Hedge == Exact && rule == "neighbours" { // «دو سه نفر»; «200 تا 300 نفر» says its bounds
			a.Hedge = About
		}
	default:
		switch a.Hedge {
		case MoreThan, AtLeast:
			a.Min = set(lo)
		case UpTo, LessThan:
			a.Max = set(hi)
		default:
			a.Min, a.Max = set(lo), set(hi)
		}
	}
}

// counted reports whether piece j may be the noun a number counts.
func counted(t *word.Text, p []Piece, j int, w *words) bool {
	if p[j].Sign || p[j].Digit || len(p[j].Key) < 4 || notNoun[p[j].Key] {
		return false
	}
	if _, ok := w.lookup(p[j].Key); ok {
		return false
	}
	wd := &t.Words[p[j].Word]
	switch wd.Tag {
	case word.ADP, word.PUNCT, word.CCONJ, word.SCONJ, word.AUX, word.PRON, word.VERB:
		return false
	}
	return true
}

var notNoun = map[string]bool{"از": true, "به": true, "در": true, "با": true, "که": true, "را": true, "بر": true, "تا": true, "برای": true, "است": true, "بود": true, "شد": true, "رسید": true, "رسیده": true, "دیگر": true, "این": true, "ان": true, "هم": true, "نیز": true, "شدند": true, "می": true, "پس": true, "هستند": true, "بودند": true, "اعلام": true, "افزایش": true, "کاهش": true, "و": true, "یا": true, "الی": true, "بوده": true, "شده": true, "خواهد": true}

// aroundOf is what the word at piece j is beside a number; a half-spaced pair
// («سانتی متر») is looked up as one.
func (w *words) aroundOf(p []Piece, j int) around {
	k := p[j].Key
	if a, ok := w.around[k]; ok {
		return a
	}
	if k == "تنها" {
		return 0
	}
	for _, suf := range [...]string{"ها", "های", "هایی", "ی", "ای"} {
		if s, ok := strings.CutSuffix(k, suf); ok {
			if a, ok := w.around[s]; ok {
				return a
			}
		}
	}
	if j+1 < len(p) && len(k) <= 12 {
		if a, ok := w.around[k+p[j+1].Key]; ok {
			return a
		}
	}
	return 0
}

// hedgeBefore finds the hedge that ends right before piece i, the longest one.
func (w *words) hedgeBefore(t *word.Text, p []Piece, i int) (Hedge, int, bool) {
	best, at := Hedge(""), i
	for back := 1; back <= 4 && i-back >= 0; back++ {
		j := i - back
		if p[j].Sign || t.Words[p[j].Word].Sentence != t.Words[p[i].Word].Sentence {
			break
		}
	next:
		for _, h := range w.hedges[p[j].Key] {
			if len(h.keys) != back {
				continue
			}
			for k := range h.keys {
				if p[j+k].Key != h.keys[k] {
					continue next
				}
			}
			if h.weak && (j > 0 && (p[j-1].Digit || w.isNumeral(p[j-1].Key)) || w.fromBefore(p, j)) {
				continue
			}
			// «با بیش از»; «در نزدیک»: the hedge begins at its own first word
			best, at = h.hedge, j
		}
	}
	// a joined spelling is one key: «دستکم»
	return best, at, at < i
}

func (w *words) isNumeral(k string) bool { _, ok := w.lookup(k); return ok }

// fromBefore reports whether «از …» opens a stretch that the «تا» at j closes.
func (w *words) fromBefore(p []Piece, j int) bool {
	for k := j - 1; k >= 0 && k >= j-5; k-- {
		if p[k].Key == "از" {
			return true
		}
		if p[k].Sign {
			return false
		}
	}
	return false
}

// skipCode returns the piece after a run of digits and signs glued together.
func skipCode(p []Piece, i int) int {
	for i < len(p) && p[i].Glued && (p[i].Digit || p[i].Sign) {
		i++
	}
	return i
}

func isLatin(k string) bool {
	return k != "" && (k[0] >= 'a' && k[0] <= 'z' || k[0] >= 'A' && k[0] <= 'Z')
}

// ordinal reports whether k ends a number of order: «سومین», «هفتم».
func (w *words) ordinal(k string) bool {
	switch k {
	case "دوم", "سوم", "یکم", "دومین", "سومین", "یکمین":
		return true
	}
	s, ok := strings.CutSuffix(k, "مین")
	if !ok {
		s, ok = strings.CutSuffix(k, "م")
	}
	return ok && w.isNumeral(s)
}
