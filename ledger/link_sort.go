package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/sanad-project/sanad/relay"
)

// sorting is how many reports are sorted in one transaction, and what hangs
// together with them.
const sorting = 500

// sortSteps finds which links are the steps that count and which reports rest
// on one origin, wherever links came or went: of all reports that hang together by links.
func (l *Ledger) sortSteps(ctx context.Context, opt *LinkOptions) error {
	var of, left int64
	for {
		if _, err := l.one(ctx, l.read, "SELECT count(*) FROM linked WHERE state = 1", nil, &left); err != nil || left == 0 {
			return err
		}
		if of = max(of, left); left < of {
			opt.progress("sorting", of-left, of)
		}
		err := l.tx(ctx, func(t *tx) error {
			var seeds []int64
			err := l.each(ctx, t, "SELECT report FROM linked WHERE state = 1 ORDER BY report LIMIT ?", []any{sorting}, func(r *sql.Rows) error {
				var n int64
				err := r.Scan(&n)
				seeds = append(seeds, n)
				return err
			})
			if err != nil {
				return err
			}
			return l.sortRound(ctx, t, seeds)
		})
		if err != nil {
			return err
		}
		if left <= sorting {
			opt.progress("sorting", of, of)
		}
	}
}

// storedLink is a link without its reasons.
type storedLink struct {
	relay.Link
	a, b   int64
	direct bool
}

// sortRound sorts the links of all reports that hang together with these.
func (l *Ledger) sortRound(ctx context.Context, t *tx, seeds []int64) error {
	list, links, err := l.component(ctx, t, seeds)
	if err != nil {
		return err
	}
	docs, seqs, err := l.lightDocs(ctx, t, list)
	if err != nil {
		return err
	}
	links = slices.DeleteFunc(links, func(k storedLink) bool { // of a report that is not there: damage, which the check names
		_, a := seqs[k.a]
		_, b := seqs[k.b]
		return !a || !b
	})
	all := make([]relay.Link, len(links))
	for i := range links {
		links[i].From, links[i].To = docs[seqs[links[i].a]].ID, docs[seqs[links[i].b]].ID
		all[i] = links[i].Link
	}
	direct := relay.Direct(all, docs)
	counts := map[[2]string]bool{}
	for _, k := range direct {
		counts[[2]string{k.From, k.To}] = true
	}
	for i := range links {
		if k := &links[i]; k.direct != counts[[2]string{k.From, k.To}] {
			if err := t.put(ctx, "UPDATE links SET direct = ? WHERE a = ? AND b = ?", b2i(!k.direct), k.a, k.b); err != nil {
				return err
			}
		}
	}
	return l.putOrigins(ctx, t, list, seqs, docs, relay.Origins(direct, docs, 0))
}

