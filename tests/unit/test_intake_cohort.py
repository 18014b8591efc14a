"""Lead-level files: how far leads came, in four ways of counting, and what became of every row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from workshop.analysis.maturity import Basis
from workshop.domain.import_codes import Counting
from workshop.intake import Code, Cohort, IntakeError, read_history
from workshop.intake.plausibility import cautions
from workshop.intake.report import Cause

STAGES = ("Lead", "MQL", "SQL", "Won")
BEGIN = datetime(2026, 1, 1)
Event = tuple[str, str, int]  # lead, stage, hour


def written(
    path: Path, header: str, rows: Iterable[Iterable[str]], encoding: str = "utf-8"
) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


def at(day: float) -> str:
    return str(BEGIN + timedelta(days=day))


def history(folder: Path, *rows: tuple[str, str, float]) -> Cohort:
    dated = [(lead, stage, at(day)) for lead, stage, day in rows]
    return read_history(written(folder / "h.csv", "lead,stage,entered_at", dated), STAGES)


# -- the four countings, against the plainest way to say them --------------------------------------


WON, LOST = 3, 8


def last_word_counts(own: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The events without wins that a later word takes back; a win before all else stays."""
    wins = [hour for hour, place in own if place == WON]
    others = [hour for hour, place in own if place < WON]
    word = max((hour, {WON: 10, LOST: 9}.get(place, place)) for hour, place in own if place < 9)
    if not wins or word[1] == 10 or (others and min(wins) < min(others)):
        return sorted(set(own))
    return sorted({event for event in own if event[1] != WON})


def level(counting: str, told: Sequence[tuple[int, int]], window: int | None) -> int:
    """How many stages one lead reached; `told` are its events as (hour, place), place 9 others."""
    own = last_word_counts(told)
    if counting == "deepest":
        was_won = own != sorted(set(told))
        if was_won and (window is None or WON - 1 not in {place for _, place in own}):
            return WON
        known = [(place, hour) for hour, place in own if place < len(STAGES)]
        first = {}
        for place, hour in known:
            first.setdefault(place, hour)
        if not first:
            return 1
        start = first[min(first)]
        width = 10**6 if window is None else window
        return max(place for place, hour in first.items() if hour <= start + width) + 1
    return max((_from(counting, own, begin, window) for begin in range(len(own))), default=0)


def _from(counting: str, own: Sequence[tuple[int, int]], begin: int, window: int | None) -> int:
    hour = own[begin][0]
    later = [event for event in own[begin:] if window is None or event[0] <= hour + window]
    if counting == "any":
        there = {place for _, place in (later if window is not None else own)}
        if window is not None:
            there = {place for at, place in own if hour <= at <= hour + window}
        return next(place for place in range(10) if place not in there)
    if own[begin][1] != 0:
        return 0
    reached, last = 1, own[begin]
    for event in later[1:]:
        if event[1] == reached and (counting == "ordered" or event[0] > last[0]):
            reached += 1
            last = event
        elif counting == "strict":
            break
    return reached


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([*STAGES, "Lost", "Nurture"]),
        st.integers(0, 8),
    ),
    min_size=1,
    max_size=14,
).filter(lambda events: any(stage in STAGES for _, stage, _ in events))


@examples(15)
@given(EVENTS, st.sampled_from([None, 0, 1, 2, 5]))
def test_every_counting_is_what_its_sentence_says(events: list[Event], window: int | None) -> None:
    places = {stage: place for place, stage in enumerate(STAGES)} | {"Lost": LOST}
    width = None if window is None else timedelta(hours=window)
    with (
        TemporaryDirectory() as folder,
        history(
            Path(folder), *((lead, stage, hour / 24) for lead, stage, hour in events)
        ) as cohort,
    ):
        for counting in Counting:
            levels = [
                level(
                    counting,
                    [(hour, places.get(stage, 9)) for who, stage, hour in events if who == lead],
                    window,
                )
                for lead in {lead for lead, stage, _ in events if stage != "Nurture"}
            ]
            expected = tuple(sum(reached > k for reached in levels) for k in range(len(STAGES)))
            assert cohort.reached(counting, width) == expected, counting


EXAMPLE: list[tuple[str, str, float]] = [
    *(("1", stage, day) for stage, day in [("Lead", 0), ("MQL", 1), ("SQL", 2), ("Won", 5)]),
    *(("2", stage, day) for stage, day in [("Lead", 0), ("SQL", 2)]),
    *(("3", stage, day) for stage, day in [("MQL", 0), ("Lead", 1), ("MQL", 4)]),
    *(("4", stage, day) for stage, day in [("MQL", 0), ("Lead", 1), ("SQL", 2)]),
    *(("5", stage, day) for stage, day in [("Lead", 0), ("Lost", 1), ("MQL", 2)]),
]


