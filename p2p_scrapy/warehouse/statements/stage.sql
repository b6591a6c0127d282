-- The batch as it is sent; codes are places in the batch's own lists. The tables are made once a
-- session and emptied after each batch: a transaction that made them anew for each of some hundred
-- batches would hold more locks than the server has room for.
CREATE TEMP TABLE IF NOT EXISTS staged_sweep (
    market_id integer NOT NULL,
    started_at timestamptz,
    first_response_at timestamptz,
    swept_at timestamptz,
    lane text,
    total_first bigint,
    total_last bigint,
    rows_seen bigint,
    unique_ads bigint,
    promoted bigint,
    duplicates bigint,
    refused bigint,
    pages bigint,
    rereads bigint,
    verdict text,
    error text,
    ranks smallint[]
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS staged_ad (
    market_id integer,
    adv_no text COLLATE "C",
    run integer,
    method_set_id integer,
    terms_id integer,
    is_ranked boolean,
    price text,
    surplus_amount text,
    min_amount text,
    max_amount text,
    tradable_quantity text
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS staged_refusal (
    market_id integer,
    adv_no text COLLATE "C",
    is_empty boolean
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS staged_identity (
    run integer,
    advertiser_no text COLLATE "C",
    since timestamptz,
    nickname text COLLATE "C",
    advertiser_type text COLLATE "C",
    is_merchant boolean,
    user_grade bigint,
    user_identity text COLLATE "C",
    badges text[],
    vip_level bigint
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS staged_statistic (
    run integer,
    day date,
    since timestamptz,
    month_order_count integer,
    month_finish_rate text,
    positive_rate text
) ON COMMIT DELETE ROWS;

-- What the steps of a load hand on to each other.
CREATE TEMP TABLE IF NOT EXISTS shown (
    run integer,
    advertiser_id integer,
    since timestamptz,
    advertiser_sk integer,
    until timestamptz
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS now_swept (
    market_id integer UNIQUE,
    swept_at timestamptz,
    ordinal integer,
    volume_sum double precision,
    book_id integer,
    was_whole boolean,
    verdict "char",
    backwards text
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS difference (
    market_id integer,
    adv_no text COLLATE "C",
    swept_at timestamptz,
    old_offer_id bigint,
    old_valid_from timestamptz,
    new_offer_id bigint,
    advertiser_sk integer,
    method_set_id integer,
    terms_id integer,
    is_ranked boolean,
    price numeric,
    surplus numeric,
    min_amount numeric,
    max_amount numeric,
    tradable numeric,
    is_gone boolean
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS now_book (
    market_id integer,
    is_new boolean,
    book_id integer,
    volume numeric
) ON COMMIT DELETE ROWS;
