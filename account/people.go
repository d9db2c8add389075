package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Account is somebody who may use the desk.
type Account struct {
	Name    string    `json:"name"`
	Role    Role      `json:"role"`
	Fresh   bool      `json:"fresh"`   // somebody else chose the password: it has to be changed first
	Invited bool      `json:"invited"` // has no password yet, or is to choose another one
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen,omitzero"`    // last request, of those signed in
	Removed time.Time `json:"removed,omitzero"` // the zero time for who may sign in
}

// Change is one line of the history of accounts.
type Change struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`   // "" for the command line
	What string    `json:"what"` // added, role, invited, password, removed, restored
	Name string    `json:"name"`
	Role Role      `json:"role"`
}

// Unknown says that nobody has that name.
type Unknown struct{ Name string }

func (u *Unknown) Error() string { return fmt.Sprintf("there is no account %q", u.Name) }

// Taken says that a name is in use, or was.
type Taken struct {
	Name    string
	Removed bool
}

func (t *Taken) Error() string {
	if t.Removed {
		return fmt.Sprintf("%q had an account, and what they decided is signed so: restore it if it is the same person, else give another name", t.Name)
	}
	return fmt.Sprintf("there is an account %q already", t.Name)
}

// ErrLastAdmin says that nobody would be left to let people in.
var ErrLastAdmin = errors.New("this is the only administrator: make somebody else one first")

const columns = "a.name, a.role, a.fresh, a.password = '' OR EXISTS (SELECT 1 FROM invitations i WHERE i.name = a.name AND i.expires > ?), a.created, (SELECT max(seen) FROM sessions s WHERE s.name = a.name), a.removed"

type row interface{ Scan(...any) error }

func scan(r row, more ...any) (Account, error) {
	var a Account
	var created int64
	var seen, removed sql.NullInt64
	err := r.Scan(append([]any{&a.Name, &a.Role, &a.Fresh, &a.Invited, &created, &seen, &removed}, more...)...)
	a.Created = time.UnixMilli(created).UTC()
	if seen.Valid {
		a.Seen = time.UnixMilli(seen.Int64).UTC()
	}
	if removed.Valid {
		a.Removed = time.UnixMilli(removed.Int64).UTC()
	}
	return a, err
}

// List returns all accounts, removed ones too, in the order of their names.
func (s *Store) List(ctx context.Context) ([]Account, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT "+columns+" FROM accounts a ORDER BY a.key", s.ms())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Account
	for rows.Next() {
		a, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// Changes returns the last n changes of accounts, the newest first.
func (s *Store) Changes(ctx context.Context, n int) ([]Change, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT at, by, what, name, role FROM changes ORDER BY seq DESC LIMIT ?", n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Change
	for rows.Next() {
		var c Change
		var at int64
		if err := rows.Scan(&at, &c.By, &c.What, &c.Name, &c.Role); err != nil {
			return nil, err
		}
		c.At = time.UnixMilli(at).UTC()
		list = append(list, c)
	}
	return list, rows.Err()
}

// HasAdmin reports whether somebody can let others in.
func (s *Store) HasAdmin(ctx context.Context) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM accounts WHERE role = 'admin' AND removed IS NULL AND password <> ''").Scan(&n)
	return n > 0, err
}

// get finds an account by its name, in any spelling of it.
func (s *Store) get(ctx context.Context, t *sql.Tx, name string) (a Account, password string, err error) {
	a, err = scan(t.QueryRowContext(ctx, "SELECT "+columns+", a.password FROM accounts a WHERE a.key = ?", s.ms(), Key(name)), &password)
	if errors.Is(err, sql.ErrNoRows) {
		err = &Unknown{name}
	}
	return a, password, err
}

// present is get without those that were removed.
func (s *Store) present(ctx context.Context, t *sql.Tx, name string) (Account, error) {
	a, _, err := s.get(ctx, t, name)
	if err == nil && !a.Removed.IsZero() {
		err = &Unknown{name}
	}
	return a, err
}

func (s *Store) note(ctx context.Context, t *sql.Tx, by, what, name string, role Role) error {
	_, err := t.ExecContext(ctx, "INSERT INTO changes (at, by, what, name, role) VALUES (?, ?, ?, ?, ?)", s.ms(), by, what, name, role)
	return err
}

// Add makes an account. by is who lets them in, "" for the command line; with
// fresh the password is not their own and has to be changed first.
func (s *Store) Add(ctx context.Context, by, name string, role Role, password string, fresh bool) error {
	if err := CheckPassword(name, password); err != nil {
		return err
	}
	done, err := s.work(ctx)
	if err != nil {
		return err
	}
	h := hash(password, s.cost)
	done()
	_, err = s.add(ctx, by, name, role, h, fresh)
	return err
}

func (s *Store) add(ctx context.Context, by, name string, role Role, password string, fresh bool) (Account, error) {
	name, err := CleanName(name)
	if err == nil {
		role, err = ParseRole(string(role))
	}
	if err != nil {
		return Account{}, err
	}
	a := Account{Name: name, Role: role}
	return a, s.tx(ctx, func(t *sql.Tx) error {
		old, _, err := s.get(ctx, t, name)
		var u *Unknown
		switch {
		case err == nil:
			return &Taken{old.Name, !old.Removed.IsZero()}
		case !errors.As(err, &u):
			return err
		}
		if _, err := t.ExecContext(ctx, "INSERT INTO accounts (name, key, role, password, fresh, created) VALUES (?, ?, ?, ?, ?, ?)", name, Key(name), role, password, fresh, s.ms()); err != nil {
			return err
		}
		return s.note(ctx, t, by, "added", name, role)
	})
}

// SetRole makes somebody something else. It holds from their next request on.
func (s *Store) SetRole(ctx context.Context, by, name string, role Role) error {
	if _, err := ParseRole(string(role)); err != nil {
		return err
	}
	return s.tx(ctx, func(t *sql.Tx) error {
		a, err := s.present(ctx, t, name)
		if err != nil || a.Role == role {
			return err
		}
		if _, err := t.ExecContext(ctx, "UPDATE accounts SET role = ? WHERE name = ?", role, a.Name); err != nil {
			return err
		}
		if err := s.note(ctx, t, by, "role", a.Name, role); err != nil {
			return err
		}
		return s.adminLeft(ctx, t, a)
	})
}

// Remove takes the right to sign in from somebody, at once. Their name stays
// taken: decisions are signed with it.
func (s *Store) Remove(ctx context.Context, by, name string) error {
	return s.tx(ctx, func(t *sql.Tx) error {
		a, err := s.present(ctx, t, name)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, "UPDATE accounts SET removed = ?, password = '' WHERE name = ?", s.ms(), a.Name); err != nil {
			return err
		}
		if err := s.out(ctx, t, a.Name); err != nil {
			return err
		}
		if err := s.note(ctx, t, by, "removed", a.Name, a.Role); err != nil {
			return err
		}
		return s.adminLeft(ctx, t, a)
	})
}

// Restore lets somebody who was removed in again, in the role they had, once
// they have a password: by Invite or SetPassword.
func (s *Store) Restore(ctx context.Context, by, name string) error {
	return s.tx(ctx, func(t *sql.Tx) error {
		a, _, err := s.get(ctx, t, name)
		if err != nil {
			return err
		}
		if a.Removed.IsZero() {
			return &Taken{Name: a.Name}
		}
		if _, err := t.ExecContext(ctx, "UPDATE accounts SET removed = NULL WHERE name = ?", a.Name); err != nil {
			return err
		}
		return s.note(ctx, t, by, "restored", a.Name, a.Role)
	})
}

// adminLeft refuses a change after which an administrator that there was would
// be none any more and no other can sign in.
func (s *Store) adminLeft(ctx context.Context, t *sql.Tx, was Account) error {
	if was.Role != Admin {
		return nil
	}
	var n int
	err := t.QueryRowContext(ctx, "SELECT count(*) FROM accounts WHERE role = 'admin' AND removed IS NULL AND password <> ''").Scan(&n)
	if err == nil && n == 0 {
		err = ErrLastAdmin
	}
	return err
}

// out ends all sessions of somebody and takes back their invitations.
func (s *Store) out(ctx context.Context, t *sql.Tx, name string) error {
	if _, err := t.ExecContext(ctx, "DELETE FROM sessions WHERE name = ?", name); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, "DELETE FROM invitations WHERE name = ?", name)
	return err
}

// setPassword stores a hash and signs the account out everywhere.
func (s *Store) setPassword(ctx context.Context, t *sql.Tx, by string, a Account, h string, fresh bool) error {
	if _, err := t.ExecContext(ctx, "UPDATE accounts SET password = ?, fresh = ? WHERE name = ?", h, fresh, a.Name); err != nil {
		return err
	}
	if err := s.out(ctx, t, a.Name); err != nil {
		return err
	}
	return s.note(ctx, t, by, "password", a.Name, a.Role)
}

// SetPassword gives somebody another password and signs them out everywhere.
// With fresh they have to change it before anything else: it is not their own.
func (s *Store) SetPassword(ctx context.Context, by, name, password string, fresh bool) error {
	if err := CheckPassword(name, password); err != nil {
		return err
	}
	done, err := s.work(ctx)
	if err != nil {
		return err
	}
	h := hash(password, s.cost)
	done()
	return s.tx(ctx, func(t *sql.Tx) error {
		a, err := s.present(ctx, t, name)
		if err != nil {
			return err
		}
		return s.setPassword(ctx, t, by, a, h, fresh)
	})
}
