// Package dateparser stands in for github.com/markusmobius/go-dateparser, by
// the replace line in Sanad's go.mod, and answers every text with "no date".
//
// Sanad takes an article's text from its page by go-trafilatura, which brings
// go-htmldate with it, which brings go-dateparser. That package fills tables of
// all languages when a program starts: 146 ms at every start of sanad, measured
// by GODEBUG=inittrace=1 on a machine of two cores, whether or not a page is
// read. And its answers are of no use here: it reads «1402/08/14» as the year
// 1402 AD, without an error. Days are read by package page.
//
// It offers what go-htmldate v1.9.1 calls, and nothing else. Where a later
// version calls more, the build says so.
package dateparser

import (
	"errors"
	"time"
)

// Parser is the parser that go-htmldate makes for itself.
type Parser struct{ ParserTypes []ParserType }

// ParserType is a way of parsing; none is one here.
type ParserType uint8

const (
	CustomFormat ParserType = iota
	AbsoluteTime
)

// Configuration is what go-htmldate sets for its parser.
type Configuration struct {
	PreferredDateSource PreferredDateSource
	StrictParsing       bool
}

// PreferredDateSource says which date an incomplete one means.
type PreferredDateSource uint8

const Past PreferredDateSource = 1

// Date is a date that was found; always the zero time here.
type Date struct{ Time time.Time }

var errNone = errors.New("dates are not parsed here")

// Parse finds no date in any text.
func (*Parser) Parse(*Configuration, string, ...string) (Date, error) { return Date{}, errNone }
