"""Every metric: its name, kind, labels and meaning. docs/metrics.md says the same, at length."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """As Prometheus names them."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """A metric; ``buckets`` are the upper bounds of a histogram's, in its unit."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def family(self) -> str:
        """Its name without the ``_total`` that every counter ends with."""
        return self.name.removesuffix("_total") if self.kind is Kind.COUNTER else self.name


def _counter(name: str, meaning: str, *labels: str) -> Metric:
    return Metric(name, Kind.COUNTER, meaning, labels)


def _gauge(name: str, meaning: str, *labels: str) -> Metric:
    return Metric(name, Kind.GAUGE, meaning, labels)


def _histogram(name: str, meaning: str, *buckets: float) -> Metric:
    return Metric(name, Kind.HISTOGRAM, meaning, (), buckets)


RUNNING = "running"
"""The status of a batch that has not ended, beside those of items.Status."""

BATCHES = _counter("p2p_batches_total", "Batches of the census that ended", "status")
BATCH_DURATION = _histogram(
    "p2p_batch_duration_seconds", "How long batches took", 60, 120, 240, 480, 600
)
BATCH_STATUS = _gauge(
    "p2p_batch_status", "1 for the status of the last ended batch; running is apart", "status"
)
BATCH_ELAPSED = _gauge(
    "p2p_batch_elapsed_seconds", "How long the running batch has run, else the last one took"
)
BATCH_START = _gauge(
    "p2p_batch_start_timestamp_seconds", "When the running batch, else the last one, began"
)
BATCH_SEEN = _gauge(
    "p2p_batch_seen_timestamp_seconds", "When a running batch last wrote these metrics"
)
LAST_BATCH_START = _gauge(
    "p2p_last_batch_start_timestamp_seconds", "When the last ended batch began"
)
LAST_BATCH = _gauge("p2p_last_batch_timestamp_seconds", "When the last ended batch ended")
LAST_COMPLETED = _gauge(
    "p2p_last_completed_batch_timestamp_seconds", "When the last completed batch ended"
)
COMPLETENESS = _gauge(
    "p2p_data_completeness_ratio", "Ads read by ads reported, of the last batch's planned markets"
)
COVERAGE = _gauge(
    "p2p_data_coverage_ratio", "Share of all known ads that were fresh when the last batch ended"
)
MARKETS = _gauge("p2p_markets", "Markets of the last batch", "verdict")
ALERTS = _gauge("p2p_alerts_standing", "1 for each kind of alert of the last batch", "kind")

OFFERS = _counter("p2p_offers_extracted_total", "Ads kept", "fiat", "crypto", "trade_type")
REFUSED = _counter("p2p_refused_ads_total", "Ads that a row rule refused", "reason")
ERRORS = _counter(
    "p2p_extraction_errors_total",
    "Troubles with answers; without fiat or crypto where it was no market's",
    *("error_type", "fiat", "crypto"),
)
REQUESTS = _counter(
    "p2p_api_requests_total", "Questions that the exchange answered, or did not", "lane", "outcome"
)
REQUEST_DURATION = _histogram(
    "p2p_api_request_duration_seconds",
    "Real seconds in the downloader of each answer",
    *(0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
ACTIVE = _gauge("p2p_active_workers", "Questions on the wire now")
LANE_BUDGET = _gauge(
    "p2p_lane_budget_requests_per_minute", "What the lane may ask in any minute now", "lane"
)
LANE_PAUSED = _gauge("p2p_lane_paused", "1 where the lane may not ask now", "lane")

WRITE_DURATION = _histogram(
    "p2p_database_write_duration_seconds",
    "Real seconds in which a batch was loaded into the warehouse",
    *(0.5, 1, 2.5, 5, 10, 30, 60, 120),
)
WRITE_ERRORS = _counter("p2p_db_write_errors_total", "Attempts to load the warehouse that failed")
WAITING = _gauge(
    "p2p_batches_waiting", "Closed batches that the warehouse lacked after the last load"
)
LOAD_OK = _gauge("p2p_last_load_ok", "1 where the last load of the warehouse worked, else 0")

METRICS: tuple[Metric, ...] = (
    *(BATCHES, BATCH_DURATION, BATCH_STATUS, BATCH_ELAPSED, BATCH_START, BATCH_SEEN),
    *(LAST_BATCH_START, LAST_BATCH, LAST_COMPLETED, COMPLETENESS, COVERAGE, MARKETS, ALERTS),
    *(OFFERS, REFUSED, ERRORS, REQUESTS, REQUEST_DURATION, ACTIVE, LANE_BUDGET, LANE_PAUSED),
    *(WRITE_DURATION, WRITE_ERRORS, LOAD_OK, WAITING),
)
"""All of them, in the order in which they are shown."""
