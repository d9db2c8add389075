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
	cues    []int32  // of each word the number of the one behind the last cue, see sources
	issued  []int    // words at which a statement is announced
	open    int      // the first of them with a colon behind it: what follows is the statement; -1 where there is none
	figures []int64  // numbers of people from four up, sorted
	towns   []town
	broad   map[uint32]bool // words of the names of states and the like: they are in all that is told of a war
	names   []uint32        // known entities, sorted; none without a record
	cites   []cite
	said    []said
	days    []int    // on which what it tells of happened, since 1970, sorted
	facts   []uint32 // the rarer words of the whole, in the order of the text
	unknown []cite   // what may be an outlet's name behind a cue
	body    string   // entity for which its outlet speaks: the outlet bears its name
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

// town is where a report names a town or a place in one.
type town struct {
	key uint64 // the rarest of its words
	at  span.Span
}

// said is what one speaker says in the report, longest share first.
type said struct {
	speaker string
	name    string
	person  bool
	own     []string  // name and offices
	names   []uint32  // the speaker, and the bodies the offices are of
	first   span.Span // where it is named first as the speaker
	facts   []uint32  // as of a cite
	at      []span.Span
	bytes   int
}

const (
	shingle     = 5       // words of a fingerprint
	window      = 4       // of so many fingerprints in a row one is kept
	most        = 4096    // fingerprints kept of one report
	longestText = 1 << 20 // bytes that are compared; Persian news has 3 kB, a book has that much
	citesSigned = 6       // outlets cited by which a report is looked up
	saidSigned  = 3       // and speakers
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
	own := r.ownNames(d)
	t.toldUs = r.spokeTo(d, own, title) || r.spokeTo(d, own, rest)
	t.cites = r.named(d, own, title, nil)
	t.cites = r.named(d, own, rest, t.cites)
	title, rest = r.one(title), r.one(rest)
	t.title = len(title)
	t.words = append(title, rest...)
	t.cues = r.sources(d, own, t.words)
	t.announcements(r)
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
	t.fromRecord(r)
	for i := range t.said[:min(len(t.said), saidSigned)] {
		from, to := t.around(cite{at: t.said[i].first})
		t.said[i].facts = t.telling(r, from, to, int(limit("cited-facts"))/2)
	}
	t.facts = t.telling(r, 0, len(t.whole), int(limit("facts")))
	for i, list := range [...][]cite{t.cites[:min(len(t.cites), citesSigned)], t.unknown} {
		for k := range list {
			from, to := t.around(list[k])
			list[k].facts = t.telling(r, from, to, int(limit("cited-facts"))>>i) // of what may be a name few are an outlet's
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

// fromRecord adds what the record knows of sources and speakers.
func (t *Text) fromRecord(rd *Reader) {
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
	t.broadNames(bytes)
	t.localities(rd, bytes)
	for _, n := range r.Numbers {
		if n.Min == nil || *n.Min < 4 || n.Max != nil && *n.Max != *n.Min {
			continue
		}
		switch n.Unit {
		case "people", "killed", "wounded", "detained", "missing", "displaced":
			t.figures = append(t.figures, *n.Min)
		}
	}
	slices.Sort(t.figures)
	t.figures = slices.Compact(t.figures)
	t.when()
	t.body = rd.bodyOf(t.doc)
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
			if s.SpeakerSpan != nil {
				who.first = bytes(s.SpeakerSpan.Start, s.SpeakerSpan.End)
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

// localities notes where towns and places in them are named, by the rarest word
// of the name: «بعقوبه» of «بازار بعقوبه».
func (t *Text) localities(rd *Reader, bytes func(start, end int) span.Span) {
	kind := map[string]bool{}
	for _, e := range t.doc.Record.Entities {
		if e.Type == "PLACE" && (e.Place == nil && !e.Known || e.Place != nil && (e.Place.Precision == "city" || e.Place.Precision == "point")) {
			kind[e.ID] = true
		}
	}
	for _, m := range t.doc.Record.Mentions {
		if !kind[m.Entity] || m.Form != "name" {
			continue
		}
		s := bytes(m.Start, m.End)
		i, _ := slices.BinarySearchFunc(t.words, s.Start, func(w word, at int) int { return int(w.start) - at })
		least, of := 1.0, uint64(0)
		for ; i < len(t.words) && int(t.words[i].end) <= s.End; i++ {
			if w := t.words[i]; !w.empty && rd.common[uint32(w.key>>32)] <= least {
				least, of = rd.common[uint32(w.key>>32)], w.key
			}
		}
		if of != 0 {
			t.towns = append(t.towns, town{of, s})
		}
	}
}

// broadNames are the words of names of states, regions and known bodies.
func (t *Text) broadNames(bytes func(start, end int) span.Span) {
	kind := map[string]bool{}
	for _, e := range t.doc.Record.Entities {
		if e.Known && (e.Type == "STATE" || e.Type == "PER" || e.Type == "ORG" || e.Type == "GRP" || e.Place != nil && (e.Place.Precision == "country" || e.Place.Precision == "region")) {
			kind[e.ID] = true
		}
	}
	t.broad = map[uint32]bool{}
	for _, m := range t.doc.Record.Mentions {
		if !kind[m.Entity] || m.Form != "name" {
			continue
		}
		s := bytes(m.Start, m.End)
		i, _ := slices.BinarySearchFunc(t.words, s.Start, func(w word, at int) int { return int(w.start) - at })
		for ; i < len(t.words) && int(t.words[i].end) <= s.End; i++ {
			t.broad[uint32(t.words[i].key>>32)] = true
		}
	}
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
