package ledger

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/internal/valid"
)

// kept checks the tables of what is kept, each in the order of its rows.
func (c *checker) kept() error {
	for _, pass := range []func() error{c.blobs, c.arrivals, c.readings, c.reports, c.decisions} {
		if err := pass(); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) blobs() error {
	if err := c.mark(); err != nil {
		return err
	}
	err := c.l.each(c.ctx, c.q, "SELECT hash, size, data FROM blobs", nil, func(r *sql.Rows) error {
		v, err := scanValues(r)
		if err != nil {
			return err
		}
		c.n.Blobs++
		c.blob(v)
		return nil
	})
	if err != nil && unreadable(err) {
		c.say("blobs", 0, "after %d rows no more can be read: %v", c.n.Blobs, err)
		c.blind = true
		return c.goOn()
	}
	return err
}

func (c *checker) blob(v values) {
	var hash, data []byte
	var size int64
	if !v.into(&hash, &size, &data) {
		c.badBlob[fmt.Sprintf("%s", v[0])] = true
		c.say("blobs", 0, "the row of %x has a value of another type", v[0])
		return
	}
	b, err := checkUnpack(data)
	if err != nil {
		c.badBlob[string(hash)] = true
		c.say("blobs", 0, "the bytes %x cannot be unpacked: %v", hash, err)
		return
	}
	switch sum := sha256.Sum256(b); {
	case !bytes.Equal(sum[:], hash):
		c.badBlob[string(hash)], c.badBlob[string(sum[:])] = true, true
		c.say("blobs", 0, "the bytes %x are not those that were written: their SHA-256 is %x", hash, sum)
	case int64(len(b)) != size:
		c.say("blobs", 0, "the bytes %x are %d, not %d", hash, len(b), size)
	}
}

func (c *checker) arrivals() error {
	var last int64
	query := `SELECT a.seq, a.report, a.text, a.outlet, a.at, a.origin, a.kind, a.media, a.bytes, a.url, a.meta, a.seal, r.text, b.hash
		FROM arrivals a LEFT JOIN reports r ON r.seq = a.report LEFT JOIN blobs b ON b.hash = a.bytes WHERE a.seq > ? ORDER BY a.seq`
	return c.scan("arrivals", query, &last, func(v values) error {
		c.n.Arrivals++
		var seq, report, at int64
		var text, seal []byte
		var outlet, origin, kind, media, url, meta string
		var raw, reportText, blob any
		if !v.into(&seq, &report, &text, &outlet, &at, &origin, &kind, &media, &raw, &url, &meta, &seal, &reportText, &blob) {
			c.say("arrivals", seq, "a value has another type")
			c.unseal(report)
			c.badText[string(text)] = true
			return nil
		}
		if sealOf(report, text, outlet, at, origin, kind, media, raw, url, meta) != string(seal) {
			c.say("arrivals", seq, "its seal is not that of its values")
			c.unseal(report)
			c.badText[string(text)] = true
			return nil
		}
		switch {
		case reportText == nil:
			c.put(report, "arrivals", seq, "report %d, to which it belongs, is not there", report)
		case !bytes.Equal(reportText.([]byte), text):
			c.put(report, "arrivals", seq, "its text is not that of report %d, to which it belongs", report)
		}
		if raw != nil && blob == nil && !c.blind && !c.badBlob[string(raw.([]byte))] {
			c.say("arrivals", seq, "the bytes %x, from which it came, are not there", raw)
		}
		var m Meta
		d := json.NewDecoder(strings.NewReader(meta))
		d.DisallowUnknownFields()
		if err := d.Decode(&m); err != nil {
			c.say("arrivals", seq, "what came with the report cannot be understood: %v", err)
		}
		if !slices.Contains([]input.Kind{input.Text, input.JSON, input.HTML, input.Feed}, input.Kind(kind)) {
			c.say("arrivals", seq, "there is no kind %q", kind)
		}
		return nil
	})
}

// unseal notes that an arrival or a reading of a report has no true seal.
func (c *checker) unseal(report int64) { c.taint[report], c.unsealed[report] = true, true }

// put says a damage unless the report's own row turns out to be the reason.
func (c *checker) put(report int64, table string, seq int64, format string, args ...any) {
	c.taint[report] = true
	c.later = append(c.later, pending{report, Damage{table, seq, fmt.Sprintf(format, args...)}})
}

// keptReading is a reading whose seal is true, on its way to be put together.
type keptReading struct {
	seq, report, cut int64
	hash, data, text []byte // text is packed
	id               string // of the report
	fault            string // "" where there is none
}

func (c *checker) readings() error {
	var last int64
	var list []keptReading
	query := `SELECT g.seq, g.report, g.hash, g.reader, g.lexicon, g.at, g.cut, g.record, g.seal, r.id, r.text, b.data
		FROM readings g LEFT JOIN reports r ON r.seq = g.report LEFT JOIN blobs b ON b.hash = r.text WHERE g.seq > ? ORDER BY g.seq`
	err := c.scan("readings", query, &last, func(v values) error {
		c.n.Readings++
		var at int64
		var seal []byte
		var reader, lexicon string
		var id *string
		var text, packed any
		var g keptReading
		if !v.into(&g.seq, &g.report, &g.hash, &reader, &lexicon, &at, &g.cut, &g.data, &seal, &id, &text, &packed) {
			c.say("readings", g.seq, "a value has another type")
			c.unseal(g.report)
			return nil
		}
		if sealOf(g.report, g.hash, reader, lexicon, at, g.cut) != string(seal) {
			c.say("readings", g.seq, "its seal is not that of its values")
			c.unseal(g.report)
			c.badID[idWithin(g.cut, g.data)] = true
			return nil
		}
		switch {
		case id == nil:
			c.put(g.report, "readings", g.seq, "report %d, of which it is, is not there", g.report)
		case text == nil || packed == nil || c.badBlob[string(text.([]byte))]:
			c.taint[g.report] = true // said of the blob, or of the report's row
		default:
			g.id, g.text = *id, packed.([]byte)
			if list = append(list, g); len(list) == 64 {
				c.putTogether(list)
				list = list[:0]
			}
		}
		return nil
	})
	c.putTogether(list)
	return err
}

// putTogether checks readings, as many at a time as there are processors.
func (c *checker) putTogether(list []keptReading) {
	var wait sync.WaitGroup
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)); i = next.Add(1) - 1 {
				list[i].check(c.deep)
			}
		})
	}
	wait.Wait()
	for _, g := range list {
		if g.fault != "" {
			c.put(g.report, "readings", g.seq, "%s", g.fault)
		}
	}
}

