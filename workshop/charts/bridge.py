"""How single gains become the joint gain."""

from __future__ import annotations

import pandas as pd

from workshop.analysis.bridge import Bridge
from workshop.charts.colours import INK, TOGETHER
from workshop.charts.marks import Row, Spec, bar, named_bars, table
from workshop.wording.figures import money

_PARTS = {"name": "Part", "figure": "Money a year"}


def bridge_chart(bridge: Bridge, currency: str) -> Spec:
    """Three bars: the ideas one by one, without what is counted twice, and together.

    The bridge is in money a year.
    """
    return named_bars(_parts(bridge, currency), _PARTS, large=False)


def bridge_table(bridge: Bridge, currency: str) -> pd.DataFrame:
    """The bars of `bridge_chart` in words."""
    return table(_parts(bridge, currency), _PARTS)


def bridge_alt(bridge: Bridge, currency: str) -> str:
    """The bridge in a sentence.

    >>> bridge_alt(Bridge(113_400, 7_560, 16_632), "USD")
    'One by one $113k, of which $7.6k is counted twice; working together adds $17k: $122k a year.'
    """
    alone, overlap, more, together = (
        money(part, currency)
        for part in (bridge.alone, bridge.overlap, bridge.compounding, bridge.together)
    )
    return (
        f"One by one {alone}, of which {overlap} is counted twice; working together adds {more}: "
        f"{together} a year."
    )


def _parts(bridge: Bridge, currency: str) -> list[Row]:
    longest = max(bridge.alone, bridge.together) or 1.0
    once = bridge.alone - bridge.overlap
    return [
        {
            "name": "The ideas one by one",
            "figure": money(bridge.alone, currency),
            **bar(bridge.alone / longest, colour=TOGETHER),
        },
        {
            "name": "Less what is counted twice",
            "figure": f"− {money(bridge.overlap, currency)}",
            **bar(once / longest, bridge.alone / longest, colour=TOGETHER),
        },
        {
            "name": "Plus what better steps add to each other",
            "figure": f"+ {money(bridge.compounding, currency)}",
            **bar(once / longest, bridge.together / longest, colour=TOGETHER, hatch=TOGETHER),
        },
        {
            "name": "Together",
            "figure": money(bridge.together, currency),
            **bar(bridge.together / longest, colour=TOGETHER, strength=1.0, hatch=INK),
        },
    ]
