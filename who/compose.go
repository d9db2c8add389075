package who

import (
	"strings"

	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
)

// longest is the most words a composed name may have.
const longest = 14

// compose puts names of organisations together by the grammar of heads.txt:
// a head, modifiers, and the name of that to which it belongs. «پلیس شهر
// موصل» is one name, and Mosul in it is no mention of its own.
func (x *finding) compose() {
	words := x.r.Words.Words
	for i := 0; i < len(words); i++ {
		var p parsed
		if c := x.over(i); c != nil {
			if c.first == i {
				x.extend(c)
				c = x.over(i)
			}
			if c.first != i || x.class[words[i].Key]&headWord == 0 || x.typeOf(c) != report.ORG && x.typeOf(c) != report.GRP {
				i = c.last - 1
				continue
			}
			// a longer composed name may begin with a known one: «مجلس پاکستان»,
			// but «اتحادیه اروپا | بانک مرکزی سوریه را …» are two
			last := c.last
			p = x.parseOver(c, 0)
			if !p.ok || p.last <= last || p.name < 0 || !x.aliasOpen(c) || x.opensBody(last) {
				i = last - 1
				continue
			}
		}
		if x.class[words[i].Key]&headWord == 0 && !x.headAt(i) {
			continue
		}
		if st, ok := x.seats[i+1]; ok && words[i].Key == "دولت" && words[i+1].Sentence == words[i].Sentence {
			x.put(found{first: i, last: i + 2, ent: st, rule: "head government"}) // «دولت منامه»
			i++
			continue
		}
		if !p.ok {
			p = x.parse(i, 0)
		}
		if !p.ok || p.last-i < 2 {
			continue
		}
		h := &x.heads[p.head]
		if (p.name < 0 || h.id == "police" || h.own) && x.determined(i) {
			continue
		}
		n := found{first: i, last: p.last, ent: -1, typ: h.typ, rule: "head " + h.id}
		if h.typ == report.STATE {
			if p.name < 0 {
				continue
			}
			n.ent = x.list[p.name].ent
			n.loaded = x.list[p.name].loaded
			if n.ent < 0 || x.ents[n.ent].typ != report.STATE {
				continue
			}
		}
		n.name = x.written(i, p.last)
		if p.name >= 0 {
			o := &x.list[p.name]
			if o.loaded && h.typ == report.ORG {
				x.load = append(x.load, loadedSpan{o.first, o.last, x.idOf(o)})
			} else {
				n.loaded = n.loaded || o.loaded
			}
			end := o.first
			for end > i+1 && x.placeHead(end-1) == end {
				end-- // «پلیس شهر موصل» is «پلیس موصل»
			}
			n.id = x.idOf(o) + "-" + lexicon.Slug(x.written(i, end))
		} else {
			n.id = lexicon.Slug(n.name)
		}
		x.put(n)
		i = p.last - 1
	}
}

// aliasOpen reports whether a known name may begin a longer one: that of an
// institution, «وزارت ارتباطات» of Iran in «وزارت ارتباطات جمهوری آذربایجان».
func (x *finding) aliasOpen(n *found) bool {
	return n.ent >= 0 && x.ents[n.ent].typ == report.ORG
}

// headAt reports whether a head of several words begins at i.
func (x *finding) headAt(i int) bool {
	x.buf = x.headTrie.At(x.buf[:0], x.r.Words.Words, i, nameEnding)
	return len(x.buf) > 0
}

// extend takes the country into the name of its group or institution: «حزب‌الله لبنان».
func (x *finding) extend(n *found) {
	t := x.typeOf(n)
	if n.ent < 0 || t != report.GRP && (t != report.ORG || x.class[x.r.Words.Words[n.first].Key]&headWord == 0) || x.r.Words.Words[n.first].Key == "بانک" {
		return
	}
	s := x.at(n.last)
	if s == nil || s.ent < 0 || x.ents[s.ent].typ != report.STATE || x.ents[n.ent].in != s.ent ||
		x.r.Words.Words[s.first].Sentence != x.r.Words.Words[n.first].Sentence {
		return
	}
	m := *n
	m.last = s.last
	m.rule += " + country"
	x.put(m)
}

