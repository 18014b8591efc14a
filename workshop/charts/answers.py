"""How the answers of both sides are told apart, and marks that charts of answers share.

Colour, letter and shape tell the sides apart. Answers come without persons; `pooled` are those of
both sides together, where fewer than three of one have answered.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import altair as alt

from workshop.charts.colours import COLOURS, INK, LETTER_COLOURS, LETTERS
from workshop.charts.marks import Mark, Row, mark, pixels, words
from workshop.domain.people import Owner, Side
from workshop.wording import sides


class Looks(NamedTuple):
    """How what a side answered is told from what the others did."""

    name: str
    letter: str
    colour: str
    letter_colour: str
    shape: str


def _looks(owner: Owner, name: str, shape: str) -> Looks:
    letter = LETTERS[owner]
    return Looks(f"{name} ({letter})", letter, COLOURS[owner], LETTER_COLOURS[owner], shape)


_THIRD = sides.LETTERS[Side.OTHER]

SALES = _looks(Owner.SALES, sides.NAMES[Side.SALES], "circle")
MARKETING = _looks(Owner.MARKETING, sides.NAMES[Side.MARKETING], "square")
POOLED = _looks(Owner.BOTH, "both sides", "circle")
OTHERS = Looks(f"{sides.NAMES[Side.OTHER]} ({_THIRD})", _THIRD, INK, "#FFFFFF", "triangle-up")

TAG = 4.4
"""How wide a tag is, in letters: as wide as that of both sides together needs."""

# Paths in a square from -1 to 1: round ends for sales, square ones for marketing.
_ROUND = "M-.73,-.27H.73A.27,.27,0,0,1,.73,.27H-.73A.27,.27,0,0,1,-.73,-.27Z"
_SQUARE = "M-1,-.27H1V.27H-1Z"


def mark_at(offset: str, kind: Mark, **properties: Any) -> alt.Chart:
    """A mark so many pixels below the middle of its row, by an expression that may use `datum`."""
    chart = mark(kind, 0, **properties)
    chart.mark.yOffset = pixels(offset)
    return chart


def says(
    expression: str, x: Any, offset: str, *, align: str = "'center'", weight: str = "normal"
) -> alt.Chart:
    """What an expression comes to, as words at `x`, so many pixels below the middle of its row.

    `align` is an expression, too.
    """
    return mark_at(
        offset,
        "text",
        align=pixels(align),
        baseline="middle",
        color=INK,
        fontSize=pixels("letter"),
        fontWeight=weight,
        text=pixels(expression),
    ).encode(x=x)


def dot(offset: str, size: str, x: Any, *, colour: str, shape: str) -> alt.Chart:
    """A dot `size` pixels wide, thinly outlined; `colour` and `shape` are expressions."""
    return mark_at(
        offset,
        "point",
        filled=True,
        opacity=1,
        size=pixels(f"{size} * {size}"),
        fill=pixels(colour),
        shape=pixels(shape),
        stroke=INK,
        strokeOpacity=0.6,
        strokeWidth=1,
    ).encode(x=x)


def tagged(field: str, looks: Looks, figure: str) -> Row:
    """What `tag` draws: a side's letter and a figure in its colour, and in its shape."""
    return {
        f"{field}_says": f"{looks.letter} {figure}",
        f"{field}_colour": looks.colour,
        f"{field}_letter_colour": looks.letter_colour,
        f"{field}_shape": looks.shape,
        f"{field}_tag": _SQUARE if looks.shape == "square" else _ROUND,
    }


def tag(field: str, x: Any, down: float) -> list[alt.Chart]:
    """What the row has by `tagged`, so many letters below its middle; nothing where it has none."""
    box = mark_at(
        f"{down} * letter",
        "point",
        filled=True,
        opacity=1,
        size=pixels(f"{TAG * TAG} * letter * letter"),
        fill=pixels(f"datum.{field}_colour"),
        shape=pixels(f"datum.{field}_tag"),
    ).encode(x=x)
    figure = words(
        f"{field}_says",
        x,
        align="center",
        down=down,
        weight="'bold'",
        colour=f"datum.{field}_letter_colour",
    )
    return [box, figure]
