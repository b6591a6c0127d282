"""All metrics as they stand: the content of the file, from text and back."""

import math
from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric as Family
from prometheus_client.parser import text_string_to_metric_families

from p2p_scrapy.watch.metrics.definitions import METRICS, Kind, Metric
from p2p_scrapy.watch.metrics.tally import Key, key

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of the text format (Prometheus, "Exposition formats")."""

_BY_FAMILY = {metric.family: metric for metric in METRICS}


class DamagedStateError(ValueError):
    """A text is not what this project writes."""


class State:
    """Every series with its value; counts are added to, gauges are set."""

    def __init__(self) -> None:
        self._families: dict[str, dict[Key, float]] = {metric.family: {} for metric in METRICS}

    @classmethod
    def parse(cls, text: str) -> "State":
        """Read what ``render`` has written; metrics that are not known any more are left out.

        Raises:
            DamagedStateError: it is something else, or cut short.
        """
        state = cls()
        try:
            for family in text_string_to_metric_families(text):
                if (metric := _BY_FAMILY.get(family.name)) is not None:
                    state._families[family.name] = _checked(metric, family)
        except (ValueError, IndexError, KeyError) as error:  # what that parser fails with
            raise DamagedStateError(str(error)) from error
        if not text.endswith("\n"):
            raise DamagedStateError("its last line is cut short")
        return state

    def add(self, counts: Iterable[tuple[str, Key, float]]) -> None:
        """Add what a process has counted."""
        for family, series, value in counts:
            known = self._families[family]
            known[series] = known.get(series, 0) + value

    def set(self, metric: Metric, value: float | None) -> None:
        """Set a gauge without labels; None is that there is none."""
        self._families[metric.family] = {} if value is None else {key(metric.name, {}): value}

    def set_all(self, metric: Metric, values: Mapping[str, float]) -> None:
        """Set a gauge of one label, by the label's values; there are no others then."""
        (label,) = metric.labels
        self._families[metric.family] = {
            key(metric.name, {label: each}): value for each, value in values.items()
        }

    def put(self, metric: Metric, label: str, value: float) -> None:
        """Set a gauge of one label for one of the label's values."""
        (name,) = metric.labels
        self._families[metric.family][key(metric.name, {name: label})] = value

    def get(self, metric: Metric, *labels: str) -> float | None:
        """A counter's or gauge's value, or None."""
        series = key(metric.name, dict(zip(metric.labels, labels, strict=True)))
        return self._families[metric.family].get(series)

    def render(self) -> str:
        """The text format of Prometheus."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry).decode()

    def collect(self) -> Iterator[Family]:
        """Every metric for prometheus-client; those without a series too."""
        for metric in METRICS:
            family = Family(metric.family, metric.meaning, metric.kind)
            for (name, labels), value in self._families[metric.family].items():
                family.add_sample(name, dict(labels), value)
            yield family


def _checked(metric: Metric, family: Family) -> dict[Key, float]:
    """The series of a metric.

    Raises:
        ValueError: it is of another kind, or has a value that no such metric can have.
    """
    if family.type != metric.kind:
        raise ValueError(f"{metric.name} is a {family.type}")
    found = {key(sample.name, sample.labels): float(sample.value) for sample in family.samples}
    is_count = metric.kind is not Kind.GAUGE
    if any(not math.isfinite(value) or (is_count and value < 0) for value in found.values()):
        raise ValueError(f"{metric.name} has a value that it cannot have")
    return found
