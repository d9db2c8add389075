package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/lexicon"
	"github.com/sanad-project/sanad/record"
)

// base is a real reading that is varied.
type base struct {
	article sanad.Article
	record  *record.Record
	runes   []rune
	spare   []word // words that may become others
	all     []word // all words of two letters and more
}

// word is a stretch of letters of a text, in code points.
type word struct{ start, end int }

// other is an entity that may take the place of one of its type.
type other struct{ id, name, en string }

// varier makes readings that were never there out of real ones. All stretches
// keep their length, so that every span stays true.
type varier struct {
	bases   []base
	outlets []other
	words   [][]string         // by number of letters, as often as in the texts
	others  map[string][]other // by type and number of letters of the name
	of      int                // how many readings are made
	news    bool               // they spread as news does: see one
	recent  []made             // the last ones of which others may be relays
	zipf    *rand.Zipf
	r       *rand.Rand
}

// made is a reading that was made of a base.
type made struct {
	base *base
	rec  *record.Record
	text []rune
}

// first and days are the days of publication that readings are spread over:
// ten years, the later ones with more reports.
var first = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

const days = 3650

func newVarier(lex *lexicon.Lexicon, bases []base, of int) *varier {
	v := &varier{bases: bases, of: of, words: make([][]string, 16), others: map[string][]other{}}
	for _, e := range lex.File("outlets") {
		if len(v.outlets) < 200 {
			v.outlets = append(v.outlets, other{e.ID, e.Get("fa"), e.Get("en")})
		}
	}
	for _, file := range [...]string{"actors", "people", "places"} {
		for _, e := range lex.File(file) {
			name := e.Get("fa")
			k := kindOf(e.Get("type"), name)
			v.others[k] = append(v.others[k], other{e.ID, name, e.Get("en")})
		}
	}
	for i := range bases {
		b := &v.bases[i]
		b.runes = []rune(b.record.Document.Text)
		taken := make([]bool, len(b.runes)+1)
		each(reflect.ValueOf(b.record).Elem(), func(start, end int, _ *string) {
			for i := max(start, 0); i < min(end, len(taken)); i++ {
				taken[i] = true
			}
		})
		for s := 0; s < len(b.runes); {
			e := s
			free := true
			for e < len(b.runes) && unicode.IsLetter(b.runes[e]) {
				free = free && !taken[e]
				e++
			}
			if e-s >= 2 && e-s < len(v.words) {
				v.words[e-s] = append(v.words[e-s], string(b.runes[s:e]))
				b.all = append(b.all, word{s, e})
				if free && e-s >= 4 {
					b.spare = append(b.spare, word{s, e})
				}
			}
			s = max(e, s+1)
		}
	}
	return v
}

// seeded returns the same varier with its own sequence of chances.
func (v *varier) seeded(seed uint64) *varier {
	w := *v
	w.recent = nil
	w.r = rand.New(rand.NewPCG(seed, 7))
	w.zipf = rand.NewZipf(w.r, 1.1, 8, uint64(len(v.outlets)-1))
	return &w
}

func kindOf(typ, name string) string { return typ + " " + strconv.Itoa(utf8.RuneCountInString(name)) }

// each calls f on the place of every quotation in a record. Content spans of
// statements are left out: they cover words that may change.
func each(x reflect.Value, f func(start, end int, text *string)) {
	switch x.Kind() {
	case reflect.Pointer:
		if !x.IsNil() {
			each(x.Elem(), f)
		}
	case reflect.Slice:
		for i := range x.Len() {
			each(x.Index(i), f)
		}
	case reflect.Struct:
		if q, ok := x.Addr().Interface().(*record.Quote); ok {
			f(q.Start, q.End, &q.Text)
			return
		}
		for i := range x.NumField() {
			each(x.Field(i), f)
		}
	}
}

// one makes the n-th reading. As news spreads, three in ten are relays of one of
// the last 300 by another outlet, with one word in twenty changed; of the others
// nine words in ten are changed.
func (v *varier) one(n int) (*input.Item, *record.Record) {
	b := &v.bases[v.r.IntN(len(v.bases))]
	from, old, change, words := b.record, b.runes, 0.25, b.spare
	relay := v.news && len(v.recent) > 0 && v.r.IntN(10) < 3
	switch {
	case relay:
		m := v.recent[v.r.IntN(len(v.recent))]
		b, from, old, change, words = m.base, m.rec, m.text, 0.05, m.base.spare
	case v.news:
		change, words = 0.9, b.all
	}
	rec := &record.Record{}
	clone(reflect.ValueOf(rec).Elem(), reflect.ValueOf(from).Elem())
	text := append([]rune(nil), old...)
	// As they are collected: in the order of days, a few late, ever more a year.
	day := first.AddDate(0, 0, max(0, int(days*math.Sqrt(float64(n)/float64(v.of)))-v.r.IntN(4)))
	outlet := v.outlets[v.zipf.Uint64()]
	if !relay {
		v.names(rec, text)
		v.digits(text)
	}
	for _, w := range words {
		if v.r.Float64() < change {
			list := v.words[w.end-w.start]
			copy(text[w.start:w.end], []rune(list[v.r.IntN(len(list))]))
		}
	}
	v.dates(rec, day)

	d := &rec.Document
	before := d.Outlet
	title := utf8.RuneCountInString(d.Title)
	d.Text = string(text)
	d.Title = string(text[:title])
	sum := sha256.Sum256([]byte(d.Text))
	d.SHA256 = hex.EncodeToString(sum[:])
	if v.news {
		if m := (made{b, rec, text}); len(v.recent) < 300 {
			v.recent = append(v.recent, m)
		} else {
			v.recent[v.r.IntN(300)] = m
		}
	}
	published, url := day.Format(time.DateOnly), fmt.Sprintf("https://example.org/%s/%d", outlet.id, n)
	d.Published, d.URL, d.Outlet = &published, &url, &outlet.id
	if before != nil && *before != outlet.id {
		rec.Entities = append(rec.Entities, record.Entity{ID: outlet.id, Type: "MEDIA", Name: outlet.name, NameEn: outlet.en, Known: true, Roles: []record.Role{}})
		for i := range rec.Entities[:len(rec.Entities)-1] {
			if rec.Entities[i].ID == outlet.id {
				rec.Entities = rec.Entities[:len(rec.Entities)-1]
				break
			}
		}
	}
	each(reflect.ValueOf(rec).Elem(), func(start, end int, t *string) { *t = string(text[start:end]) })
	body := d.Text
	if title > 0 {
		body = strings.TrimPrefix(body, d.Title+"\n")
	}
	if v.news {
		published += fmt.Sprintf("T%02d:%02d:00+03:30", 6+v.r.IntN(17), v.r.IntN(60))
	}
	it := &input.Item{
		Article: sanad.Article{Outlet: outlet.name, Title: d.Title, Published: published, URL: url, Text: body},
		File:    "varied.jsonl", Line: n + 1, Kind: input.JSON,
	}
	return it, rec
}

