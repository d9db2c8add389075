package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/feed"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/page"
	"github.com/sanad-project/sanad/warc"
)

func (r *run) file(name string, yield func(input.Item) bool) bool {
	if kindOf(name) == byNobody {
		return yield(failed(name, errors.New("a web page with its pictures in one file is not read: save the page as HTML")))
	}
	f, err := os.Open(name)
	if err != nil {
		return yield(failed(name, reason(err)))
	}
	defer f.Close()
	if kindOf(name) == byTable {
		return r.table(f, name, yield)
	}
	return r.stream(f, name, yield)
}

// stream reads a file or the standard input.
func (r *run) stream(in io.Reader, name string, yield func(input.Item) bool) bool {
	how := kindOf(name)
	if name == "-" {
		how = byContent
	}
	n := &source{ctx: r.ctx, r: in}
	if how == byArchive {
		return r.archive(n, name, yield)
	}
	b := bufio.NewReaderSize(n, 64<<10)
	head, _ := b.Peek(4 << 10)
	if how == byContent && holdsWARC(head) {
		if _, err := n.Seek(0, io.SeekStart); err == nil {
			return r.archive(n, name, yield)
		}
		return r.archive(b, name, yield)
	}
	if bytes.HasPrefix(head, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return yield(failed(name, fmt.Errorf("a gzip file that cannot be read: %w", err)))
		}
		b = bufio.NewReaderSize(broken{z}, 64<<10)
	}
	if bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")) {
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
		if err != nil {
			return yield(failed(name, fmt.Errorf("a Zstandard file that cannot be read: %w", err)))
		}
		defer z.Close()
		b = bufio.NewReaderSize(unpacked{z}, 64<<10)
	}
	// What an item used up is counted as the file has it, compressed or not.
	outer := yield
	var told int64
	yield = func(it input.Item) bool {
		if it.File == name {
			it.Bytes, told = n.n-told, n.n
		}
		return outer(it)
	}
	if how == byContent {
		how = sniff(b)
	}
	switch how {
	case byPage:
		if !r.takes(1) {
			return true
		}
		raw, err := io.ReadAll(io.LimitReader(b, page.MaxBytes+1))
		if err != nil {
			return yield(failed(name, reason(err)))
		}
		return r.page(raw, "", "", input.Item{File: name, Record: 1, Media: "text/html"}, nil, yield)
	case byFeed:
		raw, err := io.ReadAll(io.LimitReader(b, feed.MaxBytes+1))
		if err != nil {
			return yield(failed(name, reason(err)))
		}
		switch kind := feed.Sniff(raw); kind {
		case feed.IsPage:
			if !r.takes(1) {
				return true
			}
			return r.page(raw, "", "", input.Item{File: name, Record: 1, Media: "text/html"}, nil, yield)
		case feed.IsOPML:
			return r.list(raw, "", "", name, r.numbered(yield))
		default:
			return r.feed(raw, "", "", name, time.Time{}, r.numbered(yield))
		}
	}
	rd := &input.Reader{Defaults: r.Defaults, Keep: r.Keep, Take: r.takes, Other: runOf(name).item}
	return rd.From(b, plain(name), func(it input.Item) bool {
		if it.Read == nil {
			it.File = name
		} else {
			it.Bytes, told = n.n-told, n.n
			it.In = name + strings.TrimPrefix(it.In, plain(name))
		}
		return r.ctx.Err() == nil && yield(it)
	})
}

// numbered counts the items of a feed as its records: to tell them apart it has
// to be read anyway.
func (r *run) numbered(yield func(input.Item) bool) func(input.Item) bool {
	n := 0
	return func(it input.Item) bool {
		n++
		it.Record = n
		return !r.takes(n) || yield(it)
	}
}

// holdsWARC reports whether an archive begins so, compressed or not.
func holdsWARC(head []byte) bool {
	if z, err := gzip.NewReader(bytes.NewReader(head)); err == nil {
		inner := make([]byte, 5)
		n, _ := io.ReadFull(z, inner)
		head = inner[:n]
	}
	return bytes.HasPrefix(head, []byte("WARC/"))
}

// sniff tells by its beginning what a stream is.
func sniff(b *bufio.Reader) reading {
	head, _ := b.Peek(16 << 10)
	switch feed.Sniff(head) {
	case feed.IsPage:
		return byPage
	case feed.IsFeed, feed.IsOPML:
		return byFeed
	}
	return byInput
}

// source counts what is read of a file, and ends when ctx is done.
type source struct {
	ctx context.Context
	r   io.Reader
	n   int64
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	return n, err
}

func (s *source) Seek(to int64, whence int) (int64, error) {
	if f, ok := s.r.(io.Seeker); ok {
		return f.Seek(to, whence)
	}
	return 0, errors.ErrUnsupported
}

