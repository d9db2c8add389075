package ledger

import (
	"database/sql"

	"github.com/sanad-project/sanad/relay"
)

// links checks what can be told of links without making them anew: that all
// rows are of reports that are there, and that signatures can be read. What it
// finds is mended by "sanad link --all".
func (c *checker) links() error {
	for _, x := range [...]struct{ table, column string }{
		{"signatures", "report"}, {"linked", "report"}, {"links", "a"}, {"links", "b"}, {"origins", "report"}, {"origins", "origin"},
	} {
		if err := c.mark(); err != nil {
			return err
		}
		said := map[int64]bool{}
		err := c.l.each(c.ctx, c.q, "SELECT x."+x.column+" FROM "+x.table+" x LEFT JOIN reports r ON r.seq = x."+x.column+" WHERE r.seq IS NULL ORDER BY 1", nil, func(r *sql.Rows) error {
			v, err := scanValues(r)
			if err != nil {
				return err
			}
			var report int64
			if !v.into(&report) {
				c.say(x.table, 0, "a row has the report %v, which is no number", v[0])
				return nil
			}
			if !said[report] && !c.missing(report) {
				said[report] = true
				c.say(x.table, report, "there are rows of a report that is not there")
			}
			return nil
		})
		if err := c.unread(x.table, err); err != nil {
			return err
		}
	}
	if err := c.mark(); err != nil {
		return err
	}
	// Each report that is linked has its signature, and the other way round.
	err := c.l.each(c.ctx, c.q, "SELECT k.report, r.id, g.data FROM linked k JOIN reports r ON r.seq = k.report LEFT JOIN signatures g ON g.report = k.report ORDER BY k.report", nil, func(r *sql.Rows) error {
		v, err := scanValues(r)
		if err != nil {
			return err
		}
		var report int64
		var id string
		var data any
		var s relay.Signature
		switch {
		case !v.into(&report, &id, &data):
			c.say("signatures", report, "a value has another type")
		case data == nil:
			c.say("signatures", report, "the signature of report %s is missing", id)
		default:
			if err := s.UnmarshalBinary(data.([]byte)); err != nil {
				c.say("signatures", report, "%v", err)
			} else if s.ID != id && !c.badID[id] {
				c.say("signatures", report, "the signature is one of report %s, not of %s", s.ID, id)
			}
		}
		return nil
	})
	return c.unread("signatures", err)
}

// unread says that rows cannot be read, where that is what the error means.
func (c *checker) unread(table string, err error) error {
	if err == nil || !unreadable(err) {
		return err
	}
	c.say(table, 0, "the rows cannot be read: %v", err)
	return c.goOn()
}
