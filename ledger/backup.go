package ledger

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// Backup says what a backup holds.
type Backup struct {
	Form      int       `json:"form"` // of the ledger that it was made of
	At        time.Time `json:"at"`   // when
	Blobs     int64     `json:"blobs"`
	Reports   int64     `json:"reports"`
	Arrivals  int64     `json:"arrivals"`
	Readings  int64     `json:"readings"`
	Decisions int64     `json:"decisions"`
	Views     int64     `json:"event_views,omitempty"` // queries that people keep; a backup from before there were any has none
}

func (b *Backup) rows() int64 {
	return b.Blobs + b.Reports + b.Arrivals + b.Readings + b.Decisions + b.Views
}

// backupFormat names the format of a backup: JSON Lines, compressed with
// Zstandard. The first line is a backupHead, then comes a line for each row of
// blobs, reports, arrivals, readings, decisions and event_views, in this order, each an
// object with one name, that of the table; the last line is a backupEnd. A
// backup of either kind of database can be restored into the other. Derived
// tables are not in it: restoring makes them anew.
const backupFormat = "sanad.backup/1"

type backupHead struct {
	Format string `json:"format"`
	Backup
}

type backupEnd struct {
	SHA256 string `json:"sha256"` // of all lines before, newlines included
}

// backupLine is one line after the first.
type backupLine struct {
	Blob     *blobRow     `json:"blobs,omitempty"`
	Report   *reportRow   `json:"reports,omitempty"`
	Arrival  *arrivalRow  `json:"arrivals,omitempty"`
	Reading  *readingRow  `json:"readings,omitempty"`
	Decision *decisionRow `json:"decisions,omitempty"`
	View     *viewRow     `json:"event_views,omitempty"`
	End      *backupEnd   `json:"end,omitempty"`
}

// The rows of what is kept. Bytes are in base64.

type blobRow struct {
	Hash []byte `json:"hash"`
	Size int64  `json:"size"`
	Data []byte `json:"data"`
}

type reportRow struct {
	Seq   int64  `json:"seq"`
	ID    string `json:"id"`
	Text  []byte `json:"text"`
	Added int64  `json:"added"`
}

type arrivalRow struct {
	Seq    int64  `json:"seq"`
	Report int64  `json:"report"`
	Text   []byte `json:"text"`
	Outlet string `json:"outlet"`
	At     int64  `json:"at"`
	Origin string `json:"origin"`
	Kind   string `json:"kind"`
	Media  string `json:"media"`
	Bytes  []byte `json:"bytes"` // null where they were not kept
	URL    string `json:"url"`
	Meta   string `json:"meta"`
	Seal   []byte `json:"seal"`
}

type readingRow struct {
	Seq     int64  `json:"seq"`
	Report  int64  `json:"report"`
	Hash    []byte `json:"hash"`
	Reader  string `json:"reader"`
	Lexicon string `json:"lexicon"`
	At      int64  `json:"at"`
	Cut     int64  `json:"cut"`
	Record  []byte `json:"record"`
	Seal    []byte `json:"seal"`
}

type decisionRow struct {
	Seq    int64  `json:"seq"`
	Report string `json:"report"`
	Hash   string `json:"hash"`
	Line   string `json:"line"`
}

type viewRow struct {
	Author string `json:"author"`
	Name   string `json:"name"`
	Query  string `json:"query"`
	At     int64  `json:"at"`
}

// Backup writes all that is kept, as it is at one moment, to w. What is kept is
// proved first, since nobody could restore a damaged backup: where the check
// finds something, nothing is written and the error is a *Damage. progress,
// where it is not nil, is told how many rows are written.
func (l *Ledger) Backup(ctx context.Context, w io.Writer, progress func(done, of int64)) (*Backup, error) {
	q, done, err := l.snapshot(ctx)
	if err != nil {
		return nil, l.explain(err)
	}
	defer done()
	n, err := l.prove(ctx, q)
	if err != nil {
		return nil, l.explain(err)
	}
	b := &Backup{At: time.Now().UTC().Truncate(time.Millisecond), Blobs: n.Blobs, Reports: n.Reports, Arrivals: n.Arrivals, Readings: n.Readings, Decisions: n.Decisions}
	if b.Form, err = l.form(ctx, q); err != nil {
		return nil, l.explain(err)
	}
	if _, err := l.one(ctx, q, "SELECT count(*) FROM event_views", nil, &b.Views); err != nil {
		return nil, l.explain(err)
	}
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, err
	}
	bw := &backupWriter{l: l, ctx: ctx, q: q, to: bufio.NewWriterSize(z, 1<<16), sum: sha256.New(), progress: progress, of: b.rows()}
	if err := bw.all(b); err != nil {
		return nil, l.explain(err)
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b, nil
}

// prove checks all that is kept and returns the first damage as an error.
func (l *Ledger) prove(ctx context.Context, q querier) (Checked, error) {
	var first *Damage
	c := newChecker(ctx, l, q, func(d Damage) {
		if first == nil {
			first = &d
		}
	})
	if err := c.kept(); err != nil {
		return c.n, err
	}
	if first != nil {
		return c.n, fmt.Errorf("%w; %d damages in all, \"sanad check\" names them", first, c.n.Damages)
	}
	return c.n, nil
}

// backupWriter writes one backup.
type backupWriter struct {
	l        *Ledger
	ctx      context.Context
	q        querier
	to       *bufio.Writer
	sum      hash.Hash
	progress func(done, of int64)
	done, of int64
}

