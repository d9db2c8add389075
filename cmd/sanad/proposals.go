package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

// leastProposed is how sure a proposal has to be, unless somebody asks for more.
const leastProposed = 0.6

func (p *program) proposalsCommand() *cobra.Command {
	var least float64
	var limit, offset int
	var format string
	var types []string
	cmd := &cobra.Command{
		Use:   "proposals",
		Short: "List names of several reports that may be of one person or body",
		Long: `Lists names that the lexicon does not have and that may be of one person, body
or place, or of one that the lexicon has, the surest first: by their letters, by
what reports call them, and by whom they are named beside. A person decides:

  sanad proposals accept ID...    they are one (as "sanad merge" says)
  sanad proposals refuse ID...    they are not, and are not proposed again

Both are decisions in the log and can be undone. The confidence is a sum of
weights that were set by hand, no measured probability.`,
		Example: `  sanad proposals --min 0.8 --type PER
  sanad proposals accept 3f9a1c20 --by leila`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			if err := checkPages(limit, offset); err != nil {
				return err
			}
			if least < 0 || least > 1 {
				return usage{errors.New("--min has to be from 0 to 1")}
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				lex, err := p.loadLexicon()
				if err != nil {
					return err
				}
				list, err := l.Proposals(ctx, lex, least)
				if err != nil {
					return err
				}
				list = slices.DeleteFunc(list, func(x ledger.Proposal) bool {
					return len(types) > 0 && !slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, x.Type) })
				})
				list = list[min(offset, len(list)):]
				more := len(list) > limit
				for _, x := range list[:min(limit, len(list))] {
					if format == "jsonl" {
						if err := writeJSON(p.out, x); err != nil {
							return err
						}
						continue
					}
					known := ""
					if x.Known {
						known = ", which the lexicon has"
					}
					fmt.Fprintf(p.out, "%s  %.2f  %s %s is %s%s\n    %s\n    sanad merge %s %s\n", x.ID, x.Confidence, x.Type, digest.Isolate(x.OtherName), digest.Isolate(x.IntoName), known,
						strings.Join(x.Why, "; "), x.Into, x.Other)
				}
				if more && format == "text" {
					fmt.Fprintf(p.err, "sanad: there are more: --offset %d, or a larger --limit\n", offset+limit)
				}
				return nil
			})
		},
	}
	s := cmd.Flags()
	s.Float64Var(&least, "min", leastProposed, "how sure they have to be, 0 to 1")
	s.StringSliceVar(&types, "type", nil, "of this type: PER, ORG, GRP, MEDIA, PLACE")
	pages(cmd, &limit, &offset, &format)
	cmd.AddCommand(p.decideProposals("accept", "Say that the two entities of a proposal are one; it can be undone", (*ledger.Ledger).Accept),
		p.decideProposals("refuse", "Say that the two entities of a proposal are not one; it can be undone", (*ledger.Ledger).Refuse))
	return cmd
}

func (p *program) decideProposals(name, short string, decide func(*ledger.Ledger, context.Context, ledger.Proposal, string) (review.Decision, error)) *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   name + " ID...",
		Short: short,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage{errors.New("give the ids of proposals, as \"sanad proposals\" prints them")}
			}
			who, err := author(by)
			if err != nil {
				return err
			}
			ctx, stop := interruptible()
			defer stop()
			l, err := p.open(ctx, ledger.Options{})
			if err != nil {
				return err
			}
			defer l.Close()
			lex, err := p.loadLexicon()
			if err != nil {
				return err
			}
			list, err := l.Proposals(ctx, lex, 0)
			if err != nil {
				return err
			}
			var chosen []ledger.Proposal
			for _, id := range args { // all are looked up before anything is decided
				i := slices.IndexFunc(list, func(x ledger.Proposal) bool { return x.ID == strings.ToLower(id) })
				if i < 0 {
					return usage{fmt.Errorf("there is no proposal %q: it may be decided already", id)}
				}
				chosen = append(chosen, list[i])
			}
			for _, x := range chosen {
				d, err := decide(l, ctx, x, who)
				if err != nil {
					return err
				}
				p.made(&d)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default $SANAD_AUTHOR, else your user name)")
	return cmd
}
