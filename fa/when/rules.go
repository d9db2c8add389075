package when

import (
	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/word"
)

// finder reads one text.
type finder struct {
	lx    *lexicon
	t     *word.Text
	p     []number.Piece
	l     []lexeme
	pub   Date
	ref   partial // the last date with a year, for «همان سال»
	style Style
	said  [7]Date // by weekday, the day that the text gives with its date: «یکشنبه چهارم اسفند»
	tajik int8    // 1 where the text names Tajikistan, -1 where it does not, 0 not looked yet
}

// item is one expression found: lexemes i to j.
type item struct {
	i, j int
	s    sense
	rule string
}

// rule reads an expression that begins at lexeme i; j is where it ends, 0
// where there is none.
type rule struct {
	name  string
	begin uint64 // classes that may begin it
	read  func(f *finder, i int) (s sense, j int)
}

func bits(cs ...class) uint64 {
	m := uint64(0)
	for _, c := range cs {
		m |= 1 << c
	}
	return m
}

var months = bits(cJal, cJalWeak, cJalFull, cGreg, cGregWeak, cHij, cHijWeak)

// rules in the order of trust: of two that read equally far the first holds.
var rules = []rule{
	{"numeric-date", bits(cNumeric, cDateHead), (*finder).numericDate},
	{"day-month", bits(cNumber, cOrdinal, cUnit, cUnits, cDateHead), (*finder).dayMonth},
	{"month", months | bits(cUnit, cUnits), (*finder).month},
	{"year", bits(cUnit, cUnits, cNumber, cYearHead), (*finder).year},
	{"near-day", bits(cNear, cNearNight, cNearYear), (*finder).near},
	{"weekday", bits(cWeekday, cUnit, cOrdinal), (*finder).weekday},
	{"unit-relative", bits(cUnit, cThis, cThat, cPart), (*finder).unitRelative},
	{"units-vague", bits(cUnits), (*finder).unitsVague},
	{"span", bits(cNumber, cHalf, cQuarter, cApprox, cUnitOne), (*finder).duration},
	{"season", bits(cSeason, cUnit), (*finder).season},
	{"decade-century", bits(cUnit, cUnits), (*finder).decade},
	{"edge", bits(cEdge), (*finder).edge},
	{"clock", bits(cClock, cColon, cPart, cNumber), (*finder).clockTime},
	{"part", bits(cPart), (*finder).dayPart},
	{"set", bits(cEvery, cWeekdays, cParts, cUnitOne), (*finder).set},
	{"ordinal-unit", bits(cOrdinal, cEdge, cUnit), (*finder).ordinalUnit},
	{"per-unit", bits(cYearHead), (*finder).perUnit},
	{"phrase", bits(cPhrase), (*finder).phrase},
	{"named-day", bits(cDay, cUnit), (*finder).namedDay},
}

// read returns the longest expression that begins at lexeme i.
func (f *finder) read(i int) (item, bool) {
	best := item{}
	m := f.l[i].mask
	if m == 0 {
		return best, false
	}
	for k := range rules {
		r := &rules[k]
		if m&r.begin == 0 {
			continue
		}
		if s, j := r.read(f, i); j > best.j {
			best = item{i, j, s, r.name}
		}
	}
	return best, best.j > 0
}

func (f *finder) at(i int, c class) bool { return i >= 0 && i < len(f.l) && f.l[i].is(c) }

// key is the key of a lexeme of one piece, "" for a longer one.
func (f *finder) key(i int) string {
	if i < 0 || i >= len(f.l) {
		return ""
	}
	if l := &f.l[i]; l.q-l.p == 1 {
		return f.p[l.p].Key
	}
	return ""
}

// unit reports whether lexeme i is that unit, singular or plural.
func (f *finder) unit(i, u int) bool {
	return f.at(i, cUnit) && f.l[i].value(cUnit) == u || f.at(i, cUnits) && f.l[i].value(cUnits) == u
}

func (f *finder) exact(i int) (n number.Numeral, ok bool) {
	if !f.at(i, cNumber) {
		return
	}
	n = f.l[i].num
	return n, n.Min == n.Max && n.Thousandths == 0 && n.Min < 1e6
}

// day reads a day of the month; spelled is a cardinal in words, which is a
// day only beside a strong month.
func (f *finder) day(i int) (d int, spelled, ok bool) {
	if f.at(i, cOrdinal) {
		d = f.l[i].a
		return d, false, d >= 1 && d <= 31
	}
	n, ok := f.exact(i)
	return int(n.Min), n.Digits == 0, ok && n.Min >= 1 && n.Min <= 31 && n.Digits <= 2
}

// monthAt reads a month name; «ماه» before or after it is taken in.
func (f *finder) monthAt(i int) (cal calendar, m, j int, weak bool) {
	head := false
	if f.unit(i, 6) {
		i, head = i+1, true
	}
	if i >= len(f.l) {
		return 0, 0, 0, false
	}
	l := &f.l[i]
	switch {
	case l.is(cJal):
		cal, m = jalali, l.value(cJal)
	case l.is(cJalFull):
		cal, m = jalali, l.value(cJalFull)
	case l.is(cJalWeak):
		cal, m, weak = jalali, l.value(cJalWeak), !head
	case l.is(cGreg):
		cal, m = gregorian, l.value(cGreg)
	case l.is(cGregWeak):
		cal, m, weak = gregorian, l.value(cGregWeak), !head
	case l.is(cHij):
		cal, m = lunar, l.value(cHij)
	case l.is(cHijWeak):
		cal, m, weak = lunar, l.value(cHijWeak), !head
	default:
		return 0, 0, 0, false
	}
	j = i + 1
	if f.unit(j, 6) && f.at(j, cUnit) && !l.is(cJalFull) {
		j, weak = j+1, false
	}
	return cal, m, j, weak
}

