package lexicon

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Book is a lexicon with what its files say beside the entries: which file is
// the program's and which the user's, what their heads say, where each part of
// an entry stands. Readers need only the Lexicon; people who look at entries
// and add some need the Book.
type Book struct {
	files []layerFile
	lex   *Lexicon
	names []string // of the kinds, sorted
	heads map[string]string
	forms map[string]Form
	parts map[string]map[string][]Part // by kind and id
}

// Part is what one place in one file says of an entry. An entry has several
// where the user's file adds to the program's.
type Part struct {
	Entry
	User bool // it stands in the user's folder
}

// OpenBook reads what Load reads.
func OpenBook(dir string) (*Book, error) {
	files, err := readFiles(dir)
	if err != nil {
		return nil, err
	}
	return bookOf(files)
}

func bookOf(files []layerFile) (*Book, error) {
	lex, err := assemble(files)
	if err != nil {
		return nil, err
	}
	b := &Book{files: files, lex: lex, heads: map[string]string{}, forms: map[string]Form{}, parts: map[string]map[string][]Part{}}
	own := map[string][]Entry{}
	for _, f := range files {
		list, err := parse(strings.NewReader(string(f.text)), f.name)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(f.name, ".txt")
		if b.parts[name] == nil {
			b.parts[name] = map[string][]Part{}
			b.names = append(b.names, name)
		}
		for _, e := range list {
			b.parts[name][e.ID] = append(b.parts[name][e.ID], Part{e, f.user})
		}
		if !f.user {
			b.heads[name], own[name] = head(f.text), list
		} else if b.heads[name] == "" {
			b.heads[name] = head(f.text)
		}
	}
	sort.Strings(b.names)
	flags := map[string]bool{}
	for name, list := range own {
		f := formOf(name, b.heads[name], list)
		for _, x := range f.Fields {
			if x.Flag && x.used {
				flags[x.Name] = true
			}
		}
		b.forms[name] = f
	}
	for _, f := range b.forms {
		for i := range f.Fields {
			x := &f.Fields[i]
			x.Flag = x.Flag || !x.used && flags[x.Name]
		}
	}
	return b, nil
}

// Lexicon is the lexicon itself.
func (b *Book) Lexicon() *Lexicon { return b.lex }

// Kinds are the names of the files, without ".txt", sorted. A file of the
// user's that the program has none of is among them; no package asks for it.
func (b *Book) Kinds() []string { return b.names }

// Head is what the comment at the start of a file says; "" where it has none.
func (b *Book) Head(kind string) string { return b.heads[kind] }

// Form says what an entry of a kind looks like; false for a kind that the
// program does not know.
func (b *Book) Form(kind string) (Form, bool) {
	f, ok := b.forms[kind]
	return f, ok
}

// Parts are the places at which an entry stands, the program's first; nil where
// there is no such entry. An entry that the user's file removes has parts too.
func (b *Book) Parts(kind, id string) []Part { return b.parts[kind][id] }

