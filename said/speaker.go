package said

import (
	"strings"

	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// is returns the classes of the word at i.
func (d *doc) is(i int, c class) bool { return d.a.small[d.w[i].Key]&c != 0 }

// long returns the end of the longest phrase of class c that begins at word i, i for none.
func (d *doc) long(i, hi int, c class) int {
	last := i
	if d.is(i, c) {
		last = i + 1
	}
	d.buf = d.a.words.At(d.buf[:0], d.w[:hi], i, nil)
	for _, m := range d.buf {
		if k := m.Value - len(d.a.cues); k >= 0 && d.a.longs[k]&c != 0 && m.Last > last {
			last = m.Last
		}
	}
	return last
}

// np is a noun phrase that may be a speaker.
type np struct {
	first, last int  // Words[first:last]
	able        bool // it is of the kind that speaks: a name, a role, a pronoun
}

// end returns where the noun phrase that begins at word i ends. With soft, it
// also ends where no ezafe ties its last word to the next.
func (d *doc) npEnd(i, hi int, soft bool) int {
	j := i
	for j < hi {
		w := &d.w[j]
		if j == i+1 && d.is(i, pronoun) && w.Key != "و" {
			return j
		}
		if m := d.mention[j]; m.last > j && m.last <= hi && !(soft && j > i && !d.tied(j)) {
			j = m.last
			continue
		}
		if q := d.quote(j); q == 1 {
			c := d.close[j]
			if c < 0 || c >= hi || c-j > 10 {
				return j
			}
			if p := j - 1; soft && j > i && d.tagged && d.w[p].Tag == word.NOUN && !d.w[p].Ezafe && !d.is(p, speaker|role|outlet) {
				return j
			}
			j = c + 1
			continue
		}
		if w.Tag == word.PUNCT {
			if w.Key == "(" && d.paren(j, hi) > j {
				j = d.paren(j, hi)
				continue
			}
			if w.Key == "،" && j > i && j+1 < hi && d.apposition(j+1) && d.names(i, j) {
				if e := d.npEnd(j+1, hi, soft); e > j+1 {
					return e
				}
			}
			if w.Key == "-" || w.Key == "/" {
				j++
				continue
			}
			return j
		}
		if j > i && w.Key == "و" && j+1 < hi && !d.finite(j+1) && (d.mention[j+1].last > 0 || d.is(j+1, speaker) || !soft && d.tagged && d.mention[j-1].typ != report.PER && (d.w[j+1].Tag == word.NOUN || d.w[j+1].Tag == word.ADJ || d.w[j+1].Tag == word.PROPN)) && !d.stop(j+1) {
			j++
			continue
		}
		if j > i && w.Key == "جمعه" && (d.w[j-1].Key == "امام" || d.w[j-1].Key == "نماز" || d.w[j-1].Key == "ایمه") {
			j++
			continue
		}
		if d.stop(j) && !(j == i) {
			// «یکی از …»، «منبع نزدیک به …»، «رئیس … در …» go on
			if j > i && j+1 < hi && (d.w[j].Key == "از" && d.partitive(j-1) || d.w[j].Key == "به" && (d.w[j-1].Key == "نزدیک" || d.w[j-1].Key == "وابسته" || d.w[j-1].Key == "موسوم")) {
				j++
				continue
			}
			return j
		}
		if j > i && (soft && !d.tied(j) && !(d.is(i, outlet) && j-i <= 3 && (w.Tag == word.NOUN || w.Tag == word.PROPN)) || w.Key == "یکی") {
			return j
		}
		j++
	}
	return j
}

// partitive reports whether «از» after word i belongs to the phrase: «یکی از»، «برخی از».
func (d *doc) partitive(i int) bool {
	switch d.w[i].Key {
	case "یکی", "برخی", "بسیاری", "تعدادی", "شماری", "جمعی", "گروهی", "عدهای", "بعضی", "بخشی", "تن", "نفر", "بیش", "کمتر", "درصد", "زیادی", "کثیری", "معدودی", "دیگری":
		return true
	}
	return false
}

// apposition reports whether the word at i, after a comma, explains the name
// before it: «…، سخنگوی …».
func (d *doc) apposition(i int) bool {
	return d.is(i, role) || d.is(i, preposition) && d.w[i].Key == "از" && i+1 < len(d.w) && d.is(i+1, speaker|role)
}

// names reports whether Words[i:j] hold a name.
func (d *doc) names(i, j int) bool {
	for ; i < j; i++ {
		if d.mention[i].last > 0 || d.quote(i) == 1 {
			return true
		}
	}
	return false
}

// tied reports whether the word at j is in one noun phrase with the word before it.
func (d *doc) tied(j int) bool {
	if !d.tagged {
		return true
	}
	p, w := &d.w[j-1], &d.w[j]
	if p.Indef && w.Tag != word.ADJ && w.Tag != word.PROPN {
		return false
	}
	if d.is(j-1, role) && (w.Tag == word.NOUN || w.Tag == word.PROPN) {
		return true
	}
	if p.Key == "و" || p.Key == "از" || p.Ezafe || w.Tag == word.ADJ || p.Tag == word.DET || p.Tag == word.NUM || p.Tag == word.PUNCT {
		return true
	}
	if d.mention[j-1].typ == report.PER && d.mention[j-1].last == j {
		return d.is(j, role)
	}
	if m := d.mention[j-1]; m.last > j || m.last > 0 && d.is(j, role) {
		return true
	}
	if m := d.mention[j]; m.typ == report.PER && d.is(j-1, speaker|role) {
		return true
	}
	return p.Tag == word.PROPN && w.Tag == word.PROPN
}

// stop reports whether no noun phrase goes on over the word at i.
func (d *doc) stop(i int) bool {
	w := &d.w[i]
	return w.Key == "که" || w.Key == "را" || w.Tag == word.SCONJ || w.Tag == word.ADP && w.Key != "روی" && d.adp(i) || d.is(i, preposition|adverb) && d.mention[i].last == 0 ||
		d.finite(i) || d.time[i] > 0
}

// paren returns the index behind the parenthesis that opens at i, i where it does not close soon.
func (d *doc) paren(i, hi int) int {
	for j := i + 1; j < hi && j < i+12; j++ {
		if d.w[j].Key == ")" {
			return j + 1
		}
	}
	return i
}

// subject finds the phrase that speaks in Words[lo:hi], the part of a clause
// before its cue: the first phrase that no preposition governs and no «را»
// follows. ok is false where there is none of the kind that speaks.
func (d *doc) subject(lo, hi int, soft bool) (s np, ok bool) {
	var weak np
	for i := lo; i < hi; {
		w := &d.w[i]
		switch {
		case d.time[i] > 0:
			i = d.time[i]
			continue
		case w.Key == "(":
			if p := d.paren(i, hi); p > i {
				i = p
				continue
			}
			i++
			continue
		case w.Tag == word.PUNCT && d.quote(i) != 1:
			i++
			continue
		case w.Key == "که" || w.Key == "اگر" || w.Key == "چنانچه":
			i = d.past(i+1, hi)
			continue
		case d.mention[i].last > 0 || d.quote(i) == 1:
		case d.is(i, docNoun) && i+1 < hi && d.finite(i+1) && d.first(i+1) == i: // «خبر داد»
			i++
			continue
		case d.finite(i):
			i = d.after(i)
			continue
		case d.is(i, adverb) || w.Tag == word.ADV || w.Tag == word.CCONJ || w.Tag == word.SCONJ:
			i++
			continue
		case d.is(i, preposition) || w.Tag == word.ADP:
			i = d.pp(i, hi)
			continue
		}
		e := min(d.npEnd(i, hi, soft), hi)
		if e <= i {
			i++
			continue
		}
		if e < hi && d.w[e].Key == "را" {
			// «وزیر خارجه این اقدام را …»: two phrases in one
			if k := d.split(i, e); k > 0 {
				return np{i, k, true}, true
			}
			i = e + 1
			continue
		}
		able := d.able(i, e)
		if able && (e > i+1 || d.w[i].Tag != word.PROPN || d.mention[i].last > 0) {
			return np{i, e, true}, true
		}
		for x := e; x <= hi && x < len(d.w) && x <= i+3; x++ { // a name that nobody knows, and what follows a speaker only
			if d.w[i].Tag != word.VERB && d.long(x, len(d.w), framing) > x {
				return np{i, x, true}, true
			}
			if !d.plain(i, x+1) || d.stop(x) {
				break
			}
		}
		if able {
			return np{i, e, true}, true
		}
		if weak.last == 0 {
			weak = np{i, e, false}
		}
		i = e
	}
	return weak, false
}

// plain reports whether Words[i:j] are nouns and names only, as the names are
// that no lexicon knows.
func (d *doc) plain(i, j int) bool {
	for ; i < j; i++ {
		if t := d.w[i].Tag; t != word.NOUN && t != word.PROPN && (t != word.ADP || d.adp(i)) {
			return false
		}
	}
	return true
}

// adp reports whether the word at i is a preposition. The tagger also takes
// names that it does not know for prepositions: «دیان» of «عوزی دیان با …»,
// where one follows.
func (d *doc) adp(i int) bool {
	return d.is(i, preposition) || d.w[i].Tag == word.ADP && !(i+1 < len(d.w) && d.is(i+1, preposition))
}

// talkTo returns the outlet that the talk at word i, «گفت‌وگو با شماره امروز
// روزنامه X», was with: Words[first:last], last 0 where it was with none.
func (d *doc) talkTo(i, hi int) (first, last int) {
	if !d.is(i, talk) {
		return 0, 0
	}
	x := i + 1
	for x < hi && x < i+6 && d.w[x].Key != "با" && !d.finite(x) && d.w[x].Tag != word.PUNCT {
		x++ // «مصاحبه روز پنجشنبه با …»
	}
	if x >= hi || d.w[x].Key != "با" {
		return 0, 0
	}
	for y := x + 1; y < hi && y < x+8 && !d.finite(y) && d.w[y].Key != "،"; y++ {
		if m := d.mention[y]; m.typ == report.MEDIA && m.last <= hi {
			return y, m.last
		}
		if d.is(y, outlet) {
			e := min(d.npEnd(y, hi, true), hi)
			for z := y; z < e; z++ {
				if m := d.mention[z]; m.typ == report.MEDIA && m.last <= hi {
					e = m.last
				}
			}
			if e > y+1 && e < hi && d.w[e].Key == "(" {
				e = max(e, d.paren(e, hi))
			}
			if e > y+1 {
				return y, e
			}
		}
	}
	return 0, 0
}

// beside finds a person named right before the cue whom no preposition governs:
// «در حاشیه این بازدید حسین کلانتری گفت».
func (d *doc) beside(lo, hi int) (np, bool) {
	for i := hi - 1; i > lo; i-- {
		if m := d.mention[i]; m.last == i+1 && m.typ == report.PER {
			f := d.start(lo, i+1)
			if f > lo && d.w[f-1].Tag != word.ADP && d.w[f-1].Tag != word.PUNCT && !d.is(f-1, preposition) && d.w[f-1].Key != "و" {
				return np{f, i + 1, true}, true
			}
			break
		}
		if !d.is(i, adverb) && d.time[i] == 0 {
			break
		}
	}
	return np{}, false
}

// split returns where the speaker ends in a phrase i…e that runs on into the
// object, 0 where it does not.
func (d *doc) split(i, e int) int {
	if i >= e {
		return 0
	}
	if d.w[i].Key == "این" && i+2 < e && d.is(i+1, speaker|role) && d.tagged && !d.w[i+1].Ezafe && d.mention[i+1].last == 0 && !d.stop(i+2) {
		return i + 2 // «این مسئول هدف این نیرو را …»
	}
	for k := i + 1; k < e; k++ {
		switch d.w[k].Key {
		case "این", "ان", "هر", "هرگونه", "برخی", "چنین", "همین":
		default:
			if m := d.mention[k-1]; m.last != k {
				continue
			}
		}
		if d.able(i, k) && !d.stop(k-1) && d.quote(k) != 2 && d.quote(i) != 1 {
			return k
		}
	}
	return 0
}

// pp returns the index behind the prepositional phrase that begins at i.
func (d *doc) pp(i, hi int) int {
	if e := d.long(i, hi, adverbial); e > i {
		return e
	}
	j := i + 1
	for j < hi && j < i+3 && d.is(j, preposition) && d.mention[j].last == 0 {
		j++
	}
	if j < hi {
		if _, e := d.talkTo(j, hi); e > 0 {
			return e
		}
	}
	if j < hi && d.time[j] > 0 {
		return d.time[j]
	}
	if j < hi && d.w[j].Key == "که" {
		return j
	}
	// «با …، گفت»: a long phrase that a comma closes
	if k := d.w[i].Key; k == "با" || k == "ضمن" || k == "پس" || k == "در" || k == "به" || k == "پیش" || k == "بدنبال" || k == "طی" {
		for c := j; c < hi && c < j+30; c++ {
			if d.w[c].Key == "،" && d.time[c] == 0 {
				e := min(d.npEnd(j, hi, true), hi)
				if e < c && d.tagged && d.speaks(e, c) {
					return e
				}
				return c
			}
			if d.finite(c) {
				break
			}
		}
	}
	if j >= hi {
		return hi
	}
	if d.w[i].Key == "با" && (d.is(j, desk) || d.is(j, outlet)) { // «با خبرنگار ورزشی خبرگزاری فارس»
		for x := j; x < hi && x < j+7 && !d.finite(x); x++ {
			if m := d.mention[x]; m.typ == report.MEDIA && m.last <= hi {
				return m.last
			}
		}
	}
	return max(j, min(d.npEnd(j, hi, true), hi))
}

// speaks reports whether a phrase of the kind that speaks begins at word i.
func (d *doc) speaks(i, hi int) bool {
	for i < hi && (d.time[i] > 0 || d.is(i, adverb)) {
		i++
	}
	if i >= hi || d.stop(i) {
		return false
	}
	e := min(d.npEnd(i, hi, true), hi)
	return e > i && d.able(i, e)
}

// able reports whether Words[i:e] is of the kind that speaks: its head is a
// name, a pronoun, or a noun for people, bodies or documents.
func (d *doc) able(i, e int) bool {
	if d.quote(i) == 1 {
		return true
	}
	for k := i; k < e; k++ {
		w := &d.w[k]
		if m := d.mention[k]; m.last > 0 && m.typ != report.PLACE {
			return true
		}
		if d.is(k, speaker|role|pronoun|docNoun) || w.Tag == word.PROPN && d.mention[k].last == 0 {
			return true
		}
		if !(w.Tag == word.PUNCT || w.Tag == word.DET || w.Tag == word.NUM || w.Key == "یک" || w.Key == "از" || d.partitive(k)) {
			return false
		}
	}
	return false
}

// past returns the index behind the first finite verb from i on.
func (d *doc) past(i, hi int) int {
	for ; i < hi; i++ {
		if d.finite(i) {
			return min(d.after(i), hi)
		}
	}
	return hi
}

// resolve says whom Words[first:last] means. A document speaks for who issued it.
func (d *doc) resolve(first, last int) report.Ref {
	for first < last && d.w[first].Tag == word.PUNCT && d.quote(first) != 1 {
		first++
	}
	for first < last && d.w[last-1].Tag == word.PUNCT && d.quote(last-1) != 2 && d.w[last-1].Key != ")" {
		last--
	}
	if first >= last {
		return report.Ref{}
	}
	whole := span.Span{Start: d.w[first].Span.Start, End: d.w[last-1].Span.End}
	i, j := first, last
	if d.w[i].Key == "یک" && i+1 < j {
		i++
	}
	for i+1 < j && d.is(i, docNoun) {
		if i+2 < j && d.long(i+1, j, sameReport) > i+1 { // «ادامه این گزارش»
			i++
			break
		}
		k := i + 1
		if k+2 < j && d.w[k].Key == "از" && d.w[k+1].Key == "این" && d.is(k+2, docNoun) { // «بخشی از این بیانیه»
			i = k + 1
			break
		}
		for k < j && d.mention[k].last == 0 && !d.is(k, speaker) {
			k++
		}
		if k == j {
			break
		}
		i = k
	}
	for k := i + 1; k < j; k++ { // of joint speakers the first
		if d.w[k].Key == "و" && d.mention[k].last == 0 && k+1 < j && d.names(i, k) && (d.mention[k+1].last > 0 || d.w[k+1].Key == "دیگر") {
			j = k
		}
	}
	if k := d.w[i].Key; d.last.Entity != "" && (k == "این" || k == "همین") && i+1 < j && d.long(i, j, sameReport) > i {
		return report.Ref{Entity: d.last.Entity, Span: whole}
	}
	if ref, ok := d.ref.Phrase(i, j); ok {
		return report.Ref{Entity: ref.Entity, Span: whole}
	}
	if i > first {
		if ref, ok := d.ref.Phrase(first, last); ok {
			return report.Ref{Entity: ref.Entity, Span: whole}
		}
	}
	best := ""
	for k := i; k < j; k++ {
		if m := d.mention[k]; m.last > 0 && m.typ == report.PER {
			best = m.entity
			break
		}
	}
	if m := d.mention[i]; best == "" && m.last > 0 {
		best = m.entity
	}
	if best == "" {
		best = d.describe(i, j)
	}
	return report.Ref{Entity: best, Span: whole}
}

// describe makes an entity of a speaker that the names and the rules of
// reference do not know: the cue shows that it is somebody.
func (d *doc) describe(i, j int) string {
	name := strings.Join(strings.Fields(d.span(i, j).Of(d.r.Text)), " ")
	id := "~" + lexicon.Slug(name)
	if d.r.Entity(id) == nil {
		typ := report.PER
		if d.is(i, outlet) {
			typ = report.MEDIA
		}
		d.r.Entities = append(d.r.Entities, report.Entity{ID: id, Type: typ, Name: name})
	}
	return id
}