def test_the_example_of_the_method_is_counted_as_it_says(tmp_path: Path) -> None:
    with history(tmp_path, *EXAMPLE) as cohort:
        assert cohort.reached("deepest") == (5, 5, 3, 1)
        assert cohort.reached("ordered") == (5, 3, 1, 1)
        assert cohort.reached("strict") == (5, 2, 1, 1)
        assert cohort.reached("any") == (5, 4, 2, 1)
        assert cohort.reached("ordered", timedelta(days=3)) == (5, 3, 1, 0)


def test_ties_count_as_in_order_but_not_strictly(tmp_path: Path) -> None:
    with history(tmp_path, ("a", "MQL", 1), ("a", "Lead", 1), ("a", "SQL", 1)) as cohort:
        assert cohort.reached("deepest") == cohort.reached("ordered") == (1, 1, 1, 0)
        assert cohort.reached("strict") == (1, 0, 0, 0)


def test_skipped_stages_are_filled_in_by_the_deepest_counting_alone(tmp_path: Path) -> None:
    with history(tmp_path, ("a", "Lead", 0), ("a", "SQL", 2)) as cohort:
        assert cohort.reached() == (1, 1, 1, 0)
        assert cohort.reached("ordered") == cohort.reached("any") == (1, 0, 0, 0)


@pytest.mark.parametrize(("days", "reached"), [(3, (1, 1, 0, 0)), (4, (1, 1, 1, 0))])
def test_a_window_runs_from_the_first_step_and_includes_its_end(
    tmp_path: Path, days: int, reached: tuple[int, ...]
) -> None:
    with history(tmp_path, ("a", "Lead", 1), ("a", "MQL", 2), ("a", "SQL", 5)) as cohort:
        assert cohort.reached("ordered", timedelta(days=days)) == reached


def test_an_unknown_counting_is_refused_by_name(tmp_path: Path) -> None:
    with history(tmp_path, ("a", "Lead", 0)) as cohort:
        with pytest.raises(ValueError, match=r"'loose'.*deepest, ordered, strict, any"):
            cohort.reached("loose")
        with pytest.raises(ValueError, match="negative"):
            cohort.reached("ordered", timedelta(days=-1))


# -- reasons, segments, values, days ---------------------------------------------------------------

HEADER = "lead,stage,entered_at,reason,segment,value"
ROWS = [
    ("a", "Lead", at(0), "", "Search", ""),
    ("a", " mql ", at(2), "", "Search", ""),
    ("a", "SQL", at(5), "", "Search", ""),
    ("a", "WON", at(9), "Price", "Search", "1200"),
    ("b", "Lead", at(1), "", "Fair", ""),
    ("b", "MQL", at(5), "", "Fair", ""),
    ("b", "Closed Lost", at(8), "No budget", "", ""),
    ("c", "Lead", at(3), "", "Fair", ""),
    ("c", "Lost", at(4), "no  BUDGET", "", ""),
    ("d", "Lead", at(9.5), "", "", ""),
]


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[Cohort]:
    path = written(tmp_path / "h.csv", HEADER, ROWS)
    with read_history(path, STAGES, reason="reason", segment="segment", value="value") as read:
        yield read


def test_case_and_stray_blanks_make_no_new_stage_and_no_new_reason(cohort: Cohort) -> None:
    assert cohort.reached() == (4, 2, 1, 1)
    assert cohort.report.set_aside == {}
    assert cohort.funnel().steps[0].losses == cohort.funnel().steps[1].losses == {"No budget": 1}


def test_what_is_open_or_unexplained_is_left_as_the_rest(cohort: Cohort) -> None:
    reasons = cohort.reasons()
    lead = reasons[reasons["step"] == "Lead → MQL"]
    assert lead["leads"].tolist() == [1, 1]
    assert lead["reason"].isna().tolist() == [False, True]
    assert cohort.funnel().steps[0].unexplained == 1


def test_wins_have_reasons_too(cohort: Cohort) -> None:
    assert cohort.won_reasons() == {"Price": 1}


