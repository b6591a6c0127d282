-- What analysts see.
CREATE SCHEMA IF NOT EXISTS market;

CREATE VIEW market.dim_cryptocurrencies AS
SELECT crypto_id, symbol, name, symbol AS binance_asset_code, is_active, created_at, updated_at
FROM warehouse.crypto;

CREATE VIEW market.dim_fiat_currencies AS
SELECT fiat_id, currency_code, currency_name, country_code, is_active, created_at, updated_at
FROM warehouse.fiat;

CREATE VIEW market.dim_payment_methods AS
SELECT
    payment_method_id, method_code, method_name, category, description, is_active, created_at,
    updated_at
FROM warehouse.payment_method;

CREATE VIEW market.dim_advertisers AS
SELECT
    v.advertiser_sk,
    a.advertiser_no AS advertiser_id,
    v.nickname,
    v.is_merchant,
    NULL::integer AS registration_days,
    v.valid_from AS effective_date,
    v.valid_to AS expiration_date,
    v.valid_to = 'infinity' AS is_current,
    v.advertiser_type,
    v.user_grade,
    v.user_identity,
    v.badges,
    v.vip_level,
    a.venue,
    v.loaded_at
FROM warehouse.advertiser_version v
LEFT JOIN warehouse.advertiser a USING (advertiser_id);  -- so that it is spared where not asked for

CREATE VIEW market.advertiser_statistics AS
SELECT
    a.advertiser_no AS advertiser_id, s.changed_at, s.month_order_count, s.month_finish_rate,
    s.positive_rate
FROM warehouse.advertiser_day d
JOIN warehouse.advertiser a USING (advertiser_id)
CROSS JOIN LATERAL unnest(
    d.changed_at, d.month_order_counts, d.month_finish_rates, d.positive_rates
) AS s (changed_at, month_order_count, month_finish_rate, positive_rate);

-- One row an ad and sweep. Adding 0 to market_id leaves the planner one way to join: from the sweeps
-- asked for to the versions of their markets, whose days it can then leave unread. The other way
-- round it would read all history for a day's observations. A moment's versions lie in the partitions
-- that the last condition names; its two halves say > and < the other way round on purpose, or the
-- planner would take out what they share, and could leave no partition unread.
CREATE VIEW warehouse.observation AS
SELECT
    v.offer_id,
    v.adv_no AS offer_external_id,
    b.batch_id,
    s.swept_at AS extraction_timestamp,
    m.crypto_id,
    m.fiat_id,
    v.advertiser_sk,
    a.nickname AS advertiser,
    m.side AS trade_type,
    v.price,
    NULL::numeric AS price_float_rate,
    v.surplus AS available_amount,
    v.min_amount AS min_limit,
    v.max_amount AS max_limit,
    v.tradable AS tradable_quantity,
    d.month_finish_rates[width_bucket(s.swept_at, d.changed_at)] AS completion_rate,
    d.month_order_counts[width_bucket(s.swept_at, d.changed_at)] AS total_orders_count,
    NULL::numeric AS avg_response_time_seconds,
    NULL::numeric AS avg_completion_time_minutes,
    NULL::text AS terms_conditions,
    true AS is_available,
    d.positive_rates[width_bucket(s.swept_at, d.changed_at)] AS positive_rate,
    v.is_ranked,
    t.price_type,
    t.classify,
    t.pay_time_limit_minutes,
    t.commission_rate,
    t.taker_kyc_required,
    v.valid_from,
    v.valid_to
FROM warehouse.sweep s
JOIN warehouse.market m ON m.market_id = s.market_id
JOIN warehouse.batch b ON b.batch_no = s.batch_no
JOIN warehouse.version v
    ON v.market_id = s.market_id + 0 AND v.valid_from <= s.swept_at AND v.valid_to > s.swept_at
    AND (
        v.is_long AND v.valid_to > s.swept_at
        OR NOT v.is_long AND s.swept_at < v.valid_to
        AND v.valid_to <= s.swept_at + interval '24 hours'
    )
JOIN warehouse.advertiser_version a ON a.advertiser_sk = v.advertiser_sk
LEFT JOIN warehouse.terms t ON t.terms_id = v.terms_id
LEFT JOIN warehouse.advertiser_day d
    ON d.advertiser_id = a.advertiser_id AND d.day = (s.swept_at AT TIME ZONE 'UTC')::date
WHERE s.verdict <> 'f' AND (s.missed IS NULL OR v.offer_id <> ALL (s.missed));

