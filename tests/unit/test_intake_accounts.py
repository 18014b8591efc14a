"""Every row and every lead is accounted for, and the last word counts, whatever a file holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.cases import Case, assert_accounted, cohort_of, read_text
from workshop.domain.import_codes import Counting
from workshop.intake import Code, Cohort, IntakeError
from workshop.intake.layout import Shape
from workshop.intake.lead_groups import LOST, OPEN
from workshop.wording.figures import counted

SOME = settings(
    max_examples=5,
    derandomize=True,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # to make a failure smaller takes minutes
)
BEGIN = date(2025, 3, 14)

days = st.integers(0, 90).map(lambda days: str(BEGIN + timedelta(days=days)))
dates = st.one_of(days, days, days, st.sampled_from(["", "", "soon", "2031-05-17", "1899-12-30"]))
ids = st.sampled_from(["a", "b", "c", "d", "e", "f", "g", ""])


def table(header: str, rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([header, *map(",".join, rows), ""])


@st.composite
def counts(draw: st.DrawFn) -> str:
    numbers = sorted(draw(st.lists(st.integers(0, 900), min_size=2, max_size=6)), reverse=True)
    return table("stage,count", [(f"Stage {n}", str(count)) for n, count in enumerate(numbers)])


@st.composite
def histories(draw: st.DrawFn) -> str:
    stages = st.sampled_from(["Lead", "Demo", "Offer", "Won", "Lost", "Nurture", "Zork", ""])
    if draw(st.integers(0, 3)):
        rows = draw(st.lists(st.tuples(ids, stages, dates), min_size=2, max_size=24))
        return table("lead_id,stage,entered_at", rows)
    return table("lead_id,stage", draw(st.lists(st.tuples(ids, stages), min_size=2, max_size=24)))


@st.composite
def dated(draw: st.DrawFn) -> str:
    columns = {
        "lead_id": ids,
        "created": dates,
        "Demo date": dates,
        "Offer date": dates,
        "Won date": dates,
        "Lost date": dates,
        "status": st.sampled_from(["Won", "Lost", "Open", ""]),
        "loss_reason": st.sampled_from(["Price", "Time", ""]),
    }
    return draw(rows_of(columns, always=("Demo date", "Won date")))


@st.composite
def deals(draw: st.DrawFn) -> str:
    columns = {
        "deal_id": ids,
        "stage": st.sampled_from(["Lead", "Demo", "Offer", "Closed Won", "Closed Lost", ""]),
        "status": st.sampled_from(["won", "lost", "open", "deleted", ""]),
        "created_at": dates,
        "closed_at": dates,
        "loss_reason": st.sampled_from(["Price", "Time", ""]),
        "amount": st.sampled_from(["100", "1,5", "", "much"]),
    }
    return draw(rows_of(columns, always=("status",)))


@st.composite
def rows_of(
    draw: st.DrawFn, columns: dict[str, st.SearchStrategy[str]], always: Sequence[str]
) -> str:
    """A table of some of these columns, `always` among them."""
    chosen = [name for name in columns if name in always or draw(st.integers(0, 3))]
    cells = st.tuples(*(columns[name].map(quoted) for name in chosen))
    return table(",".join(chosen), draw(st.lists(cells, min_size=2, max_size=16)))


def quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


# -- rows and leads --------------------------------------------------------------------------------

SHAPES = {"counts": counts(), "histories": histories(), "dates": dated(), "deals": deals()}


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES)
@SOME
@given(data=st.data())
def test_every_row_and_every_lead_is_accounted_for(
    files: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(files)
    with TemporaryDirectory() as folder:
        try:
            reading = read_text(Path(folder), text)
        except IntakeError:  # the other promise: refused with what is wrong
            return
        assert_accounted(reading)
        assert reading.rows_read <= text.count("\n") - 1
        if reading.shape is not Shape.COUNTS:
            with cohort_of(Case(text, {}, lost=0), Path(folder)) as cohort:
                for counting in Counting:
                    assert_counted(cohort, counting)


def assert_counted(cohort: Cohort, counting: Counting) -> None:
    """Who came in was won, or is lost or open after one of the stages; so too within ten days."""
    for window in (None, timedelta(days=10)):
        groups = cohort.groups(counting, window)
        reached = groups.reached(len(cohort.stages))
        assert list(reached) == sorted(reached, reverse=True)
        gone = [groups.left_after(place) for place in range(len(cohort.stages) - 1)]
        ended = sum(left.with_outcome(outcome).leads for left in gone for outcome in (LOST, OPEN))
        assert reached[0] == reached[-1] + ended
        for left in gone:
            assert sum(left.reasons_for(LOST).values()) <= left.with_outcome(LOST).leads


# -- the last word ---------------------------------------------------------------------------------

STAGES = ("Lead", "Demo", "Offer", "Won")
USUAL = (*[STAGES] * 20, *[("Lead", "Demo", "Lost")] * 20)
"""The ways of so many leads that the others do not change what the stages mean."""

moves = st.lists(st.sampled_from(["Demo", "Offer", "Won", "Lost"]), max_size=6)
ways = st.lists(moves.map(lambda moved: ("Lead", *moved)), min_size=1, max_size=20)

Way = Sequence[str]


def as_history(ways: Sequence[Way]) -> str:
    return table(
        "lead_id,stage,entered_at",
        [
            (f"L{lead}", stage, str(BEGIN + timedelta(days=lead % 30 + 2 * step)))
            for lead, way in enumerate(ways)
            for step, stage in enumerate(way)
        ],
    )


def as_log(ways: Sequence[Way]) -> str:
    """What each change was from and to, with a row for the creation of each."""
    rows = []
    for lead, way in enumerate(ways):
        begun = BEGIN + timedelta(days=lead % 30)
        rows.append((f"L{lead}", way[-1], "Created.", "", "", str(begun)))
        for step, (old, new) in enumerate(pairwise(way), 1):
            edited = str(begun + timedelta(days=2 * step))
            rows.append((f"L{lead}", way[-1], "Stage", old, new, edited))
    return table("Opportunity ID,Stage,Field / Event,Old Value,New Value,Edit Date", rows)


def as_log_of_changes_alone(ways: Sequence[Way]) -> str:
    """What each change was from and to, of leads that changed."""
    rows = [
        (f"L{lead}", old, new, str(BEGIN + timedelta(days=lead % 30 + 2 * step)))
        for lead, way in enumerate(ways)
        for step, (old, new) in enumerate(pairwise(way), 1)
    ]
    return table("Opportunity ID,Old Value,New Value,Edit Date", rows)


def came_to(way: Way) -> int:
    """How many stages a lead reached by its last word; a win taken back is the stage before it."""
    if way[-1] == "Won":
        return len(STAGES)
    steps = [STAGES.index(stage) + 1 for stage in way if stage != "Lost"]
    return min(max(steps), len(STAGES) - 1)


@pytest.mark.parametrize("written", [as_history, as_log, as_log_of_changes_alone])
@SOME
@given(ways=ways)
def test_the_last_word_counts(written: Callable[[Sequence[Way]], str], ways: Sequence[Way]) -> None:
    if written is as_log_of_changes_alone:
        # It has no lead that did not change, and a win before all other stages is a slip there.
        ways = [("Lead", "Demo", *way[1:]) for way in ways]
    told = [*USUAL, *ways]
    ended = Counter(way[-1] for way in told)
    contradicting = sum(
        any(end in way and way[-1] != end for end in ("Won", "Lost")) for way in told
    )
    with TemporaryDirectory() as folder:
        reading = read_text(Path(folder), written(told))
    assert_accounted(reading)
    assert reading.stages == STAGES
    assert (reading.won, reading.lost) == (ended["Won"], ended["Lost"])
    levels = [*map(came_to, told)]
    assert reading.reached == tuple(sum(level > place for level in levels) for place in range(4))
    said = [one.message for one in reading.cautions if one.code is Code.LAST_WORD]
    assert [message.startswith(counted(contradicting, "lead")) for message in said] == [True] * (
        contradicting > 0
    )
