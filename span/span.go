// Package span holds the one unit of position used inside Sanad: half-open
// ranges of bytes of the report's text as it came. Conversion to the code
// points of the published record happens once, in package record.
package span

// Span is the half-open byte range [Start, End) of a source text.
// The zero Span is empty and means "nowhere".
type Span struct{ Start, End int }

// Empty reports whether the span covers no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

// Len returns the length in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Of returns the quoted text.
func (s Span) Of(text string) string { return text[s.Start:s.End] }

// Contains reports whether t lies wholly inside s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t share a byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Join returns the smallest span that covers both; an empty span adds nothing.
func (s Span) Join(t Span) Span {
	if s.Empty() {
		return t
	}
	if t.Empty() {
		return s
	}
	return Span{min(s.Start, t.Start), max(s.End, t.End)}
}
