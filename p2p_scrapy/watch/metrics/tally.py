"""What one process has counted: prometheus-client's counters and histograms, in our registry."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram

from p2p_scrapy.watch.metrics.definitions import METRICS, Kind, Metric

Key = tuple[str, tuple[tuple[str, str], ...]]
"""A series: its name, and its labels with their values, ordered by label."""


class Tally:
    """Counts from zero; gauges are no counts and are set when the file is written."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        self._counters = {
            metric: Counter(metric.family, metric.meaning, metric.labels, registry=self._registry)
            for metric in METRICS
            if metric.kind is Kind.COUNTER
        }
        self._histograms = {
            metric: Histogram(
                metric.name, metric.meaning, buckets=metric.buckets, registry=self._registry
            )
            for metric in METRICS
            if metric.kind is Kind.HISTOGRAM
        }

    def count(self, metric: Metric, *labels: str, by: float = 1) -> None:
        """Add to a counter; by 0 the series is made known."""
        counter = self._counters[metric]
        (counter.labels(*labels) if labels else counter).inc(by)

    def observe(self, metric: Metric, seconds: float) -> None:
        """Enter a duration into a histogram."""
        self._histograms[metric].observe(seconds)

    def series(self) -> Iterator[tuple[str, Key, float]]:
        """Everything counted so far: the family, the series, its value."""
        for family in self._registry.collect():
            for sample in family.samples:
                if not sample.name.endswith("_created"):  # when a process began tells nothing
                    yield family.name, key(sample.name, sample.labels), sample.value


def key(name: str, labels: dict[str, str]) -> Key:
    """A series by its name and labels."""
    return name, tuple(sorted(labels.items()))
