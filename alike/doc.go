// Package alike says which names that are in no lexicon may be of one person
// or body, and which may be of one that the lexicon has. It only proposes: a
// person decides. It knows no database.
//
// Three kinds of evidence count, each in words that a person can check:
//
//   - the name: «علیرضا بیگی» and «علیرضابیگی», a surname and a full name, a title
//     before it, another spelling of a foreign name;
//   - the role: what reports call them, «وزیر خارجه ایران»;
//   - the company: whom and what else those reports name, and whether one report has both names.
//
// Its laws: two given names that differ are two people; an office that one
// holds at a time in two countries is two people; a surname that
// several full names bear says nothing without role or company, and what it says holds for
// that report alone ([Pair.Here]); two spellings in one report are two people. Names of
// different types are never compared, so a town and a family of its name stay apart.
//
//	report 1  «وزیر نیرو، مرتضی گرایلی، گفت …»   mrtzi-graili
//	report 2  «گرایلی، وزیر نیرو، …»             graili        proposed: the surname, the same office
//
// [Reader.Pairs] finds the names that are worth a look, by blocks of names that
// sound alike, so its work grows with the names and not with their pairs.
// [Reader.Judge] weighs a pair by what reports say of the two.
package alike
