package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// rec writes one record.
func rec(typ, uri, media, content string, more ...string) string {
	h := "WARC/1.0\r\nWARC-Type: " + typ + "\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2023-11-05T09:00:00Z\r\n"
	if uri != "" {
		h += "WARC-Target-URI: " + uri + "\r\n"
	}
	if media != "" {
		h += "Content-Type: " + media + "\r\n"
	}
	for _, m := range more {
		h += m + "\r\n"
	}
	return h + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(content)) + content + "\r\n\r\n"
}

const asHTTP = "application/http; msgtype=response"

func answer(body string, more ...string) string {
	h := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
	for _, m := range more {
		h += m + "\r\n"
	}
	return h + "\r\n" + body
}

func pageOf(i int) string {
	return fmt.Sprintf("<html><h1>خبر %d</h1><p>%s</p></html>", i, strings.Repeat("متن خبر. ", 40+i%7))
}

// news is an archive as crawlers of news write it: an info record, then
// request, response and metadata of each page.
func news(n int) []string {
	out := []string{rec("warcinfo", "", "application/warc-fields", "software: x\r\n")}
	for i := range n {
		u := fmt.Sprintf("https://a.example/%d", i)
		out = append(out, rec("request", u, "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n"), rec("response", u, asHTTP, answer(pageOf(i))), rec("metadata", u, "text/plain", "x: y"))
	}
	return out
}

func zip(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.Bytes()
}

func members(recs []string) []byte {
	var b bytes.Buffer
	for _, r := range recs {
		b.Write(zip(r))
	}
	return b.Bytes()
}

// readAll reads an archive and returns its pages and damages; want says with
// which error it ends.
func readAll(t testing.TB, r io.Reader) (recs []*Record, bad []*Damage, end error) {
	t.Helper()
	d := NewReader(r)
	for n := 0; ; n++ {
		if n > 1_000_000 {
			t.Fatal("no end")
		}
		x, err := d.Next()
		var b *Damage
		switch {
		case err == nil:
			recs = append(recs, x)
		case errors.As(err, &b):
			bad = append(bad, b)
		default:
			return recs, bad, err
		}
	}
}

func TestLayouts(t *testing.T) {
	recs := news(20)
	all := strings.Join(recs, "")
	var pieces bytes.Buffer // members that end anywhere, as parallel gzip writes them
	for i := 0; i < len(all); i += 1000 {
		pieces.Write(zip(all[i:min(i+1000, len(all))]))
	}
	for _, c := range []struct {
		name string
		in   []byte
	}{
		{"plain", []byte(all)}, {"one member a record", members(recs)}, {"one member", zip(all)}, {"members anywhere", pieces.Bytes()},
		{"an empty member between", append(append(members(recs[:5]), zip("")...), members(recs[5:])...)},
		{"WARC 1.1 and bare line ends", []byte(strings.ReplaceAll(strings.ReplaceAll(strings.Join(recs[:1], ""), "\r\n", "\n"), "Content-Length: 13", "Content-Length: 12") + strings.ReplaceAll(strings.Join(recs[1:], ""), "WARC/1.0", "WARC/1.1"))},
	} {
		for _, seekable := range []bool{true, false} {
			var r io.Reader = bytes.NewReader(c.in)
			if !seekable {
				r = io.MultiReader(r)
			}
			got, bad, err := readAll(t, r)
			if err != io.EOF || len(bad) != 0 || len(got) != 20 {
				t.Errorf("%s: %d pages, %v, %v", c.name, len(got), bad, err)
				continue
			}
			for i, g := range got {
				if g.URL != fmt.Sprintf("https://a.example/%d", i) || string(g.Body) != pageOf(i) || g.Status != 200 || g.Media != "text/html; charset=utf-8" || !g.Date.Equal(time.Date(2023, 11, 5, 9, 0, 0, 0, time.UTC)) {
					t.Errorf("%s: page %d: %+v", c.name, i, g)
				}
			}
			for i, g := range got {
				if c.name == "plain" && !strings.HasPrefix(all[g.Offset:], recs[3*i+2]) {
					t.Errorf("plain: page %d is not at %d", i, g.Offset)
				}
			}
		}
	}
}

func compress(t *testing.T, coding, s string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw":
		w, _ = flate.NewWriter(&b, 5)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, _ = zstd.NewWriter(&b)
	}
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func chunked(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i += 100 {
		part := s[i:min(i+100, len(s))]
		fmt.Fprintf(&b, "%x;ext=1\r\n%s\r\n", len(part), part)
	}
	return b.String() + "0\r\nTrailer: x\r\n\r\n"
}

