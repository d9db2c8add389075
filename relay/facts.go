package relay

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// unlisted is the share of reports that have a word which data/common.txt
// does not list: names of villages, of people, figures that no other report has.
const unlisted = 0.006

// rarity is how much it tells that two reports share a word: the logarithm of
// how many reports there are to one that has it, in the press at large or in the
// index, whichever has more. «حمله» 1.1, «گویلیک» 5.1, a town that each tenth report of the index is about 2.3.
func (p *pair) rarity(k uint32) float64 {
	share, ok := p.r.common[k]
	if !ok {
		share = unlisted
	}
	if p.x != nil {
		share = max(share, float64(p.x.count[k%slots])/float64(len(p.x.sigs)+1000))
	}
	return -math.Log(share)
}

// retold says how much of what a report gives by way of a source stands in a
// report of that source. Words count by their rarity, whatever their order.
type retold struct {
	share   float64 // of the weight of the words around the citation
	rare    int     // words among them that few reports have
	whole   float64 // weight of the words that both have, against the lighter of the two reports
	title   float64 // of a title that stands in the other
	figures int     // numbers of people that both have, from four up: of one, two and three there are some everywhere
	astray  bool    // it names towns, and none of them stands in the other
}

// score is one figure of it.
func (f retold) score() float64 {
	return f.share + f.whole + limit("retold-title")*f.title + limit("retold-rare")*min(float64(f.rare), 10) + limit("retold-figure")*min(float64(f.figures), 3)
}

// retold compares what t gives by way of c with the report o of that outlet. What the
// source is called, and besides names, is in both whatever they tell: it does not count.
func (p *pair) retold(t, o *Text, c cite, names ...string) retold {
	own, ownKeys := map[uint64]bool{}, map[uint32]bool{}
	for _, s := range append(names, t.whole[c.at.Start:c.at.End]) {
		for _, w := range p.r.one(p.r.plain(s, 0)) {
			own[w.key], ownKeys[uint32(w.key>>32)] = true, true
		}
	}
	in := make(map[uint64]bool, len(o.words))
	for _, w := range o.words {
		in[w.key] = true
	}
	var f retold
	var all, both float64
	from, to := t.around(c)
	done := map[uint64]bool{}
	for i, w := range t.words {
		if w.empty || own[w.key] || done[w.key] || i >= t.title && (int(w.start) < from || int(w.end) > to) {
			continue
		}
		done[w.key] = true
		v := p.rarity(uint32(w.key >> 32))
		if t.broad[uint32(w.key>>32)] {
			v = min(v, limit("broad"))
		}
		all += v
		if in[w.key] {
			both += v
			if v >= limit("rare") {
				f.rare++
			}
		}
	}
	if all > 0 {
		f.share = both / all
	}
	weight := func(k uint32) float64 {
		v := p.rarity(k)
		if t.broad[k] || o.broad[k] {
			v = min(v, limit("broad"))
		}
		return v
	}
	content := func(t *Text) []uint32 {
		return slices.DeleteFunc(contentOf(t), func(k uint32) bool { return ownKeys[k] })
	}
	f.whole = overlap(content(t), content(o), weight)
	f.title = max(told(t, o, own, weight), told(o, t, own, weight))
	if lead := t.leadBefore(from); lead >= 0 { // which tells the same in short
		from = lead
	}
	for _, m := range t.towns {
		if m.at.Start >= from && m.at.End <= to || m.at.End <= len(t.doc.Title) {
			if f.astray = !in[m.key]; !f.astray {
				break
			}
		}
	}
	for _, n := range t.figures {
		if _, ok := slices.BinarySearch(o.figures, n); ok {
			f.figures++
		}
	}
	return f
}

// retells reports whether t tells by way of c what the report o of that outlet tells.
func (p *pair) retells(t, o *Text, c cite) bool {
	if t.aside(p.r, c, o, 9) {
		return false
	}
	least := limit("retold")
	if d := apart(t.days, o.days); d > 0 { // «شب چهارشنبه» and «بامداد پنجشنبه» may be one, but need not
		least += limit("retold-day") * min(float64(d), 2)
	}
	f := p.retold(t, o, c)
	if t.late(c) { // «منبع: ایسنا» at the end, or an afterthought: the whole has to tell it
		least += limit("retold-late")
		f = p.retold(t, o, cite{}, t.whole[c.at.Start:c.at.End])
	}
	if f.astray {
		least += limit("retold-astray")
	}
	return f.score() >= least
}

