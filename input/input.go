// Package input turns files into articles: plain text in the encodings that
// Persian text comes in, JSON and JSON Lines, folders and the standard input.
//
// It streams: one article is in memory at a time, whatever the input's size,
// and what cannot be read becomes an Item with an error that names file and
// line, after which the next article follows.
package input

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/sanad-project/sanad"
)

// Limits of what is taken into memory at a time, in bytes. JSON may need six
// bytes for a letter that needs two in UTF-8.
const (
	MaxLine = 3*sanad.MaxText + 1<<20 // of JSON Lines, or one object of a JSON file
	MaxFile = 2 * sanad.MaxText       // of plain text
)

// Item is one article, or the reason why there is none.
type Item struct {
	Article sanad.Article
	File    string // as given; "-" for the standard input
	Line    int    // where the article begins; 0 for a plain text file
	Err     error
	Bytes   int64 // of the input, that this item used up
	Nth     int   // of the files of a run, from 1; 0 where nobody counts
	Record  int   // of the file, from 1; 0 where the file as a whole is meant

	Kind    Kind      // what it came as
	Raw     []byte    // the bytes it was read from: the file, the line without its end, the page; only where Reader.Keep asks for it
	Media   string    // MIME type of Raw where known
	Author  string    // "" where unknown
	At      time.Time // when it was fetched; zero for a file
	Guessed []string  // fields of Article that were guessed and not said by the publisher: "published", "title", "outlet"

	Read *Read  // where it was read before: its record; nil where it is to be read
	In   string // the place of that record; Where is that of the article
}

// Place names the item's place for whom has to look into the file.
func (it *Item) Place() string {
	if it.In == "" || it.In == it.Where() {
		return it.Where()
	}
	return it.In + ": " + it.Where()
}

// Read is what somebody else has read from an article.
type Read struct {
	Record  []byte // JSON, not looked at
	Reader  string // version of the program that made it; "" where that is not known
	Lexicon string // hash of its lexicon; likewise
}

// Kind is what an article came as.
type Kind string

// The kinds.
const (
	Text Kind = "text"
	JSON Kind = "json"
	HTML Kind = "html"
	Feed Kind = "feed" // the text stood in the feed itself
)

// Where names the item's place: "news.jsonl:12", "report.txt".
func (it *Item) Where() string {
	name := it.File
	if name == "-" {
		name = "standard input"
	}
	if it.Line > 0 {
		return fmt.Sprintf("%s:%d", name, it.Line)
	}
	return name
}

// Defaults are what is said on the command line of articles that do not say
// it themselves.
type Defaults struct{ ID, Outlet, Title, Published string }

// Reader reads paths into items.
type Reader struct {
	Stdin    io.Reader
	Defaults Defaults
	Keep     bool // fill Item.Raw; costs a copy of each line of JSON

	// Take is asked of each record (line, object) by its number in the file, from
	// 1, before it is looked into; what it refuses is passed over. nil: all are
	// taken. Empty lines are no records.
	Take func(record int) bool

	// Other is asked of each JSON object first; ok says that it is no article but
	// something that Other knows, and what item it gives. nil: all are articles.
	// The object's bytes must not be kept.
	Other func(object []byte) (it Item, ok bool)
}

func (d *Reader) takes(record int) bool { return d.Take == nil || d.Take(record) }

// Each calls yield with the items of the paths, in order, until it returns
// false. A folder gives its .txt, .jsonl and .ndjson files, those of folders
// inside it too, sorted by path; a .json file is read where it is named, since
// in a folder it may be anything.
func (d *Reader) Each(paths []string, yield func(Item) bool) {
	for _, p := range paths {
		if !d.path(p, yield) {
			return
		}
	}
}

// Takes reports whether a folder's file of that name is read.
func Takes(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt", ".jsonl", ".ndjson":
		return !strings.HasPrefix(filepath.Base(name), ".")
	}
	return false
}

