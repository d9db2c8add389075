package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanad-project/sanad/review"
)

// quote writes what encoding/json writes without escaping HTML, which the hash
// of a reading rests on, and it comes back.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a", "سلام", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "\u2028\u2029\u2027\u202a", "\xe2", "\xe2\x80", "a\xe2\x80\xa8", "<>&", "\U0010ffff\ufffd", "می‌گوید"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		have := quote(s)
		if !utf8.ValidString(s) {
			return // no report holds such a text; it must not panic
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(s); err != nil {
			t.Fatal(err)
		}
		if want := bytes.TrimSuffix(b.Bytes(), []byte("\n")); !bytes.Equal(have, want) {
			t.Fatalf("%q: %s, not %s", s, have, want)
		}
		var back string
		if err := json.Unmarshal(have, &back); err != nil || back != s {
			t.Fatalf("%q came back as %q: %v", s, back, err)
		}
	})
}

// The seals of the writer and of the checker are the same, and two rows that
// differ have seals that differ.
func FuzzSeal(f *testing.F) {
	f.Add(int64(1), "text", "outlet", int64(-5), "", "")
	f.Add(int64(0), "", "", int64(0), "a", "b")
	f.Fuzz(func(t *testing.T, report int64, text, outlet string, at int64, origin, meta string) {
		var none any
		have := arrivalSeal(report, []byte(text), outlet, at, origin, "json", "", none, "", meta)
		if sealOf(report, []byte(text), outlet, at, origin, "json", "", none, "", meta) != string(have[:]) {
			t.Fatal("writer and checker differ")
		}
		for i, other := range [][32]byte{
			arrivalSeal(report+1, []byte(text), outlet, at, origin, "json", "", none, "", meta),
			arrivalSeal(report, []byte(text+"x"), outlet, at, origin, "json", "", none, "", meta),
			arrivalSeal(report, []byte(text), outlet+"x", at, origin, "json", "", none, "", meta),
			arrivalSeal(report, []byte(text), outlet, at^1, origin, "json", "", none, "", meta),
			arrivalSeal(report, []byte(text), outlet, at, "x"+origin, "json", "", none, "", meta),
			arrivalSeal(report, []byte(text), outlet, at, origin+"json", "", "", none, "", meta), // moved over a border
		} {
			if other == have {
				t.Fatalf("case %d has the same seal", i)
			}
		}
		r := readingSeal(report, []byte(text), outlet, origin, at, report)
		if sealOf(report, []byte(text), outlet, origin, at, report) != string(r[:]) {
			t.Fatal("writer and checker differ on readings")
		}
		if have := ReportID(sha256.Sum256([]byte(text)), outlet); reportID(sha(text), outlet) != have || len(have) != 16 {
			t.Fatal("writer and checker differ on ids")
		}
	})
}

func sha(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

// Any bytes can be packed and come back; any bytes can be unpacked without a
// panic, to no more than a blob may have.
func FuzzPack(f *testing.F) {
	f.Add([]byte{})
	f.Add(pack([]byte("سلام")))
	f.Add(pack(bytes.Repeat([]byte{0}, 1<<20)))
	f.Add(pack(bytes.Repeat([]byte("xy"), 1000))[:8])
	f.Add([]byte("\x28\xb5\x2f\xfd\x04\x00\x09\x00\x00abc"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if back, err := unpack(pack(b)); err != nil || !bytes.Equal(back, b) {
			t.Fatalf("%x came back as %x: %v", b, back, err)
		}
		if out, err := unpack(b); err == nil && len(out) > maxBlob {
			t.Fatalf("%d bytes", len(out))
		}
	})
}

// whole gives what was cut or an error, never something else.
func FuzzWhole(f *testing.F) {
	f.Add("متن", 3, []byte(`{"a":}`))
	f.Add("", -1, []byte{})
	f.Add("x", 1<<40, []byte("y"))
	f.Fuzz(func(t *testing.T, text string, cut int, part []byte) {
		sum := sha256.Sum256(part)
		if raw, err := whole(text, cut, part, sum); err == nil && sha256.Sum256(raw) != sum {
			t.Fatal("another hash")
		}
		packed := pack(part)
		if cut < 0 || cut > len(part) {
			if _, err := whole(text, cut, packed, sum); err == nil {
				t.Fatal("a place outside of the record")
			}
			if _, err := putTogether(text, int64(cut), packed); err == nil {
				t.Fatal("a place outside of the record, for the checker")
			}
			return
		}
		want := append(append(append([]byte{}, part[:cut]...), quote(text)...), part[cut:]...)
		raw, err := whole(text, cut, packed, sha256.Sum256(want))
		if err != nil || !bytes.Equal(raw, want) {
			t.Fatalf("%q, not %q: %v", raw, want, err)
		}
		if utf8.ValidString(text) {
			if other, err := putTogether(text, int64(cut), packed); err != nil || !bytes.Equal(other, raw) {
				t.Fatalf("the checker has %q, not %q: %v", other, raw, err)
			}
		}
	})
}

// The checker's hash of a line of the log is the one that review seals with;
// any line is read without a panic.
func FuzzLogLine(f *testing.F) {
	f.Add("سارا", "یادداشت \u2028 <b>\x01", `{"b": 1, "a": [1.50, null, "\u0041"]}`, "")
	f.Add("x", "", `"done"`, `{"seq":1,"hash":"","prev":null}`)
	f.Add("", "", ``, `{"seq":1`)
	f.Fuzz(func(t *testing.T, author, note, value, line string) {
		readLine(line)
		d := review.Decision{Seq: 3, Author: author, Action: review.Note, Note: note}
		if json.Valid([]byte(value)) {
			d.Value = json.RawMessage(value)
		}
		if review.Seal("abc", &d) != nil {
			return
		}
		raw, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		x, err := readLine(string(raw))
		if err != nil {
			t.Fatal(err)
		}
		if x.Sum != d.Hash || x.Hash != d.Hash || x.Prev != "abc" || x.Seq.String() != "3" {
			t.Fatalf("%s: the checker hashes to %s", raw, x.Sum)
		}
	})
}

// Any file is refused or restored whole, and nothing is left of one that is
// refused.
func FuzzRestore(f *testing.F) {
	l := openAt(f, filepath.Join(f.TempDir(), "ledger.db"), Options{Create: true})
	add(f, l, stories(0, 2)...)
	good := unzstd(f, backupOf(f, l))
	f.Add(good)
	lines := strings.SplitAfter(string(good), "\n")
	f.Add([]byte(strings.Join(lines[:3], "")))
	f.Add([]byte(lines[0] + lines[len(lines)-2]))
	f.Add([]byte(`{"format":"sanad.backup/1","form":1,"at":"2024-01-01T00:00:00Z","blobs":0,"reports":0,"arrivals":0,"readings":0,"decisions":0}` + "\n"))
	dir, n := f.TempDir(), 0
	empty := func() *Ledger {
		n++
		return must(Open(context.Background(), filepath.Join(dir, fmt.Sprint(n)), Options{Create: true}))
	}
	into := empty()
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := into.Restore(context.Background(), bytes.NewReader(zstdOf(t, string(b))), nil)
		var bad *BadBackup
		switch {
		case err == nil:
			// Whole and true: the fuzzer found the seed, or an empty backup.
			check(t, into)
			into.Close()
			into = empty()
		case !errors.As(err, &bad):
			t.Fatal(err)
		}
	})
}
