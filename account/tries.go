package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"net/netip"
	"time"
)

// How many tries are let through before somebody has to wait. The numbers are
// ours; NIST SP 800-63B-4, 3.2.2, allows a hundred in a row for an account.
const (
	triesPair    = 5   // of one address on one name
	triesAddress = 20  // of one address on any name: one password tried on many
	triesName    = 100 // on one name from anywhere: many machines on one account

	waitFirst = time.Minute // doubled with each further try …
	waitMost  = time.Hour   // … up to this
	forget    = 24 * time.Hour

	// What an address or a name has too many of grows less by one in this time, or
	// else an office behind one address would be kept out by its typing errors of a
	// year. Who guesses gets that many tries a day: 144.
	mend = 10 * time.Minute

	// Tries are kept in thousandths, so that what mends in a few minutes is not lost
	// to rounding where somebody signs in every few minutes.
	one = 1000
)

// Wait says that somebody guessed too often. It is the same for names that
// exist and for those that do not, and whatever the password.
type Wait struct{ For time.Duration }

func (w *Wait) Error() string {
	return fmt.Sprintf("there were too many tries to sign in: wait %d min and try again", int(w.For.Minutes())+1)
}

// counters of one try: the pair, the address, the name.
func counters(name, address string) [3][]byte {
	sum := func(kind, s string) []byte {
		h := sha256.Sum256([]byte(kind + "\x00" + s))
		return h[:16]
	}
	k, a := Key(name), network(address)
	return [3][]byte{sum("pair", a+"\x00"+k), sum("address", a), sum("name", k)}
}

// network is what an address counts as: who has one address of IPv6 has all
// 2⁶⁴ of its network.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// try counts a try before it is made, or refuses it with a *Wait. What is
// refused is not counted: who is kept waiting is not kept waiting longer by asking.
func (s *Store) try(ctx context.Context, name, address string) error {
	var wait time.Duration
	err := s.tx(ctx, func(t *sql.Tx) error {
		now := s.now()
		if _, err := t.ExecContext(ctx, "DELETE FROM tries WHERE last <= ?", now.Add(-forget).UnixMilli()); err != nil {
			return err
		}
		list := counters(name, address)
		var before [3]int
		for i, limit := range [3]int{triesPair, triesAddress, triesName} {
			var n int
			var last int64
			err := t.QueryRowContext(ctx, "SELECT n, last FROM tries WHERE what = ?", list[i]).Scan(&n, &last)
			if err != nil && err != sql.ErrNoRows {
				return err
			}
			if i > 0 { // the pair begins anew with the right password
				n = max(0, n-int(now.Sub(time.UnixMilli(last))*one/mend))
			}
			if before[i] = n; n < limit*one {
				continue
			}
			pause := min(waitFirst<<min(n/one-limit, 10), waitMost)
			wait = max(wait, time.UnixMilli(last).Add(pause).Sub(now))
		}
		if wait > 0 {
			return nil
		}
		for i, what := range list {
			if _, err := t.ExecContext(ctx, "INSERT INTO tries (what, n, last) VALUES (?, ?, ?) ON CONFLICT (what) DO UPDATE SET n = excluded.n, last = excluded.last", what, before[i]+one, now.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && wait > 0 {
		err = &Wait{wait}
	}
	return err
}

// known takes back a try that was none: the password was right. The address
// keeps its other failures, or else who has an account could guess at others
// for ever by signing in now and then.
func (s *Store) known(ctx context.Context, t *sql.Tx, name, address string) error {
	list := counters(name, address)
	if _, err := t.ExecContext(ctx, "DELETE FROM tries WHERE what = ?", list[0]); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, "UPDATE tries SET n = max(n - ?, 0) WHERE what IN (?, ?)", one, list[1], list[2])
	return err
}
