"""Numbers for Prometheus: what was counted since the start, and what waits right now."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

COUNTED: Mapping[str, str] = {
    "deliveries_stored": "Webhook bodies stored before they were answered",
    "deliveries_settled": "Webhook bodies turned into cards",
    "deliveries_set_aside": "Webhook bodies that could not be read",
    "messages_posted": "Messages posted in Slack",
    "messages_edited": "Edits of messages in Slack",
    "messages_put_off": "Tries to post or edit that have to be repeated",
    "messages_parked": "Messages that Slack will never take",
}
WAITING: Mapping[str, str] = {
    "deliveries_waiting": "Webhook bodies that are stored and not yet worked on",
    "messages_waiting": "Messages that have something new to say",
}


def exposition(counted: Mapping[str, int], waiting: Mapping[str, int]) -> bytes:
    """The numbers in Prometheus' text form. Names without a description are a mistake: KeyError."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(counted, waiting))
    return generate_latest(registry)


class _Numbers(Collector):
    def __init__(self, counted: Mapping[str, int], waiting: Mapping[str, int]) -> None:
        self._counted, self._waiting = counted, waiting

    def collect(self) -> Iterator[Metric]:
        """Every number, as one metric each."""
        for name, number in sorted(self._counted.items()):
            yield CounterMetricFamily(f"quaybot_{name}", COUNTED[name], value=number)
        for name, number in sorted(self._waiting.items()):
            yield GaugeMetricFamily(f"quaybot_{name}", WAITING[name], value=number)
