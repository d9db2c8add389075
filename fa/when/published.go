package when

import (
	"fmt"
	"strings"

	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/segment"
)

// Published reads a day of publication as a person or a page writes it, in
// ISO or Jalali form, with digits of any kind:
//
//	2024-03-10   1402-12-20   ۱۴۰۲/۱۲/۲۰   20 اسفند 1402   2024-03-10T08:30:00Z
//
// A year below 1600 is Jalali.
func Published(s string) (Date, error) {
	bad := func(why string) (Date, error) {
		return Date{}, fmt.Errorf("no date can be read from %q: %swrite it as 2024-03-10 or, in the Jalali calendar, 1402-12-20 or «20 اسفند 1402»", s, why)
	}
	t := segment.Text(strings.TrimSpace(s), nil)
	if len(t.Words) == 0 {
		return bad("it is empty; ")
	}
	if len(t.Source) > 200 {
		return Date{}, fmt.Errorf("publication date: %d bytes are no date", len(t.Source))
	}
	f := &finder{lx: load(), t: &t, p: number.Pieces(&t)}
	// An ISO time after the day is not read: 2024-03-10T08:30:00Z.
	f.l = f.lx.lex(dayPieces(f.p))
	for i := range f.l {
		var x sense
		j := 0
		switch {
		case f.at(i, cNumeric):
			x, j = f.numericDate(i)
		case f.at(i, cNumber) || f.at(i, cOrdinal):
			x, j = f.dayMonth(i)
		}
		if j == 0 {
			if f.at(i, cNumber) {
				return bad("there is no such day; ")
			}
			continue
		}
		if x.date.y == 0 || x.date.d == 0 {
			return bad("day, month and year are needed; ")
		}
		d, ok := toGregorian(x.date.cal, x.date.y, x.date.m, x.date.d)
		if !ok {
			return bad("there is no such day in that calendar; ")
		}
		return d, nil
	}
	return bad("")
}

// dayPieces leaves out what is glued to a numeric date: «T08:30:00Z».
func dayPieces(p []number.Piece) []number.Piece {
	for i := 5; i < len(p); i++ {
		if p[i].Key == "T" && p[i].Glued && p[i-1].Digit && p[i-2].Sign {
			return p[:i]
		}
	}
	return p
}
