package shard

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression is how files are compressed, which their names say.
type Compression string

// The compressions.
const (
	None Compression = ""
	Gzip Compression = "gzip"
	Zstd Compression = "zstd"
)

// ParseCompression reads "none", "gzip" or "zstd".
func ParseCompression(s string) (Compression, error) {
	switch s {
	case "", "none":
		return None, nil
	case "gzip", "gz":
		return Gzip, nil
	case "zstd", "zst":
		return Zstd, nil
	}
	return None, fmt.Errorf("%q is no compression: give none, gzip or zstd", s)
}

func (c Compression) suffix() string {
	switch c {
	case Gzip:
		return ".gz"
	case Zstd:
		return ".zst"
	}
	return ""
}

// stream is one file on its way. What is written between two calls of end is
// one gzip member or one Zstandard frame, so that the file can be cut there;
// every reader of these formats reads several as one.
type stream struct {
	f    *os.File
	b    *bufio.Writer
	how  Compression
	z    compressor
	open bool // z has a frame that is not ended
}

type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newStream(f *os.File, how Compression) (*stream, error) {
	s := &stream{f: f, b: bufio.NewWriterSize(f, 256<<10), how: how}
	var err error
	switch how {
	case Gzip:
		s.z, err = gzip.NewWriterLevel(s.b, gzip.DefaultCompression)
	case Zstd:
		// One goroutine and a small window: the same bytes each time, in little memory.
		s.z, err = zstd.NewWriter(s.b, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true), zstd.WithZeroFrames(true))
	}
	return s, err
}

func (s *stream) Write(p []byte) (int, error) {
	if s.z == nil {
		return s.b.Write(p)
	}
	if !s.open {
		s.z.Reset(s.b)
		s.open = true
	}
	return s.z.Write(p)
}

// end makes what was written so far safe and returns the size of the file.
func (s *stream) end() (int64, error) {
	if s.open {
		if err := s.z.Close(); err != nil {
			return 0, err
		}
		s.open = false
	}
	if err := s.b.Flush(); err != nil {
		return 0, err
	}
	if err := flush(s.f); err != nil {
		return 0, err
	}
	return s.f.Seek(0, io.SeekCurrent)
}

// empty writes a frame without content, where programs want one in a file.
func (s *stream) empty() error {
	if s.z == nil {
		return nil
	}
	_, err := s.Write(nil)
	return err
}

// toDisk is false in tests that kill processes only.
var toDisk = true

// flush waits until the disk has what was written.
func flush(f *os.File) error {
	if !toDisk {
		return nil
	}
	return f.Sync()
}
