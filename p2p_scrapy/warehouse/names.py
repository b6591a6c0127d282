"""What currencies are called and where they are at home, from CLDR."""

from babel import Locale
from babel.core import get_global

_ENGLISH = Locale("en")
_COMMON = {
    "BNB": "BNB",
    "BTC": "Bitcoin",
    "ETH": "Ethereum",
    "FDUSD": "First Digital USD",
    "USDC": "USD Coin",
    "USDT": "Tether",
}
"""CLDR knows no crypto assets; the exchange's discovery answers give only their codes."""

_REGIONS = {"EUR": "EU", "USD": "US", "GBP": "GB", "AUD": "AU", "NZD": "NZ", "CHF": "CH"}
"""Currencies of several countries: the one that issues them."""


def fiat_name(code: str) -> str | None:
    """The English name of a currency, or None where CLDR knows it not."""
    name: str | None = _ENGLISH.currencies.get(code)
    return name


def country_of(code: str) -> str | None:
    """The country (ISO 3166-1) whose own a currency is; None where it is several countries'."""
    territories = get_global("territory_currencies")
    at_home = [
        territory
        for territory, currencies in territories.items()
        if any(name == code and until is None and tender for name, _, until, tender in currencies)
    ]
    return _REGIONS.get(code) or _by_code(code, at_home)


def _by_code(code: str, territories: list[str]) -> str | None:
    """A currency's code begins with its country's (ISO 4217), where it is of one country."""
    if code[:2] in territories:
        return code[:2]
    return territories[0] if len(territories) == 1 else None


def crypto_name(symbol: str) -> str | None:
    """What an asset is commonly called, or None."""
    return _COMMON.get(symbol)
