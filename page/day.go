package page

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/sanad-project/sanad"
)

// inIran returns an instant by Iran's clock: UTC+03:30, and an hour more from
// 22 March to 21 September of the years in which Iran had summer time (1991 to
// 2005, 2008 to 2022; in leap years it began and ended a day earlier, which
// concerns one hour before midnight on these two days).
func inIran(t time.Time) time.Time {
	t = t.In(time.FixedZone("", 3*3600+1800))
	y, d := t.Year(), int(t.Month())*100+t.Day()
	if (y >= 1991 && y <= 2005 || y >= 2008 && y <= 2022) && d >= 322 && d <= 921 {
		t = t.In(time.FixedZone("", 4*3600+1800))
	}
	return t
}

// Day reads a day of publication as metadata gives it and returns it as
// 2006-01-02; "" where it is no day.
//
// An instant of UTC («2023-11-04T22:10:38Z») is a machine's clock: its day is
// the one that Iran had then, 5 November. An instant with another offset is
// the publisher's own clock and keeps the day that is written. A time without
// any zone keeps its day, too. Years below 1600 are Jalali, whatever the form.
func Day(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 100 {
		return ""
	}
	s = asciiDigits(s)
	if t, err := strconv.ParseInt(s, 10, 64); err == nil && t > 1e9 && t < 4e12 {
		if t > 4e9 { // milliseconds
			t /= 1000
		}
		return plausible(inIran(time.Unix(t, 0)))
	}
	for _, layout := range layouts {
		t, err := time.ParseInLocation(layout, s, time.UTC)
		if err != nil {
			continue
		}
		if t.Year() < 1250 {
			return "" // such as 0001-01-01, which systems print for "unknown"
		}
		if t.Year() < 1600 {
			break // Jalali in the shape of ISO
		}
		if zoned(layout) {
			// An abbreviation that Go does not know gets an offset of 0, too.
			if name, offset := t.Zone(); offset == 0 && (name == "" || name == "UTC" || name == "GMT") {
				t = inIran(t)
			}
		}
		return plausible(t)
	}
	s = jalaliMonths.ReplaceAllStringFunc(s, func(m string) string { return " " + jalaliMonth[strings.ToLower(m)] + " " })
	if d, err := sanad.ParseDate(s); err == nil {
		return plausible(time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC))
	}
	return ""
}

// plausible are days on which a news report can have been published: nothing
// before newspapers had dates of this kind, nothing beyond this century.
func plausible(t time.Time) string {
	if t.Year() < 1900 || t.Year() > 2100 {
		return ""
	}
	return t.Format("2006-01-02")
}

var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 MST",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "20060102", "20060102T150405Z0700",
	"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04 -0700",
	"Mon, 2 Jan 2006", "2 Jan 2006", "2 January 2006", "January 2, 2006", "Jan 2, 2006", "January 2, 2006 15:04", "January 2, 2006, 3:04 pm", "Jan 2, 2006 15:04",
	"Monday, January 2, 2006", "Monday, 2 January 2006", time.ANSIC, time.UnixDate, "Mon Jan 02 2006 15:04:05 GMT-0700",
}

func zoned(layout string) bool {
	return strings.Contains(layout, "Z07") || strings.Contains(layout, "-0700") || strings.Contains(layout, "MST")
}

// The Jalali months as Latin letters write them in feeds.
var jalaliMonth = map[string]string{
	"farvardin": "فروردین", "ordibehesht": "اردیبهشت", "khordad": "خرداد", "tir": "تیر", "mordad": "مرداد", "shahrivar": "شهریور",
	"mehr": "مهر", "aban": "آبان", "azar": "آذر", "dey": "دی", "bahman": "بهمن", "esfand": "اسفند",
}

var jalaliMonths = regexp.MustCompile(`(?i)\b(farvardin|ordibehesht|khordad|tir|mordad|shahrivar|mehr|aban|azar|dey|bahman|esfand)\b`)

func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		}
		return r
	}, s)
}

