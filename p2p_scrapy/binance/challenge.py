"""What a challenge is: an answer in place of JSON that a browser may be let past."""

_CHALLENGES = frozenset({202, 403, 405})
"""202 and 405 are what AWS WAF answers with a script to run, and with a CAPTCHA."""
_NO_CHALLENGES = frozenset({407, 418, 429, 451})
"""They mean what they say, whatever page comes with them; so does every 5xx."""


def is_challenge(status: int, body: bytes) -> bool:
    """Whether an answer wants a browser; a redirect leads to a page, never to what was asked."""
    if status in _NO_CHALLENGES or status >= 500:  # noqa: PLR2004
        return False
    return status in _CHALLENGES or 300 <= status < 400 or is_html(body)  # noqa: PLR2004


def is_html(body: bytes) -> bool:
    """Whether a body is a page; no JSON begins so."""
    return body.lstrip()[:1] == b"<"
