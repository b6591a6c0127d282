"""Who lives in the world: each currency's advertisers, who have ads in several markets."""

from random import Random

from p2p_scrapy.exchange.advertiser import Advertiser, make_advertiser

_ADS_EACH = 3
_AT_HOME = 0.95
_MERCHANTS = 0.35
_MERCHANT_ADS = 0.51
"""Merchants are fewer than users, but have more ads: 486 of 948 recorded ones."""


class Population:
    """The advertisers of every currency."""

    def __init__(self, ads_by_fiat: dict[str, int], seed: int) -> None:
        self._merchants: dict[str, list[Advertiser]] = {}
        self._users: dict[str, list[Advertiser]] = {}
        for fiat, ads in ads_by_fiat.items():
            rng = Random(f"{seed}/advertisers/{fiat}")  # noqa: S311  nothing here is a secret
            merchants = 1 + int(ads / _ADS_EACH * _MERCHANTS)
            users = 1 + int(ads / _ADS_EACH * (1 - _MERCHANTS))
            self._merchants[fiat] = _make(merchants, rng, are_merchants=True)
            self._users[fiat] = _make(users, rng, are_merchants=False)
        self._fiats = list(ads_by_fiat)

    def draw(self, fiat: str, rng: Random) -> Advertiser:
        """Somebody for an ad in this currency, now and then from another one."""
        if rng.random() < _MERCHANT_ADS:
            return self.draw_merchant(fiat, rng)
        return _pick(self._users[self._home(fiat, rng)], rng)

    def draw_merchant(self, fiat: str, rng: Random) -> Advertiser:
        """A merchant; only they promote ads."""
        return _pick(self._merchants[self._home(fiat, rng)], rng)

    def _home(self, fiat: str, rng: Random) -> str:
        return fiat if rng.random() < _AT_HOME else rng.choice(self._fiats)


def _make(count: int, rng: Random, *, are_merchants: bool) -> list[Advertiser]:
    return [make_advertiser(rng, is_merchant=are_merchants) for _ in range(count)]


def _pick(advertisers: list[Advertiser], rng: Random) -> Advertiser:
    """The first ones have more ads than the later ones."""
    return advertisers[int(len(advertisers) * rng.random() ** 1.5)]
