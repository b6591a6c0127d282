"""From where on a check fails."""

from dataclasses import dataclass
from typing import Self

from p2p_scrapy.config import Config


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits that are settings; each is a share.

    ``completeness`` is what must at least be read, of ads and of markets, ``price_anomaly`` how
    far an ad may be from its market's usual price, ``volume_drop`` the drop from which on an
    asset's volume fails.
    """

    completeness: float
    price_anomaly: float
    volume_drop: float

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """As the settings say."""
        return cls(
            completeness=config.completeness_threshold,
            price_anomaly=config.price_anomaly_threshold,
            volume_drop=config.volume_drop_threshold,
        )
