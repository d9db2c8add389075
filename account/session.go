package account

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// How long somebody stays signed in.
const (
	Idle     = 8 * time.Hour      // after the last request: a working day
	Absolute = 7 * 24 * time.Hour // after signing in, whatever they do
	Invited  = 3 * 24 * time.Hour // that an invitation can be taken
)

// ErrPassword says that name and password do not belong together, and no more.
var ErrPassword = errors.New("this name and this password do not belong together")

// ErrSession says that nobody is signed in with a token.
var ErrSession = errors.New("you are not signed in")

// ErrInvitation says that an invitation cannot be taken.
var ErrInvitation = errors.New("this invitation was taken already, or is too old: ask for another")

// SignIn begins a session of who has a name and its password. The address is
// where the request comes from. The token is a new one each time, whatever the
// browser had before. The errors are ErrPassword, *Wait and those of the file.
func (s *Store) SignIn(ctx context.Context, name, password, address string) (tok string, who Account, err error) {
	if err := s.try(ctx, name, address); err != nil {
		return "", who, err
	}
	var h string
	err = s.tx(ctx, func(t *sql.Tx) (err error) {
		who, h, err = s.get(ctx, t, name)
		return err
	})
	var u *Unknown
	there := err == nil && who.Removed.IsZero() && h != ""
	if err != nil && !errors.As(err, &u) {
		return "", who, err
	}
	if !there {
		h = s.blind // as much work as for a name that there is
	}
	if len(password) > maxPassword {
		password = password[:maxPassword]
	}
	done, err := s.work(ctx)
	if err != nil {
		return "", who, err
	}
	right, err := matches(password, h)
	done()
	if err != nil {
		return "", who, err
	}
	if !right || !there {
		return "", Account{}, ErrPassword
	}
	err = s.tx(ctx, func(t *sql.Tx) error {
		// Who was removed, or got another password, while the hash was made.
		now, at, err := s.get(ctx, t, name)
		if err != nil || at != h || !now.Removed.IsZero() {
			return ErrPassword
		}
		who = now
		tok, err = s.begin(ctx, t, who.Name)
		if err != nil {
			return err
		}
		return s.known(ctx, t, name, address)
	})
	if err != nil {
		return "", Account{}, err
	}
	return tok, who, nil
}

// begin writes a session, and drops those that are over.
func (s *Store) begin(ctx context.Context, t *sql.Tx, name string) (string, error) {
	now := s.now()
	if _, err := t.ExecContext(ctx, "DELETE FROM sessions WHERE seen <= ? OR created <= ?", now.Add(-Idle).UnixMilli(), now.Add(-Absolute).UnixMilli()); err != nil {
		return "", err
	}
	secret, stored := token()
	_, err := t.ExecContext(ctx, "INSERT INTO sessions (token, name, created, seen) VALUES (?, ?, ?, ?)", stored, name, now.UnixMilli(), now.UnixMilli())
	return secret, err
}

// Session says who is signed in with a token, ErrSession where nobody is (any
// more). Whoever asks is still there: that is kept to the minute.
func (s *Store) Session(ctx context.Context, tok string) (Account, error) {
	if tok == "" {
		return Account{}, ErrSession
	}
	now := s.now()
	var created, seen int64
	stored := storedOf(tok)
	a, err := scan(s.db.QueryRowContext(ctx, "SELECT "+columns+", x.created, x.seen FROM sessions x JOIN accounts a ON a.name = x.name WHERE x.token = ? AND a.removed IS NULL", now.UnixMilli(), stored), &created, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, ErrSession
	}
	if err != nil {
		return Account{}, err
	}
	if now.Sub(time.UnixMilli(seen)) >= Idle || now.Sub(time.UnixMilli(created)) >= Absolute {
		return Account{}, ErrSession
	}
	if now.Sub(time.UnixMilli(seen)) >= time.Minute {
		_, err = s.db.ExecContext(ctx, "UPDATE sessions SET seen = ? WHERE token = ?", now.UnixMilli(), stored)
	}
	return a, err
}

