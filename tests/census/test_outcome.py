"""What a batch came to, where that hangs on when it was stopped."""

import pytest

from items import Market, Side
from p2p_scrapy.census.outcome import _is_cut_short
from p2p_scrapy.census.plan import Planner


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
