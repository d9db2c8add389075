package number

import (
	_ "embed"
	"math"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/fa/internal/table"
	"github.com/sanad-project/sanad/fa/spell"
)

//go:embed data/numerals.txt
var numeralsData string

//go:embed data/hedges.txt
var hedgesData string

//go:embed data/around.txt
var aroundData string

type class uint8

const (
	noNumeral class = iota
	unit
	scale
	vague
	few
	one
)

var classNames = map[string]class{"unit": unit, "scale": scale, "vague": vague, "few": few, "one": one}

type numeralWord struct {
	class class
	value int64
}

type words struct {
	numerals map[string]numeralWord
	scales   []struct {
		key   string
		value int64
	}
	hedges map[string][]hedgePhrase // by first key, longest first
	around map[string]around
}

type hedgePhrase struct {
	keys  []string
	hedge Hedge
	weak  bool
}

// around is what a word is beside a number, as bits.
type around uint16

const (
	classifier around = 1 << iota
	timeUnit
	measure
	money
	weight
	label
	notCounted
	person
	material
)

var aroundNames = map[string]around{"classifier": classifier, "time": timeUnit, "measure": measure, "money": money, "weight": weight, "label": label, "not": notCounted, "person": person, "material": material}

var load = sync.OnceValue(func() *words {
	w := &words{numerals: map[string]numeralWord{}, hedges: map[string][]hedgePhrase{}, around: map[string]around{}}
	for _, r := range table.Parse("numerals.txt", numeralsData) {
		c := classNames[r.Class]
		for _, s := range r.Words {
			k := spell.Key(s)
			w.numerals[k] = numeralWord{c, r.Value}
			if c == scale {
				w.scales = append(w.scales, struct {
					key   string
					value int64
				}{k, r.Value})
			}
		}
	}
	for _, r := range table.Parse("hedges.txt", hedgesData) {
		for _, s := range r.Words {
			ks := table.Keys(s)
			w.hedges[ks[0]] = append(w.hedges[ks[0]], hedgePhrase{ks, Hedge(r.Class), r.Value > 1})
		}
	}
	for _, r := range table.Parse("around.txt", aroundData) {
		for _, s := range r.Words {
			w.around[spell.Key(s)] |= aroundNames[r.Class]
		}
	}
	return w
})

// Numeral is a number as it is written, without hedge or noun.
type Numeral struct {
	First, Last int   // Pieces[First:Last]
	Min, Max    int64 // the same where it is exact; Max is -1 where it is open
	Thousandths int64 // what a decimal has beyond Min, for a numeral without scale: 500 of «۲/۵»
	Digits      int   // how many digits, where it is digits only; 0 for words
	Vague       bool  // «دهها»، «صدها میلیون»
	Few         bool  // «چند»
	One         bool  // «یکی»
	Rule        string
}

// Read reads the numeral that begins at piece i; ok is false where none does.
// Ordinals are none.
//
//	«سه میلیون و پانصد هزار» is 3,500,000; «يكهزار و 355» is 1,355.
func Read(p []Piece, i int) (n Numeral, ok bool) {
	w := load()
	n, ok = w.simple(p, i)
	if !ok || n.Vague || n.One {
		return n, ok
	}
	// «دو سه»، «یکی دو»، «پنج شش»: two small neighbours are a range.
	if n.Digits == 0 && n.Max < 100 && n.Last < len(p) && !n.Few {
		if m, ok := w.simple(p, n.Last); ok && m.Digits == 0 && m.Min > n.Max && m.Min <= n.Max+n.Max/2+1 && m.Min < 1000 && !m.Few && !m.One {
			n.Last, n.Max, n.Rule = m.Last, m.Max, "neighbours"
		}
	}
	return n, true
}

