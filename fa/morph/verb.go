package morph

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
)

//go:embed data/verbs.txt
var verbsData string

// Verb is a verb of the list: its two stems as they are spelled, and the
// preverb that stands before the prefixes («بر» of «برمی‌گردد»).
type Verb struct {
	Preverb       string
	Past, Present string // without the preverb; "" where the stem is not used
	rank          int    // lower is commoner
}

// Infinitive is the dictionary form: «برگشتن».
func (v *Verb) Infinitive() string { return v.Preverb + v.Past + "ن" }

// Form is one reading of a word as a verb form.
type Form struct {
	Verb     *Verb
	Tense    word.Tense
	Person   int8
	Plural   bool
	Negative bool
	Mi       bool // has می
	Be       bool // has the ب of the subjunctive
	Bare     bool // a stem alone or with an ending, so that it may well be a noun: «خرید»، «کند»
	ending   string
	aux      string // اند of «گفته‌اند»
}

type table struct {
	verbs   []Verb
	past    map[string][]*Verb // by spell.Key of the stem, preverbs apart
	present map[string][]*Verb
	be      *Verb // بودن
	must    *Verb // بایستن
	fixed   map[string]Form
}

// preverbs, with their keys, longest first.
var preverbs = [...]string{"فراز", "باز", "فرا", "فرو", "بر", "در", "وا", "ور"}

// common verbs win where a form may be of several: «کند» is of کردن.
const commonVerbs = "کرد شد بود داد داشت گرفت گفت آمد آورد رفت زد خواست توانست گذاشت رسید رساند یافت برد خورد دید دانست ساخت گشت گردید نمود ماند خواند کشید افتاد پرداخت نوشت بست شنید ریخت سپرد شمرد نشست گذشت شکست"

var load = sync.OnceValue(func() *table {
	t := &table{past: map[string][]*Verb{}, present: map[string][]*Verb{}, fixed: map[string]Form{}}
	rank := map[string]int{}
	for i, p := range strings.Fields(commonVerbs) {
		rank[p] = i - 100
	}
	for line := range strings.Lines(verbsData) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0][0] == '#' {
			continue
		}
		v := Verb{Past: f[len(f)-2], Present: f[len(f)-1], rank: len(t.verbs)}
		if len(f) == 3 {
			v.Preverb = f[0]
		}
		if r, ok := rank[v.Past]; ok {
			v.rank = r
		}
		if v.Past == "کشت" && v.Present == "کش" {
			v.rank = -1
		}
		if v.Past == "-" {
			v.Past = ""
		}
		if v.Present == "-" {
			v.Present = ""
		}
		t.verbs = append(t.verbs, v)
	}
	for i := range t.verbs {
		v := &t.verbs[i]
		if v.Past != "" {
			k := spell.Key(v.Preverb) + "+" + spell.Key(v.Past)
			t.past[k] = append(t.past[k], v)
		}
		if v.Present != "" {
			k := spell.Key(v.Preverb) + "+" + spell.Key(v.Present)
			t.present[k] = append(t.present[k], v)
		}
		if v.Preverb == "" {
			switch v.Past {
			case "بود":
				t.be = v
			case "بایست":
				t.must = v
			}
		}
	}
	fix := func(key string, v *Verb, tense word.Tense, person int8, plural, negative bool) {
		t.fixed[key] = Form{Verb: v, Tense: tense, Person: person, Plural: plural, Negative: negative}
	}
	for i, e := range [...]string{"م", "ی", "", "یم", "ید", "ند"} {
		p, plural := int8(i%3+1), i >= 3
		fix("هست"+e, t.be, word.Present, p, plural, false)
		fix("نیست"+e, t.be, word.Present, p, plural, true)
	}
	fix("است", t.be, word.Present, 3, false, false)
	for _, s := range [...]string{"باید", "بایستی", "بایست", "میبایست", "میبایستی", "میباید"} {
		fix(s, t.must, word.Present, 0, false, false)
		fix("ن"+s, t.must, word.Present, 0, false, true)
	}
	delete(t.fixed, "نمیبایستی")
	fix("نمیبایست", t.must, word.Present, 0, false, true)
	fix("نمیبایستی", t.must, word.Present, 0, false, true)
	return t
})

type ending struct {
	s      string
	person int8
	plural bool
}

var pastEndings = [...]ending{{"", 3, false}, {"م", 1, false}, {"ی", 2, false}, {"یم", 1, true}, {"ید", 2, true}, {"ند", 3, true}}
var presentEndings = [...]ending{{"د", 3, false}, {"ند", 3, true}, {"م", 1, false}, {"ی", 2, false}, {"یم", 1, true}, {"ید", 2, true}}
var participleEndings = [...]ending{{"ه", 0, false}, {"هام", 1, false}, {"های", 2, false}, {"هایم", 1, true}, {"هاید", 2, true}, {"هاند", 3, true}}

