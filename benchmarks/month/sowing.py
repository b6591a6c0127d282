"""The seed of a month: from a lake that is there, or read from the bundled exchange."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contenders import CENSUS, data_dir
from benchmarks.errand import Errand
from benchmarks.exchange import running_exchange
from benchmarks.month.seed import Seed
from benchmarks.process import measured

_LONGEST = 600.0


def sow(folder: Path, lake: Path | None, ads: int) -> None:
    """Put a seed into the folder, if there is none: of about so many ads, or a lake's newest batch.

    Raises:
        BenchmarkError: the exchange or the census does not run.
    """
    if Seed.is_saved(folder):
        return
    if lake:
        Seed.of_lake(lake).save(folder)
        return
    with (
        running_exchange("--ads", str(ads)) as exchange,
        TemporaryDirectory(prefix="p2p-month-") as place,
    ):
        errand = Errand(exchange.url, Path(place))
        log = errand.folder / "log.txt"
        measured(CENSUS.command(errand), CENSUS.surroundings(errand), log, _LONGEST)
        Seed.of_lake(data_dir(errand)).save(folder)
