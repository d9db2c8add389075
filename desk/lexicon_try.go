package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"runtime"
	"sync"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// The limits of a trial.
const (
	trialReports = 50               // reports that are read again
	trialTime    = 20 * time.Second // and no longer than this
	trialWords   = 12               // words that are searched for
	trialChanges = 12               // changes shown of a report
)

// trial is what an entry would change: what the reports that have its words, and
// the examples given with it, are read as with the entry and without.
type trial struct {
	Words    []string        `json:"words"`             // that were searched for
	Found    int             `json:"found"`             // reports that have them, up to a limit
	Read     int             `json:"read"`              // of these read again
	Stopped  bool            `json:"stopped,omitempty"` // for time
	Same     int             `json:"same"`              // reports read as before
	Gained   int             `json:"gained"`            // findings
	Lost     int             `json:"lost"`
	Other    int             `json:"changed"`
	Reports  []trialReport   `json:"reports"`
	Examples []trialExample  `json:"examples"`
	Also     []trialNeighbor `json:"also,omitempty"` // entries that have one of its words already
}

// trialReport is a report that is read otherwise.
type trialReport struct {
	ID      string        `json:"id"`
	Head    string        `json:"head"`
	Outlet  template.HTML `json:"-"`
	Day     string        `json:"published,omitempty"`
	Changes []trialChange `json:"changes"`
	More    int           `json:"more,omitempty"`  // changes that are not listed
	Error   string        `json:"error,omitempty"` // with the entry it can no longer be read
}

// trialChange is one finding gained, lost or changed.
type trialChange struct {
	review.Change
	Before string        `json:"before"` // the words around
	Words  string        `json:"words"`
	After  string        `json:"after"`
	Says   template.HTML `json:"-"` // the finding as a sentence
	Was    string        `json:"-"`
	Now    string        `json:"-"`
}

// trialExample is an example and whether it holds.
type trialExample struct {
	Text    string        `json:"text"`
	Want    bool          `json:"want"`    // it is to be read otherwise
	Changed bool          `json:"changed"` // it is
	Error   string        `json:"error,omitempty"`
	Changes []trialChange `json:"changes"`
}

// trialNeighbor is an entry that has a word of the new one.
type trialNeighbor struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Word string `json:"word"`
	Link string `json:"-"`
}

// try reads what an entry would change, at most n reports of the ledger. One
// trial runs at a time: each holds a second lexicon.
func (d *Desk) try(ctx context.Context, l *language, c candidate, n int) (*trial, error) {
	e := d.engine.Load()
	s, err := e.shelf()
	if err != nil {
		return nil, err
	}
	next, err := s.book.With(c.Kind, c.Entry)
	if err != nil {
		return nil, err
	}
	if len(c.For)+len(c.Against) > 0 {
		given := c.Sentences
		if len(given.For) == 0 { // to be given before it is kept
			given.For = given.Against[:1]
		}
		if err := given.Check(); err != nil {
			return nil, err
		}
	}
	select {
	case d.trying <- struct{}{}:
		defer func() { <-d.trying }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	with, err := compile(next.Lexicon())
	if err != nil {
		return nil, err
	}
	base := e.reader
	if s.aside { // the folder is not what the desk reads with: compare like with like
		if base, err = compile(s.book.Lexicon()); err != nil {
			return nil, err
		}
	}
	t := &trial{Words: []string{}, Reports: []trialReport{}, Examples: []trialExample{}, Also: s.neighbors(&c)}
	for i, list := range [...][]string{c.For, c.Against} {
		for _, text := range list {
			x := trialExample{Text: text, Want: i == 0}
			x.Changes, x.Changed, err = compare(l, base, with, sanad.Article{Text: text, Outlet: "خبرگزاری ایرنا", Published: "2024-03-10"})
			if err != nil {
				x.Error = err.Error()
			}
			t.Examples = append(t.Examples, x)
		}
	}
	if n > 0 {
		limited, cancel := context.WithTimeout(ctx, trialTime)
		defer cancel()
		err := d.tryReports(limited, l, base, with, c, n, t)
		if err != nil && !(errors.Is(limited.Err(), context.DeadlineExceeded) && ctx.Err() == nil) {
			return nil, err
		}
		t.Stopped = err != nil
	}
	return t, nil
}

// compile makes a reader of a lexicon that somebody has just added to. What a
// stage cannot take is the entry's fault, not the program's.
func compile(lex *lexicon.Lexicon) (r *sanad.Reader, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = badForm("with this entry the lexicon cannot be used: %v", v)
		}
	}()
	return sanad.With(lex), nil
}

