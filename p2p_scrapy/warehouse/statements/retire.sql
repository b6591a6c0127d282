-- A partition of history goes, and with it what only that needed. The table of versions is closed to
-- readers from where the partition leaves it, so that comes last.
CREATE TEMP TABLE IF NOT EXISTS retired (market_id integer, book_id integer) ON COMMIT DELETE ROWS;

UPDATE warehouse.retention SET kept_since = greatest(kept_since, %(since)s);

DELETE FROM warehouse.offer o USING warehouse.{partition} v WHERE v.offer_id = o.offer_id;

WITH gone AS (
    DELETE FROM warehouse.sweep s
    WHERE s.swept_at < %(since)s AND (
        s.verdict = 'f' OR EXISTS (
            SELECT FROM warehouse.sweep n
            WHERE n.market_id = s.market_id AND n.verdict <> 'f'
                AND n.swept_at > s.swept_at AND n.swept_at <= %(since)s
        )
    )
    RETURNING s.market_id, s.book_id
)
INSERT INTO retired SELECT DISTINCT market_id, book_id FROM gone WHERE book_id IS NOT NULL;

-- Sweeps that share a book follow one another, so that the next one tells whether it is needed.
DELETE FROM warehouse.book b
USING retired r
CROSS JOIN LATERAL (
    SELECT book_id FROM warehouse.sweep
    WHERE market_id = r.market_id AND verdict <> 'f'
    ORDER BY swept_at
    LIMIT 1
) next
WHERE b.book_id = r.book_id AND next.book_id <> r.book_id;

-- Statistics are looked up as of a market's last sweep, which may be much older than what is kept:
-- those who stand in such a book keep what they had then.
WITH stale AS (
    SELECT m.market_id, first.swept_at
    FROM warehouse.market m
    CROSS JOIN LATERAL (
        SELECT swept_at FROM warehouse.sweep
        WHERE market_id = m.market_id AND verdict <> 'f'
        ORDER BY swept_at
        LIMIT 1
    ) first
    WHERE first.swept_at < %(since)s - interval '1 day'
), needed AS (
    SELECT a.advertiser_id, (min(s.swept_at) AT TIME ZONE 'UTC')::date AS day
    FROM stale s
    JOIN warehouse.version v USING (market_id)
    JOIN warehouse.advertiser_version a USING (advertiser_sk)
    GROUP BY a.advertiser_id
)
DELETE FROM warehouse.advertiser_day d
USING warehouse.advertiser a
LEFT JOIN needed n USING (advertiser_id)
WHERE a.advertiser_id = d.advertiser_id
    AND d.day < (%(since)s AT TIME ZONE 'UTC')::date - 1  -- which spares the days after
    AND d.day < coalesce(n.day, (%(since)s AT TIME ZONE 'UTC')::date) - 1
    AND EXISTS (
        SELECT FROM warehouse.advertiser_day later
        WHERE later.advertiser_id = d.advertiser_id AND later.day > d.day
            AND later.day < coalesce(n.day, (%(since)s AT TIME ZONE 'UTC')::date)
    );

ALTER TABLE warehouse.version DETACH PARTITION warehouse.{partition};

DROP TABLE warehouse.{partition};
