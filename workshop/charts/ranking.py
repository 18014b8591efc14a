"""The ideas in order: what each could bring, how sure that is, and who would do it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from workshop.charts.colours import COLOURS, INK, LETTER_COLOURS, LETTERS
from workshop.charts.marks import (
    FIRST,
    SECOND,
    TWO_LINES,
    Row,
    Spec,
    along,
    as_given,
    at,
    drawing,
    filled,
    mark,
    pixels,
    table,
    words,
)
from workshop.domain.people import Owner
from workshop.wording.figures import exact_money, money, percent, range_of_money, symbol
from workshop.wording.shortening import shorten

WORDS, MONEY = 0.52, 0.91
"""Where, as parts of the width, the words of an idea end on the board, and where its money."""

LONGEST_TITLE, LONGEST_TEAM = 36, 12
"""Characters of an idea's title and of its mini-team on the board."""

_IDEAS = {
    "place": "Place",
    "title": "Idea",
    "department": "Department",
    "exact": "Expected gain a year",
    "range": "10–90 % range",
    "chance": "Chance of the top 3",
}

# The same whatever the ideas are: a changed description would build the chart anew.
RANKING_ALT = (
    "The ideas in order of their expected gain a year: for each its department, the range from "
    "10 to 90 %, and the chance that it is among the best three. The table says the same in words."
)


def ranking_chart(ranking: pd.DataFrame, currency: str, large: bool, most: int = 8) -> Spec:
    """The first `most` ideas: place, title, department, gain, 10–90 % range, chance of the top 3.

    `ranking` is in order and has `place, title, step, team, department` (an Owner), `gain, p10,
    p90` (money a year) and `p_top3` (a fraction); its index says which idea is which, so that one
    keeps its marks as it moves. In the order of the gain this is the tornado. The board keeps
    `most` places, taken or not, so that nothing moves but the ideas; it says the step, the
    mini-team and the range in words, under headings of the page's that begin where WORDS and
    MONEY end.
    """
    rows = _ideas(ranking.head(most), currency)
    if large:
        return filled(_board_drawing(most), rows)
    return filled(_ranking_drawing(len(symbol(currency)), len(rows)), rows)


def ranking_table(ranking: pd.DataFrame, currency: str) -> pd.DataFrame:
    """The whole ranking in words: a row an idea."""
    return table(_ideas(ranking, currency), _IDEAS)


@lru_cache
def _board_drawing(slots: int) -> Spec:
    start, end = f"{WORDS} * width", f"{MONEY} * width - letter"
    limit = f"{WORDS} * width - 4.2 * letter"
    layers = [
        *_ranges(start, end),
        *_badge(),
        words("short_title", at("3.2 * letter"), down=FIRST, limit=limit, weight="'bold'"),
        words("step_and_team", at("3.2 * letter"), down=SECOND, limit=limit),
        words("gain", at(start), down=FIRST, weight="'bold'"),
        words("range", at(end), align="right", down=FIRST),
        words("chance", at("width"), align="right"),
    ]
    return drawing(layers, _IDEAS, slots, TWO_LINES, large=True)


@lru_cache
def _ranking_drawing(symbol_length: int, slots: int) -> Spec:
    start, end = "3.2 * letter", "width - 0.6 * letter"
    gains = "width - 7.5 * letter"
    titles = f"{gains} - {2.5 + 0.6 * symbol_length} * letter - {start}"
    layers = [
        *_ranges(start, end),
        *_badge(),
        words("title", at(start), down=FIRST, limit=titles),
        words("gain", at(gains), align="right", down=FIRST, weight="'bold'"),
        words("top", at("width"), align="right", down=FIRST),
    ]
    return drawing(layers, _IDEAS, slots, TWO_LINES, large=False)


def _badge() -> list[alt.Chart]:
    """The place, and under it the department in its colour."""
    centre = at("1.25 * letter")
    return [
        mark("bar", SECOND, height=pixels("1.2 * letter"), cornerRadius=3).encode(
            x=at("0"), x2=at("2.5 * letter"), color=as_given("colour")
        ),
        words(
            "letter",
            centre,
            align="center",
            down=SECOND,
            weight="'bold'",
            colour="datum.letter_colour",
        ),
        words("place", centre, align="center", down=FIRST, weight="'bold'"),
    ]


def _ranges(start: str, end: str) -> list[alt.Chart]:
    """A rail, in it the 10–90 % range, on that a dot at the expected gain."""
    rail = mark("rule", SECOND, color=INK, opacity=0.12, strokeWidth=2)
    dot = mark(
        "point",
        SECOND,
        shape="circle",
        filled=True,
        opacity=1,
        size=pixels("0.9 * letter * letter"),
        stroke="#FFFFFF",
        strokeWidth=2,
    )
    return [
        rail.encode(x=along("low", start, end), x2=at(start)),
        rail.encode(x=along("high", start, end), x2=at(end)),
        mark("bar", SECOND, height=pixels("0.7 * letter"), opacity=0.6, cornerRadius=2).encode(
            x=along("low", start, end), x2=alt.X2("high"), color=as_given("colour")
        ),
        dot.encode(x=along("expected", start, end), color=as_given("colour")),
    ]


def _ideas(ranking: pd.DataFrame, currency: str) -> list[Row]:
    longest = max([0.0, *map(float, ranking["gain"]), *map(float, ranking["p90"])]) or 1.0
    return [
        {"key": str(key), **_idea(idea, currency, longest)}
        for key, idea in ranking.to_dict("index").items()
    ]


def _idea(idea: Mapping[Any, Any], currency: str, longest: float) -> Row:
    owner, chance = Owner(idea["department"]), percent(idea["p_top3"])
    return {
        "place": str(idea["place"]),
        "title": idea["title"],
        "short_title": shorten(idea["title"], LONGEST_TITLE),
        "step_and_team": f"{idea['step']} · {shorten(idea['team'], LONGEST_TEAM)}",
        "department": f"{owner} ({LETTERS[owner]})",
        "gain": money(idea["gain"], currency),
        "exact": exact_money(idea["gain"], currency),
        "range": range_of_money(idea["p10"], idea["p90"], currency),
        "chance": chance,
        "top": f"top 3: {chance}",
        "letter": LETTERS[owner],
        "letter_colour": LETTER_COLOURS[owner],
        "colour": COLOURS[owner],
        "low": idea["p10"] / longest,
        "expected": idea["gain"] / longest,
        "high": idea["p90"] / longest,
    }
