package fetch

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind tells failures apart.
type Kind string

// The kinds. Only NotNow, Limited, TooSlow and Unreachable, and Status from
// 500 on, are worth another try; see [Error.Temporary].
const (
	BadURL      Kind = "bad URL"            // no http or https URL, or one with a password, or a port that is not of the web
	Private     Kind = "private address"    // the host's address is not of the public internet
	Robots      Kind = "forbidden"          // by robots.txt; Line says by which line
	NotNow      Kind = "not now"            // robots.txt could not be had, so nobody knows what is allowed; until Until
	Limited     Kind = "rate limited"       // the host asks for patience, until Until
	Redirects   Kind = "too many redirects" // or a redirect that leads nowhere
	Status      Kind = "bad status"         // the answer is no page; Error.Status has its number
	TooLarge    Kind = "too large"          // header or body, as sent or as decoded
	TooSlow     Kind = "too slow"           // silence or slowness beyond the limit
	Broken      Kind = "broken answer"      // cut off, no HTTP, an encoding that does not decode
	Unreachable Kind = "unreachable"        // no such host, nobody answers, no valid certificate
	Stopped     Kind = "stopped"            // the caller's context ended; errors.Is finds its error
)

// Error says why there is no page.
type Error struct {
	Kind   Kind
	URL    string    // the hop that failed; "" only where nothing could be made of what was given
	Status int       // of the answer; 0 where there was none
	Until  time.Time // of Limited and NotNow: not before this time
	Line   string    // of Robots: the line of robots.txt that forbids
	LineNo int       // of Robots: its number, from 1
	Why    string    // what happened
	Do     string    // what to do about it
	Err    error     // what lies beneath; may be nil
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.URL != "" {
		b.WriteString(e.URL)
		b.WriteString(": ")
	}
	b.WriteString(e.Why)
	if e.Do != "" {
		b.WriteString("; ")
		b.WriteString(e.Do)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Temporary reports whether the same call may do better later.
func (e *Error) Temporary() bool {
	switch e.Kind {
	case NotNow, Limited, TooSlow, Unreachable, Broken, Stopped:
		return true
	case Status:
		return e.Status >= 500 || e.Status == 408 || e.Status == 425 || e.Status == 429
	}
	return false
}

// KindOf returns the kind of an error of this package, "" for others.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// badStatus is the error of an answer that is no page.
func badStatus(url string, code int) *Error {
	e := &Error{Kind: Status, URL: url, Status: code, Why: fmt.Sprintf("the server answers with status %d%s", code, meaning(code))}
	switch {
	case code == 401 || code == 402 || code == 407:
		e.Do = "the page is not open to all; save it with a browser and add the file"
	case code == 403:
		e.Do = "the site does not want this program, or not from here; save the page with a browser and add the file"
	case code == 404:
		e.Do = "check the URL"
	case code == 410 || code == 451:
		e.Do = "look for an archived copy"
	case code >= 500:
		e.Do = "try again later"
	case code == 304:
		e.Do = "it was not asked that; report it to the site"
	default:
		e.Do = "open the URL in a browser to see what the site wants"
	}
	return e
}

func meaning(code int) string {
	switch code {
	case 401:
		return " (asks for a password)"
	case 402:
		return " (asks for payment)"
	case 403:
		return " (refused)"
	case 404:
		return " (no such page)"
	case 410:
		return " (the page was taken away)"
	case 451:
		return " (blocked for legal reasons)"
	case 500, 502, 503, 504:
		return " (the server is in trouble)"
	}
	return ""
}
