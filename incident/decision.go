package incident

// Ref points to words of a report, in code points of its text. It finds the
// account whose sentences hold them, so it survives a new reading of the same
// text. Where End is 0 it means the first account of the report, and in Part.Accounts and Store.With all of them.
type Ref struct {
	Report string `json:"report"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

// Decision is a person's: the two tell of one thing, or they do not.
type Decision struct {
	A    Ref  `json:"a"`
	B    Ref  `json:"b"`
	Same bool `json:"same"`
}
