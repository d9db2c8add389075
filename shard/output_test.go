package shard

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// TestMain lets the test binary be a run that can be killed.
func TestMain(m *testing.M) {
	// A process that is killed leaves what it wrote to the system; only a machine
	// that loses power does not, and no test can do that. Without it the tests are
	// a hundred times faster.
	toDisk = false
	if dir := os.Getenv("SANAD_SHARD_CHILD"); dir != "" {
		if _, err := write(options(dir, Compression(os.Getenv("SANAD_SHARD_COMPRESSION")), true), len(lines)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("whole")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// line is one item of an invented run: a record or an error, at a place that
// several may share.
type line struct {
	at   Place
	bad  bool
	text string
}

var lines = func() (list []line) {
	r := rand.New(rand.NewPCG(1, 2))
	at := Place{Nth: 1}
	for i := range 3000 {
		switch {
		case r.IntN(40) == 0:
			at = Place{at.Nth + 1, End} // a file that cannot be read
			list = append(list, line{at, true, "gone\n"})
			at = Place{at.Nth + 1, 0}
			continue
		case i == 0 || r.IntN(4) > 0:
			at.Record += 1 + r.IntN(3) // the others are in other shards
		}
		list = append(list, line{at, r.IntN(5) == 0, fmt.Sprintf("%d %s\n", i, strings.Repeat("گزارش ", r.IntN(60)))})
	}
	return list
}()

func options(dir string, c Compression, resume bool) Options {
	return Options{Dir: dir, Shard: Shard{2, 3}, Compression: c, Resume: resume, Every: 50,
		Run: Run{Input: "abc", Reader: "1", Lexicon: "def"}}
}

// write writes the first n lines as a run would; it is complete when n is all.
func write(opt Options, n int) (*Output, error) {
	o, err := Open(opt)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	if o.Whole() {
		return o, nil
	}
	for _, l := range lines[:n] {
		if !o.Done().Before(l.at) {
			continue
		}
		put := o.Record
		if l.bad {
			put = o.Error
		}
		if err := put(l.at, []byte(l.text)); err != nil {
			return nil, err
		}
	}
	if n < len(lines) {
		return o, nil
	}
	return o, o.Finish()
}

// tree reads a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	m := map[string]string{}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		m[e.Name()] = string(b)
	}
	return m
}

func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Fatalf("a file too many: %s", name)
		}
	}
	for name, w := range want {
		if got[name] != w {
			t.Fatalf("%s has other bytes: %d, want %d", name, len(got[name]), len(w))
		}
	}
}

