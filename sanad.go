// Package sanad reads Persian news reports on political conflict into sourced,
// checkable records: who said what through whom, and what happened, to whom,
// when, where and with what numbers, each with the words it was read from.
//
// [Read] is the whole of it. Package record describes the result; the Persian
// text layer in package fa is of use on its own.
package sanad

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/language"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/read"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/report"
)

// Article is a report as it comes, in the form of the JSON Lines that
// "sanad read" takes. Only Text has to be there.
type Article struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Outlet    string `json:"outlet"` // as the outlet calls itself: «خبرگزاری فارس»
	Title     string `json:"title"`
	Published string `json:"published"` // ISO 8601 or Jalali: 2024-03-10, 1402-12-20, «۲۰ اسفند ۱۴۰۲»
	Text      string `json:"text"`
}

// MaxText is the longest text that is read, in bytes, title included.
const MaxText = 4 << 20

// The reasons for which nothing is read.
var (
	ErrEmpty   = errors.New("no text to read")
	ErrTooLong = fmt.Errorf("the text is longer than %d MB: give one report at a time", MaxText>>20)
)

// NotPersian says that a text is in another language.
type NotPersian struct{ Why string }

func (e *NotPersian) Error() string { return "not Persian: the text is " + e.Why }

// NotUTF8 says that a text is not valid UTF-8. Such a text cannot be quoted
// unchanged in a record.
type NotUTF8 struct {
	Field string
	At    int // byte
}

func (e *NotUTF8) Error() string {
	return fmt.Sprintf("%s is not valid UTF-8 at byte %d", e.Field, e.At+1)
}

// Reader reads reports. It holds the compiled lexicon; make it once and use it
// from as many goroutines as you like.
type Reader struct {
	Lexicon  *lexicon.Lexicon
	read     *read.Reader
	language *language.Detector
}

// New makes a reader with the lexicon that Sanad carries and, where dir is not
// "", the .txt files of that folder, which add to its entries or override them.
func New(dir string) (*Reader, error) {
	l, err := lexicon.Load(dir)
	if err != nil {
		return nil, err
	}
	return With(l), nil
}

// With makes a reader with a lexicon that is loaded already.
func With(l *lexicon.Lexicon) *Reader { return &Reader{l, read.New(l), language.New(l)} }

var shared = sync.OnceValues(func() (*Reader, error) { return New("") })

// Read reads one report into its record with the lexicon that Sanad carries.
func Read(a Article) (*record.Record, error) {
	d, err := shared()
	if err != nil {
		return nil, err
	}
	return d.Read(a)
}

// Read reads one report into its record.
func (d *Reader) Read(a Article) (*record.Record, error) {
	r, err := d.Report(a)
	if err != nil {
		return nil, err
	}
	return record.From(r), nil
}

// Report reads one report and returns its layers, which hold what the record
// holds and, beyond it, words, phrases and the reasons of each finding.
func (d *Reader) Report(a Article) (*report.Report, error) {
	r, err := d.Check(a)
	if err != nil {
		return nil, err
	}
	d.read.Read(r)
	return r, nil
}

// Check makes the report of an article that can be read, with nothing read
// yet, or says why it cannot: ErrEmpty, ErrTooLong, *NotUTF8 or *NotPersian.
func (d *Reader) Check(a Article) (*report.Report, error) {
	for _, f := range [...]struct{ name, s string }{{"id", a.ID}, {"url", a.URL}, {"outlet", a.Outlet}, {"title", a.Title}, {"published", a.Published}, {"text", a.Text}} {
		if !utf8.ValidString(f.s) {
			return nil, &NotUTF8{f.name, invalid(f.s)}
		}
	}
	r := &report.Report{ID: a.ID, URL: a.URL, Outlet: a.Outlet, Title: a.Title, Text: a.Text}
	if a.Title != "" {
		r.Text = a.Title + "\n" + a.Text
	}
	if len(r.Text) > MaxText {
		return nil, ErrTooLong
	}
	if strings.IndexFunc(r.Text, unicode.IsLetter) < 0 {
		return nil, ErrEmpty
	}
	if why := d.language.Other(r.Text); why != "" {
		return nil, &NotPersian{why}
	}
	if a.Published != "" {
		day, err := ParseDate(a.Published)
		if err != nil {
			r.Notes = append(r.Notes, report.Note{Stage: "input", Text: "published: " + err.Error()})
		}
		r.Published = day
	}
	return r, nil
}

func invalid(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return 0
}

// ParseDate reads a day of publication: ISO 8601, with or without a time
// behind it, or a Jalali day («1402-12-20»، «۲۰ اسفند ۱۴۰۲»), with digits of
// any kind.
func ParseDate(s string) (when.Date, error) { return when.Published(s) }
