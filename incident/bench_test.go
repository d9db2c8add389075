package incident

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-project/sanad"
)

// world makes reports of invented acts: a hundred a day, a few towns far more
// often than others, each act told by one to a dozen outlets over two days, in
// their own words and with some figures of their own.
type world struct {
	rng      *rand.Rand
	towns    []string
	outlets  []string
	words    []string
	quarters []string // where acts are; words for all
	day      time.Time
	n        int
	ready    []sanad.Article
}

func newWorld(t testing.TB) *world {
	w := &world{rng: rand.New(rand.NewPCG(3, 4)), day: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)}
	l := lex(t)
	for _, e := range l.File("places") {
		if e.Get("precision") == "city" {
			w.towns = append(w.towns, e.Get("fa"))
		}
	}
	for _, e := range l.File("outlets") {
		w.outlets = append(w.outlets, e.Get("fa"))
	}
	ends := []string{"ان", "ار", "ور", "ید", "ام", "اک", "یز", "ول", "ند", "اس", "یم", "ود"}
	for _, a := range []string{"با", "دا", "را", "سا", "کا", "ما", "نا", "خو", "رو", "سو", "مو", "نو", "پی", "تی", "دی", "شی", "لی", "وی", "گر", "بر"} {
		for _, b := range []string{"ب", "پ", "ت", "ج", "چ", "خ", "د", "ر", "ز", "س", "ش", "ک", "گ", "ل", "م", "ن", "و", "ه"} {
			for _, c := range ends {
				for _, d := range ends {
					w.words = append(w.words, a+b+c+d)
				}
			}
		}
	}
	w.rng.Shuffle(len(w.words), func(i, j int) { w.words[i], w.words[j] = w.words[j], w.words[i] })
	w.quarters = w.words
	return w
}

// often picks one of a list, the first far more often.
func (w *world) often(list []string) string {
	f := w.rng.Float64()
	return list[int(f*f*f*f*float64(len(list)))]
}

func (w *world) any(list ...string) string { return list[w.rng.IntN(len(list))] }

func (w *world) filler(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(w.often(w.words))
		b.WriteString(w.any(" ", " و ", " در ", " را ", " از ", " "))
	}
	return b.String() + "بود."
}

// act puts the reports of one act among those that are ready.
func (w *world) act() {
	town, quarter, name := w.often(w.towns), w.any(w.quarters...), w.any(w.quarters...)
	killed, wounded := 1+w.rng.IntN(30), 2+w.rng.IntN(60)
	kind := w.rng.IntN(5)
	reports := 1
	for reports < 12 && w.rng.IntN(10) < 6 {
		reports++
	}
	weekday := [...]string{"یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه", "شنبه"}[w.day.Weekday()]
	for range reports {
		k, v := killed, wounded
		if w.rng.IntN(4) == 0 {
			k += 1 + w.rng.IntN(4)
		}
		day, at := "امروز "+weekday, w.day
		if w.rng.IntN(3) == 0 {
			day, at = "روز "+weekday, w.day.AddDate(0, 0, 1)
		}
		var title, lead string
		switch kind {
		case 0:
			title = fmt.Sprintf("%d کشته در انفجار بمب در %s", k, town)
			lead = fmt.Sprintf("%s گفت: %s در انفجار بمب در محله %s شهر %s %d نفر کشته و %d نفر زخمی شدند.", w.any("پلیس "+town, "یک پزشک", "فرماندار "+town), day, quarter, town, k, v)
		case 1:
			title = fmt.Sprintf("درگیری مسلحانه در %s", town)
			lead = fmt.Sprintf("در درگیری %s میان نیروهای دولتی و گروه %s در منطقه %s در %s %d تن کشته شدند.", day, name, quarter, town, k)
		case 2:
			title = fmt.Sprintf("بازداشت %d نفر در %s", v, town)
			lead = fmt.Sprintf("پلیس %s %s %d نفر را به اتهام همکاری با گروه %s در محله %s بازداشت کرد.", town, day, v, name, quarter)
		case 3:
			title = fmt.Sprintf("تجمع اعتراضی در %s", town)
			lead = fmt.Sprintf("صدها نفر %s در میدان %s %s در اعتراض به %s تجمع کردند و %d نفر بازداشت شدند.", day, quarter, town, name, v)
		case 4:
			title = fmt.Sprintf("حمله هوایی به %s", town)
			lead = fmt.Sprintf("جنگنده‌ها %s روستای %s در نزدیکی %s را بمباران کردند. دست‌کم %d غیرنظامی کشته شدند.", day, quarter, town, k)
		}
		w.n++
		w.ready = append(w.ready, sanad.Article{ID: fmt.Sprintf("r%07d", w.n), Outlet: w.often(w.outlets), Title: title, Published: at.Add(time.Duration(w.rng.IntN(24*60)) * time.Minute).Format(time.RFC3339),
			Text: lead + " " + w.filler(25) + " " + w.filler(25) + "\n" + w.filler(25) + " " + w.filler(25) + " " + w.filler(20)})
	}
}