// clone copies a record into another, so that they share nothing.
func clone(to, from reflect.Value) {
	switch from.Kind() {
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			clone(to.Elem(), from.Elem())
		}
	case reflect.Slice:
		if !from.IsNil() {
			to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
			for i := range from.Len() {
				clone(to.Index(i), from.Index(i))
			}
		}
	case reflect.Struct:
		to.Set(from)
		for i := range from.NumField() {
			switch from.Field(i).Kind() {
			case reflect.Pointer, reflect.Slice, reflect.Struct:
				clone(to.Field(i), from.Field(i))
			}
		}
	default:
		to.Set(from)
	}
}

// names puts other entities of the lexicon in the place of those that are named
// always in the same way.
func (v *varier) names(rec *record.Record, text []rune) {
	for i := range rec.Entities {
		e := &rec.Entities[i]
		if !e.Known || e.Type == "MEDIA" || v.r.IntN(3) == 0 {
			continue
		}
		said, same := "", true
		for j := range rec.Mentions {
			if m := &rec.Mentions[j]; m.Entity == e.ID && m.Form == "name" {
				same = same && (said == "" || said == m.Text)
				said = m.Text
			}
		}
		list := v.others[kindOf(e.Type, said)]
		if said == "" || !same || len(list) == 0 {
			continue
		}
		o := list[v.r.IntN(len(list))]
		taken := false
		for j := range rec.Entities {
			taken = taken || rec.Entities[j].ID == o.id
		}
		if taken {
			continue
		}
		old := e.ID
		e.ID, e.Name, e.NameEn = o.id, o.name, o.en
		for j := range rec.Mentions {
			if m := &rec.Mentions[j]; m.Entity == old && m.Form == "name" {
				copy(text[m.Start:m.End], []rune(o.name))
			}
		}
		rename(rec, old, o.id)
	}
}

func rename(rec *record.Record, old, id string) {
	is := func(s *string) {
		if s != nil && *s == old {
			*s = id
		}
	}
	refs := func(list []record.Ref) {
		for i := range list {
			is(&list[i].Entity)
		}
	}
	for i := range rec.Mentions {
		is(&rec.Mentions[i].Entity)
	}
	for i := range rec.Entities {
		for j := range rec.Entities[i].Roles {
			is(rec.Entities[i].Roles[j].Of)
		}
	}
	for i := range rec.Statements {
		s := &rec.Statements[i]
		is(s.Speaker)
		refs(s.Via)
		if s.Addressee != nil {
			is(&s.Addressee.Entity)
		}
	}
	for i := range rec.Events {
		e := &rec.Events[i]
		refs(e.Actor)
		refs(e.Recipient)
		if e.Place != nil {
			is(&e.Place.Entity)
		}
	}
	for i := range rec.Loaded {
		is(rec.Loaded[i].Entity)
	}
}

// digits changes the figures of the text; a number keeps its length.
func (v *varier) digits(text []rune) {
	for i, r := range text {
		for _, zero := range [...]rune{'0', '۰', '٠'} {
			if r > zero && r <= zero+9 {
				text[i] = zero + 1 + rune(v.r.IntN(9))
			}
		}
	}
}

// dates moves the days that the record gives with the day of publication.
func (v *varier) dates(rec *record.Record, day time.Time) {
	by := 0
	if rec.Document.Published != nil {
		if t, err := time.Parse(time.DateOnly, *rec.Document.Published); err == nil {
			by = int(day.Sub(t).Hours() / 24)
		}
	}
	move := func(s *string) {
		if len(*s) >= 10 {
			if t, err := time.Parse(time.DateOnly, (*s)[:10]); err == nil {
				*s = t.AddDate(0, 0, by).Format(time.DateOnly) + (*s)[10:]
			}
		}
	}
	for i := range rec.Times {
		move(&rec.Times[i].Value)
	}
	for i := range rec.Statements {
		if d := rec.Statements[i].Date; d != nil {
			move(&d.Value)
		}
	}
	for i := range rec.Events {
		if d := rec.Events[i].Date; d != nil {
			move(&d.Value)
		}
	}
}
