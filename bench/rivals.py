"""One question about a stage history, asked of four programs in the best way we know of each.

How many leads of each segment reached each stage in order, whatever lies between, and how many
days half of those who advance need for each step. The days lie between the first time a lead
entered the one stage and the other, where these are in order. The answer is the same in all: a
row `segment, leads, leads, …` for each segment, and a number of days for each step.

Each program is imported where it is used, so that its process holds no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from histories import STAGES

DAY = 86_400_000_000  # microseconds
NONE = "(none)"
STEPS = list(pairwise(range(len(STAGES))))


class Answer(NamedTuple):
    reached: tuple[tuple[str | int, ...], ...]
    days: tuple[float, ...]


def answer(reached: Iterable[Iterable[Any]], days: Iterable[float]) -> Answer:
    """In an order of its own, days to a millionth."""
    named = [(str(segment or NONE), *map(int, leads)) for segment, *leads in reached]
    return Answer(tuple(sorted(named)), tuple(round(float(number), 6) for number in days))


def cohort(path: Path) -> Answer:
    """Ours: the import of these columns, then the question."""
    from workshop.intake import read_history

    with read_history(path, STAGES, segment="segment") as leads:
        reached = leads.by_segment("ordered").itertuples(index=False, name=None)
        return answer(reached, leads.days()["median"])


def polars(path: Path) -> Answer:
    """The events are read once; each stage of the chain is one join.

    One lazy query for all of it reads the file anew for each stage, and takes longer.
    """
    import polars as pl

    columns = ["lead", "stage", "entered_at", "segment"]
    at, stage = pl.col("entered_at"), pl.col("stage")
    file = (
        pl.scan_parquet(path)
        if path.suffix == ".parquet"
        else pl.scan_csv(path, schema_overrides={"entered_at": pl.Datetime("us")})
    )
    events = file.select(columns).collect()
    firsts = {f"t{k}": at.filter(stage == name).min() for k, name in enumerate(STAGES)}
    leads = (
        events.lazy()
        .group_by("lead")
        .agg(pl.col("segment").max(), **firsts)
        .with_columns(c0="t0")
        .collect(engine="streaming")
    )
    for k, name in list(enumerate(STAGES))[1:]:
        following = (
            events.lazy()
            .filter(stage == name)
            .join(leads.lazy().select("lead", f"c{k - 1}"), on="lead")
            .filter(at >= pl.col(f"c{k - 1}"))
            .group_by("lead")
            .agg(at.min().alias(f"c{k}"))
        )
        leads = leads.lazy().join(following, on="lead", how="left").collect(engine="streaming")
    reached = leads.group_by("segment").agg(pl.col(f"c{k}").count() for k in range(len(STAGES)))
    days = leads.select(
        (pl.col(f"t{b}") - pl.col(f"t{a}"))
        .filter(pl.col(f"t{b}") >= pl.col(f"t{a}"))
        .dt.total_microseconds()
        .median()
        .alias(f"d{b}")
        / DAY
        for a, b in STEPS
    )
    return answer(reached.rows(), days.row(0))


def pandas(path: Path) -> Answer:
    """Leads become numbers once; each stage of the chain is one grouping."""
    import pandas as pd

    columns = ["lead", "stage", "entered_at", "segment"]
    events = (
        pd.read_parquet(path, columns=columns)
        if path.suffix == ".parquet"
        else pd.read_csv(path, usecols=columns, parse_dates=["entered_at"], engine="pyarrow")
    )
    events["lead"] = pd.factorize(events["lead"])[0]
    known = events.dropna(subset="segment").drop_duplicates("lead")
    segment = known.set_index("lead")["segment"]
    entered = [events.loc[events["stage"] == name, ["lead", "entered_at"]] for name in STAGES]
    first = [stage.groupby("lead")["entered_at"].min() for stage in entered]
    took = [(first[b] - first[a].reindex(first[b].index)) / pd.Timedelta(days=1) for a, b in STEPS]
    chain = [first[0]]
    for stage in entered[1:]:
        later = stage[stage["entered_at"] >= stage["lead"].map(chain[-1])]
        chain.append(later.groupby("lead")["entered_at"].min())
    named = [segment.reindex(reached.index).fillna(NONE).value_counts() for reached in chain]
    reached = pd.concat(named, axis="columns").fillna(0)
    return answer(reached.itertuples(name=None), [days[days >= 0].median() for days in took])


def chdb(path: Path) -> Answer:
    """ClickHouse's windowFunnel, with a window that never ends.

    In its default mode other events may lie between, and events of one moment count as in order:
    as we count. It says nothing of days: these are asked for beside it.
    """
    import json

    from chdb import query

    is_parquet = path.suffix == ".parquet"
    segment = "Nullable(String)" if is_parquet else "String"
    columns = f"lead String, stage String, entered_at DateTime64(6), segment {segment}"
    if not is_parquet:  # all columns of a CSV file have to be named, in their order
        columns = columns.replace("segment", "reason String, segment") + ", value String"
    file = f"file('{path}', '{'Parquet' if is_parquet else 'CSVWithNames'}', '{columns}')"
    stages = [f"stage = '{name}'" for name in STAGES]
    firsts = ", ".join(f"minIf(at, {stage}) AS t{k}" for k, stage in enumerate(stages))
    reached = ", ".join(f"countIf(level > {k})" for k in range(len(STAGES)))
    days = ", ".join(
        f"quantileExactInclusiveIf(0.5)((t{b} - t{a}) / {DAY}, t{a} > 0 AND t{b} >= t{a})"
        for a, b in STEPS
    )
    [every, *segments] = json.loads(
        query(
            f"""
            SELECT segment, {reached}, {days} FROM (
                SELECT lead, any(segment) AS segment, {firsts},
                    windowFunnel({2**63 - 1})(at, {", ".join(stages)}) AS level
                FROM (SELECT *, toUInt64(toUnixTimestamp64Micro(entered_at)) AS at FROM {file})
                GROUP BY lead
            ) GROUP BY GROUPING SETS ((), (segment))
            ORDER BY grouping(segment) DESC
            SETTINGS output_format_json_quote_64bit_integers = 0""",
            "JSONCompact",
        ).bytes()
    )["data"]
    stop = 1 + len(STAGES)
    return answer([row[:stop] for row in segments], every[stop:])


RIVALS = {"polars": polars, "pandas": pandas, "chdb": chdb}
