package desk

import (
	"context"
	"strings"

	"github.com/sanad-project/sanad/ledger"
)

// apiCall is a call that TestAPI makes.
type apiCall struct {
	operation, path string
	body            any
	header          string // of the request, NAME: VALUE
	want            int
	before          func() // what has to be so before it
}

// linkedCalls are the calls of what linking finds, in their order: before
// reports are linked and after.
func linkedCalls(b *bench) []apiCall {
	ids := make([]string, len(bazaar))
	for i, a := range bazaar {
		ids[i] = b.add(a)
	}
	large := `{"note":"` + strings.Repeat("x", maxForm+10) + `"}`
	relays := "/api/v1/reports/" + ids[6] + "/relays"
	list := []apiCall{
		{"findIncidents", "/api/v1/incidents", nil, "", 200, nil},
		{"getRelays", relays, nil, "", 409, nil},
		{"getOutlets", "/api/v1/outlets", nil, "", 409, nil},
		{"getLinking", "/api/v1/link", nil, "", 200, nil},
		{"link", "/api/v1/link", "[]", "", 400, nil},
		{"link", "/api/v1/link", map[string]any{}, "Origin: http://evil.example", 403, nil},
		{"link", "/api/v1/link", map[string]any{}, "Content-Type: text/plain", 415, nil},
		{"link", "/api/v1/link", large, "", 413, nil},
		{"link", "/api/v1/link", map[string]any{}, "", 202, nil},
		{"getLinking", "/api/v1/link", nil, "", 200, b.waits},
		{"findIncidents", "/api/v1/incidents?contradicted=1&limit=1", nil, "", 200, nil},
		{"findIncidents", "/api/v1/incidents?kind=war", nil, "", 422, nil},
		{"findIncidents", "/api/v1/incidents?report=ffffffffffffffff", nil, "", 404, nil},
		{"getIncident", "/api/v1/incidents/ffffffffffffffff", nil, "", 404, nil},
		{"getRelays", relays, nil, "", 200, nil},
		{"getRelays", "/api/v1/reports/" + ids[5] + "/relays", nil, "", 200, nil},
		{"getRelays", "/api/v1/reports/ffffffffffffffff/relays", nil, "", 404, nil},
		{"getOutlets", "/api/v1/outlets?from=1387-01-01", nil, "", 200, nil},
		{"getOutlets", "/api/v1/outlets?to=never", nil, "", 422, nil},
		{"decideIncident", "/api/v1/incidents/ffffffffffffffff/decisions", map[string]any{"seen": "", "action": "note", "note": "x"}, "", 404, nil},
	}
	// What is about one incident is known only once reports are linked.
	about := func(operation, rest string, body any, header string, want int) {
		list = append(list, apiCall{operation, "/api/v1/incidents/{incident}" + rest, body, header, want, nil})
	}
	about("getIncident", "", nil, "", 200)
	grade := map[string]any{"seen": "", "action": "grade", "grade": "fair"}
	about("decideIncident", "/decisions", grade, "", 201)
	about("decideIncident", "/decisions", grade, "", 409)
	about("decideIncident", "/decisions", map[string]any{"action": "grade"}, "", 422)
	about("decideIncident", "/decisions", map[string]any{"seen": "*", "action": "grade", "grade": "weak"}, "", 422)
	about("decideIncident", "/decisions", "[]", "", 400)
	about("decideIncident", "/decisions", grade, "Content-Type: text/plain", 415)
	about("decideIncident", "/decisions", grade, "Sec-Fetch-Site: cross-site", 403)
	about("decideIncident", "/decisions", large, "", 413)
	about("getIncident", "", nil, "", 200)
	return append(list, apiCall{"findIncidents", "/api/v1/incidents?grade=fair", nil, "", 200, nil})
}

// withIncident puts the id of the incident of bazaar into a path.
func (b *bench) withIncident(path string) string {
	if !strings.Contains(path, "{incident}") {
		return path
	}
	list, err := b.ledger.Incidents(context.Background(), ledger.IncidentFilter{Contradicted: true}, 1, 0)
	if err != nil || len(list) != 1 {
		b.t.Fatalf("%d incidents, %v", len(list), err)
	}
	return strings.ReplaceAll(path, "{incident}", list[0].ID)
}
