-- What is derived: rows made from the reading in force and the decisions on
-- it, one set for each report. They can be dropped and made anew at any time.
-- report is reports.seq; n counts the findings of one report from 0.

CREATE TABLE documents (
	report      INTEGER PRIMARY KEY,
	id          TEXT NOT NULL,
	title       TEXT NOT NULL,      -- as given
	head        TEXT NOT NULL,      -- the title, or the beginning of the text
	outlet      TEXT NOT NULL,      -- entity id or key of the name, '' where unknown
	outlet_name TEXT NOT NULL,      -- as given
	url         TEXT NOT NULL,
	author      TEXT NOT NULL,
	published   TEXT NOT NULL,      -- ISO day, '' where unknown
	day         INTEGER NOT NULL,   -- days since 1970-01-01; -1000000 where unknown
	guessed     TEXT NOT NULL,      -- which of these were guessed, separated by spaces
	reading     INTEGER NOT NULL,   -- readings.seq in force
	review      TEXT NOT NULL,      -- new, in review, done
	decisions   INTEGER NOT NULL,   -- how many count
	statements  INTEGER NOT NULL,
	events      INTEGER NOT NULL,
	facets      TEXT NOT NULL       -- those of the report, a line each
);
CREATE INDEX documents_day ON documents(day, report);

CREATE TABLE entities (
	report   INTEGER NOT NULL,
	entity   TEXT NOT NULL,
	type     TEXT NOT NULL,
	name     TEXT NOT NULL,
	name_en  TEXT NOT NULL,
	known    INTEGER NOT NULL,
	country  TEXT NOT NULL,
	lat      REAL,
	lon      REAL,
	precise  TEXT NOT NULL,         -- point, city, province, country, region; '' for what is no place
	mentions INTEGER NOT NULL,
	PRIMARY KEY (report, entity)
) WITHOUT ROWID;

CREATE TABLE mentions (
	report INTEGER NOT NULL,
	n      INTEGER NOT NULL,
	start  INTEGER NOT NULL,        -- code points, half-open, as in the record
	stop   INTEGER NOT NULL,
	entity TEXT NOT NULL,
	form   TEXT NOT NULL,
	loaded INTEGER NOT NULL,
	review TEXT NOT NULL,           -- '', accepted, corrected, added
	PRIMARY KEY (report, n)
) WITHOUT ROWID;

CREATE TABLE times (
	report   INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	start    INTEGER NOT NULL,
	stop     INTEGER NOT NULL,
	type     TEXT NOT NULL,
	value    TEXT NOT NULL,         -- as in the record
	calendar TEXT NOT NULL,
	first    INTEGER,               -- earliest day it may mean, days since 1970-01-01; NULL where it means none
	last     INTEGER,               -- latest
	review   TEXT NOT NULL,
	PRIMARY KEY (report, n)
) WITHOUT ROWID;

CREATE TABLE numbers (
	report INTEGER NOT NULL,
	n      INTEGER NOT NULL,
	start  INTEGER NOT NULL,
	stop   INTEGER NOT NULL,
	low    INTEGER,
	high   INTEGER,
	unit   TEXT NOT NULL,
	hedge  TEXT NOT NULL,
	review TEXT NOT NULL,
	PRIMARY KEY (report, n)
) WITHOUT ROWID;

CREATE TABLE statements (
	report    INTEGER NOT NULL,
	n         INTEGER NOT NULL,
	id        TEXT NOT NULL,        -- in the record
	start     INTEGER NOT NULL,     -- of the first content
	stop      INTEGER NOT NULL,
	speaker   TEXT NOT NULL,        -- entity, '' where the text does not say
	act       TEXT NOT NULL,
	quoted    INTEGER NOT NULL,
	addressee TEXT NOT NULL,
	date      TEXT NOT NULL,
	review    TEXT NOT NULL,
	PRIMARY KEY (report, n)
) WITHOUT ROWID;

-- The links between publisher and speaker, nearest to the publisher first.
CREATE TABLE chain (
	report    INTEGER NOT NULL,
	statement INTEGER NOT NULL,     -- statements.n
	place     INTEGER NOT NULL,     -- 0, 1, …
	entity    TEXT NOT NULL,
	start     INTEGER,
	stop      INTEGER,
	PRIMARY KEY (report, statement, place)
) WITHOUT ROWID;

CREATE TABLE events (
	report       INTEGER NOT NULL,
	n            INTEGER NOT NULL,
	id           TEXT NOT NULL,
	start        INTEGER NOT NULL,  -- of the trigger
	stop         INTEGER NOT NULL,
	type         TEXT NOT NULL,
	mode         TEXT NOT NULL,
	status       TEXT NOT NULL,
	said_by      INTEGER,           -- statements.n; NULL in the report's own voice
	place        TEXT NOT NULL,     -- entity
	country      TEXT NOT NULL,     -- of the place, ISO 3166-1 alpha-2
	date         TEXT NOT NULL,     -- as in the record
	first        INTEGER,
	last         INTEGER,
	killed_low   INTEGER,
	killed_high  INTEGER,
	wounded_low  INTEGER,
	wounded_high INTEGER,
	count_low    INTEGER,
	count_high   INTEGER,
	rule         TEXT NOT NULL,
	review       TEXT NOT NULL,
	PRIMARY KEY (report, n)
) WITHOUT ROWID;

CREATE TABLE arguments (
	report INTEGER NOT NULL,
	event  INTEGER NOT NULL,        -- events.n
	role   TEXT NOT NULL,           -- actor, recipient
	place  INTEGER NOT NULL,        -- 0, 1, … in its role
	entity TEXT NOT NULL,
	start  INTEGER,
	stop   INTEGER,
	PRIMARY KEY (report, event, role, place)
) WITHOUT ROWID;

CREATE TABLE loaded (
	report INTEGER NOT NULL,
	n      INTEGER NOT NULL,
	start  INTEGER NOT NULL,
	stop   INTEGER NOT NULL,
	entity TEXT NOT NULL,
	PRIMARY KEY (report, n)
) WITHOUT ROWID;

-- What a report can be asked for, newest first: "outlet:irna", "actor:us-army",
-- "type:ASSAULT", "place:baqubah", "country:IQ", "status:happened", …
CREATE TABLE facets (
	facet  TEXT NOT NULL,
	day    INTEGER NOT NULL,        -- documents.day
	report INTEGER NOT NULL,
	PRIMARY KEY (facet, day, report)
) WITHOUT ROWID;

-- Names of entities as reports have them, with the number of reports. Where
-- readings differ in the type or the English name, each has its row.
CREATE TABLE names (
	entity  TEXT NOT NULL,
	name    TEXT NOT NULL,
	name_en TEXT NOT NULL,
	type    TEXT NOT NULL,
	known   INTEGER NOT NULL,
	reports INTEGER NOT NULL,
	PRIMARY KEY (entity, name, name_en, type, known)
) WITHOUT ROWID;

-- Words and facets for search (package terms). rowid says day and report, so
-- that the index gives the newest first: -((documents.day + 1000000) << 32 | report).
CREATE VIRTUAL TABLE words USING fts5(title, body, facet, content='', contentless_delete=1, tokenize="ascii tokenchars '_'");

-- By which rules something derived was made, where these may change.
CREATE TABLE made (
	what  TEXT PRIMARY KEY,         -- words
	rules TEXT NOT NULL
);

