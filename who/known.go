package who

import (
	"strings"

	"github.com/sanad-project/sanad/fa/segment"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
)

// Outlet returns the entity id of the outlet of that name, "" when it is unknown.
// Something may stand before the name («پایگاه خبری تابناک»); before one that is a
// common word or another's name too it has to be a word for outlets: «روزنامه
// ایران» is the paper, «کانون ایران» is not.
func (f *Finder) Outlet(name string) string {
	t := segment.Text(name, nil)
	for i := range t.Words {
		for _, m := range f.names.At(nil, t.Words, i, nil) {
			a := f.aliases[m.Value]
			if m.Last == len(t.Words) && f.ents[a.ent].typ == report.MEDIA && (i == 0 || !a.need || f.outletHead(t.Words[:i])) {
				return f.ents[a.ent].id
			}
		}
	}
	return ""
}

// outletHead reports whether the words end in some for outlets: «روزنامه», «پایگاه
// خبری».
func (f *Finder) outletHead(words []word.Word) bool {
	for i := range words {
		key := "" // of all words from this one on: keys have no spaces
		for j := i; j < len(words); j++ {
			key += words[j].Key
		}
		for h := range f.headForm {
			if f.headForm[h].key == key && f.heads[f.headForm[h].head].typ == report.MEDIA {
				return true
			}
		}
	}
	return false
}

// near is how many words around an ambiguous name are asked for evidence.
const near = 12

// candidate is a place where the lexicon has a name.
type candidate struct {
	first, last int
	alias       int32
	rest        string // an ending of the last word
}

