package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/account"
	"github.com/sanad-project/sanad/desk"
	"github.com/sanad-project/sanad/ledger"
)

// teamFlags are the flags of a desk that others can reach.
type teamFlags struct {
	listen, cert, key, proxy string
	names                    []string
}

func (f *teamFlags) add(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringVar(&f.listen, "listen", "", "serve a team at this address and port, with accounts")
	s.StringVar(&f.cert, "tls-cert", "", "certificate of --listen, with its chain: a PEM file, read anew when it changes")
	s.StringVar(&f.key, "tls-key", "", "private key of --tls-cert")
	s.StringSliceVar(&f.names, "name", nil, "name by which people ask for the desk (default those in --tls-cert)")
	s.StringVar(&f.proxy, "behind-proxy", "", "address at which a reverse proxy serves --listen: https://desk.example.org")
}

// plan is how a desk is served.
type plan struct {
	origin string // "" is http at the address that is bound
	hosts  []string
	proxy  bool
	tls    *tls.Config // nil for plain http
}

// plan checks the flags against each other.
func (f *teamFlags) plan() (*plan, error) {
	host, port, err := net.SplitHostPort(f.listen)
	if err != nil || port == "" {
		return nil, usage{fmt.Errorf("--listen %s: give an address and a port, as 0.0.0.0:8443", f.listen)}
	}
	p := &plan{}
	if (f.cert == "") != (f.key == "") {
		return nil, usage{errors.New("--tls-cert and --tls-key belong together: give both or none")}
	}
	var named []string
	if f.cert != "" {
		pair := &certificate{cert: f.cert, key: f.key}
		if err := pair.load(); err != nil {
			return nil, usage{err}
		}
		p.tls = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return pair.now() }}
		named = pair.names()
	}
	if len(f.names) > 0 {
		named = f.names
	}
	for _, n := range named {
		if n == "" || strings.ContainsAny(n, "/:@ ") && net.ParseIP(n) == nil {
			return nil, usage{fmt.Errorf("--name %s: give a name as desk.example.org, without port", n)}
		}
	}
	switch {
	case f.proxy != "":
		u, err := url.Parse(f.proxy)
		if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
			return nil, usage{fmt.Errorf("--behind-proxy %s: give the address that people type, as https://desk.example.org", f.proxy)}
		}
		p.proxy, p.origin, p.hosts = true, "https://"+strings.ToLower(u.Host), []string{strings.ToLower(u.Host)}
	case p.tls != nil:
		if len(named) == 0 {
			return nil, usage{fmt.Errorf("%s names no host: say with --name by which one people ask for the desk", f.cert)}
		}
		for _, n := range named {
			n = strings.ToLower(n)
			if port == "443" {
				if strings.Contains(n, ":") {
					n = "[" + n + "]"
				}
				p.hosts = append(p.hosts, n, n+":443")
			} else {
				p.hosts = append(p.hosts, net.JoinHostPort(n, port))
			}
		}
		p.origin = "https://" + p.hosts[0]
	case desk.Loopback(f.listen) != nil:
		return nil, usage{fmt.Errorf("--listen %s can be reached from other machines, and without TLS passwords would cross the network for everybody to read: give --tls-cert and --tls-key, or --behind-proxy https://NAME where a proxy speaks TLS for the desk", f.listen)}
	case host == "":
		return nil, usage{fmt.Errorf("--listen %s: give an address and a port, as 0.0.0.0:8443", f.listen)}
	}
	return p, nil
}

// certificate is a certificate in files, which are read again when they change:
// certificates are renewed while a desk runs.
type certificate struct {
	cert, key string
	mu        sync.Mutex
	at        time.Time // of the newer file
	checked   time.Time
	pair      *tls.Certificate
}

func (c *certificate) load() error {
	at, err := c.changed()
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("%s and %s are no certificate with its key: %w", c.cert, c.key, err)
	}
	if pair.Leaf == nil {
		if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
			return fmt.Errorf("%s: %w", c.cert, err)
		}
	}
	c.pair, c.at = &pair, at
	return nil
}

func (c *certificate) changed() (time.Time, error) {
	var at time.Time
	for _, name := range [...]string{c.cert, c.key} {
		st, err := os.Stat(name)
		if err != nil {
			return at, err
		}
		if st.ModTime().After(at) {
			at = st.ModTime()
		}
	}
	return at, nil
}

// now is the certificate in use. While new files are half written the one
// before goes on.
func (c *certificate) now() (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.checked) > time.Minute {
		c.checked = time.Now()
		if at, err := c.changed(); err == nil && !at.Equal(c.at) {
			_ = c.load()
		}
	}
	return c.pair, nil
}

// names are those that the certificate is for, but patterns.
func (c *certificate) names() []string {
	var list []string
	for _, n := range c.pair.Leaf.DNSNames {
		if !strings.Contains(n, "*") {
			list = append(list, n)
		}
	}
	for _, ip := range c.pair.Leaf.IPAddresses {
		list = append(list, ip.String())
	}
	return list
}

// accountsFile is the file of the accounts of the ledger that the user means.
func (p *program) accountsFile() (string, error) {
	if f := p.accounts; f != "" {
		return f, nil
	}
	if f := os.Getenv("SANAD_ACCOUNTS"); f != "" {
		return f, nil
	}
	where := p.ledger
	if where == "" {
		var err error
		if where, err = ledger.Default(); err != nil {
			return "", usage{err}
		}
	}
	if strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://") {
		return "", usage{errors.New("accounts are kept in a file beside the ledger, and a ledger in PostgreSQL has no place: name the file with --accounts or $SANAD_ACCOUNTS")}
	}
	return account.File(where), nil
}

// team opens the accounts, of which somebody has to be able to let others in.
func (p *program) team(ctx context.Context) (*account.Store, error) {
	file, err := p.accountsFile()
	if err != nil {
		return nil, err
	}
	s, err := account.Open(ctx, file, account.Options{})
	if err != nil {
		return nil, err
	}
	admin, err := s.HasAdmin(ctx)
	if err == nil && !admin {
		err = account.ErrNone
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}
