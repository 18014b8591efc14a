"""What was computed for many screens, kept as long as one of them may ask for it again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

# Screens ask within a change or two for what is new. What none has asked for during so many changes
# of its workshop is superseded, or belongs to a screen that is drawn anew by its own changes.
CHANGES = 10
# What workshops that nobody changes any more leave behind, all together.
MOST = 500


@dataclass
class Entry:
    """One thing that is computed, by whoever asks first, while the others wait."""

    asked_at: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    value: Any = None
    is_built: bool = False


class VersionedCache:
    """Values by workshop and key.

    >>> kept = VersionedCache()
    >>> [kept.get("w", 1, "ranking", lambda: "new"), kept.get("w", 2, "ranking", lambda: "newer")]
    ['new', 'new']
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[tuple[str, Hashable], Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, workshop_id: str, version: int, key: Hashable, build: Callable[[], Any]) -> Any:
        """What `build` returns, computed once for a key; `version` counts the workshop's changes.

        What nobody has asked for during the last `CHANGES` of them is forgotten.
        """
        with self._lock:
            entry = self._entries.pop((workshop_id, key), None)
            if entry is None:
                entry = Entry(version)
                self._forget(workshop_id, version)
            entry.asked_at = version
            self._entries[workshop_id, key] = entry  # the last one now
        with entry.lock:
            if not entry.is_built:
                entry.value, entry.is_built = build(), True
            return entry.value

    def _forget(self, workshop_id: str, version: int) -> None:
        """Make room for a new entry: of its workshop, then of those asked for longest ago."""
        superseded = [
            place
            for place, entry in self._entries.items()
            if place[0] == workshop_id and entry.asked_at < version - CHANGES
        ]
        for place in superseded or [*self._entries][: max(0, len(self._entries) + 1 - MOST)]:
            del self._entries[place]
