"""Sets of payment methods: few, and shared by thousands of ads."""

from dataclasses import dataclass

import pyarrow as pa

from p2p_scrapy.warehouse.staging.columns import NULL, SEPARATOR, joined, lists_of
from p2p_scrapy.warehouse.staging.compute import Values, pc


@dataclass(frozen=True)
class MethodSets:
    """The different listings of a batch, and each ad's place among them.

    A listing is the codes of an ad's methods, joined, as the exchange lists them; a method's code
    is its identifier, or its payType where that is null. ``codes`` and ``names`` have an element
    for each method of each ad.
    """

    listings: Values
    of_ad: Values
    codes: Values
    names: Values

    def name_of(self, code: str) -> str | None:
        """What the exchange calls a method of these ads, if it said."""
        is_told = pc.and_(pc.equal(self.codes, code), pc.is_valid(self.names))
        at = pc.index(is_told, value=True).as_py()
        name: str | None = None if at < 0 else self.names[at].as_py()
        return name


def method_sets(ads: pa.Table) -> MethodSets:
    """Gather the sets of all ads."""
    identifiers, pay_types, names = (
        lists_of(ads[column])
        for column in ("payment_method_ids", "payment_methods", "payment_method_names")
    )
    codes = identifiers.values
    if len(pay_types.values) == len(codes):  # a list each, of the same methods
        codes = pc.coalesce(codes, pay_types.values)
    sets = pa.ListArray.from_arrays(identifiers.offsets, codes, mask=pc.is_null(identifiers))
    listings = pc.dictionary_encode(pc.fill_null(joined(sets), ""))
    told = names.values if len(names.values) == len(codes) else pa.nulls(len(codes), pa.string())
    return MethodSets(listings.dictionary, listings.indices, codes, told)


def codes_of(listing: str) -> list[str]:
    """The codes of a listing; a method without one is left out."""
    return [code for code in listing.split(SEPARATOR) if code not in ("", NULL)]
