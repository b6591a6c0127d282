-- A day of history goes, and with it what only that day needed.
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

DELETE FROM warehouse.advertiser_day d
WHERE d.day < (%(since)s AT TIME ZONE 'UTC')::date - 1 AND EXISTS (
    SELECT FROM warehouse.advertiser_day n
    WHERE n.advertiser_id = d.advertiser_id AND n.day > d.day
        AND n.day < (%(since)s AT TIME ZONE 'UTC')::date
);
