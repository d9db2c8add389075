package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

// interruptible is a context that ends when the user stops the program.
func interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

// at opens the ledger that the user means and runs f on it, until f is done or
// the user stops the program.
func (p *program) at(opt ledger.Options, f func(context.Context, *ledger.Ledger) error) error {
	ctx, stop := interruptible()
	defer stop()
	l, err := p.open(ctx, opt)
	if err != nil {
		return err
	}
	defer l.Close()
	return f(ctx, l)
}

// open opens the ledger that the user means.
func (p *program) open(ctx context.Context, opt ledger.Options) (*ledger.Ledger, error) {
	where := p.ledger
	if where == "" {
		var err error
		if where, err = ledger.Default(); err != nil {
			return nil, usage{err}
		}
	}
	return ledger.Open(ctx, where, opt)
}

// looking opens the ledger for a command that only looks.
func (p *program) looking(ctx context.Context) (*ledger.Ledger, error) {
	return p.open(ctx, ledger.Options{ReadOnly: true})
}

// filterFlags are the flags that choose reports.
type filterFlags struct {
	from, to                                                                                string
	outlet, entity, speaker, via, actor, recipient, place, types, mode, status, act, review []string
}

func (f *filterFlags) add(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringVar(&f.from, "from", "", "first day of publication: ISO (2024-03-10) or Jalali (1402-12-20)")
	s.StringVar(&f.to, "to", "", "last day of publication")
	s.StringSliceVar(&f.outlet, "outlet", nil, "published by this outlet: id or name, Persian or English")
	s.StringSliceVar(&f.entity, "entity", nil, "names this person, group, state or place anywhere")
	s.StringSliceVar(&f.speaker, "speaker", nil, "gives a statement of this speaker")
	s.StringSliceVar(&f.via, "via", nil, "relays something through this outlet or source")
	s.StringSliceVar(&f.actor, "actor", nil, "has an event with this actor")
	s.StringSliceVar(&f.recipient, "recipient", nil, "has an event with this recipient")
	s.StringSliceVar(&f.types, "type", nil, "has an event of this PLOVER type: ASSAULT, COERCE, ...")
	s.StringSliceVar(&f.mode, "mode", nil, "has an event of this mode: drone, arrest, ...")
	s.StringSliceVar(&f.place, "place", nil, "has an event at this place; a country stands for all places in it")
	s.StringSliceVar(&f.status, "status", nil, "has an event of this status: happened, ongoing, future, hypothetical, negated")
	s.StringSliceVar(&f.act, "act", nil, "has a statement of this kind: say, deny, threaten, ...")
	s.StringSliceVar(&f.review, "review", nil, "review of the report: new, \"in review\", done")
	for name, values := range choices {
		cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}

// choices are the flags with a fixed set of values.
var choices = map[string][]string{
	"type":   strings.Fields("AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT"),
	"status": strings.Fields("happened ongoing future hypothetical negated"),
	"act":    strings.Fields("say announce deny confirm claim threaten demand promise accuse condemn write ask"),
	"review": {"new", "in review", "done"},
}

// filter resolves names and dates.
func (f *filterFlags) filter(ctx context.Context, l *ledger.Ledger, lex *lexicon.Lexicon) (ledger.Filter, error) {
	out := ledger.Filter{Mode: f.mode}
	for _, d := range []struct {
		name, value string
		into        *string
	}{{"from", f.from, &out.From}, {"to", f.to, &out.To}} {
		if d.value == "" {
			continue
		}
		day, err := sanad.ParseDate(d.value)
		if err != nil {
			return out, usage{fmt.Errorf("--%s: %w", d.name, err)}
		}
		*d.into = day.String()
	}
	for _, n := range []struct {
		name   string
		values []string
		into   *[]string
	}{
		{"outlet", f.outlet, &out.Outlet}, {"entity", f.entity, &out.Entity}, {"speaker", f.speaker, &out.Speaker}, {"via", f.via, &out.Via},
		{"actor", f.actor, &out.Actor}, {"recipient", f.recipient, &out.Recipient}, {"place", f.place, &out.Place},
	} {
		for _, v := range n.values {
			ids, err := l.Resolve(ctx, lex, v)
			if err != nil {
				return out, err
			}
			if n.name == "place" {
				for _, id := range ids {
					if c := countryOf(lex, id); c != "" {
						ids = append(ids, "country:"+c)
					}
				}
			}
			if n.name == "outlet" {
				ids = append(ids, ledger.OutletKey(v))
			} else if len(ids) == 0 {
				return out, usage{&ledger.UnknownName{Field: n.name, Name: v}}
			}
			*n.into = append(*n.into, ids...)
		}
	}
	for _, w := range []struct {
		name   string
		values []string
		into   *[]string
	}{{"type", f.types, &out.Type}, {"status", f.status, &out.Status}, {"act", f.act, &out.Act}, {"review", f.review, &out.Review}} {
		for _, v := range w.values {
			at := slices.IndexFunc(choices[w.name], func(k string) bool { return strings.EqualFold(k, v) })
			if at < 0 {
				return out, usage{fmt.Errorf("--%s %s: give one of %s", w.name, v, strings.Join(choices[w.name], ", "))}
			}
			*w.into = append(*w.into, choices[w.name][at])
		}
	}
	return out, nil
}

// countryOf is the country code of a state of the lexicon, "" for anything
// else.
func countryOf(lex *lexicon.Lexicon, id string) string {
	for _, e := range lex.File("actors") {
		if e.ID == id && e.Get("type") == "STATE" {
			return e.Get("iso")
		}
	}
	return ""
}
