"""What happens to the advertisers from one batch to the next."""

import numpy as np

from benchmarks.month.seed import Whole
from benchmarks.month.world import Advertisers, World

TRADED = 0.05
"""Share of the advertisers whose statistics change a batch."""
RENAMED = 11 / 1354 / (25 * 144)
"""The chance that one takes another name or standing: 11 of 1,354 did in 25 days."""
NEWCOMERS = 0.01
"""Share of the new ads that are a newcomer's; somebody goes for each who comes."""


def change_advertisers(world: World, rng: np.random.Generator, new: Whole) -> None:
    """Statistics, names and standing; of the ads in the slots ``new`` some are newcomers'."""
    people = world.advertisers
    _trade(people, rng)
    count = len(people.face)
    for one in np.flatnonzero(rng.random(count) < RENAMED):
        if rng.random() < 0.5:  # noqa: PLR2004 - half
            people.nickname[one] = f"{people.nickname[one][:30]}-{rng.integers(1000)}"
        else:
            people.is_merchant[one] = not people.is_merchant[one]
    slots = new[rng.random(len(new)) < NEWCOMERS]
    like = world.ads.advertiser[slots]
    world.ads.advertiser[slots] = count + np.arange(len(slots))
    _join(people, like, [rng.bytes(16).hex() for _ in slots])
    for newcomer, gone in enumerate(like, count):
        world.ads.owner[world.ads.owner == gone] = newcomer


def _trade(people: Advertisers, rng: np.random.Generator) -> None:
    busy = np.flatnonzero(rng.random(len(people.face)) < TRADED)
    people.orders[busy] = np.maximum(people.orders[busy] + rng.integers(-3, 6, len(busy)), 0)
    finished = people.finished[busy] + rng.normal(0, 0.002, len(busy))
    people.finished[busy] = np.round(np.clip(finished, 0.5, 1), 3)
    positive = people.positive[busy] + rng.normal(0, 0.0005, len(busy))
    people.positive[busy] = np.round(np.clip(positive, 0.5, 1), 8)


def _join(people: Advertisers, like: Whole, numbers: list[str]) -> None:
    """Newcomers, who look like others but for number and name."""
    for name, column in vars(people).items():
        setattr(people, name, np.concatenate([column, column[like]]))
    for at, number in enumerate(numbers, len(people.face) - len(numbers)):
        people.number[at] = f"s{number}"
        people.nickname[at] = f"Newcomer-{number[:8]}"
