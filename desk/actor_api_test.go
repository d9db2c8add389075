package desk

import (
	"context"
	"strings"

	"github.com/sanad-project/sanad/ledger"
)

// actorCalls are the calls of actors and of how outlets word them.
func actorCalls(b *bench) []apiCall {
	for _, a := range stage {
		b.add(a)
	}
	large := `{"entity":"` + strings.Repeat("x", maxForm+10) + `"}`
	decide := "/api/v1/actors/hezbollah/decisions"
	merge := map[string]any{"action": "merge", "entity": "taliban", "seen": ""}
	propose := "/api/v1/proposals/ffffffff"
	return []apiCall{
		{"findActors", "/api/v1/actors", nil, "", 200, nil},
		{"findActors", "/api/v1/actors?q=Hezbollah&type=GRP", nil, "", 200, nil},
		{"findActors", "/api/v1/actors?type=VICTIM", nil, "", 422, nil},
		{"getActor", "/api/v1/actors/hezbollah", nil, "", 200, nil},
		{"getActor", "/api/v1/actors/" + official, nil, "", 200, nil},
		{"getActor", "/api/v1/actors/" + victim, nil, "", 404, nil},
		{"getActor", "/api/v1/actors/nobody-at-all", nil, "", 404, nil},
		{"getActorPart", "/api/v1/actors/israel/accused?limit=1", nil, "", 200, nil},
		{"getActorPart", "/api/v1/actors/israel/accused?from=x", nil, "", 422, nil},
		{"getActorPart", "/api/v1/actors/israel/plans", nil, "", 422, nil},
		{"getActorPart", "/api/v1/actors/" + victim + "/suffers", nil, "", 404, nil},
		{"decideActor", decide, merge, "", 201, nil},
		{"decideActor", decide, merge, "", 409, nil},
		{"decideActor", decide, map[string]any{"action": "merge", "entity": "taliban"}, "", 422, nil},
		{"decideActor", decide, "[]", "", 400, nil},
		{"decideActor", decide, merge, "Sec-Fetch-Site: cross-site", 403, nil},
		{"decideActor", decide, merge, "Content-Type: text/plain", 415, nil},
		{"decideActor", decide, large, "", 413, nil},
		{"decideActor", "/api/v1/actors/" + victim + "/decisions", merge, "", 404, nil},
		{"getNetwork", "/api/v1/network?unreal=1&reports=100&kind=conflict", nil, "", 200, nil},
		{"getNetwork", "/api/v1/network?reports=0", nil, "", 422, nil},
		{"getProposals", "/api/v1/proposals", nil, "", 200, nil},
		{"decideProposal", propose, map[string]any{"action": "accept"}, "", 422, nil},
		{"decideProposal", propose, "[]", "", 400, nil},
		{"decideProposal", propose, map[string]any{"action": "accept"}, "Origin: http://evil.example", 403, nil},
		{"decideProposal", propose, map[string]any{"action": "accept"}, "Content-Type: text/plain", 415, nil},
		{"decideProposal", propose, `{"action":"` + strings.Repeat("x", maxForm+10) + `"}`, "", 413, nil},
		{"decideProposal", "/api/v1/proposals/{proposal}", map[string]any{"action": "refuse"}, "", 201, nil},
		{"getOutlet", "/api/v1/outlets/fars-news", nil, "", 200, nil},
		{"getOutlet", "/api/v1/outlets/nowhere", nil, "", 404, nil},
		{"getWording", "/api/v1/wording", nil, "", 200, nil},
		{"getWording", "/api/v1/wording?actor=israel&outlet=fars-news", nil, "", 200, nil},
		{"getWording", "/api/v1/wording?actor=" + victim, nil, "", 422, nil},
	}
}

// withProposal puts the id of the first proposal into a path.
func (b *bench) withProposal(path string) string {
	if !strings.Contains(path, "{proposal}") {
		return path
	}
	list, err := b.ledger.Proposals(context.Background(), reader().Lexicon, leastSure)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, p := range list {
		if _, err := b.ledger.Actor(context.Background(), ledger.NewCast(reader().Lexicon), p.Into); err == nil {
			return strings.ReplaceAll(path, "{proposal}", p.ID)
		}
	}
	b.t.Fatalf("nothing is proposed of an actor: %+v", list)
	return path
}
