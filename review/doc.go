// Package review is what people decide about a reading: they accept, correct
// and reject what the machine found, add what it missed, and leave notes. A
// decision changes nothing that was there before: it is appended to a log in
// which each line seals the one before it ([Seal], [Chain]), and the present
// state of a report is derived from its reading and its decisions ([Apply]).
//
// # Terms
//
// A reading is one record of one report, by the machine. A finding is one
// entity, mention, time, number, statement, event or loaded wording of it. A
// decision is one line of the log, by one person, on one finding or one field
// of it. What is in force is the reading with the decisions that count laid
// over it: all but those undone, later ones over earlier ones.
//
// # Laws
//
//   - What is in force is always a valid record (record.Check, its schema).
//   - Machine and human values stay apart, field by field ([Finding]).
//   - No decision is lost: each that counts is seen in Findings, Notes or Lost.
//   - Nothing differs from the machine's reading without a decision that says
//     so: a field that changes because another finding was rejected is listed
//     with the decision that did it.
//   - A claim never becomes a fact by accident. An event whose statement was
//     rejected is out of force with it. Only a decision on its said_by itself
//     (null: the report says so in its own voice) makes it more than a claim.
//     If what the statement says is right and only the speaker wrong, correct
//     the speaker.
//   - The same reading and the same decisions give the same bytes.
//
// # What a decision does
//
// To accept a finding is to hold every field of it as it was seen; to accept or
// correct one field is to hold that field. What nobody judged is the machine's
// and changes with it. Who accepts a field that somebody corrected vouches for
// what was seen: undoing that correction does not change it.
//
// To reject a finding takes it out of force with what cannot be without it:
// the mentions of an entity and its place in events and statements, a number
// in its events, the dates read from a time. A time that is corrected takes
// the dates with it that were read from the same words, unless they were
// judged themselves.
//
// What is added has an id that no reading gives: an event or statement has a
// million and the number of its decision ("e1000012"; the record's schema
// wants a letter and a number, and no text that is read has a million of
// them), an entity "h12", unless its author gave it one, as for one that the
// lexicon has. An entity that the machine missed is added first and named by
// its id in later decisions.
//
// # Another reading
//
// Decisions name a finding by the words it was read from, and hold for every
// reading of the text that finds something of the kind in these words (for
// events, statements, numbers and times also in words that contain them or are
// contained in them). Each decision carries what it rests on ([Seen]). So,
// when a report is read again:
//
//   - what was accepted or corrected stays as the person left it; where the
//     machine now says something else than it said then, the field is in Moved;
//   - what was accepted or corrected and is no longer found is kept, under an
//     id of the decision's, and listed in Lost with Kept set;
//   - what was rejected and is found again stays rejected, other values of it
//     in Moved; but where the event is of another type, the time of another
//     type, or the mention of somebody else, it is another finding: it is in
//     force, unseen, and the rejection is listed in Lost;
//   - what was added and is now found by the machine too is one finding, with
//     the machine's id and the person's values.
//
// # Incidents
//
// Which reports tell of one thing is derived by package incident. People join
// accounts and part them, and grade what comes of it ([OnIncidents]). They name
// accounts as they name findings, by words of their texts, never by the number
// of an incident: so what they said holds when all is linked anew, or read anew.
//
// # An example
//
// The reading has e1 «حمله», an ASSAULT said by s1. Lale corrects its type:
//
//	{"seq":7, … "author":"lale","action":"correct",
//	 "target":{"kind":"event","id":"e1","start":52,"end":56},
//	 "field":"type","value":"COERCE","was":"ASSAULT","seen":{"events":[…],"statements":[…]}}
//
// In force is e1 with COERCE; Findings has it as corrected, with the field
// type, machine "ASSAULT", human "COERCE". A later lexicon finds a statement
// before s1, so that the event's is now s2, takes «حمله به شهر» for the
// trigger and numbers the event e2. The decision holds: e2 is COERCE in force.
// Had the machine come to THREATEN, Moved would say "type".
package review
