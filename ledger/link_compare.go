package ledger

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/sanad-project/sanad/relay"
)

const (
	comparing  = 512       // pairs, or signatures, that are worked on at a time
	readyWords = 1_000_000 // of reports that stay ready to be compared: at 40 bytes and more a word, some 60 MB
)

// turn is where a report stands in the order in which reports are compared.
type turn struct{ day, report int64 }

// signed is a report in that order.
type signed struct {
	turn
	stamp stamp
	open  bool // it is to be compared
	id    string
	words int
	time  relay.Moment
}

// compare finds the pairs of reports of which one at least is to be compared
// and writes what they have in common.
//
// It goes through the signatures in the order of days, from as far before the
// first report that is to be compared as it reaches, to as far behind the last one. What is new at
// the end is compared with what is there already; nothing else is read.
func (l *Ledger) compare(ctx context.Context, lk *Linker, opt *LinkOptions, out *Linked) error {
	var of int64
	if _, err := l.one(ctx, l.read, "SELECT count(*) FROM linked WHERE state = 0", nil, &of); err != nil || of == 0 {
		return err
	}
	s := &sweep{l: l, lk: lk, out: out, opt: opt, of: of}
	after := turn{day: -1 << 62}
	for {
		var first turn
		found, err := l.one(ctx, l.read, "SELECT day, report FROM linked WHERE state = 0 AND (day, report) > (?, ?) ORDER BY day, report LIMIT 1", []any{after.day, after.report}, &first.day, &first.report)
		if err != nil || !found {
			return err
		}
		from := turn{day: -1 << 62}
		if _, err := l.one(ctx, l.read, "SELECT day, report FROM linked WHERE (day, report) < (?, ?) ORDER BY day DESC, report DESC LIMIT 1 OFFSET ?", []any{first.day, first.report, lk.reach}, &from.day, &from.report); err != nil {
			return err
		}
		if after, err = s.run(ctx, from); err != nil {
			return err
		}
		if after.day < first.day || after.day == first.day && after.report < first.report {
			after = first // its signature is missing, as the check says
		}
	}
}

// sweep is one way through the signatures.
type sweep struct {
	l        *Ledger
	lk       *Linker
	opt      *LinkOptions
	out      *Linked
	of, done int64 // reports that are to be compared

	x       *relay.Index
	list    []signed // those of the index and some that it forgot
	at      map[string]int
	open    int      // place in list of the last one that is to be compared, -1 for none
	pairs   []couple // that are to be judged, in the order of the later report
	waiting []int    // places of reports to be compared that are not done
	texts   map[int64]*readyText
	order   []int64 // of texts, the oldest first
	held    int     // words of them
}

// couple is two reports by their places in list.
type couple struct{ a, b int }

// readyText is a report that is ready to be compared.
type readyText struct {
	text  *relay.Text
	stamp stamp
	words int
}

// run goes through the signatures behind from, until as many reports in a row are not
// to be compared as are in reach. It returns where it ended.
func (s *sweep) run(ctx context.Context, from turn) (turn, error) {
	s.x = relay.NewIndex(2 * s.lk.reach)
	s.list, s.at, s.open = nil, map[string]int{}, -1
	s.pairs, s.waiting, s.held = nil, nil, 0
	s.texts, s.order = map[int64]*readyText{}, nil
	last := from
	for {
		page, data, err := s.page(ctx, last)
		if err != nil {
			return last, err
		}
		for i := range page {
			if s.open >= 0 && len(s.list)-s.open > s.lk.reach {
				return last, s.judge(ctx, false)
			}
			last = page[i].turn
			var sig relay.Signature
			if err := sig.UnmarshalBinary(data[i]); err != nil {
				return last, &Damage{"signatures", last.report, err.Error() + "; \"sanad link --all\" makes all anew"}
			}
			if s.x.Len() >= 2*s.lk.reach {
				if err := s.judge(ctx, true); err != nil {
					return last, err
				}
				s.forget()
			}
			s.take(page[i], sig)
		}
		if len(page) < comparing {
			return last, s.judge(ctx, false)
		}
	}
}

