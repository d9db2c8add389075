package desk

import (
	"html/template"

	"github.com/sanad-project/sanad/record"
)

// hop is one link of the drawing of who passed what on: the publisher, an
// outlet or source behind it, and at the end the speaker.
type hop struct {
	Name     template.HTML
	Words    template.HTML // that it was read from, where they are not its name
	Speaker  bool
	Said     []said // what it says itself
	Next     []*hop
	id, text string
}

// said is a statement at the end of a chain.
type said struct {
	ID, Key string
	Act     string
}

// chains draws the ways of all statements of the part that is shown from the
// publisher to their speakers, ways that begin alike together.
func (s *sheet) chains() []*hop {
	root := &hop{}
	child := func(h *hop, id, text string) *hop {
		for _, n := range h.Next {
			if n.id == id && n.text == text {
				return n
			}
		}
		n := &hop{id: id, text: text}
		h.Next = append(h.Next, n)
		return n
	}
	p := s.Parts[s.Part]
	for i := range s.rec.Statements {
		st := &s.rec.Statements[i]
		x := s.byKey[keyOf("statement", st.ID)]
		if x == nil || x.at < p.Start || x.at >= p.End {
			continue
		}
		h := root
		for j := range st.Via {
			v := &st.Via[j]
			words := ""
			if v.Span != nil {
				words = v.Span.Text
			}
			if v.Entity != "" {
				h = child(h, v.Entity, "")
				h.Name = s.name(v.Entity)
			} else {
				h = child(h, "", words)
				h.Name = quote(words)
			}
		}
		switch {
		case st.Speaker != nil && s.rec.Document.Outlet != nil && *st.Speaker == *s.rec.Document.Outlet && len(st.Via) == 0:
			h = child(h, *st.Speaker, "")
			h.Name = s.name(*st.Speaker)
		case st.Speaker != nil:
			h = child(h, *st.Speaker, "")
			h.Name = s.name(*st.Speaker)
		case st.SpeakerSpan != nil:
			h = child(h, "", st.SpeakerSpan.Text)
			h.Name = quote(st.SpeakerSpan.Text)
		default:
			h = child(h, "", "")
			h.Name = template.HTML(template.HTMLEscapeString(s.T("said.nobody")))
		}
		h.Speaker = true
		h.Said = append(h.Said, said{st.ID, x.Key, s.Word("value.statement.act", st.Act)})
	}
	return root.Next
}

// Way is the way of one statement, for its panel: from the publisher to the
// speaker.
func (s *sheet) way(st *record.Statement) []template.HTML {
	var list []template.HTML
	if n := s.Publisher(); n != "" {
		list = append(list, n)
	}
	for i := range st.Via {
		list = append(list, s.ref(&st.Via[i]))
	}
	switch {
	case st.Speaker != nil:
		list = append(list, s.name(*st.Speaker))
	case st.SpeakerSpan != nil:
		list = append(list, quote(st.SpeakerSpan.Text))
	default:
		list = append(list, template.HTML(template.HTMLEscapeString(s.T("said.nobody"))))
	}
	return list
}

// Publisher is the outlet of the report, "" where it is not known.
func (s *sheet) Publisher() template.HTML {
	if o := s.rec.Document.Outlet; o != nil && s.entities[*o] != nil {
		return s.name(*o)
	}
	return bdi(s.Full.OutletName)
}
