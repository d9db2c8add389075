package account

import (
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

// cheap is what tests pay for a hash.
var cheap = Cost{Time: 1, Memory: 64, Threads: 1}

// What is recommended, and the function under it: a hash made by the reference
// implementation's command line (argon2 1.3, "-id -t 2 -k 65536 -p 1").
func TestRecommended(t *testing.T) {
	if Recommended != (Cost{3, 65536, 4}) || saltSize != 16 || tagSize != 32 {
		t.Errorf("not RFC 9106's second option: %+v, salt %d, tag %d", Recommended, saltSize, tagSize)
	}
	got := hex.EncodeToString(argon2.IDKey([]byte("password"), []byte("somesalt"), 2, 65536, 1, 32))
	if want := "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestHash(t *testing.T) {
	const password = "کتاب سبز روی میز است"
	s := hash(password, cheap)
	if !strings.HasPrefix(s, "$argon2id$v=19$m=64,t=1,p=1$") || strings.Contains(s, "=="+"$") {
		t.Fatalf("no PHC string: %s", s)
	}
	if s == hash(password, cheap) {
		t.Error("two hashes of one password are the same: the salt is not random")
	}
	for try, want := range map[string]bool{password: true, password + " ": false, "": false, strings.ToUpper("x" + password): false} {
		if got, err := matches(try, s); err != nil || got != want {
			t.Errorf("%q: %v %v", try, got, err)
		}
	}
	// One letter written in two ways: U+0622, and U+0627 with U+0653.
	if ok, _ := matches("\u0627\u0653ب و هوای امروز", hash("\u0622ب و هوای امروز", cheap)); !ok {
		t.Error("the same password from another keyboard is refused")
	}
}

func TestDamagedHash(t *testing.T) {
	good := hash("a good password, is it?", cheap)
	parts := strings.Split(good, "$")
	with := func(i int, s string) string {
		p := append([]string(nil), parts...)
		p[i] = s
		return strings.Join(p, "$")
	}
	for _, s := range []string{"", "x", good[1:], good[:len(good)-1], good + "$", with(1, "argon2i"), with(2, "v=16"), with(3, "m=64,t=1"), with(3, "m=64,t=0,p=1"),
		with(3, "m=99999999,t=1,p=1"), with(3, "m=64,t=1000,p=1"), with(3, "m=64,t=1,p=0"), with(4, "!!"), with(4, ""), with(5, ""), with(5, "AAAA"), strings.Repeat("$", 5)} {
		if ok, err := matches("a good password, is it?", s); ok || err == nil {
			t.Errorf("%q is taken: %v %v", s, ok, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(hash("x", cheap))
	f.Add("$argon2id$v=19$m=1,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		if c, _, tag, err := parse(s); err == nil && (c.Time < 1 || c.Threads < 1 || c.Memory > 1<<20 || len(tag) != tagSize) {
			t.Errorf("%q gives %+v", s, c)
		}
	})
}

func TestCheckPassword(t *testing.T) {
	for _, c := range []struct{ name, password, why string }{
		{"leila", "چهارده حرف", "15 or more"},
		{"leila", "14 characters.", "15 or more"},
		{"leila", "15 characters..", ""},
		{"leila", "کتاب سبز روی میز", ""},
		{"leila", "aaaaaaaaaaaaaaaaaaaa", "repeats"},
		{"leila", "ababababababababab", "repeats"},
		{"leila ahmadi", "leila ahmadi 123", "more than the name"},
		{"leila ahmadi", "Leila AHMADI leila ahmadi", "more than the name"},
		{"leila", strings.Repeat("گل و بلبل ", 200), "longer than"},
		{"leila", "a good password\x00", "control"},
		{"leila", "a good password\xff", "no text"},
	} {
		err := CheckPassword(c.name, c.password)
		if (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
			t.Errorf("%q: %v, want %q", c.password, err, c.why)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"leila": "leila", "  Leila   Ahmadi ": "Leila Ahmadi", "لیلا احمدی": "لیلا احمدی", "o'brien-2": "o'brien-2", "a@b.org": "a@b.org", "سید\u200cعلی": "سید\u200cعلی",
		"": "", " ": "", "12": "", "a<b": "", "a\nb": "a b", "a\u202eb": "", "a\x00b": "", "-a": "", "\u200c": "", "a\xff": "", strings.Repeat("a", 65): "", "a/b": "", "🙂": "",
	} {
		if got, err := CleanName(name); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v, want %q", name, got, err, want)
		}
	}
	for _, same := range [][2]string{{"Leila", "LEILA"}, {"کبری", "كبري"}, {"سید\u200cعلی", "سیدعلی"}, {"a  b", "a b"}, {"ﷲ", "الله"}} {
		if Key(same[0]) != Key(same[1]) {
			t.Errorf("%q and %q are two", same[0], same[1])
		}
	}
	if Key("leila") == Key("leyla") {
		t.Error("two names are one")
	}
}

func TestMay(t *testing.T) {
	for _, c := range []struct {
		have, want Role
		may        bool
	}{
		{Reader, Reader, true}, {Reader, Reviewer, false}, {Reader, Admin, false}, {Reviewer, Reader, true}, {Reviewer, Reviewer, true}, {Reviewer, Admin, false},
		{Admin, Reader, true}, {Admin, Admin, true}, {"", Reader, false}, {"root", Reader, false}, {Admin, "", false}, {Admin, "root", false}, {"", "", false},
	} {
		if got := c.have.May(c.want); got != c.may {
			t.Errorf("%q may do what wants %q: %v", c.have, c.want, got)
		}
	}
}
