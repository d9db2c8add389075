package desk

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"html/template"
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-project/sanad/account"
)

func (d *Desk) teamRoutes(mux *http.ServeMux) {
	if d.opt.Accounts == nil {
		return
	}
	mux.HandleFunc("GET /signin", d.signInPage)
	mux.HandleFunc("POST /signin", d.signInPost)
	mux.HandleFunc("POST /signout", d.signOutPost)
	mux.HandleFunc("GET /account", d.accountPage)
	mux.HandleFunc("POST /account", d.accountPost)
	mux.HandleFunc("GET /accounts", d.accountsPage)
	mux.HandleFunc("POST /accounts", d.accountsPost)
	mux.HandleFunc("GET /invitation/{token}", d.invitationPage)
	mux.HandleFunc("POST /invitation/{token}", d.invitationPost)
}

// The cookies: of a session, and of a browser that is to sign in.
const (
	sessionCookie = "sanad-session"
	beforeCookie  = "sanad-before"
)

// secure reports whether people ask by https.
func (d *Desk) secure() bool { return strings.HasPrefix(d.opt.Origin, "https://") }

// cookieName is the name of a cookie. The prefix makes the browser refuse one
// that came over plain http, or that another host of the domain has set.
func (d *Desk) cookieName(name string) string {
	if d.secure() {
		return "__Host-" + name
	}
	return name
}

func (d *Desk) cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(d.cookieName(name))
	if err != nil || len(c.Value) > 100 {
		return ""
	}
	return c.Value
}

// setCookie gives the browser a secret; "" takes it away. It lives as long as
// the browser does: how long a session lasts is for the server to say.
func (d *Desk) setCookie(w http.ResponseWriter, name, value string) {
	c := &http.Cookie{Name: d.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: d.secure(), SameSite: http.SameSiteStrictMode}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// newSecret is 256 random bits.
func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// client is the address that a request comes from. A proxy of ours appends the
// one that it saw to X-Forwarded-For: only that last one is not the word of who
// asks.
func (d *Desk) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if d.opt.Proxy {
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if ip, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil {
			return ip.String()
		}
	}
	return host
}

// signingIn is the page to sign in.
type signingIn struct {
	Name string
	Next string
	Why  string
	Wait int  // minutes to wait before the next try
	Link bool // somebody came by a link of another place, with which no session is sent
}

func (d *Desk) signInPage(w http.ResponseWriter, r *http.Request) {
	next := local(r.URL.Query().Get("next"), "/")
	if visitorOf(r.Context()).Name != "" {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	b := signingIn{Next: next, Link: r.Header.Get("Sec-Fetch-Site") == "cross-site"}
	d.show(w, r, http.StatusOK, "signin", languageOf(r).T("signin.title"), &b)
}

func (d *Desk) signInPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	l, f := languageOf(r), r.PostForm
	b := signingIn{Name: f.Get("name"), Next: local(f.Get("next"), "/")}
	token, _, err := d.opt.Accounts.SignIn(r.Context(), b.Name, f.Get("password"), d.client(r))
	if err != nil {
		status := d.signInStatus(w, r, l, err, &b.Why, &b.Wait)
		if status == 0 {
			return
		}
		d.show(w, r, status, "signin", l.T("signin.title"), &b)
		return
	}
	d.signedIn(w, r, token)
	http.Redirect(w, r, b.Next, http.StatusSeeOther)
}

// signInStatus puts into words why somebody was not let in; 0 where the answer
// is given.
func (d *Desk) signInStatus(w http.ResponseWriter, r *http.Request, l *language, err error, why *string, wait *int) int {
	var pause *account.Wait
	switch {
	case errors.As(err, &pause):
		*wait = int(math.Ceil(pause.For.Minutes()))
		*why = l.T("signin.wait", *wait)
		// Without the name: people type passwords into that field.
		d.opt.Log.Printf("desk: too many tries to sign in from %s", d.client(r))
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(pause.For.Seconds()))))
		return http.StatusTooManyRequests
	case errors.Is(err, account.ErrPassword):
		*why = l.T("signin.wrong")
		return http.StatusUnauthorized
	}
	d.trouble(w, r, http.StatusInternalServerError, err)
	return 0
}

// signedIn gives the browser a new session; what it had before is void.
func (d *Desk) signedIn(w http.ResponseWriter, r *http.Request, token string) {
	if old := d.cookieOf(r, sessionCookie); old != "" {
		if err := d.opt.Accounts.SignOut(r.Context(), old); err != nil {
			d.opt.Log.Printf("desk: a session could not be ended: %v", err)
		}
	}
	d.setCookie(w, sessionCookie, token)
	d.setCookie(w, beforeCookie, "")
}

func (d *Desk) signOutPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	if err := d.opt.Accounts.SignOut(r.Context(), visitorOf(r.Context()).secret); err != nil {
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	d.setCookie(w, sessionCookie, "")
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
}

// ownAccount is the page of who is signed in.
type ownAccount struct {
	*account.Account
	Min  int // characters of a password
	Why  string
	Wait int
	Done bool
}

func (d *Desk) accountPage(w http.ResponseWriter, r *http.Request) {
	v := visitorOf(r.Context())
	d.show(w, r, http.StatusOK, "account", languageOf(r).T("account.title"), &ownAccount{Account: &v.Account, Min: account.MinPassword, Done: r.URL.Query().Has("done")})
}