// Forms appends to dst the readings of the word with that spell.Key as a verb
// form, the likeliest first.
//
//	میگویند → گفتن, present, third person plural
//
// Where the half-space stands tells nothing, since old texts have none.
func Forms(dst []Form, key string) []Form {
	if len(key) < 4 || len(key) > 64 {
		return dst
	}
	t := load()
	if f, ok := t.fixed[key]; ok {
		return append(dst, f)
	}
	if strings.HasSuffix(key, "خواهد") || strings.HasSuffix(key, "خواهند") { // «بازخواهد گشت»
		for _, p := range preverbs {
			if rest, ok := strings.CutPrefix(key, p); ok && strings.HasPrefix(strings.TrimPrefix(rest, "ن"), "خواه") {
				return t.prefixed(dst, "", rest)
			}
		}
	}
	n := len(dst)
	dst = t.prefixed(dst, "", key)
	for _, p := range preverbs {
		if rest, ok := strings.CutPrefix(key, p); ok && len(rest) >= 4 {
			dst = t.prefixed(dst, p, rest)
		}
	}
	list := dst[n:]
	// a short list: the best to the front
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j].better(&list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return dst
}

// better orders the readings of one word.
func (f *Form) better(g *Form) bool {
	if (f.Person == 2 && !f.Be) != (g.Person == 2 && !g.Be) { // «گردید» is hardly ever "you turn"
		return g.Person == 2
	}
	if f.Bare != g.Bare && f.Tense == g.Tense && f.Verb.rank >= 0 && g.Verb.rank >= 0 { // «نگریست» is no "did not weep"
		return f.Bare
	}
	if f.Verb.rank != g.Verb.rank {
		return f.Verb.rank < g.Verb.rank
	}
	return f.Tense < g.Tense
}

func (t *table) prefixed(dst []Form, pre, s string) []Form {
	if rest, ok := strings.CutPrefix(s, "نمی"); ok {
		dst = t.stems(dst, pre, rest, Form{Mi: true, Negative: true})
	}
	if rest, ok := strings.CutPrefix(s, "می"); ok {
		dst = t.stems(dst, pre, rest, Form{Mi: true})
	}
	if rest, ok := strings.CutPrefix(s, "ن"); ok {
		dst = t.stems(dst, pre, rest, Form{Negative: true})
		if r, ok := strings.CutPrefix(rest, "ی"); ok { // نیامد، نیفتاد
			if strings.HasPrefix(r, "ا") {
				dst = t.stems(dst, pre, r, Form{Negative: true})
			} else {
				dst = t.stems(dst, pre, "ا"+r, Form{Negative: true})
			}
		}
	}
	if rest, ok := strings.CutPrefix(s, "ب"); ok {
		dst = t.stems(dst, pre, rest, Form{Be: true})
		if r, ok := strings.CutPrefix(rest, "ی"); ok { // بیاورد، بیفتد
			if strings.HasPrefix(r, "ا") {
				dst = t.stems(dst, pre, r, Form{Be: true})
			} else {
				dst = t.stems(dst, pre, "ا"+r, Form{Be: true})
			}
		}
	}
	return t.stems(dst, pre, s, Form{Bare: true})
}

