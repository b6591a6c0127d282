-- A partition of history goes, and with it what only that needed.
UPDATE warehouse.retention SET kept_since = greatest(kept_since, %(since)s);

DELETE FROM warehouse.offer o USING warehouse.{partition} v WHERE v.offer_id = o.offer_id;

ALTER TABLE warehouse.version DETACH PARTITION warehouse.{partition};

DROP TABLE warehouse.{partition};

DELETE FROM warehouse.sweep s
WHERE s.swept_at < %(since)s AND (
    s.verdict = 'f' OR EXISTS (
        SELECT FROM warehouse.sweep n
        WHERE n.market_id = s.market_id AND n.verdict <> 'f'
            AND n.swept_at > s.swept_at AND n.swept_at <= %(since)s
    )
);

DELETE FROM warehouse.book b
WHERE NOT EXISTS (SELECT FROM warehouse.sweep s WHERE s.book_id = b.book_id);

-- Statistics are looked up as of a market's last sweep, which may be much older than what is kept.
DELETE FROM warehouse.advertiser_day d
USING (
    SELECT (least(%(since)s, min(swept_at)) AT TIME ZONE 'UTC')::date AS day
    FROM warehouse.sweep WHERE verdict <> 'f'
) oldest
WHERE d.day < oldest.day - 1 AND EXISTS (
    SELECT FROM warehouse.advertiser_day n
    WHERE n.advertiser_id = d.advertiser_id AND n.day > d.day AND n.day < oldest.day
);
