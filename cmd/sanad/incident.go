package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/digest"
	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/review"
)

func (p *program) incidentCommand() *cobra.Command {
	var by, format string
	cmd := &cobra.Command{
		Use:   "incident ID [ACTION]",
		Short: "Show who tells what of one thing, and where they differ; join, part or grade it",
		Long: `With an id alone, shows an incident: the reports that tell of it, with why they
belong there; what is said about it without telling that it happened (threats,
plans, denials, retractions, claims of responsibility); and field by field each
value that is given, on whose word, through whom, in which words, and from how
many independent origins. What cannot both be true is marked, never averaged.

With an action, appends a decision to the log; it holds when reports are linked
or read again.

  sanad incident ID join OTHER          the two incidents are one
  sanad incident ID part REPORT...      these reports tell of something else
  sanad incident ID grade GRADE         confirmed, fair, weak, contested or
                                        discounted; none takes it back
  sanad incident ID note TEXT           a remark
  sanad incident ID undo [N]            decision N no longer counts, or the last
                                        one about this incident`,
		Example: `  sanad incident 4c1f
  sanad incident 4c1f part b68f 25c0
  sanad incident 4c1f grade fair`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage{errors.New("give the id of an incident, as \"sanad incidents\" prints it")}
			}
			if err := oneOf("format", format, "text", "jsonl"); err != nil {
				return err
			}
			if len(args) > 1 {
				return p.decideIncident(by, args)
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				x, err := p.incidentOf(ctx, l, args[0])
				if err != nil {
					return err
				}
				if format == "jsonl" {
					return writeJSON(p.out, struct {
						incident.Linked
						Grade     string            `json:"grade"` // that a person gave
						Decisions []review.Decision `json:"decisions,omitempty"`
					}{x.Linked, x.Grade, x.Log})
				}
				lex, err := p.loadLexicon()
				if err != nil {
					return err
				}
				p.incidentPage(x, lex)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who decides (default $SANAD_AUTHOR, else your user name)")
	cmd.Flags().StringVarP(&format, "format", "f", "text", "text or jsonl, all on one line")
	return cmd
}

// incidentOf finds an incident; where there are none at all it says why.
func (p *program) incidentOf(ctx context.Context, l *ledger.Ledger, id string) (*ledger.IncidentFull, error) {
	x, err := l.Incident(ctx, id)
	var none *ledger.NoIncident
	if errors.As(err, &none) {
		if yet, e := l.LinkedYet(ctx); e == nil && !yet {
			return nil, fmt.Errorf("%w: reports are not linked yet: run \"sanad link\"", err)
		}
	}
	return x, err
}

// decideIncident makes the decision of a command line: ID ACTION ....
func (p *program) decideIncident(by string, args []string) error {
	who, err := author(by)
	if err != nil {
		return err
	}
	o := ledger.OnIncident{Author: who, Action: review.Action(args[1]), Incident: args[0]}
	rest := args[2:]
	need := func(least, most int, how string) error {
		if len(rest) < least || len(rest) > most {
			return usage{fmt.Errorf("write: sanad incident %s %s", args[0], how)}
		}
		return nil
	}
	switch o.Action {
	case review.Join:
		err = need(1, 1, "join OTHER")
	case review.Part:
		err = need(1, review.MaxAccounts, "part REPORT...")
		o.Reports = rest
	case review.Grade:
		if err = need(1, 1, "grade "+strings.Join(review.Grades, "|")+"|none"); err == nil && rest[0] != "none" {
			o.Grade = rest[0]
			err = oneOf("grade", o.Grade, review.Grades...)
		}
	case review.Note:
		err = need(1, 1<<20, "note TEXT")
		o.Note = strings.Join(rest, " ")
	case review.Undo:
		if err = need(0, 1, "undo [N]"); err == nil && len(rest) == 1 {
			if o.Undoes, err = strconv.ParseInt(rest[0], 10, 64); err != nil || o.Undoes < 1 {
				err = usage{fmt.Errorf("undo %s: give the number of a decision, as \"sanad incident %s\" prints it", rest[0], args[0])}
			}
		}
	default:
		err = usage{fmt.Errorf("there is no action %q: give join, part, grade, note or undo", args[1])}
	}
	if err != nil {
		return err
	}
	return p.at(ledger.Options{}, func(ctx context.Context, l *ledger.Ledger) error {
		// What was seen has to hold still when the decision is written.
		x, err := p.incidentOf(ctx, l, o.Incident)
		if err != nil {
			return err
		}
		o.Incident, o.Seen = x.ID, x.Seen
		if o.Action == review.Join {
			y, err := p.incidentOf(ctx, l, rest[0])
			if err != nil {
				return err
			}
			o.Other, o.SeenToo = y.ID, y.Seen
		}
		lex, err := p.loadLexicon()
		if err != nil {
			return err
		}
		d, err := l.DecideIncident(ctx, ledger.NewLinker(lex), o)
		if err != nil {
			return err
		}
		p.made(&d)
		return p.moved(ctx, l, &d)
	})
}

// moved says under which id an incident goes on that a decision gave another
// earliest report.
func (p *program) moved(ctx context.Context, l *ledger.Ledger, d *review.Decision) error {
	var none *ledger.NoIncident
	if _, err := l.Incident(ctx, d.Target.ID); err == nil || !errors.As(err, &none) {
		return err
	}
	list, err := l.Incidents(ctx, ledger.IncidentFilter{Report: d.Accounts[0].Report}, 10, 0)
	for i := range list {
		fmt.Fprintf(p.err, "sanad: see incident %s  %s\n", list[i].ID, digest.Isolate(list[i].Head))
	}
	return err
}

// aboutIncident says in a few words what a decision about an incident does.
func aboutIncident(d *review.Decision) string {
	reports := func(list []review.Account) string {
		var ids []string
		for _, a := range list {
			ids = append(ids, a.Report)
		}
		if n := len(ids); n > 4 {
			return fmt.Sprintf("%s and %d more", strings.Join(ids[:4], ", "), n-4)
		}
		return strings.Join(ids, ", ")
	}
	t := "incident " + digest.Isolate(d.Target.ID)
	switch d.Action {
	case review.Join:
		return t + " is also told by " + reports(d.Others)
	case review.Part:
		return t + " is not what is told by " + reports(d.Others)
	case review.Grade:
		if g := inWords(d.Value); g != "" {
			return t + " is graded " + digest.Isolate(g)
		}
		return t + " is not graded any more"
	case review.Note:
		return "note on " + t + ": " + digest.Isolate(d.Note)
	}
	return string(d.Action) + " " + t
}
