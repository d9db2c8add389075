package sanad_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/internal/valid"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/score"
)

var update = flag.Bool("update", false, "write the golden files anew")

func ExampleRead() {
	d, err := sanad.Read(sanad.Article{
		Outlet:    "خبرگزاری ایرنا",
		Published: "1402-12-20",
		Text:      "یک مقام عراقی دیروز در بغداد با خبرنگاران گفت‌وگو کرد.\nانتهای پیام/",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*d.Document.Published)
	for _, x := range d.Dropped {
		fmt.Println(x.Reason, x.Start, x.End)
	}
	// Output:
	// 2024-03-10
	// sign-off 55 67
}

func reader(t testing.TB) *sanad.Reader {
	t.Helper()
	d, err := sanad.New("")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// examples returns the project's own reports.
func examples(t testing.TB) []sanad.Article {
	t.Helper()
	f, err := os.Open("examples/articles.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []sanad.Article
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		var a sanad.Article
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			t.Fatalf("examples/articles.jsonl:%d: %v", n, err)
		}
		list = append(list, a)
	}
	if sc.Err() != nil || len(list) == 0 {
		t.Fatal("no examples", sc.Err())
	}
	return list
}

// TestRecords holds the records of the examples against the schema and laws
// of the record, and reads each twice: the same input gives the same bytes.
func TestRecords(t *testing.T) {
	d := reader(t)
	for _, a := range examples(t) {
		var twice [2][]byte
		for i := range twice {
			rec, err := d.Read(a)
			if err != nil {
				t.Fatalf("%s: %v", a.ID, err)
			}
			if twice[i], err = json.Marshal(rec); err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimPrefix(a.Title+"\n"+a.Text, "\n"); rec.Document.Text != want {
				t.Errorf("%s: document.text is not title, newline, text", a.ID)
			}
		}
		if err := valid.JSON(twice[0]); err != nil {
			t.Errorf("%s: %v", a.ID, err)
		}
		if !bytes.Equal(twice[0], twice[1]) {
			t.Errorf("%s: two readings differ: %s", a.ID, cmp.Diff(string(twice[0]), string(twice[1])))
		}
	}
}

// TestScores compares the score on the project's annotated reports with the
// one in examples/scores, so that each change shows its effect. Where it
// differs and is meant to: go test . -update
func TestScores(t *testing.T) {
	d := reader(t)
	byID := map[string]sanad.Article{}
	for _, a := range examples(t) {
		byID[a.ID] = a
	}
	gold, err := filepath.Glob("examples/gold/*.json")
	if err != nil || len(gold) == 0 {
		t.Fatal("no annotations", err)
	}
	sort.Strings(gold)
	var out bytes.Buffer
	misses := map[string][]string{}
	for _, layer := range append([]string{""}, score.Layers...) {
		c := &score.Scorer{Errors: layer}
		for _, name := range gold {
			id := strings.TrimSuffix(filepath.Base(name), ".json")
			a, ok := byID[id]
			if !ok {
				t.Fatalf("%s: no such article in examples/articles.jsonl", id)
			}
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rec, err := d.Read(a)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Record(id, rec.Document.Text, raw, rec); err != nil {
				t.Fatal(err)
			}
		}
		if c.Bad > 0 {
			t.Errorf("%d spans that do not match the text", c.Bad)
		}
		if layer == "" {
			c.Print(&out)
		}
		misses[layer] = c.Listed
	}
	for _, layer := range []string{"mentions_typed", "times_value", "numbers", "statements_via", "events_args", "loaded"} {
		fmt.Fprintf(&out, "\n# %s: missed (-) and made up (+)\n", layer)
		for _, l := range misses[layer] {
			fmt.Fprintln(&out, l)
		}
	}
	const golden = "examples/scores"
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no examples/scores yet; go test . -update writes it")
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("the score differs from %s; if that is meant: go test . -update\n%s", golden, diff)
	}
}

