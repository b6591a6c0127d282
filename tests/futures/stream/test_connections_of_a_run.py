"""What becomes of connections that grow old, fall silent, or bring more than can be kept."""

import threading
from functools import partial

import pytest

from p2p_scrapy.clock import SystemClock
from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.exchange.futures.stream import source
from p2p_scrapy.exchange.futures.stream.options import StreamOptions
from p2p_scrapy.futures.stream import collector as collecting
from p2p_scrapy.futures.stream import feed, healer
from p2p_scrapy.futures.stream.events import Closed, Opened
from p2p_scrapy.futures.stream.inbox import Inbox
from p2p_scrapy.futures.stream.keeper import Keeper

LAPSE = 20


@pytest.fixture
def exchange_with():
    def exchange(**options):
        return running_exchange(
            ExchangeOptions(ads=0, markets=1, time_lapse=LAPSE, streams=StreamOptions(**options))
        )

    return exchange


def test_a_hand_over_loses_nothing_and_stores_nothing_twice(
    exchange_with, collect, stored, judge, monkeypatch
):
    monkeypatch.setattr(feed, "LIFETIME_SECONDS", 20.0)
    with exchange_with() as exchange:
        collect(exchange, lambda: exchange.futures_connections() >= 6, lapse=LAPSE)
        judge(exchange)
    rows = stored.rows("gaps")
    assert {gap["reason"] for gap in rows} == {"started", "handover"}
    assert all(gap["healed"] for gap in rows if gap["reason"] == "handover")


def test_a_stop_in_mid_hand_over_is_no_gap(exchange_with, collect, stored, judge, monkeypatch):
    """The new connection is closed first, so that nothing of it follows the old one's end."""
    monkeypatch.setattr(feed, "LIFETIME_SECONDS", 20.0)
    monkeypatch.setattr(feed, "OVERLAP_SECONDS", 1e6)
    events = []
    note = Inbox.event
    monkeypatch.setattr(
        Inbox, "event", lambda self, event: (events.append(event), note(self, event))
    )
    with exchange_with() as exchange:
        collect(exchange, lambda: exchange.futures_connections() >= 4, lapse=LAPSE)
        judge(exchange)
    assert {gap["reason"] for gap in stored.rows("gaps")} == {"started"}
    opened = [event for event in events if isinstance(event, Opened)]
    closed = [event.number for event in events if isinstance(event, Closed)]
    for line in {event.line for event in opened}:
        old, new = (event.number for event in opened if event.line == line)
        assert closed.index(new) < closed.index(old)


def test_a_connection_whose_end_is_announced_is_handed_over_before(
    exchange_with, collect, stored, judge
):
    with exchange_with(cut=60, notice=20) as exchange:
        collect(exchange, lambda: exchange.futures_connections() >= 6, lapse=LAPSE)
        judge(exchange)
    rows = stored.rows("gaps")
    assert {gap["reason"] for gap in rows} == {"started", "handover"}
    assert all(gap["healed"] for gap in rows if gap["reason"] == "handover")


def test_a_silent_route_is_connected_anew(exchange_with, collect, stored, judge):
    with exchange_with(silence=30) as exchange:
        collect(exchange, lambda: exchange.futures_connections() >= 6, lapse=LAPSE)
        judge(exchange)
    reasons = {gap["reason"] for gap in stored.rows("gaps")}
    assert reasons == {"started", "silence"}


def test_a_symbol_of_which_nothing_comes_is_named(exchange_with, collect, caplog, monkeypatch):
    monkeypatch.setattr(collecting, "SILENT_SECONDS", 10.0)
    with exchange_with() as exchange:
        collect(
            exchange,
            lambda: "Nothing has come of" in caplog.text,
            lapse=LAPSE,
            symbols=("BTCUSDT", "NOPEUSDT"),
        )
    assert "Nothing has come of NOPEUSDT in the first minute" in caplog.text


def test_trades_that_the_exchange_left_out_are_healed(exchange_with, collect, stored):
    with exchange_with(skip=0.05) as exchange:
        collect(exchange, lambda: exchange.futures_seconds() >= 30, lapse=LAPSE)
        made = exchange.futures_made()
        for dataset, truth in (
            ("trades", made["BTCUSDT"].trades),
            ("diffs", made["BTCUSDT"].updates),
        ):
            assert stored.unaccounted(dataset, "BTCUSDT", truth) == []
    missing = [gap for gap in stored.gaps("trades", "BTCUSDT") if gap["reason"] == "missing"]
    assert any(gap["healed"] for gap in missing)
    assert any(gap["reason"] == "missing" for gap in stored.gaps("diffs", "BTCUSDT"))


def test_of_a_gap_longer_than_the_exchange_tells_the_end_is_healed(
    exchange_with, collect, stored, judge, wait_until, monkeypatch
):
    monkeypatch.setattr(source, "KEPT_MS", 60_000)
    monkeypatch.setattr(healer, "KEPT_MS", 60_000)
    monkeypatch.setattr(healer, "MARGIN_MS", 30_000)

    def is_healed():
        return any(gap["healed"] for gap in stored.gaps("trades", "BTCUSDT"))

    clock = SystemClock(LAPSE)  # the exchange's begins now too, so that both tell one time
    with exchange_with() as exchange:
        collect(exchange, lambda: exchange.futures_seconds() >= 10, clock=clock)
        until = exchange.futures_seconds() + 100
        wait_until(lambda: exchange.futures_seconds() >= until)
        collect(exchange, is_healed, clock=clock, flush_seconds=1)
        judge(exchange)
    _, lost, found = sorted(stored.gaps("trades", "BTCUSDT"), key=lambda gap: gap["from_id"] or 0)
    assert (lost["reason"], lost["healed"]) == ("stopped", False)
    assert (found["reason"], found["healed"]) == ("stopped", True)
    assert lost["to_id"] + 1 == found["from_id"]


def test_what_a_slow_disk_leaves_no_room_for_is_a_gap(
    exchange_with, collect, stored, judge, monkeypatch
):
    inboxes = []
    disk_is_free = threading.Event()

    def small_inbox():
        inboxes.append(Inbox(20_000))
        return inboxes[-1]

    def slow(keep, self, events):
        if events:
            disk_is_free.wait()
        keep(self, events)

    monkeypatch.setattr(collecting, "Inbox", small_inbox)
    keep = Keeper.keep
    monkeypatch.setattr(Keeper, "keep", lambda self, events: slow(keep, self, events))
    with exchange_with() as exchange:

        def is_enough():
            if inboxes[0].dropped > 500:
                disk_is_free.set()
            return disk_is_free.is_set() and "dropped" in {g["reason"] for g in stored.rows("gaps")}

        collect(exchange, is_enough, lapse=LAPSE, flush_seconds=1)
        judge(exchange)
    assert inboxes[0].dropped > 500


def test_the_jsonl_sink_stores_the_same_records(exchange_with, collect, stored):
    with exchange_with() as exchange:
        enough = iter((60, 120))
        for _ in range(2):  # the second run appends to the files of the first
            seconds = next(enough)
            is_enough = partial(lambda until: exchange.futures_seconds() >= until, seconds)
            collect(exchange, is_enough, lapse=LAPSE, sink="jsonl", flush_seconds=20)
        made = exchange.futures_made()["BTCUSDT"]
        ids = stored.ids("trades", "BTCUSDT")
        assert len(ids) == len(set(ids))
        assert set(ids) <= set(made.trades)
    (path,) = stored.files("trades")
    assert path.name.startswith("trades_")
    row = stored.rows("trades")[0]
    assert set(row) >= {"symbol", "agg_trade_id", "price", "received_at"}
