"""A real Prometheus that scrapes one place, once a second."""

import json
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from urllib.error import URLError

import pytest

PROMETHEUS = shutil.which("prometheus")
PATIENCE = 60
CONFIG = """\
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: {rules}
scrape_configs:
  - job_name: p2p
    static_configs: [{{targets: ['{target}']}}]
"""


class Prometheus:
    """What is asked of a running one."""

    def __init__(self, url):
        self.url = url

    def api(self, path, **parameters):
        """What it answers below /api/v1/."""
        query = urllib.parse.urlencode(parameters, doseq=True)
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=10) as answer:
            return json.load(answer)["data"]

    def query(self, expression):
        """The samples of an expression now: labels, and the value as text."""
        data = self.api("query", query=expression)
        assert data["resultType"] == "vector", expression
        return [(sample["metric"], sample["value"][1]) for sample in data["result"]]

    def wait_for(self, expression):
        """Until an expression has samples; they are told."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(URLError):
                if samples := self.query(expression):
                    return samples
            time.sleep(0.1)
        raise AssertionError(f"{expression} had no samples in {PATIENCE} s")


@contextmanager
def running_prometheus(folder, target, rules=()):
    """A Prometheus of one's own, which scrapes ``target`` (host:port) with these rule files."""
    if PROMETHEUS is None:
        pytest.skip("no prometheus here: apt-get install prometheus")
    config = folder / "prometheus.yml"
    config.write_text(CONFIG.format(rules=json.dumps([*map(str, rules)]), target=target))
    address = f"127.0.0.1:{free_port()}"
    command = [PROMETHEUS, f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}"]
    with (
        (folder / "prometheus.log").open("w") as log,
        subprocess.Popen(
            [*command, f"--web.listen-address={address}"], stdout=log, stderr=log
        ) as process,
    ):
        try:
            running = Prometheus(f"http://{address}")
            running.wait_for("up == 1")
            yield running
        finally:
            process.terminate()


def free_port():
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
