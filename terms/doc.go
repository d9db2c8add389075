// Package terms says by which words a text is found again. A reader who types
// «حزبالله» means «حزب‌الله» and «حزب الله» too, and one who types «حمله» wants
// «حملات» and «حمله‌اش»: text and query are brought to the same terms by one
// function that looks at each word alone, so that both sides agree.
//
// Its law: the terms of a text follow from the text, the lexicon and the
// version of the rules alone (Terms.Version), so an index can be made anew at
// any time; and a term has letters and digits only, so an index may cut them at
// spaces and needs to know nothing of Persian.
//
//	حملات حزب‌الله به بغداد را محکوم می کنند
//	حمله حزب الله به بغداد را محکوم کرد
//
// What becomes of a word:
//
//   - one spelling, ASCII digits, small Latin letters without accents;
//   - endings, clitics and plurals go; a broken plural becomes its singular;
//   - a verb form becomes its past stem, which is also the noun made of it:
//     «بازداشت», «بازمی‌دارند» and «بازداشت‌ها» are one term;
//   - parts that a half-space joins are terms of their own, and so are the parts
//     of a word that lost it, where the lexicon's names or the half-space model
//     know them; a query asks for such parts one after the other;
//   - endings and verbs that a space parts are joined first: «می شود», «گروه ها».
//
// A word that may be two things is read as the likelier one on both sides:
// «کرد» is always "did", and the Kurds are found as «کردها».
package terms
