"""Whether what was loaded holds together.

The loader does not break it, so triggers and edits of the stored rows do that here.
"""

import pytest


@pytest.fixture
def on_write(query):
    """Have something done to each row of a table just before it is written."""

    def arrange(table, event, action):
        query(
            "CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {action} END $$;"
            f"CREATE TRIGGER spoil BEFORE {event} ON warehouse.{table}"
            " FOR EACH ROW EXECUTE FUNCTION public.spoil()"
        )

    return arrange


def test_no_ad_twice(make_batch, at, ad, sweep, checks):
    batch = make_batch(at(0), [ad("1"), ad("2", "USDT/VES BUY")], [sweep(duplicates=3)])
    found = checks(batch)["duplicates"]
    assert (found.value, found.threshold, found.passed) == (0, 0, True)
    assert found.details == {"ads": [], "repeated_rows_left_out": 3}


def test_ads_that_stand_twice_are_named(make_batch, at, ad, load, checks):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    batch = make_batch(at(10), [ad("1"), ad("1"), ad("1"), ad("2"), ad("3", "USDT/VES BUY")])
    found = checks(batch)["duplicates"]
    assert (found.value, found.passed) == (2, False)
    assert found.details["ads"] == [{"adv_no": "1", "rows": 3}]


def test_time_runs_forward(make_batch, at, ad, load, checks):
    load(make_batch(at(0), [ad("gone"), ad("changed"), ad("same")]))
    found = checks(make_batch(at(10), [ad("changed", price=60.0), ad("same"), ad("new")]))
    found = found["temporal_consistency"]
    assert (found.value, found.threshold, found.passed) == (0, 0, True)
    assert found.details == {"problems": []}


def test_an_ad_that_comes_back_overlaps_nothing(make_batch, at, ad, load, checks):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    load(make_batch(at(10), [ad("2")]))
    assert checks(make_batch(at(20), [ad("1"), ad("2")]))["temporal_consistency"].value == 0


def test_a_sweep_not_after_the_last(make_batch, at, ad, sweep, load, checks):
    load(make_batch(at(0), [ad("1")]))
    late = make_batch(at(10), [ad("1")], [sweep(swept_at=at(0, seconds=5))])
    found = checks(late)["temporal_consistency"]
    assert (found.value, found.passed) == (1, False)
    assert found.details["problems"] == [
        {"problem": "sweep not after the last", "market": "USDT/VES SELL", "adv_no": None}
    ]


def problems_of(found):
    check = found["temporal_consistency"]
    assert check.value == len(check.details["problems"])
    return [(each["problem"], each["adv_no"]) for each in check.details["problems"]]


def test_a_version_without_time(make_batch, at, ad, load, checks, query):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    query("UPDATE warehouse.live SET valid_from = %s", at(10, seconds=5))
    found = checks(make_batch(at(10), [ad("1"), ad("2", price=60.0)]))
    # It is over, too, and began no sooner than what follows it.
    assert problems_of(found) == [("version without time", "2"), ("versions overlap", "2")]


def test_a_version_that_began_before_the_last_one_ended(make_batch, at, ad, load, checks, on_write):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    on_write("live", "UPDATE", "NEW.valid_from = OLD.valid_from; RETURN NEW;")
    found = checks(make_batch(at(10), [ad("1"), ad("2", price=60.0)]))
    assert problems_of(found) == [("versions overlap", "2")]


def test_an_ad_that_is_gone_and_stands(make_batch, at, ad, load, checks, on_write):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    on_write("live", "DELETE", "RETURN NULL;")
    assert problems_of(checks(make_batch(at(10), [ad("1")]))) == [("versions overlap", "2")]


def test_an_ad_closed_twice(make_batch, at, ad, load, checks):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    found = checks(make_batch(at(10), [ad("1"), ad("2", price=60.0), ad("2", price=61.0)]))
    assert problems_of(found) == [("versions overlap", "2")]


def test_a_version_in_history_that_is_later(make_batch, at, ad, load, checks, query):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    query(
        "INSERT INTO warehouse.version SELECT offer_id, %s, %s, market_id, batch_no,"
        " advertiser_sk, method_set_id, terms_id, is_ranked, false, adv_no, price"
        " FROM warehouse.live",
        at(30),
        at(40),
    )
    found = checks(make_batch(at(10), [ad("1"), ad("2", price=60.0)]))
    assert problems_of(found) == [("versions overlap", "2")]


def test_references_lead_on(make_batch, at, ad, load, checks):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    found = checks(make_batch(at(10), [ad("1", price=60.0)]))["referential_integrity"]
    assert (found.value, found.threshold, found.passed) == (0, 0, True)
    assert found.details == {"missing": {}}


@pytest.mark.parametrize(
    ("table", "column", "reference", "count"),
    [
        ("live", "advertiser_sk", "version to advertiser", 2),
        ("live", "method_set_id", "version to method set", 2),
        ("live", "terms_id", "version to terms", 2),
        ("live", "market_id", "version to market", 1),
        ("live", "offer_id", "version to offer", 2),
        ("sweep", "book_id", "sweep to book", 1),
        ("sweep", "batch_no", "sweep to batch", 1),
    ],
)
def test_references_that_lead_nowhere(
    table, column, reference, count, make_batch, at, ad, checks, on_write
):
    condition = "IF NEW.adv_no = '1' THEN " if column == "market_id" else "IF true THEN "
    on_write(table, "INSERT", f"{condition} NEW.{column} = 9999; END IF; RETURN NEW;")
    found = checks(make_batch(at(0), [ad("1"), ad("2")]))["referential_integrity"]
    assert (found.value, found.passed) == (count, False)
    assert found.details == {"missing": {reference: count}}


def test_what_closed_versions_speak_of_must_stand_too(make_batch, at, ad, load, checks, query):
    load(make_batch(at(0), [ad("1"), ad("2")]))
    query("DELETE FROM warehouse.offer")
    found = checks(make_batch(at(10), [ad("1")]))["referential_integrity"]
    assert found.details == {"missing": {"version to offer": 1}}


def test_fifteen_digits_are_precise(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1", price=123456789.012345)]))["precision"]
    assert (found.value, found.threshold, found.passed) == (0, 0, True)


def test_more_digits_are_not(make_batch, at, ad, checks):
    numbers = {"price": 0.1234567890123456, "surplus_amount": 1234567890123456.0}
    found = checks(make_batch(at(0), [ad("1", **numbers), ad("2")]))["precision"]
    assert (found.value, found.passed) == (2, False)


def test_refused_ads_are_told_and_pass(make_batch, at, ad, refusal, checks):
    refused = [refusal("8"), refusal("9"), refusal("7", "no_price")]
    found = checks(make_batch(at(0), [ad("1")], refused=refused))["refused"]
    assert (found.value, found.threshold, found.passed) == (3, None, True)
    assert found.details == {"reasons": {"no_surplus": 2, "no_price": 1}}


def test_nothing_refused(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1")]))["refused"]
    assert (found.value, found.passed, found.details) == (0, True, {"reasons": {}})
