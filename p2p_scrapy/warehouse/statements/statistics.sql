-- How the advertisers do: what differs from the last of the day, and comes after it, is added to it.
INSERT INTO warehouse.advertiser_day AS d
    (advertiser_id, day, changed_at, month_order_counts, month_finish_rates, positive_rates)
SELECT
    advertiser_id, day, array_agg(since ORDER BY since), array_agg(orders ORDER BY since),
    array_agg(finished ORDER BY since), array_agg(positive ORDER BY since)
FROM (
    SELECT
        n.advertiser_id, s.day, s.since, s.month_order_count AS orders,
        s.month_finish_rate::numeric AS finished, s.positive_rate::numeric AS positive,
        lag(s.since) OVER (PARTITION BY n.advertiser_id, s.day ORDER BY s.since) AS before
    FROM staged_statistic s
    JOIN shown n USING (run)
) AS look
WHERE NOT EXISTS (
    SELECT FROM warehouse.advertiser_day o
    WHERE o.advertiser_id = look.advertiser_id AND o.day = look.day AND (
        o.changed_at[cardinality(o.changed_at)] >= look.since
        OR before IS NULL
        AND (o.month_order_counts[cardinality(o.changed_at)],
             o.month_finish_rates[cardinality(o.changed_at)],
             o.positive_rates[cardinality(o.changed_at)])
        IS NOT DISTINCT FROM (look.orders, look.finished, look.positive)
    )
)
GROUP BY advertiser_id, day
ON CONFLICT (advertiser_id, day) DO UPDATE SET
    changed_at = d.changed_at || excluded.changed_at,
    month_order_counts = d.month_order_counts || excluded.month_order_counts,
    month_finish_rates = d.month_finish_rates || excluded.month_finish_rates,
    positive_rates = d.positive_rates || excluded.positive_rates,
    loaded_at = now();
