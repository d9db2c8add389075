package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sanad-project/sanad/incident"
	"github.com/sanad-project/sanad/review"
)

// OnIncident is what a person decides about an incident.
type OnIncident struct {
	Author   string
	Action   review.Action // Join, Part, Grade, Note or Undo
	Incident string        // id, or its beginning
	Seen     string        // IncidentFull.Seen as the person saw it: a later decision makes this one a *Conflict; or Anyway
	Other    string        // Join: the incident that is the same
	SeenToo  string        // Join: Seen of that one
	Reports  []string      // Part: ids of the reports, or their beginnings, that do not tell of it
	Grade    string        // one of review.Grades, "" takes the grade back
	Note     string
	Undoes   int64 // number of the decision; 0: the last about this incident that counts
}

// DecideIncident appends a decision about an incident to the log and groups
// anew, in the same transaction, what it is about. Without a linker what is
// joined or parted is grouped by the next linking.
func (l *Ledger) DecideIncident(ctx context.Context, lk *Linker, o OnIncident) (review.Decision, error) {
	d := review.Decision{Author: o.Author, Action: o.Action, Note: o.Note, Undoes: o.Undoes}
	err := l.tx(ctx, func(t *tx) error {
		log, err := l.decisionsOn(ctx, t, "")
		if err != nil {
			return err
		}
		judge := review.OnIncidents(log)
		if err := l.aim(ctx, t, &o, &d, judge); err != nil {
			return err
		}
		if err := judge.Validate(&d); err != nil {
			return err
		}
		if err := l.appendDecision(ctx, t, &d); err != nil {
			return err
		}
		judge = review.OnIncidents(append(log, d))
		about := slices.Concat(d.Accounts, d.Others)
		if movesAccounts(&d, log) {
			if lk == nil {
				return nil
			}
			if err := l.regroup(ctx, t, lk, about, judge); err != nil {
				return err
			}
		}
		if err := l.regrade(ctx, t, about, judge); err != nil {
			return err
		}
		return l.follow(ctx, t, log, d.Seq)
	})
	return d, err
}

// aim completes a decision from the incident as it is.
func (l *Ledger) aim(ctx context.Context, t *tx, o *OnIncident, d *review.Decision, judge *review.Incidents) error {
	x, err := l.incident(ctx, t, o.Incident)
	if err != nil {
		return err
	}
	if o.Seen != Anyway && o.Seen != x.Seen {
		return &Conflict{*d, since(x.Log, o.Seen)}
	}
	d.Target = review.Target{Kind: review.Incident, ID: x.ID}
	members := make([]incident.Ref, 0, len(x.Linked.Members))
	for _, m := range x.Linked.Members {
		members = append(members, incident.Ref{Report: m.Report, Start: m.At.Start, End: m.At.End})
	}
	var others []incident.Ref
	switch o.Action {
	case review.Undo:
		if d.Undoes == 0 {
			if d.Undoes = judge.Undoable(tellers(&x.Linked)); d.Undoes == 0 {
				return errors.New("there is no decision on this incident to undo")
			}
		} else if !slices.ContainsFunc(x.Log, func(o review.Decision) bool { return o.Seq == d.Undoes }) {
			return fmt.Errorf("decision %d is not about this incident; \"sanad log\" has all of them", d.Undoes)
		}
		return nil
	case review.Join:
		y, err := l.incident(ctx, t, o.Other)
		if err != nil {
			return err
		}
		if y.ID == x.ID {
			return fmt.Errorf("%s is itself already: give the id of another incident", x.ID)
		}
		if o.SeenToo != Anyway && o.SeenToo != y.Seen {
			return &Conflict{*d, since(y.Log, o.SeenToo)}
		}
		for _, m := range y.Linked.Members {
			others = append(others, incident.Ref{Report: m.Report, Start: m.At.Start, End: m.At.End})
		}
	case review.Part:
		for _, id := range o.Reports {
			report, err := x.reportOf(id)
			if err != nil {
				return err
			}
			for _, m := range members {
				if m.Report == report && !slices.Contains(others, m) {
					others = append(others, m)
				}
			}
		}
		members = slices.DeleteFunc(members, func(m incident.Ref) bool { return slices.Contains(others, m) })
		if len(members) == 0 {
			return errors.New("these are all that tell of it: part some from the others")
		}
	case review.Grade:
		d.Value, _ = json.Marshal(o.Grade) // a string always is JSON
	}
	if d.Accounts, err = l.inSentences(ctx, t, members); err == nil {
		d.Others, err = l.inSentences(ctx, t, others)
	}
	return err
}

