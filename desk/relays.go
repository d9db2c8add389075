package desk

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
)

// So much of a report's relays is on one page.
const (
	relaysPage    = 10
	passagesShown = 3
	passageShown  = 900 // code points of a passage
	originShown   = 60
)

// relaysBody is the page of a report's relays.
type relaysBody struct {
	*language
	X         *ledger.Relays
	Outlet    template.HTML
	Sides     []relaySide
	Origin    *originGroup
	Incidents []ledger.IncidentRow // that it tells of
	All       bool                 // steps that follow from others too
	Hidden    int                  // how many are left out for that
	Link      string               // with them, or without
	Prev      string
	Next      string
	Alone     bool // it shares its words with none
	desk      *Desk
}

// relaySide are the links of one kind: from, to, common.
type relaySide struct {
	Name string
	List []relayRow
}

type relayRow struct {
	ledger.Relayed
	Outlet   template.HTML
	Source   template.HTML
	Time     template.HTML
	Lag      string
	Sure     string
	Left     passageSide // whose words stand at the start, and at the end, of the line
	Right    passageSide
	Passages []passageRow
	More     int
}

// passageSide is the report that a column of passages is from.
type passageSide struct {
	ID     string
	Outlet template.HTML
}

// passageRow is one passage of both reports, with the words that both have
// marked.
type passageRow struct {
	From, To         template.HTML
	FromLink, ToLink string
	Words            int
}

// originGroup is the group of reports that rest on one origin.
type originGroup struct {
	Name    template.HTML // "" where several may be the first
	Own     bool          // it is this report
	Reports []ledger.Report
	Outlets map[string]template.HTML
	All     int
	More    int
}

func (d *Desk) relaysPage(w http.ResponseWriter, r *http.Request) {
	x, err := d.ledger.Relays(r.Context(), r.PathValue("id"))
	if err != nil {
		if !d.unlinked(w, r, err) {
			d.trouble(w, r, statusOf(err), err)
		}
		return
	}
	l := languageOf(r)
	q := r.URL.Query()
	b := relaysBody{language: l, X: x, All: q.Get("all") != "", desk: d, Outlet: d.outlet(l, &x.Report)}
	at, n := from(q, "from"), 0
	for _, s := range [...]struct {
		name string
		list []ledger.Relayed
	}{{"from", x.From}, {"to", x.To}, {"common", x.Common}} {
		side := relaySide{Name: s.name}
		for i := range s.list {
			if !s.list[i].Direct && !b.All {
				b.Hidden++
				continue
			}
			if n >= at && n < at+relaysPage {
				side.List = append(side.List, b.row(&s.list[i], s.name != "to"))
			}
			n++
		}
		if len(side.List) > 0 {
			b.Sides = append(b.Sides, side)
		}
	}
	link := func(all bool, from int) string {
		s := "/report/" + x.Report.ID + "/relays?from=" + strconv.Itoa(from)
		if all {
			s += "&all=1"
		}
		return s
	}
	if at > 0 {
		b.Prev = link(b.All, max(0, at-relaysPage))
	}
	if at+relaysPage < n {
		b.Next = link(b.All, at+relaysPage)
	}
	b.Link = link(!b.All, 0)
	b.Alone = x.Linked && len(x.From)+len(x.To)+len(x.Common) == 0
	b.origin()
	if b.Incidents, err = d.ledger.Incidents(r.Context(), ledger.IncidentFilter{Report: x.Report.ID}, 20, 0); err != nil {
		d.trouble(w, r, statusOf(err), err)
		return
	}
	d.show(w, r, http.StatusOK, "relays", l.T("relays.of", short(tame(x.Report.Head), 60)), &b)
}

