"""Numbers for Prometheus: what was counted since the start, what is true right now, and how long things took."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

Number = int | float
Value = Number | Mapping[str, Number]
"""A number, or one for each value of the metric's label (LABELS)."""

COUNTED: Mapping[str, str] = {
    "deliveries_received": "Webhook bodies accepted: they were on disk before they were answered",
    "deliveries_stored": "Webhook bodies stored in the database, at once or from the spool",
    "deliveries_spooled": "Webhook bodies kept in the spool because the database was away",
    "deliveries_drained": "Webhook bodies brought from the spool to the database",
    "deliveries_settled": "Webhook bodies turned into cards",
    "deliveries_set_aside": "Webhook bodies that could not be read",
    "events_filtered": "Events that a rule of a channel kept out of it",
    "events_folded": "Events that changed a card which was there already",
    "events_repeated": "Events that their card had told already",
    "cards_opened": "Cards that were started",
    "cards_turned": "Changes of cards",
    "messages_posted": "Messages posted in Slack",
    "messages_edited": "Edits of messages in Slack",
    "messages_replied": "Replies posted in threads",
    "messages_put_off": "Tries to post or edit that failed and are repeated",
    "messages_paced": "Tries to post or edit for which Slack asked for patience",
    "messages_gathered": "Late messages that one message told instead",
    "messages_parked": "Messages that Slack will never take",
    "channels_parked": "Channels that began to refuse everything",
    "channels_opened": "Parked channels that took a message again",
    "notifications_made": "Notifications made in Quay for subscriptions",
    "notifications_reset": "Notifications that Quay had switched off, and that were switched on again",
    "notifications_removed": "Notifications of subscriptions removed from Quay",
    "notifications_rotated": "Notifications that got a new URL because the old one had served long enough",
    "calls_refused": "Calls that Slack answered with 429, by method",
}
MEASURED: Mapping[str, str] = {
    "deliveries_waiting": "Webhook bodies that are stored and not yet worked on",
    "messages_waiting": "Messages that have something new to say",
    "dead": "Dead letters: webhook bodies that cannot be read, and messages that Slack will never take",
    "lanes_parked": "Channels that Slack refuses to be posted to",
    "lane_lag_seconds": "How long the oldest message of a channel waits, for the channels where it waits longest",
    "spool_bytes": "Size of the files that keep webhook bodies while the database is away",
    "spool_records": "Webhook bodies in these files",
    "spool_oldest_seconds": "How long the oldest of them waits",
    "spool_damaged": "Records of these files that could not be read and were left out, since the start",
    "spool_limit_bytes": "How large they may grow (SPOOL_LIMIT_MB)",
    "spool_usable": "0 if the spool's folder cannot be used: then webhooks get a 503 while the database is away",
    "spool_in_use": "1 while new webhook bodies go there, because the database does not take them",
    "leader": "1 if this process does the scheduled work",
    "database_answers": "0 if the database does not answer; then the numbers that only it knows are missing",
    "slack_answers": "0 if Slack does not answer, or refuses the token",
}
LABELS: Mapping[str, str] = {"calls_refused": "method", "dead": "kind", "lane_lag_seconds": "channel"}
"""The metrics that have a number for each value of a label."""
TIMED: Mapping[str, str] = {
    "settled_seconds": "From the webhook to its card",
    "posted_seconds": "From the card to its message in Slack",
}
BOUNDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
"""Seconds: an alert should be there within two; after an outage it may be half an hour."""


class Histogram:
    """How often something took how long."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)  # one for each bound, and one for what took longer
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """Count one. Clocks of machines differ: less than nothing counts as nothing."""
        self.counts[bisect_left(BOUNDS, max(0.0, seconds))] += 1
        self.total += max(0.0, seconds)


def exposition(
    counted: Mapping[str, Value], measured: Mapping[str, Value], timed: Mapping[str, Histogram] | None = None
) -> bytes:
    """The numbers in Prometheus' text form; what nobody has counted yet is 0.

    Names without a description are a mistake: KeyError.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(counted, measured, timed or {}))
    return generate_latest(registry)


class _Numbers(Collector):
    def __init__(
        self, counted: Mapping[str, Value], measured: Mapping[str, Value], timed: Mapping[str, Histogram]
    ) -> None:
        nothing: dict[str, Value] = {name: 0 for name in COUNTED if name not in LABELS}
        self._counted, self._measured, self._timed = {**nothing, **counted}, measured, timed

    def collect(self) -> Iterator[Metric]:
        """Every number, as one metric each."""
        for name, value in sorted(self._counted.items()):
            counter = CounterMetricFamily(f"quaybot_{name}", COUNTED[name], labels=_label(name))
            for label, number in _samples(value):
                counter.add_metric(label, number)
            yield counter
        for name, value in sorted(self._measured.items()):
            gauge = GaugeMetricFamily(f"quaybot_{name}", MEASURED[name], labels=_label(name))
            for label, number in _samples(value):
                gauge.add_metric(label, number)
            yield gauge
        for name, histogram in sorted(self._timed.items()):
            bounds = [*map(str, BOUNDS), "+Inf"]
            buckets = list(zip(bounds, accumulate(histogram.counts), strict=True))
            yield HistogramMetricFamily(f"quaybot_{name}", TIMED[name], buckets=buckets, sum_value=histogram.total)


def _label(name: str) -> list[str]:
    return [LABELS[name]] if name in LABELS else []


def _samples(value: Value) -> Iterable[tuple[list[str], Number]]:
    return [([label], number) for label, number in value.items()] if isinstance(value, Mapping) else [([], value)]
