package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/review"
)

// incidentTables are the tables of incidents, emptied when all is derived anew.
var incidentTables = []string{"sketches", "sketch_stretches", "incidents", "incident_tables", "members", "incident_events", "incident_facets", "linking"}

// unsketch has a report sketched and grouped anew, whose reading or decisions
// changed. Its old sketch stays until then: what it counted is taken back with
// it. Which events belong to which incident is not known meanwhile, since
// another reading numbers them anew.
func (a *adding) unsketch(report int64) error {
	if err := a.put("UPDATE sketches SET open = 2 WHERE report = ?", report); err != nil {
		return err
	}
	return a.put("DELETE FROM incident_events WHERE report = ?", report)
}

// linkIncidents groups the accounts of the reports that have no sketch or whose origin
// changed, and of whatever hangs together with them; changed nil is all
// reports. It counts in out what it did. One that is stopped is gone on with by the next call.
func (l *Ledger) linkIncidents(ctx context.Context, lk *Linker, changed []int64, opt LinkOptions, out *Linked) error {
	rules := lk.Incident.Version() + " " + lk.rules
	all := changed == nil
	err := l.tx(ctx, func(t *tx) error {
		have, err := l.linkingNote(ctx, t, "rules")
		if err != nil {
			return err
		}
		if have != rules { // other rules make other sketches, and other counts of words
			for _, table := range []string{"sketches", "sketch_stretches", "linking"} {
				if err := l.exec(ctx, t, "DELETE FROM "+table); err != nil {
					return err
				}
			}
			all = true
			if err := l.setLinkingNote(ctx, t, "rules", rules); err != nil {
				return err
			}
		}
		if err := l.followMerges(ctx, t); err != nil {
			return err
		}
		for part := range slices.Chunk(changed, 200) {
			args := make([]any, len(part))
			for i, seq := range part {
				args[i] = seq
			}
			if err := l.exec(ctx, t, "UPDATE sketches SET open = 1 WHERE open = 0 AND report IN ("+marks(len(part))+")", args...); err != nil {
				return err
			}
		}
		if all {
			return l.exec(ctx, t, "UPDATE sketches SET open = 1 WHERE open = 0")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := l.sketch(ctx, lk, opt); err != nil {
		return err
	}
	// How rare words are is counted as reports come; what was grouped before goes
	// by what was counted then. When the reports have doubled, or are few, all is
	// grouped anew.
	var reports, before int64
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM sketches", nil, &reports); err != nil {
		return err
	}
	note, err := l.linkingNote(ctx, l.read, "anew")
	if err != nil {
		return err
	}
	before, _ = strconv.ParseInt(note, 10, 64)
	var open int64
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM (SELECT 1 FROM sketches WHERE open > 0 LIMIT 1) p", nil, &open); err != nil {
		return err
	}
	all = all || reports >= 2*before || open > 0 && reports <= int64(lk.small)
	if err := l.group(ctx, lk, all, reports, opt, out); err != nil {
		return err
	}
	_, err = l.one(ctx, l.read, "SELECT count(*) FROM incidents", nil, &out.Incidents)
	return err
}

func (l *Ledger) linkingNote(ctx context.Context, q querier, what string) (string, error) {
	var data []byte
	_, err := l.one(ctx, q, "SELECT data FROM linking WHERE what = ?", []any{what}, &data)
	return string(data), err
}

func (l *Ledger) setLinkingNote(ctx context.Context, t *tx, what, value string) error {
	return t.put(ctx, "INSERT INTO linking (what, data) VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET data = excluded.data", what, []byte(value))
}

// decided is the number of the last decision that linking knows of.
func (l *Ledger) decided(ctx context.Context, q querier) (int64, error) {
	s, err := l.linkingNote(ctx, q, "decided")
	n, _ := strconv.ParseInt(s, 10, 64)
	return n, err
}

// followMerges has the reports sketched anew that name entities which people
// made one, or took apart, since the last time.
func (l *Ledger) followMerges(ctx context.Context, t *tx) error {
	since, err := l.decided(ctx, t)
	if err != nil {
		return err
	}
	list, err := l.decisionsOn(ctx, t, "")
	if err != nil {
		return err
	}
	m := review.Entities(list)
	refs := map[string]bool{}
	var gather func(d *review.Decision)
	gather = func(d *review.Decision) {
		var ids []string
		json.Unmarshal(d.Value, &ids)
		for _, ref := range append(ids, d.Target.ID) {
			if ref == "" {
				continue
			}
			into := m.Of("", ref)
			for _, x := range append(m.Members(into), ref, into) {
				refs[x] = true
			}
		}
		if i := slices.IndexFunc(list, func(o review.Decision) bool { return o.Seq == d.Undoes && o.Seq < d.Seq }); i >= 0 {
			gather(&list[i])
		}
	}
	for i := range list {
		if d := &list[i]; d.Seq > since && d.Target.Kind != review.Incident {
			gather(d)
		}
	}
	for _, ref := range sortedSet(refs) {
		id := ref[strings.LastIndexByte(ref, '/')+1:]
		if err := l.exec(ctx, t, "UPDATE sketches SET open = 2 WHERE report IN (SELECT report FROM facets WHERE facet = ?)", clip(storable("entity:"+id))); err != nil {
			return err
		}
		if report, _, local := strings.Cut(ref, "/"); local {
			if err := l.exec(ctx, t, "UPDATE sketches SET open = 2 WHERE report IN (SELECT seq FROM reports WHERE id = ?)", report); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedSet(m map[string]bool) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// lackSketch chooses reports r that have no sketch, or one of an older state.
const lackSketch = "NOT EXISTS (SELECT 1 FROM sketches k WHERE k.report = r.seq AND k.open < 2)"

// sketch makes the sketches that are missing.
func (l *Ledger) sketch(ctx context.Context, lk *Linker, opt LinkOptions) error {
	var of, done int64
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM reports r WHERE "+lackSketch, nil, &of); err != nil {
		return err
	}
	s, err := l.telling(ctx, l.read)
	if err != nil {
		return err
	}
	const batch = 400
	for last := int64(0); ; {
		opt.progress("accounts", done, of)
		list, err := s.load(lackSketch+" AND r.seq > ?", []any{last}, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		sketches := sketchAll(lk, list)
		err = l.tx(ctx, func(t *tx) error { return l.putSketches(ctx, t, list, sketches) })
		if err != nil {
			return err
		}
		last = list[len(list)-1].seq
		done += int64(len(list))
	}
}

// sketchAll makes the sketches of reports, on all processors.
func sketchAll(lk *Linker, list []*told) []incident.Sketch {
	out := make([]incident.Sketch, len(list))
	todo := make(chan int, len(list))
	for i := range list {
		todo <- i
	}
	close(todo)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		wg.Go(func() {
			for i := range todo {
				out[i] = lk.Incident.Sketch(list[i].doc)
			}
		})
	}
	wg.Wait()
	return out
}

// putSketches writes sketches, to be grouped next, and counts their words in
// place of what was counted of the reports before.
func (l *Ledger) putSketches(ctx context.Context, t *tx, list []*told, sketches []incident.Sketch) error {
	rare, err := l.rarity(ctx, t)
	if err != nil {
		return err
	}
	var rows, stretches [][]any
	for i, x := range list {
		var old []byte
		found, err := l.one(ctx, t, "SELECT data FROM sketches WHERE report = ?", []any{x.seq}, &old)
		if err != nil {
			return err
		}
		if found {
			before := new(incident.Sketch)
			if err := before.UnmarshalBinary(old); err != nil {
				return &Damage{"sketches", x.seq, "the sketch cannot be read (" + err.Error() + "); \"sanad rebuild\" and \"sanad link\" make all anew"}
			}
			rare.Remove(before)
			for _, table := range []string{"sketches", "sketch_stretches"} {
				if err := t.put(ctx, "DELETE FROM "+table+" WHERE report = ?", x.seq); err != nil {
					return err
				}
			}
		}
		k := &sketches[i]
		rare.Add(k)
		data, err := k.MarshalBinary()
		if err != nil {
			return err
		}
		rows = append(rows, []any{x.seq, data, int64(1)})
		for _, at := range k.Stretches() {
			stretches = append(stretches, []any{at, x.doc.ID, x.seq})
		}
	}
	w := incidentRows{adding{l: l, tx: t, ctx: ctx}}
	if err := w.insert("sketches", "report, data, open", rows); err != nil {
		return err
	}
	slices.SortFunc(stretches, func(a, b []any) int {
		if d := a[0].(int64) - b[0].(int64); d != 0 {
			return int(d)
		}
		return strings.Compare(a[1].(string), b[1].(string))
	})
	if err := w.insert("sketch_stretches", "stretch, id, report", stretches); err != nil {
		return err
	}
	data, err := rare.MarshalBinary()
	if err != nil {
		return err
	}
	return l.setLinkingNote(ctx, t, "rarity", string(pack(data)))
}

func (l *Ledger) rarity(ctx context.Context, q querier) (*incident.Rarity, error) {
	x := new(incident.Rarity)
	s, err := l.linkingNote(ctx, q, "rarity")
	if err != nil || s == "" {
		return x, err
	}
	data, err := unpack([]byte(s))
	if err == nil {
		err = x.UnmarshalBinary(data)
	}
	if err != nil {
		return nil, &Damage{"linking", 0, "how rare words are cannot be read (" + err.Error() + "); \"sanad rebuild\" and \"sanad link\" make all anew"}
	}
	return x, nil
}

// group links the reports that are to be grouped, or all, and whatever hangs
// together with them.
func (l *Ledger) group(ctx context.Context, lk *Linker, all bool, reports int64, opt LinkOptions, out *Linked) error {
	for first := true; ; first = false {
		since, err := l.decided(ctx, l.read)
		if err != nil {
			return err
		}
		list, err := l.decisionsOn(ctx, l.read, "")
		if err != nil {
			return err
		}
		last := int64(0)
		if len(list) > 0 {
			last = list[len(list)-1].Seq
		}
		judge := review.OnIncidents(list)
		news := judge.Since(since)
		if !first && len(news) == 0 {
			return nil
		}
		var dirty []string
		if !all {
			if dirty, err = l.openReports(ctx, news); err != nil {
				return err
			}
		}
		if dirty != nil && len(dirty) == 0 && last == since {
			return nil
		}
		if err := l.groupOnce(ctx, lk, dirty, judge, last, opt, out); err != nil {
			return err
		}
		if all {
			err := l.tx(ctx, func(t *tx) error { return l.setLinkingNote(ctx, t, "anew", strconv.FormatInt(reports, 10)) })
			if err != nil {
				return err
			}
		}
		all = false
	}
}

// openReports returns the ids of the reports that are to be grouped, and of
// those that decisions speak of.
func (l *Ledger) openReports(ctx context.Context, news []review.Decision) ([]string, error) {
	ids := map[string]bool{}
	err := l.each(ctx, l.read, "SELECT r.id FROM sketches k JOIN reports r ON r.seq = k.report WHERE k.open > 0", nil, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		ids[id] = true
		return err
	})
	for i := range news {
		for _, a := range slices.Concat(news[i].Accounts, news[i].Others) {
			ids[a.Report] = true
		}
	}
	return append([]string{}, sortedSet(ids)...), err
}

// groupOnce links the dirty reports, nil for all, and writes what comes of it,
// a few hundred incidents to a transaction.
func (l *Ledger) groupOnce(ctx context.Context, lk *Linker, dirty []string, judge *review.Incidents, last int64, opt LinkOptions, out *Linked) error {
	s, err := l.telling(ctx, l.read)
	if err != nil {
		return err
	}
	rare, err := l.rarity(ctx, l.read)
	if err != nil {
		return err
	}
	var of, done int64
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM sketches WHERE open > 0", nil, &of); err != nil {
		return err
	}
	opt.progress("incidents", 0, of)
	if dirty != nil && len(dirty) == 0 {
		return l.tx(ctx, func(t *tx) error { return l.setLinkingNote(ctx, t, "decided", strconv.FormatInt(last, 10)) })
	}
	var parts []incident.Part
	waiting := 0
	lost := map[incident.Decision]bool{}
	kept := map[string]bool{}
	// A very large part comes in pieces, the first of which makes void what all of
	// them replace. Until the last one is written its reports are open: should this be
	// stopped in between, they are grouped again.
	var closed, current []string
	flush := func() error {
		err := l.tx(ctx, func(t *tx) error {
			for i := range parts {
				if err := l.putPart(ctx, t, &parts[i], judge); err != nil {
					return err
				}
			}
			if err := l.setOpen(ctx, t, closed, 0); err != nil {
				return err
			}
			return l.setOpen(ctx, t, current, 1)
		})
		parts, waiting, closed = nil, 0, nil
		if err == nil {
			opt.progress("incidents", min(done, of), of)
		}
		return err
	}
	err = lk.Incident.Link(s, rare, dirty, bonds(judge), func(p incident.Part) error {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if len(p.Accounts) > 0 {
			closed, current = append(closed, current...), p.Reports
		}
		for i := range p.Incidents {
			kept[p.Incidents[i].ID] = true
		}
		for _, d := range p.Lost {
			lost[d] = true
		}
		out.Regrouped += int64(len(p.Incidents))
		done += int64(len(p.Reports))
		parts = append(parts, p)
		if waiting += len(p.Incidents) + len(p.Accounts); waiting < 1000 {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	closed, current = append(closed, current...), nil
	if err := flush(); err != nil {
		return err
	}
	out.Unplaced = lostDecisions(judge, lost)
	return l.tx(ctx, func(t *tx) error {
		if dirty == nil { // what is left is of accounts that are no more
			var old []string
			err := l.each(ctx, t, "SELECT id FROM incidents ORDER BY id", nil, func(r *sql.Rows) error {
				var id string
				err := r.Scan(&id)
				if !kept[id] {
					old = append(old, id)
				}
				return err
			})
			if err != nil {
				return err
			}
			w := incidentRows{adding{l: l, tx: t, ctx: ctx}}
			if err := w.drop(old); err != nil {
				return err
			}
		}
		// Reports without accounts are in no part.
		if err := l.setOpen(ctx, t, dirty, 0); err != nil {
			return err
		}
		if dirty == nil {
			if err := l.exec(ctx, t, "UPDATE sketches SET open = 0 WHERE open = 1"); err != nil {
				return err
			}
		}
		return l.setLinkingNote(ctx, t, "decided", strconv.FormatInt(last, 10))
	})
}

// bonds are people's decisions as package incident takes them.
func bonds(judge *review.Incidents) []incident.Decision {
	var out []incident.Decision
	for _, b := range judge.Bonds() {
		out = append(out, incident.Decision{A: incident.Ref(b.A), B: incident.Ref(b.B), Same: b.Same})
	}
	return out
}

// lostDecisions counts the joinings and partings of which no pair of accounts was
// found.
func lostDecisions(judge *review.Incidents, lost map[incident.Decision]bool) int64 {
	held := map[int64]bool{}
	for _, b := range judge.Bonds() {
		held[b.Seq] = held[b.Seq] || !lost[incident.Decision{A: incident.Ref(b.A), B: incident.Ref(b.B), Same: b.Same}]
	}
	n := int64(0)
	for _, ok := range held {
		if !ok {
			n++
		}
	}
	return n
}

// putPart writes a part in place of the incidents that are void by it.
func (l *Ledger) putPart(ctx context.Context, t *tx, p *incident.Part, judge *review.Incidents) error {
	s := &telling{ctx: ctx, l: l, q: t}
	void, err := s.incidentsWith(p.Accounts)
	if err != nil {
		return err
	}
	seqs := map[string]int64{}
	ids := slices.Clone(p.Reports)
	for i := range p.Incidents {
		void = append(void, p.Incidents[i].ID)
		for _, a := range p.Incidents[i].Accounts() {
			ids = append(ids, a.Report)
		}
	}
	slices.Sort(ids)
	err = s.parts(slices.Compact(ids), func(in string, args []any) error {
		return l.each(ctx, t, "SELECT id, seq FROM reports WHERE id IN "+in, args, func(r *sql.Rows) error {
			var id string
			var seq int64
			err := r.Scan(&id, &seq)
			seqs[id] = seq
			return err
		})
	})
	if err != nil {
		return err
	}
	w := incidentRows{adding{l: l, tx: t, ctx: ctx}}
	if err := w.drop(void); err != nil {
		return err
	}
	if err := w.put(p.Incidents, seqs, judge); err != nil {
		return fmt.Errorf("incidents: %w", err)
	}
	return nil
}

// setOpen notes that reports are to be grouped (1) or were (0); those that are to
// be sketched first stay so.
func (l *Ledger) setOpen(ctx context.Context, t *tx, ids []string, open int64) error {
	s := &telling{ctx: ctx, l: l, q: t}
	return s.parts(ids, func(in string, args []any) error {
		return l.exec(ctx, t, "UPDATE sketches SET open = ? WHERE open = ? AND report IN (SELECT seq FROM reports WHERE id IN "+in+")", append([]any{open, 1 - open}, args...)...)
	})
}
