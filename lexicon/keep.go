package lexicon

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sanad-project/sanad/fa/spell"
)

// Sentences are the examples of an entry that is added: a rule of this project
// is that each entry has some.
type Sentences struct {
	For     []string // sentences that are read otherwise because of the entry
	Against []string // sentences that have its words or like ones, and are read as before
}

// Check says what is wrong with examples as text; whether they hold is for who
// reads them.
func (s *Sentences) Check() error {
	if len(s.For) == 0 {
		return bad("give a sentence that is read otherwise because of the entry: each entry has its example")
	}
	for _, list := range [][]string{s.For, s.Against} {
		if len(list) > 20 {
			return bad("give 20 examples at most")
		}
		for _, v := range list {
			switch {
			case !utf8.ValidString(v) || strings.ContainsFunc(v, hidden):
				return bad("an example holds signs that cannot be seen: type it anew")
			case strings.TrimSpace(v) != v || v == "" || strings.ContainsAny(v, "|\n\r\t"):
				return bad("give one example a line, without | and tabs")
			case utf8.RuneCountInString(v) > 1000:
				return bad("an example is longer than 1000 letters")
			}
		}
	}
	return nil
}

// ErrChanged says that the user's file is not the one that the book was made of.
var ErrChanged = errors.New("the file was changed by somebody else meanwhile: try the entry once more, on what it says now")

// keeping is held while files are written: entries that are kept at the same
// moment stand one behind the other.
var keeping sync.Mutex

// Keep writes an entry behind those of the user's file of its kind in dir, with
// its examples in dir/corpus, and returns the book that follows. The files are
// made where they are missing and replaced whole, so that who reads them finds
// the old or the new one. What stands in them stays, byte for byte. Before
// anything is written the folder with the entry is put together as Load does it.
//
// The errors are *BadEntry, ErrChanged, or what the disk says.
func (b *Book) Keep(dir, kind string, e Entry, s Sentences) (*Book, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	keeping.Lock()
	defer keeping.Unlock()
	now, err := OpenBook(dir)
	if err != nil {
		return nil, err
	}
	next, err := now.With(kind, e)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name := kind + ".txt"
	have, err := readRegular(root, name)
	if err != nil {
		return nil, err
	}
	old, there := b.text(kind)
	text, is := now.text(kind)
	if there != is || is != (have != nil) || !bytes.Equal(old, have) || !bytes.Equal(text, have) {
		return nil, ErrChanged
	}
	if err := root.Mkdir("corpus", 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	examples := path.Join("corpus", name)
	said, err := readRegular(root, examples)
	if err != nil {
		return nil, err
	}
	if said == nil {
		said = []byte("# Examples of the entries in ../" + name + ".\n# text  a sentence that is read otherwise because of the entry\n# not   a sentence that is read as it would be without the entry\n")
	}
	x := Entry{ID: e.ID, Fields: []Field{{"text", s.For}}}
	if len(s.Against) > 0 {
		x.Fields = append(x.Fields, Field{"not", s.Against})
	}
	said = appended(said, &x)
	if _, err := parse(bytes.NewReader(said), examples); err != nil {
		return nil, err
	}
	// The examples first: should the second file not be written, there is an
	// example too many, and no entry without one.
	if err := replace(root, examples, said); err != nil {
		return nil, err
	}
	text, _ = next.text(kind)
	if err := replace(root, name, text); err != nil {
		return nil, err
	}
	return next, nil
}

// readRegular reads a file of the folder; nil where there is none. Links and
// what is no plain file are refused: writing would go elsewhere.
func readRegular(root *os.Root, name string) ([]byte, error) {
	st, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no plain file: the desk does not write there", name)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if b == nil {
		b = []byte{}
	}
	return b, err
}

// replace writes a file whole or not at all.
func replace(root *os.Root, name string, text []byte) (err error) {
	temp := name + ".new"
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	mode := fs.FileMode(0o666)
	if st, err := root.Lstat(name); err == nil {
		mode = st.Mode().Perm()
	}
	f, err := root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			root.Remove(temp)
		}
	}()
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return root.Rename(temp, name)
}

// userExamples are those that stand beside the user's entries.
func userExamples(dir string) ([]Example, error) {
	if dir == "" {
		return nil, nil
	}
	sub := os.DirFS(dir)
	names, err := fs.Glob(sub, "corpus/*.txt")
	if err != nil {
		return nil, err
	}
	var out []Example
	for _, name := range names {
		b, err := fs.ReadFile(sub, name)
		if err != nil {
			return nil, err
		}
		list, err := parse(bytes.NewReader(b), name)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			out = append(out, Example{e, true})
		}
	}
	return out, nil
}

// Examples are the examples of an entry: those of the user's folder under its
// id, and those of the program that name its id or have one of its words. Of
// these there are n at most, those that name it first.
func (b *Book) Examples(dir, kind, id string, n int) ([]Example, error) {
	own, err := userExamples(dir)
	if err != nil {
		return nil, err
	}
	var out []Example
	for _, x := range own {
		if x.ID == id && x.File == "corpus/"+kind+".txt" {
			out = append(out, x)
		}
	}
	all, err := programExamples()
	if err != nil {
		return nil, err
	}
	var words []string
	for _, e := range b.lex.File(kind) {
		if e.ID == id {
			for _, w := range e.Words() {
				if k := " " + wordKey(w) + " "; len(k) > 4 {
					words = append(words, k)
				}
			}
		}
	}
	var second []Example
	for _, x := range all {
		names, has := x.File == kind+".txt" && x.ID == id, false
		for _, f := range x.Fields {
			for _, v := range f.Values {
				names = names || strings.HasSuffix(v, "= "+id)
				key := ""
				for _, w := range words {
					if has {
						break
					}
					if key == "" {
						key = " " + wordKey(v) + " "
					}
					has = strings.Contains(key, w)
				}
			}
		}
		switch {
		case names:
			out = append(out, x)
		case has:
			second = append(second, x)
		}
	}
	out = append(out, second...)
	return out[:min(n, len(out))], nil
}

// beside are the fields whose words stand beside an entry's own, or say something
// of them.
var beside = []string{"ctx", "theatre", "unless", "role", "-words", "+words", "agents", "duty"}

// Words are the words of an entry by which a text can be searched for it, as
// they are written, without the signs that part or mark them in the file:
// «کشته + شدن» is «کشته شدن». None is there twice.
func (e *Entry) Words() []string {
	var list []string
	for _, f := range e.Fields {
		if slices.Contains(beside, f.Name) {
			continue
		}
		for _, v := range f.Values {
			w := strings.Join(strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("+*\"«»“” \t", r) }), " ")
			if strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) }) && !slices.Contains(list, w) {
				list = append(list, w)
			}
		}
	}
	return list
}

// wordKey are the words of a text, each spelled as the lexicon compares them,
// one blank between.
func wordKey(s string) string {
	list := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || strings.ContainsRune("«»\"،؛؟:.!()[]/⏎+*", r) })
	for i := range list {
		list[i] = spell.Key(list[i])
	}
	return strings.Join(list, " ")
}
