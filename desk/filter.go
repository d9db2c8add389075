package desk

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// states of a report's review, as the ledger names them.
var states = []string{"new", "in review", "done"}

// asked is what somebody wants to see of the inbox, as they typed it.
type asked struct {
	Words  string // to search for
	State  string // "" for all
	Outlet string // ids or names
	Actor  string
	Place  string
	Type   string
	From   string // days, ISO or Jalali
	To     string
	Limit  int
	Offset int
}

// pageSize is how many reports are on a page of the inbox.
const pageSize = 25

// askedOf reads a query: q, state, outlet, actor, place, type, from, to, limit,
// offset.
func askedOf(v url.Values) asked {
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	a := asked{Words: get("q"), State: get("state"), Outlet: get("outlet"), Actor: get("actor"), Place: get("place"), Type: get("type"), From: get("from"), To: get("to"), Limit: pageSize}
	if n, err := strconv.Atoi(get("limit")); err == nil && n >= 1 && n <= 200 {
		a.Limit = n
	}
	if n, err := strconv.Atoi(get("offset")); err == nil && n >= 0 && n <= 1<<20 {
		a.Offset = n
	}
	return a
}

// query is the inverse of askedOf, for another page of the same.
func (a asked) query(offset int) string {
	v := url.Values{}
	for _, p := range [...][2]string{{"q", a.Words}, {"state", a.State}, {"outlet", a.Outlet}, {"actor", a.Actor}, {"place", a.Place}, {"type", a.Type}, {"from", a.From}, {"to", a.To}} {
		if p[1] != "" {
			v.Set(p[0], p[1])
		}
	}
	if offset > 0 {
		v.Set("offset", strconv.Itoa(offset))
	}
	if a.Limit != pageSize {
		v.Set("limit", strconv.Itoa(a.Limit))
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// Filters reports whether more is asked for than a state.
func (a asked) Filters() bool {
	return a.Outlet != "" || a.Actor != "" || a.Place != "" || a.Type != "" || a.From != "" || a.To != ""
}

// filter resolves names and days to what the ledger asks for.
func (d *Desk) filter(ctx context.Context, a asked) (ledger.Filter, error) {
	var f ledger.Filter
	for _, day := range [...]struct {
		value string
		into  *string
	}{{a.From, &f.From}, {a.To, &f.To}} {
		if day.value != "" {
			t, err := sanad.ParseDate(day.value)
			if err != nil {
				return f, badForm("%v", err)
			}
			*day.into = t.String()
		}
	}
	for _, n := range [...]struct {
		value, name string
		into        *[]string
	}{{a.Outlet, "outlet", &f.Outlet}, {a.Actor, "actor", &f.Actor}, {a.Place, "place", &f.Place}} {
		if n.value == "" {
			continue
		}
		ids, err := d.ledger.Resolve(ctx, d.reader().Lexicon, n.value)
		if err != nil {
			return f, err
		}
		switch n.name {
		case "outlet":
			ids = append(ids, ledger.OutletKey(n.value))
		case "place":
			for _, id := range ids {
				if c := d.country(id); c != "" {
					ids = append(ids, "country:"+c)
				}
			}
		}
		if len(ids) == 0 {
			return f, badForm("neither the lexicon nor any report has the name %s", n.value)
		}
		*n.into = ids
	}
	if a.Type != "" {
		if !slices.Contains(review.Choices(review.Event, "type"), a.Type) {
			return f, badForm("%q is no type of event", a.Type)
		}
		f.Type = []string{a.Type}
	}
	if a.State != "" {
		if !slices.Contains(states, a.State) {
			return f, badForm("%q is no state of a review", a.State)
		}
		f.Review = []string{a.State}
	}
	return f, nil
}

// country is the code of a state of the lexicon, "" for anything else.
func (d *Desk) country(id string) string {
	for _, e := range d.reader().Lexicon.File("actors") {
		if e.ID == id && e.Get("type") == "STATE" {
			return e.Get("iso")
		}
	}
	return ""
}

// find returns the reports that somebody asked for and whether there are more.
// Where no words are searched for, the reports have no snippet.
func (d *Desk) find(ctx context.Context, a asked) (list []ledger.Found, more bool, err error) {
	f, err := d.filter(ctx, a)
	if err != nil {
		return nil, false, err
	}
	if a.Words != "" {
		list, err = d.ledger.Search(ctx, a.Words, f, a.Limit+1, a.Offset)
	} else {
		var reports []ledger.Report
		reports, err = d.ledger.List(ctx, f, a.Limit+1, a.Offset)
		for _, r := range reports {
			list = append(list, ledger.Found{Report: r})
		}
	}
	if len(list) > a.Limit {
		return list[:a.Limit], true, err
	}
	return list, false, err
}
