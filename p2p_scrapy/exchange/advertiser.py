"""Advertisers: who places ads, and how an entry shows one."""

from dataclasses import dataclass
from random import Random
from typing import Any

_SYLLABLES = ("ba", "cri", "dor", "el", "fin", "gua", "ho", "jin", "ka", "lum", "mar", "no", "tra")
_SUFFIXES = ("", "", "_P2P", "-Cambios", "Trade", "88", " Exchange", "✓", "_vip")
_IDLE_SHARE = 0.075
"""Advertisers without an order in 30 days."""
_BADGES = (["Ordinary"], ["Ordinary"], ["Ordinary", "Pro"], ["Block"], ["Block", "Shield"])


@dataclass(slots=True, eq=False)
class Advertiser:
    """A person or merchant who places ads.

    Attributes:
        user_no: ``s`` and 32 hex digits, stable.
        month_orders: orders in 30 days.
        finish_rate: share of them completed, 0 to 1, 0 without orders. Likewise positive_rate.
        badges: None for those who are no merchants. Likewise vip_level.
        active_seconds: since the last sign of life.
    """

    user_no: str
    nick_name: str
    is_merchant: bool
    month_orders: int
    finish_rate: float
    positive_rate: float
    badges: list[str] | None
    vip_level: int | None
    active_seconds: int

    @property
    def identity(self) -> str:
        """As in ``userIdentity``."""
        if not self.badges:
            return ""
        return "BLOCK_MERCHANT" if "Block" in self.badges else "MASS_MERCHANT"

    def fields(self) -> dict[str, Any]:
        """The 25 keys of ``advertiser``, in the order of the recordings of 2026."""
        return {
            "userNo": self.user_no,
            "realName": None,
            "nickName": self.nick_name,
            "margin": None,
            "marginUnit": None,
            "orderCount": None,
            "monthOrderCount": self.month_orders,
            "monthFinishRate": self.finish_rate,
            "positiveRate": self.positive_rate,
            "advConfirmTime": None,
            "email": None,
            "registrationTime": None,
            "mobile": None,
            "userType": "merchant" if self.is_merchant else "user",
            "tagIconUrls": [],
            "userGrade": 3 if self.is_merchant else 2,
            "userIdentity": self.identity,
            "proMerchant": self._pro_merchant(),
            "badges": self.badges,
            "vipLevel": self.vip_level,
            "isBlocked": False,
            "activeTimeInSecond": self.active_seconds,
            "merchantGroupMember": False,
            "redirectLink": None,
            "redirectDeeplink": None,
        }

    def _pro_merchant(self) -> dict[str, str] | None:
        if not self.badges or "Pro" not in self.badges:
            return None
        return {"merchantLogo": f"/image/{self.user_no}.png", "merchantDescription": ""}


def make_advertiser(rng: Random, *, is_merchant: bool) -> Advertiser:
    """Make one up; rates and counts are spread as in the recordings of 2026."""
    orders = (
        0 if rng.random() < _IDLE_SHARE else int(rng.lognormvariate(5.5 if is_merchant else 3.5, 1))
    )
    return Advertiser(
        user_no=f"s{rng.getrandbits(128):032x}",
        nick_name=_nick_name(rng),
        is_merchant=is_merchant,
        month_orders=orders,
        finish_rate=round(1 - min(0.4, rng.expovariate(60)), 3) if orders else 0.0,
        positive_rate=round(1 - min(0.4, rng.expovariate(70)), 8) if orders else 0.0,
        badges=rng.choices(_BADGES, (50, 42, 2, 5, 1))[0] if is_merchant else None,
        vip_level=rng.randint(1, 3) if is_merchant else None,
        active_seconds=min(376_464, int(rng.lognormvariate(4.4, 2.2))),
    )


def _nick_name(rng: Random) -> str:
    stem = "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4)))
    return stem.capitalize() + rng.choice(_SUFFIXES)
