package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"github.com/sanad-project/sanad/record"
)

// What a check knows of hashes and seals, written apart from the code that
// makes them (entry.go, package review): doc/ledger.md is the common ground.

// sealOf hashes fields, each with its length, eight bytes with the highest
// first, before it. A number is a field of eight bytes, NULL is an empty one.
func sealOf(fields ...any) string {
	var b []byte
	for _, f := range fields {
		var field []byte
		switch f := f.(type) {
		case int64:
			field = big(uint64(f))
		case string:
			field = []byte(f)
		case []byte:
			field = f
		}
		b = append(append(b, big(uint64(len(field)))...), field...)
	}
	sum := sha256.Sum256(b)
	return string(sum[:])
}

func big(n uint64) []byte {
	return []byte{byte(n >> 56), byte(n >> 48), byte(n >> 40), byte(n >> 32), byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
}

// reportID is the id that a report of that text and first outlet has.
func reportID(text []byte, outlet string) string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%x\n%s", text, outlet)))[:16]
}

var checkUnpacker, _ = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxBlob), zstd.WithDecoderConcurrency(0))

// checkUnpack unpacks a Zstandard frame, or the letter s and an S2 block.
func checkUnpack(data []byte) ([]byte, error) {
	block, ok := bytes.CutPrefix(data, []byte("s"))
	if !ok {
		return checkUnpacker.DecodeAll(data, nil)
	}
	if n, err := s2.DecodedLen(block); err != nil || n > maxBlob {
		return nil, fmt.Errorf("the length of the packed bytes is wrong: %d (%v)", n, err)
	}
	return s2.Decode(nil, block)
}

// putTogether makes a record's JSON from its text and its parts.
func putTogether(text string, cut int64, data []byte) ([]byte, error) {
	parts, err := checkUnpack(data)
	if err != nil {
		return nil, fmt.Errorf("the record cannot be unpacked: %v", err)
	}
	if cut < 0 || cut > int64(len(parts)) {
		return nil, errors.New("the text's place is outside of the record")
	}
	var b bytes.Buffer
	b.Write(parts[:cut])
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return nil, err
	}
	b.Truncate(b.Len() - 1) // the newline
	b.Write(parts[cut:])
	return b.Bytes(), nil
}

// idWithin reads the report's id from a packed record, "" where it cannot.
func idWithin(cut int64, data []byte) string {
	raw, err := putTogether("", cut, data)
	if err != nil {
		return ""
	}
	var rec record.Record
	if json.Unmarshal(raw, &rec) != nil {
		return ""
	}
	return rec.Document.ID
}

// logLine is what the chain of decisions rests on.
type logLine struct {
	Seq                json.Number
	Prev, Hash, Report string
	Sum                string // that Hash should be
}

// readLine reads a line of the log and hashes it as package review documents
// it: its JSON without "hash", names sorted, no white space, in strings nothing
// escaped but what has to be.
func readLine(line string) (*logLine, error) {
	if !utf8.ValidString(line) {
		return nil, errors.New("the line is not valid UTF-8")
	}
	d := json.NewDecoder(strings.NewReader(line))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("the line is no JSON object: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something stands behind the line's JSON object")
	}
	var l logLine
	l.Seq, _ = v["seq"].(json.Number)
	l.Prev, _ = v["prev"].(string)
	l.Hash, _ = v["hash"].(string)
	l.Report, _ = v["report"].(string)
	delete(v, "hash")
	sum := sha256.Sum256([]byte(sorted(v)))
	l.Sum = hex.EncodeToString(sum[:])
	return &l, nil
}

// sorted writes a JSON value with the names of objects in order.
func sorted(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var list []string
		for name := range v {
			list = append(list, name)
		}
		slices.Sort(list)
		for i, name := range list {
			list[i] = inQuotes(name) + ":" + sorted(v[name])
		}
		return "{" + strings.Join(list, ",") + "}"
	case []any:
		list := make([]string, len(v))
		for i := range v {
			list[i] = sorted(v[i])
		}
		return "[" + strings.Join(list, ",") + "]"
	case string:
		return inQuotes(v)
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return "null"
}

var escapes = func() *strings.Replacer {
	list := []string{`"`, `\"`, `\`, `\\`, "\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`}
	for c := range rune(0x20) {
		if !strings.ContainsRune("\b\f\n\r\t", c) {
			list = append(list, string(c), fmt.Sprintf(`\u%04x`, c))
		}
	}
	return strings.NewReplacer(list...)
}()

func inQuotes(s string) string { return `"` + escapes.Replace(s) + `"` }
