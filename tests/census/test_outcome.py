"""What a batch came to, where that hangs on when it was stopped."""

from datetime import timedelta

import pytest

from items import Market, Side, Status
from p2p_scrapy.census.outcome import _is_cut_short, _status
from p2p_scrapy.census.plan import Planner
from p2p_scrapy.census.ratios import coverage_of


@pytest.mark.parametrize(("seconds", "is_cut_short"), [(3.5, True), (450.0, False)])
def test_what_a_window_puts_off_is_missing_only_where_it_was_not_over(
    open_batch, new_sweep, clock, seconds, is_cut_short
):
    batch = open_batch(WINDOW_SECONDS=450)
    planner = Planner(batch, lambda market: new_sweep(market=market))
    planner.plan([Market(f"A{number}", "VES", Side.SELL) for number in range(9)])
    assert not _is_cut_short(batch)
    clock.seconds = seconds
    batch.dispatcher.drain("SIGTERM")
    assert _is_cut_short(batch) == is_cut_short


def test_a_market_that_was_read_an_interval_ago_is_not_fresh_any_more(
    open_batch, new_sweep, page, ad, take, epoch
):
    batch = open_batch(INTERVAL_SECONDS=600)
    rows = []
    for at, fiat, ads in ((50, "VES", ["a", "b", "c"]), (200, "BOB", ["d"])):
        sweep = new_sweep(market=Market("USDT", fiat, Side.SELL))
        take(sweep, page([ad(each) for each in ads], total=len(ads), at=at))
        sweep.outstanding, sweep.passed, sweep.kept = 0, len(ads), len(ads)
        rows.append(sweep.close("batch-1"))
    assert coverage_of(batch, rows, epoch + timedelta(seconds=600)) == 1.0
    assert coverage_of(batch, rows, epoch + timedelta(seconds=700)) == 0.25


def test_a_batch_that_a_signal_ends_before_it_has_read_anything_has_not_failed(open_batch):
    batch = open_batch()
    assert _status(batch, [], None) is Status.FAILED
    batch.is_told_to_end = True
    assert _status(batch, [], None) is Status.PARTIAL
    batch.errors["timeout"] += 1
    assert _status(batch, [], None) is Status.FAILED
