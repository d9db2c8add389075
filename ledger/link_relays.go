package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/relay"
)

// ErrNotLinked says that links were asked for before there are any.
var ErrNotLinked = errors.New("not linked yet: run \"sanad link\"")

// Relays is what links say of one report.
type Relays struct {
	Report Report    `json:"report"`
	Linked bool      `json:"linked"` // false where it came in or changed since reports were last linked
	From   []Relayed `json:"from"`   // those it takes words from
	To     []Relayed `json:"to"`     // those that take words from it
	Common []Relayed `json:"common"` // those that share a source with it
	Origin *Origin   `json:"origin"` // nil where it stands alone
}

// Relayed is another report, and what ties it to the one that was asked for.
type Relayed struct {
	Report     Report     `json:"report"`
	Time       string     `json:"time"`   // of its publication: RFC 3339 where it is known to the minute, else the day, "" where unknown
	Direct     bool       `json:"direct"` // the step that counts; otherwise it follows from other links
	How        relay.How  `json:"how"`
	Source     string     `json:"source,omitempty"` // of a common source, where it is known: entity id or key
	Words      int        `json:"words"`            // that both have
	Share      float64    `json:"share"`            // of the words of the later report, boilerplate aside, that stand in the other
	ShareFrom  float64    `json:"share_from"`       // of the words of the other that stand in it
	Confidence float64    `json:"confidence"`       // 0 to 1, no measured probability
	Lag        *int64     `json:"lag"`              // seconds from the source to who took from it; of a common source from the first to the other; nil where a time is not known to the minute
	Why        []string   `json:"why"`
	Passages   []Together `json:"passages"`
}

// Together is a passage that two reports share, as each of them has it.
type Together struct {
	From  record.Quote `json:"from"` // in the report that words were taken from; of a common source in the one that came first
	To    record.Quote `json:"to"`
	Words int          `json:"words"` // that are equal
}

// Origin is a group of reports that rest on one origin.
type Origin struct {
	Name    string   `json:"name"` // what they go back to: a report's id, an entity or the key of a name; "" where several may be
	Reports []Report `json:"reports"`
}

// Relays returns the links of a report and its origin. Nothing is linked before
// Link was called: the error is ErrNotLinked then.
func (l *Ledger) Relays(ctx context.Context, id string) (*Relays, error) {
	x, err := l.Report(ctx, id)
	if err != nil {
		return nil, err
	}
	q, done, err := l.snapshot(ctx)
	if err != nil {
		return nil, l.explain(err)
	}
	defer done()
	out := &Relays{Report: *x, From: []Relayed{}, To: []Relayed{}, Common: []Relayed{}}
	var n int
	if out.Linked, err = l.one(ctx, q, "SELECT 1 FROM linked WHERE report = ? AND state = 2", []any{x.Seq}, &n); err != nil {
		return nil, l.explain(err)
	}
	if !out.Linked {
		if some, err := l.one(ctx, q, "SELECT 1 FROM linked LIMIT 1", nil, &n); err != nil || !some {
			if err == nil {
				err = ErrNotLinked
			}
			return nil, l.explain(err)
		}
	}
	if err := l.relaysOf(ctx, q, out); err != nil {
		return nil, l.explain(err)
	}
	out.Origin, err = l.originOf(ctx, q, x.Seq)
	return out, l.explain(err)
}

