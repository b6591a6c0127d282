"""The crypto assets of the exchange."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coin:
    """A crypto asset.

    Attributes:
        code: e.g. ``USDT``.
        name: the description that portal/config gives for the express area.
        scale: decimals of a quantity; 2 for stable coins, else 8 (recordings of 2022 to 2026).
        dollars: price of one in US dollars, roughly.
        busyness: how many ads its markets hold, relative to USDT.
    """

    code: str
    name: str
    scale: int
    dollars: float
    busyness: float


COINS: tuple[Coin, ...] = (
    Coin("USDT", "Tether", 2, 1.0, 1.0),
    Coin("BTC", "Bitcoin", 8, 112000.0, 0.09),
    Coin("ETH", "Ethereum", 8, 4100.0, 0.04),
    Coin("BNB", "BNB", 8, 1180.0, 0.03),
    Coin("USDC", "USD Coin", 2, 1.0, 0.06),
    Coin("FDUSD", "First Digital USD", 2, 0.998, 0.025),
    Coin("SOL", "Solana", 8, 205.0, 0.012),
    Coin("DOGE", "Dogecoin", 8, 0.24, 0.008),
)
"""USDT trades everywhere; BTC, ETH, BNB, USDC and FDUSD were seen; the last two are plausible."""
