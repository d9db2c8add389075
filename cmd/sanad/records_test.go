package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	_ "modernc.org/sqlite"
)

// contents prints the rows of a ledger, table by table, without times and the
// seals over them.
func contents(t *testing.T, file string) string {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	strs := func(query string) (list []string) {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			list = append(list, s)
		}
		return list
	}
	var b strings.Builder
	for _, table := range strs("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name") {
		var columns []string
		for _, c := range strs("SELECT name FROM pragma_table_info('" + table + "')") {
			if !slices.Contains([]string{"at", "added", "seal", "value"}, c) {
				columns = append(columns, `quote("`+c+`")`)
			}
		}
		fmt.Fprintln(&b, "==", table)
		lines := strs("SELECT " + strings.Join(columns, " || ' ' || ") + " FROM \"" + table + "\"")
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return b.String()
}

// differ says where two texts begin to differ.
func differ(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(x), len(y)) {
		var p, q string
		if i < len(x) {
			p = x[i]
		}
		if i < len(y) {
			q = y[i]
		}
		if p != q {
			return fmt.Sprintf("line %d: %.300s\nand %.300s", i, p, q)
		}
	}
	return ""
}

// Records are as good as the articles that they were read from: the ledger has
// the same contents.
func TestAddRecords(t *testing.T) {
	dir := t.TempDir()
	args := crawl(t, dir)
	must := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := sanadRun(t, args...)
		if code != want {
			t.Fatalf("%v: code %d, want %d\n%s", args, code, want, errs)
		}
		return out + errs
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	must(exitSome, append([]string{"add", "-q", "--ledger", at("articles.db")}, args...)...)
	want := contents(t, at("articles.db"))
	if n := strings.Count(want, "\n"); n < 1000 {
		t.Fatalf("the ledger has %d lines", n)
	}
	must(exitSome, append([]string{"read", "-q", "--full", "--raw", "-o", at("full"), "--compress", "zstd"}, args...)...)
	must(exitSome, append([]string{"read", "-q", "--full", "--raw", "-o", at("plain")}, args...)...)
	raw, err := os.ReadFile(at("plain/records-1-of-1.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Date string `parquet:"date,dict"`
		Line string `parquet:"line"`
	}
	var rows []row
	for line := range strings.Lines(string(raw)) {
		rows = append(rows, row{"2020-05", strings.TrimSuffix(line, "\n")})
	}
	if err := parquet.WriteFile(at("table.parquet"), rows, parquet.Compression(&parquet.Snappy), parquet.PageBufferSize(4000)); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"zstd": "full/records-1-of-1.jsonl.zst", "lines": "plain/records-1-of-1.jsonl", "parquet": "table.parquet"} {
		must(exitOK, "add", "-q", "--ledger", at(name+".db"), at(file))
		if got := contents(t, at(name+".db")); got != want {
			t.Errorf("%s: another ledger: %s", name, differ(got, want))
		}
		must(exitOK, "check", "--ledger", at(name+".db"))
		// The articles bring nothing new then, and the other way round.
		if out := must(exitSome, append([]string{"add", "-q", "--ledger", at(name + ".db")}, args...)...); !strings.Contains(out, " 0 new reports") || strings.Contains(out, "known from elsewhere") {
			t.Errorf("%s: the articles behind their records: %s", name, out)
		}
	}
	if out := must(exitOK, "add", "-q", "--ledger", at("articles.db"), at("plain/records-1-of-1.jsonl")); !strings.Contains(out, " 0 new reports") {
		t.Errorf("the records behind their articles: %s", out)
	}
	// A record alone: the report and what was read from it are the same.
	must(exitSome, append([]string{"read", "-q", "-o", at("bare")}, args...)...)
	must(exitOK, "add", "-q", "--ledger", at("bare.db"), at("bare/records-1-of-1.jsonl"))
	must(exitOK, "check", "--ledger", at("bare.db"))
	ids := regexp.MustCompile(`(?m)^[0-9a-f]{16}  .*`)
	if got, want := ids.FindAllString(must(exitOK, "list", "--ledger", at("bare.db"), "-n", "1000"), -1), ids.FindAllString(must(exitOK, "list", "--ledger", at("articles.db"), "-n", "1000"), -1); !slices.Equal(got, want) || len(got) < 100 {
		t.Errorf("%d reports, want the same %d", len(got), len(want))
	}
	// A reading of another version is kept as such, until it is asked for anew.
	other := regexp.MustCompile(`"reader":"[^"]*"`).ReplaceAll(raw, []byte(`"reader":"0.0.1 elsewhere"`))
	if err := os.WriteFile(at("other.jsonl"), other, 0o666); err != nil {
		t.Fatal(err)
	}
	must(exitOK, "add", "-q", "--ledger", at("other.db"), at("other.jsonl"))
	reports := strings.Count(must(exitOK, "list", "--ledger", at("other.db"), "-n", "1000", "--format", "jsonl"), "\n")
	if n := strings.Count(contents(t, at("other.db")), "'0.0.1 elsewhere'"); n != reports {
		t.Errorf("%d of %d readings have the version that made them", n, reports)
	}
	if out := must(exitOK, "reread", "--ledger", at("other.db")); !strings.Contains(out, " read again, 0 changed") {
		t.Errorf("reread, of %d: %s", reports, out)
	}
	must(exitOK, "check", "--ledger", at("other.db"))
}

