package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"

	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/record"
)

// FullSchema names the version of a Full.
const FullSchema = "sanad.reading/1"

// Full is a line of "sanad read --full": a record, what it was read from and
// what it was read by. Adding it to a ledger is as good as adding the article.
type Full struct {
	Schema  string          `json:"schema"`
	Reader  string          `json:"reader"`  // version of the program
	Lexicon string          `json:"lexicon"` // its hash
	Source  Source          `json:"source"`
	Record  json.RawMessage `json:"record"`
}

// Source is an article as it came, without its text, which is in the record.
type Source struct {
	File      string   `json:"file"`
	Line      int      `json:"line,omitempty"`
	Kind      string   `json:"kind"`
	Media     string   `json:"media,omitempty"`
	Fetched   string   `json:"fetched,omitempty"` // RFC 3339
	ID        string   `json:"id,omitempty"`
	URL       string   `json:"url,omitempty"`
	Outlet    string   `json:"outlet,omitempty"` // as it calls itself
	Title     string   `json:"title,omitempty"`
	Author    string   `json:"author,omitempty"`
	Published string   `json:"published,omitempty"` // as it was written
	Guessed   []string `json:"guessed,omitempty"`
	Raw       []byte   `json:"raw,omitempty"` // the bytes that it was read from, where they were asked for
}

// SourceOf is the source of an item.
func SourceOf(it *input.Item) Source {
	a := &it.Article
	s := Source{File: it.File, Line: it.Line, Kind: string(it.Kind), Media: it.Media, ID: a.ID, URL: a.URL, Outlet: a.Outlet, Title: a.Title,
		Author: it.Author, Published: a.Published, Guessed: it.Guessed, Raw: it.Raw}
	if !it.At.IsZero() {
		s.Fetched = it.At.UTC().Format(time.RFC3339Nano)
	}
	return s
}

// ran is what is known of a file of records beside it: run-….json, which "sanad
// read -o" leaves.
type ran struct{ Reader, Lexicon string }

// runOf finds what stands beside a file of records.
func runOf(name string) *ran {
	rest, ok := strings.CutPrefix(filepath.Base(plain(name)), "records-")
	if !ok {
		return &ran{}
	}
	r := &ran{}
	f, err := os.Open(filepath.Join(filepath.Dir(name), "run-"+strings.TrimSuffix(rest, ".jsonl")+".json"))
	if err != nil {
		return r
	}
	defer f.Close()
	if json.NewDecoder(io.LimitReader(f, 1<<20)).Decode(r) != nil {
		return &ran{}
	}
	return r
}

// item makes the item of a JSON object that is a record, with or without its
// source, or the line of an input that could not be read. Only what an item needs is
// looked at here: the ledger looks at the whole before it takes it.
func (r *ran) item(raw []byte) (it input.Item, ok bool) {
	if !bytes.Contains(raw, []byte(`"sanad.`)) && !bytes.HasPrefix(raw, []byte(`{"error":`)) {
		return it, false
	}
	var head struct {
		Schema string  `json:"schema"`
		Error  *string `json:"error"`
		Input  *string `json:"input"`
		Text   *string `json:"text"`
	}
	if json.Unmarshal(raw, &head) != nil {
		return it, false // what is wrong with it the reader of articles says
	}
	full := Full{Reader: r.Reader, Lexicon: r.Lexicon}
	switch {
	case head.Schema == record.Schema:
		full.Record = bytes.Clone(raw)
	case head.Schema == FullSchema:
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&full); err != nil {
			it.Err = fmt.Errorf("no line of sanad read --full: %w", err)
			return it, true
		}
	case strings.HasPrefix(head.Schema, "sanad."):
		it.Err = fmt.Errorf("%q: lines of this kind are not taken in, only records (%s, %s)", head.Schema, record.Schema, FullSchema)
		return it, true
	case head.Error != nil && head.Input != nil && head.Text == nil:
		it.Err = fmt.Errorf("an input that could not be read: %s: %s", shorten(*head.Input), shorten(*head.Error))
		return it, true
	default:
		return it, false
	}
	it, err := full.item(head.Schema == record.Schema)
	if err != nil {
		it = input.Item{Err: fmt.Errorf("not a record that can be taken in: %w", err)}
	}
	return it, true
}

// shorten keeps a message of others readable.
func shorten(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}

