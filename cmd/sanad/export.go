package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/export"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
)

func (p *program) exportCommand() *cobra.Command {
	var flags filterFlags
	var as, file string
	var force bool
	var opt export.Options
	var about strings.Builder
	var names []string
	for _, f := range export.Formats() {
		fmt.Fprintf(&about, "  %-14s %s\n", f.Name, f.About)
		names = append(names, f.Name)
	}
	cmd := &cobra.Command{
		Use:   "export --as FORMAT",
		Short: "Write reports in the form that other programs import",
		Long: `Writes the reports that pass the filters (those of "sanad list") in one of these
formats:

` + about.String() + `
What is written is the record in force: the newest reading with people's
decisions laid over it. Formats that cannot hold the spans and the chain of each
row have them in a second file beside the first, FILE.sidecar.jsonl.

--kind incidents writes one row for each incident, however many reports tell of
it (` + strings.Join(export.Has(export.Incidents), ", ") + `): number_of_sources is then
that of independent origins. --kind relays writes who takes words from whom
(` + strings.Join(export.Has(export.Relays), ", ") + `). Both want "sanad link" first.`,
		Example: `  sanad export --as acled --from 1402-01-01 -o acled.csv
  sanad export --as csv --kind statements --speaker حماس -o statements.csv
  sanad export --as ged --kind incidents --place Iraq -o incidents.csv
  sanad export --as jsonl > records.jsonl`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if as == "" {
				return usage{fmt.Errorf("say which format with --as: %s", strings.Join(names, ", "))}
			}
			if err := oneOf("as", as, names...); err != nil {
				return err
			}
			if opt.Kind == export.Incidents || opt.Kind == export.Relays {
				if has := export.Has(opt.Kind); !slices.Contains(has, as) {
					return usage{fmt.Errorf("--as %s has no rows of %s: give one of %s", as, opt.Kind, strings.Join(has, ", "))}
				}
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				lex, err := p.loadLexicon()
				if err != nil {
					return err
				}
				write, err := p.exporter(ctx, l, lex, &flags, as, opt)
				if err != nil {
					return err
				}
				if file == "" || file == "-" {
					if isTerminal(p.out) && (as == "xlsx" || as == "parquet") {
						return usage{errors.New("this format is no text: name a file with -o")}
					}
					return write(p.out, nil)
				}
				return p.exportFile(file, as, opt.Kind, force, write)
			})
		},
	}
	flags.add(cmd)
	s := cmd.Flags()
	s.StringVar(&as, "as", "", "format: "+strings.Join(names, ", "))
	s.StringVarP(&file, "output", "o", "", "file to write (default: standard output, without a sidecar)")
	s.BoolVar(&force, "force", false, "write over a file that is there")
	s.StringVar(&opt.Kind, "kind", "", "csv, parquet: which findings: "+strings.Join(export.Kinds(), ", ")+" (default events); or incidents, relays")
	s.BoolVar(&opt.Unrealised, "unrealised", false, "also acts that are planned, threatened, possible or denied; their rows say so")
	s.BoolVar(&opt.All, "all", false, "ged: also events without deaths")
	cmd.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(append(export.Kinds(), export.Incidents, export.Relays), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// exporter returns what writes an export and, where side is not nil, its
// sidecar: of the reports that pass the filters, or of incidents or relays.
func (p *program) exporter(ctx context.Context, l *ledger.Ledger, lex *lexicon.Lexicon, flags *filterFlags, as string, opt export.Options) (func(w, side io.Writer) error, error) {
	f, err := flags.filter(ctx, l, lex)
	if err != nil {
		return nil, err
	}
	if opt.Kind != export.Incidents && opt.Kind != export.Relays {
		return func(w, side io.Writer) error {
			opt.Sidecar = side
			return export.Write(w, as, l.Items(ctx, f), opt)
		}, nil
	}
	if yet, err := l.LinkedYet(ctx); err != nil {
		return nil, err
	} else if !yet {
		return nil, errors.New("reports are not linked yet: run \"sanad link\"")
	}
	if opt.Kind == export.Relays {
		return func(w, _ io.Writer) error { return export.WriteRelays(w, as, l.RelayItems(ctx, f), opt) }, nil
	}
	for flag, list := range map[string][]string{"speaker": f.Speaker, "via": f.Via, "entity": f.Entity, "act": f.Act, "type": f.Type, "mode": f.Mode, "status": f.Status, "review": f.Review} {
		if len(list) > 0 {
			return nil, usage{fmt.Errorf("--%s chooses reports, not incidents: leave it out", flag)}
		}
	}
	in := ledger.IncidentFilter{From: f.From, To: f.To, Place: f.Place, Actor: f.Actor, Recipient: f.Recipient, Outlet: f.Outlet}
	return func(w, side io.Writer) error {
		opt.Sidecar = side
		return export.WriteIncidents(w, as, l.IncidentItems(ctx, in), opt)
	}, nil
}

// exportFile writes an export and its sidecar into files that appear whole or
// not at all.
func (p *program) exportFile(name, as, kind string, force bool, write func(w, side io.Writer) error) error {
	main, err := create(name, force)
	if err != nil {
		return err
	}
	defer main.drop()
	var side *newFile
	var sideWriter io.Writer
	for _, f := range export.Formats() {
		if f.Name == as && f.Sidecar && kind != export.Relays {
			if side, err = create(name+".sidecar.jsonl", force); err != nil {
				return err
			}
			defer side.drop()
			sideWriter = side.File
		}
	}
	if err := write(main.File, sideWriter); err != nil {
		return err
	}
	if side != nil {
		if err := side.keep(); err != nil {
			return err
		}
	}
	return main.keep()
}

// newFile is a file that gets its name when it is whole.
type newFile struct {
	*os.File
	name string
	kept bool
}

func create(name string, force bool) (*newFile, error) {
	if _, err := os.Stat(name); err == nil && !force {
		return nil, usage{fmt.Errorf("%s is there already: give another name, or --force to write over it", name)}
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".partial-*")
	if err != nil {
		return nil, err
	}
	return &newFile{File: f, name: name}, nil
}

func (f *newFile) keep() error {
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(f.File.Name(), 0o644); err != nil {
		return err
	}
	f.kept = true
	return os.Rename(f.File.Name(), f.name)
}

// drop removes what was not kept.
func (f *newFile) drop() {
	if !f.kept {
		f.Close()
		os.Remove(f.File.Name())
	}
}
