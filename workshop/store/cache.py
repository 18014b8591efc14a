"""What has been read of the records, as long as the topic it is about has not changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")


class Cache:
    """Values by workshop and name; `version(workshop_id, topic)` says how new a topic is."""

    def __init__(self, version: Callable[[str, str], int]) -> None:
        self._version = version
        self._held: dict[tuple[str, str], tuple[int, Any]] = {}

    def get(self, workshop_id: str, topic: str, name: str, load: Callable[[], Value]) -> Value:
        """The value of this name, loaded where the topic has changed since it was last."""
        # The version is read before the data: a commit in between makes the entry stale at once.
        version = self._version(workshop_id, topic)
        held = self._held.get((workshop_id, name))
        if held is not None and held[0] == version:
            known: Value = held[1]
            return known
        value = load()
        self._held[workshop_id, name] = (version, value)
        return value

    def amend(self, workshop_id: str, topic: str, name: str, amended: Callable[[Any], Any]) -> None:
        """Make of a value what it says after the change just committed, if it was up to date."""
        version = self._version(workshop_id, topic)
        held = self._held.get((workshop_id, name))
        if held is not None and held[0] == version - 1:
            self._held[workshop_id, name] = (version, amended(held[1]))

    def clear(self) -> None:
        self._held.clear()
