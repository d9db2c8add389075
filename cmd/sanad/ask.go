package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/fetch"
	"github.com/sanad-project/sanad/intake"
)

// askFlags are the flags that say how sites are asked.
type askFlags struct {
	contact string
	private bool
	delay   time.Duration
}

func (a *askFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.DurationVar(&a.delay, "delay", 2*time.Second, "pause between two requests to a host; longer where its robots.txt says so")
	f.StringVar(&a.contact, "contact", "", "mail address or URL of yours that sites may write to; sent with each request")
	f.BoolVar(&a.private, "allow-private", false, "reach addresses of this machine and of private networks too")
}

// check refuses what is impolite to the sites of others.
func (a *askFlags) check() error {
	if a.delay < time.Second && !(a.private && a.delay > 0) {
		return usage{fmt.Errorf("--delay %s: give a second or more", a.delay)}
	}
	return nil
}

func (a *askFlags) fetcher() *fetch.Fetcher {
	return fetch.New(fetch.Options{Version: version(), Contact: a.contact, Delay: a.delay, AllowPrivate: a.private})
}

// fetchFlags are the flags of a desk on which people give addresses: how sites
// are asked, or that none is.
type fetchFlags struct {
	askFlags
	none bool
}

func (a *fetchFlags) add(cmd *cobra.Command) {
	a.askFlags.add(cmd)
	cmd.Flags().BoolVar(&a.none, "no-fetch", false, "fetch no addresses that people give")
}

// getter gets addresses; nil where none is to be fetched.
func (a *fetchFlags) getter() intake.Getter {
	if a.none {
		return nil
	}
	return a.fetcher()
}
