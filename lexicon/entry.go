package lexicon

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// Entry is one entry of a lexicon file: an id and its fields.
//
//	kataib-hezbollah
//		type  GRP
//		fa    کتائب حزب‌الله | گردان‌های حزب‌الله عراق
//		en    Kata'ib Hezbollah
//
// An id begins a line; its fields are indented: a field name, blanks, and
// values separated by " | ". A field may be repeated, its values add up.
// Lines that begin with # are comments. Entries with one id in several files
// add up too, so that a user's file can give an alias to an embedded entry;
// a field written with a leading "=" replaces what was there, and the field
// "-" alone removes the entry.
type Entry struct {
	ID     string
	File   string // where it (last) stands, for messages and explain
	Line   int
	Fields []Field
}

// Field is a named list of values.
type Field struct {
	Name   string
	Values []string
}

// All returns the values of the field, nil when there is none.
func (e *Entry) All(field string) []string {
	for i := range e.Fields {
		if e.Fields[i].Name == field {
			return e.Fields[i].Values
		}
	}
	return nil
}

// Get returns the first value of the field, "" when there is none.
func (e *Entry) Get(field string) string {
	if v := e.All(field); len(v) > 0 {
		return v[0]
	}
	return ""
}

// Has reports whether the entry has the field, with or without a value.
func (e *Entry) Has(field string) bool {
	for i := range e.Fields {
		if e.Fields[i].Name == field {
			return true
		}
	}
	return false
}

// parse reads entries; name is used in errors.
func parse(r io.Reader, name string) ([]Entry, error) {
	var list []Entry
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimRight(sc.Text(), " \t\r")
		if n == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] != ' ' && line[0] != '\t' {
			list = append(list, Entry{ID: line, File: name, Line: n})
			continue
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("%s:%d: a field before the first entry: begin an entry with its id at the start of a line", name, n)
		}
		field, rest, _ := strings.Cut(strings.TrimLeft(line, " \t"), " ")
		if f, r, ok := strings.Cut(field, "\t"); ok {
			field, rest = f, r+" "+rest
		}
		e := &list[len(list)-1]
		var values []string
		for v := range strings.SplitSeq(rest, " | ") {
			if v = strings.TrimSpace(v); v != "" {
				values = append(values, v)
			}
		}
		e.note(field, values)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return list, nil
}

// note appends values to the field of just that name: a "=" before it is kept
// until the entry is put over another one.
func (e *Entry) note(name string, values []string) {
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			e.Fields[i].Values = append(e.Fields[i].Values, values...)
			return
		}
	}
	e.Fields = append(e.Fields, Field{name, values})
}

// add appends values to the field, or replaces them when its name begins with "=".
func (e *Entry) add(field string, values []string) {
	name, replace := strings.CutPrefix(field, "=")
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			if replace {
				e.Fields[i].Values = nil
			}
			e.Fields[i].Values = append(e.Fields[i].Values, values...)
			return
		}
	}
	e.Fields = append(e.Fields, Field{name, values})
}

// ReadFile returns the entries of one file in this form, for instance the
// examples of lexicon/corpus.
func ReadFile(name string) ([]Entry, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parse(f, name)
}
