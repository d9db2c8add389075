package review

import (
	"encoding/json"
	"time"

	"github.com/sanad-project/sanad/record"
)

// Action is what a decision does.
type Action string

// The actions. Merge and Split speak of entities, Join, Part and Grade of
// incidents, State and Note may speak of a report as a whole; the others speak
// of one finding of one report. Note and Undo go with all of them.
const (
	Accept  Action = "accept"  // the finding, or one field of it, is right
	Correct Action = "correct" // one field of it has another value
	Reject  Action = "reject"  // there is no such finding in the text
	Add     Action = "add"     // there is one that the machine missed
	Note    Action = "note"    // a remark; changes nothing
	Undo    Action = "undo"    // an earlier decision no longer counts; an undo can be undone
	State   Action = "state"   // the report's review is at: "new", "in review", "done"
	Merge   Action = "merge"   // two entities are one
	Split   Action = "split"   // a merge no longer holds
	Join    Action = "join"    // accounts in several reports tell of one thing
	Part    Action = "part"    // they do not
	Grade   Action = "grade"   // how well an incident is attested, after Airwars
)

// Kind is the layer of the record that a finding belongs to.
type Kind string

// The kinds of findings.
const (
	Report    Kind = "report" // the report as a whole
	Entity    Kind = "entity"
	Mention   Kind = "mention"
	Time      Kind = "time"
	Number    Kind = "number"
	Statement Kind = "statement"
	Event     Kind = "event"
	Loaded    Kind = "loaded"
	Incident  Kind = "incident" // what several reports tell of; see [OnIncidents]
)

// Target is the finding that a decision speaks of. It is named by the words it
// was read from, since a text never changes and the numbering of a reading may.
// Start and End, in code points, are those of an event's trigger, of a
// statement's cue (of its first content where it has none), of the finding
// itself for the others; an entity is named by its ID.
//
// Mentions, times, numbers and loaded wording have no id in the record. Here
// they have one made of their place: "m9-14", "t62-67", "n68-81", "l0-4"; the
// end may be left out where only one begins there.
type Target struct {
	Kind  Kind   `json:"kind"`
	ID    string `json:"id,omitempty"` // as it was seen: "e1", "s2", "us-army", "n68-81"
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
}

// Decision is one line of the log. Who makes one gives Author, Action, Target
// and, by action, Field, Value, Note and Undoes; [Reviewed.Validate] fills the
// rest but what the log itself gives (Seq, Prev, Hash, At, Reading).
//
// Value and Was have the form of the record, with one difference: a number
// that killed, wounded or count point to is named by its id ("n68-81"), not by
// its index, which another reading would count anew.
type Decision struct {
	Seq     int64           `json:"seq"`  // 1, 2, … without gaps
	Prev    string          `json:"prev"` // Hash of the line before; "" for the first
	Hash    string          `json:"hash"` // SHA-256 of this line without this field, see Seal
	At      time.Time       `json:"at"`   // UTC, to the millisecond
	Author  string          `json:"author"`
	Action  Action          `json:"action"`
	Report  string          `json:"report,omitempty"`  // ledger id; "" where the decision speaks of entities everywhere or of an incident
	Reading string          `json:"reading,omitempty"` // hash of the record that the author saw
	Target  Target          `json:"target,omitzero"`
	Field   string          `json:"field,omitempty"` // JSON name of the field in the record; "" for the finding as a whole
	Value   json.RawMessage `json:"value,omitempty"` // what it is, in the form of the record; for Merge the ids
	Was     json.RawMessage `json:"was,omitempty"`   // what the machine said then: of Field, or of the whole finding
	Seen    *Seen           `json:"seen,omitempty"`  // what the author saw
	Note    string          `json:"note,omitempty"`
	Undoes  int64           `json:"undoes,omitempty"`  // Seq
	Settles []int64         `json:"settles,omitempty"` // Seq of those that disagree and between which this one decides; see [Comparison]

	Accounts []Account `json:"accounts,omitempty"` // of an incident: what it consisted of when its author saw it
	Others   []Account `json:"others,omitempty"`   // Join: those that belong to it too; Part: those that do not
}

// Seen is the part of a record that a decision rests on: the finding as it was
// in force when the author saw it, the statement and the numbers that it, Was
// or Value point to, and the entities that are named. With it a decision can
// be read, and its finding kept, when another reading no longer has them.
// killed, wounded and count of Events are indexes into Numbers here.
type Seen struct {
	Entities   []record.Entity    `json:"entities,omitempty"`
	Mentions   []record.Mention   `json:"mentions,omitempty"`
	Times      []record.Time      `json:"times,omitempty"`
	Numbers    []record.Number    `json:"numbers,omitempty"`
	Statements []record.Statement `json:"statements,omitempty"`
	Events     []record.Event     `json:"events,omitempty"`
	Loaded     []record.Loaded    `json:"loaded,omitempty"`
}
