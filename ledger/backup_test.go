package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// backupOf makes a backup of a ledger with some reports.
func backupOf(t testing.TB, l *Ledger) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := l.Backup(context.Background(), &b, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The backup of one database restored into the other and back again is the
// ledger that it was.
func TestBackupRoundTrip(t *testing.T) {
	each(t, func(t *testing.T, open func() *Ledger) {
		ctx := context.Background()
		l := open()
		add(t, l, stories(0, 30)...)
		add(t, l, item("other.jsonl", story(3).Article), story(5)) // again from elsewhere, and the very same
		first := backupOf(t, l)
		kept, derived := dump(t, l, keptTables...), dump(t, l, derivedTables(l)...)

		middle := openAt(t, filepath.Join(t.TempDir(), "middle.db"), Options{Create: true})
		var steps []string
		b, err := middle.Restore(ctx, bytes.NewReader(first), func(step string, done, of int64) { steps = append(steps, step) })
		if err != nil {
			t.Fatal(err)
		}
		if b.Reports != 30 || b.Arrivals != 31 || b.Readings != 30 {
			t.Errorf("restored %+v", b)
		}
		if len(steps) == 0 {
			t.Error("no progress was told")
		}
		check(t, middle)
		if have := dump(t, middle, keptTables...); !reflect.DeepEqual(have, kept) {
			t.Error("what is kept changed on the way")
		}

		var back *Ledger
		if l.kind == postgres {
			back = openAt(t, schema(t), Options{Create: true})
		} else {
			back = openAt(t, filepath.Join(t.TempDir(), "back.db"), Options{Create: true})
		}
		if _, err := back.Restore(ctx, bytes.NewReader(backupOf(t, middle)), nil); err != nil {
			t.Fatal(err)
		}
		check(t, back)
		if have := dump(t, back, keptTables...); !reflect.DeepEqual(have, kept) {
			t.Error("what is kept changed on the way back")
		}
		if have := dump(t, back, derivedTables(back)...); !reflect.DeepEqual(have, derived) {
			t.Error("derived rows changed on the way back")
		}
		add(t, back, stories(30, 32)...) // it can be written to
		check(t, back)
	})
}

// A damaged backup restores nothing: every cut and many altered bytes.
func TestDamagedBackup(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), Options{Create: true})
	add(t, l, stories(0, 4)...)
	good := backupOf(t, l)
	into := openAt(t, filepath.Join(t.TempDir(), "into.db"), Options{Create: true})
	try := func(what string, b []byte) {
		t.Helper()
		_, err := into.Restore(ctx, bytes.NewReader(b), nil)
		var bad *BadBackup
		if !errors.As(err, &bad) {
			t.Errorf("%s: %v", what, err)
		}
		for table, rows := range dump(t, into, append(derivedTables(into), keptTables...)...) {
			if len(rows) > 0 {
				t.Fatalf("%s: %d rows of %s were left", what, len(rows), table)
			}
		}
	}
	for n := 0; n < len(good); n += 1 + len(good)/60 {
		try("cut", good[:n])
	}
	try("cut", good[:len(good)-1])
	for n := 0; n < len(good); n += 1 + len(good)/100 {
		b := bytes.Clone(good)
		b[n] ^= 0x10
		try("altered", b)
	}
	try("something behind it", append(bytes.Clone(good), "more"...))
	try("another behind it", append(bytes.Clone(good), good...))
	try("text", []byte("این نوشته پشتیبان نیست\n"))

	// Damage that the compression does not notice.
	plain := unzstd(t, good)
	lines := strings.SplitAfter(string(plain), "\n")
	join := func(l ...string) []byte { return zstdOf(t, strings.Join(l, "")) }
	try("an empty file", zstdOf(t, ""))
	try("another format", join(append([]string{strings.Replace(lines[0], "/1", "/2", 1)}, lines[1:]...)...))
	try("a newer form", join(append([]string{strings.Replace(lines[0], `"form":`, `"form":9`, 1)}, lines[1:]...)...))
	try("a line of JSON", join(`{"a": 1}`+"\n"))
	try("a lost line", join(append(lines[:3:3], lines[4:]...)...))
	try("a line twice", join(append(lines[:4:4], lines[3:]...)...))
	try("no end", join(lines[:len(lines)-2]...))
	for i := 1; i < len(lines)-1; i++ {
		x := strings.Replace(lines[i], "A", "B", 1)
		if x != lines[i] {
			try("an altered line", join(append(append(lines[:i:i], x), lines[i+1:]...)...))
		}
	}

	// Whoever alters rows and the hash at the end is found by the seals.
	for table, change := range map[string][2]string{
		"arrivals": {`"origin":"news-`, `"origin":"mews-`},
		"reports":  {`"id":"`, `"id":"0`},
		"readings": {`"reader":"test"`, `"reader":"tost"`},
	} {
		var out []string
		done := false
		for _, x := range lines[:len(lines)-2] {
			if y := strings.Replace(x, change[0], change[1], 1); !done && strings.HasPrefix(x, `{"`+table) && y != x {
				x, done = y, true
			}
			out = append(out, x)
		}
		if !done {
			t.Fatalf("nothing to alter in %s", table)
		}
		sum := hashOf([]byte(strings.Join(out, "")))
		end, _ := json.Marshal(backupLine{End: &backupEnd{fmt.Sprintf("%x", sum)}})
		try("a forged backup", join(append(out, string(end)+"\n")...))
	}
	if _, err := into.Restore(ctx, bytes.NewReader(good), nil); err != nil {
		t.Fatalf("after all that: %v", err)
	}
	if _, err := into.Restore(ctx, bytes.NewReader(good), nil); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into a ledger that holds something: %v", err)
	}
	check(t, into)
}

