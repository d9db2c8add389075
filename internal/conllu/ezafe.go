package conllu

import "strings"

// Ezafe is whether an ezafe joins a token to the next, as far as the tree tells.
type Ezafe int8

// What the tree tells.
const (
	NoEzafe Ezafe = iota
	HasEzafe
	MaybeEzafe
)

// Ezafes tells for every token of s whether an ezafe joins it to the next. It
// is read from the tree: a modifier without a preposition that begins right
// after the part of its head's phrase that goes before («باورهای دینی مردم»:
// on «باورهای» and «دینی»). Names and counted nouns, where the tree does not
// tell, are MaybeEzafe.
func (s *Sentence) Ezafes() []Ezafe {
	// left is the leftmost word of each word's subtree.
	left := make([]int, len(s.Words))
	for i := range left {
		left[i] = i
	}
	for i := range s.Words {
		for j, n := s.Words[i].Head, 0; j >= 0 && j < len(left) && n < len(left); j, n = s.Words[j].Head, n+1 {
			left[j] = min(left[j], i)
		}
	}
	has := func(head int, rel string) bool {
		for i := range s.Words {
			if s.Words[i].Head == head && s.Words[i].Rel == rel && i < head {
				return true
			}
		}
		return false
	}
	out := make([]Ezafe, len(s.Tokens))
	for k := range s.Tokens[:max(len(s.Tokens)-1, 0)] {
		t := s.Tokens[k]
		i, next := t.Last-1, s.Tokens[k+1].First
		if t.Last-t.First > 1 {
			continue // an enclitic takes no ezafe
		}
		w := &s.Words[i]
		switch w.UPOS {
		case "NOUN", "PROPN", "ADJ", "PRON":
		default:
			continue
		}
		for x := next; x < len(s.Words) && x < next+8; x++ {
			h := s.Words[x].Head
			if left[x] != next || h < 0 || h > i || left[h] > i {
				continue
			}
			if s.Words[x].Rel == "flat:name" || s.Words[x].Rel == "flat" {
				out[k] = MaybeEzafe
				break
			}
			if !modifies(s, x, h) {
				continue
			}
			out[k] = HasEzafe
			if indefinite(w) {
				out[k] = NoEzafe
			} else if s.Words[x].Rel != "amod" && (has(h, "nummod") || has(h, "det")) && h == i {
				out[k] = MaybeEzafe
			}
			break
		}
	}
	return out
}

func modifies(s *Sentence, x, h int) bool {
	w, head := &s.Words[x], &s.Words[h]
	switch w.Rel {
	case "nmod", "nmod:poss", "amod":
		switch w.UPOS {
		case "NOUN", "PROPN", "ADJ", "PRON", "NUM", "X":
		case "ADV":
			return true
		default:
			return false
		}
	case "obl:arg", "obl":
		if head.UPOS != "ADJ" && head.UPOS != "NOUN" || w.UPOS != "NOUN" && w.UPOS != "PROPN" && w.UPOS != "PRON" {
			return false
		}
	default:
		return false
	}
	for i := h + 1; i < x; i++ {
		if s.Words[i].Head == x && s.Words[i].Rel == "case" {
			return false
		}
	}
	return true
}

// indefinite reports an indefinite ی, which takes the place of an ezafe.
func indefinite(w *Word) bool {
	f, ok := strings.CutSuffix(w.Form, "ی")
	if !ok {
		return strings.HasSuffix(w.Form, "\u200cای")
	}
	if strings.HasSuffix(f, "و") || strings.HasSuffix(f, "ا") && !strings.HasSuffix(f, "\u200cا") && !strings.HasSuffix(w.Form, "هایی") {
		return false // «بوی», «جای»: the ezafe after a vowel
	}
	f = strings.TrimSuffix(strings.TrimSuffix(f, "ا"), "\u200c")
	return f == w.Lemma || strings.HasSuffix(w.Form, "هایی") && !strings.HasSuffix(w.Lemma, "ی")
}