func (d *Reader) path(p string, yield func(Item) bool) bool {
	if p == "-" {
		return d.sniff(d.Stdin, "-", yield)
	}
	st, err := os.Stat(p)
	if err != nil {
		return yield(Item{File: p, Err: reason(err)})
	}
	if !st.IsDir() {
		return d.file(p, yield)
	}
	var names []string
	ok := true
	filepath.WalkDir(p, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			if ok = yield(Item{File: name, Err: reason(err)}); !ok {
				return fs.SkipAll
			}
			return nil
		}
		if !e.IsDir() && Takes(name) {
			names = append(names, name)
		}
		return nil
	})
	if ok && len(names) == 0 {
		return yield(Item{File: p, Err: errors.New("no .txt or .jsonl file in this folder")})
	}
	sort.Strings(names)
	for _, name := range names {
		if ok = ok && d.file(name, yield); !ok {
			return false
		}
	}
	return ok
}

// reason drops the path from a file error: the item names it.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		if errors.Is(err, fs.ErrNotExist) {
			return errors.New("no such file or folder")
		}
		return p.Err
	}
	return err
}

func (d *Reader) file(name string, yield func(Item) bool) bool {
	f, err := os.Open(name)
	if err != nil {
		return yield(Item{File: name, Err: reason(err)})
	}
	defer f.Close()
	return d.From(f, name, yield)
}

// From calls yield with the items of a stream as Each does with those of a
// file: by the extension of its name or, where that says nothing, by the first
// line. It returns false when yield has returned false.
func (d *Reader) From(r io.Reader, name string, yield func(Item) bool) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt":
		return d.text(r, name, yield)
	case ".jsonl", ".ndjson":
		return d.lines(bufio.NewReaderSize(r, 64<<10), name, yield)
	case ".json":
		return d.objects(bufio.NewReaderSize(r, 64<<10), name, yield)
	}
	return d.sniff(r, name, yield)
}

// sniff tells JSON Lines and JSON from plain text by the first line.
func (d *Reader) sniff(r io.Reader, name string, yield func(Item) bool) bool {
	if r == nil {
		r = strings.NewReader("")
	}
	b := bufio.NewReaderSize(r, 64<<10)
	head, _ := b.Peek(4 << 10)
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	first, _, _ := bytes.Cut(head, []byte("\n"))
	first = bytes.TrimSpace(first)
	switch {
	case bytes.Equal(first, []byte("{")), bytes.Equal(first, []byte("[")), bytes.HasPrefix(first, []byte("[{")):
		return d.objects(b, name, yield)
	case bytes.HasPrefix(first, []byte("{")):
		return d.lines(b, name, yield)
	}
	return d.text(b, name, yield)
}

// text reads a plain text file as one article.
func (d *Reader) text(r io.Reader, name string, yield func(Item) bool) bool {
	it := Item{File: name, Record: 1, Kind: Text, Media: "text/plain"}
	if !d.takes(1) {
		return true
	}
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	it.Bytes = int64(len(raw))
	if d.Keep && len(raw) <= MaxFile {
		it.Raw = raw
	}
	switch {
	case err != nil:
		it.Err = reason(err)
	case len(raw) > MaxFile:
		it.Err = fmt.Errorf("larger than %d MB: a text file is one report; give many as JSON Lines", MaxFile>>20)
	default:
		var s string
		if s, it.Err = Decode(raw); it.Err == nil {
			title, text := Headline(s)
			if d.Defaults.Title != "" {
				title, text = d.Defaults.Title, s
			}
			it.Article = sanad.Article{ID: base(name), Title: title, Text: text, Outlet: d.Defaults.Outlet, Published: d.Defaults.Published}
			if d.Defaults.ID != "" {
				it.Article.ID = d.Defaults.ID
			}
		}
	}
	return yield(it)
}

