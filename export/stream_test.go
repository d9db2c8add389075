package export

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// many streams n items, varied from those of the tests, and calls at now and
// then.
func many(list []*Item, n int, at func(i int)) Items {
	return func(yield func(*Item, error) bool) {
		for i := range n {
			it := *list[i%len(list)]
			it.ID = fmt.Sprintf("%s-%d", it.ID, i)
			if !yield(&it, nil) {
				return
			}
			if at != nil && i%2000 == 1999 {
				at(i)
			}
		}
	}
}

// TestConstantMemory: twenty thousand reports take no more memory than ten
// thousand do, in every format, sidecar included.
func TestConstantMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 20,000 items for each format")
	}
	list := items(t)
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			var heap []uint64
			opt := Options{}
			if f.Sidecar {
				opt.Sidecar = io.Discard
			}
			n := 0
			err := Write(io.Discard, f.Name, many(list, 20_000, func(int) {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				heap = append(heap, m.HeapAlloc)
				n++
			}), opt)
			if err != nil || n != 10 {
				t.Fatalf("%d samples, %v", n, err)
			}
			// Row groups fill and are written, so what is held goes up and down.
			if first, then := slices.Max(heap[:5]), slices.Max(heap[5:]); then > first+(4<<20) {
				t.Errorf("%d bytes at most among the first 10,000 items, %d later: it grows: %v", first, then, heap)
			}
		})
	}
}

// TestErrorsEndAnExport: an error of the items, of the file or of the sidecar
// comes back with the format's name, and nothing is written on after it.
func TestErrorsEndAnExport(t *testing.T) {
	list := items(t)
	broken := errors.New("record 7 is damaged")
	for _, f := range Formats() {
		asked := 0
		err := Write(io.Discard, f.Name, func(yield func(*Item, error) bool) {
			for _, it := range list[:2] {
				asked++
				if !yield(it, nil) {
					return
				}
			}
			if yield(nil, broken) {
				t.Errorf("%s: goes on after an error", f.Name)
			}
		}, Options{})
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), f.Name) || asked != 2 {
			t.Errorf("%s: %v after %d items", f.Name, err, asked)
		}
		full := errors.New("disk full")
		if err := Write(failing{full}, f.Name, many(list, 2000, nil), Options{}); !errors.Is(err, full) {
			t.Errorf("%s: a full disk gave %v", f.Name, err)
		}
		if f.Sidecar {
			if err := Write(io.Discard, f.Name, many(list, 2000, nil), Options{Sidecar: failing{full}}); !errors.Is(err, full) {
				t.Errorf("%s: a full disk for the sidecar gave %v", f.Name, err)
			}
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestNothing: an export of no reports is a file that its readers can open.
func TestNothing(t *testing.T) {
	for _, f := range Formats() {
		if err := Write(io.Discard, f.Name, many(nil, 0, nil), Options{}); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

func TestOptionsRefused(t *testing.T) {
	for _, c := range []struct {
		format string
		opt    Options
		want   string
	}{
		{"spreadsheet", Options{}, "there are acled, ged, plover"},
		{"plover", Options{Sidecar: io.Discard}, "no sidecar"},
		{"acled", Options{Kind: Events}, "leave the kind out"},
		{"csv", Options{Kind: "persons"}, "there are reports, events"},
	} {
		if err := Write(io.Discard, c.format, many(nil, 0, nil), c.opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %+v: %v", c.format, c.opt, err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	list := items(b)
	for _, f := range Formats() {
		b.Run(f.Name, func(b *testing.B) {
			opt := Options{}
			if f.Sidecar {
				opt.Sidecar = io.Discard
			}
			b.ReportAllocs()
			if err := Write(io.Discard, f.Name, many(list, b.N, nil), opt); err != nil {
				b.Fatal(err)
			}
		})
	}
}
