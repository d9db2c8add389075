package when

import (
	"strings"
)

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
	case "بازار", "ها", "شهر", "سوری":
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
	if k := f.key(i); k == "همان" || k == "همین" || k == "ان" { // «همان سال», «همان روز»: that last spoken of
		lo, hi, ok := f.ref.days()
		switch {
		case !ok:
		case f.unit(i+1, 8) && f.at(i+1, cUnit) && k != "همین":
			s.date = partial{cal: f.ref.cal, y: f.ref.y}
			return s, i + 2
		case f.unit(i+1, 4) && f.at(i+1, cUnit) && k != "ان" && lo == hi:
			s.setDay(lo)
			return s, i + 2
		}
	}
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

// phrase reads the fixed phrases of phrases.txt.
func (f *finder) phrase(i int) (s sense, j int) {
	v := f.lx.phrases[f.l[i].value(cPhrase)]
	if p := &f.p[f.l[i].p]; p.Key == "پیشرو" && !strings.Contains(p.Span.Of(f.t.Source), "\u200c") && f.l[i].q-f.l[i].p == 1 {
		return s, 0 // «پیشرو» leads, «پیش‌رو» lies ahead
	}
	if v == "FUTURE_REF" && f.key(i+1) == "از" {
		return s, 0 // «من بعد از …»
	}
	if v == "FUTURE_REF" && f.key(i-1) == "از" && strings.HasPrefix(f.p[f.l[i].p].Key, "پیش") {
		return s, 0 // «از پیش رو برداشتن»
	}
	s = sense{kind: DATE, value: v, weekday: -1, rel: true}
	if v[0] == 'P' && len(v) == 3 {
		s.kind = SET
	}
	return s, i + 1
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