// component returns the reports that hang together with the seeds, and the
// links among them.
func (l *Ledger) component(ctx context.Context, t *tx, seeds []int64) ([]int64, []storedLink, error) {
	seen := make(map[int64]bool, len(seeds))
	for _, n := range seeds {
		seen[n] = true
	}
	list := slices.Clone(seeds)
	var links []storedLink
	have := map[[2]int64]bool{}
	const part = 200
	for done := 0; done < len(list); { // the list grows meanwhile
		front := list[done:min(done+part, len(list))]
		done += len(front)
		args := make([]any, len(front))
		for j, n := range front {
			args[j] = n
		}
		for _, end := range [...]string{"a", "b"} {
			err := l.each(ctx, t, "SELECT a, b, common, direct, how, source, words, share_a, step, spelling, alike, confidence FROM links WHERE "+end+" IN ("+marks(len(front))+")", args, func(r *sql.Rows) error {
				var k storedLink
				if err := r.Scan(&k.a, &k.b, &k.Common, &k.direct, &k.How, &k.Source, &k.Words, &k.ShareFrom, &k.Step, &k.Spelling, &k.Alike, &k.Confidence); err != nil {
					return err
				}
				if id := [2]int64{k.a, k.b}; !have[id] {
					have[id] = true
					links = append(links, k)
				}
				for _, n := range [...]int64{k.a, k.b} {
					if !seen[n] {
						seen[n] = true
						list = append(list, n)
					}
				}
				return nil
			})
			if err != nil {
				return nil, nil, err
			}
		}
	}
	slices.SortFunc(links, func(x, y storedLink) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return list, links, nil
}

// lightDocs returns what is known of reports without their texts, those first
// that were published first, and the place of each in the list.
func (l *Ledger) lightDocs(ctx context.Context, t *tx, list []int64) ([]relay.Doc, map[int64]int, error) {
	type light struct {
		relay.Doc
		turn
	}
	docs := make([]light, 0, len(list))
	for part := range slices.Chunk(list, 400) {
		args := make([]any, len(part))
		for i, n := range part {
			args[i] = n
		}
		// A report that is to be signed anew is sorted again when that is done.
		err := l.each(ctx, t, "SELECT r.seq, r.id, coalesce(k.outlet, ''), coalesce(k.day, 0), k.first, k.last FROM reports r LEFT JOIN linked k ON k.report = r.seq WHERE r.seq IN ("+marks(len(part))+")", args, func(r *sql.Rows) error {
			var d light
			var first, last sql.NullInt64
			err := r.Scan(&d.report, &d.ID, &d.Outlet, &d.day, &first, &last)
			d.Added = cameIn(d.report)
			if first.Valid && last.Valid {
				d.Published = relay.Moment{From: time.Unix(first.Int64, 0).UTC(), To: time.Unix(last.Int64, 0).UTC()}
			}
			docs = append(docs, d)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(docs, func(x, y light) int {
		return cmp.Or(cmp.Compare(x.day, y.day), x.Published.From.Compare(y.Published.From), cmp.Compare(x.report, y.report))
	})
	out := make([]relay.Doc, len(docs))
	at := make(map[int64]int, len(docs))
	for i := range docs {
		out[i], at[docs[i].report] = docs[i].Doc, i
	}
	return out, at, nil
}

// putOrigins writes which reports rest on one origin where that changed.
func (l *Ledger) putOrigins(ctx context.Context, t *tx, list []int64, seqs map[int64]int, docs []relay.Doc, groups []relay.Group) error {
	seq := make(map[string]int64, len(seqs))
	for n, i := range seqs {
		seq[docs[i].ID] = n
	}
	type origin struct {
		report int64
		name   string
	}
	want := map[int64]origin{}
	for _, g := range groups {
		if len(g.Reports) < 2 {
			continue
		}
		for _, id := range g.Reports {
			want[seq[id]] = origin{seq[g.Reports[0]], clip(storable(g.Origin))}
		}
	}
	have := map[int64]origin{}
	for part := range slices.Chunk(list, 400) {
		args := make([]any, len(part))
		for i, n := range part {
			args[i] = n
		}
		err := l.each(ctx, t, "SELECT report, origin, name FROM origins WHERE report IN ("+marks(len(part))+")", args, func(r *sql.Rows) error {
			var n int64
			var o origin
			err := r.Scan(&n, &o.report, &o.name)
			have[n] = o
			return err
		})
		if err != nil {
			return err
		}
	}
	when, err := l.tick(ctx, t)
	if err != nil {
		return err
	}
	for _, n := range list {
		if want[n] != have[n] {
			if err := t.put(ctx, "DELETE FROM origins WHERE report = ?", n); err != nil {
				return err
			}
			if o, ok := want[n]; ok {
				if err := t.put(ctx, "INSERT INTO origins (report, origin, name) VALUES (?, ?, ?)", n, o.report, o.name); err != nil {
					return err
				}
			}
			if err := t.put(ctx, "UPDATE linked SET changed = ? WHERE report = ?", when, n); err != nil {
				return err
			}
		}
		if err := t.put(ctx, "UPDATE linked SET state = 2 WHERE report = ? AND state = 1", n); err != nil {
			return err
		}
	}
	return nil
}
