"""Books that churn: ads come, change, are promoted, go and come back."""

import random
from dataclasses import dataclass
from itertools import count
from typing import Any

from items import Market
from tests.warehouse.replay.simulated.chance import maybe, number
from tests.warehouse.replay.simulated.people import Person

METHODS = ("BANK", "Bancolombia", "PagoMóvil", "Zelle", "现金", "Wise", "SPEI", "PIX")


@dataclass
class Offer:
    """An ad in a book; ``values`` are its own columns."""

    number: str
    person: Person
    values: dict[str, Any]
    place: str = "natural"  # or "promoted", or "both"


class Books:
    """The ads of every market, with ``people`` behind them; all that happens comes from ``rng``."""

    def __init__(
        self, rng: random.Random, people: list[Person], markets: list[Market], most: int
    ) -> None:
        self.rng = rng
        self.people = people
        self.most = most
        self.numbers = count(11_000_000_000)
        self.offers: dict[Market, list[Offer]] = {market: [] for market in markets}
        self.sizes = {market: rng.choice((0, 3, 21, most // 2, most)) for market in markets}
        self.gone: list[tuple[Market, Offer]] = []

    def churn(self, market: Market) -> list[Offer]:
        book = self.offers[market]
        for offer in list(book):
            if self.rng.random() < 0.04:
                book.remove(offer)
                self.gone.append((market, offer))
            else:
                self._change(offer)
        self._return(market)
        if self.rng.random() < 0.03:
            self.sizes[market] = self.rng.choice((0, 5, 20, self.most))
        while len(book) < self.sizes[market] and self.rng.random() < 0.9:
            book.insert(self.rng.randint(0, len(book)), self._offer())
        if not self.sizes[market]:
            self.gone += [(market, offer) for offer in book]
            book.clear()
        if self.rng.random() < 0.3:
            self.rng.shuffle(book)
        return book

    def _change(self, offer: Offer) -> None:
        match self.rng.randrange(100):
            case 0 | 1 | 2 | 3 | 4 | 5:
                offer.values["price"] = number(self.rng, 58.0)
            case 6 | 7 | 8 | 9 | 10 | 11:
                offer.values["surplus_amount"] = maybe(self.rng, number(self.rng, 100.0))
            case 12 | 13 | 14:
                offer.values |= self._methods()
            case 15 | 16 | 17:
                offer.values |= self._terms()
            case 18 | 19 | 20:
                offer.place = self._place()

    def _return(self, market: Market) -> None:
        for where, offer in list(self.gone):
            if where == market and self.rng.random() < 0.15:
                self.gone.remove((where, offer))
                self.offers[market].append(offer)

    def _offer(self) -> Offer:
        values = {
            "price": number(self.rng, 58.0),
            "surplus_amount": maybe(self.rng, number(self.rng, 100.0)),
            "min_amount": maybe(self.rng, number(self.rng, 10.0)),
            "max_amount": maybe(self.rng, number(self.rng, 5000.0)),
            "tradable_quantity": maybe(self.rng, number(self.rng, 90.0)),
            **self._methods(),
            **self._terms(),
        }
        person = self.rng.choice(self.people)
        return Offer(str(next(self.numbers)), person, values, self._place())

    def _place(self) -> str:
        return self.rng.choices(("natural", "promoted", "both"), (90, 4, 6))[0]

    def _methods(self) -> dict[str, Any]:
        chance = self.rng.random()
        if chance < 0.03:
            return dict.fromkeys(("payment_methods", "payment_method_ids", "payment_method_names"))
        codes = [] if chance < 0.06 else self.rng.sample(METHODS, self.rng.randint(1, 4))
        identifiers = [maybe(self.rng, code) for code in codes]
        return {
            "payment_methods": codes,
            "payment_method_ids": identifiers,
            "payment_method_names": [maybe(self.rng, f"the {code}") for code in codes],
        }

    def _terms(self) -> dict[str, Any]:
        return {
            "price_type": self.rng.choice(("FIXED", "FLOATING", None)),
            "classify": self.rng.choice(("mass", "profession", None)),
            "pay_time_limit_minutes": self.rng.choice((15, 30, None)),
            "commission_rate": self.rng.choice((0.0, 0.0035, 1e-05, None)),
            "taker_kyc_required": self.rng.choice((True, False, None)),
        }