-- The second half is empty. It keeps the planner from dissolving the view into the question, which
-- would carry each advertiser's whole day through every sort, to pick one element of it at the end.
CREATE VIEW market.fact_offers AS
SELECT * FROM warehouse.observation
UNION ALL
SELECT * FROM warehouse.observation WHERE false;

CREATE VIEW market.fact_offer_payment_methods AS
SELECT o.offer_id, o.valid_from AS extraction_timestamp, p.payment_method_id, p.is_primary
FROM warehouse.offer o
JOIN warehouse.method_set_member p USING (method_set_id);

-- Every stored version of every ad, from when to when it stood. OFFSET 0 has what a version points to
-- read once and joined by a hash: a large market has some hundred thousand versions, where the planner
-- expects as many as the average market has, and would look each one's batch, set and owner up.
CREATE VIEW market.offer_versions AS
SELECT
    v.offer_id,
    v.adv_no AS offer_external_id,
    c.symbol AS crypto_symbol,
    f.currency_code AS fiat_code,
    m.side AS trade_type,
    a.nickname AS advertiser,
    a.is_merchant,
    v.price,
    v.surplus AS available_amount,
    v.min_amount AS min_limit,
    v.max_amount AS max_limit,
    v.tradable AS tradable_quantity,
    v.is_ranked,
    v.valid_from,
    v.valid_to,
    p.codes AS payment_methods,
    t.price_type,
    t.classify,
    t.pay_time_limit_minutes,
    t.commission_rate,
    t.taker_kyc_required,
    v.advertiser_sk,
    b.loaded_at
FROM warehouse.version v
JOIN warehouse.market m USING (market_id)
JOIN warehouse.crypto c USING (crypto_id)
JOIN warehouse.fiat f USING (fiat_id)
JOIN (SELECT * FROM warehouse.advertiser_version OFFSET 0) a USING (advertiser_sk)
JOIN (SELECT * FROM warehouse.method_set OFFSET 0) p USING (method_set_id)
JOIN (SELECT * FROM warehouse.batch OFFSET 0) b USING (batch_no)
JOIN warehouse.terms t USING (terms_id);

-- The ledger.
CREATE VIEW market.sweeps AS
SELECT
    b.batch_id, m.venue, c.symbol AS crypto_symbol, f.currency_code AS fiat_code,
    m.side AS trade_type, s.started_at, s.first_response_at, s.swept_at, s.lane, s.total_first,
    s.total_last, s.rows_seen AS rows, s.unique_ads AS "unique", s.promoted, s.duplicates,
    s.refused, s.pages, s.rereads,
    CASE s.verdict WHEN 'c' THEN 'complete' WHEN 'p' THEN 'partial' ELSE 'failed' END AS verdict,
    s.error, cardinality(s.missed) AS missed, b.loaded_at
FROM warehouse.sweep s
JOIN warehouse.batch b USING (batch_no)
JOIN warehouse.market m USING (market_id)
JOIN warehouse.crypto c USING (crypto_id)
JOIN warehouse.fiat f USING (fiat_id);

CREATE VIEW market.fact_market_depth AS
SELECT
    b.batch_id,
    s.swept_at AS extraction_timestamp,
    m.crypto_id,
    m.fiat_id,
    m.side AS trade_type,
    k.offers AS total_offers_count,
    k.volume AS total_available_volume,
    k.weighted_price::numeric AS weighted_avg_price,
    k.min_price,
    k.max_price,
    k.deviation::numeric AS price_std_dev,
    k.top10_volume AS top10_total_volume,
    k.top10_price::numeric AS top10_avg_price,
    p.best_bid,
    p.best_ask,
    p.best_ask - p.best_bid AS spread_absolute,
    100 * (p.best_ask - p.best_bid) / nullif(p.best_bid, 0) AS spread_percentage,
    k.average_price::numeric AS avg_price,
    k.median_price::numeric AS median_price,
    o.swept_at AS opposite_timestamp,
    CASE s.verdict WHEN 'c' THEN 'complete' ELSE 'partial' END AS verdict
FROM warehouse.sweep s
JOIN warehouse.batch b ON b.batch_no = s.batch_no
JOIN warehouse.market m ON m.market_id = s.market_id
JOIN warehouse.book k ON k.book_id = s.book_id
LEFT JOIN warehouse.market n
    ON n.fiat_id = m.fiat_id AND n.crypto_id = m.crypto_id AND n.venue = m.venue
    AND n.side <> m.side
