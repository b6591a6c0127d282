"""What can go wrong with a question to the futures' REST service."""

from p2p_scrapy.errors import P2PError


class RestError(P2PError):
    """No answer that can be used; asking again later may bring one."""


TOO_OLD = -4166
"""The exchange's code for trades that are older than 48 hours."""


class RefusedError(RestError):
    """The exchange will not answer this question, however often it is asked.

    ``code`` is its own, such as TOO_OLD; None: it gave none.
    """

    def __init__(self, message: str, code: int | None) -> None:
        super().__init__(message)
        self.code = code
