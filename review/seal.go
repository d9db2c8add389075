package review

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Seal ties a decision to the line before it: it sets Prev to prev, the Hash
// of that line ("" for the first), cuts At to the millisecond of UTC that the
// log keeps, and sets Hash. Seq is to be set before.
//
// Hash is the SHA-256, in lower-case hexadecimal, of the line as JSON without
// its field "hash", written as follows: UTF-8; no white space between tokens;
// the names in each object sorted by code point; in strings only these escaped:
// \" \\ \b \f \n \r \t and, as \u00xx with lower-case digits, the other
// characters below U+0020; numbers with the digits that the line has, which are
// whole or, in coordinates, shortest. With the line in hand, in Python:
//
//	d = json.loads(line); h = d.pop("hash")
//	s = json.dumps(d, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
//	hashlib.sha256(s.encode()).hexdigest() == h
//
// An error says that the decision cannot be written as JSON or holds text that
// is not UTF-8; nothing is sealed then.
func Seal(prev string, d *Decision) error {
	sealed := *d
	sealed.Prev, sealed.At = prev, d.At.UTC().Truncate(time.Millisecond)
	h, err := hash(&sealed)
	if err != nil {
		return err
	}
	sealed.Hash = h
	*d = sealed
	return nil
}

// Verify says what is wrong with one line, given the line before it, nil for
// the first; nil when nothing is. [Chain] verifies a whole log and tells
// damage, loss and insertion apart.
func Verify(line, before *Decision) error {
	h, err := hash(line)
	if err != nil {
		return fmt.Errorf("decision %d: %w", line.Seq, err)
	}
	seq, prev := int64(1), ""
	if before != nil {
		seq, prev = before.Seq+1, before.Hash
	}
	switch {
	case h != line.Hash:
		return fmt.Errorf("decision %d was altered: its hash is not that of its content", line.Seq)
	case line.Seq != seq:
		return fmt.Errorf("decision %d stands where %d should", line.Seq, seq)
	case line.Prev != prev:
		return fmt.Errorf("decision %d does not follow the line before it: it seals another one", line.Seq)
	}
	return nil
}

// hash returns the hash that the line should have.
func hash(d *Decision) (string, error) {
	for _, s := range [...]string{string(d.Action), d.Author, d.Report, d.Reading, d.Prev, string(d.Target.Kind), d.Target.ID, d.Field, string(d.Value), string(d.Was), d.Note} {
		if !utf8.ValidString(s) {
			return "", errors.New("the decision holds text that is not valid UTF-8")
		}
	}
	for _, a := range slices.Concat(d.Accounts, d.Others) {
		if !utf8.ValidString(a.Report) {
			return "", errors.New("the decision holds text that is not valid UTF-8")
		}
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("the decision cannot be written as JSON: %w", err)
	}
	v, err := generic(raw)
	if err != nil {
		return "", err
	}
	delete(v.(map[string]any), "hash")
	var b bytes.Buffer
	canonical(&b, v)
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:]), nil
}

// generic decodes one JSON value, numbers as they are written.
func generic(raw []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// canonical writes a value that generic decoded in the form that Seal hashes.
func canonical(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case json.Number:
		b.WriteString(v.String())
	case string:
		quote(b, v)
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			canonical(b, e)
		}
		b.WriteByte(']')
	case map[string]any:
		names := make([]string, 0, len(v))
		for n := range v {
			names = append(names, n)
		}
		slices.Sort(names) // by byte, which is by code point in UTF-8
		b.WriteByte('{')
		for i, n := range names {
			if i > 0 {
				b.WriteByte(',')
			}
			quote(b, n)
			b.WriteByte(':')
			canonical(b, v[n])
		}
		b.WriteByte('}')
	}
}

func quote(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ':
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// plain returns any value in the same form, so that two values that mean the
// same have the same bytes.
func plain(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	g, err := generic(raw)
	if err != nil {
		return json.RawMessage("null")
	}
	var b bytes.Buffer
	canonical(&b, g)
	return b.Bytes()
}
