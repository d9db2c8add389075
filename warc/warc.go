// Package warc reads web archives (WARC 1.0 and 1.1, ISO 28500): the pages that
// crawlers such as wget and Common Crawl store, plain or compressed with gzip,
// with one record a gzip member or all in one.
//
// It streams: one record is in memory at a time. A damaged record is reported
// with its place, and reading goes on at the next one. A page of an archive with
// one record a member has passed its checksum when it is returned; where many
// records share a member, the checksum is known at the member's end only.
package warc

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

const magic = "WARC/"

// Limits of what is read of one record, in bytes.
const (
	MaxBody   = 16 << 20 // of a page, as stored and as decoded
	maxHeader = 256 << 10
)

// Record is one stored page: a "response", with what HTTP said, or a
// "resource". Other records (requests, metadata, revisits, …) are passed over.
type Record struct {
	Type   string
	ID     string
	URL    string
	Date   time.Time // when it was fetched; zero where the record does not say
	Offset int64     // in the file, of the record or of the gzip member it is in
	Status int       // of HTTP; 0 for a resource
	Header textproto.MIMEHeader
	Media  string // Content-Type of the page, as it was sent: "text/html; charset=utf-8"
	Cut    bool   // the crawler stored the beginning only (WARC-Truncated)
	Body   []byte // decoded; nil where Want said no
}

// Damage is what could not be read; reading goes on behind it.
type Damage struct {
	Offset int64 // in the file, where the damaged record or gzip member begins
	URL    string
	Why    string
}

func (e *Damage) Error() string {
	s := where(e.Offset) + ": "
	if e.URL != "" {
		s += e.URL + ": "
	}
	return s + e.Why
}

// Reader reads an archive.
type Reader struct {
	// Want is asked of each response and resource before its body is read,
	// which is passed over where it says no. nil: those of status 200 to 299
	// and all resources.
	Want func(*Record) bool

	Passed int // records that were passed over: of other types, or not wanted

	src     *source
	b       *bufio.Reader
	version string // the first line of the next record, found when searching
	found   int64  // its place
	any     bool   // a record has been seen
	held    error  // damage behind the last record
	err     error
}

// ErrNoWARC says that the bytes are no archive.
var ErrNoWARC = errors.New("no WARC archive: it does not begin with a WARC record")

// NewReader makes a reader of an archive. Where r can seek (a file), more is
// found again behind damaged compression.
func NewReader(r io.Reader) *Reader {
	d := &Reader{src: newSource(r)}
	d.b = bufio.NewReaderSize(d.src, 64<<10)
	return d
}

// Offset is the number of bytes of the file that are read so far.
func (d *Reader) Offset() int64 { return d.src.at() }

// Next returns the next page. A *Damage is no end: call Next again. io.EOF is
// the end; any other error is one of reading the file, and final.
func (d *Reader) Next() (*Record, error) {
	for d.err == nil {
		r, err := d.record()
		var bad *Damage
		switch {
		case err == nil && r != nil:
			return r, nil
		case err == nil:
			d.Passed++
		case errors.As(err, &bad):
			return nil, bad
		default:
			d.err = err
		}
	}
	return nil, d.err
}

// offset is the place of the next byte in the file; of the gzip member, where
// it is compressed.
func (d *Reader) offset() int64 {
	if d.src.zip {
		return d.src.start
	}
	return d.src.given - int64(d.b.Buffered())
}

