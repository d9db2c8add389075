package ledger

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// BadBackup says that a backup cannot be restored: it was cut off, is damaged,
// or is none. Nothing of it was restored.
type BadBackup struct {
	Line int64 // of its lines; 0 where none could be read
	Why  string
}

func (e *BadBackup) Error() string {
	if e.Line == 0 {
		return "the backup cannot be restored: " + e.Why
	}
	return fmt.Sprintf("the backup cannot be restored: line %d: %s", e.Line, e.Why)
}

// ErrNotEmpty says that a backup cannot be restored into a ledger that holds
// something.
var ErrNotEmpty = errors.New("the ledger is not empty: a backup is restored into a new one")

// RestoreFile is Restore from a file.
func (l *Ledger) RestoreFile(ctx context.Context, file string, progress func(step string, done, of int64)) (*Backup, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return l.Restore(ctx, f, progress)
}

// Restore fills an empty ledger with a backup, in one transaction: all that is
// kept is written, proved as Check proves it, and the derived tables are made;
// when there is an error the ledger is as empty as before. The error is
// ErrNotEmpty, a *BadBackup, or one of reading or writing. progress, where it is
// not nil, is told how many rows are read and then how many reports derived.
func (l *Ledger) Restore(ctx context.Context, r io.Reader, progress func(step string, done, of int64)) (*Backup, error) {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	br, err := newBackupReader(r)
	if err != nil {
		return nil, err
	}
	defer br.close()
	head, err := br.head()
	if err != nil {
		return nil, err
	}
	known, err := l.steps()
	if err != nil {
		return nil, err
	}
	if head.Form > len(known) {
		return nil, &BadBackup{1, fmt.Sprintf("it was made by a newer Sanad (form %d, this one knows %d): use that one", head.Form, len(known))}
	}
	err = l.tx(ctx, func(t *tx) error {
		for _, table := range []string{"blobs", "reports", "arrivals", "readings", "decisions", "event_views"} {
			var n int
			if found, err := l.one(ctx, t, "SELECT 1 FROM "+table+" LIMIT 1", nil, &n); err != nil || found {
				if err == nil {
					err = ErrNotEmpty
				}
				return err
			}
		}
		if err := br.restore(ctx, t, head, progress); err != nil {
			return err
		}
		progress("checking", 0, 1)
		if _, err := l.prove(ctx, t); err != nil {
			var d *Damage
			if errors.As(err, &d) {
				return &BadBackup{0, d.Error()}
			}
			return err
		}
		progress("checking", 1, 1)
		return l.rebuild(ctx, t, func(done, of int64) { progress("deriving", done, of) })
	})
	if err != nil {
		return nil, err
	}
	return &head.Backup, nil
}

// maxBackupLine is the longest line of a backup, in bytes: that of the largest
// blob, if it cannot be compressed, in base64.
const maxBackupLine = maxBlob/3*4 + maxBlob/16 + 1<<12

// backupReader reads the lines of a backup.
type backupReader struct {
	z    *zstd.Decoder
	from *bufio.Reader
	sum  hash.Hash // of the lines before the last one
	line int64
}

func newBackupReader(r io.Reader) (*backupReader, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, &BadBackup{0, "it is no Zstandard file: " + err.Error()}
	}
	return &backupReader{z: z, from: bufio.NewReaderSize(z, 1<<16), sum: sha256.New()}, nil
}

func (r *backupReader) close() { r.z.Close() }

func (r *backupReader) bad(format string, args ...any) error {
	return &BadBackup{r.line, fmt.Sprintf(format, args...)}
}

// next reads a line; io.EOF says that there is none.
func (r *backupReader) next() ([]byte, error) {
	var line []byte
	for {
		part, err := r.from.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxBackupLine {
			r.line++
			return nil, r.bad("it is too long")
		}
		switch {
		case err == nil:
			r.line++
			return line, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF && len(line) == 0:
			return nil, io.EOF
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			r.line++
			return nil, r.bad("the backup was cut off here")
		case r.line == 0 && errors.Is(err, zstd.ErrMagicMismatch):
			return nil, r.bad("this is no backup of Sanad (no Zstandard file)")
		default:
			r.line++
			return nil, r.bad("it cannot be read: %v", err)
		}
	}
}

