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
	"github.com/sanad-project/sanad/ledger"
)

func (p *program) deskCommand() *cobra.Command {
	var addr, by string
	var demo bool
	cmd := &cobra.Command{
		Use:   "desk",
		Short: "Open the workbench: find, read, check and correct reports in the browser",
		Long: `Serves the workbench on the ledger and prints its address: an inbox of reports
with search, and a page for each report that shows its text beside what was read
from it, where people accept, correct, reject and add. In English and Persian,
by mouse or by keyboard; it needs no network.

It can be reached from this machine alone and asks nobody who they are: what is
decided there is signed with --by. --demo shows it on invented examples, in a
ledger that is thrown away at the end.`,
		Example: `  sanad desk
  sanad desk --demo --addr 127.0.0.1:8123`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
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
			opt := desk.Options{Author: who, Version: version(), Demo: demo, Log: log.New(p.err, "", log.LstdFlags)}
			serve := func(ctx context.Context, l *ledger.Ledger) error {
				in, err := net.Listen("tcp", addr)
				if err != nil {
					return fmt.Errorf("the desk cannot be opened at %s: %w; give another --addr", addr, err)
				}
				opt.Hosts = desk.Hosts(in.Addr().String())
				h := desk.New(l, r, opt)
				defer h.Close() // before the ledger
				server := desk.Server(h)
				fmt.Fprintf(p.out, "http://%s\n", in.Addr())
				done := make(chan error, 1)
				go func() { done <- server.Serve(in) }()
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
	cmd.Flags().BoolVar(&demo, "demo", false, "open a temporary ledger with invented examples, already read")
	return cmd
}