// simple reads one number, composed by «و» and scales.
func (w *words) simple(p []Piece, i int) (Numeral, bool) {
	if i >= len(p) {
		return Numeral{}, false
	}
	if !p[i].Digit {
		nw, ok := w.lookup(p[i].Key)
		if !ok {
			return Numeral{}, false
		}
		if i+1 < len(p) && p[i+1].Key == "ها" && (nw.class == scale || nw.class == unit && (nw.value == 10 || nw.value == 100)) {
			v := nw.value
			if nw.class == unit {
				v *= 2
			}
			n := w.vagueFrom(p, i+1, v)
			n.First = i
			return n, true
		}
		switch nw.class {
		case vague:
			return w.vagueFrom(p, i, nw.value), true
		case one:
			n := Numeral{First: i, Last: i + 1, Min: 1, Max: 1, One: true, Rule: "one"}
			// «یکی دو نفر»
			if i+1 < len(p) {
				if m, ok := w.lookup(p[i+1].Key); ok && m.class == unit && m.value == 2 {
					return Numeral{First: i, Last: i + 2, Min: 1, Max: 2, Rule: "neighbours"}, true
				}
			}
			return n, true
		case few:
			n := Numeral{First: i, Last: i + 1, Min: 2, Max: -1, Few: true, Rule: "few"}
			if i+2 < len(p) && p[i+1].Key == "و" { // «چندین و چند»
				if m, ok := w.lookup(p[i+2].Key); ok && m.class == few {
					n.Last = i + 3
					return n, true
				}
			}
			if i+1 < len(p) { // «چند هزار»، «چند ده»
				if m, ok := w.lookup(p[i+1].Key); ok && (m.class == scale || m.class == unit && (m.value == 10 || m.value == 100)) {
					n.Min, n.Last = 2*m.value, i+2
					for n.Last < len(p) {
						if m, ok := w.lookup(p[n.Last].Key); !ok || m.class != scale || n.Min > math.MaxInt64/m.value {
							break
						} else {
							n.Min *= m.value
						}
						n.Last++
					}
				}
			}
			return n, true
		}
	}
	total, group := int64(0), int64(0)
	lastScale := int64(math.MaxInt64)
	at, parts, digitsOnly := i, 0, 0
	frac := int64(0) // thousandths of the running group
	term, prevScale := int64(0), false
	for at < len(p) {
		j := at
		joined := parts == 0
		if parts > 0 && p[j].Key == "و" {
			joined, j = true, j+1
		}
		if j >= len(p) {
			break
		}
		v, f, next, nd, ok := w.part(p, j)
		if !ok {
			break
		}
		isScale := v < 0
		if isScale {
			v = -v
			if joined && parts > 0 && p[at].Key == "و" && v < lastScale && group == 0 {
				// «دو میلیون و هزار»
			} else if parts > 0 && p[at].Key == "و" {
				break
			}
			if v >= lastScale {
				// «هزار میلیارد»: a scale of a scale
				if prevScale && !joined && total == term && term < math.MaxInt64/v/2 {
					total *= v
					term, lastScale = total, v
					parts, at, digitsOnly = parts+1, next, 0
					continue
				}
				break
			}
			if group == 0 && frac == 0 {
				group = 1
			}
			if group > (math.MaxInt64-total)/v/2 {
				break
			}
			term = group*v + frac*v/1000
			total += term
			prevScale = true
			lastScale, group, frac = v, 0, 0
			parts, at, digitsOnly = parts+1, next, 0
			continue
		}
		if !joined {
			// A second number with no «و»: only what stands under a scale, «سه میلیون پانصد هزار».
			if group != 0 || lastScale == math.MaxInt64 || nd > 0 && next < len(p) && p[j].Glued {
				break
			}
			// it must be followed by a smaller scale, or be less than the scale («2 هزار 600 نفر»)
			sv, _, _, _, ok := w.part(p, next)
			if !(ok && sv < 0 && -sv < lastScale) && (ok || v >= lastScale || v < 100) {
				break
			}
		}
		if v >= 1000 && nd == 0 { // a joined word with its scale: «یکهزار و 355»
			k := int64(1000)
			for v%(k*1000) == 0 {
				k *= 1000
			}
			if parts > 0 && (!joined || group != 0 || v >= lastScale) || v%1000 != 0 && parts > 0 {
				break
			}
			total, lastScale, term, prevScale = total+v, k, v, v%1000 == 0
			if v%1000 != 0 {
				lastScale = 1
			}
			parts, at, digitsOnly = parts+1, next, 0
			continue
		}
		if parts > 0 && joined {
			if group != 0 && (v >= lowest(group) || nd > 0 && v >= 100) {
				break
			}
			if group == 0 && v >= lastScale {
				break
			}
			if lastScale == math.MaxInt64 && digitsOnly > 0 { // «14 و 20»: two numbers
				break
			}
			if lastScale == math.MaxInt64 && nd > 0 {
				break
			}
			// «سه هزار و دو نفر»: the second is part of it; «صد و بیست» likewise. «یک و دو» is not.
			if group != 0 && group < 20 {
				break
			}
		}
		prevScale = false
		group += v
		frac += f
		parts++
		digitsOnly = 0
		if parts == 1 && nd > 0 {
			digitsOnly = nd
		}
		at = next
	}
	if parts == 0 {
		return Numeral{}, false
	}
	total += group
	n := Numeral{First: i, Last: at, Min: total, Max: total, Digits: digitsOnly, Thousandths: frac, Rule: "numeral"}
	// «نیم»: «سه میلیون و نیم», «دو و نیم میلیون»
	if at+1 < len(p) && p[at].Key == "و" && p[at+1].Key == "نیم" {
		if lastScale != math.MaxInt64 && group == 0 {
			n.Min += lastScale / 2
			n.Max, n.Last, n.Digits = n.Min, at+2, 0
		} else if at+2 < len(p) {
			if m, ok := w.lookup(p[at+2].Key); ok && m.class == scale && lastScale == math.MaxInt64 && total < math.MaxInt64/m.value/2 {
				n.Min = total*m.value + m.value/2
				n.Max, n.Last, n.Digits = n.Min, at+3, 0
			} else {
				n.Thousandths += 500
				n.Last = at + 2
			}
		} else {
			n.Thousandths += 500
			n.Last = at + 2
		}
	}
	return n, true
}

