package export

import (
	"io"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// A row group is written when it holds so many rows or so many bytes, whichever
// comes first: that is what bounds the memory of an export, besides some
// kilobytes for each row group that the file's footer keeps. A row of an event
// takes some 5 kB while its 60 columns are being collected.
const (
	parquetRows  = 4 << 10
	parquetBytes = 8 << 20
)

var parquetFormat = Format{Name: "parquet", Extension: ".parquet", About: "Parquet: one kind of finding, typed columns", Kinds: true, write: writeParquet, incidents: writeParquetIncidents, relays: writeParquetRelays}

// writeParquet writes one Parquet file, one row for each finding of opt.Kind
// (events where it is ""), ZSTD-compressed. Days are DATE, points in time
// TIMESTAMP in UTC, several values a LIST, offsets code points of the report's
// text. What a report does not say is NULL.
// Columns are called as those of the csv export. Every finding is there, whatever
// the status of an event: a query says WHERE status = 'happened'.
func writeParquet(w io.Writer, items Items, opt Options) error {
	switch opt.Kind {
	case Reports:
		return parquetOf(w, items, parquetReport)
	case Statements:
		return parquetOf(w, items, parquetStatement)
	case Chain:
		return parquetOf(w, items, parquetChain)
	case Mentions:
		return parquetOf(w, items, parquetMention)
	case Entities:
		return parquetOf(w, items, parquetEntity)
	case Times:
		return parquetOf(w, items, parquetTime)
	case Numbers:
		return parquetOf(w, items, parquetNumber)
	}
	return parquetOf(w, items, parquetEvent)
}

// parquetOf writes the rows that rows yields for each report. size, in bytes,
// is a rough one of the row's text.
func parquetOf[T any](w io.Writer, items Items, rows func(*view, verdicts, func(row T, size int) error) error) error {
	p := newRowGroups[T](w)
	err := each(items, func(it *Item) error { return rows(newView(it), newVerdicts(it.Review), p.put) })
	if err != nil {
		return err
	}
	return p.Close()
}

// rowGroups writes rows of Parquet, and a row group when it holds enough.
type rowGroups[T any] struct {
	*parquet.GenericWriter[T]
	n, bytes int
	one      []T
}

func newRowGroups[T any](w io.Writer) *rowGroups[T] {
	return &rowGroups[T]{GenericWriter: parquet.NewGenericWriter[T](w, parquet.Compression(&zstd.Codec{}), parquet.CreatedBy("sanad", "", ""),
		parquet.KeyValueMetadata("sanad.offsets", annoUnit)), one: make([]T, 1)}
}

// put writes a row; size, in bytes, is a rough one of its text.
func (p *rowGroups[T]) put(row T, size int) error {
	p.one[0] = row
	if _, err := p.Write(p.one); err != nil {
		return err
	}
	if p.n, p.bytes = p.n+1, p.bytes+size; p.n < parquetRows && p.bytes < parquetBytes {
		return nil
	}
	p.n, p.bytes = 0, 0
	return p.Flush()
}

// day counts days from 1 January 1970; nil for a zero time.
func day(t time.Time) *int32 {
	if t.IsZero() {
		return nil
	}
	n := int32(t.Unix() / 86400)
	if t.Unix()%86400 < 0 {
		n--
	}
	return &n
}

// dateOf counts the day of an ISO date.
func dateOf(p *string) *int32 {
	if p == nil {
		return nil
	}
	t, err := time.Parse(isoDay, *p)
	if err != nil {
		return nil
	}
	return day(t)
}

func small(p *record.Quote) (start, end *int32, text *string) {
	if p == nil {
		return nil, nil, nil
	}
	s, e := int32(p.Start), int32(p.End)
	return &s, &e, &p.Text
}

type reportRow struct {
	Report     string     `parquet:"report"`
	URL        *string    `parquet:"url,optional"`
	Outlet     *string    `parquet:"outlet,optional,dict"`
	OutletName *string    `parquet:"outlet_name,optional,dict"`
	Title      string     `parquet:"title"`
	Author     *string    `parquet:"author,optional"`
	Published  *int32     `parquet:"published,optional,date"`
	Added      *time.Time `parquet:"added,optional,timestamp(millisecond)"`
	Language   string     `parquet:"language,dict"`
	SHA256     string     `parquet:"sha256"`
	Text       string     `parquet:"text"`
	Statements int32      `parquet:"statements"`
	Events     int32      `parquet:"events"`
	Review     *string    `parquet:"review,optional,dict"`
	Reading    string     `parquet:"record"` // hash of the machine's record
	Reader     string     `parquet:"reader,dict"`
	Lexicon    string     `parquet:"lexicon,dict"`
}

func parquetReport(v *view, _ verdicts, put func(reportRow, int) error) error {
	d := &v.rec.Document
	r := reportRow{Report: v.ID, URL: opt(v.URL), Outlet: d.Outlet, OutletName: opt(v.OutletName), Title: v.Title, Author: opt(v.Author),
		Published: dateOf(d.Published), Language: d.Language, SHA256: d.SHA256, Text: d.Text, Statements: int32(len(v.rec.Statements)),
		Events: int32(len(v.rec.Events)), Reading: v.Hash, Reader: v.Reader, Lexicon: v.Lexicon}
	if !v.Added.IsZero() {
		t := v.Added.UTC().Truncate(time.Millisecond)
		r.Added = &t
	}
	if v.Review != nil {
		r.Review = opt(v.Review.State)
	}
	return put(r, len(d.Text)+len(v.Title)+200)
}

type eventRow struct {
	Report    string  `parquet:"report"`
	Event     string  `parquet:"event"`
	URL       *string `parquet:"url,optional"`
	Outlet    *string `parquet:"outlet,optional,dict"`
	Published *int32  `parquet:"published,optional,date"`

	Type    string  `parquet:"type,dict"`
	Mode    *string `parquet:"mode,optional,dict"`
	Status  string  `parquet:"status,dict"`
	Trigger string  `parquet:"trigger"`
	Start   int32   `parquet:"trigger_start"`
	End     int32   `parquet:"trigger_end"`

	Claim        bool     `parquet:"claim"` // it rests on somebody's word
	SaidBy       *string  `parquet:"said_by,optional"`
	Act          *string  `parquet:"act,optional,dict"`
	Speaker      *string  `parquet:"speaker,optional"`
	SpeakerName  *string  `parquet:"speaker_name,optional"`
	SpeakerWords *string  `parquet:"speaker_text,optional"`
	Chain        []string `parquet:"chain,list"`

	Actors         []string `parquet:"actor,list"`
	ActorNames     []string `parquet:"actor_name,list"`
	ActorWords     []string `parquet:"actor_text,list"`
	Recipients     []string `parquet:"recipient,list"`
	RecipientNames []string `parquet:"recipient_name,list"`
	RecipientWords []string `parquet:"recipient_text,list"`

	Place      *string  `parquet:"place,optional"`
	PlaceName  *string  `parquet:"place_name,optional"`
	PlaceWords *string  `parquet:"place_text,optional"`
	Country    *string  `parquet:"country,optional,dict"`
	GeoNames   *int64   `parquet:"geonames,optional"`
	Latitude   *float64 `parquet:"latitude,optional"`
	Longitude  *float64 `parquet:"longitude,optional"`
	Precision  *string  `parquet:"place_precision,optional,dict"`
	RadiusKM   *float64 `parquet:"radius_km,optional"`

	Date      *string `parquet:"date,optional"` // as in the record
	DateFirst *int32  `parquet:"date_first,optional,date"`
	DateLast  *int32  `parquet:"date_last,optional,date"`
	DateAbout *bool   `parquet:"date_about,optional"`
	DateWords *string `parquet:"date_text,optional"`

	KilledMin    *int64  `parquet:"killed_min,optional"`
	KilledMax    *int64  `parquet:"killed_max,optional"`
	KilledHedge  *string `parquet:"killed_hedge,optional,dict"`
	KilledWords  *string `parquet:"killed_text,optional"`
	WoundedMin   *int64  `parquet:"wounded_min,optional"`
	WoundedMax   *int64  `parquet:"wounded_max,optional"`
	WoundedHedge *string `parquet:"wounded_hedge,optional,dict"`
	WoundedWords *string `parquet:"wounded_text,optional"`
	CountMin     *int64  `parquet:"count_min,optional"`
	CountMax     *int64  `parquet:"count_max,optional"`
	CountUnit    *string `parquet:"count_unit,optional,dict"`
	CountHedge   *string `parquet:"count_hedge,optional,dict"`
	CountWords   *string `parquet:"count_text,optional"`
	Weapon       *string `parquet:"weapon,optional"`

	Incident *string `parquet:"incident,optional,dict"` // that the event belongs to; NULL: reports were not linked, or it is in none
	Origins  *int32  `parquet:"origins,optional"`       // independent ones of the incident

	Rule    string   `parquet:"rule,dict"`
	Verdict *string  `parquet:"review,optional,dict"` // of a person; NULL: nobody looked at it
	ByHuman []string `parquet:"fields_by_human,list"`
}

func parquetEvent(v *view, seen verdicts, put func(eventRow, int) error) error {
	for i := range v.rec.Events {
		e := &v.rec.Events[i]
		judged := seen.of(review.Event, e.ID)
		p := featureOf(v, e, judged).Properties
		r := eventRow{Report: v.ID, Event: e.ID, URL: p.URL, Outlet: v.rec.Document.Outlet, Published: dateOf(p.Published),
			Type: e.Type, Mode: e.Mode, Status: e.Status, Trigger: e.Trigger.Text, Start: int32(e.Trigger.Start), End: int32(e.Trigger.End),
			Claim: e.SaidBy != nil, SaidBy: e.SaidBy, Act: p.Act, SpeakerName: p.SaidBy, SpeakerWords: p.SaidByWords, Chain: p.Chain,
			Actors: p.ActorIDs, ActorNames: p.Actors, ActorWords: refWords(e.Actor),
			Recipients: p.RecipientIDs, RecipientNames: p.Recipients, RecipientWords: refWords(e.Recipient),
			PlaceName: p.Place, PlaceWords: p.PlaceQuote, Country: p.Country, Precision: p.Precision, RadiusKM: p.RadiusKM,
			Date: p.Date, DateFirst: dateOf(p.DateStart), DateLast: dateOf(p.DateEnd), DateWords: p.DateQuote,
			Weapon: p.Weapon, Rule: e.Rule, Verdict: p.Verdict, ByHuman: p.ByHuman}
		if p.PlaceEn != nil {
			r.PlaceName = p.PlaceEn
		}
		if s := v.said(e); s != nil {
			r.Speaker = s.Speaker
		}
		if e.Place != nil {
			r.Place = &e.Place.Entity
			if x := v.entities[e.Place.Entity]; x != nil {
				r.GeoNames, r.Latitude, r.Longitude = coordinates(geo(x))
			}
		}
		if p.Incident != nil {
			n := int32(*p.Origins)
			r.Incident, r.Origins = p.Incident, &n
		}
		if r.DateFirst != nil {
			r.DateAbout = &p.DateAbout
		}
		if n := v.number(e.Killed); n != nil {
			r.KilledMin, r.KilledMax, r.KilledHedge, r.KilledWords = n.Min, n.Max, &n.Hedge, &n.Text
		}
		if n := v.number(e.Wounded); n != nil {
			r.WoundedMin, r.WoundedMax, r.WoundedHedge, r.WoundedWords = n.Min, n.Max, &n.Hedge, &n.Text
		}
		if n := v.number(e.Count); n != nil {
			r.CountMin, r.CountMax, r.CountUnit, r.CountHedge, r.CountWords = n.Min, n.Max, &n.Unit, &n.Hedge, &n.Text
		}
		if err := put(r, 600+len(v.URL)+len(r.Trigger)); err != nil {
			return err
		}
	}
	return nil
}

func coordinates(g *record.Geo) (id *int64, lat, lon *float64) {
	if g == nil {
		return nil, nil, nil
	}
	if g.GeoNames != 0 {
		n := int64(g.GeoNames)
		id = &n
	}
	if onEarth(g) {
		lat, lon = &g.Lat, &g.Lon
	}
	return id, lat, lon
}

// refWords returns the words that arguments were read from, "" for one whose
// words are not marked, so that they stand beside the ids.
func refWords(refs []record.Ref) []string {
	out := []string{}
	for _, r := range refs {
		t := ""
		if r.Span != nil {
			t = r.Span.Text
		}
		out = append(out, t)
	}
	return out
}

type statementRow struct {
	Report         string   `parquet:"report"`
	Statement      string   `parquet:"statement"`
	Published      *int32   `parquet:"published,optional,date"`
	Outlet         *string  `parquet:"outlet,optional,dict"`
	Act            string   `parquet:"act,dict"`
	Quoted         bool     `parquet:"quoted"`
	Speaker        *string  `parquet:"speaker,optional"`
	SpeakerName    *string  `parquet:"speaker_name,optional"`
	SpeakerWords   *string  `parquet:"speaker_text,optional"`
	Chain          []string `parquet:"chain,list"`
	Cue            *string  `parquet:"cue,optional"`
	CueStart       *int32   `parquet:"cue_start,optional"`
	CueEnd         *int32   `parquet:"cue_end,optional"`
	Content        string   `parquet:"content"`
	Starts         []int32  `parquet:"content_start,list"`
	Ends           []int32  `parquet:"content_end,list"`
	Addressee      *string  `parquet:"addressee,optional"`
	AddresseeWords *string  `parquet:"addressee_text,optional"`
	Date           *string  `parquet:"date,optional"`
	DateFirst      *int32   `parquet:"date_first,optional,date"`
	DateLast       *int32   `parquet:"date_last,optional,date"`
	Rule           string   `parquet:"rule,dict"`
	Verdict        *string  `parquet:"review,optional,dict"`
	ByHuman        []string `parquet:"fields_by_human,list"`
}

func parquetStatement(v *view, seen verdicts, put func(statementRow, int) error) error {
	for i := range v.rec.Statements {
		s := &v.rec.Statements[i]
		judged := seen.of(review.Statement, s.ID)
		r := statementRow{Report: v.ID, Statement: s.ID, Published: dateOf(v.rec.Document.Published), Outlet: v.rec.Document.Outlet,
			Act: s.Act, Quoted: s.Quoted, Speaker: s.Speaker, SpeakerWords: quoteText(s.SpeakerSpan), Chain: chain(v, s),
			Content: content(v, s), Rule: s.Rule, Verdict: opt(verdict(judged)), ByHuman: human(judged)}
		if s.Speaker != nil {
			r.SpeakerName = opt(v.name(*s.Speaker))
		}
		r.CueStart, r.CueEnd, r.Cue = small(s.Cue)
		for _, c := range s.Content {
			r.Starts, r.Ends = append(r.Starts, int32(c.Start)), append(r.Ends, int32(c.End))
		}
		if s.Addressee != nil {
			r.Addressee, r.AddresseeWords = &s.Addressee.Entity, quoteText(s.Addressee.Span)
		}
		if s.Date != nil {
			r.Date = &s.Date.Value
			if d, ok := record.DaysOf(s.Date.Value); ok {
				r.DateFirst, r.DateLast = day(d.First), day(d.Last)
			}
		}
		if err := put(r, 300+len(r.Content)); err != nil {
			return err
		}
	}
	return nil
}

// chainRow is one link of the way that a statement came, the publisher first.
type chainRow struct {
	Report    string  `parquet:"report"`
	Statement string  `parquet:"statement"`
	Link      int32   `parquet:"link"`      // 0 is the publisher
	Part      string  `parquet:"role,dict"` // publisher, via, speaker
	Entity    *string `parquet:"entity,optional"`
	Name      *string `parquet:"name,optional"`
	Words     *string `parquet:"text,optional"`
	Start     *int32  `parquet:"start,optional"`
	End       *int32  `parquet:"end,optional"`
	Verdict   *string `parquet:"review,optional,dict"` // on the statement
}

func parquetChain(v *view, seen verdicts, put func(chainRow, int) error) error {
	for i := range v.rec.Statements {
		s := &v.rec.Statements[i]
		said := opt(verdict(seen.of(review.Statement, s.ID)))
		link := int32(0)
		add := func(part string, entity *string, name *string, q *record.Quote) error {
			r := chainRow{Report: v.ID, Statement: s.ID, Link: link, Part: part, Entity: entity, Name: name, Verdict: said}
			r.Start, r.End, r.Words = small(q)
			link++
			return put(r, 150)
		}
		if err := add("publisher", v.rec.Document.Outlet, outletName(v), nil); err != nil {
			return err
		}
		for j := range s.Via {
			if err := add("via", &s.Via[j].Entity, opt(v.name(s.Via[j].Entity)), s.Via[j].Span); err != nil {
				return err
			}
		}
		var name *string
		if s.Speaker != nil {
			name = opt(v.name(*s.Speaker))
		}
		if err := add("speaker", s.Speaker, name, s.SpeakerSpan); err != nil {
			return err
		}
	}
	return nil
}

type mentionRow struct {
	Report  string  `parquet:"report"`
	Start   int32   `parquet:"start"`
	End     int32   `parquet:"end"`
	Words   string  `parquet:"text"`
	Entity  string  `parquet:"entity"`
	Form    string  `parquet:"form,dict"`
	Loaded  bool    `parquet:"loaded"`
	Verdict *string `parquet:"review,optional,dict"`
}

func parquetMention(v *view, seen verdicts, put func(mentionRow, int) error) error {
	for _, m := range v.rec.Mentions {
		if err := put(mentionRow{v.ID, int32(m.Start), int32(m.End), m.Text, m.Entity, m.Form, m.Loaded,
			opt(verdict(seen.at(review.Mention, m.Quote)))}, 100+len(m.Text)); err != nil {
			return err
		}
	}
	return nil
}

type entityRow struct {
	Report    string   `parquet:"report"`
	Entity    string   `parquet:"entity"`
	Type      string   `parquet:"type,dict"`
	Name      string   `parquet:"name"`
	NameEn    *string  `parquet:"name_en,optional"`
	Known     bool     `parquet:"known"` // in the lexicon; another's id means nothing outside its report
	Roles     []string `parquet:"roles,list"`
	RolesOf   []string `parquet:"roles_of,list"` // "" where the report does not say
	Country   *string  `parquet:"country,optional,dict"`
	GeoNames  *int64   `parquet:"geonames,optional"`
	Latitude  *float64 `parquet:"latitude,optional"`
	Longitude *float64 `parquet:"longitude,optional"`
	Precision *string  `parquet:"precision,optional,dict"`
	Verdict   *string  `parquet:"review,optional,dict"`
}

func parquetEntity(v *view, seen verdicts, put func(entityRow, int) error) error {
	for i := range v.rec.Entities {
		e := &v.rec.Entities[i]
		r := entityRow{Report: v.ID, Entity: e.ID, Type: e.Type, Name: e.Name, NameEn: opt(e.NameEn), Known: e.Known,
			Verdict: opt(verdict(seen.of(review.Entity, e.ID)))}
		for _, o := range e.Roles {
			r.Roles, r.RolesOf = append(r.Roles, o.Title), append(r.RolesOf, str(o.Of))
		}
		if g := geo(e); g != nil {
			r.Country, r.Precision = opt(g.Country), opt(g.Precision)
			r.GeoNames, r.Latitude, r.Longitude = coordinates(g)
		}
		if err := put(r, 150+len(e.Name)); err != nil {
			return err
		}
	}
	return nil
}

type timeRow struct {
	Report   string  `parquet:"report"`
	Start    int32   `parquet:"start"`
	End      int32   `parquet:"end"`
	Words    string  `parquet:"text"`
	Type     string  `parquet:"type,dict"`
	Value    string  `parquet:"value"`
	Calendar string  `parquet:"calendar,dict"`
	First    *int32  `parquet:"first,optional,date"`
	Last     *int32  `parquet:"last,optional,date"`
	About    bool    `parquet:"about"`
	Note     *string `parquet:"note,optional"`
	Verdict  *string `parquet:"review,optional,dict"`
}

func parquetTime(v *view, seen verdicts, put func(timeRow, int) error) error {
	for _, t := range v.rec.Times {
		r := timeRow{Report: v.ID, Start: int32(t.Start), End: int32(t.End), Words: t.Text, Type: t.Type, Value: t.Value,
			Calendar: t.Calendar, Note: opt(t.Note), Verdict: opt(verdict(seen.at(review.Time, t.Quote)))}
		if d, ok := record.DaysOf(t.Value); ok {
			r.First, r.Last, r.About = day(d.First), day(d.Last), d.About
		}
		if err := put(r, 120+len(t.Text)); err != nil {
			return err
		}
	}
	return nil
}

type numberRow struct {
	Report  string  `parquet:"report"`
	Number  int32   `parquet:"number"` // its index, by which the record's events name it
	Start   int32   `parquet:"start"`
	End     int32   `parquet:"end"`
	Words   string  `parquet:"text"`
	Min     *int64  `parquet:"min,optional"`
	Max     *int64  `parquet:"max,optional"`
	Unit    string  `parquet:"unit,dict"`
	Hedge   string  `parquet:"hedge,dict"`
	Verdict *string `parquet:"review,optional,dict"`
}

func parquetNumber(v *view, seen verdicts, put func(numberRow, int) error) error {
	for i, n := range v.rec.Numbers {
		if err := put(numberRow{v.ID, int32(i), int32(n.Start), int32(n.End), n.Text, n.Min, n.Max, n.Unit, n.Hedge,
			opt(verdict(seen.at(review.Number, n.Quote)))}, 100+len(n.Text)); err != nil {
			return err
		}
	}
	return nil
}
