package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// Meta is what came with a report, as it was given.
type Meta struct {
	ID        string   `json:"id,omitempty"`
	Outlet    string   `json:"outlet,omitempty"`
	Title     string   `json:"title,omitempty"`
	Author    string   `json:"author,omitempty"`
	Published string   `json:"published,omitempty"`
	Guessed   []string `json:"guessed,omitempty"` // "outlet", "title", "author", "published": guessed from the page, not said by the publisher
}

// guessed reports whether a field was guessed.
func (m *Meta) guessed(field string) bool {
	for _, g := range m.Guessed {
		if g == field {
			return true
		}
	}
	return false
}

// Entry is a report on its way into the ledger: read, packed, and ready to be
// written. Making one needs no ledger and can be done by many goroutines. It
// holds nothing beyond what is written, since many wait for one transaction.
type Entry struct {
	ID string // of the report, unless the text is there already under this outlet's absence

	hash    [32]byte // of the text
	size    int      // of the text, in bytes
	hasRaw  bool     // what it came from is kept
	rawHash [32]byte
	rawSize int
	outlet  string // entity id or key
	at      time.Time
	origin  string
	kind    input.Kind
	media   string
	url     string
	meta    Meta
	reading reading
	rows    *rows

	textData, rawData []byte // packed
}

// reading is one reading, packed.
type reading struct {
	hash    [32]byte // of the whole JSON
	reader  string
	lexicon string
	at      time.Time
	cut     int
	data    []byte
}

// Maker makes entries and readings with one reader.
type Maker struct {
	Reader  *sanad.Reader
	Version string // of the program
	Now     func() time.Time
}

// NewMaker makes a maker that stamps what it reads with the program's version.
func NewMaker(r *sanad.Reader, version string) *Maker {
	return &Maker{Reader: r, Version: version, Now: time.Now}
}

