"""How fast a stage history becomes a cohort, next to Polars, pandas and ClickHouse, and in how much
memory.

The histories are made up (see histories.py), as Parquet and as CSV. The question that all four
programs answer is in rivals.py; they must give the same answer, or the bench ends with an error.
All read only the columns that it needs; ours keeps every lead's journey, so that it can answer
the other questions too.

What the four cannot be asked together: windowFunnel counts stages in order, with what may lie
between them said in other ways than our `strict` (it sees the events of the funnel alone); it has
no counting by deepest stage or in any order, and knows nothing of open leads.

Every program runs in a process of its own, whose largest memory is what the system says of it. The
last part, a file of `--many` leads, is about memory alone.

Run it as `python bench/intake.py [--leads 200000] [--many 0] [--repeats 3]`; every figure it prints
is measured in that run.
"""

from __future__ import annotations

import resource
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple, ParamSpec, TypeVar

import rivals
from histories import STAGES, write_csv, write_history
from measuring import machine, spread, timed

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

MOST_MEMORY = 4.0  # GB
MOST_TIMES_DISTINCT = 4.0
OF_RSS = 1 if sys.platform == "darwin" else 1024  # bytes


class Run(NamedTuple):
    """The milliseconds that each repeat took, their answers, and the largest memory in GB."""

    times: list[float]
    answers: list[object]
    memory: float

    def __str__(self) -> str:
        return f"{spread(self.times):44}{self.memory:5.2f} GB"


def apart(action: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
    """What an action answers in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(action, *args, **kwargs).result()


def run(action: Callable[[Path], object], path: Path, repeats: int) -> Run:
    times, answers = timed(lambda _: action(path), repeats)
    return Run(times, answers, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * OF_RSS / 1e9)


# -- what is asked ---------------------------------------------------------------------------------


def distinct_leads(path: Path) -> int:
    import duckdb

    [(leads,)] = duckdb.execute(f"SELECT count(DISTINCT lead) FROM '{path}'").fetchall()
    return int(leads)


def ordered_by_segment(path: Path) -> int:
    from workshop.intake import read_history

    with read_history(path, STAGES, segment="segment") as cohort:
        return int(cohort.by_segment("ordered")[STAGES[0]].sum())


def everything(path: Path) -> dict[str, float]:
    """The milliseconds of each part of a whole cohort."""
    from workshop.domain.import_codes import Counting
    from workshop.intake import read_history
    from workshop.intake.report import Cause

    laps = {}
    begin = perf_counter()

    def lap(name: str) -> None:
        nonlocal begin
        laps[name], begin = 1000 * (perf_counter() - begin), perf_counter()

    with read_history(path, STAGES, reason="reason", segment="segment", value="value") as cohort:
        lap("read")
        for counting in Counting:
            cohort.reached(counting)
            lap(f"leads that reached each stage, {counting}")
        for counting in Counting:
            cohort.by_segment(counting)
        lap("the same by segment, all four")
        cohort.reasons()
        lap("reasons")
        cohort.days()
        lap("days")
        cohort.days_by_month()
        lap("days by month")
        cohort.truth()
        lap("truth about the open ones")
        if set(cohort.report.set_aside) != {Cause.DUPLICATE}:
            sys.exit("other rows were set aside than those that are there twice")
        lap("the report of every row")
    lap("closed")
    return laps


# -- what is told ----------------------------------------------------------------------------------


def shared_question(path: Path, repeats: int) -> None:
    print(f"\nThe shared question, {path.suffix[1:]}: ordered by segment, median days")
    ours = apart(run, rivals.cohort, path, repeats)
    print(f"  {'ours':38}{ours}")
    theirs = {}
    for name, rival in rivals.RIVALS.items():
        theirs[name] = apart(run, rival, path, repeats)
        print(f"  {name:38}{theirs[name]}")
    if len({*ours.answers, *(each for other in theirs.values() for each in other.answers)}) > 1:
        sys.exit("the answers differ")
    print("  the answers are the same; so many times as long as ours:", end="")
    for name, other in theirs.items():
        print(f" {name} {median(other.times) / median(ours.times):.2f}", end="")
    print("   target all above 1")


def against_distinct(path: Path, repeats: int) -> None:
    print(f"\nOrdered by segment, {path.suffix[1:]}")
    ours = apart(run, ordered_by_segment, path, repeats)
    least = apart(run, distinct_leads, path, repeats)
    if {*ours.answers} != {*least.answers}:
        sys.exit("the leads differ in number")
    print(f"  {'ours':38}{ours}")
    print(f"  {'count(DISTINCT lead) of DuckDB':38}{least}")
    times = median(ours.times) / median(least.times)
    print(f"  so many times as long: {times:.2f}   target {MOST_TIMES_DISTINCT:g} at most")


def whole_cohort(path: Path, repeats: int) -> None:
    print(f"\nThe whole cohort, {path.suffix[1:]}")
    whole = apart(run, everything, path, repeats)
    for part in whole.answers[0]:
        print(f"  {part:38}{spread([laps[part] for laps in whole.answers])}")
    print(f"  {'all of it':38}{whole}   target less than {MOST_MEMORY:g} GB")


def main(leads: int, many: int, repeats: int) -> None:
    print(machine("duckdb", "polars", "pandas", "chdb"))
    with TemporaryDirectory(prefix="bench-") as folder:
        parquet, csv = Path(folder) / "history.parquet", Path(folder) / "history.csv"
        rows = apart(write_history, parquet, leads)
        apart(write_csv, parquet, csv)
        print(f"{leads:,} leads, {rows:,} events; {repeats} repeats: ", end="")
        print("median (fastest to slowest), largest memory of the process")
        for path in (parquet, csv):
            shared_question(path, repeats)
            against_distinct(path, repeats)
            whole_cohort(path, repeats)
    if many:
        with TemporaryDirectory(prefix="bench-") as folder:
            parquet = Path(folder) / "history.parquet"
            rows = apart(write_history, parquet, many)
            print(f"\n{many:,} leads, {rows:,} events, once")
            whole_cohort(parquet, 1)


if __name__ == "__main__":
    parser = ArgumentParser(description="How fast a stage history becomes a cohort.")
    parser.add_argument("--leads", type=int, default=5_000_000)
    parser.add_argument("--many", type=int, default=21_700_000, help="leads of the largest file")
    parser.add_argument("--repeats", type=int, default=3)
    main(**vars(parser.parse_args()))
