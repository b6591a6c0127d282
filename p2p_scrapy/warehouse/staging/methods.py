"""Sets of payment methods: few, and shared by thousands of ads."""

from collections.abc import Iterable
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

    def names_of(self, codes: Iterable[str]) -> dict[str, str]:
        """What the exchange calls these methods, as far as it has another name than the code."""
        is_asked = pc.is_in(self.codes, value_set=pa.array(list(codes), pa.string()))
        is_told = pc.fill_null(pc.not_equal(self.codes, self.names), fill_value=False)
        both = pc.and_(is_asked, is_told)
        return dict(
            zip(*(each.filter(both).to_pylist() for each in (self.codes, self.names)), strict=True)
        )


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