def test_a_segment_has_a_funnel_of_its_own(cohort: Cohort) -> None:
    table = cohort.by_segment()
    assert table["segment"].tolist() == ["Fair", "Search", "(none)"]
    assert table["Lead"].tolist() == [2, 1, 1]
    assert cohort.funnel(segment="Fair").counts == (2, 1, 0, 0)
    with pytest.raises(ValueError, match="'Radio' is no segment"):
        cohort.funnel(segment="Radio")


def test_the_deal_value_is_the_mean_of_the_won(cohort: Cohort) -> None:
    assert cohort.funnel().deal_value == 1200
    assert cohort.funnel(deal_value=50).deal_value == 50
    assert cohort.funnel().period_days == 10


def test_days_are_those_between_a_stage_and_the_next(cohort: Cohort) -> None:
    days = cohort.days()
    assert days["step"].tolist() == ["Lead → MQL", "MQL → SQL", "SQL → Won"]
    assert days["median"].tolist() == [3, 3, 4]
    months = cohort.days_by_month()
    assert months["leads"].tolist() == [2, 1, 1]


def test_a_lead_that_came_back_after_it_was_lost_is_not_lost(tmp_path: Path) -> None:
    with history(tmp_path, ("a", "Lead", 0), ("a", "Lost", 1), ("a", "MQL", 2)) as cohort:
        assert cohort.truths()[1].lost == 0
        assert cohort.reached("strict") == (1, 0, 0, 0)


# -- losses by segment -----------------------------------------------------------------------------


def test_the_losses_of_each_step_are_known_by_segment_and_reason(cohort: Cohort) -> None:
    lead, mql, sql = cohort.funnel().steps
    assert lead.losses == {"No budget": 1}
    assert lead.segments == {"Fair": {"No budget": 1}}  # the other one lost has no segment
    assert mql.segments == sql.segments == {}  # nothing to tell apart: one segment, and none
    assert all(step.segments == {} for step in cohort.funnel(segment="Fair").steps)


