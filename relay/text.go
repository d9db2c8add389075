package relay

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/span"
)

// Text is a report made ready to be compared.
type Text struct {
	doc     *Doc
	whole   string
	words   []word
	title   int // words of the title
	prints  []mark
	topic   []uint32 // words of title and lead, sorted
	names   []uint32 // known entities, sorted; none without a record
	cites   []cite
	said    []said
	days    []int    // on which what it tells of happened, since 1970, sorted
	facts   []uint32 // the rarer words of the whole, in the order of the text
	unknown []cite   // what may be an outlet's name behind a cue
	toldUs  bool     // somebody spoke to its outlet
	keys    []string // by which others may cite its outlet, besides the id
}

// mark is a fingerprint and the first word that it stands for.
type mark struct {
	hash uint64
	at   int
}

// cite is an outlet that the report names as a source.
type cite struct {
	id    string
	step  int // 1 it is named first, 2 it is named behind another, …
	at    span.Span
	facts []uint32 // the rarer words of what the report has from it
}

// said is what one speaker says in the report, longest share first.
type said struct {
	speaker string
	name    string
	person  bool
	own     []string // name and offices
	names   []uint32 // the speaker, and the bodies the offices are of
	at      []span.Span
	bytes   int
}

const (
	shingle     = 5       // words of a fingerprint
	window      = 4       // of so many fingerprints in a row one is kept
	most        = 4096    // fingerprints kept of one report
	longestText = 1 << 20 // bytes that are compared; Persian news has 3 kB, a book has that much
	lead        = 30      // words of the text that tell its topic, with the title
)

// Read makes a report ready to be compared.
func (r *Reader) Read(d *Doc) *Text {
	t := &Text{doc: d, whole: d.Whole()}
	var title []word
	body := 0
	if d.Title != "" {
		title, body = r.plain(start(d.Title), 0), len(d.Title)+1
	}
	rest := r.plain(start(d.Text), body)
	t.toldUs = r.spokeTo(d, title) || r.spokeTo(d, rest)
	t.cites = r.named(d, title, nil)
	t.cites = r.named(d, rest, t.cites)
	title, rest = r.one(title), r.one(rest)
	t.title = len(title)
	t.words = append(title, rest...)
	t.unknown = t.afterCues(r)
	t.prints = fingerprints(t.prints, title, 0)
	t.prints = fingerprints(t.prints, rest, len(title))
	if len(t.prints) > most {
		slices.SortFunc(t.prints, func(a, b mark) int { return cmp.Compare(a.hash, b.hash) })
		t.prints = t.prints[:most:most]
		slices.SortFunc(t.prints, func(a, b mark) int { return a.at - b.at })
	}
	for i, w := range t.words[:min(len(t.words), len(title)+lead)] {
		if n := i - len(title); n >= 8 && strings.Contains(t.whole[min(t.words[i-1].end, w.start):w.start], "\n") {
			break // what stands in later paragraphs may be there under every report
		}
		if !w.empty {
			t.topic = append(t.topic, uint32(w.key>>32))
		}
	}
	slices.Sort(t.topic)
	t.topic = slices.Compact(t.topic)
	t.keys = r.nameKeys(d.Name)
	t.fromRecord()
	t.facts = t.telling(r, 0, len(t.whole), int(limit("facts")))
	for _, list := range [...][]cite{t.cites, t.unknown} {
		for i := range list {
			from, to := t.around(list[i])
			list[i].facts = t.telling(r, from, to, int(limit("cited-facts")))
		}
	}
	return t
}

