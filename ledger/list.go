package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Filter chooses reports. All that is set has to hold; of several values of
// one field one has to. An entity is named by its id, or by "REPORT/id" where it
// is meant in one report alone (see review.Merges). What is said of events (Actor, Recipient, Type, Mode,
// Status, Place) has to hold of one and the same event.
type Filter struct {
	From, To  string   // first and last day of publication, ISO
	Outlet    []string // entity ids, or keys of names
	Entity    []string // entity ids: named anywhere in the report
	Speaker   []string // entity ids
	Via       []string // entity ids
	Actor     []string // entity ids
	Recipient []string // entity ids
	Type      []string // PLOVER types: ASSAULT, …
	Mode      []string
	Status    []string // happened, …
	Place     []string // entity ids, or "country:IQ"
	Act       []string // say, deny, …
	Review    []string // new, in review, done
}

// of returns the fields with their facets.
func (f *Filter) of() []asked {
	var list []asked
	add := func(kind string, values []string, event bool) {
		if len(values) == 0 {
			return
		}
		a := asked{kind: kind, event: event}
		for _, v := range values {
			if country, ok := strings.CutPrefix(v, "country:"); ok && kind == "place" {
				a.facets = append(a.facets, "country:"+country)
				continue
			}
			report, id, local := strings.Cut(v, "/")
			if !local {
				a.facets = append(a.facets, kind+":"+v)
				a.anywhere = append(a.anywhere, kind+":"+v)
				continue
			}
			a.facets = append(a.facets, kind+":"+id)
			a.reports = append(a.reports, report)
		}
		list = append(list, a)
	}
	add("outlet", f.Outlet, false)
	add("entity", f.Entity, false)
	add("speaker", f.Speaker, false)
	add("via", f.Via, false)
	add("act", f.Act, false)
	add("review", f.Review, false)
	add("actor", f.Actor, true)
	add("recipient", f.Recipient, true)
	add("type", f.Type, true)
	add("mode", f.Mode, true)
	add("status", f.Status, true)
	add("place", f.Place, true)
	return list
}

// asked is one field of a filter: a report has to have one of the facets.
type asked struct {
	kind   string
	facets []string
	event  bool

	reports  []string // where some of the facets count in these reports alone
	anywhere []string // those that count anywhere
}

// where writes the conditions on documents d that a filter makes, those of the
// field at index but left out.
func (f *Filter) where(list []asked, but int) (string, []any) {
	var cond []string
	var args []any
	for i, a := range list {
		if i == but {
			continue
		}
		cond = append(cond, "EXISTS (SELECT 1 FROM facets x WHERE x.facet IN ("+marks(len(a.facets))+") AND x.day = f.day AND x.report = f.report)")
		for _, v := range a.facets {
			args = append(args, v)
		}
	}
	if c, a := f.precise(list); c != "" {
		cond, args = append(cond, c), append(args, a...)
	}
	return strings.Join(cond, " AND "), args
}

// precise writes the conditions that facets cannot tell: that one event has
// all that is asked of events, and that an entity is meant in one report alone.
func (f *Filter) precise(list []asked) (string, []any) {
	var cond []string
	var args []any
	events := 0
	for _, a := range list {
		if a.event {
			events++
		}
		if len(a.reports) == 0 {
			continue
		}
		c := "f.report IN (SELECT seq FROM reports WHERE id IN (" + marks(len(a.reports)) + "))"
		for _, r := range a.reports {
			args = append(args, r)
		}
		if len(a.anywhere) > 0 {
			c = "(" + c + " OR EXISTS (SELECT 1 FROM facets x WHERE x.facet IN (" + marks(len(a.anywhere)) + ") AND x.day = f.day AND x.report = f.report))"
			for _, v := range a.anywhere {
				args = append(args, v)
			}
		}
		cond = append(cond, c)
	}
	if events > 1 {
		c, a := f.oneEvent()
		cond, args = append(cond, c), append(args, a...)
	}
	return strings.Join(cond, " AND "), args
}

