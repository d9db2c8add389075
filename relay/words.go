package relay

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/span"
	"github.com/sanad-project/sanad/terms"
)

// Reader brings reports to words that can be compared. It may be used by many goroutines.
type Reader struct {
	terms      *terms.Terms
	same       map[uint64][]phrase // by their first word: wording that stands for another
	outlets    map[uint64][]phrase // names of outlets
	before     map[uint64][]phrase // cues
	after      map[uint64][]phrase
	statements map[uint64][]phrase // what a printed statement is announced with
	number     map[uint64]int      // of numerals
	empty      map[uint64]bool
	persian    map[string]bool // outlets that write Persian
	agency     map[string]bool // outlets that are news agencies
	asides     map[uint64][]phrase
	told       map[uint64][]phrase // behind an outlet to which somebody spoke
	us         map[uint64][]phrase // somebody spoke to the outlet that prints it
	voices     map[uint64][]phrase // before the name of a body, an outlet through which it speaks
	editions   map[uint64][]phrase // last words of names that others leave out
	common     map[uint32]float64  // share of reports that have the word; those that few have are not in it
	and, to    uint64
	with       uint64
	version    string
}

// phrase is a sequence of words and what it stands for.
type phrase struct {
	words []uint64
	key   uint64
	id    string
	short bool // a name that is a common word too; a cue with a noun between it and the name
}

// word is one word of a report: what it is compared by, and the bytes it was read from.
type word struct {
	key        uint64
	start, end int32
	empty      bool
}

// rules is raised whenever the code makes other words or fingerprints than before.
const rules = 6

// New makes the reader of a lexicon: its outlets and loaded names are known.
func New(lex *lexicon.Lexicon) *Reader {
	r := &Reader{terms: terms.New(lex), same: map[uint64][]phrase{}, outlets: map[uint64][]phrase{}, before: map[uint64][]phrase{},
		after: map[uint64][]phrase{}, statements: map[uint64][]phrase{}, asides: map[uint64][]phrase{}, told: map[uint64][]phrase{}, us: map[uint64][]phrase{}, voices: map[uint64][]phrase{}, editions: map[uint64][]phrase{}, agency: map[string]bool{}, number: map[uint64]int{}, empty: map[uint64]bool{}, persian: map[string]bool{}, common: map[uint32]float64{}}
	r.version = strconv.Itoa(rules) + "-" + r.terms.Version()
	r.and, r.to, r.with = hash("و"), hash("به"), hash("با")
	for line := range dataLines(emptyData) {
		for _, t := range r.terms.Text(line) {
			r.empty[hash(t.Text)] = true
		}
	}
	for _, file := range [...]string{"actors", "places", "outlets"} {
		for _, e := range lex.File(file) {
			for _, f := range e.All("loaded") {
				if p := r.keys(f); len(p) > 1 { // one word of that kind may be another name
					if to := r.keys(e.Get("fa")); len(to) > 0 {
						put(r.same, phrase{words: p, key: fold(to)})
						if len(to) > 1 {
							put(r.same, phrase{words: to, key: fold(to)})
						}
					}
				}
			}
		}
	}
	for line := range dataLines(sameData) {
		name, forms, ok := strings.Cut(line, "=")
		if !ok {
			panic("relay/data/same.txt: " + line)
		}
		name = strings.TrimSpace(name)
		key := hash("=" + name)
		n, err := strconv.Atoi(strings.TrimPrefix(name, "n"))
		if err == nil {
			key = hash(strconv.Itoa(n))
			r.number[key] = n
		}
		for f := range strings.SplitSeq(forms, "|") {
			put(r.same, phrase{words: r.keys(f), key: key})
		}
	}
	for line := range dataLines(commonData) {
		f := strings.Fields(line)
		n, err := strconv.Atoi(f[0])
		if err != nil || n <= 0 || n >= 1000 {
			panic("relay/data/common.txt: " + line)
		}
		for _, s := range f[1:] {
			list := []word{{key: hash(s)}}
			if s[0] != '=' {
				list = r.one(r.plain(s, 0))
			}
			for _, w := range list {
				k := uint32(w.key >> 32)
				r.common[k] = max(r.common[k], float64(n)/1000)
			}
		}
	}
	for line := range dataLines(cuesData) {
		kind, forms, _ := strings.Cut(line, "\t")
		if kind == "persian" {
			for id := range strings.SplitSeq(forms, "|") {
				r.persian[strings.TrimSpace(id)] = true
			}
			continue
		}
		m := r.before
		switch kind {
		case "after":
			m = r.after
		case "statement":
			m = r.statements
		case "aside":
			m = r.asides
		case "told":
			m = r.told
		case "us":
			m = r.us
		case "voice":
			m = r.voices
		case "edition":
			m = r.editions
		}
		for f := range strings.SplitSeq(forms, "|") {
			put(m, phrase{words: r.keys(f), short: kind == "by", id: spell.Key(strings.TrimSpace(f))})
		}
	}
	for _, e := range lex.File("outlets") {
		for _, field := range [...]string{"fa", "short"} {
			for _, name := range e.All(field) {
				put(r.outlets, phrase{words: r.keys(name), id: e.ID, short: field == "short"})
				if strings.Contains(name, "فارسی") {
					r.persian[e.ID] = true
				}
			}
		}
		r.agency[e.ID] = e.Get("kind") == "agency"
		if in := e.Get("in"); in == "iran" || in == "afghanistan" {
			r.persian[e.ID] = true
		}
	}
	for _, m := range [...]map[uint64][]phrase{r.same, r.outlets, r.before, r.after, r.statements, r.asides, r.told, r.us, r.voices, r.editions} {
		for _, list := range m {
			slices.SortStableFunc(list, func(a, b phrase) int { return len(b.words) - len(a.words) })
		}
	}
	return r
}

