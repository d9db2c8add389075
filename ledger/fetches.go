package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Fetch is what the collector remembers of an address: enough to ask politely
// the next time. It is no evidence and changes with each try.
type Fetch struct {
	URL      string
	ETag     string // to be sent with the next request; "" for none
	Modified string // Last-Modified, likewise
	At       time.Time
	Failures int       // in a row
	Next     time.Time // not before
	Error    string    // of the last try; "" where it went well
}

// Fetched returns what is remembered of an address. Of one that was never asked
// only URL is set.
func (l *Ledger) Fetched(ctx context.Context, url string) (Fetch, error) {
	f := Fetch{URL: url}
	var at, next int64
	found, err := l.one(ctx, l.read, "SELECT etag, modified, at, failures, next, error FROM fetches WHERE url = ?", []any{fetchKey(url)},
		&f.ETag, &f.Modified, &at, &f.Failures, &next, &f.Error)
	if err != nil || !found {
		return Fetch{URL: url}, l.explain(err)
	}
	f.At, f.Next = time.UnixMilli(at).UTC(), time.UnixMilli(next).UTC()
	return f, nil
}

// Remember keeps what became of addresses, all or none of them. What was
// remembered of them before is gone.
func (l *Ledger) Remember(ctx context.Context, list ...Fetch) error {
	if len(list) == 0 {
		return nil
	}
	return l.tx(ctx, func(t *tx) error {
		for _, f := range list {
			err := t.put(ctx, `INSERT INTO fetches (url, etag, modified, at, failures, next, error) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, modified = excluded.modified, at = excluded.at,
				failures = excluded.failures, next = excluded.next, error = excluded.error`,
				fetchKey(f.URL), storable(f.ETag), storable(f.Modified), f.At.UnixMilli(), f.Failures, f.Next.UnixMilli(), storable(f.Error))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Forget drops the addresses that might have been asked again since before and
// were not: no feed names them any more.
func (l *Ledger) Forget(ctx context.Context, before time.Time) error {
	return l.tx(ctx, func(t *tx) error {
		return t.put(ctx, "DELETE FROM fetches WHERE next < ?", before.UnixMilli())
	})
}

// fetchKey is the address as the table has it. PostgreSQL's indexes hold no
// value beyond 2,700 bytes.
func fetchKey(url string) string {
	url = storable(url)
	if len(url) <= 2000 {
		return url
	}
	sum := sha256.Sum256([]byte(url))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// storable is a string that both databases take: PostgreSQL refuses what is not
// UTF-8, and NUL.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
