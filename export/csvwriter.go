package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// sheet writes rows as CSV by RFC 4180: commas, quotes where needed, UTF-8.
//
// A cell of text that begins with = + - @, a tab or a line end would be taken
// for a formula by spreadsheet programs, and a hostile title could then run
// one. Such a cell, and one that begins with ' itself, gets one ' in front. No
// value is lost by that: whoever reads the file back takes one ' away from a
// cell that begins with it (see unguard). Numbers are written as they are.
type sheet struct {
	csv     *csv.Writer
	columns []string
	row     []string
}

func newSheet(w io.Writer, columns []string) (*sheet, error) {
	s := &sheet{csv.NewWriter(w), columns, make([]string, len(columns))}
	return s, s.csv.Write(columns)
}

// put writes a row; columns that it does not name are empty.
func (s *sheet) put(row map[string]any) error {
	for i, c := range s.columns {
		s.row[i] = cell(row[c])
	}
	return s.csv.Write(s.row)
}

func (s *sheet) flush() error {
	s.csv.Flush()
	return s.csv.Error()
}

// ident is an id of a report. It is made of hexadecimal digits, and one that
// happens to read as a number («4567890123456789», «12e4567890123456») would be
// rounded by a spreadsheet: in CSV it gets one ' in front, like a formula.
type ident string

// cell returns a value as CSV has it; nil is empty.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return guard(v)
	case ident:
		if _, err := strconv.ParseFloat(string(v), 64); err == nil || errors.Is(err, strconv.ErrRange) {
			return "'" + string(v)
		}
		return guard(string(v))
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case *int64:
		if v == nil {
			return ""
		}
		return strconv.FormatInt(*v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return guard(fmt.Sprint(v))
}

// guard puts ' before a text that a spreadsheet program could take for a
// formula; see sheet.
func guard(s string) string {
	if s != "" && strings.ContainsRune("'=+-@\t\r\n＝＋－＠", firstRune(s)) {
		return "'" + s
	}
	return s
}

// unguard undoes guard.
func unguard(s string) string { return strings.TrimPrefix(s, "'") }

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
