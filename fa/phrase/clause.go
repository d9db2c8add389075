package phrase

import (
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
)

func key(s string) string { return spell.Key(s) }

// clauses cuts Words[first:last] into clauses: each finite verb closes one.
func (f *finder) clauses(first, last int) {
	tree := f.tree
	left := 0 // finite verbs still to come
	for i := first; i < last; i++ {
		if f.finite(i, last) {
			left++
		}
	}
	f.pending = f.pending[:0] // clauses that are open without a verb yet, the innermost last
	done := -1                // the clause that closed last
	open := func(i int, kind Kind, parent int) {
		f.pending = append(f.pending, len(tree.Clauses))
		tree.Clauses = append(tree.Clauses, Clause{First: i, Last: i, Verb: -1, Light: -1, Parent: parent, Kind: kind, Noun: -1})
	}
	top := func() int {
		if len(f.pending) == 0 {
			return -1
		}
		return f.pending[len(f.pending)-1]
	}
	empty := func(c, i int) bool { // nothing but marks and conjunctions so far
		for k := tree.Clauses[c].First; k < i; k++ {
			if w := f.w(k); w.Tag != word.PUNCT && w.Tag != word.CCONJ && w.Tag != word.SCONJ && w.Tag != word.ADV {
				return false
			}
		}
		return true
	}
	// ensure opens a clause for word i where none is open.
	ensure := func(i int) {
		if len(f.pending) > 0 {
			return
		}
		kind, parent := Main, -1
		if done >= 0 {
			kind, parent = f.joined(done, i, first)
		}
		open(i, kind, parent)
	}
	for i := first; i < last; i++ {
		w := f.w(i)
		if w.Tag == word.PUNCT {
			if w.Form == ":" && len(f.pending) > 0 && left > 0 {
				// «سخنگو: …», and what was open goes with it
				c := top()
				f.pending = f.pending[:len(f.pending)-1]
				done = c
			}
			if c := top(); c >= 0 {
				tree.ClauseOf[i] = c
			} else {
				tree.ClauseOf[i] = done
			}
			continue
		}
		if f.verbWord(i, last) && f.finite(i, last) {
			ensure(i)
		} else {
			kind, end := Main, i
			if text, e := f.longest(f.l.conditional, i, last); text != "" {
				kind, end = Conditional, e
			} else if text, e := f.longest(f.l.adverbial, i, last); text != "" {
				kind, end = Adverbial, e
			} else if w.Key == "تا" && w.Tag == word.SCONJ || w.Key == "چون" && w.Tag == word.SCONJ {
				kind, end = Adverbial, i+1
			}
			switch {
			case kind != Main && left > 0:
				parent := -1
				if c := top(); c >= 0 && !empty(c, i) {
					parent = c
				} else if c >= 0 {
					// the open clause is nothing but a conjunction: it becomes this one
					tree.Clauses[c].Kind = kind
					for ; i < end; i++ {
						tree.ClauseOf[i] = c
					}
					i--
					continue
				} else if done >= 0 {
					parent = done
				}
				open(i, kind, parent)
				for k := i; k < end; k++ {
					tree.ClauseOf[k] = top()
				}
				i = end - 1
				continue
			case w.Key == "که" && left > 0, w.Key == "اینکه" && left > 0 && w.Tag != word.NOUN, w.Key == "انکه" && left > 0:
				c := top()
				switch {
				case c >= 0 && !empty(c, i):
					open(i, Relative, c)
					n := len(tree.Clauses) - 1
					if p := f.phraseBefore(i, first); p >= 0 {
						tree.Clauses[n].Noun = p
						switch f.w(f.tree.Phrases[p].Head).Key {
						case "این", "ان":
							tree.Clauses[n].Kind = Complement
						}
					} else {
						tree.Clauses[n].Kind = Complement
					}
					if w.Key != "که" {
						tree.Clauses[n].Kind, tree.Clauses[n].Noun = Complement, -1
					}
				case done >= 0:
					if c >= 0 {
						f.pending = f.pending[:len(f.pending)-1]
						tree.Clauses[c].Kind, tree.Clauses[c].Parent = Complement, done
						f.pending = append(f.pending, c)
					} else {
						open(i, Complement, done)
					}
				default:
					ensure(i)
				}
				tree.ClauseOf[i] = top()
				continue
			}
			ensure(i)
		}
		c := top()
		tree.ClauseOf[i] = c
		if !f.finite(i, last) {
			continue
		}
		// a verb closes its clause
		left--
		cl := &tree.Clauses[c]
		cl.Verb = i
		for k := w.Verb.First; k <= w.Verb.Last && k < last; k++ {
			tree.ClauseOf[k] = c
		}
		i = max(i, w.Verb.Last)
		cl.Last = i + 1
		f.pending = f.pending[:len(f.pending)-1]
		done = c
		// A coordinate verb inside an embedded clause, while enough verbs are left
		// for what is open around it.
		if len(f.pending) > 0 && i+1 < last && f.w(i+1).Key == "و" && left > len(f.pending) {
			open(i+1, Coordinate, c)
		} else if len(f.pending) > 0 && i+1 < last && f.w(i+1).Tag != word.PUNCT && left > len(f.pending) && f.l.control[key(w.Verb.Past)] {
			open(i+1, Complement, c) // «منبعی که خواست نامش فاش نشود گفت»
		}
	}
	// What is left without a verb.
	for _, c := range f.pending {
		tree.Clauses[c].Last = last
	}
	// spans: a clause reaches over what depends on it only inside it
	for i := first; i < last; i++ {
		if c := tree.ClauseOf[i]; c >= 0 {
			cl := &tree.Clauses[c]
			if cl.Last <= i {
				cl.Last = i + 1
			}
			cl.First = min(cl.First, i)
		}
	}
}

// joined says how a clause that begins at word i is tied to the one that
// closed before it.
func (f *finder) joined(done, i, first int) (Kind, int) {
	d := &f.tree.Clauses[done]
	prev := i - 1
	for prev > first && isQuote(f.w(prev)) {
		prev--
	}
	switch p := f.w(prev); {
	case p.Form == ":":
		return Complement, done
	case f.w(i).Key == "و" || f.w(i).Key == "یا" || p.Key == "و" || f.w(i).Tag == word.CCONJ:
		return Coordinate, done
	case p.Form == "،" || p.Form == "؛" || p.Tag == word.PUNCT:
		if d.Kind == Conditional || d.Kind == Adverbial {
			return Main, d.Parent
		}
		return Coordinate, done
	case d.Kind == Conditional || d.Kind == Adverbial:
		return Main, d.Parent
	case d.Kind == Relative:
		return Coordinate, done
	default:
		return Complement, done // «گفت حمله آغاز شد», «می‌تواند برود»
	}
}

// phraseBefore returns the phrase that ends right before word i, marks and را
// aside; -1 for none.
func (f *finder) phraseBefore(i, first int) int {
	for k := i - 1; k >= first && k >= i-4; k-- {
		if p := f.tree.PhraseOf[k]; p >= 0 {
			for n := 0; n < 4; n++ {
				if q := f.tree.Phrases[p].Same; q >= 0 {
					p = q
				}
			}
			return p
		}
		if w := f.w(k); w.Tag != word.PUNCT && w.Key != "را" {
			return -1
		}
	}
	return -1
}
