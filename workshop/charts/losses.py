"""Where the funnel leaks, and why."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import pandas as pd

from workshop.charts.colours import INK, LOSS
from workshop.charts.marks import (
    ONE_LINE,
    Row,
    Spec,
    along,
    at,
    bar,
    bars,
    drawing,
    filled,
    mark,
    named_bars,
    pixels,
    table,
    wide,
    words,
)
from workshop.domain.funnel import Funnel, Step
from workshop.wording.figures import count, percent
from workshop.wording.shortening import shorten

MOST_REASONS = 7
MOST_STAGES = 11
"""How many stages the funnel on the board has room for."""

LONGEST_STAGE = 22
"""Characters of a stage on the board."""

LONGEST = 5  # times the bar of the step that is pointed out

_FUNNEL = {"name": "Stage", "entered": "Came in", "moved": "Moved on", "lost": "Lost"}
_REASONS = {"name": "Reason", "number": "Lost", "share": "Share of the lost"}


def funnel_chart(funnel: Funnel, step: int | None, large: bool) -> Spec:
    """A bar a stage, as long as its count, hatched where the step that leaves it loses.

    Step `step` (an index) is strong and the others pale; with None all are alike. Bars more than
    five times as long as that of the strong step are cut there, and say so with dots. The board
    has the stages of `stages_shown` only.
    """
    rows = _stages(funnel, step)
    if large:
        rows = rows[stages_shown(funnel, step)]
    rows = [{**row, "short": shorten(row["name"], LONGEST_STAGE)} for row in rows]
    names, entered = wide(rows, "short", most=22) + 1, wide(rows, "entered") + 0.8
    ends = wide(rows, "at_the_end") + 0.6
    return filled(_funnel_drawing(names, entered, ends, len(rows), large), rows)


def stages_shown(funnel: Funnel, step: int | None) -> slice:
    """Those of the stages that the board has room for: around a step, or the first ones.

    >>> stages_shown(Funnel((Step("MQL", "SQL", 700, 280),), 8000, "USD", 365), 0)
    slice(0, 11, None)
    """
    room = max(len(funnel.stages) - MOST_STAGES, 0)
    first = min(max((step or 0) - MOST_STAGES // 2 + 1, 0), room)
    return slice(first, first + MOST_STAGES)


def funnel_table(funnel: Funnel) -> pd.DataFrame:
    """The funnel in words: a row a stage."""
    return table(_stages(funnel, None), _FUNNEL)


def funnel_alt(funnel: Funnel, step: int | None) -> str:
    """The funnel chart in a sentence or two.

    >>> funnel_alt(Funnel((Step("MQL", "SQL", 700, 280),), 8000, "USD", 365), 0)
    'Funnel from 700 MQL to 280 SQL. At MQL → SQL 420 of 700 are lost, 60 %.'
    """
    first, last = funnel.stages[0], funnel.stages[-1]
    whole = f"Funnel from {count(funnel.entrants)} {first} to {count(funnel.won)} {last}."
    if step is None:
        return whole
    here = funnel.steps[step]
    return (
        f"{whole} At {here.name} {count(here.lost)} of {count(here.entered)} are lost, "
        f"{_percent_lost(here)}."
    )


def reasons_chart(step: Step, large: bool) -> Spec:
    """Why the step loses: the reasons, most frequent first, the unexplained rest last, hatched.

    At most seven bars; what does not fit is summed as "other reasons". Where nobody was lost,
    nothing is drawn.
    """
    return named_bars(_reasons(step), _REASONS, large)


def reasons_table(step: Step) -> pd.DataFrame:
    """The bars of `reasons_chart` in words."""
    return table(_reasons(step), _REASONS)


def reasons_alt(step: Step) -> str:
    """The reasons chart in a sentence.

    >>> reasons_alt(Step("MQL", "SQL", 700, 280, {"No follow-up": 210, "No budget": 126}))
    'Why 420 are lost at MQL → SQL: No follow-up 50 %, No budget 30 %, unexplained 20 %.'
    """
    if not step.lost:
        return f"Nobody was lost at {step.name}."
    told = ", ".join(f"{row['name']} {row['share']}" for row in _reasons(step))
    return f"Why {count(step.lost)} are lost at {step.name}: {told}."


@lru_cache
def _funnel_drawing(names: float, entered: float, ends: float, slots: int, large: bool) -> Spec:
    """The funnel, with columns so many letters wide."""
    name = f"min({names} * letter, 0.38 * width)"
    start = f"{name} + {entered + 0.4} * letter"
    end = f"width - {ends} * letter"
    weight = "datum.pointed_out ? 'bold' : 'normal'"
    layers = [
        _band(),
        *bars(start, end, thick="0.66 * row"),
        words("short", at("0.4 * letter"), limit=name, weight=weight),
        words("entered", at(f"{start} - 0.5 * letter"), align="right", weight=weight),
        words("at_the_end", along("reach", start, end), right=0.4, weight=weight),
    ]
    return drawing(layers, _FUNNEL, slots, ONE_LINE, large)


def _band() -> alt.Chart:
    """Behind the step that is pointed out, so that it is found however short its bar."""
    here = mark("bar", 0, height=pixels("row"), color=LOSS, opacity=0.12)
    return here.encode(x=at("0"), x2=at("width")).transform_filter("datum.pointed_out")


def _stages(funnel: Funnel, pointed_out: int | None) -> list[Row]:
    longest = _longest(funnel, pointed_out)
    rows = []
    for index, step in enumerate(funnel.steps):
        strong = pointed_out in (None, index)
        lost = f"{_percent_lost(step)} lost" if step.lost else ""
        rows.append(
            {
                "name": step.source,
                "entered": count(step.entered),
                "moved": count(step.advanced),
                "lost": f"{count(step.lost)} ({_percent_lost(step)})",
                "at_the_end": f"··· {lost}" if step.entered > longest else lost,
                "pointed_out": index == pointed_out,
                **bar(
                    min(step.advanced / longest, 1),
                    min(step.entered / longest, 1),
                    strength=0.7 if strong else 0.3,
                    hatch=LOSS if strong else INK,
                    hatch_strength=1.0 if strong else 0.3,
                ),
            }
        )
    last = {
        "name": funnel.stages[-1],
        "entered": count(funnel.won),
        "moved": "",
        "lost": "",
        "at_the_end": "···" if funnel.won > longest else "",
        "pointed_out": False,
        **bar(min(funnel.won / longest, 1), strength=0.7 if pointed_out is None else 0.3),
    }
    return [*rows, last]


def _longest(funnel: Funnel, pointed_out: int | None) -> int:
    """The count that the longest bar stands for: the step that is pointed out must be seen."""
    longest = max(*(step.entered for step in funnel.steps), funnel.won, 1)
    if pointed_out is None or not funnel.steps[pointed_out].entered:
        return longest
    return min(longest, LONGEST * funnel.steps[pointed_out].entered)


def _percent_lost(step: Step) -> str:
    return percent(step.lost / step.entered if step.entered else 0.0)


def _reasons(step: Step) -> list[Row]:
    named = sorted(step.losses.items(), key=lambda loss: -loss[1])
    named = [(reason, lost) for reason, lost in named if lost]
    room = MOST_REASONS - bool(step.unexplained)
    if len(named) > room:
        named, rest = named[: room - 1], named[room - 1 :]
        named.append((f"other reasons ({len(rest)})", sum(lost for _, lost in rest)))
    longest = max([step.unexplained, *(lost for _, lost in named)])
    rows = [
        _reason(reason, lost, step) | bar(lost / longest, colour=LOSS, strength=0.9)
        for reason, lost in named
    ]
    if step.unexplained:
        hatched = bar(0, step.unexplained / longest, hatch_strength=0.6)
        rows.append(_reason("unexplained", step.unexplained, step) | hatched)
    return rows


def _reason(name: str, lost: int, step: Step) -> Row:
    number, share = count(lost), percent(lost / step.lost)
    return {"name": name, "number": number, "share": share, "figure": f"{number} · {share}"}
