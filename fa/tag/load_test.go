package tag

import (
	"github.com/sanad-project/sanad/models"
	"testing"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(models.Words, models.UPOS); err != nil {
			b.Fatal(err)
		}
	}
}
