package when

import (
	"fmt"
	"math"
	"strings"
)

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
		if u == 6 && f.at(j, cOrdinal) && !few && !vague {
			if t, q := f.partOfYear(j, int(n)); q > 0 {
				return t, q
			}
		}
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
	after := f.key(j) == "بعد"
	j++
	if after && !f.future(j) { // «چند روز بعد», «سه روز بعد»: after what was told last
		lo, hi, ok := f.ref.days()
		switch {
		case few || vague || u <= 3 || !ok || lo != hi || n > 1000 || u > 5 && u != 12:
			s.value = "PAST_REF"
		case u == 5:
			s.value = lo.Add(int(7 * n)).String()
		default:
			s.value = lo.Add(int(n)).String()
		}
		s.kind, s.rel, s.about = DATE, true, false
		if u <= 3 {
			s.kind = TIME
		}
		return s, j
	}
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

// partOfYear reads the rest of «شش ماهه اول امسال», «سه‌ماهه نخست سال 1395» from
// the ordinal at i on; n is how many months a part has.
func (f *finder) partOfYear(i, n int) (s sense, j int) {
	k := f.l[i].a
	if n <= 0 || 12%n != 0 || k < 1 || k*n > 12 {
		return s, 0
	}
	cal, y := jalali, 0
	switch {
	case f.at(i+1, cNearYear) || f.unit(i+1, 8) && f.at(i+1, cUnit):
		a := f.yearAfter(i+1, jalali)
		if a.y == 0 && f.pub.Known() && f.unit(i+1, 8) { // «سه ماهه نخست سال»
			a.y, _, _ = fromGregorian(jalali, f.pub)
			a.j = max(a.j, i+2)
		}
		if y, j = a.y, a.j; y > 1600 {
			cal = gregorian
		}
	}
	if y == 0 {
		return s, 0
	}
	s = sense{kind: DATE, cal: cal, weekday: -1}
	a, _ := partial{cal: cal, y: y, m: (k-1)*n + 1}.iso()
	b, ok := partial{cal: cal, y: y, m: k * n}.iso()
	if !ok {
		return s, 0
	}
	s.value = firstOf(a) + "/" + lastOf(b)
	return s, j
}