// SignOut ends the session of a token.
func (s *Store) SignOut(ctx context.Context, tok string) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE token = ?", storedOf(tok))
	return err
}

// ChangePassword gives somebody a password of their own, who says the old one,
// ends all their sessions and begins another. A wrong old password counts as a
// try to sign in: a session that was left open must not help to guess it.
func (s *Store) ChangePassword(ctx context.Context, name, old, password, address string) (tok string, err error) {
	if err := CheckPassword(name, password); err != nil {
		return "", err
	}
	if prepare(old) == prepare(password) {
		return "", bad("the new password is the old one: choose another")
	}
	first, who, err := s.SignIn(ctx, name, old, address)
	if err != nil {
		return "", err
	}
	done, err := s.work(ctx)
	if err != nil {
		return "", err
	}
	h := hash(password, s.cost)
	done()
	err = s.tx(ctx, func(t *sql.Tx) error {
		var n int // the session that was begun is gone where somebody changed the password meanwhile
		if err := t.QueryRowContext(ctx, "SELECT count(*) FROM sessions WHERE token = ?", storedOf(first)).Scan(&n); err != nil || n == 0 {
			return errors.Join(err, ErrPassword)
		}
		if err := s.setPassword(ctx, t, who.Name, who, h, false); err != nil {
			return err
		}
		tok, err = s.begin(ctx, t, who.Name)
		return err
	})
	return tok, err
}

// Invite lets somebody in, or lets them choose another password, by a link that
// holds the token and can be taken once. An account that is there keeps its
// password and its sessions until then; earlier invitations are void.
func (s *Store) Invite(ctx context.Context, by, name string, role Role) (tok string, err error) {
	if _, err := s.add(ctx, by, name, role, "", false); err != nil {
		return "", err
	}
	return s.InviteAgain(ctx, by, name)
}

// InviteAgain makes another invitation for an account.
func (s *Store) InviteAgain(ctx context.Context, by, name string) (tok string, err error) {
	err = s.tx(ctx, func(t *sql.Tx) error {
		a, err := s.present(ctx, t, name)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, "DELETE FROM invitations WHERE name = ? OR expires < ?", a.Name, s.ms()); err != nil {
			return err
		}
		var stored []byte
		tok, stored = token()
		if _, err := t.ExecContext(ctx, "INSERT INTO invitations (token, name, expires) VALUES (?, ?, ?)", stored, a.Name, s.now().Add(Invited).UnixMilli()); err != nil {
			return err
		}
		return s.note(ctx, t, by, "invited", a.Name, a.Role)
	})
	return tok, err
}

// Invitation says whom a token invites, ErrInvitation where it is none. To look
// takes nothing: programs that preview links look at them too.
func (s *Store) Invitation(ctx context.Context, tok string) (Account, error) {
	a, err := scan(s.db.QueryRowContext(ctx, "SELECT "+columns+" FROM invitations x JOIN accounts a ON a.name = x.name WHERE x.token = ? AND x.expires > ? AND a.removed IS NULL", s.ms(), storedOf(tok), s.ms()))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrInvitation
	}
	return a, err
}

// Take takes an invitation: its account has this password from now on, and a
// session.
func (s *Store) Take(ctx context.Context, tok, password string) (session string, who Account, err error) {
	if who, err = s.Invitation(ctx, tok); err != nil {
		return "", who, err
	}
	if err := CheckPassword(who.Name, password); err != nil {
		return "", who, err
	}
	done, err := s.work(ctx)
	if err != nil {
		return "", who, err
	}
	h := hash(password, s.cost)
	done()
	err = s.tx(ctx, func(t *sql.Tx) error {
		res, err := t.ExecContext(ctx, "DELETE FROM invitations WHERE token = ? AND expires > ?", storedOf(tok), s.ms())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, ErrInvitation)
		}
		if who, err = s.present(ctx, t, who.Name); err != nil {
			return ErrInvitation
		}
		if err := s.setPassword(ctx, t, who.Name, who, h, false); err != nil {
			return err
		}
		session, err = s.begin(ctx, t, who.Name)
		return err
	})
	return session, who, err
}
