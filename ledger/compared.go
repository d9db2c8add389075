package ledger

import (
	"context"
	"database/sql"
	"encoding/hex"
	"slices"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// comparedForm is the form of a ledger from which on it has the table compared.
const comparedForm = 7

// comparing is the statement that derives the table compared from decisions: of
// one report, or of all where of is "<> ”". It is the only one that does, but
// for the step that made the table. Who decided stands in the line alone; the
// first "author" of a line is that of the decision, since review.Decision writes
// it before all that people give.
func (l *Ledger) comparing(of string) string {
	author := `CASE WHEN json_valid(line) THEN coalesce(json_extract(line, '$.author'), '') ELSE '' END`
	if l.kind == postgres {
		author = `coalesce(substring(line from '"author":"(([^"\\]|\\.)*)"'), '')`
	}
	return "SELECT report, max(seq) AS last FROM (SELECT seq, report, " + author + " AS author FROM decisions WHERE report " + of + ") d GROUP BY report HAVING min(author) <> max(author)"
}

// noteCompared notes after a decision whether two people decided on its report.
func (l *Ledger) noteCompared(ctx context.Context, t *tx, report string) error {
	if report == "" {
		return nil
	}
	return t.put(ctx, "INSERT INTO compared (report, last) SELECT report, last FROM ("+l.comparing("= ?")+") c WHERE true ON CONFLICT (report) DO UPDATE SET last = excluded.last", report)
}

// compareAll makes the table anew, where the ledger's form has it.
func (l *Ledger) compareAll(ctx context.Context, t *tx) error {
	have, err := l.form(ctx, t)
	if err != nil || have < comparedForm {
		return err
	}
	if err := l.exec(ctx, t, "DELETE FROM compared"); err != nil {
		return err
	}
	return l.exec(ctx, t, "INSERT INTO compared (report, last) "+l.comparing("<> ''"))
}

// compared compares the table with one derived anew from the log, which is
// checked before. What it finds is mended by "sanad rebuild".
func (c *checker) compared() error {
	if c.n.Damages > 0 { // it may follow from that
		return nil
	}
	want := c.l.comparing("<> ''")
	const have = "SELECT report, last FROM compared"
	for _, x := range [...]struct{ query, say string }{
		{want + " EXCEPT " + have, "report %s is missing, or has another last decision"},
		{have + " EXCEPT " + want, "report %s has no decisions of two people, or another last one"},
	} {
		err := c.l.each(c.ctx, c.q, "SELECT report FROM ("+x.query+") x ORDER BY report", nil, func(r *sql.Rows) error {
			var report string
			err := r.Scan(&report)
			if err == nil {
				c.say("compared", 0, x.say, report)
			}
			return err
		})
		if err != nil {
			return c.unread("compared", err)
		}
		if c.n.Damages > 0 {
			return nil
		}
	}
	return nil
}

// Compared is a report on which two people or more decided.
type Compared struct {
	Report
	Last int64 // number of the last decision on it
}

// Compared lists the reports on which two people or more decided, remarks and
// what was taken back included, the one decided on last first; those whose last
// decision comes before the number before, where that is not 0.
func (l *Ledger) Compared(ctx context.Context, before int64, limit int) ([]Compared, error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	var list []Compared
	err := l.each(ctx, l.read, "SELECT c.last, "+reportColumns+" FROM (SELECT report, last FROM compared WHERE last < ? ORDER BY last DESC LIMIT ?) c JOIN reports r ON r.id = c.report JOIN documents d ON d.report = r.seq ORDER BY c.last DESC", []any{before, limit}, func(r *sql.Rows) error {
		var x Compared
		var err error
		x.Report, err = scanReport(also{r, &x.Last})
		list = append(list, x)
		return err
	})
	return slices.Clip(list), l.explain(err)
}

// also scans a column before those of a report.
type also struct {
	rows  *sql.Rows
	first any
}

func (a also) Scan(into ...any) error { return a.rows.Scan(append([]any{a.first}, into...)...) }

// Decided is what comparing people needs of a report.
type Decided struct {
	ID      string
	Reading string            // hash of the machine's reading in force
	Machine *record.Record    // that reading
	Log     []review.Decision // on the report, the oldest first
}

// Decided returns what comparing people needs of a report, by its whole id.
func (l *Ledger) Decided(ctx context.Context, id string) (*Decided, error) {
	x := &Decided{ID: id}
	var seq int64
	var sum []byte
	found, err := l.one(ctx, l.read, "SELECT g.seq, g.hash FROM reports r JOIN readings g ON g.report = r.seq WHERE r.id = ? ORDER BY g.seq DESC LIMIT 1", []any{id}, &seq, &sum)
	if err == nil && !found {
		return nil, &NotFound{ID: id}
	}
	if err == nil {
		x.Reading = hex.EncodeToString(sum)
		x.Machine, err = l.record(ctx, l.read, seq)
	}
	if err == nil {
		x.Log, err = l.decisionsOn(ctx, l.read, id)
	}
	return x, l.explain(err)
}