// check sets what is wrong with a reading.
func (g *keptReading) check(deep bool) {
	body, err := checkUnpack(g.text)
	if err != nil {
		return // said of the blob
	}
	raw, err := putTogether(string(body), g.cut, g.data)
	if err != nil {
		g.fault = err.Error()
		return
	}
	if sum := sha256.Sum256(raw); !bytes.Equal(sum[:], g.hash) {
		g.fault = fmt.Sprintf("the record is not the one that was written: its SHA-256 is not %x", g.hash)
		return
	}
	if !deep {
		return
	}
	if err := valid.JSON(raw); err != nil {
		g.fault = "the record is not valid: " + strings.Join(strings.Fields(err.Error()), " ")
		return
	}
	var x struct{ Document struct{ ID string } }
	if err := json.Unmarshal(raw, &x); err != nil {
		g.fault = "the record is no JSON: " + err.Error()
	} else if x.Document.ID != g.id {
		g.fault = fmt.Sprintf("the record is one of report %s, not of %s", x.Document.ID, g.id)
	}
}

func (c *checker) reports() error {
	var last int64
	query := `SELECT r.seq, r.id, r.text, r.added, b.hash, a.outlet, g.at FROM reports r LEFT JOIN blobs b ON b.hash = r.text
		LEFT JOIN arrivals a ON a.seq = (SELECT min(x.seq) FROM arrivals x WHERE x.report = r.seq)
		LEFT JOIN readings g ON g.seq = (SELECT min(y.seq) FROM readings y WHERE y.report = r.seq)
		WHERE r.seq > ? ORDER BY r.seq`
	err := c.scan("reports", query, &last, func(v values) error {
		c.n.Reports++
		var seq, added int64
		var id string
		var text []byte
		var blob any
		var outlet *string
		var at *int64
		if !v.into(&seq, &id, &text, &added, &blob, &outlet, &at) {
			c.say("reports", seq, "a value has another type")
			c.wrong[seq] = true
			return nil
		}
		// Then the report cannot be compared with what belongs to it.
		damaged := c.blind || c.unsealed[seq] || c.badText[string(text)] || c.badID[id]
		bad := func(format string, args ...any) {
			c.say("reports", seq, format, args...)
			c.wrong[seq], c.badID[id] = true, true
		}
		switch {
		case outlet == nil && !damaged:
			bad("no arrival of it is there")
		case outlet != nil && !damaged && reportID(text, *outlet) != id:
			c.badID[reportID(text, *outlet)] = true
			bad("its id %s is not that of its text and its first outlet", id)
		case blob == nil && !c.blind && !c.badBlob[string(text)]:
			bad("its text, the bytes %x, is not there", text)
		case at == nil && !damaged:
			bad("no reading of it is there")
		case at != nil && *at != added && !damaged:
			bad("it was not added when it was first read")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range c.later {
		if !c.wrong[p.report] && !c.missing(p.report) {
			c.n.Damages++
			c.found(p.Damage)
		}
	}
	c.later = nil
	return nil
}

func (c *checker) decisions() error {
	var last, lastSeq int64
	var before *logLine // nil where it is not known
	var also string     // the hash that stands beside it
	query := "SELECT d.seq, d.report, d.hash, d.line, r.seq FROM decisions d LEFT JOIN reports r ON r.id = d.report WHERE d.seq > ? ORDER BY d.seq"
	return c.scan("decisions", query, &last, func(v values) error {
		c.n.Decisions++
		var seq int64
		var report, hash, line string
		var of *int64
		ok := v.into(&seq, &report, &hash, &line, &of)
		if seq != lastSeq+1 {
			before = nil
		}
		lastSeq = seq
		if !ok {
			c.say("decisions", seq, "a value has another type")
			before = nil
			return nil
		}
		x, err := readLine(line)
		if err != nil {
			c.say("decisions", seq, "%v", err)
			c.badID[report] = true
			before, also = &logLine{Hash: hash, Sum: hash}, hash
			return nil
		}
		fault := ""
		switch {
		case x.Sum != x.Hash:
			fault = "the line was altered: its hash is not that of its content"
		case x.Hash != hash:
			fault = "the line's hash is not the one beside it"
		case x.Report != report:
			fault = "the line's report is not the one beside it"
		case x.Seq.String() != fmt.Sprint(seq):
			fault = fmt.Sprintf("the line is number %s", x.Seq)
		case seq == 1 && x.Prev != "":
			fault = "the first line seals another before it"
		case before != nil && x.Prev != before.Hash && x.Prev != before.Sum && x.Prev != also:
			fault = "the line seals another one than stands before it"
		case report != "" && of == nil && !c.badID[report] && !c.blind:
			fault = "it speaks of report " + report + ", which is not there"
		}
		if fault != "" {
			c.say("decisions", seq, "%s", fault)
			c.badID[report], c.badID[x.Report] = true, true
		}
		before, also = x, hash
		return nil
	})
}
