package ledger

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// Report is one report of the ledger, as lists show it.
type Report struct {
	Seq        int64    `json:"seq"`
	ID         string   `json:"id"`
	Title      string   `json:"title"`       // as given; "" where there is none
	Head       string   `json:"head"`        // the title, or the beginning of the text
	Outlet     string   `json:"outlet"`      // entity id, or the key of the name where the lexicon does not know it; "" where unknown
	OutletName string   `json:"outlet_name"` // as given
	URL        string   `json:"url"`
	Author     string   `json:"author"`
	Published  string   `json:"published"` // ISO day; "" where unknown
	Guessed    []string `json:"guessed,omitempty"`
	Review     string   `json:"review"`    // "new", "in review", "done"
	Decisions  int      `json:"decisions"` // that count
	Statements int      `json:"statements"`
	Events     int      `json:"events"`

	reading int64
}

const reportColumns = "d.report, d.id, d.title, d.head, d.outlet, d.outlet_name, d.url, d.author, d.published, d.guessed, d.review, d.decisions, d.statements, d.events, d.reading"

func scanReport(r interface{ Scan(...any) error }) (Report, error) {
	var x Report
	var guessed string
	err := r.Scan(&x.Seq, &x.ID, &x.Title, &x.Head, &x.Outlet, &x.OutletName, &x.URL, &x.Author, &x.Published, &guessed, &x.Review, &x.Decisions, &x.Statements, &x.Events, &x.reading)
	x.Guessed = strings.Fields(guessed)
	return x, err
}

// NotFound says that there is no such report.
type NotFound struct {
	ID   string
	Many []string // reports whose ids all begin so
}

func (e *NotFound) Error() string {
	if len(e.Many) > 0 {
		return fmt.Sprintf("%d reports begin with %q: give more of the id (%s)", len(e.Many), e.ID, strings.Join(e.Many[:min(len(e.Many), 4)], ", "))
	}
	return fmt.Sprintf("there is no report %q in the ledger", e.ID)
}

// Report returns the report of an id or of the beginning of one, four
// characters at least, that only one report has.
func (l *Ledger) Report(ctx context.Context, id string) (*Report, error) {
	id = strings.ToLower(strings.TrimSpace(id))
	if len(id) < 4 || strings.Trim(id, "0123456789abcdef") != "" {
		return nil, &NotFound{ID: id}
	}
	var list []Report
	// Ids are hexadecimal: "g" comes after every one of them.
	err := l.each(ctx, l.read, "SELECT "+reportColumns+" FROM documents d JOIN reports r ON r.seq = d.report WHERE r.id >= ? AND r.id < ? ORDER BY r.id LIMIT 10", []any{id, id + "g"}, func(r *sql.Rows) error {
		x, err := scanReport(r)
		list = append(list, x)
		return err
	})
	if err != nil {
		return nil, l.explain(err)
	}
	switch len(list) {
	case 0:
		return nil, &NotFound{ID: id}
	case 1:
		return &list[0], nil
	}
	e := &NotFound{ID: id}
	for _, x := range list {
		if x.ID == id {
			return &x, nil
		}
		e.Many = append(e.Many, x.ID)
	}
	return nil, e
}

// Arrival is one time that a report came in.
type Arrival struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Origin string    `json:"origin"` // path and line, or address
	Kind   string    `json:"kind"`
	Media  string    `json:"media,omitempty"`
	Bytes  string    `json:"sha256,omitempty"` // of the bytes it came from; "" where they were not kept
	Size   int64     `json:"size,omitempty"`   // of these bytes
	URL    string    `json:"url,omitempty"`
	Meta   Meta      `json:"meta"`
}

// Reading is one reading of a report.
type Reading struct {
	Seq     int64     `json:"seq"`
	Hash    string    `json:"sha256"` // of the record's JSON
	Reader  string    `json:"reader"`
	Lexicon string    `json:"lexicon"` // hash
	At      time.Time `json:"at"`
	InForce bool      `json:"in_force"`
}

// Full is all that the ledger holds of one report.
type Full struct {
	Report
	Added    time.Time         `json:"added"`
	Arrivals []Arrival         `json:"arrivals"`
	Readings []Reading         `json:"readings"`           // the oldest first
	Versions []Report          `json:"versions,omitempty"` // other reports from the same address
	Reviewed *review.Reviewed  `json:"-"`
	Log      []review.Decision `json:"log,omitempty"`
	Machine  *record.Record    `json:"-"` // the reading in force, before decisions
}

