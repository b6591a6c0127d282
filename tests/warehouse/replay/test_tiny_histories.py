"""Every short history that chance thinks of, one batch of it late, against the replay."""

import uuid
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from items import Market, Side
from p2p_scrapy.lake.paths import BatchPaths
from tests.warehouse.replay.content import BOOK, NEVER, TABLES, Reader
from tests.warehouse.replay.plain.replay import Replay
from tests.warehouse.replay.simulated.batch import Sweep, ad_row, ledger_row, write
from tests.warehouse.replay.simulated.histories import MIDNIGHT, TEN_MINUTES

MARKETS = (
    Market("USDT", "VES", Side.BUY),
    Market("USDT", "VES", Side.SELL),
    Market("BTC", "BOB", Side.SELL),
)
NUMBERS = ("1", "2", "10", "é")
OBSERVED = "SELECT extraction_timestamp, trade_type, offer_external_id, price FROM fact_offers"

ads = st.fixed_dictionaries(
    {
        "price": st.sampled_from((58.1, 58.2, 1e-9)),
        "surplus_amount": st.sampled_from((100.0, None)),
        "payment_method_ids": st.sampled_from((["A"], ["B", "A"], ["A", "B"], [], None)),
        "advertiser_no": st.sampled_from(("u1", "u2")),
        "advertiser_name": st.sampled_from(("Ana", "Zoë", None)),
        "month_order_count": st.sampled_from((1, 2, None)),
        "place": st.sampled_from(("natural", "natural", "promoted", "both")),
    }
)
refusals = st.sampled_from(("no_surplus", "min_above_max"))
sweeps = st.fixed_dictionaries(
    {
        "verdict": st.sampled_from(("complete", "complete", "partial", "failed")),
        "minute": st.integers(1, 3),
        "found": st.dictionaries(st.sampled_from(NUMBERS), st.one_of(ads, ads, refusals)),
    }
)
histories = st.lists(st.dictionaries(st.sampled_from(MARKETS), sweeps), min_size=3, max_size=8)
HOURS_24 = timedelta(hours=24)  # what stands longer is kept elsewhere
pauses = st.lists(
    st.sampled_from(
        (TEN_MINUTES, TEN_MINUTES, HOURS_24, HOURS_24 + TEN_MINUTES, timedelta(days=40))
    ),
    min_size=7,
    max_size=7,
)


@pytest.fixture(scope="module")
def warehouse(new_warehouse):
    return new_warehouse()


def empty(reader):
    """Take every row out of a warehouse, so that one serves all examples."""
    tables = reader.run(
        "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class"
        " WHERE relnamespace = 'warehouse'::regnamespace AND relkind IN ('r', 'p')"
        " AND relname NOT IN ('migration', 'retention')"
    )
    reader.run(f"TRUNCATE {tables[0][0]} RESTART IDENTITY CASCADE")


def written(data_dir, history, pauses):
    first = MIDNIGHT - 3 * TEN_MINUTES
    starts = (sum(pauses[:n], first) for n in range(len(history)))
    for started_at, batch in zip(starts, history, strict=True):
        batch_id = str(uuid.uuid5(uuid.NAMESPACE_OID, started_at.isoformat()))
        told = [_sweep(started_at, batch_id, market, batch[market]) for market in batch]
        ledger = [
            ledger_row(
                each.market,
                each.verdict,
                started_at=started_at,
                swept_at=each.pages[0][0],
                error="?",
            )
            for each in told
        ]
        write(BatchPaths(data_dir, started_at), batch_id, ledger, told)


def _sweep(started_at, batch_id, market, drawn):
    swept_at = started_at + timedelta(minutes=drawn["minute"])
    sweep = Sweep(market, drawn["verdict"], started_at, [(swept_at, [])])
    seen_at = swept_at - timedelta(seconds=MARKETS.index(market))
    for rank, (number, found) in enumerate(drawn["found"].items(), start=1):
        if isinstance(found, str):
            where = {"asset": market.asset, "fiat": market.fiat, "side": market.side.value}
            refused = {"reason": found, "adv_no": number, "page": 1, "observed_at": seen_at}
            sweep.refused.append({**where, **refused, "error": None, "entry": "{}"})
            continue
        columns = {name: value for name, value in found.items() if name != "place"}
        columns["payment_methods"] = columns["payment_method_names"] = found["payment_method_ids"]
        columns["rank"] = None if found["place"] == "promoted" else rank
        columns["is_promoted"] = found["place"] != "natural"
        sweep.rows.append(
            ad_row(
                market, started_at, batch_id=batch_id, observed_at=seen_at, adv_no=number, **columns
            )
        )
    return sweep


@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],  # a history is short, and takes half a second
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories, pauses=pauses, late=st.integers(0, 7))
def test_any_history_is_told_as_it_was(warehouse, loading_of, history, pauses, late):
    with TemporaryDirectory(prefix="p2p-") as folder, Reader(warehouse) as reader:
        data_dir = Path(folder)
        empty(reader)
        written(data_dir, history, pauses)
        replay = Replay(data_dir)
        manifests = sorted(data_dir.glob("raw/batches/*/*/*/*.json"))
        hidden = manifests[late % len(manifests)].with_suffix(".late")
        hidden.with_suffix(".json").rename(hidden)
        with loading_of(warehouse, data_dir) as loading:
            loading.catch_up()
            hidden.rename(hidden.with_suffix(".json"))
            assert loading.catch_up().damaged == []
        for moment in replay.moments():
            assert reader.ask(f"{BOOK} offers_as_of(%s)", moment) == sorted(
                replay.book_at(moment, moment), key=repr
            )
        observed = {(row[2], row[5], row[0], row[8]) for row in replay.observations()}
        assert {*reader.run(OBSERVED)} == observed
        assert [reader.run(TABLES[name]) for name in NEVER] == [[]] * len(NEVER)
