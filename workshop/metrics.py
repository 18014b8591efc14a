"""The server's figures, in OpenMetrics: counts and times, nobody's words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST

_REGISTRY = CollectorRegistry()

WRITES = Counter("workshop_writes", "Changes kept, by what was done", ["verb"], registry=_REGISTRY)
UNSAVED = Counter("workshop_unsaved", "Changes that could not be written", registry=_REGISTRY)
WRITE_SECONDS = Histogram(
    "workshop_write_seconds",
    "From the lock to the commit of a change",
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3),
    registry=_REGISTRY,
)
LAST_WRITE = Gauge("workshop_last_write_timestamp_seconds", "The last commit", registry=_REGISTRY)
COPIES = Counter("workshop_copies", "Copies of the whole file", ["outcome"], registry=_REGISTRY)
TICKS = Counter("workshop_ticks", "Ticks sent to screens", registry=_REGISTRY)
RUNS = Counter("workshop_runs", "Drawings of a page's stage", ["role"], registry=_REGISTRY)
SCREENS = Gauge("workshop_screens", "Screens on the line", registry=_REGISTRY)


def wrote(verb: str, seconds: float) -> None:
    """Count a change that is in the file."""
    WRITES.labels(verb).inc()
    WRITE_SECONDS.observe(seconds)
    LAST_WRITE.set_to_current_time()


def last_write() -> float | None:
    """When this process wrote last, in seconds since 1970; None where it has not yet."""
    return _REGISTRY.get_sample_value("workshop_last_write_timestamp_seconds") or None


def text() -> bytes:
    """All figures as they are now."""
    return bytes(generate_latest(_REGISTRY))  # type: ignore[no-untyped-call]
