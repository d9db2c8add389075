// Package count chooses, of the amounts in a report, those that weigh in a
// record, and says what they count: killed, wounded, detained, attacks,
// people or something other.
//
// In «13 سرباز عراقي كشته و 4 نفر ديگر زخمي شدند» the first amount counts
// killed, the second wounded. The words that say so are lexicon/data/units.txt.
package count

import (
	"strings"

	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/phrase"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// Units of the record.
const (
	Killed   = "killed"
	Wounded  = "wounded"
	Detained = "detained"
	Attacks  = "attacks"
	People   = "people"
	Other    = "other"
	casual   = "casual" // spoken of by number, not counted
	person   = "person" // people, counted even when it is one
)

// Counter gives amounts their unit by the words of lexicon/data/units.txt.
type Counter struct {
	trie  *lexicon.Trie
	hints []hint
}

type place uint8

const (
	noun   place = iota // the counted noun says it
	after               // words after the amount say it
	before              // words before the amount say it
)

type hint struct {
	unit  string
	place place
}

// New compiles the words of the lexicon.
func New(l *lexicon.Lexicon) *Counter {
	c := &Counter{}
	var keys []string
	var values []int
	for _, e := range l.File("units") {
		for p, field := range [...]string{noun: "noun", after: "after", before: "before"} {
			for _, v := range e.All(field) {
				keys = append(keys, spell.Key(v))
				values = append(values, len(c.hints))
			}
			c.hints = append(c.hints, hint{e.ID, place(p)})
		}
	}
	c.trie = lexicon.Build(keys, values)
	return c
}

// ending accepts what may hang on a word of the list.
func ending(rest string) bool {
	switch rest {
	case "ی", "ها", "های", "هایی", "ان", "انی", "شان", "اش", "ند", "ه", "هاند", "ای", "ات", "گان", "شد", "شدند", "شده", "یی", "هایشان", "ش", "م", "ین", "گانی", "تر", "اند", "ت", "هاست", "است":
		return true
	}
	return false
}

// found is a word of the list in the text.
type found struct {
	first, last int
	whole       bool // no ending was cut off
	hint
}

// Units reads r.Words, r.Times and r.Phrases and returns the amounts of
// weight with Unit set, in text order.
func (c *Counter) Units(r *report.Report, amounts []number.Amount) []number.Amount {
	t := &r.Words
	var out []number.Amount
	var hits []found
	var buf []lexicon.Match
	sentence, k := -1, 0
	prev := -1               // index in out of the amount before
	var list []number.Amount // without those that are times
	for _, a := range amounts {
		for k < len(r.Times) && r.Times[k].Span.End <= a.Span.Start {
			k++
		}
		if k == len(r.Times) || !r.Times[k].Span.Overlaps(a.Span) {
			list = append(list, a)
		}
	}
	amounts = list
	for i := 0; i < len(amounts); i++ {
		a := amounts[i]
		if s := t.Words[a.First].Sentence; s != sentence {
			sentence, hits = s, hits[:0]
			for j := t.Sentences[s].First; j < t.Sentences[s].Last; j++ {
				buf = c.trie.At(buf[:0], t.Words, j, ending)
				for _, m := range buf {
					if c.hints[m.Value].place == after && (m.Rest == "گان" || m.Rest == "گانی" || m.Rest == "ان" || m.Rest == "ی") {
						continue // «جان باختگان» are counted, «جان باختند» tells of others; «کشتی» is no killing
					}
					hits = append(hits, found{j, m.Last, m.Rest == "", c.hints[m.Value]})
				}
			}
			prev = -1
		}
		j := i + 1
		for j < len(amounts) && t.Words[amounts[j].First].Sentence == sentence {
			j++
		}
		u, weighs := c.unit(&r.Phrases, t, amounts[i:j], hits, out, prev)
		if !weighs {
			continue
		}
		a.Unit = u
		if u == People && both(t, a.Last) { // «7 کشته و زخمی»
			a.Last += 2
			a.Span.End = t.Words[a.Last-1].Span.End
		}
		out = append(out, a)
		prev = len(out) - 1
	}
	return out
}

// unit decides what rest[0] counts and whether it weighs in a record.
func (c *Counter) unit(tree *phrase.Tree, t *word.Text, rest []number.Amount, hits []found, out []number.Amount, prev int) (string, bool) {
	a := &rest[0]
	if a.Kind == number.Measure {
		return "", false
	}
	self, lone := c.noun(t, a, hits)
	if a.Kind == number.Money || a.Kind == number.Weight {
		return Other, true
	}
	single := a.Min != nil && a.Max != nil && *a.Max == 1 && a.Hedge == number.Exact
	few := a.Rule == "few"
	unit := ""
	switch self {
	case Killed, Wounded, Detained:
		// «7 کشته و زخمي»
		if both(t, a.Last) {
			return People, true
		}
		return self, true
	case Attacks:
		if single {
			return "", false
		}
		return self, true
	}
	if a.Rule == "adjective" { // «ليست 55 نفره»
		return People, true
	}
	if self == People && both(t, a.Last) {
		return People, true
	}
	if self == People || self == "" || a.Rule == "one" {
		unit = c.context(tree, t, rest, hits)
		if unit == "" && prev >= 0 {
			unit = sharing(t, &out[prev], a)
		}
	}
	if (single || few) && self == "" && a.Rule != "one" {
		return "", false
	}
	switch {
	case unit == Attacks && (self == People || single):
		unit = ""
	case unit == Attacks:
		return unit, true
	}
	if unit != "" {
		return unit, true
	}
	switch self {
	case People:
		if single || few {
			if k := t.Words[a.Noun].Key; k == "نفر" || k == "تن" {
				return People, true
			}
			if lone {
				for _, h := range hits {
					if h.place != noun && h.unit != person {
						return People, true
					}
				}
			}
			return People, false
		}
		return People, a.Rule != "one"
	case Other:
		return Other, !single && !few
	case casual:
		if k := t.Words[max(a.Noun, 0)].Key; k == "بار" || k == "مورد" || k == "مرتبه" {
			if u := c.context(tree, t, rest, hits); u == Attacks {
				return u, true
			}
		}
		return Other, a.Min != nil && *a.Min > 2 && !few
	}
	if single || few || a.Rule == "one" {
		return "", false
	}
	if a.Noun < 0 {
		return "", false
	}
	return Other, a.Min == nil || *a.Min > 2
}

// noun returns what the counted noun itself says, and whether one alone
// counts. The longest entry holds, a whole word before one with an ending.
func (c *Counter) noun(t *word.Text, a *number.Amount, hits []found) (unit string, lone bool) {
	if a.Noun < 0 {
		return "", false
	}
	width := 0
	for _, h := range hits {
		if h.place != noun || h.first != a.Noun {
			continue
		}
		if h.unit == person {
			lone = true
			continue
		}
		k := 2 * (h.last - h.first)
		if h.whole {
			k++
		}
		if k > width {
			unit, width = h.unit, k
		}
	}
	if lone && unit == "" {
		unit = People
	}
	return unit, lone
}

// context looks at the words around the amount: after it up to the next
// amount that does not share its verb, then before it.
func (c *Counter) context(tree *phrase.Tree, t *word.Text, rest []number.Amount, hits []found) string {
	a := &rest[0]
	end := t.Sentences[t.Words[a.First].Sentence].Last
	first := t.Sentences[t.Words[a.First].Sentence].First
	// «22 نفر از مجروحان»
	if a.Last+1 < end && t.Words[a.Last].Key == "از" {
		for _, h := range hits {
			if h.first == a.Last+1 && h.place == noun && (h.unit == Killed || h.unit == Wounded || h.unit == Detained) {
				return h.unit
			}
		}
	}
	// «کشته شدن دو سرباز»
	for k := len(hits) - 1; k >= 0; k-- {
		h := hits[k]
		if h.place != before || h.last > a.First || a.First-h.last > 7 || h.first < first {
			continue
		}
		if clear(t, h.last, a.First) {
			return h.unit
		}
	}
	// «شمار کشته‌ها به 74 تن رسید»
	if a.First > first && t.Words[a.First-1].Key == "به" && reached(t, a.Last, end) {
		for k := len(hits) - 1; k >= 0; k-- {
			h := hits[k]
			if h.last <= a.First && (h.unit == Killed || h.unit == Wounded || h.unit == Detained) {
				return h.unit
			}
		}
	}
	limit := end
	for i := 1; i < len(rest); i++ {
		if b := &rest[i]; b.Max != nil && *b.Max == 1 && b.Rule != "one" {
			if u, _ := c.noun(t, b, hits); u != People { // «… در انفجار یک بمب کشته شدند»
				continue
			}
		}
		if !joined(t, rest[i-1].Last, rest[i].First) {
			limit = rest[i].First
			break
		}
	}
	far := false // only the verb of the amount's own clause still holds
	for _, h := range hits {
		if h.place != after || h.first < a.Last {
			continue
		}
		if h.first-a.Last <= 60 && own(tree, t, a.Last, h) {
			return h.unit // «21 نفر به اتهام انفجاری که به کشته شدن 191 تن انجامید بازداشت شدند»
		}
		if h.first >= limit || far {
			far = true
			continue
		}
		if k := h.last; k < end && t.Words[k].Key == "شدن" && limit < end && limit-k <= 2 {
			continue // the death is of those counted next: «کشته شدن 191 تن»
		}
		if h.first-a.Last > 25 || a.Rule == "one" && h.first-a.Last > 12 || barrier(t, a.Last, h.first) {
			far = true
			continue
		}
		return h.unit
	}
	return ""
}

// own reports whether h is the verb of the clause that word i is in, or its
// nominal part, with a که clause embedded between the two.
func own(tree *phrase.Tree, t *word.Text, i int, h found) bool {
	if i < 1 || i > len(tree.ClauseOf) || tree.ClauseOf[i-1] < 0 {
		return false
	}
	c, split := tree.ClauseOf[i-1], false
	for k := i; k < h.first && !split; k++ {
		split = t.Words[k].Key == "که" && tree.ClauseOf[k] != c
	}
	if !split {
		return false
	}
	cl := &tree.Clauses[c]
	return cl.Verb >= h.first && cl.Verb < h.last || cl.Light >= h.first && cl.Light < h.last
}

// reached reports whether «رسید» follows within the clause.
func reached(t *word.Text, i, end int) bool {
	for k := i; k < end && k < i+8; k++ {
		if strings.HasPrefix(t.Words[k].Key, "رسید") || t.Words[k].Key == "افزایش" || t.Words[k].Key == "میرسد" {
			return true
		}
	}
	return false
}

// both reports whether «و زخمي» follows «کشته» at i.
func both(t *word.Text, i int) bool {
	if i < 1 || i+1 >= len(t.Words) || t.Words[i].Key != "و" || !strings.HasPrefix(t.Words[i-1].Key, "کشته") {
		return false
	}
	k := t.Words[i+1].Key
	return strings.HasPrefix(k, "زخمی") || strings.HasPrefix(k, "مجروح") || strings.HasPrefix(k, "مصدوم")
}

// joined reports whether two amounts are in one list: «دو پليس و سه غيرنظامي».
func joined(t *word.Text, i, j int) bool {
	if j-i > 6 {
		return false
	}
	link := false
	for ; i < j; i++ {
		switch k := t.Words[i].Key; k {
		case "و", "،", ",", "شامل", "جمله", "یا":
			link = true
		case "از":
			if t.Words[i+1].Key != "جمله" {
				return false
			}
		case "با", "در", "به", "برای", "بر", "توسط":
			return false
		case "کشته", "زخمی", "مجروح", "شد", "شدند", "که", "بازداشت", "دستگیر", "شهید", "است", "را":
			return false
		default:
			if t.Words[i].Tag == word.VERB {
				return false
			}
		}
	}
	return link
}

// sharing gives an amount the unit of the one before it that it is part of:
// «سه کشته … که دو تن از آنها».
func sharing(t *word.Text, b, a *number.Amount) string {
	if b.Unit != Killed && b.Unit != Wounded && b.Unit != Detained {
		return ""
	}
	if a.Last+1 < len(t.Words) && t.Words[a.Last].Key == "از" {
		switch t.Words[a.Last+1].Key {
		case "انها", "انان", "ایشان", "این", "مجروحان", "کشتهشدگان", "زخمیها", "کشتهها", "قربانیان":
			return b.Unit
		}
	}
	return ""
}

// clear reports whether nothing between i and j closes the clause.
func clear(t *word.Text, i, j int) bool {
	for ; i < j; i++ {
		switch t.Words[i].Key {
		case "که", "؛", ".", ":", "»", "«", "شد", "شدند", "کرد", "کردند", "داد", "گفت", "است":
			return false
		}
		if v := t.Words[i].Verb; v != nil && t.Words[i].Tag == word.VERB && v.Tense != word.Participle && v.Tense != word.Infinitive {
			return false
		}
	}
	return true
}

// barrier reports whether a clause ends between i and j.
func barrier(t *word.Text, i, j int) bool {
	for ; i < j; i++ {
		switch t.Words[i].Key {
		case "؛", ":", "گفت", "افزود", "کرد", "کردند", "کرده", "است", "شد", "شدند", "بود", "بودند", "داشت", "داشتند", "هستند", "داد", "دادند":
			return true
		}
	}
	return false
}
