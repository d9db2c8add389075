// Package when finds time expressions in Persian text and resolves them to
// ISO 8601, across the Jalali, Gregorian and lunar Hijri calendars.
//
// The words of time are the lists in data; the rules read them as lexemes,
// the longest expression first, join neighbours («صبح» and «امروز», «دوشنبه»
// and «12 مهر», «از … تا …») and then resolve them against the day of
// publication: «13 ژانويه» in a report of 14 January 2005 is 2005-01-13.
package when

import (
	"fmt"
	"strings"

	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

// Date is a day of the Gregorian calendar; the zero Date is "unknown".
type Date struct{ Year, Month, Day int }

// Known reports whether the date is set.
func (d Date) Known() bool { return d.Year != 0 }

// Kind is TIMEX3's type of a time expression.
type Kind string

// The kinds of time expressions.
const (
	DATE     Kind = "DATE"
	TIME     Kind = "TIME"
	DURATION Kind = "DURATION"
	SET      Kind = "SET"
)

// Time is one time expression.
type Time struct {
	Span        span.Span
	First, Last int // Words[First:Last]
	Kind        Kind
	Value       string // ISO 8601 as in the record contract; "~" at the end for "about"
	Calendar    string // gregorian, jalali, hijri, relative
	Note        string // said only where something is off
	Rule        string
}

// Style is how far an expression reaches. The zero Style is the record's.
type Style struct {
	Apart bool // a clock time stays apart from the day it falls on, and a part of the day is an expression of its own
	Wide  bool // «در سال», «پس از», «تا» before an expression belong to it
}

// Find reads the time expressions of t, in text order, resolved against the
// day of publication where that is known.
func Find(t *word.Text, published Date) []Time { return FindStyle(t, published, Style{}) }

// FindStyle is Find with another reach.
func FindStyle(t *word.Text, published Date, style Style) []Time {
	f := &finder{lx: load(), t: t, p: number.Pieces(t), pub: published, style: style}
	f.p = f.lx.split(t.Source, f.p)
	f.l = f.lx.lex(f.p)
	var items []item
	var out []Time
	var bare [][2]int // weekdays alone: index in out, weekday
	for i := 0; i < len(f.l); {
		it, ok := f.read(i)
		if !ok {
			i++
			continue
		}
		items = append(items[:0], it)
		for len(items) < 12 { // the neighbours it may join with
			k, open := f.gap(items[len(items)-1].j)
			next, ok := item{}, false
			if k < len(f.l) {
				next, ok = f.read(k)
			}
			if !ok || open && !(next.j < len(f.l) && f.key(next.j) == ")") {
				break
			}
			if open {
				next.j++
			}
			items = append(items, next)
		}
		joined, used := f.join(items)
		i = items[used-1].j
		if joined.j > i {
			i = joined.j
		}
		if x, ok := f.finish(&joined); ok {
			if s := &joined.s; s.weekday >= 0 && !s.date.set() && s.shift == 0 && s.value == "" && !s.open {
				bare = append(bare, [2]int{len(out), s.weekday})
			}
			out = append(out, x)
		}
		for used < len(items) && items[used].i < i {
			used++
		}
	}
	// A weekday alone is the day that the text gives with its date elsewhere.
	for _, b := range bare {
		x, d := &out[b[0]], f.said[b[1]]
		if n := d.days() - published.days(); d.Known() && published.Known() && n > -8 && n < 8 && len(x.Value) >= 10 && !strings.Contains(x.Value, "/") {
			x.Value = d.String() + x.Value[10:]
		}
	}
	return out
}

// gap steps over what may stand between the parts of one expression: nothing,
// a comma, an opening bracket, «در», «تا».
func (f *finder) gap(i int) (k int, bracket bool) {
	switch {
	case f.key(i) == "(":
		return i + 1, true
	case f.key(i) == "،" || f.key(i) == ",":
		return i + 1, false
	case f.at(i, cUntil) || f.at(i, cDash), f.key(i) == "در" && (f.at(i+1, cNumber) || f.at(i+1, cOrdinal)):
		return i + 1, false
	}
	return i, false
}

// join merges the first of the items with those after it that belong to it,
// and returns how many it took.
func (f *finder) join(items []item) (item, int) {
	cur := items[0]
	n := 1
	from := f.key(cur.i-1) == "از" && !f.comparative(cur.i-1)
	for n < len(items) {
		next := items[n]
		bracket := f.key(cur.j) == "(" && next.i == cur.j+1
		comma := next.i == cur.j+1 && (f.key(cur.j) == "،" || f.key(cur.j) == ",")
		direct := next.i == cur.j
		m, ok := cur, false
		switch {
		case next.i == cur.j+1 && f.key(cur.j) == "در" && cur.rule == "year" && next.rule == "day-month", direct || comma || bracket:
			m, ok = f.merge(cur, next, bracket, comma)
		}
		if !ok {
			break
		}
		m.i, m.j = cur.i, next.j
		cur = m
		n++
	}
	// «از … تا …», «… تاکنون»
	if n < len(items) {
		next := items[n]
		link := next.i == cur.j+1 && (f.at(cur.j, cUntil) || f.at(cur.j, cDash))
		now := next.i == cur.j && f.at(next.i, cToNow) && next.j == next.i+1
		if now && (from || cur.s.start) {
			if v, ok := f.value(&cur); ok && (!isVague(v) || from) && cur.s.kind == DATE {
				cur.s = sense{kind: DATE, cal: cur.s.cal, rel: cur.s.rel, value: f.until(v, ""), weekday: -1}
				cur.j, cur.rule = next.j, "since"
				if from {
					cur.i--
				}
				return cur, n + 1
			}
		}
		if link && cur.s.kind != SET && next.s.kind == cur.s.kind && !(f.style.Apart && cur.s.bareDay != next.s.bareDay) {
			rest, k := f.join(items[n:])
			if f.at(items[n].i-1, cDash) && cur.s.date.d != 0 && rest.s.date.d != 0 && cur.s.date.cal != rest.s.date.cal {
				return cur, n // «23 نوامبر - سوم آذر»: one day in two calendars
			}
			a := cur
			if a.s.date.set() && a.s.date.y == 0 && rest.s.date.y != 0 && a.s.date.cal == rest.s.date.cal { // «از 20 آبان تا 14 آذر 95»
				a.s.date.y = rest.s.date.y
			}
			va, ok1 := f.value(&a)
			vb, ok2 := f.value(&rest)
			if ok1 && ok2 && (from || !isVague(va) && !isVague(vb)) && (cur.s.kind == DATE || cur.s.kind == TIME) && !(va[0] == 'P' && !isVague(va)) && !cur.s.bareDay && !rest.s.bareDay {
				if from || f.sameSort(&cur, &rest) {
					cur.s = sense{kind: cur.s.kind, cal: cur.s.cal, rel: cur.s.rel, value: f.until(va, vb), weekday: -1, about: cur.s.about, clock: false}
					if from && (cur.s.kind != TIME || f.at(cur.i, cClock)) {
						cur.i--
					}
					cur.j, cur.rule = rest.j, "range"
					return cur, n + k
				}
			}
		}
	}
	if f.at(cur.j, cToNow) && (from || cur.s.start) && cur.s.kind == DATE && !f.at(cur.j, cPhrase) {
		if v, ok := f.value(&cur); ok && (!isVague(v) || from) {
			cur.s = sense{kind: DATE, cal: cur.s.cal, rel: cur.s.rel, value: f.until(v, ""), weekday: -1}
			cur.j, cur.rule = cur.j+1, "since"
			if from {
				cur.i--
			}
			return cur, n
		}
	}
	if from && cur.s.kind == DATE && !cur.s.bareDay && !(f.at(cur.j, cUntil) && n < len(items)) && !f.at(cur.j, cAnd) {
		if v, ok := f.value(&cur); ok && !isVague(v) && !cur.s.about {
			if cur.s.open = !cur.s.ends && f.opens(&cur); cur.s.open || cur.s.ends {
				cur.i--
			}
		}
	}
	return cur, n
}

// until writes the interval from a to b, or to the day of publication where b
// is ""; one that cannot be written down is as vague as its ends.
func (f *finder) until(a, b string) string {
	switch {
	case isVague(a):
		return a
	case isVague(b):
		return firstOf(a) + "/.."
	case b != "":
		return firstOf(a) + "/" + lastOf(b)
	case f.pub.Known():
		return firstOf(a) + "/" + f.pub.String()
	}
	return firstOf(a) + "/.."
}

// opens reports whether «از» before the item opens an interval: «از ژوئیه 2016»
// does, «از 11 بهمن» and «از سال آینده آغاز می‌شود» tell when something began.
func (f *finder) opens(it *item) bool {
	if it.rule == "day-month" || it.rule == "weekday" || it.rule == "named-day" || it.rule == "numeric-date" || it.rule == "near-day" {
		return false
	}
	for k := it.j; k < it.j+8 && k < len(f.l); k++ {
		switch f.key(k) {
		case "اغاز", "شروع":
			return false
		case ".", number.Boundary:
			return true
		}
	}
	return true
}

// sameSort reports whether «A تا B» without «از» is one stretch: years, days of
// one sort.
func (f *finder) sameSort(a, b *item) bool {
	return a.rule == b.rule && a.rule != "phrase"
}

// comparative reports whether the «از» at i belongs to «پس از», «بیش از» and the like.
func (f *finder) comparative(i int) bool {
	if f.l[i].q-f.l[i].p > 1 {
		return true
	}
	switch f.key(i - 1) {
	case "پس", "بعد", "پیش", "قبل", "بیش", "بیشتر", "کمتر", "غیر", "جدا", "فارغ", "حاکی", "یکی", "جلوتر", "فراتر", "زودتر", "دیرتر", "ناشی", "متشکل", "عبارت", "حتی", "خارج", "تصویری", "تصاویری", "بخشی", "روز", "گرامیداشت":
		return true
	}
	return f.at(i-1, cNumber) || f.at(i-1, cUnit)
}

// merge puts two neighbours together that say one time: part of day and day,
// weekday and date, day and clock.
func (f *finder) merge(a, b item, bracket, comma bool) (item, bool) {
	m := a
	day := func(s *sense) bool { return s.date.d != 0 || s.weekday >= 0 || s.rel && s.date.d != 0 }
	timed := a.s.kind == SET || b.s.kind == SET || a.s.kind == DURATION || b.s.kind == DURATION
	if timed || isVague(a.s.value) || isVague(b.s.value) {
		return m, false
	}
	switch {
	case a.s.bareDay && !a.s.clock && day(&b.s) && b.s.part == 0 && !b.s.clock && !comma && !bracket:
		if f.style.Apart {
			return m, false
		}
		m = b
		m.s.part, m.s.bareDay = a.s.part, false
		return m, true
	case day(&a.s) && b.s.bareDay && a.s.part == 0 && !a.s.clock && !comma && !bracket:
		if f.style.Apart {
			return m, false
		}
		m.s.part = b.s.part
		return m, true
	case a.s.clock != b.s.clock && (day(&a.s) || day(&b.s)) && !a.s.bareDay && !b.s.bareDay && !bracket:
		if f.style.Apart {
			return m, false
		}
		if a.s.clock {
			m = b
			m.s.h, m.s.min = a.s.h, a.s.min
		} else {
			m.s.h, m.s.min = b.s.h, b.s.min
		}
		m.s.clock, m.s.kind, m.s.part = true, TIME, 0
		m.rule = "day-clock"
		return m, true
	case a.s.weekday >= 0 && !a.s.date.set() && a.s.shift == 0 && a.s.value == "" && b.s.date.d != 0 && b.s.weekday < 0:
		part := a.s.part
		m = b
		m.s.weekday = a.s.weekday
		if part != 0 {
			m.s.part = part
		}
		return m, true
	case a.s.date.d != 0 && a.s.weekday < 0 && b.s.weekday >= 0 && !b.s.date.set() && b.s.shift == 0 && b.s.value == "":
		m.s.weekday = b.s.weekday
		if b.s.part != 0 {
			m.s.part = b.s.part
		}
		return m, true
	case a.rule == "year" && b.rule == "day-month" && b.s.date.set() && b.s.date.y == 0 && a.s.date.y != 0 && !bracket && !comma:
		m = b
		m.s.date = f.give(b.s.date, yearOf{y: a.s.date.y})
		return m, true
	case a.rule == "near-day" && b.rule == "day-month" && a.s.date.d != 0 && !comma:
		if bracket {
			return m, false
		}
		part := a.s.part
		wd := a.s.weekday
		m = b
		m.s.part, m.s.weekday = part, wd
		return m, true
	}
	return m, false
}

// future reports whether the clause from lexeme j on speaks of what will be.
func (f *finder) future(j int) bool {
	if j >= len(f.l) || f.l[j].p >= len(f.p) {
		return false
	}
	w := f.p[f.l[j].p].Word
	s := f.t.Words[w].Sentence
	for k := w - 1; k >= 0 && k >= w-6 && f.t.Words[k].Sentence == s; k-- { // «قرار است چهارشنبه …»
		if f.t.Words[k].Key == "قرار" && (f.t.Words[k+1].Key == "است" || f.t.Words[k+1].Key == "بود" || f.t.Words[k+1].Key == "بوده") {
			return true
		}
	}
	for k := w; k < len(f.t.Words) && k < w+25 && f.t.Words[k].Sentence == s; k++ {
		if v := f.t.Words[k].Verb; v != nil && !v.Aux {
			switch v.Tense {
			case word.Future, word.Present:
				return true
			case word.Past, word.Imperfect, word.Perfect, word.Pluperfect:
				return false
			}
		}
		switch f.t.Words[k].Key {
		case "خواهد", "خواهند", "نخواهد", "نخواهند", "خواهیم":
			return true
		case "گفت", "کرد", "کردند", "شد", "شدند", "داد", "دادند", "افزود", "بود", "بودند", "نوشت":
			return false
		case "قرار":
			if k+1 < len(f.t.Words) && f.t.Words[k+1].Key == "است" {
				return true
			}
		}
	}
	return false
}

// value resolves an item.
func (f *finder) value(it *item) (string, bool) {
	s := &it.s
	if s.value != "" {
		return s.value, true
	}
	p := s.date
	if !p.set() && s.weekday >= 0 {
		if !f.pub.Known() {
			return "PAST_REF", true
		}
		back := (f.pub.weekday() - s.weekday + 7) % 7
		switch {
		case s.shift < 0:
			if back == 0 {
				back = 7
			}
		case s.shift > 0 || f.future(it.j):
			if back -= 7; s.shift > 0 && back == -7 {
				back = -7
			}
		}
		d := f.pub.Add(-back)
		p = partial{gregorian, d.Year, d.Month, d.Day}
	}
	if !p.set() {
		if s.clock {
			if f.pub.Known() {
				return fmt.Sprintf("%sT%02d:%02d", f.pub, s.h, s.min), true
			}
			return fmt.Sprintf("T%02d:%02d", s.h, s.min), true
		}
		if s.bareDay && f.style.Apart {
			if s.part == 5 {
				return "TNI", true
			}
			return partCodes[s.part], true
		}
		return "", false
	}
	p = p.nearest(f.pub, 0)
	v, ok := p.iso()
	if !ok {
		return "", false
	}
	if p.d != 0 {
		switch {
		case s.clock:
			v += fmt.Sprintf("T%02d:%02d", s.h, s.min)
		case s.part != 0:
			v += partCodes[s.part]
		}
	}
	return v, true
}

var weekdayNames = [...]string{"Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}

// finish resolves an item and writes it as a Time.
func (f *finder) finish(it *item) (Time, bool) {
	s := &it.s
	if s.bareDay && !s.clock {
		if !f.style.Apart {
			return Time{}, false
		}
		// «غروب خورشید», «عصر طلایی»: only beside another time
		if k := f.key(it.i); (k == "عصر" || k == "غروب" || k == "سحر") && !f.beside(it) {
			return Time{}, false
		}
	}
	v, ok := f.value(it)
	if !ok || v == "" {
		return Time{}, false
	}
	x := Time{Kind: s.kind, Value: v, Rule: it.rule, Calendar: "relative"}
	if !s.rel || s.cal != noCalendar {
		c := s.cal
		if s.date.set() && s.date.cal != noCalendar && c == noCalendar {
			c = s.date.cal
		}
		x.Calendar = c.String()
	}
	if s.open {
		x.Value = firstOf(v) + "/.."
	} else if s.about && !isVague(v) {
		x.Value += "~"
	}
	if s.part == 2 || s.clock {
		x.Kind = TIME
	}
	if p := s.date.nearest(f.pub, 0); s.kind == DATE || s.kind == TIME {
		if p.y != 0 && s.value == "" {
			f.ref = p
			if s.weekday >= 0 && p.d != 0 {
				if g, _, ok := p.days(); ok && g.weekday() != s.weekday {
					x.Note = fmt.Sprintf("the weekday does not fit: %s is a %s", g, weekdayNames[g.weekday()])
				} else if ok && !s.rel {
					f.said[s.weekday] = g
				}
			}
		} else if d, ok := parseISODay(v); ok {
			f.ref = partial{gregorian, d.Year, d.Month, d.Day}
		}
	}
	if f.style.Wide {
		f.widen(it)
	}
	first := f.l[it.i].p
	if f.style.Wide && f.at(it.i, cApprox) && it.j > it.i+1 { // «کمتر از ۱۰ روز»: from «از» on
		if l := &f.l[it.i]; f.p[l.q-1].Key == "از" {
			first = l.q - 1
		} else if f.key(it.i) != "حدود" {
			first = l.q
		}
	}
	a, b := f.p[first], f.p[f.l[it.j-1].q-1]
	x.Span = span.Span{Start: a.Span.Start, End: b.Span.End}
	x.First, x.Last = a.Word, b.Word+1
	return x, true
}

// beside reports whether a weekday or another day word touches the item.
func (f *finder) beside(it *item) bool {
	day := func(i int) bool {
		return f.at(i, cWeekday) || f.at(i, cNear) || f.at(i, cClock) || f.at(i, cUntil) && f.at(i-1, cPart)
	}
	return day(it.i-1) || day(it.j) || f.key(it.i-1) == "تا"
}

// widen takes in the prepositions before an item.
func (f *finder) widen(it *item) {
	if it.s.kind == DURATION || it.s.kind == DATE {
		if f.at(it.i, cThis) || (f.at(it.i-1, cThis) || f.at(it.i-1, cThat)) && f.at(it.i, cNumber) {
			if !f.at(it.i, cThis) {
				it.i--
			}
			return
		}
	}
	below := strings.HasPrefix(it.s.value, "PT") || it.s.kind == TIME
	for n := 0; n < 2 && it.i > 0; n++ {
		switch k := f.key(it.i - 1); k {
		case "طی":
			if below {
				return
			}
			it.i--
			continue
		case "تا", "از", "بعد":
			if k == "از" && it.s.kind == TIME && it.s.clock && !f.at(it.i, cClock) {
				return
			}
			it.i--
		case "در":
			if f.at(it.i, cUnit) || f.at(it.i, cUnits) || f.at(it.i, cDateHead) || f.at(it.i, cPart) || it.rule == "ordinal-unit" {
				it.i--
			}
			return
		case "پس", "قبل", "پیش":
			if f.key(it.i) != "از" {
				return
			}
			it.i--
		default:
			if f.at(it.i-1, cAfter) || f.at(it.i-1, cBefore) {
				it.i--
			}
			return
		}
	}
}

// parseISODay reads the day that a value begins with.
func parseISODay(v string) (Date, bool) {
	if len(v) < 10 || v[4] != '-' || v[7] != '-' || strings.Contains(v, "/") {
		return Date{}, false
	}
	var d Date
	if _, err := fmt.Sscanf(v[:10], "%04d-%02d-%02d", &d.Year, &d.Month, &d.Day); err != nil {
		return Date{}, false
	}
	return d, true
}
