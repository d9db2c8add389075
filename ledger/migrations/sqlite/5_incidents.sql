-- Which reports tell of one thing (package incident). All of it is derived but
-- what people decide, which stands in the log.

-- What is kept of a report's accounts to group them by.
CREATE TABLE sketches (
	report INTEGER PRIMARY KEY,
	data   BLOB NOT NULL            -- incident.Sketch
);

-- The stretches of days that a report's accounts stand in.
CREATE TABLE sketch_stretches (
	stretch INTEGER NOT NULL,
	report INTEGER NOT NULL,
	PRIMARY KEY (stretch, report)
) WITHOUT ROWID;

CREATE TABLE incidents (
	id             TEXT PRIMARY KEY,
	head           TEXT NOT NULL,   -- the clearest words for it
	kinds          TEXT NOT NULL,   -- separated by spaces, the commonest first
	first          INTEGER,         -- days since 1970-01-01; NULL where unknown
	last           INTEGER,
	place          TEXT NOT NULL,   -- as most origins have it, '' where none says it
	reports        INTEGER NOT NULL,
	origins        INTEGER NOT NULL, -- independent ones
	killed_low     INTEGER,
	killed_best    INTEGER,
	killed_high    INTEGER,
	contradictions INTEGER NOT NULL,
	suggested      TEXT NOT NULL,   -- the grade that the rule gives
	grade          TEXT NOT NULL,   -- the one that a person gave, '' for none
	data           TEXT NOT NULL    -- JSON: the incident and its table
);
CREATE INDEX incidents_first ON incidents(first, id);

CREATE TABLE members (
	incident   TEXT NOT NULL,
	report     INTEGER NOT NULL,
	n          INTEGER NOT NULL,    -- counts an incident's members and what is attached
	role       TEXT NOT NULL,       -- member, threat, plan, denial, …
	confidence REAL NOT NULL,
	PRIMARY KEY (incident, n)
);
CREATE INDEX members_report ON members(report, incident);

-- Which incident an event of a record belongs to.
CREATE TABLE incident_events (
	report   INTEGER NOT NULL,
	event    TEXT NOT NULL,         -- id in the record
	incident TEXT NOT NULL,
	PRIMARY KEY (report, event)
) WITHOUT ROWID;

-- What an incident can be asked for, newest first: "kind:violence",
-- "place:baqubah", "country:IQ", "actor:hamas", "outlet:irna", "grade:fair", …
CREATE TABLE incident_facets (
	facet    TEXT NOT NULL,
	day      INTEGER NOT NULL,      -- incidents.first, -1000000 where unknown
	incident TEXT NOT NULL,
	PRIMARY KEY (facet, day, incident)
) WITHOUT ROWID;

-- What linking remembers of all reports together: how rare words are.
CREATE TABLE linking (
	what TEXT PRIMARY KEY,
	data BLOB NOT NULL
);