// strict decodes one JSON value and nothing else.
func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something stands behind the JSON object")
	}
	return nil
}

func (r *backupReader) head() (*backupHead, error) {
	line, err := r.next()
	if err == io.EOF {
		return nil, r.bad("it is empty")
	}
	if err != nil {
		return nil, err
	}
	var format struct{ Format string }
	if err := json.Unmarshal(line, &format); err != nil || format.Format == "" {
		return nil, r.bad("this is no backup of Sanad")
	}
	if format.Format != backupFormat {
		return nil, r.bad("its format is %q; this Sanad reads %q", format.Format, backupFormat)
	}
	var h backupHead
	if err := strict(line, &h); err != nil {
		return nil, r.bad("%v", err)
	}
	r.sum.Write(line)
	return &h, nil
}

// restore writes the rows of a backup and proves that it is whole.
func (r *backupReader) restore(ctx context.Context, t *tx, head *backupHead, progress func(step string, done, of int64)) error {
	have := Backup{Form: head.Form, At: head.At}
	last := 0 // the order of tables
	for {
		line, err := r.next()
		if err == io.EOF {
			return r.bad("the backup was cut off behind this line")
		}
		if err != nil {
			return err
		}
		var l backupLine
		if err := strict(line, &l); err != nil {
			return r.bad("%v", err)
		}
		if l.End != nil {
			if sum := hex.EncodeToString(r.sum.Sum(nil)); l.End.SHA256 != sum {
				return r.bad("the backup was altered: its SHA-256 is %s, not %s", sum, l.End.SHA256)
			}
			if have != head.Backup {
				return r.bad("the backup has not the rows that it speaks of: %d, not %d", have.rows(), head.rows())
			}
			if _, err := r.next(); err != io.EOF {
				return r.bad("something stands behind the end")
			}
			return nil
		}
		r.sum.Write(line)
		table, err := r.row(ctx, t, &l, &have)
		if err != nil {
			return err
		}
		if table < last {
			return r.bad("rows are out of order")
		}
		last = table
		if n := have.rows(); n%1000 == 0 {
			progress("reading", n, head.rows())
		}
	}
}

// row writes one row. table counts the tables in the order of a backup.
func (r *backupReader) row(ctx context.Context, t *tx, l *backupLine, have *Backup) (table int, err error) {
	var query string
	var fields []any
	rows := 0
	if l.Blob != nil {
		have.Blobs++
		rows, table, query, fields = rows+1, 1, "INSERT INTO blobs (hash, size, data) VALUES (?, ?, ?)", l.Blob.fields()
	}
	if l.Report != nil {
		have.Reports++
		rows, table, query, fields = rows+1, 2, "INSERT INTO reports (seq, id, text, added) VALUES (?, ?, ?, ?)", l.Report.fields()
	}
	if l.Arrival != nil {
		have.Arrivals++
		rows, table, query, fields = rows+1, 3, "INSERT INTO arrivals (seq, report, text, outlet, at, origin, kind, media, bytes, url, meta, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", l.Arrival.fields()
	}
	if l.Reading != nil {
		have.Readings++
		rows, table, query, fields = rows+1, 4, "INSERT INTO readings (seq, report, hash, reader, lexicon, at, cut, record, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", l.Reading.fields()
	}
	if l.Decision != nil {
		have.Decisions++
		rows, table, query, fields = rows+1, 5, "INSERT INTO decisions (seq, report, hash, line) VALUES (?, ?, ?, ?)", l.Decision.fields()
	}
	if l.View != nil {
		have.Views++
		rows, table, query, fields = rows+1, 6, "INSERT INTO event_views (author, name, query, at) VALUES (?, ?, ?, ?)", l.View.fields()
	}
	if rows != 1 {
		return 0, r.bad("a line is one row of one table")
	}
	args := make([]any, len(fields))
	for i, f := range fields {
		switch f := f.(type) {
		case *int64:
			args[i] = *f
		case *string:
			args[i] = *f
		case *[]byte:
			if *f != nil { // else NULL
				args[i] = *f
			}
		}
	}
	if err := t.put(ctx, query, args...); err != nil {
		if refused(err) {
			return 0, r.bad("the database refuses the row: %v", err)
		}
		return 0, err
	}
	return table, nil
}
