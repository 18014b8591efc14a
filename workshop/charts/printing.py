"""Charts on paper: the same specs, drawn once, without a browser and without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import altair as alt

from workshop.charts.marks import Spec

INK_ON_PAPER = "#1A1A1A"
SECONDS = 60
# The converter brings versions of Vega-Lite along and calls them "6.4", where Altair says "v6.4.1".
VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
PROCESS = Path(__file__).with_name("svg_process.py")
one_at_a_time = Lock()  # each takes a core


def on_paper(chart: Spec, width: int, font: str) -> Spec:
    """The chart so many pixels wide, its words in a font that the document has."""
    own = chart.get("config", {})
    view = {**own.get("view", {}), "stroke": None}
    return {**chart, "width": width, "config": {**own, "font": font, "view": view}}


def printed(charts: Iterable[Spec]) -> list[str]:
    """The charts as SVG, in their order.

    Only where words are cut depends on the machine: if it does not have their font, they are
    measured in another one. Raises `subprocess.SubprocessError` where a chart cannot be drawn.
    """
    asked = json.dumps({"version": VERSION, "charts": list(charts)})
    with one_at_a_time:
        done = subprocess.run(
            [sys.executable, "-I", PROCESS],
            input=asked,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=True,
        )
    drawn: list[str] = json.loads(done.stdout)
    # What is `currentColor` on a page, which has an ink of its own.
    return [svg.replace("<svg ", f'<svg color="{INK_ON_PAPER}" ', 1) for svg in drawn]
