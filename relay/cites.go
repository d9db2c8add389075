package relay

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/span"
)

// sources says for each word whether a cue like «به گزارش» stands before it: the
// number of the word behind the last cue, -1 where there is none. An outlet that
// names itself first, «به گزارش ایسنا، رویترز نوشت» or «به گزارش ایسنا از رویترز», passes the cue on.
func (r *Reader) sources(d *Doc, own map[uint64][]phrase, words []word) []int32 {
	out := make([]int32, len(words))
	cue := -1
	for i := range words {
		if p, ok := longest(r.before, words[i:]); ok {
			cue = i + len(p.words)
		}
		if cue >= 0 && i >= cue && i-cue <= 2 {
			n := 0
			if p, ok := longest(r.outlets, words[i:]); ok && p.id == d.Outlet {
				n = len(p.words)
			} else if p, ok := longest(own, words[i:]); ok {
				n = len(p.words)
			}
			if n > 0 {
				cue = i + n
			}
		}
		out[i] = int32(cue)
	}
	return out
}

// ownNames are the names by which a report may call its own outlet.
func (r *Reader) ownNames(d *Doc) map[uint64][]phrase {
	own := map[uint64][]phrase{}
	for _, name := range r.variants(d.Name) {
		put(own, phrase{words: r.keys(name)})
	}
	for _, list := range own {
		slices.SortStableFunc(list, func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	return own
}

// variants are the names by which others call an outlet of that name, the whole first:
//
//	روزنامه القدس العربی	القدس العربی
//	پایگاه خبری شفق	شفق
//	خبرگزاری صدای افغان (آوا)	خبرگزاری صدای افغان, صدای افغان, آوا
//	اسپوتنیک ایران	اسپوتنیک
func (r *Reader) variants(name string) []string {
	name = strings.TrimSpace(name)
	if len(name) > 200 {
		return []string{name}
	}
	out := []string{name}
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	whole := out
	if open := strings.IndexAny(name, "(«"); open > 0 {
		whole = []string{name[:open]}
		inside := strings.TrimFunc(name[open:], func(c rune) bool { return strings.ContainsRune("()«» ", c) })
		if words := r.plain(inside, 0); len(words) > 0 {
			if p, ok := longest(r.editions, words); !ok || len(p.words) < len(words) {
				whole = append(whole, inside)
			}
		}
	}
	for _, s := range whole {
		add(s)
		rest := strings.Fields(s)
		for len(rest) > 1 && r.allEmpty(rest[0]) {
			rest = rest[1:]
		}
		if s = strings.Join(rest, " "); len(rest) > 1 || !r.allEmpty(s) {
			add(s)
			add(r.withoutEdition(s))
		}
	}
	return out
}

// allEmpty reports whether a name has no words but «خبرگزاری», «روزنامه» and the like.
func (r *Reader) allEmpty(s string) bool {
	return !slices.ContainsFunc(r.plain(s, 0), func(w word) bool { return !w.empty })
}

// sentenceEnds reports whether a sentence ends between words i and i+1.
func sentenceEnds(whole string, words []word, i int) bool {
	return i+1 < len(words) && strings.ContainsAny(whole[min(words[i].end, words[i+1].start):words[i+1].start], ".\n؛!؟")
}

// tells reports whether one of the n words from word i on is a verb of telling, «خبر داد», in the same sentence.
func (r *Reader) tells(whole string, words []word, i, n int) bool {
	for j := i; j < min(i+n, len(words)); j++ {
		if _, ok := longest(r.after, words[j:]); ok {
			return true
		}
		if sentenceEnds(whole, words, j) {
			return false
		}
	}
	return false
}

// named appends the outlets that the words name as their source.
func (r *Reader) named(d *Doc, own map[uint64][]phrase, words []word, out []cite) []cite {
	whole := d.Whole()
	cues := r.sources(d, own, words)
	passed := -1 // word behind the last citation: another may follow, «به گزارش فارس به نقل از …»
	for i := 0; i < len(words); i++ {
		cue := max(int(cues[i]), passed)
		p, ok := longest(r.outlets, words[i:])
		if !ok {
			continue
		}
		end := i + len(p.words)
		cued := cue >= 0 && i >= cue && i-cue <= 5
		if p.short { // a word like others: «مهر», «ایران»
			cued = cue >= 0 && (i == cue || i == cue+1 && words[cue].empty)
			if d.Record != nil { // which knows short names, except behind a name of the outlet itself
				behind := cue > 0 && cue == int(cues[i]) && !r.isCue(words, cue)
				cued = cued && behind && !d.about(p.id, words[i:end]) && (i > cue || r.tells(whole, words, end, 12))
			}
		}
		if !p.short {
			reach := 7
			if i == 0 || sentenceEnds(whole, words, i-1) { // it is what the sentence is about
				reach = 14
			}
			cued = cued || r.tells(whole, words, end, reach)
		}
		if !cued && i > 0 && words[i-1].key == r.to && !d.about(p.id, words[i:end]) {
			for j := end; !cued && j < min(end+2, len(words)); j++ { // «به پژواک گفته است»
				_, cued = longest(r.told, words[j:])
			}
		}
		if cued && p.id != d.Outlet {
			out = addCite(out, cite{id: p.id, step: 1 + chained(out, int(words[i].start)), at: span.Span{Start: int(words[i].start), End: int(words[end-1].end)}})
			passed = end
		}
		i = end - 1
	}
	return out
}

// announcements notes where a statement is announced.
func (t *Text) announcements(r *Reader) {
	t.open = -1
	for k := t.title; k < len(t.words); k++ {
		if _, ok := longest(r.statements, t.words[k:]); !ok {
			continue
		}
		t.issued = append(t.issued, k)
		if t.open < 0 {
			rest := t.whole[t.words[k].start:min(len(t.whole), int(t.words[k].start)+500)]
			if j := strings.IndexAny(rest, ".:؛!؟\n"); j >= 0 && rest[j] == ':' {
				t.open = k
			}
		}
	}
}

// isCue reports whether a cue ends before word i.
func (r *Reader) isCue(words []word, i int) bool {
	for j := max(0, i-6); j < i; j++ {
		if p, ok := longest(r.before, words[j:]); ok && j+len(p.words) == i {
			return true
		}
	}
	return false
}

// weakCue reports whether the cue before word i is one with a noun behind it: «بنا بر بیانیه …».
func (r *Reader) weakCue(words []word, i int) bool {
	for j := max(0, i-3); j < i; j++ {
		if p, ok := longest(r.before, words[j:]); ok && p.short && j+len(p.words) == i {
			return true
		}
	}
	return false
}

// spokeTo reports whether the words say that somebody spoke to the outlet itself: «به
// پژواک گفت» or «در گفت‌وگو با پژواک» in a report of Pajhwok, «به خبرنگار ما گفت».
func (r *Reader) spokeTo(d *Doc, own map[uint64][]phrase, words []word) bool {
	for i := range words {
		if _, ok := longest(r.us, words[i:]); ok {
			return true
		}
		p, ok := longest(own, words[i:])
		if q, known := longest(r.outlets, words[i:]); !ok && known && q.id == d.Outlet {
			p, ok = q, true
		}
		if !ok || i == 0 {
			continue
		}
		at := i - 1 // of «به», with a noun between: «به خبرگزاری پژواک», «به گزارشگر هرانا»
		if words[at].key != r.to && words[at].key != r.with && at > 0 {
			at--
		}
		switch words[at].key {
		case r.to:
			for j := i + len(p.words); j < min(i+len(p.words)+2, len(words)); j++ {
				if _, ok := longest(r.told, words[j:]); ok {
					return true
				}
			}
		case r.with:
			return true
		}
	}
	return false
}

// about reports whether the record knows somebody or something else by these
// words than an outlet: «به ایران گفت».
func (d *Doc) about(id string, words []word) bool {
	if d.Record == nil {
		return false
	}
	whole := d.Whole()
	k := spell.Key(whole[words[0].start:words[len(words)-1].end])
	return slices.ContainsFunc(d.Record.Entities, func(e record.Entity) bool {
		return e.ID != id && e.Type != "MEDIA" && e.Known && spell.Key(e.Name) == k
	})
}

// chained is the step of the source that stands less than some words before:
// «به گزارش فارس به نقل از رویترز».
func chained(list []cite, at int) int {
	if n := len(list); n > 0 && at-list[n-1].at.End < 60 && at >= list[n-1].at.End {
		return list[n-1].step
	}
	return 0
}

func addCite(list []cite, c cite) []cite {
	for i := range list {
		if list[i].id == c.id {
			list[i].step = min(list[i].step, c.step)
			return list
		}
	}
	return append(list, c)
}

// bodyOf is the entity whose name the outlet of a report bears: of «پایگاه
// اطلاع‌رسانی هلال احمر» the Red Crescent, which the report has to name; "" where there is none.
func (r *Reader) bodyOf(d *Doc) string {
	name := strings.TrimSpace(d.Name)
	words := r.plain(name, 0)
	if p, ok := longest(r.voices, words); ok && len(p.words) < len(words) {
		name = name[words[len(p.words)].start:]
	}
	k := spell.Key(name)
	if utf8.RuneCountInString(k) < 3 {
		return ""
	}
	for _, e := range d.Record.Entities {
		if e.Type != "MEDIA" && e.Type != "PER" && e.Type != "PLACE" && e.Type != "STATE" && spell.Key(e.Name) == k {
			return e.ID
		}
	}
	for _, m := range d.Record.Mentions {
		if m.Form == "name" && spell.Key(m.Text) == k {
			for _, e := range d.Record.Entities {
				if e.ID == m.Entity && e.Type != "MEDIA" && e.Type != "PER" && e.Type != "PLACE" && e.Type != "STATE" {
					return e.ID
				}
			}
		}
	}
	return ""
}

// citesOutlet returns the citation by which the report names the outlet of o,
// or the body for which that outlet speaks.
func (t *Text) citesOutlet(r *Reader, o *Text) (cite, bool) {
	d := o.doc
	if d.Outlet == t.doc.Outlet && d.Outlet != "" {
		return cite{}, false
	}
	for _, list := range [...][]cite{t.cites, t.unknown} {
		for _, c := range list {
			if d.Outlet != "" && c.id == d.Outlet {
				return c, true
			}
		}
	}
	for _, list := range [...][]cite{t.cites, t.unknown} {
		for _, name := range r.nameKeys(d.Name) {
			for _, c := range list {
				if c.id == name {
					return c, true
				}
			}
		}
	}
	for _, name := range r.variants(d.Name) {
		if c, ok := t.citesName(r, name); ok {
			return c, true
		}
	}
	for _, s := range t.said {
		if s.speaker == o.body && o.body != t.body {
			return cite{id: s.speaker, step: 1, at: s.first}, true
		}
	}
	return cite{}, false
}

// nameKeys are the keys by which a record may know an outlet of that name.
func (r *Reader) nameKeys(name string) []string {
	var out []string
	for _, s := range r.variants(name) {
		if k := spell.Key(s); utf8.RuneCountInString(k) >= 3 && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// aside reports whether the citation is no source of what the report tells:
// one of so many words behind it in the sentence, or a few before, says so and is not in the other report.
func (t *Text) aside(r *Reader, c cite, other *Text, reach int) bool {
	if c.at.Empty() {
		return false
	}
	i, _ := slices.BinarySearchFunc(t.words, c.at.Start, func(w word, at int) int { return int(w.start) - at })
	for k := max(0, i-3); k < min(i+reach, len(t.words)); k++ {
		if k > i && strings.ContainsAny(t.whole[min(t.words[k-1].end, t.words[k].start):t.words[k].start], ".\n؛!؟") {
			break
		}
		p, ok := longest(r.asides, t.words[k:])
		if ok && len(p.words) == 1 { // as a term «پیشتر» is «پیش», as in «سه روز پیش»
			ok = strings.HasPrefix(spell.Key(t.whole[t.words[k].start:t.words[k].end]), p.id)
		}
		if ok && !other.has(p) {
			return true // a denial that both report is what the report is about
		}
	}
	return false
}

// has reports whether the phrase stands in the report.
func (t *Text) has(p phrase) bool {
	for i := 0; i+len(p.words) <= len(t.words); i++ {
		n := 0
		for n < len(p.words) && t.words[i+n].key == p.words[n] {
			n++
		}
		if n == len(p.words) {
			return true
		}
	}
	return false
}

// afterCues are what stands behind «به نوشته» and the like, or at the beginning of a
// sentence before «گزارش داد», one to three words of it: names of outlets that nobody
// knows. Of «به نوشته هه‌نگاو، بستگان …» the first is what the outlet «هه‌نگاو» calls itself.
func (t *Text) afterCues(r *Reader) []cite {
	var out []cite
	take := func(j int) {
		if p, ok := longest(r.outlets, t.words[j:]); ok && p.id != t.doc.Outlet { // a short name: «آن‌گونه که مهر نوشت»
			if !known(out, p.id) && !known(t.cites, p.id) && !t.doc.about(p.id, t.words[j:j+len(p.words)]) {
				out = append(out, cite{id: p.id, step: 1, at: span.Span{Start: int(t.words[j].start), End: int(t.words[j+len(p.words)-1].end)}})
			}
		}
		for n := 1; n <= 3 && j+n <= len(t.words) && len(out) < 9; n++ {
			if n > 1 && strings.ContainsAny(t.whole[min(t.words[j+n-2].end, t.words[j+n-1].start):t.words[j+n-1].start], ".،,:؛\n(«") {
				break
			}
			if n == 1 {
				if _, common := r.common[uint32(t.words[j].key>>32)]; common {
					continue
				}
			}
			k := spell.Key(t.whole[t.words[j].start:t.words[j+n-1].end])
			if utf8.RuneCountInString(k) >= 3 && !known(out, k) && !known(t.cites, k) {
				out = append(out, cite{id: k, step: 1, at: span.Span{Start: int(t.words[j].start), End: int(t.words[j+n-1].end)}})
			}
		}
	}
	last := -1
	for i := range t.words {
		first := i == t.title || i > t.title && sentenceEnds(t.whole, t.words, i-1)
		switch cue := int(t.cues[i]); {
		case cue >= 0 && cue != last && i >= cue && (i == cue+2 || !t.words[i].empty):
			last = cue
			if i == cue && r.weakCue(t.words, cue) {
				i++
			}
			take(i)
		case first && r.tells(t.whole, t.words, i+1, 9):
			for i+1 < len(t.words) && t.words[i].empty {
				i++
			}
			take(i)
		}
	}
	return out
}

func known(list []cite, id string) bool {
	return slices.ContainsFunc(list, func(c cite) bool { return c.id == id })
}

// withoutEdition is an outlet's name without a last word that others leave out,
// «اسپوتنیک» of «اسپوتنیک ایران»; "" where it has none.
func (r *Reader) withoutEdition(name string) string {
	name = strings.TrimSpace(name)
	i := strings.LastIndexByte(name, ' ')
	if i <= 0 {
		return ""
	}
	if _, ok := longest(r.editions, r.plain(name[i+1:], 0)); !ok {
		return ""
	}
	first := strings.Fields(name[:i])
	if len(first) == 1 && r.empty[hash(spell.Key(first[0]))] { // «شبکه ایران»
		return ""
	}
	return name[:i]
}

// citesName looks for a name that the lexicon may lack, after a cue.
func (t *Text) citesName(r *Reader, name string) (cite, bool) {
	want := r.one(r.plain(name, 0))
	if len(want) == 0 || want[0].empty {
		return cite{}, false
	}
	_, common := r.common[uint32(want[0].key>>32)]
	for i := range t.words {
		if i+len(want) > len(t.words) || t.words[i].key != want[0].key {
			continue
		}
		cue := int(t.cues[i])
		cued := cue >= 0 && i >= cue && i-cue <= 5
		for j := cue; cued && len(want) == 1 && common && j < i; j++ {
			cued = t.words[j].empty // «عصر ایران» is not «ایران»
		}
		if !cued && !(len(want) == 1 && common) { // «هه‌نگاو گزارش داد»
			cued = r.tells(t.whole, t.words, i+len(want), 7)
		}
		if !cued {
			continue
		}
		same := true
		for j := range want {
			same = same && want[j].key == t.words[i+j].key
		}
		if same {
			return cite{id: spell.Key(name), step: 1, at: span.Span{Start: int(t.words[i].start), End: int(t.words[i+len(want)-1].end)}}, true
		}
	}
	return cite{}, false
}
