package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Form is one way in which reports write an actor.
type Form struct {
	Text    string `json:"text"`
	Loaded  bool   `json:"loaded"` // wording that takes a side: quoted, never a name
	Count   int    `json:"count"`
	Reports int    `json:"reports"`
	Report  string `json:"report"` // id of the newest report that has it
	Start   int    `json:"start"`  // where it stands there, in code points
	End     int    `json:"end"`

	newest, last int64
}

// Wording is how one outlet words one actor.
type Wording struct {
	Actor      string `json:"actor"`       // ref in force
	Outlet     string `json:"outlet"`      // entity id or key of the name, "" where unknown
	OutletName string `json:"outlet_name"` // as given
	Reports    int    `json:"reports"`     // of the outlet that name the actor, of those that were looked at
	Neutral    int    `json:"neutral"`     // times that it is named without wording that takes a side
	Loaded     int    `json:"loaded"`      // times that it is worded in such a way
	Forms      []Form `json:"forms"`       // the commonest first
}

// Written is how reports write actors.
type Written struct {
	List   []Wording `json:"list"`   // by actor, then by outlet: those with most loaded wording first
	Looked int       `json:"looked"` // reports that were looked at: the newest
	More   bool      `json:"more"`   // there are others, which were not
}

// Worded returns how the newest reports that name an actor write it, by outlet.
func (l *Ledger) Worded(ctx context.Context, a *Actor, reports int) (*Written, error) {
	in, next, err := l.sights(ctx, a, "entity", Place{}, reports)
	if err != nil {
		return nil, l.explain(err)
	}
	out := &Written{Looked: len(in), More: next.Report != 0}
	out.List, err = l.written(ctx, in, a, true)
	return out, l.explain(err)
}

// Forms are the ways in which all outlets together write actors.
func (w *Written) Forms() (list []Form) {
	for _, x := range w.List {
		for _, f := range x.Forms {
			i := slices.IndexFunc(list, func(x Form) bool { return x.Text == f.Text && x.Loaded == f.Loaded })
			if i < 0 {
				list = append(list, f)
				continue
			}
			x := &list[i]
			x.Count += f.Count
			x.Reports += f.Reports
			if f.newest > x.newest {
				x.Report, x.Start, x.End, x.newest = f.Report, f.Start, f.End, f.newest
			}
		}
	}
	sortForms(list)
	return list
}

func sortForms(list []Form) {
	slices.SortFunc(list, func(x, y Form) int { return cmp.Or(cmp.Compare(y.Count, x.Count), strings.Compare(x.Text, y.Text)) })
}

// WordingOf returns how outlets word an actor: one row for each outlet of the newest
// reports that name it and pass the filter.
func (l *Ledger) WordingOf(ctx context.Context, a *Actor, f Filter, reports int) (*Written, error) {
	var in []sight
	var more bool
	for _, ref := range a.Refs {
		report, id := refOf(ref)
		if report != "" {
			continue
		}
		g := f
		g.Entity = []string{clip(storable(id))}
		list, m, err := l.chosen(ctx, g, reports)
		if err != nil {
			return nil, l.explain(err)
		}
		more = more || m
		for _, s := range list {
			if !slices.Contains(in, s) && a.merges.Of(s.id, id) == a.ID {
				in = append(in, s)
			}
		}
	}
	slices.SortFunc(in, newest)
	out := &Written{Looked: min(len(in), reports), More: more || len(in) > reports}
	var err error
	out.List, err = l.written(ctx, in[:out.Looked], a, true)
	return out, l.explain(err)
}

// Wording returns which loaded wording the newest reports that pass the filter
// have, by actor and outlet.
func (l *Ledger) Wording(ctx context.Context, f Filter, reports int) (*Written, error) {
	in, more, err := l.chosen(ctx, f, reports)
	if err != nil {
		return nil, l.explain(err)
	}
	m, err := l.merges(ctx, l.read)
	if err != nil {
		return nil, l.explain(err)
	}
	out := &Written{Looked: len(in), More: more}
	out.List, err = l.written(ctx, in, &Actor{merges: m}, false)
	return out, l.explain(err)
}

