"""PostgreSQL stores no zero byte in a text; what the exchange sends may hold one."""

from typing import Any

ZERO, IN_ITS_PLACE = "\x00", "\ufffd"


def without_zeros(value: Any) -> Any:
    """What JSON can hold, with every zero byte in a text or a key replaced."""
    if isinstance(value, str):
        return value.replace(ZERO, IN_ITS_PLACE)
    if isinstance(value, list):
        return [without_zeros(each) for each in value]
    if isinstance(value, dict):
        return {without_zeros(key): without_zeros(each) for key, each in value.items()}
    return value
