"""All checks of a batch: recorded in its transaction, told where they fail."""

import logging

from p2p_scrapy.warehouse.quality import Thresholds

NAMES = {
    "completeness",
    "planned_markets",
    "coverage",
    "price_anomalies",
    "volume_consistency",
    "duplicates",
    "temporal_consistency",
    "referential_integrity",
    "precision",
    "refused",
}


def test_a_sound_batch_passes_all_as_of_its_end(make_batch, at, ad, checks, caplog):
    with caplog.at_level(logging.WARNING):
        found = checks(make_batch(at(0), [ad("1"), ad("2")]))
    assert set(found) == NAMES
    assert all(each.passed for each in found.values())
    assert {each.at for each in found.values()} == {at(0, seconds=80)}
    assert caplog.messages == []


def test_every_batch_has_its_own(make_batch, at, ad, load, query):
    for minutes in (0, 10, 20):
        load(make_batch(at(minutes), [ad("1")]))
    assert query("SELECT count(*), count(DISTINCT batch_id) FROM ops_data_quality") == [(30, 3)]


def test_a_batch_without_a_market_is_measured_too(make_batch, at, checks):
    found = checks(make_batch(at(0), completeness=None, coverage=None))
    assert {name for name, each in found.items() if not each.passed} == {
        "completeness",
        "planned_markets",
    }


def test_a_failed_check_is_named_and_told_in_plain_words(make_batch, at, ad, load, caplog):
    with caplog.at_level(logging.WARNING):
        loaded = load(make_batch(at(0), [ad("1")], completeness=0.9))
    assert loaded.failed_checks == ("completeness",)
    (message,) = caplog.messages
    assert message == (
        "Batch of 2026-06-05 12:00:00 UTC fails the check completeness: 90.00% of the ads that the "
        "planned markets report were read, 99.50% must be; 0 markets are short, 0 were not asked"
    )


def test_limits_are_the_settings(thresholds):
    assert thresholds == Thresholds(completeness=0.995, price_anomaly=0.2, volume_drop=0.5)
