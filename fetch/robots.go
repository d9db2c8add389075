package fetch

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
)

// product is the name that a robots.txt speaks to.
const product = "sanad"

// robots is what a robots.txt says to one program (RFC 9309).
type robots struct {
	rules []rule
	delay time.Duration // Crawl-delay; 0 where none is said
	size  int           // bytes that the rules take up
}

// rule is one Allow or Disallow. The longest pattern that fits a path decides;
// of two of the same length, Allow.
type rule struct {
	allow   bool
	pattern string // percent-encoded as path() does; * stands for anything, $ at the end for the end
	line    string // as it stands in the file
	no      int    // its number, from 1
}

// parseRobots reads a robots.txt, any bytes, for the program of that name (in
// lower case). The groups that name it count, together; where there is none,
// those for "*". Lines that make no sense are passed over, as the RFC asks: a
// bad Crawl-delay must not lift the bans beside it.
func parseRobots(body []byte, name string) *robots {
	var own, all robots
	named := false               // some group speaks to name
	var toOwn, toAll, rules bool // whom the present group speaks to; whether it has had rules
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	for no := 1; len(body) > 0; no++ {
		var line []byte
		line, body = cutLine(body)
		key, value, ok := strings.Cut(uncomment(line), ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch key = strings.ToLower(strings.TrimSpace(key)); key {
		case "user-agent", "useragent", "user agent":
			if rules {
				toOwn, toAll, rules = false, false, false
			}
			if value == "*" {
				toAll = true
			} else if strings.EqualFold(agentName(value), name) {
				toOwn, named = true, true
			}
		case "allow", "disallow":
			rules = true
			if value == "" {
				continue // "Disallow:" forbids nothing
			}
			r := rule{allow: key == "allow", pattern: pattern(value), line: strings.TrimSpace(string(line)), no: no}
			if toOwn {
				own.add(r)
			}
			if toAll {
				all.add(r)
			}
		case "crawl-delay", "crawldelay":
			rules = true
			s, err := strconv.ParseFloat(value, 64)
			if err != nil || math.IsNaN(s) || s < 0 {
				continue
			}
			d := time.Duration(min(s, 1e6) * float64(time.Second))
			if toOwn {
				own.delay = d
			}
			if toAll {
				all.delay = d
			}
		}
	}
	if named {
		return &own
	}
	return &all
}

func (r *robots) add(x rule) {
	r.rules = append(r.rules, x)
	r.size += len(x.pattern) + len(x.line) + 64
}

// cutLine cuts off the first line, which \n, \r\n or \r may end.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexAny(b, "\r\n")
	if i < 0 {
		return b, nil
	}
	if b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n' {
		return b[:i], b[i+2:]
	}
	return b[:i], b[i+1:]
}

func uncomment(line []byte) string {
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	return string(line)
}

// agentName takes the name from "Sanad/1.0 (news)".
func agentName(s string) string {
	i := strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_')
	})
	if i >= 0 {
		s = s[:i]
	}
	return s
}

// forbids returns the rule that forbids a path with its query; ok is false
// where none does.
func (r *robots) forbids(pathQuery string) (rule, bool) {
	p := encoded(pathQuery, false)
	best := -1
	for i := range r.rules {
		x := &r.rules[i]
		if best >= 0 {
			b := &r.rules[best]
			if len(x.pattern) < len(b.pattern) || len(x.pattern) == len(b.pattern) && (b.allow || !x.allow) {
				continue
			}
		}
		if fits(x.pattern, p) {
			best = i
		}
	}
	if best < 0 || r.rules[best].allow {
		return rule{}, false
	}
	return r.rules[best], true
}

// pattern is the pattern of a rule's value.
func pattern(v string) string {
	if v[0] != '/' && v[0] != '*' {
		v = "/" + v // "Disallow: private/" is wrong, but what is meant is plain
	}
	return encoded(v, true)
}

// fits matches from the beginning of a path. The pieces between stars are looked
// for one behind the other; taking each at its first place loses nothing, and
// the time grows with the path, not with a power of it.
func fits(pattern, path string) bool {
	pattern, end := strings.CutSuffix(pattern, "$")
	for first := true; ; first = false {
		piece, rest, star := strings.Cut(pattern, "*")
		if !star {
			switch {
			case end && first:
				return path == piece
			case end:
				return strings.HasSuffix(path, piece)
			case first:
				return strings.HasPrefix(path, piece)
			}
			return strings.Contains(path, piece)
		}
		i := strings.Index(path, piece)
		if first && !strings.HasPrefix(path, piece) || i < 0 {
			return false
		}
		path, pattern = path[i+len(piece):], rest
	}
}

// encoded brings a path or a pattern into one spelling, so that "/خبر",
// "/%D8%AE%D8%A8%D8%B1" and "/%d8%ae%d8%a8%d8%b1" are one: bytes that a URL
// cannot hold are percent-encoded, letters that need no encoding are not, and
// hex digits are upper-case. In a pattern * and a $ at the end keep their
// meaning; in a path they are written %2A and %24.
func encoded(s string, pattern bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		meant := pattern && (c == '*' || c == '$' && i == len(s)-1)
		if c == '%' && i+2 < len(s) {
			if h, l := unhex(s[i+1]), unhex(s[i+2]); h >= 0 && l >= 0 {
				c, i = byte(h<<4|l), i+2
				if !plain(c) {
					b.Write([]byte{'%', hex[c>>4], hex[c&15]})
				} else {
					b.WriteByte(c)
				}
				continue
			}
		}
		if meant || plain(c) || strings.IndexByte("/?#[]@!&'()+,;=:", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// plain are the unreserved characters of RFC 3986, which mean the same encoded
// and not.
func plain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
