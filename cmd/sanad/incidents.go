package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/review"
)

func (p *program) incidentsCommand() *cobra.Command {
	var names filterFlags
	var f ledger.IncidentFilter
	var limit, offset int
	var format string
	cmd := &cobra.Command{
		Use:   "incidents",
		Short: "List what reports tell of: which tell of one thing, the latest first",
		Long: `Lists incidents: what one report or several tell of, the latest day first. All
filters that are given have to hold; of several values of one filter one has to.
"sanad link" makes them.

A grade is one that a person gave; what the rule suggests stands behind it with
a question mark.`,
		Example: `  sanad incidents --place Iraq --min-origins 2
  sanad incidents --actor حماس --from 1402-07-01 --contradicted`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			if err := checkPages(limit, offset); err != nil {
				return err
			}
			for flag, list := range map[string][]string{"grade": f.Grade, "suggested": f.Suggested} {
				for _, g := range list {
					if err := oneOf(flag, g, review.Grades...); err != nil {
						return err
					}
				}
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				lex, err := p.loadLexicon()
				if err != nil {
					return err
				}
				if err := incidentNames(ctx, l, lex, &names, &f); err != nil {
					return err
				}
				if f.Report != "" {
					x, err := l.Report(ctx, f.Report)
					if err != nil {
						return err
					}
					f.Report = x.ID
				}
				list, err := l.Incidents(ctx, f, limit+1, offset)
				if err != nil {
					return err
				}
				if len(list) == 0 {
					if yet, err := l.LinkedYet(ctx); err != nil || !yet {
						fmt.Fprintln(p.err, "sanad: reports are not linked yet: run \"sanad link\"")
						return err
					}
				}
				more := len(list) > limit
				if more {
					list = list[:limit]
				}
				for i := range list {
					if format == "jsonl" {
						if err := writeJSON(p.out, list[i]); err != nil {
							return err
						}
						continue
					}
					incidentLine(p.out, &list[i])
				}
				if more && format == "text" {
					fmt.Fprintf(p.err, "sanad: there are more: --offset %d, or a larger --limit\n", offset+limit)
				}
				return nil
			})
		},
	}
	s := cmd.Flags()
	s.StringVar(&names.from, "from", "", "it was on this day or later: ISO (2024-03-10) or Jalali (1402-12-20)")
	s.StringVar(&names.to, "to", "", "it was on this day or earlier")
	s.StringSliceVar(&f.Kind, "kind", nil, "what it was: violence, arrest, meeting, ...")
	s.StringSliceVar(&names.place, "place", nil, "where: id or name; a country stands for all places in it")
	s.StringSliceVar(&names.actor, "actor", nil, "who did it, by some account")
	s.StringSliceVar(&names.recipient, "recipient", nil, "to whom, by some account")
	s.StringSliceVar(&names.outlet, "outlet", nil, "told by this outlet")
	s.StringSliceVar(&f.Grade, "grade", nil, "graded so by a person: "+strings.Join(review.Grades, ", "))
	s.StringSliceVar(&f.Suggested, "suggested", nil, "the rule suggests this grade")
	s.IntVar(&f.MinReports, "min-reports", 0, "told by so many reports at least")
	s.IntVar(&f.MinOrigins, "min-origins", 0, "told by so many independent origins at least")
	s.BoolVar(&f.Contradicted, "contradicted", false, "reports say what cannot both be true")
	s.StringVar(&f.Report, "report", "", "this report tells of it, or is attached to it")
	s.StringVar(&f.Head, "head", "", "its heading has these words, in any spelling")
	for _, flag := range []string{"grade", "suggested"} {
		cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(review.Grades, cobra.ShellCompDirectiveNoFileComp))
	}
	pages(cmd, &limit, &offset, &format)
	return cmd
}

// incidentNames resolves the names and days of a filter. Who is in no lexicon
// is found by the name as it stands, too.
func incidentNames(ctx context.Context, l *ledger.Ledger, lex *lexicon.Lexicon, names *filterFlags, f *ledger.IncidentFilter) error {
	r, err := names.filter(ctx, l, lex)
	if err != nil {
		return err
	}
	f.From, f.To = r.From, r.To
	f.Outlet, f.Place = r.Outlet, append(r.Place, names.place...)
	f.Actor, f.Recipient = append(r.Actor, names.actor...), append(r.Recipient, names.recipient...)
	return nil
}

// incidentLine prints an incident on three lines.
func incidentLine(w io.Writer, x *ledger.IncidentRow) {
	at := []string{days(x.First, x.Last)}
	if x.Place != "" {
		at = append(at, digest.Isolate(x.Place))
	}
	about := []string{digest.Isolate(strings.Join(x.Kinds, " ")), toldBy(x.Reports, x.Origins)}
	if x.Killed != nil {
		about = append(about, "killed "+spread(x.Killed.Low, x.Killed.Best, x.Killed.High))
	}
	if x.Contradictions > 0 {
		about = append(about, count(x.Contradictions, "contradiction"))
	}
	about = append(about, gradeOf(x))
	fmt.Fprintf(w, "%s  %s\n    %s\n    %s\n", x.ID, strings.Join(at, ", "), digest.Isolate(x.Head), strings.Join(about, ", "))
}

// gradeOf is the grade that a person gave, else the suggested one with a
// question mark.
func gradeOf(x *ledger.IncidentRow) string {
	if x.Grade != "" {
		return x.Grade
	}
	return x.Suggested + "?"
}

// days writes the days on which something was.
func days(first, last string) string {
	switch first {
	case "":
		return "day unknown"
	case last:
		return digest.Day(first)
	}
	return digest.Day(first) + " to " + digest.Day(last)
}

func toldBy(reports, origins int) string {
	return fmt.Sprintf("%s of %s", count(reports, "report"), count(origins, "origin"))
}

// spread writes a range with its best value.
func spread(low, best, high int64) string {
	if low == high {
		return fmt.Sprint(best)
	}
	return fmt.Sprintf("%d (%d to %d)", best, low, high)
}