// row is one link; took says that the report asked for is the one that took
// words.
func (b *relaysBody) row(x *ledger.Relayed, took bool) relayRow {
	o := relayRow{Relayed: *x, Outlet: b.outlet(&x.Report), Sure: b.sure(x.Confidence)}
	o.Report.Head = short(o.Report.Head, 160)
	if x.Source != "" {
		o.Source = b.desk.named(b.language, x.Source, x.Source)
	}
	if day, clock, ok := strings.Cut(x.Time, "T"); ok {
		o.Time = b.Day(day) + " " + ltr(b.Digits(clock[:min(5, len(clock))])+" UTC")
	} else if x.Time != "" {
		o.Time = b.Day(x.Time)
	}
	if x.Lag != nil {
		o.Lag = b.lag(*x.Lag)
	}
	other, own := passageSide{x.Report.ID, o.Outlet}, passageSide{b.X.Report.ID, b.outlet(&b.X.Report)}
	o.Left, o.Right = other, own
	if !took {
		o.Left, o.Right = own, other
	}
	for i := range x.Passages {
		if i == passagesShown {
			o.More = len(x.Passages) - i
			break
		}
		p := &x.Passages[i]
		var row passageRow
		row.From, row.To = sharedWords(short(p.From.Text, passageShown), short(p.To.Text, passageShown))
		row.FromLink, row.ToLink = wordsLink(o.Left.ID, p.From.Start, p.From.End), wordsLink(o.Right.ID, p.To.Start, p.To.End)
		row.Words = p.Words
		o.Passages = append(o.Passages, row)
	}
	// Reasons name reports by their ids; people know them by their outlets,
	// where these differ.
	one, two := b.desk.outletName(b.language, &b.X.Report), b.desk.outletName(b.language, &x.Report)
	o.Why = slices.Clone(x.Why[:min(len(x.Why), 12)])
	for i := range o.Why {
		o.Why[i] = renamed(o.Why[i], func(id string) string {
			switch {
			case one == two:
				return ""
			case id == b.X.Report.ID:
				return one
			case id == x.Report.ID:
				return two
			}
			return ""
		})
	}
	return o
}

func (b *relaysBody) outlet(x *ledger.Report) template.HTML {
	return cmp.Or(b.desk.outlet(b.language, x), bdi(b.T("inbox.no-outlet")))
}

func (b *relaysBody) origin() {
	x := b.X.Origin
	if x == nil {
		return
	}
	o := &originGroup{All: len(x.Reports), Own: x.Name == b.X.Report.ID, Reports: x.Reports[:min(len(x.Reports), originShown)], Outlets: map[string]template.HTML{}}
	o.More = o.All - len(o.Reports)
	for i := range o.Reports {
		o.Reports[i].Head = short(o.Reports[i].Head, 120)
		o.Outlets[o.Reports[i].ID] = b.outlet(&o.Reports[i])
	}
	if x.Name != "" && !o.Own {
		o.Name = b.desk.named(b.language, x.Name, x.Name)
		for i := range x.Reports {
			if x.Reports[i].ID == x.Name {
				o.Name = b.outlet(&x.Reports[i])
			}
		}
	}
	b.Origin = o
}

// PlaceOf is where an incident was.
func (b *relaysBody) PlaceOf(x ledger.IncidentRow) template.HTML { return bdi(x.Place) }

// lag says how long after its source a report came out.
func (l *language) lag(seconds int64) string {
	if seconds < 0 {
		return l.T("lag.before", l.span(-seconds))
	}
	return l.T("lag.after", l.span(seconds))
}

// span is a length of time in its largest units.
func (l *language) span(seconds int64) string {
	m := (seconds + 30) / 60
	switch {
	case m < 60:
		return l.T("length.min", int(m))
	case m < 48*60 && m%60 == 0:
		return l.T("length.H", int(m/60))
	case m < 48*60:
		return l.T("span.both", l.T("length.H", int(m/60)), l.T("length.min", int(m%60)))
	}
	return l.T("length.D", int((m+12*60)/60/24))
}

// sharedWords marks the words that two passages have in common, in their
// order: the longest list of words that both have, so that a word that stands
// twice is marked where it belongs.
//
//	«سه نفر کشته شدند»  «دست‌کم سه تن کشته شدند»  →  سه … کشته شدند
func sharedWords(a, b string) (left, right template.HTML) {
	x, y := wordsOf(a), wordsOf(b)
	n, m := len(x), len(y)
	length := make([][]int16, n+1) // of the longest common list of x[i:] and y[j:]
	for i := range length {
		length[i] = make([]int16, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if x[i].key == y[j].key {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	inX, inY := make([]bool, n), make([]bool, m)
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case x[i].key == y[j].key:
			inX[i], inY[j] = true, true
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return marked(a, 0, stretches(x, inX)), marked(b, 0, stretches(y, inY))
}

// wordOf is a word of a passage, in code points.
type wordOf struct {
	key        string
	start, end int
}

// wordsOf are the words of a text, compared without regard to spelling.
func wordsOf(s string) (list []wordOf) {
	r := []rune(s)
	for i := 0; i < len(r); {
		if !inWord(r[i]) {
			i++
			continue
		}
		j := i
		for j < len(r) && inWord(r[j]) {
			j++
		}
		list = append(list, wordOf{spell.Key(string(r[i:j])), i, j})
		i = j
	}
	return list
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\u200c'
}

// stretches are the places of the words that are in, neighbours as one.
func stretches(list []wordOf, in []bool) (out []record.Span) {
	for i, w := range list {
		switch {
		case !in[i]:
		case i > 0 && in[i-1]:
			out[len(out)-1].End = w.end
		default:
			out = append(out, record.Span{Start: w.start, End: w.end})
		}
	}
	return out
}
