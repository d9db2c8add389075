package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Two processes that add at once both finish; nothing is lost and no number is
// left out.
func TestTwoProcesses(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		openAt(t, h.dsn, Options{Create: true}).Close()
		var wait sync.WaitGroup
		var mu sync.Mutex
		var ids []string
		for range 2 {
			cmd, out := spawn(t, "add 60", h.dsn)
			wait.Go(func() {
				for out.Scan() {
					if id, ok := strings.CutPrefix(out.Text(), "ack "); ok {
						mu.Lock()
						ids = append(ids, id)
						mu.Unlock()
					} else if out.Text() != "ready" {
						t.Errorf("a child says: %s", out.Text())
					}
				}
				if err := cmd.Wait(); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		l := openAt(t, h.dsn, Options{})
		if n := check(t, l); n.Reports != int64(len(ids)) || len(ids) < 120 {
			t.Errorf("%d were acknowledged, %+v are there", len(ids), n)
		}
		for _, id := range ids {
			fullOf(t, l, id)
		}
	})
}

// Goroutines share a ledger: some add, some decide, some read.
func TestManyGoroutines(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		first := add(t, l, stories(0, 4)...)[1].ID
		var wait sync.WaitGroup
		for n := range 3 {
			wait.Go(func() {
				for i := range 5 {
					e, err := maker().Entry(story(100 + n*5 + i))
					if err == nil {
						_, err = l.Add(ctx, []*Entry{e})
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
			wait.Go(func() {
				for range 10 {
					if _, err := l.List(ctx, Filter{Type: []string{"ASSAULT"}}, 5, 0); err != nil {
						t.Error(err)
					}
					if _, err := l.Full(ctx, first); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Go(func() {
			for range 3 {
				if _, err := l.Check(ctx, false, func(d Damage) { t.Error(&d) }); err != nil {
					t.Error(err)
				}
			}
		})
		wait.Go(func() { decide(t, l, first) })
		wait.Wait()
		if n := check(t, l); n.Reports != 19 || n.Decisions != 5 {
			t.Errorf("%+v", n)
		}
	})
}

// Whoever gives up in the middle leaves nothing behind and a ledger that works.
func TestGivenUp(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		l := open()
		add(t, l, story(0))
		for n := range 30 {
			ctx, cancel := context.WithCancel(context.Background())
			list := []*Entry{entry(t, story(2*n+1)), entry(t, story(2*n+2))}
			time.AfterFunc(time.Duration(n)*200*time.Microsecond, cancel)
			_, err := l.Add(ctx, list)
			cancel()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%d: %v", n, err)
			}
			a, e1 := l.Report(context.Background(), list[0].ID)
			b, e2 := l.Report(context.Background(), list[1].ID)
			if (a == nil) != (b == nil) || err == nil && a == nil {
				t.Errorf("%d: %v, and then %v and %v", n, err, e1, e2)
			}
		}
		add(t, l, story(1000))
		check(t, l)
	})
}

// Somebody who keeps the ledger for himself too long is named as the reason.
func TestLocked(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := home{dsn: filepath.Join(t.TempDir(), "ledger.db")}
	h.path = h.dsn
	l := openAt(t, h.dsn, Options{Create: true})
	id := add(t, l, story(0))[0].ID
	if _, err := l.writer.ExecContext(ctx, "PRAGMA busy_timeout = 50"); err != nil { // not 20 seconds
		t.Fatal(err)
	}
	db := h.raw(t)
	c := must(db.Conn(ctx))
	defer c.Close()
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	var f *Failure
	if _, err := l.Add(ctx, []*Entry{entry(t, story(1))}); !errors.As(err, &f) || !strings.Contains(err.Error(), "another process is writing") {
		t.Errorf("adding: %v", err)
	}
	fullOf(t, l, id) // reading goes on
	if _, err := c.ExecContext(ctx, "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	add(t, l, story(1))
	check(t, l)
}

// fills adds until the ledger says that there is no room, and demands that what
// was added before is there.
func fills(t *testing.T, l *Ledger) {
	t.Helper()
	ctx := context.Background()
	var ids []string
	n := 0
	for ; ; n++ {
		if n > 3000 {
			t.Fatal("there is always room")
		}
		out, err := l.Add(ctx, []*Entry{entry(t, story(n))})
		if err == nil {
			ids = append(ids, out[0].ID)
			continue
		}
		var f *Failure
		if !errors.As(err, &f) || !strings.Contains(err.Error(), "disk is full") {
			t.Fatalf("without room: %v", err)
		}
		break
	}
	if len(ids) == 0 {
		t.Fatal("not one report had room")
	}
	for range 3 { // it stays so, and does no harm
		if _, err := l.Add(ctx, []*Entry{entry(t, story(n))}); err == nil {
			t.Error("there is room again")
		}
	}
	for _, id := range ids {
		fullOf(t, l, id)
	}
	if c := check(t, l); c.Reports != int64(len(ids)) {
		t.Errorf("%d reports, not %d", c.Reports, len(ids))
	}
}

// A file that may not grow.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), Options{Create: true})
	add(t, l, story(5000))
	limit := func(pages int) {
		if _, err := l.writer.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	var size int
	if _, err := l.one(ctx, l.read, "PRAGMA page_count", nil, &size); err != nil {
		t.Fatal(err)
	}
	limit(size + 12)
	out, err := l.Add(ctx, []*Entry{entry(t, story(1)), entry(t, story(2))})
	for n := 3; err == nil; n++ {
		if out == nil || n > 3000 {
			t.Fatal("there is always room")
		}
		_, err = l.Add(ctx, []*Entry{entry(t, story(n))})
	}
	var f *Failure
	if !errors.As(err, &f) || !strings.Contains(err.Error(), "disk is full") {
		t.Fatalf("without room: %v", err)
	}
	check(t, l)
	limit(1 << 30)
	add(t, l, story(6000))
	check(t, l)
}

// A full disk: nothing is lost, and it goes on when there is room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be had here (%v: %s); TestNoRoom stands in", err, strings.TrimSpace(string(out)))
	}
	defer exec.Command("umount", dir).Run()
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	l := openAt(t, filepath.Join(dir, "ledger.db"), Options{Create: true})
	fills(t, l)
	if _, err := l.BackupFile(context.Background(), filepath.Join(dir, "backup"), false, nil); err == nil {
		t.Log("the backup had room")
	} else if _, err := os.Stat(filepath.Join(dir, "backup")); err == nil {
		t.Error("half a backup was left")
	}
	os.Remove(filepath.Join(dir, "backup"))
	os.Remove(ballast)
	add(t, l, story(7000))
	check(t, l)
	l.Close()
	l = openAt(t, filepath.Join(dir, "ledger.db"), Options{})
	check(t, l)
	l.Close()
}

// The server ends the connection in the middle of adding: that is an error,
// nothing of it is there, and the same ledger goes on.
func TestBackendKilled(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := schema(t)
	l := openAt(t, dsn+"&application_name=sanad_victim", Options{Create: true})
	add(t, l, story(0))
	db := home{dsn: dsn}.raw(t)
	db.SetMaxOpenConns(2)
	for n := range 3 {
		block := must(db.Conn(ctx))
		// The table in which adding ends, or begins, or is in the middle.
		table := []string{"words", "blobs", "readings"}[n]
		if _, err := block.ExecContext(ctx, "BEGIN; LOCK TABLE "+table+" IN EXCLUSIVE MODE"); err != nil {
			t.Fatal(err)
		}
		e := entry(t, story(10+n))
		done := make(chan error)
		go func() {
			_, err := l.Add(ctx, []*Entry{e})
			done <- err
		}()
		for killed := 0; killed == 0; {
			if err := db.QueryRow("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'sanad_victim' AND wait_event_type = 'Lock'").Scan(&killed); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		if err := <-done; err == nil || !strings.Contains(err.Error(), "the connection to the database was lost") {
			t.Errorf("the connection was lost: %v", err)
		}
		if _, err := block.ExecContext(ctx, "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
		block.Close()
		var nf *NotFound
		if _, err := l.Report(ctx, e.ID); !errors.As(err, &nf) {
			t.Errorf("what was cut off: %v", err)
		}
		if out, err := l.Add(ctx, []*Entry{e}); err != nil || !out[0].New {
			t.Errorf("adding it again: %+v %v", out, err)
		}
	}
	check(t, l)
	// All connections at once, while nothing happens.
	if _, err := db.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sanad_victim'"); err != nil {
		t.Fatal(err)
	}
	var errs []error
	for n := 0; n < 12; n++ { // there are no more than 8 in the pool
		if _, err := l.List(ctx, Filter{}, 5, 0); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 8 {
		t.Errorf("reading does not recover: %v", errs[len(errs)-1])
	}
	if _, err := l.Add(ctx, []*Entry{entry(t, story(20))}); err != nil {
		add(t, l, story(20)) // the second time at the latest
	}
	check(t, l)
}
