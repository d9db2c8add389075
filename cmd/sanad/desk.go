package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/desk"
	"github.com/sanad-project/sanad/intake"
	"github.com/sanad-project/sanad/ledger"
)

func (p *program) deskCommand() *cobra.Command {
	var addr, by string
	var demo bool
	var ask fetchFlags
	var team teamFlags
	cmd := &cobra.Command{
		Use:   "desk",
		Short: "Open the workbench: find, read, check and correct reports in the browser",
		Long: `Serves the workbench on the ledger and prints its address: an inbox of reports
with search, and a page for each report that shows its text beside what was read
from it, where people accept, correct, reject and add. In English and Persian,
by mouse or by keyboard; it needs no network.

It can be reached from this machine alone and asks nobody who they are: what is
decided there is signed with --by. --demo shows it on invented examples, in a
ledger that is thrown away at the end.

With --listen it serves a team: people sign in ("sanad accounts" lets the first
one in), what they decide is signed with their names, and readers, reviewers and
admins may do different things. Beyond this machine it wants TLS: a certificate
in files, or a reverse proxy in front of it, which has to pass Host on and to set
X-Forwarded-Proto and X-Forwarded-For.`,
		Example: `  sanad desk
  sanad desk --demo --addr 127.0.0.1:8123
  sanad desk --listen 0.0.0.0:443 --tls-cert desk.pem --tls-key desk.key
  sanad desk --listen 127.0.0.1:8080 --behind-proxy https://desk.example.org`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := ask.check(); err != nil {
				return err
			}
			if team.listen != "" {
				for _, f := range [...]string{"addr", "by", "demo"} {
					if cmd.Flags().Changed(f) {
						return usage{fmt.Errorf("--%s is for a desk of this machine alone: leave it out, or leave out --listen", f)}
					}
				}
				return p.serveTeam(&team, ask.getter())
			}
			for _, f := range [...]string{"tls-cert", "tls-key", "name", "behind-proxy", "accounts"} {
				if cmd.Flags().Changed(f) {
					return usage{fmt.Errorf("--%s is for a team: say with --listen where it is served", f)}
				}
			}
			if err := desk.Loopback(addr); err != nil {
				return usage{err}
			}
			who, err := author(by)
			if err != nil {
				return err
			}
			if demo && p.ledger != "" {
				return usage{errors.New("--demo opens a ledger of its own: leave --ledger out")}
			}
			r, err := p.reader()
			if err != nil {
				return err
			}
			opt := desk.Options{Author: who, Version: version(), Lexicon: p.lexicon, Fetch: ask.getter(), Demo: demo, Log: log.New(p.err, "", log.LstdFlags)}
			serve := func(ctx context.Context, l *ledger.Ledger) error {
				in, err := net.Listen("tcp", addr)
				if err != nil {
					return fmt.Errorf("the desk cannot be opened at %s: %w; give another --addr", addr, err)
				}
				opt.Hosts = desk.Hosts(in.Addr().String())
				h := desk.New(l, r, opt)
				defer h.Close() // before the ledger
				fmt.Fprintf(p.out, "http://%s\n", in.Addr())
				return untilStopped(ctx, desk.Server(h), in)
			}
			if !demo {
				return p.at(ledger.Options{Create: true}, serve)
			}
			dir, err := os.MkdirTemp("", "sanad-demo-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			p.ledger = filepath.Join(dir, "ledger.db")
			return p.at(ledger.Options{Create: true}, func(ctx context.Context, l *ledger.Ledger) error {
				if err := desk.Examples(ctx, l, r, version()); err != nil {
					return err
				}
				return serve(ctx, l)
			})
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:0", "address and port of this machine to serve at; port 0 takes a free one")
	cmd.Flags().StringVar(&by, "by", "", "who decides (default $SANAD_AUTHOR, else your user name)")
	team.add(cmd)
	ask.add(cmd)
	cmd.Flags().StringVar(&p.accounts, "accounts", "", "the file of accounts of --listen (default $SANAD_ACCOUNTS, else beside the ledger)")
	cmd.Flags().BoolVar(&demo, "demo", false, "open a temporary ledger with invented examples, already read")
	return cmd
}

// untilStopped serves until the user stops the program.
func untilStopped(ctx context.Context, server *http.Server, in net.Listener) error {
	done := make(chan error, 1)
	go func() {
		if server.TLSConfig != nil {
			done <- server.ServeTLS(in, "", "")
		} else {
			done <- server.Serve(in)
		}
	}()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		stop, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err = server.Shutdown(stop)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// serveTeam serves a desk that others can reach.
func (p *program) serveTeam(f *teamFlags, get intake.Getter) error {
	how, err := f.plan()
	if err != nil {
		return err
	}
	r, err := p.reader()
	if err != nil {
		return err
	}
	logger := log.New(p.err, "", log.LstdFlags)
	return p.at(ledger.Options{Create: true}, func(ctx context.Context, l *ledger.Ledger) error {
		accounts, err := p.team(ctx)
		if err != nil {
			return err
		}
		defer accounts.Close()
		in, err := net.Listen("tcp", f.listen)
		if err != nil {
			return fmt.Errorf("the desk cannot be opened at %s: %w; give another --listen", f.listen, err)
		}
		if how.origin == "" {
			how.hosts, how.origin = desk.Hosts(in.Addr().String()), "http://"+in.Addr().String()
		}
		h := desk.New(l, r, desk.Options{Version: version(), Lexicon: p.lexicon, Fetch: get, Log: logger, Accounts: accounts, Hosts: how.hosts, Origin: how.origin, Proxy: how.proxy})
		defer h.Close() // before the ledger
		server := desk.Server(h)
		server.TLSConfig, server.ErrorLog = how.tls, logger
		fmt.Fprintln(p.out, how.origin)
		return untilStopped(ctx, server, in)
	})
}
