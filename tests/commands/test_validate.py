"""``scrapy validate`` from its arguments to its exit code."""

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scrapy.settings import Settings

from items import AD_SCHEMA
from p2p_scrapy.commands.validate import Command

AT = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def snapshot(tmp_path):
    """Write a snapshot of one ask, some of its values changed."""

    def write(minute=30, **values):
        at = AT.replace(minute=minute)
        row = dict.fromkeys(AD_SCHEMA.names) | {
            "snapshot_id": f"{at:%Y%m%dT%H%M%SZ}_SELL",
            "fetched_at": at,
            "fetched_date": "2026-06-05",
            "trade_type": "SELL",
            "adv_no": "1",
            "asset": "USDT",
            "fiat": "VES",
            "price": 300.0,
            "surplus_amount": 5.0,
            "advertiser_no": "u1",
            "payment_methods": ["Crédito \N{SNOWMAN}"],
            "rank": 1,
        }
        table = pa.Table.from_pylist([row | values], schema=AD_SCHEMA)
        path = tmp_path / f"snapshot_{at:%Y%m%d_%H%M%S}.parquet"
        pq.write_table(table, path, write_page_checksum=True)
        return str(path)

    return write


@pytest.fixture
def validate(capsys):
    """Run the command in this process; what it printed, and its exit code."""

    def run(*argv):
        command = Command()
        command.settings = Settings()
        parser = argparse.ArgumentParser(prog="scrapy validate")
        command.add_options(parser)
        options, arguments = parser.parse_known_args([str(word) for word in argv])
        command.process_options(arguments, options)
        command.run(arguments, options)
        printed = capsys.readouterr()
        return command.exitcode, printed.out, printed.err

    return run


def test_a_good_file_ends_with_0(snapshot, validate):
    code, out, err = validate(snapshot())
    assert (code, err) == (0, "")
    assert "Everything checked is in order." in out


def test_a_failing_check_ends_with_1(snapshot, validate):
    code, out, _ = validate(snapshot(price=-1.0))
    assert code == 1
    assert "price is 0, negative or no number" in out


def test_a_warning_ends_with_0(snapshot, validate):
    code, out, _ = validate(snapshot(surplus_amount=0.0))
    assert code == 0
    assert "surplus_amount is 0" in out


def test_json_is_one_document(snapshot, validate):
    code, out, _ = validate("--json", snapshot(price=None))
    assert code == 1
    assert json.loads(out)["outcome"] == "failed"


def test_the_interval_can_be_given(snapshot, validate, tmp_path):
    for minute in (0, 10, 20):
        snapshot(minute)
    assert validate(tmp_path)[0] == 0
    code, out, _ = validate(tmp_path, "--interval", "300")
    assert code == 1
    assert "2.0 intervals of 300 s" in out


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "give a Parquet file or a folder"),
        (["missing.parquet"], "missing.parquet: No such file or directory"),
        (["--what", "."], "--what is no option"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_line(validate, argv, told):
    code, out, err = validate(*argv)
    assert (code, out) == (2, "")
    assert told in err
    assert err.startswith("scrapy validate: ")
    assert err.count("\n") == 1


def test_an_empty_folder_ends_with_2(validate, tmp_path):
    assert validate(tmp_path)[0] == 2


@pytest.mark.parametrize("interval", ["0", "-5", "soon", "nan", "inf"])
def test_an_impossible_interval_ends_with_2(snapshot, validate, capsys, interval):
    with pytest.raises(SystemExit) as caught:
        validate(snapshot(), f"--interval={interval}")
    assert caught.value.code == 2
    assert "--interval" in capsys.readouterr().err


def test_scrapy_knows_the_command_and_prints_in_any_encoding(snapshot):
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "validate", snapshot()],
        cwd=REPOSITORY,
        env={"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Cr?dito ? 1" in done.stdout


def test_its_help_is_complete():
    command = Command()
    assert "PATH" in command.syntax()
    assert command.short_desc() != command.long_desc()
