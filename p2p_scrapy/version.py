"""Which version of the project runs, and from where: several eggs may lie on a scrapyd."""

from importlib import metadata, util
from pathlib import Path

NAME = "p2p-scrapy"
UNVERSIONED = "of no version"


def place() -> Path:
    """Where the running code lies: an egg, an environment's packages, or the working tree."""
    spec = util.find_spec("p2p_scrapy")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("p2p_scrapy is no package")
    return Path(spec.submodule_search_locations[0]).parent


def version() -> str:
    """The version of the code that runs; a working tree has none.

    Looked for beside the code alone: an egg on the path is not what runs where a working tree
    before it shadows it. And by what it says of itself: scrapyd names an egg's file anew.
    """
    found = metadata.distributions(path=[str(place())])
    return next((each.version for each in found if each.name == NAME), UNVERSIONED)


def version_line() -> str:
    """What a log says of it; ``make deploy`` looks for it."""
    return f"p2p_scrapy {version()} from {place()}"