// late reports whether the report names the source far behind.
func (t *Text) late(c cite) bool {
	return float64(c.at.Start) > limit("cited-late")*float64(len(t.whole))
}

// heard is who spoke to a's outlet, where b gives the same in other words, later,
// from nobody else, and does not say to whom it was said: «سخنگو به پژواک گفت» and «سخنگو گفته است».
func (p *pair) heard(a, b *Text) (said, bool) {
	if !a.toldUs || b.toldUs || len(a.said) == 0 || len(b.said) == 0 || len(b.cites) > 0 || a.said[0].speaker != b.said[0].speaker ||
		a.doc.Outlet != "" && a.doc.Outlet == b.doc.Outlet || !a.doc.Published.Before(b.doc.Published) || apart(a.days, b.days) > 0 {
		return said{}, false
	}
	names := slices.Concat(a.said[0].own, b.said[0].own, []string{a.said[0].first.Of(a.whole), b.said[0].first.Of(b.whole)})
	return a.said[0], p.retold(b, a, cite{}, names...).score() >= limit("heard")
}

// around is where a report says what it has from a source: the paragraph in
// which it names it, and the first sentence of the next, «بنا بر این گزارش …»; of one
// that the title names, the whole of the first.
func (t *Text) around(c cite) (from, to int) {
	from, to = 0, len(t.whole)
	if c.at.Empty() {
		return from, to
	}
	from = strings.LastIndexByte(t.whole[:c.at.Start], '\n') + 1
	if i := strings.IndexByte(t.whole[c.at.End:], '\n'); i >= 0 {
		to = c.at.End + i
		next := t.whole[to+1:]
		ends := ".!؟\n"
		if c.at.End <= len(t.doc.Title) {
			ends = "\n"
		}
		if j := strings.IndexAny(next, ends); j >= 0 {
			next = next[:j]
		}
		to += 1 + len(next)
	}
	return from, to
}

// leadBefore is where the first paragraph begins, if the second begins at byte from; else -1.
func (t *Text) leadBefore(from int) int {
	body := 0
	if t.doc.Title != "" {
		body = len(t.doc.Title) + 1
	}
	if from > body && !strings.Contains(t.whole[body:from-1], "\n") {
		return body
	}
	return -1
}

// telling are up to n words of the title and of the text from byte from to byte to
// that data/common.txt does not list, in the order of the text; where they are few,
// with those that it lists as the least common.
func (t *Text) telling(r *Reader, from, to, n int) []uint32 {
	var rare, rest []uint32
	seen := make(map[uint32]bool)
	for i, w := range t.words {
		k := uint32(w.key >> 32)
		if w.empty || seen[k] || i >= t.title && (int(w.start) < from || int(w.end) > to) {
			continue
		}
		seen[k] = true
		if _, common := r.common[k]; common {
			rest = append(rest, k)
		} else if rare = append(rare, k); len(rare) == n {
			return rare
		}
	}
	slices.SortStableFunc(rest, func(a, b uint32) int { return cmp.Compare(r.common[a], r.common[b]) })
	for _, k := range rest {
		if len(rare) >= n/2 || r.common[k] > 0.1 {
			break
		}
		rare = append(rare, k)
	}
	return rare
}

// overlap is the weight of the words that both sorted lists have, against that of the lighter one.
func overlap(a, b []uint32, weight func(uint32) float64) float64 {
	var all, wa, wb float64
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			wa += weight(a[i])
			i++
		case i == len(a) || a[i] > b[j]:
			wb += weight(b[j])
			j++
		default:
			w := weight(a[i])
			all, wa, wb = all+w, wa+w, wb+w
			i++
			j++
		}
	}
	if m := min(wa, wb); m > 0 {
		return all / m
	}
	return 0
}
