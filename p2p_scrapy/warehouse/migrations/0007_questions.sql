-- The questions that people ask of observations, asked of the stored versions: a version counts for
-- as many sweeps as it was seen in, so that a day of every market is answered at once.

-- When a market was swept in [since, until). A function of its own, so that several processes can
-- work on the markets.
CREATE FUNCTION warehouse.moments(
    market integer, since timestamptz, until timestamptz, OUT moments timestamptz[]
)
RETURNS SETOF timestamptz[]
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1 COST 1000
AS $$
BEGIN
    RETURN QUERY
    SELECT array_agg(s.swept_at ORDER BY s.swept_at)
    FROM warehouse.sweep s
    WHERE s.market_id = market AND s.verdict <> 'f' AND s.swept_at >= since AND s.swept_at < until
    HAVING count(*) > 0;
END
$$;

-- How many sweeps of its market saw each version in [since, until), of the markets given. The second
-- half is empty: it keeps the planner from working out looks anew wherever a question names it.
CREATE FUNCTION warehouse.looks(markets integer[], since timestamptz, until timestamptz)
RETURNS TABLE (
    market_id integer, looks integer, market_sweeps integer, adv_no text, advertiser_id integer,
    is_merchant boolean, method_set_id integer, price numeric, surplus numeric
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
AS $$
SELECT
    v.market_id,
    width_bucket(least(v.valid_to, until) - interval '1 microsecond', w.moments)
        - width_bucket(greatest(v.valid_from, since) - interval '1 microsecond', w.moments)
        - coalesce(m.times, 0),
    cardinality(w.moments), v.adv_no, p.advertiser_id, p.is_merchant, v.method_set_id, v.price,
    v.surplus
FROM warehouse.market k
CROSS JOIN LATERAL warehouse.moments(k.market_id, since, until) w
JOIN warehouse.version v
    ON v.market_id = k.market_id AND v.valid_from < until AND v.valid_to > since
    AND (
        v.is_long AND v.valid_to > since
        OR NOT v.is_long AND since < v.valid_to
        AND v.valid_to <= until + interval '24 hours'
    )
JOIN warehouse.advertiser_version p ON p.advertiser_sk = v.advertiser_sk
LEFT JOIN (
    SELECT o.offer_id, count(*)::integer AS times
    FROM warehouse.sweep s
    CROSS JOIN LATERAL unnest(s.missed) AS o (offer_id)
    WHERE s.verdict <> 'f' AND s.missed IS NOT NULL AND s.swept_at >= since AND s.swept_at < until
        AND (markets IS NULL OR s.market_id = ANY (markets))
    GROUP BY o.offer_id
) m ON m.offer_id = v.offer_id
WHERE markets IS NULL OR k.market_id = ANY (markets)
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE false
$$;

-- Who offers how much. observed_volume is what every sweep saw, added up, as a snapshot table would
-- have it; mean_volume is what a sweep saw of it on average (what a partial one did not see counts as
-- nothing); both are added up in double precision. completion_rate is the last known of the window.
-- All markets are asked for, so every table that is read is read from end to end: the planner, which
-- thinks that it will be far fewer rows, would look each of them up, and take a third longer.
CREATE FUNCTION market.merchant_volume(since timestamptz, until timestamptz)
RETURNS TABLE (
    advertiser_id text, advertiser text, crypto_symbol text, trade_type text,
    observed_volume numeric, mean_volume numeric, completion_rate numeric, offer_count bigint,
    observations bigint
)
LANGUAGE sql STABLE PARALLEL SAFE SET enable_nestloop = off
AS $$
SELECT
    a.advertiser_no, n.nickname, g.symbol, g.side, g.observed_volume::numeric,
    g.mean_volume::numeric,
    CASE
        WHEN d.changed_at[1] <= until - interval '1 microsecond'
        THEN d.month_finish_rates[width_bucket(until - interval '1 microsecond', d.changed_at)]
        WHEN y.day >= (since AT TIME ZONE 'UTC')::date
        THEN y.month_finish_rates[cardinality(y.changed_at)]
        ELSE (warehouse.statistic_at(
            g.advertiser_id, since, until - interval '1 microsecond')).finish_rate
    END,
    g.offer_count::bigint, g.observations::bigint
FROM (
    SELECT
        b.advertiser_id, c.symbol, m.side,
        sum(b.volume) AS observed_volume,
        sum(b.volume / b.market_sweeps) AS mean_volume,
        sum(b.offers) AS offer_count,
        sum(b.looks) AS observations
    FROM (
        SELECT
            o.advertiser_id, o.market_id, o.market_sweeps, sum(o.volume) AS volume,
            count(*) AS offers, sum(o.looks) AS looks
        FROM (
            SELECT
                l.advertiser_id, l.market_id, l.adv_no, l.market_sweeps,
                sum(l.surplus::double precision * l.looks) AS volume, sum(l.looks) AS looks
            FROM warehouse.looks(NULL, since, until) l
            WHERE l.is_merchant
            GROUP BY l.advertiser_id, l.market_id, l.adv_no, l.market_sweeps
        ) o
        WHERE o.looks > 0
        GROUP BY o.advertiser_id, o.market_id, o.market_sweeps
    ) b
    JOIN warehouse.market m ON m.market_id = b.market_id
    JOIN warehouse.crypto c ON c.crypto_id = m.crypto_id
    GROUP BY b.advertiser_id, c.symbol, m.side
) g
JOIN warehouse.advertiser a ON a.advertiser_id = g.advertiser_id
JOIN warehouse.advertiser_version n
    ON n.advertiser_id = g.advertiser_id AND n.valid_from < until AND n.valid_to >= until
LEFT JOIN warehouse.advertiser_day d
    ON d.day = ((until - interval '1 microsecond') AT TIME ZONE 'UTC')::date
    AND d.advertiser_id = g.advertiser_id
LEFT JOIN warehouse.advertiser_day y
    ON y.day = ((until - interval '1 microsecond') AT TIME ZONE 'UTC')::date - 1
    AND y.advertiser_id = g.advertiser_id
$$;

-- What a payment method costs in a pair, each side for itself.
CREATE FUNCTION market.method_prices(
    fiat text, crypto text, since timestamptz, until timestamptz
)
RETURNS TABLE (
    method_name text, trade_type text, avg_price numeric, price_volatility numeric,
    min_price numeric, max_price numeric, offer_count bigint, observations numeric
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT
    method_name, side,
    round(total / looks, 10),
    CASE WHEN looks > 1 THEN
        round(sqrt(greatest(squares - total * total / looks, 0) / (looks - 1)), 10)
    END,
    min_price, max_price, offer_count, looks
FROM (
    SELECT
        p.method_name, m.side, sum(l.looks) AS looks, sum(l.price * l.looks) AS total,
        sum(l.price * l.price * l.looks) AS squares, min(l.price) AS min_price,
        max(l.price) AS max_price, count(DISTINCT l.adv_no) AS offer_count
    FROM warehouse.looks(
        ARRAY(
            SELECT k.market_id FROM warehouse.market k
            JOIN warehouse.fiat f USING (fiat_id)
            JOIN warehouse.crypto c USING (crypto_id)
            WHERE f.currency_code = upper(fiat) AND c.symbol = upper(crypto)
        ), since, until
    ) l
    JOIN warehouse.market m ON m.market_id = l.market_id
    JOIN warehouse.method_set_member s ON s.method_set_id = l.method_set_id
    JOIN warehouse.payment_method p ON p.payment_method_id = s.payment_method_id
    WHERE l.looks > 0
    GROUP BY p.method_name, m.side
) g
$$;

DO $$
BEGIN
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA market, warehouse TO p2p_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'the role p2p_reader could not be set up: %', SQLERRM;
END $$;
