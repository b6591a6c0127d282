"""What a person sees at the end of a backfill."""

import pytest

from p2p_scrapy.warehouse.outcome import Outcome
from p2p_scrapy.watch.loading import LoadingReport

NOTHING = "Nothing to load: the warehouse has what the lake has of these days.\n"


@pytest.fixture
def printed(capsys):
    def of(**sentences):
        LoadingReport().print(Outcome(**sentences))
        return capsys.readouterr()

    return of


def test_a_warehouse_that_has_it_all(printed):
    assert printed() == (NOTHING, "")


@pytest.mark.parametrize("kind", ["damaged", "left"])
def test_a_warehouse_that_lacks_something(printed, kind):
    assert printed(**{kind: ["2 batches are not loaded"]}) == (
        "",
        "scrapy backfill: 2 batches are not loaded\n",
    )
