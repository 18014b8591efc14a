"""What every part of the report says alike: amounts, rates, charts."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from workshop.charts import Spec
from workshop.charts.printing import on_paper, printed
from workshop.exports.results import Results
from workshop.exports.typesetting import CHART_FONT
from workshop.wording import figures

WIDTH = 720
"""Of a chart as wide as the page, in pixels; a letter of it takes 14."""


def money(results: Results, worth: float) -> str:
    """Money as people speak; nothing is said of what is not known."""
    return figures.NOT_SAID if pd.isna(worth) else figures.money(worth, results.funnel.currency)


def rate(share: float | None) -> str:
    return figures.NOT_SAID if share is None or pd.isna(share) else figures.percent(share)


def days(number: float | None) -> str:
    return figures.NOT_SAID if number is None or pd.isna(number) else f"{number:,.4g}"


@dataclass
class Drawings:
    """The charts of a document, with the words that stand in for them.

    They are drawn all at once, since what draws them takes most of its time to start.
    """

    _charts: list[Spec] = field(default_factory=list)
    _alts: list[str] = field(default_factory=list)

    def add(self, chart: Spec, alt: str, width: int = WIDTH) -> int:
        """Take a chart; returns its place, by which the template finds it."""
        self._charts.append(on_paper(chart, width, CHART_FONT))
        self._alts.append(alt)
        return len(self._charts) - 1

    def drawn(self) -> list[dict[str, str]]:
        svgs = printed(self._charts)
        return [{"svg": svg, "alt": alt} for svg, alt in zip(svgs, self._alts, strict=True)]
