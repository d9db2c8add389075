-- Who takes words from whom (package relay). All of it is derived: it can be
-- dropped and made anew by linking. report, a and b are reports.seq.

-- What is kept of a report to find its relays by. A report that has no row, or
-- whose row was made by other rules (table made), is linked next time.
CREATE TABLE signatures (
	report INTEGER PRIMARY KEY,
	day    INTEGER NOT NULL,        -- of publication, of coming in where that is unknown; days since 1970-01-01
	data   BLOB NOT NULL            -- relay.Signature
);
CREATE INDEX signatures_day ON signatures(day, report);

-- b takes words from a; or, where common is 1, both take them from a third.
CREATE TABLE links (
	a          INTEGER NOT NULL,
	b          INTEGER NOT NULL,
	common     INTEGER NOT NULL,
	direct     INTEGER NOT NULL,    -- 1: the step that counts; 0: it follows from others
	how        TEXT NOT NULL,       -- copy, excerpt, …
	source     TEXT NOT NULL,       -- the third, where it is known: entity id
	words      INTEGER NOT NULL,    -- that both have
	confidence REAL NOT NULL,
	lag        INTEGER,             -- seconds from a to b; NULL where a time is not known
	data       TEXT NOT NULL,       -- JSON of relay.Link: reasons and passages
	PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX links_b ON links(b, a);

-- Reports that rest on one origin; a report that stands alone has no row.
CREATE TABLE origins (
	report INTEGER PRIMARY KEY,
	origin INTEGER NOT NULL,        -- the first report of the group
	name   TEXT NOT NULL            -- what the group goes back to: a report's id, an entity; '' where several may be
);
CREATE INDEX origins_origin ON origins(origin, report);