func unpacked(t *testing.T, c Compression, raw string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(raw)
	var err error
	switch c {
	case Gzip:
		r, err = gzip.NewReader(r)
	case Zstd:
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A whole run has all lines, each in its file and in order.
func TestWhole(t *testing.T) {
	for c, suffix := range map[Compression]string{None: "", Gzip: ".gz", Zstd: ".zst"} {
		dir := filepath.Join(t.TempDir(), "new", "folder")
		if _, err := write(options(dir, c, false), len(lines)); err != nil {
			t.Fatal(err)
		}
		var want [2]bytes.Buffer
		for _, l := range lines {
			want[b2i(l.bad)].WriteString(l.text)
		}
		got := tree(t, dir)
		if len(got) != 3 || got["run-2-of-3.json"] == "" {
			t.Errorf("%d files", len(got))
		}
		for kind, name := range []string{"records-2-of-3.jsonl", "errors-2-of-3.jsonl"} {
			if unpacked(t, c, got[name+suffix]) != want[kind].String() {
				t.Errorf("%s%s holds something else", name, suffix)
			}
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A run that wrote nothing has an empty file of records, which can be opened,
// and none of errors.
func TestNothing(t *testing.T) {
	for c, suffix := range map[Compression]string{None: "", Gzip: ".gz", Zstd: ".zst"} {
		dir := t.TempDir()
		o, err := Open(options(dir, c, false))
		if err == nil {
			err = o.Finish()
		}
		if err != nil {
			t.Fatal(err)
		}
		o.Close()
		got := tree(t, dir)
		if raw, ok := got["records-2-of-3.jsonl"+suffix]; !ok || unpacked(t, c, raw) != "" || len(got) != 2 || c != None && raw == "" {
			t.Errorf("%q: %q", c, got)
		}
	}
}

// A run that ends anywhere, with whatever behind its last checkpoint, goes on to
// the same bytes.
func TestResume(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, c := range []Compression{None, Gzip, Zstd} {
		whole := t.TempDir()
		if _, err := write(options(whole, c, false), len(lines)); err != nil {
			t.Fatal(err)
		}
		want := tree(t, whole)
		for range 20 {
			dir := t.TempDir()
			for range r.IntN(4) {
				if _, err := write(options(dir, c, true), r.IntN(len(lines))); err != nil {
					t.Fatal(err)
				}
				parts, _ := filepath.Glob(filepath.Join(dir, "*.part"))
				for _, p := range parts {
					f, err := os.OpenFile(p, os.O_APPEND|os.O_WRONLY, 0)
					if err != nil {
						t.Fatal(err)
					}
					f.WriteString("{\"half a li"[:r.IntN(10)])
					f.Close()
				}
			}
			if _, err := write(options(dir, c, true), len(lines)); err != nil {
				t.Fatal(err)
			}
			same(t, tree(t, dir), want)
			o, err := write(options(dir, c, true), len(lines)) // nothing is left to do
			if err != nil || !o.Whole() {
				t.Fatal(err)
			}
			if _, failed := o.Counts(); failed == 0 {
				t.Error("the errors are forgotten")
			}
			same(t, tree(t, dir), want)
		}
	}
}

// Killed with -9 at random moments, time and again, a run comes to the same
// bytes.
func TestKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rounds := 5
	if testing.Short() {
		rounds = 3
	}
	r := rand.New(rand.NewPCG(5, 6))
	for _, c := range []Compression{None, Gzip, Zstd} {
		whole := t.TempDir()
		if _, err := write(options(whole, c, false), len(lines)); err != nil {
			t.Fatal(err)
		}
		want := tree(t, whole)
		for range rounds {
			dir := t.TempDir()
			deaths := 0
			for try := 0; ; try++ {
				cmd := exec.Command(self)
				cmd.Env = append(os.Environ(), "SANAD_SHARD_CHILD="+dir, "SANAD_SHARD_COMPRESSION="+string(c))
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				if try < 8 {
					time.AfterFunc(time.Duration(r.IntN(60_000))*time.Microsecond, func() { cmd.Process.Kill() })
				}
				said := ""
				for sc := bufio.NewScanner(out); sc.Scan(); {
					said += sc.Text()
				}
				err = cmd.Wait()
				if said == "whole" {
					break
				}
				if said != "" || err == nil || try >= 8 {
					t.Fatalf("the child says %q: %v", said, err)
				}
				deaths++
			}
			t.Logf("killed %d times", deaths)
			same(t, tree(t, dir), want)
		}
	}
}

// What may not be gone on with is refused, and says why.
func TestRefused(t *testing.T) {
	half := func(t *testing.T) string {
		dir := t.TempDir()
		if _, err := write(options(dir, None, false), 500); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	full := func(t *testing.T) string {
		dir := t.TempDir()
		if _, err := write(options(dir, None, false), len(lines)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	change := func(f func(*Options)) func(*testing.T, string) Options {
		return func(t *testing.T, dir string) Options {
			o := options(dir, None, true)
			f(&o)
			return o
		}
	}
	for name, c := range map[string]struct {
		begin func(*testing.T) string
		then  func(*testing.T, string) Options
		want  string
	}{
		"other input":           {half, change(func(o *Options) { o.Run.Input = "x" }), "the files that are read, or their sizes, changed"},
		"other reader":          {half, change(func(o *Options) { o.Run.Reader = "2" }), "the version of the program changed"},
		"other lexicon":         {full, change(func(o *Options) { o.Run.Lexicon = "2" }), "the lexicon changed"},
		"other options":         {half, change(func(o *Options) { o.Run.Options = "2" }), "an option changed"},
		"other steps":           {half, change(func(o *Options) { o.Every = 7 }), "the number of lines between checkpoints changed"},
		"finished, not resumed": {full, change(func(o *Options) { o.Resume = false }), "is there already"},
		"cut behind": {half, func(t *testing.T, dir string) Options {
			if err := os.Truncate(filepath.Join(dir, "records-2-of-3.jsonl.part"), 10); err != nil {
				t.Fatal(err)
			}
			return options(dir, None, true)
		}, "it was changed"},
		"no state": {half, func(t *testing.T, dir string) Options {
			if err := os.WriteFile(filepath.Join(dir, "run-2-of-3.state"), []byte("{"), 0o666); err != nil {
				t.Fatal(err)
			}
			return options(dir, None, true)
		}, "start anew without --resume"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := Open(c.then(t, c.begin(t)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if err == nil {
				o.Close()
			}
		})
	}
	// What was not finished may be begun anew.
	dir := half(t)
	if _, err := write(options(dir, None, false), len(lines)); err != nil {
		t.Error(err)
	}
	same(t, tree(t, dir), tree(t, full(t)))
}

// Two runs do not write one file.
func TestBusy(t *testing.T) {
	dir := t.TempDir()
	o, err := Open(options(dir, None, false))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(options(dir, None, true)); !errors.Is(err, ErrBusy) {
		t.Errorf("a second run: %v", err)
	}
	other := options(dir, None, true)
	other.Shard = Shard{1, 3}
	if p, err := Open(other); err != nil {
		t.Errorf("another shard: %v", err)
	} else {
		p.Close()
	}
	o.Close()
}
