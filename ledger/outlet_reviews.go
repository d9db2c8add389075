package ledger

import (
	"context"
	"database/sql"
	"slices"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// Verdicts are what reviewers made of claims: statements and events that
// somebody judged as a whole. What nobody judged is not in them, so that a share
// of them is one "of so many reviewed".
type Verdicts struct {
	Accepted  int `json:"accepted"`
	Corrected int `json:"corrected"`
	Rejected  int `json:"rejected"` // the text has no such finding: it says that the machine misread, not that the outlet did
	Added     int `json:"added"`    // that the machine had missed
}

// Reviewed is how many of them the machine had read.
func (v Verdicts) Reviewed() int { return v.Accepted + v.Corrected + v.Rejected }

func (v *Verdicts) put(x string, n int) {
	switch review.Verdict(x) {
	case review.Accepted:
		v.Accepted += n
	case review.Corrected:
		v.Corrected += n
	case review.Rejected:
		v.Rejected += n
	case review.Added:
		v.Added += n
	}
}

// OutletReviews is how reviewers judged what an outlet says.
type OutletReviews struct {
	Own           Verdicts `json:"own"`            // of the claims in its reports
	OwnReports    int      `json:"own_reports"`    // its reports under review or done that were looked at: the newest
	OwnMore       bool     `json:"own_more"`       // there are others, which were not
	Origin        Verdicts `json:"origin"`         // of the claims in others' reports that go back to it
	OriginReports int      `json:"origin_reports"` // likewise of others that name it as a source
	OriginMore    bool     `json:"origin_more"`
}

// reviewsSought is how many reviewed reports of an outlet are looked at.
const reviewsSought = 200

// OutletReviews returns how reviewers judged the claims of an outlet, which
// goes by these ids or keys.
func (l *Ledger) OutletReviews(ctx context.Context, outlet []string) (*OutletReviews, error) {
	x, err := l.outletReviews(ctx, outlet)
	return x, l.explain(err)
}

func (l *Ledger) outletReviews(ctx context.Context, outlet []string) (*OutletReviews, error) {
	var out OutletReviews
	reviewed := []string{stateOpen, stateDone}
	in, more, err := l.chosen(ctx, Filter{Outlet: outlet, Review: reviewed}, reviewsSought)
	if err != nil {
		return nil, err
	}
	out.OwnReports, out.OwnMore = len(in), more
	if err := l.verdicts(ctx, in, nil, &out.Own); err != nil {
		return nil, err
	}
	var cited []sight
	for _, f := range [...]Filter{{Via: outlet, Review: reviewed}, {Speaker: outlet, Review: reviewed}} {
		list, more, err := l.chosen(ctx, f, reviewsSought)
		if err != nil {
			return nil, err
		}
		out.OriginMore = out.OriginMore || more
		for _, s := range list {
			if !slices.Contains(cited, s) && !slices.Contains(in, s) {
				cited = append(cited, s)
			}
		}
	}
	slices.SortFunc(cited, newest)
	// Its own reports that are not among the newest name it too.
	own := map[int64]bool{}
	for part := range slices.Chunk(cited, 300) {
		args := make([]any, 0, len(part)+len(outlet))
		for _, s := range part {
			args = append(args, s.report)
		}
		for _, o := range outlet {
			args = append(args, o)
		}
		err := l.each(ctx, l.read, "SELECT report FROM documents WHERE report IN ("+marks(len(part))+") AND outlet IN ("+marks(len(outlet))+")", args, func(r *sql.Rows) error {
			var n int64
			err := r.Scan(&n)
			own[n] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	cited = slices.DeleteFunc(cited, func(s sight) bool { return own[s.report] })
	out.OriginReports = len(cited)
	return &out, l.verdicts(ctx, cited, outlet, &out.Origin)
}

// verdicts counts those of reports; with of, those of the claims alone that go
// back to one of them: statements that it makes or that came through it, and the events in
// these.
func (l *Ledger) verdicts(ctx context.Context, in []sight, of []string, v *Verdicts) error {
	var names []any
	for _, o := range of {
		names = append(names, o)
	}
	from := "" // what the statement s has to be
	if of != nil {
		m := marks(len(of))
		from = " AND (s.speaker IN (" + m + ") OR EXISTS (SELECT 1 FROM chain c WHERE c.report = s.report AND c.statement = s.n AND c.entity IN (" + m + ")))"
		names = append(names, names...)
	}
	for part := range slices.Chunk(in, 300) {
		args, ids := make([]any, len(part)), make([]any, len(part))
		by := map[string]int64{}
		for i, s := range part {
			args[i], ids[i], by[s.id] = s.report, s.id, s.report
		}
		join := ""
		if of != nil {
			join = " JOIN statements s ON s.report = e.report AND s.n = e.said_by"
		}
		for _, query := range [...]string{
			"SELECT s.review, count(*) FROM statements s WHERE s.report IN (" + marks(len(part)) + ") AND s.review <> ''" + from + " GROUP BY s.review",
			"SELECT e.review, count(*) FROM events e" + join + " WHERE e.report IN (" + marks(len(part)) + ") AND e.review <> ''" + from + " GROUP BY e.review",
		} {
			err := l.each(ctx, l.read, query, append(slices.Clone(args), names...), func(r *sql.Rows) error {
				var verdict string
				var n int
				err := r.Scan(&verdict, &n)
				v.put(verdict, n)
				return err
			})
			if err != nil {
				return err
			}
		}
		// What was rejected has no row: it is counted in the reports on which
		// somebody rejected anything.
		var rejected []int64
		err := l.each(ctx, l.read, `SELECT DISTINCT report FROM decisions WHERE report IN (`+marks(len(part))+`) AND line LIKE '%"action":"reject"%' ORDER BY report`, ids, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			rejected = append(rejected, by[id])
			return err
		})
		if err != nil {
			return err
		}
		for _, report := range rejected {
			rec, _, rev, err := l.inForce(ctx, l.read, report)
			if err != nil {
				return err
			}
			for i := range rev.Findings {
				if f := &rev.Findings[i]; f.Verdict == review.Rejected && f.Why == "" && (of == nil && (f.Target.Kind == review.Statement || f.Target.Kind == review.Event) || of != nil && goesBack(rec, f.Target, of)) {
					v.Rejected++
				}
			}
		}
	}
	return nil
}

// goesBack reports whether a statement, or the one that an event stands in,
// is by one of the outlets or came through it.
func goesBack(rec *record.Record, t review.Target, of []string) bool {
	id := t.ID
	switch t.Kind {
	case review.Event:
		id = ""
		for i := range rec.Events {
			if e := &rec.Events[i]; e.ID == t.ID && e.SaidBy != nil {
				id = *e.SaidBy
			}
		}
	case review.Statement:
	default:
		return false
	}
	for i := range rec.Statements {
		s := &rec.Statements[i]
		if s.ID != id {
			continue
		}
		if s.Speaker != nil && slices.Contains(of, *s.Speaker) {
			return true
		}
		for _, v := range s.Via {
			if slices.Contains(of, v.Entity) {
				return true
			}
		}
	}
	return false
}

// OutletNamed returns the name that the newest report of an outlet gives it,
// and how many reports it has, counted up to ActorMost + 1.
func (l *Ledger) OutletNamed(ctx context.Context, id string) (name string, reports int64, err error) {
	facet := facetOf("outlet", id)
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM (SELECT 1 FROM facets WHERE facet = ? LIMIT ?) p", []any{facet, ActorMost + 1}, &reports); err != nil {
		return "", 0, l.explain(err)
	}
	_, err = l.one(ctx, l.read, "SELECT d.outlet_name FROM facets f JOIN documents d ON d.report = f.report WHERE f.facet = ? ORDER BY f.day DESC, f.report DESC LIMIT 1", []any{facet}, &name)
	return name, reports, l.explain(err)
}
