package said

import (
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// frame says where the content of a cue stands; see lexicon/data/cues.txt.
type frame uint8

const (
	clause frame = iota
	object
	judge
	prep
	open
	participle
	according
	noun
	document
	impersonal
	not
)

var frames = map[string]frame{"clause": clause, "object": object, "judge": judge, "prep": prep, "open": open,
	"participle": participle, "according": according, "noun": noun, "document": document, "impersonal": impersonal, "not": not}

// cue is an entry of cues.txt.
type cue struct {
	id       string
	frame    frame
	act      report.Act
	unless   map[string]bool // words of the content with which it is no speech: «شعری را خواند»
	explicit bool            // its content must be marked by «که», a colon or a quotation mark
	lead     bool            // it counts only where no other cue follows in its sentence
	by       map[string]bool // keys of its prepositions
	light    map[string]bool // for frame open: past stems of its verbs
}

// class is a set of small words, an entry of sources.txt.
type class uint32

const (
	opening class = 1 << iota
	quoting
	sameReport
	desk
	outlet
	source
	speaker
	pronoun
	docNoun
	preposition
	adverb
	aside
	talk
	role
	press
	framing
	adverbial
	reportAgain
)

var classes = map[string]class{"opening": opening, "quoting": quoting, "same-report": sameReport, "house": desk, "outlet": outlet,
	"source": source, "speaker": speaker, "pronoun": pronoun, "document": docNoun, "preposition": preposition, "adverb": adverb,
	"aside": aside, "talk": talk, "role": role, "press": press, "framing": framing, "adverbial": adverbial, "report-again": reportAgain}

// Attributor finds statements by the cues of lexicon/data/cues.txt and the
// sources of lexicon/data/sources.txt.
type Attributor struct {
	cues  []cue
	verbs map[string][]int // "nominal key|past stem key" → cues
	bound map[string][]int // words with the copula grown on: «معتقدند» → cues
	words *lexicon.Trie    // cues and phrases of several words: value is an index into cues, or -1-class
	small map[string]class // single words of sources.txt by key
	longs []class          // classes of the trie's values above len(cues)
	sites map[string]site  // platforms by key of their word
	by    *lexicon.Trie    // what stands between a noun of speech and its content
}

// New compiles the cues and sources of the lexicon.
func New(l *lexicon.Lexicon) *Attributor {
	a := &Attributor{verbs: map[string][]int{}, bound: map[string][]int{}, small: map[string]class{}, sites: map[string]site{}}
	var keys, bys []string
	var values, byValues []int
	for _, e := range l.File("cues") {
		f, ok := frames[e.Get("frame")]
		if !ok {
			continue
		}
		c := cue{id: e.ID, frame: f, act: report.Act(e.Get("act")), lead: e.Has("lead"), explicit: e.Has("explicit")}
		n := len(a.cues)
		if f == noun {
			for _, p := range e.All("by") {
				bys, byValues = append(bys, spell.Key(p)), append(byValues, n)
			}
		} else if len(e.All("by")) > 0 {
			c.by = map[string]bool{}
			for _, p := range e.All("by") {
				c.by[spell.Key(p)] = true
			}
		}
		for _, w := range e.All("unless") {
			if c.unless == nil {
				c.unless = map[string]bool{}
			}
			c.unless[spell.Key(w)] = true
		}
		if f != document {
			for _, w := range e.All("word") {
				keys, values = append(keys, spell.Key(w)), append(values, n)
			}
		}
		for _, v := range e.All("verb") {
			nominal, inf := "", v
			if i := strings.LastIndexByte(v, ' '); i >= 0 {
				nominal, inf = spell.Key(v[:i]), v[i+1:]
			}
			stem := strings.TrimSuffix(spell.Key(inf), "ن")
			if f == open {
				if c.light == nil {
					c.light = map[string]bool{}
				}
				c.light[stem] = true
				continue
			}
			k := nominal + "|" + stem
			a.verbs[k] = append(a.verbs[k], n)
			if stem == "بود" && !strings.ContainsRune(v[:strings.LastIndexByte(v, ' ')], ' ') {
				for _, end := range []string{"ند", "اند", "ست"} {
					a.bound[nominal+end] = append(a.bound[nominal+end], n)
				}
			}
		}
		a.cues = append(a.cues, c)
	}
	for _, e := range l.File("sources") {
		for _, w := range e.All("platform") {
			a.sites[spell.Key(w)] = site{e.ID, e.Get("name")}
		}
		c, ok := classes[e.ID]
		if !ok {
			continue
		}
		for _, w := range e.All("word") {
			k := spell.Key(w)
			if strings.ContainsRune(w, ' ') {
				keys, values = append(keys, k), append(values, len(a.cues)+len(a.longs))
				a.longs = append(a.longs, c)
			} else {
				a.small[k] |= c
			}
		}
	}
	for _, e := range l.File("refer") { // whoever can be referred to can speak
		switch e.ID {
		case "person", "people", "org", "group", "media", "state":
			for _, w := range e.All("fa") {
				a.small[spell.Key(w)] |= speaker
			}
		}
	}
	for _, e := range l.File("roles") {
		for _, w := range e.All("fa") {
			w, _, _ = strings.Cut(w, " ")
			a.small[spell.Key(w)] |= speaker | role
		}
	}
	a.words, a.by = lexicon.Build(keys, values), lexicon.Build(bys, byValues)
	return a
}

// site is a platform on which people publish themselves.
type site struct{ id, name string }

// hit is a cue found in a sentence.
type hit struct {
	cue         int // index into Attributor.cues
	all         []int
	first, last int // Words[first:last] of the cue itself
	verb        int // head of its verb, -1 for none
	end         int // where the content after it may begin
	sub         bool
	negative    bool
	past        bool // a plain past or present: a statement of the report itself rather than one recalled
}

// stem returns the key of the past stem of the verb at i, "" where there is none.
func stem(w *word.Word) string {
	if w.Verb == nil {
		return ""
	}
	switch s := spell.Key(w.Verb.Past); s {
	case "است", "هست", "باش", "بودن":
		return "بود"
	case "":
		return strings.TrimSuffix(spell.Key(w.Lemma), "ن")
	default:
		return s
	}
}

// copula stands for the verb of «معتقدند».
var copula = &word.Verb{Past: "بود", Tense: word.Present, Person: 3, Plural: true}

// verb returns the analysis of the verb at word i.
func (d *doc) verb(i int) *word.Verb {
	if v := d.w[i].Verb; v != nil {
		return v
	}
	return copula
}

// finite reports whether a clause ends with the verb at word i.
func (d *doc) finite(i int) bool {
	v := d.w[i].Verb
	if v == nil {
		return d.a.bound[d.w[i].Key] != nil
	}
	if v.Aux || v.Head != i || v.Person == 2 && !v.Plural { // «داری» of «خزانه داری»: nobody is addressed as تو in news
		return false
	}
	if f := d.w[i].Form; strings.HasPrefix(f, "کُ") || strings.HasPrefix(f, "كُ") { // «کُرد» is no «کرد»
		return false
	}
	tag := d.w[i].Tag
	alone := v.Last <= v.First && d.tagged && tag != word.VERB && tag != word.AUX
	switch v.Tense {
	case word.NoTense, word.Infinitive:
		return false
	case word.Subjunctive, word.Imperative:
		return !alone // «شوم» in «مثلث شوم»
	case word.Participle:
		if alone {
			return false
		}
		if v.Last > v.First || i+1 >= len(d.w) {
			return v.Last > v.First
		}
		switch d.w[i+1].Key {
		case "و", "که", "تا", "اگر", "چنانچه": // «تاکید کرده اگر …»
			return true
		}
		return d.w[i+1].Tag == word.PUNCT
	}
	return !(alone && i > 0 && d.w[i-1].Ezafe) // «شبه‌نظامیان کرد»
}

// verbEnds reports whether a finite verb form ends with word i.
func (d *doc) verbEnds(i int) bool {
	v := d.w[i].Verb
	if v == nil {
		return d.finite(i)
	}
	if v.Head < 0 || v.Head >= len(d.w) {
		return false
	}
	return d.finite(v.Head) && d.after(v.Head) == i+1
}

// after returns the index behind the whole form of the verb at i.
func (d *doc) after(i int) int {
	if v := d.w[i].Verb; v != nil && v.Last >= i && v.Last < len(d.w) {
		return v.Last + 1
	}
	return i + 1
}

// find returns the cues of Words[lo:hi], in text order.
func (d *doc) find(lo, hi int) []hit {
	var out []hit
	rel, relAt := false, -1 // an open «که» clause
	for i := lo; i < hi; i++ {
		w := &d.w[i]
		if w.Tag == word.PUNCT {
			continue
		}
		best := lexicon.Match{Value: -1}
		d.buf = d.a.words.At(d.buf[:0], d.w[:hi], i, nil)
		for _, m := range d.buf {
			if m.Value < len(d.a.cues) && (m.Last > best.Last || best.Value < 0) {
				best = m
			}
		}
		if best.Value >= 0 {
			c := &d.a.cues[best.Value]
			h := hit{cue: best.Value, first: i, last: best.Last, verb: -1, end: best.Last, sub: rel, past: true}
			switch c.frame {
			case open:
				if v := d.light(best.Last, hi, c.light); v >= 0 {
					h.verb, h.negative = v, d.verb(v).Negative
					out = append(out, h)
				}
			case noun:
				for j := best.Last; j < hi && j < best.Last+12; j++ {
					if d.w[j].Tag == word.PUNCT && d.quote(j) == 0 || d.finite(j) {
						break
					}
					if d.buf = d.a.by.At(d.buf[:0], d.w[:hi], j, nil); len(d.buf) > 0 {
						h.verb, h.end = -1, d.buf[len(d.buf)-1].Last
						h.last = j
						out = append(out, h)
						break
					}
				}
			default:
				out = append(out, h)
			}
		}
		if w.Key == "که" || w.Key == "انچه" || w.Key == "اینکه" || w.Key == "درحالیکه" || w.Key == "هنگامیکه" {
			if k := d.w[max(i-1, lo)].Key; k == "حالیست" || k == "درحالیست" {
				continue
			}
			if i == lo || !d.verbEnds(i-1) { // «این در حالی است که …» opens no relative clause
				rel, relAt = true, i
			}
			continue
		}
		if !d.finite(i) {
			continue
		}
		sub := rel
		rel = false
		if h, ok := d.verbCue(lo, hi, i); ok {
			h.sub = sub
			if sub && d.w[relAt].Key == "انچه" {
				continue
			}
			out = append(out, h)
		}
	}
	return out
}

// light finds the verb that closes an open cue: the first of its stems in a
// clause of the same depth.
func (d *doc) light(i, hi int, stems map[string]bool) int {
	depth := 0
	for ; i < hi; i++ {
		if d.w[i].Key == "که" {
			depth++
		}
		if !d.finite(i) {
			continue
		}
		if stems[stem(&d.w[i])] && depth == 0 {
			return i
		}
		if depth == 0 {
			return -1
		}
		depth--
	}
	return -1
}

// verbCue reads the verb at word i as a cue.
func (d *doc) verbCue(lo, hi, i int) (hit, bool) {
	v := d.w[i].Verb
	if v == nil {
		all := d.a.bound[d.w[i].Key]
		return hit{cue: all[0], all: all, first: i, last: i + 1, end: i + 1, verb: i, past: true}, true
	}
	past := stem(&d.w[i])
	if past == "" || v.Person == 1 || v.Person == 2 || v.Passive {
		return hit{}, false
	}
	switch v.Tense {
	case word.Subjunctive, word.Imperative, word.Infinitive, word.NoTense, word.PastSubj, word.Future:
		return hit{}, false
	}
	if past == "گفت" && i+1 < hi && strings.HasPrefix(d.w[i+1].Key, "وگو") || i+2 < hi && d.w[i+1].Key == "و" && strings.HasPrefix(d.w[i+2].Key, "گو") && past == "گفت" {
		return hit{}, false // «گفت و گوی»
	}
	first := i
	if v.First >= lo && v.First <= i {
		first = v.First
	}
	key := "|" + past
	all, start := d.a.verbs[key], first
	for j := first - 1; j >= lo && j >= first-5; j-- {
		if d.w[j].Tag == word.PUNCT && d.w[j].Key != "‌" {
			break
		}
		key = d.w[j].Key + key
		if c := d.a.verbs[key]; c != nil {
			all, start = c, j
		}
	}
	if len(all) == 0 || d.a.cues[all[0]].frame == not {
		return hit{}, false
	}
	for j := start - 1; j >= lo && j > start-14; j-- {
		if k := d.w[j].Key; k == "باید" || k == "میتوان" || k == "نمیتوان" || k == "بتوان" || k == "بایست" || k == "بایستی" || k == "نباید" {
			return hit{}, false // «باید گفت»، «می‌توان … دانست»: nobody says it
		}
		if d.finite(j) || d.w[j].Key == "که" || d.w[j].Key == ":" {
			break
		}
	}
	return hit{cue: all[0], all: all, first: start, last: d.after(i), end: d.after(i), verb: i, negative: v.Negative,
		past: v.Tense == word.Past || v.Tense == word.Present || v.Tense == word.Participle && i+1 < hi && d.w[i+1].Key == "و"}, true
}
