package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/intake"
	"github.com/sanad-project/sanad/ledger"
)

func (p *program) addCommand() *cobra.Command {
	var def input.Defaults
	var quiet bool
	var ask askFlags
	cmd := &cobra.Command{
		Use:   "add WHAT...",
		Short: "Read reports and keep them in the ledger",
		Long: `Reads reports and keeps them: the bytes they came from, when and from where,
and what was read from them. What is in the ledger already is not read again, so
a run that was stopped is simply started again.

WHAT is a file (.txt, .jsonl, .json, .html, a feed in .xml, .rss or .atom, a list
of feeds in .opml, .warc, any of them with .gz or .zst), a folder of these, the address of
a page, feed or list of feeds, or - for the standard input. Records that "sanad read"
has written (.jsonl, or a column of a .parquet file) are checked and taken in as they
are, with the version and lexicon that made them. The articles that a
feed announces are fetched, those that are held already are not. Sites are asked
politely: robots.txt counts, one request at a time to a host with a pause between,
and no private address is reached unless --allow-private says so.

One line a report goes to standard output when it is safely kept: new, known
(the same report came in again from elsewhere) or again (nothing new), its id,
and where it came from. What cannot be read is named on standard error; the
others are kept, and the exit code is 3.`,
		Example: `  sanad add report.txt folder/ articles.jsonl crawl.warc.gz
  sanad add https://khabar.example/news/1 https://khabar.example/rss feeds.opml
  sanad add --ledger postgres://localhost/sanad articles.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if def.Published != "" {
				if _, err := sanad.ParseDate(def.Published); err != nil {
					return usage{fmt.Errorf("--published: %w", err)}
				}
			}
			if err := ask.check(); err != nil {
				return err
			}
			if len(args) == 0 {
				return usage{errors.New("nothing to add: give a file, a folder, an address, or - for the standard input")}
			}
			d, err := p.reader()
			if err != nil {
				return err
			}
			roomForBatches()
			return p.at(ledger.Options{Create: true}, func(ctx context.Context, l *ledger.Ledger) error {
				defer p.profile()()
				a := &adder{program: p, ledger: l, maker: ledger.NewMaker(d, version()), quiet: quiet}
				opt := intake.Options{Stdin: p.in, Defaults: def, Keep: true, Get: ask.fetcher()}
				opt.Known = func(url string) bool { known, err := l.Holds(ctx, url); return known && err == nil }
				return a.run(ctx, intake.Size(args), func(ctx context.Context, yield func(input.Item) bool) { intake.Each(ctx, args, opt, yield) })
			})
		},
	}
	f := cmd.Flags()
	ask.add(cmd)
	f.BoolVarP(&quiet, "quiet", "q", false, "print no line a report")
	f.StringVar(&def.Published, "published", "", "day of publication of reports that do not say it: ISO (2024-03-10) or Jalali (1402-12-20)")
	f.StringVar(&def.Outlet, "outlet", "", "outlet of reports that do not say it, as it calls itself")
	f.StringVar(&def.Title, "title", "", "title of a report that has none")
	return cmd
}

// adder reads items and keeps them. Workers read; one goroutine writes, many
// reports to a transaction.
type adder struct {
	*program
	ledger *ledger.Ledger
	maker  *ledger.Maker
	quiet  bool
	fresh  bool // the ledger held nothing at the start: nothing can be there already

	new, known, again, failed, reread int
	bar                               *bar

	// settled, where there is one, is told the fate of each item: nil where it is
	// kept. The lines about failures and the summary are then its affair.
	settled func(context.Context, *input.Item, error) error
}

// A transaction is closed when it holds so many reports, when its first one has
// waited so long, or when nothing has come for a moment.
const (
	batchSize = 500
	batchWait = time.Second
	batchIdle = 300 * time.Millisecond
)

// roomForBatches lets the collector of garbage wait longer than for reading
// alone: each time it looks at the whole lexicon, and a thousand reports on
// their way into the ledger would call it twice as often.
func roomForBatches() {
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(320 << 20)
}

// errStopped says that the user stopped the program.
var errStopped = errors.New("stopped; what is reported above is kept: run the command again to go on")

// kept is one item on its way into the ledger.
type kept struct {
	item  input.Item
	entry *ledger.Entry
	again bool
	err   error
	done  chan struct{}
}

// run keeps what source yields. It returns when source is at its end or ctx is
// done; what was read by then is kept.
func (a *adder) run(ctx context.Context, size int64, source func(context.Context, func(input.Item) bool)) error {
	jobs := a.jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	held, err := a.ledger.List(ctx, ledger.Filter{}, 1, 0)
	if err != nil {
		return err
	}
	a.fresh = len(held) == 0
	a.bar = a.progress(size)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		work  = make(chan *kept)
		order = make(chan *kept, 4*jobs)      // reports are numbered in the order of the input
		ready = make(chan *kept, 2*batchSize) // what is read while a transaction is written
		gate  = newGate(room)
		wg    sync.WaitGroup
	)
	for range jobs {
		wg.Go(func() {
			for k := range work {
				a.one(context.WithoutCancel(ctx), k)
				close(k.done)
			}
		})
	}
	go func() {
		source(ctx, func(it input.Item) bool {
			if ctx.Err() != nil {
				return false
			}
			k := &kept{item: it, done: make(chan struct{})}
			gate.enter(len(it.Article.Text))
			order <- k
			work <- k // a worker is always on its way back
			return true
		})
		close(work)
		close(order)
	}()
	go func() {
		for k := range order {
			<-k.done
			gate.leave(len(k.item.Article.Text))
			if k.item.Raw = nil; a.settled == nil {
				k.item.Article.Text = "" // many wait for one transaction
			}
			ready <- k
		}
		close(ready)
	}()
	failed := a.write(ctx, ready, cancel)
	wg.Wait()
	a.bar.finish()
	if a.settled == nil {
		a.summary()
	}
	if failed != nil {
		return failed
	}
	if err := context.Cause(ctx); err != nil {
		return errStopped
	}
	return nil
}

// one reads one item.
func (a *adder) one(ctx context.Context, k *kept) {
	it := &k.item
	defer func() {
		if v := recover(); v != nil {
			k.err = fmt.Errorf("a defect in Sanad stopped the reading of this report, please report it: %v", v)
			if os.Getenv("SANAD_DEBUG") != "" {
				panic(v)
			}
		}
	}()
	if k.err = it.Err; k.err != nil {
		return
	}
	if !a.fresh {
		k.again, k.err = a.ledger.Has(ctx, it)
	}
	if k.err == nil && !k.again {
		k.entry, k.err = a.maker.Entry(it)
	}
}

// write keeps what was read, in the order of the input.
func (a *adder) write(ctx context.Context, ready <-chan *kept, cancel context.CancelCauseFunc) error {
	// What was read is written even when the user stops the program.
	ctx = context.WithoutCancel(ctx)
	var batch []*kept
	var failed error
	var began time.Time
	settle := func(k *kept) {
		if a.settled != nil && failed == nil {
			if failed = a.settled(ctx, &k.item, k.err); failed != nil {
				cancel(failed)
			}
		}
	}
	flush := func() {
		if failed == nil && len(batch) > 0 {
			if failed = a.keep(ctx, batch); failed != nil {
				cancel(failed)
			}
			for _, k := range batch {
				settle(k)
			}
		}
		batch = batch[:0]
	}
	for {
		var k *kept
		var ok bool
		wait := time.NewTimer(batchIdle)
		select {
		case k, ok = <-ready:
		case <-wait.C: // the source is slow: what is there does not wait for it
			flush()
			k, ok = <-ready
		}
		wait.Stop()
		if !ok {
			flush()
			return failed
		}
		a.bar.add(k.item.Bytes)
		switch {
		case failed != nil:
		case k.err != nil && a.settled != nil:
			a.failed++
			settle(k)
		case k.err != nil:
			a.failed++
			a.exit = exitSome
			a.bar.clear()
			fmt.Fprintf(a.err, "sanad: %s: %v\n", k.item.Place(), k.err)
		case k.again:
			a.again++
			settle(k)
		default:
			if len(batch) == 0 {
				began = time.Now()
			}
			if batch = append(batch, k); len(batch) >= batchSize || time.Since(began) > batchWait {
				flush()
			}
		}
	}
}

// keep writes one transaction and says what is kept.
func (a *adder) keep(ctx context.Context, batch []*kept) error {
	entries := make([]*ledger.Entry, len(batch))
	for i, k := range batch {
		entries[i] = k.entry
	}
	added, err := a.ledger.Add(ctx, entries)
	if err != nil {
		return err
	}
	for i, x := range added {
		word := "known"
		switch {
		case x.New:
			a.new++
			word = "new"
		case x.Again:
			a.again++
			word = "again"
		default:
			a.known++
		}
		if x.Stale {
			if _, err := a.ledger.Reread(ctx, a.maker, x.ID); err != nil {
				return err
			}
			a.reread++
		}
		if a.quiet {
			continue
		}
		a.bar.clear()
		version := ""
		if x.VersionOf != "" && x.New {
			version = "\tanother version of " + x.VersionOf
		}
		fmt.Fprintf(a.out, "%s\t%s\t%s%s\n", word, x.ID, batch[i].item.Where(), version)
	}
	return nil
}

func (a *adder) summary() {
	parts := []string{count(a.new, "new report")}
	if a.known > 0 {
		parts = append(parts, fmt.Sprintf("%d known from elsewhere", a.known))
	}
	if a.again > 0 {
		parts = append(parts, fmt.Sprintf("%d there already", a.again))
	}
	if a.reread > 0 {
		parts = append(parts, fmt.Sprintf("%d read again with what is known now", a.reread))
	}
	if a.failed > 0 {
		parts = append(parts, fmt.Sprintf("%d could not be read", a.failed))
	}
	fmt.Fprintf(a.err, "sanad: %s; ledger %s\n", strings.Join(parts, ", "), a.ledger.Where())
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
