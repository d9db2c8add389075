package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/ledger"
)

func (p *program) checkCommand() *cobra.Command {
	var quick bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Prove that the ledger is whole",
		Long: `Proves the ledger: its bytes against their hashes, its lines against their seals,
each reading against its hash and its text, the log's chain, and what is derived
against what it is derived from. Each damage is one line on standard output.

--quick leaves out what is derived; "sanad rebuild" makes that anew.
Exit code 1 where there is damage.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				c, err := l.Check(ctx, quick, func(d ledger.Damage) { fmt.Fprintln(p.out, d.Error()) })
				if err != nil {
					return err
				}
				what := fmt.Sprintf("%s, %s, %s, %s, %s", count(int(c.Reports), "report"), count(int(c.Arrivals), "arrival"), count(int(c.Readings), "reading"), count(int(c.Decisions), "decision"), count(int(c.Blobs), "blob"))
				if c.Damages > 0 {
					p.exit = exitFailed
					fmt.Fprintf(p.err, "sanad: %s in %s; ledger %s\n", count(int(c.Damages), "damage"), what, l.Where())
					return nil
				}
				fmt.Fprintf(p.err, "sanad: %s: all is well; ledger %s\n", what, l.Where())
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&quick, "quick", false, "leave out what is derived")
	return cmd
}

func (p *program) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make anew what is derived: the tables and the search index",
		Long: `Empties the derived tables and makes them anew from readings and decisions. What
is kept is only read.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.at(ledger.Options{}, func(ctx context.Context, l *ledger.Ledger) error {
				var n int64
				if err := l.Rebuild(ctx, p.steps("deriving", &n)); err != nil {
					return err
				}
				fmt.Fprintf(p.err, "sanad: derived %s anew; ledger %s\n", count(int(n), "report"), l.Where())
				return nil
			})
		},
	}
}

// steps shows how far something is, and keeps how much was done.
func (p *program) steps(what string, n *int64) func(done, of int64) {
	var b *bar
	return func(done, of int64) {
		if b == nil {
			b = p.counting(what, of)
		}
		b.set(done)
		if *n = done; done >= of {
			b.finish()
		}
	}
}

func (p *program) backupCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write all that the ledger keeps into one file",
		Long: `Writes all that the ledger keeps, as it is at one moment, into one file, which
appears whole or not at all. "sanad restore" makes a ledger of it, on SQLite or
PostgreSQL, whichever it came from.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage{errors.New("name the file to write")}
			}
			return p.at(ledger.Options{ReadOnly: true}, func(ctx context.Context, l *ledger.Ledger) error {
				var n int64
				b, err := l.BackupFile(ctx, args[0], force, p.steps("writing", &n))
				if err != nil {
					return err
				}
				p.backup(b, "in "+args[0])
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "write over a file that is there")
	return cmd
}

func (p *program) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a ledger from a backup",
		Long: `Makes a new ledger from a backup. Every hash, seal and line of the log is verified
on the way; where something is wrong nothing is kept. The place of the new ledger
(--ledger) must be empty.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage{errors.New("name the backup to read")}
			}
			return p.at(ledger.Options{Create: true}, func(ctx context.Context, l *ledger.Ledger) error {
				b, err := p.restore(ctx, l, args[0])
				if err != nil {
					return err
				}
				p.backup(b, "restored; ledger "+l.Where())
				return nil
			})
		},
	}
}

func (p *program) restore(ctx context.Context, l *ledger.Ledger, file string) (*ledger.Backup, error) {
	var n int64
	steps := map[string]func(done, of int64){}
	return l.RestoreFile(ctx, file, func(step string, done, of int64) {
		if steps[step] == nil {
			steps[step] = p.steps(step, &n)
		}
		steps[step](done, of)
	})
}

func (p *program) backup(b *ledger.Backup, where string) {
	fmt.Fprintf(p.err, "sanad: %s, %s, %s, %s %s\n", count(int(b.Reports), "report"), count(int(b.Arrivals), "arrival"), count(int(b.Readings), "reading"), count(int(b.Decisions), "decision"), where)
}
