package when

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/internal/table"
	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/spell"
)

//go:embed data/words.txt
var wordsData string

//go:embed data/phrases.txt
var phrasesData string

//go:embed data/days.txt
var daysData string

// class is what a word may be in a time expression; a word may be several
// («دیگر» is later, «ساعت» a unit and the head of a clock time).
type class uint8

const (
	cNumber class = iota
	cOrdinal
	cNumeric // 1402/12/16
	cColon   // 20:30
	cJal
	cJalWeak
	cJalFull
	cGreg
	cGregWeak
	cHij
	cHijWeak
	cWeekday
	cWeekdays
	cPart
	cParts
	cNear
	cNearNight
	cNearYear
	cUnit
	cUnits
	cUnitAdj
	cUnitOne
	cLast
	cAgo
	cRecent
	cNext
	cLater
	cCurrent
	cThis
	cThat
	cEvery
	cFrom
	cUntil
	cDash
	cToNow
	cHalf
	cQuarter
	cAndHalf
	cAnd
	cApprox
	cEdge
	cCal
	cBC
	cSeason
	cPlace
	cNotAfter
	cClock
	cTimezone
	cDateHead
	cBefore
	cAfter
	cTo
	cNine11
	cPhrase
	cDay
	cEvent
	cYearHead
	cNotDate
	nClasses
)

var classNames = map[string]class{
	"jal": cJal, "jal.weak": cJalWeak, "jal.full": cJalFull, "greg": cGreg, "greg.weak": cGregWeak, "hij": cHij, "hij.weak": cHijWeak,
	"weekday": cWeekday, "weekdays": cWeekdays, "part": cPart, "parts": cParts, "near": cNear, "nearnight": cNearNight, "nearyear": cNearYear,
	"unit": cUnit, "units": cUnits, "unitadj": cUnitAdj, "unitone": cUnitOne, "last": cLast, "ago": cAgo, "recent": cRecent, "next": cNext,
	"later": cLater, "current": cCurrent, "this": cThis, "that": cThat, "every": cEvery, "from": cFrom, "until": cUntil, "until.dash": cDash,
	"tonow": cToNow, "half": cHalf, "quarter": cQuarter, "andhalf": cAndHalf, "and": cAnd, "approx": cApprox, "edge": cEdge, "cal": cCal,
	"cal.bc": cBC, "season": cSeason, "place": cPlace, "notafter": cNotAfter, "clock": cClock, "timezone": cTimezone, "datehead": cDateHead,
	"beforesp": cBefore, "after": cAfter, "to": cTo, "nine11": cNine11, "yearhead": cYearHead, "notdate": cNotDate,
}

type meaning struct {
	class class
	value int
}

type entry struct {
	keys     []string // after the first
	meanings []meaning
	mask     uint64
}

type namedDay struct {
	how  string
	what int
}

type lexicon struct {
	first   map[string][]*entry // by first key, the longest first
	phrases []string            // value by the cPhrase meaning
	days    []namedDay          // by the cDay and cEvent meaning
}

var load = sync.OnceValue(func() *lexicon {
	lx := &lexicon{first: map[string][]*entry{}}
	add := func(phrase string, m meaning) {
		keys := table.Keys(phrase)
		if len(keys) == 0 {
			return
		}
		for _, e := range lx.first[keys[0]] {
			if strings.Join(e.keys, " ") == strings.Join(keys[1:], " ") {
				e.meanings = append(e.meanings, m)
				e.mask |= 1 << m.class
				return
			}
		}
		lx.first[keys[0]] = append(lx.first[keys[0]], &entry{keys[1:], []meaning{m}, 1 << m.class})
	}
	for _, r := range table.Parse("words.txt", wordsData) {
		c, ok := classNames[r.Class]
		if !ok {
			panic("words.txt: unknown class " + r.Class)
		}
		for _, w := range r.Words {
			add(w, meaning{c, int(r.Value)})
		}
	}
	for _, r := range table.Parse("phrases.txt", phrasesData) {
		lx.phrases = append(lx.phrases, r.Class)
		for _, w := range r.Words {
			add(w, meaning{cPhrase, len(lx.phrases) - 1})
		}
	}
	for _, r := range table.Parse("days.txt", daysData) {
		lx.days = append(lx.days, namedDay{r.Class, int(r.Value)})
		c := cDay
		if r.Class == "event" {
			c = cEvent
		}
		for _, w := range r.Words {
			add(w, meaning{c, len(lx.days) - 1})
		}
	}
	for _, list := range lx.first {
		for i := 1; i < len(list); i++ { // a short list: insertion sort, longest first
			for j := i; j > 0 && len(list[j].keys) > len(list[j-1].keys); j-- {
				list[j], list[j-1] = list[j-1], list[j]
			}
		}
	}
	return lx
})

