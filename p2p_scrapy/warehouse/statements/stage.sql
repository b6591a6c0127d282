-- The batch as it is sent; codes are places in the batch's own lists.
CREATE TEMP TABLE staged_sweep (
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
) ON COMMIT DROP;

CREATE TEMP TABLE staged_ad (
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
) ON COMMIT DROP;

CREATE TEMP TABLE staged_refusal (
    market_id integer,
    adv_no text COLLATE "C",
    is_empty boolean
) ON COMMIT DROP;

CREATE TEMP TABLE staged_identity (
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
) ON COMMIT DROP;

CREATE TEMP TABLE staged_statistic (
    run integer,
    day date,
    since timestamptz,
    month_order_count integer,
    month_finish_rate text,
    positive_rate text
) ON COMMIT DROP;
