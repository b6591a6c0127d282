"""Prometheus, pushgateway and Alertmanager on free ports, with the project's own configuration.

What is replaced in it is places, the files of secrets, and durations; nothing else. A minute of a
rule is a second here, so that what takes minutes in life is seen in seconds: rules_test.yml tries
the rules with the durations that they have, and `make trials` the way to the webhook.
"""

import re
import shutil
import subprocess
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from urllib.error import URLError

import pytest

from tests.operations.prometheus import Prometheus, free_port

PATIENCE = 30
PROGRAMS = {
    "prometheus": "prometheus",
    "pushgateway": "prometheus-pushgateway",
    "alertmanager": "prometheus-alertmanager",
}
"""By Debian's names, which are those of its packages too."""


def program(name, package):
    """Where one is; the test is skipped on a machine that has none."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(
            f"no {name} here; make tools installs Debian's {package} where that may be done"
        )
    return path


@contextmanager
def running(command, ready, log):
    """A program until the block ends, from when it answers at ``ready`` on."""
    with log.open("w") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:
        try:
            _wait(process, ready, log)
            yield
        finally:
            process.kill()


def _wait(process, url, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(log.read_text()[-2_000:])


class Chain:
    """Where the three are, and what is asked of Prometheus."""

    def __init__(self):
        self.ports = {name: free_port() for name in PROGRAMS}
        self.prometheus = Prometheus(self.url("prometheus"))

    def place(self, name):
        return f"127.0.0.1:{self.ports[name]}"

    def url(self, name):
        return f"http://{self.place(name)}"


@contextmanager
def running_chain(deploy, folder, webhook, pace):
    """All three, by the configuration below ``deploy``; Slack and PagerDuty are the webhook.

    ``pace`` is what becomes of a file's durations: ``faster``, or nothing.
    """
    programs = {name: program(each, each) for name, each in PROGRAMS.items()}
    chain = Chain()
    _write(chain, deploy, folder, webhook, pace)
    with ExitStack() as stack:
        for name, arguments in _arguments(folder).items():
            listen = f"--web.listen-address={chain.place(name)}"
            command = [programs[name], listen, *arguments]
            ready = f"{chain.url(name)}/-/ready"
            stack.enter_context(running(command, ready, folder / f"{name}.log"))
        yield chain


def _arguments(folder):
    return {
        "pushgateway": [],
        "alertmanager": [
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'alertmanager'}",
            "--cluster.listen-address=",
        ],
        "prometheus": [
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
        ],
    }


def _write(chain, deploy, folder, webhook, pace):
    (folder / "slack_api_url").write_text(f"{webhook.url}/slack")
    (folder / "pagerduty_key").write_text("hush")
    (folder / "rules.yml").write_text(pace((deploy / "prometheus/rules.yml").read_text()))
    scraping = (deploy / "prometheus/prometheus.yml").read_text()
    for name, port in {"pushgateway": 9091, "alertmanager": 9093}.items():
        scraping = swap(scraping, f"{name}:{port}", chain.place(name))
    (folder / "prometheus.yml").write_text(pace(scraping))
    telling = pace((deploy / "alertmanager/alertmanager.yml").read_text())
    telling = swap(telling, "/etc/alertmanager/secrets", str(folder))
    telling = swap(telling, "global:\n", f"global:\n  pagerduty_url: {webhook.url}/pagerduty\n")
    (folder / "alertmanager.yml").write_text(telling)


def swap(text, old, new):
    """Replace what has to be there."""
    assert old in text, old
    return text.replace(old, new)


def faster(text):
    """A minute becomes a second, and less than one a second too; ranges of rates stay."""
    keys = "for|scrape_interval|evaluation_interval|group_wait|group_interval"
    scaled = re.sub(rf"\b({keys}): (\d+)m$", r"\1: \2s", text, flags=re.MULTILINE)
    return re.sub(rf"\b({keys}): \d+s$", _at_most_as_long, scaled, flags=re.MULTILINE)


def _at_most_as_long(match):
    """15 s of scraping or of waiting for more alerts."""
    key = match[1]
    return match[0] if key == "for" else f"{key}: 1s"
