"""Payment methods: which a currency has, and how an entry shows one."""

from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class TradeMethod:
    """A payment method.

    Attributes:
        identifier: what a search filters by.
        name: what a person sees.
        short_name: None for more than half of the methods (recordings of 2026).
        colour: of its mark, ``#RRGGBB``.
    """

    identifier: str
    name: str
    short_name: str | None
    colour: str

    def fields(self, *, named: bool = True) -> dict[str, Any]:
        """The 11 keys of ``tradeMethods[]``; a few recorded ones have no name."""
        return {
            "payId": None,
            "payMethodId": "",
            "payType": self.identifier,
            "payAccount": None,
            "payBank": None,
            "paySubBank": None,
            "identifier": self.identifier,
            "iconUrlColor": None,
            "tradeMethodName": self.name if named else None,
            "tradeMethodShortName": self.short_name,
            "tradeMethodBgColor": self.colour,
        }


_PATTERNS = (
    ("{}NationalBank", "National Bank ({})", "#1C4E9D"),
    ("{}CommercialBank", "Commercial Bank ({})", "#C0392B"),
    ("{}MobileMoney", "Mobile Money ({})", "#F39C12"),
    ("{}InstantPay", "Instant Pay ({})", "#16A085"),
    ("{}PostBank", "Poštová Banka ({})", "#F1C40F"),
    ("{}SavingsBank", "Savings Bank ({})", "#27AE60"),
    ("{}Wallet", "Wallet ({})", "#8E44AD"),
    ("{}PeoplesBank", "People's Bank ({})", "#2C3E50"),
    ("{}CashInPerson", "Cash in Person ({})", "#7F8C8D"),
    ("{}TopUp", "Mobile Top-up ({})", "#D35400"),
)
_EVERYWHERE = (
    TradeMethod("BANK", "Bank Transfer", "Bank Transfer", "#F0B90B"),
    TradeMethod("Wise", "Wise", "Wise", "#9FE870"),
    TradeMethod("SpecificBank", "Bank Transfer (Specific Bank)", None, "#F0B90B"),
)


@cache
def methods_of(fiat: str) -> tuple[TradeMethod, ...]:
    """The methods that a currency supports; the exchange knows no others for it."""
    own = tuple(
        TradeMethod(
            pattern.format(fiat.capitalize()),
            name.format(fiat),
            name.format(fiat) if place % 5 in {0, 3} else None,
            colour,
        )
        for place, (pattern, name, colour) in enumerate(_PATTERNS)
    )
    return _EVERYWHERE + own
