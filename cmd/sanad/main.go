// Sanad reads Persian news reports into sourced, checkable records.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad"
)

// Exit codes, for scripts.
const (
	exitOK     = 0
	exitFailed = 1 // it was stopped or failed; of a command that looks: nothing is found, or damage
	exitUsage  = 2 // the command line is wrong; nothing was done
	exitSome   = 3 // some input could not be read; the rest was
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// program is what the commands share.
type program struct {
	in       io.Reader
	out, err io.Writer
	lexicon  string
	ledger   string
	accounts string
	jobs     int
	exit     int
	cpuFile  string
	heapFile string
}

// usage is an error of the command line.
type usage struct{ error }

func run(args []string, in io.Reader, out, errw io.Writer) int {
	// What lives long is the lexicon, some 30 MB; the rest is gone with each
	// report. Collect seldom, but stay small whatever comes.
	debug.SetGCPercent(300)
	debug.SetMemoryLimit(160 << 20)
	p := &program{in: in, out: out, err: errw}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errw)
	cmd, err := root.ExecuteC()
	if err == nil {
		return p.exit
	}
	var u usage
	fmt.Fprintln(errw, "sanad:", err)
	if errors.As(err, &u) {
		fmt.Fprintf(errw, "Try \"%s --help\".\n", cmd.CommandPath())
		return exitUsage
	}
	return exitFailed
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "sanad",
		Short: "Read Persian news reports into sourced, checkable records",
		Long: `Sanad reads Persian news reports on political conflict: who said what through
whom, and what happened, to whom, when, where and with what numbers, each with
the words it was read from.

Exit codes: 0 all is well; 1 the command was stopped or failed; 2 the command
line is wrong, nothing was done; 3 some input could not be read, the rest was.`,
		Version:           version(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.ArbitraryArgs,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				msg := fmt.Sprintf("there is no command %q", args[0])
				if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
					msg += fmt.Sprintf("; did you mean %q?", s[0])
				} else if _, err := os.Stat(args[0]); err == nil {
					msg += fmt.Sprintf("; to read it: sanad read %s", args[0])
				}
				return usage{errors.New(msg)}
			}
			return cmd.Help()
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.SetVersionTemplate("sanad {{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage{err} })
	f := root.PersistentFlags()
	f.StringVar(&p.lexicon, "lexicon", "", "folder of .txt files that add to the lexicon or override it")
	f.StringVar(&p.ledger, "ledger", "", "the ledger: a file, or postgres://... (default $SANAD_LEDGER, else sanad/ledger.db in the folder for your data)")
	f.IntVarP(&p.jobs, "jobs", "j", 0, "reports read at a time (0: one for each processor)")
	f.StringVar(&p.cpuFile, "cpuprofile", "", "write a CPU profile to this file")
	f.StringVar(&p.heapFile, "memprofile", "", "write a memory profile to this file at the end")
	f.MarkHidden("cpuprofile")
	f.MarkHidden("memprofile")
	root.AddGroup(&cobra.Group{ID: "read", Title: "Reading"}, &cobra.Group{ID: "ledger", Title: "The ledger"})
	for _, group := range []struct { // in order: what is suggested for a wrong name depends on it
		id   string
		list []*cobra.Command
	}{
		{"read", []*cobra.Command{p.readCommand(), p.explainCommand(), p.scoreCommand(), p.schemaCommand()}},
		{"ledger", []*cobra.Command{p.addCommand(), p.watchCommand(), p.listCommand(), p.searchCommand(), p.showCommand(), p.rereadCommand(), p.exportCommand(),
			p.linkCommand(), p.relaysCommand(), p.outletsCommand(), p.incidentsCommand(), p.incidentCommand(),
			p.reviewCommand(), p.proposalsCommand(), p.mergeCommand(), p.splitCommand(), p.logCommand(),
			p.deskCommand(), p.accountsCommand(),
			p.checkCommand(), p.rebuildCommand(), p.backupCommand(), p.restoreCommand()}},
	} {
		for _, c := range group.list {
			c.GroupID = group.id
			root.AddCommand(c)
		}
	}
	root.AddCommand(versionCommand())
	return root
}

// reader makes the reader with the user's lexicon.
func (p *program) reader() (*sanad.Reader, error) {
	if p.jobs < 0 {
		return nil, usage{fmt.Errorf("--jobs %d: give a number above 0, or 0 for one job a processor", p.jobs)}
	}
	d, err := sanad.New(p.lexicon)
	if err != nil && p.lexicon != "" {
		return nil, usage{err}
	}
	return d, err
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			fmt.Fprintln(cmd.OutOrStdout(), "sanad", version())
			return nil
		},
	}
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage{fmt.Errorf("%s takes no arguments", cmd.CommandPath())}
	}
	return nil
}

// version is the module's, with the commit where there is one.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v := b.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				v += " " + s.Value[:12]
			}
		}
	}
	return v
}
