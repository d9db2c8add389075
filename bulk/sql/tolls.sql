-- Conflicting tolls: incidents for which no number of dead fits all accounts, with what they range over.
SELECT incident,
       CAST(date_first AS STRING) AS day,
       place_name AS place,
       reports,
       origins,
       killed_low AS low,
       killed_best AS best,
       killed_high AS high
FROM incidents
WHERE killed_high > killed_low AND reports > 1
ORDER BY killed_high - killed_low DESC, incident
LIMIT 12
