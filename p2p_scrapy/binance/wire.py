"""The shape of a search answer's entries, as far as columns need it.

Every key is optional and of any type, so that a change at the exchange costs a value and never an
ad; p2p_scrapy.binance.reading looks at each value's type. Keys: API page, section 3.
"""

from typing import Any

import msgspec
from msgspec import UNSET


class WireAd(msgspec.Struct, rename="camel"):
    """``data[].adv``: 20 of its 81 keys of 2026."""

    adv_no: Any = UNSET
    classify: Any = UNSET
    trade_type: Any = UNSET
    asset: Any = UNSET
    fiat_unit: Any = UNSET
    price_type: Any = UNSET
    price: Any = UNSET
    surplus_amount: Any = UNSET
    tradable_quantity: Any = UNSET
    max_single_trans_amount: Any = UNSET
    min_single_trans_amount: Any = UNSET
    pay_time_limit: Any = UNSET
    trade_methods: Any = UNSET
    create_time: Any = UNSET
    taker_additional_kyc_required: Any = UNSET
    dynamic_max_single_trans_amount: Any = UNSET
    min_single_trans_quantity: Any = UNSET
    max_single_trans_quantity: Any = UNSET
    dynamic_max_single_trans_quantity: Any = UNSET
    commission_rate: Any = UNSET


class WireAdvertiser(msgspec.Struct, rename="camel"):
    """``data[].advertiser``: 11 of its 25 keys of 2026, and one that older code speaks of."""

    user_no: Any = UNSET
    nick_name: Any = UNSET
    user_type: Any = UNSET
    month_order_count: Any = UNSET
    month_finish_rate: Any = UNSET
    positive_rate: Any = UNSET
    user_grade: Any = UNSET
    user_identity: Any = UNSET
    badges: Any = UNSET
    vip_level: Any = UNSET
    active_time_in_second: Any = UNSET
    user_positive_rate: Any = None
    """In no recording, so that its absence is no change."""


class WireEntry(msgspec.Struct, rename="camel"):
    """``data[]``: an ad, who placed it, and whether it was paid to stand in front.

    Without ``adv`` there is no ad; without ``advertiser`` there is one of somebody unknown.
    """

    adv: WireAd
    advertiser: WireAdvertiser | None = None
    privilege_type: Any = None
    """Absent in 2022."""


NOBODY = WireAdvertiser(**dict.fromkeys(WireAdvertiser.__struct_fields__))
"""One of whom nothing is told: every key is null, so that none is missing."""

decode_entries = msgspec.json.Decoder(list[msgspec.Raw]).decode
decode_entry = msgspec.json.Decoder(WireEntry).decode
