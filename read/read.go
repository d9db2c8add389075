// Package read is the reader: a Persian report in, its layers and record out.
package read

import (
	"github.com/sanad-project/sanad/clean"
	"github.com/sanad-project/sanad/count"
	"github.com/sanad-project/sanad/fa"
	"github.com/sanad-project/sanad/fa/number"
	"github.com/sanad-project/sanad/fa/phrase"
	"github.com/sanad-project/sanad/fa/when"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/refer"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/said"
	"github.com/sanad-project/sanad/span"
	"github.com/sanad-project/sanad/what"
	"github.com/sanad-project/sanad/where"
	"github.com/sanad-project/sanad/who"
)

// Reader reads reports. It is made once, holds the compiled lexicon, and may
// be used by many goroutines at a time.
type Reader struct {
	clean *clean.Cleaner
	who   *who.Finder
	refer *refer.Rules
	count *count.Counter
	said  *said.Attributor
	what  *what.Framer
}

// New compiles the lexicon into a reader.
func New(l *lexicon.Lexicon) *Reader {
	return &Reader{
		clean: clean.New(l),
		who:   who.New(l, where.New(l)),
		refer: refer.New(l),
		count: count.New(l),
		said:  said.New(l),
		what:  what.New(l),
	}
}

// Read writes the layers of the report. It never fails on text.
func (d *Reader) Read(r *report.Report) {
	r.Dropped = d.clean.Find(r)
	r.Words = fa.Read(r.Text, spans(r.Dropped))
	r.Phrases = phrase.Find(&r.Words)
	r.Times = when.Find(&r.Words, r.Published)
	amounts := number.Find(&r.Words)
	d.who.Find(r)
	r.Numbers = d.count.Units(r, amounts)
	ref := d.refer.On(r)
	r.Statements = d.said.Attribute(r, ref)
	r.Events = d.what.Frame(r, ref)
	d.who.Settle(r)
}

func spans(list []report.Dropped) []span.Span {
	out := make([]span.Span, len(list))
	for i := range list {
		out[i] = list[i].Span
	}
	return out
}