// Headline parts a plain text into title and text: the first line is a title
// where an empty line follows it and it is at most 150 letters long and does
// not end in a full stop. Title, newline and text together are the text as it
// came (save for the carriage return behind a title).
func Headline(s string) (title, text string) {
	first, rest, ok := strings.Cut(s, "\n")
	second, _, _ := strings.Cut(rest, "\n")
	first = strings.TrimSuffix(first, "\r")
	t := strings.TrimSpace(first)
	if !ok || t == "" || strings.TrimSpace(second) != "" || strings.TrimSpace(rest) == "" || strings.HasSuffix(t, ".") || len([]rune(t)) > 150 {
		return "", s
	}
	return first, rest
}

func base(name string) string {
	if len(name) > 3 && strings.EqualFold(name[len(name)-3:], ".gz") {
		name = name[:len(name)-3]
	}
	if name == "-" {
		return "stdin"
	}
	b := filepath.Base(name)
	return strings.TrimSuffix(b, filepath.Ext(b))
}

// lines reads JSON Lines.
func (d *Reader) lines(b *bufio.Reader, name string, yield func(Item) bool) bool {
	var buf []byte
	record, passed := 0, int64(0)
	for n := 1; ; n++ {
		line, used, long, err := readLine(b, buf[:0])
		buf = line
		if err != nil && err != io.EOF {
			return yield(Item{File: name, Line: n, Bytes: passed + used, Err: reason(err)})
		}
		it := Item{File: name, Line: n, Bytes: passed + used, Kind: JSON, Media: "application/json"}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		line = bytes.TrimSpace(line)
		if long || len(line) > 0 {
			record++
			it.Record = record
			if !d.takes(record) {
				if passed += used; err == io.EOF {
					return true
				}
				continue
			}
		}
		switch {
		case long:
			it.Err = fmt.Errorf("the line is longer than %d MB", MaxLine>>20)
		case len(line) == 0:
			if passed += used; err == io.EOF {
				return true
			}
			continue
		default:
			if other, ok := d.other(line, it); ok {
				it = other
				break
			}
			it.Article, it.Err = d.article(line, fmt.Sprintf("%s-%d", base(name), n))
			if d.Keep {
				it.Raw = bytes.Clone(line) // the next line is read into the same memory
			}
		}
		if passed = 0; !yield(it) {
			return false
		}
		if cap(buf) > 1<<20 {
			buf = nil
		}
		if err == io.EOF {
			return true
		}
	}
}

// readLine reads one line into buf; of a line longer than MaxLine it keeps
// nothing and goes on behind it.
func readLine(b *bufio.Reader, buf []byte) (line []byte, used int64, long bool, err error) {
	for {
		part, err := b.ReadSlice('\n')
		used += int64(len(part))
		if len(buf)+len(part) > MaxLine {
			long, buf = true, buf[:0]
		}
		if !long {
			buf = append(buf, part...)
		}
		if err != bufio.ErrBufferFull {
			return buf, used, long, err
		}
	}
}

// other gives the item of an object that is no article, in the place of one.
func (d *Reader) other(raw []byte, at Item) (Item, bool) {
	if d.Other == nil {
		return at, false
	}
	it, ok := d.Other(raw)
	if !ok {
		return at, false
	}
	it.Record, it.Bytes = at.Record, at.Bytes
	if it.Err != nil || it.File == "" {
		it.File, it.Line = at.File, at.Line
	} else {
		it.In = at.Where()
	}
	return it, true
}

// article reads one JSON object.
func (d *Reader) article(raw []byte, id string) (sanad.Article, error) {
	var a sanad.Article
	if err := wellFormed(raw); err != nil {
		return a, err
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		if !bytes.ContainsAny(raw[:1], "{[\"tfn-0123456789") {
			return a, errors.New("no JSON: an object is wanted here, { … }")
		}
		return a, explain(err)
	}
	def := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	def(&a.ID, id)
	def(&a.Outlet, d.Defaults.Outlet)
	def(&a.Title, d.Defaults.Title)
	def(&a.Published, d.Defaults.Published)
	if a.Text == "" && a.Title == "" {
		return a, fmt.Errorf(`%w: "text" is empty or missing`, sanad.ErrEmpty)
	}
	return a, nil
}

