package page

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
)

// Decode reads the bytes of a page or a feed. What says the charset, in this
// order: a byte order mark; UTF-16 by its shape; UTF-8 wherever the bytes are
// valid UTF-8 with letters beyond ASCII, since such bytes mean nothing in
// another charset; the hint, a media type or charset name as HTTP has it; the
// declaration in the page or the XML prolog; the letters themselves, for the
// two Arabic charsets of one byte.
//
// Bytes that are not of the charset become "�", of which bad is the number;
// where they are many, it is an error.
func Decode(raw []byte, hint string) (s string, bad int, err error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return "", 0, sanad.ErrEmpty
	}
	if len(raw)%2 == 1 && (bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff"))) {
		raw = raw[:len(raw)-1] // cut off in the middle of a letter
	}
	if s, ok := input.UTF16(raw); ok {
		return s, 0, nil
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if utf8.Valid(raw) {
		return string(raw), 0, nil
	}
	declared := charsetOf(hint)
	if declared == "" {
		declared = declaredIn(raw)
	}
	if declared == "" || isUTF8(declared) {
		// A page of UTF-8 with some broken bytes, which a script cut in the
		// middle of a letter, is still UTF-8.
		bad, multi := broken(raw)
		switch {
		case multi > 20*bad:
			return strings.ToValidUTF8(string(raw), "�"), bad, nil
		case arabicByte(raw) != nil:
			s, err := arabicByte(raw).NewDecoder().Bytes(raw)
			return string(s), strings.Count(string(s), "�"), err
		}
		return "", 0, fmt.Errorf("neither valid UTF-8 nor an Arabic charset: the charset of these bytes is not known")
	}
	enc, err := htmlindex.Get(declared)
	if err != nil {
		if a := arabicByte(raw); a != nil {
			enc = a
		} else {
			return "", 0, fmt.Errorf("charset %q is not known", clip(declared, 40))
		}
	}
	// ISO-8859-1 is what servers say who know nothing of the page.
	if name, _ := htmlindex.Name(enc); name == "windows-1252" || name == "iso-8859-15" {
		if a := arabicByte(raw); a != nil {
			enc = a
		}
	}
	b, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return "", 0, fmt.Errorf("charset %s: %w", clip(declared, 40), err)
	}
	s = string(b)
	bad = strings.Count(s, "�")
	if bad*20 > len(raw) {
		return "", 0, fmt.Errorf("the page says that it is %s, and its bytes are not", clip(declared, 40))
	}
	return s, bad, nil
}

func isUTF8(name string) bool {
	name = strings.ToLower(name)
	return name == "utf-8" || name == "utf8"
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// charsetOf reads the charset of a media type («text/html; charset=…»); a
// charset's bare name is taken too.
func charsetOf(hint string) string {
	if hint == "" {
		return ""
	}
	if _, p, err := mime.ParseMediaType(hint); err == nil && p["charset"] != "" {
		return p["charset"]
	}
	if !strings.ContainsAny(hint, "/;= ") {
		return hint
	}
	return ""
}

var inMeta = regexp.MustCompile(`(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.\-]{2,40})`)

// declaredIn finds <meta charset>, its http-equiv form, and encoding="…" of an
// XML prolog in the first 4 kB.
func declaredIn(raw []byte) string {
	if m := inMeta.FindSubmatch(raw[:min(len(raw), 4<<10)]); m != nil {
		name := strings.ToLower(string(m[1]))
		if strings.HasPrefix(name, "utf-16") {
			return "" // it would not have been readable, were it so
		}
		return name
	}
	return ""
}

// broken counts the bytes that are no UTF-8 and the letters of several bytes.
func broken(raw []byte) (bad, multi int) {
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			multi++
		}
		raw = raw[n:]
	}
	return bad, multi
}

// arabicByte tells windows-1256 from ISO-8859-6 by the bytes that are frequent
// letters in one and rare or nothing in the other: ه و ى ي are 0xE7–0xEA in
// ISO-8859-6, where windows-1256 has ç è é ê; ف ق ك ى ي are 0xDD–0xDF, 0xEC and
// 0xED in windows-1256, which also has پ چ ژ گ ک below 0xA0. It is nil where
// the bytes are neither.
func arabicByte(raw []byte) *charmap.Charmap {
	var iso, win, letters, high int
	for _, b := range raw {
		if b < 0x80 {
			continue
		}
		high++
		switch {
		case b >= 0xe7 && b <= 0xea:
			iso++
		case b >= 0xdd && b <= 0xdf, b == 0xec, b == 0xed, b == 0x81, b == 0x8d, b == 0x8e, b == 0x90, b == 0x98:
			win++
		}
		if b >= 0xc1 && b <= 0xed || b == 0x81 || b == 0x8d || b == 0x8e || b == 0x90 || b == 0x98 || b == 0x9d || b == 0xa1 || b == 0xac {
			letters++
		}
	}
	switch {
	case high == 0 || letters*10 < high*8:
		return nil
	case iso > win:
		return charmap.ISO8859_6
	}
	return charmap.Windows1256
}