LEFT JOIN LATERAL (
    SELECT near.swept_at, near.book_id
    FROM (
        (SELECT swept_at, book_id FROM warehouse.sweep
         WHERE market_id = n.market_id AND verdict <> 'f' AND swept_at <= s.swept_at
         ORDER BY swept_at DESC LIMIT 1)
        UNION ALL
        (SELECT swept_at, book_id FROM warehouse.sweep
         WHERE market_id = n.market_id AND verdict <> 'f' AND swept_at > s.swept_at
         ORDER BY swept_at LIMIT 1)
    ) AS near
    ORDER BY abs(extract(epoch FROM near.swept_at - s.swept_at)), near.swept_at
    LIMIT 1
) o ON true
LEFT JOIN warehouse.book q ON q.book_id = o.book_id
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN m.side = 'BUY' THEN k.best_price ELSE q.best_price END AS best_bid,
        CASE WHEN m.side = 'SELL' THEN k.best_price ELSE q.best_price END AS best_ask
) p
WHERE s.verdict <> 'f';

-- The book of a market after its last sweep up to a moment. A function of its own, so that several
-- processes can work on the markets, and each with one plan that it makes once. rank is as in
-- warehouse.book. Columns of a fixed length come first: they are quicker to pick.
CREATE TYPE warehouse.standing AS (
    offer_id bigint,
    valid_from timestamptz,
    swept_at timestamptz,
    advertiser_sk integer,
    method_set_id integer,
    rank smallint,
    was_seen boolean,
    is_ranked boolean,
    adv_no text,
    price numeric,
    surplus numeric,
    min_amount numeric,
    max_amount numeric,
    tradable numeric
);

CREATE FUNCTION warehouse.market_book(market integer, moment timestamptz)
RETURNS SETOF warehouse.standing
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 30 COST 10000 SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    last record;
BEGIN
    SELECT s.swept_at, s.missed, b.ranks INTO last
    FROM warehouse.sweep s
    JOIN warehouse.book b ON b.book_id = s.book_id
    WHERE s.market_id = market AND s.verdict <> 'f' AND s.swept_at <= moment
    ORDER BY s.swept_at DESC
    LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    RETURN QUERY
    SELECT
        o.offer_id, o.valid_from, last.swept_at, o.advertiser_sk, o.method_set_id,
        CASE WHEN o.was_seen THEN last.ranks[o.place] END,
        o.was_seen, o.is_ranked, o.adv_no, o.price, o.surplus, o.min_amount, o.max_amount,
        o.tradable
    FROM (
        SELECT
            v.*,
            last.missed IS NULL OR v.offer_id <> ALL (last.missed) AS was_seen,
            count(*) FILTER (WHERE last.missed IS NULL OR v.offer_id <> ALL (last.missed)) OVER (
                ORDER BY v.adv_no ROWS UNBOUNDED PRECEDING
            ) AS place
        FROM (
            SELECT * FROM warehouse.version
            WHERE NOT is_long AND market_id = market AND valid_from <= moment
                AND valid_to > moment AND valid_to <= moment + interval '24 hours'
            UNION ALL
            SELECT * FROM warehouse.version
            WHERE is_long AND market_id = market AND valid_from <= moment AND valid_to > moment
        ) v
    ) o;
END
$$;

-- An advertiser's statistics as they were known at a moment, from a day on. Day by day backwards,
-- since the key begins with the day. All but a few are found at the first look: it is for ads that
-- a sweep has missed, and for merchants that have left.
CREATE TYPE warehouse.statistic AS (order_count integer, finish_rate numeric);

CREATE FUNCTION warehouse.statistic_at(advertiser integer, since timestamptz, moment timestamptz)
RETURNS warehouse.statistic
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
DECLARE
    known warehouse.statistic;
    looked date := (moment AT TIME ZONE 'UTC')::date;
    first date;
BEGIN
    LOOP
        SELECT
            d.month_order_counts[width_bucket(moment, d.changed_at)],
            d.month_finish_rates[width_bucket(moment, d.changed_at)]
        INTO known
        FROM warehouse.advertiser_day d
        WHERE d.day = looked AND d.advertiser_id = advertiser AND d.changed_at[1] <= moment;
        IF FOUND THEN
            RETURN known;
        END IF;
        IF first IS NULL THEN  -- either end may be infinite
            SELECT greatest(min(d.day), (since AT TIME ZONE 'UTC')::date), least(max(d.day) + 1, looked)
            INTO first, looked
            FROM warehouse.advertiser_day d;
        END IF;
        looked := looked - 1;
        IF looked < first THEN
            RETURN NULL;
        END IF;
    END LOOP;
