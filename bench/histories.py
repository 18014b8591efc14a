"""Stage histories of companies that do not exist, as large as anybody asks for.

Leads enter over two years and go from stage to stage, after lognormal times; what would happen
after the end is not in the file, so those leads are open. Less than half of the losses are
recorded, with a reason. One lead in twenty-five has no segment. Some skip a stage. About two leads
in a hundred enter a stage twice: they come back to the one before, but never from won, or were too
early, before the stage that it follows. One row in a thousand is there twice. The rows are in order
of time, so that those of a lead lie far apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]

STAGES = ("Lead", "MQL", "SQL", "Opportunity", "Won")
LOST = "Lost"
REASONS = ("No budget", "No follow-up", "Competitor", "Timing", "No need", "Price")
SEGMENTS = ("organic search", "paid search", "social", "email", "referral", "events", "partners")
SHARES = (0.04, 0.30, 0.20, 0.15, 0.11, 0.10, 0.06, 0.04)  # of the leads; the first has no segment

RATES, DAYS = (0.46, 0.52, 0.58, 0.55), (6, 10, 14, 20)  # of the steps; days are medians
TOLD = 0.46  # of those lost
SKIPPED, BACK, EARLY = 0.03, 0.012, 0.025  # of those who enter a stage
REPEATED = 0.001  # of the rows
HOUR, DAY = 3600, 86_400
END = 730 * DAY
AT_ONCE = 500_000  # leads


def write_history(to: Path, leads: int, seed: int = 0) -> int:
    """Write a Parquet file of so many leads; how many rows it has."""
    connection = duckdb.connect(str(to.with_suffix(".duckdb")), config={"memory_limit": "2GB"})
    connection.execute("SET enable_progress_bar = false")
    connection.execute(
        "CREATE TABLE event (lead INTEGER, stage TINYINT, second INTEGER, reason TINYINT, "
        "segment TINYINT)"
    )
    for events in histories(leads, seed):
        connection.register("events", events).execute("INSERT INTO event SELECT * FROM events")
    names = {"stages": [*STAGES, LOST], "reasons": list(REASONS), "segments": list(SEGMENTS)}
    connection.execute(
        f"""COPY (
            SELECT
                printf('L%08d', lead) AS lead,
                ({names["stages"]})[stage + 1] AS stage,
                TIMESTAMP '2024-01-01' + to_seconds(second) AS entered_at,
                ({names["reasons"]})[reason + 1] AS reason,
                ({names["segments"]})[segment] AS segment,
                CASE WHEN stage = {len(STAGES) - 1} THEN 8000.0 + 500 * segment END AS value
            FROM event ORDER BY second, lead, stage
        ) TO '{to}' (FORMAT parquet)"""
    )
    [(rows,)] = connection.execute("SELECT count(*) FROM event").fetchall()
    connection.close()
    to.with_suffix(".duckdb").unlink()
    return int(rows)


def write_csv(parquet: Path, to: Path) -> None:
    """The rows of a Parquet file as CSV, in the same order."""
    duckdb.execute("SET enable_progress_bar = false")
    duckdb.execute(f"COPY (FROM '{parquet}') TO '{to}' (FORMAT csv, HEADER)")


def histories(leads: int, seed: int) -> Iterator[pd.DataFrame]:
    """The events of all leads, those of some of them at a time."""
    for first in range(0, leads, AT_ONCE):
        stream = np.random.default_rng([seed, first])
        yield history(first, min(AT_ONCE, leads - first), stream)


def history(first: int, leads: int, stream: np.random.Generator) -> pd.DataFrame:
    """`lead, stage, second, reason, segment` as numbers; no segment is 0, no reason is −1."""
    parts: list[pd.DataFrame] = []

    def enter(who: Array, stage: int, second: Array, reason: Array | int = -1) -> None:
        columns = {"lead": who, "stage": stage, "second": second, "reason": reason}
        parts.append(pd.DataFrame(columns))

    def some(share: Array | float) -> Array:
        return stream.random(len(who)) < share

    segment = stream.choice(len(SHARES), leads, p=SHARES)
    who, entered = np.arange(leads), stream.integers(0, END, leads)
    enter(who, 0, entered)
    for stage, (rate, days) in enumerate(zip(RATES, DAYS, strict=True), 1):
        takes = stream.lognormal(np.log(days * DAY), 1, len(who))
        then = entered + np.maximum(2 * HOUR, takes).astype(int)
        won = some(rate * (0.9 + 0.04 * segment[who]))
        seen = then < END
        lost = seen & ~won & some(TOLD)
        enter(who[lost], len(STAGES), then[lost], stream.integers(len(REASONS), size=lost.sum()))
        advanced = seen & won
        here = advanced & ~some(SKIPPED * (stage < len(STAGES) - 1))
        enter(who[here], stage, then[here])
        back = here & some(BACK * (stage < len(STAGES) - 1))
        enter(who[back], stage - 1, np.minimum(then[back] + HOUR, END))
        early = here & some(EARLY * (stage > 1))
        enter(who[early], stage, np.maximum(entered[early] - HOUR, 0))
        who, entered = who[advanced], then[advanced]
    events = pd.concat(parts, ignore_index=True)
    again = events.sample(frac=REPEATED, random_state=stream)
    events = pd.concat([events, again], ignore_index=True)
    return events.assign(segment=segment[events["lead"]], lead=events["lead"] + first)
