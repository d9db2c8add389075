package fetch

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestMedia(t *testing.T) {
	for _, c := range []struct{ in, media, charset string }{
		{"", "", ""},
		{"text/html", "text/html", ""},
		{"Text/HTML; Charset=UTF-8", "text/html", "utf-8"},
		{"text/html;charset=\"windows-1256\"", "text/html", "windows-1256"},
		{"text/html; charset='utf-8'", "text/html", "utf-8"},
		{"text/html; charset=utf-8; charset=utf-8", "text/html", "utf-8"},
		{"text/html; charset=", "text/html", ""},
		{"text/html;", "text/html", ""},
		{"text/html; charset=utf 8", "text/html", ""},
		{";;;", "", ""},
		{"متن", "", ""},
		{strings.Repeat("a", 5000), "", ""},
	} {
		if m, cs := mediaOf(c.in); m != c.media || cs != c.charset {
			t.Errorf("%q: %q, %q; want %q, %q", c.in, m, cs, c.media, c.charset)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2024, 3, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		after, date string
		want        time.Duration // -1: none
	}{
		{"", "", -1},
		{"120", "", 2 * time.Minute},
		{" 0 ", "", 0},
		{"-5", "", -1},
		{"soon", "", -1},
		{"99999999999999999999", "", 24 * time.Hour},
		{"3600000", "", 24 * time.Hour},
		{"Sun, 10 Mar 2024 12:30:00 GMT", "", 30 * time.Minute},
		{"Sun, 10 Mar 2024 12:30:00 GMT", "Sun, 10 Mar 2024 12:29:00 GMT", time.Minute}, // its clock is wrong
		{"Sun, 10 Mar 2024 11:00:00 GMT", "", 0},
		{"Sun, 10 Mar 2124 11:00:00 GMT", "", 24 * time.Hour},
	} {
		h := http.Header{}
		h.Set("Retry-After", c.after)
		h.Set("Date", c.date)
		got := retryAfter(h, now, 24*time.Hour)
		if c.want < 0 && !got.IsZero() || c.want >= 0 && !got.Equal(now.Add(c.want)) {
			t.Errorf("%q at %q: %v, want %v from %v", c.after, c.date, got, c.want, now)
		}
	}
}

func TestAgent(t *testing.T) {
	for _, c := range []struct{ version, contact, want string }{
		{"1.2", "", "Sanad/1.2 (+" + home + "; documents published news)"},
		{"", "desk@khabar.example", "Sanad/devel (+" + home + "; documents published news; contact: desk@khabar.example)"},
		{"1 0/2", "a)\r\nX-Evil: b(", "Sanad/devel (+" + home + "; documents published news; contact: aX-Evil: b)"},
	} {
		if got := agent(c.version, c.contact); got != c.want {
			t.Errorf("%q, %q: %s", c.version, c.contact, got)
		}
	}
}

// FuzzHeaders: whatever a header holds, what is kept can be printed and sent.
func FuzzHeaders(f *testing.F) {
	f.Add("text/html; charset=\"utf-8\"", "120")
	f.Add("text/html;;charset='x", "Sun, 10 Mar 2024 12:30:00 GMT")
	now := time.Date(2024, 3, 10, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, content, after string) {
		m, cs := mediaOf(content)
		if !token(m, "/") || !token(cs, "") || shown(m) != m && len(m) < 200 {
			t.Fatalf("%q: %q, %q", content, m, cs)
		}
		u := retryAfter(http.Header{"Retry-After": {after}}, now, time.Hour)
		if !u.IsZero() && (u.Before(now) || u.After(now.Add(time.Hour))) {
			t.Fatalf("%q: %v", after, u)
		}
		for _, s := range []string{tag(after), agent(after, content), encodingOf(content)} {
			if strings.ContainsAny(s, "\r\n\x00") {
				t.Fatalf("%q", s)
			}
		}
	})
}
