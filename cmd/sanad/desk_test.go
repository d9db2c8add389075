package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The desk prints its address, answers there, and ends when it is interrupted;
// its temporary ledger goes with it.
func TestDeskDemo(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	r, w := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run([]string{"desk", "--demo", "--by", "leila"}, strings.NewReader(""), w, os.Stderr)
		w.Close()
	}()
	address, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v", err)
	}
	address = strings.TrimSpace(address)
	if !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Fatalf("the address is %q", address)
	}
	res, err := http.Get(address + "/?state=all")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || res.StatusCode != 200 || strings.Count(string(page), `class="report"`) != 16 {
		t.Errorf("%d, %d of 16 examples, %v", res.StatusCode, strings.Count(string(page), `class="report"`), err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != exitOK {
		t.Errorf("exit code %d", c)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDeskUsage(t *testing.T) {
	for _, c := range []struct {
		args, why string
	}{
		{"desk --addr 0.0.0.0:8080", "other machines"},
		{"desk --addr :8080", "other machines"},
		{"desk --addr 192.0.2.7:80 --demo", "other machines"},
		{"desk --addr nonsense", "no address"},
		{"desk --demo --ledger x.db", "ledger of its own"},
		{"desk here", "no arguments"},
	} {
		var errw strings.Builder
		if code := run(strings.Fields(c.args), strings.NewReader(""), io.Discard, &errw); code != exitUsage || !strings.Contains(errw.String(), c.why) {
			t.Errorf("%s: %d %s", c.args, code, errw.String())
		}
	}
}
