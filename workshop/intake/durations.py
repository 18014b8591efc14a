"""How long leads take from stage to stage, from the journeys in a database."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workshop.intake.journeys import DAY
from workshop.intake.lead_database import LeadDatabase

SUMMARY = "avg(days), quantile_cont(days, 0.5), quantile_cont(days, 0.9)"
BY_MONTH = """date_trunc('month', make_timestamp(began))::DATE AS month,
    count(*) AS leads, quantile_cont(days, 0.5) AS median"""


def days_to_advance(database: LeadDatabase, steps: Sequence[str]) -> pd.DataFrame:
    """Days from entering a step to advancing: `step, mean, median, p90`, a row a step.

    NaN where nobody's two dates are known and in order.
    """
    rows = [
        (step, *database.query(durations(database, place, SUMMARY))[0])
        for place, step in enumerate(steps)
    ]
    numbers = ["mean", "median", "p90"]
    return pd.DataFrame(rows, columns=["step", *numbers]).astype(dict.fromkeys(numbers, float))


def days_to_advance_by_month(database: LeadDatabase, steps: Sequence[str]) -> pd.DataFrame:
    """The trend of the days to advance: `step, month, leads, median`, by month of entering."""
    frames = [
        database.query_frame(
            f"{durations(database, place, BY_MONTH)} GROUP BY month ORDER BY month"
        ).assign(step=step)
        for place, step in enumerate(steps)
    ]
    return pd.concat(frames)[["step", "month", "leads", "median"]].reset_index(drop=True)


def durations(database: LeadDatabase, place: int, columns: str) -> str:
    """The statement for columns made of when those who advanced `began`, and their `days`."""
    begins, ends, day = f"t{place}", f"t{place + 1}", DAY
    took = (
        f"({ends} - {begins}) / {day}.0"
        if has_clock(database, place, begins) and has_clock(database, place, ends)
        else f"{ends} // {day} - {begins} // {day}"
    )
    return (
        f"SELECT {columns} FROM (SELECT {begins} AS began, {took} AS days FROM journey "
        f"WHERE {ends} >= {begins}) AS durations"
    )


def has_clock(database: LeadDatabase, place: int, moment: str) -> bool:
    """Whether any of a step's moments has a time of day; days are whole where none has."""
    return bool(
        database.query(
            f"SELECT 1 FROM journey WHERE t{place + 1} >= t{place} "
            f"AND {moment} % {DAY} <> 0 LIMIT 1"
        )
    )