// page reads the next signatures.
func (s *sweep) page(ctx context.Context, last turn) (page []signed, data [][]byte, err error) {
	err = s.l.each(ctx, s.l.read, `SELECT k.day, k.report, k.reading, k.decided, k.state, r.id, g.data FROM linked k JOIN reports r ON r.seq = k.report JOIN signatures g ON g.report = k.report
		WHERE (k.day, k.report) > (?, ?) ORDER BY k.day, k.report LIMIT ?`, []any{last.day, last.report, comparing}, func(r *sql.Rows) error {
		var x signed
		var state int
		var b []byte
		err := r.Scan(&x.day, &x.report, &x.stamp.reading, &x.stamp.decided, &state, &x.id, &b)
		x.open = state == toCompare
		page, data = append(page, x), append(data, b)
		return err
	})
	return page, data, err
}

// take puts a report into the index and notes the pairs that it is in.
func (s *sweep) take(x signed, sig relay.Signature) {
	me := len(s.list)
	x.words, x.time = sig.Words, sig.Moment()
	s.list = append(s.list, x)
	s.at[x.id] = me
	if x.open {
		s.open = me
		s.waiting = append(s.waiting, me)
	}
	if s.open < 0 || me-s.open > s.lk.reach {
		s.x.Put(sig)
		return
	}
	for _, c := range s.x.Add(sig) {
		other, ok := s.at[c.ID]
		if ok && other != me && me-other <= s.lk.reach && (x.open || s.list[other].open) {
			s.pairs = append(s.pairs, couple{other, me})
		}
	}
}

// forget drops what is out of reach.
func (s *sweep) forget() {
	n := max(len(s.list)-s.lk.reach, 0)
	for _, x := range s.list[:n] {
		delete(s.at, x.id)
	}
	for i := range s.waiting {
		s.waiting[i] -= n
	}
	s.list = append([]signed(nil), s.list[n:]...)
	for i, x := range s.list {
		s.at[x.id] = i
	}
	s.open = max(s.open-n, -1)
}

// judge compares the pairs that were noted and writes what was found; more says that
// the run goes on.
func (s *sweep) judge(ctx context.Context, more bool) error {
	// A report is done when it was compared with all that stand before it. Those behind it
	// meet it when their turn comes, unless they were compared long ago: then
	// it waits until they were met.
	behind := false
	if last := len(s.list) - 1; more && last >= 0 {
		var n int
		var err error
		behind, err = s.l.one(ctx, s.l.read, "SELECT 1 FROM linked WHERE (day, report) > (?, ?) AND state <> 0 LIMIT 1", []any{s.list[last].day, s.list[last].report}, &n)
		if err != nil {
			return err
		}
	}
	need := make(map[int]int, len(s.waiting)) // pairs that have to be judged before it is done
	for _, w := range s.waiting {
		need[w] = 0
		if behind && len(s.list)-w <= s.lk.reach {
			need[w] = len(s.pairs) + 1
		}
	}
	for i, c := range s.pairs {
		if n, ok := need[c.b]; ok {
			need[c.b] = max(n, i+1)
		} else if n, ok := need[c.a]; ok {
			need[c.a] = max(n, i+1)
		}
	}
	for judged := 0; ; {
		part, err := s.ready(ctx, s.pairs[judged:])
		if err != nil {
			return err
		}
		links := make([]relay.Link, len(part))
		err = together(ctx, len(part), func(i int) error {
			a, b := s.texts[s.list[part[i].a].report], s.texts[s.list[part[i].b].report]
			links[i], _ = s.lk.Relay.Judge(a.text, b.text, s.x)
			return nil
		})
		if err != nil {
			return err
		}
		judged += len(part)
		var done, wait []int
		for _, w := range s.waiting {
			if need[w] <= judged {
				done = append(done, w)
			} else {
				wait = append(wait, w)
			}
		}
		if len(part)+len(done) > 0 {
			if err := s.l.tx(ctx, func(t *tx) error { return s.write(ctx, t, part, links, done) }); err != nil {
				return err
			}
		}
		s.waiting = wait
		s.out.Pairs += int64(len(part))
		s.done += int64(len(done))
		s.opt.progress("comparing", s.done, max(s.of, s.done))
		if judged == len(s.pairs) {
			s.pairs = s.pairs[:0]
			return nil
		}
	}
}

