//go:build unix

package ledger

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A user who may not write gets told which file and folder it is about, and can
// read where reading is allowed. Root may do everything, so a child of another
// user tries.
func TestPermissions(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	os.Chmod(dir, 0o755)
	self := must(os.Executable())
	program := filepath.Join(dir, "program")
	if err := os.Link(self, program); err != nil {
		in, out := must(os.Open(self)), must(os.OpenFile(program, os.O_CREATE|os.O_WRONLY, 0o755))
		if _, err := io.Copy(out, in); err != nil {
			t.Fatal(err)
		}
		in.Close()
		out.Close()
	}
	try := func(what, dsn string) string {
		cmd := exec.Command(program)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "SANAD_LEDGER_CHILD="+what, "SANAD_LEDGER_DSN="+dsn)
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		out, err := cmd.CombinedOutput()
		if err != nil && len(out) == 0 {
			t.Skipf("no child of another user can be had here: %v", err)
		}
		return string(out)
	}
	make := func(name string, folder, file os.FileMode) string {
		path := filepath.Join(dir, name, "ledger.db")
		l := openAt(t, path, Options{Create: true})
		add(t, l, stories(0, 3)...)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		os.Chmod(path, file)
		os.Chmod(filepath.Dir(path), folder)
		return path
	}
	file := make("file", 0o777, 0o444)
	folder := make("folder", 0o555, 0o666)
	hidden := make("hidden", 0o755, 0o000)
	for _, c := range []struct{ what, path, want string }{
		{"add 1", file, "error the ledger cannot be written: check the permissions of " + file},
		{"look", file, "ready\nack 3"},
		{"add 1", folder, "check the permissions of " + folder + " and of its folder"},
		{"look", folder, "ready\nack 3"},
		{"add 1", hidden, "check the permissions of " + hidden},
		{"look", hidden, "check the permissions of " + hidden},
		{"add 1", filepath.Join(dir, "folder", "new.db"), "permission denied"},
		{"add 1", filepath.Join(dir, "folder", "new", "new.db"), "permission denied"},
	} {
		if out := try(c.what, c.path); !strings.Contains(out, c.want) {
			t.Errorf("%s of %s says %q, not %q", c.what, c.path, out, c.want)
		}
	}
	for _, path := range []string{file, folder, hidden} {
		os.Chmod(filepath.Dir(path), 0o755)
		os.Chmod(path, 0o600)
		if n := check(t, openAt(t, path, Options{})); n.Reports != 3 {
			t.Errorf("%s: %+v", path, n)
		}
	}
}