// start is as much of a text as is compared: its first megabyte.
func start(s string) string {
	if len(s) <= longestText {
		return s
	}
	n := longestText
	for n > longestText-4 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// fingerprints appends one of each four shingles in a row, the smallest.
// A text that is shorter than a shingle has one of all its words.
func fingerprints(out []mark, words []word, offset int) []mark {
	n := len(words) - shingle + 1
	if n < 1 {
		if len(words) > 1 {
			k := make([]uint64, len(words))
			for i, w := range words {
				k[i] = w.key
			}
			out = append(out, mark{fold(k), offset})
		}
		return out
	}
	h := make([]uint64, n)
	for i := range h {
		h[i] = foldWords(words[i : i+shingle])
	}
	last := -1
	for i := 0; i < max(1, n-window+1); i++ {
		least := i
		for j := i + 1; j < min(i+window, n); j++ {
			if h[j] <= h[least] {
				least = j
			}
		}
		if least != last {
			out = append(out, mark{h[least], offset + least})
			last = least
		}
	}
	return out
}

func foldWords(words []word) uint64 {
	var h uint64
	for _, w := range words {
		h = h*0x9e3779b97f4a7c15 + w.key
	}
	return mix(h)
}

// sources says for each word whether a cue like «به گزارش» stands before it: the
// number of the word behind the last cue, -1 where there is none. An outlet that
// names itself first, «به گزارش ایسنا، رویترز نوشت» or «به گزارش ایسنا از رویترز», passes the cue on.
func (r *Reader) sources(d *Doc, words []word) []int {
	own := r.ownNames(d)
	out := make([]int, len(words))
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
		out[i] = cue
	}
	return out
}

// ownNames are the names by which a report may call its own outlet.
func (r *Reader) ownNames(d *Doc) map[uint64][]phrase {
	own := map[uint64][]phrase{}
	name := strings.TrimSpace(d.Name)
	put(own, phrase{words: r.keys(name)})
	if first, rest, ok := strings.Cut(name, " "); ok && r.empty[hash(spell.Key(first))] {
		put(own, phrase{words: r.keys(rest)})
	}
	if short := r.withoutEdition(name); short != "" {
		put(own, phrase{words: r.keys(short)})
	}
	return own
}

// sentenceEnds reports whether a sentence ends between words i and i+1.
func sentenceEnds(whole string, words []word, i int) bool {
	return i+1 < len(words) && strings.ContainsAny(whole[min(words[i].end, words[i+1].start):words[i+1].start], ".\n؛!؟")
}

