"""Regular expressions, each compiled once for all threads."""

from __future__ import annotations

import re
from functools import cache
from threading import Lock

_compiling = Lock()


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """By one thread at a time: forty forms at once would compile the same pattern forty times."""
    with _compiling:
        return re.compile(pattern)  # which remembers it, for those who have waited
