-- What is kept: nothing here is ever changed or removed. Everything else in
-- the ledger is derived from these tables. doc/ledger.md explains each column.

-- Bytes by their SHA-256: the files, lines and pages that reports came from,
-- and the texts of reports. Rows stand in the order in which they came: in the
-- order of hashes each new one would touch a page of its own.
CREATE TABLE blobs (
	hash BLOB PRIMARY KEY NOT NULL,          -- SHA-256 of the bytes
	size INTEGER NOT NULL,          -- bytes
	data BLOB NOT NULL              -- the bytes, Zstandard
);

-- One published text of one outlet.
CREATE TABLE reports (
	seq   INTEGER PRIMARY KEY,      -- 1, 2, … in the order in which they came
	id    TEXT NOT NULL UNIQUE,     -- from text and outlet, see ReportID
	text  BLOB NOT NULL,            -- blobs.hash of the text
	added INTEGER NOT NULL          -- Unix time in milliseconds
);

-- Each time a report came in, with what came with it.
CREATE TABLE arrivals (
	seq     INTEGER PRIMARY KEY,
	report  INTEGER NOT NULL REFERENCES reports(seq),
	text    BLOB NOT NULL,          -- reports.text, for finding a text again
	outlet  TEXT NOT NULL,          -- entity id, or the key of the name as given; '' where unknown
	at      INTEGER NOT NULL,       -- when, Unix time in milliseconds
	origin  TEXT NOT NULL,          -- from where: path and line, or address
	kind    TEXT NOT NULL,          -- text, json, html, feed
	media   TEXT NOT NULL,          -- MIME type where known
	bytes   BLOB REFERENCES blobs(hash), -- what it was read from; NULL where that was not kept
	url     TEXT NOT NULL,          -- canonical address; '' where unknown
	meta    TEXT NOT NULL,          -- JSON: id, outlet, title, author, published as given, and what of it was guessed
	seal    BLOB NOT NULL           -- SHA-256 of this line, see arrivalSeal
);
CREATE INDEX arrivals_report ON arrivals(report);
CREATE INDEX arrivals_text ON arrivals(text);
CREATE INDEX arrivals_url ON arrivals(url) WHERE url <> '';

-- What the machine read. The newest reading of a report is the one in force.
CREATE TABLE readings (
	seq     INTEGER PRIMARY KEY,
	report  INTEGER NOT NULL REFERENCES reports(seq),
	hash    BLOB NOT NULL,          -- SHA-256 of the record's JSON
	reader  TEXT NOT NULL,          -- version of the program
	lexicon TEXT NOT NULL,          -- hash of the lexicon
	at      INTEGER NOT NULL,
	cut     INTEGER NOT NULL,       -- where the text has to be put back into the JSON
	record  BLOB NOT NULL,          -- the record's JSON without the text, Zstandard
	seal    BLOB NOT NULL           -- SHA-256 of this line, see readingSeal
);
CREATE INDEX readings_report ON readings(report, seq);

-- What people decided; each line seals the one before it (package review).
CREATE TABLE decisions (
	seq    INTEGER PRIMARY KEY,
	report TEXT NOT NULL,           -- reports.id; '' where it speaks of entities
	hash   TEXT NOT NULL UNIQUE,
	line   TEXT NOT NULL            -- JSON of the decision
);
CREATE INDEX decisions_report ON decisions(report, seq);

CREATE TRIGGER blobs_kept     BEFORE UPDATE ON blobs     BEGIN SELECT RAISE(ABORT, 'blobs are never changed'); END;
CREATE TRIGGER reports_kept   BEFORE UPDATE ON reports   BEGIN SELECT RAISE(ABORT, 'reports are never changed'); END;
CREATE TRIGGER arrivals_kept  BEFORE UPDATE ON arrivals  BEGIN SELECT RAISE(ABORT, 'arrivals are never changed'); END;
CREATE TRIGGER readings_kept  BEFORE UPDATE ON readings  BEGIN SELECT RAISE(ABORT, 'readings are never changed'); END;
CREATE TRIGGER decisions_kept BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;
CREATE TRIGGER blobs_stay     BEFORE DELETE ON blobs     BEGIN SELECT RAISE(ABORT, 'blobs are never removed'); END;
CREATE TRIGGER reports_stay   BEFORE DELETE ON reports   BEGIN SELECT RAISE(ABORT, 'reports are never removed'); END;
CREATE TRIGGER arrivals_stay  BEFORE DELETE ON arrivals  BEGIN SELECT RAISE(ABORT, 'arrivals are never removed'); END;
CREATE TRIGGER readings_stay  BEFORE DELETE ON readings  BEGIN SELECT RAISE(ABORT, 'readings are never removed'); END;
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are never removed'); END;