// tryReports reads reports of the ledger that have the entry's words.
func (d *Desk) tryReports(ctx context.Context, l *language, base, with *sanad.Reader, c candidate, n int, t *trial) error {
	words := c.Entry.Words()
	t.Words = noNil(words[:min(len(words), trialWords)])
	var found []ledger.Found
	seen := map[string]bool{}
	for _, w := range t.Words {
		list, err := d.ledger.Search(ctx, `"`+w+`"`, ledger.Filter{}, n, 0)
		var bad *ledger.BadQuery
		if errors.As(err, &bad) {
			continue // nothing but small words
		}
		if err != nil {
			return err
		}
		for i := range list {
			if !seen[list[i].ID] {
				seen[list[i].ID] = true
				found = append(found, list[i])
			}
		}
	}
	t.Found = len(found)
	found = found[:min(n, len(found))]
	out := make([]*trialReport, len(found))
	counts := make([][]trialChange, len(found))
	errs := make([]error, len(found))
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), 8)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(found) && ctx.Err() == nil; i += workers {
				x := &found[i]
				a, err := d.ledger.Article(ctx, x.ID)
				if err != nil {
					errs[i] = err
					continue
				}
				changes, changed, err := compare(l, base, with, a)
				o := &trialReport{ID: x.ID, Head: x.Head, Outlet: d.outlet(l, &x.Report), Day: x.Published}
				if err != nil {
					o.Error = err.Error()
				}
				counts[i] = changes
				if o.Changes = changes[:min(len(changes), trialChanges)]; changed || o.Error != "" {
					o.More = len(changes) - len(o.Changes)
				} else {
					o.ID = "" // as before
				}
				out[i] = o
			}
		})
	}
	wg.Wait()
	for i, o := range out {
		if o == nil {
			continue
		}
		t.Read++
		if o.ID == "" {
			t.Same++
			continue
		}
		for _, c := range counts[i] {
			switch c.What {
			case review.Found:
				t.Gained++
			case review.Gone:
				t.Lost++
			default:
				t.Other++
			}
		}
		t.Reports = append(t.Reports, *o)
	}
	if err := errors.Join(errs...); err != nil && ctx.Err() == nil {
		return err
	}
	return ctx.Err()
}

// compare reads an article both ways.
func compare(l *language, base, with *sanad.Reader, a sanad.Article) (list []trialChange, changed bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the reading broke off: %v", v)
		}
	}()
	before, err := base.Read(a)
	if err != nil {
		// Such a text may be one that the entry makes readable.
		if _, now := with.Read(a); now == nil {
			return []trialChange{}, true, nil
		}
		return []trialChange{}, false, err
	}
	after, err := with.Read(a)
	if err != nil {
		return []trialChange{}, true, err
	}
	x, err := json.Marshal(before)
	y, err2 := json.Marshal(after)
	if err = errors.Join(err, err2); err != nil {
		return nil, false, err
	}
	list = []trialChange{}
	if bytes.Equal(x, y) {
		return list, false, nil
	}
	was, now := newTeller(l, before), newTeller(l, after)
	for _, c := range review.Diff(before, after) {
		list = append(list, changeOf(was, now, c))
	}
	return list, true, nil
}

// changeOf puts a change in its words.
func changeOf(was, now *teller, c review.Change) trialChange {
	t := now
	if c.What == review.Gone {
		t = was
	}
	o := trialChange{Change: c}
	at := record.Span{Start: c.Target.Start, End: c.Target.End}
	switch k := c.Target.Kind; k {
	case review.Entity:
		if e := t.entities[c.Target.ID]; e != nil {
			o.Says = t.entity(e)
		}
		for i := range t.rec.Mentions {
			if m := &t.rec.Mentions[i]; m.Entity == c.Target.ID {
				at = record.Span{Start: m.Start, End: m.End}
				break
			}
		}
	case review.Event:
		if e := t.events[c.Target.ID]; e != nil {
			o.Says = t.event(e)
		}
	case review.Statement:
		if s := t.statements[c.Target.ID]; s != nil {
			o.Says = t.statement(s, t.content(s))
		}
	case review.Mention:
		if m := t.mentions[at]; m != nil {
			o.Says = t.mention(m)
		}
	case review.Number:
		if n := t.numbers[at]; n != nil {
			o.Says = t.number(n)
		}
	case review.Time:
		if x := t.times[at]; x != nil {
			o.Says = t.time(x)
		}
	case review.Loaded:
		if x := t.wordings[at]; x != nil {
			o.Says = t.loaded(x)
		}
	}
	if c.What == review.Changed {
		o.Was, o.Now = was.brief(c.Target.Kind, c.Field, c.Old), now.brief(c.Target.Kind, c.Field, c.New)
	}
	if at.Start >= 0 && at.Start < at.End && at.End <= len(t.runes) {
		from, to := max(0, at.Start-50), min(len(t.runes), at.End+50)
		o.Before, o.Words, o.After = string(t.runes[from:at.Start]), string(t.runes[at.Start:at.End]), string(t.runes[at.End:to])
	}
	return o
}

// brief is a value of a change as people read it.
func (t *teller) brief(k review.Kind, field, value string) string {
	if value == "" {
		return t.T("none")
	}
	if s := t.Word("value."+string(k)+"."+field, value); s != value {
		return s
	}
	if e := t.entities[value]; e != nil {
		return t.label(value)
	}
	return value
}

// neighbors are other entries that have one of the words of a new one.
func (s *shelf) neighbors(c *candidate) []trialNeighbor {
	keys := map[string]string{}
	for _, w := range c.Entry.Words() {
		if k := searchKey(w); k != "" {
			keys[k] = w
		}
	}
	var list []trialNeighbor
	for i := range s.rows {
		row := &s.rows[i]
		if row.Kind == c.Kind && row.Entry.ID == c.Entry.ID || row.Removed {
			continue
		}
		for _, k := range row.keys[1:] {
			if w, ok := keys[k]; ok && len(list) < 10 {
				list = append(list, trialNeighbor{row.Kind, row.Entry.ID, w, entryLink(row.Kind, row.Entry.ID)})
				break
			}
		}
	}
	return list
}
