package digest

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jalaali/go-jalaali"
)

const (
	fsi = "\u2068" // first strong isolate
	rli = "\u2067" // right-to-left isolate
	pdi = "\u2069"
)

// Isolate sets text apart, so that its direction does not touch what stands
// around it. Isolates and overrides inside the text are taken out: one that is
// not closed would reorder the rest of the line.
func Isolate(s string) string {
	if s == "" {
		return ""
	}
	s = plain(s)
	for _, r := range s {
		if r >= 0x590 && unicode.IsLetter(r) {
			return fsi + s + pdi
		}
	}
	return s
}

// plain is text on one line, without control and bidi characters.
func plain(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c, r == 0xfeff:
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// width counts the columns of text.
func width(s string) int {
	n, escape := 0, false
	for _, r := range s {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		case unicode.IsMark(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
		default:
			n++
		}
	}
	return n
}

// shorten cuts text at a word so that it fits into n columns.
func shorten(s string, n int) string {
	s = plain(s)
	if width(s) <= n {
		return s
	}
	lines := wrap(s, n-2)
	return lines[0] + " …"
}

// wrap breaks text at blanks into lines of at most n columns; a longer word
// has a line of its own.
func wrap(s string, n int) []string {
	var lines []string
	line, used := "", 0
	for w := range strings.FieldsSeq(s) {
		c := width(w)
		if used > 0 && used+1+c > n {
			lines = append(lines, line)
			line, used = "", 0
		}
		for c > n { // no blank to break at
			r := []rune(w)
			lines = append(lines, string(r[:n]))
			w = string(r[n:])
			c = width(w)
		}
		if used > 0 {
			line += " "
			used++
		}
		line += w
		used += c
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// block writes Persian text indented, from the right, at most most lines of it.
func (p *page) block(text string, indent, most int) {
	n := p.style.Width - indent
	cut := false
	if limit := 8 * n * most; len(text) > limit { // far more than is shown
		text, cut = strings.ToValidUTF8(text[:limit], ""), true
	}
	lines := wrap(plain(text), n)
	if len(lines) > most || cut {
		lines = lines[:min(most, len(lines))]
		last := &lines[len(lines)-1]
		*last = wrap(*last, n-2)[0] + " …"
	}
	wide := 0
	for _, l := range lines {
		wide = max(wide, width(l))
	}
	for _, l := range lines {
		p.line("%s%s%s%s", strings.Repeat(" ", indent+wide-width(l)), rli, l, pdi)
	}
}

var jalaliMonths = [...]string{"Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"}

// Day writes an ISO day with its Jalali date; other values of time stay as
// they are.
func Day(value string) string {
	day, part := value, ""
	if len(value) > 10 && value[10] == 'T' {
		day = value[:10]
		part = map[string]string{"TMO": " morning", "TAF": " afternoon", "TEV": " evening", "TNI": " night", "TMI": " midday", "TDT": " daytime"}[value[10:]]
		if part == "" {
			part = " " + value[11:]
		}
	}
	t, err := time.Parse("2006-01-02", day)
	if err != nil {
		switch value {
		case "PAST_REF":
			return "some time ago"
		case "PRESENT_REF":
			return "now"
		case "FUTURE_REF":
			return "some time to come"
		}
		return value
	}
	y, m, d, err := jalaali.ToJalaali(t.Year(), t.Month(), t.Day())
	if err != nil {
		return value
	}
	return fmt.Sprintf("%s%s (%d %s %d)", day, part, d, jalaliMonths[m-1], y)
}

// Amount writes a count in words: "more than 160", "about 80", "2 to 5".
func Amount(lo, hi *int64, hedge string) string {
	var s string
	switch {
	case lo != nil && hi != nil && *lo == *hi:
		s = fmt.Sprint(*lo)
	case lo != nil && hi != nil:
		s = fmt.Sprintf("%d to %d", *lo, *hi)
	case lo != nil:
		s = fmt.Sprint(*lo)
	case hi != nil:
		s = fmt.Sprint(*hi)
	default:
		return "an unknown number"
	}
	switch hedge {
	case "about":
		return "about " + s
	case "more_than":
		return "more than " + s
	case "at_least":
		return "at least " + s
	case "up_to":
		return "up to " + s
	case "less_than":
		return "less than " + s
	}
	return s
}
