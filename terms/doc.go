// Package terms says by which words a text is found again. A reader who types
// «حزبالله» means «حزب‌الله» and «حزب الله» too, and one who types «حمله» wants
// «حملات» and «حمله‌اش»: text and query are brought to the same terms by one
// function that looks at each word alone, so that both sides agree.
package terms
