package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// crawl writes invented reports in several forms, some of them bad, and returns
// the arguments to read them.
func crawl(t *testing.T, dir string) []string {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	of := func(list ...string) string { return list[r.IntN(len(list))] }
	text := func() string {
		return fmt.Sprintf("%s %s گفت: «%s %d نفر در %s کشته شدند.» وی افزود که %s ادامه دارد.", of("سخنگوی پلیس", "وزیر دفاع", "فرماندار"), of("بغداد", "حلب", "کابل", "صنعا"),
			of("دست‌کم", "حدود", "بیش از"), 2+r.IntN(40), of("انفجار بمب", "حمله هوایی", "درگیری"), of("تحقیقات", "عملیات", "گفت‌وگوها"))
	}
	var lines, warc strings.Builder
	for i := range 150 {
		switch {
		case i%17 == 3:
			lines.WriteString("{\"text\": \"ارتش\n")
		case i%23 == 5:
			lines.WriteString("\n")
		default:
			fmt.Fprintf(&lines, "{\"id\": \"l%d\", \"outlet\": \"خبرگزاری ایرنا\", \"published\": \"2020-05-%02d\", \"text\": \"%s\"}\n", i, 1+i%28, text())
		}
	}
	for i := range 60 {
		body := "<html><body><h1>خبر</h1><p>" + text() + "</p></body></html>"
		if i%9 == 4 {
			body = "<html><body></body></html>"
		}
		content := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
		fmt.Fprintf(&warc, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/%d\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", i, len(content), content)
	}
	for name, s := range map[string]string{"in/a.jsonl": lines.String(), "in/b.warc": warc.String(), "in/c.txt": text(), "in/d.txt": "no Persian", "e.jsonl": lines.String()[:4000]} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(s), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return []string{filepath.Join(dir, "in"), filepath.Join(dir, "missing.jsonl"), filepath.Join(dir, "e.jsonl")}
}

// Killed with -9 at random moments and resumed, runs of all shards leave byte for
// byte what runs that nobody killed leave, and together the whole.
func TestReadKilled(t *testing.T) {
	program, err := exec.LookPath("sanad") // that of the scripts: this binary
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := crawl(t, dir)
	read := func(out string, kill time.Duration, more ...string) (whole bool) {
		t.Helper()
		cmd := exec.Command(program, append(append([]string{"read", "-q", "-o", filepath.Join(dir, out), "--checkpoint", "13", "--resume"}, more...), args...)...)
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kill > 0 {
			time.AfterFunc(kill, func() { cmd.Process.Kill() })
		}
		cmd.Wait()
		switch code := cmd.ProcessState.ExitCode(); {
		case code == exitSome:
			return true
		case code == -1 && kill > 0:
			return false
		default:
			t.Fatalf("exit code %d: %s", code, &said)
			return false
		}
	}
	files := func(out, glob string) string {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(dir, out, glob))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "== %s\n%s\n", filepath.Base(name), raw)
		}
		return b.String()
	}
	r := rand.New(rand.NewPCG(8, 8))
	begin := time.Now()
	read("whole", 0)
	took := time.Since(begin)
	var union []string
	killed := 0
	for _, how := range [][]string{{"--shard", "1/2"}, {"--shard", "2/2"}, {"--compress", "zstd"}, {"--shard", "3/4", "--compress", "gzip"}} {
		name := strings.Join(how, "")
		read("calm"+name, 0, how...)
		deaths := 0
		for range 6 {
			if read("killed"+name, 1+time.Duration(r.Int64N(int64(took)*7/10)), how...) {
				break
			}
			deaths++
		}
		read("killed"+name, 0, how...)
		t.Logf("%s: killed %d times", name, deaths)
		killed += deaths
		if got, want := files("killed"+name, "*"), files("calm"+name, "*"); got != want {
			t.Errorf("%s: %d bytes, want %d, or others", name, len(got), len(want))
		}
		if how[0] == "--shard" && len(how) == 2 {
			union = append(union, files("killed"+name, "records-*"))
		}
	}
	count := func(s string) map[string]int {
		m := map[string]int{}
		for l := range strings.Lines(s) {
			if l[0] == '{' {
				m[l]++
			}
		}
		return m
	}
	got, want := count(strings.Join(union, "")), count(files("whole", "records-*"))
	if killed == 0 {
		t.Error("no run was killed before its end")
	}
	if len(want) < 150 {
		t.Errorf("%d different records", len(want))
	}
	for l, n := range want {
		if got[l] != n {
			t.Fatalf("%d times in the shards, %d times in the whole: %.200s", got[l], n, l)
		}
	}
	if len(got) != len(want) {
		t.Errorf("the shards have %d different records, the whole has %d", len(got), len(want))
	}
}

// Stopped by the user, a run says so, leaves whole lines, and can be gone on with.
func TestReadInterrupted(t *testing.T) {
	program, err := exec.LookPath("sanad")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := crawl(t, dir)
	cmd := exec.Command(program, "read", "-q", "-")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	some, err := os.ReadFile(filepath.Join(args[0], "a.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	in.Write(some) // and no more comes, and no end
	first := make([]byte, 2)
	if _, err := out.Read(first); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(os.Interrupt)
	var rest bytes.Buffer
	rest.ReadFrom(out)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(said.String(), "stopped") {
		t.Errorf("exit code %d: %s", code, &said)
	}
	if b := rest.Bytes(); len(b) == 0 || b[len(b)-1] != '\n' {
		t.Errorf("the last line is cut: %.40q", b)
	}
}

// When the reader of its output goes away, a run stops and does not complain.
func TestReadBrokenPipe(t *testing.T) {
	program, err := exec.LookPath("sanad")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := crawl(t, dir)
	cmd := exec.Command(program, "read", "-q", args[0], args[0], args[0])
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	out.Close()
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitOK && code != exitSome || said.Len() > 0 {
		t.Errorf("exit code %d: %s", code, &said)
	}
}
