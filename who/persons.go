package who

import (
	"strings"

	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// nameLike reports whether word j may stand inside the name of a person.
func (x *finding) nameLike(j int) bool {
	words := x.r.Words.Words
	if j < 0 || j >= len(words) || x.cover[j] > 0 {
		return false
	}
	w := &words[j]
	c := x.class[w.Key]
	if c&(given|part|kunya) != 0 && w.Verb == nil {
		return true
	}
	if c&(stop|roleWord|headWord|titleWord|nisbaWord|modWord) != 0 || x.medium[w.Key] || x.inRole[j] {
		return false
	}
	switch w.Tag {
	case word.NOUN, word.PROPN, word.ADJ, word.X:
	default:
		return false
	}
	if len(x.inTime) > 0 && x.inTime[j] {
		return false
	}
	if strings.HasSuffix(w.Key, "نشین") {
		return false // «سنی‌نشین», «لندن‌نشین»
	}
	return (!w.Plural || w.Tag == word.PROPN || j > 0 && x.class[x.r.Words.Words[j-1].Key]&given != 0) && !w.Indef && w.Verb == nil && len(w.Key) > 2
}

// stranger reports whether the dictionary does not have word j at all, or as a
// given name only, whatever the tagger takes it for: «کاتزمن».
func (x *finding) stranger(j int) bool {
	words := x.r.Words.Words
	if j >= len(words) || x.cover[j] > 0 {
		return false
	}
	w := &words[j]
	if len(w.Key) < 8 || len(w.Key) > 18 || strings.ContainsRune(w.Form, spell.ZWNJ) || w.Verb != nil || w.Plural || w.Indef || w.Degree != 0 || w.Clitic.Form != "" || w.Tag == word.PUNCT || w.Tag == word.NUM ||
		x.class[w.Key]&(stop|roleWord|headWord|titleWord|nisbaWord|modWord|actorWord|peopleWord) != 0 || w.Key[0] < 0xd8 || strings.Contains(w.Key, "می") || len(x.inTime) > 0 && x.inTime[j] {
		return false
	}
	return lex.Of(w.Key)&^lex.Name == 0
}

// proper reports whether word j looks like a name by itself.
func (x *finding) proper(j int) bool {
	w := &x.r.Words.Words[j]
	c := x.class[w.Key]
	if c&(given|surname|part) != 0 || w.Tag == word.PROPN || givenShape(w.Key) {
		return true
	}
	if arabic(w.Key) && w.Tag != word.VERB {
		return true
	}
	for _, e := range x.ends {
		if len(w.Key) >= len(e)+4 && strings.HasSuffix(w.Key, e) {
			return true
		}
	}
	return false
}

// arabic reports whether the key begins with the Arabic article: «القرامیش».
func arabic(key string) bool {
	return strings.HasPrefix(key, "ال") && len(key) > 8 && !strings.HasPrefix(key, "الله") && key != "البته" && key != "الزام" && key != "الهام" && key != "القا" && key != "الگوی" && key != "الزامات" && key != "الکترونیک" && key != "الکترونیکی" && key != "الزامی"
}

// quoteEnd returns the index of the closing quote for the opening one at q,
// where no more than max words stand between; 0 when there is none.
func (x *finding) quoteEnd(q, max int) int {
	words := x.r.Words.Words
	if q < 0 || q >= len(words) || !isQuote(words[q].Form) || words[q].Form == "»" || words[q].Form == "”" {
		return 0
	}
	for j := q + 1; j < len(words) && j <= q+1+max; j++ {
		if words[j].Line != words[q].Line {
			return 0
		}
		if isQuote(words[j].Form) {
			if j > q+1 && words[j].Form != "«" {
				return j
			}
			return 0
		}
	}
	return 0
}

// titleEnd returns the end of the title at word i, 0 for none.
func (x *finding) titleEnd(i int) int {
	words := x.r.Words.Words
	end := 0
	if words[i].Tag == word.PUNCT {
		return 0
	}
	x.buf = x.title.At(x.buf[:0], words, i, nil)
	for _, m := range x.buf {
		end = max(end, m.Last)
	}
	return end
}

// roleEnd returns the end of the longest role title at word i and its index
// in x.role; -1 for none.
func (x *finding) roleEnd(i int) (end, role int) {
	words := x.r.Words.Words
	role = -1
	if i < 0 || i >= len(words) || words[i].Tag == word.PUNCT {
		return 0, -1
	}
	x.buf = x.roles.At(x.buf[:0], words, i, nameEnding)
	for _, m := range x.buf {
		if m.Last > end && words[m.Last-1].Sentence == words[i].Sentence && (m.Rest == "" || vowelEnd(trimRest(words[m.Last-1].Key, m.Rest))) {
			end, role = m.Last, m.Value
		}
	}
	return end, role
}

// persons finds people that the lexicon does not have, by what stands around
// their names.
func (x *finding) persons() {
	x.personPass()
	words := x.r.Words.Words
	beside := func(i int) { // again for quotes beside persons in quotes, from both sides
		if x.cover[i] == 0 && isQuote(words[i].Form) {
			if c := x.quoteEnd(i, 6); c > 0 && x.free(i+1, c) && x.quotedPerson(i, c) {
				x.person(i+1, c, "quoted")
			}
		}
	}
	for i := range words {
		beside(i)
	}
	for i := len(words) - 1; i >= 0; i-- {
		beside(i)
	}
}

func (x *finding) personPass() {
	words := x.r.Words.Words
	x.inRole = make([]bool, len(words))
	for i := range words {
		if x.class[words[i].Key]&roleWord == 0 {
			continue
		}
		for e, _ := x.roleEnd(i); e > i; e-- {
			x.inRole[e-1] = true
		}
	}
	for i := 0; i < len(words); i++ {
		if x.cover[i] > 0 {
			continue
		}
		if isQuote(words[i].Form) {
			if c := x.quoteEnd(i, 6); c > 0 && x.free(i+1, c) && x.quotedPerson(i, c) {
				x.person(i+1, c, "quoted")
				i = c
			}
			continue
		}
		if t := x.titleEnd(i); t > i && t < len(words) && x.class[words[i].Key]&given == 0 {
			if end := x.nameEnd(t, true); end > t && words[t].Line == words[i].Line && (end > t+1 || x.proper(t)) {
				x.person(t, end, "after a title")
				i = end - 1
				continue
			}
		}
		if x.nameLike(i) && (x.class[words[i].Key]&(given|kunya) != 0 || givenShape(words[i].Key)) {
			if end := x.nameEnd(i, false); end > i+1 || end == i+1 && end < len(words) && words[end].Form == "،" && x.opens(i) && x.besideRole(end, end) {
				x.person(i, end, "given name")
				i = end - 1
				continue
			}
		}
		if x.class[words[i].Key]&weakGiven != 0 && x.nameLike(i) && x.opens(i) {
			if end := x.nameEnd(i, false); end > i+1 && x.speaks(end) {
				x.person(i, end, "given name")
				i = end - 1
				continue
			}
		}
		if words[i].Tag == word.PROPN && x.nameLike(i) && x.class[words[i].Key]&actorWord == 0 {
			end := x.nameEnd(i, false)
			switch {
			case end < i+2:
			case x.class[words[i].Key]&weakGiven != 0 && words[i+1].Tag == word.PROPN:
				x.person(i, end, "given name")
				i = end - 1
			case x.besideRole(i, end):
				x.person(i, end, "beside a role")
				i = end - 1
			case x.opens(i) && x.speaks(end):
				x.person(i, end, "speaker")
				i = end - 1
			}
		}
	}
}

// nameEnd returns the end of the name that begins at word i; i when none
// does. loose takes the first word on trust.
func (x *finding) nameEnd(i int, loose bool) int {
	words := x.r.Words.Words
	if !x.nameLike(i) {
		return i
	}
	j := i + 1
	for ; j < len(words) && j < i+6 && words[j].Sentence == words[i].Sentence && words[j].Line == words[i].Line; j++ {
		prev := x.class[words[j-1].Key]
		if !x.nameLike(j) {
			if (prev&given != 0 || givenShape(words[j-1].Key)) && x.stranger(j) {
				j++
			}
			break
		}
		if x.proper(j) || prev&(part|kunya) != 0 {
			continue
		}
		if (prev&(given|weakGiven) != 0 || givenShape(words[j-1].Key) || loose && j == i+1) && (x.surnameShape(j) || (prev&given != 0 || givenShape(words[j-1].Key)) && x.stranger(j)) {
			j++
			break
		}
		break
	}
	for j > i && x.class[words[j-1].Key]&(part|kunya) != 0 && x.class[words[j-1].Key]&(given|surname) == 0 && words[j-1].Key != "اف" && words[j-1].Key != "پور" && words[j-1].Key != "زاده" && words[j-1].Key != "نژاد" && words[j-1].Key != "نیا" && words[j-1].Key != "خان" && words[j-1].Key != "مقدم" {
		j-- // a particle ends no name
	}
	return j
}

// surnameShape reports whether word j may be a surname after a given name:
// the ending ی of origin, or a word that is no adjective or common word.
func (x *finding) surnameShape(j int) bool {
	w := &x.r.Words.Words[j]
	if x.class[w.Key]&weakGiven != 0 {
		return true
	}
	if strings.HasSuffix(w.Key, "ی") {
		return w.Tag != word.ADJ || !w.Ezafe
	}
	return false
}

// quotedPerson weighs whether the words between quotes i and c name a person.
func (x *finding) quotedPerson(i, c int) bool {
	words := x.r.Words.Words
	n := c - i - 1
	score := 0
	for j := i + 1; j < c; j++ {
		odd := x.stranger(j)
		if !x.nameLike(j) && !odd && !(j > i+1 && n == 2 && words[j].Tag == word.VERB && strings.HasSuffix(words[j].Key, "ی") && x.cover[j] == 0) {
			return false
		}
		k := x.class[words[j].Key]
		switch {
		case j == i+1 && (k&given != 0 || givenShape(words[j].Key)):
			score += 3
		case j == i+1 && k&(weakGiven|kunya) != 0:
			score += 2
		case j > i+1 && x.proper(j), odd && n > 1 && n < 4:
			score++
		}
	}
	if n == 1 {
		score--
	}
	if e := x.expected(i + 1); e == report.PER {
		score += 3
	} else if e != "" {
		return false
	}
	if x.roleBefore(i) {
		score += 2
	}
	if n > 1 && x.opens(i) && x.speaks(c) {
		score += 2
		if c+2 < len(words) && words[c+1].Key == "در" && (words[c+2].Key == "گفتوگو" || words[c+2].Key == "گفتگو" || words[c+2].Key == "مصاحبه") {
			score++ // outlets do not give interviews
		}
	}
	k := c + 1
	if k < len(words) && (words[k].Form == "،" || words[k].Form == ",") {
		k++
	}
	if e, _ := x.roleEnd(k); e > k || k < len(words) && x.class[words[k].Key]&personWord != 0 && words[k].Line == words[i].Line {
		score += 3
	} else if k < len(words) && (words[k].Key == "از" || words[k].Key == "یکی" && k+1 < len(words) && words[k+1].Key == "از") {
		if words[k].Key == "یکی" {
			k++
		}
		if e, r := x.roleEnd(k + 1); e > 0 && x.role[r].plural {
			score += 3
		}
	}
	if score < 3 && n > 1 && (x.personBeside(i-1, -1) || x.personBeside(c+1, 1)) {
		return true // «الف» و «ب» و «ج»
	}
	return score >= 3
}

// personBeside reports whether a person in quotes stands next to word i, which
// joins the two, looking in the direction of step.
func (x *finding) personBeside(i, step int) bool {
	words := x.r.Words.Words
	joined := false
	for n := 0; n < 2 && i >= 0 && i < len(words) && (words[i].Form == "،" || words[i].Form == "," || words[i].Key == "و"); n++ {
		joined = true
		i += step
	}
	if !joined || i < 0 || i >= len(words) || !isQuote(words[i].Form) {
		return false
	}
	n := x.over(i + step)
	return n != nil && x.typeOf(n) == report.PER
}

// opens reports whether word i opens a clause: a sentence, or what follows
// «به گزارش …،».
func (x *finding) opens(i int) bool {
	words := x.r.Words.Words
	return i == 0 || words[i-1].Sentence != words[i].Sentence || words[i-1].Form == "،" || words[i-1].Form == ":" && words[i].Line == words[i-1].Line
}

// speaks reports whether a verb of speech follows word i in its sentence.
func (x *finding) speaks(i int) bool {
	words := x.r.Words.Words
	for j := i; j < len(words) && j < i+18 && words[j].Sentence == words[i-1].Sentence; j++ {
		switch words[j].Key {
		case "گفت", "گفته", "افزود", "افزوده", "اظهار", "اظهارداشت", "اعلام", "تاکید", "تصریح", "خاطرنشان", "بیان", "نوشت", "عنوان", "گفتگو", "گفتوگو", "مصاحبه", "یاداور", "هشدار", "مدعی", "ابراز":
			return true
		}
	}
	return false
}

// roleBefore reports whether a role, or a role with its organisation, ends before word i.
func (x *finding) roleBefore(i int) bool {
	words := x.r.Words.Words
	j := i - 1
	if j >= 0 && words[j].Form == "،" {
		j--
	}
	for n := x.over(j); n != nil && j >= 0 && j > i-10; n = x.over(j) {
		j = n.first - 1
	}
	for k := 0; k < 4 && j >= 0; k++ {
		c := x.class[words[j].Key]
		if c&(roleWord|titleWord) != 0 {
			return true
		}
		if words[j].Tag == word.PUNCT || c&stop != 0 {
			return false
		}
		j--
	}
	return false
}

// besideRole reports whether a role stands before or after Words[i:j].
func (x *finding) besideRole(i, j int) bool {
	if x.roleBefore(i) {
		return true
	}
	words := x.r.Words.Words
	k := j
	if k < len(words) && (words[k].Form == "،" || words[k].Form == ",") {
		k++
	}
	if k < len(words) && words[k].Key == "از" {
		e, r := x.roleEnd(k + 1)
		return e > 0 && x.role[r].plural
	}
	e, _ := x.roleEnd(k)
	return e > k
}

// withHead takes a head that is part of the name before the place at word i
// into it: «زندان الحائر».
func (x *finding) withHead(i int) int {
	if i > 0 && x.cover[i-1] == 0 && x.r.Words.Words[i-1].Sentence == x.r.Words.Words[i].Sentence && x.class[x.r.Words.Words[i-1].Key]&headWord != 0 {
		x.buf = x.headTrie.At(x.buf[:0], x.r.Words.Words, i-1, nameEnding)
		for _, m := range x.buf {
			if h := x.heads[x.headForm[m.Value].head]; m.Last == i && h.part && h.typ == report.PLACE {
				return i - 1
			}
		}
	}
	return i
}

func (x *finding) person(i, j int, rule string) {
	name := x.written(i, j)
	if e, ok := x.kin[j]; ok && x.class[x.r.Words.Words[i].Key]&given == 0 && near2(spell.Key(name), spell.Key(x.ents[e].name)) {
		// «سوسیلیو بامبانگ یودهویونو», a slip for «سوسیلو …»
		x.put(found{first: i, last: j, ent: e, typ: report.PER, rule: "spelled otherwise"})
		return
	}
	x.put(found{first: i, last: j, ent: -1, id: lexicon.Slug(name), typ: report.PER, name: name, rule: rule})
}

// near2 reports whether two names differ by at most two letters: put in, left
// out or changed.
func near2(a, b string) bool {
	p, q := []rune(a), []rune(b)
	if max(len(p)-len(q), len(q)-len(p)) > 2 {
		return false
	}
	row := make([]int, len(q)+1)
	for j := range row {
		row[j] = j
	}
	for i := range p {
		left := row[0]
		row[0] = i + 1
		for j := range q {
			next := left
			if p[i] != q[j] {
				next = 1 + min(left, row[j], row[j+1])
			}
			left, row[j+1] = row[j+1], next
		}
	}
	return row[len(q)] <= 2
}

// places finds names that a head word announces: «روستای "عدایه"», «شبکه خبری
// "…"», «خبرگزاری …».
func (x *finding) places() {
	words := x.r.Words.Words
	for i := range words {
		if x.cover[i] > 0 || x.class[words[i].Key]&headWord == 0 && !x.headAt(i) {
			continue
		}
		end, h := 0, int32(-1)
		x.buf = x.headTrie.At(x.buf[:0], words, i, nameEnding)
		for _, m := range x.buf {
			if m.Last > end && (m.Rest == "" || vowelEnd(trimRest(words[m.Last-1].Key, m.Rest))) {
				end, h = m.Last, x.headForm[m.Value].head
			}
		}
		if h < 0 || end >= len(words) || words[end].Line != words[i].Line {
			continue
		}
		hd := &x.heads[h]
		if x.determined(i) {
			continue
		}
		for k := 0; k < 2 && hd.typ == report.MEDIA && end < len(words) && (x.medium[words[end].Key] || x.class[words[end].Key]&nisbaWord != 0); k++ {
			end++
		}
		if q := x.quoteEnd(end, 6); q > 0 {
			if n := x.over(end + 1); n != nil && (n.last == q || hd.typ != report.MEDIA) || n == nil && !x.free(end+1, q) || x.hasVerb(end+1, q) || hd.typ == report.STATE {
				continue
			}
			first, last := end+1, q
			if hd.typ == report.MEDIA && hd.part {
				first, last = i, q+1
			}
			name := x.written(end+1, q)
			typ := hd.typ
			if hd.id == "police" {
				typ = report.PLACE // «شهرداری "پالم بیچ"»
			}
			x.put(found{first: first, last: last, ent: -1, id: lexicon.Slug(name), typ: typ, name: name, rule: "head " + hd.id})
			continue
		}
		if hd.typ == report.PLACE && end < len(words) && x.nameLike(end) {
			last := end
			for last < len(words) && last < end+2 && x.nameLike(last) && words[last].Sentence == words[i].Sentence {
				last++
				if arabic(words[last-1].Key) {
					first := end
					if hd.part {
						first = i
					}
					name := x.written(first, last)
					x.put(found{first: first, last: last, ent: -1, id: lexicon.Slug(name), typ: hd.typ, name: name, rule: "head " + hd.id})
					break
				}
			}
			if x.cover[end] > 0 {
				continue
			}
		}
		if end < len(words) && x.nameLike(end) && words[end].Tag == word.PROPN && (hd.needs == "proper" || hd.needs == "quote" && (hd.typ == report.MEDIA && !strings.HasSuffix(words[end].Key, "ی") || hd.typ == report.PLACE && x.at(end+1) != nil)) && !words[end].Plural && words[end].Degree == 0 {
			last := end + 1
			for last < len(words) && last < end+3 && words[last].Tag == word.PROPN && x.nameLike(last) && words[last].Sentence == words[end].Sentence {
				last++
			}
			first := end
			if hd.part {
				first = i
			}
			name := x.written(first, last)
			x.put(found{first: first, last: last, ent: -1, id: lexicon.Slug(name), typ: hd.typ, name: name, rule: "head " + hd.id})
		}
	}
}

// cited finds outlets that are quoted without a head word: «به گزارش گلف نیوز،».
func (x *finding) cited() {
	words := x.r.Words.Words
	for i := 1; i+1 < len(words); i++ {
		switch words[i].Key {
		case "گزارش", "نوشته":
			if words[i-1].Key != "به" {
				continue
			}
		case "از":
			if i < 2 || words[i-1].Key != "نقل" {
				continue
			}
		default:
			continue
		}
		j := i + 1
		q := j
		if isQuote(words[j].Form) {
			j++
		}
		head := false // «به نقل از پایگاه خبری المسله،»
		x.buf = x.headTrie.At(x.buf[:0], words, j, nameEnding)
		for _, m := range x.buf {
			if h := &x.heads[x.headForm[m.Value].head]; h.typ == report.MEDIA && !h.part && m.Last < len(words)-1 && m.Last > j && q == j {
				head, q = true, m.Last
			}
		}
		if head {
			for q < len(words)-1 && x.medium[words[q].Key] {
				q++
			}
			if j = q; isQuote(words[j].Form) {
				j++
			}
		}
		end := j
		for end < len(words) && end < j+3 && (words[end].Tag == word.PROPN || head && (words[end].Tag == word.NOUN || words[end].Tag == word.X || arabic(words[end].Key))) && x.nameLike(end) && words[end].Sentence == words[i].Sentence && x.class[words[end].Key]&(actorWord|given) == 0 && !givenShape(words[end].Key) {
			end++
		}
		if end == j || end >= len(words) {
			continue
		}
		switch f := words[end].Form; {
		case f == "،", f == ",", f == ":", q < j && isQuote(f), words[end].Key == "از" && words[i].Key == "گزارش":
			name := x.written(j, end)
			x.put(found{first: j, last: end, ent: -1, id: lexicon.Slug(name), typ: report.MEDIA, name: name, rule: "cited"})
		}
	}
}

// within finds places by the country that follows: «مستقر در "لابوئان" مالزی».
func (x *finding) within() {
	words := x.r.Words.Words
	for i := 0; i+2 < len(words); i++ {
		switch words[i].Key {
		case "در", "وارد", "راهی":
		default:
			continue
		}
		j := i + 1
		q := 0
		if isQuote(words[j].Form) {
			q = x.quoteEnd(j, 3)
			j++
			if q == 0 {
				continue
			}
		}
		end := j
		for end < len(words) && end < j+3 && x.nameLike(end) && (words[end].Tag == word.PROPN || q > 0) {
			end++
		}
		if end == j || q > 0 && end != q {
			continue
		}
		next := end
		if q > 0 {
			next++
		}
		if n := x.at(next); n == nil || x.typeOf(n) != report.STATE || words[next].Sentence != words[i].Sentence || x.class[words[j].Key]&actorWord != 0 {
			continue
		}
		name := x.written(j, end)
		x.put(found{first: j, last: end, ent: -1, id: lexicon.Slug(name), typ: report.PLACE, name: name, rule: "within a country"})
	}
}

func (x *finding) hasVerb(i, j int) bool {
	for ; i < j; i++ {
		if w := &x.r.Words.Words[i]; w.Verb != nil || w.Tag == word.VERB || w.Tag == word.AUX {
			return true
		}
	}
	return false
}
