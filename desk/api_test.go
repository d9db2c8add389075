package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-project/sanad/ledger"
	"github.com/sanad-project/sanad/record"
	"github.com/sanad-project/sanad/review"
)

// described is what the test reads of the description of the API.
type described struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string
		Parameters  []struct{ Name, In string }
		RequestBody *struct{ Content map[string]any }
		Responses   map[string]struct {
			Content map[string]struct{ Schema any }
		}
	}
}

// call sends JSON to the API.
func (b *bench) call(method, path string, body any) (int, []byte, http.Header) {
	b.t.Helper()
	raw, isRaw := body.(string)
	if !isRaw && body != nil {
		x, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		raw = string(x)
	}
	r := b.request(method, path, strings.NewReader(raw))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := b.do(r)
	return w.Code, w.Body.Bytes(), w.Header()
}

// TestAPI walks the description of the API: every path and method of it
// answers, with statuses and bodies that it describes, and each described
// status but those that need a broken ledger comes up.
func TestAPI(t *testing.T) {
	b := benchOf(t, Options{Lexicon: t.TempDir(), Fetch: &web{pages: map[string]string{"https://khabar.example/1": news(article.Title, article.Text)}}})
	id := b.add(article)
	var api described
	if err := json.Unmarshal(openAPI, &api); err != nil || !strings.HasPrefix(api.OpenAPI, "3.1") {
		t.Fatalf("the description cannot be read: %v", err)
	}
	var whole any
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(openAPI))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("api.json", whole); err != nil {
		t.Fatal(err)
	}
	e := event(t, b.record(id), "انفجار بمب").ID
	correct := map[string]any{"seen": "", "action": "correct", "target": map[string]any{"kind": "event", "id": e}, "field": "type", "value": "COERCE"}
	decisions, large := "/api/v1/reports/"+id+"/decisions", strings.Repeat("x", maxForm+10)
	calls := []apiCall{
		{"describe", "/api/v1/openapi.json", nil, "", 200, nil},
		{"findReports", "/api/v1/reports", nil, "", 200, nil},
		{"findReports", "/api/v1/reports?q=%D8%A7%D9%86%D9%81%D8%AC%D8%A7%D8%B1&state=new&limit=1", nil, "", 200, nil},
		{"findReports", "/api/v1/reports?offset=7", nil, "", 200, nil},
		{"findReports", "/api/v1/reports?type=WAR", nil, "", 422, nil},
		{"addReport", "/api/v1/reports", map[string]any{"text": "ارتش عراق دیروز سه نفر را در بغداد بازداشت کرد.", "outlet": "ایرنا"}, "", 201, nil},
		{"addReport", "/api/v1/reports", map[string]any{"text": "ارتش عراق دیروز سه نفر را در بغداد بازداشت کرد.", "outlet": "ایرنا"}, "", 200, nil},
		{"addReport", "/api/v1/reports", map[string]any{"text": ""}, "", 422, nil},
		{"addReport", "/api/v1/reports", "{", "", 400, nil},
		{"addReport", "/api/v1/reports", `{"text":"x","colour":"red"}`, "", 400, nil},
		{"addReport", "/api/v1/reports", `{} {}`, "", 400, nil},
		{"addReport", "/api/v1/reports", map[string]any{}, "Content-Type: text/plain", 415, nil},
		{"addReport", "/api/v1/reports", map[string]any{}, "Sec-Fetch-Site: cross-site", 403, nil},
		{"addReport", "/api/v1/reports", `{"text":"` + strings.Repeat("x", maxUpload) + `"}`, "", 413, nil},
		{"getReport", "/api/v1/reports/" + id, nil, "", 200, nil},
		{"getReport", "/api/v1/reports/" + id[:6], nil, "", 200, nil},
		{"getReport", "/api/v1/reports/ffffffffffffffff", nil, "", 404, nil},
		{"getFindings", "/api/v1/reports/" + id + "/findings", nil, "", 200, nil},
		{"getFindings", "/api/v1/reports/" + id + "/findings?kind=event", nil, "", 200, nil},
		{"getFindings", "/api/v1/reports/ffffffffffffffff/findings", nil, "", 404, nil},
		{"getWhy", "/api/v1/reports/" + id + "/why?kind=event&finding=" + e, nil, "", 200, nil},
		{"getWhy", "/api/v1/reports/" + id + "/why?kind=event&finding=e99", nil, "", 422, nil},
		{"getWhy", "/api/v1/reports/ffffffffffffffff/why?kind=event&finding=e1", nil, "", 404, nil},
		{"decide", decisions, correct, "", 201, nil},
		{"decide", decisions, correct, "", 409, nil},
		{"decide", decisions, map[string]any{"action": "accept"}, "", 422, nil},
		{"decide", decisions, map[string]any{"action": "accept", "seen": "*"}, "", 422, nil},
		{"decide", decisions, "[]", "", 400, nil},
		{"decide", decisions, correct, "Content-Type: application/x-www-form-urlencoded", 415, nil},
		{"decide", decisions, correct, "Origin: http://evil.example", 403, nil},
		{"decide", decisions, `{"note":"` + large + `"}`, "", 413, nil},
		{"decide", "/api/v1/reports/ffffffffffffffff/decisions", correct, "", 404, nil},
		{"getReport", "/api/v1/reports/" + id, nil, "", 200, nil}, // with a decision
		{"getFindings", "/api/v1/reports/" + id + "/findings", nil, "", 200, nil},
	}
	calls = append(calls, linkedCalls(b)...)
	calls = append(calls, eventCalls()...)
	calls = append(calls, compareCalls(b)...)
	calls = append(calls, lexiconCalls(b)...)
	calls = append(calls, jobCalls(b)...)
	calls = append(calls, actorCalls(b)...)
	seen := map[string]bool{}
	for _, x := range calls {
		if x.before != nil {
			x.before()
		}
		x.path = b.withProposal(b.withIncident(x.path))
		path, method := "", ""
		for p, methods := range api.Paths {
			for m, o := range methods {
				if o.OperationID == x.operation {
					path, method = p, m
				}
			}
		}
		if path == "" {
			t.Errorf("%s is not described", x.operation)
			continue
		}
		raw, isRaw := x.body.(string)
		if !isRaw && x.body != nil {
			j, _ := json.Marshal(x.body)
			raw = string(j)
		}
		r := b.request(strings.ToUpper(method), x.path, strings.NewReader(raw))
		if method == "post" {
			r.Header.Set("Content-Type", "application/json")
		}
		if name, value, ok := strings.Cut(x.header, ": "); ok {
			r.Header.Set(name, value)
		}
		w := b.do(r)
		status := fmt.Sprint(w.Code)
		if w.Code != x.want {
			t.Errorf("%s %s: %s, want %d: %s", method, x.path, status, x.want, short(w.Body.String(), 300))
		}
		seen[x.operation+" "+status] = true
		answer, ok := api.Paths[path][method].Responses[status]
		if !ok {
			t.Errorf("%s %s answers %s, which is not described", method, path, status)
			continue
		}
		if answer.Content["application/json"].Schema == nil || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			t.Errorf("%s %s %s: no JSON", method, path, status)
			continue
		}
		pointer := "api.json#/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(path) + "/" + method + "/responses/" + status + "/content/application~1json/schema"
		schema, err := c.Compile(pointer)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			t.Fatalf("%s: %v", x.path, err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s %s: %v", method, x.path, err)
		}
	}
	for p, methods := range api.Paths {
		for m, o := range methods {
			for status := range o.Responses {
				if status != "500" && status != "503" && !seen[o.OperationID+" "+status] {
					t.Errorf("%s %s: %s is described and never comes up", m, p, status)
				}
			}
		}
	}
	if code, _, _ := b.call("GET", "/api/v2/x", nil); code != 404 {
		t.Errorf("%d", code)
	}
}

