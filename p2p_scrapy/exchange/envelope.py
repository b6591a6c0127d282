"""The envelope of every answer under ``/bapi/``."""

from collections.abc import Iterable

import msgspec

_HEAD = b'{"code":"000000","message":null,"messageDetail":null,"data":'
_SUCCESS = b'"success":true}'


def listing(entries: Iterable[bytes], total: int) -> bytes:
    """A page of rendered entries, as adv/search answers it."""
    return b"%s[%s],%s" % (_HEAD, b",".join(entries), b'"total":%d,%s' % (total, _SUCCESS))


def success(data: object) -> bytes:
    """Any other answer: it has no total."""
    return b"%s%s,%s" % (_HEAD, msgspec.json.encode(data), _SUCCESS)


class BusinessError(Exception):
    """What the service refuses with HTTP 200, a code and ``success: false``."""

    def __init__(self, code: str, message: str, detail: object = None) -> None:
        self.code = code
        self.message = message
        self.detail = detail
        super().__init__(f"{code} {message}")

    def body(self) -> bytes:
        """The answer: ``data`` is null (recorded 2022-08-23)."""
        return msgspec.json.encode(
            {
                "code": self.code,
                "message": self.message,
                "messageDetail": self.detail,
                "data": None,
                "success": False,
            }
        )


class IllegalParameterError(BusinessError):
    """A parameter is missing, of a wrong type or out of its range."""

    def __init__(self) -> None:
        super().__init__("000002", "illegal parameter")


class UnknownMethodError(BusinessError):
    """The payTypes name a method that the currency does not have."""

    def __init__(self) -> None:
        keys = ("title", "type", "icon", "action", "linkTitle", "linkUrl")
        message = "this payment method is unsupported on Binance P2P"
        super().__init__("083932", message, dict.fromkeys(keys))
