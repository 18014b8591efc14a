"""What the charts are made of: rows of words and bars, all laid out in letters.

A `Row` is the data of one row. Lengths are shares 0..1 of the longest; the rest are words.
The letter is the only measure: `letter` is its height in pixels, `row` that of a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import altair as alt
import pandas as pd
from altair.utils.schemapi import disable_debug_mode

from workshop.charts.colours import INK
from workshop.wording.shortening import shorten

# Altair would check every piece of a chart as it is made: four fifths of the time. The tests check
# whole charts.
disable_debug_mode()

Spec = dict[str, Any]
Row = dict[str, Any]
Mark = Literal["bar", "rule", "point", "text"]

ROWS = "rows"
LAPTOP_LETTER = "14"
# `width` is named so that Vega looks at the window again when the chart is resized.
BOARD_LETTER = "max(16, (windowSize()[0] + 0 * width) / 78)"


class Height(NamedTuple):
    """How high a row is, in letters: what it needs, has on a laptop, has at most."""

    least: float
    laptop: float
    most: float


ONE_LINE = Height(1.5, 2.4, 4.0)
TWO_LINES = Height(2.5, 3.2, 4.5)
LONGEST_NAME = 40  # characters beside a figure, in half of the board
FIRST, SECOND = -0.6, 0.65  # the two lines of a row, in letters below its middle


def drawing(
    layers: Sequence[alt.Chart],
    said: Mapping[str, str],
    slots: int,
    height: Height,
    large: bool,
    most_growth: float = 1.5,
) -> Spec:
    """The layers one over the other, still without rows, with room for `slots` of them.

    `said` are the fields that a row tells on hover, and what they are called. Altair takes far
    longer for this than the rows take, and it never depends on what they say: cache it.
    """
    slots = max(slots, 1)
    room = f"height / {slots}"
    letter = BOARD_LETTER if large else LAPTOP_LETTER
    smallest = letter if large else "0"  # what is read from six metres shrinks no further
    # Where few rows share much room, their letters grow; thirty of them still fit in a row.
    grown = f"max({letter}, min({most_growth} * {letter}, width / 30, {room} / {height.most}))"
    places = alt.Scale(domain=list(range(slots)), range=[0, pixels(f"{slots} * row")], padding=0)
    spec: Spec = {
        "$schema": alt.SCHEMA_URL,
        "config": {
            "background": "transparent",
            "mark": {"aria": False},
            "view": {"continuousWidth": 300, "continuousHeight": 300},
        },
        "data": {"name": ROWS},
        "encoding": {
            "y": alt.Y("row:O", sort=None, axis=None, scale=places).to_dict(validate=False),
            "key": {"field": "key", "type": "nominal"},
        },
        # Not by an alt.LayerChart, which copies them several times over.
        "layer": [_without_data(layer) for layer in (*layers, _hover(said))],
        "params": [
            {"name": "letter", "expr": f"max({smallest}, min({grown}, {room} / {height.least}))"},
            {"name": "row", "expr": f"min({room}, {height.most} * letter)"},
        ],
        "padding": 0,
        "usermeta": {"embedOptions": {"renderer": "svg"}},  # a canvas has no ink of the page's
    }
    if not large:
        spec["height"] = round(slots * height.laptop * int(LAPTOP_LETTER))
    return spec


def _without_data(layer: alt.Chart) -> Spec:
    spec: Spec = layer.to_dict(validate=False, context={"top_level": False})
    return {name: part for name, part in spec.items() if name != "data"}


def filled(empty: Spec, rows: Sequence[Row]) -> Spec:
    """The drawing with its rows, in the order given."""
    return {
        **empty,
        "datasets": {
            ROWS: [{"row": place, "key": str(place), **row} for place, row in enumerate(rows)]
        },
    }


def table(rows: Sequence[Row], said: Mapping[str, str]) -> pd.DataFrame:
    """What the rows tell, as words under the names in `said`."""
    return pd.DataFrame(
        [[row[field] for field in said] for row in rows], columns=list(said.values()), dtype=object
    )


def bar(
    solid: float,
    reach: float = 0.0,
    *,
    colour: str = INK,
    strength: float = 0.6,
    hatch: str = INK,
    hatch_strength: float = 0.5,
) -> Row:
    """A bar for `bars`: solid from 0 to `solid`, hatched from there to `reach`."""
    return {
        "solid": solid,
        "reach": max(solid, reach),
        "colour": colour,
        "strength": strength,
        "hatch": hatch,
        "hatch_strength": hatch_strength,
    }


def bars(start: str, end: str, *, thick: str, down: float = 0.0) -> list[alt.Chart]:
    """The rows' bars, between the pixels `start` and `end`."""
    hatched: dict[str, Any] = {
        "x": along("solid", start, end),
        "x2": alt.X2("reach"),
        "color": as_given("hatch"),
        "opacity": alt.Opacity("hatch_strength:Q", scale=None),
    }
    # A line as thick as the bar, dashed: stripes of one width, however long the bar.
    stripes = mark("rule", down, strokeWidth=pixels(thick), strokeDash=[3, 4])
    return [
        mark("bar", down, height=pixels(thick), fillOpacity=0.25).encode(**hatched),
        stripes.encode(**hatched),
        mark("bar", down, height=pixels(thick)).encode(
            x=along("solid", start, end),
            color=as_given("colour"),
            opacity=alt.Opacity("strength:Q", scale=None),
        ),
    ]


