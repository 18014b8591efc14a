"""Where leads come from: how far those of each segment came."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

import altair as alt
import numpy as np
import pandas as pd

from workshop.charts.colours import INK
from workshop.charts.marks import (
    ONE_LINE,
    Row,
    Spec,
    along,
    at,
    drawing,
    filled,
    mark,
    pixels,
    table,
    wide,
    words,
)
from workshop.wording.figures import count, percent

MOST_SEGMENTS = 12
COLUMNS = MappingProxyType({"whole": (0.14, 0.48), "step": (0.66, 1.0)})
"""Where the bars of a rate begin and end, as parts of the room that names and leads leave."""
NOBODY = "nobody"

_SEGMENTS = MappingProxyType(
    {"name": "Segment", "leads": "Leads", "whole": "First to last stage", "step": "At the step"}
)
_FIRST_BOLD = "datum.row ? 'normal' : 'bold'"


def segments_chart(reached: pd.DataFrame, step: int) -> Spec:
    """What share of each segment came from the first stage to the last, and through one step.

    `reached` has a row a segment: its name, then for each stage how many reached it; `step` is
    an index. The first row tells all segments together and what the columns show; a line marks
    its rate in each. The largest segment comes first; of more than twelve, the smallest are one.
    """
    rows = _segments(reached, step)
    names, leads = wide(rows, "name", most=26) + 1, wide(rows, "leads") + 1.5
    return filled(_segments_drawing(names, leads, len(rows)), rows)


def segments_table(reached: pd.DataFrame, step: int) -> pd.DataFrame:
    """The bars of `segments_chart` in words: a row a segment."""
    whole, one = _headings(reached, step)
    return table(_segments(reached, step), _SEGMENTS | {"whole": whole, "step": one})


def segments_alt(reached: pd.DataFrame, step: int) -> str:
    """The segments chart in a sentence or two."""
    every, *segments = _segments(reached, step)
    told = "; ".join(f"{row['name']} {row['whole']}, {row['step']}" for row in segments)
    whole, one = _headings(reached, step)
    return (
        f"{every['leads']} leads. {whole}: {every['whole']}. {one}: {every['step']}. "
        f"The same by segment: {told}."
    )


@lru_cache
def _segments_drawing(names: float, leads: float, slots: int) -> Spec:
    name = f"min({names} * letter, 0.3 * width)"
    start = f"{name} + {leads} * letter"
    layers = [
        words("name", at("0"), limit=f"{name} - 0.5 * letter", weight=_FIRST_BOLD),
        words("leads", at(f"{start} - 0.5 * letter"), align="right", weight=_FIRST_BOLD),
    ]
    for field in COLUMNS:
        layers += _column(field, start)
    return drawing(layers, _SEGMENTS, slots, ONE_LINE, large=False)


def _column(field: str, start: str) -> list[alt.Chart]:
    """The rates of a column and their bars, in the part of the room that it has.

    Over the bars stands what they are; through them goes a line at the rate of all.
    """
    begin, end = (f"{start} + {share} * (width - ({start}))" for share in COLUMNS[field])
    bar = mark("bar", 0, height=pixels("0.9 * letter"), color=INK, opacity=0.5)
    of_all = mark("bar", 0, height=pixels("row"), color=INK, x2Offset=1.5)
    return [
        words(field, at(f"{begin} - 0.6 * letter"), align="right", weight="'bold'"),
        words(f"{field}_heading", at(begin), limit=f"{end} - ({begin})", weight=_FIRST_BOLD),
        *(
            layer.transform_filter("datum.row > 0")
            for layer in (
                bar.encode(x=along(f"{field}_end", start, "width"), x2=at(begin)),
                of_all.encode(
                    x=along(f"{field}_of_all", start, "width"), x2=alt.X2(f"{field}_of_all")
                ),
            )
        ),
    ]


def _headings(reached: pd.DataFrame, step: int) -> tuple[str, str]:
    stages = list(reached.columns[1:])
    return (
        f"All steps, {stages[0]} → {stages[-1]}",
        f"One step, {stages[step]} → {stages[step + 1]}",
    )


def _segments(reached: pd.DataFrame, step: int) -> list[Row]:
    names, leads = reached.iloc[:, 0].map(str), reached.iloc[:, 1:].to_numpy(np.int64)
    order = np.argsort(-leads[:, 0], kind="stable")
    room = len(order) if len(order) <= MOST_SEGMENTS else MOST_SEGMENTS - 1
    segments = [(names.iloc[place], leads[place]) for place in order[:room]]
    if rest := len(order) - room:
        segments.append((f"other segments ({rest})", leads[order[room:]].sum(axis=0)))
    counts = [("All leads", leads.sum(axis=0)), *segments]
    rates = {
        "whole": [_rate(stages[-1], stages[0]) for _, stages in counts],
        "step": [_rate(stages[step + 1], stages[step]) for _, stages in counts],
    }
    rows: list[Row] = [{"name": name, "leads": count(stages[0])} for name, stages in counts]
    for (field, (begin, end)), heading in zip(
        COLUMNS.items(), _headings(reached, step), strict=True
    ):
        longest = max(rate or 0.0 for rate in rates[field]) or 1.0
        ends = [begin + (end - begin) * (rate or 0.0) / longest for rate in rates[field]]
        for place, row in enumerate(rows):
            rate = rates[field][place]
            row |= {
                field: NOBODY if rate is None else percent(rate),
                f"{field}_heading": "" if place else heading,
                f"{field}_end": ends[place],
                f"{field}_of_all": ends[0],
            }
    return rows


def _rate(advanced: int, entered: int) -> float | None:
    return float(advanced / entered) if entered else None
