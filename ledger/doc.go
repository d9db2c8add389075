// Package ledger keeps reports and what was read from them, for years: what
// came in, the machine's readings, and people's decisions are kept and never
// changed; everything that is searched, listed and exported is derived from
// them and can be made anew ([Ledger.Rebuild]).
//
// A ledger is an SQLite file or a PostgreSQL database. The SQL is written once,
// in the form that both understand (dialect.go has what differs); tables are
// made by the files in migrations.
//
//	in    input.Item ─ Maker.Entry ─▶ Entry ─ Ledger.Add ─▶ blobs reports arrivals readings
//	judge review.Decision ─ Ledger.Decide ─▶ decisions
//	out   readings + decisions ─ derive ─▶ documents entities … events facets words
//
// doc/ledger.md says what each table holds, what is promised at a crash, and
// what is not.
package ledger
