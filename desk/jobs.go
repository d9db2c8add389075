package desk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/input"
	"github.com/sanad-project/sanad/intake"
)

// What people add is read by jobs, one after the other and apart from the
// request that brings it: a long text or many files take longer than anybody
// should have to look at one page, and whoever goes elsewhere meanwhile finds
// the job where it is. Jobs live in the process of the desk: when it is closed,
// what was kept stays kept, and what was still to come is gone.

// States of a job.
const (
	jobQueued  = "queued"
	jobReading = "reading"
	jobDone    = "done"
	jobFailed  = "failed" // nothing of it could be kept, or the ledger failed amid it
)

// The limits of jobs.
const (
	jobsQueued  = 32               // that wait
	bytesQueued = 256 << 20        // of uploaded files that wait
	jobsShown   = 60               // that are remembered when they are over
	jobResults  = 500              // results that are remembered of one job; its counts are of all
	jobStep     = 25               // reports that go into one transaction
	jobPatience = time.Second      // a form waits so long for its job before it shows the progress
	fetchTime   = 15 * time.Minute // an address may take so long: a feed's articles are fetched with pauses
)

// errQueue says that too much waits already.
var errQueue = badForm("too much waits to be read already: wait until some of it is done, and add it then")

// job is one thing that somebody added. Its fields but those set at its start
// are guarded by the mutex of jobs.
type job struct {
	ID   string    `json:"id"`
	Kind string    `json:"kind"` // text, files, address
	Name string    `json:"name"` // the title, the files' names, the address
	By   string    `json:"by"`
	At   time.Time `json:"at"`

	State  string    `json:"state"`
	Why    string    `json:"error,omitempty"` // of one that failed
	Read   int       `json:"read"`            // reports that were read
	New    int       `json:"new"`
	Known  int       `json:"known"`  // were there already
	Failed int       `json:"failed"` // could not be read
	Bytes  int64     `json:"bytes"`  // of the files that were read
	Of     int64     `json:"of"`     // their size; 0 where it cannot be known
	Done   []arrived `json:"results"`
	Left   int       `json:"left"` // results that are not remembered

	over chan struct{} // closed at its end
	err  error         // of the ledger
	text *sanad.Article
	dir  string // of uploaded files; removed at its end
	list []upload
	from string // an address
	def  input.Defaults
	size int64
}

// upload is one uploaded file.
type upload struct {
	name string // as its sender calls it
	path string
	why  string // why it is not read
}

// Running reports whether the job is not over.
func (j *job) Running() bool { return j.State == jobQueued || j.State == jobReading }

// jobs are the jobs of a desk, the oldest first.
type jobs struct {
	mu      sync.Mutex
	wait    sync.WaitGroup
	list    []*job
	running bool
	closed  bool
	queued  int64 // bytes of uploads that wait
}

// put queues a job and sees to it that it is run.
func (d *Desk) put(j *job) error {
	q := &d.jobs
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := 0
	for _, x := range q.list {
		if x.State == jobQueued {
			waiting++
		}
	}
	if q.closed || waiting >= jobsQueued || q.queued+j.size > bytesQueued {
		return errQueue
	}
	b := make([]byte, 6)
	rand.Read(b)
	j.ID, j.State, j.At, j.over, j.Done = hex.EncodeToString(b), jobQueued, time.Now(), make(chan struct{}), []arrived{}
	q.list = append(q.list, j)
	q.queued += j.size
	if over := len(q.list) - jobsShown; over > 0 {
		q.list = slices.DeleteFunc(q.list, func(x *job) bool {
			if over > 0 && !x.Running() {
				over--
				return true
			}
			return false
		})
	}
	if !q.running {
		q.running = true
		q.wait.Go(d.runJobs)
	}
	return nil
}

// runJobs runs what is queued, the oldest first, until nothing waits.
func (d *Desk) runJobs() {
	q := &d.jobs
	for {
		q.mu.Lock()
		i := slices.IndexFunc(q.list, func(x *job) bool { return x.State == jobQueued })
		if i < 0 {
			q.running = false
			q.mu.Unlock()
			return
		}
		j := q.list[i]
		j.State = jobReading
		q.mu.Unlock()
		err := d.runJob(j)
		q.mu.Lock()
		q.queued -= j.size
		j.State = jobDone
		switch {
		case errors.Is(err, context.Canceled):
			j.State, j.Why = jobFailed, "the desk was closed before it was done"
		case errors.Is(err, context.DeadlineExceeded):
			j.State, j.Why = jobFailed, "it took too long; what was kept by then is kept"
		case err != nil:
			j.State, j.Why, j.err = jobFailed, err.Error(), err
			d.opt.Log.Printf("desk: adding %s: %v", j.Name, err)
		case j.New+j.Known == 0 && j.Failed > 0:
			j.State = jobFailed
			if j.Failed == 1 && len(j.Done) > 0 {
				j.Why = j.Done[0].Why
			} else {
				j.Why = "nothing of it could be read"
			}
		case j.New+j.Known+j.Failed == 0:
			j.State, j.Why = jobFailed, "there is no report in it"
		}
		j.text = nil
		if j.dir != "" {
			os.RemoveAll(j.dir)
		}
		q.mu.Unlock()
		close(j.over)
	}
}

