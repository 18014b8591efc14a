"""What every part of the report says alike: amounts, rates, charts."""

from __future__ import annotations

import pandas as pd

from workshop.charts import Spec
from workshop.charts.printing import printed
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


def drawn(chart: Spec, alt: str, width: int = WIDTH) -> dict[str, str]:
    """A chart for the template, with the words that stand in for it."""
    return {"svg": printed(chart, width, CHART_FONT), "alt": alt}
