package archive

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/sanad-project/sanad/relay"
)

func init() {
	register.DoFn4x1[context.Context, string, func(*[]byte) bool, func(string, []byte), error](&judging{})
	beam.RegisterType(reflect.TypeFor[judging]())
}

// A block is as many reports in the order of their ranks as a report reaches back.
// Window w holds the blocks w and w+1; in it the reports of block w+1, of the first
// window those of block 0 too, are compared with those before them. So an index of
// twice the reach, whose older half is forgotten when it is full, works in a ledger.
//
//	reach 100: report 250 is in window 1 (ranks 100–299), where it is compared with
//	150–249, and in window 2 (200–399), for those that come after it

// windowsOf are the windows that a report stands in.
func windowsOf(rank, reach int64) []int64 {
	b := rank / reach
	if b == 0 {
		return []int64{0}
	}
	return []int64{b - 1, b}
}

// judge finds the links in each window, by the id of the report that took the words.
func judge(s beam.Scope, o Options, windows beam.PCollection) beam.PCollection {
	s = s.Scope("judge")
	return beam.ParDo(s, &judging{Lexicon: o.Lexicon, Reach: int64(o.Reach)}, group(s, "windows", windows))
}

type judging struct {
	Lexicon string
	Reach   int64
	pairs   beam.Counter
}

func (f *judging) Setup() { f.pairs = beam.NewCounter("archive", "pairs compared") }

// couple is two reports of a window by their places.
type couple struct{ a, b int }

func (f *judging) ProcessElement(ctx context.Context, window string, next func(*[]byte) bool, emit func(string, []byte)) error {
	t, err := toolsOf(f.Lexicon)
	if err != nil {
		return err
	}
	w, err := strconv.ParseInt(window, 10, 64)
	if err != nil {
		return fmt.Errorf("window %q: %w", window, err)
	}
	type signed struct {
		report
		sig relay.Signature
	}
	var list []signed
	for _, b := range all(next) {
		u := unpacking{b: b}
		x := signed{report: u.report()}
		if err := x.sig.UnmarshalBinary(u.raw()); err != nil {
			return err
		}
		if err := u.done(); err != nil {
			return err
		}
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b signed) int { return cmp.Compare(a.rank, b.rank) })
	x := relay.NewIndex(0)
	at := make(map[string]int, len(list))
	var todo []couple
	for i := range list {
		at[list[i].id] = i
		if b := list[i].rank / f.Reach; b != w+1 && (b != 0 || w != 0) {
			x.Put(list[i].sig)
			continue
		}
		for _, c := range x.Add(list[i].sig) {
			j, ok := at[c.ID]
			if ok && j != i && list[i].rank-list[j].rank <= f.Reach {
				todo = append(todo, couple{j, i})
			}
		}
	}
	ready := &texts{tools: t, made: map[int]*text{}, of: func(i int) *report { return &list[i].report }}
	for _, c := range todo {
		a, err := ready.get(c.a)
		if err != nil {
			return err
		}
		b, err := ready.get(c.b)
		if err != nil {
			return err
		}
		f.pairs.Inc(ctx, 1)
		l, ok := t.relay.Judge(a.text, b.text, x)
		if !ok || len(l.Why) == 0 {
			continue
		}
		if l.From != a.id {
			a, b = b, a
		}
		if err := emitLink(l, a, b, emit); err != nil {
			return err
		}
	}
	return nil
}

// text is a report that is ready to be compared.
type text struct {
	*report
	doc  *relay.Doc
	text *relay.Text
}

// texts holds those that were last made ready, some 10 kB each.
type texts struct {
	*tools
	of    func(i int) *report
	made  map[int]*text
	order []int
}

const readyTexts = 4096

func (x *texts) get(i int) (*text, error) {
	if t := x.made[i]; t != nil {
		return t, nil
	}
	r := x.of(i)
	rec, err := r.whole()
	if err != nil {
		return nil, err
	}
	d := r.compared(rec)
	t := &text{r, d, x.relay.Read(d)}
	d.Record = nil // is not needed any more
	if len(x.order) == readyTexts {
		delete(x.made, x.order[0])
		x.order = x.order[1:]
	}
	x.made[i] = t
	x.order = append(x.order, i)
	return t, nil
}

// link is a link on its way, with what is known of its two ends.
type link struct {
	Link     relay.Link // without its passages
	From, To end
	Passages []Together
}

// end is a report of a link without its text.
type end struct {
	ID, Outlet, Day string
	File, Line      int64
	Known           bool // the time of publication is
	First, Last     int64
}

// doc is the report as package relay sorts links by it.
func (e *end) doc() relay.Doc {
	d := relay.Doc{ID: e.ID, Outlet: e.Outlet, Added: came(e.File, e.Line)}
	if e.Known {
		d.Published = moment(e.First, e.Last)
	}
	return d
}

func endOf(t *text) end {
	e := end{ID: t.id, Outlet: t.outlet, Day: dayKey(t.day), File: t.file, Line: t.line}
	if p := t.doc.Published; p.Known() {
		e.Known, e.First, e.Last = true, p.From.Unix(), p.To.Unix()
	}
	return e
}

func emitLink(l relay.Link, a, b *text, emit func(string, []byte)) error {
	k := link{Link: l, From: endOf(a), To: endOf(b), Passages: []Together{}}
	k.Link.Passages = nil
	from, to := points{text: a.doc.Whole()}, points{text: b.doc.Whole()}
	for _, p := range l.Passages {
		k.Passages = append(k.Passages, Together{Place{from.at(p.A.Start), from.at(p.A.End)}, Place{to.at(p.B.Start), to.at(p.B.End)}, p.Words})
	}
	raw, err := json.Marshal(k)
	if err != nil {
		return err
	}
	emit(l.To, raw)
	return nil
}

// points counts the code points before a byte of a text.
type points struct{ text string }

func (p *points) at(b int) int { return utf8.RuneCountInString(p.text[:min(max(b, 0), len(p.text))]) }
