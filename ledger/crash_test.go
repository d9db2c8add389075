package ledger

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-project/sanad/review"
)

// TestMain lets the test binary be a process that can be killed.
func TestMain(m *testing.M) {
	if what := os.Getenv("SANAD_LEDGER_CHILD"); what != "" {
		if err := child(what, os.Getenv("SANAD_LEDGER_DSN")); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child does what it is told, says "ready" when the ledger is open and "ack …"
// for each thing that is done. "add N" adds N reports, "add" alone adds until
// it is killed; "look" opens for reading only and checks.
func child(what, dsn string) error {
	ctx := context.Background()
	what, more, _ := strings.Cut(what, " ")
	l, err := Open(ctx, dsn, Options{Create: what != "look", ReadOnly: what == "look"})
	if err != nil {
		return err
	}
	defer l.Close()
	fmt.Println("ready")
	var last int
	if _, err := l.one(ctx, l.read, "SELECT coalesce(max(seq), 0) FROM readings", nil, &last); err != nil {
		return err
	}
	switch what {
	case "look":
		n, err := l.Check(ctx, false, func(d Damage) { fmt.Println("error", &d) })
		fmt.Println("ack", n.Reports)
		return err
	case "add":
		limit, _ := strconv.Atoi(more)
		from := last
		if limit > 0 {
			from = os.Getpid() * 1000 // nobody else's reports
		}
		for done := 0; limit == 0 || done < limit; {
			var list []*Entry
			for range 1 + (from+done)%4 {
				e, err := maker().Entry(story(from + done))
				if err != nil {
					return err
				}
				list = append(list, e)
				done++
			}
			out, err := l.Add(ctx, list)
			if err != nil {
				return err
			}
			for _, x := range out {
				fmt.Println("ack", x.ID)
			}
		}
	case "rebuild":
		for {
			if err := l.Rebuild(ctx, nil); err != nil {
				return err
			}
			fmt.Println("ack rebuilt")
		}
	case "restore":
		if _, err := l.RestoreFile(ctx, more, nil); err != nil && !errors.Is(err, ErrNotEmpty) {
			return err
		}
		fmt.Println("ack restored")
		select {} // to be killed
	case "decide":
		for n := 0; ; n++ {
			d := review.Decision{Author: "سارا", Report: more, Action: review.Note, Note: strings.Repeat("یادداشت ", n%200+1)}
			if n%5 == 4 {
				d = review.Decision{Author: "سارا", Report: more, Action: review.State, Value: json.RawMessage([]string{`"done"`, `"in review"`}[n/5%2])}
			}
			if d, err = l.Decide(ctx, d, Anyway); err != nil {
				return err
			}
			fmt.Println("ack", d.Hash)
		}
	case "link":
		for {
			out, err := l.Link(ctx, linker(), LinkOptions{All: true, Progress: func(what string, done, of int64) { fmt.Println("ack", what, done) }})
			if err != nil {
				return err
			}
			fmt.Println("ack linked", out.Reports)
		}
	case "reread":
		m := maker()
		for n := last; ; n++ {
			m.Version = fmt.Sprintf("%d.%d", os.Getpid(), n)
			if _, err := l.Reread(ctx, m, more); err != nil {
				return err
			}
			fmt.Println("ack", m.Version)
		}
	}
	return nil
}

// spawn starts the test binary as a child.
func spawn(t testing.TB, what, dsn string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "SANAD_LEDGER_CHILD="+what, "SANAD_LEDGER_DSN="+dsn)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, bufio.NewScanner(out)
}

// killed runs a child and kills it at a random moment: some before they have
// opened the ledger, most after some acknowledgments and a little while. It
// returns what was acknowledged.
func killed(t testing.TB, r *rand.Rand, what, dsn string) (acks []string) {
	t.Helper()
	cmd, out := spawn(t, what, dsn)
	if r.IntN(12) == 0 {
		// Opening takes a few milliseconds at an unknown moment.
		time.AfterFunc(time.Duration(r.IntN(40))*time.Millisecond, func() { cmd.Process.Kill() })
	} else {
		enough := r.IntN(5)
		for n := -1; n < enough && out.Scan(); n++ {
			if s := out.Text(); strings.HasPrefix(s, "error") {
				t.Errorf("the child says: %s", s)
			} else if s, ok := strings.CutPrefix(s, "ack "); ok {
				acks = append(acks, s)
			}
		}
		time.Sleep(time.Duration(r.IntN(8000)) * time.Microsecond)
		cmd.Process.Kill()
	}
	for out.Scan() { // what was said before it died was said
		if s, ok := strings.CutPrefix(out.Text(), "ack "); ok {
			acks = append(acks, s)
		} else if strings.HasPrefix(out.Text(), "error") {
			t.Errorf("the child says: %s", out.Text())
		}
	}
	cmd.Wait()
	return acks
}

// Killed at any moment, a ledger has all that it acknowledged, and of the rest
// each thing whole or not at all.
func TestKilled(t *testing.T) {
	t.Parallel()
	rounds := map[string]int{"add": 120, "decide": 41, "reread": 41}
	if testing.Short() {
		rounds = map[string]int{"add": 10, "decide": 4, "reread": 4}
	}
	t.Run("sqlite", func(t *testing.T) {
		var wait sync.WaitGroup
		for _, what := range []string{"add", "changes"} {
			wait.Go(func() {
				if what == "add" {
					killAdding(t, 1, rounds["add"], func() string { return filepath.Join(tempDir(t), "new", "ledger.db") })
					return
				}
				killChanging(t, 2, "decide", rounds["decide"], func() string { return filepath.Join(tempDir(t), "ledger.db") })
				killChanging(t, 3, "reread", rounds["reread"], func() string { return filepath.Join(tempDir(t), "ledger.db") })
			})
		}
		wait.Wait()
	})
	t.Run("postgres", func(t *testing.T) {
		schema(t)
		killAdding(t, 4, 10, func() string { return schema(t) })
		killChanging(t, 5, "decide", 5, func() string { return schema(t) })
		killChanging(t, 6, "reread", 5, func() string { return schema(t) })
	})
}

// tempDir is t.TempDir for several goroutines.
func tempDir(t *testing.T) string {
	dir, err := os.MkdirTemp("", "sanad-killed")
	if err != nil {
		t.Error(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func killAdding(t *testing.T, seed uint64, rounds int, place func() string) {
	r := rand.New(rand.NewPCG(seed, 0))
	var dsn string
	var all []string
	total := 0
	for n := range rounds {
		if n%8 == 0 { // a ledger that is checked in no time
			dsn, all = place(), nil
		}
		acks := killed(t, r, "add", dsn)
		all = append(all, acks...)
		total += len(acks)
		intact(t, dsn, func(l *Ledger, c Checked) {
			if c.Reports < int64(len(all)) || c.Arrivals != c.Reports || c.Readings != c.Reports {
				t.Errorf("round %d: %d reports were acknowledged; there are %+v", n, len(all), c)
			}
			for _, id := range all {
				f, err := l.Full(context.Background(), id)
				if err != nil || f.ID != id || len(f.Arrivals) != 1 || len(f.Readings) != 1 {
					t.Errorf("round %d: %s was acknowledged: %v", n, id, err)
				}
			}
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills, %d acknowledged reports", rounds, total)
	if total < rounds {
		t.Error("too few reports were acknowledged for the test to say something")
	}
}

func killChanging(t *testing.T, seed uint64, what string, rounds int, place func() string) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(seed, 0))
	var dsn, id string
	var all []string
	total := 0
	for n := range rounds {
		if n%8 == 0 {
			dsn, all = place(), nil
			l, err := Open(ctx, dsn, Options{Create: true})
			if err != nil {
				t.Error(err)
				return
			}
			id = add(t, l, stories(0, 3)...)[1].ID
			l.Close()
		}
		acks := killed(t, r, what+" "+id, dsn)
		all = append(all, acks...)
		total += len(acks)
		intact(t, dsn, func(l *Ledger, c Checked) {
			have := map[string]bool{}
			f, err := l.Full(ctx, id)
			if err != nil {
				t.Error(err)
				return
			}
			for _, d := range f.Log {
				have[d.Hash] = true
			}
			for _, g := range f.Readings {
				have[g.Reader] = true
			}
			for _, x := range all {
				if !have[x] {
					t.Errorf("round %d: %s was acknowledged and is not there", n, x)
				}
			}
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills, %d acknowledged: %s", rounds, total, what)
	if total < rounds {
		t.Error("too little was acknowledged for the test to say something")
	}
}

// Killed while it makes the derived tables anew, a ledger has those of before
// or the new ones; killed while it restores, it is empty or whole.
func TestKilledWhole(t *testing.T) {
	eachHome(t, func(t *testing.T, h home) {
		rounds, while := 8, 200
		if h.path == "" {
			rounds, while = 4, 600
		}
		if testing.Short() {
			rounds = 2
		}
		ctx := context.Background()
		r := rand.New(rand.NewPCG(9, 9))
		l := openAt(t, h.dsn, Options{Create: true})
		add(t, l, stories(0, 60)...)
		file := filepath.Join(tempDir(t), "backup")
		if _, err := l.BackupFile(ctx, file, false, nil); err != nil {
			t.Fatal(err)
		}
		l.Close()
		for range rounds {
			killed(t, r, "rebuild", h.dsn)
			intact(t, h.dsn, func(l *Ledger, c Checked) {
				if c.Derived != 60 {
					t.Errorf("%+v", c)
				}
			})
		}
		empty, whole := 0, 0
		for range rounds {
			dsn := filepath.Join(tempDir(t), "into.db")
			if h.path == "" {
				dsn = schema(t)
			}
			cmd, out := spawn(t, "restore "+file, dsn)
			if out.Scan(); out.Text() != "ready" {
				t.Errorf("the child says: %s", out.Text())
			}
			time.Sleep(time.Duration(r.IntN(while)) * time.Millisecond)
			cmd.Process.Kill()
			acknowledged := out.Scan()
			cmd.Wait()
			intact(t, dsn, func(l *Ledger, c Checked) {
				switch {
				case c.Blobs == 0 && c.Reports == 0 && c.Readings == 0 && !acknowledged:
					empty++
					if _, err := l.RestoreFile(ctx, file, nil); err != nil {
						t.Errorf("restoring again: %v", err)
					}
				case c.Reports == 60 && c.Derived == 60:
					whole++
				default:
					t.Errorf("restored in part: %+v", c)
				}
			})
		}
		t.Logf("%d empty, %d whole", empty, whole)
	})
}

// intact opens a ledger whose writer was killed and checks it.
func intact(t *testing.T, dsn string, f func(*Ledger, Checked)) {
	ctx := context.Background()
	l, err := Open(ctx, dsn, Options{Create: true})
	if err != nil {
		t.Errorf("after the kill: %v", err)
		return
	}
	defer l.Close()
	c, err := l.Check(ctx, false, func(d Damage) { t.Errorf("after the kill: %v", &d) })
	if err != nil {
		t.Errorf("after the kill: %v", err)
	}
	f(l, c)
}