// Own are the ids of the entries of a kind that the user's files have, sorted.
func (b *Book) Own(kind string) []string {
	var list []string
	for id, parts := range b.parts[kind] {
		if parts[len(parts)-1].User {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// head is the comment at the start of a file, without its signs.
func head(text []byte) string {
	var list []string
	for line := range strings.SplitSeq(strings.TrimPrefix(string(text), "\ufeff"), "\n") {
		line = strings.TrimRight(line, " \t\r")
		if !strings.HasPrefix(line, "#") {
			break
		}
		list = append(list, strings.TrimPrefix(strings.TrimPrefix(line, "#"), " "))
	}
	return strings.Join(list, "\n")
}

// Form is the form of the entries of a file, as its head and its entries show
// it: nothing of it is written twice.
type Form struct {
	Kind   string
	Fields []FormField // in the order of the head, then of the entries
	IDs    []string    // where the ids are classes that the program asks for: all of them; else nil
}

// FormField is one field of a form.
type FormField struct {
	Name    string
	Doc     string   // what the head says of it; "" where it says nothing
	Needed  bool     // every entry has it
	Flag    bool     // it has no value: it is there or not
	Many    bool     // entries have several values
	Choices []string // the values that there are, where they are a short list of English words; else nil
	used    bool     // some entry of the program has it; else only the head speaks of it
}

// classes are the files whose ids are classes of words that a package asks for
// by name, as their heads say: words can be added to a class, no class.
var classes = []string{"persons", "refer", "sources", "topics", "units"}

// fieldLine is a line of a head that says what a field means.
//
//	"  surname  forms used alone once …"   →  surname, forms …
var fieldLine = regexp.MustCompile(`^ *([+-]?[a-z]+(?:-[a-z]+)*(?:, [a-z]+)*)(?:  +| : |: )(\S.*)$`)

// alternatives begin what a head says of a field: "PER|GRP|ORG", "city | place".
var alternatives = regexp.MustCompile(`^[A-Za-z-]+(?: ?\| ?[A-Za-z-]+)+`)

// formOf reads the form off a file.
func formOf(kind, head string, list []Entry) Form {
	f := Form{Kind: kind}
	if slices.Contains(classes, kind) {
		for i := range list {
			if !slices.Contains(f.IDs, list[i].ID) {
				f.IDs = append(f.IDs, list[i].ID)
			}
		}
	}
	type seen struct {
		entries, values, most int
		distinct              map[string]bool
		words                 bool // some value is no plain English word
	}
	have := map[string]*seen{}
	var order []string
	for i := range list {
		for _, x := range list[i].Fields {
			s := have[x.Name]
			if s == nil {
				s = &seen{distinct: map[string]bool{}}
				have[x.Name] = s
				order = append(order, x.Name)
			}
			s.entries++
			s.values += len(x.Values)
			s.most = max(s.most, len(x.Values))
			for _, v := range x.Values {
				s.distinct[v] = true
				s.words = s.words || !plainValue(v)
			}
		}
	}
	docs, rank := map[string]string{}, map[string]int{}
	name, indent, left := "", 0, -1 // left: how far in the fields stand
	for line := range strings.SplitSeq(head, "\n") {
		in := len(line) - len(strings.TrimLeft(line, " "))
		if m := fieldLine.FindStringSubmatch(line); m != nil && (name == "" || in <= indent) && (known(m[1], have) || f.IDs == nil && in == left) {
			name, indent, left = m[1], in, in
			for n := range strings.SplitSeq(m[1], ", ") {
				docs[n] = m[2]
				if have[n] == nil {
					have[n] = &seen{distinct: map[string]bool{}}
					order = append(order, n)
				}
				if _, ok := rank[n]; !ok {
					rank[n] = len(rank)
				}
			}
			continue
		}
		if name != "" && in > indent && strings.TrimSpace(line) != "" {
			for n := range strings.SplitSeq(name, ", ") {
				if m := fieldLine.FindStringSubmatch(line); m != nil { // what one of its values means
					docs[n] += "; " + m[1] + ": " + m[2]
				} else {
					docs[n] += " " + strings.TrimSpace(line)
				}
			}
			continue
		}
		name = ""
	}
	sort.SliceStable(order, func(i, j int) bool {
		a, aok := rank[order[i]]
		b, bok := rank[order[j]]
		return aok && (!bok || a < b)
	})
	for _, n := range order {
		s := have[n]
		x := FormField{Name: n, Doc: docs[n], Needed: s.entries == len(list) && f.IDs == nil, Flag: s.entries > 0 && s.values == 0, Many: s.most != 1, used: s.entries > 0}
		// The one value of a field that few entries have is no list to choose from.
		few := len(s.distinct) == 1 && !x.Needed && !s.distinct["yes"]
		if !s.words && s.values > 0 && !few && n != "in" && n != "entity" && len(s.distinct) <= 24 && len(s.distinct)*2 <= s.values {
			for _, v := range strings.Split(alternatives.FindString(x.Doc), "|") {
				if v = strings.TrimSpace(v); v != "" {
					s.distinct[v] = true
				}
			}
			x.Choices = slices.Sorted(maps.Keys(s.distinct))
		}
		f.Fields = append(f.Fields, x)
	}
	return f
}

func known[T any](names string, have map[string]T) bool {
	for n := range strings.SplitSeq(names, ", ") {
		if _, ok := have[n]; !ok {
			return false
		}
	}
	return true
}

// plainValue reports whether v is a word as the lexicon names classes:
// "suicide-attack", "PER".
func plainValue(v string) bool {
	return v != "" && len(v) <= 24 && strings.Trim(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == ""
}

// Field returns the field of that name; nil where the form has none.
func (f *Form) Field(name string) *FormField {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}

// The limits of an entry that is added.
const (
	maxID     = 80  // letters
	maxValue  = 200 // code points
	maxValues = 200 // of a field
)

var idPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// BadEntry says what is wrong with an entry that somebody wants to add.
type BadEntry struct{ Why string }

func (e *BadEntry) Error() string { return e.Why }

func bad(format string, args ...any) error { return &BadEntry{fmt.Sprintf(format, args...)} }

// checkEntry says why an entry cannot be added to a file of that kind.
func (b *Book) checkEntry(kind string, e *Entry) error {
	f, ok := b.forms[kind]
	if !ok {
		return bad("there is no kind of entry %q", kind)
	}
	there := len(b.parts[kind][e.ID]) > 0
	switch {
	case f.IDs != nil && !slices.Contains(f.IDs, e.ID):
		return bad("the entries of %s are classes that the program asks for: add to one of them", kind)
	case !there && (!idPattern.MatchString(e.ID) || len(e.ID) > maxID):
		return bad("%q is no id: give English letters in lower case, digits and hyphens, as kataib-hezbollah", e.ID)
	}
	some := false
	for _, x := range e.Fields {
		d := f.Field(x.Name)
		if d == nil {
			return bad("the entries of %s have no field %q", kind, x.Name)
		}
		if d.Flag != (len(x.Values) == 0) {
			if d.Flag {
				return bad("the field %s has no value: it is there or not", x.Name)
			}
			return bad("the field %s is empty", x.Name)
		}
		if len(x.Values) > maxValues {
			return bad("the field %s has more than %d values", x.Name, maxValues)
		}
		some = true
		for _, v := range x.Values {
			switch {
			case !utf8.ValidString(v) || strings.ContainsFunc(v, hidden):
				return bad("the field %s holds signs that cannot be seen: type it anew", x.Name)
			case v != strings.TrimSpace(v) || v == "" || strings.ContainsAny(v, "|\n\r\t"):
				return bad("%q in the field %s cannot stand in a file of entries: give one value a line, without | and tabs", v, x.Name)
			case utf8.RuneCountInString(v) > maxValue:
				return bad("a value of the field %s is longer than %d letters", x.Name, maxValue)
			case d.Choices != nil && !slices.Contains(d.Choices, v):
				return bad("%q is none of the values of the field %s: %s", v, x.Name, strings.Join(d.Choices, ", "))
			}
			if (x.Name == "in" || x.Name == "entity") && !b.entity(v) && !(x.Name == "in" && v == e.ID) {
				return bad("%s %q is the id of no entry", x.Name, v)
			}
		}
	}
	if !some {
		return bad("an entry without a field says nothing")
	}
	if !there {
		for _, d := range f.Fields {
			if d.Needed && !e.Has(d.Name) {
				return bad("every entry of %s has the field %s: fill it in", kind, d.Name)
			}
		}
	}
	return nil
}

// entity reports whether an id is that of a name.
func (b *Book) entity(id string) bool {
	for _, kind := range [...]string{"actors", "outlets", "people", "places"} {
		if len(b.parts[kind][id]) > 0 {
			return true
		}
	}
	return false
}

// hidden reports whether r cannot be seen: the half-space alone is a letter of
// Persian among such.
func hidden(r rune) bool {
	return r != '\u200c' && (unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029)
}

// With returns the book as it is when the user's file has an entry more. The
// entry is checked as a whole; the error is a *BadEntry.
func (b *Book) With(kind string, e Entry) (*Book, error) {
	if err := b.checkEntry(kind, &e); err != nil {
		return nil, err
	}
	name := kind + ".txt"
	files := slices.Clone(b.files)
	at := len(files)
	for i, f := range files {
		if f.user && f.name == name {
			at = i
		}
	}
	if at == len(files) { // where the new file will stand: sorted among the user's
		for at > 0 && files[at-1].user && files[at-1].name > name {
			at--
		}
		files = slices.Insert(files, at, layerFile{name, true, []byte(newHead(kind))})
	}
	files[at].text = appended(files[at].text, &e)
	return bookOf(files)
}

// text is the user's file of a kind as the book has it.
func (b *Book) text(kind string) (text []byte, there bool) {
	for _, f := range b.files {
		if f.user && f.name == kind+".txt" {
			return f.text, true
		}
	}
	return nil, false
}

// newHead begins a file of the user's.
func newHead(kind string) string {
	return "# Entries that were added to those of the program (" + kind + ").\n# Format: an id at the start of a line; below it, indented, its fields: a name, and values separated by \" | \".\n# Each has its examples in corpus/" + kind + ".txt.\n"
}

// appended is a file with an entry more. What the file has stays as it is, byte
// for byte.
func appended(text []byte, e *Entry) []byte {
	var b strings.Builder
	b.Write(text)
	if len(text) > 0 {
		if text[len(text)-1] != '\n' {
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
	b.WriteString(e.ID + "\n")
	wide := 0
	for _, f := range e.Fields {
		wide = max(wide, len(f.Name))
	}
	for _, f := range e.Fields {
		b.WriteString(strings.TrimRight(fmt.Sprintf("\t%-*s %s", wide, f.Name, strings.Join(f.Values, " | ")), " ") + "\n")
	}
	return []byte(b.String())
}

// Example is an entry of the corpus: sentences that the tests of the program
// run, and what has to be read from them.
type Example struct {
	Entry
	User bool // of the user's folder
}

// examples are those of the program, parsed once.
func programExamples() ([]Example, error) {
	names, err := fs.Glob(corpus, "corpus/*.txt")
	if err != nil {
		return nil, err
	}
	var out []Example
	for _, name := range names {
		f, err := corpus.Open(name)
		if err != nil {
			return nil, err
		}
		list, err := parse(f, path.Base(name))
		f.Close()
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			out = append(out, Example{e, false})
		}
	}
	return out, nil
}
