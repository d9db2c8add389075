package review

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/record"
)

// field is one field of a kind of finding.
type field struct {
	name  string
	form  form
	zero  string // JSON of the value that stands for none; "" where there has to be one
	refer refer
	fixed bool // a person cannot correct it, only give it with an addition
}

// refer is what a field points to.
type refer int

const (
	none refer = iota
	oneEntity
	oneRef
	manyRefs
	toStatement
	toNumber
)

// form checks a value as a person or a log gives it and returns it as it is
// kept: complete, with canonical bytes.
type form func(c *context, raw json.RawMessage) (json.RawMessage, error)

// fieldsOf are the fields of a kind, in the order of the record, less those of
// its own place (start, end, text) and its id.
func fieldsOf(k Kind) []field {
	switch k {
	case Entity:
		return []field{
			{name: "type", form: enum("entity", "type")},
			{name: "name", form: words},
			{name: "name_en", form: text, zero: `""`},
			{name: "known", form: truth, zero: "false", fixed: true},
			{name: "roles", form: roles, zero: "[]", fixed: true},
			{name: "place", form: orNull(geo), zero: "null", fixed: true},
		}
	case Mention:
		return []field{
			{name: "entity", form: entityID, refer: oneEntity},
			{name: "form", form: enum("mention", "form")},
			{name: "loaded", form: truth, zero: "false", fixed: true},
		}
	case Time:
		return []field{
			{name: "type", form: enum("time", "type")},
			{name: "value", form: iso},
			{name: "calendar", form: enum("time", "calendar"), zero: `"gregorian"`, fixed: true},
			{name: "note", form: text, zero: `""`, fixed: true},
		}
	case Number:
		return []field{
			{name: "min", form: orNull(whole), zero: "null"},
			{name: "max", form: orNull(whole), zero: "null"},
			{name: "unit", form: enum("number", "unit")},
			{name: "hedge", form: enum("number", "hedge")},
		}
	case Statement:
		return []field{
			{name: "content", form: spans},
			{name: "speaker", form: orNull(entityID), zero: "null", refer: oneEntity},
			{name: "speaker_span", form: orNull(quoted), zero: "null"},
			{name: "cue", form: orNull(quoted), zero: "null"},
			{name: "quoted", form: truth, zero: "false"},
			{name: "act", form: enum("statement", "act")},
			{name: "via", form: refs, zero: "[]", refer: manyRefs},
			{name: "addressee", form: orNull(ref), zero: "null", refer: oneRef},
			{name: "date", form: orNull(date), zero: "null"},
			{name: "rule", form: text, zero: `""`, fixed: true},
		}
	case Event:
		return []field{
			{name: "trigger", form: quoted},
			{name: "type", form: enum("event", "type")},
			{name: "mode", form: orNull(enum("event", "mode")), zero: "null"},
			{name: "actor", form: refs, zero: "[]", refer: manyRefs},
			{name: "recipient", form: refs, zero: "[]", refer: manyRefs},
			{name: "place", form: orNull(ref), zero: "null", refer: oneRef},
			{name: "date", form: orNull(date), zero: "null"},
			{name: "status", form: enum("event", "status")},
			{name: "said_by", form: orNull(statementID), zero: "null", refer: toStatement},
			{name: "killed", form: orNull(numberID), zero: "null", refer: toNumber},
			{name: "wounded", form: orNull(numberID), zero: "null", refer: toNumber},
			{name: "count", form: orNull(numberID), zero: "null", refer: toNumber},
			{name: "weapon", form: orNull(quoted), zero: "null"},
			{name: "rule", form: text, zero: `""`, fixed: true},
		}
	case Loaded:
		return []field{
			{name: "entity", form: orNull(entityID), zero: "null", refer: oneEntity},
		}
	}
	return nil
}

// Fields returns the names of the fields of a kind that a person can correct,
// in the order of the record.
func Fields(k Kind) []string {
	var list []string
	for _, f := range fieldsOf(k) {
		if !f.fixed {
			list = append(list, f.name)
		}
	}
	return list
}

