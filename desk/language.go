package desk

import (
	"bufio"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jalaali/go-jalaali"

	"github.com/sanad-project/sanad/record"
)

//go:embed text/*/*.txt
var textFiles embed.FS

// language is one language of the interface: its strings (text/CODE/*.txt), its
// direction, its digits and its first calendar.
type language struct {
	Code  string // "en", "fa"
	Dir   string // "ltr", "rtl"
	Other string // the code of the other language
	text  map[string]string
}

// languages by code. The files are part of the program: a damaged one stops it.
var languages = func() map[string]*language {
	m := map[string]*language{}
	for _, l := range []*language{{Code: "en", Dir: "ltr", Other: "fa"}, {Code: "fa", Dir: "rtl", Other: "en"}} {
		l.text = map[string]string{}
		files, err := fs.Glob(textFiles, "text/"+l.Code+"/*.txt")
		if err != nil {
			panic(err)
		}
		for _, name := range files {
			b, err := textFiles.ReadFile(name)
			if err == nil {
				err = parseText(string(b), l.text)
			}
			if err != nil {
				panic("desk: " + name + ": " + err.Error())
			}
		}
		m[l.Code] = l
	}
	return m
}()

// parseText reads lines "key = text" into m; # begins a comment line.
func parseText(s string, m map[string]string) error {
	sc := bufio.NewScanner(strings.NewReader(s))
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		key, text, ok := strings.Cut(line, " =")
		if key = strings.TrimSpace(key); !ok || key == "" {
			return fmt.Errorf("line %d is not \"key = text\"", n)
		}
		if _, twice := m[key]; twice {
			return fmt.Errorf("line %d: %s is there already", n, key)
		}
		m[key] = strings.TrimSpace(text)
	}
	return sc.Err()
}

// cookie keeps the language that was chosen.
const cookie = "sanad-lang"

// languageOf is the language that a request asks for: ?lang= before the
// cookie, the cookie before what the browser prefers, else English.
func languageOf(r *http.Request) *language {
	if l := languages[r.URL.Query().Get("lang")]; l != nil {
		return l
	}
	if c, err := r.Cookie(cookie); err == nil && languages[c.Value] != nil {
		return languages[c.Value]
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		code, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		code, _, _ = strings.Cut(code, "-")
		if l := languages[strings.ToLower(code)]; l != nil {
			return l
		}
	}
	return languages["en"]
}

// missing marks a key that has no text, for the tests to find.
const missing = "⟦"

// T is the text of a key with {0}, {1} … replaced. Numbers get the digits of
// the language.
func (l *language) T(key string, args ...any) string {
	s, ok := l.text[key]
	if !ok {
		return missing + key + "⟧"
	}
	if len(args) == 1 {
		if fmt.Sprint(args[0]) == "1" {
			if one, ok := l.text[key+".one"]; ok {
				s = one
			}
		}
	}
	for i, a := range args {
		s = strings.ReplaceAll(s, "{"+strconv.Itoa(i)+"}", l.Digits(fmt.Sprint(a)))
	}
	return s
}

// has reports whether a key has a text.
func (l *language) has(key string) bool { _, ok := l.text[key]; return ok }

// Word is the text of a value that the record's schema lists, or that value
// where the language has no word for it.
func (l *language) Word(group, value string) string {
	if value == "" {
		return ""
	}
	if key := group + "." + strings.ReplaceAll(value, " ", "-"); l.has(key) {
		return l.T(key)
	}
	return value
}

// parts are what a sentence is made of.
type parts map[string]template.HTML

// Sentence puts parts into a text: {who} is the part of that name; what stands
// between [ and ] is left out where a part in it is empty. The text itself is
// escaped, the parts are taken as they are.
//
//	{who} said[ to {whom}]: {what}     with who and what: <bdi>…</bdi> said: …
func (l *language) Sentence(key string, p parts) template.HTML {
	s := l.T(key)
	var b strings.Builder
	for s != "" {
		open := strings.IndexByte(s, '[')
		if open < 0 {
			open = len(s)
		}
		out, _ := fill(s[:open], p)
		b.WriteString(out)
		if s = s[open:]; s == "" {
			break
		}
		group, rest, _ := strings.Cut(s[1:], "]")
		if out, whole := fill(group, p); whole {
			b.WriteString(out)
		}
		s = rest
	}
	return template.HTML(b.String())
}

// fill replaces the parts of s; whole is false where one of them is empty.
func fill(s string, p parts) (out string, whole bool) {
	var b strings.Builder
	whole = true
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(template.HTMLEscapeString(before))
		if !ok {
			return b.String(), whole
		}
		name, after, _ := strings.Cut(rest, "}")
		whole = whole && p[name] != ""
		b.WriteString(string(p[name]))
		s = after
	}
}