// known lays the names of the lexicon, the longest at each word first. A name
// that is a common word too needs evidence: a longer name of the same entity
// somewhere in the report, a word of its ctx near, or a head that expects its
// type («شهر …»).
func (x *finding) known() {
	words := x.r.Words.Words
	if len(x.r.Times) > 0 {
		x.inTime = make([]bool, len(words))
		for _, t := range x.r.Times {
			for i := t.First; i < t.Last && i < len(words); i++ {
				x.inTime[i] = true
			}
		}
	}
	var cands []candidate
	full := map[int32]bool{} // entities that a name without doubt names
	half := map[int32]bool{} // entities that an adjective names
	here, abroad := 0, 0     // names of Iran and its places, and of other countries
	for i := range words {
		if words[i].Tag == word.PUNCT {
			continue
		}
		x.buf = x.names.At(x.buf[:0], words, i, nameEnding)
		for _, m := range x.buf {
			a := &x.aliases[m.Value]
			if words[m.Last-1].Sentence != words[i].Sentence || m.Rest != "" && (a.nisba || !a.loaded && !vowelEnd(trimRest(words[m.Last-1].Key, m.Rest)) || a.loaded && !strings.HasSuffix(words[m.Last-1].Key, "های")) {
				continue
			}
			if a.need && len(x.inTime) > 0 && x.inTime[i] {
				continue // «مهر», «دوشنبه»
			}
			cands = append(cands, candidate{i, m.Last, int32(m.Value), m.Rest})
			if a.nisba {
				half[a.ent] = true
			}
			if !a.need && !a.nisba && !a.none && !x.alsoGiven(i, m.Last, x.ents[a.ent].typ) {
				full[a.ent] = true
				switch e := &x.ents[a.ent]; {
				case e.typ != report.STATE && e.typ != report.PLACE:
				case e.id == home || e.in >= 0 && x.ents[e.in].id == home:
					here++
				case e.typ == report.STATE:
					abroad++
				}
			}
		}
	}
	skip := 0
	x.domestic = abroad == 0 || here > abroad
	for i := range cands { // «شهرستان دماوند» makes every «دماوند» of the report the town
		if a := &x.aliases[cands[i].alias]; a.need && !a.surname && !a.seat && !a.home && x.ents[a.ent].typ == report.PLACE && x.expected(cands[i].first) == report.PLACE {
			full[a.ent] = true
		}
	}
	for i := range cands { // «غلامرضا سلیمانی»: «سلیمانی» is he, unless the report names the other too
		c := &cands[i]
		if a := &x.aliases[c.alias]; a.surname && x.ents[a.ent].typ == report.PER && (!full[a.ent] && x.longerQuoted(c.first, c.last) || x.afterGiven(c.first)) {
			if x.kin == nil {
				x.kin, x.borne = map[int]int32{}, map[int32]bool{}
			}
			x.kin[c.last], x.borne[a.ent] = a.ent, true
		}
	}
	x.states = map[int]int32{}
	x.seats = map[int]int32{}
	for _, c := range cands {
		if a := &x.aliases[c.alias]; a.seat {
			x.seats[c.first] = a.ent
		}
		if a := &x.aliases[c.alias]; !a.need && !a.nisba && x.ents[a.ent].typ == report.STATE {
			x.states[c.first] = a.ent
		}
	}
	for k := 0; k < len(cands); {
		i := cands[k].first
		end := k
		for end < len(cands) && cands[end].first == i {
			end++
		}
		best, score := -1, 0
		if x.cover[i] == 0 && i >= skip {
			for c := k; c < end; c++ {
				s := x.weigh(&cands[c], full, half)
				if s > score || s == score && s > 0 && best >= 0 && cands[c].last > cands[best].last {
					best, score = c, s
				}
			}
		}
		k = end
		if best < 0 {
			continue
		}
		c := cands[best]
		a := &x.aliases[c.alias]
		if a.none {
			skip = c.last
			continue
		}
		if a.nisba {
			continue
		}
		if x.ents[a.ent].typ == report.MEDIA && c.last-c.first > 1 && x.apart(words[c.first].Key) {
			for o := range cands[end:] { // «روزنامه اعتماد» names اعتماد
				p := &cands[end+o]
				if p.first > c.first+1 {
					break
				}
				if p.last == c.last && x.aliases[p.alias].ent == a.ent {
					c.first++
					break
				}
			}
		}
		if x.ents[a.ent].typ == report.PER {
			for c.last-c.first > 2 && x.class[words[c.first].Key]&titleWord != 0 {
				c.first++ // «ملا محمد عمر»: the title is no part of the name
			}
		}
		n := found{first: c.first, last: c.last, ent: a.ent, alias: c.alias, loaded: a.loaded, rule: "lexicon " + x.ents[a.ent].id}
		if a.loaded || c.last-c.first == 2 && x.class[words[c.first].Key]&peopleWord != 0 && x.class[words[c.first+1].Key]&nisbaWord != 0 && x.ents[a.ent].typ != report.STATE || x.describing(c.first, c.last, x.ents[a.ent].typ) {
			switch {
			case c.last-c.first > 1 && x.class[words[c.first].Key]&peopleWord != 0 && (a.loaded || x.class[words[c.last-1].Key]&nisbaWord != 0), c.rest != "":
				n.desc = true // «مزدوران سعودی», «صهیونیست‌های مفقود» tell of people
			default:
				for o := range cands[end:] {
					p := &cands[end+o]
					if p.first >= c.last {
						break
					}
					b := &x.aliases[p.alias]
					if p.last != c.last || b.loaded || b.nisba || b.seat || b.need {
						continue
					}
					if t := x.ents[b.ent].typ; b.ent == a.ent || t == report.PER || t == report.GRP || !a.loaded && t == report.STATE {
						// «گروه تروریستی داعش», «رژیم صدام حسین»: the name is the end, the loading before it
						n.first, n.alias, n.ent, n.loaded = p.first, p.alias, b.ent, false
						if a.loaded && p.first > c.first+1 {
							x.load = append(x.load, loadedSpan{c.first, p.first, x.ents[b.ent].id})
						}
						break
					}
				}
			}
		}
		x.put(n)
	}
}

// alsoGiven reports whether the one-word place name is a given name too: «عمران».
func (x *finding) alsoGiven(i, j int, typ report.Type) bool {
	return typ == report.PLACE && j == i+1 && x.class[x.r.Words.Words[i].Key]&(given|weakGiven|stop) != 0
}

// apart reports whether the key is a head that stands outside the names of outlets.
func (x *finding) apart(key string) bool {
	if x.class[key]&headWord == 0 {
		return false
	}
	for i := range x.headForm {
		if x.headForm[i].key == key {
			if h := &x.heads[x.headForm[i].head]; h.typ == report.MEDIA && !h.part {
				return true
			}
		}
	}
	return false
}

// describing reports whether a known name is a description with a name at its
// end, which is the mention: «حکومت طالبان», «گروه‌های مقاومت عراق», «نیروهای امنیتی عراق».
func (x *finding) describing(i, j int, typ report.Type) bool {
	words := x.r.Words.Words
	if j < i+2 {
		return false
	}
	switch {
	case typ == report.STATE:
		return strings.HasPrefix(words[i].Key, "حکومت")
	case strings.HasPrefix(words[i].Key, "گروههای"), words[i].Key == "گروه" && words[i+1].Key == "های":
		return true
	case strings.HasPrefix(words[i].Key, "نیروهای"):
		switch words[i+1].Key {
		case "امنیتی", "نظامی", "دولتی", "ویژه", "اشغالگر", "انتظامی":
			return true
		}
	}
	return false
}

