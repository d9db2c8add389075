package ledger

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFetches(t *testing.T) {
	places := []string{filepath.Join(t.TempDir(), "x.db")}
	if dsn := os.Getenv("SANAD_TEST_POSTGRES"); dsn != "" {
		places = append(places, dsn)
	}
	for _, where := range places {
		l, err := Open(t.Context(), where, Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		const url = "https://khabar.example/خبر"
		if f, err := l.Fetched(t.Context(), url); err != nil || f != (Fetch{URL: url}) {
			t.Errorf("of an address never asked: %+v, %v", f, err)
		}
		at := time.Date(2024, 3, 10, 12, 0, 0, 0, time.UTC)
		first := Fetch{URL: url, ETag: `"v1"`, Modified: "Sun, 10 Mar 2024 11:00:00 GMT", At: at, Next: at.Add(time.Hour)}
		other := Fetch{URL: "https://khabar.example/" + strings.Repeat("x", 5000), At: at, Failures: 2, Next: at.Add(time.Minute), Error: "cut off"}
		if err := l.Remember(t.Context(), first, other); err != nil {
			t.Fatal(err)
		}
		second := first
		second.ETag, second.Failures, second.Error = "", 1, "too slow"
		for _, f := range []Fetch{first, other, second} {
			if f == second {
				if err := l.Remember(t.Context(), f); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := l.Fetched(t.Context(), f.URL); err != nil || got != f {
				t.Errorf("%+v, %v; want %+v", got, err, f)
			}
		}
		odd := Fetch{URL: "https://khabar.example/\xff\x00", ETag: "\xff\x00", Error: "\xfe", At: at, Next: at.Add(time.Hour)}
		if err := l.Remember(t.Context(), odd); err != nil {
			t.Errorf("bytes that are no text: %v", err)
		}
		if err := l.Forget(t.Context(), at.Add(30*time.Minute)); err != nil {
			t.Fatal(err)
		}
		for u, there := range map[string]bool{url: true, other.URL: false, odd.URL: true} {
			if f, err := l.Fetched(t.Context(), u); err != nil || (f.At == at) != there {
				t.Errorf("%.50q is there: %v, want %v (%v)", u, f.At == at, there, err)
			}
		}
	}
}
