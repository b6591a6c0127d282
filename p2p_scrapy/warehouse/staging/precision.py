"""Numbers that float64 cannot hold exactly: over 15 significant digits."""

from p2p_scrapy.warehouse.staging.compute import Values, pc

EXACT_DIGITS = 15


def too_long(texts: Values) -> int:
    """How many of these shortest texts have more digits than are sure to be the exchange's own."""
    mantissa = pc.replace_substring_regex(texts, r"e.*$|[-.]", "")
    digits = pc.utf8_rtrim(pc.utf8_ltrim(mantissa, "0"), "0")
    return int(pc.sum(pc.greater(pc.utf8_length(digits), EXACT_DIGITS)).as_py() or 0)
