package account

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// refusal is why something that was asked for cannot be, in plain English.
type refusal struct{ error }

// Refused makes such an error.
func Refused(format string, args ...any) error { return refusal{fmt.Errorf(format, args...)} }

// IsRefusal reports whether an error is about what was asked for and not of the
// file or the machine.
func IsRefusal(err error) bool {
	var r refusal
	var u *Unknown
	var t *Taken
	var b *BadPassword
	return errors.As(err, &r) || errors.As(err, &u) || errors.As(err, &t) || errors.As(err, &b) || errors.Is(err, ErrLastAdmin)
}

// Role is what somebody may do. Each role may do what those before it may.
type Role string

// The roles.
const (
	Reader   Role = "reader"   // sees everything but the accounts, decides nothing
	Reviewer Role = "reviewer" // adds reports and decides
	Admin    Role = "admin"    // also lets people in, and changes what readings rest on
)

// Roles are all roles, the one with the fewest rights first.
var Roles = []Role{Reader, Reviewer, Admin}

// rank of a role, 0 for what is none.
func (r Role) rank() int {
	for i, x := range Roles {
		if x == r {
			return i + 1
		}
	}
	return 0
}

// May reports whether who has this role may do what wants another. Who has no
// role may do nothing, and nobody may do what wants a role that there is not.
func (r Role) May(want Role) bool { return want.rank() > 0 && r.rank() >= want.rank() }

// ParseRole reads the name of a role.
func ParseRole(s string) (Role, error) {
	if r := Role(s); r.rank() > 0 {
		return r, nil
	}
	return "", Refused("there is no role %q: give reader, reviewer or admin", s)
}

// maxName is the number of characters that a name may have.
const maxName = 64

// folded are letters that a Persian and an Arabic keyboard write differently,
// and joiners that nobody sees.
var folded = strings.NewReplacer("ي", "ی", "ى", "ی", "ك", "ک", "ة", "ه", "\u200c", "", "\u200d", "", "\u0640", "")

// Key is by what two names are the same: «Leila», «leila» and «LEILA» are one
// person, and so are «کبری» in Persian and in Arabic letters.
func Key(name string) string {
	s := cases.Fold().String(norm.NFKC.String(strings.TrimSpace(name)))
	return strings.Join(strings.Fields(folded.Replace(s)), " ")
}

// CleanName is a name as it is kept, or why it cannot be one: letters of any
// script, digits, spaces and . - _ ' @ within.
func CleanName(name string) (string, error) {
	s := strings.Join(strings.Fields(norm.NFC.String(name)), " ")
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(name):
		return "", Refused("the name is no text")
	case n == 0 || Key(s) == "":
		return "", Refused("give a name")
	case n > maxName:
		return "", Refused("the name is longer than %d characters", maxName)
	}
	letter := false
	for i, r := range s {
		switch {
		case unicode.IsLetter(r):
			letter = true
		case unicode.IsDigit(r), unicode.IsMark(r) && letter:
		case i > 0 && strings.ContainsRune(" .-_'@\u200c", r):
		default:
			return "", Refused("the name holds %q: use letters, digits, spaces and . - _ ' @", r)
		}
	}
	if !letter {
		return "", Refused("a name needs a letter")
	}
	return s, nil
}
