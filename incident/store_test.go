package incident

import (
	"encoding/json"
	"reflect"
	"testing"
)

// What a ledger keeps of an incident is its JSON: it comes back as it was.
func TestJSON(t *testing.T) {
	for _, l := range All(lex(t), small(t), nil) {
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var back Linked
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if again := dump(t, back); again != string(b) {
			t.Errorf("written\n%s\nread and written again\n%s", b, again)
		}
		if !reflect.DeepEqual(back.Accounts(), l.Accounts()) || len(back.Accounts()) == 0 {
			t.Errorf("accounts %v, want %v", back.Accounts(), l.Accounts())
		}
	}
}
