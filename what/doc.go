// Package what frames events: PLOVER 2.0 types and modes from verbs and
// nouns, with their arguments and whether they happened.
//
// It reads every layer and writes Report.Events. Its law: an event has a
// trigger, the words that tell it; each argument points to the words it was
// read from; what is planned, possible, threatened or denied is never
// happened; and one act told twice in a sentence is one event.
//
// From «نیروهای آمریکایی به یک بیمارستان حمله کردند» it reads the frame
// "attack" (lexicon/data/frames.txt): trigger «حمله», type ASSAULT, carried
// by the light verb «کردند», whose subject is the actor and whose «به» names
// the recipient; the verb is past and not negated, so the event happened.
//
// The way of a sentence through the package: clauses (clause.go) tie each
// word to its verb and cut the clause into phrases; triggers (trigger.go) are
// the nouns and verbs that the frames name; status.go says whether the act
// took place; args.go finds who did what to whom.
package what