func (l *Ledger) relaysOf(ctx context.Context, q querier, out *Relays) error {
	type found struct {
		Relayed
		a, b   int64
		common bool
		data   string
	}
	var list []found
	me := out.Report.Seq
	err := l.each(ctx, q, "SELECT a, b, common, direct, how, source, words, share, share_a, confidence, lag, data FROM links WHERE a = ? OR b = ?", []any{me, me}, func(r *sql.Rows) error {
		var f found
		var lag sql.NullInt64
		err := r.Scan(&f.a, &f.b, &f.common, &f.Direct, &f.How, &f.Source, &f.Words, &f.Share, &f.ShareFrom, &f.Confidence, &lag, &f.data)
		if lag.Valid {
			f.Lag = &lag.Int64
		}
		list = append(list, f)
		return err
	})
	if err != nil || len(list) == 0 {
		return err
	}
	own, err := l.textOf(ctx, q, me)
	if err != nil {
		return err
	}
	order := map[string]turn{}
	for i := range list {
		f := &list[i]
		other := f.a
		if other == me {
			other = f.b
		}
		var d linkData
		if err := json.Unmarshal([]byte(f.data), &d); err != nil {
			return &Damage{"links", 0, "the reasons of a link are no JSON; \"sanad link --all\" makes all anew"}
		}
		if f.Report, f.Time, order[out.Report.ID], err = l.published(ctx, q, other); err != nil {
			return err
		}
		order[f.Report.ID] = order[out.Report.ID]
		text, err := l.textOf(ctx, q, other)
		if err != nil {
			return err
		}
		from, to := text, own
		if f.a == me {
			from, to = own, text
		}
		f.Why, f.Passages = d.Why, []Together{}
		for _, p := range d.Passages {
			a, okA := quoteOf(from, p[0], p[1])
			b, okB := quoteOf(to, p[2], p[3])
			if !okA || !okB {
				return &Damage{"links", 0, "a link speaks of a passage that its reports do not have; \"sanad link --all\" makes all anew"}
			}
			f.Passages = append(f.Passages, Together{a, b, p[4]})
		}
		switch {
		case f.common:
			out.Common = append(out.Common, f.Relayed)
		case f.b == me:
			out.From = append(out.From, f.Relayed)
		default:
			out.To = append(out.To, f.Relayed)
		}
	}
	for _, list := range [...][]Relayed{out.From, out.To, out.Common} { // the steps that count first, then in the order of time
		slices.SortFunc(list, func(x, y Relayed) int {
			p, q := order[x.Report.ID], order[y.Report.ID]
			return cmp.Or(cmp.Compare(b2i(y.Direct), b2i(x.Direct)), cmp.Compare(p.day, q.day), cmp.Compare(x.Time, y.Time), cmp.Compare(p.report, q.report))
		})
	}
	return nil
}

// published returns a report, its time as it is known, and its place in the order of days.
func (l *Ledger) published(ctx context.Context, q querier, report int64) (x Report, at string, order turn, err error) {
	err = l.each(ctx, q, "SELECT "+reportColumns+" FROM documents d WHERE d.report = ?", []any{report}, func(r *sql.Rows) error {
		var err error
		x, err = scanReport(r)
		return err
	})
	if err == nil && x.ID == "" {
		err = &Damage{"links", 0, "a link speaks of a report that is not there; \"sanad link --all\" makes all anew"}
	}
	if err != nil {
		return x, "", order, err
	}
	order.report = report
	var first, last sql.NullInt64
	if _, err := l.one(ctx, q, "SELECT day, first, last FROM linked WHERE report = ?", []any{report}, &order.day, &first, &last); err != nil {
		return x, "", order, err
	}
	at = x.Published
	if first.Valid && last.Valid {
		m := relay.Moment{From: time.Unix(first.Int64, 0).UTC(), To: time.Unix(last.Int64, 0).UTC()}
		if m.Exact() {
			at = m.From.Format(time.RFC3339)
		}
	}
	return x, at, order, nil
}

// textOf is the text of a report, title and all.
func (l *Ledger) textOf(ctx context.Context, q querier, report int64) (string, error) {
	var hash []byte
	found, err := l.one(ctx, q, "SELECT text FROM reports WHERE seq = ?", []any{report}, &hash)
	if err != nil {
		return "", err
	}
	if !found {
		return "", &Damage{"links", 0, "a link speaks of a report that is not there; \"sanad link --all\" makes all anew"}
	}
	b, err := l.blob(ctx, q, hash)
	return string(b), err
}

// quoteOf is the part of a text between two bytes, with its place in code points.
func quoteOf(text string, start, end int) (record.Quote, bool) {
	if start < 0 || end < start || end > len(text) {
		return record.Quote{}, false
	}
	n := utf8.RuneCountInString(text[:start])
	s := text[start:end]
	return record.Quote{Start: n, End: n + utf8.RuneCountInString(s), Text: s}, true
}

// originOf returns the group of a report.
func (l *Ledger) originOf(ctx context.Context, q querier, report int64) (*Origin, error) {
	var group int64
	var o Origin
	found, err := l.one(ctx, q, "SELECT origin, name FROM origins WHERE report = ?", []any{report}, &group, &o.Name)
	if err != nil || !found {
		return nil, err
	}
	err = l.each(ctx, q, "SELECT "+reportColumns+" FROM origins g JOIN documents d ON d.report = g.report LEFT JOIN linked k ON k.report = g.report WHERE g.origin = ? ORDER BY coalesce(k.day, d.day), k.first, d.report", []any{group}, func(r *sql.Rows) error {
		x, err := scanReport(r)
		o.Reports = append(o.Reports, x)
		return err
	})
	return &o, err
}
