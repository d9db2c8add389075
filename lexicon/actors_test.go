package lexicon

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
)

// actorFields are the fields that actors.txt and outlets.txt may have; their
// heads say what each means.
var actorFields = []string{"type", "fa", "short", "en", "iso", "in", "home", "nisba", "seat", "loaded", "ctx", "weak", "kind", "prefix", "-"}

var (
	actorTypes  = []string{"PER", "GRP", "ORG", "STATE", "MEDIA", "PLACE"}
	outletKinds = []string{"agency", "paper", "tv", "radio", "site", "social"}
)

func load(t *testing.T) *Lexicon {
	t.Helper()
	l, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// nameFiles are the files of named entities that must not contradict each other.
func nameFiles(l *Lexicon) []Entry { return slices.Concat(l.File("actors"), l.File("outlets")) }

func TestActorsForm(t *testing.T) {
	l := load(t)
	all := nameFiles(l)
	if n, m := len(l.File("actors")), len(l.File("outlets")); n < 900 || m < 500 {
		t.Errorf("%d actors, %d outlets", n, m)
	}
	ids := map[string]bool{}
	for i := range all {
		e := &all[i]
		if ids[e.ID] {
			t.Errorf("%s:%d: id %s is there twice", e.File, e.Line, e.ID)
		}
		ids[e.ID] = true
		if strings.Trim(e.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.Contains(e.ID, "--") {
			t.Errorf("%s:%d: id %q: lower-case letters, digits and hyphens only", e.File, e.Line, e.ID)
		}
	}
	owner := map[string]string{}
	for i := range all {
		e := &all[i]
		for _, f := range e.Fields {
			if !slices.Contains(actorFields, f.Name) {
				t.Errorf("%s:%d: %s: no field %q", e.File, e.Line, e.ID, f.Name)
			}
			if f.Name != "weak" && f.Name != "-" && len(f.Values) == 0 {
				t.Errorf("%s:%d: %s: %s is empty", e.File, e.Line, e.ID, f.Name)
			}
		}
		if typ := e.Get("type"); !slices.Contains(actorTypes, typ) {
			t.Errorf("%s:%d: %s: type %q", e.File, e.Line, e.ID, typ)
		}
		if e.Get("type") == "MEDIA" && e.File == "outlets.txt" && !slices.Contains(outletKinds, e.Get("kind")) {
			t.Errorf("%s:%d: %s: kind %q", e.File, e.Line, e.ID, e.Get("kind"))
		}
		if in := e.Get("in"); in != "" && (!ids[in] || in == e.ID) {
			t.Errorf("%s:%d: %s: in %q is no entry", e.File, e.Line, e.ID, in)
		}
		if e.Get("fa") == "" || e.Get("en") == "" {
			t.Errorf("%s:%d: %s: has no name in Persian or English", e.File, e.Line, e.ID)
		}
		for _, field := range []string{"fa", "short", "nisba", "seat", "loaded", "ctx", "home"} {
			for _, v := range e.All(field) {
				if !persian(v) && !(latinName(v) && field != "nisba") {
					t.Errorf("%s:%d: %s: %s %q is not Persian", e.File, e.Line, e.ID, field, v)
				}
			}
		}
		for _, v := range e.All("home") {
			if !slices.Contains(e.All("fa"), v) {
				t.Errorf("%s:%d: %s: home %q is not among its names", e.File, e.Line, e.ID, v)
			}
		}
		if e.Has("short") && !e.Has("ctx") && e.Get("type") != "STATE" {
			t.Errorf("%s:%d: %s: has short names but no ctx", e.File, e.Line, e.ID)
		}
		if e.Has("weak") {
			continue
		}
		for _, v := range slices.Concat(e.All("fa"), e.All("loaded")) {
			k := spell.Key(v)
			if o := owner[k]; o != "" {
				t.Errorf("%s:%d: %s: %q is also %s", e.File, e.Line, e.ID, v, o)
			}
			owner[k] = e.ID
		}
	}
}

// persian reports whether v is written in Persian letters as the lexicon
// spells them: ی and ک, digits and a few signs allowed.
func persian(v string) bool {
	letters := false
	for _, r := range v {
		switch {
		case strings.ContainsRune("يكىةۀ", r):
			return false
		case unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r):
			letters = true
		case unicode.Is(unicode.Arabic, r), r == '\u200c', strings.ContainsRune(" .,،+-۰۱۲۳۴۵۶۷۸۹0123456789", r):
		default:
			return false
		}
	}
	return letters || strings.ContainsAny(v, "۰۱۲۳۴۵۶۷۸۹")
}

// latinName reports whether v is an acronym or a name that Persian reports
// leave in Latin letters («FATF», «D8»), or has one such word.
func latinName(v string) bool {
	for _, r := range v {
		if unicode.Is(unicode.Latin, r) {
			return !strings.ContainsAny(v, "يكىةۀ")
		}
	}
	return false
}

// plainWords splits text into words as simply as a test can: blanks and
// punctuation part words, punctuation is a word of its own.
func plainWords(text string) []word.Word {
	var ws []word.Word
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			ws = append(ws, word.Word{Form: b.String(), Key: spell.Key(b.String())})
			b.Reset()
		}
	}
	for _, r := range text {
		switch {
		case r == ' ':
			flush()
		case strings.ContainsRune("«»\"،؛؟:.!()", r):
			flush()
			ws = append(ws, word.Word{Form: string(r), Key: string(r), Tag: word.PUNCT})
		default:
			b.WriteRune(r)
		}
	}
	flush()
	return ws
}

