-- Events in the order of days, to be asked for, counted and drawn; and the
-- queries that people keep under a name. What is of events is derived from
-- events, documents and arguments by the statements of event_index.go, which are
-- those below: what has to change there is a new step.

-- One row an event. day is the first day that it may have been on, days since
-- 1970-01-01; where the report does not tell it, the report's day of publication,
-- and -1000000 where that is unknown too.
CREATE TABLE event_days (
	day     BIGINT NOT NULL,
	report  BIGINT NOT NULL,       -- reports.seq
	n       BIGINT NOT NULL,       -- events.n
	told    BIGINT NOT NULL,       -- 1: the report tells the day; 0: it is that of publication
	type    TEXT NOT NULL,          -- these as in events
	status  TEXT NOT NULL,
	country TEXT NOT NULL,
	place   TEXT NOT NULL,
	outlet  TEXT NOT NULL,          -- documents.outlet
	review  TEXT NOT NULL,
	dead    BIGINT,                -- killed_low, or killed_high where the text gives only that; NULL where it gives none
	PRIMARY KEY (day, report, n)
);
CREATE INDEX event_days_report ON event_days(report, n);
CREATE INDEX event_days_dead ON event_days(dead, day, report, n) WHERE dead IS NOT NULL;

-- What an event can be asked for, in the order of days: "type:ASSAULT",
-- "status:future", "country:IQ", "place:baqubah", "outlet:irna",
-- "review:accepted", "actor:us-army", "recipient:hamas".
CREATE TABLE event_facets (
	facet  TEXT NOT NULL,
	day    BIGINT NOT NULL,        -- event_days.day
	report BIGINT NOT NULL,
	n      BIGINT NOT NULL,
	PRIMARY KEY (facet, day, report, n)
);

-- How many events of a day have a facet; facet is '' for all, and
-- "type:ASSAULT status:happened" for both at once.
CREATE TABLE event_counts (
	facet  TEXT NOT NULL,
	day    BIGINT NOT NULL,
	events BIGINT NOT NULL,
	PRIMARY KEY (facet, day)
);

-- How many events are at a place.
CREATE TABLE event_places (
	place  TEXT PRIMARY KEY,
	events BIGINT NOT NULL
);

INSERT INTO event_days (day, report, n, told, type, status, country, place, outlet, review, dead)
	SELECT coalesce(e.first, d.day), e.report, e.n, CASE WHEN e.first IS NULL THEN 0 ELSE 1 END, e.type, e.status, e.country, e.place, d.outlet, e.review, coalesce(e.killed_low, e.killed_high)
	FROM events e JOIN documents d ON d.report = e.report ORDER BY 1, 2, 3;

INSERT INTO event_facets (facet, day, report, n)
	SELECT 'type:' || type, day, report, n FROM event_days
	UNION ALL SELECT 'status:' || status, day, report, n FROM event_days
	UNION ALL SELECT 'country:' || country, day, report, n FROM event_days WHERE country <> ''
	UNION ALL SELECT 'place:' || place, day, report, n FROM event_days WHERE place <> ''
	UNION ALL SELECT 'outlet:' || outlet, day, report, n FROM event_days WHERE outlet <> ''
	UNION ALL SELECT 'review:' || review, day, report, n FROM event_days WHERE review <> ''
	UNION ALL SELECT DISTINCT a.role || ':' || a.entity, x.day, x.report, x.n FROM arguments a JOIN event_days x ON x.report = a.report AND x.n = a.event WHERE a.entity <> ''
	ORDER BY 1, 2, 3, 4;

INSERT INTO event_counts (facet, day, events)
	SELECT facet, day, count(*) FROM event_facets GROUP BY facet, day
	UNION ALL SELECT '', day, count(*) FROM event_days GROUP BY day
	UNION ALL SELECT 'type:' || type || ' status:' || status, day, count(*) FROM event_days GROUP BY type, status, day;

INSERT INTO event_places (place, events) SELECT place, count(*) FROM event_days WHERE place <> '' GROUP BY place;

-- Queries of the page of events that people keep under a name. They are no
-- evidence and may change.
CREATE TABLE event_views (
	author TEXT NOT NULL,
	name   TEXT NOT NULL,
	query  TEXT NOT NULL,           -- as in an address: type=ASSAULT&from=2024-01-01
	at     BIGINT NOT NULL,        -- kept, Unix time in milliseconds
	PRIMARY KEY (author, name)
);
