-- What was read, and what stood in the books.

CREATE TABLE warehouse.batch (
    batch_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id uuid NOT NULL UNIQUE,
    venue text COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    status text NOT NULL,
    files_digest text NOT NULL,
    record jsonb NOT NULL,
    fiats_processed integer NOT NULL DEFAULT 0,
    offers_extracted integer NOT NULL DEFAULT 0,
    offers_inserted integer NOT NULL DEFAULT 0,
    offers_updated integer NOT NULL DEFAULT 0,
    offers_closed integer NOT NULL DEFAULT 0,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (started_at, venue)
);

-- The figures of a book at a sweep. A sweep that found what the one before had found points to the
-- same row. ranks has an element for each ad that the sweep saw, in the order of their numbers:
-- its rank, negative where it is promoted too, 0 where it is only promoted.
CREATE TABLE warehouse.book (
    book_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    offers integer NOT NULL,
    average_price double precision,
    weighted_price double precision,
    median_price double precision,
    deviation double precision,
    top10_price double precision,
    ranks smallint[] NOT NULL,
    volume numeric NOT NULL,
    top10_volume numeric,
    min_price numeric,
    max_price numeric,
    best_price numeric
);

-- The ledger. verdict: c complete, p partial, f failed. ordinal counts a market's sweeps that did
-- not fail, volume_sum adds their volumes up: so a mean over any time is two look-ups. missed are
-- the offers that stood in the book and were not among what the sweep saw and kept. Most questions
-- are of the last day. The planner has to know how many sweeps that has, however long the table has
-- become, or it takes the wrong way through it: so what it knows is brought up to date five times a day.
CREATE TABLE warehouse.sweep (
    swept_at timestamptz NOT NULL,
    started_at timestamptz,
    first_response_at timestamptz,
    volume_sum double precision,
    market_id integer NOT NULL,
    batch_no integer NOT NULL,
    book_id integer,
    ordinal integer,
    total_first integer,
    total_last integer,
    rows_seen integer NOT NULL,
    unique_ads integer NOT NULL,
    duplicates integer NOT NULL,
    refused integer NOT NULL,
    promoted smallint NOT NULL,
    pages smallint NOT NULL,
    rereads smallint NOT NULL,
    verdict "char" NOT NULL,
    lane text COLLATE "C" NOT NULL,
    error text,
    missed bigint[]
) WITH (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
CREATE UNIQUE INDEX sweep_of_market
    ON warehouse.sweep (market_id, swept_at) WHERE verdict <> 'f';
CREATE INDEX sweep_in_time ON warehouse.sweep
    USING brin (swept_at, batch_no) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX sweep_missing ON warehouse.sweep (swept_at) WHERE missed IS NOT NULL;

-- An offer is a stored version of an ad: what it was from valid_from until valid_to. The partition
-- live holds what stands in the books now. Of what is over, a partition each holds a day of versions
-- that stood for no more than 24 hours, and a month of the others, which are long: so the book of a
-- moment lies in two days and a few months, however much history follows it.
CREATE TABLE warehouse.version (
    offer_id bigint NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL DEFAULT 'infinity',
    market_id integer NOT NULL,
    batch_no integer NOT NULL,
    advertiser_sk integer NOT NULL,
    method_set_id integer NOT NULL,
    terms_id integer NOT NULL,
    is_ranked boolean NOT NULL,
    is_long boolean NOT NULL DEFAULT true,
    adv_no text COLLATE "C" NOT NULL,
    price numeric NOT NULL,
    surplus numeric,
    min_amount numeric,
    max_amount numeric,
    tradable numeric,
    CHECK (is_long OR valid_to <= valid_from + interval '24 hours')
) PARTITION BY RANGE (is_long, valid_to);

CREATE TABLE warehouse.live PARTITION OF warehouse.version (
    PRIMARY KEY (market_id, adv_no)
) FOR VALUES FROM (true, 'infinity') TO (true, MAXVALUE) WITH (fillfactor = 80);
-- Questions of the past pass by what has entered the book since.
CREATE INDEX live_of_market ON warehouse.live (market_id, valid_from);

CREATE SEQUENCE warehouse.offer_number;

-- The methods of a version, found by its number alone: history has a partition a day, and to look
-- for a number in each of them would cost a look-up a day.
CREATE TABLE warehouse.offer (
    offer_id bigint PRIMARY KEY,
    valid_from timestamptz NOT NULL,
    method_set_id integer NOT NULL
);

-- History before this moment has been dropped; nothing is told of it any more.
CREATE TABLE warehouse.retention (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    kept_since timestamptz NOT NULL
);
INSERT INTO warehouse.retention (kept_since) VALUES ('-infinity');
