package desk

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser starts Debian's chromium with no way to the network but this
// machine's own: whatever a page asks of others fails, and so does the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("NOT TESTED IN A BROWSER: $CI is set, but there is no chromium; run apt-get install -y chromium")
		}
		t.Skip("NOT TESTED IN A BROWSER: there is no chromium; run apt-get install -y chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestBrowserStarts(t *testing.T) {
	if err := chromedp.Do(browser(t), chromedp.Navigate("data:text/html,<p>۱")); err != nil {
		t.Fatal(err)
	}
}
