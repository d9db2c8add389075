// Ledgerbench fills a ledger with readings and prints how long it takes to
// search, list and show.
//
//	go run ./scripts/ledgerbench -n 1000000 -o FILE.db ARTICLES.jsonl
//
// The readings are made from those of the articles: other outlets, days over ten
// years, names, figures and a quarter of the other words, all of them of the
// same length as what they replace. With -only an existing ledger is measured.
// With -news they spread as news does: many are relays of others. With -link
// the ledger is linked, and what that takes is printed instead; in a process of its own (-only)
// the memory is that of linking alone.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/ledger"
)

func main() {
	n := flag.Int("n", 20000, "how many readings")
	file := flag.String("o", "", "the ledger: a file that is not there yet, or postgres://...")
	only := flag.Bool("only", false, "measure the ledger that is there")
	rounds := flag.Int("rounds", 200, "how often each kind of question is asked, never the same one twice")
	news := flag.Bool("news", false, "three readings in ten are relays of others")
	link := flag.Bool("link", false, "link the reports and print what that takes")
	all := flag.Bool("all", false, "link all reports anew")
	flag.Parse()
	if *file == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: ledgerbench -n N -o FILE.db ARTICLES.jsonl")
		os.Exit(2)
	}
	if err := run(*n, *file, flag.Arg(0), *only, *news, *link, *all, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "ledgerbench:", err)
		os.Exit(1)
	}
}

func run(n int, file, articles string, only, news, link, all bool, rounds int) error {
	ctx := context.Background()
	if only && link {
		return linkAll(ctx, file, all)
	}
	rd, err := sanad.New("")
	if err != nil {
		return err
	}
	if !only {
		if err := fill(ctx, rd, n, file, articles, news); err != nil {
			return err
		}
	}
	if link {
		return linkAll(ctx, file, all)
	}
	l, err := ledger.Open(ctx, file, ledger.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer l.Close()
	if st, err := os.Stat(file); err == nil {
		fmt.Printf("%.1f GB\n", float64(st.Size())/1e9)
	}
	return measure(ctx, l, rounds)
}

// batch is how many readings are added in one transaction.
const batch = 2000

// fill makes n readings and adds them.
func fill(ctx context.Context, rd *sanad.Reader, n int, file, articles string, news bool) error {
	var bases []base
	in := &input.Reader{}
	in.Each([]string{articles}, func(it input.Item) bool {
		if it.Err == nil {
			if rec, err := rd.Read(it.Article); err == nil {
				bases = append(bases, base{article: it.Article, record: rec})
			}
		}
		return true
	})
	if len(bases) == 0 {
		return fmt.Errorf("%s has no article", articles)
	}
	fmt.Printf("%d real readings\n", len(bases))
	v := newVarier(rd.Lexicon, bases, n)
	v.news = news
	l, err := ledger.Open(ctx, file, ledger.Options{Create: true})
	if err != nil {
		return err
	}
	defer l.Close()
	have, err := l.List(ctx, ledger.Filter{}, 1, 0)
	if err != nil {
		return err
	}
	begin := 0 // a fill that was stopped goes on
	if len(have) > 0 {
		begin = max(0, int(have[0].Seq)/batch-8) * batch
		fmt.Printf("going on at %d\n", begin)
	}

	// Workers make the readings of a batch each; they are added as they come.
	work := make(chan int)
	done := make(chan []*ledger.Entry, 4)
	fail := make(chan error, 16)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			m := ledger.NewMaker(rd, "ledgerbench")
			for from := range work {
				v := v.seeded(uint64(from))
				var list []*ledger.Entry
				for i := from; i < min(from+batch, n); i++ {
					it, rec := v.one(i)
					e, err := m.EntryOf(it, rec)
					if err != nil {
						fail <- err
						break
					}
					list = append(list, e)
				}
				done <- list
			}
		})
	}
	go func() {
		for from := begin; from < n; from += batch {
			work <- from
		}
		close(work)
		wg.Wait()
		close(done)
	}()
	start, added := time.Now(), 0
	for list := range done {
		select {
		case err := <-fail:
			return err
		default:
		}
		if _, err := l.Add(ctx, list); err != nil {
			return err
		}
		if added += len(list); added%(10*batch) < batch {
			fmt.Printf("%d readings, %.0f a second\n", added, float64(added)/time.Since(start).Seconds())
		}
	}
	fmt.Printf("%d readings added in %v\n", added, time.Since(start).Round(time.Second))
	return nil
}

// question is one kind of question; ask asks the i-th of its kind and returns
// how much was found.
type question struct {
	name string
	ask  func(i int) (int, error)
}

