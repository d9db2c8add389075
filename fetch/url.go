package fetch

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// maxURL is the longest URL that is asked for, in bytes; servers take some
// 8,000.
const maxURL = 8 << 10

// webPorts are the ports that a URL may name. Others belong to mail, databases
// and the like, which a page must not be able to make us speak to.
var webPorts = []int{80, 443, 8080, 8443}

// parse reads a URL and refuses what is not asked for: other schemes, names and
// passwords, other ports. Names in letters beyond ASCII are brought into the form
// of the DNS («خبر.ایران» is xn--ngblk.xn--mgba3a4f16a) and the fragment goes.
func (f *Fetcher) parse(raw string) (*url.URL, *Error) {
	raw = strings.TrimSpace(raw)
	bad := func(why, do string) (*url.URL, *Error) {
		return nil, &Error{Kind: BadURL, URL: shown(raw), Why: why, Do: do}
	}
	if len(raw) > maxURL {
		return bad("the URL is longer than "+strconv.Itoa(maxURL)+" bytes", "look for a shorter address of the page")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return bad("no URL", "give one that begins with https:// or http://")
	}
	switch u.Scheme = strings.ToLower(u.Scheme); {
	case u.Scheme != "http" && u.Scheme != "https":
		if u.Scheme == "" {
			return bad("the URL has no scheme", "give one that begins with https:// or http://")
		}
		return bad("URLs of the scheme "+shown(u.Scheme)+": are not fetched", "give one that begins with https:// or http://")
	case u.User != nil:
		raw = u.Scheme + "://…@" + u.Host // a password must not get into a log
		return bad("the URL holds a name or password", "take out what stands before the @; pages behind a password are not fetched")
	case u.Opaque != "" || u.Hostname() == "":
		return bad("the URL names no host", "give one such as https://khabar.example/1")
	}
	host := strings.ToLower(u.Hostname())
	if !ascii(host) {
		// Before it is judged: the mapping may leave nothing (a soft hyphen) or an
		// address («１２７.０.０.１» in full-width digits).
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return bad("the host's name is not valid", "check the URL")
		}
	}
	host = strings.TrimSuffix(host, ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		if why := f.refuses(addr); why != "" {
			return nil, private(shown(raw), addr, why)
		}
	} else if strings.IndexFunc(host, func(r rune) bool { return !nameRune(r) }) >= 0 || host == "" || host[0] == '.' || host[len(host)-1] == '.' || strings.Contains(host, "..") {
		return bad("the host's name is not valid", "check the URL")
	}
	port := u.Port()
	if port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return bad("no such port", "check the URL")
		}
		if !f.o.AllowPrivate && !slices.Contains(webPorts, n) && !slices.Contains(f.o.Ports, n) {
			return bad("port "+port+" is not one of the web's (80, 443, 8080, 8443)", "allow private addresses if the server is your own")
		}
		if port = strconv.Itoa(n); u.Scheme == "http" && n == 80 || u.Scheme == "https" && n == 443 {
			port = ""
		}
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.Host = host; port != "" {
		u.Host += ":" + port
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = escaped(u.RawQuery)
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// escaped is a query as it goes over the wire: spaces and letters beyond ASCII as
// percent and digits, the rest as it came.
func escaped(query string) string {
	var b strings.Builder
	for i := 0; i < len(query); i++ {
		if c := query[i]; c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func nameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_'
}

// shown is a string from outside as an error may show it: printable, on one
// line, not endless.
func shown(s string) string {
	const most = 200
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			b.WriteString("…")
			break
		}
		if r == '\u200c' || strconv.IsPrint(r) && r != '\ufffd' {
			b.WriteRune(r)
		} else {
			b.WriteByte('?')
		}
	}
	return b.String()
}
