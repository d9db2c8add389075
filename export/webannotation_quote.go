package export

import "strings"

// How much of the text around a quotation is given, in code points: so much,
// and where the quotation is not the only one, more, up to annoLongest.
const (
	annoContextSize = 32
	annoLongest     = 512
	annoSearched    = 256 << 10 // longer texts, in bytes, are not searched for a second place; the position tells
)

// quoter quotes a text by code points.
type quoter struct {
	text  string
	bytes []int32 // byte of each code point, and of the end
}

func newQuoter(text string) *quoter {
	q := &quoter{text: text, bytes: make([]int32, 0, len(text)/2+1)}
	for i := range text {
		q.bytes = append(q.bytes, int32(i))
	}
	q.bytes = append(q.bytes, int32(len(text)))
	return q
}

func (q *quoter) slice(start, end int) string {
	last := len(q.bytes) - 1
	start, end = min(max(start, 0), last), min(max(end, 0), last)
	if start >= end {
		return ""
	}
	return q.text[q.bytes[start]:q.bytes[end]]
}

// at returns the words from start to end and so much of what stands around
// them that they are found in one place only. A text that repeats itself for
// longer than annoLongest has them in several places still; then the position
// selector decides.
func (q *quoter) at(start, end int) (exact, prefix, suffix string) {
	last := len(q.bytes) - 1
	start = min(max(start, 0), last)
	end = min(max(end, start), last)
	exact = q.slice(start, end)
	for n := annoContextSize; ; n *= 2 {
		prefix, suffix = q.slice(start-n, start), q.slice(end, end+n)
		if n >= annoLongest || len(q.text) > annoSearched || q.once(prefix+exact+suffix) {
			return exact, prefix, suffix
		}
	}
}

// once says that s stands in the text in one place only.
func (q *quoter) once(s string) bool {
	if s == "" {
		return true
	}
	i := strings.Index(q.text, s)
	return i >= 0 && !strings.Contains(q.text[i+1:], s)
}