func explain(err error) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &typ) && typ.Field == "":
		return fmt.Errorf("a JSON object with a field \"text\" is wanted here, not %s", an(typ.Value))
	case errors.As(err, &typ):
		return fmt.Errorf("field %q is %s where a string is wanted", typ.Field, an(typ.Value))
	case errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax) && strings.Contains(syntax.Error(), "unexpected end"):
		return errors.New("the JSON is cut off before its end")
	case errors.As(err, &syntax):
		return fmt.Errorf("no JSON: %v at byte %d", syntax, syntax.Offset)
	}
	return err
}

func an(kind string) string {
	if strings.HasPrefix(kind, "o") || strings.HasPrefix(kind, "a") {
		return "an " + kind
	}
	return "a " + kind
}

// objects reads a JSON file: one object, several, or an array of them.
func (d *Reader) objects(b *bufio.Reader, name string, yield func(Item) bool) bool {
	if head, _ := b.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		b.Discard(3)
	}
	src := &counted{r: b, limit: MaxLine}
	dec := json.NewDecoder(src)
	fail := func(n int, err error) bool {
		it := Item{File: name, Record: n}
		at := src.n
		switch syntax := (*json.SyntaxError)(nil); {
		case src.over:
			err = fmt.Errorf("an object longer than %d MB; the rest of the file is not read", MaxLine>>20)
		case errors.As(err, &syntax):
			at = syntax.Offset - 1
		case !errors.Is(err, io.ErrUnexpectedEOF):
			it.Record = 0 // the file cannot be read, which is not this record's affair
		}
		if it.Record > 0 && !d.takes(n) {
			return true
		}
		it.Line, it.Err = src.line(at), explain(err)
		return yield(it)
	}
	array := false
	if head, _ := b.Peek(512); bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("[")) {
		array = true
		if _, err := dec.Token(); err != nil {
			return fail(1, err)
		}
	}
	for n := 1; ; n++ {
		if array && !dec.More() {
			_, err := dec.Token() // the closing bracket
			if err != nil {
				return fail(n, err)
			}
			return true
		}
		var raw json.RawMessage
		before := dec.InputOffset()
		src.limit = src.n + MaxLine
		if err := dec.Decode(&raw); err == io.EOF {
			if n == 1 && d.takes(1) {
				return yield(Item{File: name, Record: 1, Err: sanad.ErrEmpty})
			}
			return true
		} else if err != nil {
			return fail(n, err)
		}
		end := dec.InputOffset()
		line := src.line(end - int64(len(raw)))
		if !d.takes(n) {
			continue
		}
		it := Item{File: name, Line: line, Record: n, Bytes: end - before, Kind: JSON, Media: "application/json"}
		if other, ok := d.other(raw, it); ok {
			if !yield(other) {
				return false
			}
			continue
		}
		if d.Keep {
			it.Raw = raw
		}
		id := base(name)
		if array || n > 1 {
			id = fmt.Sprintf("%s-%d", id, n)
		}
		it.Article, it.Err = d.article(raw, id)
		if n == 1 && !array && d.Defaults.ID != "" && it.Article.ID == id {
			it.Article.ID = d.Defaults.ID
		}
		if !yield(it) {
			return false
		}
	}
}

// counted counts the lines of what a decoder reads and stops at a limit.
type counted struct {
	r     io.Reader
	n     int64
	limit int64
	over  bool
	ends  []int64 // offsets of line ends not yet passed
	lines int     // line ends passed
}

func (c *counted) Read(p []byte) (int, error) {
	if c.n >= c.limit {
		c.over = true
		return 0, errors.New("too long")
	}
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.ends = append(c.ends, c.n+int64(i))
		}
	}
	c.n += int64(n)
	return n, err
}

// line returns the line of an offset; offsets must not go back.
func (c *counted) line(offset int64) int {
	i := 0
	for i < len(c.ends) && c.ends[i] < offset {
		i++
	}
	c.ends, c.lines = c.ends[i:], c.lines+i
	return c.lines + 1
}
