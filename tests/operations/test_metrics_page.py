"""The queries of docs/metrics.md, against a real Prometheus that scrapes a real collector."""

import re
import signal
from urllib.parse import urlsplit

from tests.operations.prometheus import running_prometheus


def queries(root):
    page = (root / "docs/metrics.md").read_text("utf-8")
    asked = page.split("\n## To ask\n")[1].split("\n## ")[0]
    return re.findall(r"^```\n(.*?)\n```$", asked, flags=re.MULTILINE | re.DOTALL)


def test_every_query_has_data(root, tmp_path, scrapy_command, crawl_of, small_exchange):
    settings = crawl_of(small_exchange)[2:]
    collector = scrapy_command("collect", *settings, "-s", "P2P_METRICS_PORT=0")
    lines = []
    while not (found := re.search(r"Metrics at (http://\S+)/metrics", "".join(lines))):
        lines.append(collector.stderr.readline())
    with running_prometheus(tmp_path, urlsplit(found[1]).netloc) as prometheus:
        while "The batch completed" not in lines[-1]:
            lines.append(collector.stderr.readline())
        assert len(queries(root)) == 6
        for query in queries(root):
            prometheus.wait_for(query)
        (_, alive), *_ = prometheus.wait_for('p2p_batches_total{status="completed"} == 1')
        assert alive == "1"
    collector.send_signal(signal.SIGTERM)
    collector.communicate(timeout=60)
    assert collector.returncode == 0
