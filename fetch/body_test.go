package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// packed is s in an encoding.
func packed(t testing.TB, encoding, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "":
		return []byte(s)
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw":
		w, _ = flate.NewWriter(&b, 6)
	}
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var plenty = limits{wire: 1 << 20, body: 4 << 20, ratio: 20}

func TestDecode(t *testing.T) {
	text := strings.Repeat("خبرگزاری پیشاهنگ: گفت‌وگوها از سر گرفته شد.\n", 200)
	for _, c := range []struct{ form, header string }{{"", ""}, {"", "identity"}, {"gzip", "gzip"}, {"gzip", " X-GZIP ,"}, {"deflate", "deflate"}, {"raw", "deflate"}} {
		raw := packed(t, c.form, text)
		got, err := decode(bytes.NewReader(raw), c.header, plenty)
		if err != nil || string(got) != text {
			t.Errorf("%s as %q: %d bytes, %v", c.form, c.header, len(got), err)
		}
		if c.form == "" {
			continue
		}
		// cut off at any place it is an error and never half a page
		for n := 1; n < len(raw); n += 7 {
			if got, err := decode(bytes.NewReader(raw[:n]), c.header, plenty); err == nil {
				t.Fatalf("%s cut off at %d of %d: %d bytes without an error", c.form, n, len(raw), len(got))
			}
		}
		if got, err := decode(strings.NewReader(""), c.header, plenty); err != nil || len(got) != 0 {
			t.Errorf("nothing as %s: %q, %v", c.header, got, err)
		}
	}
}

func TestDecodeLimits(t *testing.T) {
	zeros := strings.Repeat("\x00", 4<<20)
	noise := make([]byte, 1<<20+4096)
	rand.NewChaCha8([32]byte{}).Read(noise)
	for _, c := range []struct {
		name, form, header, body string
		want                     error
	}{
		{"bomb", "gzip", "gzip", zeros, errBomb},
		{"deflate bomb", "raw", "deflate", zeros, errBomb},
		{"long as sent", "", "", string(noise), errWire},
		{"long as sent and encoded", "gzip", "gzip", string(noise), errWire},
		{"exactly as long", "", "", string(noise[:1<<20]), nil},
		{"one byte too long", "", "", string(noise[:1<<20+1]), errWire},
		{"small and dense", "gzip", "gzip", zeros[:1<<20], nil},
	} {
		_, err := decode(bytes.NewReader(packed(t, c.form, c.body)), c.header, plenty)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	sparse := strings.Repeat(string(noise[:40<<10])+strings.Repeat("\x00", 200<<10), 24)
	if _, err := decode(bytes.NewReader(packed(t, "gzip", sparse)), "gzip", plenty); !errors.Is(err, errBody) {
		t.Errorf("long as decoded: %v", err)
	}
	twice := packed(t, "gzip", string(packed(t, "gzip", zeros)))
	var unknown unknownEncoding
	if _, err := decode(bytes.NewReader(twice), "gzip, gzip", plenty); !errors.As(err, &unknown) {
		t.Errorf("gzip in gzip: %v", err)
	}
	// a robots.txt is cut at the limit
	got, err := decode(bytes.NewReader(packed(t, "gzip", zeros[:4<<10])), "gzip", limits{wire: 1 << 10, body: 100, ratio: 20, cut: true})
	if err != nil || len(got) != 100 {
		t.Errorf("cut: %d bytes, %v", len(got), err)
	}
	got, err = decode(bytes.NewReader(noise), "", limits{wire: 100, body: 100, ratio: 20, cut: true})
	if err != nil || !bytes.Equal(got, noise[:100]) {
		t.Errorf("cut: %d bytes, %v", len(got), err)
	}
}

// FuzzDecode: any bytes in any encoding end within the limits.
func FuzzDecode(f *testing.F) {
	for _, e := range []string{"gzip", "deflate", "", "gzip, gzip", "zstd"} {
		form := e
		if e != "gzip" && e != "deflate" {
			form = ""
		}
		f.Add(packed(f, form, "متن خبر متن خبر متن خبر"), e)
	}
	l := limits{wire: 64 << 10, body: 2 << 20, ratio: 20}
	f.Fuzz(func(t *testing.T, body []byte, encoding string) {
		got, err := decode(bytes.NewReader(body), encoding, l)
		if int64(len(got)) > l.body || err != nil && got != nil {
			t.Fatalf("%d bytes with %v", len(got), err)
		}
		l := l
		l.cut, l.body = true, 1<<10
		if got, _ := decode(bytes.NewReader(body), encoding, l); int64(len(got)) > l.body {
			t.Fatalf("%d bytes of %d", len(got), l.body)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	text := strings.Repeat("<p>خبرگزاری پیشاهنگ: گفت‌وگوها از سر گرفته شد.</p>\n", 2000)
	for _, e := range []string{"", "gzip"} {
		raw := packed(b, e, text)
		b.Run("encoding="+e, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(bytes.NewReader(raw), e, limits{wire: 10 << 20, body: 10 << 20, ratio: 1000}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
