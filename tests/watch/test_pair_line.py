from items import Pair, Side
from p2p_scrapy.watch.pair_line import pair_line

PAIR = Pair("USDT", "VES")


def test_the_line_of_a_pair(started_at, book):
    methods = {"BANESCO": 9, "PAGO_MOVIL": 8, "ZELLE": 7, "ZINLI": 6, "PAYPAL": 5, "CASH": 1}
    sweeps = {
        Side.SELL: book(
            Side.SELL, 58.0, 68.5, 59.0, begun=1.2, ended=3.7, methods=methods, old_ads=2
        ),
        Side.BUY: book(Side.BUY, 54.2, 62.8, begun=0.5, ended=2.0, old_ads=1),
    }
    assert pair_line(started_at, PAIR, sweeps) == (
        "2026-06-05 13:30:00 UTC | USDT/VES | "
        "BUY=2 ads [54.20–62.80] SELL=3 ads [58.00–68.50] | "  # noqa: RUF001
        "spread= -4.80 | took 3.2s | "
        "methods=[BANESCO,PAGO_MOVIL,ZELLE,ZINLI,PAYPAL,...] | "
        "medians= 59.00/58.50 | older than 7 days= 3"
    )


def test_a_pair_of_one_side(started_at, book):
    line = pair_line(started_at, PAIR, {Side.SELL: book(Side.SELL, 58.0, kept=2)})
    assert " | SELL=2 ads [58.00–58.00] | spread= - | " in line  # noqa: RUF001
    assert line.endswith("methods=[] | medians= 58.00 | older than 7 days= 0")


def test_a_pair_of_empty_books(started_at, book):
    sweeps = {side: book(side) for side in Side}
    line = pair_line(started_at, PAIR, sweeps)
    assert " | BUY=0 ads [-] SELL=0 ads [-] | spread= - | took 1.0s | " in line
    assert "medians= -/-" in line


def test_a_side_that_was_never_answered_took_no_time(started_at, book):
    sweep = book(Side.SELL, looks={})
    assert " | took 0.0s | " in pair_line(started_at, PAIR, {Side.SELL: sweep})


def test_methods_are_those_of_both_sides(started_at, book):
    sweeps = {
        Side.BUY: book(Side.BUY, methods={"A": 2, "B": 3}),
        Side.SELL: book(Side.SELL, methods={"A": 2}),
    }
    assert "methods=[A,B]" in pair_line(started_at, PAIR, sweeps)
