"""The lenses: comparable ways to look at what improving a step is worth."""

from __future__ import annotations

from enum import StrEnum


class Lens(StrEnum):
    """A way to look at what improving a step is worth: a column of `analysis.lenses`.

    The same PUSH is EQUAL_EFFORT with a size.
    """

    LEAK = "leak"
    PLUS_1PP = "plus_1pp"
    PLUS_10PCT = "plus_10pct"
    TO_BENCHMARK = "to_benchmark"
    EQUAL_EFFORT = "equal_effort"
    PUSH = "push"
