// Package clean marks page furniture: teaser lines, sign-offs, repeated lines,
// captions and other lines that are no part of the report. It cuts nothing:
// later stages leave out what it marks.
//
// It judges whole lines («بیشتر بخوانید:») by the patterns of
// lexicon/data/furniture.txt, and a line's end where a sign-off stands behind
// the last sentence («… بازداشت شدند. انتهای پیام/م»). The title is never
// furniture. A name before the first sentence («خبرگزاری فارس: …») is none
// either: it says who reports.
package clean

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// Cleaner marks furniture by the patterns of lexicon/data/furniture.txt.
type Cleaner struct {
	kinds   []kind
	longest int // the most letters that a line of furniture has
}

// kind is one entry of the file, its words as keys.
type kind struct {
	reason                        string
	line, begins, ends, has, from []string
	max                           int
	stop, tail, heads             bool
}

// New compiles the patterns of the lexicon.
func New(l *lexicon.Lexicon) *Cleaner {
	c := &Cleaner{}
	for _, e := range l.File("furniture") {
		k := kind{reason: e.Get("reason"), max: 90, stop: e.Has("stop"), tail: e.Has("tail"), heads: e.Has("heads"),
			line: keys(e.All("line")), begins: keys(e.All("begins")), ends: keys(e.All("ends")), has: keys(e.All("has")), from: keys(e.All("from"))}
		if k.reason == "" {
			k.reason = e.ID
		}
		if n, err := strconv.Atoi(e.Get("max")); err == nil {
			k.max = n
		}
		c.longest = max(c.longest, k.max)
		c.kinds = append(c.kinds, k)
	}
	return c
}

func keys(values []string) []string {
	var list []string
	for _, v := range values {
		if k := newKey(v).text; k != "" {
			list = append(list, k)
		}
	}
	return list
}

// line is one line of the report, blanks at its ends left out.
type line struct {
	span   span.Span
	reason string // why it is dropped; "" where it is read
	tail   string // why it is dropped if only furniture follows
	heads  bool
	stop   bool // ends as a sentence does
	short  bool // short enough to be furniture
	cut    span.Span
	why    string // reason of cut
}

// Find returns the furniture of the report, in text order, without overlaps.
func (c *Cleaner) Find(r *report.Report) []report.Dropped {
	lines := split(r.Text)
	seen := map[string]bool{}
	title := len(lines) > 0 && r.Title != ""
	for i := range lines {
		l := &lines[i]
		text := l.span.Of(r.Text)
		if text == "" {
			continue
		}
		l.stop = stops(text)
		l.short = len(text) <= 2*c.longest || len(text) <= 4*c.longest && utf8.RuneCountInString(text) <= c.longest
		if !l.short {
			c.cut(l, r.Text)
			if seen[text] && l.reason == "" {
				l.reason = repeated
			}
			seen[text] = true
			continue
		}
		k := newKey(text)
		if !(title && i == 0) {
			c.judge(l, text, k)
			if l.reason == "" && l.tail == "" {
				c.cut(l, r.Text)
			}
		}
		if len(k.text) >= 16 { // shorter ones («خبرگزاری فارس:», a cry in a poem) may well come twice
			if seen[k.text] && l.reason == "" {
				l.reason = repeated
			}
			seen[k.text] = true
		}
	}
	c.headed(lines, r.Text)
	for i := len(lines) - 1; i >= 0; i-- {
		l := &lines[i]
		if l.reason == "" && l.tail != "" {
			l.reason = l.tail
		}
		if l.reason == "" && !l.span.Empty() {
			break
		}
	}
	var out []report.Dropped
	for _, l := range lines {
		switch {
		case l.reason != "":
			out = append(out, report.Dropped{Span: l.span, Reason: l.reason})
		case !l.cut.Empty():
			out = append(out, report.Dropped{Span: l.cut, Reason: l.why})
		}
	}
	return out
}

