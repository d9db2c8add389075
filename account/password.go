package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Cost is what one Argon2id hash takes.
type Cost struct {
	Time    uint32 // passes over the memory
	Memory  uint32 // KiB
	Threads uint8
}

// Recommended is the second recommended option of RFC 9106, section 4: three
// passes over 64 MiB, four lanes, with a salt of 128 bits and a tag of 256.
// The first wants 2 GiB for each sign-in, which no laptop has to spare.
var Recommended = Cost{Time: 3, Memory: 64 * 1024, Threads: 4}

const (
	saltSize = 16
	tagSize  = 32
)

// MinPassword is the least number of characters of a password: that of NIST SP
// 800-63B-4, 3.1.1.2, for passwords that are the only factor.
const MinPassword = 15

// maxPassword bounds what a request can make the hash work on. It is in bytes.
const maxPassword = 1024

// different is the least number of different characters in a password; below it
// are those that are held down on the keyboard. It is a choice of ours.
const different = 6

// BadPassword says why a password must not be one.
type BadPassword struct{ Why string }

func (b *BadPassword) Error() string { return b.Why }

// CheckPassword says with a *BadPassword why a password must not be one; nil where
// it may.
func CheckPassword(name, password string) error {
	p := prepare(password)
	seen := map[rune]bool{}
	for _, r := range p {
		if unicode.IsControl(r) {
			return bad("the password holds a control character: leave it out")
		}
		seen[unicode.ToLower(r)] = true
	}
	rest := p
	if k := Key(name); k != "" {
		rest = strings.ReplaceAll(Key(p), k, "")
	}
	switch n := utf8.RuneCountInString(p); {
	case !utf8.ValidString(password):
		return bad("the password is no text")
	case n < MinPassword:
		return bad("the password has %d characters: give it %d or more; a few words in a row are easily kept in mind", n, MinPassword)
	case len(p) > maxPassword:
		return bad("the password is longer than %d bytes", maxPassword)
	case len(seen) < different:
		return bad("the password repeats a few characters: choose others")
	case utf8.RuneCountInString(rest) < MinPassword/2:
		return bad("the password is hardly more than the name: choose another")
	}
	return nil
}

func bad(format string, args ...any) error { return &BadPassword{fmt.Sprintf(format, args...)} }

// prepare gives the bytes that are hashed. Keyboards write one letter in
// several ways, so the text is brought to NFC first (NIST SP 800-63B-4).
func prepare(password string) string { return norm.NFC.String(password) }

// hash is the PHC string of a password:
// $argon2id$v=19$m=65536,t=3,p=4$SALT$TAG, both in base64 without padding.
func hash(password string, c Cost) string {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return phc(prepare(password), salt, c)
}

func phc(password string, salt []byte, c Cost) string {
	tag := argon2.IDKey([]byte(password), salt, c.Time, c.Memory, c.Threads, tagSize)
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Threads, b.EncodeToString(salt), b.EncodeToString(tag))
}

// errHash says that the file holds what is no hash of a password.
var errHash = errors.New("the accounts are damaged: a password's hash cannot be read; set that password anew with \"sanad accounts password\"")

// parse reads a PHC string. The bounds keep a damaged one from asking for all
// memory there is.
func parse(s string) (c Cost, salt, tag []byte, err error) {
	f := strings.Split(s, "$")
	var version int
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" {
		return c, nil, nil, errHash
	}
	if n, e := fmt.Sscanf(f[2], "v=%d", &version); n != 1 || e != nil || version != argon2.Version {
		return c, nil, nil, errHash
	}
	if n, e := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); n != 3 || e != nil {
		return c, nil, nil, errHash
	}
	salt, e1 := base64.RawStdEncoding.DecodeString(f[4])
	tag, e2 := base64.RawStdEncoding.DecodeString(f[5])
	if e1 != nil || e2 != nil || len(salt) < 8 || len(tag) != tagSize || c.Time < 1 || c.Time > 16 || c.Memory < 8 || c.Memory > 1<<20 || c.Threads < 1 {
		return c, nil, nil, errHash
	}
	return c, salt, tag, nil
}

// matches reports whether a password is that of a PHC string, in time that does
// not depend on how much of it is right.
func matches(password, s string) (bool, error) {
	c, salt, tag, err := parse(s)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(prepare(password)), salt, c.Time, c.Memory, c.Threads, tagSize)
	return subtle.ConstantTimeCompare(got, tag) == 1, nil
}