func TestBodies(t *testing.T) {
	p := pageOf(1)
	for _, c := range []struct{ name, content, want string }{
		{"chunked", answer(chunked(p), "Transfer-Encoding: chunked"), p},
		{"called chunked, stored whole", answer(p, "Transfer-Encoding: chunked"), p},
		{"chunked, broken off", answer(chunked(p)[:300], "Transfer-Encoding: chunked"), ""},
		{"gzip", answer(compress(t, "gzip", p), "Content-Encoding: gzip"), p},
		{"gzip in chunks", answer(chunked(compress(t, "gzip", p)), "Content-Encoding: gzip", "Transfer-Encoding: chunked"), p},
		{"called gzip, stored decoded", answer(p, "Content-Encoding: gzip"), p},
		{"deflate", answer(compress(t, "deflate", p), "Content-Encoding: deflate"), p},
		{"bare deflate", answer(compress(t, "raw", p), "Content-Encoding: deflate"), p},
		{"called deflate, stored decoded", answer(p, "Content-Encoding: deflate"), p},
		{"brotli", answer(compress(t, "br", p), "Content-Encoding: br"), p},
		{"called brotli, stored decoded", answer(p, "Content-Encoding: br"), p},
		{"zstd", answer(compress(t, "zstd", p), "Content-Encoding: zstd"), p},
		{"HTTP with bare line ends", strings.ReplaceAll(answer(""), "\r\n", "\n") + p, p},
		{"a header line without a colon", answer(p, "nonsense"), p},
		{"no body", answer(""), ""},
	} {
		got, bad, err := readAll(t, strings.NewReader(rec("response", "https://a.example/", asHTTP, c.content)+rec("resource", "file:///x", "text/plain", "ok")))
		if err != io.EOF || len(bad) != 0 || len(got) != 2 || string(got[1].Body) != "ok" {
			t.Errorf("%s: %d pages, %v, %v", c.name, len(got), bad, err)
			continue
		}
		if string(got[0].Body) != c.want && (c.want != "" || !strings.HasPrefix(p, string(got[0].Body))) {
			t.Errorf("%s: %.80q", c.name, got[0].Body)
		}
	}
}

// TestPassed: what is no page is passed over without a word.
func TestPassed(t *testing.T) {
	in := rec("revisit", "https://a.example/", asHTTP, answer("")) + rec("response", "dns:a.example", "text/dns", "20231105\r\na.example. 1 IN A 192.0.2.1") + rec("response", "https://a.example/gone", asHTTP, "HTTP/1.1 404 Not Found\r\n\r\nx") +
		rec("conversion", "https://a.example/", "text/plain", "x") + rec("continuation", "https://a.example/", "", "x") + rec("unheard-of", "", "", strings.Repeat("x", 1<<20)) + rec("resource", "<https://a.example/r>", "text/html", "<p>ok", "WARC-Truncated: length")
	d := NewReader(strings.NewReader(in))
	r, err := d.Next()
	if err != nil || r.URL != "https://a.example/r" || !r.Cut || r.Media != "text/html" || d.Passed != 6 {
		t.Errorf("%+v, %v, %d passed over", r, err, d.Passed)
	}
	if _, err := d.Next(); err != io.EOF {
		t.Error(err)
	}
	d = NewReader(strings.NewReader(in))
	d.Want = func(r *Record) bool { return r.Status == 404 }
	if r, err := d.Next(); err != nil || string(r.Body) != "x" {
		t.Error(r, err)
	}
}

// TestFlip damages one byte at a time: the pages of the other records are all
// there, as they were, and none is wrong.
func TestFlip(t *testing.T) {
	recs := news(6)
	for _, c := range []struct {
		name string
		in   []byte
		lose int  // pages at most
		sure bool // a page that comes is right: there is a checksum
	}{
		{"plain", []byte(strings.Join(recs, "")), 1, false},
		{"one member a record", members(recs), 1, true},
	} {
		for i := 0; i < len(c.in); i += 3 {
			in := bytes.Clone(c.in)
			in[i] ^= 1 << (i % 8)
			got, bad, err := readAll(t, bytes.NewReader(in))
			if err != io.EOF && !(i < 12 && err == ErrNoWARC) {
				t.Fatalf("%s, byte %d: ends with %v", c.name, i, err)
			}
			if err != io.EOF {
				continue
			}
			if len(got) < 6-c.lose {
				t.Fatalf("%s, byte %d: %d pages are left; %v", c.name, i, len(got), bad)
			}
			if len(got) < 6 && len(bad) == 0 && c.sure {
				t.Fatalf("%s, byte %d: a page is missing, nothing said", c.name, i)
			}
			for _, g := range got {
				if c.sure && string(g.Body) != pageOf(int(g.URL[len(g.URL)-1]-'0')) {
					t.Fatalf("%s, byte %d: a wrong page: %+v, %v", c.name, i, g, bad)
				}
			}
		}
	}
}