// judge looks for the first kind that the whole line is.
func (c *Cleaner) judge(l *line, text string, k key) {
	if shape := shapeOf(text); shape != "" {
		if shape == footnote {
			l.tail = shape
		} else {
			l.reason = shape
		}
		return
	}
	letters := utf8.RuneCountInString(k.text)
	for i := range c.kinds {
		kd := &c.kinds[i]
		if kd.fits(k, letters, l.stop) {
			if kd.tail {
				if l.tail == "" {
					l.tail = kd.reason
				}
				continue
			}
			l.reason, l.heads = kd.reason, kd.heads
			return
		}
	}
}

func (kd *kind) fits(k key, letters int, stop bool) bool {
	for _, p := range kd.line {
		if strings.HasPrefix(k.text, p) && k.begins[len(p)] && codes(k.after(len(p))) {
			return true
		}
	}
	if kd.begins == nil && kd.ends == nil && kd.has == nil || letters > kd.max || stop && !kd.stop {
		return false
	}
	return (kd.begins == nil || k.hasPrefix(kd.begins)) && (kd.ends == nil || k.hasSuffix(kd.ends)) && (kd.has == nil || k.has(kd.has))
}

// cut marks a sign-off at the end of a line that has a sentence before it.
func (c *Cleaner) cut(l *line, text string) {
	const window = 120 // bytes: a sign-off and its codes are shorter
	from := max(l.span.Start, l.span.End-window)
	for from > l.span.Start && from < l.span.End && !utf8.RuneStart(text[from]) {
		from++
	}
	k := newKey(text[from:l.span.End])
	for i := range c.kinds {
		kd := &c.kinds[i]
		for _, p := range kd.from {
			at := k.last(p)
			if at < 0 || !codes(k.after(at+len(p))) {
				continue
			}
			l.cut, l.why = span.Span{Start: from + k.source[at], End: l.span.End}, kd.reason
			if l.cut.Start == l.span.Start {
				l.reason = kd.reason
			}
			return
		}
	}
}

// headed drops the teaser lines under a heading such as «بیشتر بخوانید:».
func (c *Cleaner) headed(lines []line, text string) {
	const most = 8
	for i := range lines {
		if !lines[i].heads {
			continue
		}
		for j := i + 1; j < len(lines) && j <= i+most; j++ {
			l := &lines[j]
			if l.span.Empty() || l.stop || !l.short {
				break
			}
			if l.reason == "" {
				l.reason = lines[i].reason
			}
		}
	}
}

// split returns the lines of text.
func split(text string) []line {
	lines := make([]line, 0, 16)
	for at := 0; at <= len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		l := text[at:end]
		t := strings.TrimRightFunc(l, blank)
		start := at + len(t) - len(strings.TrimLeftFunc(t, blank))
		lines = append(lines, line{span: span.Span{Start: start, End: at + len(t)}})
		at = end + 1
	}
	return lines
}

func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// stops reports whether a line ends as a sentence does.
func stops(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".؟?!»…\"”", r)
}

// codes reports whether what follows a sign-off is an editor's codes:
// «/م», «/2309/ع», «**1234» or nothing.
func codes(s string) bool {
	letters := 0
	for i, r := range s {
		switch {
		case i == 0 && unicode.IsLetter(r):
			return false
		case unicode.IsLetter(r):
			if letters++; letters > 3 {
				return false
			}
		default:
			letters = 0
		}
	}
	return len(s) <= 40
}

const (
	footnote = "footnote"
	repeated = "repeated line"
)

// shapeOf tells lines that are furniture by their shape and no wording.
func shapeOf(text string) string {
	word := false
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			word = true
			break
		}
	}
	if !word {
		return "separator"
	}
	if !strings.ContainsAny(text, " \t\u00a0") && (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") ||
		strings.HasPrefix(text, "www.") || text[0] == '@' || strings.Contains(text, "@") && strings.Contains(text, ".")) {
		return "address line"
	}
	if rest, ok := strings.CutPrefix(text, "["); ok {
		if n, _, ok := strings.Cut(rest, "]"); ok && n != "" && strings.TrimLeft(spell.Key(n), "0123456789") == "" {
			return footnote
		}
	}
	return ""
}
