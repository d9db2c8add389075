// Package pgtest gives tests a place of their own in a PostgreSQL database.
package pgtest

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// made counts the schemas of this run.
var made atomic.Int64

// Schema makes an empty schema in the database at dsn, which goes at the end of
// the test, and returns the address that opens it. Its name has the process's
// number: packages are tested side by side.
func Schema(t testing.TB, dsn string) string {
	t.Helper()
	name := fmt.Sprintf("t%d_%d", os.Getpid(), made.Add(1))
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Exec("DROP SCHEMA " + name + " CASCADE")
		db.Close()
	})
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	v := u.Query()
	v.Set("search_path", name)
	u.RawQuery = v.Encode()
	return u.String()
}
