package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// webFormats are the formats of these tests.
var webFormats = []string{"ftm", "webannotation", "geojson", "jsonl"}

// webItems reads the invented reports of testdata. The second was reviewed:
// each verdict stands on one of its findings.
func webItems(t testing.TB) []*Item {
	f, err := os.Open("testdata/webs-articles.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []*Item
	s := bufio.NewScanner(f)
	for s.Scan() {
		var a sanad.Article
		if err := json.Unmarshal(s.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, itemOf(t, a))
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	reviewed(t, out[1])
	return out
}

func itemOf(t testing.TB, a sanad.Article) *Item {
	rec, err := sanad.Read(a)
	if err != nil {
		t.Fatalf("%s: %v", a.ID, err)
	}
	return &Item{ID: fmt.Sprintf("00000000000000%s", a.ID), Title: a.Title, OutletName: a.Outlet, URL: a.URL,
		Added: time.Date(2026, 11, 21, 9, 30, 0, 250e6, time.UTC), Record: rec, Hash: strings.Repeat("0a", 32), Reader: "0.2", Lexicon: "1b2c"}
}

func at(minute int) time.Time { return time.Date(2026, 11, 21, 10, minute, 0, 0, time.UTC) }

func reviewed(t testing.TB, it *Item) {
	rec := it.Record
	find := func(words string) record.Quote {
		text := []rune(rec.Document.Text)
		i := strings.Index(rec.Document.Text, words)
		if i < 0 {
			t.Fatalf("no %q in the text", words)
		}
		start := len([]rune(rec.Document.Text[:i]))
		end := start + len([]rune(words))
		return record.Quote{Start: start, End: end, Text: string(text[start:end])}
	}
	rec.Events[0].Actor = []record.Ref{{Entity: "turkish-army", Span: ptr(find("ارتش ترکیه"))}}
	rec.Events = append(rec.Events, record.Event{ID: "e5", Trigger: find("ادامه خواهد داد"), Type: "THREATEN", Mode: ptr("violence"),
		Actor: []record.Ref{{Entity: "turkey", Span: ptr(find("آنکارا"))}}, Recipient: []record.Ref{}, Status: "happened", SaidBy: ptr("s1"), Rule: "person"})
	if errs := rec.Check(); errs != nil {
		t.Fatal(errs)
	}
	corrected := review.Decision{Seq: 4, At: at(4), Author: "Sara <sara@example.org>", Action: review.Correct, Report: it.ID,
		Target: review.Target{Kind: review.Event, ID: "e1", Start: 68, End: 78}, Field: "actor",
		Value: json.RawMessage(`[{"entity":"turkish-army"}]`), Was: json.RawMessage(`[]`)}
	field := review.Field{Name: "actor", Machine: []byte(`[]`), Human: corrected.Value, By: corrected}
	mention := rec.Mentions[0]
	rejected := find("مواضع")
	e5 := rec.Events[len(rec.Events)-1].Trigger
	it.Review = &review.Reviewed{Record: rec, State: "in review", Last: strings.Repeat("f0", 32),
		Findings: []review.Finding{
			{Target: review.Target{Kind: review.Mention, Start: mention.Start, End: mention.End}, Verdict: review.Accepted,
				By: []review.Decision{{Seq: 3, At: at(3), Author: "Reza", Action: review.Accept, Report: it.ID, Target: review.Target{Kind: review.Mention, Start: mention.Start, End: mention.End}}}},
			{Target: review.Target{Kind: review.Number, Start: rejected.Start, End: rejected.End}, Verdict: review.Rejected,
				By: []review.Decision{{Seq: 6, At: at(6), Author: "Reza", Action: review.Reject, Report: it.ID, Was: json.RawMessage(`{"text":"مواضع"}`), Note: "no number"}}},
			{Target: corrected.Target, Verdict: review.Corrected, Fields: []review.Field{field}, By: []review.Decision{corrected}, Moved: []string{"actor"}},
			{Target: review.Target{Kind: review.Event, ID: "e5", Start: e5.Start, End: e5.End}, Verdict: review.Added,
				By: []review.Decision{{Seq: 5, At: at(5), Author: "Sara <sara@example.org>", Action: review.Add, Report: it.ID}}},
		},
		Notes: []review.Decision{{Seq: 7, At: at(7), Author: "Reza", Action: review.Note, Report: it.ID, Target: review.Target{Kind: review.Report}, Note: "دو روایت از یک حمله"}},
		Lost:  []review.Lost{{Decision: review.Decision{Seq: 2, At: at(2), Author: "Reza", Action: review.Accept}, Why: "nothing is read from these words any more"}},
	}
}

func ptr[T any](v T) *T { return &v }

// webStream gives the items times over, each time under other ids.
func webStream(items []*Item, times int) Items {
	return func(yield func(*Item, error) bool) {
		for n := range times {
			for _, it := range items {
				x := *it
				if n > 0 {
					x.ID = fmt.Sprintf("%s-%d", it.ID, n)
				}
				if !yield(&x, nil) {
					return
				}
			}
		}
	}
}

func export(t testing.TB, format string, items Items, opt Options) []byte {
	var b bytes.Buffer
	if err := Write(&b, format, items, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWebGolden(t *testing.T) {
	items := webItems(t)
	for _, f := range webFormats {
		got := export(t, f, webStream(items, 1), Options{})
		if again := export(t, f, webStream(webItems(t), 1), Options{}); !bytes.Equal(got, again) {
			t.Errorf("%s: two exports of the same items differ", f)
		}
		golden(t, "webs."+f, string(got))
	}
}

// TestExportFiles writes a file of each format into the folder that
// $SANAD_EXPORTS names, for scripts/readers.
func TestExportFiles(t *testing.T) {
	dir := os.Getenv("SANAD_EXPORTS")
	if dir == "" {
		t.Skip("$SANAD_EXPORTS names no folder")
	}
	items := webItems(t)
	write := func(name, format string, opt Options) {
		if err := os.WriteFile(filepath.Join(dir, name), export(t, format, webStream(items, 20), opt), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range Formats() {
		kinds := []string{""}
		if f.Kinds {
			kinds = Kinds()
		}
		for _, k := range kinds {
			name := f.Name
			if k != "" {
				name += "." + k
			}
			write(name+f.Extension, f.Name, Options{Kind: k})
		}
	}
	for _, format := range Has(Incidents) {
		f, _ := find(format)
		main, _ := writtenIncidents(t, format, incidentItems(t), Options{Unrealised: true})
		if err := os.WriteFile(filepath.Join(dir, format+".incidents"+f.Extension), []byte(main), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range Has(Relays) {
		f, _ := find(format)
		var b bytes.Buffer
		if err := WriteRelays(&b, format, relayStream(relayList()), Options{}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, format+".relays"+f.Extension), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("ftm.all.ftm.jsonl", "ftm", Options{Unrealised: true})
	write("geojson.all.geojson", "geojson", Options{Unrealised: true})
}

var hostileItems []*Item

// hostile are reports that a page could make; no test changes them.
func hostile(t testing.TB) []*Item {
	if hostileItems != nil {
		return hostileItems
	}
	base := sanad.Article{ID: "h1", Outlet: "ایسنا", Published: "2020-01-02", Text: "سه نفر در انفجار بمب در بعقوبه کشته شدند."}
	override := base
	override.Title = "\u202eحمله\u202c \x00\x07\x1b[31m\u2067در\ufeff رمادی\"}],\n<script>"
	override.URL = "javascript:alert(1)"
	long := base
	long.ID, long.Title = "h2", strings.Repeat("حمله به رمادی ", 1<<20/26)
	long.URL = "https://example.org/" + strings.Repeat("a", 1<<16)
	astral := base
	astral.ID, astral.Title = "h3", "🚨🚨 انفجار 👨‍👩‍👧 در بعقوبه"
	same := base
	same.ID, same.Text = "h4", strings.Repeat("سه نفر در انفجار بمب در بعقوبه کشته شدند. ", 200)
	out := []*Item{itemOf(t, override), itemOf(t, long), itemOf(t, astral), itemOf(t, same)}
	out[0].Author = "\u202e\x00"
	out[1].Author = strings.Repeat("x", 1<<20)
	bare := itemOf(t, base)
	bare.ID, bare.Added, bare.OutletName, bare.Hash, bare.Reader, bare.Lexicon = "../h5 #é", time.Time{}, "", "", "", ""
	hostileItems = append(out, bare)
	return hostileItems
}

// TestWebHostile writes them in every format: what comes out is well formed and
// no multiple of what went in.
func TestWebHostile(t *testing.T) {
	for _, it := range hostile(t) {
		record, err := json.Marshal(it.Record)
		if err != nil {
			t.Fatal(err)
		}
		size := len(record) + len(it.Title) + len(it.URL) + len(it.Author)
		for _, f := range Formats() {
			got := export(t, f.Name, webStream([]*Item{it}, 1), Options{Unrealised: !f.Kinds})
			if most := 40*size + 64<<10; len(got) > most {
				t.Errorf("%s of %s: %d bytes of a record of %d", f.Name, it.ID, len(got), size)
			}
			switch f.Extension {
			case ".geojson", ".jsonld":
				if !json.Valid(got) {
					t.Errorf("%s of %s: no JSON", f.Name, it.ID)
				}
			case ".jsonl", ".ftm.jsonl":
				for l := range strings.Lines(string(got)) {
					if !json.Valid([]byte(l)) {
						t.Errorf("%s of %s: no JSON: %.200s", f.Name, it.ID, l)
					}
				}
			}
		}
	}
}

func TestWebErrors(t *testing.T) {
	items := webItems(t)
	broken := errors.New("the ledger is gone")
	for _, f := range append([]string{"parquet"}, webFormats...) {
		err := Write(io.Discard, f, func(yield func(*Item, error) bool) {
			_ = yield(items[0], nil) && yield(nil, broken)
		}, Options{})
		if !errors.Is(err, broken) {
			t.Errorf("%s: error of the items: %v", f, err)
		}
		if err := Write(&fullDisk{left: 100}, f, webStream(items, 50), Options{}); !errors.Is(err, errFull) {
			t.Errorf("%s: error of the writer: %v", f, err)
		}
		if err := Write(io.Discard, f, webStream(nil, 1), Options{}); err != nil {
			t.Errorf("%s: nothing to write: %v", f, err)
		}
	}
}

var errFull = errors.New("no space left")

type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestParquetMemory writes the widest rows, those with the texts, and looks at
// what is held on the way: it must not grow with their number.
func TestParquetMemory(t *testing.T) {
	list := webItems(t)
	const times, most = 3000, 8 << 20
	var first, last uint64
	n := 0
	err := Write(io.Discard, "parquet", func(yield func(*Item, error) bool) {
		for it, err := range webStream(list, times) {
			if n++; n == times*len(list)/3 {
				first = live()
			} else if n == times*len(list) {
				last = live()
			}
			if !yield(it, err) {
				return
			}
		}
	}, Options{Kind: Reports})
	if err != nil {
		t.Fatal(err)
	}
	if last > first+most {
		t.Errorf("%d kB are held after a third of the reports, %d kB after all", first>>10, last>>10)
	}
}

// live returns the bytes in use after collections: what pools keep survives one.
func live() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkExport(b *testing.B) {
	items := webItems(b)
	for _, f := range append([]string{"parquet"}, webFormats...) {
		b.Run(f, func(b *testing.B) {
			b.ReportAllocs()
			if err := Write(io.Discard, f, webStream(items, b.N), Options{}); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N*len(items))/b.Elapsed().Seconds(), "reports/s")
		})
	}
}
