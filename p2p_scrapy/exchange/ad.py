"""An ad in a book."""

from dataclasses import dataclass, field
from decimal import Decimal

from p2p_scrapy.exchange.advertiser import Advertiser
from p2p_scrapy.exchange.market import Market
from p2p_scrapy.exchange.stock import Stock, round_down
from p2p_scrapy.exchange.trade_methods import TradeMethod


@dataclass(slots=True, eq=False)
class Ad:
    """An ad in a book; its price and stock change while it stands there.

    Attributes:
        number: ``advNo``.
        serial: order of creation, which decides between equal prices.
        price: FIAT for one unit of the asset.
        pay_minutes: time to pay.
        wants_kyc: asks the taker for another proof of identity.
        has_voucher: carries a discount, as very few do. Likewise is_labelled, for a tag.
        unnamed_method: place of a payment method whose name is null; None for no such.
        rendered: its entry as JSON, once made; emptied by every change.
    """

    number: str
    serial: int
    created_ms: int
    market: Market
    advertiser: Advertiser
    price: Decimal
    stock: Stock
    methods: tuple[TradeMethod, ...]
    pay_minutes: int
    wants_kyc: bool
    has_voucher: bool
    is_labelled: bool
    unnamed_method: int | None
    rendered: bytes = field(default=b"", repr=False)

    @property
    def classify(self) -> str:
        """Merchants' ads are ``profession``, others ``mass``: without exception in 2026."""
        return "profession" if self.advertiser.is_merchant else "mass"

    @property
    def taker_cost(self) -> Decimal:
        """The price, turned so that less is better for the taker, whatever the side."""
        return self.price if self.market.side == "SELL" else -self.price

    @property
    def rank(self) -> tuple[Decimal, int]:
        """What the book is ordered by."""
        return self.taker_cost, self.serial

    @property
    def dynamic_most(self) -> int:
        """The largest amount that the stock allows now: min(most, tradable * price), floored."""
        return min(self.stock.most, int(self.stock.tradable * self.price))

    def quantity(self, amount: int) -> Decimal:
        """How much crypto this amount of FIAT is, cut to the asset's decimals."""
        return round_down(amount / self.price, self.market.coin.scale)
