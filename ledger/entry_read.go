package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/internal/valid"
	"github.com/sanad-project/sanad/record"
)

// unknownReader stands for the version of a reader, or the lexicon, of a record
// that does not say it. "sanad reread" reads such reports anew, as it does those
// of other versions.
const unknownReader = "unknown"

// entryRead makes an entry of a record that somebody else has made of the item.
// Nothing of it is believed: it has to follow the schema, each quotation has to
// stand in the text at its place, ids and indices have to lead somewhere, and what
// it says of the article has to be what came with it. Whether the text says
// what the record says it says is the affair of the version that made it: that
// is kept with it, and no other reading is put in its place.
func (m *Maker) entryRead(it *input.Item) (*Entry, error) {
	if err := valid.JSON(it.Read.Record); err != nil {
		return nil, fmt.Errorf("not a valid record: %s", oneLine(err))
	}
	var rec record.Record
	if err := json.Unmarshal(it.Read.Record, &rec); err != nil {
		return nil, fmt.Errorf("not a valid record: %w", err)
	}
	a := it.Article
	a.ID, a.URL = "", storable(a.URL)
	r, err := m.Reader.Check(a)
	if err != nil {
		return nil, err
	}
	d := &rec.Document
	d.ID, d.URL = "", nil
	if a.URL != "" {
		d.URL = &a.URL
	}
	published := ""
	if r.Published.Known() {
		published = r.Published.String()
	}
	switch {
	case d.Text != r.Text:
		return nil, errors.New("the record's text is not that of the article")
	case d.Title != a.Title:
		return nil, errors.New("the record's title is not that of the article")
	case value(d.Published) != published:
		return nil, fmt.Errorf("the record's day of publication, %q, is not that of the article, %q", value(d.Published), published)
	}
	made := *it.Read
	for _, s := range [...]*string{&made.Reader, &made.Lexicon} {
		if *s == "" {
			*s = unknownReader
		}
		if len(*s) > 200 || !utf8.ValidString(*s) || strings.IndexFunc(*s, unicode.IsControl) >= 0 {
			return nil, errors.New("the version or the lexicon that the record was made with is no name of one")
		}
	}
	return m.entryOf(it, &rec, made.Reader, made.Lexicon)
}

func value(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// oneLine shortens a report of many faults to the first few.
func oneLine(err error) string {
	s := strings.Join(strings.Fields(strings.ToValidUTF8(err.Error(), "\ufffd")), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}
