package ledger

import (
	"context"
	"database/sql"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/relay"
)

// Linker is what linking reports rests on. It may be used by many goroutines.
type Linker struct {
	Relay    *relay.Reader
	Incident *incident.Reader

	rules string // of relays: what was signed by others is signed anew
	reach int    // how many reports before a report it is compared with, at the most
	small int    // so few reports are all linked anew when some come in
}

// A report is compared with the reports before it in the order of their days
// of publication, those of one day in the order in which they came; with so
// many of them at the most. Twice as many signatures are in memory, with their index
// at 3 to 8 kB each, so up to 260 MB. Relays follow within days: of fifty outlets that print
// forty reports a day each these are eight days.
const reach = 16384

// small is how many reports are linked anew within some seconds. What is
// boilerplate and how rare a word is, is learnt from the reports: a pair that was judged
// when there were ten of them is judged better when there are a hundred.
const small = 500

// NewLinker makes the linker of a lexicon.
func NewLinker(lex *lexicon.Lexicon) *Linker {
	r := relay.New(lex)
	return &Linker{Relay: r, Incident: incident.New(lex), rules: r.Version() + " " + lex.Hash(), reach: reach, small: small}
}

// LinkOptions say how reports are linked.
type LinkOptions struct {
	All bool // link all reports anew, not only those that came or changed since the last time

	// Progress, where it is not nil, is told how far a step of linking is. It is
	// called by one goroutine at a time.
	Progress func(what string, done, of int64)
}

func (o *LinkOptions) progress(what string, done, of int64) {
	if o.Progress != nil {
		o.Progress(what, done, of)
	}
}

// Linked counts what Link did, and what there is now.
type Linked struct {
	Signed  int64            // reports that came or changed since the last time
	Pairs   int64            // pairs of reports that were compared
	Anew    bool             // all reports were compared anew
	Reports int64            // that are linked now
	Links   map[string]int64 // steps that count by relay.How; those of a common source under "common"
	Origins int64            // groups of two reports or more that rest on one origin

	Incidents int64 // in the ledger
	Regrouped int64 // incidents that were made or made anew
	Unplaced  int64 // decisions of people whose words were found no more
}

// Link finds who takes words from whom and which reports tell of one thing, for
// all reports that came in or changed since the last time. It writes in many
// transactions; where it is stopped or killed the next call goes on, and
// other processes may add, decide and link meanwhile.
//
// As long as reports are few, all of them are compared anew now and then, as with opt.All: when
// there are no more than some hundred, and when their number has grown by half.
func (l *Ledger) Link(ctx context.Context, lk *Linker, opt LinkOptions) (Linked, error) {
	var out Linked
	steps := []func() error{
		func() error { return l.linkRules(ctx, lk, opt.All) },
		func() error { return l.sign(ctx, lk, &opt, &out) },
		func() error { return l.linkAnew(ctx, lk, opt.All, &out) },
		func() error { return l.compare(ctx, lk, &opt, &out) },
		func() error { return l.sortSteps(ctx, &opt) },
		func() error { return l.linkChanged(ctx, lk, opt, &out) },
		func() error { return l.countLinks(ctx, &out) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			if ctx.Err() != nil {
				err = context.Cause(ctx)
			}
			return out, l.explain(err)
		}
	}
	return out, nil
}

// relayTables are the tables of relays, emptied when all is derived anew.
var relayTables = []string{"signatures", "linked", "links", "origins", "link_notes"}

// unlink makes a report, whose reading or decisions changed, one to be linked
// anew. Its links stay until then: they rest on its text, which is the same.
func (a *adding) unlink(report int64) error {
	for _, table := range []string{"signatures", "linked"} {
		if err := a.put("DELETE FROM "+table+" WHERE report = ?", report); err != nil {
			return err
		}
	}
	return a.unsketch(report)
}

