package fetch

import (
	"net/url"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	f := New(Options{Ports: []int{8000}})
	for _, c := range []struct{ in, want string }{
		{"http://khabar.example", "http://khabar.example/"},
		{"  HTTPS://Khabar.Example.:443/a?b=c#d \n", "https://khabar.example/a?b=c"},
		{"http://khabar.example:8080/a b", "http://khabar.example:8080/a%20b"},
		{"http://khabar.example:080/", "http://khabar.example/"},
		{"http://khabar.example:8000/", "http://khabar.example:8000/"},
		{"https://khabar.example/خبر/۱", "https://khabar.example/%D8%AE%D8%A8%D8%B1/%DB%B1"},
		{"https://خبر.ایران/", "https://xn--ngblk.xn--mgba3a4f16a/"},
		{"http://8.8.8.8/", "http://8.8.8.8/"},
		{"http://[2606:4700::1111]:443/", "http://[2606:4700::1111]:443/"},
	} {
		u, err := f.parse(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
		} else if u.String() != c.want {
			t.Errorf("%q is %s, want %s", c.in, u, c.want)
		}
	}
	for _, c := range []struct {
		in   string
		kind Kind
	}{
		{"", BadURL}, {"khabar.example/1", BadURL}, {"//khabar.example/1", BadURL}, {"file:///etc/passwd", BadURL}, {"ftp://khabar.example/", BadURL},
		{"gopher://127.0.0.1:70/", BadURL}, {"javascript:alert(1)", BadURL}, {"data:text/html,x", BadURL}, {"http:khabar.example", BadURL}, {"http:///x", BadURL},
		{"http://user@khabar.example/", BadURL}, {"http://user:secret@khabar.example/", BadURL}, {"http://khabar.example:25/", BadURL},
		{"http://khabar.example:0/", BadURL}, {"http://khabar.example:99999/", BadURL}, {"http://khabar.example:x/", BadURL}, {"http://a\x00b/", BadURL},
		{"http://a\nb/", BadURL}, {"http://khabar.example/" + strings.Repeat("a", maxURL), BadURL}, {"http://a,b/", BadURL}, {"http://./", BadURL}, {"http://a../", BadURL}, {"http://.a/", BadURL}, {"http://a..b/", BadURL}, {"http://ا\u202eب/", BadURL},
		{"http://127.0.0.1/", Private}, {"http://127.0.0.1./", Private}, {"http://[::1]/", Private}, {"http://[::ffff:127.0.0.1]/", Private},
		{"http://[::ffff:7f00:1]/", Private}, {"http://[fe80::1%25eth0]/", Private}, {"https://10.1.2.3/", Private}, {"http://169.254.169.254/latest/meta-data/", Private},
		{"http://[64:ff9b::7f00:1]/", Private}, {"http://0.0.0.0/", Private},
		{"http://\u00ad", BadURL}, {"http://\u00ad./", BadURL}, {"http://１２７.０.０.１/", Private},
	} {
		u, err := f.parse(c.in)
		if err == nil {
			t.Errorf("%q is taken as %s", c.in, u)
			continue
		}
		if wantKind(t, err, c.kind); strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is shown: %v", err)
		}
	}
	open := New(Options{AllowPrivate: true})
	for _, in := range []string{"http://127.0.0.1:5432/", "http://[::1]:99/"} {
		if _, err := open.parse(in); err != nil {
			t.Errorf("%s: %v", in, err)
		}
	}
}

// FuzzURL: what is taken is http or https, holds no password, and is taken the
// same way again.
func FuzzURL(f *testing.F) {
	for _, s := range []string{"http://khabar.example/خبر?a=b#c", "https://[::1]:8080/%zz", "http://user:pw@h/", "HTTP://H:080", "http://0x7f.1/", "http://a%00b/", "http://00? #", "http://\u00ad", "http://１２７.０.０.１/"} {
		f.Add(s)
	}
	x := New(Options{})
	f.Fuzz(func(t *testing.T, s string) {
		u, err := x.parse(s)
		if err != nil {
			wantKind(t, err, err.Kind)
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Hostname() == "" || u.Fragment != "" {
			t.Fatalf("%q is taken as %s", s, u)
		}
		again, err := x.parse(u.String())
		if err != nil || again.String() != u.String() {
			if len(u.String()) > maxURL {
				return // encoding made it longer
			}
			t.Fatalf("%q is %s at first and %v (%v) then", s, u, again, err)
		}
		if _, err := url.Parse(u.String()); err != nil {
			t.Fatal(err)
		}
	})
}