func (w *backupWriter) all(b *Backup) error {
	if err := w.line(backupHead{backupFormat, *b}); err != nil {
		return err
	}
	steps := []struct {
		query string
		row   func(*sql.Rows, *backupLine) error
	}{
		{"SELECT hash, size, data FROM blobs ORDER BY hash", func(r *sql.Rows, l *backupLine) error {
			l.Blob = new(blobRow)
			return r.Scan(l.Blob.fields()...)
		}},
		{"SELECT seq, id, text, added FROM reports ORDER BY seq", func(r *sql.Rows, l *backupLine) error {
			l.Report = new(reportRow)
			return r.Scan(l.Report.fields()...)
		}},
		{"SELECT seq, report, text, outlet, at, origin, kind, media, bytes, url, meta, seal FROM arrivals ORDER BY seq", func(r *sql.Rows, l *backupLine) error {
			l.Arrival = new(arrivalRow)
			return r.Scan(l.Arrival.fields()...)
		}},
		{"SELECT seq, report, hash, reader, lexicon, at, cut, record, seal FROM readings ORDER BY seq", func(r *sql.Rows, l *backupLine) error {
			l.Reading = new(readingRow)
			return r.Scan(l.Reading.fields()...)
		}},
		{"SELECT seq, report, hash, line FROM decisions ORDER BY seq", func(r *sql.Rows, l *backupLine) error {
			l.Decision = new(decisionRow)
			return r.Scan(l.Decision.fields()...)
		}},
		{"SELECT author, name, query, at FROM event_views ORDER BY author, name", func(r *sql.Rows, l *backupLine) error {
			l.View = new(viewRow)
			return r.Scan(l.View.fields()...)
		}},
	}
	for _, s := range steps {
		err := w.l.each(w.ctx, w.q, s.query, nil, func(r *sql.Rows) error {
			var l backupLine
			if err := s.row(r, &l); err != nil {
				return err
			}
			if err := l.check(); err != nil {
				return err
			}
			w.done++
			if w.progress != nil && w.done%1000 == 0 {
				w.progress(w.done, w.of)
			}
			return w.line(l)
		})
		if err != nil {
			return err
		}
	}
	if w.done != w.of {
		return fmt.Errorf("%d rows were read where %d were counted", w.done, w.of)
	}
	end := backupLine{End: &backupEnd{hex.EncodeToString(w.sum.Sum(nil))}}
	if err := w.line(end); err != nil {
		return err
	}
	if w.progress != nil {
		w.progress(w.done, w.of)
	}
	return w.to.Flush()
}

func (w *backupWriter) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	b = append(b, '\n')
	w.sum.Write(b)
	_, err = w.to.Write(b)
	return err
}

// check refuses text that JSON cannot hold as it is.
func (l *backupLine) check() error {
	var table string
	var seq int64
	var texts []string
	switch {
	case l.Report != nil:
		table, seq, texts = "reports", l.Report.Seq, []string{l.Report.ID}
	case l.Arrival != nil:
		a := l.Arrival
		table, seq, texts = "arrivals", a.Seq, []string{a.Outlet, a.Origin, a.Kind, a.Media, a.URL, a.Meta}
	case l.Reading != nil:
		table, seq, texts = "readings", l.Reading.Seq, []string{l.Reading.Reader, l.Reading.Lexicon}
	case l.Decision != nil:
		table, seq, texts = "decisions", l.Decision.Seq, []string{l.Decision.Report, l.Decision.Hash, l.Decision.Line}
	case l.View != nil:
		table, texts = "event_views", []string{l.View.Author, l.View.Name, l.View.Query}
	}
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return &Damage{table, seq, "a text is not valid UTF-8"}
		}
	}
	return nil
}

// The columns of the rows, in the order of the queries above and of restore.go.

func (r *blobRow) fields() []any   { return []any{&r.Hash, &r.Size, &r.Data} }
func (r *reportRow) fields() []any { return []any{&r.Seq, &r.ID, &r.Text, &r.Added} }
func (r *arrivalRow) fields() []any {
	return []any{&r.Seq, &r.Report, &r.Text, &r.Outlet, &r.At, &r.Origin, &r.Kind, &r.Media, &r.Bytes, &r.URL, &r.Meta, &r.Seal}
}
func (r *readingRow) fields() []any {
	return []any{&r.Seq, &r.Report, &r.Hash, &r.Reader, &r.Lexicon, &r.At, &r.Cut, &r.Record, &r.Seal}
}
func (r *decisionRow) fields() []any { return []any{&r.Seq, &r.Report, &r.Hash, &r.Line} }
func (r *viewRow) fields() []any     { return []any{&r.Author, &r.Name, &r.Query, &r.At} }

// BackupFile writes a backup to a file, which is there whole or not at all: it
// is written beside its place, under a name that ends in ".partial", brought to
// the disk, and then put there. A file of that name is replaced only with
// overwrite.
func (l *Ledger) BackupFile(ctx context.Context, file string, overwrite bool, progress func(done, of int64)) (*Backup, error) {
	there := fmt.Errorf("%s is there already: give another name, or say that it is to be replaced", file)
	switch st, err := os.Lstat(file); {
	case err == nil && !st.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no plain file", file)
	case err == nil && !overwrite:
		return nil, there
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	partial := file + ".partial"
	// What a backup that was cut off has left is of no use.
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	b, err := l.Backup(ctx, f, progress)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	switch {
	case err != nil:
	case overwrite:
		err = os.Rename(partial, file)
	default:
		// A link, in contrast to renaming, does not replace what somebody put
		// there meanwhile. Not every file system has links.
		if err = os.Link(partial, file); err == nil {
			os.Remove(partial)
		} else if errors.Is(err, fs.ErrExist) {
			err = there
		} else {
			err = os.Rename(partial, file)
		}
	}
	if err != nil {
		os.Remove(partial)
		return nil, err
	}
	return b, syncDir(filepath.Dir(file))
}

// syncDir brings the names in a folder to the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
