"""What the exchange trades, from its two discovery answers (API page, section 5)."""

from typing import Any

import msgspec

from items import Market, Side
from p2p_scrapy.binance.answers import BrokenJsonError, Envelope

P2P_AREA = "P2P"
"""The area of the order book; its place in the list varies, so it is selected by name."""


class _Currency(msgspec.Struct, rename="camel"):
    currency_code: str


class _Asset(msgspec.Struct):
    asset: str


class _TradeSide(msgspec.Struct):
    side: Side
    assets: list[_Asset] = []


class _Area(msgspec.Struct, rename="camel"):
    area: str
    trade_sides: msgspec.Raw = msgspec.Raw(b"[]")
    """Undecoded, since only one area's are of account."""


class _Portal(msgspec.Struct):
    areas: list[_Area] = []


_currencies = msgspec.json.Decoder(list[_Currency])
_portal = msgspec.json.Decoder(_Portal)
_trade_sides = msgspec.json.Decoder(list[_TradeSide])


def fiats(envelope: Envelope) -> list[str]:
    """The currency codes of a fiat-list answer, in its order.

    Raises:
        BrokenJsonError: the answer has another shape.
    """
    listed: list[_Currency] = _decode(_currencies, envelope.data, "fiat-list")
    return list(dict.fromkeys(currency.currency_code for currency in listed))


def markets(envelope: Envelope, fiat: str) -> list[Market]:
    """The books of a fiat, from its portal/config answer; ``side`` there is the taker's.

    Raises:
        BrokenJsonError: the answer has another shape.
    """
    what = f"portal/config of {fiat}"
    portal: _Portal = _decode(_portal, envelope.data, what)
    listed = (
        Market(asset.asset, fiat, trade_side.side.opposite)
        for area in portal.areas
        if area.area == P2P_AREA
        for trade_side in _decode(_trade_sides, area.trade_sides, what)
        for asset in trade_side.assets
    )
    return list(dict.fromkeys(listed))


def _decode(decoder: msgspec.json.Decoder[Any], data: msgspec.Raw, what: str) -> Any:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenJsonError(f"the answer of {what} has another shape: {error}") from error