func fieldOf(k Kind, name string) (field, bool) {
	for _, f := range fieldsOf(k) {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

// Choices returns the values that a field may have where the record's schema
// lists them, nil for the others.
func Choices(k Kind, name string) []string {
	if _, ok := fieldOf(k, name); !ok {
		return nil
	}
	return choices(string(k), name)
}

func choices(def, name string) []string {
	var list []string
	for _, v := range defs().Defs[def].Properties[name].Enum {
		if v != nil {
			list = append(list, *v)
		}
	}
	return list
}

// defs are the parts of the record's schema that forms are checked by.
var defs = sync.OnceValue(func() (s struct {
	Defs map[string]struct {
		Pattern    string `json:"pattern"`
		Properties map[string]struct {
			Enum []*string `json:"enum"`
		} `json:"properties"`
	} `json:"$defs"`
}) {
	if err := json.Unmarshal(record.JSONSchema, &s); err != nil {
		panic("review: the embedded schema of the record is damaged: " + err.Error())
	}
	return s
})

var isoPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(defs().Defs["iso"].Pattern) })

// enum is one of the words that the schema lists.
func enum(def, name string) form {
	return func(_ *context, raw json.RawMessage) (json.RawMessage, error) {
		var s string
		if err := decode(raw, &s); err != nil {
			return nil, err
		}
		list := choices(def, name)
		if !slices.Contains(list, s) {
			return nil, fmt.Errorf("%q is none of %s", s, strings.Join(list, ", "))
		}
		return plain(s), nil
	}
}

func orNull(f form) form {
	return func(c *context, raw json.RawMessage) (json.RawMessage, error) {
		if string(bytes.TrimSpace(raw)) == "null" {
			return json.RawMessage("null"), nil
		}
		return f(c, raw)
	}
}

func text(_ *context, raw json.RawMessage) (json.RawMessage, error) {
	var s string
	if err := decode(raw, &s); err != nil {
		return nil, err
	}
	if !utf8.ValidString(s) {
		return nil, errors.New("the text is not valid UTF-8")
	}
	return plain(s), nil
}

// words is text that is not empty.
func words(c *context, raw json.RawMessage) (json.RawMessage, error) {
	v, err := text(c, raw)
	if err == nil && (string(v) == `""` || strings.TrimSpace(str(v)) == "") {
		err = errors.New("the text is empty")
	}
	return v, err
}

func truth(_ *context, raw json.RawMessage) (json.RawMessage, error) {
	var b bool
	if err := decode(raw, &b); err != nil {
		return nil, err
	}
	return plain(b), nil
}

func whole(_ *context, raw json.RawMessage) (json.RawMessage, error) {
	var n int64
	if err := decode(raw, &n); err != nil {
		return nil, err
	}
	return plain(n), nil
}

