"""What all screens of this process share: the store, the hub, the render queue and the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from typing import Any

from workshop.live.cache import VersionedCache
from workshop.live.hub import Hub
from workshop.live.render_queue import RenderQueue
from workshop.store import AGENDA, IDEAS, PLAN, SEATS, Store

DATA = Path(__file__).parents[2] / "data"
# What somebody has sent is kept before anything is drawn.
BEFORE_ALL_SCREENS = -1


def records_path() -> Path:
    """The file of the records: WORKSHOP_DB, or the one in `data`."""
    return Path(os.environ.get("WORKSHOP_DB") or DATA / "workshop.duckdb")


@cache
def store() -> Store:
    """The records of this process."""
    return Store(
        records_path(),
        on_commit=lambda workshop_id, topics: hub().publish(workshop_id, topics),
        in_turn=lambda workshop_id: render_queue.acquire(BEFORE_ALL_SCREENS, workshop_id),
    )


@cache
def hub() -> Hub:
    """The hub of this process."""
    return Hub(lambda workshop_id, *topics: store().version(workshop_id, *topics))


render_queue = RenderQueue()
_cache = VersionedCache()


def cached_by_version(workshop_id: str, key: tuple[Hashable, ...], build: Callable[[], Any]) -> Any:
    """What `build` returns, computed once per workshop and key for all screens."""
    version = store().version(workshop_id, AGENDA, IDEAS, PLAN, SEATS)
    return _cache.get(workshop_id, version, key, build)
