package intake

import (
	"context"
	"errors"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/page"
)

// Memo is what is remembered of an address from one round to the next.
type Memo struct {
	URL      string
	ETag     string // of a text that stood in a feed: its hash
	Modified string
	At       time.Time // when it was last tried; zero where it never was
	Failures int       // in a row; giveUp where trying again is no use
	Next     time.Time // not before
	Error    string    // of the last try; "" where it went well
}

// Memory keeps memos from run to run.
type Memory interface {
	Recall(ctx context.Context, url string) (Memo, error) // of an address never tried only URL is set
	Keep(ctx context.Context, list ...Memo) error
}

// How long addresses rest.
const (
	giveUp   = 8                   // failures in a row after which an article is left alone
	restKept = 90 * 24 * time.Hour // an article that is kept: feeds list it for days, some for weeks
	restLost = 30 * 24 * time.Hour // an article that is not Persian, not there, not for us
	restMost = 24 * time.Hour      // longest pause between two tries of what may yet succeed
)

// settled reports whether nothing more is expected of an article soon.
func (m *Memo) settled() bool { return !m.At.IsZero() && (m.Error == "" || m.Failures >= giveUp) }

// failed is the memo after a failure at a time. The pause doubles with each
// failure in a row, from one round on, up to a day: a feed that failed once is
// asked in the next round, then in every second, then in every fourth.
func (m Memo) failed(err error, at time.Time, every time.Duration) Memo {
	m.At, m.Error = at, err.Error()
	m.Failures++
	pause := every
	for range min(m.Failures-1, 30) {
		if pause *= 2; pause >= restMost {
			break
		}
	}
	// Half a round less, so that it is not by a second that a round comes too early.
	m.Next = at.Add(min(pause, restMost) - min(every, restMost)/2)
	var e *fetch.Error
	if errors.As(err, &e) && e.Until.After(m.Next) {
		m.Next = e.Until
	}
	return m
}

// lost is the memo of an article that is not tried again for long.
func (m Memo) lost(err error, at time.Time) Memo {
	m.At, m.Error, m.Failures, m.Next = at, err.Error(), giveUp, at.Add(restLost)
	return m
}

// kept is the memo of an article that the ledger has.
func (m Memo) kept(at time.Time) Memo {
	m.At, m.Error, m.Failures, m.Next = at, "", 0, at.Add(restKept)
	return m
}

// hopeless reports whether an article will fail in the same way again. A page
// that is not there may only be late.
func hopeless(err error) bool {
	var e *fetch.Error
	if errors.As(err, &e) {
		return !e.Temporary() && e.Status != 404
	}
	return Unreadable(err)
}

// Unreadable reports whether an article was there and holds nothing that can be
// read.
func Unreadable(err error) bool {
	var persian *sanad.NotPersian
	var utf8 *sanad.NotUTF8
	return errors.As(err, &persian) || errors.As(err, &utf8) || errors.Is(err, sanad.ErrEmpty) || errors.Is(err, sanad.ErrTooLong) ||
		errors.Is(err, page.ErrNoText) || errors.Is(err, page.ErrTooLarge) || errors.As(err, new(notRead))
}

// notRead wraps the reason why the bytes of an article could not be read.
type notRead struct{ error }

func (e notRead) Unwrap() error { return e.error }

// hostDown reports whether an error speaks of the host as a whole, so that its
// other pages need not be tried now.
func hostDown(err error) bool {
	switch fetch.KindOf(err) {
	case fetch.Unreachable, fetch.TooSlow, fetch.Limited, fetch.NotNow:
		return true
	}
	return false
}
