// Package relay answers two questions about reports: does one take its words
// from another, or both from a third; and on how many independent origins does
// a claim rest? Twelve outlets that copy one story are one source.
//
// # Terms
//
// A relay is a report that takes its words from another. A passage is a stretch
// of words that two reports share, in both texts. A link says that one report
// relays another, or that two have a common source, and why. A fingerprint is a
// number that stands for five words in a row; a signature is what is kept of a
// report to find its relays by: fingerprints, topic, outlets and speakers it cites.
// Boilerplate is what an outlet prints under many of its reports. An
// origin group is a set of reports that rest on one origin.
//
// # Laws
//
//   - Spelling hides nothing: words are compared as package terms makes them, numerals
//     in words are numbers, and words that take sides for one thing are one word (data/same.txt).
//   - Every link gives its reasons in words, and its passages as bytes of both texts ([Doc.Whole]).
//   - What is shared is measured against each of the two texts: a short report
//     inside a long one is a relay of it, though they are hardly alike.
//   - Boilerplate makes no link. It is learnt from the reports themselves: words that an
//     outlet prints under reports on different topics, or many outlets do over many days.
//   - Nobody copies what was not yet published. Where neither can have copied the other, or both name
//     the same source, the source is common.
//   - The same reports in the same order give the same links. Nothing here reads a clock, a database or the network.
//
// # Citing without copying
//
// Most who name their source tell it in words of their own. Where B names A's outlet as its source, what
// B gives by way of it (the paragraph with the name, the first sentence of the next) is held against A: how
// much of the weight of its words stands in A, in any order, how much of the two as wholes and of a title,
// how many rare words, how many numbers of people ([Reader.Judge] sums them up; data/limits.txt has the figures).
// A word weighs the logarithm of how few reports have it: data/common.txt says it of the press at large,
// the index of these reports. States, regions and known bodies weigh little: they are in all that is told of a war.
// Where B names towns and A none of them, or the two tell of different days, more is asked.
// A name alone makes no link, and facts alone make none.
//
//	A, هه‌نگاو: … تجمع رانندگان کامیون در ترمینال بوکان … یک راننده ۳۴ ساله … دست‌کم ۴۰ تن بازداشت شدند
//	B: به نقل از هه‌نگاو، یک راننده در بوکان با تیر ماموران از پای درآمده و چهل نفر از همکاران او را برده‌اند. → B cites A
//
// An outlet is named behind a cue («به گزارش»), behind the name of the outlet itself that prints it («به گزارش ایسنا،
// رویترز نوشت»), as who tells it («هه‌نگاو گزارش داد»), by one to whom somebody spoke («به پژواک گفت»), and by
// the name of the body for which it speaks. Who spoke to A's outlet by name, «به پژواک گفت», and is quoted by B later with
// the same, to nobody in particular, was heard by way of A.
//
// # Data
//
// Figures that decide are in data/limits.txt, cue words in data/cues.txt,
// words that are one in data/same.txt, words that say nothing of a topic in
// data/empty.txt, how many reports have a word in data/common.txt; each has its examples beside it.
//
// # One example
//
//	A, 10:00  Sunday, outlet one: گروهی مسلح صبح شنبه به پاسگاه مرزی سومار حمله کردند و سه سرباز کشته شدند.
//	B, 12:30  Sunday, outlet two: به گزارش one, گروهي مسلح صبح شنبه به پاسگاه مرزي سومار حمله کردند و ۳ سرباز به شهادت رسیدند.
//
// [Reader.Sign] makes a signature of each. [Index.Add] of the second returns the
// first as a candidate: they share fingerprints that few others have.
// [Reader.Compare] aligns the two texts and finds one passage: «سه» and «۳» are one word, «کشته شدند» and
// «به شهادت رسیدند» too. It holds all words of A; B names A's outlet; B came later. So A → B, a
// copy. [Origins] puts both into one group, and [Independent] counts one
// origin for "three soldiers were killed", where two outlets say so.
//
// # How a ledger uses it
//
// It keeps each report's signature ([Signature.MarshalBinary]) with
// [Reader.Version], and goes through them in the order of days with an [Index] that holds the
// last some thousands. Reports that were compared before are only put in ([Index.Put]); for each one
// that is new it calls Add. It fetches the texts of the candidates, keeps what Judge finds, and
// makes [Direct] and [Origins] anew of all reports that hang together by links with a new one.
//
// What is boilerplate, and how rare a word is, is known better later than
// earlier: a pair that is judged among ten reports may be judged otherwise among a thousand. So
// few reports are all compared anew when more come in, and many are
// on demand. [Reader.Links] does all of this for reports in memory.
//
// # What it does not do
//
// A report that follows another in its own words, without naming it and
// without a speaker whom both name, is found by nobody. One that names an outlet whose report is
// not among these, while another report of that outlet tells of the same things on the same days, is taken for a relay of that one. A copy that is published before its original by its
// own clock is taken for the original unless it names it. Two that print one
// text, neither of which says that it is a statement, are taken for a relay of the earlier one. And one who is
// quoted by name in two reports is one origin, even where they spoke to each of them.
//
// # Why not MinHash alone
//
// MinHash bands find texts that are alike as a whole. A passage copied into a longer report is found by
// fingerprints only, and so is a whole copy: winnowing (Schleimer, Wilkerson and Aiken 2003) keeps one of each four in a row,
// so a run of eight shared words always has one in common. One table serves both.
package relay