func trimRest(key, rest string) string { return key[:len(key)-len(rest)] }

// weigh says how well a candidate fits: 0 not at all, longer names better.
func (x *finding) weigh(c *candidate, full, half map[int32]bool) int {
	a := &x.aliases[c.alias]
	e := &x.ents[a.ent]
	words := x.r.Words.Words
	score := 100*(c.last-c.first) + 10
	want := x.expected(c.first)
	if want == e.typ || want == report.PLACE && e.typ == report.STATE {
		score += 20
	}
	if full[a.ent] {
		score += 5
		if a.surname {
			score += 10 // «کامرون» is the man where the man is named
		}
	}
	if a.words > 1 && e.typ == report.STATE && c.first > 0 && strings.HasPrefix(words[c.first].Key, "جمهوری") && strings.HasPrefix(words[c.first-1].Key, "ر") {
		if k := words[c.first-1].Key; k == "ریاست" || k == "رییس" {
			return 0 // «ریاست جمهوری تاجیکستان» names Tajikistan
		}
	}
	if e.in >= 0 {
		if s, ok := x.states[c.last]; ok && s == e.in {
			score += 30 // «حزب اسلامی افغانستان» is the one of Afghanistan
		} else if full[e.in] {
			score += 3
		}
	}
	if a.nisba {
		return score - 8
	}
	if !a.need && !x.alsoGiven(c.first, c.last, e.typ) {
		return score
	}
	if a.seat {
		if x.acting(c.first, c.last) {
			return score + 30
		}
		return 0
	}
	if a.home {
		if x.domestic {
			return score
		}
		return 0
	}
	if a.surname {
		from := e.in >= 0 && full[e.in] // his country is in the report
		if t := words[c.last-1].Tag; !full[a.ent] && (t == word.ADJ && !x.governed(c.first) && !arabic(words[c.first].Key) || t == word.VERB || t == word.ADV || t == word.ADP) {
			return 0
		}
		if _, other := x.kin[c.last]; other || !full[a.ent] && x.borne[a.ent] {
			return 0
		}
		if full[a.ent] || !e.weak && !e.ctx && !x.commonWord(c.first, c.last) || from && words[c.last-1].Tag == word.PROPN && !x.namesake(c.first, c.last) {
			return score
		}
		return 0
	}
	if e.typ == report.MEDIA {
		if want == e.typ || full[a.ent] && words[c.first].Tag == word.PROPN && want == "" {
			return score
		}
		return 0
	}
	if full[a.ent] || want == e.typ || x.hasCtx(c.first, c.last, a.ent) || e.typ == report.STATE && x.ofState(c.first) {
		return score
	}
	if e.typ == report.PLACE && e.in >= 0 && (full[e.in] || half[e.in]) && !x.commonWord(c.first, c.last) && c.first > 0 {
		switch words[c.first-1].Key {
		case "در", "از", "به", "تا", "وارد", "راهی", "سوی":
			return score
		}
	}
	return 0
}

// governed reports whether a noun of government or an office stands before
// word i: «حکومت السیسی», «معاون چنی».
func (x *finding) governed(i int) bool {
	if i == 0 {
		return false
	}
	switch w := x.r.Words.Words[i-1]; w.Key {
	case "حکومت", "دولت", "رژیم", "کابینه":
		return true
	default:
		return x.class[w.Key]&roleWord != 0
	}
}

// afterGiven reports whether a given name stands right before the surname at
// word i: it is then another of that surname, «غلامرضا سلیمانی», or the full
// name in another spelling.
func (x *finding) afterGiven(i int) bool {
	words := x.r.Words.Words
	return i > 0 && words[i-1].Sentence == words[i].Sentence && x.class[words[i-1].Key]&given != 0 && x.cover[i-1] == 0
}

// longerQuoted reports whether the surname Words[i:j] ends a longer name
// between quotes, somebody else's: «"نصار الربیعی"».
func (x *finding) longerQuoted(i, j int) bool {
	words := x.r.Words.Words
	if j >= len(words) || i < 2 || !isQuote(words[j].Form) {
		return false
	}
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if isQuote(words[k].Form) {
			return k < i-1
		}
		if c := x.class[words[k].Key]; c&(titleWord|roleWord|headWord|stop) != 0 || words[k].Tag == word.PUNCT {
			return false
		}
	}
	return false
}

// namesake reports whether another name stands beside Words[i:j], so that the
// surname there may be somebody else's: «حسین شریف», «شریف آباد».
func (x *finding) namesake(i, j int) bool {
	words := x.r.Words.Words
	beside := func(k int) bool {
		return k >= 0 && k < len(words) && words[k].Sentence == words[i].Sentence && (words[k].Tag == word.PROPN || x.class[words[k].Key]&(given|weakGiven|part|kunya|surname) != 0)
	}
	return beside(i-1) || beside(j) || i > 0 && words[i-1].Ezafe
}

