package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// telling is the ledger as package incident looks things up in it. It sees
// through a transaction what that transaction wrote.
type telling struct {
	ctx    context.Context
	l      *Ledger
	q      querier
	merges *review.Merges
}

func (l *Ledger) telling(ctx context.Context, q querier) (*telling, error) {
	m, err := l.merges(ctx, q)
	return &telling{ctx, l, q, m}, err
}

// Stretches is that of incident.Store.
func (s *telling) Stretches() ([]int64, error) {
	var list []int64
	err := s.l.each(s.ctx, s.q, "SELECT DISTINCT stretch FROM sketch_stretches ORDER BY stretch", nil, func(r *sql.Rows) error {
		var n int64
		err := r.Scan(&n)
		list = append(list, n)
		return err
	})
	return list, err
}

// sketchColumns are those of sketches k, with the origin as it is now.
const sketchColumns = "k.report, k.data, coalesce(q.id, '')"

const sketchOrigin = " LEFT JOIN origins o ON o.report = k.report LEFT JOIN reports q ON q.seq = o.origin "

func scanSketch(r *sql.Rows, more ...any) (*incident.Sketch, error) {
	var report int64
	var data []byte
	var origin string
	if err := r.Scan(append([]any{&report, &data, &origin}, more...)...); err != nil {
		return nil, err
	}
	x := new(incident.Sketch)
	if err := x.UnmarshalBinary(data); err != nil {
		return nil, &Damage{"sketches", report, "the sketch cannot be read (" + err.Error() + "); \"sanad rebuild\" and \"sanad link\" make all anew"}
	}
	x.Origin = origin
	return x, nil
}

// Sketches is that of incident.Store. A few hundred are in memory at a time,
// and no query is open while they are looked at: it would keep others from the
// same connection.
func (s *telling) Sketches(stretch int64) iter.Seq2[*incident.Sketch, error] {
	return func(yield func(*incident.Sketch, error) bool) {
		const page = 500
		for after := ""; ; {
			var list []*incident.Sketch
			err := s.l.each(s.ctx, s.q, "SELECT "+sketchColumns+", p.id FROM sketch_stretches p JOIN sketches k ON k.report = p.report"+sketchOrigin+"WHERE p.stretch = ? AND p.id > ? ORDER BY p.id LIMIT ?", []any{stretch, after, page}, func(r *sql.Rows) error {
				x, err := scanSketch(r, &after)
				list = append(list, x)
				return err
			})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, x := range list {
				if !yield(x, nil) {
					return
				}
			}
			if len(list) < page {
				return
			}
		}
	}
}

// SketchesOf is that of incident.Store.
func (s *telling) SketchesOf(ids []string) ([]*incident.Sketch, error) {
	var list []*incident.Sketch
	err := s.parts(ids, func(in string, args []any) error {
		return s.l.each(s.ctx, s.q, "SELECT "+sketchColumns+" FROM sketches k JOIN reports r ON r.seq = k.report"+sketchOrigin+"WHERE r.id IN "+in, args, func(r *sql.Rows) error {
			x, err := scanSketch(r)
			list = append(list, x)
			return err
		})
	})
	return list, err
}

// parts calls f with a few hundred ids at a time, and the marks for them.
func (s *telling) parts(ids []string, f func(in string, args []any) error) error {
	for part := range slices.Chunk(ids, 200) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = storable(id)
		}
		if err := f("("+marks(len(part))+")", args); err != nil {
			return err
		}
	}
	return nil
}

// With is that of incident.Store.
func (s *telling) With(accounts []incident.Ref) ([]incident.Ref, error) {
	list, err := s.incidentsWith(accounts)
	if err != nil {
		return nil, err
	}
	var out []incident.Ref
	err = s.parts(list, func(in string, args []any) error {
		return s.l.each(s.ctx, s.q, "SELECT DISTINCT r.id, m.start, m.stop FROM members m JOIN reports r ON r.seq = m.report WHERE m.incident IN "+in, args, func(r *sql.Rows) error {
			var x incident.Ref
			err := r.Scan(&x.Report, &x.Start, &x.End)
			out = append(out, x)
			return err
		})
	})
	slices.SortFunc(out, func(a, b incident.Ref) int {
		return cmp.Or(strings.Compare(a.Report, b.Report), a.Start-b.Start, a.End-b.End)
	})
	return slices.Compact(out), err
}

