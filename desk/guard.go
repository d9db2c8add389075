package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The limits of a request.
const (
	maxForm   = 2 << 20  // bytes of a decision or of a pasted text's other fields
	maxUpload = 64 << 20 // bytes of files and pasted texts
	maxTime   = 2 * time.Minute
)

// policy is what a page of the desk may do: nothing but show what this server
// sent and send forms back to it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// guard stands before every handler. It refuses requests
//
//   - whose Host header is not the one the desk was bound to: a page of
//     another site whose name was made to point here (DNS rebinding) would
//     otherwise be of the same origin as the desk;
//   - that would change something and come from another site.
type guard struct {
	hosts []string
	cross *http.CrossOriginProtection
	token string
	next  http.Handler
	desk  *Desk
}

func newGuard(hosts []string, next http.Handler) *guard {
	b := make([]byte, 18)
	rand.Read(b)
	return &guard{hosts: hosts, cross: http.NewCrossOriginProtection(), token: hex.EncodeToString(b), next: next}
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
	if !slices.Contains(g.hosts, strings.ToLower(r.Host)) {
		stop(w, r, http.StatusMisdirectedRequest, "this desk answers at "+g.origin()+" only")
		return
	}
	if g.desk != nil && g.desk.secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
		if g.desk.opt.Proxy && r.Header.Get("X-Forwarded-Proto") != "https" {
			stop(w, r, http.StatusForbidden, "this desk is asked at "+g.origin()+" only, through a proxy that sets X-Forwarded-Proto")
			return
		}
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		h.Set("Allow", "GET, HEAD, POST")
		stop(w, r, http.StatusMethodNotAllowed, "the desk knows GET and POST only")
		return
	}
	if err := g.cross.Check(r); err != nil {
		stop(w, r, http.StatusForbidden, "this request comes from another site and was refused")
		return
	}
	limit := int64(maxForm)
	if path := strings.TrimSuffix(r.URL.Path, "/"); path == "/add" || path == "/api/v1/reports" {
		limit = maxUpload
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	ctx, cancel := context.WithTimeout(r.Context(), maxTime)
	defer cancel()
	if g.desk != nil && g.desk.opt.Accounts != nil {
		g.desk.enter(w, r.WithContext(ctx), g.next.(*http.ServeMux))
		return
	}
	g.next.ServeHTTP(w, r.WithContext(ctx))
}

// origin is the address at which people ask for the desk.
func (g *guard) origin() string {
	if g.desk != nil && g.desk.opt.Origin != "" {
		return g.desk.opt.Origin
	}
	return "http://" + g.hosts[0]
}

// stop answers a request that reaches no handler.
func stop(w http.ResponseWriter, r *http.Request, status int, why string) {
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		http.Error(w, why, status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(problem{Error: why})
}

// errToken says that a form was not made for who sends it.
var errToken = errors.New("this page is from before you signed in, or from an earlier run of the desk: open it again and repeat what you did")

// token is what a form for who asks carries: where there are accounts it hangs
// on the session, from which it is made by a hash, and no other session's form
// is taken; else it is that of this run of the desk. "" is nobody's.
func (d *Desk) token(ctx context.Context) string {
	if d.opt.Accounts == nil {
		return d.guard.token
	}
	secret := visitorOf(ctx).secret
	if secret == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("form\x00" + secret))
	return hex.EncodeToString(sum[:18])
}

// checkToken compares the token of a form with that of who asks. A browser
// that sends neither Origin nor Sec-Fetch-Site is stopped by it.
func (d *Desk) checkToken(ctx context.Context, form url.Values) error {
	want := d.token(ctx)
	if want == "" || subtle.ConstantTimeCompare([]byte(form.Get("token")), []byte(want)) != 1 {
		return errToken
	}
	return nil
}

// local returns a path of this desk to go to, or fallback where next is an
// address of another place in any of the ways a browser would take it for one.
func local(next, fallback string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" ||
		!strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return fallback
	}
	return next
}

// Hosts are the values of a Host header by which a desk bound to addr
// ("127.0.0.1:8080") is asked.
func Hosts(addr string) []string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return []string{addr}
	}
	list := []string{strings.ToLower(addr)}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() || host == "localhost" {
		for _, name := range [...]string{"127.0.0.1", "localhost"} {
			if h := net.JoinHostPort(name, port); !slices.Contains(list, h) {
				list = append(list, h)
			}
		}
	}
	return list
}

// Loopback says why a desk must not be bound to addr; nil where only programs
// on this machine can reach it there.
func Loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return errors.New(addr + " is no address: give one as 127.0.0.1:8080")
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return errors.New(addr + " can be reached from other machines, and --addr asks nobody who they are: give an address of this machine alone, as 127.0.0.1:8080, or serve a team with --listen")
}

// Server is an HTTP server for the desk with limits on what a slow or
// endless request may take.
func Server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: maxTime, WriteTimeout: maxTime + 10*time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
}