func measure(ctx context.Context, l *ledger.Ledger, rounds int) error {
	r := rand.New(rand.NewPCG(3, 5))
	sample, err := texts(ctx, l, r, 300)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, s := range sample {
		seen := map[string]bool{}
		for _, w := range s.words {
			if !seen[w] {
				seen[w] = true
				count[w]++
			}
		}
	}
	var common, rare []string
	for w, n := range count {
		switch {
		case n*10 >= len(sample):
			common = append(common, w)
		case n == 1:
			rare = append(rare, w)
		}
	}
	slices.Sort(common)
	slices.Sort(rare)
	r.Shuffle(len(common), func(i, j int) { common[i], common[j] = common[j], common[i] })
	r.Shuffle(len(rare), func(i, j int) { rare[i], rare[j] = rare[j], rare[i] })
	of := func(list []string, i int) string { return list[i%len(list)] }
	search := func(query string, f ledger.Filter) (int, error) {
		list, err := l.Search(ctx, query, f, 20, 0)
		return len(list), err
	}
	some := func(s *text, n int) string { // n words of one report
		var list []string
		for range n {
			list = append(list, s.words[r.IntN(len(s.words))])
		}
		return strings.Join(list, " ")
	}
	row := func(s *text, n int) string { // n words that follow each other
		i := r.IntN(max(1, len(s.words)-n))
		return strings.Join(s.words[i:min(i+n, len(s.words))], " ")
	}
	at := func(i int) *text { return &sample[i%len(sample)] }
	day := func(i int) (from, to string) {
		d := first.AddDate(0, 0, r.IntN(days-90))
		return d.Format(time.DateOnly), d.AddDate(0, 0, 1+i%90).Format(time.DateOnly)
	}
	between := func(i int, f ledger.Filter) ledger.Filter { f.From, f.To = day(i); return f }
	event := func(s *text) ledger.Filter {
		f := ledger.Filter{Type: []string{"ASSAULT"}}
		for _, e := range s.events {
			f = ledger.Filter{Type: []string{e.Type}}
			if len(e.Actor) > 0 {
				f.Actor = []string{e.Actor[0].Entity}
				break
			}
		}
		return f
	}
	list := func(f ledger.Filter) (int, error) { x, err := l.List(ctx, f, 50, 0); return len(x), err }
	questions := []question{
		{"search: a common word", func(i int) (int, error) { return search(of(common, i), ledger.Filter{}) }},
		{"search: a rare word", func(i int) (int, error) { return search(of(rare, i), ledger.Filter{}) }},
		{"search: two common words", func(i int) (int, error) {
			return search(of(common, i)+" "+of(common, i*7+1), ledger.Filter{})
		}},
		{"search: two to five words of a report", func(i int) (int, error) { return search(some(at(i), 2+i%4), ledger.Filter{}) }},
		{"search: two to five words in a row", func(i int) (int, error) { return search(row(at(i), 2+i%4), ledger.Filter{}) }},
		{"search: a quoted phrase", func(i int) (int, error) { return search(`"`+row(at(i), 2+i%3)+`"`, ledger.Filter{}) }},
		{"search: a title", func(i int) (int, error) { return search(strings.Join(at(i).title, " "), ledger.Filter{}) }},
		{"search: one or the other, without a third", func(i int) (int, error) {
			return search(of(common, i)+" OR "+of(rare, i)+" -"+of(common, i+3), ledger.Filter{})
		}},
		{"search: two words, an outlet", func(i int) (int, error) {
			return search(some(at(i), 2), ledger.Filter{Outlet: []string{at(i * 3).outlet}})
		}},
		{"search: a common word, three months", func(i int) (int, error) { return search(of(common, i), between(i, ledger.Filter{})) }},
		{"search: two words, type and actor of one event", func(i int) (int, error) { return search(some(at(i), 2), event(at(i*3))) }},
		{"search: the beginning of a word", func(i int) (int, error) {
			w := []rune(strings.ReplaceAll(of(common, i), "\u200c", ""))
			return search(string(w[:min(len(w), 4)])+"*", ledger.Filter{})
		}},
		{"list: all", func(i int) (int, error) { x, err := l.List(ctx, ledger.Filter{}, 50, i); return len(x), err }},
		{"list: an outlet", func(i int) (int, error) { return list(ledger.Filter{Outlet: []string{at(i).outlet}}) }},
		{"list: type and actor of one event", func(i int) (int, error) { return list(event(at(i))) }},
		{"list: type and place, three months", func(i int) (int, error) {
			return list(between(i, ledger.Filter{Type: []string{"ASSAULT"}, Place: []string{"country:IQ"}}))
		}},
		{"list: an entity and an outlet", func(i int) (int, error) {
			return list(ledger.Filter{Entity: []string{at(i).entity}, Outlet: []string{at(i * 3).outlet}})
		}},
		{"list: a speaker who denies", func(i int) (int, error) {
			return list(ledger.Filter{Speaker: []string{at(i).entity}, Act: []string{"deny"}})
		}},
		{"show", func(i int) (int, error) { _, err := l.Full(ctx, at(i).id); return 1, err }},
	}
	// On a busy machine the time on the processor tells more than the clock.
	fmt.Printf("%-50s %8s %8s %8s %8s %8s\n", "milliseconds", "p50", "p95", "most", "cpu", "found")
	for _, q := range questions {
		var took []time.Duration
		found, before := 0, cpu()
		for i := range rounds {
			start := time.Now()
			n, err := q.ask(i)
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			took = append(took, time.Since(start))
			found += n
		}
		slices.Sort(took)
		ms := func(p float64) float64 { return took[int(p*float64(len(took)-1))].Seconds() * 1000 }
		used := (cpu() - before).Seconds() * 1000 / float64(rounds)
		fmt.Printf("%-50s %8.1f %8.1f %8.1f %8.1f %8.1f\n", q.name, ms(.5), ms(.95), ms(1), used, float64(found)/float64(rounds))
	}
	return nil
}

// cpu is the time that this process was on a processor.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
