package archive

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/testing/ptest"
)

func TestMain(m *testing.M) { ptest.Main(m) }

// deadline is how long a pipeline may take: one whose worker died hangs for ever.
const deadline = 3 * time.Minute

// runPipeline runs a pipeline in this process, on Prism.
func runPipeline(t *testing.T, p *beam.Pipeline) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := beam.Run(ctx, "prism", p)
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		t.Fatalf("the pipeline did not end within %v", deadline)
		return nil
	}
}

// linked links files in this process and returns the lines of each kind of output.
func linked(t *testing.T, o Options) map[string][]string {
	t.Helper()
	o.Out = t.TempDir()
	p, s := beam.NewPipelineWithRoot()
	if err := Link(s, o); err != nil {
		t.Fatal(err)
	}
	if err := runPipeline(t, p); err != nil {
		t.Fatal(err)
	}
	return output(t, o.Out)
}

// output reads the lines that a folder has of each kind.
func output(t *testing.T, folder string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, kind := range []string{Relays, Origins, Incidents, Errors} {
		files, err := filepath.Glob(filepath.Join(folder, kind+"-*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s in %s: %v", kind, folder, err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for line := range bytes.Lines(b) {
				out[kind] = append(out[kind], string(bytes.TrimSuffix(line, []byte("\n"))))
			}
		}
		slices.Sort(out[kind])
	}
	return out
}

func wantLines(t *testing.T, what string, got, want []string) {
	t.Helper()
	for _, l := range got {
		if !slices.Contains(want, l) {
			t.Errorf("%s: on the pipeline, and not on one machine:\n%s", what, l)
		}
	}
	for _, l := range want {
		if !slices.Contains(got, l) {
			t.Errorf("%s: on one machine, and not on the pipeline:\n%s", what, l)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d on the pipeline, %d on one machine", what, len(got), len(want))
	}
}
