package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/feed"
	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/intake"
	"github.com/sanad-project/sanad/ledger"
)

// shortest is the least time between two rounds: a feed that is asked more
// often than once a minute is a nuisance to who serves it.
const shortest = time.Minute

func (p *program) watchCommand() *cobra.Command {
	w := &watcher{program: p, wait: wait, random: rand.Float64}
	var ask askFlags
	cmd := &cobra.Command{
		Use:   "watch FEED...",
		Short: "Go on collecting what feeds announce, politely",
		Long: `Asks feeds again and again and keeps the reports that they announce. A FEED is
the address of a feed (RSS, Atom, JSON Feed, or the preview of a Telegram channel,
https://t.me/s/NAME), or a list of feeds in OPML, a file or an address. Lists are
read anew each round.

Sites are asked politely: robots.txt counts, one request at a time to a host with
two seconds between, nothing is sent again that has not changed. A feed that fails
is asked ever more seldom, down to once a day; an article that could not be read
is not fetched again each round. No private address is reached unless
--allow-private says so.

Each round ends with a line on standard error. Ctrl-C or SIGTERM stops the program
between two reports; what was reported is kept, and the next run goes on.`,
		Example: `  sanad watch feeds.opml --every 15m
  sanad watch --once https://khabar.example/rss    # for cron`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage{errors.New("nothing to watch: give the address of a feed, or a list of feeds (OPML)")}
			}
			if err := ask.check(); err != nil {
				return err
			}
			if w.every <= 0 || w.every < shortest && !ask.private { // whoever watches a server of their own knows what it bears
				return usage{fmt.Errorf("--every %s: give a minute or more", w.every)}
			}
			d, err := p.reader()
			if err != nil {
				return err
			}
			w.maker, w.fetcher = ledger.NewMaker(d, version()), ask.fetcher()
			return p.at(ledger.Options{Create: true}, func(ctx context.Context, l *ledger.Ledger) error {
				w.ledger = l
				return w.run(ctx, args)
			})
		},
	}
	f := cmd.Flags()
	f.DurationVar(&w.every, "every", 15*time.Minute, "time between two rounds; a tenth more or less at random")
	f.BoolVar(&w.once, "once", false, "one round only")
	f.BoolVarP(&w.quiet, "quiet", "q", false, "print no line a report")
	ask.add(cmd)
	return cmd
}

