"""The books between two batches: what stands in each slot, and who the advertisers are."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.month.seed import Flags, Real, Seed, Whole
from p2p_scrapy.lake.atomic import atomic
from p2p_scrapy.warehouse.staging.compute import pc

Texts = npt.NDArray[np.str_]


@dataclass
class Advertisers:
    """All there ever were; ``face`` is the slot of the seed whose badges and grade are theirs."""

    number: Texts
    nickname: Texts
    face: Whole
    is_merchant: Flags
    orders: Whole
    finished: Real
    positive: Real

    @classmethod
    def of_seed(cls, seed: Seed) -> tuple["Advertisers", Whole]:
        """The seed's, and which of them each slot's ad belongs to."""
        numbers, faces, whose = np.unique(
            seed.column("advertiser_no").astype("U34"), return_index=True, return_inverse=True
        )
        return cls(
            number=numbers,
            nickname=seed.column("advertiser_name")[faces].astype("U40"),
            face=faces,
            is_merchant=seed.column("is_merchant")[faces].astype(bool),
            orders=seed.column("month_order_count")[faces].astype(np.int64),
            finished=seed.column("month_finish_rate")[faces],
            positive=seed.column("positive_rate")[faces],
        ), whose


@dataclass
class Ads:
    """What stands in each slot; ``template`` is the slot of the seed that the rest is taken from.

    ``created`` are microseconds since 1970; ``owner`` is who places the next ad of a slot.
    """

    number: Texts
    created: Whole
    template: Whole
    advertiser: Whole
    owner: Whole
    price: Real
    surplus: Real
    tradable: Real
    min_amount: Real
    max_amount: Real


@dataclass
class World:
    """``index`` is the batch that it looks like, from 0."""

    index: int
    ads: Ads
    advertisers: Advertisers

    @classmethod
    def of_seed(cls, seed: Seed) -> "World":
        """The seed as it is: batch 0."""
        advertisers, whose = Advertisers.of_seed(seed)
        names = ("price", "surplus_amount", "tradable_quantity", "min_amount", "max_amount")
        ads = Ads(
            seed.column("adv_no").astype("U20"),
            pc.cast(seed.ads["ad_created_at"], "int64").to_numpy().copy(),
            np.arange(len(whose)),
            whose,
            whose.copy(),
            *(seed.column(name).copy() for name in names),
        )
        return cls(0, ads, advertisers)

    @classmethod
    def read(cls, path: Path) -> "World":
        """What was saved."""
        with np.load(path) as saved:
            parts: tuple[dict[str, npt.NDArray[np.generic]], ...] = ({}, {})
            for name in saved.files:
                if name != "index":
                    kind, _, column = name.partition(".")
                    parts[kind == "advertisers"][column] = saved[name]
            ads, advertisers = parts
            return cls(int(saved["index"]), Ads(**ads), Advertisers(**advertisers))  # type: ignore[arg-type]

    def save(self, path: Path) -> None:
        """Keep it: whole, or what was there before."""
        parts = {"ads": self.ads, "advertisers": self.advertisers}
        arrays = {f"{kind}.{n}": a for kind, part in parts.items() for n, a in vars(part).items()}
        with atomic(path) as temporary, temporary.open("wb") as file:
            np.savez(file, index=self.index, **arrays)