// ofState reports whether a word that asks for a country ends before word i:
// «رئیس‌جمهور سابق پرو», «دولت چاد».
func (x *finding) ofState(i int) bool {
	words := x.r.Words.Words
	j := i - 1
	if j >= 0 && (words[j].Key == "سابق" || words[j].Key == "پیشین" || words[j].Key == "کنونی" || words[j].Key == "جدید") {
		j--
	}
	if j < 0 || words[j].Sentence != words[i].Sentence {
		return false
	}
	switch words[j].Key {
	case "کشور", "دولت", "ارتش", "پارلمان", "جمهوری":
		return true
	}
	for back := max(0, j-2); back <= j; back++ {
		if end, r := x.roleEnd(back); end == j+1 && x.role[r].of[report.STATE] && x.role[r].one && len(x.role[r].of) == 1 {
			return true
		}
	}
	return false
}

// home is the country whose bodies a report may name without it.
const home = "iran"

// acting reports whether the capital Words[i:j] stands for its government: as
// the subject of a clause («مسکو خواستار تحقیقات شد»), or after a noun of what
// governments have («موضع پکن»), see "acts" in heads.txt.
func (x *finding) acting(i, j int) bool {
	words := x.r.Words.Words
	if i == 0 || words[i-1].Sentence != words[i].Sentence {
		return j < len(words) && words[j].Form != "،" && words[j].Form != "-"
	}
	p := &words[i-1]
	if x.acts[p.Key] {
		return true
	}
	if p.Key == "و" && i > 1 && x.cover[i-2] > 0 {
		n := x.over(i - 2)
		return n.ent >= 0 && x.ents[n.ent].typ == report.STATE
	}
	if p.Verb != nil || p.Tag == word.VERB || p.Tag == word.AUX {
		return j < len(words) && words[j].Tag != word.PUNCT // «نشان می‌دهد واشنگتن …»
	}
	switch p.Form {
	case "،", ",", ":", "«", "-", "؛":
		return j < len(words) && words[j].Tag != word.PUNCT
	}
	return false
}

// hasCtx reports whether a ctx word of the entity stands near Words[i:j].
func (x *finding) hasCtx(i, j int, ent int32) bool {
	if !x.ents[ent].ctx {
		return false
	}
	words := x.r.Words.Words
	for k := max(0, i-near); k < min(len(words), j+near); k++ {
		if k >= i && k < j || words[k].Tag == word.PUNCT {
			continue
		}
		x.buf = x.ctx.At(x.buf[:0], words, k, nil)
		for _, m := range x.buf {
			if int32(m.Value) == ent {
				return true
			}
		}
	}
	return false
}

// expected returns the type of name that the head before word i asks for, ""
// when there is none: PLACE after «شهر», MEDIA after «شبکه خبری», PER after «دکتر».
func (x *finding) expected(i int) report.Type {
	words := x.r.Words.Words
	j := i - 1
	if j >= 0 && isQuote(words[j].Form) {
		j--
	}
	for k := 0; k < 3 && j >= 0; k++ {
		c := x.class[words[j].Key]
		switch k := words[j].Key; {
		case k == "گزارش" || k == "نوشته" || k == "خبرنگار" || k == "از" && j > 0 && words[j-1].Key == "نقل":
			return report.MEDIA
		case c&titleWord != 0:
			return report.PER
		case c&headWord != 0:
			for back := max(0, j-2); back <= j; back++ {
				x.buf = x.headTrie.At(x.buf[:0], words, back, nameEnding)
				for _, m := range x.buf {
					if h := x.heads[x.headForm[m.Value].head]; m.Last == j+1 && (h.needs == "quote" || h.needs == "proper") {
						return h.typ
					}
				}
			}
			return ""
		case x.medium[words[j].Key], c&nisbaWord != 0:
			j--
		default:
			return ""
		}
	}
	return ""
}

// commonWord reports whether Words[i:j] is one word that the language has in
// another sense too.
func (x *finding) commonWord(i, j int) bool {
	if j > i+1 {
		return false
	}
	w := &x.r.Words.Words[i]
	return x.class[w.Key]&(given|weakGiven|stop|roleWord|headWord) != 0
}

func isQuote(form string) bool {
	switch form {
	case "«", "»", "\"", "“", "”", "‹", "›", "'", "‘", "’", "„", "″":
		return true
	}
	return false
}
