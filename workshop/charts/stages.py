"""How closely each side thinks that the two work together, and where they see it differently."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from workshop.analysis.relationship import Stage, stage
from workshop.charts.answers import (
    MARKETING,
    POOLED,
    SALES,
    TAG,
    dot,
    mark_at,
    tag,
    tagged,
)
from workshop.charts.colours import INK
from workshop.charts.marks import Height, Row, Spec, at, drawing, filled, mark, pixels, table, words
from workshop.domain.checks import refuse_outside
from workshop.wording.answers import apart

LOWEST, HIGHEST = 1, 5
STAGE_NAMES = {
    Stage.UNDEFINED: "undefined",
    Stage.DEFINED: "defined",
    Stage.ALIGNED: "aligned",
    Stage.INTEGRATED: "integrated",
}

EDGE = TAG / 2
"""Letters beside the line, for half of a tag at either end."""

STAGES = Height(5.6, 6, 7)
GAP_ON_BOARD, GAP = Height(5, 5.4, 6.5), Height(6, 6.6, 7)
# In letters below the line with the two means; on the board the verdict stands by the statement.
STATEMENT, UPPER, LOWER, VERDICT = -2.4, -1.1, 1.1, 2.3
VERDICT_LENGTH = 17
"""Letters that the longest verdict takes."""

_MEANS = {"name": "Side", "mean": "Mean, from 1 to 5", "stage": "Stage"}
_GAPS = {
    "statement": "Statement",
    "sales": "Sales, from 1 to 5",
    "marketing": "Marketing, from 1 to 5",
    "verdict": "Difference",
}


class Gap(NamedTuple):
    """A statement with the means of both sides' answers, from 1 to 5.

    `beyond_chance` is what `analysis.relationship.is_beyond_chance` says of their answers.
    """

    statement: str
    sales: float
    marketing: float
    beyond_chance: bool


def stages_chart(
    sales_mean: float | None,
    marketing_mean: float | None,
    pooled_mean: float | None = None,
    *,
    large: bool = False,
) -> Spec:
    """The four stages in a line from 1 to 5; on it the mean of sales above, marketing below.

    A side without answers (None) has no mark; `pooled_mean`, of both sides together, stands alone.
    Raises ValueError for a mean outside 1..5.
    """
    means = _means(sales_mean, marketing_mean, pooled_mean)
    row: Row = {"told": _told(means)}
    for field, looks in (("upper", POOLED if pooled_mean else SALES), ("lower", MARKETING)):
        mean = next((each["value"] for each in means if each["name"] == looks.name), None)
        row |= {f"{field}_at": _share(mean or LOWEST), f"{field}_known": mean is not None}
        row |= tagged(field, looks, f"{mean or 0:.1f}")
    return filled(_stage_drawing(large), [row])


def stages_table(
    sales_mean: float | None, marketing_mean: float | None, pooled_mean: float | None = None
) -> pd.DataFrame:
    """The means in words: a row for each side that has answered."""
    return table(_means(sales_mean, marketing_mean, pooled_mean), _MEANS)


def stages_alt(
    sales_mean: float | None, marketing_mean: float | None, pooled_mean: float | None = None
) -> str:
    """The stages in a sentence.

    >>> stages_alt(2.4, 3.1)
    'Undefined, defined, aligned, integrated: sales (S) 2.4, defined; marketing (M) 3.1, aligned.'
    """
    told = _told(_means(sales_mean, marketing_mean, pooled_mean)) or "nobody has answered"
    return f"{', '.join(STAGE_NAMES.values()).capitalize()}: {told}."


def gaps_chart(rows: Sequence[Gap], *, large: bool = False) -> Spec:
    """Statements, each with the means of both sides on a line from 1 to 5, in the order given.

    Raises ValueError for a mean outside 1..5.
    """
    return filled(_gap_drawing(len(rows), large), [_gap(each) for each in rows])


def gaps_table(rows: Sequence[Gap]) -> pd.DataFrame:
    """The gaps in words: a row a statement."""
    return table([_gap(each) for each in rows], _GAPS)


def gaps_alt(rows: Sequence[Gap]) -> str:
    """The gaps in a sentence.

    >>> gaps_alt([Gap("We share goals.", 4.1, 2.3, True)])
    'Where the sides differ, from 1 to 5: “We share goals.” sales 4.1, marketing 2.3, 1.8 apart.'
    """
    told = "; ".join(
        f"“{row['statement']}” sales {row['sales']}, marketing {row['marketing']}, {row['verdict']}"
        for row in map(_gap, rows)
    )
    return f"Where the sides differ, from 1 to 5: {told or 'nowhere'}."


def _means(*means: float | None) -> list[Row]:
    each = zip((SALES, MARKETING, POOLED), means, strict=True)
    return [
        {
            "name": looks.name,
            "value": mean,
            "mean": f"{mean:.1f}",
            "stage": STAGE_NAMES[stage(mean)],
        }
        for looks, mean in each
        if mean is not None
    ]


def _told(means: Sequence[Row]) -> str:
    return "; ".join(f"{each['name']} {each['mean']}, {each['stage']}" for each in means)


def _gap(gap: Gap) -> Row:
    for mean in (gap.sales, gap.marketing):
        refuse_outside("a mean", mean, LOWEST, HIGHEST)
    sales, marketing = f"{gap.sales:.1f}", f"{gap.marketing:.1f}"
    return {
        "statement": gap.statement,
        "sales": sales,
        "marketing": marketing,
        "verdict": apart(gap.sales - gap.marketing, beyond_chance=gap.beyond_chance),
        "upper_at": _share(gap.sales),
        "lower_at": _share(gap.marketing),
        **tagged("upper", SALES, sales),
        **tagged("lower", MARKETING, marketing),
    }


def _share(mean: float) -> float:
    return (mean - LOWEST) / (HIGHEST - LOWEST)


def _on(share: object) -> Any:
    """A position on the line from 1 to 5."""
    return at(f"{EDGE} * letter + {share} * (width - {2 * EDGE} * letter)")


@lru_cache
def _stage_drawing(large: bool) -> Spec:
    layers: list[alt.Chart] = []
    for place, name in enumerate(STAGE_NAMES.values()):
        part = mark("bar", 0, height=pixels("1.8 * letter"), color=INK, opacity=0.08 * (place + 1))
        layers += [
            part.encode(x=_on(place / 4), x2=_on((place + 1) / 4)),
            mark_at("0", "text", align="center", baseline="middle", color=INK, text=name).encode(
                x=_on((place + 0.5) / 4), size=alt.value(alt.ExprRef("letter"))
            ),
        ]
    for field, down, points in (("upper", -1, "triangle-down"), ("lower", 1, "triangle-up")):
        x = _on(f"datum.{field}_at")
        pointer = dot(
            f"{1.1 * down} * letter",
            "0.7 * letter",
            x,
            colour=f"datum.{field}_colour",
            shape=f"'{points}'",
        )
        for layer in (pointer, *tag(field, x, 2 * down)):
            layers.append(layer.transform_filter(f"datum.{field}_known"))
    return drawing(layers, {"told": "Stage"}, 1, STAGES, large)


@lru_cache
def _gap_drawing(slots: int, large: bool) -> Spec:
    line = 0.65 if large else 0.05
    verdict, room = (
        (STATEMENT, f"width - {VERDICT_LENGTH} * letter") if large else (VERDICT, "width")
    )
    ends = {field: _on(f"datum.{field}_at") for field in ("upper", "lower")}
    layers = [
        words("statement", at("0"), down=line + STATEMENT, limit=room),
        words("verdict", at("width"), align="right", down=line + verdict),
        mark("rule", line, color=INK, opacity=0.3, strokeWidth=2).encode(x=_on(0), x2=_on(1)),
        mark("rule", line, color=INK, strokeWidth=pixels("0.25 * letter")).encode(
            x=ends["upper"], x2=ends["lower"]
        ),
    ]
    for field, down in (("lower", LOWER), ("upper", UPPER)):
        layers += [
            dot(
                f"{line} * letter",
                "0.8 * letter",
                ends[field],
                colour=f"datum.{field}_colour",
                shape=f"datum.{field}_shape",
            ),
            *tag(field, ends[field], line + down),
        ]
    return drawing(layers, _GAPS, slots, GAP_ON_BOARD if large else GAP, large)