// Version names what signatures depend on. Signatures of another version are
// to be made anew.
func (r *Reader) Version() string { return r.version }

func put(m map[uint64][]phrase, p phrase) {
	if len(p.words) > 0 {
		m[p.words[0]] = append(m[p.words[0]], p)
	}
}

func (r *Reader) keys(s string) []uint64 {
	var out []uint64
	for _, t := range r.terms.Text(s) {
		out = append(out, hash(t.Text))
	}
	return out
}

// longest returns the longest phrase of m that the words begin with.
func longest(m map[uint64][]phrase, words []word) (phrase, bool) {
	if len(words) == 0 {
		return phrase{}, false
	}
next:
	for _, p := range m[words[0].key] {
		if len(p.words) > len(words) {
			continue
		}
		for i, k := range p.words {
			if words[i].key != k {
				continue next
			}
		}
		return p, true
	}
	return phrase{}, false
}

// plain are the words of s as terms have them; offset is added to their places.
func (r *Reader) plain(s string, offset int) []word {
	list := r.terms.Text(s)
	out := make([]word, len(list))
	for i, t := range list {
		k := hash(t.Text)
		out[i] = word{k, int32(t.Span.Start + offset), int32(t.Span.End + offset), r.empty[k]}
	}
	return out
}

// one makes one word of wording that stands for another, and numbers of
// numerals: «بیست و پنج» is 25.
func (r *Reader) one(words []word) []word {
	out := make([]word, 0, len(words))
	for i := 0; i < len(words); {
		w := words[i]
		n := 1
		if p, ok := longest(r.same, words[i:]); ok {
			n = len(p.words)
			w.key, w.end, w.empty = p.key, words[i+n-1].end, r.empty[p.key]
		}
		i += n
		if v, ok := r.number[w.key]; ok && v >= 20 {
			for step := v; i+1 < len(words) && words[i].key == r.and; {
				p, ok := longest(r.same, words[i+1:])
				if !ok {
					break
				}
				u, ok := r.number[p.key]
				if !ok || u == 0 || u >= step || step < 100 && u >= 10 {
					break
				}
				v, step = v+u, u
				i += 1 + len(p.words)
				w.key, w.end = hash(strconv.Itoa(v)), words[i-1].end
			}
		}
		out = append(out, w)
	}
	return out
}

// hash is FNV-1a with its bits mixed, so that any of them may be taken.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// fold is one number for several.
func fold(list []uint64) uint64 {
	var h uint64
	for _, k := range list {
		h = h*0x9e3779b97f4a7c15 + k
	}
	return mix(h)
}

func (w word) span() span.Span { return span.Span{Start: int(w.start), End: int(w.end)} }
