package relay

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/span"
)

// Doc is one report.
type Doc struct {
	ID        string
	Outlet    string // entity id of the lexicon, or the dictionary key of the name as given; "" when unknown
	Name      string // the outlet as it calls itself, to find where others name it; may be ""
	Published Moment
	Added     time.Time // when it came in; used for nothing but order where nothing else is known
	Title     string
	Text      string
	Record    *record.Record // what was read of it; nil where nothing was: then only the words count
}

// Whole is the text that spans of passages point into: the title, a newline
// and the text, or the text alone, as in the record.
func (d *Doc) Whole() string {
	if d.Title == "" {
		return d.Text
	}
	return d.Title + "\n" + d.Text
}

// Moment is a time as exactly as it is known: some time from From to To. The
// zero Moment is not known at all.
type Moment struct{ From, To time.Time }

// Known reports whether anything is known of the time.
func (m Moment) Known() bool { return !m.From.IsZero() }

// Exact reports whether the time is known to the minute.
func (m Moment) Exact() bool { return m.Known() && m.To.Sub(m.From) < 2*time.Minute }

// Before reports whether m was certainly over before n began.
func (m Moment) Before(n Moment) bool { return m.Known() && n.Known() && m.To.Before(n.From) }

// Same reports whether both are known to the minute, and it is one minute.
func (m Moment) Same(n Moment) bool {
	return m.Exact() && n.Exact() && m.From.Truncate(time.Minute).Equal(n.From.Truncate(time.Minute))
}

// Apart is the least time that lies between the two, 0 where they may be one
// or one is not known.
func (m Moment) Apart(n Moment) time.Duration {
	switch {
	case m.Before(n):
		return n.From.Sub(m.To)
	case n.Before(m):
		return m.From.Sub(n.To)
	}
	return 0
}

func (m Moment) String() string {
	switch {
	case !m.Known():
		return "at an unknown time"
	case m.Exact():
		return m.From.Format("2006-01-02 15:04")
	}
	return m.From.Format("2006-01-02")
}

// tehran is the zone of a time that names none: Iran has kept +03:30 the year round since 2022.
var tehran = time.FixedZone("+03:30", 3*3600+1800)

var clock = regexp.MustCompile(`(?:^|[^\d:])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?\s*$`)

// ParseMoment reads a time of publication as publishers write it: RFC 3339, a
// day of any calendar that package when reads, or such a day with a clock time.
//
//	2024-03-10T08:30:00+03:30   one second
//	2024-03-10   1402-12-20     one day, in Tehran's zone
//	۱۴۰۲/۱۲/۲۰ ۰۸:۳۰           one minute, in Tehran's zone
//
// "" is the zero Moment, and no error.
func ParseMoment(s string) (Moment, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Moment{}, nil
	}
	if len(s) > 200 {
		return Moment{}, fmt.Errorf("time of publication: %d bytes are no time", len(s))
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return Moment{t, t}, nil
	}
	d, err := when.Published(s)
	if err != nil {
		return Moment{}, err
	}
	day := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, tehran)
	c := clock.FindStringSubmatch(strings.ReplaceAll(spell.Key(strings.ReplaceAll(s, " ", "\n")), "\n", " "))
	if c == nil {
		return Moment{day, day.AddDate(0, 0, 1).Add(-time.Second)}, nil
	}
	h, _ := strconv.Atoi(c[1])
	m, _ := strconv.Atoi(c[2])
	sec, _ := strconv.Atoi(c[3])
	zone := tehran
	if z := strings.ReplaceAll(c[4], ":", ""); z == "Z" {
		zone = time.UTC
	} else if z != "" {
		n, _ := strconv.Atoi(z[1:])
		off := (n/100*60 + n%100) * 60
		if z[0] == '-' {
			off = -off
		}
		zone = time.FixedZone(c[4], off)
	}
	at := time.Date(d.Year, time.Month(d.Month), d.Day, h, m, sec, 0, zone)
	if sec > 0 {
		return Moment{at, at}, nil
	}
	return Moment{at, at.Add(59 * time.Second)}, nil
}

// How says in which way one report takes its words from another.
type How string

// The ways.
const (
	Copy   How = "copy"   // the whole text, at most its spelling changed
	Edited How = "edited" // shortened, re-ordered, added to, in part in other words
	Cites  How = "cites"  // own words around a named citation, with little that is shared
)

// Passage is a stretch of words that two reports share. A and B are bytes of
// the texts ([Doc.Whole]) of Link.From and Link.To; Words are the words that are equal.
type Passage struct {
	A, B  span.Span
	Words int
}

// Link says that the report To takes its words from From; or, where Common is
// set, that both take them from one text or speaker, and neither from the other.
type Link struct {
	From, To   string // ids; of a common source the one that came first
	Common     bool
	Source     string // of a common source: entity id or key of the outlet or speaker, "" where unknown
	How        How
	Passages   []Passage // in the order of To's text; none where nothing but a citation ties the two
	Share      float64   // of To's words, boilerplate aside, that stand in From
	ShareFrom  float64   // of From's words that stand in To
	Words      int       // words shared
	Why        []string  // reasons, in English
	Confidence float64   // 0 to 1

	// What Direct chooses by. A ledger keeps them with the link.
	Step     int     // place of From in the chain of sources that To gives: 1 it names it first, 2 behind another; 0 it does not name it
	Spelling float64 // share of the words that are written with the same letters in both
	Alike    float64 // weight of the content words that both have, in any order; 0 where nothing but shared words ties them
}
