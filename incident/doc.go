// Package incident says which accounts in which reports tell of one and the
// same thing, and where they differ. It knows no database and no network.
//
// It reads records, and writes incidents: groups of accounts, each with why it
// belongs there and how sure that is; what is said about an incident without
// telling that it happened (threats, plans, denials, retractions, claims of
// responsibility); and a table of the values that the accounts give.
//
// An account is what one report tells of one act: the sentences that tell of
// it, with their days, places, numbers and words. A report that tells of an
// attack and recalls another one of last month gives two accounts.
//
//	d1  «در انفجار بازار بعقوبه ۱۱ نفر کشته شدند … ماه گذشته نیز در انفجاری در مقدادیه هفت نفر …»  two accounts
//	d2  «شمار قربانیان انفجار بعقوبه به ۱۷ نفر رسید»                                           joins the first
//
// Its laws: what is threatened, planned or denied is attached and never a
// member; values that differ stand side by side, each with who says so; the
// same reports, origins, decisions and counts of words give the same incidents, in
// whatever order the reports came (see Reader.Link for the one exception); only a person joins,
// parts or grades for good.
//
// # How a ledger uses it
//
// [Reader.Sketch] makes of each report a [Sketch], about a kilobyte that can be kept:
// what grouping needs of its accounts, with hashes in place of words. [Rarity] counts the words of the
// sketches. [Reader.Link] looks up sketches by stretches of days, groups all
// reports or what hangs together with some, and asks for whole reports only to
// write incidents down: each part comes with its quotes, reasons, tables and
// what it can be asked for. [Memory] is such a store in memory, [All] links reports without one.
//
// # How accounts are grouped
//
// Two accounts are compared by features that a person can read, with weights
// from data/weights.txt, added up. They are grouped by average link, so that
// a chain of pairs that are each somewhat alike does not join its two ends, and
// never across days or towns that are known and differ. People's decisions come after that.
//
// # Origins
//
// Values and incidents count independent origins as relay.Independent does,
// after the Every Casualty Standards: two reports confirm each other only where
// outlet, author (Doc.Origin) and primary source (who is quoted, an outlet in the chain) all differ. It is a
// lower bound. A speaker who is only described counts as nobody that two reports can be known to share.
package incident