// runJob reads what a job brings and keeps it, some reports at a time.
func (d *Desk) runJob(j *job) error {
	ctx := d.life
	var items []input.Item
	flush := func() error {
		if len(items) == 0 {
			return ctx.Err()
		}
		list, err := d.keep(ctx, items)
		if err != nil {
			return err
		}
		d.jobs.mu.Lock()
		defer d.jobs.mu.Unlock()
		for i := range list {
			j.note(list[i])
			j.Bytes += items[i].Bytes
		}
		items = items[:0]
		return nil
	}
	if j.text != nil {
		items = append(items, itemOf(*j.text))
		return flush()
	}
	if j.from != "" {
		limited, cancel := context.WithTimeout(ctx, fetchTime)
		defer cancel()
		ctx = limited
		j.list = []upload{{path: j.from}}
	}
	for i := range j.list {
		f := &j.list[i]
		if f.why != "" {
			d.jobs.mu.Lock()
			j.note(arrived{Where: f.name, Why: f.why})
			d.jobs.mu.Unlock()
			continue
		}
		opt := intake.Options{Defaults: j.def, Keep: true}
		if j.from != "" {
			opt.Get = d.opt.Fetch
			opt.Known = func(url string) bool { known, err := d.ledger.Holds(ctx, url); return known && err == nil }
		}
		var failed error
		intake.Each(ctx, []string{f.path}, opt, func(it input.Item) bool {
			if j.from == "" {
				it.File = f.name
				if it.Err != nil {
					it.Err = errors.New(strings.ReplaceAll(it.Err.Error(), f.path, f.name))
				}
			}
			// What is fetched comes slowly: none waits for the others.
			if items = append(items, it); len(items) == jobStep || j.from != "" {
				failed = flush()
			}
			return failed == nil
		})
		if failed == nil {
			failed = flush()
		}
		if failed != nil {
			return failed
		}
	}
	return ctx.Err()
}

// note adds a result.
func (j *job) note(x arrived) {
	j.Read++
	switch {
	case x.Why != "":
		j.Failed++
	case x.New:
		j.New++
	default:
		j.Known++
	}
	if len(j.Done) < jobResults {
		j.Done = append(j.Done, x)
	} else {
		j.Left++
	}
}

// close begins no more jobs, waits for the one that runs and throws away what
// waits.
func (q *jobs) close() {
	q.mu.Lock()
	q.closed = true
	for _, j := range q.list {
		if j.State == jobQueued {
			j.State, j.Why = jobFailed, "the desk was closed before it was read"
			if j.dir != "" {
				os.RemoveAll(j.dir)
			}
		}
	}
	q.mu.Unlock()
	q.wait.Wait()
}

// now are copies of the jobs as they stand, without their results, the newest
// first.
func (q *jobs) now() []job {
	q.mu.Lock()
	defer q.mu.Unlock()
	var list []job
	for _, j := range q.list {
		c := *j
		c.Done = []arrived{}
		list = append(list, c)
	}
	slices.Reverse(list)
	return list
}

func (j *job) copy() job {
	c := *j
	c.Done = slices.Clone(j.Done)
	return c
}

// find returns a copy of a job; false where there is none of that id.
func (q *jobs) find(id string) (job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.list {
		if j.ID == id {
			return j.copy(), true
		}
	}
	return job{}, false
}

// filesJob stores uploaded files and makes a job of them.
func (d *Desk) filesJob(files []*multipart.FileHeader, def input.Defaults) (*job, error) {
	dir, err := os.MkdirTemp("", "sanad-desk-")
	if err != nil {
		return nil, err
	}
	j := &job{Kind: "files", dir: dir, def: def}
	var names []string
	for i, f := range files {
		name := tame(filepath.Base(filepath.ToSlash(f.Filename)))
		names = append(names, name)
		u := upload{name: name}
		ext := strings.ToLower(filepath.Ext(name))
		if !slices.Contains(takes, ext) {
			u.why = "files of this kind cannot be dropped here: give " + strings.Join(takes, ", ") + ", or use sanad add"
		} else {
			sub := filepath.Join(dir, hex.EncodeToString([]byte{byte(i >> 8), byte(i)}))
			u.path = filepath.Join(sub, "file"+ext)
			if err := errors.Join(os.Mkdir(sub, 0o700), store(f, u.path)); err != nil {
				os.RemoveAll(dir)
				return nil, err
			}
			j.Of += f.Size
		}
		j.list = append(j.list, u)
	}
	j.size = j.Of
	j.Name = short(strings.Join(names, ", "), 120)
	return j, nil
}

