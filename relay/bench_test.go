package relay_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/relay"
)

// press makes reports of words of the lexicon, as varied as may be: each
// outlet has its closing paragraph, and three in ten are relays of one of the
// last days, with sentences dropped, changed places and words exchanged.
type press struct {
	rng     *rand.Rand
	words   []string
	closing []string
	recent  []made
	n       int
}

type made struct {
	doc       relay.Doc
	sentences []string
}

// newPress is always the same press.
func newPress(t testing.TB) *press {
	lex, err := lexicon.Load("")
	if err != nil {
		t.Fatal(err)
	}
	p := &press{rng: rand.New(rand.NewPCG(1, 2))}
	seen := map[string]bool{}
	for _, file := range [...]string{"actors", "places", "people", "heads", "roles", "frames", "cues", "weapons", "units"} {
		for _, e := range lex.File(file) {
			for _, f := range e.Fields {
				for _, v := range f.Values {
					for w := range strings.FieldsSeq(v) {
						if k := spell.Key(w); len(k) > 4 && k[0] >= 0xd8 && !seen[k] {
							seen[k] = true
							p.words = append(p.words, w)
						}
					}
				}
			}
		}
	}
	for range 60 {
		p.closing = append(p.closing, p.sentence(30))
	}
	return p
}

var small = strings.Fields("و در به از که را با این برای آن یک بر تا هم نیز")

// sentence has words as a text has them: few that come often, many that are rare.
func (p *press) sentence(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		if p.rng.IntN(10) < 4 {
			b.WriteString(small[p.rng.IntN(len(small))])
			continue
		}
		f := p.rng.Float64()
		b.WriteString(p.words[int(f*f*f*float64(len(p.words)))])
		if p.rng.IntN(8) == 0 {
			b.WriteString("‌ها")
		}
	}
	return b.String() + "."
}

// next returns a report, and the id of the one it relays or "".
func (p *press) next() (relay.Doc, string) {
	p.n++
	outlet := p.rng.IntN(60)
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(p.n) * 5 * time.Minute)
	d := relay.Doc{ID: fmt.Sprintf("r%06d", p.n), Outlet: fmt.Sprint("outlet", outlet), Published: relay.Moment{From: at, To: at}, Added: at}
	var m made
	from := ""
	if len(p.recent) > 0 && p.rng.IntN(10) < 3 {
		o := p.recent[p.rng.IntN(len(p.recent))]
		from = o.doc.ID
		m.sentences = slices.Clone(o.sentences)
		for range max(0, min(p.rng.IntN(4), len(m.sentences)-4)) {
			i := p.rng.IntN(len(m.sentences))
			m.sentences = slices.Delete(m.sentences, i, i+1)
		}
		p.rng.Shuffle(len(m.sentences)/3, func(i, j int) { m.sentences[i], m.sentences[j] = m.sentences[j], m.sentences[i] })
		for i, s := range m.sentences {
			w := strings.Fields(s)
			for range p.rng.IntN(3) {
				w[p.rng.IntN(len(w))] = p.words[p.rng.IntN(len(p.words))]
			}
			m.sentences[i] = strings.Join(w, " ")
		}
		if p.rng.IntN(2) == 0 {
			for i, s := range m.sentences {
				m.sentences[i] = strings.NewReplacer("ی", "ي", "ک", "ك", "‌", " ").Replace(s)
			}
		}
		d.Title = p.sentence(4) + " " + o.doc.Title
	} else {
		for range 8 + p.rng.IntN(8) {
			m.sentences = append(m.sentences, p.sentence(12+p.rng.IntN(14)))
		}
		d.Title = p.sentence(9)
	}
	d.Text = strings.Join(m.sentences, " ") + "\n" + p.closing[outlet]
	m.doc = d
	if len(p.recent) < 400 {
		p.recent = append(p.recent, m)
	} else {
		p.recent[p.rng.IntN(len(p.recent))] = m
	}
	return d, from
}

// BenchmarkLinks finds the relays of a press of so many reports. found is the
// share of relays that are linked to a report of their story.
func BenchmarkLinks(b *testing.B) {
	for _, n := range [...]int{2_000, 20_000, 100_000} {
		b.Run(fmt.Sprint("reports=", n), func(b *testing.B) {
			if n > 2_000 && testing.Short() {
				b.Skip("takes a minute")
			}
			p := newPress(b)
			docs := make([]relay.Doc, n)
			from := map[string]string{}
			story := map[string]string{}
			bytes := 0
			for i := range docs {
				d, f := p.next()
				docs[i] = d
				story[d.ID] = d.ID
				if f != "" {
					from[d.ID], story[d.ID] = f, story[f]
				}
				bytes += len(d.Text)
			}
			b.SetBytes(int64(bytes))
			r := reader()
			b.ResetTimer()
			for range b.N {
				links := r.Links(docs)
				b.StopTimer()
				linked, right, direct := map[string]bool{}, 0, 0
				for _, l := range links {
					if story[l.From] == story[l.To] {
						right++
						linked[l.To] = true
					}
					if from[l.To] == l.From {
						direct++
					}
				}
				b.ReportMetric(float64(len(linked))/float64(len(from)), "found")
				b.ReportMetric(float64(direct)/float64(len(from)), "direct")
				b.ReportMetric(float64(right)/float64(len(links)), "right")
				b.StartTimer()
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
		})
	}
}

// BenchmarkAdd is one report more in an index of 20,000: its signature, what it
// looks up, and the memory of the index.
func BenchmarkAdd(b *testing.B) {
	p := newPress(b)
	r := reader()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := relay.NewIndex(0)
	for range 20_000 {
		d, _ := p.next()
		x.Add(r.Sign(&d))
	}
	p.recent = p.recent[:100]
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		d, _ := p.next()
		b.StartTimer()
		x.Add(r.Sign(&d))
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/20_000, "heap-B/report")
}
