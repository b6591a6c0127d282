"""Figures as people write them."""

from decimal import Decimal

from p2p_scrapy.census.prices import exact


def price(value: float | Decimal | None) -> str:
    """A price with all its decimals, two at least; a dash where there is none."""
    if value is None:
        return "-"
    written = exact(value) if isinstance(value, float) else value
    places = max(2, -int(written.as_tuple().exponent))
    return f"{written:.{places}f}"


def count(value: int) -> str:
    """A number with thousands apart."""
    return f"{value:,}"


def duration(seconds: float) -> str:
    """``3.2 s``, ``4 min 05 s`` or ``1 h 02 min``."""
    if round(seconds, 1) < 60:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
