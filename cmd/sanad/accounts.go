package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sanad-project/sanad/account"
)

func (p *program) accountsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "accounts",
		Short: "Say who may use a desk that others can reach",
		Long: `Makes and changes the accounts of a desk that is served with --listen. They stand
in a file of their own beside the ledger (ledger.db has ledger.accounts.db), which
backups and exports never hold; --accounts or $SANAD_ACCOUNTS names another.

A reader sees everything and decides nothing; a reviewer also adds reports and
decides; an admin also lets people in, here or on the page "Accounts".

Passwords are asked for at the terminal, or read as the first line of the
standard input; they are never taken from the command line.`,
		Example: `  sanad accounts add leila --role admin
  sanad accounts add kaveh --role reviewer --change
  sanad accounts list`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usage{errors.New("say what to do: list, add, role, password, remove or restore")}
		},
	}
	var role, format string
	var change bool
	named := func(use, short string, n int, f func(ctx context.Context, s *account.Store, args []string) error) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Args: func(c *cobra.Command, args []string) error {
			if len(args) != n {
				return usage{fmt.Errorf("write: sanad accounts %s", use)}
			}
			return nil
		}, RunE: func(_ *cobra.Command, args []string) error {
			return p.atAccounts(strings.HasPrefix(use, "add "), func(ctx context.Context, s *account.Store) error { return f(ctx, s, args) })
		}}
	}
	add := named("add NAME --role ROLE", "Let somebody in", 1, func(ctx context.Context, s *account.Store, args []string) error {
		r, err := account.ParseRole(role)
		if err == nil {
			_, err = account.CleanName(args[0])
		}
		if err != nil {
			return usage{err}
		}
		password, err := p.password("Password for " + args[0])
		if err != nil {
			return err
		}
		if err := s.Add(ctx, "", args[0], r, password, change); err != nil {
			return err
		}
		fmt.Fprintf(p.err, "sanad: %s may sign in: %s\n", args[0], r)
		return nil
	})
	add.Flags().StringVar(&role, "role", "", "reader, reviewer or admin")
	list := named("list", "List the accounts", 0, func(ctx context.Context, s *account.Store, _ []string) error {
		if err := oneOf("format", format, "text", "jsonl"); err != nil {
			return err
		}
		list, err := s.List(ctx)
		if err != nil {
			return err
		}
		for _, a := range list {
			if format == "jsonl" {
				if err := json.NewEncoder(p.out).Encode(a); err != nil {
					return err
				}
				continue
			}
			state := ""
			switch {
			case !a.Removed.IsZero():
				state = "  removed " + a.Removed.Local().Format("2006-01-02")
			case a.Invited:
				state = "  invited"
			case a.Fresh:
				state = "  has to change the password"
			case !a.Seen.IsZero():
				state = "  last seen " + a.Seen.Local().Format("2006-01-02 15:04")
			}
			fmt.Fprintf(p.out, "%-8s  %s%s\n", a.Role, a.Name, state)
		}
		return nil
	})
	list.Flags().StringVar(&format, "format", "text", "text or jsonl")
	password := named("password NAME", "Give somebody another password and sign them out everywhere", 1, func(ctx context.Context, s *account.Store, args []string) error {
		word, err := p.password("New password for " + args[0])
		if err != nil {
			return err
		}
		if err := s.SetPassword(ctx, "", args[0], word, change); err != nil {
			return err
		}
		fmt.Fprintf(p.err, "sanad: the password of %s is changed\n", args[0])
		return nil
	})
	for _, c := range []*cobra.Command{add, password} {
		c.Flags().BoolVar(&change, "change", false, "they have to choose another password before anything else")
	}
	cmd.AddCommand(list, add, password,
		named("role NAME ROLE", "Make somebody a reader, reviewer or admin", 2, func(ctx context.Context, s *account.Store, args []string) error {
			return s.SetRole(ctx, "", args[0], account.Role(args[1]))
		}),
		named("remove NAME", "Take somebody's right to sign in; the name stays theirs", 1, func(ctx context.Context, s *account.Store, args []string) error {
			return s.Remove(ctx, "", args[0])
		}),
		named("restore NAME", "Let somebody who was removed in again, once they have a password", 1, func(ctx context.Context, s *account.Store, args []string) error {
			if err := s.Restore(ctx, "", args[0]); err != nil {
				return err
			}
			fmt.Fprintf(p.err, "sanad: %s has an account again, without a password: set one with \"sanad accounts password\"\n", args[0])
			return nil
		}))
	cmd.PersistentFlags().StringVar(&p.accounts, "accounts", "", "the file of accounts (default $SANAD_ACCOUNTS, else beside the ledger)")
	return cmd
}

// atAccounts opens the accounts of the ledger that the user means.
func (p *program) atAccounts(create bool, f func(context.Context, *account.Store) error) error {
	ctx, stop := interruptible()
	defer stop()
	file, err := p.accountsFile()
	if err != nil {
		return err
	}
	s, err := account.Open(ctx, file, account.Options{Create: create})
	if err != nil {
		return err
	}
	defer s.Close()
	return f(ctx, s)
}

// password asks for a password twice at the terminal, or reads the first line
// of the standard input.
func (p *program) password(prompt string) (string, error) {
	f, ok := p.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(p.in, 1<<14)).ReadString('\n')
		if err != nil && (err != io.EOF || line == "") {
			return "", errors.New("no password came in: type one at a terminal, or send it as a line of the standard input")
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	ask := func(prompt string) (string, error) {
		fmt.Fprint(p.err, prompt+": ")
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(p.err)
		return string(b), err
	}
	first, err := ask(prompt)
	if err != nil {
		return "", err
	}
	again, err := ask("The same again")
	if err == nil && again != first {
		err = errors.New("the two passwords differ: nothing was changed")
	}
	return first, err
}