END
$$;

CREATE TYPE market.book_offer AS (
    offer_external_id text,
    crypto_symbol text,
    fiat_code text,
    trade_type text,
    advertiser text,
    is_merchant boolean,
    price numeric,
    available_amount numeric,
    min_limit numeric,
    max_limit numeric,
    completion_rate numeric,
    total_orders_count integer,
    extraction_timestamp timestamptz,
    payment_methods text[],
    rank integer,
    is_promoted boolean,
    is_stale boolean,
    was_seen boolean,
    is_ranked boolean,
    tradable_quantity numeric,
    offer_id bigint,
    advertiser_sk integer,
    valid_from timestamptz
);

-- The whole book at a moment; staleness is told as of another.
CREATE FUNCTION warehouse.book_at(moment timestamptz, reference timestamptz)
RETURNS SETOF market.book_offer
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT
    (b.o).adv_no, b.symbol, b.currency_code, b.side, a.nickname, a.is_merchant,
    (b.o).price, (b.o).surplus, (b.o).min_amount, (b.o).max_amount,
    CASE
        WHEN d.changed_at[1] <= (b.o).swept_at
        THEN d.month_finish_rates[width_bucket((b.o).swept_at, d.changed_at)]
        ELSE (warehouse.statistic_at(
            a.advertiser_id, (b.o).valid_from, (b.o).swept_at)).finish_rate
    END,
    CASE
        WHEN d.changed_at[1] <= (b.o).swept_at
        THEN d.month_order_counts[width_bucket((b.o).swept_at, d.changed_at)]
        ELSE (warehouse.statistic_at(
            a.advertiser_id, (b.o).valid_from, (b.o).swept_at)).order_count
    END,
    (b.o).swept_at, p.codes,
    nullif(abs((b.o).rank), 0)::integer,
    coalesce((b.o).rank <= 0, false),
    (b.o).swept_at < reference - interval '1 hour',
    (b.o).was_seen, (b.o).is_ranked, (b.o).tradable, (b.o).offer_id, (b.o).advertiser_sk,
    (b.o).valid_from
FROM (
    SELECT c.symbol, f.currency_code, m.side, warehouse.market_book(m.market_id, moment) AS o
    FROM warehouse.market m
    JOIN warehouse.crypto c ON c.crypto_id = m.crypto_id
    JOIN warehouse.fiat f ON f.fiat_id = m.fiat_id
) b
LEFT JOIN warehouse.advertiser_version a ON a.advertiser_sk = (b.o).advertiser_sk
LEFT JOIN warehouse.method_set p ON p.method_set_id = (b.o).method_set_id
LEFT JOIN warehouse.advertiser_day d
    ON d.day = ((b.o).swept_at AT TIME ZONE 'UTC')::date AND d.advertiser_id = a.advertiser_id
WHERE moment >= (SELECT kept_since FROM warehouse.retention)
$$;

CREATE FUNCTION market.offers_as_of(moment timestamptz)
RETURNS SETOF market.book_offer
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT * FROM warehouse.book_at(least(moment, '9999-12-31'), moment) $$;

-- The book now. Any moment will do that is after all sweeps and before infinity, which is when what
-- stands now ends.
CREATE VIEW market.mv_latest_market_state AS
SELECT * FROM warehouse.book_at('9999-12-31', now());

