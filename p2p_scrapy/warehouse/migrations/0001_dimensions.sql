-- What ads are about: assets, currencies, methods, terms, markets, advertisers.

CREATE TABLE warehouse.crypto (
    crypto_id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    symbol text COLLATE "C" NOT NULL UNIQUE,
    name text,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE warehouse.fiat (
    fiat_id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency_code text COLLATE "C" NOT NULL UNIQUE,
    currency_name text,
    country_code text,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE warehouse.payment_method (
    payment_method_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    method_code text COLLATE "C" NOT NULL UNIQUE,
    method_name text,
    category text NOT NULL,
    description text,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- A set of methods as the exchange lists it; listing is its codes, joined, to find it by.
CREATE TABLE warehouse.method_set (
    method_set_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    listing text COLLATE "C" NOT NULL UNIQUE,
    codes text[] COLLATE "C" NOT NULL
);

CREATE TABLE warehouse.method_set_member (
    method_set_id integer NOT NULL REFERENCES warehouse.method_set,
    payment_method_id integer NOT NULL REFERENCES warehouse.payment_method,
    is_primary boolean NOT NULL,
    PRIMARY KEY (method_set_id, payment_method_id)
);

-- What an ad has in common with thousands of others, and hardly ever changes.
CREATE TABLE warehouse.terms (
    terms_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    price_type text COLLATE "C",
    classify text COLLATE "C",
    pay_time_limit_minutes integer,
    commission_rate numeric,
    taker_kyc_required boolean,
    UNIQUE NULLS NOT DISTINCT
        (price_type, classify, pay_time_limit_minutes, commission_rate, taker_kyc_required)
);

-- Questions of all markets are shared out among processes by pages of this table and its index. Pages
-- with few markets share the work evenly, and the table is too small to be shared out otherwise.
CREATE TABLE warehouse.market (
    market_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY WITH (fillfactor = 10),
    venue text COLLATE "C" NOT NULL,
    crypto_id smallint NOT NULL REFERENCES warehouse.crypto,
    fiat_id smallint NOT NULL REFERENCES warehouse.fiat,
    side text COLLATE "C" NOT NULL CHECK (side IN ('BUY', 'SELL')),
    UNIQUE (fiat_id, crypto_id, side, venue)
) WITH (fillfactor = 10, parallel_workers = 2);

CREATE TABLE warehouse.advertiser (
    advertiser_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    venue text COLLATE "C" NOT NULL,
    advertiser_no text COLLATE "C" NOT NULL,
    UNIQUE (advertiser_no, venue)
);

-- Type 2: what identifies and ranks an advertiser, from when to when it was so.
CREATE TABLE warehouse.advertiser_version (
    advertiser_sk integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    advertiser_id integer NOT NULL REFERENCES warehouse.advertiser,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL DEFAULT 'infinity',
    nickname text COLLATE "C",
    advertiser_type text COLLATE "C",
    is_merchant boolean,
    user_grade smallint,
    user_identity text COLLATE "C",
    badges text[] COLLATE "C",
    vip_level smallint,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    CHECK (valid_from < valid_to)
);
CREATE UNIQUE INDEX advertiser_version_since
    ON warehouse.advertiser_version (advertiser_id, valid_from);
CREATE UNIQUE INDEX advertiser_version_now
    ON warehouse.advertiser_version (advertiser_id) WHERE valid_to = 'infinity';

-- Fast statistics, change-only: a row a day and advertiser, an element a change. Of the first look
-- of each day there is always one, so a day's row answers for the day alone, and 144 changes cost
-- one row's overhead instead of 144. The key begins with the day: who asks for a whole book, and who
-- loads one, stays on the few pages of that day, however much history there is.
CREATE TABLE warehouse.advertiser_day (
    advertiser_id integer NOT NULL,
    day date NOT NULL,
    changed_at timestamptz[] NOT NULL,
    month_order_counts integer[] NOT NULL,
    month_finish_rates numeric[] NOT NULL,
    positive_rates numeric[] NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (day, advertiser_id)
) WITH (toast_tuple_target = 8160, fillfactor = 80);