def words(
    field: str,
    x: Any,
    *,
    align: Literal["left", "center", "right"] = "left",
    right: float = 0.0,
    down: float = 0.0,
    limit: str = "0",
    weight: str = "'normal'",
    colour: str = f"'{INK}'",
) -> alt.Chart:
    """Words at `x`, moved right and down by so many letters; `limit` pixels, then "…"."""
    return mark(
        "text",
        down,
        align=align,
        baseline="middle",
        dx=pixels(f"{right} * letter"),
        fontSize=pixels("letter"),
        fontWeight=pixels(weight),
        color=pixels(colour),
        limit=pixels(limit),
    ).encode(x=x, text=alt.Text(f"{field}:N"))


def named_bars(
    rows: Sequence[Row], said: Mapping[str, str], large: bool, most: int = LONGEST_NAME
) -> Spec:
    """A row each: its `name` and its `figure`, and its bar under them.

    On the board, a name that would take more than `most` characters ends with a whole word,
    unless the row says in `short` how it is to be shortened.
    """
    figures = max(wide(rows, "figure") + 1, 8)
    rows = [{"short": shorten(row["name"], most) if large else row["name"], **row} for row in rows]
    return filled(_named_bars(figures, tuple(said.items()), len(rows), large), rows)


@lru_cache
def _named_bars(figures: float, said: tuple[tuple[str, str], ...], slots: int, large: bool) -> Spec:
    layers = [
        *bars("0", "width", thick="0.8 * letter", down=SECOND),
        words("short", at("0"), down=FIRST, limit=f"width - {figures} * letter"),
        words("figure", at("width"), down=FIRST, align="right", weight="'bold'"),
    ]
    return drawing(layers, dict(said), slots, TWO_LINES, large)


def mark(kind: Mark, down: float, **properties: Any) -> alt.Chart:
    """A mark, so many letters below the middle of its row.

    It is clipped: else Vega shrinks the chart for what it thinks sticks out.
    """
    if kind == "bar":
        properties["orient"] = "horizontal"
    place = pixels(f"{down} * letter")
    return alt.Chart(mark=alt.MarkDef(type=kind, clip=True, yOffset=place, **properties))


def wide(rows: Sequence[Row], field: str, most: int = 16) -> float:
    """How wide a column of words is, in letters; a letter is about half as wide as high."""
    return round(0.53 * min(max((len(row[field]) for row in rows), default=0), most), 2)


def at(pixel: str) -> Any:
    """A position in pixels, of `x` or `x2`; for `alt.value` Altair searches all its classes."""
    return alt.XValue(pixels(pixel))  # type: ignore[no-untyped-call]


def along(field: str, start: str, end: str) -> alt.X:
    """A position from a share 0..1, between the pixels `start` and `end`."""
    scale = alt.Scale(domain=[0, 1], range=[pixels(start), pixels(end)], nice=False)
    return alt.X(f"{field}:Q", axis=None, scale=scale, stack=None)


def as_given(field: str) -> alt.Color:
    """A colour that the row itself names."""
    return alt.Color(f"{field}:N", scale=None)


def pixels(expression: str) -> alt.ExprRef:
    return alt.ExprRef(expression)


def _hover(said: Mapping[str, str]) -> alt.Chart:
    """The whole row answers to the pointer."""
    return mark("bar", 0, height=pixels("row"), opacity=0).encode(
        x=at("0"),
        x2=at("width"),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in said.items()],
    )