// chosen are the newest reports that pass a filter.
func (l *Ledger) chosen(ctx context.Context, f Filter, limit int) (list []sight, more bool, err error) {
	from, to, err := f.days()
	if err != nil {
		return nil, false, err
	}
	seqs, err := l.choose(ctx, &f, from, to, limit+1)
	if err != nil || len(seqs) == 0 {
		return nil, false, err
	}
	if more = len(seqs) > limit; more {
		seqs = seqs[:limit]
	}
	for part := range slices.Chunk(seqs, 500) {
		err = l.each(ctx, l.read, "SELECT d.day, d.report, r.id FROM documents d JOIN reports r ON r.seq = d.report WHERE d.report IN ("+marks(len(part))+")", seqValues(part), func(r *sql.Rows) error {
			var s sight
			err := r.Scan(&s.day, &s.report, &s.id)
			list = append(list, s)
			return err
		})
		if err != nil {
			return nil, false, err
		}
	}
	slices.SortFunc(list, newest)
	return list, more, nil
}

// seenWord is one mention of a report.
type seenWord struct {
	report      int64
	start, stop int
	entity      string
	loaded      bool
}

// written groups mentions by name and loaded wording of reports by actor and
// outlet; with of, those of that actor. Where whole is false, only who is worded in a
// way that takes a side somewhere in these reports is in the answer.
func (l *Ledger) written(ctx context.Context, in []sight, of *Actor, whole bool) ([]Wording, error) {
	by := map[int64]sight{}
	for _, s := range in {
		by[s.report] = s
	}
	var all []seenWord
	wanted := map[string]bool{} // ids as reports have them
	collect := func(loaded bool) func(*sql.Rows) error {
		return func(r *sql.Rows) error {
			w := seenWord{loaded: loaded}
			if err := r.Scan(&w.report, &w.start, &w.stop, &w.entity); err != nil {
				return err
			}
			if whole && !of.is(by[w.report].id, w.entity) {
				return nil
			}
			all = append(all, w)
			wanted[w.entity] = true
			return nil
		}
	}
	cond, ids := "", []any(nil)
	if whole {
		ids = of.ids()
		cond = " AND entity IN (" + marks(len(ids)) + ")"
	}
	ask := func(query string, part []sight, ids []any, f func(*sql.Rows) error) error {
		args := make([]any, 0, len(part)+len(ids))
		for _, s := range part {
			args = append(args, s.report)
		}
		return l.each(ctx, l.read, strings.Replace(query, "(*)", "("+marks(len(part))+")", 1), append(args, ids...), f)
	}
	for part := range slices.Chunk(in, 300) {
		if err := ask("SELECT report, start, stop, entity FROM mentions WHERE report IN (*) AND loaded = 1"+cond, part, ids, collect(true)); err != nil {
			return nil, err
		}
		if err := ask("SELECT report, start, stop, entity FROM loaded WHERE report IN (*) AND entity <> ''"+cond, part, ids, collect(true)); err != nil {
			return nil, err
		}
	}
	if !whole {
		ids = nil
		for id := range wanted {
			ids = append(ids, id)
		}
		if len(ids) == 0 {
			return nil, nil
		}
		slices.SortFunc(ids, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		ids = ids[:min(len(ids), 400)]
		cond = " AND entity IN (" + marks(len(ids)) + ")"
	}
	for part := range slices.Chunk(in, 300) {
		if err := ask("SELECT report, start, stop, entity FROM mentions WHERE report IN (*) AND loaded = 0 AND form = 'name'"+cond, part, ids, collect(false)); err != nil {
			return nil, err
		}
	}
	// Loaded wording may be a mention too.
	slices.SortFunc(all, func(x, y seenWord) int {
		return cmp.Or(newest(by[x.report], by[y.report]), cmp.Compare(x.start, y.start), cmp.Compare(x.stop, y.stop), strings.Compare(x.entity, y.entity), cmp.Compare(b2i(y.loaded), b2i(x.loaded)))
	})
	all = slices.CompactFunc(all, func(x, y seenWord) bool {
		return x.report == y.report && x.start == y.start && x.stop == y.stop && x.entity == y.entity
	})
	seqs := make([]int64, 0, len(in))
	for _, s := range in {
		seqs = append(seqs, s.report)
	}
	reports, err := l.reports(ctx, seqs)
	if err != nil {
		return nil, err
	}
	outlets := map[int64]*Report{}
	for i := range reports {
		outlets[seqs[i]] = &reports[i]
	}
	var list []Wording
	at := map[[2]string]int{}
	mentioned := map[[2]int64]bool{}
	var worded []int64 // reports whose words are shown
	for _, w := range all {
		if n := len(worded); (whole || w.loaded) && (n == 0 || worded[n-1] != w.report) {
			worded = append(worded, w.report)
		}
	}
	texts, err := l.texts(ctx, worded)
	if err != nil {
		return nil, err
	}
	var text []rune
	read := int64(0)
	for _, w := range all {
		actor := of.merges.Of(by[w.report].id, w.entity)
		o := outlets[w.report]
		key := [2]string{actor, o.Outlet}
		i, there := at[key]
		if !there {
			i = len(list)
			at[key] = i
			list = append(list, Wording{Actor: actor, Outlet: o.Outlet, OutletName: o.OutletName})
		}
		x := &list[i]
		if !mentioned[[2]int64{int64(i), w.report}] {
			mentioned[[2]int64{int64(i), w.report}] = true
			x.Reports++
		}
		if w.loaded {
			x.Loaded++
		} else if x.Neutral++; !whole {
			continue // its words are not shown there
		}
		if read != w.report {
			text, read = []rune(texts[w.report]), w.report
		}
		if w.start < 0 || w.stop > len(text) || w.start >= w.stop {
			continue
		}
		s := strings.Join(strings.Fields(string(text[w.start:w.stop])), " ")
		j := slices.IndexFunc(x.Forms, func(f Form) bool { return f.Text == s && f.Loaded == w.loaded })
		if j < 0 {
			j = len(x.Forms)
			x.Forms = append(x.Forms, Form{Text: s, Loaded: w.loaded, Report: by[w.report].id, Start: w.start, End: w.stop, newest: by[w.report].day<<32 | w.report})
		}
		f := &x.Forms[j]
		f.Count++
		if f.Reports == 0 || f.last != w.report {
			f.Reports++
			f.last = w.report
		}
	}
	loaded := map[string]int{}
	for i := range list {
		sortForms(list[i].Forms)
		loaded[list[i].Actor] += list[i].Loaded
	}
	slices.SortFunc(list, func(x, y Wording) int {
		return cmp.Or(cmp.Compare(loaded[y.Actor], loaded[x.Actor]), strings.Compare(x.Actor, y.Actor), cmp.Compare(y.Loaded, x.Loaded), cmp.Compare(y.Neutral, x.Neutral), strings.Compare(x.Outlet, y.Outlet))
	})
	return list, nil
}

// texts are the texts of reports.
func (l *Ledger) texts(ctx context.Context, reports []int64) (map[int64]string, error) {
	out := map[int64]string{}
	for part := range slices.Chunk(reports, 300) {
		err := l.each(ctx, l.read, "SELECT r.seq, b.hash, b.data FROM reports r JOIN blobs b ON b.hash = r.text WHERE r.seq IN ("+marks(len(part))+")", seqValues(part), func(r *sql.Rows) error {
			var seq int64
			var hash, data []byte
			if err := r.Scan(&seq, &hash, &data); err != nil {
				return err
			}
			b, err := unpack(data)
			if sum := hashOf(b); err != nil || string(sum[:]) != string(hash) {
				return &Damage{"blobs", 0, fmt.Sprintf("the bytes %x are not those that were written", hash)}
			}
			out[seq] = string(b)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
