package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// response reads an HTTP answer; nil where it is not wanted.
func (d *Reader) response(r *Record, b *block) (*Record, error) {
	head, err := httpHead(b)
	if err != nil {
		return r, err
	}
	status, rest, _ := strings.Cut(head, "\n")
	f := strings.Fields(status)
	if len(f) < 2 || !strings.HasPrefix(strings.ToUpper(f[0]), "HTTP/") {
		return r, errors.New("a response that is no HTTP")
	}
	if r.Status, err = strconv.Atoi(f[1]); err != nil {
		return r, errors.New("a response without a status")
	}
	r.Header = textproto.MIMEHeader{}
	for l := range strings.Lines(rest) {
		// A line without a colon is a server's mistake and no reason to lose
		// the page.
		if k, v, ok := strings.Cut(l, ":"); ok {
			k = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(k))
			r.Header[k] = append(r.Header[k], strings.TrimSpace(v))
		}
	}
	r.Media = r.Header.Get("Content-Type")
	if d.Want == nil && (r.Status < 200 || r.Status > 299) || d.Want != nil && !d.Want(r) {
		return nil, nil
	}
	body, err := b.all()
	if err != nil {
		return r, err
	}
	if strings.Contains(strings.ToLower(r.Header.Get("Transfer-Encoding")), "chunked") {
		body = dechunk(body)
	}
	r.Body, err = decode(body, r.Header.Get("Content-Encoding"), r.Cut)
	return r, err
}

// httpHead reads up to the empty line, byte by byte, since what follows may
// belong to the next record.
func httpHead(b *block) (string, error) {
	var head []byte
	for b.left > 0 {
		c, err := b.byte()
		if err != nil {
			return "", err
		}
		if head = append(head, c); len(head) > maxHeader {
			return "", errLong
		}
		if c == '\n' && (bytes.HasSuffix(head, []byte("\n\n")) || bytes.HasSuffix(head, []byte("\n\r\n"))) {
			break
		}
	}
	return string(head), nil
}

// dechunk takes off the chunked transfer coding. Crawlers store a body as it
// was sent or as it was meant and leave the header in both cases: what is not
// in chunks comes back as it is, and of a body that breaks off what was there.
func dechunk(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for rest := body; ; {
		line, after, ok := bytes.Cut(rest, []byte("\n"))
		size, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(";"))
		n, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 31)
		if !ok || err != nil {
			if len(out) == 0 {
				return body
			}
			return out
		}
		if n == 0 {
			return out
		}
		if int(n) >= len(after) {
			return append(out, after...)
		}
		out = append(out, after[:n]...)
		rest = bytes.TrimPrefix(bytes.TrimPrefix(after[n:], []byte("\r")), []byte("\n"))
	}
}

// decode takes off a content coding. Where the body is not coded as the header
// says, which crawlers that decode leave so, it comes back as it is. Of a body
// that the crawler cut off what can be decoded is taken.
func decode(body []byte, coding string, cut bool) ([]byte, error) {
	coding = strings.ToLower(strings.TrimSpace(coding))
	var src io.Reader
	var err error
	in := bytes.NewReader(body)
	switch coding {
	case "gzip", "x-gzip":
		if !bytes.HasPrefix(body, []byte("\x1f\x8b")) {
			return body, nil
		}
		src, err = gzip.NewReader(in)
	case "deflate":
		if len(body) > 1 && body[0]&15 == 8 && (int(body[0])<<8|int(body[1]))%31 == 0 {
			src, err = zlib.NewReader(in)
		} else {
			src = flate.NewReader(in)
		}
	case "br":
		src = brotli.NewReader(in)
	case "zstd":
		if !bytes.HasPrefix(body, []byte("\x28\xb5\x2f\xfd")) {
			return body, nil
		}
		var z *zstd.Decoder
		if z, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20)); err == nil {
			defer z.Close()
			src = z
		}
	default:
		return body, nil
	}
	if err == nil {
		var out bytes.Buffer
		_, err = io.Copy(&out, io.LimitReader(src, MaxBody+1))
		switch {
		case out.Len() > MaxBody:
			return nil, fmt.Errorf("%w when decoded", errLarge)
		case err == nil, cut && out.Len() > 0:
			return out.Bytes(), nil
		}
	}
	if text(body) {
		return body, nil
	}
	return nil, fmt.Errorf("content encoding %s: the body does not decode: %w", coding, err)
}

// text reports whether bytes look like a page and not like a coded one.
func text(body []byte) bool {
	head := bytes.TrimSpace(body[:min(len(body), 512)])
	return bytes.HasPrefix(head, []byte("<")) || bytes.HasPrefix(head, []byte("\xef\xbb\xbf<"))
}