// emptyLinks takes away all that linking made: reports are to be linked anew.
// A ledger of a form below five has no such tables.
func (l *Ledger) emptyLinks(ctx context.Context, t *tx) error {
	have, err := l.form(ctx, t)
	if err != nil || have < 5 {
		return err
	}
	for _, table := range slices.Concat(relayTables, incidentTables) {
		if err := l.exec(ctx, t, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	return nil
}

// The states of linked.state.
const (
	toCompare = 0
	compared  = 1 // the steps round it are to be sorted
	settled   = 2
)

// note returns what linking remembers under a name, "" where it is nothing.
func (l *Ledger) note(ctx context.Context, q querier, what string) (value string, err error) {
	_, err = l.one(ctx, q, "SELECT value FROM link_notes WHERE what = ?", []any{what}, &value)
	return value, err
}

func setNote(ctx context.Context, t *tx, what, value string) error {
	return t.put(ctx, "INSERT INTO link_notes (what, value) VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET value = excluded.value", what, value)
}

// tick gives a number that is greater than all it gave before.
func (l *Ledger) tick(ctx context.Context, t *tx) (int64, error) {
	s, err := l.note(ctx, t, "tick")
	if err != nil {
		return 0, err
	}
	n, _ := strconv.ParseInt(s, 10, 64)
	return n + 1, setNote(ctx, t, "tick", strconv.FormatInt(n+1, 10))
}

// linkRules takes all signatures and links away where they were made by other rules, or
// all is to be made anew.
func (l *Ledger) linkRules(ctx context.Context, lk *Linker, all bool) error {
	have, err := l.note(ctx, l.read, "rules")
	if err != nil || have == lk.rules && !all {
		return err
	}
	return l.tx(ctx, func(t *tx) error {
		have, err := l.note(ctx, t, "rules")
		if err != nil || have == lk.rules && !all {
			return err
		}
		for _, table := range []string{"signatures", "linked", "links", "origins"} {
			if err := l.exec(ctx, t, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		if err := setNote(ctx, t, "anew", "0"); err != nil {
			return err
		}
		return setNote(ctx, t, "rules", lk.rules)
	})
}

// linkAnew lets all reports be compared anew where there is reason to.
func (l *Ledger) linkAnew(ctx context.Context, lk *Linker, all bool, out *Linked) error {
	return l.tx(ctx, func(t *tx) error {
		var n, some int64
		if _, err := l.one(ctx, t, "SELECT count(*) FROM linked", nil, &n); err != nil {
			return err
		}
		found, err := l.one(ctx, t, "SELECT 1 FROM linked WHERE state = 0 LIMIT 1", nil, &some)
		if err != nil || !found {
			return err
		}
		note, err := l.note(ctx, t, "anew")
		if err != nil {
			return err
		}
		last, _ := strconv.ParseInt(note, 10, 64)
		if last > 0 && n > int64(lk.small) && (2*n < 3*last || last >= int64(2*lk.reach)) {
			return nil
		}
		out.Anew = true
		if err := setNote(ctx, t, "anew", strconv.FormatInt(n, 10)); err != nil {
			return err
		}
		if last == 0 && all {
			return nil // nothing was compared yet
		}
		if err := l.exec(ctx, t, "DELETE FROM links"); err != nil {
			return err
		}
		return l.exec(ctx, t, "UPDATE linked SET state = 0 WHERE state <> 0")
	})
}

// linkChanged has incidents grouped where the origin of a report changed.
func (l *Ledger) linkChanged(ctx context.Context, lk *Linker, opt LinkOptions, out *Linked) error {
	type change struct{ report, when int64 }
	var changes []change
	reports := []int64{}
	err := l.each(ctx, l.read, "SELECT report, changed FROM linked WHERE changed > 0 ORDER BY report", nil, func(r *sql.Rows) error {
		var c change
		err := r.Scan(&c.report, &c.when)
		changes, reports = append(changes, c), append(reports, c.report)
		return err
	})
	if err != nil {
		return err
	}
	if opt.All {
		reports = nil
	}
	if err := l.linkIncidents(ctx, lk, reports, opt, out); err != nil {
		return err
	}
	for part := range slices.Chunk(changes, 2000) {
		err := l.tx(ctx, func(t *tx) error {
			for _, c := range part { // what changed meanwhile stays
				if err := t.put(ctx, "UPDATE linked SET changed = 0 WHERE report = ? AND changed = ?", c.report, c.when); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) countLinks(ctx context.Context, out *Linked) error {
	out.Links = map[string]int64{}
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM linked", nil, &out.Reports); err != nil {
		return err
	}
	if _, err := l.one(ctx, l.read, "SELECT count(DISTINCT origin) FROM origins", nil, &out.Origins); err != nil {
		return err
	}
	return l.each(ctx, l.read, "SELECT CASE WHEN common = 1 THEN 'common' ELSE how END AS kind, count(*) FROM links WHERE direct = 1 GROUP BY kind", nil, func(r *sql.Rows) error {
		var how string
		var n int64
		err := r.Scan(&how, &n)
		out.Links[how] = n
		return err
	})
}

// together calls f with 0 to n-1 on all processors, until one call fails or ctx ends.
func together(ctx context.Context, n int, f func(i int) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, min(n, runtime.GOMAXPROCS(0)))
	var failed atomic.Bool
	for w := range errs {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && !failed.Load(); i = next.Add(1) - 1 {
				if errs[w] = ctx.Err(); errs[w] == nil {
					errs[w] = f(int(i))
				}
				if errs[w] != nil {
					failed.Store(true)
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
