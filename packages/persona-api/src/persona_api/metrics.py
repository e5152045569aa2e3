"""Figures for whoever watches the server, in Prometheus's form."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """What is counted; one registry for each server, so that two can live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "persona_requests", "Requests answered.", ("operation", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "persona_request_seconds", "Time to the answer.", ("operation",), registry=self._registry
        )
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self._jobs = Gauge("persona_jobs", "Jobs that are kept.", ("status",), registry=self._registry)
        self._streams = Gauge("persona_event_streams", "Event streams open.", registry=self._registry)

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """Count an answer."""
        known = self._known.get((operation, status))
        if known is None:
            known = self._requests.labels(operation, str(status)), self._seconds.labels(operation)
            self._known[operation, status] = known
        known[0].inc()
        known[1].observe(seconds)

    def stream(self, by: int) -> None:
        """Count event streams that open (1) and close (-1)."""
        self._streams.inc(by)

    def shown(self, counts: Mapping[str, int]) -> bytes:
        """The figures, with how many jobs there are of each status."""
        for status in ("pending", "running", "completed", "failed", "cancelled"):
            self._jobs.labels(status).set(counts.get(status, 0))
        return generate_latest(self._registry)