// lowest returns the smallest power of ten that v uses: 20 for 120, 1 for 121.
func lowest(v int64) int64 {
	for p := int64(10); ; p *= 10 {
		if v%p != 0 {
			return v % p
		}
		if p > v {
			return v
		}
	}
}

// part reads one numeral word or run of digits: its value, or minus its value
// where it is a scale; thousandths; the next piece; how many digits.
func (w *words) part(p []Piece, i int) (v, frac int64, next, nd int, ok bool) {
	if i >= len(p) {
		return 0, 0, i, 0, false
	}
	if p[i].Digit {
		v, frac, next, nd, ok = readDigits(p, i)
		return v, frac, next, nd, ok
	}
	if p[i].Sign {
		return 0, 0, i, 0, false
	}
	nw, ok := w.lookup(p[i].Key)
	if !ok {
		return 0, 0, i, 0, false
	}
	switch nw.class {
	case unit:
		return nw.value, 0, i + 1, 0, true
	case scale:
		if i+1 < len(p) && p[i+1].Key == "ها" {
			return 0, 0, i, 0, false
		}
		return -nw.value, 0, i + 1, 0, true
	}
	return 0, 0, i, 0, false
}

// vagueFrom reads «دهها هزار»، «صدها میلیون»: Max stays below the next power.
func (w *words) vagueFrom(p []Piece, i int, v int64) Numeral {
	n := Numeral{First: i, Last: i + 1, Min: v, Max: -1, Vague: true, Rule: "vague"}
	for n.Last < len(p) {
		m, ok := w.lookup(p[n.Last].Key)
		if !ok || m.class != scale || n.Min > math.MaxInt64/m.value/10 {
			break
		}
		n.Min *= m.value
		n.Last++
	}
	return n
}