// joinedUnit returns where a number ends that is written together with its
// unit («یکماه»، «دوساله»), 0 where there is none.
func joinedUnit(key string) int {
	for _, u := range [...]string{"سال", "ماه", "روز", "هفته", "ساعت", "دقیقه", "ساله", "ماهه", "روزه", "ساعته", "قرن", "دهه"} {
		if n, ok := strings.CutSuffix(key, u); ok && n != "" {
			if _, ok := number.Word(n); ok || n == "چند" {
				return len(n)
			}
		}
	}
	return 0
}

// split cuts pieces that are two words of time with a half-space between
// («سال‌جاری»), or a number and its unit; what the lists know as one stays one.
func (lx *lexicon) split(source string, p []number.Piece) []number.Piece {
	const zwnj = "\u200c"
	out := p
	cut := false
	for i := range p {
		s := p[i].Span.Of(source)
		k := strings.Index(s, zwnj)
		if p[i].Sign || p[i].Digit {
			k = 0
		} else if k <= 0 && len(p[i].Key) < 24 {
			k = -joinedUnit(p[i].Key)
		}
		if k != 0 && k != -1 && k+len(zwnj) < len(s) && lx.first[p[i].Key] == nil {
			gap := len(zwnj)
			if k < 0 {
				k, gap = -k, 0
			}
			if k >= len(s) || !utf8.RuneStart(s[k]) {
				k = 0
			}
			a, b := spell.Key(s[:k]), spell.Key(s[k:])
			_, numeral := number.Word(a)
			if (numeral || a == "چند" || lx.first[a] != nil) && lx.first[b] != nil {
				if !cut {
					out, cut = append(make([]number.Piece, 0, len(p)+4), p[:i]...), true
				}
				x, y := p[i], p[i]
				x.Span.End, x.Key = x.Span.Start+k, a
				y.Span.Start, y.Key, y.Glued = y.Span.Start+k+gap, b, true
				out = append(out, x, y)
				continue
			}
		}
		if cut {
			out = append(out, p[i])
		}
	}
	return out
}

// lexeme is a stretch of pieces that means one thing to the rules.
type lexeme struct {
	p, q     int // pieces
	mask     uint64
	meanings []meaning
	num      number.Numeral // of a cNumber
	a, b, c  int            // numeric date or clock as written; a of an ordinal
	sep      string
}

func (l *lexeme) is(c class) bool { return l.mask&(1<<c) != 0 }

// value returns the meaning of class c.
func (l *lexeme) value(c class) int {
	for _, m := range l.meanings {
		if m.class == c {
			return m.value
		}
	}
	return 0
}

// lex reads the pieces into lexemes; pieces that mean nothing to time have a
// lexeme with mask 0.
func (lx *lexicon) lex(p []number.Piece) []lexeme {
	out := make([]lexeme, 0, len(p))
	for i := 0; i < len(p); {
		l := lexeme{p: i, q: i + 1}
		var e *entry
		if !p[i].Digit {
			for _, c := range lx.first[p[i].Key] {
				if c.mask == 1<<cEvent && !(len(out) > 0 && out[len(out)-1].is(cEdge)) {
					continue // an event is read only after «آغاز»
				}
				if matches(p, i+1, c.keys) {
					e = c
					break
				}
			}
		}
		switch {
		case e != nil:
			l.q, l.mask, l.meanings = i+1+len(e.keys), e.mask, e.meanings
			if len(e.keys) == 0 && e.mask&(1<<cEdge) != 0 { // «اول» is an ordinal too
				if v, q, ok := ordinal(p, i); ok && q == i+1 {
					l.mask |= 1 << cOrdinal
					l.a = v
				}
			}
		case p[i].Sign:
		default:
			if v, q, ok := ordinal(p, i); ok {
				l.q, l.a, l.mask = q, v, 1<<cOrdinal
				break
			}
			if p[i].Digit {
				if a, b, c, sep, q, ok := numericDate(p, i); ok {
					l.q, l.a, l.b, l.c, l.sep, l.mask = q, a, b, c, sep, 1<<cNumeric
					break
				}
				if a, b, c, q, ok := colonTime(p, i); ok {
					l.q, l.a, l.b, l.c, l.mask = q, a, b, c, 1<<cColon
					break
				}
			}
			if n, ok := number.Read(p, i); ok && !n.One {
				l.q, l.num, l.mask = n.Last, n, 1<<cNumber
			}
		}
		out = append(out, l)
		i = l.q
	}
	return out
}

func matches(p []number.Piece, i int, keys []string) bool {
	if i+len(keys) > len(p) {
		return false
	}
	for k := range keys {
		if p[i+k].Key != keys[k] {
			return false
		}
	}
	return true
}

var ordinalWords = map[string]int{"اول": 1, "یکم": 1, "نخست": 1, "نخستین": 1, "اولین": 1, "دوم": 2, "دومین": 2, "سوم": 3, "سومین": 3, "سیام": 30, "سیامین": 30, "اخرین": -1}

