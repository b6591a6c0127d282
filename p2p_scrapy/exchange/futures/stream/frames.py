"""How the exchange writes things down: frames of 2026, all keys included."""

import msgspec

from p2p_scrapy.exchange.futures.stream.contract import Change, Level, Trade

_encode = msgspec.json.Encoder().encode


def in_envelope(stream: str, data: object) -> str:
    """A frame of the combined mode."""
    return f'{{"stream":"{stream}","data":{_encode(data).decode()}}}'


def shutdown(told_ms: int) -> str:
    """The announcement that a connection is about to be ended, which has no stream."""
    return _encode({"e": "serverShutdown", "E": told_ms}).decode()


def agg_trade(symbol: str, trade: Trade, pushed_ms: int) -> dict[str, object]:
    """The data of an aggTrade frame."""
    return {
        "e": "aggTrade",
        "E": pushed_ms,
        "a": trade.number,
        "s": symbol,
        "p": trade.price,
        "q": trade.quantity,
        "nq": trade.quantity,
        "f": trade.first,
        "l": trade.last,
        "T": trade.time,
        "m": trade.is_maker,
        "st": 1,
    }


def depth_update(
    symbol: str, change: Change, pushed_ms: int, bids: list[Level], asks: list[Level]
) -> dict[str, object]:
    """The data of a diff or of a partial book: the two have the same keys."""
    return {
        "e": "depthUpdate",
        "E": pushed_ms,
        "T": change.time,
        "s": symbol,
        "ps": symbol,
        "U": change.first,
        "u": change.last,
        "pu": change.previous,
        "b": bids,
        "a": asks,
        "st": 1,
    }


def trades_answer(trades: list[Trade]) -> bytes:
    """The body of ``/fapi/v1/aggTrades``: no event time, and no symbol."""
    return _encode(
        [
            {
                "a": trade.number,
                "p": trade.price,
                "q": trade.quantity,
                "nq": trade.quantity,
                "f": trade.first,
                "l": trade.last,
                "T": trade.time,
                "m": trade.is_maker,
            }
            for trade in trades
        ]
    )


def depth_answer(update: int, now_ms: int, bids: list[Level], asks: list[Level]) -> bytes:
    """The body of ``/fapi/v1/depth``."""
    return _encode({"lastUpdateId": update, "E": now_ms, "T": now_ms, "bids": bids, "asks": asks})


def refusal(code: int, message: str) -> bytes:
    """The body of a 400."""
    return _encode({"code": code, "msg": message})
