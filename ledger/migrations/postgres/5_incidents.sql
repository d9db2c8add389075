-- Which reports tell of one thing (package incident). All of it is derived but
-- what people decide, which stands in the log.

-- What is kept of a report's accounts to group them by.
CREATE TABLE sketches (
	report BIGINT PRIMARY KEY,
	data   BYTEA NOT NULL            -- incident.Sketch
);

-- The stretches of days that a report's accounts stand in.
CREATE TABLE sketch_stretches (
	stretch BIGINT NOT NULL,
	report BIGINT NOT NULL,
	PRIMARY KEY (stretch, report)
);

CREATE TABLE incidents (
	id             TEXT PRIMARY KEY,
	head           TEXT NOT NULL,   -- the clearest words for it
	kinds          TEXT NOT NULL,   -- separated by spaces, the commonest first
	first          BIGINT,         -- days since 1970-01-01; NULL where unknown
	last           BIGINT,
	place          TEXT NOT NULL,   -- as most origins have it, '' where none says it
	reports        BIGINT NOT NULL,
	origins        BIGINT NOT NULL, -- independent ones
	killed_low     BIGINT,
	killed_best    BIGINT,
	killed_high    BIGINT,
	contradictions BIGINT NOT NULL,
	suggested      TEXT NOT NULL,   -- the grade that the rule gives
	grade          TEXT NOT NULL,   -- the one that a person gave, '' for none
	data           TEXT NOT NULL    -- JSON: the incident and its table
);
CREATE INDEX incidents_first ON incidents(first, id);

CREATE TABLE members (
	incident   TEXT NOT NULL,
	report     BIGINT NOT NULL,
	n          BIGINT NOT NULL,    -- counts an incident's members and what is attached
	role       TEXT NOT NULL,       -- member, threat, plan, denial, …
	confidence DOUBLE PRECISION NOT NULL,
	PRIMARY KEY (incident, n)
);
CREATE INDEX members_report ON members(report, incident);

-- Which incident an event of a record belongs to.
CREATE TABLE incident_events (
	report   BIGINT NOT NULL,
	event    TEXT NOT NULL,         -- id in the record
	incident TEXT NOT NULL,
	PRIMARY KEY (report, event)
);

-- What an incident can be asked for, newest first: "kind:violence",
-- "place:baqubah", "country:IQ", "actor:hamas", "outlet:irna", "grade:fair", …
CREATE TABLE incident_facets (
	facet    TEXT NOT NULL,
	day      BIGINT NOT NULL,      -- incidents.first, -1000000 where unknown
	incident TEXT NOT NULL,
	PRIMARY KEY (facet, day, incident)
);

-- What linking remembers of all reports together: how rare words are.
CREATE TABLE linking (
	what TEXT PRIMARY KEY,
	data BYTEA NOT NULL
);
