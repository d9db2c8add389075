-- What is kept: nothing here is ever changed or removed. Everything else in
-- the ledger is derived from these tables. doc/ledger.md explains each column.

-- Bytes by their SHA-256: the files, lines and pages that reports came from,
-- and the texts of reports.
CREATE TABLE blobs (
	hash BYTEA PRIMARY KEY,          -- SHA-256 of the bytes
	size BIGINT NOT NULL,          -- bytes
	data BYTEA NOT NULL              -- the bytes, Zstandard
);

-- One published text of one outlet.
CREATE TABLE reports (
	seq   BIGINT PRIMARY KEY,      -- 1, 2, … in the order in which they came
	id    TEXT NOT NULL UNIQUE,     -- from text and outlet, see ReportID
	text  BYTEA NOT NULL,            -- blobs.hash of the text
	added BIGINT NOT NULL          -- Unix time in milliseconds
);

-- Each time a report came in, with what came with it.
CREATE TABLE arrivals (
	seq     BIGINT PRIMARY KEY,
	report  BIGINT NOT NULL REFERENCES reports(seq),
	text    BYTEA NOT NULL,          -- reports.text, for finding a text again
	outlet  TEXT NOT NULL,          -- entity id, or the key of the name as given; '' where unknown
	at      BIGINT NOT NULL,       -- when, Unix time in milliseconds
	origin  TEXT NOT NULL,          -- from where: path and line, or address
	kind    TEXT NOT NULL,          -- text, json, html, feed
	media   TEXT NOT NULL,          -- MIME type where known
	bytes   BYTEA REFERENCES blobs(hash), -- what it was read from; NULL where that was not kept
	url     TEXT NOT NULL,          -- canonical address; '' where unknown
	meta    TEXT NOT NULL,          -- JSON: id, outlet, title, author, published as given, and what of it was guessed
	seal    BYTEA NOT NULL           -- SHA-256 of this line, see arrivalSeal
);
CREATE INDEX arrivals_report ON arrivals(report);
CREATE INDEX arrivals_text ON arrivals(text);
CREATE INDEX arrivals_url ON arrivals USING hash (url) WHERE url <> ''; -- addresses may be longer than an ordered index takes

-- What the machine read. The newest reading of a report is the one in force.
CREATE TABLE readings (
	seq     BIGINT PRIMARY KEY,
	report  BIGINT NOT NULL REFERENCES reports(seq),
	hash    BYTEA NOT NULL,          -- SHA-256 of the record's JSON
	reader  TEXT NOT NULL,          -- version of the program
	lexicon TEXT NOT NULL,          -- hash of the lexicon
	at      BIGINT NOT NULL,
	cut     BIGINT NOT NULL,       -- where the text has to be put back into the JSON
	record  BYTEA NOT NULL,          -- the record's JSON without the text, Zstandard
	seal    BYTEA NOT NULL           -- SHA-256 of this line, see readingSeal
);
CREATE INDEX readings_report ON readings(report, seq);

-- What people decided; each line seals the one before it (package review).
CREATE TABLE decisions (
	seq    BIGINT PRIMARY KEY,
	report TEXT NOT NULL,           -- reports.id; '' where it speaks of entities
	hash   TEXT NOT NULL UNIQUE,
	line   TEXT NOT NULL            -- JSON of the decision
);
CREATE INDEX decisions_report ON decisions(report, seq);

CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% are never changed or removed', TG_TABLE_NAME; END $$;
CREATE TRIGGER blobs_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON blobs FOR EACH STATEMENT EXECUTE FUNCTION kept();
CREATE TRIGGER reports_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reports FOR EACH STATEMENT EXECUTE FUNCTION kept();
CREATE TRIGGER arrivals_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON arrivals FOR EACH STATEMENT EXECUTE FUNCTION kept();
CREATE TRIGGER readings_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON readings FOR EACH STATEMENT EXECUTE FUNCTION kept();
CREATE TRIGGER decisions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION kept();
