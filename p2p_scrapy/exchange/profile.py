"""An advertiser's page: their statistics, and their ads with what a search hides."""

from collections.abc import Sequence
from typing import Any

from p2p_scrapy.exchange.ad import Ad
from p2p_scrapy.exchange.advertiser import Advertiser
from p2p_scrapy.exchange.entry import adv_fields

_FEE = "0.00105000"
_FLOATING_ONE_IN = 3


def profile(ads: Sequence[Ad]) -> dict[str, Any]:
    """``data`` of user/profile-and-ads-list (keys as recorded 2026-02-04)."""
    return {
        "userDetailVo": _detail(ads[0].advertiser),
        "sellList": [_full(ad) for ad in ads if ad.market.side == "SELL"],
        "buyList": [_full(ad) for ad in ads if ad.market.side == "BUY"],
    }


def _full(ad: Ad) -> dict[str, Any]:
    """An ``adv`` with the fields that are null in a search."""
    floats = ad.serial % _FLOATING_ONE_IN == 0
    hidden = {
        "advStatus": 1,
        "priceType": 2 if floats else 1,
        "priceFloatingRatio": "101.00000000" if floats else "100.00000000",
        "rateFloatingRatio": "0.00000000",
        "initAmount": f"{ad.stock.surplus:.8f}",
        "amountAfterEditing": f"{ad.stock.surplus:.8f}",
        "buyerKycLimit": 1,
        "buyerRegDaysLimit": -1,
        "buyerBtcPositionLimit": "-1.00000000",
        "remarks": "Only from an account in your own name.",
        "autoReplyMsg": "Welcome! Please pay within the time shown.",
        "createTime": ad.created_ms,
        "advUpdateTime": ad.created_ms,
        "inventoryType": 0,
        "commissionRate": _FEE,
        "tradeMethodCommissionRates": _commissions(ad),
        "closeReason": "",
        "allowTradeMerchant": 1,
        "adTradeInstructionTagInfoRets": [],
    }
    return adv_fields(ad) | hidden


def _commissions(ad: Ad) -> list[dict[str, str]]:
    return [
        {
            "tradeMethodIdentifier": method.identifier,
            "tradeMethodName": method.name,
            "commissionRate": f"{_FEE}0000000000",
        }
        for method in ad.methods
    ]


def _detail(advertiser: Advertiser) -> dict[str, Any]:
    shown = advertiser.fields()
    same = (
        "userNo nickName userGrade monthOrderCount monthFinishRate userIdentity proMerchant badges "
        "vipLevel activeTimeInSecond"
    )
    return {
        **{key: shown[key] for key in same.split()},
        "orderCount": advertiser.month_orders * 20,
        "advConfirmTime": 180,
        "emailVerified": True,
        "bindMobile": True,
        "kycVerified": True,
        "kycStatus": "PASS",
        "takerLevel": 0,
        "avatar": None,
        "userStatsRet": _statistics(advertiser),
    }


def _statistics(advertiser: Advertiser) -> dict[str, Any]:
    return {
        "registerDays": 900,
        "firstOrderDays": 880,
        "avgReleaseTimeOfLatest30day": 60.0,
        "avgPayTimeOfLatest30day": 240.0,
        "finishRateLatest30day": advertiser.finish_rate,
        "completedOrderNumOfLatest30day": advertiser.month_orders,
        "completedOrderNum": advertiser.month_orders * 20,
        "counterpartyCount": advertiser.month_orders * 12,
    }
