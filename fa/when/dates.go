package when

import (
	"fmt"
)

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
	if k == i && f.at(k, cNumber) && cal == jalali && m == 4 && weak && y.y == 0 && f.at(i-1, cNumber) {
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
		s.date, s.value, s.ends = partial{}, va+"/"+vb, true
	} else if !valid(p) {
		return s, 0
	}
	return s, max(j, y.j)
}

func valid(p partial) bool {
	_, ok := p.iso()
	return ok && (p.y != 0 || p.d <= 31)
}

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
	if weak && y.y == 0 && !y.same || weak && y.j == j {
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
		y = century(y, cal)
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
	if head && (f.at(j, cUntil) || f.at(j, cDash)) { // «سال‌های ۱۳۹۸ تا ۹۹», «سالهای 59 تا 72», «سال 1295 تا 1300»
		z, short, ok := f.yearNumber(j + 1)
		if short {
			z += y - y%100
		}
		if c, _ := f.calendarAt(j + 2); ok && c == gregorian && cal == jalali && y < 100 {
			ok = false
		}
		if ok && z > y && z-y < 400 && !(short && (f.at(j+2, cUnit) || f.at(j+2, cNotAfter))) {
			q := partial{cal: cal, y: z}
			a, ok1 := p.iso()
			b, ok2 := q.iso()
			c, e := f.calendarAt(j + 2)
			if ok1 && ok2 && (c == noCalendar || c == cal) {
				return sense{kind: DATE, cal: cal, value: firstOf(a) + "/" + lastOf(b), weekday: -1, ends: true}, e
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

func seasonValue(jy, season int) string {
	lo, _, ok1 := monthRange(jalali, jy, 3*season-2)
	_, hi, ok2 := monthRange(jalali, jy, 3*season)
	if !ok1 || !ok2 {
		return ""
	}
	return lo.String() + "/" + hi.String()
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
		case f.key(k) == "اینده":
			if !f.pub.Known() {
				s.value = "FUTURE_REF"
				return s, k + 1
			}
			s.value = fmt.Sprintf("%04d/%04d", f.pub.Year, f.pub.Year+10)
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
	if !ok && f.at(k, cThat) && f.unit(k+1, 8) && f.ref.y != 0 { // «اواخر همان سال»
		sub, ok = item{i: k, j: k + 2, s: sense{kind: DATE, weekday: -1, date: partial{cal: f.ref.cal, y: f.ref.y}}}, true
	}
	if !ok && f.at(k, cNearYear) {
		t, q := f.near(k)
		sub, ok = item{k, q, t, "near"}, true
	}
	if !ok {
		if f.unit(k, 8) && f.at(k, cUnit) && f.key(k+1) != "تحصیلی" && f.key(k+1) != "زراعی" && f.key(k+1) != "مالی" { // «ابتدای سال»
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

// edgeValue is the part of a year, month or day that an edge word names.
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
	if p.m == 0 && (e == 7 || e == 8) {
		mid, _, _ := monthRange(p.cal, p.y, 7)
		if e == 7 {
			return lo.String() + "/" + mid.Add(-1).String()
		}
		return mid.String() + "/" + hi.String()
	}
	n := hi.days() - lo.days() + 1
	if n == 1 { // «اوایل روز گذشته» is its morning
		switch e {
		case 1, 7:
			return lo.String() + "TMO"
		case 2, 6:
			return lo.String() + "TAF"
		case 3, 8:
			return lo.String() + "TEV"
		}
		return lo.String()
	}
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