var day = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}(-[0-9]{2})?(T.*)?$`)

// iso is a time value of the record. What looks like a day of the calendar has
// to be one.
func iso(_ *context, raw json.RawMessage) (json.RawMessage, error) {
	var s string
	if err := decode(raw, &s); err != nil {
		return nil, err
	}
	if !isoPattern().MatchString(s) || strings.HasSuffix(s, "\n") {
		return nil, fmt.Errorf("%q is no time value; write 2007-04-15, 2007-04, 2007, 2007-04-15TNI, 2007-04-15/2007-04-17, P8D or PAST_REF", s)
	}
	for end := range strings.SplitSeq(strings.TrimSuffix(s, "~"), "/") {
		if day.MatchString(end) {
			if _, ok := record.DaysOf(end); !ok {
				return nil, fmt.Errorf("there is no day %s", end)
			}
		}
	}
	return plain(s), nil
}

func date(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var d record.DateRef
	if err := decode(raw, &d); err != nil {
		return nil, err
	}
	if _, err := iso(c, plain(d.Value)); err != nil {
		return nil, err
	}
	if d.Span != nil {
		if err := c.text.quote(d.Span); err != nil {
			return nil, err
		}
	}
	return plain(d), nil
}

func quoted(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var q record.Quote
	if err := decode(raw, &q); err != nil {
		return nil, err
	}
	if err := c.text.quote(&q); err != nil {
		return nil, err
	}
	return plain(q), nil
}

func spans(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var list []record.Span
	if err := decode(raw, &list); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("there has to be at least one span")
	}
	for _, s := range list {
		if err := c.text.span(s.Start, s.End); err != nil {
			return nil, err
		}
	}
	return plain(list), nil
}

func entityID(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var id string
	if err := decode(raw, &id); err != nil {
		return nil, err
	}
	id, err := c.entity(id)
	return plain(id), err
}

func ref(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var r record.Ref
	if err := decode(raw, &r); err != nil {
		return nil, err
	}
	if err := c.ref(&r); err != nil {
		return nil, err
	}
	return plain(r), nil
}

func refs(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var list []record.Ref
	if err := decode(raw, &list); err != nil {
		return nil, err
	}
	for i := range list {
		if err := c.ref(&list[i]); err != nil {
			return nil, err
		}
	}
	if list == nil {
		list = []record.Ref{}
	}
	return plain(list), nil
}

func statementID(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var id string
	if err := decode(raw, &id); err != nil {
		return nil, err
	}
	id, err := c.statement(id)
	return plain(id), err
}

// numberID takes an id of a number, or its index in the record in force.
func numberID(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var id string
	if err := decode(raw, &id); err != nil {
		var i int
		if decode(raw, &i) != nil {
			return nil, errors.New(`a number is named by its id, as in "n68-81", or by its index`)
		}
		if id = c.numberAt(i); id == "" {
			return nil, fmt.Errorf("there is no number %d", i)
		}
	}
	id, err := c.number(id)
	return plain(id), err
}

func roles(c *context, raw json.RawMessage) (json.RawMessage, error) {
	var list []record.Role
	if err := decode(raw, &list); err != nil {
		return nil, err
	}
	for i := range list {
		if err := c.text.quote(&list[i].Span); err != nil {
			return nil, err
		}
		if list[i].Of != nil && !c.has(*list[i].Of) {
			list[i].Of = nil
		}
	}
	if list == nil {
		list = []record.Role{}
	}
	return plain(list), nil
}

var country = regexp.MustCompile(`^[A-Z]{2}$`)

func geo(_ *context, raw json.RawMessage) (json.RawMessage, error) {
	var g record.Geo
	if err := decode(raw, &g); err != nil {
		return nil, err
	}
	if g.Lat < -90 || g.Lat > 90 || g.Lon < -180 || g.Lon > 180 {
		return nil, fmt.Errorf("there is no place at %g, %g", g.Lat, g.Lon)
	}
	if g.GeoNames < 0 || g.Country != "" && !country.MatchString(g.Country) {
		return nil, errors.New("a place has a GeoNames id above 0 and a country of two capital letters, or none")
	}
	return plain(g), nil
}

// decode reads one JSON value that has to be of the type of v, with no fields
// that v does not have.
func decode(raw json.RawMessage, v any) error {
	if t := bytes.TrimSpace(raw); len(t) == 0 {
		return errors.New("there is no value")
	} else if string(t) == "null" {
		return errors.New("there has to be a value; null is none")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		var t *json.UnmarshalTypeError
		switch {
		case errors.As(err, &t) && t.Field != "":
			return fmt.Errorf("%s of the value cannot be %s", t.Field, article(t.Value))
		case errors.As(err, &t):
			return fmt.Errorf("the value cannot be %s", article(t.Value))
		}
		return fmt.Errorf("the value does not have the form of the record: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("something stands after the value")
	}
	return nil
}

func article(s string) string {
	if s != "" && strings.ContainsRune("aeio", rune(s[0])) {
		return "an " + s
	}
	return "a " + s
}

// str returns the string that a JSON value is, "" where it is none.
func str(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// content is a text by code point.
type content struct {
	text string
	at   []int // byte of each code point, and of the end
}

func contentOf(s string) *content {
	c := &content{s, make([]int, 0, len(s)+1)}
	for i := range s {
		c.at = append(c.at, i)
	}
	c.at = append(c.at, len(s))
	return c
}

func (c *content) span(start, end int) error {
	if start < 0 || start >= end || end >= len(c.at) {
		return fmt.Errorf("there is no span %d to %d in a text of %d code points", start, end, len(c.at)-1)
	}
	return nil
}

func (c *content) of(start, end int) string { return c.text[c.at[start]:c.at[end]] }

// quote checks that q quotes the text; where it has no words it is given them.
func (c *content) quote(q *record.Quote) error {
	if err := c.span(q.Start, q.End); err != nil {
		return err
	}
	switch t := c.of(q.Start, q.End); q.Text {
	case t:
	case "":
		q.Text = t
	default:
		return fmt.Errorf("%d to %d is «%s» in the text, not «%s»", q.Start, q.End, t, q.Text)
	}
	return nil
}

// goodID says what is wrong with an entity id that a person gives.
func goodID(id string) error {
	if id == "" || len(id) > 200 || strings.IndexFunc(id, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '/' || r == unicode.ReplacementChar
	}) >= 0 {
		return fmt.Errorf("%q cannot be an entity id: it has to have at least one letter and neither space nor slash", id)
	}
	return nil
}
