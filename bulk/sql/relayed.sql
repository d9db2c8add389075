-- Whose claims travel: for each outlet, reports of others that took its words, and after how many hours at the median.
SELECT from_outlet AS outlet,
       count(*) AS relays,
       count(DISTINCT to_outlet) AS outlets,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY lag_seconds) / 3600.0, 1) AS hours
FROM relays
WHERE direct AND from_outlet <> to_outlet
GROUP BY from_outlet
ORDER BY relays DESC, outlet
LIMIT 12
