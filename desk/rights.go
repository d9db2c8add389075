package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/sanad-project/sanad/account"
)

// anyone is the right of who is not signed in.
const anyone account.Role = "anyone"

// rights say for each route of the desk who may use it where there are
// accounts. This is the only place that decides it, for pages and API alike; a
// route that is not in it is nobody's, and a test fails for it. To look wants a
// reader, to decide or to add a reviewer, to change whom or how the desk serves
// an administrator.
var rights = map[string]account.Role{
	"GET /signin":               anyone,
	"POST /signin":              anyone,
	"GET /invitation/{token}":   anyone,
	"POST /invitation/{token}":  anyone,
	"GET /static/{hash}/{name}": anyone,

	"/":                        account.Reader, // what there is not
	"/api/":                    account.Reader,
	"POST /signout":            account.Reader,
	"GET /account":             account.Reader,
	"POST /account":            account.Reader,
	"GET /accounts":            account.Admin,
	"POST /accounts":           account.Admin,
	"GET /api/v1/openapi.json": account.Reader,

	"GET /{$}":                            account.Reader,
	"GET /add":                            account.Reviewer,
	"POST /add":                           account.Reviewer,
	"GET /report/{id}":                    account.Reader,
	"GET /report/{id}/at/{place}":         account.Reader,
	"GET /report/{id}/relays":             account.Reader,
	"GET /report/{id}/decide":             account.Reader,
	"POST /report/{id}/decide":            account.Reviewer,
	"GET /api/v1/reports":                 account.Reader,
	"POST /api/v1/reports":                account.Reviewer,
	"GET /api/v1/reports/{id}":            account.Reader,
	"GET /api/v1/reports/{id}/findings":   account.Reader,
	"GET /api/v1/reports/{id}/relays":     account.Reader,
	"GET /api/v1/reports/{id}/why":        account.Reader,
	"POST /api/v1/reports/{id}/decisions": account.Reviewer,

	"GET /events":                    account.Reader,
	"GET /events/export":             account.Reader,
	"GET /events/views":              account.Reader,
	"POST /events/views":             account.Reviewer,
	"GET /api/v1/events":             account.Reader,
	"GET /api/v1/events/timeline":    account.Reader,
	"GET /api/v1/events/places":      account.Reader,
	"GET /api/v1/events/views":       account.Reader,
	"POST /api/v1/events/views":      account.Reviewer,
	"POST /api/v1/events/views/drop": account.Reviewer,

	"GET /compare":                     account.Reader,
	"GET /report/{id}/compare":         account.Reader,
	"POST /report/{id}/compare":        account.Reviewer,
	"GET /api/v1/compare":              account.Reader,
	"GET /api/v1/reports/{id}/compare": account.Reader,
	"POST /api/v1/reports/{id}/settle": account.Reviewer,

	"GET /incidents":                        account.Reader,
	"GET /incident/{id}":                    account.Reader,
	"GET /incident/{id}/field/{field}":      account.Reader,
	"GET /incident/{id}/decide":             account.Reader,
	"GET /incident/{id}/join":               account.Reviewer,
	"POST /incident/{id}/decide":            account.Reviewer,
	"GET /outlets":                          account.Reader,
	"GET /link":                             account.Reader,
	"POST /link":                            account.Reviewer,
	"GET /api/v1/incidents":                 account.Reader,
	"GET /api/v1/incidents/{id}":            account.Reader,
	"POST /api/v1/incidents/{id}/decisions": account.Reviewer,
	"GET /api/v1/outlets":                   account.Reader,
	"GET /api/v1/link":                      account.Reader,
	"POST /api/v1/link":                     account.Reviewer,

	"GET /jobs":             account.Reviewer,
	"GET /jobs/{id}":        account.Reviewer,
	"GET /api/v1/jobs":      account.Reviewer,
	"GET /api/v1/jobs/{id}": account.Reviewer,
	"POST /api/v1/jobs":     account.Reviewer,

	"GET /lexicon":                    account.Reader,
	"GET /lexicon/{kind}":             account.Reader,
	"GET /lexicon/{kind}/{id}":        account.Reader,
	"GET /lexicon/add":                account.Reviewer,
	"GET /lexicon/try":                account.Reviewer,
	"GET /lexicon/keep":               account.Reviewer,
	"POST /lexicon/try":               account.Reviewer,
	"POST /lexicon/keep":              account.Admin, // everybody's reports are read with it
	"GET /api/v1/lexicon":             account.Reader,
	"GET /api/v1/lexicon/{kind}/{id}": account.Reader,
	"POST /api/v1/lexicon/try":        account.Reviewer,
	"POST /api/v1/lexicon/keep":       account.Admin,

	"GET /actors":                        account.Reader,
	"GET /actors/network":                account.Reader,
	"GET /actors/proposals":              account.Reviewer, // who may not decide need not have them made
	"POST /actors/proposals":             account.Reviewer,
	"GET /actor/{id}":                    account.Reader,
	"GET /actor/{id}/{part}":             account.Reader,
	"GET /actor/{id}/decide":             account.Reader,
	"POST /actor/{id}/decide":            account.Reviewer,
	"GET /outlet/{id}":                   account.Reader,
	"GET /outlets/wording":               account.Reader,
	"GET /api/v1/actors":                 account.Reader,
	"GET /api/v1/actors/{id}":            account.Reader,
	"GET /api/v1/actors/{id}/{part}":     account.Reader,
	"POST /api/v1/actors/{id}/decisions": account.Reviewer,
	"GET /api/v1/network":                account.Reader,
	"GET /api/v1/proposals":              account.Reviewer,
	"POST /api/v1/proposals/{id}":        account.Reviewer,
	"GET /api/v1/outlets/{id}":           account.Reader,
	"GET /api/v1/wording":                account.Reader,
}

