-- Reports on which two people or more decided, those that somebody decided on
-- last first. Made from decisions by the statement of compared.go, which is that
-- below: what has to change there is a new step.

CREATE TABLE compared (
	report TEXT PRIMARY KEY NOT NULL, -- reports.id
	last   BIGINT NOT NULL           -- decisions.seq of the last decision on it
);
CREATE INDEX compared_last ON compared(last);

INSERT INTO compared (report, last)
	SELECT report, max(seq) FROM (SELECT seq, report, coalesce(substring(line from '"author":"(([^"\\]|\\.)*)"'), '') AS author FROM decisions WHERE report <> '') d
	GROUP BY report HAVING min(author) <> max(author);