// urlDay reads the day out of an address: …/1402/08/14/…, …/2023-11-05/…,
// …/news/14020814…
func urlDay(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	p := asciiDigits(u.Path)
	if m := slashed.FindStringSubmatch(p); m != nil {
		return Day(m[1] + "-" + m[2] + "-" + m[3])
	}
	for _, part := range strings.FieldsFunc(p, func(r rune) bool { return r == '/' || r == '-' || r == '_' || r == '.' }) {
		// 14020814 and 14020814000123: a day, and a day with a running number.
		if (len(part) == 8 || len(part) == 14) && strings.Trim(part, "0123456789") == "" {
			y, _ := strconv.Atoi(part[:4])
			if y >= 1360 && y < 1500 || y > 1990 && y < 2100 {
				if d := Day(fmt.Sprintf("%s-%s-%s", part[:4], part[4:6], part[6:8])); d != "" {
					return d
				}
			}
		}
	}
	return ""
}

var slashed = regexp.MustCompile(`(?:^|/)(1[34]\d\d|20\d\d|19\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|_|$)`)

// labels stand before the day of publication on a page. They are compared with
// Persian letters for Arabic ones.
var labels = []string{"تاریخ انتشار", "زمان انتشار", "تاریخ و زمان انتشار", "تاریخ خبر", "تاریخ درج", "زمان مخابره", "تاریخ ارسال", "تاریخ نشر", "منتشر شده در", "انتشار", "تاریخ", "نشر شده در", "نشر شده"}

// dateline reads a line that is nothing but a day, perhaps with a label, a
// weekday and a time. labelled says that a label stands before it.
//
//	تاریخ انتشار: ۱۴ آبان ۱۴۰۲ - ۱۲:۳۰
//	یکشنبه ۱۴ آبان ۱۴۰۲ ساعت ۱۱
//
// bare asks for days without a label, too.
func dateline(s string, bare bool) (day string, labelled, ok bool) {
	s = strings.Join(strings.Fields(persianLetters.Replace(s)), " ")
	if len(s) > 160 || !strings.ContainsFunc(s, unicode.IsDigit) {
		return "", false, false
	}
	for _, l := range labels {
		if i := strings.Index(s, l); i >= 0 && i < 60 {
			rest := strings.TrimLeft(s[i+len(l):], " :؛-–|")
			if d := firstDay(rest); d != "" {
				return d, true, true
			}
		}
	}
	if !bare || letters(s) > 45 {
		return "", false, false
	}
	d := firstDay(s)
	return d, false, d != ""
}

// firstDay reads a day at the beginning of a line or behind a time, never one
// that a sentence mentions further on.
func firstDay(s string) string {
	s = asciiDigits(s)
	if m := clockAhead.FindString(s); m != "" {
		s = s[len(m):]
	}
	if m := numericDay.FindString(s); m != "" {
		return Day(strings.NewReplacer("/", "-", ".", "-").Replace(strings.TrimSpace(m)))
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return Day(m[3] + "-" + m[2] + "-" + m[1])
	}
	if len(s) > 100 {
		s = strings.ToValidUTF8(s[:100], "")
	}
	if m := writtenDay.FindStringSubmatch(s); m != nil {
		return Day(m[1])
	}
	return ""
}

var (
	clockAhead = regexp.MustCompile(`^(?:ساعت\s*)?\d{1,2}:\d{2}(?::\d{2})?[\s،,|\-–]*`)
	numericDay = regexp.MustCompile(`^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b`)
	// 14/08/1402; in Gregorian years day and month could be the other way round
	dayFirst   = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](1[34]\d\d)\b`)
	writtenDay = regexp.MustCompile(`^(?:(?:(?:یک|دو|سه|چهار|پنج)?[\s\x{200c}]?شنبه|جمعه|آدینه)[\s،,|\-–]*)?(\d{1,2}\s+(?:[\p{Arabic}]{2,10})\s*(?:ماه\s*)?\d{4})`)
)

var persianLetters = strings.NewReplacer("ي", "ی", "ك", "ک", "ى", "ی", "\u00a0", " ", "\u200e", "", "\u200f", "")

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