// yearNumber reads a year; two digits are a year of the Jalali century.
func (f *finder) yearNumber(i int) (y int, short, ok bool) {
	n, ok := f.exact(i)
	if !ok {
		return 0, false, false
	}
	y = int(n.Min)
	switch {
	case n.Digits == 4 && y >= 1000 && y <= 2200, n.Digits == 0 && y >= 1200 && y <= 2100:
		return y, false, true
	case n.Digits == 2:
		return y, true, true
	}
	return 0, false, false
}

// century completes a short year.
func century(y int, cal calendar) int {
	if cal == gregorian {
		if y < 40 {
			return 2000 + y
		}
		return 1900 + y
	}
	if y < 20 {
		return 1400 + y
	}
	return 1300 + y
}

// calOf guesses the calendar of a full year.
func calOf(y int) calendar {
	if y < 1600 {
		return jalali
	}
	return gregorian
}

// calendarAt reads «میلادی»، «هجری شمسی» at i.
func (f *finder) calendarAt(i int) (calendar, int) {
	if !f.at(i, cCal) {
		// «(میلادی)» is read too
		return noCalendar, i
	}
	return calendar(f.l[i].value(cCal)), i + 1
}

// yearOf is a year said of a month or day.
type yearOf struct {
	y, dir int // year, or the direction of «گذشته» -1 and «آینده» +1
	cal    calendar
	same   bool // «همان سال»
	j      int
}

// yearAfter reads what gives a month or day of cal its year.
func (f *finder) yearAfter(i int, cal calendar) yearOf {
	none := yearOf{j: i}
	offset := func(n int) int {
		y, _, _ := fromGregorian(cal, f.pub)
		return y + n
	}
	if f.at(i, cNearYear) {
		if !f.pub.Known() {
			return yearOf{j: i + 1}
		}
		return yearOf{y: offset(f.l[i].value(cNearYear)), j: i + 1}
	}
	k := i
	if f.key(k) == "در" && f.at(k+1, cUnit) && f.unit(k+1, 8) {
		k++
	}
	if f.at(k, cThat) && f.unit(k+1, 8) {
		return yearOf{same: true, j: k + 2}
	}
	head := f.at(k, cUnit) && f.l[k].value(cUnit) == 8
	if head {
		k++
		n := 0
		switch {
		case f.key(k) == "گذشته" || f.key(k) == "قبل" || f.key(k) == "پیش":
			n = -1
		case f.key(k) == "اینده" || f.key(k) == "بعد" || f.key(k) == "اتی":
			n = 1
		case f.at(k, cCurrent):
		default:
			n = 2
		}
		if n != 2 {
			c, j := f.calendarAt(k + 1)
			if !f.pub.Known() {
				return yearOf{j: j, cal: c}
			}
			return yearOf{y: offset(n), j: j, cal: c}
		}
	}
	if y, short, ok := f.yearNumber(k); ok {
		if short {
			if !head && (cal != jalali || y < 20 && f.p[f.l[k].p].Key[0] != '0') || f.at(k+1, cUnit) && !f.unit(k+1, 8) {
				return none
			}
			if !head && k+1 < len(f.l) && f.at(k+1, cNotAfter) {
				return none
			}
			y = century(y, cal)
		} else if !head && f.at(k+1, cNotAfter) {
			return none
		}
		c, j := f.calendarAt(k + 1)
		if c == noCalendar && cal == lunar && y > 1600 {
			return none
		}
		return yearOf{y: y, cal: c, j: j}
	}
	if head {
		return none
	}
	switch f.key(i) {
	case "گذشته":
		return yearOf{dir: -1, j: i + 1}
	case "اینده":
		return yearOf{dir: 1, j: i + 1}
	case "جاری":
		return yearOf{y: offset(0), j: i + 1}
	}
	c, j := f.calendarAt(i)
	return yearOf{cal: c, j: j}
}

// give sets the year that was read on p.
func (f *finder) give(p partial, y yearOf) partial {
	if y.cal != noCalendar {
		if p.cal == noCalendar || p.cal == jalali && y.cal == lunar {
			p.cal = y.cal
		}
	}
	switch {
	case y.same:
		p.y = f.ref.y
		if f.ref.cal != p.cal && f.ref.y != 0 && p.cal != noCalendar {
			p.y = 0
			if lo, _, ok := f.ref.days(); ok {
				p = p.nearest(lo, 0)
			}
		}
	case y.y != 0:
		p.y = y.y
		// A year of another calendar than the month's: «سه شهریور ۲۰۰۲».
		if c := calOf(y.y); c != p.cal && p.cal != lunar {
			if lo, ok := toGregorian(c, y.y, 6, 15); ok {
				p.y = 0
				p = p.nearest(lo, 0)
			}
		}
	case y.dir != 0:
		p = p.nearest(f.pub, y.dir)
	}
	return p
}
