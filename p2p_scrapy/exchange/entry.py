"""An ad as ``adv/search`` shows it: keys, order and nulls of the recordings of 2026-08."""

from typing import Any

import msgspec

from p2p_scrapy.exchange.ad import Ad

ADV_KEYS: tuple[str, ...] = tuple(
    """
    advNo classify tradeType asset fiatUnit advStatus priceType priceFloatingRatio
    rateFloatingRatio currencyRate price initAmount surplusAmount tradableQuantity
    amountAfterEditing maxSingleTransAmount minSingleTransAmount buyerKycLimit buyerRegDaysLimit
    buyerBtcPositionLimit remarks autoReplyMsg payTimeLimit tradeMethods userTradeCountFilterTime
    userBuyTradeCountMin userBuyTradeCountMax userSellTradeCountMin userSellTradeCountMax
    userAllTradeCountMin userAllTradeCountMax userTradeCompleteRateFilterTime
    userTradeCompleteCountMin userTradeCompleteRateMin userTradeVolumeFilterTime userTradeType
    userTradeVolumeMin userTradeVolumeMax userTradeVolumeAsset createTime advUpdateTime fiatVo
    assetVo advVisibleRet takerAdditionalKycRequired minFiatAmountForAdditionalKyc inventoryType
    offlineReason voucherTemplate assetLogo assetScale fiatScale priceScale fiatSymbol isTradable
    dynamicMaxSingleTransAmount minSingleTransQuantity maxSingleTransQuantity
    dynamicMaxSingleTransQuantity commissionRate takerCommissionRate minTakerFee
    tradeMethodCommissionRates launchCountry abnormalStatusList closeReason storeInformation
    allowTradeMerchant adTradeInstructionTagInfoRets isSafePayment adAdditionalKycVerifyItems
    isStarTraderAdditionalKycExclusion isStarTraderCounterpartyConditionsExclusion
    nonTradableRegions invisibleType invisibleTitle invisibleReason privilegeType
    advSystemLabelRet redirectLink redirectDeeplink
    """.split()  # noqa: SIM905  one word a line would hide the order
)
"""The 81 keys of ``adv``; those that _said leaves out are null."""

PROMOTED, FEATURED, LEADING = 8, 2, 1
"""Values of ``privilegeType``: two of extra rows in front, one of the best natural ad."""
_DESCRIPTIONS = {PROMOTED: "Promoted Ad", FEATURED: "Featured Ad"}
_VOUCHER = {"voucherDiscountType": "RATIO", "discountRatio": 0.0001}
_LABEL = {"app": "beginner-friendly", "web": "beginner-friendly"}


def render(ad: Ad) -> bytes:
    """The ad's entry as JSON, made once and kept until the ad changes (about 2.2 kB)."""
    if not ad.rendered:
        entry = {"adv": adv_fields(ad), "advertiser": ad.advertiser.fields(), **_privilege(None)}
        ad.rendered = msgspec.json.encode(entry)
    return ad.rendered


def render_privileged(ad: Ad, privilege: int) -> bytes:
    """The same entry with a privilege, which stands at its end."""
    ordinary, privileged = (
        msgspec.json.encode(_privilege(value))[1:] for value in (None, privilege)
    )
    return render(ad).removesuffix(ordinary) + privileged


def adv_fields(ad: Ad) -> dict[str, Any]:
    """The 81 keys of ``adv``, in order."""
    fields: dict[str, Any] = dict.fromkeys(ADV_KEYS)
    fields.update(_said(ad))
    fields.update(_amounts(ad))
    return fields


def _privilege(privilege: int | None) -> dict[str, Any]:
    description = _DESCRIPTIONS.get(privilege or 0)
    return {
        "privilegeDesc": description,
        "privilegeType": privilege,
        "privilegeTypeAdTotalCount": 1 if description else None,
    }


def _said(ad: Ad) -> dict[str, Any]:
    market = ad.market
    return {
        "advNo": ad.number,
        "classify": ad.classify,
        "tradeType": market.side,
        "asset": market.coin.code,
        "fiatUnit": market.currency.code,
        "price": format(ad.price, "f"),
        "payTimeLimit": ad.pay_minutes,
        "tradeMethods": [
            method.fields(named=place != ad.unnamed_method)
            for place, method in enumerate(ad.methods)
        ],
        "takerAdditionalKycRequired": int(ad.wants_kyc),
        "voucherTemplate": _VOUCHER if ad.has_voucher else None,
        "assetScale": market.coin.scale,
        "fiatScale": market.currency.scale,
        "priceScale": market.price_scale,
        "fiatSymbol": market.currency.symbol,
        "isTradable": True,
        "isSafePayment": False,
        "advSystemLabelRet": _LABEL if ad.is_labelled else None,
    }


def _amounts(ad: Ad) -> dict[str, str]:
    stock, most_quantity = ad.stock, ad.quantity(ad.stock.most)
    return {
        "surplusAmount": format(stock.surplus, "f"),
        "tradableQuantity": format(stock.tradable, "f"),
        "minSingleTransAmount": str(stock.least),
        "maxSingleTransAmount": str(stock.most),
        "dynamicMaxSingleTransAmount": str(ad.dynamic_most),
        "minSingleTransQuantity": format(ad.quantity(stock.least), "f"),
        "maxSingleTransQuantity": format(most_quantity, "f"),
        "dynamicMaxSingleTransQuantity": format(min(most_quantity, stock.tradable), "f"),
    }