// broken says of an error of compression what it is.
type broken struct{ r io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	switch {
	case err == io.ErrUnexpectedEOF:
		err = errors.New("the gzip file is cut off")
	case err != nil && err != io.EOF:
		err = fmt.Errorf("the gzip file is damaged: %w", err)
	}
	return n, err
}

// unpacked says of an error of Zstandard what it is.
type unpacked struct{ r io.Reader }

func (u unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("the Zstandard file is damaged or cut off: %w", err)
	}
	return n, err
}

// stdin is the standard input, of which a read ends when ctx is done.
func (r *run) stdin() io.Reader {
	if r.Stdin == nil {
		return strings.NewReader("")
	}
	return &patient{ctx: r.ctx, r: r.Stdin}
}

type patient struct {
	ctx context.Context
	r   io.Reader
	buf []byte
}

type chunk struct {
	n   int
	err error
}

func (p *patient) Read(b []byte) (int, error) {
	if p.buf == nil {
		p.buf = make([]byte, 64<<10)
	}
	// Nobody can end a read of a terminal or a pipe: it is left behind, with a
	// buffer of its own.
	buf, done := p.buf[:min(len(b), len(p.buf))], make(chan chunk, 1)
	go func() {
		n, err := p.r.Read(buf)
		done <- chunk{n, err}
	}()
	select {
	case c := <-done:
		return copy(b, buf[:c.n]), c.err
	case <-p.ctx.Done():
		p.buf = nil
		return 0, p.ctx.Err()
	}
}

// archive reads the pages of a web archive. What the crawler stored besides
// (pictures, scripts, answers that are no pages) is passed over.
func (r *run) archive(src io.Reader, name string, yield func(input.Item) bool) bool {
	d := warc.NewReader(src)
	// A page has its number before it is read, so that passing it over is cheap.
	// Damage belongs to the last page where that begins at the same place, else it
	// has a number of its own: whether the page was taken or not must not matter.
	n, at := 0, int64(-1)
	d.Want = func(rec *warc.Record) bool {
		if rec.Status != 0 && rec.Status != 200 && rec.Status != 203 || !isHTML(rec.Media) || strings.HasPrefix(rec.URL, "metadata:") {
			return false
		}
		n, at = n+1, rec.Offset
		return r.takes(n)
	}
	var told int64
	used := func() int64 {
		n := d.Offset() - told
		told += n
		return n
	}
	for r.ctx.Err() == nil {
		rec, err := d.Next()
		var bad *warc.Damage
		switch {
		case err == io.EOF:
			return true
		case errors.As(err, &bad):
			if bad.Offset != at {
				n++
			}
			if r.takes(n) && !yield(input.Item{File: name, Record: n, Bytes: used(), Err: bad}) {
				return false
			}
			continue
		case err != nil:
			return yield(input.Item{File: name, Bytes: used(), Err: reason(err)})
		}
		if rec.Media == "" && feed.Sniff(rec.Body) != feed.IsPage {
			continue
		}
		it := input.Item{File: name, Record: n, Bytes: used(), Media: rec.Media, At: rec.Date}
		if !r.page(rec.Body, rec.Media, rec.URL, it, nil, yield) {
			return false
		}
	}
	return false
}

func isHTML(media string) bool {
	m, _, _ := strings.Cut(strings.ToLower(media), ";")
	switch strings.TrimSpace(m) {
	case "", "text/html", "application/xhtml+xml", "application/xhtml", "text/x-html":
		return true
	}
	return false
}

// page reads one page into one item, or into several where it is a channel's
// preview. entry is what a feed said of the page; it may be nil.
func (r *run) page(raw []byte, hint, address string, it input.Item, entry *announced, yield func(input.Item) bool) bool {
	it.Kind = input.HTML
	if r.Keep {
		it.Raw = raw
	}
	p, err := page.Read(raw, hint, address)
	if err == nil && p.Posts == nil && len(p.Text)+len(p.Title) > sanad.MaxText {
		err = sanad.ErrTooLong
	}
	if err != nil {
		it.Article.URL, it.Err = p.URL, err
		if it.Article.URL == "" {
			it.Article.URL = page.Address(address)
		}
		if address != "" && it.File != address {
			it.Err = fmt.Errorf("%s: %w", address, err)
		}
		return yield(it)
	}
	all := p.Posts
	if all == nil {
		all = []page.Page{p}
	}
	for i := range all {
		p := &all[i]
		if len(all) > 1 && r.Known != nil && r.Known(p.URL) {
			continue
		}
		if entry != nil {
			entry.complete(p)
		}
		one := p.Item(r.Defaults)
		one.File, one.Record, one.Bytes, one.Raw, one.Media, one.At = it.File, it.Record, it.Bytes, it.Raw, it.Media, it.At
		it.Bytes = 0
		if address == "" {
			one.Article.ID = base(it.File)
			if it.File == "-" {
				one.Article.ID = "stdin"
			}
			if r.Defaults.ID != "" {
				one.Article.ID = r.Defaults.ID
			}
		}
		if !yield(one) {
			return false
		}
	}
	return true
}
