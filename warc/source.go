package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// errBoundary stands between two gzip members the second of which begins with
// a record. A record that runs into it is shorter than it says.
var errBoundary = errors.New("the gzip member ends")

// corrupt is damage in the compression itself.
type corrupt struct {
	err   error
	begin bool // a member should begin here and none does
}

func (e *corrupt) Error() string { return "the compressed data is damaged: " + e.err.Error() }
func (e *corrupt) Unwrap() error { return e.err }

// source is the archive without its compression: the members of a gzip file,
// one behind the other, or the bytes of a plain one.
type source struct {
	raw   *bufio.Reader
	in    *counter
	zip   bool
	z     *gzip.Reader
	open  bool   // z is within a member
	ahead []byte // of the member just opened, read to see what it begins with
	start int64  // of the present member, in the file
	given int64  // bytes that Read returned
	ended bool
}

type counter struct {
	r   io.Reader
	n   int64
	err error // of the file, not of its contents
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

func newSource(r io.Reader) *source {
	s := &source{in: &counter{r: r}}
	s.raw = bufio.NewReaderSize(s.in, 256<<10)
	head, _ := s.raw.Peek(2)
	s.zip = bytes.Equal(head, []byte("\x1f\x8b"))
	return s
}

// at is the place in the file up to which raw has been used.
func (s *source) at() int64 { return s.in.n - int64(s.raw.Buffered()) }

func (s *source) Read(p []byte) (n int, err error) {
	defer func() { s.given += int64(n) }()
	if !s.zip {
		return s.raw.Read(p)
	}
	for {
		if len(s.ahead) > 0 {
			n := copy(p, s.ahead)
			s.ahead = s.ahead[n:]
			return n, nil
		}
		if s.ended {
			return 0, io.EOF
		}
		if !s.open {
			record, err := s.member()
			if err != nil {
				return 0, err
			}
			if record && s.given > 0 {
				return 0, errBoundary
			}
			continue
		}
		n, err := s.z.Read(p)
		if err == io.EOF {
			s.open = false
			err = nil
			if n == 0 {
				continue
			}
		}
		if err != nil {
			s.open = false
			return n, s.damage(err, false)
		}
		if n > 0 {
			return n, nil
		}
	}
}

// damage tells an error of the file's contents from one of reading it.
func (s *source) damage(err error, begin bool) error {
	if s.in.err != nil {
		return s.in.err
	}
	return &corrupt{err, begin}
}

// member opens the next gzip member; record says that it begins with a record.
func (s *source) member() (record bool, err error) {
	if _, err := s.raw.Peek(1); err != nil {
		s.ended = true
		if s.in.err != nil {
			return false, s.in.err
		}
		return false, io.EOF
	}
	s.start = s.at()
	if s.z == nil {
		s.z, err = gzip.NewReader(s.raw)
	} else {
		err = s.z.Reset(s.raw)
	}
	if err != nil {
		return false, s.damage(err, true)
	}
	s.z.Multistream(false)
	buf := make([]byte, len(magic))
	n, err := io.ReadFull(s.z, buf)
	s.ahead, s.open = buf[:n], true
	if err == io.EOF || err == io.ErrUnexpectedEOF && s.in.err == nil && !s.short() {
		s.open = false // a member of a few bytes, or of none
		return string(s.ahead) == magic, nil
	}
	if err != nil {
		s.open = false
		return false, s.damage(err, true)
	}
	return string(s.ahead) == magic, nil
}

// short reports whether the file ended within the member: its reader then
// gives the same error as for a member that is short.
func (s *source) short() bool {
	_, err := s.z.Read(make([]byte, 1))
	return err != io.EOF
}

// resync goes on behind damage: at the next place in the file where a gzip
// member begins that holds a record. A damaged member may have been read far
// beyond its end, so that a file is searched from the member's second byte; a
// stream goes on from where it is. It returns the place.
func (s *source) resync() (int64, error) {
	s.open, s.ahead = false, nil
	if f, ok := s.in.r.(io.Seeker); ok {
		if _, err := f.Seek(s.start+1, io.SeekStart); err == nil {
			s.in.n = s.start + 1
			s.raw.Reset(s.in)
		}
	}
	var try gzip.Reader
	for {
		head, err := s.raw.Peek(64 << 10)
		if len(head) < 20 {
			s.ended = true
			if s.in.err != nil {
				return s.at(), s.in.err
			}
			return s.at(), io.EOF
		}
		i := bytes.Index(head, []byte("\x1f\x8b\x08"))
		if i < 0 {
			s.raw.Discard(len(head) - 2)
			if err != nil {
				s.ended = true
				return s.at(), io.EOF
			}
			continue
		}
		if i > 0 {
			s.raw.Discard(i)
			continue
		}
		if begins(&try, head) {
			return s.at(), nil
		}
		s.raw.Discard(1)
	}
}

// begins reports whether a gzip member stands here that begins with a record.
func begins(z *gzip.Reader, head []byte) bool {
	if z.Reset(bytes.NewReader(head)) != nil {
		return false
	}
	buf := make([]byte, len(magic))
	_, err := io.ReadFull(z, buf)
	return err == nil && string(buf) == magic
}

func where(offset int64) string { return fmt.Sprintf("byte %d", offset) }
