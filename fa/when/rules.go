package when

import (
	"fmt"
	"math"
	"strings"

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
	{"unit-relative", bits(cUnit, cThis, cPart), (*finder).unitRelative},
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
func century(y int, cal calendar, pub Date) int {
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
	if f.key(k) == "از" || f.key(k) == "در" {
		if f.unit(k+1, 8) {
			k++
		}
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
			y = century(y, cal, f.pub)
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

func (f *finder) numericDate(i int) (s sense, j int) {
	i = f.skipHead(i)
	if !f.at(i, cNumeric) {
		return s, 0
	}
	l := &f.l[i]
	cal, j := f.calendarAt(i + 1)
	p, ok := fields(l.a, l.b, l.c, len(f.p[l.p].Key), len(f.p[l.p+4].Key), cal)
	if !ok {
		return s, 0
	}
	return sense{kind: DATE, cal: p.cal, date: p, weekday: -1}, j
}

// skipHead steps over «روز», «تاریخ», «مورخ» before a date.
func (f *finder) skipHead(i int) int {
	for k := 0; k < 3 && (f.at(i, cDateHead) && !(f.style.Apart && f.key(i) != "تاریخ") || f.unit(i, 4)); k++ {
		i++
	}
	return i
}

// dayMonth reads «13 ژانويه», «هفتم اسفند ماه», «11 اکتبر سال جاری», «۱۸ تا ۲۰ آذر ۹۵».
func (f *finder) dayMonth(i int) (s sense, j int) {
	k := f.skipHead(i)
	d, spelled, ok := f.day(k)
	if !ok {
		return s, 0
	}
	last, k2, list := d, k+1, false
	for n := 0; n < 4; n++ {
		if !(f.at(k2, cAnd) || f.key(k2) == "یا" || f.at(k2, cUntil) || f.at(k2, cDash) || f.key(k2) == "،") {
			break
		}
		e, _, ok := f.day(k2 + 1)
		if !ok || e <= last {
			break
		}
		last, k2, list = e, k2+2, true
	}
	var cal calendar
	var m int
	var weak bool
	if f.unit(k2, 6) && f.at(k2, cUnit) { // «دوم ماه ذی الحجه», «چهارم ماه جاری»
		cal, m, j, weak = f.monthAt(k2)
		if j == 0 {
			if f.at(k, cNumber) && !f.at(k2+1, cCurrent) { // «سه ماه گذشته» is a length
				return s, 0
			}
			return f.dayOfMonth(k2, d, last, list)
		}
	} else {
		cal, m, j, weak = f.monthAt(k2)
	}
	if j == 0 {
		return s, 0
	}
	y := f.yearAfter(j, cal)
	if f.at(i-1, cPlace) && y.y == 0 {
		return s, 0
	}
	if weak && spelled && y.y == 0 {
		return s, 0
	}
	if k == i && f.at(k, cNumber) && cal == jalali && m == 4 && weak && y.y == 0 && f.numeralBefore(i) {
		return s, 0
	}
	p := f.give(partial{cal: cal, m: m, d: d}, y)
	if p.y == 0 && cal == gregorian && m == 9 && d == 11 && f.at(i-1, cNine11) {
		p.y = 2001
	}
	s = sense{kind: DATE, cal: cal, date: p, weekday: -1}
	if list {
		a := p.nearest(f.pub, 0)
		b := a
		b.d = last
		va, ok1 := a.iso()
		vb, ok2 := b.iso()
		if !ok1 || !ok2 {
			return s, 0
		}
		s.date, s.value = partial{}, va+"/"+vb
	} else if !valid(p) {
		return s, 0
	}
	return s, max(j, y.j)
}

func valid(p partial) bool {
	_, ok := p.iso()
	return ok && (p.y != 0 || p.d <= 31)
}

func (f *finder) numeralBefore(i int) bool { return f.at(i-1, cNumber) }

// dayOfMonth reads «چهارم ماه جاری», «سوم همین ماه».
func (f *finder) dayOfMonth(i, d, last int, list bool) (s sense, j int) {
	n := 0
	switch {
	case f.at(i+1, cCurrent):
	case f.key(i+1) == "گذشته":
		n = -1
	case f.key(i+1) == "اینده":
		n = 1
	default:
		return s, 0
	}
	if !f.pub.Known() {
		return s, 0
	}
	cal, j := f.calendarAt(i + 2)
	if cal == noCalendar {
		cal = gregorian
	}
	y, m, _ := fromGregorian(cal, f.pub)
	m += n
	switch m {
	case 0:
		y, m = y-1, 12
	case 13:
		y, m = y+1, 1
	}
	p := partial{cal, y, m, d}
	if !valid(p) {
		return s, 0
	}
	s = sense{kind: DATE, cal: cal, date: p, weekday: -1, rel: true}
	if list {
		q := p
		q.d = last
		a, _ := p.iso()
		b, ok := q.iso()
		if !ok {
			return s, 0
		}
		s.value, s.date = a+"/"+b, partial{}
	}
	return s, j
}

// month reads «ماه مارس», «سپتامبر ۲۰۰۱», «فروردین‌ماه امسال», «مارس گذشته».
func (f *finder) month(i int) (s sense, j int) {
	cal, m, j, weak := f.monthAt(i)
	if j == 0 {
		return s, 0
	}
	y := f.yearAfter(j, cal)
	if weak && y.y == 0 || weak && y.j == j {
		return s, 0
	}
	if f.at(i-1, cPlace) && y.y == 0 {
		return s, 0
	}
	full := f.at(i, cJalFull) || f.unit(i, 6) || j-i > 1
	if y.y == 0 && y.dir == 0 && !y.same && !full && cal == jalali {
		// A bare Jalali month name: only where a preposition or a list shows that it is one.
		if k := f.key(i - 1); !(k == "در" || k == "از" || k == "تا" || f.at(i-1, cEdge) || f.at(i-1, cDash)) {
			return s, 0
		}
	}
	if y.j == j && (f.at(j, cAnd) || f.at(j, cDash) || f.at(j, cUntil)) { // «مارس و آوریل 2017»
		if c, e, k, w := f.monthAt(j + 1); k > 0 && c == cal && !w && e == m+1 {
			z := f.yearAfter(k, cal)
			a := f.give(partial{cal: cal, m: m}, z).nearest(f.pub, 0)
			b := a
			b.m = e
			va, ok1 := a.iso()
			vb, ok2 := b.iso()
			if ok1 && ok2 {
				return sense{kind: DATE, cal: cal, value: firstOf(va) + "/" + lastOf(vb), weekday: -1}, max(k, z.j)
			}
		}
	}
	p := f.give(partial{cal: cal, m: m}, y)
	return sense{kind: DATE, cal: cal, date: p, weekday: -1}, max(j, y.j)
}

// year reads «سال 1971», «سالهاي 1982», «سال 84», «1979» in a list, «2014 میلادی».
func (f *finder) year(i int) (s sense, j int) {
	k, head := i, false
	if f.unit(k, 8) {
		k, head = k+1, true
		if f.at(k, cUnit) || f.at(k, cUnits) {
			return s, 0
		}
	}
	if !head && f.at(k, cYearHead) {
		return s, 0 // read where it stands before a number, below
	}
	y, short, ok := f.yearNumber(k)
	if !ok {
		if n, isN := f.exact(k); head && isN && n.Digits == 3 && n.Min > 100 { // «سال 776 قبل از میلاد», «سال 589 هجری»
			y, ok = int(n.Min), true
			if !f.at(k+1, cCal) && !f.at(k+1, cBC) {
				return s, 0
			}
		} else {
			return s, 0
		}
	}
	cal, j := f.calendarAt(k + 1)
	if f.at(k+1, cBC) {
		return sense{kind: DATE, cal: gregorian, value: fmt.Sprintf("-%04d", max(y-1, 0)), weekday: -1}, k + 2
	}
	if short {
		if !head {
			switch f.key(k - 1) {
			case "متولد", "انتخابات", "فتنه", "حوادث", "متولدین":
			default:
				return s, 0
			}
			if y < 30 || f.at(k+1, cNumber) || f.at(k+1, cUnit) {
				return s, 0
			}
			head = true
		}
		y = century(y, cal, f.pub)
	}
	if !head && cal == noCalendar {
		n := f.l[k].num
		if n.Digits != 4 || !(y >= 1900 && y <= 2060 || y >= 1340 && y <= 1420) {
			return s, 0
		}
		if !f.bareYear(k) {
			return s, 0
		}
	}
	if cal == noCalendar {
		cal = calOf(y)
	}
	p := partial{cal: cal, y: y}
	if !valid(p) {
		return s, 0
	}
	if head && (f.at(j, cUntil) || f.at(j, cDash)) { // «سال‌های ۱۳۹۸ تا ۹۹», «سالهای 59 تا 72»
		if z, short, ok := f.yearNumber(j + 1); ok && short && z > y%100 && !f.at(j+2, cUnit) && !f.at(j+2, cNotAfter) {
			q := partial{cal: cal, y: y - y%100 + z}
			a, ok1 := p.iso()
			b, ok2 := q.iso()
			c, e := f.calendarAt(j + 2)
			if ok1 && ok2 && (c == noCalendar || c == cal) {
				return sense{kind: DATE, cal: cal, value: firstOf(a) + "/" + lastOf(b), weekday: -1}, e
			}
		}
	}
	return sense{kind: DATE, cal: cal, date: p, weekday: -1}, j
}

// bareYear reports whether four digits alone are a year: a preposition, a
// word like «انتخابات» or another year stands before, and nothing that they
// could count after.
func (f *finder) bareYear(k int) bool {
	if f.at(k-1, cPlace) {
		return false
	}
	before := f.at(k-1, cYearHead)
	if !before && (f.key(k-1) == "،" || f.key(k-1) == "و" || f.at(k-1, cDash) || f.at(k-1, cUntil)) {
		if _, short, ok := f.yearNumber(k - 2); ok && !short {
			before = true
		}
	}
	if f.at(k+1, cDash) {
		if y, short, ok := f.yearNumber(k + 2); ok && !short && y >= 1900 {
			before = true
		}
	}
	if !before || k+1 >= len(f.l) {
		return before
	}
	l := &f.l[k+1]
	if l.is(cNotAfter) || l.is(cNumber) || l.is(cUnit) && !f.p[l.p].Sign {
		return false
	}
	return true
}

// near reads «امروز», «دیشب», «پارسال»; without a day of publication they are vague.
func (f *finder) near(i int) (s sense, j int) {
	l := &f.l[i]
	s = sense{kind: DATE, weekday: -1, rel: true}
	n := 0
	switch {
	case l.is(cNear):
		n = l.value(cNear)
	case l.is(cNearNight):
		n, s.part = l.value(cNearNight), 5
	default:
		n = l.value(cNearYear)
		if !f.pub.Known() {
			s.value = refOf(n)
			return s, i + 1
		}
		s.date = partial{cal: gregorian, y: f.pub.Year + n}
		return s, i + 1
	}
	if !f.pub.Known() {
		s.value, s.part = refOf(n), 0
		return s, i + 1
	}
	s.setDay(f.pub.Add(n))
	return s, i + 1
}

func (s *sense) setDay(d Date) { s.date = partial{gregorian, d.Year, d.Month, d.Day} }

func refOf(n int) string {
	switch {
	case n < 0:
		return "PAST_REF"
	case n > 0:
		return "FUTURE_REF"
	}
	return "PRESENT_REF"
}

// weekday reads «روز دوشنبه», «جمعه گذشته», «دوشنبه هفته آینده», «آخرین جمعه ماه مبارک رمضان».
func (f *finder) weekday(i int) (s sense, j int) {
	k := i
	nth := 0
	if f.at(k, cOrdinal) {
		if nth = f.l[k].a; nth < -1 || nth > 5 {
			return s, 0
		}
		k++
	}
	if f.unit(k, 4) {
		k++
	}
	if !f.at(k, cWeekday) {
		return s, 0
	}
	wd := f.l[k].value(cWeekday)
	switch f.key(k - 1) {
	case "امام", "نماز", "ائمه", "خطیب", "خطبه", "خطبههای", "امامان", "نمازهای", "نمازجمعه", "خطبای", "مصلای", "ستاد", "سید", "مولوی", "محمد":
		if k == i && !f.unit(k+1, 6) {
			return s, 0
		}
	}
	switch f.key(k + 1) {
	case "بازار", "ها", "شهر":
		return s, 0
	}
	if wd == 2 && k == i && f.dushanbe(k) {
		return s, 0
	}
	s = sense{kind: DATE, weekday: wd, rel: true}
	j = k + 1
	// «جمعه ماه مبارک رمضان»
	if cal, m, q, _ := f.monthAt(j); q > 0 && f.unit(j, 6) && (nth != 0 || f.at(k, cWeekday) && cal == lunar) {
		p := f.give(partial{cal: cal, m: m}, f.yearAfter(q, cal)).nearest(f.pub, 0)
		lo, hi, ok := p.days()
		if !ok {
			return s, 0
		}
		var d Date
		switch {
		case nth > 0:
			d = lo.Add((wd-lo.weekday()+7)%7 + 7*(nth-1))
		case nth == -1:
			d = hi.Add(-((hi.weekday() - wd + 7) % 7))
		default: // the nearest one
			d = f.pub.Add(-((f.pub.weekday() - wd + 7) % 7))
			if d.days() < lo.days() {
				d = d.Add(7)
			}
		}
		s.setDay(d)
		return s, max(q, f.yearAfter(q, cal).j)
	}
	if nth != 0 && f.unit(j, 6) && f.pub.Known() { // «سومین پنجشنبه ماه», «آخرین جمعه ماه گذشته»
		t, q := f.relative(j+1, 6, 0, noCalendar)
		if r, e := f.unitRelative(j); e > 0 {
			t, q = r, e
		}
		lo, hi, ok := t.date.days()
		if !ok {
			return sense{}, 0
		}
		if nth > 0 {
			s.setDay(lo.Add((wd-lo.weekday()+7)%7 + 7*(nth-1)))
		} else {
			s.setDay(hi.Add(-((hi.weekday() - wd + 7) % 7)))
		}
		return s, q
	}
	if nth != 0 && f.unit(j, 6) {
		s.value = "PRESENT_REF"
		return s, j + 1
	}
	if nth != 0 {
		return sense{}, 0
	}
	week := 2
	if f.at(j, cUnit) && f.l[j].value(cUnit) == 5 {
		switch {
		case f.key(j+1) == "گذشته" || f.key(j+1) == "قبل" || f.key(j+1) == "پیش":
			week = -1
		case f.at(j+1, cNext):
			week = 1
		case f.at(j+1, cCurrent):
			week = 0
		}
		if week != 2 {
			j += 2
		}
	} else if f.at(j, cThis) && f.unit(j+1, 5) {
		week, j = 0, j+2
	}
	if week != 2 {
		if f.pub.Known() {
			s.setDay(f.pub.Add(wd - f.pub.weekday() + 7*week))
		} else {
			s.value = refOf(week)
		}
		return s, j
	}
	switch f.key(j) {
	case "گذشته", "قبل", "پیش":
		if f.key(j+1) != "از" {
			s.shift, j = -1, j+1
		}
	case "اینده", "اتی":
		s.shift, j = 1, j+1
	case "جاری":
		j++
	}
	return s, j
}

// unitRelative reads «روز گذشته», «هفته جاري», «سال آينده ميلادي», «این ماه», «شب گذشته».
func (f *finder) unitRelative(i int) (s sense, j int) {
	s = sense{kind: DATE, weekday: -1, rel: true}
	if f.at(i, cThis) && f.at(i+1, cUnit) {
		u := f.l[i+1].value(cUnit)
		if u == 7 || u < 5 || u > 8 || f.at(i+2, cWeekday) {
			return s, 0
		}
		return f.relative(i+2, u, 0, noCalendar)
	}
	if f.at(i, cPart) {
		if k := f.key(i + 1); k == "گذشته" && f.l[i].value(cPart) != 2 {
			if !f.pub.Known() {
				s.value = "PAST_REF"
				return s, i + 2
			}
			s.part = f.l[i].value(cPart)
			s.setDay(f.pub.Add(-1))
			return s, i + 2
		}
		return s, 0
	}
	if !f.at(i, cUnit) {
		return s, 0
	}
	u := f.l[i].value(cUnit)
	if u < 4 || u > 8 || u == 7 {
		if u == 7 && f.at(i+1, cCurrent) {
			return f.relative(i+2, u, 0, noCalendar)
		}
		return s, 0
	}
	if f.at(i-1, cNumber) || f.at(i-1, cHalf) {
		return s, 0
	}
	n := 0
	switch k := f.key(i + 1); {
	case k == "گذشته" || k == "قبل" || k == "پیش" && u > 3 || k == "پیشین":
		n = -1
		if f.key(i+2) == "از" && k != "گذشته" {
			return s, 0
		}
	case k == "اینده" || k == "اتی":
		n = 1
	case k == "بعد":
		return f.nextAfterRef(i, u)
	case f.at(i+1, cCurrent):
	default:
		return s, 0
	}
	cal, j := f.calendarAt(i + 2)
	return f.relative(j, u, n, cal)
}

// nextAfterRef reads «روز بعد»: the day after the one last spoken of.
func (f *finder) nextAfterRef(i, u int) (s sense, j int) {
	s = sense{kind: DATE, weekday: -1, rel: true}
	if f.key(i+2) == "از" || u != 4 {
		return s, 0
	}
	lo, hi, ok := f.ref.days()
	if !ok || lo != hi {
		return s, 0
	}
	s.setDay(lo.Add(1))
	return s, i + 2
}

// relative is the unit n units from that of publication.
func (f *finder) relative(j, u, n int, cal calendar) (sense, int) {
	s := sense{kind: DATE, weekday: -1, rel: true, cal: cal}
	if !f.pub.Known() {
		s.value = refOf(n)
		return s, j
	}
	c := cal
	if c == noCalendar {
		c = gregorian
	}
	y, m, _ := fromGregorian(c, f.pub)
	switch u {
	case 4:
		s.setDay(f.pub.Add(n))
	case 5:
		lo := f.pub.Add(-f.pub.weekday() + 7*n)
		s.value = lo.String() + "/" + lo.Add(6).String()
	case 6:
		k := y*12 + m - 1 + n
		s.date = partial{c, k / 12, k%12 + 1, 0}
	case 7:
		jy, jm, _ := fromGregorian(jalali, f.pub)
		s.value = seasonValue(jy, (jm-1)/3+1)
	case 8:
		s.date = partial{cal: c, y: y + n}
	}
	return s, j
}

func seasonValue(jy, season int) string {
	lo, _, ok1 := monthRange(jalali, jy, 3*season-2)
	_, hi, ok2 := monthRange(jalali, jy, 3*season)
	if !ok1 || !ok2 {
		return ""
	}
	return lo.String() + "/" + hi.String()
}

// unitsVague reads «روزهاي اخير», «سالهای گذشته», «ماه‌های آینده».
func (f *finder) unitsVague(i int) (s sense, j int) {
	s = sense{kind: DATE, weekday: -1, rel: true}
	switch k := f.key(i + 1); {
	case k == "اخیر" || k == "گذشته" || k == "قبل" || k == "پیش" || k == "پیشین" || k == "دور":
		s.value = "PAST_REF"
	case f.at(i+1, cNext):
		s.value = "FUTURE_REF"
	case f.at(i+1, cCurrent):
		s.value = "PRESENT_REF"
	default:
		return s, 0
	}
	if f.key(i+2) == "از" && f.key(i+1) != "اخیر" && f.key(i+1) != "گذشته" && f.key(i+1) != "اینده" {
		return s, 0
	}
	return s, i + 2
}

var unitCodes = [...]string{1: "PT%dS", 2: "PT%dM", 3: "PT%dH", 4: "P%dD", 5: "P%dW", 6: "P%dM", 7: "P%dM", 8: "P%dY", 9: "P%dY", 10: "P%dY", 11: "P%dY", 12: "P%dD"}
var unitTimes = [...]int64{1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 3, 8: 1, 9: 10, 10: 100, 11: 1000, 12: 1}

// length writes n units of time as an ISO duration; thousandths beyond n become
// smaller units where they can.
func length(n, thousandths int64, u int) string {
	if thousandths != 0 {
		switch {
		case u == 8 && thousandths*12%1000 == 0:
			return fmt.Sprintf("P%dM", n*12+thousandths*12/1000)
		case u == 3 && thousandths*60%1000 == 0:
			return fmt.Sprintf("PT%dM", n*60+thousandths*60/1000)
		case u == 2 && thousandths*60%1000 == 0:
			return fmt.Sprintf("PT%dS", n*60+thousandths*60/1000)
		case u == 10 && thousandths%10 == 0:
			return fmt.Sprintf("P%dY", n*100+thousandths/10)
		case u == 4 && thousandths == 500:
			return fmt.Sprintf("PT%dH", n*24+12)
		}
		whole := fmt.Sprintf("%d.%s", n, strings.TrimRight(fmt.Sprintf("%03d", thousandths), "0"))
		return strings.Replace(unitCodes[u], "%d", whole, 1)
	}
	return fmt.Sprintf(unitCodes[u], n*unitTimes[u])
}

// duration reads «حدود دو ماه», «24 ساعت», «72 ساله», and with a direction
// «چند روز پيش», «دو سال قبل», «یک سال اخیر», «صد سال دیگر».
func (f *finder) duration(i int) (s sense, j int) {
	k := i
	s = sense{kind: DURATION, weekday: -1}
	if f.at(k, cApprox) {
		k++
		s.about = true
	}
	var n, frac, hi int64
	few, vague := false, false
	u := 0
	adj := false
	switch {
	case f.at(k, cUnitOne) && k == i && (f.key(k+1) == "پیش" || f.key(k+1) == "قبل"):
		s.kind, s.value, s.rel = DATE, "PAST_REF", true
		if f.key(k+2) == "از" {
			return s, 0
		}
		return s, k + 2
	case f.at(k, cHalf) && f.at(k+1, cUnit):
		frac, u, k = 500, f.l[k+1].value(cUnit), k+2
	case f.at(k, cHalf) && f.at(k+1, cUnitAdj):
		frac, u, k, adj = 500, f.l[k+1].value(cUnitAdj), k+2, true
	case f.at(k, cQuarter) && f.l[k].q-f.l[k].p == 2: // «یک ربع»
		frac, u, k = 250, 3, k+1
	case f.at(k, cNumber):
		num := f.l[k].num
		n, hi, frac, few, vague = num.Min, num.Max, num.Thousandths, num.Few, num.Vague
		k++
		if f.at(k, cUntil) && f.at(k+1, cNumber) || f.key(k) == "یا" && f.at(k+1, cNumber) || f.at(k, cDash) && f.at(k+1, cNumber) {
			if m := f.l[k+1].num; m.Min > n && (f.at(k+2, cUnit) || f.at(k+2, cUnits) || f.at(k+2, cUnitAdj)) {
				hi, k = m.Max, k+2
			}
		}
		if m, ok := f.exact(k); ok && num.Digits > 0 && m.Digits > 0 && m.Min == n+1 && n < 30 && (f.at(k+1, cUnit) || f.at(k+1, cUnitAdj)) {
			hi, k = m.Max, k+1 // «5 6 دقیقه»
		}
		switch {
		case f.at(k, cUnit):
			if u = f.l[k].value(cUnit); u == 6 {
				if _, _, j, _ := f.monthAt(k); j > 0 { // «15 ماه مي»
					return s, 0
				}
			}
		case f.at(k, cUnits):
			u = f.l[k].value(cUnits)
		case f.at(k, cUnitAdj):
			u, adj = f.l[k].value(cUnitAdj), true
		case f.at(k, cUnitOne) && few: // «چند روزی»; «چند ماهی» may be fish
			u = f.l[k].value(cUnitOne)
			if n := f.key(k + 1); u == 6 && n != "است" && n != "پیش" && n != "قبل" && n != "بود" && n != "می" && n != "طول" {
				return s, 0
			}
		case f.at(k, cPart) && f.key(k) == "شب" && frac == 0 && num.Thousandths == 0:
			u = 12
		default:
			return s, 0
		}
		k++
		if f.at(k, cAndHalf) {
			frac, k = 500, k+1
		}
		// «دو سال و سه ماه», «سه شب و چهار روز»
		if f.key(k) == "و" && f.at(k+1, cNumber) && f.at(k+2, cUnit) && !few {
			if v, ok := f.exact(k + 1); ok {
				switch w := f.l[k+2].value(cUnit); {
				case u == 8 && w == 6:
					s.value = fmt.Sprintf("P%dY%dM", n, v.Min)
				case u == 6 && w == 4:
					s.value = fmt.Sprintf("P%dM%dD", n, v.Min)
				case u == 5 && w == 4:
					s.value = fmt.Sprintf("P%dD", n*7+v.Min)
				case u == 12 && w == 4:
					s.value = fmt.Sprintf("P%dD", v.Min)
				}
				if s.value != "" {
					return s, k + 3
				}
			}
		}
		// «۲ ساعت و سی و دو دقیقه»
		if f.key(k) == "و" && f.at(k+1, cNumber) && f.at(k+2, cUnit) && f.l[k+2].value(cUnit) < u && f.l[k+2].value(cUnit) <= 3 {
			v, ok := f.exact(k + 1)
			if ok {
				if w := f.l[k+2].value(cUnit); u == 3 && w == 2 {
					s.value = fmt.Sprintf("PT%dH%dM", n, v.Min)
				} else if u == 2 && w == 1 {
					s.value = fmt.Sprintf("PT%dM%dS", n, v.Min)
				}
				if s.value != "" {
					return s, k + 3
				}
			}
		}
	default:
		return s, 0
	}
	if hi != n && hi > 0 {
		s.about = true
	}
	if u == 0 || u == 7 || n > 1e6 || hi > 1e6 || u == 12 && n > 60 { // «چهار فصل», «هزار و یک شب»
		return s, 0
	}
	if few {
		s.value = strings.Replace(unitCodes[u], "%d", "X", 1)
	} else if vague {
		s.value = strings.Replace(unitCodes[u], "%d", "X", 1)
	} else {
		top := n
		if hi > n {
			top = hi
		}
		s.value = length(top, frac, u)
	}
	j = k
	if adj {
		return s, j
	}
	// «چند روزي است»
	if few && f.key(j) == "است" {
		s.value = "PAST_REF"
		return s, j + 1
	}
	dir := 0
	switch d := f.key(j); {
	case d == "پیش" || d == "قبل" || d == "پیشتر":
		if f.key(j+1) == "از" {
			return s, j
		}
		dir = -1
	case d == "گذشته" || d == "اخیر":
		dir = -2
	case d == "دیگر" || d == "دیگه" || d == "دیگری" || d == "بعد":
		if d == "بعد" && f.key(j+1) == "از" {
			return s, j
		}
		dir = 1
	case d == "اینده" || d == "اتی":
		dir = 2
	default:
		return s, j
	}
	j++
	if few || vague {
		s.kind, s.value, s.rel, s.about = DATE, "PAST_REF", true, false
		if u <= 3 {
			s.kind = TIME
		}
		if dir > 0 {
			s.value = "FUTURE_REF"
		}
		return s, j
	}
	if hi > n && dir == -2 || (dir == -2 || dir == 2) && u <= 3 {
		return s, j
	}
	if dir == 2 || dir == -2 { // «یک سال اخیر», «پنج سال آینده»
		s.kind = DATE
		if !f.pub.Known() {
			s.value = refOf(dir)
			return s, j
		}
		if d, ok := f.move(n, frac, u, dir/2); ok {
			s.rel = true
			if dir < 0 {
				s.value = d.String() + "/" + f.pub.String()
			} else {
				s.value = f.pub.String() + "/" + d.String()
			}
		}
		return s, j
	}
	s.kind, s.rel = DATE, true
	if u <= 3 {
		s.kind = TIME
	}
	if !f.pub.Known() || u <= 3 {
		s.value, s.about = refOf(dir), false
		return s, j
	}
	d, ok := f.move(n, frac, u, dir)
	if !ok {
		s.value = refOf(dir)
		return s, j
	}
	s.value = ""
	switch u {
	case 4, 5, 12:
		s.setDay(d)
	case 6, 7:
		s.date = partial{gregorian, d.Year, d.Month, 0}
	default:
		s.date = partial{gregorian, d.Year, 0, 0}
	}
	return s, j
}

// move returns the day n units before or after publication.
func (f *finder) move(n, frac int64, u, dir int) (Date, bool) {
	k := int(n) * dir
	half := int(frac) * dir
	switch u {
	case 4, 12:
		return f.pub.Add(k), n < 1e5
	case 5:
		return f.pub.Add(7 * k), n < 1e4
	case 6:
		return f.pub.addMonths(k), n < 1e4
	case 7:
		return f.pub.addMonths(3 * k), n < 1e3
	case 8, 9, 10:
		y := k * int(unitTimes[u])
		if f.pub.Year+y < 1 || f.pub.Year+y > 9999 || n > math.MaxInt16 {
			return Date{}, false
		}
		return f.pub.addMonths(12*y + half*12*int(unitTimes[u])/1000), true
	}
	return Date{}, false
}

// season reads «تابستان 1395», «فصل بهار», «پاییز گذشته».
func (f *finder) season(i int) (s sense, j int) {
	k := i
	head := false
	if f.unit(k, 7) {
		k, head = k+1, true
	}
	if !f.at(k, cSeason) {
		return s, 0
	}
	n := f.l[k].value(cSeason)
	y := f.yearAfter(k+1, jalali)
	if y.y == 0 && y.dir == 0 && !head && (n == 1 || !(f.key(i-1) == "در" || f.key(i-1) == "تا" || f.key(i-1) == "از" || f.at(i-1, cEdge))) {
		return s, 0
	}
	if f.at(i-1, cPlace) {
		return s, 0
	}
	jy := y.y
	if jy == 0 {
		if !f.pub.Known() {
			return sense{kind: DATE, value: fmt.Sprintf("XXXX-%s", [...]string{"", "SP", "SU", "FA", "WI"}[n]), weekday: -1}, max(y.j, k+1)
		}
		cy, cm, _ := fromGregorian(jalali, f.pub)
		jy = cy
		cur := (cm-1)/3 + 1
		if y.dir < 0 && n >= cur {
			jy--
		} else if y.dir > 0 && n <= cur {
			jy++
		}
	} else if jy > 1600 { // a Gregorian year: the season that begins in it
		jy -= 621
		if n == 4 {
			jy--
		}
	}
	return sense{kind: DATE, cal: jalali, value: seasonValue(jy, n), weekday: -1}, max(y.j, k+1)
}

// decade reads «دهه 60», «دهه‌های 50 تا 70 میلادی», «قرن نوزدهم», «قرن گذشته».
func (f *finder) decade(i int) (s sense, j int) {
	s = sense{kind: DATE, weekday: -1}
	switch {
	case f.unit(i, 9):
		k := i + 1
		switch {
		case f.key(k) == "گذشته" || f.key(k) == "اخیر":
			if !f.pub.Known() {
				s.value = "PAST_REF"
				return s, k + 1
			}
			s.value = fmt.Sprintf("%04d/%04d", f.pub.Year-10, f.pub.Year)
			return s, k + 1
		}
		if f.at(k, cOrdinal) && f.l[k].a >= 1 && f.l[k].a <= 3 { // «دهه دوم محرم»
			cal, m, j, _ := f.monthAt(k + 1)
			if j == 0 {
				return s, 0
			}
			y := f.yearAfter(j, cal)
			p := f.give(partial{cal: cal, m: m}, y).nearest(f.pub, 0)
			lo, hi, ok := p.days()
			s.cal = cal
			if !ok {
				s.value, _ = p.iso()
			} else if n := f.l[k].a; n == 3 {
				s.value = lo.Add(20).String() + "/" + hi.String()
			} else {
				s.value = lo.Add(10*n-10).String() + "/" + lo.Add(10*n-1).String()
			}
			return s, max(j, y.j)
		}
		n, ok := f.exact(k)
		if !ok || n.Min%10 != 0 || n.Min == 0 || !(n.Min < 100 || n.Min >= 1200 && n.Min < 2100) {
			return s, 0
		}
		a, b := int(n.Min), int(n.Min)
		k++
		for c := 0; c < 3 && (f.at(k, cAnd) || f.at(k, cUntil) || f.key(k) == "،" || f.at(k, cDash)); c++ {
			m, ok := f.exact(k + 1)
			if !ok || m.Min%10 != 0 || int(m.Min) <= b || m.Min > 100 && a < 100 {
				break
			}
			b, k = int(m.Min), k+2
		}
		cal, j := f.calendarAt(k)
		if cal == noCalendar {
			cal = jalali
			if a >= 1600 {
				cal = gregorian
			}
		}
		if a < 100 {
			base := 1300
			if cal == gregorian {
				base = 1900
			}
			a, b = a+base, b+base
		}
		s.cal = cal
		if cal == gregorian {
			s.value = fmt.Sprintf("%04d/%04d", a, b+9)
			return s, j
		}
		lo, hi, ok := yearRange(cal, a, b+9)
		if !ok {
			return s, 0
		}
		s.value = lo.String() + "/" + hi.String()
		return s, j
	case f.unit(i, 10):
		k := i + 1
		c := 0
		switch {
		case f.key(k) == "گذشته" || f.key(k) == "پیش" && f.key(k+1) != "از":
			c = -1
		case f.at(k, cCurrent) || f.key(k) == "اخیر":
		case f.key(k) == "اینده":
			c = 1
		default:
			n := 0
			if f.at(k, cOrdinal) {
				n = f.l[k].a
			} else if v, ok := f.exact(k); ok && v.Min <= 30 {
				n = int(v.Min)
			}
			if n < 1 || n > 30 {
				return s, 0
			}
			cal, j := f.calendarAt(k + 1)
			if f.at(j, cBC) {
				return s, 0
			}
			if cal == jalali || cal == lunar {
				lo, hi, ok := yearRange(cal, max((n-1)*100, 1), n*100-1)
				if !ok {
					return s, 0
				}
				s.cal, s.value = cal, lo.String()+"/"+hi.String()
				return s, j
			}
			s.cal, s.value = gregorian, fmt.Sprintf("%02d00/%02d99", n-1, n-1)
			return s, j
		}
		if !f.pub.Known() {
			s.value = refOf(c)
			return s, k + 1
		}
		b := f.pub.Year/100 + c
		s.cal, s.value = gregorian, fmt.Sprintf("%02d00/%02d99", b, b)
		_, j := f.calendarAt(k + 1)
		return s, j
	}
	return s, 0
}

// edge reads «اواخر سال 2001», «ابتداي سال 2007», «نيمه فوريه گذشته», «پایان ماه جاری», and
// «آغاز حمله آمریکا به عراق» where the event is known.
func (f *finder) edge(i int) (s sense, j int) {
	e := f.l[i].value(cEdge)
	k := i + 1
	if e == 4 && f.at(k, cEvent) {
		d := f.lx.days[f.l[k].value(cEvent)].what
		s = sense{kind: DATE, weekday: -1, start: true}
		s.setDay(Date{d / 10000, d / 100 % 100, d % 100})
		return s, i + 1
	}
	if f.at(k, cOrdinal) && (e == 6) {
		switch f.l[k].a {
		case 1:
			e, k = 7, k+1
		case 2:
			e, k = 8, k+1
		}
	}
	if k >= len(f.l) || f.l[k].mask == 0 {
		return s, 0
	}
	sub, ok := item{}, false
	for _, read := range [...]func(*finder, int) (sense, int){(*finder).month, (*finder).year, (*finder).unitRelative, (*finder).season, (*finder).decade} {
		if t, q := read(f, k); q > sub.j {
			sub, ok = item{i: k, j: q, s: t}, true
		}
	}
	if !ok && e == 5 && f.unit(k, 5) && !f.at(k+1, cOrdinal) { // «آخر هفته»
		s = sense{kind: DATE, weekday: -1, rel: true, value: "PRESENT_REF"}
		if f.pub.Known() {
			d := f.pub.Add(5 - f.pub.weekday())
			s.value = d.String() + "/" + d.Add(1).String()
		}
		if f.key(k+1) == "ها" || f.at(k, cUnits) {
			s.kind, s.value = SET, "P1W"
			if f.key(k+1) == "ها" {
				k++
			}
		}
		return s, k + 1
	}
	if !ok && e == 5 && f.unit(k, 4) { // «پایان روز سه‌شنبه»
		t, q := f.weekday(k)
		sub, ok = item{i: k, j: q, s: t}, q > 0
		if ok {
			return t, q
		}
	}
	if !ok && f.at(k, cNearYear) {
		t, q := f.near(k)
		sub, ok = item{k, q, t, "near"}, true
	}
	if !ok {
		if f.unit(k, 8) && f.at(k, cUnit) && (e == 4 || e == 5 || f.at(k+1, cCal)) && f.key(k+1) != "تحصیلی" { // «ابتدای سال»
			cal, q := f.calendarAt(k + 1)
			c := cal
			if c == noCalendar {
				c = gregorian
			}
			sub, ok = item{i: k, j: q, s: sense{kind: DATE, weekday: -1, value: "PRESENT_REF"}}, true
			if f.pub.Known() {
				y, _, _ := fromGregorian(c, f.pub)
				sub.s.value, sub.s.date = "", partial{cal: c, y: y}
			}
		}
	}
	if !ok {
		return s, 0
	}
	if isVague(sub.s.value) {
		return sub.s, sub.j
	}
	s = sense{kind: DATE, weekday: -1, cal: sub.s.cal, rel: sub.s.rel, start: e == 4 || e == 6}
	p := sub.s.date
	if p.m != 0 && p.y == 0 {
		p = p.nearest(f.pub, 0)
	}
	if sub.s.value != "" { // an interval: centuries, decades, seasons, weeks
		a, b := firstOf(sub.s.value), lastOf(sub.s.value)
		if len(a) == 4 && len(b) == 4 {
			y, z := atoi(a), atoi(b)+1
			n := z - y
			switch e {
			case 1:
				s.value = fmt.Sprintf("%04d/%04d", y, y+n*2/5)
			case 2:
				s.value = fmt.Sprintf("%04d/%04d", y+n*2/5, y+n*3/5)
			case 3:
				s.value = fmt.Sprintf("%04d/%04d", y+n*3/5, z-1)
			case 4:
				s.value = a
			case 5:
				s.value = b
			case 7:
				s.value = fmt.Sprintf("%04d/%04d", y, y+n/2-1)
			case 8:
				s.value = fmt.Sprintf("%04d/%04d", y+n/2, z-1)
			default:
				s.value = fmt.Sprintf("%04d", y+n/2)
			}
			return s, sub.j
		}
		switch e {
		case 4:
			s.value = a
		case 5:
			s.value = b
		default:
			s.value = sub.s.value + "~"
		}
		return s, sub.j
	}
	if p.y == 0 {
		s.date = p
		return s, sub.j
	}
	s.value = edgeValue(e, p)
	return s, sub.j
}

// edgeValue is the part of a year or month that an edge word names.
func edgeValue(e int, p partial) string {
	lo, hi, ok := p.days()
	if !ok {
		return ""
	}
	if p.m == 0 && p.cal == gregorian {
		q := func(a, b int) string { return fmt.Sprintf("%04d-%02d/%04d-%02d", p.y, a, p.y, b) }
		switch e {
		case 1:
			return q(1, 3)
		case 2:
			return q(5, 8)
		case 3:
			return q(10, 12)
		case 6:
			return fmt.Sprintf("%04d-%02d", p.y, 7)
		case 7:
			return q(1, 6)
		case 8:
			return q(7, 12)
		}
	}
	n := hi.days() - lo.days() + 1
	span := func(a, b int) string { return lo.Add(a).String() + "/" + lo.Add(b-1).String() }
	switch e {
	case 1:
		return span(0, n/3)
	case 2:
		return span(n/3, n*2/3)
	case 3:
		return span(n*2/3, n)
	case 4:
		return lo.String()
	case 5:
		return hi.String()
	case 6:
		return lo.Add(n / 2).String()
	case 7:
		return span(0, n/2)
	}
	return span(n/2, n)
}

// clockTime reads «ساعت 11 و 20 دقيقه به وقت محلي», «ساعت ۱۸:۳۴», «ساعت ۴ صبح», «صبح ساعت ۵».
func (f *finder) clockTime(i int) (s sense, j int) {
	s = sense{kind: TIME, weekday: -1, clock: true}
	k := i
	if f.at(k, cPart) && (f.at(k+1, cClock) || f.at(k+1, cApprox) && f.at(k+2, cClock)) {
		s.part, k = f.l[k].value(cPart), k+1
		if f.at(k, cApprox) {
			k++
		}
	}
	head := f.at(k, cClock)
	if head {
		if k == i && f.at(k-1, cNumber) && f.key(k) == "ساعت" {
			return s, 0
		}
		k++
		if f.at(k, cApprox) || f.key(k) == ":" {
			k++
		}
	}
	switch {
	case f.at(k, cColon):
		s.h, s.min, j = f.l[k].a, f.l[k].b, k+1
		if !head && k != i {
			return s, 0
		}
		if f.unit(j, 2) {
			j++
		}
	case head || f.at(k, cNumber):
		n, ok := f.exact(k)
		if f.at(k, cNumber) && !ok && f.l[k].num.Thousandths == 500 && f.l[k].num.Min < 24 {
			n, ok = f.l[k].num, true
			s.min = 30
		}
		if !ok || n.Min > 24 || n.Digits > 2 {
			return s, 0
		}
		if f.unit(k+1, 2) && f.key(k+2) == "به" && n.Min < 60 && s.min == 0 { // «ساعت ۳ دقیقه به ۴ عصر»
			if h, ok := f.exact(k + 3); ok && h.Min >= 1 && h.Min <= 24 && h.Digits <= 2 && (head || f.at(k+4, cPart)) {
				s.h, s.min, j = int(h.Min)-1, 60-int(n.Min), k+4
				return f.clockPart(s, j)
			}
		}
		s.h, j = int(n.Min), k+1
		if f.at(j, cAndHalf) {
			s.min, j = 30, j+1
		} else if f.key(j) == "و" {
			if m, ok := f.exact(j + 1); ok && m.Min < 60 && (f.unit(j+2, 2) || head && !f.at(j+2, cUnit) && m.Digits > 0) {
				s.min, j = int(m.Min), j+2
				if f.unit(j, 2) {
					j++
				}
				if f.key(j) == "و" && f.at(j+1, cNumber) && f.unit(j+2, 1) {
					j += 3
				}
			} else if f.at(j+1, cQuarter) {
				s.min, j = 15, j+2
			}
		}
		if (f.at(j, cUntil) || f.at(j, cDash)) && s.min == 0 { // «ساعت ۲ تا ۳ صبح»
			if m, ok := f.exact(j + 1); ok && m.Min <= 24 && m.Min > n.Min && m.Digits <= 2 && m.Digits > 0 && (f.at(j+2, cPart) || head && !f.at(j+2, cUnit) && !f.at(j+2, cColon)) {
				a, b := s.h, int(m.Min)
				j += 2
				if f.at(j, cPart) {
					if p := f.l[j].value(cPart); p >= 3 && p <= 5 && b < 12 {
						a, b = a+12, b+12
					}
					j++
				}
				day := ""
				if f.pub.Known() {
					day = f.pub.String()
				}
				s.value = fmt.Sprintf("%sT%02d:00/%sT%02d:00", day, a, day, b)
				s.rel = true
				return s, j
			}
		}
		if !head {
			// «۸ صبح»: a bare number needs its part of the day, and counts nothing.
			if !(f.at(j, cPart) && (f.key(j) != "شب" || s.min != 0)) || s.h == 0 {
				return s, 0
			}
			if n.Digits == 0 && s.min == 0 && f.key(j) != "صبح" && f.key(j) != "بامداد" {
				return s, 0
			}
		}
		if head && f.unit(j, 2) && s.min == 0 { // «ساعت ۱۸ دقیقه»
			return s, 0
		}
	default:
		return s, 0
	}
	return f.clockPart(s, j)
}

// clockPart reads the part of the day and the time zone after a clock time.
func (f *finder) clockPart(s sense, j int) (sense, int) {
	if f.at(j, cPart) {
		s.part, j = f.l[j].value(cPart), j+1
	}
	if f.at(j, cTimezone) && j+1 < len(f.l) {
		j += 2
	} else if f.key(j) == "به" && f.key(j+1) == "وقت" && j+2 < len(f.l) {
		j += 3
	}
	if s.part >= 3 && s.part <= 5 && s.h < 12 && !(s.part == 5 && s.h < 5) {
		s.h += 12
	}
	if s.part == 2 && s.h < 5 {
		s.h += 12
	}
	s.part = 0
	return s, j
}

// dayPart reads «صبح», «شامگاه»; alone it is no time, beside a day it is.
func (f *finder) dayPart(i int) (s sense, j int) {
	return sense{kind: DATE, weekday: -1, part: f.l[i].value(cPart), bareDay: true}, i + 1
}

// set reads «هر روز», «هر سه روز یک بار», «هر دوشنبه».
func (f *finder) set(i int) (s sense, j int) {
	s = sense{kind: SET, weekday: -1}
	k := i + 1
	switch {
	case f.at(i, cWeekdays):
		s.value = "P1W"
		return s, k
	case f.at(i, cParts):
		s.value = "P1D"
		return s, k
	case f.at(i, cUnitOne): // «روزی سه ساعت»
		if u := f.l[i].value(cUnitOne); u > 3 && (f.at(k, cNumber) || f.key(k) == "دوبار" || f.key(k) == "یکبار") {
			s.value = length(1, 0, u)
			return s, k
		}
		return s, 0
	}
	n, ok := f.exact(k)
	count := int64(1)
	if ok {
		count, k = n.Min, k+1
	}
	switch {
	case f.at(k, cUnit):
		s.value = length(count, 0, f.l[k].value(cUnit))
	case f.at(k, cPart) && f.key(k) != "عصر":
		s.value = "P1D"
	case f.at(k, cWeekday):
		s.value = "P1W"
	default:
		return s, 0
	}
	j = k + 1
	if f.key(j) == "یک" && f.key(j+1) == "بار" {
		j += 2
	} else if f.key(j) == "یکبار" {
		j++
	} else if f.at(j, cNumber) && f.key(j+1) == "بار" {
		j += 2
	}
	return s, j
}

// perUnit reads «در سال» before an amount: «در سال يك تريليون دلار».
func (f *finder) perUnit(i int) (s sense, j int) {
	if f.key(i) != "در" || !f.at(i+1, cUnit) || !f.at(i+2, cNumber) {
		return s, 0
	}
	u := f.l[i+1].value(cUnit)
	if u < 3 || u == 7 || u > 8 {
		return s, 0
	}
	if _, _, ok := f.yearNumber(i + 2); ok && u == 8 {
		return s, 0
	}
	if u == 3 {
		return s, 0
	}
	if _, _, ok := f.day(i + 2); ok {
		if _, _, j, _ := f.monthAt(i + 3); j > 0 || u == 6 {
			return s, 0
		}
	}
	return sense{kind: SET, value: length(1, 0, u), weekday: -1}, i + 2
}

// phrase reads the fixed phrases of phrases.txt.
func (f *finder) phrase(i int) (s sense, j int) {
	v := f.lx.phrases[f.l[i].value(cPhrase)]
	if v == "FUTURE_REF" && f.key(i-1) == "از" && strings.HasPrefix(f.p[f.l[i].p].Key, "پیش") {
		return s, 0 // «از پیش رو برداشتن»
	}
	s = sense{kind: DATE, value: v, weekday: -1, rel: true}
	if v[0] == 'P' && len(v) == 3 {
		s.kind = SET
	}
	return s, i + 1
}

// namedDay reads «روز جهانی قدس», «عاشورا», «نوروز».
func (f *finder) namedDay(i int) (s sense, j int) {
	k := i
	if f.unit(k, 4) {
		k++
	}
	if !f.at(k, cDay) {
		return s, 0
	}
	d := f.lx.days[f.l[k].value(cDay)]
	if f.at(i-1, cPlace) || f.at(i-1, cNotDate) {
		return s, 0
	}
	s = sense{kind: DATE, weekday: -1, cal: gregorian}
	cal := map[string]calendar{"jal": jalali, "greg": gregorian, "hij": lunar, "qods": lunar}[d.how]
	y := f.yearAfter(k+1, cal)
	if y.same || y.cal != noCalendar {
		y = yearOf{j: k + 1}
	}
	j = max(y.j, k+1)
	if d.how == "qods" {
		p := f.give(partial{cal: lunar, m: 9}, y).nearest(f.pub, 0)
		_, hi, ok := p.days()
		if !ok {
			s.value = "XXXX-hij-09"
			return s, j
		}
		s.setDay(hi.Add(-((hi.weekday() - 6 + 7) % 7)))
		return s, j
	}
	s.cal = cal
	s.date = f.give(partial{cal: cal, m: d.what / 100, d: d.what % 100}, y)
	return s, j
}

// dushanbe reports whether «دوشنبه» at i is the capital of Tajikistan: it
// stands after «در», «شهر», «به» and the like in a text that names the country.
func (f *finder) dushanbe(i int) bool {
	switch f.key(i - 1) {
	case "در", "شهر", "به", "از", "تا", "پایتخت", "و", "،", "«":
	default:
		return false
	}
	if f.tajik == 0 {
		f.tajik = -1
		for k := range f.p {
			if strings.HasPrefix(f.p[k].Key, "تاجیک") {
				f.tajik = 1
				break
			}
		}
	}
	return f.tajik > 0
}

// ordinalUnit reads «نخستین روز سال», «بیست و یکمین روز فروردین», «دومین ماه از سال جاری»,
// «سومین پنجشنبه ماه»; alone, «سی و سومین روز» places nothing.
func (f *finder) ordinalUnit(i int) (s sense, j int) {
	n := 0
	if f.at(i, cUnit) { // «هفته اول مهرماه»
		if f.l[i].value(cUnit) != 5 || !f.at(i+1, cOrdinal) {
			return s, 0
		}
		cal, m, e, _ := f.monthAt(i + 2)
		if e == 0 {
			return s, 0
		}
		y := f.yearAfter(e, cal)
		lo, hi, ok := f.give(partial{cal: cal, m: m}, y).nearest(f.pub, 0).days()
		if !ok {
			return s, 0
		}
		s = sense{kind: DATE, weekday: -1, cal: cal}
		switch n := f.l[i+1].a; {
		case n >= 1 && n <= 4:
			s.value = lo.Add(7*n-7).String() + "/" + lo.Add(7*n-1).String()
		case n == -1:
			s.value = hi.Add(-6).String() + "/" + hi.String()
		default:
			return s, 0
		}
		return s, max(e, y.j)
	}
	switch {
	case f.at(i, cOrdinal):
		n = f.l[i].a
	case f.key(i) == "اخرین":
		n = -1
	}
	k := i + 1
	if n == 0 || n > 366 || !f.at(k, cUnit) {
		return s, 0
	}
	u := f.l[k].value(cUnit)
	if u != 4 && u != 6 {
		return s, 0
	}
	k++
	if f.key(k) == "از" {
		k++
	}
	var sub sense
	q := 0
	if cal, m, e, _ := f.monthAt(k); e > 0 && u == 4 {
		y := f.yearAfter(e, cal)
		sub.date = f.give(partial{cal: cal, m: m}, y).nearest(f.pub, 0)
		q = max(e, y.j)
	} else if f.unit(k, 8) {
		if sub, q = f.year(k); q == 0 {
			if sub, q = f.unitRelative(k); q == 0 {
				cal, e := f.calendarAt(k + 1)
				if cal == noCalendar {
					cal = jalali
				}
				q = e
				if f.pub.Known() {
					y, _, _ := fromGregorian(cal, f.pub)
					sub.date = partial{cal: cal, y: y}
				}
			}
		}
	} else {
		return s, 0
	}
	s = sense{kind: DATE, weekday: -1, cal: sub.date.cal}
	lo, hi, ok := sub.date.days()
	switch {
	case !ok:
		s.value = "PRESENT_REF"
	case u == 4 && n > 0 && lo.days()+n-1 <= hi.days():
		s.setDay(lo.Add(n - 1))
	case u == 4 && n < 0:
		s.setDay(hi)
	case u == 6 && n > 0 && n <= 12 && sub.date.m == 0:
		s.date = partial{sub.date.cal, sub.date.y, n, 0}
	case u == 6 && n < 0 && sub.date.m == 0:
		s.date = partial{sub.date.cal, sub.date.y, 12, 0}
	default:
		return s, 0
	}
	return s, q
}