CREATE VIEW market.v_best_prices AS
WITH best AS (
    SELECT DISTINCT ON (l.market_id)
        l.market_id, l.price, l.adv_no, a.nickname, l.surplus
    FROM warehouse.live l
    JOIN warehouse.market m ON m.market_id = l.market_id
    JOIN warehouse.advertiser_version a ON a.advertiser_sk = l.advertiser_sk
    WHERE l.is_ranked
    ORDER BY
        l.market_id, CASE WHEN m.side = 'SELL' THEN l.price ELSE -l.price END, l.adv_no
), depth AS (
    SELECT
        m.venue, m.crypto_id, m.fiat_id,
        max(b.price) FILTER (WHERE m.side = 'BUY') AS best_bid,
        max(b.price) FILTER (WHERE m.side = 'SELL') AS best_ask,
        max(b.adv_no) FILTER (WHERE m.side = 'BUY') AS best_bid_offer,
        max(b.adv_no) FILTER (WHERE m.side = 'SELL') AS best_ask_offer,
        max(b.nickname) FILTER (WHERE m.side = 'BUY') AS best_bid_advertiser,
        max(b.nickname) FILTER (WHERE m.side = 'SELL') AS best_ask_advertiser,
        max(b.surplus) FILTER (WHERE m.side = 'BUY') AS best_bid_amount,
        max(b.surplus) FILTER (WHERE m.side = 'SELL') AS best_ask_amount,
        coalesce(max(l.offers) FILTER (WHERE m.side = 'BUY'), 0) AS bid_offers,
        coalesce(max(l.offers) FILTER (WHERE m.side = 'SELL'), 0) AS ask_offers,
        coalesce(max(l.volume) FILTER (WHERE m.side = 'BUY'), 0) AS bid_volume,
        coalesce(max(l.volume) FILTER (WHERE m.side = 'SELL'), 0) AS ask_volume,
        max(s.swept_at) FILTER (WHERE m.side = 'BUY') AS bid_timestamp,
        max(s.swept_at) FILTER (WHERE m.side = 'SELL') AS ask_timestamp
    FROM warehouse.market m
    CROSS JOIN LATERAL (
        SELECT swept_at FROM warehouse.sweep
        WHERE market_id = m.market_id AND verdict <> 'f'
        ORDER BY swept_at DESC LIMIT 1
    ) s
    LEFT JOIN (
        SELECT market_id, count(*) AS offers, sum(surplus) AS volume
        FROM warehouse.live GROUP BY market_id
    ) l ON l.market_id = m.market_id
    LEFT JOIN best b ON b.market_id = m.market_id
    GROUP BY m.venue, m.crypto_id, m.fiat_id
)
SELECT
    c.symbol AS crypto_symbol,
    f.currency_code AS fiat_code,
    d.best_bid, d.best_ask,
    d.best_ask - d.best_bid AS spread_absolute,
    100 * (d.best_ask - d.best_bid) / nullif(d.best_bid, 0) AS spread_percentage,
    d.best_bid_offer, d.best_ask_offer, d.best_bid_advertiser, d.best_ask_advertiser,
    d.best_bid_amount, d.best_ask_amount,
    d.bid_offers, d.ask_offers, d.bid_volume, d.ask_volume,
    d.bid_timestamp, d.ask_timestamp,
    least(d.bid_timestamp, d.ask_timestamp) < now() - interval '1 hour' AS is_stale,
    d.venue
FROM depth d
JOIN warehouse.crypto c USING (crypto_id)
JOIN warehouse.fiat f USING (fiat_id);

-- By the minute: of several sweeps in a minute, every ad of each counts once, and the spread of all
-- of them is put together from the sweeps' means and deviations.
CREATE VIEW market.v_price_history AS
SELECT
    crypto_symbol, fiat_code, trade_type, time_bucket,
    (total / offer_count)::numeric AS avg_price,
    min_price, max_price,
    CASE WHEN looks = 1 THEN deviation::numeric WHEN offer_count > 1 THEN
        sqrt(greatest(squares - total * total / offer_count, 0) / (offer_count - 1))::numeric
    END AS price_volatility,
    total_volume, offer_count, is_complete
FROM (
    SELECT
        c.symbol AS crypto_symbol,
        f.currency_code AS fiat_code,
        m.side AS trade_type,
        date_trunc('minute', s.swept_at) AS time_bucket,
        count(*) AS looks,
        max(b.deviation) AS deviation,
        sum(b.offers) AS offer_count,
        sum(b.offers * b.average_price) AS total,
        sum((b.offers - 1) * coalesce(b.deviation, 0) ^ 2 + b.offers * b.average_price ^ 2)
            AS squares,
        min(b.min_price) AS min_price,
        max(b.max_price) AS max_price,
        sum(b.volume) AS total_volume,
        bool_and(s.verdict = 'c') AS is_complete
    FROM warehouse.sweep s
    JOIN warehouse.book b ON b.book_id = s.book_id
    JOIN warehouse.market m ON m.market_id = s.market_id
    JOIN warehouse.crypto c ON c.crypto_id = m.crypto_id
    JOIN warehouse.fiat f ON f.fiat_id = m.fiat_id
    WHERE s.verdict <> 'f' AND b.offers > 0
    GROUP BY m.market_id, c.symbol, f.currency_code, m.side, date_trunc('minute', s.swept_at)
) AS minute;
