package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/ledger"
)

// linkMemory is what linking may hold in bytes, beside what SQLite keeps of its
// file: the signatures of 32,768 reports are up to 260 MB, the texts that are compared some 60 MB.
const linkMemory = 384 << 20

func (p *program) linkCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "link",
		Short: "Find who takes words from whom, and which reports tell of one thing",
		Long: `Links the reports that came in or changed since the last time: who takes words
from whom, which reports rest on one origin, and which tell of one incident.
"sanad relays", "sanad outlets" and "sanad incidents" show what was found.

A report is compared with the 16,384 before it in the order of the days of
publication. It can be stopped at any time; the next run goes on. With --all
everything is linked anew, which is right after many reports came in at once,
since what an outlet prints under all its reports is learnt from them.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lex, err := p.loadLexicon()
			if err != nil {
				return err
			}
			defer p.profile()()
			debug.SetGCPercent(100)
			debug.SetMemoryLimit(linkMemory)
			return p.at(ledger.Options{}, func(ctx context.Context, l *ledger.Ledger) error {
				return p.link(ctx, l, ledger.NewLinker(lex), all)
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "link all reports anew")
	return cmd
}

func (p *program) link(ctx context.Context, l *ledger.Ledger, lk *ledger.Linker, all bool) error {
	var n int64
	step, show := "", func(done, of int64) {}
	out, err := l.Link(ctx, lk, ledger.LinkOptions{All: all, Progress: func(what string, done, of int64) {
		if what != step {
			step, show = what, p.steps(what, &n)
		}
		show(done, of)
	}})
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
			return errors.New("stopped; run the command again to go on")
		}
		return err
	}
	var kinds []string
	for _, k := range [...]struct{ how, say string }{{"copy", "copied whole"}, {"edited", "edited"}, {"cites", "cited in other words"}, {"common", "by a common source"}} {
		if n := out.Links[k.how]; n > 0 {
			kinds = append(kinds, fmt.Sprintf("%d %s", n, k.say))
		}
	}
	found := "no links"
	if len(kinds) > 0 {
		found = "links: " + strings.Join(kinds, ", ") + "; " + count(int(out.Origins), "origin") + " of several reports"
	}
	anew := ""
	if out.Anew && out.Signed < out.Reports {
		anew = " (all were compared anew)"
	}
	fmt.Fprintf(p.err, "sanad: %s linked, %d of them new or changed%s; ledger %s\n", count(int(out.Reports), "report"), out.Signed, anew, l.Where())
	fmt.Fprintf(p.err, "sanad: %s; %s\n", found, count(int(out.Incidents), "incident"))
	if out.Unplaced > 0 {
		fmt.Fprintf(p.err, "sanad: %s of people found no place: their words are no longer read as they were\n", count(int(out.Unplaced), "decision"))
	}
	return nil
}
