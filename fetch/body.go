package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
)

// easy is the size up to which a body may grow by any factor: small pages of
// one repeated line are no bombs.
const easy = 1 << 20

// These stop a body that goes beyond a limit.
var (
	errWire = errors.New("too many bytes sent")
	errBody = errors.New("too many bytes decoded")
	errBomb = errors.New("the body is a decompression bomb")
)

// unknownEncoding is a Content-Encoding that is not decoded.
type unknownEncoding string

func (e unknownEncoding) Error() string { return "content encoding " + string(e) }

// limits of a body.
type limits struct {
	wire  int64 // bytes as sent
	body  int64 // bytes as decoded
	ratio int64 // decoded by sent, beyond easy
	cut   bool  // take what comes before a limit and leave the rest
}

// decode reads a body as sent and returns it as it was before it was encoded.
// Nothing is decoded beyond the limits, whatever the header said. Brotli and zstd
// are not asked for and not decoded: the Brotli reader at hand takes a body that
// is cut off for a whole one.
func decode(r io.Reader, encoding string, l limits) ([]byte, error) {
	wire := &counter{r: r, limit: l.wire}
	var src io.Reader = wire
	switch encoding = encodingOf(encoding); encoding {
	case "":
	case "gzip":
		z, err := gzip.NewReader(wire)
		if err == io.EOF {
			return nil, nil // an empty body, with no word of gzip in it
		}
		if err != nil {
			return nil, err
		}
		src = z
	case "deflate":
		// The RFC means zlib; some servers send the bare stream. Two bytes tell.
		b := bufio.NewReader(wire)
		head, err := b.Peek(2)
		if len(head) == 0 && err == io.EOF {
			return nil, nil
		}
		if len(head) == 2 && head[0]&15 == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
			if src, err = zlib.NewReader(b); err != nil {
				return nil, err
			}
		} else {
			src = flate.NewReader(b)
		}
	default:
		return nil, unknownEncoding(encoding)
	}
	var out bytes.Buffer
	chunk := make([]byte, 32<<10)
	for {
		n, err := src.Read(chunk)
		size := int64(out.Len() + n)
		switch {
		case size > l.body && l.cut:
			out.Write(chunk[:n])
			return out.Bytes()[:l.body], nil
		case size > l.body:
			return nil, errBody
		case encoding != "" && size > easy && size > l.ratio*wire.n:
			return nil, errBomb
		}
		out.Write(chunk[:n])
		if err == io.EOF {
			return out.Bytes(), nil
		}
		if l.cut && errors.Is(err, errWire) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// encodingOf reads a Content-Encoding: "" for none. Several, one inside the
// other, come from no honest server and stay as they are, which decode refuses.
func encodingOf(v string) string {
	var list []string
	for _, e := range strings.Split(strings.ToLower(v), ",") {
		switch e = strings.TrimSpace(e); e {
		case "", "identity", "none", "utf-8":
		case "x-gzip":
			list = append(list, "gzip")
		default:
			list = append(list, e)
		}
	}
	return shown(strings.Join(list, ", "))
}

// counter stops reading behind a limit.
type counter struct {
	r        io.Reader
	n, limit int64
}

func (c *counter) Read(p []byte) (int, error) {
	if c.n > c.limit {
		return 0, errWire
	}
	if room := c.limit - c.n + 1; int64(len(p)) > room {
		p = p[:room]
	}
	n, err := c.r.Read(p)
	if c.n += int64(n); c.n > c.limit {
		return n - 1, errWire // the byte too many
	}
	return n, err
}

// tooLarge is the error of a limit in bytes.
func tooLarge(url, what string, limit int64, err error) *Error {
	return &Error{Kind: TooLarge, URL: url, Why: fmt.Sprintf("%s is larger than %s", what, bytesText(limit)),
		Do: "save the page with a browser and add the file if you trust it", Err: err}
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
