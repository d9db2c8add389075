package account

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var ctx = context.Background()

// clock is the time of a test.
type clock struct{ at time.Time }

func (c *clock) now() time.Time          { return c.at }
func (c *clock) pass(d time.Duration)    { c.at = c.at.Add(d) }
func start() *clock                      { return &clock{time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }
func secret(name string) string          { return "words of " + name + " alone" }
func (c *clock) String() string          { return c.at.String() }
func here(t *testing.T) (string, *clock) { return filepath.Join(t.TempDir(), "x.accounts.db"), start() }

func opened(t *testing.T, file string, c *clock) *Store {
	t.Helper()
	s, err := Open(ctx, file, Options{Create: true, Cost: cheap, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// team is a store with an administrator, a reviewer and a reader.
func team(t *testing.T) (*Store, *clock) {
	t.Helper()
	file, c := here(t)
	s := opened(t, file, c)
	for name, role := range map[string]Role{"leila": Admin, "kaveh": Reviewer, "مینا": Reader} {
		ok(t, s.Add(ctx, "", name, role, secret(name), false))
	}
	return s, c
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func signIn(t *testing.T, s *Store, name string) string {
	t.Helper()
	tok, _, err := s.SignIn(ctx, name, secret(name), "192.0.2.1")
	ok(t, err)
	return tok
}

func TestSignIn(t *testing.T) {
	s, _ := team(t)
	tok, who, err := s.SignIn(ctx, " LEILA ", secret("leila"), "192.0.2.1")
	if err != nil || who.Name != "leila" || who.Role != Admin || len(tok) != 43 {
		t.Fatalf("%q %+v %v", tok, who, err)
	}
	got, err := s.Session(ctx, tok)
	if err != nil || got.Name != "leila" {
		t.Errorf("%+v %v", got, err)
	}
	if again := signIn(t, s, "leila"); again == tok {
		t.Error("two sessions have one token")
	}
	for _, bad := range []string{"", "x", tok + "x", tok[:42], strings.ToUpper(tok)} {
		if _, err := s.Session(ctx, bad); !errors.Is(err, ErrSession) {
			t.Errorf("token %q: %v", bad, err)
		}
	}
	ok(t, s.SignOut(ctx, tok))
	if _, err := s.Session(ctx, tok); !errors.Is(err, ErrSession) {
		t.Errorf("after signing out: %v", err)
	}
}

// Nothing tells a name that exists from one that does not: not the answer, not
// the work, not the counting.
func TestNoEnumeration(t *testing.T) {
	s, _ := team(t)
	ok(t, s.Remove(ctx, "leila", "kaveh"))
	_, err := s.Invite(ctx, "leila", "parviz", Reader)
	ok(t, err)
	for i, name := range []string{"leila", "nobody", "kaveh", "parviz", "", strings.Repeat("x", 5000), "\xff\x00"} {
		address := fmt.Sprintf("198.51.100.%d", i)
		for try := range triesPair + 1 {
			before := s.made.Load()
			tok, who, err := s.SignIn(ctx, name, "a wrong password", address)
			if tok != "" || who.Name != "" {
				t.Fatalf("%q is let in", name)
			}
			var w *Wait
			if try < triesPair {
				if !errors.Is(err, ErrPassword) || err.Error() != ErrPassword.Error() {
					t.Errorf("%q, try %d: %v", name, try, err)
				}
				if n := s.made.Load() - before; n != 1 {
					t.Errorf("%q: %d hashes were made, want 1", name, n)
				}
			} else if !errors.As(err, &w) || w.For != waitFirst {
				t.Errorf("%q, try %d: %v", name, try, err)
			}
		}
	}
}

// Who guesses has to wait, longer each time; the right password does not help
// meanwhile, and does afterwards.
func TestGuessing(t *testing.T) {
	s, c := team(t)
	wrong := func() error {
		_, _, err := s.SignIn(ctx, "leila", "a wrong password", "192.0.2.9")
		return err
	}
	for range triesPair {
		if err := wrong(); !errors.Is(err, ErrPassword) {
			t.Fatal(err)
		}
	}
	var w *Wait
	want := waitFirst
	for range 8 {
		if _, _, err := s.SignIn(ctx, "leila", secret("leila"), "192.0.2.9"); !errors.As(err, &w) || w.For != want {
			t.Fatalf("%v, want to wait %v", err, want)
		}
		c.pass(want - time.Second)
		if err := wrong(); !errors.As(err, &w) {
			t.Fatalf("a second too early: %v", err)
		}
		c.pass(time.Second)
		if err := wrong(); !errors.Is(err, ErrPassword) {
			t.Fatal(err)
		}
		want = min(2*want, waitMost)
	}
	// Leila herself, from elsewhere, is not kept out by it.
	if _, _, err := s.SignIn(ctx, "leila", secret("leila"), "203.0.113.4"); err != nil {
		t.Errorf("somebody else's guesses keep leila out: %v", err)
	}
	c.pass(waitMost)
	if _, _, err := s.SignIn(ctx, "leila", secret("leila"), "192.0.2.9"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	if err := wrong(); !errors.Is(err, ErrPassword) {
		t.Errorf("the right password did not end it: %v", err)
	}
}

// One password on many names, and many addresses on one name.
func TestSpraying(t *testing.T) {
	s, c := team(t)
	var w *Wait
	for i := range triesAddress {
		if i%7 == 0 { // to sign in oneself in between does not help
			if _, _, err := s.SignIn(ctx, "kaveh", secret("kaveh"), "192.0.2.9"); err != nil {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		if _, _, err := s.SignIn(ctx, fmt.Sprint("name", i), "a wrong password", "192.0.2.9"); !errors.Is(err, ErrPassword) {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	if _, _, err := s.SignIn(ctx, "another", "a wrong password", "192.0.2.9"); !errors.As(err, &w) {
		t.Errorf("one address tries %d names: %v", triesAddress+1, err)
	}
	for i := range triesName {
		if _, _, err := s.SignIn(ctx, "مینا", "a wrong password", fmt.Sprintf("2001:db8:%x::1", i)); !errors.Is(err, ErrPassword) {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	if _, _, err := s.SignIn(ctx, "مینا", "a wrong password", "2001:db8:ffff::1"); !errors.As(err, &w) {
		t.Errorf("%d addresses try one name: %v", triesName+1, err)
	}
	c.pass(forget + waitMost)
	if _, _, err := s.SignIn(ctx, "مینا", secret("مینا"), "192.0.2.9"); err != nil {
		t.Errorf("a day later: %v", err)
	}
	var n int
	ok(t, s.db.QueryRow("SELECT count(*) FROM tries").Scan(&n))
	if n > 3 {
		t.Errorf("%d counters are kept for ever", n)
	}
}

// An office behind one address, whose people mistype now and then, is never kept
// out; who guesses all day from there gets few tries.
func TestOffice(t *testing.T) {
	s, c := team(t)
	for hour := range 24 {
		for _, name := range []string{"leila", "kaveh", "مینا"} {
			if _, _, err := s.SignIn(ctx, name, "mistyped, as happens", "192.0.2.9"); !errors.Is(err, ErrPassword) {
				t.Fatalf("hour %d: %v", hour, err)
			}
			if _, _, err := s.SignIn(ctx, name, secret(name), "192.0.2.9"); err != nil {
				t.Fatalf("hour %d: %v", hour, err)
			}
		}
		c.pass(time.Hour)
	}
	for n := range 12 * 24 { // and where somebody signs in every five minutes
		if n%6 == 0 {
			if _, _, err := s.SignIn(ctx, "kaveh", "mistyped, as happens", "192.0.2.9"); !errors.Is(err, ErrPassword) {
				t.Fatalf("%d: %v", n, err)
			}
		}
		name := []string{"leila", "kaveh", "مینا"}[n%3]
		if _, _, err := s.SignIn(ctx, name, secret(name), "192.0.2.9"); err != nil {
			t.Fatalf("%d: %v", n, err)
		}
		c.pass(5 * time.Minute)
	}
	c.pass(forget)
	tried := 0
	for n := range 24 * 12 {
		if _, _, err := s.SignIn(ctx, fmt.Sprint("name", n), "a wrong password", "203.0.113.5"); errors.Is(err, ErrPassword) {
			tried++
		}
		c.pass(5 * time.Minute)
	}
	if most := triesAddress + int(24*time.Hour/mend) + 10; tried > most || tried < triesAddress {
		t.Errorf("%d tries in a day, at most %d are meant", tried, most)
	}
}

// A thousand tries at once are a thousand tries.
func TestGuessingAtOnce(t *testing.T) {
	s, _ := team(t)
	var group sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for range 40 {
		group.Go(func() {
			_, _, err := s.SignIn(ctx, "leila", "a wrong password", "192.0.2.9")
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, ErrPassword) {
				looked++
			}
		})
	}
	group.Wait()
	if looked != triesPair {
		t.Errorf("%d passwords were looked at, want %d", looked, triesPair)
	}
}

func TestNetwork(t *testing.T) {
	for a, b := range map[string]string{"2001:db8::1": "2001:db8::2", "::ffff:192.0.2.1": "192.0.2.1", "fe80::1%eth0": "fe80::2"} {
		if network(a) != network(b) {
			t.Errorf("%s and %s are two: %s, %s", a, b, network(a), network(b))
		}
	}
	for a, b := range map[string]string{"2001:db8::1": "2001:db8:0:1::1", "192.0.2.1": "192.0.2.2", "": "192.0.2.2"} {
		if network(a) == network(b) {
			t.Errorf("%s and %s are one", a, b)
		}
	}
}

func TestSessionEnds(t *testing.T) {
	s, c := team(t)
	tok := signIn(t, s, "leila")
	for range 20 { // somebody who works on stays signed in …
		c.pass(Idle - time.Minute)
		if _, err := s.Session(ctx, tok); err != nil {
			t.Fatalf("%v: %v", c, err)
		}
	}
	c.pass(Absolute - 20*(Idle-time.Minute)) // … for a week
	if _, err := s.Session(ctx, tok); !errors.Is(err, ErrSession) {
		t.Errorf("after %v: %v", Absolute, err)
	}
	tok = signIn(t, s, "leila")
	c.pass(Idle)
	if _, err := s.Session(ctx, tok); !errors.Is(err, ErrSession) {
		t.Errorf("after %v without a request: %v", Idle, err)
	}
	signIn(t, s, "leila")
	var n int
	ok(t, s.db.QueryRow("SELECT count(*) FROM sessions").Scan(&n))
	if n != 1 {
		t.Errorf("%d sessions are kept, want 1", n)
	}
}

func TestChangePassword(t *testing.T) {
	s, c := team(t)
	here, there := signIn(t, s, "kaveh"), signIn(t, s, "kaveh")
	other := signIn(t, s, "leila")
	next := "another set of words"
	if _, err := s.ChangePassword(ctx, "kaveh", "not the old one", next, "192.0.2.1"); !errors.Is(err, ErrPassword) {
		t.Errorf("without the old one: %v", err)
	}
	if _, err := s.ChangePassword(ctx, "kaveh", secret("kaveh"), "short", "192.0.2.1"); err == nil {
		t.Error("a short one is taken")
	}
	if _, err := s.ChangePassword(ctx, "kaveh", secret("kaveh"), secret("kaveh"), "192.0.2.1"); err == nil {
		t.Error("the same is taken")
	}
	if _, err := s.Session(ctx, here); err != nil {
		t.Errorf("what failed ended a session: %v", err)
	}
	tok, err := s.ChangePassword(ctx, "kaveh", secret("kaveh"), next, "192.0.2.1")
	ok(t, err)
	for _, old := range []string{here, there} {
		if _, err := s.Session(ctx, old); !errors.Is(err, ErrSession) {
			t.Errorf("a session outlives the password: %v", err)
		}
	}
	if a, err := s.Session(ctx, tok); err != nil || a.Name != "kaveh" {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := s.Session(ctx, other); err != nil {
		t.Errorf("another person's session is gone: %v", err)
	}
	if _, _, err := s.SignIn(ctx, "kaveh", secret("kaveh"), "192.0.2.1"); !errors.Is(err, ErrPassword) {
		t.Errorf("the old password: %v", err)
	}
	// A session that was left open does not help to guess the password.
	c.pass(forget)
	var w *Wait
	for i := range triesPair + 1 {
		_, err = s.ChangePassword(ctx, "kaveh", "a wrong password", "yet another set of words", "192.0.2.1")
		if i < triesPair && !errors.Is(err, ErrPassword) {
			t.Fatal(err)
		}
	}
	if !errors.As(err, &w) {
		t.Errorf("the old password can be guessed: %v", err)
	}
}

func TestSetPassword(t *testing.T) {
	s, _ := team(t)
	tok := signIn(t, s, "kaveh")
	ok(t, s.SetPassword(ctx, "leila", "kaveh", "what leila thought of", true))
	if _, err := s.Session(ctx, tok); !errors.Is(err, ErrSession) {
		t.Errorf("a session outlives the password: %v", err)
	}
	_, who, err := s.SignIn(ctx, "kaveh", "what leila thought of", "192.0.2.1")
	if err != nil || !who.Fresh {
		t.Fatalf("%+v %v", who, err)
	}
	tok, err = s.ChangePassword(ctx, "kaveh", "what leila thought of", "what kaveh thought of", "192.0.2.1")
	ok(t, err)
	if who, err = s.Session(ctx, tok); err != nil || who.Fresh {
		t.Errorf("still to be changed: %+v %v", who, err)
	}
}

func TestInvitation(t *testing.T) {
	s, c := team(t)
	tok, err := s.Invite(ctx, "leila", "parviz", Reviewer)
	ok(t, err)
	for range 3 { // who looks takes nothing
		if a, err := s.Invitation(ctx, tok); err != nil || a.Name != "parviz" {
			t.Fatalf("%+v %v", a, err)
		}
	}
	if _, _, err := s.Take(ctx, tok, "short"); err == nil {
		t.Error("a short password is taken")
	}
	session, who, err := s.Take(ctx, tok, secret("parviz"))
	if err != nil || who.Name != "parviz" || who.Role != Reviewer {
		t.Fatalf("%+v %v", who, err)
	}
	if _, err := s.Session(ctx, session); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Take(ctx, tok, "somebody else's words"); !errors.Is(err, ErrInvitation) {
		t.Errorf("taken twice: %v", err)
	}
	signIn(t, s, "parviz")
	// Another one lets them choose another password; the older one is void.
	first, err := s.InviteAgain(ctx, "leila", "parviz")
	ok(t, err)
	second, err := s.InviteAgain(ctx, "leila", "parviz")
	ok(t, err)
	if _, err := s.Invitation(ctx, first); !errors.Is(err, ErrInvitation) {
		t.Errorf("an older one: %v", err)
	}
	if _, err := s.Session(ctx, session); err != nil {
		t.Errorf("an invitation alone ends a session: %v", err)
	}
	c.pass(Invited)
	if _, _, err := s.Take(ctx, second, "too late for these words"); !errors.Is(err, ErrInvitation) {
		t.Errorf("after %v: %v", Invited, err)
	}
	// And goes with the account, or its password.
	for _, end := range []func() error{func() error { return s.SetPassword(ctx, "", "parviz", "from the command line", false) }, func() error { return s.Remove(ctx, "", "parviz") }} {
		tok, err := s.InviteAgain(ctx, "leila", "parviz")
		ok(t, err)
		ok(t, end())
		if _, _, err := s.Take(ctx, tok, "an intruder's own words"); !errors.Is(err, ErrInvitation) {
			t.Errorf("an invitation outlives it: %v", err)
		}
	}
}

func TestRoles(t *testing.T) {
	s, _ := team(t)
	tok := signIn(t, s, "kaveh")
	ok(t, s.SetRole(ctx, "leila", "kaveh", Reader))
	if a, err := s.Session(ctx, tok); err != nil || a.Role != Reader {
		t.Errorf("the role holds from the next request on: %+v %v", a, err)
	}
	if err := s.SetRole(ctx, "leila", "kaveh", "root"); err == nil {
		t.Error("a role that there is not")
	}
	var u *Unknown
	if err := s.SetRole(ctx, "leila", "nobody", Reader); !errors.As(err, &u) {
		t.Error(err)
	}
}

// There is always somebody who can let others in.
func TestLastAdmin(t *testing.T) {
	s, _ := team(t)
	_, err := s.Invite(ctx, "leila", "parviz", Admin) // has no password yet: he cannot sign in
	ok(t, err)
	for name, f := range map[string]func() error{
		"remove": func() error { return s.Remove(ctx, "leila", "leila") },
		"role":   func() error { return s.SetRole(ctx, "leila", "leila", Reviewer) },
	} {
		if err := f(); !errors.Is(err, ErrLastAdmin) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if is, err := s.HasAdmin(ctx); err != nil || !is {
		t.Errorf("%v %v", is, err)
	}
	signIn(t, s, "leila") // nothing was half done
	ok(t, s.SetRole(ctx, "leila", "kaveh", Admin))
	ok(t, s.Remove(ctx, "kaveh", "leila"))
}

func TestNameForEver(t *testing.T) {
	s, _ := team(t)
	tok := signIn(t, s, "kaveh")
	ok(t, s.Remove(ctx, "leila", "kaveh"))
	if _, err := s.Session(ctx, tok); !errors.Is(err, ErrSession) {
		t.Errorf("a session outlives the account: %v", err)
	}
	var taken *Taken
	for name, removed := range map[string]bool{"KAVEH": true, "leila": false, "میـنا": false} {
		if err := s.Add(ctx, "leila", name, Reader, secret("somebody"), false); !errors.As(err, &taken) || taken.Removed != removed {
			t.Errorf("%s: %v", name, err)
		}
	}
	ok(t, s.Restore(ctx, "leila", "kaveh"))
	if _, _, err := s.SignIn(ctx, "kaveh", secret("kaveh"), "192.0.2.1"); !errors.Is(err, ErrPassword) {
		t.Errorf("the password came back with the account: %v", err)
	}
	ok(t, s.SetPassword(ctx, "leila", "kaveh", secret("kaveh"), false))
	signIn(t, s, "kaveh")
	list, err := s.Changes(ctx, 3)
	if err != nil || len(list) != 3 || list[0].What != "password" || list[1].What != "restored" || list[2].What != "removed" || list[2].By != "leila" || list[2].Name != "kaveh" {
		t.Errorf("%+v %v", list, err)
	}
}

// No secret stands in the file.
func TestNothingReadable(t *testing.T) {
	file, c := here(t)
	s := opened(t, file, c)
	ok(t, s.Add(ctx, "", "leila", Admin, secret("leila"), false))
	tok := signIn(t, s, "leila")
	invitation, err := s.Invite(ctx, "leila", "kaveh", Reader)
	ok(t, err)
	_, err = s.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	ok(t, err)
	b, err := os.ReadFile(file)
	ok(t, err)
	if !bytes.Contains(b, []byte("$argon2id$")) {
		t.Fatal("this test looks at the wrong file")
	}
	for _, secret := range []string{secret("leila"), tok, invitation} {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("the file holds %q", secret)
		}
	}
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		if st, err := os.Stat(name); err == nil && st.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, st.Mode())
		}
	}
}

func TestOpen(t *testing.T) {
	file, c := here(t)
	if _, err := Open(ctx, file, Options{}); !errors.Is(err, ErrNone) {
		t.Errorf("a file that is not there: %v", err)
	}
	s := opened(t, file, c)
	ok(t, s.Add(ctx, "", "leila", Admin, secret("leila"), false))
	if err := s.Add(ctx, "", "mina", Admin, "short", false); err == nil {
		t.Error("a short password is taken")
	}
	second := opened(t, file, c) // as the command line does while a desk runs
	ok(t, second.Add(ctx, "", "kaveh", Reader, secret("kaveh"), true))
	tok := signIn(t, s, "kaveh")
	if a, err := second.Session(ctx, tok); err != nil || !a.Fresh {
		t.Errorf("%+v %v", a, err)
	}
	list, err := s.List(ctx)
	if err != nil || len(list) != 2 || list[0].Name != "kaveh" || list[0].Seen.IsZero() || list[1].Name != "leila" || !list[1].Seen.IsZero() {
		t.Errorf("%+v %v", list, err)
	}
	ok(t, os.Chmod(file, 0o644))
	if _, err := Open(ctx, file, Options{}); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file for everybody: %v", err)
	}
	dir := t.TempDir()
	if _, err := Open(ctx, dir, Options{}); err == nil {
		t.Error("a folder is opened")
	}
	other := filepath.Join(dir, "other.db")
	db, err := sql.Open("sqlite", other)
	ok(t, err)
	_, err = db.Exec("CREATE TABLE x (y)")
	ok(t, err)
	db.Close()
	ok(t, os.Chmod(other, 0o600))
	if _, err := Open(ctx, other, Options{}); err == nil || !strings.Contains(err.Error(), "something else") {
		t.Errorf("a file of something else: %v", err)
	}
	_, err = s.db.Exec("PRAGMA user_version = 99")
	ok(t, err)
	ok(t, os.Chmod(file, 0o600))
	if _, err := Open(ctx, file, Options{}); err == nil || !strings.Contains(err.Error(), "newer Sanad") {
		t.Errorf("a newer file: %v", err)
	}
	ok(t, os.WriteFile(filepath.Join(dir, "text"), []byte("no database at all, but text that is long enough to be looked at"), 0o600))
	if _, err := Open(ctx, filepath.Join(dir, "text"), Options{}); err == nil {
		t.Error("a text is opened")
	}
}

func TestFile(t *testing.T) {
	for ledger, want := range map[string]string{"/a/ledger.db": "/a/ledger.accounts.db", "x": "x.accounts.db", "/a.b/c": "/a.b/c.accounts.db"} {
		if got := File(ledger); got != want {
			t.Errorf("%s: %s, want %s", ledger, got, want)
		}
	}
}

// Who gives up while others' passwords are looked at is not waited for.
func TestBusy(t *testing.T) {
	s, _ := team(t)
	for range hashes {
		s.works <- struct{}{}
	}
	gone, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	var err error
	group.Go(func() { _, err = s.work(gone) })
	cancel()
	group.Wait()
	if !errors.Is(err, errBusy) {
		t.Errorf("%v", err)
	}
}