// stems reads what is left after the prefixes as a stem and an ending.
func (t *table) stems(dst []Form, pre, s string, f Form) []Form {
	pre += "+"
	lookup := func(m map[string][]*Verb, stem string) []*Verb {
		if len(stem) < 4 || len(stem) > 24 {
			return nil
		}
		var buf [48]byte
		return m[string(append(append(buf[:0], pre...), stem...))]
	}
	for _, e := range presentEndings {
		stem, ok := strings.CutSuffix(s, e.s)
		if !ok {
			continue
		}
		for _, v := range lookup(t.present, stem) {
			g := f
			g.Verb, g.Person, g.Plural, g.ending = v, e.person, e.plural, e.s
			switch {
			case v == t.be:
				g.Tense = word.Subjunctive
				if f.Mi {
					g.Tense = word.Present
				}
			case f.Mi, v.Past == "داشت" && v.Preverb == "" && !f.Be:
				g.Tense = word.Present
			default:
				g.Tense = word.Subjunctive
			}
			dst = append(dst, g)
		}
	}
	// A present stem alone: with ب or ن the imperative, with می only «می‌توان».
	if f.Be || f.Negative && !f.Mi {
		for _, stem := range [...]string{s, s + "ی"} {
			for _, v := range lookup(t.present, stem) {
				if stem != s && !strings.HasSuffix(s, "ا") && !strings.HasSuffix(s, "و") {
					continue
				}
				g := f
				g.Verb, g.Tense, g.Person = v, word.Imperative, 2
				if v.Past == "توانست" {
					g.Tense, g.Person = word.Subjunctive, 0
				}
				dst = append(dst, g)
			}
		}
	} else if f.Mi && s == "توان" {
		for _, v := range lookup(t.present, s) {
			g := f
			g.Verb, g.Tense = v, word.Present
			dst = append(dst, g)
		}
	}
	if f.Be {
		return dst
	}
	for _, e := range pastEndings {
		stem, ok := strings.CutSuffix(s, e.s)
		if !ok {
			continue
		}
		for _, v := range lookup(t.past, stem) {
			g := f
			g.Verb, g.Person, g.Plural, g.Tense, g.ending = v, e.person, e.plural, word.Past, e.s
			if f.Mi {
				g.Tense = word.Imperfect
			}
			dst = append(dst, g)
		}
	}
	for _, e := range participleEndings {
		stem, ok := strings.CutSuffix(s, e.s)
		if !ok {
			continue
		}
		for _, v := range lookup(t.past, stem) {
			g := f
			g.Verb, g.Person, g.Plural, g.Tense, g.ending = v, e.person, e.plural, word.Participle, "ه"
			if e.person != 0 {
				g.Tense, g.aux = word.Perfect, strings.TrimPrefix(e.s, "ه")
				// «گفته‌های» is a plural noun much more often than a verb
				if e.s == "های" || e.s == "هایم" && !f.Negative {
					g.Bare = true
					if e.s == "های" {
						continue
					}
				} else {
					g.Bare = false
				}
			}
			dst = append(dst, g)
		}
	}
	if !f.Mi {
		if stem, ok := strings.CutSuffix(s, "ن"); ok {
			for _, v := range lookup(t.past, stem) {
				g := f
				g.Verb, g.Tense, g.ending = v, word.Infinitive, "ن"
				g.Bare = false
				dst = append(dst, g)
			}
		}
	}
	return dst
}

// TakesMi reports whether the word with that key goes on a «می» or «نمی» that
// a space parts from it.
func TakesMi(key string) bool {
	var buf [8]Form
	for _, f := range Forms(buf[:0], "می"+key) {
		if f.Mi && f.Verb.Preverb == "" {
			return true
		}
	}
	return false
}

// IsParticiple reports whether the key is a past participle («شده»،
// «نگفته»).
func IsParticiple(key string) bool {
	if !strings.HasSuffix(key, "ه") {
		return false
	}
	var buf [8]Form
	for _, f := range Forms(buf[:0], key) {
		if f.Tense == word.Participle {
			return true
		}
	}
	return false
}

// Spelling is the form in standard spelling, with its half-spaces.
func (f *Form) Spelling() string {
	v := f.Verb
	if f.ending == "" && f.Tense != word.Past && f.Tense != word.Imperfect {
		return ""
	}
	stem := v.Present
	switch f.Tense {
	case word.Past, word.Imperfect, word.Participle, word.Perfect, word.Infinitive:
		stem = v.Past
	}
	head := v.Preverb
	switch {
	case f.Mi && f.Negative:
		head += "نمی\u200c"
	case f.Mi:
		head += "می\u200c"
	case f.Negative || f.Be:
		c := "ن"
		if f.Be {
			c = "ب"
		}
		head += c
		switch {
		case strings.HasPrefix(stem, "آ"):
			head += "ی"
			stem = "ا" + strings.TrimPrefix(stem, "آ")
		case strings.HasPrefix(stem, "ا") && !strings.HasPrefix(stem, "ای"):
			head += "ی"
			stem = strings.TrimPrefix(stem, "ا")
		}
	}
	s := head + stem + f.ending
	if f.aux != "" {
		s += "\u200c" + f.aux
	}
	return s
}

// IsVerb reports whether the key has a reading as a verb form.
func IsVerb(key string) bool {
	var buf [16]Form
	return len(Forms(buf[:0], key)) > 0
}

// IsFinite reports whether the likeliest reading of the key is a finite verb.
func IsFinite(key string) bool {
	var buf [16]Form
	f, ok := best(buf[:0], key)
	return ok && f.Tense != word.Participle && f.Tense != word.Infinitive && !(f.Tense == word.Past && f.Bare && f.Verb.rank >= 0 && lex.Of(key)&lex.Nominal != 0)
}
