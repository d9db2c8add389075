package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/ledger"
)

func (p *program) rereadCommand() *cobra.Command {
	var all, quiet bool
	cmd := &cobra.Command{
		Use:   "reread [ID...]",
		Short: "Read reports again after a new version or lexicon; say what changed",
		Long: `Reads reports of the ledger again. Without ids: those whose reading in force was
made by another version of Sanad or with another lexicon; with --all every report.

New readings stand beside the old ones, which are kept. What changed is printed,
a line a change. Decisions of people are carried over wherever the words they
rest on are still read; where they are not, the decision still holds and is
listed, so that somebody looks again.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := p.reader()
			if err != nil {
				return err
			}
			return p.at(ledger.Options{}, func(ctx context.Context, l *ledger.Ledger) error {
				m := ledger.NewMaker(d, version())
				ids := args
				if len(args) == 0 {
					if err := l.Outdated(ctx, m, all, func(id string) error { ids = append(ids, id); return nil }); err != nil {
						return err
					}
				}
				return p.rereadAll(ctx, l, m, ids, quiet)
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every report")
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "print only the summary")
	return cmd
}

func (p *program) rereadAll(ctx context.Context, l *ledger.Ledger, m *ledger.Maker, ids []string, quiet bool) error {
	var changed, lost int
	for _, id := range ids {
		r, err := l.Reread(ctx, m, id)
		if err != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("stopped; run the command again to go on")
			}
			p.exit = exitFailed
			fmt.Fprintln(p.err, "sanad:", err)
			continue
		}
		if !r.Same {
			changed++
		}
		lost += len(r.Lost)
		if quiet || len(r.Changes)+len(r.Lost)+len(r.Moved) == 0 {
			continue
		}
		fmt.Fprintf(p.out, "%s  %s\n", r.ID, digest.Isolate(r.Title))
		for _, c := range r.Changes {
			fmt.Fprintf(p.out, "    %s\n", c)
		}
		for _, f := range r.Moved {
			fmt.Fprintf(p.out, "    decided: %s %s was judged; the machine now says otherwise of: %v\n", f.Target.Kind, f.Target.ID, f.Moved)
		}
		for _, x := range r.Lost {
			fmt.Fprintf(p.out, "    decided: %s of %s by %s finds no evidence: %s\n", x.Decision.Action, x.Decision.Target.Kind, x.Decision.Author, x.Why)
		}
	}
	fmt.Fprintf(p.err, "sanad: %s read again, %d changed, %s without evidence now\n", count(len(ids), "report"), changed, count(lost, "decision"))
	return nil
}
