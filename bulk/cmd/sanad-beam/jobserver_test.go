package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// limit is how long a job may take on a job server of its own: one whose worker
// dies at its start hangs for ever.
const limit = 2 * time.Minute

// The program gives byte for byte the same files in one process and on job
// servers in processes of their own: Prism, and the one of Beam's Python SDK, which shares no code
// with it, where $SANAD_BEAM_PYTHON names a Python that has apache-beam.
func TestJobServers(t *testing.T) {
	bin := t.TempDir()
	build(t, filepath.Join(bin, "sanad-beam"), ".")
	in := "../../../examples/link/dev/reports.jsonl,../../../examples/link/second/reports.jsonl"
	want := filepath.Join(t.TempDir(), "alone")
	runProgram(t, filepath.Join(bin, "sanad-beam"), "-in", in, "-out", want)
	servers := []struct {
		name    string
		command func(port int) []string
	}{
		{"prism", func(port int) []string {
			build(t, filepath.Join(bin, "prism"), "github.com/apache/beam/sdks/v2/go/cmd/prism")
			return []string{filepath.Join(bin, "prism"), fmt.Sprintf("--job_port=%d", port), "--serve_http=false"}
		}},
		{"python", func(port int) []string {
			python := os.Getenv("SANAD_BEAM_PYTHON")
			if python == "" {
				t.Skip("SANAD_BEAM_PYTHON names no Python that has apache-beam")
			}
			return []string{python, "-m", "apache_beam.runners.portability.local_job_service_main", fmt.Sprintf("--port=%d", port)}
		}},
	}
	for _, server := range servers {
		t.Run(server.name, func(t *testing.T) {
			port := freePort(t)
			endpoint := fmt.Sprintf("localhost:%d", port)
			serve(t, endpoint, server.command(port))
			got := filepath.Join(t.TempDir(), "out")
			runProgram(t, filepath.Join(bin, "sanad-beam"), "-in", in, "-out", got, "--runner=universal", "--endpoint="+endpoint, "--environment_type=LOOPBACK")
			wantFiles(t, got, want)
		})
	}
}

func build(t *testing.T, to, pkg string) {
	t.Helper()
	if out, err := exec.Command("go", "build", "-o", to, pkg).CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// start starts a process with whatever it starts in a group of its own, and
// has all of it killed at the end.
func start(t *testing.T, cmd *exec.Cmd, log *bytes.Buffer) {
	t.Helper()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
}

// serve starts a job server and waits until it listens.
func serve(t *testing.T, endpoint string, command []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	var log bytes.Buffer
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	start(t, cmd, &log)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { // after it nothing of the server is left
		cancel()
		<-ended
	})
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		if c, err := net.Dial("tcp", endpoint); err == nil {
			c.Close()
			tick.Stop()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the job server ended: %v\n%s", err, tail(log.Bytes()))
		case <-tick.C:
		}
	}
}

func runProgram(t *testing.T, command ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var log bytes.Buffer
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	start(t, cmd, &log)
	if err := cmd.Wait(); err != nil || ctx.Err() != nil {
		t.Fatalf("%q: %v (it has %v)\n%s", command, err, limit, tail(log.Bytes()))
	}
}

func tail(b []byte) []byte { return b[max(0, len(b)-4000):] }

// wantFiles compares two folders.
func wantFiles(t *testing.T, got, want string) {
	t.Helper()
	list, err := os.ReadDir(want)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, f := range list {
		a, err := os.ReadFile(filepath.Join(want, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(got, f.Name()))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: %d bytes, want %d others (%v)", f.Name(), len(b), len(a), err)
		}
		size += len(a)
	}
	other, err := os.ReadDir(got)
	if err != nil || len(other) != len(list) || size == 0 {
		t.Errorf("%d files, want %d; %d bytes; %v", len(other), len(list), size, err)
	}
}
