-- What is derived: rows made from the reading in force and the decisions on
-- it, one set for each report. They can be dropped and made anew at any time.
-- report is reports.seq; n counts the findings of one report from 0.

CREATE TABLE documents (
	report      BIGINT PRIMARY KEY,
	id          TEXT NOT NULL,
	title       TEXT NOT NULL,      -- as given
	head        TEXT NOT NULL,      -- the title, or the beginning of the text
	outlet      TEXT NOT NULL,      -- entity id or key of the name, '' where unknown
	outlet_name TEXT NOT NULL,      -- as given
	url         TEXT NOT NULL,
	author      TEXT NOT NULL,
	published   TEXT NOT NULL,      -- ISO day, '' where unknown
	day         BIGINT NOT NULL,   -- days since 1970-01-01; -1000000 where unknown
	guessed     TEXT NOT NULL,      -- which of these were guessed, separated by spaces
	reading     BIGINT NOT NULL,   -- readings.seq in force
	review      TEXT NOT NULL,      -- new, in review, done
	decisions   BIGINT NOT NULL,   -- how many count
	statements  BIGINT NOT NULL,
	events      BIGINT NOT NULL,
	facets      TEXT NOT NULL       -- those of the report, a line each
);
CREATE INDEX documents_day ON documents(day, report);

CREATE TABLE entities (
	report   BIGINT NOT NULL,
	entity   TEXT NOT NULL,
	type     TEXT NOT NULL,
	name     TEXT NOT NULL,
	name_en  TEXT NOT NULL,
	known    BIGINT NOT NULL,
	country  TEXT NOT NULL,
	lat      DOUBLE PRECISION,
	lon      DOUBLE PRECISION,
	precise  TEXT NOT NULL,         -- point, city, province, country, region; '' for what is no place
	mentions BIGINT NOT NULL,
	PRIMARY KEY (report, entity)
);

CREATE TABLE mentions (
	report BIGINT NOT NULL,
	n      BIGINT NOT NULL,
	start  BIGINT NOT NULL,        -- code points, half-open, as in the record
	stop   BIGINT NOT NULL,
	entity TEXT NOT NULL,
	form   TEXT NOT NULL,
	loaded BIGINT NOT NULL,
	review TEXT NOT NULL,           -- '', accepted, corrected, added
	PRIMARY KEY (report, n)
);

CREATE TABLE times (
	report   BIGINT NOT NULL,
	n        BIGINT NOT NULL,
	start    BIGINT NOT NULL,
	stop     BIGINT NOT NULL,
	type     TEXT NOT NULL,
	value    TEXT NOT NULL,         -- as in the record
	calendar TEXT NOT NULL,
	first    BIGINT,               -- earliest day it may mean, days since 1970-01-01; NULL where it means none
	last     BIGINT,               -- latest
	review   TEXT NOT NULL,
	PRIMARY KEY (report, n)
);

CREATE TABLE numbers (
	report BIGINT NOT NULL,
	n      BIGINT NOT NULL,
	start  BIGINT NOT NULL,
	stop   BIGINT NOT NULL,
	low    BIGINT,
	high   BIGINT,
	unit   TEXT NOT NULL,
	hedge  TEXT NOT NULL,
	review TEXT NOT NULL,
	PRIMARY KEY (report, n)
);

CREATE TABLE statements (
	report    BIGINT NOT NULL,
	n         BIGINT NOT NULL,
	id        TEXT NOT NULL,        -- in the record
	start     BIGINT NOT NULL,     -- of the first content
	stop      BIGINT NOT NULL,
	speaker   TEXT NOT NULL,        -- entity, '' where the text does not say
	act       TEXT NOT NULL,
	quoted    BIGINT NOT NULL,
	addressee TEXT NOT NULL,
	date      TEXT NOT NULL,
	review    TEXT NOT NULL,
	PRIMARY KEY (report, n)
);

-- The links between publisher and speaker, nearest to the publisher first.
CREATE TABLE chain (
	report    BIGINT NOT NULL,
	statement BIGINT NOT NULL,     -- statements.n
	place     BIGINT NOT NULL,     -- 0, 1, …
	entity    TEXT NOT NULL,
	start     BIGINT,
	stop      BIGINT,
	PRIMARY KEY (report, statement, place)
);

CREATE TABLE events (
	report       BIGINT NOT NULL,
	n            BIGINT NOT NULL,
	id           TEXT NOT NULL,
	start        BIGINT NOT NULL,  -- of the trigger
	stop         BIGINT NOT NULL,
	type         TEXT NOT NULL,
	mode         TEXT NOT NULL,
	status       TEXT NOT NULL,
	said_by      BIGINT,           -- statements.n; NULL in the report's own voice
	place        TEXT NOT NULL,     -- entity
	country      TEXT NOT NULL,     -- of the place, ISO 3166-1 alpha-2
	date         TEXT NOT NULL,     -- as in the record
	first        BIGINT,
	last         BIGINT,
	killed_low   BIGINT,
	killed_high  BIGINT,
	wounded_low  BIGINT,
	wounded_high BIGINT,
	count_low    BIGINT,
	count_high   BIGINT,
	rule         TEXT NOT NULL,
	review       TEXT NOT NULL,
	PRIMARY KEY (report, n)
);

CREATE TABLE arguments (
	report BIGINT NOT NULL,
	event  BIGINT NOT NULL,        -- events.n
	role   TEXT NOT NULL,           -- actor, recipient
	place  BIGINT NOT NULL,        -- 0, 1, … in its role
	entity TEXT NOT NULL,
	start  BIGINT,
	stop   BIGINT,
	PRIMARY KEY (report, event, role, place)
);

CREATE TABLE loaded (
	report BIGINT NOT NULL,
	n      BIGINT NOT NULL,
	start  BIGINT NOT NULL,
	stop   BIGINT NOT NULL,
	entity TEXT NOT NULL,
	PRIMARY KEY (report, n)
);

-- What a report can be asked for, newest first: "outlet:irna", "actor:us-army",
-- "type:ASSAULT", "place:baqubah", "country:IQ", "status:happened", …
CREATE TABLE facets (
	facet  TEXT NOT NULL,
	day    BIGINT NOT NULL,        -- documents.day
	report BIGINT NOT NULL,
	PRIMARY KEY (facet, day, report)
);

-- Names of entities as reports have them, with the number of reports. Where
-- readings differ in the type or the English name, each has its row.
CREATE TABLE names (
	entity  TEXT NOT NULL,
	name    TEXT NOT NULL,
	name_en TEXT NOT NULL,
	type    TEXT NOT NULL,
	known   BIGINT NOT NULL,
	reports BIGINT NOT NULL,
	PRIMARY KEY (entity, name, name_en, type, known)
);

-- Words and facets for search, a row a report (package terms). place says day
-- and report: -((documents.day + 1000000) << 32 | report).
CREATE TABLE words (
	place BIGINT PRIMARY KEY,
	terms TSVECTOR NOT NULL
);
CREATE INDEX words_terms ON words USING gin (terms);

-- By which rules something derived was made, where these may change.
CREATE TABLE made (
	what  TEXT PRIMARY KEY,         -- words
	rules TEXT NOT NULL
);