@pytest.fixture
def channels(tmp_path: Path) -> Iterator[Cohort]:
    """Sixty leads of each of two channels and of none: a third of them won, lost, and open."""
    rows = []
    for number in range(180):
        lead, segment = f"l{number}", ("Search", "Fair", "")[number % 3]
        outcome, day = number // 3 % 3, number // 18
        rows.append((lead, "Lead", at(day), "", segment))
        if outcome == 0:
            rows.append((lead, "Won", at(day + 1), "", segment))
        if outcome == 1:
            reason = ("Price", "Timing", "")[number // 9 % 3]
            rows.append((lead, "Lost", at(day + 1), reason, segment))
    path = written(tmp_path / "h.csv", "lead,stage,entered_at,reason,segment", rows)
    with read_history(path, ("Lead", "Won"), reason="reason", segment="segment") as read:
        yield read


@pytest.mark.parametrize("basis", list(Basis))
def test_the_losses_by_segment_are_those_that_counting_the_segment_alone_gives(
    channels: Cohort, basis: Basis
) -> None:
    [step] = channels.funnel(basis=basis, settled_days=5).steps
    assert set(step.segments) == {"Search", "Fair"}
    assert sum(step.losses.values()) > 0
    for segment, losses in step.segments.items():
        [alone] = channels.funnel(segment=segment, basis=basis, settled_days=5).steps
        close = 0 if basis is not Basis.CORRECTED else 2  # of all leads, rounded down
        assert sum(losses.values()) == pytest.approx(alone.lost, abs=close)
        for reason, lost in {**alone.losses, "": alone.unexplained}.items():
            assert losses[reason] == pytest.approx(lost, abs=close)


def test_only_the_twelve_segments_that_lose_most_are_kept(tmp_path: Path) -> None:
    rows = [
        (f"{segment}-{number}", "Lead", at(number), f"channel {segment}")
        for segment in range(1, 16)
        for number in range(segment)
    ]
    path = written(tmp_path / "h.csv", "lead,stage,entered_at,segment", rows)
    with read_history(path, ("Lead", "Won"), segment="segment") as read:
        [step] = read.funnel().steps
    assert step.segments == {f"channel {number}": {"": number} for number in range(15, 3, -1)}


# -- the truth about open leads --------------------------------------------------------------------


def test_naive_closed_only_and_corrected_differ_where_leads_are_open(tmp_path: Path) -> None:
    rows: list[tuple[str, str, float]] = []
    for number in range(400):  # half win after 10 days, half are lost after 10; one enters a day
        rows.append((f"l{number}", "Lead", number / 4))
        if number / 4 + 10 <= 100:
            rows.append((f"l{number}", "Won" if number % 2 else "Lost", number / 4 + 10))
    path = written(tmp_path / "h.csv", "lead,stage,entered_at", [(a, b, at(c)) for a, b, c in rows])
    with read_history(path, ("Lead", "Won")) as cohort:
        [told] = cohort.truth().to_dict("records")
        assert told["naive"] == pytest.approx(180 / 400, abs=0.01)
        assert told["closed_only"] == pytest.approx(0.5, abs=0.01)
        assert told["corrected"] == pytest.approx(0.5, abs=0.01)
        assert told["low"] < 0.5 < told["high"]
        assert told["open_share"] == pytest.approx(0.1, abs=0.01)
        for basis, counts in {
            Basis.NAIVE: (400, 180),
            Basis.CLOSED_ONLY: (361, 180),
            Basis.SETTLED: (361, 180),
            Basis.CORRECTED: (400, 200),
        }.items():
            [step] = cohort.funnel(basis=basis, settled_days=10).steps
            assert step.entered == pytest.approx(counts[0], abs=2)
            assert step.advanced == pytest.approx(counts[1], abs=2)
        with pytest.raises(ValueError, match="counts the deepest stage"):
            cohort.funnel("ordered", basis=Basis.CORRECTED)


def test_the_truth_is_about_the_steps_in_the_columns_that_were_promised(cohort: Cohort) -> None:
    assert list(cohort.truth()) == (
        ["step", "naive", "closed_only", "corrected", "low", "high", "open_share", "horizon_days"]
    )
    assert not cohort.truth().isna().any(axis=None)


def test_wins_that_are_only_recorded_from_a_day_on_are_warned_of(tmp_path: Path) -> None:
    rows = []
    for number in range(300):
        rows.append((f"l{number}", "Lead", at(number)))
        if number % 3 == 0 and number + 20 >= 150:
            rows.append((f"l{number}", "Won", at(number + 20)))
    path = written(tmp_path / "h.csv", "lead,stage,entered_at", rows)
    with read_history(path, ("Lead", "Won")) as cohort:
        assert any("recorded as Won before" in one.message for one in cautions(cohort))


def test_a_mix_that_changed_is_warned_of(tmp_path: Path) -> None:
    rows = []

    def add(day: int, segment: str, leads: int, won: int) -> None:
        for number in range(leads):
            lead = f"{segment}{day}-{number}"
            rows.append((lead, "Lead", at(day), segment))
            rows.append((lead, "Won" if number < won else "Lost", at(day + 1), segment))

    add(0, "Search", 800, 120)
    add(0, "Fair", 200, 4)
    add(100, "Search", 400, 64)
    add(100, "Fair", 600, 18)
    path = written(tmp_path / "h.csv", "lead,stage,entered_at,segment", rows)
    with read_history(path, ("Lead", "Won"), segment="segment") as cohort:
        [mix] = [one for one in cautions(cohort) if one.code is Code.CHANGED_MIX]
        assert "the mix has changed" in mix.message


# -- every row is accounted for --------------------------------------------------------------------


def test_every_row_that_is_set_aside_says_why_and_on_which_line(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(
        "lead,stage,entered_at\n"
        "a,Lead,2026-01-05\n"
        "a,Lead,2026-01-05\n"  # 3: again
        ",Lead,2026-01-05\n"  # 4: nobody
        "b,Lead,yesterday\n"  # 5: no date
        "b,Nurture,2026-01-05\n"  # 6: not in the funnel
        "c,Lead\n"  # 7: a cell too few
        "c,Lead,2026-01-09\n"
        "c,Won,2026-01-07\n"  # 9: won before it began
        "d,Lead,\n"  # 10: no date
    )
    with read_history(path, STAGES) as cohort:
        report = cohort.report
        assert {(aside.line, aside.cause) for aside in report.set_aside_rows} == {
            (3, Cause.DUPLICATE),
            (4, Cause.NO_LEAD),
            (5, Cause.UNREADABLE),
            (6, Cause.UNKNOWN_STAGE),
            (7, Cause.BROKEN),
            (9, Cause.BACKWARDS),
            (10, Cause.UNREADABLE),
        }
        assert (report.rows_read, report.rows_used) == (9, 2)
        assert {aside.says for aside in report.set_aside_rows} >= {"yesterday", "Nurture"}
        assert cohort.reached() == (2, 1, 1, 1)


def test_a_day_that_may_be_a_month_is_asked_for(tmp_path: Path) -> None:
    rows = [("a", "Lead", "03/04/2026"), ("a", "Won", "05/04/2026")]
    path = written(tmp_path / "h.csv", "lead,stage,entered_at", rows)
    with pytest.raises(IntakeError, match="whether the day or the month comes first"):
        read_history(path, STAGES)
    with read_history(path, STAGES, day_first=True) as cohort:
        assert cohort.span.first == datetime.fromisoformat("2026-04-03T00:00:00+00:00")
    with read_history(path, STAGES, day_first=False) as cohort:
        assert cohort.span.first == datetime.fromisoformat("2026-03-04T00:00:00+00:00")


def test_one_late_day_above_twelve_settles_the_order_for_all(tmp_path: Path) -> None:
    rows = [(f"l{number}", "Lead", "03/04/2026") for number in range(2000)]
    path = written(
        tmp_path / "h.csv", "lead,stage,entered_at", [*rows, ("x", "Lead", "31/04/2026")]
    )
    with read_history(path, STAGES) as cohort:
        assert cohort.span.first == datetime.fromisoformat("2026-04-03T00:00:00+00:00")


@pytest.mark.parametrize("never", ["1899-12-30", "2041-01-02", "2206-01-01", "9999-12-31"])
def test_a_date_that_stands_for_never_is_set_aside(tmp_path: Path, never: str) -> None:
    rows = [("a", "Lead", at(0), "x", "price"), ("b", "Lead", at(1), "y", "")]
    rows += [("a", "Won", never, "x", "price"), ("b", "Lost", never, "y", "price")]
    text = written(tmp_path / "h.csv", "lead,stage,entered_at,segment,reason", rows)
    parquet = tmp_path / "h.parquet"
    duckdb.sql(f"COPY (FROM read_csv('{text}')) TO '{parquet}' (FORMAT parquet)")
    for path in (text, parquet):
        with read_history(path, STAGES, segment="segment", reason="reason") as cohort:
            assert cohort.by_segment()["segment"].tolist() == ["x", "y"]
            assert cohort.reached() == (2, 0, 0, 0)
            assert cohort.report.set_aside == {Cause.UNREADABLE: 2}
            assert [aside.line for aside in cohort.report.set_aside_rows] == [4, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_understood(tmp_path: Path, encoding: str) -> None:
    rows = [("Zoë", "Lead", at(0), "Zürich"), ("Zoë", "Won", at(3), "Zürich")]
    path = written(tmp_path / "h.csv", "lead,stage,entered_at,segment", rows, encoding)
    with read_history(path, STAGES, segment="segment") as cohort:
        assert cohort.by_segment()["segment"].tolist() == ["Zürich"]


def test_parquet_and_csv_say_the_same(tmp_path: Path) -> None:
    text = written(tmp_path / "h.csv", HEADER, ROWS)
    parquet = tmp_path / "h.parquet"
    duckdb.sql(f"COPY (FROM read_csv('{text}')) TO '{parquet}' (FORMAT parquet)")
    options = {"reason": "reason", "segment": "segment", "value": "value"}
    with (
        read_history(text, STAGES, **options) as one,
        read_history(parquet, STAGES, **options) as two,
    ):
        assert one.funnel() == two.funnel()
        assert one.truth().equals(two.truth())


def test_several_files_are_one_cohort(tmp_path: Path) -> None:
    first = written(tmp_path / "1.csv", HEADER, ROWS[:5])
    second = written(tmp_path / "2.csv", HEADER, ROWS[5:])
    with read_history([first, second], STAGES) as cohort:
        assert cohort.reached() == (4, 2, 1, 1)
        assert cohort.report.files == {"1.csv": 5, "2.csv": 5}


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "h.csv", HEADER, ROWS)
    with pytest.raises(IntakeError, match="phase") as caught:
        read_history(path, STAGES, stage="phase")
    assert "“stage”" in str(caught.value)


def test_a_file_without_a_row_that_can_be_used_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "h.csv", "lead,stage,entered_at", [("a", "Nurture", at(0))])
    with pytest.raises(IntakeError, match="No row could be used"):
        read_history(path, STAGES)


def test_a_closed_cohort_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    path = written(tmp_path / "h.csv", HEADER, ROWS)
    with read_history(path, STAGES):
        assert list((tmp_path / "scratch").iterdir())
    assert not list((tmp_path / "scratch").iterdir())
    with pytest.raises(IntakeError):
        read_history(path, STAGES, lead="nobody")
    assert not list((tmp_path / "scratch").iterdir())