func TestNotRead(t *testing.T) {
	d := reader(t)
	for _, c := range []struct{ name, text, want string }{
		{"empty", " \n\t\u200c", "no text to read"},
		{"punctuation", "... 123 ؟", "no text to read"},
		{"English", "The minister said on Monday that talks would go on.", "mostly in Latin letters"},
		{"Russian", "Министр заявил, что переговоры продолжатся.", "mostly in Cyrillic letters"},
		{"Arabic", "قال وزير الخارجية العراقي إن المفاوضات بين الحكومة والمعارضة سوف تستمر خلال الأيام القادمة في بغداد", "Arabic"},
		{"Urdu", "وزیر خارجہ نے کہا ہے کہ مذاکرات جاری رہیں گے اور اس میں کوئی شک نہیں کہ یہ ملک کے لیے بہتر ہے", "Urdu"},
		{"Pashto", "د بهرنیو چارو وزیر وویل چې خبرې به دوام ولري او په دې اړه کوم شک نشته چې دا د هېواد له پاره ښه ده", "Pashto"},
		{"Kurdish", "وەزیری دەرەوە رایگەیاند کە گفتوگۆکان بەردەوام دەبن و ئەم بابەتە بۆ وڵات باشە", "Kurdish"},
		{"not UTF-8", "خبر\xff", "not valid UTF-8 at byte 7"},
		{"too long", strings.Repeat("خبر ", sanad.MaxText/7+1), "longer than"},
	} {
		rec, err := d.Read(sanad.Article{Text: c.text})
		if err == nil {
			t.Errorf("%s: read, with %d mentions", c.name, len(rec.Mentions))
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.name, err, c.want)
		}
	}
	for _, text := range []string{
		"وزير خارجه عراق گفت گفتگوها ادامه دارد.",
		"کابل: وزارت دفاع افغانستان از کشته شدن ده تن خبر داد و گفت که این رویداد شام دیروز در ولایت هرات رخ داده است.",
		"بغداد، تهران، دمشق، بیروت، صنعا",
		"وی گفت: «قال رسول الله صلی الله علیه و آله» و سپس از مردم خواست که در انتخابات شرکت کنند و به آینده کشور امیدوار باشند.",
		"خبر",
	} {
		if _, err := d.Read(sanad.Article{Text: text}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"2024-03-10":                "2024-03-10",
		"2024-03-10T08:30:00+03:30": "2024-03-10",
		"2024-3-9":                  "2024-03-09",
		"1402-12-20":                "2024-03-10",
		"1399-12-30":                "2021-03-20",
		"۱۴۰۲/۱۲/۲۰":                "2024-03-10",
		"۲۰ اسفند ۱۴۰۲":             "2024-03-10",
		"یکشنبه ۲۰ اسفند ۱۴۰۲":      "2024-03-10",
		"1402-12-30":                "",
		"2023-02-29":                "",
		"1402":                      "",
		"اسفند ۱۴۰۲":                "",
		"20 / 12":                   "",
		"yesterday":                 "",
	} {
		got := ""
		if d, err := sanad.ParseDate(in); err == nil {
			got = fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
		}
		if got != want {
			t.Errorf("ParseDate(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestStrange reads texts that nobody would write and everybody meets.
func TestStrange(t *testing.T) {
	d := reader(t)
	for name, text := range map[string]string{
		"nested quotes": strings.Repeat("«", 10000) + "وزیر گفت" + strings.Repeat("»", 10000),
		"open quotes":   strings.Repeat("او گفت: «", 10000),
		"bidi controls": "\u202eوزیر خارجه\u202c ایران \u2067گفت\u2069: \u200fجنگ پایان یافت\u200e.",
		"no verb":       "حمله هوایی به پایگاه نظامی در شمال عراق با سه کشته و ده زخمی",
		"one word":      strings.Repeat("ا", 200000),
		"no space":      strings.Repeat("بغداد،", 50000),
		"marks":         "ب" + strings.Repeat("\u0651", 100000),
		"zwnj":          strings.Repeat("می\u200c\u200c\u200cرود ", 20000),
		"digits":        "عدد " + strings.Repeat("۱", 100000),
		"thousands":     strings.Repeat("هزار و ", 30000),
		"names":         strings.Repeat("علی محمد حسین ", 20000),
		"that that":     strings.Repeat("گفت که ", 20000),
		"no stop":       strings.Repeat("نیروهای عراقی در حمله به بغداد سه نفر را کشتند و ", 3000),
		"carriage":      "خبر\r\nوزیر گفت\r\rپایان\x00\x01",
		"lines":         strings.Repeat("\n", 100000) + "خبر",
	} {
		rec, err := d.Read(sanad.Article{ID: name, Text: text})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := valid.Record(rec); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzRead holds any text against the laws of the record: spans in range and
// equal to the quote, valid against the schema, the same twice.
func FuzzRead(f *testing.F) {
	for _, a := range examples(f) {
		f.Add(a.Title, a.Text, a.Published)
	}
	f.Add("", "وی گفت: «« سه نفر\u200c كشته شدند.\u202e انتهای پیام/", "1402-12-20")
	d := reader(f)
	f.Fuzz(func(t *testing.T, title, text, published string) {
		if len(text) > 8<<10 {
			return
		}
		a := sanad.Article{ID: "x", Title: title, Text: text, Published: published}
		rec, err := d.Read(a)
		if err != nil {
			return
		}
		one, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid.JSON(one); err != nil {
			t.Fatal(err)
		}
		again, err := d.Read(a)
		if err != nil {
			t.Fatal(err)
		}
		if two, _ := json.Marshal(again); !bytes.Equal(one, two) {
			t.Fatal(cmp.Diff(rec, again))
		}
		var back record.Record
		if err := json.Unmarshal(one, &back); err != nil {
			t.Fatal(err)
		}
	})
}
