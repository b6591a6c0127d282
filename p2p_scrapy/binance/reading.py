"""From an answer's entries to ads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from items import VENUE, Ad, Market, Side, UnreadableAd, snapshot_id
from p2p_scrapy.binance.answers import BrokenJsonError, Envelope
from p2p_scrapy.binance.drift import Drift
from p2p_scrapy.binance.queries import PAGE_SIZE
from p2p_scrapy.binance.values import Values, created_at_of
from p2p_scrapy.binance.wire import NOBODY, WireAdvertiser, WireEntry, decode_entries, decode_entry

PROMOTED = frozenset({2, 8})
"""privilegeType of an extra row in front: "Featured Ad" and "Promoted Ad" (API page, section 4)."""

_PRICE_TYPES = {1: "FIXED", 2: "FLOATING"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of one market's book; ``total`` is the book's size that it reports."""

    market: Market
    number: int
    total: int | None
    observed_at: datetime
    entries: list[Ad | UnreadableAd]


class PageReader:
    """Makes pages of a batch's answers; ``started_at`` is the batch's start, UTC."""

    def __init__(self, batch_id: str, started_at: datetime, drift: Drift) -> None:
        self._batch_id = batch_id
        self._started_at = started_at
        self._date = f"{started_at:%Y-%m-%d}"
        self._snapshots = {side: snapshot_id(started_at, side) for side in Side}
        self._drift = drift
        self._values = Values(drift)

    def page(self, envelope: Envelope, market: Market, number: int, seen_at: datetime) -> Page:
        """Decode a search answer; a bad entry costs only itself.

        Raises:
            BrokenJsonError: the data is not a list.
        """
        try:
            raws = decode_entries(envelope.data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BrokenJsonError(f"the data of {market} page {number}: {error}") from error
        total = self._values.total(envelope.total, "total")
        page = Page(market, number, total, seen_at, [])
        rank = (number - 1) * PAGE_SIZE + 1
        for raw in raws:
            entry = self._entry(bytes(raw), page, rank)
            rank += _has_a_place(entry)
            page.entries.append(entry)
        self._look_for_unknown_keys(page)
        self._drift.tell()
        return page

    def _look_for_unknown_keys(self, page: Page) -> None:
        """One entry a page tells: the exchange's entries all have the same keys."""
        if page.entries and isinstance(page.entries[0], Ad):
            self._drift.look_for_unknown_keys(page.entries[0].raw)

    def _entry(self, raw: bytes, page: Page, rank: int) -> Ad | UnreadableAd:
        try:
            wire = decode_entry(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return UnreadableAd(page.market, page.number, page.observed_at, str(error), raw)
        privilege = self._values.whole(wire.privilege_type, "privilegeType")
        return self._ad(wire, page, privilege, None if privilege in PROMOTED else rank, raw)

    def _ad(  # one call, so that no column can be forgotten
        self, wire: WireEntry, page: Page, privilege: int | None, rank: int | None, raw: bytes
    ) -> Ad:
        adv, advertiser, values, market = wire.adv, self._who(wire), self._values, page.market
        text, decimal, whole = values.text, values.decimal, values.whole
        ad_no = text(adv.adv_no, "adv.advNo")
        user_type = text(advertiser.user_type, "advertiser.userType")
        methods = _Methods.of(adv.trade_methods, values)
        created_at = values.milliseconds(adv.create_time, "adv.createTime")
        source = "api"
        if created_at is None:
            created_at = created_at_of(ad_no, page.observed_at)
            source = "adv_no"
        return Ad(
            self._snapshots[market.side],
            self._started_at,
            self._date,
            text(adv.trade_type, "adv.tradeType"),
            ad_no,
            text(adv.asset, "adv.asset"),
            text(adv.fiat_unit, "adv.fiatUnit"),
            decimal(adv.price, "adv.price"),
            decimal(adv.surplus_amount, "adv.surplusAmount"),
            decimal(adv.min_single_trans_amount, "adv.minSingleTransAmount"),
            decimal(adv.max_single_trans_amount, "adv.maxSingleTransAmount"),
            decimal(adv.tradable_quantity, "adv.tradableQuantity"),
            text(advertiser.user_no, "advertiser.userNo"),
            text(advertiser.nick_name, "advertiser.nickName"),
            user_type,
            whole(advertiser.month_order_count, "advertiser.monthOrderCount"),
            decimal(advertiser.month_finish_rate, "advertiser.monthFinishRate"),
            decimal(advertiser.positive_rate, "advertiser.positiveRate"),
            decimal(advertiser.user_positive_rate, "advertiser.userPositiveRate"),
            methods.types,
            methods.ids,
            created_at,
            values.named(adv.price_type, _PRICE_TYPES, "adv.priceType"),
            self._batch_id,
            VENUE,
            page.observed_at,
            market.side.opposite.value,
            rank,
            page.number,
            rank is None,
            privilege,
            text(adv.classify, "adv.classify"),
            decimal(adv.min_single_trans_quantity, "adv.minSingleTransQuantity"),
            decimal(adv.max_single_trans_quantity, "adv.maxSingleTransQuantity"),
            decimal(adv.dynamic_max_single_trans_amount, "adv.dynamicMaxSingleTransAmount"),
            decimal(adv.dynamic_max_single_trans_quantity, "adv.dynamicMaxSingleTransQuantity"),
            whole(adv.pay_time_limit, "adv.payTimeLimit"),
            None if user_type is None else user_type == "merchant",
            whole(advertiser.user_grade, "advertiser.userGrade"),
            text(advertiser.user_identity, "advertiser.userIdentity"),
            values.texts(advertiser.badges, "advertiser.badges"),
            whole(advertiser.vip_level, "advertiser.vipLevel"),
            whole(advertiser.active_time_in_second, "advertiser.activeTimeInSecond"),
            methods.names,
            decimal(adv.commission_rate, "adv.commissionRate"),
            None if created_at is None else source,
            values.flag(adv.taker_additional_kyc_required, "adv.takerAdditionalKycRequired"),
            market,
            raw,
        )

    def _who(self, wire: WireEntry) -> WireAdvertiser:
        if wire.advertiser is None:
            self._drift.odd(UNSET, "advertiser")
        return wire.advertiser or NOBODY


def _has_a_place(entry: Ad | UnreadableAd) -> bool:
    """Whether an entry stands in the book that was asked for, so that the next one is after it."""
    if isinstance(entry, UnreadableAd):
        return True
    market = entry.market
    is_of_market = entry.fiat == market.fiat and entry.asset == market.asset
    return is_of_market and not entry.is_promoted


@dataclass(frozen=True, slots=True)
class _Methods:
    """An ad's payment methods in the exchange's order, as three lists of equal length."""

    types: list[str | None] | None = None
    ids: list[str | None] | None = None
    names: list[str | None] | None = None

    @classmethod
    def of(cls, value: Any, values: Values) -> "_Methods":
        records = values.records(value, "adv.tradeMethods")
        if records is None:
            return cls()
        ids = [_text_of(record, "identifier", values) for record in records]
        given = [_text_of(record, "payType", values) for record in records]
        types = [each if each is not None else ids[at] for at, each in enumerate(given)]
        return cls(types, ids, [_text_of(record, "tradeMethodName", values) for record in records])


def _text_of(record: dict[str, Any], key: str, values: Values) -> str | None:
    value = record.get(key, UNSET)
    if type(value) is str or value is None:
        return value
    return values.text(value, f"adv.tradeMethods[].{key}")
