package archive

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
)

func init() {
	register.DoFn3x0[string, []byte, func(string, []byte)](&sharding{})
	register.DoFn3x1[context.Context, string, func(*[]byte) bool, error](&writing{})
	beam.RegisterType(reflect.TypeFor[sharding]())
	beam.RegisterType(reflect.TypeFor[writing]())
}

// shardKey is a number that stands for a name: lines of one name are in one file.
func shardKey(name string) string { return fmt.Sprint(crc32.ChecksumIEEE([]byte(name))) }

// write writes lines to files, sorted within each file, so that the same answers
// give the same bytes. Every file is written, be it empty.
func write(s beam.Scope, o Options, kind string, lines beam.PCollection) {
	s = s.Scope("write " + kind)
	var names []string
	for i := range o.Shards {
		names = append(names, fmt.Sprintf("%05d ", i))
	}
	none := beam.ParDo(s, asKey, beam.CreateList(s, names))
	sharded := beam.Flatten(s, none, beam.ParDo(s, &sharding{Shards: o.Shards}, lines))
	beam.ParDo0(s, &writing{Out: o.Out, Kind: kind, Shards: o.Shards}, group(s, kind+".files", sharded))
}

type sharding struct{ Shards int }

func (f *sharding) ProcessElement(key string, line []byte, emit func(string, []byte)) {
	n, _ := strconv.ParseUint(key, 10, 32)
	emit(fmt.Sprintf("%05d", n%uint64(f.Shards)), line)
}

// FileName is the name of an output file.
func FileName(kind string, shard, of int) string {
	return fmt.Sprintf("%s-%05d-of-%05d.jsonl", kind, shard, of)
}

// writing writes one file: under another name first, so a name of an output
// stands for a whole file. A bundle that is tried again writes the same.
type writing struct {
	Out, Kind string
	Shards    int
}

func (f *writing) ProcessElement(ctx context.Context, shard string, next func(*[]byte) bool) error {
	list := slices.DeleteFunc(all(next), func(b []byte) bool { return len(b) == 0 })
	slices.SortFunc(list, bytes.Compare)
	n, err := strconv.Atoi(shard)
	if err != nil {
		return fmt.Errorf("output file %q: %w", shard, err)
	}
	name := strings.TrimSuffix(f.Out, "/") + "/" + FileName(f.Kind, n, f.Shards)
	fs, err := filesystem.New(ctx, name)
	if err != nil {
		return err
	}
	defer fs.Close()
	var out bytes.Buffer
	for _, b := range list {
		out.Write(b)
		out.WriteByte('\n')
	}
	if err := filesystem.Write(ctx, fs, name+".part", out.Bytes()); err != nil {
		return err
	}
	return filesystem.Rename(ctx, fs, name+".part", name)
}
