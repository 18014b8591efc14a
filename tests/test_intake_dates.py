"""Every way of writing a date that is known is one that DuckDB reads; the rest is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.intake.dates import SHOWN, Ambiguous, DateFormat, Numbered, date_format
from workshop.intake.moment_sql import any_moment, usual_moment
from workshop.intake.problems import Problem

WRITTEN = [
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%y",
    "%m-%d-%Y %I:%M %p",
    "%d.%m.%Y",
    "%d %B %Y",
    "%b %d, %Y %I:%M:%S %p",
    "%d-%b-%y",
]
NIGHT = datetime(2026, 11, 3, 22, 5, 9)


def form(*samples: str, day_first: bool | None = None) -> DateFormat:
    found = date_format(samples, day_first)
    assert isinstance(found, DateFormat), found
    return found


@cache
def _database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def read(text: str, found: DateFormat) -> datetime | None:
    """What DuckDB makes of a text, in UTC."""
    [moment] = read_all([text], found)
    return moment


def read_all(texts: Sequence[str], found: DateFormat) -> list[datetime | None]:
    moments = _database().execute(
        f"SELECT make_timestamp(coalesce({usual_moment(found, 'said')}, "
        f"{any_moment(found, 'said')})) FROM "
        "(SELECT unnest($1::VARCHAR[]) AS said)",
        [list(texts)],
    )
    return [moment for (moment,) in moments.fetchall()]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-03", datetime(2026, 11, 3)),
        ("2026-11-3 2:05", datetime(2026, 11, 3, 2, 5)),
        ("2026-11-03 22:05:09", NIGHT),
        ("2026-11-03T22:05:09", NIGHT),
        ("2026-11-03T22:05:09Z", NIGHT),
        ("2026-11-03 22:05:09 UTC", NIGHT),
        ("2026-11-03T22:05:09.250Z", NIGHT.replace(microsecond=250_000)),
        ("2026-11-03 22:05:09.123456000", NIGHT.replace(microsecond=123_456)),
        ("2026-11-03T23:05:09+01:00", NIGHT),
        ("2026-11-03T17:05:09.000-0500", NIGHT),
        ("2026-11-03 23:05:09+01", NIGHT),
        ("2026/11/03 22:05", datetime(2026, 11, 3, 22, 5)),
        ("20261103", datetime(2026, 11, 3)),
        ("03.11.2026", datetime(2026, 11, 3)),
        ("3.11.26", datetime(2026, 11, 3)),
        ("03.11.2026, 22:05:09", NIGHT),
        ("3 Nov 2026", datetime(2026, 11, 3)),
        ("3. Nov 2026", datetime(2026, 11, 3)),
        ("3-Nov-26", datetime(2026, 11, 3)),
        ("3 November 2026 22:05", datetime(2026, 11, 3, 22, 5)),
        ("Nov 3, 2026", datetime(2026, 11, 3)),
        ("november 3, 2026 10:05 PM", datetime(2026, 11, 3, 22, 5)),
        ("May 3, 2026, 10:05\u202fam", datetime(2026, 5, 3, 10, 5)),
    ],
)
def test_duckdb_reads_what_is_recognised(text: str, moment: datetime) -> None:
    assert read(text, form(text)) == moment


@pytest.mark.parametrize("mark", ["/", "-", "."])
@pytest.mark.parametrize("clock", ["", " 22:05", " 22:05:09", " 10:05 PM", " 10:05:09pm", "T22:05"])
@pytest.mark.parametrize("year", ["2026", "26"])
def test_somebody_says_whether_the_day_comes_first(mark: str, clock: str, year: str) -> None:
    text = f"3{mark}04{mark}{year}{clock}"
    day_first = read(text, form(text, day_first=True))
    month_first = read(text, form(text, day_first=False))
    assert day_first is not None
    assert month_first is not None
    assert (day_first.month, day_first.day, day_first.year) == (4, 3, 2026)
    assert (month_first.month, month_first.day, month_first.year) == (3, 4, 2026)
    assert day_first.hour == month_first.hour == (22 if clock else 0)


def test_dates_that_can_be_read_either_way_are_asked() -> None:
    found = date_format(["03/04/2026", "", "12/11/2026"])
    assert isinstance(found, Ambiguous)
    assert found.example == "03/04/2026"
    assert found.day_first.label == "31/12/2026"
    assert found.month_first.label == "12/31/2026"


@pytest.mark.parametrize(("text", "day_first"), [("31/01/2026", True), ("01/31/2026", False)])
def test_one_telling_date_decides_for_all(text: str, day_first: bool) -> None:
    assert form("03/04/2026", "05/06/2026", text).day_first is day_first


def test_dots_are_day_first_unless_a_day_stands_second() -> None:
    assert form("03.04.2026").day_first is True
    assert form("03.04.2026", "03.31.2026").day_first is False


def test_dates_that_contradict_each_other_are_a_problem() -> None:
    found = date_format(["31/01/2026", "01/31/2026", "03/04/2026"])
    assert isinstance(found, Problem)
    assert "day first (“31/01/2026”), some month first (“01/31/2026”)" in found.message
    assert "2026-12-31" in found.remedy


def test_somebody_may_still_say_how_contradicting_dates_are_meant() -> None:
    assert form("31/01/2026", "01/31/2026", day_first=True).day_first is True


def test_a_slip_among_many_does_not_contradict() -> None:
    assert form(*["31/01/2026"] * 100, "01/31/2026").day_first is True


def test_a_few_unreadable_texts_do_not_matter() -> None:
    assert form("2026-01-02", "2026-01-03", "soon").formats[0] == "%Y-%m-%d"


@pytest.mark.parametrize(
    "samples", [[], ["", "  "], ["soon", "later"], ["12", "13"], ["99/99/2026"]]
)
def test_what_is_no_date_is_a_problem(samples: list[str]) -> None:
    assert isinstance(date_format(samples), Problem)


def test_clock_times_that_the_samples_lack_are_read_all_the_same() -> None:
    assert read("2026-11-03 22:05:09", form("2026-11-04")) == NIGHT
    assert read("2026-11-03T22:05:09.250", form("2026-11-03T22:05:09")) is not None
    assert read("November 3, 2026", form("May 4, 2026")) == datetime(2026, 11, 3)


def test_a_short_year_is_never_the_year_26() -> None:
    found = form("3/11/2026", "31/12/2026", "3/11/26")
    assert read("3/11/26", found) == read("3/11/2026", found) == datetime(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1793743509", Numbered.SECONDS),
        ("1793743509.25", Numbered.SECONDS),
        ("1793743509000", Numbered.MILLISECONDS),
        ("46329", Numbered.EXCEL_DAYS),
        ("46329.92", Numbered.EXCEL_DAYS),
    ],
)
def test_moments_may_be_numbers(text: str, numbers: Numbered) -> None:
    assert form(text).numbers is numbers
    assert form(text).label == numbers.value


def test_moments_with_an_offset_say_so() -> None:
    assert form("2026-11-03T23:05:09+01:00").zoned
    assert not form("2026-11-03T23:05:09Z").zoned


def test_a_format_is_either_of_texts_or_of_numbers() -> None:
    with pytest.raises(ValueError, match="say one of the two"):
        DateFormat()


@given(st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31)), st.sampled_from(WRITTEN))
def test_what_is_written_is_read_again(moment: datetime, written: str) -> None:
    text = moment.strftime(written)
    found = form(text, day_first=written.startswith("%d"))
    assert read(text, found) == datetime.strptime(text, written)
    assert all(part in SHOWN for form_ in found.formats for part in _parts(form_))


def _parts(strptime: str) -> list[str]:
    return [f"%{rest[0]}" for rest in strptime.split("%")[1:]]


@given(st.lists(st.text(max_size=30), max_size=20), st.sampled_from([None, True, False]))
def test_any_texts_end_in_an_answer(samples: list[str], day_first: bool | None) -> None:
    assert isinstance(date_format(samples, day_first), DateFormat | Ambiguous | Problem)
