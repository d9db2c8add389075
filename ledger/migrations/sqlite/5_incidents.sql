-- Which reports tell of one thing (package incident). All of it is derived but
-- what people decide, which stands in the log. report is reports.seq; days are
-- counted from 1970-01-01, -1000000 where unknown.

-- What is kept of a report's accounts to group them by.
CREATE TABLE sketches (
	report INTEGER PRIMARY KEY,
	data   BLOB NOT NULL,           -- incident.Sketch
	open   INTEGER NOT NULL          -- 0: grouped; 1: to be grouped; 2: the reading or decisions changed, so to be sketched anew first
);
CREATE INDEX sketches_open ON sketches(report) WHERE open > 0;

-- The stretches of days that a report's accounts stand in.
CREATE TABLE sketch_stretches (
	stretch INTEGER NOT NULL,
	id      TEXT NOT NULL,          -- of the report
	report  INTEGER NOT NULL,
	PRIMARY KEY (stretch, id)
) WITHOUT ROWID;
CREATE INDEX sketch_stretches_report ON sketch_stretches(report);

CREATE TABLE incidents (
	id             TEXT PRIMARY KEY,
	head           TEXT NOT NULL,   -- the clearest words for it
	words          TEXT NOT NULL,   -- the same as dictionaries have them, without spaces, to find it by
	kinds          TEXT NOT NULL,   -- separated by spaces, the commonest first
	first          INTEGER NOT NULL,
	last           INTEGER NOT NULL,
	place          TEXT NOT NULL,   -- as most origins have it, '' where none says it
	reports        INTEGER NOT NULL,
	origins        INTEGER NOT NULL,  -- independent ones
	killed_low     INTEGER,
	killed_best    INTEGER,
	killed_high    INTEGER,
	contradictions INTEGER NOT NULL,
	suggested      TEXT NOT NULL,   -- the grade that the rule gives
	grade          TEXT NOT NULL    -- the one that a person gave, '' for none
);
CREATE INDEX incidents_first ON incidents(first, id);

-- The incident and its table: JSON of incident.Linked, packed: see pack.
CREATE TABLE incident_tables (
	incident TEXT PRIMARY KEY,
	data     BLOB NOT NULL
);

-- Whose accounts an incident has, those that are attached too.
CREATE TABLE members (
	incident   TEXT NOT NULL,
	n          INTEGER NOT NULL,      -- counts an incident's members and what is attached, from 0
	report     INTEGER NOT NULL,
	role       TEXT NOT NULL,       -- member, threat, plan, denial, …
	start      INTEGER NOT NULL,      -- the account's clearest words, in code points
	stop       INTEGER NOT NULL,
	confidence REAL NOT NULL,
	PRIMARY KEY (incident, n)
) WITHOUT ROWID;
CREATE INDEX members_report ON members(report, incident);

-- Which incident an event of a record belongs to.
CREATE TABLE incident_events (
	report   INTEGER NOT NULL,
	event    TEXT NOT NULL,         -- id in the record
	incident TEXT NOT NULL,
	PRIMARY KEY (report, event, incident)
) WITHOUT ROWID;
CREATE INDEX incident_events_incident ON incident_events(incident);

-- What an incident can be asked for, newest first: "kind:violence",
-- "place:baqubah", "country:IQ", "actor:hamas", "outlet:irna", "grade:fair", …;
-- "reports:4": four reports or more.
CREATE TABLE incident_facets (
	facet    TEXT NOT NULL,
	day      INTEGER NOT NULL,        -- incidents.first
	incident TEXT NOT NULL,
	PRIMARY KEY (facet, day, incident)
) WITHOUT ROWID;
CREATE INDEX incident_facets_incident ON incident_facets(incident);

-- What linking remembers: "rules" by which sketches were made; "rarity" of words in
-- all reports; "anew", how many there were when all were grouped; "decided", up to
-- which line the log was followed.
CREATE TABLE linking (
	what TEXT PRIMARY KEY,
	data BLOB NOT NULL
);
