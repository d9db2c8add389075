package fetch

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxTag is the longest ETag or Last-Modified that is kept and sent back.
const maxTag = 1 << 10

// mediaOf reads a Content-Type: "text/html" and "windows-1256". What is not
// said, or makes no sense, is "".
func mediaOf(v string) (media, charset string) {
	if len(v) > maxTag {
		return "", ""
	}
	media, params, err := mime.ParseMediaType(v)
	if err != nil {
		// "text/html; charset=utf-8; charset=utf-8" and the like: keep what is plain.
		first, rest, _ := strings.Cut(v, ";")
		media = strings.ToLower(strings.TrimSpace(first))
		for _, p := range strings.Split(rest, ";") {
			if k, c, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(k), "charset") && charset == "" {
				charset = strings.Trim(strings.TrimSpace(c), `"'`)
			}
		}
	} else {
		charset = strings.Trim(params["charset"], `"' `)
	}
	if !token(media, "/") {
		media = ""
	}
	if charset = strings.ToLower(charset); !token(charset, "") {
		charset = ""
	}
	return media, charset
}

// token reports whether s is made of the characters of names in headers.
func token(s, more string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 && strings.IndexByte(more, c) < 0 {
			return false
		}
	}
	return true
}

// tag keeps an ETag or Last-Modified that can be sent back as it is.
func tag(v string) string {
	if len(v) > maxTag {
		return ""
	}
	for i := 0; i < len(v); i++ {
		if v[i] < ' ' || v[i] == 0x7f {
			return ""
		}
	}
	return v
}

// retryAfter reads a Retry-After, seconds or a date, into a time of our own
// clock; a date is taken against the server's Date, whose clock may be wrong.
// The zero time stands for none.
func retryAfter(h http.Header, now time.Time, most time.Duration) time.Time {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return time.Time{}
	}
	wait := time.Duration(-1)
	if digits(v) {
		wait = most
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n < int64(most/time.Second) {
			wait = time.Duration(n) * time.Second
		}
	} else if t, err := http.ParseTime(v); err == nil {
		base := now
		if d, err := http.ParseTime(h.Get("Date")); err == nil {
			base = d
		}
		wait = max(t.Sub(base), 0)
	}
	if wait < 0 {
		return time.Time{}
	}
	return now.Add(min(wait, most))
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// agent is the User-Agent: "Sanad/1.2 (+https://…; documents published news)".
func agent(version, contact string) string {
	if version = header(version); version == "" || !token(version, "") {
		version = "devel"
	}
	s := "Sanad/" + version + " (+" + home + "; documents published news"
	if contact = header(contact); contact != "" {
		s += "; contact: " + contact
	}
	return s + ")"
}

// home is where to read what this program is.
const home = "https://github.com/sanad-project/sanad"

// header keeps of a user's words what a header can hold.
func header(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '(' || r == ')' || r == '\\' {
			return -1
		}
		return r
	}, s))
	return s[:min(len(s), 200)]
}
