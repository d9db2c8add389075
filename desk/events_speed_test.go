package desk

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/sanad-project/sanad/ledger"
)

// TestEventsSpeed measures the page of events on a ledger of one's own:
// $SANAD_BENCH_LEDGER names it (scripts/ledgerbench makes large ones). What a
// browser waits for is printed, from the request to the last byte, the median and
// the 95th hundredth of twenty each, and the time on the processor, which tells
// more on a busy machine; nothing is asked twice in a row.
func TestEventsSpeed(t *testing.T) {
	where := os.Getenv("SANAD_BENCH_LEDGER")
	if where == "" {
		t.Skip("$SANAD_BENCH_LEDGER names no ledger")
	}
	l, err := ledger.Open(context.Background(), where, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d := New(l, reader(), Options{Hosts: Hosts(host), Author: "leila", Version: "test", Log: log.New(io.Discard, "", 0)})
	defer d.Close()
	queries := []string{"", "sort=oldest", "sort=type", "sort=added", "sort=dead", "type=ASSAULT", "type=ASSAULT&status=happened", "status=negated", "actor=israel", "actor=israel&target=hamas", "place=baghdad", "country=IQ",
		"country=IQ&type=ASSAULT&status=happened", "outlet=irna", "outlet=irna&status=negated&sort=added", "dead=50", "dead=1&placed=1&sort=dead", "from=1399-01-01&to=1399-12-29", "type=ASSAULT&from=2020-03-01&to=2020-03-31", "review=accepted", "told=1&type=PROTEST"}
	const rounds = 20
	took := make([][]time.Duration, len(queries))
	size, used := make([]int, len(queries)), make([]time.Duration, len(queries))
	var all []time.Duration
	for range rounds {
		for i, q := range queries {
			r := httptest.NewRequest("GET", "http://"+host+"/events?"+q, nil)
			r.Host = host
			w := httptest.NewRecorder()
			start, before := time.Now(), cpu()
			d.ServeHTTP(w, r)
			took[i] = append(took[i], time.Since(start))
			used[i] += cpu() - before
			all = append(all, time.Since(start))
			if size[i] = w.Body.Len(); w.Code != http.StatusOK || size[i] > 300_000 {
				t.Errorf("%s: %d, %d bytes", q, w.Code, size[i])
			}
		}
	}
	at := func(list []time.Duration, p float64) float64 {
		slices.Sort(list)
		return list[int(p*float64(len(list)-1))].Seconds() * 1000
	}
	t.Logf("%-50s %8s %8s %8s %8s", "milliseconds", "p50", "p95", "cpu", "kB")
	for i, q := range queries {
		t.Logf("%-50s %8.1f %8.1f %8.1f %8d", q, at(took[i], .5), at(took[i], .95), used[i].Seconds()*1000/rounds, size[i]/1000)
	}
	t.Logf("%-50s %8.1f %8.1f", "all", at(all, .5), at(all, .95))
}

// cpu is the time that this process was on a processor.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
