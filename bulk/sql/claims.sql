-- Claims of each outlet and month: what it reports on somebody's word, how much of it only one origin tells,
-- and how many independent origins the incidents have that the others belong to.
SELECT outlet,
       substr(CAST(published AS STRING), 1, 7) AS month,
       count(*) AS claims,
       count(CASE WHEN incident IS NULL THEN 1 END) AS in_no_incident,
       count(CASE WHEN origins = 1 THEN 1 END) AS of_one_origin,
       count(CASE WHEN origins >= 2 THEN 1 END) AS of_more,
       max(origins) AS most_origins
FROM events
WHERE claim AND status = 'happened' AND outlet IS NOT NULL AND published IS NOT NULL
GROUP BY outlet, substr(CAST(published AS STRING), 1, 7)
ORDER BY claims DESC, outlet, month
LIMIT 12