// ready returns as many of the pairs as are compared at a time, with their
// texts made ready.
func (s *sweep) ready(ctx context.Context, pairs []couple) ([]couple, error) {
	for s.held > readyWords && len(s.order) > 0 {
		if r := s.texts[s.order[0]]; r != nil {
			s.held -= r.words
			delete(s.texts, s.order[0])
		}
		s.order = s.order[1:]
	}
	var missing []int64
	n, words := 0, 0
	for n < len(pairs) && n < comparing && words < readyWords {
		for _, i := range [...]int{pairs[n].a, pairs[n].b} {
			if x := &s.list[i]; s.texts[x.report] == nil {
				s.texts[x.report] = &readyText{words: x.words}
				missing = append(missing, x.report)
				words += x.words
			}
		}
		n++
	}
	s.order = append(s.order, missing...)
	s.held += words
	return pairs[:n], together(ctx, len(missing), func(i int) error {
		d, err := s.l.toLink(ctx, s.l.read, missing[i])
		if err != nil {
			return err
		}
		r := s.texts[missing[i]] // nobody else writes to the map now, or to this one
		r.text, r.stamp = s.lk.Relay.Read(&d.Doc), d.stamp
		d.Record = nil // is not needed any more
		return nil
	})
}

// write writes what was found of pairs, and which reports are done. What changed
// meanwhile is left for the next time.
func (s *sweep) write(ctx context.Context, t *tx, part []couple, links []relay.Link, done []int) error {
	now := map[int64]stamp{}
	same := func(i int) (bool, error) {
		x := &s.list[i]
		have, ok := now[x.report]
		if !ok {
			err := t.rows(ctx, "SELECT reading, decided FROM linked WHERE report = ?", []any{x.report}, func(r *sql.Rows) error { return r.Scan(&have.reading, &have.decided) })
			if err != nil {
				return false, err
			}
			now[x.report] = have
		}
		return have == x.stamp, nil
	}
	for i, c := range part {
		a, b := &s.list[c.a], &s.list[c.b]
		okA, err := same(c.a)
		if err != nil {
			return err
		}
		okB, err := same(c.b)
		if err != nil {
			return err
		}
		if !okA || !okB || s.texts[a.report].stamp != a.stamp || s.texts[b.report].stamp != b.stamp {
			continue
		}
		if err := s.put(ctx, t, a, b, &links[i]); err != nil {
			return err
		}
	}
	for _, w := range done {
		ok, err := same(w)
		if err != nil {
			return err
		}
		if ok {
			if err := t.put(ctx, "UPDATE linked SET state = 1 WHERE report = ? AND state = 0", s.list[w].report); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkData is links.data.
type linkData struct {
	Why      []string `json:"why"`
	Passages [][5]int `json:"passages"`
}

// put writes what two reports have in common in place of what was found before.
func (s *sweep) put(ctx context.Context, t *tx, a, b *signed, k *relay.Link) error {
	was := false
	err := t.rows(ctx, "SELECT 1 FROM links WHERE a = ? AND b = ? OR a = ? AND b = ?", []any{a.report, b.report, b.report, a.report}, func(*sql.Rows) error { was = true; return nil })
	if err != nil {
		return err
	}
	if was {
		if err := t.put(ctx, "DELETE FROM links WHERE a = ? AND b = ? OR a = ? AND b = ?", a.report, b.report, b.report, a.report); err != nil {
			return err
		}
	}
	if len(k.Why) > 0 {
		if k.From != a.id {
			a, b = b, a
		}
		data := linkData{Why: k.Why, Passages: [][5]int{}}
		for _, p := range k.Passages {
			data.Passages = append(data.Passages, [5]int{p.A.Start, p.A.End, p.B.Start, p.B.End, p.Words})
		}
		raw, err := json.Marshal(data)
		if err != nil {
			return err
		}
		err = t.put(ctx, `INSERT INTO links (a, b, common, direct, how, source, words, share, share_a, step, spelling, alike, confidence, lag, data) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.report, b.report, b2i(k.Common), string(k.How), clip(storable(k.Source)), int64(k.Words), k.Share, k.ShareFrom, int64(k.Step), k.Spelling, k.Alike, k.Confidence, s.lag(a, b), string(raw))
		if err != nil {
			return err
		}
	} else if !was {
		return nil
	}
	for _, x := range [...]*signed{a, b} { // done before: what is round it has changed
		if err := t.put(ctx, "UPDATE linked SET state = 1 WHERE report = ? AND state = 2", x.report); err != nil {
			return err
		}
	}
	return nil
}

// lag is how many seconds lie between two reports, nil where that is not known.
func (s *sweep) lag(a, b *signed) any {
	if !a.time.Exact() || !b.time.Exact() {
		return nil
	}
	return b.time.From.Unix() - a.time.From.Unix()
}
