"""Every key that search answers of 2022 to 2026 are known to carry (API page, section 3).

A key beyond these is new: harmless, but worth a line in the log, since it may be a renamed one.
"""

AD_KEYS = frozenset(
    """
    abnormalStatusList adAdditionalKycVerifyItems adTradeInstructionTagInfoRets advNo
    advStatus advSystemLabelRet advUpdateTime advVisibleRet allowTradeMerchant
    amountAfterEditing asset assetLogo assetScale assetVo autoReplyMsg buyerBtcPositionLimit
    buyerKycLimit buyerRegDaysLimit classify closeReason commissionRate createTime
    currencyRate dynamicMaxSingleTransAmount dynamicMaxSingleTransQuantity fiatScale
    fiatSymbol fiatUnit fiatVo initAmount inventoryType invisibleReason invisibleTitle
    invisibleType isSafePayment isStarTraderAdditionalKycExclusion
    isStarTraderCounterpartyConditionsExclusion isTradable launchCountry
    maxSingleTransAmount maxSingleTransQuantity minFiatAmountForAdditionalKyc
    minSingleTransAmount minSingleTransQuantity minTakerFee nonTradableRegions offlineReason
    payTimeLimit price priceFloatingRatio priceScale priceType privilegeType
    rateFloatingRatio redirectDeeplink redirectLink remarks storeInformation surplusAmount
    takerAdditionalKycRequired takerCommissionRate tradableQuantity
    tradeMethodCommissionRates tradeMethods tradeType userAllTradeCountMax
    userAllTradeCountMin userBuyTradeCountMax userBuyTradeCountMin userSellTradeCountMax
    userSellTradeCountMin userTradeCompleteCountMin userTradeCompleteRateFilterTime
    userTradeCompleteRateMin userTradeCountFilterTime userTradeType userTradeVolumeAsset
    userTradeVolumeFilterTime userTradeVolumeMax userTradeVolumeMin voucherTemplate
    """.split()
)
"""81 keys of ``data[].adv``."""

ADVERTISER_KEYS = frozenset(
    """
    activeTimeInSecond advConfirmTime badges email isBlocked margin marginUnit
    merchantGroupMember mobile monthFinishRate monthOrderCount nickName orderCount
    positiveRate proMerchant realName redirectDeeplink redirectLink registrationTime
    tagIconUrls userGrade userIdentity userNo userType vipLevel userPositiveRate
    """.split()
)
"""25 keys of ``data[].advertiser``, and one that older code speaks of."""

ENTRY_KEYS = frozenset(
    """
    adv advertiser privilegeDesc privilegeType privilegeTypeAdTotalCount
    """.split()
)
"""Keys of ``data[]`` itself."""