// told reports whether one of the n words from word i on is a verb of telling, «خبر داد», in the same sentence.
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
func (r *Reader) named(d *Doc, words []word, out []cite) []cite {
	whole := d.Whole()
	cues := r.sources(d, words)
	passed := -1 // word behind the last citation: another may follow, «به گزارش فارس به نقل از …»
	for i := 0; i < len(words); i++ {
		cue := max(cues[i], passed)
		p, ok := longest(r.outlets, words[i:])
		if !ok {
			continue
		}
		end := i + len(p.words)
		cued := cue >= 0 && i >= cue && i-cue <= 5
		if p.short { // a word like others: «مهر», «ایران»
			cued = cue >= 0 && (i == cue || i == cue+1 && words[cue].empty)
			if d.Record != nil { // which knows short names, except behind a name of the outlet itself
				own := cue > 0 && cue == cues[i] && !r.isCue(words, cue)
				cued = cued && own && !d.about(p.id, words[i:end]) && (i > cue || r.tells(whole, words, end, 12))
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

// isCue reports whether a cue ends before word i.
func (r *Reader) isCue(words []word, i int) bool {
	for j := max(0, i-6); j < i; j++ {
		if p, ok := longest(r.before, words[j:]); ok && j+len(p.words) == i {
			return true
		}
	}
	return false
}

// spokeTo reports whether the words say that somebody spoke to the outlet itself: «به
// پژواک گفت» or «در گفت‌وگو با پژواک» in a report of Pajhwok, «به خبرنگار ما گفت».
func (r *Reader) spokeTo(d *Doc, words []word) bool {
	own := r.ownNames(d)
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

// fromRecord adds what the record knows of sources and speakers.
func (t *Text) fromRecord() {
	r := t.doc.Record
	if r == nil {
		return
	}
	var at []int32 // byte of each code point
	for i := range t.whole {
		at = append(at, int32(i))
	}
	at = append(at, int32(len(t.whole)))
	bytes := func(start, end int) span.Span {
		start, end = min(max(start, 0), len(at)-1), min(max(end, 0), len(at)-1)
		return span.Span{Start: int(at[start]), End: int(at[max(start, end)])}
	}
	entities := make(map[string]*record.Entity, len(r.Entities))
	for i := range r.Entities {
		entities[r.Entities[i].ID] = &r.Entities[i]
	}
	t.entities()
	t.when()
	index := map[string]int{}
	speakers := 0
	for _, s := range r.Statements {
		step := 0
		link := func(id string, q span.Span) {
			if id == "" || id == t.doc.Outlet {
				return
			}
			step++
			t.cites = addCite(t.cites, cite{id: id, step: step, at: q})
			if e := entities[id]; e != nil && e.Name != "" {
				if k := spell.Key(e.Name); k != id {
					t.cites = addCite(t.cites, cite{id: k, step: step, at: q})
				}
			}
		}
		for _, v := range s.Via {
			if q := v.Span; q != nil {
				link(v.Entity, bytes(q.Start, q.End))
			} else {
				link(v.Entity, span.Span{})
			}
		}
		if s.Speaker == nil || *s.Speaker == t.doc.Outlet {
			continue
		}
		id := *s.Speaker
		e := entities[id]
		if e == nil {
			continue
		}
		if e.Type == "MEDIA" {
			q := span.Span{}
			if s.SpeakerSpan != nil {
				q = bytes(s.SpeakerSpan.Start, s.SpeakerSpan.End)
			}
			link(id, q)
		}
		if strings.HasPrefix(id, "~") { // only described, or a name that may be an outlet's: «هه‌نگاو می‌گوید»
			if k := spell.Key(e.Name); s.SpeakerSpan != nil && speakers < 2 && !known(t.cites, k) && !known(t.unknown, k) {
				speakers++
				t.unknown = append(t.unknown, cite{id: k, step: 1, at: bytes(s.SpeakerSpan.Start, s.SpeakerSpan.End)})
			}
			continue
		}
		i, ok := index[id]
		if !ok {
			i = len(t.said)
			index[id] = i
			who := said{speaker: id, name: e.Name, person: e.Type == "PER", own: []string{e.Name}, names: []uint32{nameKey(id)}}
			for _, o := range e.Roles {
				who.own = append(who.own, o.Title, o.Span.Text)
				if o.Of != nil {
					who.names = append(who.names, nameKey(*o.Of))
				}
			}
			t.said = append(t.said, who)
		}
		for _, c := range s.Content {
			b := bytes(c.Start, c.End)
			t.said[i].at = append(t.said[i].at, b)
			t.said[i].bytes += b.End - b.Start
		}
	}
	slices.SortStableFunc(t.said, func(a, b said) int { return b.bytes - a.bytes })
}

// citesOutlet returns the citation by which the report names the outlet of d.
func (t *Text) citesOutlet(r *Reader, d *Doc) (cite, bool) {
	if d.Outlet == t.doc.Outlet && d.Outlet != "" {
		return cite{}, false
	}
	for _, c := range t.cites {
		if d.Outlet != "" && c.id == d.Outlet {
			return c, true
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
	if c, ok := t.citesName(r, d.Name); ok {
		return c, true
	}
	if short := r.withoutEdition(d.Name); short != "" {
		return t.citesName(r, short)
	}
	return cite{}, false
}

// nameKeys are the keys by which a record may know an outlet of that name:
// «روزنامه القدس العربی» is «القدس العربی» too.
func (r *Reader) nameKeys(name string) []string {
	name = strings.TrimSpace(name)
	var out []string
	add := func(s string) {
		if k := spell.Key(s); utf8.RuneCountInString(k) >= 3 {
			out = append(out, k)
		}
	}
	add(name)
	if first, rest, ok := strings.Cut(name, " "); ok && r.empty[hash(spell.Key(first))] {
		add(rest)
	}
	if short := r.withoutEdition(name); short != "" {
		add(short)
	}
	return out
}

// aside reports whether the citation is no source of what the report tells:
// it stands far behind, or words near it say so that the other report lacks.
func (t *Text) aside(r *Reader, c cite, other *Text) bool {
	if c.at.Empty() {
		return false
	}
	if float64(c.at.Start) > limit("cited-late")*float64(len(t.whole)) {
		return true
	}
	i, _ := slices.BinarySearchFunc(t.words, c.at.Start, func(w word, at int) int { return int(w.start) - at })
	for k := max(0, i-3); k < min(i+9, len(t.words)); k++ {
		if k > i && strings.ContainsAny(t.whole[min(t.words[k-1].end, t.words[k].start):t.words[k].start], ".\n؛!؟") {
			break
		}
		if p, ok := longest(r.asides, t.words[k:]); ok && !slices.ContainsFunc(other.words, func(w word) bool { return w.key == p.words[0] }) {
			return true // a denial that both report is what the report is about
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
	cues := r.sources(t.doc, t.words)
	last := -1
	for i := range t.words {
		first := i == t.title || i > t.title && sentenceEnds(t.whole, t.words, i-1)
		switch cue := cues[i]; {
		case cue >= 0 && cue != last && i >= cue && (i == cue+2 || !t.words[i].empty):
			last = cue
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
	if len(want) > 1 && want[0].empty { // «خبرگزاری», «روزنامه»
		want = want[1:]
	}
	if len(want) == 0 || want[0].empty {
		return cite{}, false
	}
	_, common := r.common[uint32(want[0].key>>32)]
	cues := r.sources(t.doc, t.words)
	for i := range t.words {
		if i+len(want) > len(t.words) || t.words[i].key != want[0].key {
			continue
		}
		cued := cues[i] >= 0 && i >= cues[i] && i-cues[i] <= 5
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

func nameKey(id string) uint32 { return uint32(hash("entity "+id) >> 32) }

// when are the days of what the record has as happened. Of a report whose day is known
// those of the last days count: «از ۱۵ آوریل می‌جنگند» is what came before.
func (t *Text) when() {
	first, last := math.MinInt, math.MaxInt
	if m := t.doc.Published; m.Known() {
		day := int(m.From.Unix() / 86400)
		first, last = day-int(limit("news")), day+2
	}
	for _, e := range t.doc.Record.Events {
		if e.Date == nil || len(e.Date.Value) != 10 || e.Status != "happened" && e.Status != "ongoing" {
			continue
		}
		if d, err := time.Parse("2006-01-02", e.Date.Value); err == nil {
			if n := int(d.Unix() / 86400); n >= first && n <= last {
				t.days = append(t.days, n)
			}
		}
	}
	slices.Sort(t.days)
	t.days = slices.Compact(t.days)
}

// apart is the least number of days between what two reports tell of; 0 where
// one does not say when it was.
func apart(a, b []int) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	least := -1
	for _, x := range a {
		for _, y := range b {
			if d := max(x-y, y-x); least < 0 || d < least {
				least = d
			}
		}
	}
	return least
}

// entities are the known people, bodies and places of the report, a place
// with its country, since «آنکارا» stands for Turkey and Turkey for «آنکارا».
// Outlets are none of what a report is about.
func (t *Text) entities() {
	for _, e := range t.doc.Record.Entities {
		if strings.HasPrefix(e.ID, "~") || e.Type == "MEDIA" || e.ID == t.doc.Outlet {
			continue
		}
		t.names = append(t.names, nameKey(e.ID))
		if e.Place != nil && e.Place.Country != "" {
			t.names = append(t.names, uint32(hash("country "+e.Place.Country)>>32))
		}
	}
	slices.Sort(t.names)
	t.names = slices.Compact(t.names)
}
