"""What each side chose, in two columns of bars."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isclose
from typing import Any

import pandas as pd

from workshop.charts.answers import MARKETING, SALES
from workshop.charts.marks import (
    FIRST,
    LONGEST_NAME,
    ONE_LINE,
    SECOND,
    TWO_LINES,
    Row,
    Spec,
    at,
    drawing,
    filled,
    mark,
    pixels,
    table,
    words,
)
from workshop.wording.shortening import shorten

COUNT = 3
"""Letters that a count takes at the end of the longest bar."""

LABELS = 0.3
"""The part of the width that the options take on the board, between the bars."""

_CHOICES = {"option": "Answer", "sales": "Sales (S)", "marketing": "Marketing (M)"}
_NOTHING = {"option": "", "sales": "", "marketing": "", "left": 0, "right": 0, "weight": "normal"}


def choices_chart(
    options: Sequence[str],
    sales_counts: Sequence[int],
    marketing_counts: Sequence[int],
    *,
    large: bool = False,
) -> Spec:
    """How many of each side chose each option: sales to the left, marketing to the right.

    A bar is as long as the share of its own side that chose this; its count stands at its end. The
    option that the sides agree on least is bold; the first row heads the columns. Raises
    ValueError where there are not as many counts as options.
    """
    rows = _choices(options, sales_counts, marketing_counts)
    if large:
        rows = [row | {"label": shorten(row["option"], LONGEST_NAME)} for row in rows]
    heads = {
        "label": "",
        "sales_says": f"{SALES.name}, {sum(sales_counts)}",
        "marketing_says": f"{MARKETING.name}, {sum(marketing_counts)}",
    }
    return filled(_drawing(len(rows) + 1, large), [_NOTHING | heads, *rows])


def choices_table(
    options: Sequence[str], sales_counts: Sequence[int], marketing_counts: Sequence[int]
) -> pd.DataFrame:
    """The counts in words: a row an option."""
    return table(_choices(options, sales_counts, marketing_counts), _CHOICES)


def choices_alt(
    options: Sequence[str], sales_counts: Sequence[int], marketing_counts: Sequence[int]
) -> str:
    """The choices in a sentence or two.

    >>> choices_alt(["A", "B", "C"], [6, 2, 1], [1, 3, 4])
    'Sales left, marketing right: A 6 and 1, B 2 and 3, C 1 and 4. Furthest apart: A.'
    """
    rows = _choices(options, sales_counts, marketing_counts)
    told = ", ".join(f"{row['option']} {row['sales']} and {row['marketing']}" for row in rows)
    furthest = " and ".join(row["option"] for row in rows if row["weight"] == "bold")
    apart = f" Furthest apart: {furthest}." if furthest else ""
    return f"Sales left, marketing right: {told or 'nothing to choose from'}.{apart}"


def _choices(
    options: Sequence[str], sales_counts: Sequence[int], marketing_counts: Sequence[int]
) -> list[Row]:
    shares = zip(_shares(sales_counts), _shares(marketing_counts), strict=True)
    rows: list[Row] = [
        {
            "option": option,
            "label": option,
            "sales": str(sales),
            "sales_says": str(sales),
            "marketing": str(marketing),
            "marketing_says": str(marketing),
            "left": left,
            "right": right,
            "apart": abs(left - right),
        }
        for option, sales, marketing, (left, right) in zip(
            options, sales_counts, marketing_counts, shares, strict=True
        )
    ]
    # Where one side has not answered, nobody disagrees.
    both = any(sales_counts) and any(marketing_counts)
    most = max((row["apart"] for row in rows), default=0.0) if both else 0.0
    return [
        row | {"weight": "bold" if most and isclose(row["apart"], most) else "normal"}
        for row in rows
    ]


def _shares(counts: Sequence[int]) -> list[float]:
    everybody = sum(counts) or 1
    return [count / everybody for count in counts]


@lru_cache
def _drawing(slots: int, large: bool) -> Spec:
    half = LABELS / 2 if large else 0.0
    down, bar = (0.0, "min(0.6 * row, 1.4 * letter)") if large else (SECOND, "letter")
    length = f"(width * {0.5 - half} - {COUNT} * letter)"

    def on(direction: int, share: object = 0, letters: float = 0.0) -> Any:
        """A position left (-1) or right (1) of the options, moved further by so many letters."""
        return at(
            f"width / 2 + {direction} * (width * {half} + {share} * {length} + {letters} * letter)"
        )

    layers = [
        words(
            "label",
            at("width / 2"),
            align="center",
            down=0.0 if large else FIRST,
            limit=f"{LABELS} * width - letter" if large else "width",
            weight="datum.weight",
        )
    ]
    for direction, looks, field, share in (
        (-1, SALES, "sales", "left"),
        (1, MARKETING, "marketing", "right"),
    ):
        layers += [
            mark("bar", down, height=pixels(bar), color=looks.colour).encode(
                x=on(direction, 0, 0.1), x2=on(direction, f"datum.{share}", 0.1)
            ),
            words(
                f"{field}_says",
                on(direction, f"datum.{share}", 0.5),
                align="right" if direction < 0 else "left",
                down=down,
                weight="'bold'",
            ),
        ]
    return drawing(layers, _CHOICES, slots, ONE_LINE if large else TWO_LINES, large)