// always are the routes of who has to choose a password of their own first.
var always = map[string]bool{"GET /account": true, "POST /account": true, "POST /signout": true, "GET /static/{hash}/{name}": true}

// visitor is who asks: somebody signed in, or a browser that is not, which has
// a secret too, so that a form of the sign-in page cannot come from elsewhere.
type visitor struct {
	account.Account
	secret string // token of the session, or of the browser that is to sign in
}

type visitorKey struct{}

// visitorOf is who asks where there are accounts.
func visitorOf(ctx context.Context) visitor {
	v, _ := ctx.Value(visitorKey{}).(visitor)
	return v
}

// may reports whether who asks may do what wants a role. Where there are no
// accounts everybody at this machine may do everything.
func (d *Desk) may(ctx context.Context, want account.Role) bool {
	return d.opt.Accounts == nil || visitorOf(ctx).Role.May(want)
}

// enter lets a request through to its handler, or answers it: who is not signed
// in is sent to sign in, who may not is refused.
func (d *Desk) enter(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	// HEAD is served by the route of GET.
	_, pattern := mux.Handler(r)
	want, known := rights[pattern]
	if pattern == "" { // another method than its address knows: the mux says so
		want, known = account.Reader, true
	}
	if !known {
		d.opt.Log.Printf("desk: nobody may use %s: it has no right", pattern)
		stop(w, r, http.StatusForbidden, "nobody may do this")
		return
	}
	v := visitor{secret: d.cookieOf(r, sessionCookie)}
	var err error
	v.Account, err = d.opt.Accounts.Session(r.Context(), v.secret)
	switch {
	case errors.Is(err, account.ErrSession):
		v = visitor{secret: d.cookieOf(r, beforeCookie)}
		if want != anyone {
			d.signInFirst(w, r)
			return
		}
		if v.secret == "" && r.Method == http.MethodGet && !strings.HasPrefix(pattern, "GET /static/") {
			v.secret = newSecret()
			d.setCookie(w, beforeCookie, v.secret)
		}
	case err != nil:
		d.opt.Log.Printf("desk: %s: %v", r.URL.Path, err)
		stop(w, r, http.StatusServiceUnavailable, "the accounts cannot be read now: try again")
		return
	}
	r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
	switch {
	case want == anyone:
	case !v.Role.May(want):
		err := errors.New("your account is that of a " + string(v.Role) + "; this wants a " + string(want))
		if strings.HasPrefix(r.URL.Path, "/api/") {
			stop(w, r, http.StatusForbidden, err.Error())
		} else {
			d.trouble(w, r, http.StatusForbidden, err)
		}
		return
	case v.Fresh && !always[pattern]:
		if strings.HasPrefix(r.URL.Path, "/api/") {
			stop(w, r, http.StatusForbidden, "choose a password of your own first, at /account")
		} else {
			http.Redirect(w, r, "/account", http.StatusSeeOther)
		}
		return
	}
	mux.ServeHTTP(w, r)
}

// signInFirst answers who is not signed in.
func (d *Desk) signInFirst(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		stop(w, r, http.StatusUnauthorized, "sign in first, at /signin")
	case r.Method == http.MethodPost:
		// A form whose session is over meanwhile: what was typed is still in the
		// browser's page before.
		d.trouble(w, r, http.StatusUnauthorized, errors.New("you are no longer signed in: sign in in another tab, go back here and send it again"))
	default:
		http.Redirect(w, r, "/signin?next="+url.QueryEscape(local(r.URL.RequestURI(), "/")), http.StatusSeeOther)
	}
}
