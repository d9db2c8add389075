// Benchmark runs the sanad program and prints how fast it reads. It is called
// by scripts/bench.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/sanad-project/sanad"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: scripts/bench [ARTICLES.jsonl]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(bin, dir, name string) error {
	times := 1
	if name == "" {
		name, times = "examples/articles.jsonl", 50
	}
	articles, err := load(name)
	if err != nil {
		return err
	}
	if name, err = filepath.Abs(name); err != nil {
		return err
	}
	var all, ten []string
	for range times {
		all = append(all, name)
	}
	for range 10 {
		ten = append(ten, all...)
	}
	n := len(articles) * times
	bytes := 0
	for _, a := range articles {
		bytes += len(a.Title) + len(a.Text)
	}
	fmt.Printf("%d articles, %.1f MB of text, %d processors, %s\n", n, float64(bytes*times)/1e6, runtime.NumCPU(), runtime.Version())
	for _, jobs := range []string{"1", "2"} {
		best := time.Hour
		var peak int64
		for range 3 {
			d, mem, err := read(bin, append([]string{"--jobs", jobs}, all...)...)
			if err != nil {
				return err
			}
			best, peak = min(best, d), max(peak, mem)
		}
		fmt.Printf("%s job(s)            %8.0f articles/s  %6.2f MB/s  peak %d MB\n", jobs, float64(n)/best.Seconds(), float64(bytes*times)/1e6/best.Seconds(), peak>>20)
	}
	first, err := firstRecord(bin, dir, articles[0])
	if err != nil {
		return err
	}
	fmt.Printf("start to 1st record  %8.0f ms\n", float64(first.Microseconds())/1e3)
	d, peak, err := read(bin, ten...)
	if err != nil {
		return err
	}
	fmt.Printf("ten times the input  %8.0f articles/s  peak %d MB\n", float64(10*n)/d.Seconds(), peak>>20)
	var text strings.Builder
	for i := 0; text.Len() < 1<<20; i++ {
		text.WriteString(articles[i%len(articles)].Text + "\n")
	}
	for _, size := range []int{256 << 10, 512 << 10, 1 << 20} {
		s := strings.ToValidUTF8(text.String()[:size], "")
		f := filepath.Join(dir, "long.jsonl")
		if err := write(f, sanad.Article{ID: "long", Text: s}); err != nil {
			return err
		}
		d, peak, err := read(bin, f)
		if err != nil {
			return err
		}
		fmt.Printf("one text of %4d KB  %8.0f ms           peak %d MB\n", size>>10, float64(d.Microseconds())/1e3, peak>>20)
	}
	return nil
}

func load(name string) ([]sanad.Article, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []sanad.Article
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var a sanad.Article
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, a)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: no articles", name)
	}
	return list, sc.Err()
}

func write(name string, a sanad.Article) error {
	b, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(b, '\n'), 0o644)
}

// read runs "sanad read" and returns its time and peak memory. Articles that
// cannot be read do not matter here.
func read(bin string, args ...string) (time.Duration, int64, error) {
	cmd := exec.Command(bin, append([]string{"read", "--format", "jsonl"}, args...)...)
	cmd.Stdout = io.Discard
	var msg bytes.Buffer
	cmd.Stderr = &msg
	start := time.Now()
	err := cmd.Run()
	d := time.Since(start)
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 {
		return 0, 0, fmt.Errorf("%v: %s", err, msg.String())
	}
	var mem int64
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		mem = int64(u.Maxrss) << 10
	}
	return d, mem, nil
}

// firstRecord is the time from start to the first byte of a record, the best
// of five.
func firstRecord(bin, dir string, a sanad.Article) (time.Duration, error) {
	f := filepath.Join(dir, "first.jsonl")
	if err := write(f, a); err != nil {
		return 0, err
	}
	best := time.Hour
	for range 5 {
		cmd := exec.Command(bin, "read", "--format", "jsonl", f)
		out, err := cmd.StdoutPipe()
		if err != nil {
			return 0, err
		}
		start := time.Now()
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		if _, err := out.Read(make([]byte, 1)); err != nil {
			return 0, err
		}
		best = min(best, time.Since(start))
		io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			return 0, err
		}
	}
	return best, nil
}