// ordinal reads «هفتم»، «بیست و سومین»، «15م»، «۳۰ام».
func ordinal(p []number.Piece, i int) (v, q int, ok bool) {
	total := 0
	for q = i; q < len(p) && q < i+7; q++ {
		k := p[q].Key
		if p[q].Digit {
			if q != i || len(k) > 2 || q+1 >= len(p) {
				return 0, 0, false
			}
			switch p[q+1].Key {
			case "م", "ام", "مین", "امین", "وم":
				if p[q+1].Glued || p[q+1].Key != "م" {
					return atoi(k), q + 2, true
				}
			}
			return 0, 0, false
		}
		if v, ok := ordinalWord(k); ok {
			return total + v, q + 1, true
		}
		n, ok := number.Word(k)
		if !ok || n >= 1000 {
			return 0, 0, false
		}
		total += int(n)
		if q+1 < len(p) && (p[q+1].Key == "ام" || p[q+1].Key == "امین") {
			return total, q + 2, true
		}
		if q+1 >= len(p) || p[q+1].Key != "و" || total > 1000 {
			return 0, 0, false
		}
		q++
	}
	return 0, 0, false
}

func ordinalWord(k string) (int, bool) {
	if v, ok := ordinalWords[k]; ok {
		return v, true
	}
	s, ok := strings.CutSuffix(k, "مین")
	if !ok {
		s, ok = strings.CutSuffix(k, "م")
	}
	if !ok || len(s) < 4 {
		return 0, false
	}
	s = strings.TrimSuffix(s, "ا")
	if v, ok := number.Word(s); ok && v < 1000 {
		return int(v), true
	}
	for _, o := range [...]string{"دوم", "سوم", "یکم"} { // «بیستوسوم»
		if t, ok := strings.CutSuffix(k, "و"+o); ok {
			if v, ok := number.Word(t); ok && v < 1000 {
				return int(v) + ordinalWords[o], true
			}
		}
	}
	return 0, false
}

// numericDate reads digits, sign, digits, the same sign, digits.
func numericDate(p []number.Piece, i int) (a, b, c int, sep string, q int, ok bool) {
	if i+4 >= len(p) || !p[i+2].Digit || !p[i+4].Digit || !p[i+1].Sign || p[i+1].Key != p[i+3].Key {
		return
	}
	sep = p[i+1].Key
	switch sep {
	case "/", "-", ".", "\\", "–":
	default:
		return
	}
	if i > 0 && p[i].Glued && (p[i-1].Key == sep || p[i-1].Digit) || i+5 < len(p) && p[i+5].Glued && p[i+5].Key == sep {
		if sep != "." || i+6 < len(p) && p[i+6].Digit {
			return
		}
	}
	if len(p[i].Key) > 4 || len(p[i+2].Key) > 2 || len(p[i+4].Key) > 4 {
		return
	}
	a, b, c = atoi(p[i].Key), atoi(p[i+2].Key), atoi(p[i+4].Key)
	if _, real := fields(a, b, c, len(p[i].Key), len(p[i+4].Key), noCalendar); !real {
		return
	}
	return a, b, c, sep, i + 5, true
}

// fields tells year, month and day of a numeric date apart.
func fields(a, b, c, na, nc int, cal calendar) (partial, bool) {
	y, m, d := a, b, c
	switch {
	case na >= 3 || a > 31:
	case nc >= 3 || c > 31:
		y, d = c, a
		if m > 12 && d <= 12 { // 11.24.2016
			m, d = d, m
		}
	default:
		return partial{}, false
	}
	if y < 100 {
		y += 1300
		if y < 1340 {
			y += 100
		}
	}
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return partial{}, false
	}
	if cal == noCalendar {
		cal = gregorian
		if y < 1600 {
			cal = jalali
		}
	}
	if y < 1000 || y > 2200 {
		return partial{}, false
	}
	return partial{cal: cal, y: y, m: m, d: d}, true
}

// colonTime reads 20:30 and 20:30:15.
func colonTime(p []number.Piece, i int) (h, m, s, q int, ok bool) {
	if i+2 >= len(p) || p[i+1].Key != ":" || !p[i+2].Digit || len(p[i].Key) > 2 || len(p[i+2].Key) != 2 {
		return
	}
	if i > 1 && p[i-1].Key == ":" && p[i].Glued {
		return
	}
	h, m, s, q = atoi(p[i].Key), atoi(p[i+2].Key), -1, i+3
	if h > 24 || m > 59 {
		return
	}
	if q+1 < len(p) && p[q].Key == ":" && p[q+1].Digit && len(p[q+1].Key) == 2 {
		s, q = atoi(p[q+1].Key), q+2
	}
	return h, m, s, q, true
}

func atoi(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 9; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