// oneEvent is the condition that one event has all that is said of events.
func (f *Filter) oneEvent() (string, []any) {
	cond := []string{"e.report = f.report"}
	var args []any
	plain := func(values []string) []string {
		var out []string
		for _, v := range values {
			if _, id, local := strings.Cut(v, "/"); local {
				v = id
			}
			out = append(out, v)
		}
		return out
	}
	in := func(column string, values []string) {
		if len(values) > 0 {
			cond = append(cond, column+" IN ("+marks(len(values))+")")
			for _, v := range values {
				args = append(args, v)
			}
		}
	}
	in("e.type", f.Type)
	in("e.mode", f.Mode)
	in("e.status", f.Status)
	if place := plain(f.Place); len(place) > 0 {
		cond = append(cond, "(e.place IN ("+marks(len(place))+") OR 'country:' || e.country IN ("+marks(len(place))+"))")
		for range 2 {
			for _, v := range place {
				args = append(args, v)
			}
		}
	}
	for role, values := range map[string][]string{"actor": plain(f.Actor), "recipient": plain(f.Recipient)} {
		if len(values) > 0 {
			cond = append(cond, "EXISTS (SELECT 1 FROM arguments a WHERE a.report = e.report AND a.event = e.n AND a.role = '"+role+"' AND a.entity IN ("+marks(len(values))+"))")
			for _, v := range values {
				args = append(args, v)
			}
		}
	}
	return "EXISTS (SELECT 1 FROM events e WHERE " + strings.Join(cond, " AND ") + ")", args
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// days are the bounds of documents.day that a filter sets. Reports without a
// day are in no span of days.
func (f *Filter) days() (from, to int64, err error) {
	from, to = undated, 1<<40
	if f.From != "" {
		if from = dayOf(f.From); from == undated {
			return 0, 0, fmt.Errorf("%q is no day: write it as 2024-03-10", f.From)
		}
	}
	if f.To != "" {
		if to = dayOf(f.To); to == undated {
			return 0, 0, fmt.Errorf("%q is no day: write it as 2024-03-10", f.To)
		}
		from = max(from, undated+1)
	}
	return from, to, nil
}

// List returns reports that pass the filter, the newest day of publication
// first, those without a day last.
func (l *Ledger) List(ctx context.Context, f Filter, limit, offset int) ([]Report, error) {
	from, to, err := f.days()
	if err != nil {
		return nil, err
	}
	seqs, err := l.choose(ctx, &f, from, to, limit+offset)
	if err != nil {
		return nil, l.explain(err)
	}
	if offset >= len(seqs) {
		return nil, nil
	}
	list, err := l.reports(ctx, seqs[offset:])
	return list, l.explain(err)
}

// reports returns reports in the order of the numbers.
func (l *Ledger) reports(ctx context.Context, seqs []int64) ([]Report, error) {
	at := map[int64]int{}
	for i, s := range seqs {
		at[s] = i
	}
	list := make([]Report, len(seqs))
	for part := range slices.Chunk(seqs, 500) {
		args := make([]any, len(part))
		for i, s := range part {
			args[i] = s
		}
		err := l.each(ctx, l.read, "SELECT "+reportColumns+" FROM documents d WHERE d.report IN ("+marks(len(part))+")", args, func(r *sql.Rows) error {
			x, err := scanReport(r)
			list[at[x.Seq]] = x
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// choose returns the numbers of the first reports that pass the filter.
func (l *Ledger) choose(ctx context.Context, f *Filter, from, to int64, limit int) ([]int64, error) {
	list := f.of()
	var out []int64
	collect := func(r *sql.Rows) error {
		var day, report int64
		err := r.Scan(&day, &report)
		out = append(out, report)
		return err
	}
	if len(list) == 0 {
		err := l.each(ctx, l.read, "SELECT day, report FROM documents WHERE day BETWEEN ? AND ? ORDER BY day DESC, report DESC LIMIT ?", []any{from, to, limit}, collect)
		return out, err
	}
	// The rarest field leads: its facets are walked in the order of days, and
	// the others are looked up for each report that they give.
	lead, err := l.rarest(ctx, list, from, to)
	if err != nil {
		return nil, err
	}
	cond, args := f.where(list, lead)
	if cond != "" {
		cond = " AND " + cond
	}
	var parts []string
	var all []any
	for _, facet := range list[lead].facets {
		parts = append(parts, "SELECT * FROM (SELECT f.day AS day, f.report AS report FROM facets f WHERE f.facet = ? AND f.day BETWEEN ? AND ?"+cond+" ORDER BY f.day DESC, f.report DESC LIMIT ?) p")
		all = append(append(append(all, facet, from, to), args...), limit)
	}
	query := parts[0]
	if len(parts) > 1 {
		query = "SELECT day, report FROM (" + strings.Join(parts, " UNION ") + ") u ORDER BY day DESC, report DESC LIMIT ?"
		all = append(all, limit)
	}
	err = l.each(ctx, l.read, query, all, collect)
	return out, err
}

// rarest returns the index of the field that fewest reports have, as far as
// can be told by counting a few thousand.
func (l *Ledger) rarest(ctx context.Context, list []asked, from, to int64) (int, error) {
	return l.rarestOf(ctx, "facets", list, from, to)
}

// rarestOf is rarest in a table of facets.
func (l *Ledger) rarestOf(ctx context.Context, table string, list []asked, from, to int64) (int, error) {
	if len(list) == 1 {
		return 0, nil
	}
	const enough = 2000
	best, least := 0, int64(-1)
	for i, a := range list {
		var n int64
		for _, facet := range a.facets {
			var k int64
			if _, err := l.one(ctx, l.read, "SELECT count(*) FROM (SELECT 1 FROM "+table+" WHERE facet = ? AND day BETWEEN ? AND ? LIMIT ?) p", []any{facet, from, to, enough}, &k); err != nil {
				return 0, err
			}
			n += k
		}
		if least < 0 || n < least {
			best, least = i, n
		}
	}
	return best, nil
}
