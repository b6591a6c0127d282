"""How figures are written in the report."""

from datetime import datetime

_MILLIONS = 1_000_000_000
_NO_DECIMALS = 100_000
_TWO_DECIMALS = 1


def count(number: int, thing: str = "") -> str:
    """``1,234 files``; the plural is an s."""
    if not thing:
        return f"{number:,}"
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def price(value: float | None) -> str:
    """An amount in fiat, with as many decimals as its size needs; ``-`` for none."""
    if value is None:
        return "-"
    if abs(value) >= _MILLIONS:
        return f"{value / 1_000_000:,.1f}M"
    if abs(value) >= _NO_DECIMALS:
        return f"{value:,.0f}"
    if abs(value) >= _TWO_DECIMALS or value == 0:
        return f"{value:,.2f}"
    return f"{value:.4g}"


def span(low: int, high: int) -> str:
    """``1,200 to 1,300``, or the one number that both are."""
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def moment(at: datetime) -> str:
    """A time of day, UTC by convention."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def printable(text: str) -> str:
    """Text from a file, without what would act on a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