func unzstd(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func zstdOf(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(z, s)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBackupFile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	l := openAt(t, filepath.Join(dir, "ledger.db"), Options{Create: true})
	add(t, l, stories(0, 3)...)
	file := filepath.Join(dir, "today.sanad")
	os.WriteFile(file+".partial", []byte("left by a backup that was cut off"), 0o600)
	if _, err := l.BackupFile(ctx, file, false, nil); err != nil {
		t.Fatal(err)
	}
	first, _ := os.ReadFile(file)
	if _, err := l.BackupFile(ctx, file, false, nil); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second time: %v", err)
	}
	add(t, l, stories(3, 4)...)
	if again, _ := os.ReadFile(file); !bytes.Equal(first, again) {
		t.Error("the file was touched")
	}
	if b, err := l.BackupFile(ctx, file, true, nil); err != nil || b.Reports != 4 {
		t.Errorf("replacing: %+v %v", b, err)
	}
	if _, err := os.Stat(file + ".partial"); err == nil {
		t.Error("the partial file was left")
	}
	if _, err := l.BackupFile(ctx, dir, true, nil); err == nil {
		t.Error("a folder was replaced")
	}
	if _, err := l.BackupFile(ctx, filepath.Join(dir, "nowhere", "x"), true, nil); err == nil {
		t.Error("a file in a folder that is not there")
	}
	into := openAt(t, filepath.Join(dir, "into.db"), Options{Create: true})
	if b, err := into.RestoreFile(ctx, file, nil); err != nil || b.Reports != 4 {
		t.Errorf("restored %+v: %v", b, err)
	}
	if _, err := into.RestoreFile(ctx, file+"x", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// full is a writer on a disk that is full after some bytes.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(b), nil
}

func TestBackupWithoutRoom(t *testing.T) {
	t.Parallel()
	l := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), Options{Create: true})
	add(t, l, stories(0, 3)...)
	size := len(backupOf(t, l))
	for n := 0; n < size; n += 1 + size/20 {
		if _, err := l.Backup(context.Background(), &full{n}, nil); err == nil || !strings.Contains(err.Error(), "no space") {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}
