package export

import (
	"io"
	"testing"
)

func TestWriteRefuses(t *testing.T) {
	none := func(func(*Item, error) bool) {}
	if err := Write(io.Discard, "spreadsheet", none, Options{}); err == nil {
		t.Error("an unknown format was taken")
	}
}