// record reads one record; nil where it is passed over.
func (d *Reader) record() (*Record, error) {
	if err := d.held; err != nil {
		d.held = nil
		return nil, d.failed(d.src.start, "", err)
	}
	first, at := d.version, d.found
	d.version = ""
	for first == "" {
		at = d.offset()
		line, err := d.line(maxHeader)
		switch {
		case err == errBoundary && line == "":
			continue
		case err == io.EOF && strings.TrimSpace(line) == "":
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF) && err != errBoundary && err != errLong:
			return nil, d.failed(d.offset(), "", err)
		}
		if strings.TrimSpace(line) != "" {
			first = line
			if d.src.zip {
				at = d.offset() // of the member that was opened meanwhile
			}
		}
	}
	if !strings.HasPrefix(first, magic) {
		return nil, d.search(at, "no record begins here")
	}
	d.any = true
	h, err := d.header()
	if err != nil {
		return nil, d.failed(at, "", err)
	}
	r := &Record{Type: strings.ToLower(h.Get("WARC-Type")), ID: h.Get("WARC-Record-ID"), URL: strings.Trim(h.Get("WARC-Target-URI"), "<> "), Offset: at, Cut: h.Get("WARC-Truncated") != "", Media: h.Get("Content-Type")}
	if t, err := time.Parse(time.RFC3339Nano, h.Get("WARC-Date")); err == nil {
		r.Date = t.UTC()
	}
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get("Content-Length")), 10, 64)
	if err != nil || n < 0 {
		return nil, d.search(at, "a record that does not say its length")
	}
	begin := d.offset() // of the content, where the archive is plain
	read := &block{d: d, left: n}
	var why error
	switch r.Type {
	case "response":
		if !strings.HasPrefix(strings.ToLower(strings.ReplaceAll(r.Media, " ", "")), "application/http") {
			r = nil // of DNS, or of another protocol
			break
		}
		r.Media = ""
		r, why = d.response(r, read)
	case "resource":
		if d.Want != nil && !d.Want(r) {
			r = nil
			break
		}
		r.Body, why = read.all()
	default:
		r = nil
	}
	if err := read.rest(); err != nil {
		if err == io.ErrUnexpectedEOF && d.back(begin) {
			if bad := d.search(at, "the archive ends before the length that the record says"); d.version != "" {
				return nil, bad
			}
		}
		return nil, d.failed(at, url(r), err)
	}
	ends, err := d.trailer()
	if err != nil {
		return nil, d.failed(at, url(r), err)
	}
	if ends < 2 && d.stray() {
		d.back(begin) // where that is possible: the next record may be within this length
		return nil, d.search(at, "the record has another length than it says")
	}
	if why != nil {
		return nil, &Damage{Offset: at, URL: url(r), Why: why.Error()}
	}
	return r, nil
}

func url(r *Record) string {
	if r == nil {
		return ""
	}
	return r.URL
}

// failed makes a Damage of what went wrong within a record and goes on behind
// it; an error of the file stays one.
func (d *Reader) failed(at int64, url string, err error) error {
	var c *corrupt
	switch {
	case errors.As(err, &c):
		to, rerr := d.src.resync()
		d.b.Reset(d.src)
		if rerr != nil && rerr != io.EOF {
			return rerr
		}
		why := c.Error()
		switch {
		case rerr == nil:
			why += "; the next record begins at " + where(to)
		case !d.any:
			return ErrNoWARC
		case errors.Is(err, io.ErrUnexpectedEOF):
			why = "the archive is cut off within this record"
		default:
			why += "; no record was found behind it"
		}
		return &Damage{at, url, why}
	case err == errBoundary:
		return &Damage{at, url, "the record is shorter than it says"}
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		return &Damage{at, url, "the archive is cut off within this record"}
	case err == errLong, err == errHeader:
		return d.search(at, err.Error())
	}
	return err
}

// search passes over bytes until a line begins a record.
func (d *Reader) search(at int64, why string) error {
	from := d.src.given
	for {
		here := d.offset()
		line, err := d.line(maxHeader)
		switch {
		case !d.any && d.src.given-from > patience:
			return ErrNoWARC
		case err == errBoundary && line == "":
			return &Damage{at, "", why} // the next member begins with a record
		case err == errBoundary, err == errLong:
		case err == io.EOF && !d.any:
			return ErrNoWARC
		case err == io.EOF:
			return &Damage{at, "", why + "; no record was found behind it"}
		case err != nil:
			return d.failed(at, "", err)
		case strings.HasPrefix(line, "WARC/1.") || strings.HasPrefix(line, "WARC/0."):
			if d.src.zip {
				here = d.src.start
			}
			d.version, d.found = line, here
			return &Damage{at, "", why + "; the next record begins at " + where(here)}
		}
	}
}

