//go:build unix

package shard

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps other runs away until f is closed, by whatever end this one comes to.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrBusy
	}
	if errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.EINVAL) {
		return nil // a file system without locks
	}
	return err
}