// determined reports whether word i stands after a word that makes it one of
// many: «یک سازمان», «این کمیته».
func (x *finding) determined(i int) bool {
	if i == 0 {
		return false
	}
	w := &x.r.Words.Words[i-1]
	if w.Tag == word.NUM || w.Degree == 2 {
		return true
	}
	switch w.Key {
	case "یک", "این", "ان", "هر", "هیچ", "چند", "چندین", "برخی", "بعضی", "همین", "همان", "دو", "سه", "چهار", "کدام", "سایر", "دیگر", "تنها", "بزرگترین", "مهمترین", "اولین", "نخستین":
		return true
	}
	return false
}

// parsed is what parse made of a head and the words after it.
type parsed struct {
	ok   bool
	head int32
	last int // the name is Words[i:last]
	name int // index of the name at its end, -1 for none
}

// parse reads a composed name at word i.
func (x *finding) parse(i, depth int) parsed {
	words := x.r.Words.Words
	best := parsed{name: -1}
	for _, m := range x.headTrie.At(nil, words, i, nameEnding) {
		hi := x.headForm[m.Value].head
		h := &x.heads[hi]
		if m.Rest != "" && !vowelEnd(trimRest(words[m.Last-1].Key, m.Rest)) || words[m.Last-1].Sentence != words[i].Sentence {
			continue
		}
		if !h.part || h.needs == "quote" && h.typ != report.PLACE && h.typ != report.MEDIA {
			continue
		}
		p := x.rest(i, m.Last, hi, depth)
		if p.ok && (!best.ok || p.last > best.last || p.last == best.last && p.name >= 0 && best.name < 0) {
			best = p
		}
	}
	return best
}

// opensBody reports whether the name of another body begins at word i, and not
// that of a place («ستاد انتخابات استان هرمزگان»).
func (x *finding) opensBody(i int) bool {
	if n := x.at(i); n != nil {
		return x.typeOf(n) == report.ORG || x.typeOf(n) == report.GRP
	}
	p := x.parse(i, 0)
	return p.ok && p.head >= 0 && x.heads[p.head].typ != report.PLACE
}

// parseOver parses where a known name begins, as if it were not there.
func (x *finding) parseOver(n *found, depth int) parsed {
	held, first, last := x.cover[n.first], n.first, n.last
	for k := first; k < last; k++ {
		x.cover[k] = 0
	}
	p := x.parse(first, depth)
	for k := first; k < last; k++ {
		x.cover[k] = held
	}
	return p
}