// ReportID names a report by its text and its outlet (an entity id, the key of
// a name, or "" where it is unknown): the first 16 hexadecimal digits of the
// SHA-256 of the text's SHA-256, a newline and the outlet. Two outlets that
// print one text are two reports; one outlet that prints it twice is one.
func ReportID(text [32]byte, outlet string) string {
	h := sha256.New()
	h.Write([]byte(hex.EncodeToString(text[:]) + "\n" + outlet))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Entry reads an item. The errors are those of sanad.Reader.Check: the item
// holds nothing that can be read.
func (m *Maker) Entry(it *input.Item) (*Entry, error) {
	if it.Read != nil {
		return m.entryRead(it)
	}
	a := it.Article
	a.ID, a.URL = "", storable(a.URL)
	rec, err := m.Reader.Read(a)
	if err != nil {
		return nil, err
	}
	return m.EntryOf(it, rec)
}

// EntryOf makes an entry of an item and the record of it, which somebody else
// made: a benchmark that varies records, another process that reads.
func (m *Maker) EntryOf(it *input.Item, rec *record.Record) (*Entry, error) {
	return m.entryOf(it, rec, m.Version, m.Reader.Lexicon.Hash())
}

// entryOf is EntryOf with the version and the lexicon that made the record.
func (m *Maker) entryOf(it *input.Item, rec *record.Record, reader, lexicon string) (*Entry, error) {
	a := it.Article
	e := &Entry{
		hash: hashOf([]byte(rec.Document.Text)), size: len(rec.Document.Text), hasRaw: it.Raw != nil, rawSize: len(it.Raw),
		at: it.At, origin: storable(it.Where()), kind: it.Kind, media: storable(it.Media), url: storable(a.URL),
		meta: metaOf(it),
	}
	if e.at.IsZero() {
		e.at = m.Now()
	}
	e.outlet = outletOf(rec, a.Outlet)
	e.ID = ReportID(e.hash, e.outlet)
	e.textData = pack([]byte(rec.Document.Text))
	if e.hasRaw {
		e.rawHash = hashOf(it.Raw)
		if e.rawHash == e.hash {
			e.rawData = e.textData
		} else {
			e.rawData = pack(it.Raw)
		}
	}
	if err := m.finish(rec, e.ID, &e.reading); err != nil {
		return nil, err
	}
	e.reading.reader, e.reading.lexicon = reader, lexicon
	meta := e.meta
	var err error
	e.rows, err = derive(&source{id: e.ID, outlet: e.outlet, url: e.url, meta: meta}, &review.Reviewed{Record: rec, State: stateNew}, 0)
	return e, err
}

// outletOf is the outlet as the ledger tells outlets apart.
func outletOf(rec *record.Record, given string) string {
	if rec.Document.Outlet != nil {
		return *rec.Document.Outlet
	}
	return OutletKey(given)
}

// maxKey is the longest text by which rows are found, in bytes: an index of
// PostgreSQL takes 2704 for a row, and a row of names has three.
const maxKey = 600

// clip shortens a text to maxKey: what is cut off is told by its hash.
func clip(s string) string {
	if len(s) <= maxKey {
		return s
	}
	sum := hashOf([]byte(s))
	return strings.ToValidUTF8(s[:maxKey-20], "") + "…" + hex.EncodeToString(sum[:8])
}

// OutletKey is how the ledger names an outlet that the lexicon does not know:
// the dictionary key of its name.
func OutletKey(name string) string { return clip(storable(spell.Key(name))) }

// finish packs a reading of the report of that id.
func (m *Maker) finish(rec *record.Record, id string, out *reading) error {
	rec.Document.ID = id
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	raw, err := encode(b, rec)
	if err != nil {
		return err
	}
	out.reader, out.lexicon, out.at = m.Version, m.Reader.Lexicon.Hash(), m.Now()
	out.hash = sha256.Sum256(raw)
	head, tail, err := cutText(raw, rec)
	if err != nil {
		return err
	}
	out.cut = len(head)
	// The tail moves over the text: both are the buffer's, and nobody else's.
	out.data = pack(append(head, tail...))
	return nil
}

// encode writes a record as "sanad read" does, without the newline; the bytes are
// the buffer's own.
func encode(b *bytes.Buffer, rec *record.Record) ([]byte, error) {
	b.Reset()
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(rec); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// buffers are for encoding in.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// cutText takes the text out of a record's JSON: it is kept once for all
// readings. What remains and the text, quoted by quote, give the same bytes.
func cutText(raw []byte, rec *record.Record) (head, tail []byte, err error) {
	mark := []byte(`"sha256":"` + rec.Document.SHA256 + `","text":`)
	i := bytes.Index(raw, mark)
	if i < 0 {
		return nil, nil, errors.New("a record without its text cannot be kept")
	}
	i += len(mark)
	quoted := quote(rec.Document.Text)
	if !bytes.HasPrefix(raw[i:], quoted) {
		return nil, nil, errors.New("a record whose text is not quoted as JSON wants it cannot be kept")
	}
	return raw[:i], raw[i+len(quoted):], nil
}

// quote writes a valid UTF-8 text as a JSON string, always in the same way:
// the quotation mark, the backslash, control characters and the two line
// separators U+2028 and U+2029 are escaped, nothing else is. The hash of a
// reading rests on it.
func quote(s string) []byte {
	const hexa = "0123456789abcdef"
	b := make([]byte, 0, len(s)+len(s)/32+2)
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c != 0xe2 {
			continue
		}
		if c == 0xe2 {
			if i+2 < len(s) && s[i+1] == 0x80 && s[i+2]&^1 == 0xa8 {
				b = append(b, s[from:i]...)
				b = append(b, '\\', 'u', '2', '0', '2', hexa[s[i+2]&0xf])
				i += 2
				from = i + 1
			}
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexa[c>>4], hexa[c&0xf])
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

// maxBlob is the largest blob, in bytes: a page or an archive record.
const maxBlob = 64 << 20

// packed is the first byte of what pack wrote; a Zstandard frame, which older
// versions wrote, begins with another.
const packed = 's'

// pack packs bytes: a byte that says how, and an S2 block. Zstandard makes it
// a quarter smaller and takes three times as long, which was a twentieth of the
// time of adding.
func pack(b []byte) []byte {
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	if most := s2.MaxEncodedLen(len(b)); len(*room) < most {
		*room = make([]byte, most)
	}
	block := s2.Encode(*room, b)
	out := make([]byte, 1+len(block)) // it waits for its transaction: no byte more than needed
	out[0] = packed
	copy(out[1:], block)
	return out
}

// rooms are for packing in.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// unpack gives back what pack was given.
func unpack(b []byte) ([]byte, error) {
	if len(b) == 0 || b[0] != packed {
		return unpacker.DecodeAll(b, nil)
	}
	n, err := s2.DecodedLen(b[1:])
	if err == nil && n > maxBlob {
		err = fmt.Errorf("%d bytes are more than a blob may have", n)
	}
	if err != nil {
		return nil, err
	}
	return s2.Decode(nil, b[1:])
}

var unpacker, _ = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxBlob), zstd.WithDecoderLowmem(true))

// whole puts the text back into a packed reading and checks its hash.
func whole(text string, cut int, data []byte, hash [32]byte) ([]byte, error) {
	part, err := unpack(data)
	if err != nil {
		return nil, fmt.Errorf("the record cannot be unpacked: %w", err)
	}
	if cut < 0 || cut > len(part) {
		return nil, errors.New("the text's place in the record is out of range")
	}
	q := quote(text)
	raw := make([]byte, 0, len(part)+len(q))
	raw = append(append(append(raw, part[:cut]...), q...), part[cut:]...)
	if sha256.Sum256(raw) != hash {
		return nil, errors.New("the record is not the one that was written: its hash differs")
	}
	return raw, nil
}

// seal hashes the values of a line, each with its length before it.
func seal(values ...any) [32]byte {
	h := sha256.New()
	var n [8]byte
	put := func(b []byte) {
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	for _, v := range values {
		switch v := v.(type) {
		case string:
			put([]byte(v))
		case []byte:
			put(v)
		case nil:
			put(nil)
		case int64:
			binary.BigEndian.PutUint64(n[:], uint64(v))
			put(append([]byte(nil), n[:]...))
		}
	}
	return [32]byte(h.Sum(nil))
}

// arrivalSeal is the seal of a line of arrivals: of report, text, outlet, at,
// origin, kind, media, bytes, url and meta, in this order.
func arrivalSeal(report int64, text []byte, outlet string, at int64, origin, kind, media string, raw any, url, meta string) [32]byte {
	return seal(report, text, outlet, at, origin, kind, media, raw, url, meta)
}

// readingSeal is the seal of a line of readings: of report, hash, reader,
// lexicon, at and cut, in this order.
func readingSeal(report int64, hash []byte, reader, lexicon string, at, cut int64) [32]byte {
	return seal(report, hash, reader, lexicon, at, cut)
}

// article is what the reader needs to read a report again.
func (s *source) article(text string) sanad.Article {
	a := sanad.Article{URL: s.url, Outlet: s.meta.Outlet, Published: s.meta.Published, Text: text}
	if t, ok := strings.CutPrefix(text, s.meta.Title+"\n"); ok && s.meta.Title != "" {
		a.Title, a.Text = s.meta.Title, t
	}
	return a
}

func hashOf(b []byte) [32]byte { return sha256.Sum256(b) }