// Full returns all that the ledger holds of a report.
func (l *Ledger) Full(ctx context.Context, id string) (*Full, error) {
	x, err := l.Report(ctx, id)
	if err != nil {
		return nil, err
	}
	f := &Full{Report: *x}
	if err := l.fill(ctx, f); err != nil {
		return nil, l.explain(err)
	}
	return f, nil
}

func (l *Ledger) fill(ctx context.Context, f *Full) error {
	var added int64
	if _, err := l.one(ctx, l.read, "SELECT added FROM reports WHERE seq = ?", []any{f.Seq}, &added); err != nil {
		return err
	}
	f.Added = time.UnixMilli(added).UTC()
	err := l.each(ctx, l.read, "SELECT a.seq, a.at, a.origin, a.kind, a.media, a.bytes, b.size, a.url, a.meta FROM arrivals a LEFT JOIN blobs b ON b.hash = a.bytes WHERE a.report = ? ORDER BY a.seq", []any{f.Seq}, func(r *sql.Rows) error {
		var a Arrival
		var at int64
		var sum []byte
		var size sql.NullInt64
		var meta string
		if err := r.Scan(&a.Seq, &at, &a.Origin, &a.Kind, &a.Media, &sum, &size, &a.URL, &meta); err != nil {
			return err
		}
		a.At, a.Bytes, a.Size = time.UnixMilli(at).UTC(), hex.EncodeToString(sum), size.Int64
		if err := json.Unmarshal([]byte(meta), &a.Meta); err != nil {
			return &Damage{"arrivals", a.Seq, "what came with the report is no JSON"}
		}
		f.Arrivals = append(f.Arrivals, a)
		return nil
	})
	if err != nil {
		return err
	}
	err = l.each(ctx, l.read, "SELECT seq, hash, reader, lexicon, at FROM readings WHERE report = ? ORDER BY seq", []any{f.Seq}, func(r *sql.Rows) error {
		var x Reading
		var at int64
		var sum []byte
		if err := r.Scan(&x.Seq, &sum, &x.Reader, &x.Lexicon, &at); err != nil {
			return err
		}
		x.Hash, x.At, x.InForce = hex.EncodeToString(sum), time.UnixMilli(at).UTC(), x.Seq == f.reading
		f.Readings = append(f.Readings, x)
		return nil
	})
	if err != nil {
		return err
	}
	err = l.each(ctx, l.read, "SELECT "+reportColumns+" FROM documents d WHERE d.report IN (SELECT b.report FROM arrivals a JOIN arrivals b ON b.url = a.url AND b.url <> '' WHERE a.report = ? AND a.url <> '' AND b.report <> a.report) ORDER BY d.report", []any{f.Seq}, func(r *sql.Rows) error {
		x, err := scanReport(r)
		f.Versions = append(f.Versions, x)
		return err
	})
	if err != nil {
		return err
	}
	f.Machine, _, f.Reviewed, err = l.inForce(ctx, l.read, f.Seq)
	if err != nil {
		return err
	}
	f.Log, err = l.decisionsOn(ctx, l.read, f.ID)
	return err
}

// Bytes returns the bytes that a report came from.
func (l *Ledger) Bytes(ctx context.Context, sum string) ([]byte, error) {
	h, err := hex.DecodeString(sum)
	if err != nil {
		return nil, fmt.Errorf("%q is no SHA-256", sum)
	}
	b, err := l.blob(ctx, l.read, h)
	return b, l.explain(err)
}

func (l *Ledger) blob(ctx context.Context, q querier, hash []byte) ([]byte, error) {
	var data []byte
	found, err := l.one(ctx, q, "SELECT data FROM blobs WHERE hash = ?", []any{hash}, &data)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &Damage{"blobs", 0, "the bytes " + hex.EncodeToString(hash) + " are missing"}
	}
	b, err := unpack(data)
	if err != nil {
		return nil, &Damage{"blobs", 0, fmt.Sprintf("the bytes %x cannot be unpacked: %v", hash, err)}
	}
	if sum := hashOf(b); string(sum[:]) != string(hash) {
		return nil, &Damage{"blobs", 0, fmt.Sprintf("the bytes %x are not those that were written", hash)}
	}
	return b, nil
}

