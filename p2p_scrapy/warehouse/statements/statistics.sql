-- How the advertisers do: what differs from the last of the day, and comes after it, is added to it.
INSERT INTO warehouse.advertiser_day AS d
    (advertiser_id, day, changed_at, month_order_counts, month_finish_rates, positive_rates)
SELECT
    look.advertiser_id, look.day, array_agg(look.since ORDER BY look.since),
    array_agg(look.orders ORDER BY look.since), array_agg(look.finished ORDER BY look.since),
    array_agg(look.positive ORDER BY look.since)
FROM (
    SELECT
        n.advertiser_id, s.day, s.since, s.month_order_count AS orders,
        s.month_finish_rate::numeric AS finished, s.positive_rate::numeric AS positive,
        lag(s.since) OVER (PARTITION BY n.advertiser_id, s.day ORDER BY s.since) AS before
    FROM staged_statistic s
    JOIN shown n USING (run)
) AS look
LEFT JOIN LATERAL (
    -- Of each advertiser by itself: no plan may read the days before for it.
    SELECT
        o.changed_at[cardinality(o.changed_at)] AS at,
        o.month_order_counts[cardinality(o.changed_at)] AS orders,
        o.month_finish_rates[cardinality(o.changed_at)] AS finished,
        o.positive_rates[cardinality(o.changed_at)] AS positive
    FROM warehouse.advertiser_day o
    WHERE o.day = look.day AND o.advertiser_id = look.advertiser_id
    OFFSET 0
) AS last ON true
WHERE last.at IS NULL OR last.at < look.since AND (
    before IS NOT NULL
    OR (last.orders, last.finished, last.positive)
        IS DISTINCT FROM (look.orders, look.finished, look.positive)
)
GROUP BY look.advertiser_id, look.day
ON CONFLICT (day, advertiser_id) DO UPDATE SET
    changed_at = d.changed_at || excluded.changed_at,
    month_order_counts = d.month_order_counts || excluded.month_order_counts,
    month_finish_rates = d.month_finish_rates || excluded.month_finish_rates,
    positive_rates = d.positive_rates || excluded.positive_rates,
    loaded_at = now();