// diskStore is a store on disk: reports and sketches in two files.
type diskStore struct {
	docs, sketches *os.File
	at             map[string][4]int64 // offset and length of both
	stretches      map[int64][]string
	rare           Rarity
	accounts       int
	bytes          int64
}

func newDiskStore(t testing.TB, r *Reader, n int, war bool) *diskStore {
	dir := t.TempDir()
	st := &diskStore{at: map[string][4]int64{}, stretches: map[int64][]string{}}
	var err error
	if st.docs, err = os.Create(filepath.Join(dir, "docs")); err != nil {
		t.Fatal(err)
	}
	if st.sketches, err = os.Create(filepath.Join(dir, "sketches")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.docs.Close(); st.sketches.Close() })
	w := newWorld(t)
	if war {
		w.towns, w.quarters = w.towns[:3], w.words[:40]
	}
	type made struct {
		doc    []byte
		sketch Sketch
	}
	a, b := int64(0), int64(0)
	for done := 0; done < n; {
		for range 40 {
			w.act()
		}
		w.day = w.day.AddDate(0, 0, 1)
		list := w.ready[:min(len(w.ready), n-done)]
		w.ready = nil
		out := make([]made, len(list))
		var wait sync.WaitGroup
		for c := range runtime.GOMAXPROCS(0) {
			wait.Go(func() {
				for i := c; i < len(list); i += runtime.GOMAXPROCS(0) {
					rec, err := sanad.Read(list[i])
					if err != nil {
						panic(err)
					}
					d := Doc{ID: list[i].ID, Outlet: list[i].Outlet, Published: list[i].Published, Record: rec}
					js, _ := json.Marshal(d)
					var z bytes.Buffer
					f, _ := flate.NewWriter(&z, 1)
					f.Write(js)
					f.Close()
					out[i] = made{z.Bytes(), r.Sketch(d)}
				}
			})
		}
		wait.Wait()
		for i := range out {
			s := &out[i].sketch
			data, _ := s.MarshalBinary()
			st.docs.Write(out[i].doc)
			st.sketches.Write(data)
			st.at[s.Report] = [4]int64{a, int64(len(out[i].doc)), b, int64(len(data))}
			a, b = a+int64(len(out[i].doc)), b+int64(len(data))
			for _, x := range s.Stretches() {
				st.stretches[x] = append(st.stretches[x], s.Report)
			}
			st.rare.Add(s)
			st.accounts += s.Accounts()
		}
		done += len(list)
	}
	st.bytes = b
	for x := range st.stretches {
		slices.Sort(st.stretches[x])
	}
	return st
}

func (st *diskStore) Stretches() ([]int64, error) {
	return slices.Sorted(maps.Keys(st.stretches)), nil
}

