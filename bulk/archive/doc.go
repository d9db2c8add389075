// Package archive links an archive of reports on Apache Beam: who takes words
// from whom, which reports rest on one origin, and which tell of one incident.
// Its answers are those of "sanad link --all" on a ledger of the same reports,
// the reports being added in the order of their files and lines.
//
// # Constructs
//
// ParDo, GroupByKey over one or more inputs, Flatten, and files. No side
// inputs, state, timers or windows: what a step has to know of all reports (how
// rare words are, how many reports came before) is grouped with what it is for.
// Every key is a text in ASCII and every value bytes, so runners in any language carry them
// unread, and what is shuffled can be counted to the byte (volume.go).
//
// # The way of a report
//
//	files      one key a file: articles are read, records taken as they are          read.go
//	texts      the same text of one outlet is one report, as in a ledger             same.go
//	days       a report's place in the order of days: its rank                        order.go
//	windows    a report with the thousands before it: relays are found and judged     window.go
//	relays     what hangs together by links, in some rounds                           connect.go
//	origins    of what hangs together: the direct steps, and groups of one origin     origin.go
//	stretches  a fortnight's accounts with the rarity of words: which hang together   stretch.go
//	accounts   what hangs together across fortnights, in some rounds                  connect.go
//	parts      of what hangs together: incidents                                      part.go
//	out        lines to files, sorted                                                 write.go
//
// # Why windows and not bands
//
// A ledger compares a report with so many reports before it, by an index of
// fingerprints and of what is cited, which learns what is boilerplate from
// the reports it holds. To shuffle each report by each of its fingerprints
// would give other pairs than that index does, and cost more: a report has some
// hundred fingerprints. So a report is shuffled by its rank, twice: with those before
// it, and with those behind. In each window works the index itself, of package
// relay, and whatever it learns to look up next. A window holds twice Options.Reach
// signatures and packed records: 32,768 at the ledger's reach.
//
// # Components
//
// What hangs together is found without state by alternating large and small
// stars (Kiveris and others, Connected Components in MapReduce and Beyond, 2014): each
// round is two groupings and about halves the longest way. The rounds are in the
// pipeline before it runs, so their number is bounded (Options.Rounds). Whether
// they were enough is checked at the end, and if not the run fails and says so;
// it never gives components that are too small.
//
// # Limits
//
// One worker holds at a time: one window; the sketches of one fortnight, a kilobyte a
// report; all reports of one incident story with their packed records; of one text that is
// printed many times, its copies. A file is read by one worker: give many files.
package archive