// errNoFetch says that the desk asks no sites.
var errNoFetch = badForm("this desk fetches no pages: paste the text, or open the desk without --no-fetch")

// addressJob makes a job of an address.
func (d *Desk) addressJob(address string, def input.Defaults) (*job, error) {
	if d.opt.Fetch == nil {
		return nil, errNoFetch
	}
	u, err := url.Parse(address)
	if err != nil || !intake.IsURL(address) || u.User != nil {
		return nil, badForm("%q is no address of a page", address)
	}
	return &job{Kind: "address", Name: short(tame(address), 200), from: address, def: def}, nil
}

// submit queues a job and waits a moment for it; over says that it is done.
func (d *Desk) submit(ctx context.Context, j *job) (now job, over bool, err error) {
	j.By = d.author(ctx)
	if err := d.put(j); err != nil {
		if j.dir != "" {
			os.RemoveAll(j.dir)
		}
		return job{}, false, err
	}
	wait := time.NewTimer(d.patience())
	defer wait.Stop()
	select {
	case <-j.over:
		over = true
	case <-wait.C:
	case <-ctx.Done():
	}
	d.jobs.mu.Lock()
	defer d.jobs.mu.Unlock()
	return j.copy(), over, nil
}

// patience is how long a form waits for its job.
func (d *Desk) patience() time.Duration {
	if d.opt.patience != 0 {
		return d.opt.patience
	}
	return jobPatience
}

// jobsBody is the page of the jobs, or of one.
type jobsBody struct {
	*language
	List []job
	One  bool
}

// Refreshes reports whether the page is to come anew by itself.
func (b *jobsBody) Refreshes() bool {
	return slices.ContainsFunc(b.List, func(j job) bool { return j.Running() })
}

// Percent is how much of a job's files is read; -1 where that cannot be known.
func (j job) Percent() int {
	if j.Of <= 0 {
		return -1
	}
	return int(min(100, 100*j.Bytes/j.Of))
}

func (d *Desk) jobsPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	d.show(w, r, http.StatusOK, "jobs", l.T("jobs.title"), &jobsBody{language: l, List: d.jobs.now()})
}

func (d *Desk) jobPage(w http.ResponseWriter, r *http.Request) {
	l := languageOf(r)
	j, ok := d.jobs.find(r.PathValue("id"))
	if !ok {
		d.trouble(w, r, http.StatusNotFound, errNoJob)
		return
	}
	d.show(w, r, http.StatusOK, "jobs", l.T("jobs.title"), &jobsBody{language: l, List: []job{j}, One: true})
}

var errNoJob = errors.New("there is no such job: it is long over, or of an earlier run of the desk")

func (d *Desk) apiJobs(w http.ResponseWriter, _ *http.Request) {
	d.answer(w, http.StatusOK, struct {
		Jobs []job `json:"jobs"`
	}{noNil(d.jobs.now())})
}

func (d *Desk) apiJob(w http.ResponseWriter, r *http.Request) {
	j, ok := d.jobs.find(r.PathValue("id"))
	if !ok {
		d.answer(w, http.StatusNotFound, problem{Error: errNoJob.Error()})
		return
	}
	d.answer(w, http.StatusOK, j)
}

// apiFetch begins to fetch an address.
func (d *Desk) apiFetch(w http.ResponseWriter, r *http.Request) {
	var in struct {
		URL    string `json:"url"`
		Outlet string `json:"outlet"`
		Day    string `json:"published"`
	}
	if !d.take(w, r, &in) {
		return
	}
	j, err := d.addressJob(in.URL, input.Defaults{Outlet: in.Outlet, Published: in.Day})
	if err == nil {
		err = aDay(in.Day)
	}
	if err == nil {
		j.By = d.author(r.Context())
		err = d.put(j)
	}
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	now, _ := d.jobs.find(j.ID)
	d.answer(w, http.StatusAccepted, now)
}

// recent are the jobs that the inbox shows: those that run and those that ended
// a short time ago.
func (d *Desk) recentJobs() []job {
	var list []job
	for _, j := range d.jobs.now() {
		if j.Running() || time.Since(j.At) < 10*time.Minute && j.State == jobFailed || time.Since(j.At) < 3*time.Minute {
			list = append(list, j)
		}
	}
	return list[:min(len(list), 5)]
}
