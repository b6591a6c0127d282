"""The faults there are, by name."""

REFUSALS: dict[str, str] = {
    "html403": "HTTP 403 with an HTML page",
    "captcha405": "HTTP 405 with an HTML page, as AWS WAF sends with a CAPTCHA",
    "redirect307": "HTTP 307 to the P2P page",
    "captcha": "HTTP 200 with an HTML page that wants a captcha solved",
    "teapot418": "HTTP 418, the exchange's word for a banned address",
    "country451": "HTTP 451, the caller's country is refused",
    "bad400": "HTTP 400",
    "missing404": "HTTP 404 as for a wrong path",
    "error500": "HTTP 500",
    "error502": "HTTP 502",
    "error503": "HTTP 503",
    "business-error": "HTTP 200 with success false, a code and a message",
    "null-data": "HTTP 200 with success true and data null",
}
"""Answers in place of the page."""

ALTERATIONS: dict[str, str] = {
    "missing-keys": "every ad lacks keys that a row can do without",
    "renamed-keys": "surplusAmount is called remainAmount, monthOrderCount recentOrderCount",
    "changed-types": "numbers become texts, texts numbers, lists texts",
    "unknown-keys": "envelope, ad and advertiser have additional keys",
    "wrong-side": "one ad of the page says the opposite side",
    "wrong-fiat": "an additional ad that belongs to another currency",
    "bad-ads": "some ads without a price, number or stock, with min over max, or no object at all",
    "duplicate-rows": "the last ad of the previous page again, in front, additional",
    "changing-total": "another total on every page but the first",
}
"""Changes of the page's content."""

DELIVERIES: dict[str, str] = {
    "timeout": "never answered",
    "slow": "answered only after --slow-seconds",
    "cut": "connection closed in the middle of the body",
    "close": "connection closed before any byte",
    "broken-json": "a body that ends early under a Content-Length that is right",
}
"""Ways in which the answer does not arrive, or not as it should."""

MOVING_ADS = "moving-ads"
DISCOVERY_DOWN = "discovery-down"

KINDS: dict[str, str] = {
    **REFUSALS,
    **ALTERATIONS,
    **DELIVERIES,
    MOVING_ADS: "ads change their price, thus their page, at every request",
    DISCOVERY_DOWN: "fiat-list and portal/config answer 503",
}
"""All of them; each with what a client sees."""
