"""Every way of writing a date that is known is one that DuckDB reads; the rest is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import cycle, permutations
from pathlib import Path

import duckdb
import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from workshop.intake import read_deals
from workshop.intake.dates import SHOWN, Ambiguous, DateFormat, Numbered, date_format
from workshop.intake.moment_sql import any_moment, usual_moment
from workshop.intake.names_of_days import LANGUAGES, without_accents
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
        ("2026-11-04T03:05:09+05:00", NIGHT),
        ("2026-11-04T03:05:09+0500", NIGHT),
        ("2026-11-04T03:05:09+05", NIGHT),
        ("2026-11-03T14:05:09-08:00", NIGHT),
        ("2026-11-03T22:05:09.000+0000", NIGHT),
        ("2026-11-04T03:35:09.250+05:30", NIGHT.replace(microsecond=250_000)),
        ("2026-11-03 23:05+01", NIGHT.replace(second=0)),
        ("03.11.2026 23:05:09 +01:00", NIGHT),
        ("2026-11-03 00:00:00.000", datetime(2026, 11, 3)),
        ("2026-11-03 10:05 PM", NIGHT.replace(second=0)),
        ("2026-11-03 10:05:09 PM", NIGHT),
        ("2026-W45-2", datetime(2026, 11, 3)),
        ("2026W452", datetime(2026, 11, 3)),
        ("2026-W45-2T22:05:09Z", NIGHT),
        ("2026.11.03", datetime(2026, 11, 3)),
        ("20261103T220509Z", NIGHT),
        ("20261103T2205", NIGHT.replace(second=0)),
        ("20261103220509", NIGHT),
        ("03.11.2026 10:05:09 p.m.", NIGHT),
        ("03.11.2026 10:05:09 p. m.", NIGHT),
        ("03.11.2026 12:05 AM", datetime(2026, 11, 3, 0, 5)),
        ("03.11.2026 12:05 PM", datetime(2026, 11, 3, 12, 5)),
        ("03.11.2026 22h05", NIGHT.replace(second=0)),
        ("03.11.2026 22.05", NIGHT.replace(second=0)),
        ("03.11.2026 22.05.09", NIGHT),
        ("03.11.2026 à 22:05", NIGHT.replace(second=0)),
        ("03.11.2026 um 22:05 Uhr", NIGHT.replace(second=0)),
        ("03.11.2026, 22:05", NIGHT.replace(second=0)),
        ("3. 11. 2026", datetime(2026, 11, 3)),
        ("1 März 2026", datetime(2026, 3, 1)),
        ("1. März 2026", datetime(2026, 3, 1)),
        ("1. Marz 2026", datetime(2026, 3, 1)),
        ("1. Mrz. 2026", datetime(2026, 3, 1)),
        ("1er mars 2026", datetime(2026, 3, 1)),
        ("1 fevrier 2026", datetime(2026, 2, 1)),
        ("1 févr. 2026 à 22h05", datetime(2026, 2, 1, 22, 5)),
        ("1 de marzo de 2026", datetime(2026, 3, 1)),
        ("1º de março de 2026", datetime(2026, 3, 1)),
        ("Mar 1, 2026", datetime(2026, 3, 1)),
        ("March 1st, 2026 at 1:05 PM", datetime(2026, 3, 1, 13, 5)),
        ("01-Mar-26", datetime(2026, 3, 1)),
        ("01MAR2026", datetime(2026, 3, 1)),
        ("Sun, 1 Mar 2026 13:45", datetime(2026, 3, 1, 13, 45)),
        ("Sunday, March 1, 2026", datetime(2026, 3, 1)),
        ("Sonntag, den 1. März 2026", datetime(2026, 3, 1)),
        ("domingo, 1 de março de 2026", datetime(2026, 3, 1)),
        ("mar. 3 mars 2026", datetime(2026, 3, 3)),
        ("Sun Mar 01 2026 13:45:00 GMT+0100 (CET)", datetime(2026, 3, 1, 12, 45)),
        ("Sun, 1 Mar 2026 13:45:00 +0000", datetime(2026, 3, 1, 13, 45)),
    ],
)
def test_duckdb_reads_what_is_recognised(text: str, moment: datetime) -> None:
    assert read(text, form(text)) == moment


@pytest.mark.parametrize(
    "usual", ["2026-11-03", "03.11.2026", "3 novembre 2026", "1793743509", "46329"]
)
def test_cells_in_other_ways_are_read_where_only_one_reading_is_possible(usual: str) -> None:
    found = form(usual)
    others = {
        "2026-11-03T22:05:09": NIGHT,
        "2026-11-04T03:05:09+05:00": NIGHT,
        "2026-11-03 22:05:09": NIGHT,
        "11/30/2026": datetime(2026, 11, 30),
        "30/11/2026": datetime(2026, 11, 30),
        "3.11.2026": datetime(2026, 11, 3),
        "Nov 3, 2026 10:05:09 PM": NIGHT,
        "46329": datetime(2026, 11, 3),
        "1793743509": NIGHT,
        "soon": None,
        "": None,
        "31.2.2026": None,
        "2026-11-03 25:00": None,
        "3/11/2026 13:05 PM": None,
    }
    assert read_all([*others], found) == [*others.values()]


def test_what_may_be_two_days_is_not_read_where_the_column_does_not_tell() -> None:
    assert read("03/11/2026", form("2026-11-03")) is None
    assert read("03/11/2026", form("30/11/2026")) == datetime(2026, 11, 3)
    assert read("03/11/2026", form("11/30/2026")) == datetime(2026, 3, 11)


def test_an_offset_is_not_carried_over_to_the_next_moment() -> None:
    texts = ["2026-03-01T23:30:00+05:00", "2026-03-01", "2026-03-01T23:30:00", "2026-03-01T10:00Z"]
    hours = [datetime(2026, 3, 1, hour, minute) for hour, minute in ((18, 30), (0, 0), (23, 30))]
    for order in permutations(range(4)):
        found = form(*(texts[place] for place in order))
        moments = [*hours, datetime(2026, 3, 1, 10)]
        read_ = read_all([texts[place] for place in order], found)
        assert read_ == [moments[place] for place in order]
        assert found.zoned


def test_offsets_are_subtracted_where_the_samples_have_none() -> None:
    found = form("2026-03-01T23:30:00")
    assert read("2026-03-01T23:30:00-08:00", found) == datetime(2026, 3, 2, 7, 30)


def test_half_a_day_is_added_among_moments_that_are_as_long() -> None:
    found = form("2026-03-01 09:05:07", "2026-03-01 10:05 PM", "2026-03-01 11:05+01")
    moments = read_all(["2026-03-01 09:05:07", "2026-03-01 10:05 PM", "2026-03-01 11:05+01"], found)
    assert moments == [
        datetime(2026, 3, 1, 9, 5, 7),
        datetime(2026, 3, 1, 22, 5),
        datetime(2026, 3, 1, 10, 5),
    ]


def test_deals_with_offsets_are_read_without_complaint(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(
        "deal_id,stage,created_at,closed_at\n"
        "1,Won,2026-03-01T23:30:00.000+0500,2026-03-20T10:00:00+05:00\n"
        "2,Lost,2026-03-02T10:00:00.000+0500,2026-03-25\n"
        "3,Won,2026-03-03T10:00:00.000Z,2026-03-28T10:00:00-08:00\n"
        "4,Negotiation,2026-03-04T10:00:00.000+0500,\n"
    )
    with read_deals(file) as cohort:
        assert (cohort.reached()[0], cohort.reached()[-1]) == (4, 2)
        assert not cohort.report.set_aside


@pytest.mark.parametrize(
    ("text", "has_clock"),
    [
        ("2026-03-01", False),
        ("2026-03-01 00:00:00.000", False),
        ("03/01/2026 12:00 AM", False),
        ("2026-03-01T00:00:00Z", False),
        ("46082", False),
        ("1772323200", False),
        ("2026-03-01 00:00:01", True),
        ("03/01/2026 12:00 PM", True),
        ("1. März 2026 um 13:45 Uhr", True),
        ("46082.5", True),
        ("1772323201", True),
    ],
)
def test_a_column_says_whether_its_moments_have_a_time_of_day(text: str, has_clock: bool) -> None:
    assert form("2026-03-02", text, text, day_first=False).has_clock is has_clock


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1. Januar 2026 um 13:45 Uhr", "31. December 2026 um 13:45 Uhr"),
        ("Sun, 1 Mar. 2026", "Thu, 31 Dec 2026"),
        ("March 1st, 2026", "December 31, 2026"),
        ("2026-W09-7", "2026-W53-4"),
        ("2026-03-01T23:30:00.000+0500", "2026-12-31T13:45:30.250+01:00"),
        ("28.03.2026 1:05 p.m.", "31.12.2026 1:45 PM"),
    ],
)
def test_a_label_is_a_date_as_the_column_writes_it(text: str, label: str) -> None:
    assert form(text).label == label


@pytest.mark.parametrize("text", ["2026-060", "2026-03-01-05", "May be 2026", "soon 1.3.2026"])
def test_numbers_of_deals_and_sentences_are_no_dates(text: str) -> None:
    assert isinstance(date_format([text]), Problem)
    assert read(text, form("2026-03-01")) is None


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


Name = Callable[[datetime, str], str]
DAYS: dict[str, Callable[[datetime, Name], str]] = {
    "iso": lambda day, _: f"{day:%Y-%m-%d}",
    "slashes": lambda day, _: f"{day:%Y/%m/%d}",
    "dots": lambda day, _: f"{day.day}.{day.month}.{day.year}",
    "day first": lambda day, _: f"{day:%d/%m/%Y}",
    "month first": lambda day, _: f"{day:%m/%d/%Y}",
    "short year": lambda day, _: f"{day:%d.%m.%y}",
    "week": lambda day, _: "{}-W{:02}-{}".format(*day.isocalendar()),
    "compact": lambda day, _: f"{day:%Y%m%d}",
    "english": lambda day, name: f"{name(day, 'MMM')} {day.day}, {day.year}",
    "day and name": lambda day, name: f"{day.day}. {name(day, 'MMMM')} {day.year}",
    "spanish": lambda day, name: f"{day.day} de {name(day, 'LLLL')} de {day.year}",
    "dashes": lambda day, name: f"{day.day:02}-{name(day, 'LLL')}-{day:%y}",
    "weekday": lambda day, name: f"{name(day, 'EEEE')}, {day.day} {name(day, 'MMM')} {day.year}",
    "short weekday": lambda day, name: f"{name(day, 'E')} {day.day} {name(day, 'MMMM')} {day.year}",
}
MINUTE, SECOND = {"second": 0, "microsecond": 0}, {"microsecond": 0}
MIDNIGHT = {"hour": 0, "minute": 0} | MINUTE
CLOCKS: list[tuple[str, dict[str, int]]] = [
    ("", MIDNIGHT),
    (" %H:%M", MINUTE),
    (" %H:%M:%S", SECOND),
    ("T%H:%M:%S.%f", {}),
    (" %I:%M:%S %p", SECOND),
    (", %I:%M %p", MINUTE),
    (" à %Hh%M", MINUTE),
    (" um %H:%M Uhr", MINUTE),
    (" %H.%M", MINUTE),
]
OFFSETS = {"": 0, "Z": 0, " UTC": 0, "+05:00": 300, "-08:00": -480, "+0530": 330, "-03": -180}


@given(
    st.lists(st.datetimes(datetime(1990, 1, 2), datetime(2068, 12, 30)), min_size=10, max_size=10),
    st.sampled_from([*DAYS]),
    st.sampled_from(CLOCKS),
    st.lists(st.sampled_from([*OFFSETS]), min_size=1, max_size=3),
    st.sampled_from(LANGUAGES),
    st.booleans(),
)
@examples(15)
def test_a_moment_comes_back_however_it_is_written(
    moments: list[datetime],
    day: str,
    clock: tuple[str, dict[str, int]],
    offsets: list[str],
    language: str,
    is_spanish_half: bool,
) -> None:
    moments[0] = moments[0].replace(day=28)  # which tells days from months
    written, lost = clock
    if "%H" not in written or "Uhr" in written:
        offsets = [""]
    texts, expected = [], []
    for moment, offset in zip(moments, cycle(offsets), strict=False):
        text = DAYS[day](moment, partial(format_datetime, locale=language))
        half = moment.strftime(written)
        if is_spanish_half:
            half = half.replace("AM", "a. m.").replace("PM", "p. m.")
        texts.append(text + half + offset)
        expected.append(moment.replace(**lost) - timedelta(minutes=OFFSETS[offset]))  # type: ignore[arg-type]
    assert read_all(texts, form(*texts)) == expected
    bare = [without_accents(text).upper() for text in texts]
    assert read_all(bare, form(*bare)) == expected


@given(
    st.lists(st.datetimes(datetime(1990, 1, 2), datetime(2068, 12, 30)), min_size=10, max_size=10),
    st.sampled_from(Numbered),
)
def test_a_moment_comes_back_from_the_number_that_stands_for_it(
    moments: list[datetime], numbers: Numbered
) -> None:
    epoch = datetime(1899, 12, 30) if numbers is Numbered.EXCEL_DAYS else datetime(1970, 1, 1)
    unit = {
        Numbered.EXCEL_DAYS: timedelta(days=1),
        Numbered.SECONDS: timedelta(seconds=1),
        Numbered.MILLISECONDS: timedelta(milliseconds=1),
    }[numbers]
    moments = [moment.replace(microsecond=0) for moment in moments]
    texts = [str((moment - epoch) / unit) for moment in moments]
    found = form(*texts)
    assert found.numbers is numbers
    assert read_all(texts, found) == moments