func (x *Full) item(bare bool) (it input.Item, err error) {
	var d struct {
		Document struct {
			ID        string
			URL       *string
			Outlet    *string
			Title     string
			Published *string
			Text      string
		}
		Entities []struct{ ID, Name string }
	}
	if err := json.Unmarshal(x.Record, &d); err != nil {
		return it, err
	}
	s := &x.Source
	if bare {
		// What a record alone does not say of its article: the names that the
		// publisher used, where it came from.
		*s = Source{Kind: string(input.JSON), ID: d.Document.ID, Title: d.Document.Title}
		if d.Document.URL != nil {
			s.URL = *d.Document.URL
		}
		if d.Document.Published != nil {
			s.Published = *d.Document.Published
		}
		if d.Document.Outlet != nil {
			for _, e := range d.Entities {
				if e.ID == *d.Document.Outlet {
					s.Outlet = e.Name
				}
			}
		}
	}
	it = input.Item{File: s.File, Line: s.Line, Kind: input.Kind(s.Kind), Media: s.Media, Author: s.Author, Guessed: s.Guessed, Raw: s.Raw}
	switch it.Kind {
	case input.Text, input.JSON, input.HTML, input.Feed:
	default:
		return it, fmt.Errorf("source.kind %q is none of text, json, html, feed", s.Kind)
	}
	for _, g := range s.Guessed {
		if !slices.Contains([]string{"outlet", "title", "author", "published"}, g) {
			return it, fmt.Errorf("source.guessed: %q is no field", g)
		}
	}
	if s.Fetched != "" {
		if it.At, err = time.Parse(time.RFC3339Nano, s.Fetched); err != nil || it.At.Year() < 1970 || it.At.Year() > 9999 {
			return it, fmt.Errorf("source.fetched %q is no time", shorten(s.Fetched))
		}
	}
	for _, f := range [...]struct{ name, value string }{{"file", s.File}, {"media", s.Media}, {"id", s.ID}, {"url", s.URL}, {"outlet", s.Outlet}, {"author", s.Author},
		{"published", s.Published}, {"reader", x.Reader}, {"lexicon", x.Lexicon}} {
		if len(f.value) > 8<<10 || !utf8.ValidString(f.value) {
			return it, fmt.Errorf("%s is too long, or no UTF-8", f.name)
		}
	}
	a := &it.Article
	a.ID, a.URL, a.Outlet, a.Title, a.Published = s.ID, s.URL, s.Outlet, s.Title, s.Published
	a.Text = d.Document.Text
	if s.Title != "" {
		var ok bool
		if a.Text, ok = strings.CutPrefix(a.Text, s.Title+"\n"); !ok {
			return it, errors.New("document.text does not begin with the title")
		}
	}
	it.Read = &input.Read{Record: x.Record, Reader: x.Reader, Lexicon: x.Lexicon}
	return it, nil
}

// tableColumns are the names under which a Parquet file may hold lines: that of
// the job for Spark, that of the record alone, and what Spark calls text.
var tableColumns = [...]string{"line", "record", "value"}

// table reads the lines of a column of a Parquet file, a page at a time.
func (r *run) table(f *os.File, name string, yield func(input.Item) bool) (ok bool) {
	fail := func(err error) bool { return yield(failed(name, err)) }
	st, err := f.Stat()
	if err != nil {
		return fail(reason(err))
	}
	row, told, outside := 0, int64(0), false
	defer func() {
		// The library gives up in this way on some files that are damaged.
		if v := recover(); v != nil && outside {
			panic(v)
		} else if v != nil {
			ok = fail(fmt.Errorf("the Parquet file is damaged behind row %d: %v", row, v))
		}
	}()
	file, err := parquet.OpenFile(f, st.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return fail(fmt.Errorf("no Parquet file, or a damaged one: %w", err))
	}
	at := -1
	for _, column := range tableColumns {
		if c, found := file.Schema().Lookup(column); found && at < 0 {
			if c.Node.Type().Kind() != parquet.ByteArray || c.Node.Repeated() {
				return fail(fmt.Errorf("the column %q holds no text", column))
			}
			at = c.ColumnIndex
		}
	}
	if at < 0 {
		return fail(fmt.Errorf("no column of records: one called %s is wanted", strings.Join(tableColumns[:], ", ")))
	}
	run := runOf(name)
	one := func(v parquet.Value) bool {
		row++
		if !r.takes(row) {
			return true
		}
		it := input.Item{Err: errors.New("the row has no record")}
		if raw := v.ByteArray(); !v.IsNull() && len(raw) > input.MaxLine {
			it.Err = fmt.Errorf("the record is longer than %d MB", input.MaxLine>>20)
		} else if !v.IsNull() {
			var known bool
			if it, known = run.item(raw); !known {
				it.Err = errors.New("a row that is no record: articles are not read from Parquet files")
			}
		}
		if it.Err != nil || it.File == "" {
			it.File, it.Line = name, row
		} else {
			it.In = (&input.Item{File: name, Line: row}).Where()
		}
		used := st.Size() * int64(row) / max(file.NumRows(), 1)
		it.Record, it.Bytes, told = row, used-told, used
		outside = true // what goes wrong there is not the file's fault
		defer func() { outside = false }()
		return r.ctx.Err() == nil && yield(it)
	}
	values := make([]parquet.Value, 64)
	for _, group := range file.RowGroups() {
		pages := group.ColumnChunks()[at].Pages()
		for {
			page, err := pages.ReadPage()
			if err == io.EOF {
				break
			}
			if err != nil {
				pages.Close()
				return fail(fmt.Errorf("the Parquet file is damaged behind row %d: %w", row, err))
			}
			for from := page.Values(); ; {
				n, err := from.ReadValues(values)
				for _, v := range values[:n] {
					if !one(v) {
						parquet.Release(page)
						pages.Close()
						return false
					}
				}
				if err == io.EOF {
					break
				}
				if err != nil {
					pages.Close()
					return fail(fmt.Errorf("the Parquet file is damaged behind row %d: %w", row, err))
				}
			}
			parquet.Release(page)
		}
		pages.Close()
	}
	return true
}
