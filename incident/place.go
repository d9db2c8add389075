package incident

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	dict "github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/morph"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/record"
)

// spot is a place that a report names.
type spot struct {
	id       string // entity
	key      string // its name without «بازار», «شهر» …
	name     string
	geo      bool
	local    bool   // «در», «شهر» … stands before it, or the reading took it for the place of the act
	province bool   // «استان» stands before it
	kind     string // the word before its name; not kept in sketches
	fine     bool   // no town: a post, a market, a village, by its name alone
	area     bool   // a province or region
	lat      float64
	lon      float64
	country  string // not kept in sketches
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func add(list, more []spot) []spot {
	for _, s := range more {
		if !slices.ContainsFunc(list, func(o spot) bool { return o.id == s.id }) {
			list = append(list, s)
		}
	}
	return list
}

// spots returns the towns and the areas that a sentence names. Where the news
// comes from («به گزارش … از بغداد») is no place of the act, nor is a town that
// another is so many kilometres from.
func (x *doc) spots(w *data, s sentence) (towns, areas []spot) {
	for _, m := range x.Record.Mentions {
		if m.Start < s.start || m.Start >= s.end {
			continue
		}
		e := x.entity[m.Entity]
		if e == nil || e.Type != "PLACE" {
			continue
		}
		i := slices.IndexFunc(s.tokens, func(t token) bool { return t.end > m.Start })
		if i > 0 && s.tokens[i-1].key == "از" || m.End <= x.dateline() {
			continue
		}
		if i > 1 && strings.HasPrefix(s.tokens[i-1].key, "کیلومتر") || i > 2 && strings.HasPrefix(s.tokens[i-2].key, "کیلومتر") || i > 3 && strings.HasPrefix(s.tokens[i-3].key, "کیلومتر") {
			continue
		}
		p := spot{id: e.ID, name: e.Name}
		p.local = i > 0 && w.has("local", s.tokens[i-1:i]) || i >= 0 && w.has("local", s.tokens[i:i+1])
		if i > 0 {
			p.kind = s.tokens[i-1].key
		}
		p.province = i > 1 && s.tokens[i-1].key == "استان" && w.has("within", s.tokens[i-2:i-1])
		var parts []string
		for _, f := range strings.FieldsFunc(e.Name, func(r rune) bool { return !word(r) }) {
			k := spell.Key(f)
			if k != "" && !w.has("place", []token{newToken(k, 0, 0)}) {
				parts = append(parts, k)
			}
		}
		p.key = strings.TrimPrefix(strings.Join(parts, " "), "ال")
		if p.key == "" {
			continue
		}
		if g := e.Place; g != nil && (g.Lat != 0 || g.Lon != 0) {
			p.geo, p.lat, p.lon = true, g.Lat, g.Lon
		}
		if e.Place != nil {
			p.country = e.Place.Country
		}
		p.area = w.areas[e.ID]
		if g := e.Place; g != nil {
			switch g.Precision {
			case "city", "point", "":
			default:
				p.area = true
				p.province = g.Precision == "province"
			}
			if g.Precision == "water" {
				continue
			}
		}
		if p.area || p.province {
			areas = add(areas, []spot{p})
		} else {
			towns = add(towns, []spot{p})
		}
	}
	for i, t := range s.tokens {
		if !w.has("spot", []token{t}) {
			continue
		}
		j := i + 1
		for j < len(s.tokens) && j < i+3 && w.has("spot-kind", s.tokens[j:j+1]) {
			j++
		}
		if j == len(s.tokens) || w.has("no-name", s.tokens[j:j+1]) || w.has("spot-kind", s.tokens[j:j+1]) {
			continue
		}
		if slices.ContainsFunc(x.Record.Mentions, func(m record.Mention) bool {
			e := x.entity[m.Entity]
			return m.Start <= s.tokens[j].start && s.tokens[j].start < m.End && e != nil && e.Known
		}) {
			continue // the lexicon knows what it is
		}
		key := strings.TrimPrefix(s.tokens[j].key, "ال")
		if noName(s.tokens[j].key) {
			continue // «نیرو به منطقه بفرستد»
		}
		if len([]rune(key)) < 3 || unicode.IsDigit([]rune(key)[0]) || slices.ContainsFunc(towns, func(p spot) bool { return p.key == key }) || slices.ContainsFunc(areas, func(p spot) bool { return p.key == key }) {
			continue
		}
		p := spot{id: "spot " + key, key: key, name: string(x.text[s.tokens[j].start:s.tokens[j].end]), fine: true, local: true, kind: t.key}
		if t.key == "استان" && (i == 0 || !w.has("within", s.tokens[i-1:i])) {
			continue // «فرمانده مرزبانی استان تصریح کرد» names no province
		}
		if t.key == "استان" {
			p.fine, p.province = false, true
			areas = append(areas, p)
			continue
		}
		towns = append(towns, p)
	}
	return towns, areas
}

// dateline returns where the text's line of place, agency and day ends,
// «استانبول - خبرگزاری …»، «کابل (پژواک، ۱۹ میزان):»; 0 where there is none. It says where the
// news was written, not where the act was.
func (x *doc) dateline() int {
	start := x.textStart()
	for i := start; i < len(x.text) && i < start+60; i++ {
		switch r := x.text[i]; {
		case r == '\n' || r == '.' || r == '؛':
			return 0
		case r == '(' || r == '/' || r == '-' || r == '–' || r == '—' || r == 'ـ':
			if i == start {
				return 0
			}
			for _, t := range tokensOf(string(x.text[start:i])) {
				if loaded.has("local", []token{t}) || morph.IsFinite(t.key) {
					return 0 // a sentence has begun
				}
			}
			if n := len(strings.Fields(string(x.text[start:i]))); n > 6 {
				return 0
			}
			return i
		}
	}
	return 0
}

// placed returns the keys of words that stand where the place of an act does:
// behind «در», «روستای» and the like. A town that no gazetteer has is known by them, and by
// how rare it is: «در جریان» stands in every other report.
func (x *doc) placed(s *scene) []string {
	w := loaded
	var out []string
	for i := 1; i < len(s.tokens); i++ {
		before, t := s.tokens[i-1:i], s.tokens[i]
		if !w.has("local", before) && !w.has("spot", before) && !w.has("named", before) || w.has("local", s.tokens[i:i+1]) || w.has("spot", s.tokens[i:i+1]) || w.has("no-name", s.tokens[i:i+1]) {
			continue
		}
		key := strings.TrimPrefix(t.key, "ال")
		if len([]rune(key)) < 3 || unicode.IsDigit([]rune(key)[0]) || noName(t.key) || x.counts(t) {
			continue
		}
		out = append(out, key)
	}
	for i := range s.tokens {
		if n := x.quoted(s, i); n > 0 {
			name := ""
			for _, t := range s.tokens[i : i+n] {
				name += t.key // «مهران‌دریا», «مهران دریا», «مهراندریا»
			}
			out = append(out, "«"+name)
		}
	}
	return out
}

// quoted returns how many words stand in quotation marks from a word on, where they are a
// name, «اوشن ماریگولد»: up to three, and not what somebody says; else 0.
func (x *doc) quoted(s *scene, i int) int {
	t := s.tokens[i]
	if t.start == 0 || !strings.ContainsRune("«\"", x.text[t.start-1]) || t.start > 2 && x.text[t.start-3] == ':' {
		return 0
	}
	for j := i; j < min(i+3, len(s.tokens)); j++ {
		if e := s.tokens[j].end; e < len(x.text) && strings.ContainsRune("»\"", x.text[e]) {
			return j + 1 - i
		}
	}
	return 0
}

// noName says whether a word is a verb, an adverb or the like and so begins no name.
func noName(key string) bool {
	c := dict.Of(key)
	return morph.IsFinite(key) || c&(dict.Verb|dict.Adverb|dict.Closed) != 0 && c&dict.Name == 0
}

// What two places are to each other.
const (
	unknown = iota
	same
	within
	far
)

func relation(a, b spot) int {
	if a.id == b.id || a.key == b.key || !(a.geo && b.geo) && respelt(a.key, b.key) {
		return same
	}
	if !a.geo || !b.geo {
		return unknown
	}
	north := math.Abs(a.lat-b.lat) * 2 * math.Pi * 6371 / 360 // no distance is less
	if north > 401 || north > 41 && !a.area && !b.area {
		return far
	}
	d := km(a.lat, a.lon, b.lat, b.lon)
	switch {
	case a.area || b.area:
		if d > 400 {
			return far
		}
		if d < 150 {
			return within
		}
		return unknown
	case d < 25:
		return same
	case d > 40:
		return far
	}
	return unknown
}

// respelt says whether two names are one but for a letter, as foreign ones are written in
// more than one way: «پاولوگراد», «پاولوهراد». Short names are not compared so.
func respelt(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(y) < len(x) {
		x, y = y, x
	}
	if len(x) < 6 || len(y)-len(x) > 1 || x[0] != y[0] {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return i < len(x) && slices.Equal(x[i+1:], y[i+1:])
	}
	return slices.Equal(x[i:], y[i+1:])
}

// distance compares two lists of places: the same where any two are, far where
// the first of each are and none is the same.
func distance(a, b []spot) int {
	best := unknown
	for _, p := range a {
		for _, q := range b {
			switch relation(p, q) {
			case same:
				return same
			case within:
				best = within
			}
		}
	}
	if best == unknown && len(a) > 0 && len(b) > 0 {
		return relation(a[0], b[0])
	}
	return best
}

// km is the distance on a sphere of the Earth's mean radius, 6371 km.
func km(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	a := math.Pow(math.Sin((lat2-lat1)*rad/2), 2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin((lon2-lon1)*rad/2), 2)
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(a)))
}
