package lexicon

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folder is a user's folder with files.
func folder(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func named(t *testing.T, l *Lexicon, kind, id string) *Entry {
	t.Helper()
	for _, e := range l.File(kind) {
		if e.ID == id {
			return &e
		}
	}
	return nil
}

// A user's entry adds to the program's, replaces a field of it, or removes it.
func TestLoadOverrides(t *testing.T) {
	base := load(t)
	dir := folder(t, "outlets.txt", "irna\n\tfa خبرگزاری نمونه\n\t=en Sample\nfars-news\n\t-\nmy-paper\n\ttype MEDIA\n\t=fa نیم‌روز\n")
	l, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	was, is := named(t, base, "outlets", "irna"), named(t, l, "outlets", "irna")
	if want := append(slices.Clone(was.All("fa")), "خبرگزاری نمونه"); !slices.Equal(is.All("fa"), want) {
		t.Errorf("added to: %q, want %q", is.All("fa"), want)
	}
	if !slices.Equal(is.All("en"), []string{"Sample"}) {
		t.Errorf("replaced: %q", is.All("en"))
	}
	if named(t, l, "outlets", "fars-news") != nil {
		t.Error("the removed entry is still there")
	}
	if e := named(t, l, "outlets", "my-paper"); e == nil || e.Get("fa") != "نیم‌روز" {
		t.Errorf("the new entry: %+v", e)
	}
	if l.Hash() == base.Hash() {
		t.Error("another lexicon has the same hash")
	}
}

func book(t *testing.T, dir string) *Book {
	t.Helper()
	b, err := OpenBook(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The forms are read off the files; these are the ones that people fill in.
func TestForms(t *testing.T) {
	b := book(t, "")
	if got, want := strings.Join(b.Kinds(), " "), "actors cues frames furniture heads languages loaded nonames outlets people persons places refer roles sources status topics units weapons"; got != want {
		t.Errorf("kinds: %s", got)
	}
	for _, c := range []struct{ kind, needed, choice, choices, flags string }{
		{"actors", "type fa en", "type", "GRP MEDIA ORG PER PLACE STATE", "weak"},
		{"outlets", "type fa en kind", "kind", "agency paper radio site social tv", ""},
		{"people", "type fa en", "type", "PER", "weak"},
		{"places", "type fa precision", "precision", "city place province region site water", "weak"},
		{"loaded", "word en", "kind", "frame honour slur", "inside noun"},
		{"cues", "frame", "frame", "according clause document impersonal judge not noun object open participle prep", ""},
		{"frames", "type", "pair", "yes", ""},
		{"persons", "", "", "", ""},
	} {
		f, ok := b.Form(c.kind)
		if !ok {
			t.Errorf("no form of %s", c.kind)
			continue
		}
		var needed, flags []string
		for _, x := range f.Fields {
			if x.Needed {
				needed = append(needed, x.Name)
			}
			if x.Flag {
				flags = append(flags, x.Name)
			}
			if x.Name == c.choice && strings.Join(x.Choices, " ") != c.choices {
				t.Errorf("%s: %s: %q", c.kind, x.Name, x.Choices)
			}
		}
		slices.Sort(flags)
		if strings.Join(needed, " ") != c.needed || strings.Join(flags, " ") != c.flags {
			t.Errorf("%s: needs %q, flags %q", c.kind, needed, flags)
		}
	}
	f, _ := b.Form("actors")
	if d := f.Field("nisba"); d == nil || !strings.HasPrefix(d.Doc, "adjectives and demonyms") || !strings.HasSuffix(d.Doc, "they serve descriptions") {
		t.Errorf("what the head says of nisba: %+v", d)
	}
	if f, _ := b.Form("persons"); !slices.Contains(f.IDs, "given") || len(f.IDs) != 8 {
		t.Errorf("the classes of persons: %q", f.IDs)
	}
}

func group(id, fa string) Entry {
	return Entry{ID: id, Fields: []Field{{"type", []string{"GRP"}}, {"fa", []string{fa}}, {"en", []string{"Sample"}}}}
}

func TestBadEntries(t *testing.T) {
	b := book(t, "")
	with := func(e Entry, name string, values ...string) Entry {
		e.Fields = append(slices.Clone(e.Fields), Field{name, values})
		return e
	}
	for _, c := range []struct {
		kind string
		e    Entry
		want string
	}{
		{"nothing", group("a", "گروه"), "no kind"},
		{"../actors", group("a", "گروه"), "no kind"},
		{"actors", group("Group One", "گروه"), "no id"},
		{"actors", group("../../x", "گروه"), "no id"},
		{"actors", group("a\nb", "گروه"), "no id"},
		{"actors", group("", "گروه"), "no id"},
		{"actors", Entry{ID: "new-one"}, "says nothing"},
		{"actors", Entry{ID: "new-one", Fields: []Field{{"fa", []string{"گروه"}}}}, "field type"},
		{"actors", with(group("new-one", "گروه"), "colour", "red"), "no field"},
		{"actors", with(group("new-one", "گروه"), "=fa", "red"), "no field"},
		{"actors", with(group("new-one", "گروه"), "in", "no-such-place"), "id of no entry"},
		{"actors", with(group("new-one", "گروه"), "short", "یک | دو"), "one value a line"},
		{"actors", with(group("new-one", "گروه"), "short", "یک\n\tfa دو"), "one value a line"},
		{"actors", with(group("new-one", "گروه"), "short", "یک\u202eدو"), "cannot be seen"},
		{"actors", with(group("new-one", "گروه"), "short", "یک\x00"), "cannot be seen"},
		{"actors", with(group("new-one", "گروه"), "short", "\xff"), "cannot be seen"},
		{"actors", with(group("new-one", "گروه"), "short", strings.Repeat("ا", 201)), "longer than"},
		{"actors", with(group("new-one", "گروه"), "short"), "is empty"},
		{"actors", with(group("new-one", "گروه"), "weak", "yes"), "has no value"},
		{"actors", Entry{ID: "new-one", Fields: []Field{{"type", []string{"ARMY"}}, {"fa", []string{"گروه"}}, {"en", []string{"G"}}}}, "none of the values"},
		{"persons", Entry{ID: "new-class", Fields: []Field{{"fa", []string{"بهروز"}}}}, "classes"},
	} {
		_, err := b.With(c.kind, c.e)
		var bad *BadEntry
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %+v: %v, want %q", c.kind, c.e, err, c.want)
		}
	}
	for kind, e := range map[string]Entry{
		"actors":  with(group("new-one", "گروه تازه"), "in", "iran"),
		"persons": {ID: "given", Fields: []Field{{"fa", []string{"بهروز"}}}},
		"outlets": {ID: "irna", Fields: []Field{{"fa", []string{"آژانس نمونه"}}}}, // adds to one that is there
	} {
		next, err := b.With(kind, e)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if own := next.Own(kind); len(own) != 1 || own[0] != e.ID || len(b.Own(kind)) != 0 {
			t.Errorf("%s: own %q, before %q", kind, own, b.Own(kind))
		}
	}
}

// An entry that is kept is found when the folder is loaded, what stood there
// stays byte for byte, and the examples stand beside it.
func TestKeep(t *testing.T) {
	old := "# mine\nirna\n\tfa خبرگزاری نمونه" // no line feed at its end
	dir := folder(t, "outlets.txt", old)
	b := book(t, dir)
	s := Sentences{For: []string{"گروه تازه بیانیه‌ای داد."}, Against: []string{"این گروه تازه است."}}
	for i, step := range []struct {
		kind string
		e    Entry
	}{
		{"actors", group("new-one", "گروه تازه")},
		{"outlets", Entry{ID: "irna", Fields: []Field{{"fa", []string{"آژانس نمونه"}}}}},
		{"actors", group("new-two", "گروه دوم")},
		{"actors", Entry{ID: "new-two", Fields: []Field{{"weak", nil}}}},
	} {
		next, err := b.Keep(dir, step.kind, step.e, s)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		l, err := Load(dir)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if l.Hash() != next.Lexicon().Hash() {
			t.Errorf("%d: what is on the disk is not what was promised", i)
		}
		b = next
	}
	text, _ := os.ReadFile(filepath.Join(dir, "outlets.txt"))
	if want := old + "\n\nirna\n\tfa آژانس نمونه\n"; string(text) != want {
		t.Errorf("outlets.txt: %q", text)
	}
	l := b.Lexicon()
	if e := named(t, l, "actors", "new-two"); e == nil || !e.Has("weak") || e.Get("fa") != "گروه دوم" {
		t.Errorf("new-two: %+v", e)
	}
	if got := named(t, l, "outlets", "irna").All("fa"); !slices.Contains(got, "آژانس نمونه") || !slices.Contains(got, "خبرگزاری نمونه") {
		t.Errorf("irna: %q", got)
	}
	list, err := b.Examples(dir, "actors", "new-one", 10)
	if err != nil || len(list) == 0 || !list[0].User || list[0].Get("text") != s.For[0] || list[0].Get("not") != s.Against[0] {
		t.Errorf("examples: %+v %v", list, err)
	}
	if parts := b.Parts("outlets", "irna"); len(parts) != 3 || parts[0].User || !parts[1].User || parts[2].Line != 5 {
		t.Errorf("parts of irna: %+v", parts)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.new"))
	if more, _ := filepath.Glob(filepath.Join(dir, "corpus", "*.new")); len(names)+len(more) > 0 {
		t.Errorf("left behind: %q %q", names, more)
	}
}

func TestKeepRefuses(t *testing.T) {
	s := Sentences{For: []string{"گروه تازه بیانیه‌ای داد."}}
	e := group("new-one", "گروه تازه")
	dir := folder(t)
	b := book(t, dir)
	if _, err := b.Keep(dir, "actors", e, Sentences{}); err == nil || !strings.Contains(err.Error(), "sentence") {
		t.Errorf("without example: %v", err)
	}
	for _, bad := range []string{"یک\nfars-news\n\t-", "یک | دو", "یک\u202e", " یک"} {
		if _, err := b.Keep(dir, "actors", e, Sentences{For: []string{bad}}); err == nil {
			t.Errorf("example %q is kept", bad)
		}
	}
	if _, err := b.Keep(filepath.Join(dir, "nowhere"), "actors", e, s); err == nil {
		t.Error("kept in a folder that is not there")
	}
	// Somebody else wrote the file meanwhile.
	if err := os.WriteFile(filepath.Join(dir, "actors.txt"), []byte("other\n\ttype GRP\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Keep(dir, "actors", e, s); !errors.Is(err, ErrChanged) {
		t.Errorf("over what somebody else wrote: %v", err)
	}
	if _, err := book(t, dir).Keep(dir, "actors", e, s); err != nil {
		t.Errorf("on what is there now: %v", err)
	}
	// A link leads out of the folder.
	dir = folder(t)
	out := filepath.Join(t.TempDir(), "elsewhere.txt")
	if err := os.WriteFile(out, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(out, filepath.Join(dir, "actors.txt")); err != nil {
		t.Fatal(err)
	}
	if _, err := book(t, dir).Keep(dir, "actors", e, s); err == nil {
		t.Error("written through a link")
	}
	if b, err := os.ReadFile(out); err != nil || len(b) > 0 {
		t.Errorf("elsewhere: %q %v", b, err)
	}
	dir = folder(t)
	if err := os.Symlink(t.TempDir(), filepath.Join(dir, "corpus")); err != nil {
		t.Fatal(err)
	}
	if _, err := book(t, dir).Keep(dir, "actors", e, s); err == nil {
		t.Error("the examples were written through a link")
	}
	// A file that somebody broke is named, and nothing is written.
	dir = folder(t)
	b = book(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "cues.txt"), []byte("\tfa یک\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Keep(dir, "actors", e, s); err == nil || !strings.Contains(err.Error(), "cues.txt:1") {
		t.Errorf("beside a broken file: %v", err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("written beside a broken file: %v", list)
	}
}

// The examples of an entry are those that name it or have its words.
func TestExamples(t *testing.T) {
	b := book(t, "")
	for _, c := range []struct{ kind, id string }{{"actors", "un-security-council"}, {"outlets", "irna"}, {"loaded", "martyr"}} {
		list, err := b.Examples("", c.kind, c.id, 5)
		if err != nil || len(list) == 0 || len(list) > 5 {
			t.Errorf("%s %s: %d examples, %v", c.kind, c.id, len(list), err)
		}
	}
}
