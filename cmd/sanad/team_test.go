package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// certify writes a certificate for names and its key.
func certify(t *testing.T, dir string, names ...string) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "test"}, DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	return cert, key, pool
}

// A desk for a team, over TLS: it wants a sign-in, lets in who has the password,
// and speaks no plain http.
func TestDeskTeam(t *testing.T) {
	dir := t.TempDir()
	cert, key, pool := certify(t, dir, "desk.example.org")
	db := filepath.Join(dir, "l.db")
	if code := run([]string{"accounts", "add", "leila", "--role", "admin", "--ledger", db}, strings.NewReader("a few words in a row\n"), io.Discard, os.Stderr); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	_, port, _ := net.SplitHostPort(addr)
	r, w := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run([]string{"desk", "--listen", addr, "--tls-cert", cert, "--tls-key", key, "--ledger", db}, strings.NewReader(""), w, io.Discard)
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v", err)
	}
	base := "https://desk.example.org:" + port
	if got := strings.TrimSpace(line); got != base {
		t.Errorf("the address is %q, want %q", got, base)
	}
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "desk.example.org"}, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", addr)
	}}}
	get := func(path string) string {
		t.Helper()
		res, err := client.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		if res.StatusCode != 200 {
			t.Fatalf("%s: %d %s", path, res.StatusCode, b)
		}
		return string(b)
	}
	page := get("/")
	m := regexp.MustCompile(`name="token" value="([0-9a-f]+)"`).FindStringSubmatch(page)
	if m == nil || !strings.Contains(page, `name="password"`) {
		t.Fatalf("no sign-in page: %s", page)
	}
	res, err := client.PostForm(base+"/signin", url.Values{"name": {"leila"}, "password": {"a few words in a row"}, "token": {m[1]}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if page := get("/accounts"); !strings.Contains(page, "leila") {
		t.Errorf("not signed in: %s", page)
	}
	// Plain http gets nothing, and a name that is not in the certificate neither.
	if res, err := http.Get("http://" + addr + "/"); err == nil {
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 400 || strings.Contains(string(b), "password") {
			t.Errorf("plain http: %d %s", res.StatusCode, b)
		}
	}
	req, _ := http.NewRequest("GET", base+"/signin", nil)
	req.Host = "evil.example"
	if res, err := client.Do(req); err != nil || res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("another name: %v %v", res, err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != exitOK {
		t.Errorf("exit code %d", c)
	}
}

// A desk behind a reverse proxy that speaks TLS for it and passes on what it has
// to: people sign in there, and nowhere else.
func TestDeskBehindProxy(t *testing.T) {
	db := filepath.Join(t.TempDir(), "l.db")
	if code := run([]string{"accounts", "add", "leila", "--role", "reader", "--ledger", db}, strings.NewReader("a few words in a row\n"), io.Discard, io.Discard); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	var errw strings.Builder
	if code := run([]string{"desk", "--listen", "127.0.0.1:0", "--ledger", db}, strings.NewReader(""), io.Discard, &errw); code != exitFailed || !strings.Contains(errw.String(), "no accounts yet") {
		t.Fatalf("a desk without an administrator: %d %s", code, errw.String())
	}
	if code := run([]string{"accounts", "role", "leila", "admin", "--ledger", db}, strings.NewReader(""), io.Discard, os.Stderr); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	front := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: addr})
		r.Out.Host = r.In.Host
		r.SetXForwarded()
	}})
	defer front.Close()
	r, w := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run([]string{"desk", "--listen", addr, "--behind-proxy", front.URL, "--ledger", db}, strings.NewReader(""), w, io.Discard)
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != front.URL {
		t.Fatalf("the address is %q, want %q: %v", line, front.URL, err)
	}
	client := front.Client()
	client.Jar, _ = cookiejar.New(nil)
	res, err := client.Get(front.URL + "/compare")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(res.Body)
	res.Body.Close()
	m := regexp.MustCompile(`name="token" value="([0-9a-f]+)"`).FindSubmatch(b)
	if m == nil || res.Request.URL.Path != "/signin" || res.Header.Get("Strict-Transport-Security") == "" {
		t.Fatalf("%d %s %s", res.StatusCode, res.Request.URL, b)
	}
	res, err = client.PostForm(front.URL+"/signin", url.Values{"name": {"leila"}, "password": {"a few words in a row"}, "token": {string(m[1])}, "next": {"/compare"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 || res.Request.URL.Path != "/compare" {
		t.Errorf("not signed in: %d %s", res.StatusCode, res.Request.URL)
	}
	// Past the proxy there is nothing.
	if res, err := http.Get("http://" + addr + "/signin"); err != nil || res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("past the proxy: %v %v", res, err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != exitOK {
		t.Errorf("exit code %d", c)
	}
}

func TestPlan(t *testing.T) {
	cert, key, _ := certify(t, t.TempDir(), "desk.example.org", "*.example.org", "Sanad.example.org")
	for _, c := range []struct {
		flags  teamFlags
		origin string
		hosts  string
	}{
		{teamFlags{listen: "0.0.0.0:8443", cert: cert, key: key}, "https://desk.example.org:8443", "desk.example.org:8443 sanad.example.org:8443 127.0.0.1:8443"},
		{teamFlags{listen: "0.0.0.0:443", cert: cert, key: key, names: []string{"a.example.org"}}, "https://a.example.org", "a.example.org a.example.org:443"},
		{teamFlags{listen: "[::]:443", cert: cert, key: key, names: []string{"2001:db8::1"}}, "https://[2001:db8::1]", "[2001:db8::1] [2001:db8::1]:443"},
		{teamFlags{listen: "127.0.0.1:8080", proxy: "https://Desk.example.org/"}, "https://desk.example.org", "desk.example.org"},
		{teamFlags{listen: "0.0.0.0:8080", proxy: "https://desk.example.org:8443"}, "https://desk.example.org:8443", "desk.example.org:8443"},
		{teamFlags{listen: "127.0.0.1:0"}, "", ""},
		{teamFlags{listen: "0.0.0.0:8443", cert: cert, key: key, names: []string{"a.example.org:8443"}}, "error", ""},
		{teamFlags{listen: "0.0.0.0:8443", cert: key, key: cert}, "error", ""},
		{teamFlags{listen: "192.0.2.1:8443"}, "error", ""},
		{teamFlags{listen: "127.0.0.1"}, "error", ""},
		{teamFlags{listen: "127.0.0.1:1", proxy: "desk.example.org"}, "error", ""},
		{teamFlags{listen: "127.0.0.1:1", proxy: "https://me@desk.example.org"}, "error", ""},
	} {
		p, err := c.flags.plan()
		if c.origin == "error" {
			if err == nil {
				t.Errorf("%+v is taken: %+v", c.flags, p)
			}
			continue
		}
		if err != nil || p.origin != c.origin || strings.Join(p.hosts, " ") != c.hosts || p.proxy != (c.flags.proxy != "") || (p.tls != nil) != (c.flags.cert != "") {
			t.Errorf("%+v: %+v %v", c.flags, p, err)
		}
	}
}

// A renewed certificate is taken without a new start; while its files do not fit
// together the one before goes on.
func TestRenewed(t *testing.T) {
	dir := t.TempDir()
	cert, key, _ := certify(t, dir, "desk.example.org")
	c := &certificate{cert: cert, key: key}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	first, _ := c.now()
	certify(t, dir, "new.example.org")
	soon := time.Now().Add(time.Second)
	if err := os.Chtimes(cert, soon, soon); err != nil {
		t.Fatal(err)
	}
	if again, _ := c.now(); again != first {
		t.Error("the files are looked at with each connection")
	}
	c.checked = time.Time{}
	second, err := c.now()
	if err != nil || second == first || c.names()[0] != "new.example.org" {
		t.Errorf("%v, %v", c.names(), err)
	}
	if err := os.WriteFile(key, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(2 * time.Second)
	os.Chtimes(key, later, later)
	c.checked = time.Time{}
	if third, err := c.now(); err != nil || third != second {
		t.Errorf("half a key stops the desk: %v", err)
	}
}
