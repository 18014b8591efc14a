"""Charts on paper: the same specs, drawn once, without a browser and without a network."""

from __future__ import annotations

from typing import Any

import altair as alt
import vl_convert

from workshop.charts.marks import Spec

INK_ON_PAPER = "#1A1A1A"
# The converter brings versions of Vega-Lite along and calls them "6.4", where Altair says "v6.4.1".
VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def printed(chart: Spec, width: int, font: str) -> str:
    """The chart as SVG, so many pixels wide, its words in a font that the document has.

    Only the words' places depend on the machine: where it does not have the font, they are
    measured in another one. Nothing is loaded: a chart that asks for an address is refused.
    """
    own: dict[str, Any] = chart.get("config", {})
    config = {**own, "font": font, "view": {**own.get("view", {}), "stroke": None}}
    svg: str = vl_convert.vegalite_to_svg(
        {**chart, "config": config, "width": width},
        vl_version=VERSION,
        allowed_base_urls=[],
    )
    # What is `currentColor` on a page, which has an ink of its own.
    return svg.replace("<svg ", f'<svg color="{INK_ON_PAPER}" ', 1)