// The API and the pages decide by the same function, with the same refusals.
func TestAPIDecides(t *testing.T) {
	b := newBench(t)
	id := b.add(article)
	e := event(t, b.record(id), "انفجار بمب").ID
	send := func(body map[string]any) (int, []byte) {
		body["seen"] = b.full(id).Reviewed.Last
		code, out, _ := b.call("POST", "/api/v1/reports/"+id+"/decisions", body)
		return code, out
	}
	target := map[string]any{"kind": "event", "id": e}
	for _, body := range []map[string]any{
		{"action": "accept", "target": target},
		{"action": "accept", "target": target, "field": "status"},
		{"action": "correct", "target": target, "field": "place", "value": map[string]any{"entity": "iraq"}},
		{"action": "note", "target": target, "note": "یادداشت"},
		{"action": "add", "target": map[string]any{"kind": "time"}, "value": map[string]any{"start": 0, "end": 6, "type": "DATE", "value": "2012"}},
		{"action": "reject", "target": target},
		{"action": "undo", "undoes": 6},
		{"action": "state", "value": "done"},
	} {
		if code, out := send(body); code != 201 {
			t.Errorf("%v: %d %s", body, code, out)
		}
	}
	x := b.full(id)
	if x.Review != "done" || len(x.Log) != 8 || x.Log[0].Author != "leila" || x.Reviewed.Verdict(review.Event, e) != review.Corrected {
		t.Errorf("%s, %d decisions, %s", x.Review, len(x.Log), x.Reviewed.Verdict(review.Event, e))
	}
	if code, out := send(map[string]any{"action": "correct", "target": target, "field": "type", "value": "WAR"}); code != 422 || !bytes.Contains(out, []byte("WAR")) {
		t.Errorf("%d %s", code, out)
	}
	// Who decides is not for a request to say.
	if code, out := send(map[string]any{"action": "accept", "target": target, "author": "somebody"}); code != 400 {
		t.Errorf("%d %s", code, out)
	}
	code, out, _ := b.call("GET", "/api/v1/reports/"+id, nil)
	var got struct {
		Report ledger.Full
		Seen   string
		Record *record.Record
	}
	if err := json.Unmarshal(out, &got); code != 200 || err != nil || got.Seen != x.Reviewed.Last || len(got.Report.Log) != 8 || got.Record.Document.Text != article.Title+"\n"+article.Text {
		t.Errorf("%d %v %+v", code, err, got.Seen)
	}
	if !slices.ContainsFunc(got.Record.Times, func(x record.Time) bool { return x.Value == "2012" }) {
		t.Errorf("what was added is not in force: %+v", got.Record.Times)
	}
}
