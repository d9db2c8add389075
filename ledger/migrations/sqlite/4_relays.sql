-- Who takes words from whom (package relay). All of it is derived: it can be
-- dropped and made anew by linking. report, a and b are reports.seq.

-- What is kept of a report to find its relays by.
CREATE TABLE signatures (
	report INTEGER PRIMARY KEY,
	data   BLOB NOT NULL            -- relay.Signature
);

-- The reports that have a signature. One that has no row here, or whose reading or
-- decisions changed since (then its row was deleted), is linked next time.
CREATE TABLE linked (
	report  INTEGER PRIMARY KEY,
	day     INTEGER NOT NULL,       -- of publication, of coming in where that is unknown; days since 1970-01-01
	reading INTEGER NOT NULL,       -- readings.seq that was signed
	decided INTEGER NOT NULL,       -- the last of decisions.seq on the report, 0 where there is none
	outlet  TEXT NOT NULL,          -- entity id or key of the name, '' where unknown
	first   INTEGER,                -- published at or after this time, Unix seconds; NULL where unknown
	last    INTEGER,                -- and at or before this one
	state   INTEGER NOT NULL,       -- 0: to be compared; 1: compared, but the steps round it are not yet sorted; 2: done
	changed INTEGER NOT NULL        -- 0: grouping knows its origin; else when that changed, as numbers that grow
);
CREATE INDEX linked_day ON linked(day, report);
CREATE INDEX linked_open ON linked(state, report) WHERE state < 2;
CREATE INDEX linked_changed ON linked(report) WHERE changed > 0;

-- b takes words from a; or, where common is 1, both take them from a third.
CREATE TABLE links (
	a          INTEGER NOT NULL,
	b          INTEGER NOT NULL,
	common     INTEGER NOT NULL,
	direct     INTEGER NOT NULL,    -- 1: the step that counts; 0: it follows from others
	how        TEXT NOT NULL,       -- copy, edited, cites
	source     TEXT NOT NULL,       -- of a common source, where it is known: entity id or key
	words      INTEGER NOT NULL,    -- that both have
	share      REAL NOT NULL,       -- of b's words, boilerplate aside, that stand in a
	share_a    REAL NOT NULL,       -- of a's words that stand in b
	step       INTEGER NOT NULL,    -- place of a in the chain of sources that b gives, 0 where it does not name it
	spelling   REAL NOT NULL,       -- share of the words that are written alike
	alike      REAL NOT NULL,       -- weight of content words that both have, in any order
	confidence REAL NOT NULL,
	lag        INTEGER,             -- seconds from a to b; NULL where one time is not known to the minute
	data       TEXT NOT NULL,       -- JSON: {"why": [reasons], "passages": [[start and end in a, start and end in b, words that are equal], …]}, places in bytes
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

-- What linking remembers: "rules" by which signatures were made, and how many reports
-- there were when all were linked "anew".
CREATE TABLE link_notes (
	what  TEXT PRIMARY KEY,
	value TEXT NOT NULL
);
