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
// same reports and decisions give the same incidents, in whatever order the
// reports came (see Linker.Relink for the one exception); only a person merges,
// splits or grades for good.
//
// How two accounts are compared: features that a person can read, with weights
// from data/weights.txt, added up. How many are grouped: average link, so that
// a chain of pairs that are each somewhat alike does not join its two ends, and
// never across days or towns that are known and differ.
package incident