// rest reads what follows the head Words[i:j].
func (x *finding) rest(i, j int, hi int32, depth int) parsed {
	words := x.r.Words.Words
	h := &x.heads[hi]
	k, mods, open, name := j, 0, 0, -1
	same := func(k int) bool {
		return k < len(words) && words[k].Sentence == words[i].Sentence && words[k].Tag != word.PUNCT && k-i < longest
	}
loop:
	for same(k) {
		if n := x.at(k); n != nil {
			switch t := x.typeOf(n); {
			case t == report.STATE, t == report.PLACE, t == report.ORG && h.typ != report.STATE, t == report.GRP && h.typ != report.STATE:
				name = int(x.cover[k]) - 1
				first := k
				k = n.last
				if t == report.ORG && depth < 2 && x.class[words[first].Key]&headWord != 0 {
					if p := x.parseOver(n, depth+1); p.ok && p.last > k && p.name >= 0 {
						k = p.last
					}
				}
				if s := x.at(k); h.typ == report.GRP && t == report.PLACE && s != nil && s.ent >= 0 && n.ent >= 0 && x.ents[n.ent].in == s.ent {
					k = s.last
				}
			}
			break
		}
		if x.cover[k] > 0 {
			break
		}
		if end := x.placeHead(k); end > 0 && same(end) {
			if n := x.at(end); n != nil && (x.typeOf(n) == report.PLACE || x.typeOf(n) == report.STATE) {
				name, k = int(x.cover[end])-1, n.last
				break
			}
		}
		if end := x.modifier(k, hi); end > 0 {
			k = end
			mods++
			continue
		}
		if depth < 2 {
			if p := x.parse(k, depth+1); p.ok {
				k, name = p.last, p.name
				mods++
				break
			}
		}
		if mods > 0 && words[k].Key == "و" && same(k+1) && x.cover[k+1] == 0 {
			if end := x.modifier(k+1, hi); end > 0 {
				k = end
				continue
			}
		}
		if h.open && open < 3 && words[k-1].Ezafe && x.openWord(k) {
			open++
			k++
			continue
		}
		break loop
	}
	for k < len(words)-2 && mods > 0 && name < 0 && words[k].Form == "،" && x.cover[k+1] == 0 { // «صنعت، معدن و تجارت»
		end := x.modifier(k+1, hi)
		if end == 0 || end+1 >= len(words) || words[end].Key != "و" && words[end].Form != "،" || x.cover[end+1] > 0 {
			break
		}
		if words[end].Key == "و" {
			if last := x.modifier(end+1, hi); last > 0 {
				k = last
				if n := x.at(k); n != nil && (x.typeOf(n) == report.STATE || x.typeOf(n) == report.PLACE) {
					name, k = int(x.cover[k])-1, n.last
				} else if end := k < len(words) && x.cover[k] == 0 && x.placeHead(k) > 0; end {
					if p := x.placeHead(k); x.at(p) != nil && x.typeOf(x.at(p)) == report.PLACE {
						name, k = int(x.cover[p])-1, x.at(p).last
					}
				}
			}
			break
		}
		k = end
	}
	p := parsed{head: hi, last: k, name: name}
	switch h.needs {
	case "name":
		p.ok = name >= 0
	case "both":
		p.ok = name >= 0 && mods > 0
	case "proper":
		p.ok = name >= 0 && mods == 0 && x.typeOf(&x.list[name]) == report.PLACE
	case "quote":
		p.ok = name >= 0 && mods <= 1 && (h.typ == report.MEDIA || x.typeOf(&x.list[name]) == h.typ)
	default:
		p.ok = name >= 0 || mods > 0
	}
	if h.typ == report.STATE && mods > 0 {
		p.ok = false
	}
	return p
}

// openWord reports whether word k may be a modifier that no list has.
func (x *finding) openWord(k int) bool {
	w := &x.r.Words.Words[k]
	switch w.Tag {
	case word.NOUN, word.ADJ, word.PROPN:
	default:
		return false
	}
	return w.Verb == nil && !w.Indef && w.Degree == 0 && x.class[w.Key]&(stop|roleWord|headWord|titleWord) == 0
}

// modifier returns the end of the longest modifier at word k, 0 for none.
func (x *finding) modifier(k int, hi int32) int {
	words := x.r.Words.Words
	x.buf = x.mods.At(x.buf[:0], words, k, nameEnding)
	end := 0
	for _, m := range x.buf {
		if (m.Value == 0 && !x.heads[hi].own || m.Value == int(hi)+1) && words[m.Last-1].Sentence == words[k].Sentence &&
			(m.Rest == "" || vowelEnd(trimRest(words[m.Last-1].Key, m.Rest))) {
			end = max(end, m.Last)
		}
	}
	return end
}

// placeHead returns the end of a head like «شهر» or «استان» at word k, 0 for none.
func (x *finding) placeHead(k int) int {
	words := x.r.Words.Words
	if x.class[words[k].Key]&headWord == 0 {
		return 0
	}
	x.buf = x.headTrie.At(x.buf[:0], words, k, nameEnding)
	end := 0
	for _, m := range x.buf {
		if h := &x.heads[x.headForm[m.Value].head]; !h.part && h.typ == report.PLACE {
			end = max(end, m.Last)
		}
	}
	return end
}

// written returns the source of Words[i:j] on one line with single spaces.
func (x *finding) written(i, j int) string {
	if j <= i {
		return ""
	}
	return strings.Join(strings.Fields(x.r.Words.Span(i, j).Of(x.r.Text)), " ")
}
