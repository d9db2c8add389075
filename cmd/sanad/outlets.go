package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

func (p *program) outletsCommand() *cobra.Command {
	var flags filterFlags
	var format string
	cmd := &cobra.Command{
		Use:   "outlets",
		Short: "List which outlet takes words from which, how often and how long after",
		Long: `Lists, for each outlet, how many of its reports take words from another outlet,
from whom, how often, and how long after: the middle of all, and what a quarter of
them lies below and above. Times count where both are known to the minute; else
the days between are given. A common source is no relay and does not count.

The filters are those of "sanad list" and choose the reports that relay; with
--outlet one of the two has to be one of these outlets.`,
		Example: `  sanad outlets --from 1402-01-01
  sanad outlets --outlet "Fars News Agency" --format jsonl`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				lex, err := p.loadLexicon()
				if err != nil {
					return err
				}
				f, err := flags.filter(ctx, l, lex)
				if err != nil {
					return err
				}
				list, err := l.Outlets(ctx, f)
				if err != nil {
					return err
				}
				for i := range list {
					if format == "jsonl" {
						if err := writeJSON(p.out, &list[i]); err != nil {
							return err
						}
						continue
					}
					p.outlet(&list[i], lex)
				}
				if len(list) == 0 {
					fmt.Fprintln(p.err, "sanad: no outlet takes words from another here")
				}
				return nil
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text or jsonl")
	return cmd
}

// outlet prints an outlet, and a line for each that it takes words from.
func (p *program) outlet(o *ledger.Outlet, lex *lexicon.Lexicon) {
	var about []string
	if o.Reports > 0 {
		about = append(about, count(int(o.Reports), "report"))
	}
	if o.Relays > 0 {
		s := fmt.Sprintf("%d of them relayed", o.Relays)
		if o.Reports > 0 {
			s += fmt.Sprintf(" (%.0f %%)", 100*float64(o.Relays)/float64(o.Reports))
		}
		about = append(about, s)
	}
	if o.Taken > 0 {
		about = append(about, fmt.Sprintf("relayed by %d", o.Taken))
	}
	fmt.Fprintf(p.out, "%s  %s\n", outletName(o.ID, o.Name, lex), strings.Join(about, ", "))
	for i := range o.From {
		f := &o.From[i]
		name := outletName(f.ID, f.Name, lex)
		after := ""
		switch {
		case f.Timed == 1:
			after = lag(f.Median)
		case f.Timed > 1:
			after = fmt.Sprintf("%s (%s to %s)", lag(f.Median), timeSpan(f.Low), timeSpan(f.High))
		case f.Days != nil && *f.Days == 0:
			after = "the same day"
		case f.Days != nil:
			after = count(int(*f.Days), "day") + " after"
		}
		var kinds []string
		if f.Copies > 0 {
			kinds = append(kinds, fmt.Sprintf("%d whole", f.Copies))
		}
		if f.Cites > 0 {
			kinds = append(kinds, fmt.Sprintf("%d cited", f.Cites))
		}
		line := fmt.Sprintf("  %5d  from %s%s  %s", f.Relays, name, strings.Repeat(" ", max(26-width(name), 0)), after)
		if len(kinds) > 0 {
			line += "  " + strings.Join(kinds, ", ")
		}
		fmt.Fprintln(p.out, strings.TrimRight(line, " "))
	}
}