// watcher goes round after round.
type watcher struct {
	*program
	ledger  *ledger.Ledger
	maker   *ledger.Maker
	fetcher *fetch.Fetcher
	every   time.Duration
	once    bool
	quiet   bool

	wait   func(context.Context, time.Duration) // until a time has passed or the context is done
	random func() float64
	lists  map[string][]string // of feeds, as they were read last
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// forgetAfter is how long an address is remembered that no feed names.
const forgetAfter = 180 * 24 * time.Hour

// run goes on until ctx is done. Being stopped is how a watch ends, so that is
// no failure.
func (w *watcher) run(ctx context.Context, args []string) error {
	if err := w.ledger.Forget(ctx, time.Now().Add(-forgetAfter)); err != nil {
		return err
	}
	w.lists = map[string][]string{}
	for n := 1; ; n++ {
		begin := time.Now()
		feeds, trouble := w.feeds(ctx, args)
		if ctx.Err() != nil {
			return w.stopped()
		}
		if len(feeds) == 0 && n == 1 && len(trouble) > 0 {
			return trouble[0].Err
		}
		line, failed, err := w.round(ctx, feeds, trouble)
		if err != nil {
			return err
		}
		next := ""
		pause := time.Duration(float64(w.every)*(0.9+0.2*w.random())) - time.Since(begin)
		// A round that took longer than its time is followed by a breath all the same.
		pause = max(pause, w.every/10)
		if !w.once && ctx.Err() == nil {
			next = "; the next at " + time.Now().Add(pause).Format("15:04:05")
		}
		fmt.Fprintf(w.err, "sanad: %s round %d: %s%s\n", begin.Format("2006-01-02 15:04:05"), n, line, next)
		if w.once && failed {
			w.exit = exitSome
		}
		if ctx.Err() != nil {
			return w.stopped()
		}
		if w.once {
			return nil
		}
		if w.wait(ctx, pause); ctx.Err() != nil {
			return w.stopped()
		}
	}
}

func (w *watcher) stopped() error {
	fmt.Fprintln(w.err, "sanad: stopped; what is reported above is kept in", w.ledger.Where())
	return nil
}

// memory is the ledger as the collector knows it.
type memory struct{ *ledger.Ledger }

func (m memory) Recall(ctx context.Context, url string) (intake.Memo, error) {
	f, err := m.Fetched(ctx, url)
	return intake.Memo(f), err
}

func (m memory) Keep(ctx context.Context, list ...intake.Memo) error {
	out := make([]ledger.Fetch, len(list))
	for i, x := range list {
		out[i] = ledger.Fetch(x)
	}
	return m.Remember(ctx, out...)
}

// round asks all feeds once. The error is the ledger's: without it there is
// nothing to go on with.
func (w *watcher) round(ctx context.Context, feeds []string, trouble []intake.Failure) (line string, failed bool, err error) {
	c := &intake.Collector{Get: w.fetcher.Get, Memory: memory{w.ledger}, Every: w.every, Now: func() time.Time { return time.Now().UTC() }}
	r := c.Begin()
	a := &adder{program: w.program, ledger: w.ledger, maker: w.maker, quiet: w.quiet, settled: r.Settle}
	err = a.run(ctx, -1, func(ctx context.Context, yield func(input.Item) bool) { r.Run(ctx, feeds, yield) })
	if errors.Is(err, errStopped) {
		err = nil // the user's wish, and no failure
	}
	// What was settled is remembered even when the user stopped the round.
	err = errors.Join(err, r.Close(context.WithoutCancel(ctx)))
	r.Failed = append(trouble, r.Failed...)
	for _, f := range r.Failed {
		failed = failed || !intake.Unreadable(f.Err)
	}
	return roundLine(r, a), failed, err
}

// mostReasons is how many failures a round's line names.
const mostReasons = 3

func roundLine(r *intake.Round, a *adder) string {
	parts := []string{count(r.Feeds, "feed") + " looked at", count(a.new, "new report")}
	for _, x := range []struct {
		n    int
		what string
	}{{a.known, "known from elsewhere"}, {a.again, "there already"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", x.n, x.what))
		}
	}
	for _, x := range []struct {
		n         int
		one, many string
	}{
		{r.Unchanged, "1 feed unchanged", "%d feeds unchanged"}, {r.Resting, "1 feed left to rest after failures", "%d feeds left to rest after failures"},
		{r.Later, "1 article left for later", "%d articles left for later"},
	} {
		switch {
		case x.n == 1:
			parts = append(parts, x.one)
		case x.n > 1:
			parts = append(parts, fmt.Sprintf(x.many, x.n))
		}
	}
	if n := len(r.Failed); n > 0 {
		var reasons []string
		for _, f := range r.Failed[:min(n, mostReasons)] {
			reasons = append(reasons, reasonOf(f))
		}
		if n > mostReasons {
			reasons = append(reasons, fmt.Sprintf("and %d more", n-mostReasons))
		}
		parts = append(parts, fmt.Sprintf("%d failed (%s)", n, strings.Join(reasons, " | ")))
	}
	return strings.Join(parts, ", ")
}

// reasonOf is a failure on one line, with the address once.
func reasonOf(f intake.Failure) string {
	s := f.Err.Error()
	if !strings.HasPrefix(s, f.URL) {
		s = f.URL + ": " + s
	}
	return strings.Join(strings.Fields(s), " ")
}

// feeds reads what is to be watched: addresses of feeds, and lists of them. A
// list that cannot be read now stays as it was; of one that is cut off the
// beginning counts.
func (w *watcher) feeds(ctx context.Context, args []string) (feeds []string, trouble []intake.Failure) {
	for _, a := range args {
		isURL := strings.Contains(a, "://")
		if isURL && !strings.HasSuffix(strings.ToLower(strings.SplitN(a, "?", 2)[0]), ".opml") {
			feeds = append(feeds, a)
			continue
		}
		list, err := w.list(ctx, a, isURL)
		if err != nil {
			trouble = append(trouble, intake.Failure{URL: a, Feed: true, Err: fmt.Errorf("%s: %w", a, err)})
			if old := w.lists[a]; len(old) > 0 {
				list = old
			}
		}
		w.lists[a] = list
		feeds = append(feeds, list...)
	}
	return feeds, trouble
}

// list reads a list of feeds.
func (w *watcher) list(ctx context.Context, name string, isURL bool) ([]string, error) {
	var raw []byte
	base := ""
	if isURL {
		p, err := w.fetcher.Get(ctx, name, fetch.Cond{})
		if err != nil {
			return nil, err
		}
		raw, base = p.Body, p.URL
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, errors.New("no such file; the address of a feed begins with https://")
		}
		defer f.Close()
		if raw, err = io.ReadAll(io.LimitReader(f, feed.MaxBytes+1)); err != nil {
			return nil, err
		}
	}
	if feed.Sniff(bytes.TrimSpace(raw)) == feed.IsFeed {
		return nil, errors.New("this is a feed and no list of feeds: give its address to watch it, or \"sanad add\" to read the file once")
	}
	list, cut, err := feed.OPML(raw, "", base)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, o := range list {
		out = append(out, o.URL)
	}
	if cut {
		err = errors.New("the list is cut off before its end; the feeds before that are watched")
	}
	return out, err
}
