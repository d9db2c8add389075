package desk

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/ledger"
)

// So many outlets are on a page, and of each so many that it takes from; all
// of them are on its own page.
const (
	outletsPage = 40
	pairsShown  = 6
	pairsPage   = 150
)

// outletsBody is the page of who relays whom.
type outletsBody struct {
	*language
	Outlet   string // asked for: id or name
	From, To string // days of publication of who relays
	List     []outletRow
	Prev     string
	Next     string
	Why      string
	Here     string
	Timed    bool // some times are drawn
}

type outletRow struct {
	ledger.Outlet
	Called template.HTML
	Share  string // of its reports that take words from others
	Bar    bar
	Pairs  []pairRow
	More   int
	All    string // whom this outlet relays
	Own    string // its page: how it words actors, and its reviews; "" where it is not known
}

type pairRow struct {
	ledger.OutletPair
	Called template.HTML
	Bar    bar
	After  string // how long after, in words
	Spread string // what a quarter lies below and above
	Times  *timeBar
}

// bar is a bar of a table: so many hundredths of its full width.
type bar struct{ Width int }

// timeBar draws how long after: on a scale from a minute to a month on which
// each step is so many times the one before (a logarithmic one), in
// hundredths.
type timeBar struct{ Low, Width, Median int }

// onScale is the place of a length of time on the scale of timeBar.
//
//	1 minute → 0, 3 hours → 49, 30 days → 100
func onScale(seconds int64) int {
	m := math.Max(1, float64(seconds)/60)
	return min(100, int(math.Round(100*math.Log(m)/math.Log(30*24*60))))
}

// outletsAsked resolves names and days to what the ledger asks for.
func (d *Desk) outletsAsked(ctx context.Context, q url.Values) (ledger.Filter, error) {
	var f ledger.Filter
	var err error
	if f.From, f.To, err = days(strings.TrimSpace(q.Get("from")), strings.TrimSpace(q.Get("to"))); err != nil {
		return f, err
	}
	if name := strings.TrimSpace(q.Get("outlet")); name != "" {
		ids, err := d.ledger.Resolve(ctx, d.reader().Lexicon, name)
		if err != nil {
			return f, err
		}
		f.Outlet = append(ids, name, ledger.OutletKey(name))
	}
	return f, nil
}

// outlets says who relays whom.
func (d *Desk) outlets(ctx context.Context, q url.Values) ([]ledger.Outlet, error) {
	f, err := d.outletsAsked(ctx, q)
	if err != nil {
		return nil, err
	}
	return d.ledger.Outlets(ctx, f)
}

func (d *Desk) outletsPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	q := r.URL.Query()
	b := outletsBody{language: l, Outlet: q.Get("outlet"), From: q.Get("from"), To: q.Get("to"), Here: "/outlets"}
	list, err := d.outlets(r.Context(), q)
	status := http.StatusOK
	switch {
	case err == nil:
	case errors.Is(err, ledger.ErrNotLinked):
		d.unlinked(w, r, err)
		return
	case statusOf(err) == http.StatusUnprocessableEntity:
		status, b.Why = http.StatusUnprocessableEntity, err.Error()
	default:
		d.trouble(w, r, statusOf(err), err)
		return
	}
	link := func(outlet string, at int) string {
		v := url.Values{}
		for _, p := range [...][2]string{{"outlet", outlet}, {"from", b.From}, {"to", b.To}} {
			if p[1] != "" {
				v.Set(p[0], p[1])
			}
		}
		if at > 0 {
			v.Set("offset", strconv.Itoa(at))
		}
		if len(v) == 0 {
			return "/outlets"
		}
		return "/outlets?" + v.Encode()
	}
	most, mostPair := int64(1), int64(1)
	for i := range list {
		most = max(most, list[i].Reports, list[i].Relays)
		for _, p := range list[i].From {
			mostPair = max(mostPair, p.Relays)
		}
	}
	at := min(from(q, "offset"), max(0, (len(list)-1)/outletsPage*outletsPage))
	end := min(len(list), at+outletsPage)
	shown := pairsShown
	if end-at <= 2 {
		shown = pairsPage
	} else if b.Outlet != "" {
		shown = 20
	}
	for i := range list[at:end] {
		o := &list[at+i]
		row := outletRow{Outlet: *o, Called: d.called(l, o.ID, o.Name), Bar: bar{percent(o.Relays, most)}, All: link(cmp.Or(o.ID, o.Name), 0), Own: outletLink(o.ID)}
		if o.Reports > 0 && o.Relays > 0 {
			row.Share = l.T("percent", percent(o.Relays, o.Reports))
		}
		for j := range o.From {
			if j == shown {
				row.More = len(o.From) - j
				break
			}
			row.Pairs = append(row.Pairs, d.pair(l, &o.From[j], mostPair))
			b.Timed = b.Timed || o.From[j].Timed > 0
		}
		b.List = append(b.List, row)
	}
	if at > 0 {
		b.Prev = link(b.Outlet, max(0, at-outletsPage))
	}
	if end < len(list) {
		b.Next = link(b.Outlet, end)
	}
	d.show(w, r, status, "outlets", l.T("outlets.title"), &b)
}

// called names an outlet.
func (d *Desk) called(l *language, id, name string) template.HTML {
	return cmp.Or(d.outlet(l, &ledger.Report{Outlet: id, OutletName: short(name, 80)}), bdi(l.T("inbox.no-outlet")))
}

func (d *Desk) pair(l *language, x *ledger.OutletPair, most int64) pairRow {
	o := pairRow{OutletPair: *x, Called: d.called(l, x.ID, x.Name), Bar: bar{percent(x.Relays, most)}}
	switch {
	case x.Timed > 0:
		o.After = l.lag(x.Median)
		if x.Timed > 1 && x.Low != x.High {
			o.Spread = l.T("lag.spread", l.span(max(0, x.Low)), l.span(max(0, x.High)))
		}
		low, high := onScale(x.Low), onScale(x.High)
		o.Times = &timeBar{Low: low, Width: max(2, high-low), Median: onScale(x.Median)}
	case x.Days != nil && *x.Days == 0:
		o.After = l.T("lag.same-day")
	case x.Days != nil:
		o.After = l.T("lag.after", l.T("length.D", int(*x.Days)))
	}
	return o
}

// percent is a share in hundredths; what is there at all is at least one.
func percent(n, of int64) int {
	if of <= 0 || n <= 0 {
		return 0
	}
	return int(min(100, max(1, (100*n+of/2)/of)))
}

// noNil gives an empty list in place of none: JSON has [] then, not null.
func noNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return slices.Clip(list)
}