// incidentsWith returns the incidents as they were last linked that have one of
// these accounts, sorted; an account whose End is 0 stands for all of its report.
func (s *telling) incidentsWith(accounts []incident.Ref) ([]string, error) {
	asked := map[incident.Ref]bool{}
	var ids []string
	for _, a := range accounts {
		if a.End == 0 {
			a.Start = 0
		}
		asked[a] = true
		ids = append(ids, a.Report)
	}
	slices.Sort(ids)
	var out []string
	err := s.parts(slices.Compact(ids), func(in string, args []any) error {
		return s.l.each(s.ctx, s.q, "SELECT m.incident, r.id, m.start, m.stop FROM members m JOIN reports r ON r.seq = m.report WHERE r.id IN "+in, args, func(r *sql.Rows) error {
			var id string
			var x incident.Ref
			if err := r.Scan(&id, &x.Report, &x.Start, &x.End); err != nil {
				return err
			}
			if asked[x] || asked[incident.Ref{Report: x.Report}] {
				out = append(out, id)
			}
			return nil
		})
	})
	slices.Sort(out)
	return slices.Compact(out), err
}

// Docs is that of incident.Store.
func (s *telling) Docs(ids []string) ([]incident.Doc, error) {
	var out []incident.Doc
	err := s.parts(ids, func(in string, args []any) error {
		list, err := s.load("r.id IN "+in, args, len(args))
		for _, x := range list {
			out = append(out, x.doc)
		}
		return err
	})
	return out, err
}

// told is a report as grouping wants it.
type told struct {
	seq    int64
	outlet string // entity id or key
	doc    incident.Doc
}

// load reads the reports that a condition on reports r chooses, in the order in
// which they came. Records are unpacked by as many goroutines as there are
// processors.
func (s *telling) load(cond string, args []any, most int) ([]*told, error) {
	l := s.l
	type packed struct {
		told
		reading         int64
		cut             int64
		hash, data, txt []byte
		decisions       []review.Decision
		published       string
		err             error
	}
	var list []*packed
	at := map[int64]*packed{}
	err := l.each(s.ctx, s.q, "SELECT r.seq, r.id, d.outlet, g.seq, g.cut, g.hash, g.record, b.data, coalesce(p.id, '') FROM reports r JOIN documents d ON d.report = r.seq JOIN readings g ON g.seq = d.reading JOIN blobs b ON b.hash = r.text LEFT JOIN origins o ON o.report = r.seq LEFT JOIN reports p ON p.seq = o.origin WHERE "+cond+" ORDER BY r.seq LIMIT ?", append(slices.Clone(args), most), func(r *sql.Rows) error {
		x := new(packed)
		err := r.Scan(&x.seq, &x.doc.ID, &x.outlet, &x.reading, &x.cut, &x.hash, &x.data, &x.txt, &x.doc.Origin)
		list, at[x.seq] = append(list, x), x
		return err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	seqs, ids, byID := make([]any, len(list)), make([]any, len(list)), map[string]*packed{}
	for i, x := range list {
		seqs[i], ids[i], byID[x.doc.ID] = x.seq, x.doc.ID, x
	}
	err = l.each(s.ctx, s.q, "SELECT report, seq, line FROM decisions WHERE report IN ("+marks(len(ids))+") ORDER BY seq", ids, func(r *sql.Rows) error {
		var report, line string
		var seq int64
		if err := r.Scan(&report, &seq, &line); err != nil {
			return err
		}
		var d review.Decision
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			return &Damage{"decisions", seq, "the line is no JSON: " + err.Error()}
		}
		byID[report].decisions = append(byID[report].decisions, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	guessed := map[int64]bool{}
	err = l.each(s.ctx, s.q, "SELECT report, seq, meta FROM arrivals WHERE report IN ("+marks(len(seqs))+") ORDER BY seq", seqs, func(r *sql.Rows) error {
		var report, seq int64
		var raw string
		if err := r.Scan(&report, &seq, &raw); err != nil {
			return err
		}
		var m Meta
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			return &Damage{"arrivals", seq, "what came with the report is no JSON"}
		}
		x, guess := at[report], m.guessed("published")
		if m.Published != "" && (x.published == "" || guessed[report] && !guess) { // as source has it
			x.published, guessed[report] = m.Published, guess
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	todo := make(chan *packed, len(list))
	for _, x := range list {
		todo <- x
	}
	close(todo)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		wg.Go(func() {
			for x := range todo {
				var text []byte
				var raw []byte
				if text, x.err = unpack(x.txt); x.err == nil {
					raw, x.err = whole(string(text), int(x.cut), x.data, [32]byte(x.hash))
				}
				rec := new(record.Record)
				if x.err == nil {
					x.err = json.Unmarshal(raw, rec)
				}
				if x.err != nil {
					x.err = &Damage{"readings", x.reading, x.err.Error()}
					continue
				}
				rev, err := reviewed(rec, x.decisions)
				if x.err = err; err != nil {
					continue
				}
				x.doc.Outlet, x.doc.Published = x.outlet, x.published
				x.doc.Record = merged(rev.Record, x.doc.ID, s.merges)
			}
		})
	}
	wg.Wait()
	out := make([]*told, len(list))
	for i, x := range list {
		if x.err != nil {
			return nil, x.err
		}
		out[i] = &x.told
	}
	return out, nil
}