// What is not a record, or not one of its text, is refused line by line.
func TestAddBadRecords(t *testing.T) {
	dir := t.TempDir()
	text := "خبر\nپلیس بغداد گفت دو نفر در انفجار بمب کشته شدند."
	if err := os.WriteFile(filepath.Join(dir, "a.jsonl"), []byte(`{"id":"a","outlet":"خبرگزاری ایرنا","published":"1402-12-20","title":"خبر","url":"https://a.example/1","text":"`+strings.TrimPrefix(text, "خبر\n")+`"}`+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, good, _ := sanadRun(t, "read", "--full", filepath.Join(dir, "a.jsonl"))
	_, bare, _ := sanadRun(t, "read", filepath.Join(dir, "a.jsonl"))
	change := func(path string, value any) string {
		var v map[string]any
		if err := json.Unmarshal([]byte(good), &v); err != nil {
			t.Fatal(err)
		}
		m, keys := v, strings.Split(path, ".")
		for _, k := range keys[:len(keys)-1] {
			if list, ok := m[k].([]any); ok {
				m = list[0].(map[string]any)
				continue
			}
			m = m[k].(map[string]any)
		}
		m[keys[len(keys)-1]] = value
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, c := range map[string]struct{ line, want string }{
		"another text":      {change("record.document.text", "متن دیگری است."), "document.text does not begin with the title"},
		"changed text":      {change("record.document.text", strings.Replace(text, "دو", "ده", 1)), "document.sha256 is not that of document.text"},
		"another hash":      {change("record.document.sha256", strings.Repeat("0", 64)), "document.sha256 is not that of document.text"},
		"a false quotation": {strings.Replace(good, `"text":"انفجار بمب"`, `"text":"انفجار گاز"`, 1), "quotes"},
		"out of the text":   {strings.Replace(good, `"end":`, `"end":9`, 1), "not a valid record"},
		"no such entity":    {change("record.document.outlet", "nobody"), `no entity "nobody"`},
		"a field too many":  {change("record.more", 1), "not a valid record"},
		"another field":     {change("more", 1), "no line of sanad read --full"},
		"no record":         {change("record", nil), "not a"},
		"a list":            {change("record", []any{1}), "cannot unmarshal"},
		"another title":     {change("source.title", "خبر دیگر"), "does not begin with the title"},
		"another day":       {change("source.published", "2020-01-01"), `the record's day of publication, "2024-03-10", is not that of the article, "2020-01-01"`},
		"another kind":      {change("source.kind", "film"), `source.kind "film"`},
		"a wrong time":      {change("source.fetched", "gestern"), "is no time"},
		"a guess at what":   {change("source.guessed", []string{"text"}), `"text" is no field`},
		"a long version":    {change("reader", strings.Repeat("x", 300)), "is no name of one"},
		"another schema":    {`{"schema":"sanad.export/1","record":{}}`, `"sanad.export/1": lines of this kind are not taken in`},
		"an error":          {`{"error":"no text to read","input":"x.jsonl:7","record":7}`, "an input that could not be read: x.jsonl:7: no text to read"},
		"cut":               {good[:len(good)/2], "cut off"},
		"a record, changed": {strings.Replace(bare, "بغداد", "بصره", 1), "not a valid record"},
	} {
		t.Run(name, func(t *testing.T) {
			file, db := filepath.Join(t.TempDir(), "in.jsonl"), filepath.Join(t.TempDir(), "l.db")
			if err := os.WriteFile(file, []byte(strings.TrimSpace(c.line)+"\n"+good), 0o666); err != nil {
				t.Fatal(err)
			}
			code, out, errs := sanadRun(t, "add", "--ledger", db, file)
			if code != exitSome || strings.Count(out, "new\t") != 1 || !strings.Contains(errs, "in.jsonl:1: ") || !strings.Contains(errs, c.want) {
				t.Errorf("code %d\n%s%s", code, out, errs)
			}
		})
	}
	// Damaged anywhere, a Parquet file does no harm.
	type row struct {
		Line string `parquet:"line"`
	}
	var b bytes.Buffer
	if err := parquet.Write(&b, slices.Repeat([]row{{strings.TrimSpace(good)}}, 20), parquet.PageBufferSize(2000)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "t.parquet")
	for i := range 60 {
		raw := bytes.Clone(b.Bytes())
		raw[(i*7919+i*i*131)%len(raw)] ^= byte(1 << (i % 8))
		if i%5 == 0 {
			raw = raw[:len(raw)*i/60]
		}
		if err := os.WriteFile(file, raw, 0o666); err != nil {
			t.Fatal(err)
		}
		code, _, errs := sanadRun(t, "add", "-q", "--ledger", filepath.Join(dir, fmt.Sprint(i%3, ".db")), file)
		if code != exitOK && code != exitSome || strings.Contains(errs, "defect") {
			t.Fatalf("round %d: code %d: %s", i, code, errs)
		}
	}
	code, _, errs := sanadRun(t, "read", filepath.Join(dir, "a.jsonl"), file)
	if code != exitSome || !strings.Contains(errs, "t.parquet") {
		t.Errorf("read: code %d: %s", code, errs)
	}
}