// Digits writes the digits of s in those of the language.
func (l *language) Digits(s string) string {
	if l.Code != "fa" {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

// Day writes an ISO day in both calendars, that of the language first, as a
// time element: 2024-03-10 (20 Esfand 1402). What is no day is written as it
// stands.
func (l *language) Day(iso string) template.HTML {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return bdi(iso)
	}
	first, second := "<bdi dir=\"ltr\">"+l.Digits(iso)+"</bdi>", ""
	if j := l.jalali(t); j != "" {
		second = "<bdi>" + template.HTMLEscapeString(j) + "</bdi>"
		if l.Code == "fa" {
			first, second = second, first
		}
		second = ` <span class="also">` + second + "</span>"
	}
	return template.HTML(`<time datetime="` + iso + `">` + first + second + "</time>")
}

// jalali is a day by the calendar of Iran, "" where it has none.
func (l *language) jalali(t time.Time) string {
	y, m, d, err := jalaali.ToJalaali(t.Year(), t.Month(), t.Day())
	if err != nil || y < 1 || m < 1 || m > 12 {
		return ""
	}
	return l.T("jalali", d, l.T("month."+strconv.Itoa(int(m))), y)
}

// Moment writes when something was done, by the clock of this machine.
func (l *language) Moment(t time.Time) template.HTML {
	t = t.Local()
	clock := `<bdi dir="ltr">` + l.Digits(t.Format("15:04")) + "</bdi>"
	return template.HTML(string(l.Day(t.Format(time.DateOnly))) + " " + clock)
}

// partsOfDay of the record's time values.
var partsOfDay = map[string]bool{"TMO": true, "TAF": true, "TEV": true, "TNI": true, "TMI": true, "TDT": true}

// When writes a time value of the record: a day in both calendars, a month, an
// interval, a length, a rough reference.
func (l *language) When(value string) template.HTML {
	v, about := strings.CutSuffix(value, "~")
	var out template.HTML
	from, to, interval := strings.Cut(v, "/")
	switch {
	case interval && to == "..":
		out = l.Sentence("when.since", parts{"from": l.When(from)})
	case interval:
		out = l.Sentence("when.interval", parts{"from": l.When(from), "to": l.When(to)})
	case l.has("when." + v):
		out = template.HTML(template.HTMLEscapeString(l.T("when." + v)))
	case len(v) > 10 && v[10] == 'T' && partsOfDay[v[10:]]:
		out = l.Sentence("when.part", parts{"day": l.Day(v[:10]), "part": template.HTML(template.HTMLEscapeString(l.T("when." + v[10:])))})
	case len(v) > 11 && v[10] == 'T':
		out = l.Sentence("when.part", parts{"day": l.Day(v[:10]), "part": ltr(l.Digits(v[11:]))})
	case strings.HasPrefix(v, "P"):
		out = l.length(v)
	case len(v) == 10:
		out = l.Day(v)
	default:
		out = ltr(l.Digits(v))
	}
	if about {
		out = l.Sentence("when.about", parts{"when": out})
	}
	return out
}

// length writes a duration: P8D is 8 days.
func (l *language) length(v string) template.HTML {
	if len(v) < 3 {
		return ltr(v)
	}
	unit := v[len(v)-1:]
	n := strings.TrimPrefix(v[1:len(v)-1], "T")
	if strings.HasPrefix(v, "PT") && unit == "M" {
		unit = "min"
	}
	if n == "" || strings.Trim(n, "0123456789.X") != "" || !l.has("length."+unit) {
		return ltr(v)
	}
	if n == "X" {
		return template.HTML(template.HTMLEscapeString(l.T("length.some." + unit)))
	}
	if i, err := strconv.Atoi(n); err == nil {
		return template.HTML(template.HTMLEscapeString(l.T("length."+unit, i)))
	}
	return template.HTML(template.HTMLEscapeString(l.T("length."+unit, n)))
}

// Amount writes a number with its hedge and unit: at least 3 killed.
func (l *language) Amount(n *record.Number) string {
	var s string
	switch {
	case n.Min != nil && n.Max != nil && *n.Min != *n.Max:
		s = l.T("amount.range", *n.Min, *n.Max)
	case n.Min != nil:
		s = l.Digits(strconv.FormatInt(*n.Min, 10))
	case n.Max != nil:
		s = l.Digits(strconv.FormatInt(*n.Max, 10))
	}
	if n.Hedge != "exact" && l.has("hedge."+n.Hedge) {
		s = l.T("hedge."+n.Hedge, s)
	}
	return s
}

// ltr isolates what is written from left to right, as addresses and ids.
func ltr(s string) template.HTML {
	if s == "" {
		return ""
	}
	return template.HTML(`<bdi dir="ltr">` + template.HTMLEscapeString(tame(s)) + "</bdi>")
}

// bdi isolates a name or title in the direction of its own letters.
func bdi(s string) template.HTML {
	if s == "" {
		return ""
	}
	return template.HTML("<bdi>" + template.HTMLEscapeString(tame(s)) + "</bdi>")
}

// quote is words of a report between its quotation marks.
func quote(s string) template.HTML {
	if s == "" {
		return ""
	}
	return template.HTML(`<q lang="fa" dir="rtl">` + template.HTMLEscapeString(tame(s)) + "</q>")
}

// tame takes out what a title or name could turn the line around it with:
// marks, embeddings, overrides and isolates of direction, and control
// characters. A report's own text is never shown through it.
func tame(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c, r == 0xfeff:
			return -1
		}
		return r
	}, s)
}

// short cuts a text at a word, to about n letters.
func short(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := n
	for cut > n*2/3 && r[cut] != ' ' && r[cut] != '\n' {
		cut--
	}
	return strings.TrimSpace(string(r[:cut])) + " …"
}
