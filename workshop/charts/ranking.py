"""The ideas in order: what each could bring, how sure that is, and who would do it."""

from __future__ import annotations

from collections.abc import Mapping
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
    drawn,
    mark,
    pixels,
    table,
    wide,
    words,
)
from workshop.figures import count, exact_money, money, percent, range_of_money
from workshop.model import Owner

_IDEAS = {
    "place": "Place",
    "title": "Idea",
    "department": "Department",
    "exact": "Expected gain a year",
    "range": "10–90 % range",
    "chance": "Chance of the top 3",
}


def ranking_chart(ranking: pd.DataFrame, currency: str, large: bool, most: int = 8) -> Spec:
    """The first `most` ideas: place, title, department, gain, 10–90 % range, chance of the top 3.

    `ranking` is in order and has `place, title, department` (an Owner), `gain, p10, p90`
    (money a year) and `p_top3` (a fraction). In the order of the gain this is the tornado. The
    board keeps `most` places, taken or not, so that nothing moves but the ideas.
    """
    rows = _ideas(ranking.head(most), currency)
    start, end = "3.2 * letter", "width - 0.6 * letter"
    gains = f"width - {wide(rows, 'top') + 1} * letter"
    titles = f"{gains} - {wide(rows, 'gain') + 1} * letter - {start}"
    badge = at("1.25 * letter")
    layers = [
        *_ranges(start, end),
        mark("bar", SECOND, height=pixels("1.15 * letter"), cornerRadius=3).encode(
            x=at("0"), x2=at("2.5 * letter"), color=as_given("colour")
        ),
        words(
            "letter",
            badge,
            align="center",
            down=SECOND,
            size=0.8,
            weight="'bold'",
            colour="datum.letter_colour",
        ),
        words("place", badge, align="center", down=FIRST, weight="'bold'"),
        words("title", at(start), down=FIRST, limit=titles),
        words("gain", at(gains), align="right", down=FIRST, weight="'bold'"),
        words("top", at("width"), align="right", down=FIRST),
    ]
    return drawn(layers, rows, _IDEAS, most if large else len(rows), TWO_LINES, large)


def ranking_table(ranking: pd.DataFrame, currency: str) -> pd.DataFrame:
    """The whole ranking in words: a row an idea."""
    return table(_ideas(ranking, currency), _IDEAS)


def ranking_alt(ranking: pd.DataFrame, currency: str) -> str:
    """The ranking in a sentence: how many ideas, and the first three."""
    if ranking.empty:
        return "No ideas yet."
    first = _ideas(ranking.head(3), currency)
    told = ", ".join(f"{row['place']} {row['title']} {row['gain']}" for row in first)
    return f"Ranking by expected gain a year, {count(len(ranking))} ideas: {told}."


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
            x=along("low", start, end), x2="high", color=as_given("colour")
        ),
        dot.encode(x=along("expected", start, end), color=as_given("colour")),
    ]


def _ideas(ranking: pd.DataFrame, currency: str) -> list[Row]:
    longest = max([0.0, *map(float, ranking["gain"]), *map(float, ranking["p90"])]) or 1.0
    return [_idea(idea, currency, longest) for idea in ranking.to_dict("records")]


def _idea(idea: Mapping[Any, Any], currency: str, longest: float) -> Row:
    owner, chance = Owner(idea["department"]), percent(idea["p_top3"])
    return {
        "place": str(idea["place"]),
        "title": idea["title"],
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
