package archive

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/internal/valid"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
)

func init() {
	register.Function2x0(asKey)
	register.Emitter1[string]()
	register.DoFn6x1[context.Context, string, func(*[]byte) bool, func(string, []byte), func(string, []byte), func(string, []byte), error](&reading{})
	beam.RegisterType(reflect.TypeFor[reading]())
}

// Bad is a line of the input that could not be read.
type Bad struct {
	File  string `json:"file"`
	Line  int    `json:"line,omitempty"`
	Error string `json:"error"`
}

// arrival is one line of the input: what a ledger knows of what came in, and
// the record of it.
type arrival struct {
	file, line int64
	id         string // of the report, unless the text is there already under this outlet's absence
	outlet     string // entity id or key
	url        string
	name       string // of the outlet, as given
	published  string // as given
	day        string // ISO, as read; "" where unknown
}

func (a *arrival) pack() packing {
	return packing(nil).num(a.file).num(a.line).str(a.id).str(a.outlet).str(a.url).str(a.name).str(a.published).str(a.day)
}

func (u *unpacking) arrival() arrival {
	return arrival{u.num(), u.num(), u.str(), u.str(), u.str(), u.str(), u.str(), u.str()}
}

// read reads the files: by the hash of the text, the records and the arrivals;
// and what could not be read.
func read(s beam.Scope, o Options) (texts, arrivals, bad beam.PCollection) {
	s = s.Scope("read")
	var list []string
	for i, f := range o.Files {
		list = append(list, fmt.Sprintf("%09d %s", i, f))
	}
	files := group(s, "files", beam.ParDo(s, asKey, beam.CreateList(s, list)))
	return beam.ParDo3(s, &reading{Lexicon: o.Lexicon}, files)
}

// asKey makes a pair of the first word of a line and the rest.
func asKey(line string, emit func(string, []byte)) {
	key, rest, _ := strings.Cut(line, " ")
	emit(key, []byte(rest))
}

// reading reads one file.
type reading struct{ Lexicon string }

func (r *reading) ProcessElement(ctx context.Context, key string, names func(*[]byte) bool, text, came, bad func(string, []byte)) error {
	t, err := toolsOf(r.Lexicon)
	if err != nil {
		return err
	}
	var file int64
	if _, err := fmt.Sscanf(key, "%d", &file); err != nil {
		return fmt.Errorf("number of a file %q: %w", key, err)
	}
	for _, b := range all(names) {
		name := string(b)
		err := open(ctx, name, func(in io.Reader) {
			d := &input.Reader{Other: readBefore}
			d.From(in, strings.TrimSuffix(name, ".gz"), func(it input.Item) bool {
				a := arrival{file: file, line: int64(it.Line)}
				rec, err := t.recordOf(&it, &a)
				if err != nil {
					line, _ := json.Marshal(Bad{name, it.Line, err.Error()})
					bad(shardKey(name), line)
					return true
				}
				raw, err := json.Marshal(rec)
				if err != nil {
					line, _ := json.Marshal(Bad{name, it.Line, err.Error()})
					bad(shardKey(name), line)
					return true
				}
				h := sha256.Sum256([]byte(rec.Document.Text))
				k := hex.EncodeToString(h[:])
				text(k, packing(nil).num(a.file).num(a.line).raw(squeeze(raw)))
				came(k, a.pack())
				return true
			})
		})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// open opens a file of any file system that the worker was built with.
func open(ctx context.Context, name string, f func(io.Reader)) error {
	fs, err := filesystem.New(ctx, name)
	if err != nil {
		return err
	}
	defer fs.Close()
	in, err := fs.OpenRead(ctx, name)
	if err != nil {
		return err
	}
	defer in.Close()
	if !strings.HasSuffix(name, ".gz") {
		f(in)
		return nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	f(z)
	return nil
}

// recordOf reads an article, or takes the record that was made of it before, and
// says of the arrival what a ledger would.
func (t *tools) recordOf(it *input.Item, a *arrival) (rec *record.Record, err error) {
	if it.Err != nil {
		return nil, it.Err
	}
	x := it.Article
	x.ID, x.URL = "", storable(x.URL)
	if it.Read != nil {
		rec, err = t.made(x, it.Read.Record)
	} else {
		rec, err = t.read.Read(x)
	}
	if err != nil {
		return nil, err
	}
	a.of(rec, x.Outlet, x.Published)
	a.url = x.URL
	return rec, nil
}

// made checks a record that was made elsewhere as a ledger does: it follows the schema, its
// quotations stand in its text, and it is of this article.
func (t *tools) made(x sanad.Article, raw []byte) (*record.Record, error) {
	if err := valid.JSON(raw); err != nil {
		return nil, fmt.Errorf("not a valid record: %w", err)
	}
	rec := new(record.Record)
	if err := json.Unmarshal(raw, rec); err != nil {
		return nil, fmt.Errorf("not a valid record: %w", err)
	}
	r, err := t.read.Check(x)
	if err != nil {
		return nil, err
	}
	if d := &rec.Document; d.Text != r.Text || d.Title != x.Title {
		return nil, errors.New("the record's text or title is not that of the article")
	}
	return rec, nil
}

// full is what is needed of a line of "sanad read --full" (intake.Full).
type full struct {
	Source struct{ URL, Outlet, Title, Published string }
	Record json.RawMessage
}

const fullSchema = "sanad.reading/1"

// readBefore gives the item of a record that was read before: a line of "sanad read --full", which says
// what it was read from, or a bare record, of which only that is known that it says itself.
func readBefore(raw []byte) (it input.Item, ok bool) {
	var head struct{ Schema string }
	if !bytes.Contains(raw, []byte(`"sanad.`)) || json.Unmarshal(raw, &head) != nil || head.Schema != record.Schema && head.Schema != fullSchema {
		return it, false
	}
	line := full{Record: bytes.Clone(raw)}
	if head.Schema == fullSchema {
		if it.Err = json.Unmarshal(raw, &line); it.Err != nil {
			return it, true
		}
	}
	var rec struct {
		Document struct {
			URL, Outlet, Published *string
			Title, Text            string
		}
		Entities []struct{ ID, Name string }
	}
	if it.Err = json.Unmarshal(line.Record, &rec); it.Err != nil {
		return it, true
	}
	d, s := &rec.Document, &line.Source
	if head.Schema == record.Schema {
		s.URL, s.Title, s.Published = deref(d.URL), d.Title, deref(d.Published)
		for _, e := range rec.Entities {
			if e.ID == deref(d.Outlet) {
				s.Outlet = e.Name
			}
		}
	}
	it.Article = sanad.Article{URL: s.URL, Outlet: s.Outlet, Title: s.Title, Published: s.Published, Text: d.Text}
	if s.Title != "" {
		it.Article.Text = strings.TrimPrefix(d.Text, s.Title+"\n")
	}
	it.Read = &input.Read{Record: line.Record}
	return it, true
}

func (a *arrival) of(rec *record.Record, name, published string) {
	a.name, a.published, a.day = name, published, deref(rec.Document.Published)
	if a.outlet = ledger.OutletKey(name); rec.Document.Outlet != nil {
		a.outlet = *rec.Document.Outlet
	}
	a.id = ledger.ReportID(sha256.Sum256([]byte(rec.Document.Text)), a.outlet)
	rec.Document.ID = a.id
}

// storable is a text as a ledger keeps it.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// inOrder sorts arrivals by file and line.
func inOrder(list []arrival) {
	slices.SortFunc(list, func(a, b arrival) int { return before(a.file, a.line, b.file, b.line) })
}
