package input

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHeadline(t *testing.T) {
	for _, c := range []struct{ in, title, text string }{
		{"عنوان\n\nمتن خبر.", "عنوان", "\nمتن خبر."},
		{"عنوان\r\n\r\nمتن خبر.", "عنوان", "\r\nمتن خبر."},
		{"عنوان\nمتن خبر.", "", "عنوان\nمتن خبر."},
		{"جمله‌ای کامل است.\n\nمتن خبر.", "", "جمله‌ای کامل است.\n\nمتن خبر."},
		{"تنها یک سطر", "", "تنها یک سطر"},
		{"تنها یک سطر\n\n", "", "تنها یک سطر\n\n"},
		{"\n\nمتن", "", "\n\nمتن"},
		{strings.Repeat("بلند ", 40) + "\n\nمتن", "", strings.Repeat("بلند ", 40) + "\n\nمتن"},
	} {
		title, text := Headline(c.in)
		if title != c.title || text != c.text {
			t.Errorf("Headline(%q) = %q, %q; want %q, %q", c.in, title, text, c.title, c.text)
		}
	}
}

func collect(in string) (items []Item) {
	(&Reader{Stdin: strings.NewReader(in)}).Each([]string{"-"}, func(it Item) bool {
		items = append(items, it)
		return true
	})
	return items
}

func TestLines(t *testing.T) {
	items := collect("{\"text\": \"یک\"}\r\n\n{\"text\": \"دو\"}\n{\"text\"\n{\"text\": \"سه\"}")
	var got []string
	for _, it := range items {
		s := it.Where() + " " + it.Article.ID + " " + it.Article.Text
		if it.Err != nil {
			s += it.Err.Error()
		}
		got = append(got, s)
	}
	want := []string{"standard input:1 stdin-1 یک", "standard input:3 stdin-3 دو", "standard input:4  the JSON is cut off before its end", "standard input:5 stdin-5 سه"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestKeep: with Keep each item has the bytes it came from, and keeps them when
// the next one is read; without it none has.
func TestKeep(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name, in string
		kind     Kind
		want     []string
	}{
		{"a.txt", "\xef\xbb\xbfعنوان\r\n\r\nمتن.\r\n", Text, []string{"\xef\xbb\xbfعنوان\r\n\r\nمتن.\r\n"}},
		{"b.jsonl", "{\"text\": \"یک\"}\r\n\n{\"text\": \"دو\", \"x\": 1}\n{\"text\"\n", JSON, []string{"{\"text\": \"یک\"}", "{\"text\": \"دو\", \"x\": 1}", "{\"text\""}},
		{"c.json", "[ {\"text\": \"یک\"},\n  {\"text\":\n\"دو\"} ]", JSON, []string{"{\"text\": \"یک\"}", "{\"text\":\n\"دو\"}"}},
		{"d", "{\"text\": \"یک\"}\n{\"text\": \"سه\"}", JSON, []string{"{\"text\": \"یک\"}", "{\"text\": \"سه\"}"}},
	} {
		name := filepath.Join(dir, c.name)
		if err := os.WriteFile(name, []byte(c.in), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, keep := range []bool{true, false} {
			var items []Item
			(&Reader{Keep: keep}).Each([]string{name}, func(it Item) bool {
				items = append(items, it)
				return true
			})
			if len(items) != len(c.want) {
				t.Fatalf("%s: %d items", c.name, len(items))
			}
			for i, it := range items {
				if it.Kind != c.kind || it.Media == "" || keep && string(it.Raw) != c.want[i] || !keep && it.Raw != nil {
					t.Errorf("%s, keep %v: %s %s %q, want %q", c.name, keep, it.Kind, it.Media, it.Raw, c.want[i])
				}
			}
		}
	}
}

func TestStopsWhenAsked(t *testing.T) {
	n := 0
	(&Reader{Stdin: strings.NewReader(strings.Repeat("{\"text\": \"یک\"}\n", 10))}).Each([]string{"-", "nowhere"}, func(Item) bool {
		n++
		return n < 3
	})
	if n != 3 {
		t.Errorf("%d items after the third was refused", n)
	}
}

// FuzzInput: whatever comes in, an item has an article in valid UTF-8 or an
// error, and there is at least one.
func FuzzInput(f *testing.F) {
	f.Add([]byte("{\"id\": \"a\", \"text\": \"خبر \\ud83d\\ude00\"}\n{\"text\": \"\\ud83d\"}\n"))
	f.Add([]byte("[\n{\"text\": \"خبر\"},\n{}]"))
	f.Add([]byte("{\n\"text\": \"خبر\"}{"))
	f.Add([]byte("\xff\xfe\x2e\x06\x28\x06"))
	f.Add([]byte("\xce\xc8\xd1"))
	f.Add([]byte("خبر"))
	f.Fuzz(func(t *testing.T, in []byte) {
		items := collect(string(in))
		for _, it := range items {
			if it.Err == nil && (!utf8.ValidString(it.Article.Text) || !utf8.ValidString(it.Article.Title) || it.Article.Text+it.Article.Title == "") {
				t.Fatalf("%s: %q", it.Where(), it.Article.Text)
			}
		}
	})
}