// patience is how far a file is searched for its first record, in bytes.
const patience = 16 << 20

var (
	errLong   = errors.New("a header that is too long")
	errHeader = errors.New("a header that cannot be read")
)

// line reads one line without its end. Of a line longer than limit the rest is
// passed over.
func (d *Reader) line(limit int) (string, error) {
	var buf []byte
	long := false
	for {
		part, err := d.b.ReadSlice('\n')
		if len(buf)+len(part) > limit {
			long = true
		} else {
			buf = append(buf, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == nil && long {
			err = errLong
		}
		return strings.TrimRight(string(buf), "\r\n"), err
	}
}

// header reads "Name: value" lines up to the empty one.
func (d *Reader) header() (textproto.MIMEHeader, error) {
	h := textproto.MIMEHeader{}
	last, total := "", 0
	for {
		l, err := d.line(maxHeader)
		if err != nil {
			return nil, err
		}
		if l == "" {
			return h, nil
		}
		if total += len(l); total > maxHeader {
			return nil, errLong
		}
		if (l[0] == ' ' || l[0] == '\t') && last != "" {
			v := h[last]
			v[len(v)-1] += " " + strings.TrimSpace(l)
			continue
		}
		k, v, ok := strings.Cut(l, ":")
		if !ok {
			return nil, errHeader
		}
		last = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(k))
		h[last] = append(h[last], strings.TrimSpace(v))
	}
}

// trailer reads the two line ends behind a record and, where it is the last of
// its gzip member, the member's checksum. It returns the number of line ends.
func (d *Reader) trailer() (ends int, err error) {
	var c *corrupt
	for {
		l, err := d.b.ReadByte()
		switch {
		case err == io.EOF, err == errBoundary:
			return 2, nil
		case errors.As(err, &c) && c.begin:
			d.held = err // what follows is damaged, not this record
			return 2, nil
		case err != nil:
			return ends, err
		case l == '\n':
			ends++
		case l != '\r':
			return ends, d.b.UnreadByte()
		}
	}
}

// stray reports whether something else than a record follows.
func (d *Reader) stray() bool {
	next, _ := d.b.Peek(len(magic))
	return len(next) > 0 && string(next) != magic
}

// back returns to an earlier place of a plain file.
func (d *Reader) back(to int64) bool {
	f, ok := d.src.in.r.(io.Seeker)
	if !ok || d.src.zip {
		return false
	}
	if _, err := f.Seek(to, io.SeekStart); err != nil {
		return false
	}
	d.src.in.n, d.src.given = to, to
	d.src.raw.Reset(d.src.in)
	d.b.Reset(d.src)
	return true
}

// block is the content of one record. An error of the archive stays in err.
type block struct {
	d    *Reader
	left int64
	err  error
}

func (b *block) fail(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	b.err = err
	return err
}

func (b *block) byte() (byte, error) {
	c, err := b.d.b.ReadByte()
	if err != nil {
		return 0, b.fail(err)
	}
	b.left--
	return c, nil
}

// rest passes over what is left.
func (b *block) rest() error {
	for b.left > 0 && b.err == nil {
		n, err := b.d.b.Discard(int(min(b.left, 1<<30)))
		b.left -= int64(n)
		if err != nil {
			b.fail(err)
		}
	}
	return b.err
}

var errLarge = fmt.Errorf("a page larger than %d MB", MaxBody>>20)

// all reads what is left, if it is not too large for a page. The error speaks
// of the page only: what is wrong with the archive, rest finds again.
func (b *block) all() ([]byte, error) {
	if b.left > MaxBody {
		return nil, errLarge
	}
	// The length is only what the record says: memory is taken as bytes come.
	buf := make([]byte, 0, min(b.left, 1<<20))
	for b.left > 0 {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := b.d.b.Read(buf[len(buf):min(int64(cap(buf)), int64(len(buf))+b.left)])
		buf, b.left = buf[:len(buf)+n], b.left-int64(n)
		if err != nil && b.left > 0 {
			return nil, b.fail(err)
		}
	}
	return buf, nil
}
