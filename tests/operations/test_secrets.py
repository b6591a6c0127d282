"""What is secret in settings is seen nowhere: no log, metric, alert, manifest, process, egg."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import ExitStack

import pytest

from tests.operations.processes import watched_command_lines
from tests.operations.prometheus import free_port
from tests.postgres import execute, forgetful_server
from tests.proxies import forward_proxy
from tests.webhook import webhook

SECRETS = {
    "DATABASE_URL": "hush-database",
    "P2P_PROXIES": "hush-proxy",
    "P2P_ALERT_URLS": "hush-alert",
    "P2P_PUSHGATEWAY_URL": "hush-gateway",
}


def readable(folder):
    """All that stands in a data folder, but for the database's own files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in files if "postgres" not in path.parts}


def seen_in(texts):
    """Where a secret is: its name and the place."""
    return [
        (name, place)
        for place, text in texts.items()
        for name, secret in SECRETS.items()
        if secret.encode() in text
    ]


def is_clean(texts):
    assert texts
    assert seen_in(texts) == []
    return True


@pytest.fixture
def stack():
    with ExitStack() as entered:
        yield entered


@pytest.fixture
def answering(stack):
    """Settings with secrets, of things that are there; and the webhook, to see that it is told."""
    server = stack.enter_context(forgetful_server())
    execute(server.dsn, "CREATE ROLE keeper SUPERUSER LOGIN PASSWORD 'hush-database'")
    told = stack.enter_context(webhook())
    proxy = stack.enter_context(forward_proxy("127.0.0.2", account="me:hush-proxy"))
    address = server.url.replace("p2p@", "keeper:hush-database@")
    return told, {
        "DATABASE_URL": address,
        "P2P_PROXIES": proxy.url,
        "P2P_ALERT_URLS": f"json://me:hush-alert@{told.place}/hush-alert",
        "P2P_PUSHGATEWAY_URL": f"http://me:hush-gateway@{told.place}",
    }


@pytest.fixture
def refusing(stack):
    """The same of things that are away, or refuse: what goes wrong is logged."""
    told = stack.enter_context(webhook())
    told.status = 500
    proxy = stack.enter_context(forward_proxy("127.0.0.2", account="me:another"))
    away = f"127.0.0.1:{free_port()}"
    mail = f"mailto://me:hush-alert@{away}?from=a@example.com&to=b@example.com&mode=insecure"
    hook = f"json://me:hush-alert@{told.place}/hush-alert"
    return {
        "DATABASE_URL": f"postgresql://me:hush-database@{away}/p2p",
        "P2P_PROXIES": proxy.url.replace("another", "hush-proxy"),
        "P2P_ALERT_URLS": f"{hook} {mail}",
        "P2P_PUSHGATEWAY_URL": f"http://me:hush-gateway@{away}",
    }


def run(process):
    """To its end; all command lines meanwhile, and what it said."""
    with watched_command_lines() as lines:
        out, err = process.communicate(timeout=120)
    assert any("binance_p2p" in line for line in lines)
    return {line: line.encode() for line in lines} | {"out": out.encode(), "err": err.encode()}


def test_a_batch_where_everything_answers(
    scrapy_command, crawl_of, small_exchange, lake, answering
):
    told, settings = answering
    small_exchange.adjust(faults=["missing-keys=1"])
    arguments = crawl_of(small_exchange, "-L", "DEBUG")
    process = scrapy_command(*arguments, **settings)
    texts = run(process)
    assert process.returncode == 0, texts["err"].decode()
    assert [path for path, _ in told.received] == ["/hush-alert"]
    assert told.pushes
    assert is_clean(texts)
    assert is_clean(readable(lake.folder))
    assert (lake.folder / "metrics/p2p.prom").exists()


def test_a_batch_where_everything_refuses(scrapy_command, crawl_of, small_exchange, lake, refusing):
    process = scrapy_command(*crawl_of(small_exchange, "-L", "DEBUG"), **refusing)
    texts = run(process)
    assert {"proxy_refused", "database_lost"} <= lake.alerts().keys()
    log = (lake.folder / "logs/p2p.log").read_text()
    assert "Alert address 1 (JSON) takes no messages" in log
    assert "Alert address 2 (E-Mail) takes no messages" in log
    assert "pushgateway" in log
    assert is_clean(texts)
    assert is_clean(readable(lake.folder))


def test_the_daemon_and_its_batches(scrapy_command, crawl_of, small_exchange, lake, answering):
    _, settings = answering
    address = f"127.0.0.1:{free_port()}"
    given = crawl_of(small_exchange)[2:]
    process = scrapy_command(
        "collect", *given, "-s", "LOG_LEVEL=DEBUG", P2P_METRICS_PORT=address, **settings
    )
    with watched_command_lines() as lines:
        said = []
        for line in process.stderr:
            said.append(line)
            if "The batch completed" in line:
                break
        pages = {
            page: urllib.request.urlopen(f"http://{address}/{page}").read()
            for page in ("metrics", "health")
        }
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert any("scrapy crawl binance_p2p" in line for line in lines)
    assert is_clean({line: line.encode() for line in lines})
    assert is_clean({"out": out.encode(), "err": "".join([*said, err]).encode(), **pages})
    assert is_clean(readable(lake.folder))


def test_an_egg_that_is_built_where_they_are_set(root, tmp_path):
    tree = tmp_path / "project"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in filter(lambda name: (root / name).is_file(), listed):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, tree / name)
    addresses = {name: f"http://me:{secret}@127.0.0.1:1" for name, secret in SECRETS.items()}
    subprocess.run(
        [sys.executable, "setup.py", "--quiet", "bdist_egg", "-d", tmp_path],
        cwd=tree, env=os.environ | addresses, capture_output=True, check=True,
    )  # fmt: skip
    (egg,) = tmp_path.glob("*.egg")
    with zipfile.ZipFile(egg) as packed:
        assert is_clean({name: packed.read(name) for name in packed.namelist()})
