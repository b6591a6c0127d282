"""The shape of what Binance sends, as far as columns need it; unknown keys are passed over.

Keys: futures API page, sections 2 and 3. The lists of levels stay text until a whole batch of them
becomes columns (p2p_scrapy.futures.frames.levels).
"""

import msgspec


class Envelope(msgspec.Struct, gc=False):
    """A combined-mode frame; answers to requests and announcements have no stream."""

    data: msgspec.Raw = msgspec.Raw()
    stream: str = ""


class RestTrade(msgspec.Struct, gc=False, kw_only=True):
    """An entry of an answer of ``/fapi/v1/aggTrades``; ``nq`` is absent before 2025-12-31."""

    a: int
    p: str
    q: str
    f: int
    l: int  # noqa: E741
    T: int
    m: bool
    nq: str | None = None


class WireTrade(RestTrade, gc=False, kw_only=True):
    """``aggTrade``, which a stream tells with its symbol and the time of sending."""

    s: str
    E: int


class WireDepth(msgspec.Struct, gc=False):
    """``depthUpdate``: a partial book or a change of the book, which its stream's name tells."""

    E: int
    T: int
    s: str
    U: int
    u: int
    pu: int
    b: msgspec.Raw
    a: msgspec.Raw


class WireSnapshot(msgspec.Struct, rename={"last_update_id": "lastUpdateId"}):
    """The answer of ``/fapi/v1/depth``, which does not say the symbol."""

    last_update_id: int
    T: int
    bids: msgspec.Raw
    asks: msgspec.Raw


decode_envelope = msgspec.json.Decoder(Envelope).decode
decode_trade = msgspec.json.Decoder(WireTrade).decode
decode_depth = msgspec.json.Decoder(WireDepth).decode
decode_trades = msgspec.json.Decoder(list[RestTrade]).decode
decode_snapshot = msgspec.json.Decoder(WireSnapshot).decode
