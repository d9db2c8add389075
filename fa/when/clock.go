package when

import (
	"fmt"
)

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