func (d *Desk) accountPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	l, f, v := languageOf(r), r.PostForm, visitorOf(r.Context())
	b := ownAccount{Account: &v.Account, Min: account.MinPassword}
	status := http.StatusUnprocessableEntity
	if f.Get("password") != f.Get("again") {
		b.Why = l.T("account.differ")
	} else if token, err := d.opt.Accounts.ChangePassword(r.Context(), v.Name, f.Get("old"), f.Get("password"), d.client(r)); err == nil {
		d.signedIn(w, r, token)
		http.Redirect(w, r, "/account?done=1", http.StatusSeeOther)
		return
	} else if bad := d.badPassword(err); bad {
		b.Why = err.Error()
	} else if status = d.signInStatus(w, r, l, err, &b.Why, &b.Wait); status == 0 {
		return
	} else if status == http.StatusUnauthorized {
		b.Why, status = l.T("account.wrong"), http.StatusUnprocessableEntity
	}
	d.show(w, r, status, "account", l.T("account.title"), &b)
}

// badPassword reports whether an error is about a password that was chosen.
func (d *Desk) badPassword(err error) bool {
	var bad *account.BadPassword
	return errors.As(err, &bad)
}

// changesShown is how many changes of accounts their page lists.
const changesShown = 50

// people is the page of all accounts.
type people struct {
	*language
	List    []account.Account
	Changes []account.Change
	Roles   []account.Role
	Why     string
	Link    string // of an invitation that was made just now
	For     string // whom it invites
	Days    int    // that it can be taken
	Name    string // of the refused form
	Own     string // who looks
}

func (d *Desk) accountsPage(w http.ResponseWriter, r *http.Request) {
	d.accounts(w, r, http.StatusOK, people{})
}

func (d *Desk) accounts(w http.ResponseWriter, r *http.Request, status int, b people) {
	var err error
	if b.List, err = d.opt.Accounts.List(r.Context()); err == nil {
		b.Changes, err = d.opt.Accounts.Changes(r.Context(), changesShown)
	}
	if err != nil {
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	b.language, b.Roles, b.Own = languageOf(r), account.Roles, visitorOf(r.Context()).Name
	b.Days = int(account.Invited / (24 * time.Hour))
	d.show(w, r, status, "accounts", b.T("accounts.title"), &b)
}

// accountsPost changes an account:
//
//	action   invite (also a role), again, role (also a role), remove, restore
//	name
func (d *Desk) accountsPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	s, f, by := d.opt.Accounts, r.PostForm, visitorOf(r.Context()).Name
	name, role := f.Get("name"), account.Role(f.Get("role"))
	var token string
	var err error
	switch f.Get("action") {
	case "invite":
		token, err = s.Invite(r.Context(), by, name, role)
	case "again":
		token, err = s.InviteAgain(r.Context(), by, name)
	case "role":
		err = s.SetRole(r.Context(), by, name, role)
	case "remove":
		err = s.Remove(r.Context(), by, name)
	case "restore":
		if err = s.Restore(r.Context(), by, name); err == nil {
			token, err = s.InviteAgain(r.Context(), by, name)
		}
	default:
		err = account.Refused("there is no action %q on an account", f.Get("action"))
	}
	switch {
	case err != nil && !account.IsRefusal(err):
		d.trouble(w, r, http.StatusInternalServerError, err)
	case err != nil:
		d.accounts(w, r, http.StatusUnprocessableEntity, people{Why: err.Error(), Name: name})
	case token != "":
		d.accounts(w, r, http.StatusOK, people{Link: d.guard.origin() + "/invitation/" + token, For: name})
	default:
		http.Redirect(w, r, "/accounts", http.StatusSeeOther)
	}
}

// invited is the page of an invitation.
type invited struct {
	*account.Account
	Token string
	Min   int
	Why   string
}

func (d *Desk) invitationPage(w http.ResponseWriter, r *http.Request) {
	d.invitation(w, r, http.StatusOK, "")
}

func (d *Desk) invitation(w http.ResponseWriter, r *http.Request, status int, why string) {
	who, err := d.opt.Accounts.Invitation(r.Context(), r.PathValue("token"))
	switch {
	case errors.Is(err, account.ErrInvitation):
		d.trouble(w, r, http.StatusNotFound, err)
		return
	case err != nil:
		d.trouble(w, r, http.StatusInternalServerError, err)
		return
	}
	d.show(w, r, status, "invitation", languageOf(r).T("invitation.title"), &invited{Account: &who, Token: url.PathEscape(r.PathValue("token")), Min: account.MinPassword, Why: why})
}

func (d *Desk) invitationPost(w http.ResponseWriter, r *http.Request) {
	if !d.formOf(w, r) {
		return
	}
	f := r.PostForm
	if f.Get("password") != f.Get("again") {
		d.invitation(w, r, http.StatusUnprocessableEntity, languageOf(r).T("account.differ"))
		return
	}
	token, _, err := d.opt.Accounts.Take(r.Context(), r.PathValue("token"), f.Get("password"))
	switch {
	case err == nil:
		d.signedIn(w, r, token)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	case d.badPassword(err):
		d.invitation(w, r, http.StatusUnprocessableEntity, err.Error())
	case errors.Is(err, account.ErrInvitation):
		d.trouble(w, r, http.StatusNotFound, err)
	default:
		d.trouble(w, r, http.StatusInternalServerError, err)
	}
}

// AccountChange says who let whom in, or made them what.
func (l *language) AccountChange(c account.Change) template.HTML {
	by := bdi(c.By)
	if c.By == "" {
		by = template.HTML(template.HTMLEscapeString(l.T("accounts.command")))
	}
	p := parts{"by": by, "name": bdi(c.Name), "role": template.HTML(template.HTMLEscapeString(l.Word("role", string(c.Role))))}
	key := "accounts.change." + c.What
	if c.By == c.Name && l.has(key+".own") {
		key += ".own"
	}
	if !l.has(key) {
		return ltr(c.What)
	}
	return l.Sentence(key, p)
}