// finder finds names in plain words, the longest at each place. Short and weak
// names need a word of their ctx in the text.
type finder struct {
	entries []Entry
	trie    *Trie
	sure    []bool // per value: no ctx needed
	of      []int  // per value: index into entries
	never   map[string]bool
}

func newFinder(entries []Entry, sure, unsure []string) *finder {
	f := &finder{entries: entries, never: map[string]bool{}}
	var keys []string
	var vals []int
	add := func(i int, name string, sure bool) {
		keys = append(keys, spell.Key(name))
		vals = append(vals, len(f.of))
		f.of = append(f.of, i)
		f.sure = append(f.sure, sure)
	}
	for i := range entries {
		e := &entries[i]
		f.never[e.ID] = e.Get("needs") == "never"
		for _, field := range sure {
			for _, v := range e.All(field) {
				add(i, v, !e.Has("weak"))
			}
		}
		for _, field := range unsure {
			for _, v := range e.All(field) {
				add(i, v, false)
			}
		}
	}
	f.trie = Build(keys, vals)
	return f
}

// find returns "text = id" for each name found.
func (f *finder) find(text string) []string {
	ws := plainWords(text)
	var found []string
	var ms []Match
	for i := 0; i < len(ws); i++ {
		ms = f.trie.At(ms[:0], ws, i, func(rest string) bool { return rest == "های" })
		best, last := "", i
		for _, m := range ms {
			e := &f.entries[f.of[m.Value]]
			if !f.sure[m.Value] && !slices.ContainsFunc(e.All("ctx"), func(c string) bool { return strings.Contains(text, c) }) {
				continue
			}
			if m.Last > last {
				var forms []string
				for _, w := range ws[i:m.Last] {
					forms = append(forms, w.Form)
				}
				best, last = strings.Join(forms, " ")+" = "+e.ID, m.Last
			}
		}
		if best != "" {
			if id := best[strings.LastIndex(best, " ")+1:]; !f.never[id] {
				found = append(found, best)
			}
			i = last - 1
		}
	}
	return found
}

// TestActorsCorpus reads corpus/actors.txt: "find" lists all that is to be
// found in "text", in its order; an entry without "find" is a negative example.
func TestActorsCorpus(t *testing.T) {
	runCorpus(t, "corpus/actors.txt", newFinder(nameFiles(load(t)), []string{"fa", "loaded"}, []string{"short"}))
}

func runCorpus(t *testing.T, file string, f *finder) {
	r, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cases, err := parse(r, file)
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatalf("%s: no examples", file)
	}
	for _, c := range cases {
		text := c.Get("text")
		if got, want := f.find(text), c.All("find"); !slices.Equal(got, want) {
			t.Errorf("%s:%d: %s\n got  %q\n want %q", file, c.Line, text, got, want)
		}
	}
}

// TestLoadedForm checks loaded.txt: fields known, actors known, no form twice.
func TestLoadedForm(t *testing.T) {
	l := load(t)
	ids := map[string]bool{}
	for _, e := range nameFiles(l) {
		ids[e.ID] = true
	}
	allowed := map[string][]string{
		"word": nil, "en": nil, "entity": nil, "noun": nil, "inside": nil, "theatre": nil,
		"refers": {"next", "prev", "victim", "group"},
		"needs":  {"name", "group", "noun", "never"},
		"kind":   {"honour", "slur", "frame"},
	}
	owner := map[string]string{}
	for _, e := range l.File("loaded") {
		for _, f := range e.Fields {
			values, ok := allowed[f.Name]
			if !ok || values != nil && (len(f.Values) != 1 || !slices.Contains(values, f.Values[0])) {
				t.Errorf("%s:%d: %s: %s %q", e.File, e.Line, e.ID, f.Name, f.Values)
			}
		}
		if !e.Has("word") || !e.Has("en") || e.Get("needs") != "never" && !e.Has("kind") {
			t.Errorf("%s:%d: %s: wants word, en and kind", e.File, e.Line, e.ID)
		}
		if e.Get("needs") != "never" && e.Has("refers") == e.Has("entity") {
			t.Errorf("%s:%d: %s: wants refers or entity", e.File, e.Line, e.ID)
		}
		if id := e.Get("entity"); id != "" && !ids[id] {
			t.Errorf("%s:%d: %s: no actor %s", e.File, e.Line, e.ID, id)
		}
		for _, v := range e.All("word") {
			if !persian(v) {
				t.Errorf("%s:%d: %s: %q is not Persian", e.File, e.Line, e.ID, v)
			}
			k := spell.Key(v)
			if o := owner[k]; o == e.ID {
				t.Errorf("%s:%d: %s: %q is there twice", e.File, e.Line, e.ID, v)
			} else if o != "" && e.Get("needs") != "noun" {
				t.Errorf("%s:%d: %s: %q is also %s", e.File, e.Line, e.ID, v, o)
			}
			owner[k] = e.ID
		}
	}
}

// TestLoadedCorpus reads corpus/loaded.txt. It sees the words only: that a term
// needs a name or a noun beside it is for package who to test.
func TestLoadedCorpus(t *testing.T) {
	f := newFinder(load(t).File("loaded"), []string{"word"}, nil)
	runCorpus(t, "corpus/loaded.txt", f)
}
