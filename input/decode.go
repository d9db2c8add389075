package input

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/sanad-project/sanad"
)

// Decode reads a plain text file's bytes: UTF-8, UTF-16 of either order with
// or without its mark, or windows-1256. Bytes that are none of these are an
// error that says what they look like: text is never patched with "�".
func Decode(raw []byte) (string, error) {
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return "", sanad.ErrEmpty
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		if raw = raw[3:]; len(bytes.TrimSpace(raw)) == 0 {
			return "", sanad.ErrEmpty
		}
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return utf16Text(raw[2:], false)
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return utf16Text(raw[2:], true)
	}
	if kind := magic(raw); kind != "" {
		return "", fmt.Errorf("this is %s: give its text", kind)
	}
	if bytes.IndexByte(raw, 0) >= 0 || utf16Zeros(raw) {
		if big, ok := guessUTF16(raw); ok {
			return utf16Text(raw, big)
		}
	}
	if bytes.IndexByte(raw, 0) >= 0 || controls(raw)*50 > len(raw) {
		return "", errors.New("binary data, not text")
	}
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	if s, ok := windows1256(raw); ok {
		return s, nil
	}
	at := invalidAt(raw)
	return "", fmt.Errorf("line %d: not valid UTF-8 (byte %d of the file), and neither UTF-16 nor windows-1256: convert it to UTF-8", 1+bytes.Count(raw[:at], []byte("\n")), at+1)
}

func invalidAt(raw []byte) int {
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return 0
}

func magic(raw []byte) string {
	for _, m := range [...]struct{ head, what string }{
		{"%PDF", "a PDF file"}, {"PK\x03\x04", "a ZIP or office file"}, {"\x1f\x8b", "a gzip file"}, {"{\\rtf", "an RTF file"},
		{"\xd0\xcf\x11\xe0", "an old office file"}, {"\x89PNG", "a picture"}, {"\xff\xd8\xff", "a picture"}, {"GIF8", "a picture"},
		{"BZh", "a bzip2 file"}, {"\xfd7zXZ", "an xz file"}, {"\x28\xb5\x2f\xfd", "a zstd file"}, {"\x7fELF", "a program"},
	} {
		if bytes.HasPrefix(raw, []byte(m.head)) {
			return m.what
		}
	}
	head := strings.ToLower(string(bytes.TrimSpace(raw[:min(len(raw), 256)])))
	if strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") {
		return "an HTML page"
	}
	return ""
}

func controls(raw []byte) int {
	n := 0
	for _, b := range raw {
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != '\v' || b == 0x7f {
			n++
		}
	}
	return n
}

// utf16Zeros reports whether bytes without a zero could be UTF-16 all the
// same: a Persian word alone is 0x06 at every second byte.
func utf16Zeros(raw []byte) bool {
	return len(raw) >= 4 && len(raw)%2 == 0 && bytes.Count(raw, []byte{6})*3 > len(raw)
}

// guessUTF16 tells the order of UTF-16 without its mark by the high bytes of
// Arabic letters (0x06), blanks and Latin letters (0x00) and general
// punctuation (0x20).
func guessUTF16(raw []byte) (big, ok bool) {
	var even, odd int
	n := min(len(raw), 64<<10) &^ 1
	for i := 0; i < n; i += 2 {
		if high(raw[i]) {
			even++
		}
		if high(raw[i+1]) {
			odd++
		}
	}
	big = even > odd
	return big, len(raw)%2 == 0 && max(even, odd)*2 > n*9/10 && even != odd
}

func high(b byte) bool { return b == 0x06 || b == 0x00 || b == 0x20 || b == 0xfb || b == 0xfe }

// UTF16 reads bytes that are UTF-16, by their mark or, without one, by their
// shape. It is not ok where they are something else or are damaged.
func UTF16(raw []byte) (s string, ok bool) {
	var err error
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		s, err = utf16Text(raw[2:], false)
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		s, err = utf16Text(raw[2:], true)
	case bytes.IndexByte(raw, 0) >= 0 || utf16Zeros(raw):
		big, ok := guessUTF16(raw)
		if !ok {
			return "", false
		}
		s, err = utf16Text(raw, big)
	default:
		return "", false
	}
	return s, err == nil
}

func utf16Text(raw []byte, big bool) (string, error) {
	if len(raw)%2 != 0 {
		return "", errors.New("UTF-16 with half a character at its end: the file is cut off")
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i]) | uint16(raw[2*i+1])<<8
		if big {
			units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
		}
	}
	line := 1
	for i := 0; i < len(units); i++ {
		u := rune(units[i])
		if u == '\n' {
			line++
		}
		if !utf16.IsSurrogate(u) {
			continue
		}
		if i+1 < len(units) && utf16.DecodeRune(u, rune(units[i+1])) != unicode.ReplacementChar {
			i++
			continue
		}
		return "", fmt.Errorf("line %d: UTF-16 with half a surrogate pair (%#04x)", line, u)
	}
	s := string(utf16.Decode(units))
	if strings.TrimSpace(s) == "" {
		return "", sanad.ErrEmpty
	}
	return s, nil
}

// windows1256 reads raw as windows-1256 where that gives Arabic letters.
func windows1256(raw []byte) (string, bool) {
	b, err := charmap.Windows1256.NewDecoder().Bytes(raw)
	if err != nil {
		return "", false
	}
	arabic, other := 0, 0
	for _, r := range string(b) {
		switch {
		case r == unicode.ReplacementChar:
			return "", false
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.IsLetter(r):
			other++
		}
	}
	return string(b), arabic > 3*other && arabic*2 > len(raw)
}

// wellFormed finds what encoding/json would silently replace: invalid UTF-8
// and lone surrogates.
func wellFormed(raw []byte) error {
	if !utf8.Valid(raw) {
		return fmt.Errorf("not valid UTF-8 at byte %d of the line: JSON is UTF-8, convert the file", invalidAt(raw)+1)
	}
	for i := 0; ; {
		j := bytes.IndexByte(raw[i:], '\\')
		if j < 0 || i+j+1 >= len(raw) {
			return nil
		}
		i += j
		u, ok := unit(raw[i:])
		if !ok {
			i += 2
			continue
		}
		if !utf16.IsSurrogate(u) {
			i += 6
			continue
		}
		low, ok := unit(raw[i+6:])
		if !ok || utf16.DecodeRune(u, low) == unicode.ReplacementChar {
			return fmt.Errorf("half a surrogate pair (\\u%04x) at byte %d of the line: such text cannot be quoted", u, i+1)
		}
		i += 12
	}
}

// unit reads \uXXXX.
func unit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var u rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			u = u<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			u = u<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return u, true
}