// lookup reads a numeral word, joined ones by their parts: «سیصدهزار» is read
// as an own number, «هفتادوپنج» too.
func (w *words) lookup(key string) (numeralWord, bool) {
	if nw, ok := w.numerals[key]; ok {
		return nw, true
	}
	if len(key) < 8 || len(key) > 64 {
		return numeralWord{}, false
	}
	total, group := int64(0), int64(0)
	low, lastScale := int64(math.MaxInt64), int64(math.MaxInt64)
	for k := key; ; {
		// the longest numeral word that begins k
		best, bw := 0, numeralWord{}
		for end := min(len(k), 24); end >= 4; end-- {
			if nw, ok := w.numerals[k[:end]]; ok && (nw.class == unit || nw.class == scale) {
				best, bw = end, nw
				break
			}
		}
		if best == 0 {
			return numeralWord{}, false
		}
		if bw.class == scale {
			if bw.value >= lastScale {
				return numeralWord{}, false
			}
			total += max(group, 1) * bw.value
			group, low, lastScale = 0, math.MaxInt64, bw.value
		} else {
			if bw.value == 0 || bw.value >= low || group != 0 && group < 20 {
				return numeralWord{}, false
			}
			group += bw.value
			low = lowest(bw.value)
		}
		k = k[best:]
		if k == "" {
			break
		}
		if rest, ok := strings.CutPrefix(k, "و"); ok && rest != "" {
			k = rest
		} else if bw.class == unit {
			// without «و» only a scale may follow
			if !w.scaleBegins(k) {
				return numeralWord{}, false
			}
		}
	}
	return numeralWord{unit, total + group}, true
}

func (w *words) scaleBegins(k string) bool {
	for _, s := range w.scales {
		if strings.HasPrefix(k, s.key) {
			return true
		}
	}
	return false
}

// readDigits reads digits with their separators: «100,000»، «1.000.000»،
// «۱.۶۸»، «۲/۵».
func readDigits(p []Piece, i int) (v, frac int64, next, nd int, ok bool) {
	v, nd, ok = atoi(p[i].Key)
	if !ok {
		return 0, 0, i, 0, false
	}
	next = i + 1
	dotted := false
	for next+1 < len(p) && p[next].Sign && p[next].Glued && p[next+1].Digit && p[next+1].Glued {
		sep, d := p[next].Key, p[next+1].Key
		thousands := len(d) == 3 && v > 0 && nd <= 3
		switch sep {
		case ",", "،", "٬", "'", "’":
			if !thousands && !(len(d) == 3 && frac == 0 && nd > 3) {
				return v, frac, next, nd, true
			}
			x, _, _ := atoi(d)
			if v > math.MaxInt64/2000 {
				return v, frac, next, nd, true
			}
			v = v*1000 + x
			nd += 3
			next += 2
			// more groups are handled by the loop: nd > 3 now
			continue
		case ".", "/", "٫":
			if sep == "." && (thousands || dotted && len(d) == 3 && v < math.MaxInt64/2000) && !scaleFollows(p, next+2) {
				x, _, _ := atoi(d)
				v, nd, next, dotted = v*1000+x, nd+3, next+2, true
				continue
			}
			if len(d) > 3 || frac != 0 {
				return v, frac, next, nd, true
			}
			// a date: 12/3/85
			if next+3 < len(p) && p[next+2].Key == sep && p[next+2].Glued && p[next+3].Digit {
				return v, frac, next, nd, true
			}
			x, k, _ := atoi(d)
			if sep == "/" && p[i].Legacy && scaleFollows(p, next+2) {
				v, x, k = x, v, nd
			}
			for ; k < 3; k++ {
				x *= 10
			}
			return v, x, next + 2, nd, true
		default:
			return v, frac, next, nd, true
		}
	}
	return v, frac, next, nd, true
}

func scaleFollows(p []Piece, i int) bool {
	if i >= len(p) {
		return false
	}
	nw, ok := load().lookup(p[i].Key)
	return ok && nw.class == scale
}

// atoi reads ASCII digits; a number of more than 15 digits is none.
func atoi(s string) (v int64, n int, ok bool) {
	if len(s) == 0 || len(s) > 15 {
		return 0, 0, false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, 0, false
		}
		v = v*10 + int64(s[i]-'0')
	}
	return v, len(s), true
}

// Word returns the value of a numeral written as one word; ok is false for
// anything else.
func Word(key string) (value int64, ok bool) {
	nw, ok := load().lookup(key)
	return nw.value, ok && (nw.class == unit || nw.class == scale)
}