func (st *diskStore) sketch(id string) (*Sketch, error) {
	p, ok := st.at[id]
	if !ok {
		return nil, nil
	}
	b := make([]byte, p[3])
	if _, err := st.sketches.ReadAt(b, p[2]); err != nil {
		return nil, err
	}
	s := &Sketch{}
	return s, s.UnmarshalBinary(b)
}

func (st *diskStore) Sketches(x int64) iter.Seq2[*Sketch, error] {
	return func(yield func(*Sketch, error) bool) {
		for _, id := range st.stretches[x] {
			s, err := st.sketch(id)
			if !yield(s, err) {
				return
			}
		}
	}
}

func (st *diskStore) SketchesOf(ids []string) (out []*Sketch, err error) {
	for _, id := range ids {
		s, err := st.sketch(id)
		if err != nil {
			return nil, err
		}
		if s != nil {
			out = append(out, s)
		}
	}
	return out, nil
}

func (st *diskStore) Docs(ids []string) (out []Doc, err error) {
	for _, id := range ids {
		p, ok := st.at[id]
		if !ok {
			continue
		}
		b := make([]byte, p[1])
		if _, err := st.docs.ReadAt(b, p[0]); err != nil {
			return nil, err
		}
		js, err := io.ReadAll(flate.NewReader(bytes.NewReader(b)))
		if err != nil {
			return nil, err
		}
		var d Doc
		if err := json.Unmarshal(js, &d); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func (st *diskStore) With([]Ref) ([]Ref, error) { return nil, nil }

// peak is the most memory that the process had since it was last asked, in
// MiB, where the system says.
func peak() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	f := strings.Fields(rest)
	if len(f) == 0 {
		return 0
	}
	kb, _ := strconv.ParseFloat(f[0], 64)
	runtime.GC()
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	return kb / 1024
}

// BenchmarkLink links all reports of an invented press from a store on disk.
func BenchmarkLink(b *testing.B) {
	for _, c := range []struct {
		n   int
		war bool // all acts in three towns
	}{{2_000, false}, {2_000, true}, {20_000, false}, {100_000, false}} {
		n := c.n
		b.Run(fmt.Sprintf("reports=%d,war=%v", n, c.war), func(b *testing.B) {
			if n > 2_000 && os.Getenv("SANAD_LONG") == "" {
				b.Skip("takes minutes: set SANAD_LONG=1")
			}
			r := New(lex(b))
			st := newDiskStore(b, r, n, c.war)
			peak()
			b.ResetTimer()
			for range b.N {
				incidents, members, most, largest := 0, 0, 0, 0
				err := r.Link(st, &st.rare, nil, nil, func(p Part) error {
					largest = max(largest, len(p.Accounts))
					incidents += len(p.Incidents)
					for _, in := range p.Incidents {
						members += len(in.Members)
						most = max(most, len(in.Members))
						if _, err := json.Marshal(in); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				b.ReportMetric(peak(), "MiB-peak")
				b.ReportMetric(float64(st.accounts), "accounts")
				b.ReportMetric(float64(incidents), "incidents")
				b.ReportMetric(float64(most), "members-most")
				b.ReportMetric(float64(largest), "part-most")
				b.ReportMetric(float64(st.bytes)/float64(n), "B/sketch")
				b.StartTimer()
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
		})
	}
}

// BenchmarkSketch makes the sketch of a report.
func BenchmarkSketch(b *testing.B) {
	docs := devDocs(b)
	r := New(lex(b))
	for i := 0; b.Loop(); i++ {
		r.Sketch(docs[i%len(docs)])
	}
}

// BenchmarkTouch links one report of 2,000 anew, with what hangs together with
// it.
func BenchmarkTouch(b *testing.B) {
	r := New(lex(b))
	st := newDiskStore(b, r, 2_000, false)
	ids := slices.Sorted(maps.Keys(st.at))
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		if err := r.Link(st, &st.rare, []string{ids[i*7%len(ids)]}, nil, func(Part) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