// reportOf finds a member by the id of its report or the beginning of one.
func (x *IncidentFull) reportOf(id string) (string, error) {
	id = strings.ToLower(strings.TrimSpace(id))
	var found []string
	for _, m := range x.Linked.Members {
		if len(id) >= 4 && strings.HasPrefix(m.Report, id) && !slices.Contains(found, m.Report) {
			found = append(found, m.Report)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1 && slices.Contains(found, id):
		return id, nil
	case len(found) > 1:
		return "", &NotFound{id, found}
	}
	for _, a := range x.Linked.Attached {
		if len(id) >= 4 && strings.HasPrefix(a.Report, id) {
			return "", fmt.Errorf("report %s is attached to the incident (%s) and does not count as telling of it: there is nothing to part", a.Report, a.As)
		}
	}
	return "", fmt.Errorf("no report %q tells of incident %s", id, x.ID)
}

// inSentences names accounts as the log keeps them: by the sentence of their
// clearest words. Another reading may find others clearer, mostly in the same
// sentence.
func (l *Ledger) inSentences(ctx context.Context, t *tx, list []incident.Ref) ([]review.Account, error) {
	if len(list) > review.MaxAccounts {
		list = list[:review.MaxAccounts]
	}
	var ids []string
	for _, a := range list {
		ids = append(ids, a.Report)
	}
	slices.Sort(ids)
	s, err := l.telling(ctx, t)
	if err != nil {
		return nil, err
	}
	docs, err := s.Docs(slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	text := map[string][]rune{}
	for _, d := range docs {
		text[d.ID] = []rune(d.Record.Document.Text)
	}
	var out []review.Account
	for _, a := range list {
		start, end := sentenceAt(text[a.Report], a.Start, a.End)
		out = append(out, review.Account{Report: a.Report, Start: start, End: end})
	}
	return out, nil
}

// sentenceAt widens a place in a text to what stands between two marks that may
// end a sentence. It rather stops too early: the next account must not be touched.
func sentenceAt(text []rune, start, end int) (int, int) {
	if start < 0 || end > len(text) || start >= end {
		return start, end
	}
	stops := func(r rune) bool { return strings.ContainsRune(".!?؟;؛:\n\r", r) }
	for start > 0 && !stops(text[start-1]) {
		start--
	}
	for end < len(text) && !stops(text[end]) {
		end++
	}
	for start < end-1 && text[start] == ' ' {
		start++
	}
	return start, end
}

// movesAccounts says whether a decision changes which accounts tell of one
// thing: a joining, a parting, and the undoing of one, of its undoing, ….
func movesAccounts(d *review.Decision, log []review.Decision) bool {
	for d.Action == review.Undo {
		i := slices.IndexFunc(log, func(o review.Decision) bool { return o.Seq == d.Undoes })
		if i < 0 {
			return false
		}
		d = &log[i]
	}
	return d.Action == review.Join || d.Action == review.Part
}

// regroup links the reports of accounts anew.
func (l *Ledger) regroup(ctx context.Context, t *tx, lk *Linker, about []review.Account, judge *review.Incidents) error {
	var ids []string
	for _, a := range about {
		ids = append(ids, a.Report)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	s, err := l.telling(ctx, t)
	if err != nil {
		return err
	}
	err = s.parts(ids, func(in string, args []any) error { // those that were read again since
		list, err := s.load(lackSketch+" AND r.id IN "+in, args, len(args))
		if err != nil || len(list) == 0 {
			return err
		}
		return l.putSketches(ctx, t, list, sketchAll(lk, list))
	})
	if err != nil {
		return err
	}
	rare, err := l.rarity(ctx, t)
	if err != nil {
		return err
	}
	var parts []incident.Part // written when nothing is looked up any more
	err = lk.Incident.Link(s, rare, ids, bonds(judge), func(p incident.Part) error {
		parts = append(parts, p)
		return ctx.Err()
	})
	for i := range parts {
		if err == nil {
			err = l.putPart(ctx, t, &parts[i], judge)
		}
		if err == nil {
			err = l.setOpen(ctx, t, parts[i].Reports, 0)
		}
	}
	return err
}

// regrade writes the grade that people gave to the incidents of accounts.
func (l *Ledger) regrade(ctx context.Context, t *tx, about []review.Account, judge *review.Incidents) error {
	s := &telling{ctx: ctx, l: l, q: t}
	var refs []incident.Ref
	for _, a := range about {
		refs = append(refs, incident.Ref{Report: a.Report})
	}
	ids, err := s.incidentsWith(refs)
	if err != nil {
		return err
	}
	for _, id := range ids {
		x, err := l.incident(ctx, t, id)
		if err != nil {
			return err
		}
		grade, _ := judge.Grade(tellers(&x.Linked))
		if grade == x.Grade {
			continue
		}
		day := dayOf(x.First)
		if x.Grade != "" {
			if err := t.put(ctx, "DELETE FROM incident_facets WHERE facet = ? AND day = ? AND incident = ?", "grade:"+x.Grade, day, id); err != nil {
				return err
			}
		}
		if grade != "" {
			if err := t.put(ctx, "INSERT INTO incident_facets (facet, day, incident) VALUES (?, ?, ?)", "grade:"+grade, day, id); err != nil {
				return err
			}
		}
		if err := t.put(ctx, "UPDATE incidents SET grade = ? WHERE id = ?", grade, id); err != nil {
			return err
		}
	}
	return nil
}

// follow notes that linking knows of a decision, unless it does not know of one
// before it.
func (l *Ledger) follow(ctx context.Context, t *tx, log []review.Decision, seq int64) error {
	have, err := l.decided(ctx, t)
	if err != nil || len(log) > 0 && log[len(log)-1].Seq > have {
		return err
	}
	return l.setLinkingNote(ctx, t, "decided", strconv.FormatInt(seq, 10))
}
