package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/tools/txtar"
)

// show prints a page as the files of testdata/pages have it.
func show(p Page) string {
	return fmt.Sprintf("title: %s\noutlet: %s\nauthor: %s\npublished: %s\nurl: %s\nguessed: %s\n\n%s\n", p.Title, p.Outlet, p.Author, p.Published, p.URL, strings.Join(p.Guessed, ", "), p.Text)
}

// load reads a file of testdata/pages: the page as bytes, its media type and
// address, and what has to come out.
func load(t testing.TB, file string) (raw []byte, hint, url string, want []string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ar := txtar.Parse(b)
	encode := ""
	for l := range strings.Lines(string(ar.Comment)) {
		k, v, _ := strings.Cut(strings.TrimSpace(l), ": ")
		switch k {
		case "url":
			url = v
		case "type":
			hint = v
		case "encode":
			encode = v
		}
	}
	for _, f := range ar.Files {
		switch f.Name {
		case "page.html":
			raw = f.Data
		case "want":
			var w []string
			for l := range strings.Lines(string(f.Data)) {
				w = append(w, strings.TrimRight(l, " \n"))
			}
			want = append(want, strings.Join(w, "\n")+"\n")
		}
	}
	switch encode {
	case "windows-1256":
		// Digits of Persian have no place in it; pages used Latin ones.
		s := strings.NewReplacer("ی", "ي", "۰", "0", "۱", "1", "۲", "2", "۳", "3", "۴", "4", "۵", "5", "۶", "6", "۷", "7", "۸", "8", "۹", "9").Replace(string(raw))
		if raw, err = charmap.Windows1256.NewEncoder().Bytes([]byte(s)); err != nil {
			t.Fatal(err)
		}
	case "utf-16":
		if raw, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(raw); err != nil {
			t.Fatal(err)
		}
	}
	return raw, hint, url, want
}

// known is what comes out of a page that is not read right yet: the section
// "now" of its file, where "want" stays what has to come out.
func known(t *testing.T, file string) []string {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range ar.Files {
		if f.Name == "now" {
			return []string{string(f.Data)}
		}
	}
	return nil
}

func TestPages(t *testing.T) {
	files, _ := filepath.Glob("testdata/pages/*.txtar")
	if len(files) < 12 {
		t.Fatalf("%d pages", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			raw, hint, url, want := load(t, file)
			p, err := Read(raw, hint, url)
			if err != nil {
				t.Fatal(err)
			}
			got := []Page{p}
			if p.Posts != nil {
				got = p.Posts
			}
			if now := known(t, file); now != nil {
				want = now
			}
			if len(got) != len(want) {
				t.Fatalf("%d articles, want %d", len(got), len(want))
			}
			for i, p := range got {
				var g []string
				for l := range strings.Lines(show(p)) {
					g = append(g, strings.TrimRight(l, " \n"))
				}
				if d := cmp.Diff(strings.Split(want[i], "\n"), strings.Split(strings.Join(g, "\n")+"\n", "\n")); d != "" {
					t.Errorf("article %d (-want +got):\n%s", i+1, d)
				}
			}
		})
	}
}