// TestCut cuts archives off at every place.
func TestCut(t *testing.T) {
	recs := news(4)
	for name, in := range map[string][]byte{"plain": []byte(strings.Join(recs, "")), "members": members(recs), "one": zip(strings.Join(recs, ""))} {
		for n := 1; n < len(in); n += 2 {
			got, bad, err := readAll(t, bytes.NewReader(in[:n]))
			if err != io.EOF && err != ErrNoWARC {
				t.Fatalf("%s cut at %d: %v", name, n, err)
			}
			if len(bad) > 1 {
				t.Fatalf("%s cut at %d: %v", name, n, bad)
			}
			for i, g := range got {
				if string(g.Body) != pageOf(i) {
					t.Fatalf("%s cut at %d: page %d is wrong", name, n, i)
				}
			}
		}
	}
}

func TestDamage(t *testing.T) {
	recs := news(3)
	long := strings.Replace(recs[2], "Content-Length: ", "Content-Length: 9", 1)
	short := strings.Replace(recs[2], "Content-Length: ", "Content-Length: 5\r\nX: ", 1)
	none := strings.Replace(recs[2], "Content-Length: ", "X-Length: ", 1)
	nested := rec("response", "https://a.example/in", asHTTP, answer("<pre>\nWARC/1.0\r\nWARC-Type: response\r\n</pre>"))
	for _, c := range []struct {
		name  string
		in    []byte
		pages int
		why   string // in the first damage; "" for none
	}{
		{"a length too long", []byte(recs[0] + long + recs[5] + recs[8]), 2, "length"},
		{"a length too long, compressed", members([]string{recs[0], long, recs[5], recs[8]}), 2, "shorter than it says"},
		{"a length too short", []byte(recs[0] + short + recs[5] + recs[8]), 2, "length"},
		{"no length", []byte(recs[0] + none + recs[5] + recs[8]), 2, "length"},
		{"no length, compressed", members([]string{recs[0], none, recs[5], recs[8]}), 2, "length"},
		{"rubbish between", []byte(recs[0] + recs[2] + strings.Repeat("rubbish\n", 1000) + recs[5]), 2, "no record begins here"},
		{"rubbish between members", append(append(members(recs[:3]), bytes.Repeat([]byte("\x1f\x8b\x08rubbish"), 5000)...), members(recs[3:])...), 3, "damaged"},
		{"zeros behind the end", append(members(recs), make([]byte, 5000)...), 3, "damaged"},
		{"a header line of 1 MB", []byte(recs[0] + rec("response", strings.Repeat("x", 1<<20), asHTTP, answer("x")) + recs[5]), 1, "too long"},
		{"no HTTP within", []byte(recs[0] + rec("response", "https://a.example/", asHTTP, "rubbish") + recs[5]), 1, "no HTTP"},
		{"a coding that does not decode", []byte(recs[0] + rec("response", "https://a.example/", asHTTP, answer("\x1f\x8brubbish", "Content-Encoding: gzip")) + recs[5]), 1, "does not decode"},
		{"a record in the text of another", []byte(recs[0] + nested + recs[5]), 2, ""},
		{"a page larger than is read", []byte(recs[0] + rec("response", "https://a.example/", asHTTP, answer(strings.Repeat("x", MaxBody+1))) + recs[5]), 1, "larger than 16 MB"},
		{"a bomb", []byte(recs[0] + rec("response", "https://a.example/", asHTTP, answer(compress(t, "gzip", strings.Repeat("\x00", 200<<20)), "Content-Encoding: gzip")) + recs[5]), 1, "larger than 16 MB"},
		{"a bomb of a record", members([]string{recs[0], rec("response", "https://a.example/", asHTTP, answer(strings.Repeat("x", 200<<20))), recs[5]}), 1, "larger than 16 MB"},
		{"a length beyond all", members([]string{recs[0], strings.Replace(recs[2], "Content-Length: ", "Content-Length: 9223372036854775", 1)[:200], recs[5]}), 1, "shorter than it says"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, bad, err := readAll(t, bytes.NewReader(c.in))
		runtime.ReadMemStats(&after)
		if err != io.EOF || len(got) != c.pages || (c.why == "") != (len(bad) == 0) || len(bad) > 0 && !strings.Contains(bad[0].Error(), c.why) {
			t.Errorf("%s: %d pages, %v, %v", c.name, len(got), bad, err)
		}
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 100 {
			t.Errorf("%s: %d MB allocated", c.name, mb)
		}
	}
	for name, in := range map[string][]byte{"text": []byte("خبر\nخبر"), "a zip of text": zip("خبر\nخبر"), "a large zip of zeros": zip(strings.Repeat("\x00", 100<<20)), "half a gzip header": []byte("\x1f\x8b\x08"), "rubbish": bytes.Repeat([]byte("\x1f\x8b\x08\x00"), 100_000)} {
		if got, bad, err := readAll(t, bytes.NewReader(in)); err != ErrNoWARC || len(got)+len(bad) > 0 {
			t.Errorf("%s: %v, %v", name, bad, err)
		}
	}
	if _, _, err := readAll(t, strings.NewReader("")); err != io.EOF {
		t.Errorf("an empty file: %v", err)
	}
	broken := errors.New("the disk is gone")
	if got, _, err := readAll(t, io.MultiReader(bytes.NewReader(members(recs)), failing{broken})); err != broken || len(got) != 3 {
		t.Errorf("a failing disk: %d pages, %v", len(got), err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestWget reads what wget writes.
func TestWget(t *testing.T) {
	wget, err := exec.LookPath("wget")
	if err != nil {
		t.Skip("no wget here")
	}
	const n = 12
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var i int
		if _, err := fmt.Sscanf(r.URL.Path, "/n/%d", &i); err != nil || i >= n {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if i%2 == 0 {
			w.(http.Flusher).Flush() // in chunks
		}
		io.WriteString(w, pageOf(i))
	}))
	defer srv.Close()
	for _, more := range [][]string{nil, {"--no-warc-compression"}} {
		dir := t.TempDir()
		args := append([]string{"-q", "-O", os.DevNull, "--no-proxy", "--warc-file=" + filepath.Join(dir, "w")}, more...)
		for i := range n + 1 {
			args = append(args, fmt.Sprintf("%s/n/%d", srv.URL, i))
		}
		if out, err := exec.Command(wget, args...).CombinedOutput(); err != nil && !strings.Contains(err.Error(), "exit status 8") { // 8: the 404 among them
			t.Fatalf("wget: %v\n%s", err, out)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "w.warc*"))
		if len(files) != 1 {
			t.Fatal(files)
		}
		f, err := os.Open(files[0])
		if err != nil {
			t.Fatal(err)
		}
		got, bad, err := readAll(t, f)
		f.Close()
		if err != io.EOF || len(bad) > 0 {
			t.Fatal(bad, err)
		}
		pages := 0
		for _, g := range got {
			var i int
			if _, err := fmt.Sscanf(g.URL, srv.URL+"/n/%d", &i); err == nil {
				pages++
				if string(g.Body) != pageOf(i) || g.Date.IsZero() {
					t.Errorf("page %d: %+v", i, g)
				}
			}
		}
		if pages != n {
			t.Errorf("%d of %d pages in %s", pages, n, files[0])
		}
	}
}

// FuzzWARC: whatever comes in, reading ends, and what is damaged is told once
// for each place.
func FuzzWARC(f *testing.F) {
	recs := news(2)
	f.Add([]byte(strings.Join(recs, "")), true)
	f.Add(members(recs), false)
	f.Add(zip(strings.Join(recs, "")), true)
	f.Fuzz(func(t *testing.T, in []byte, seekable bool) {
		var r io.Reader = bytes.NewReader(in)
		if !seekable {
			r = io.MultiReader(r)
		}
		recs, _, err := readAll(t, r)
		if err != io.EOF && err != ErrNoWARC {
			t.Fatal(err)
		}
		for _, g := range recs {
			if g.Offset < 0 || g.Offset >= int64(len(in)) || len(g.Body) > MaxBody {
				t.Fatalf("%+v", g)
			}
		}
	})
}

func BenchmarkNext(b *testing.B) {
	recs := news(500)
	for i := range recs {
		if i%3 == 2 {
			recs[i] = rec("response", "https://a.example/", asHTTP, answer(strings.Repeat(pageOf(i), 40)))
		}
	}
	all := strings.Join(recs, "")
	for _, c := range []struct {
		name string
		in   []byte
	}{{"plain", []byte(all)}, {"gzip", members(recs)}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(all)))
			b.ReportAllocs()
			for b.Loop() {
				d := NewReader(bytes.NewReader(c.in))
				n := 0
				for {
					if _, err := d.Next(); err != nil {
						break
					}
					n++
				}
				if n != 500 {
					b.Fatal(n)
				}
			}
		})
	}
}