// JSON returns the record of a reading as it was written.
func (l *Ledger) JSON(ctx context.Context, seq int64) ([]byte, error) {
	b, err := l.json(ctx, l.read, seq)
	return b, l.explain(err)
}

func (l *Ledger) json(ctx context.Context, q querier, seq int64) ([]byte, error) {
	var cut int64
	var hash, data, text []byte
	found, err := l.one(ctx, q, "SELECT g.cut, g.hash, g.record, b.data FROM readings g JOIN reports r ON r.seq = g.report JOIN blobs b ON b.hash = r.text WHERE g.seq = ?", []any{seq}, &cut, &hash, &data, &text)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &Damage{"readings", seq, "the reading or its text is missing"}
	}
	t, err := unpack(text)
	if err != nil {
		return nil, &Damage{"readings", seq, "the text cannot be unpacked: " + err.Error()}
	}
	b, err := whole(string(t), int(cut), data, [32]byte(hash))
	if err != nil {
		return nil, &Damage{"readings", seq, err.Error()}
	}
	return b, nil
}

// record returns the record of a reading.
func (l *Ledger) record(ctx context.Context, q querier, seq int64) (*record.Record, error) {
	b, err := l.json(ctx, q, seq)
	if err != nil {
		return nil, err
	}
	var rec record.Record
	if err := json.Unmarshal(b, &rec); err != nil {
		return nil, &Damage{"readings", seq, "the record is no JSON: " + err.Error()}
	}
	return &rec, nil
}

// inForce returns the newest reading of a report and what people made of it.
func (l *Ledger) inForce(ctx context.Context, q querier, report int64) (*record.Record, int64, *review.Reviewed, error) {
	var seq int64
	var id string
	found, err := l.one(ctx, q, "SELECT g.seq, r.id FROM readings g JOIN reports r ON r.seq = g.report WHERE g.report = ? ORDER BY g.seq DESC LIMIT 1", []any{report}, &seq, &id)
	if err != nil {
		return nil, 0, nil, err
	}
	if !found {
		return nil, 0, nil, &Damage{"readings", 0, fmt.Sprintf("report %d was never read", report)}
	}
	rec, err := l.record(ctx, q, seq)
	if err != nil {
		return nil, 0, nil, err
	}
	ds, err := l.decisionsOn(ctx, q, id)
	if err != nil {
		return nil, 0, nil, err
	}
	rev, err := reviewed(rec, ds)
	return rec, seq, rev, err
}

// reviewed lays decisions over a reading.
func reviewed(rec *record.Record, ds []review.Decision) (*review.Reviewed, error) {
	if len(ds) == 0 {
		return &review.Reviewed{Record: rec, State: stateNew}, nil
	}
	return review.Apply(rec, ds)
}

// decisionsOn returns the decisions on a report, or, where id is "", those on
// entities everywhere.
func (l *Ledger) decisionsOn(ctx context.Context, q querier, id string) ([]review.Decision, error) {
	var list []review.Decision
	err := l.each(ctx, q, "SELECT seq, line FROM decisions WHERE report = ? ORDER BY seq", []any{id}, func(r *sql.Rows) error {
		d, err := scanDecision(r)
		list = append(list, d)
		return err
	})
	return list, err
}

func scanDecision(r *sql.Rows) (review.Decision, error) {
	var seq int64
	var line string
	var d review.Decision
	if err := r.Scan(&seq, &line); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(line), &d); err != nil {
		return d, &Damage{"decisions", seq, "the line is no JSON: " + err.Error()}
	}
	return d, nil
}

// Record returns the machine's reading in force of a report and the state that
// people's decisions give it.
func (l *Ledger) Record(ctx context.Context, id string) (*record.Record, *review.Reviewed, error) {
	x, err := l.Report(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	rec, _, rev, err := l.inForce(ctx, l.read, x.Seq)
	return rec, rev, l.explain(err)
}

// Holds reports whether an article of that address came in before.
func (l *Ledger) Holds(ctx context.Context, url string) (bool, error) {
	var n int
	found, err := l.one(ctx, l.read, "SELECT 1 FROM arrivals WHERE url = ? AND url <> '' LIMIT 1", []any{url}, &n)
	return found, l.explain(err)
}
