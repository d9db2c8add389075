-- What the collector remembers of addresses, so that it asks politely. It is
-- no evidence and may change.
CREATE TABLE fetches (
	url      TEXT PRIMARY KEY,
	etag     TEXT NOT NULL,
	modified TEXT NOT NULL,
	at       BIGINT NOT NULL,       -- last tried, Unix time in milliseconds
	failures BIGINT NOT NULL,       -- in a row
	next     BIGINT NOT NULL,       -- not before
	error    TEXT NOT NULL
);
