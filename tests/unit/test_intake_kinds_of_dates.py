"""Kinds of files that were read wrong once: moments, periods, and slips of the pen in dates."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cases import Case, assert_read, cohort_of, of_cases, parquet, workbook
from workshop.intake import Code
from workshop.intake.period import PeriodBasis

# -- moments with an offset from UTC ---------------------------------------------------------------

UTC_OFFSET = {
    "of five hours and a half": Case(
        "deal_id,stage,created_at,closed_at,amount\n"
        "1,Won,2025-03-02T03:00:00+05:30,2025-03-22T03:00:00+05:30,700\n"
        "2,Lost,2025-03-11T02:00:00+05:30,2025-03-25T02:00:00+05:30,500\n"
        "3,Won,2025-03-04T12:00:00+05:30,2025-03-24T12:00:00+05:30,900\n"
        "4,Pitch,2025-03-05T12:00:00+05:30,,400\n",
        {"Deal": 4, "Won": 2},
        lost=1,
        mean_value=800,
        period_days=10,  # from the evening of 1 March to that of 10 March
    ),
    "without a colon, and days beside them": Case(
        "Id,StageName,CreatedDate,CloseDate,Amount\n"
        "006A,Closed Won,2025-03-01T15:30:00.000+0000,2025-03-21,1200\n"
        "006B,Closed Lost,2025-03-12T15:30:00.000+0000,2025-04-25,900\n"
        "006C,Closed Won,2025-03-23T15:30:00.000+0000,2025-04-12,800\n",
        {"Deal": 3, "Won": 2},
        lost=1,
        mean_value=1000,
        period_days=23,
    ),
    "of several kinds in one column": Case(
        "Vorgangsnummer;Ergebnis;Erstellt am;Geschlossen am\n"
        "1;Gewonnen;2025-03-01T12:00:00Z;2025-03-21T14:00:00+02:00\n"
        "2;Verloren;2025-03-02T01:00:00+02:00;2025-03-30T10:00:00Z\n"
        "3;Gewonnen;2025-03-03T12:00:00;2025-03-23T12:00:00+00:00\n"
        "4;Verloren;2025-03-04T22:30:00-03:00;2025-03-29T10:00:00-0300\n",
        {"Deal": 4, "Won": 2},
        lost=2,
        period_days=5,
    ),
    "behind a blank, in Portuguese": Case(
        "Código\tResultado\tCriado em\tFechado em\n"
        "1\tGanho\t2025-03-01 23:30:00 -0300\t2025-03-21 23:30:00 -0300\n"
        "2\tPerdido\t2025-03-08 10:00:00 -0300\t2025-03-25 10:00:00 -0300\n"
        "3\tAberto\t2025-03-11 20:00:00 -0300\t\n",
        {"Deal": 3, "Won": 1},
        lost=1,
        period_days=10,
    ),
    "in hours alone": Case(
        "deal_id|status|created|closed\n"
        "1|won|2025-03-01 20:00:00-08|2025-03-21 20:00:00-08\n"
        "2|lost|2025-03-05 09:00:00-08|2025-03-25 09:00:00-08\n"
        "3|open|2025-03-08 10:00:00-08|\n",
        {"Deal": 3, "Won": 1},
        lost=1,
        period_days=7,
    ),
    "a close earlier on paper than the beginning": Case(
        "deal_id,status,created_at,closed_at\n"
        "1,Won,2025-03-05T10:00:00+09:00,2025-03-25T02:00:00+01:00\n"
        "2,Won,2025-03-06T10:00:00+09:00,2025-03-06T02:00:00+01:00\n"
        "3,Lost,2025-03-07T10:00:00+09:00,2025-03-07T03:00:00+01:00\n",
        {"Deal": 3, "Won": 2},
        lost=1,
        period_days=3,
    ),
    "a close on the day of the beginning, without a time": Case(
        "deal_id,status,created_at,closed_at\n"
        "1,Won,2025-03-05T18:00:00+00:00,2025-03-05\n"
        "2,Won,2025-03-06T18:00:00+00:00,2025-03-26\n"
        "3,Lost,2025-03-27T18:00:00+00:00,2025-03-27\n",
        {"Deal": 3, "Won": 2},
        lost=1,
        period_days=23,
    ),
    "steps that the clocks on the walls turn round": Case(
        "lead,stage,entered_at\n"
        + "".join(
            f"{lead},Scan,2025-03-{lead:02}T08:00:00+09:00\n"
            f"{lead},Pitch,2025-03-{lead:02}T01:00:00+00:00\n"
            for lead in range(1, 6)
        )
        + "1,Won,2025-03-20T01:00:00Z\n2,Lost,2025-03-20T01:00:00Z\n",
        {"Scan": 5, "Pitch": 5, "Won": 1},
        lost=1,
    ),
}


@of_cases(UTC_OFFSET)
def test_moments_with_an_offset_are_moments(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("of five hours and a half", 20),
        ("without a colon, and days beside them", 20),
        ("of several kinds in one column", 20),
        ("behind a blank, in Portuguese", 20),
        ("in hours alone", 20),
    ],
)
def test_offsets_count_in_the_days_that_a_step_takes(kind: str, days: int, tmp_path: Path) -> None:
    with cohort_of(UTC_OFFSET[kind], tmp_path) as cohort:
        [took] = cohort.days()["median"]
        assert took == days


def test_moments_with_an_offset_in_a_parquet_file_are_moments(tmp_path: Path) -> None:
    table = UTC_OFFSET["of five hours and a half"]
    content = parquet(tmp_path, str(table.content))
    case = Case(content, table.funnel, table.lost, period_days=10, name="deals.parquet")
    assert_read(case, tmp_path)


# -- how long the numbers cover --------------------------------------------------------------------

FIRST_CLOSE = date(2025, 2, 10)


def twelve(created: str, header: str = "Record ID,Deal Stage,Create Date,Close Date,Amount") -> str:
    """Twelve deals, closed each 31 days after the other, in turn won and lost.

    `created` is the date of creation of each, with the number of the deal as {n}.
    """
    rows = [
        f"{n},{'Closed Won' if n % 2 else 'Closed Lost'},{created.format(n=n)},"
        f"{FIRST_CLOSE + timedelta(days=31 * (n - 1))},8000"
        for n in range(1, 13)
    ]
    return "\n".join([header, *rows, ""])


def half_won(content: str | bytes, period_days: int, *said: Code, name: str = "deals.csv") -> Case:
    return Case(
        content,
        {"Deal": 12, "Won": 6},
        lost=6,
        mean_value=8000,
        period_days=period_days,
        said=said,
        name=name,
    )


CLOSED_DAYS = 31 * 11 + 1
MONTHLY = "2025-{n:02}-01"
MONTHS = (date(2025, 12, 1) - date(2025, 1, 1)).days + 1

PERIODS = {
    "all created on one day": half_won(twelve("2025-01-07"), CLOSED_DAYS, Code.PERIOD_BY_CLOSING),
    "all created in one minute": half_won(
        twelve("2025-01-07T09:30:{n:02}"), CLOSED_DAYS, Code.PERIOD_BY_CLOSING
    ),
    "all but two created on one day": half_won(
        twelve("2025-01-07").replace("2025-01-07", "2025-01-29", 2),
        CLOSED_DAYS,
        Code.PERIOD_BY_CLOSING,
    ),
    "German, all created on one day": half_won(
        twelve("07.01.2025", "Datensatz-ID,Dealphase,Erstellungsdatum,Abschlussdatum,Betrag")
        .replace("Closed Won", "Gewonnen")
        .replace("Closed Lost", "Verloren")
        .replace(",", ";"),
        CLOSED_DAYS,
        Code.PERIOD_BY_CLOSING,
    ),
    "one of 2006": half_won(
        twelve(MONTHLY).replace("2025-03-01", "2006-03-01", 1), MONTHS, Code.DATE_OUTLIERS
    ),
    "one of 1999, the first": half_won(
        twelve(MONTHLY).replace("2025-01-01", "1999-01-01", 1),
        MONTHS - 31,
        Code.DATE_OUTLIERS,
    ),
    "no dates": half_won(
        "\n".join(
            line.rsplit(",", 3)[0] + "," + line.rsplit(",", 1)[1]
            for line in twelve(MONTHLY).splitlines()
        ),
        365,
        Code.PERIOD_UNKNOWN,
    ),
    "closings alone": half_won(
        "\n".join(
            ",".join(line.split(",")[:2] + line.split(",")[3:])
            for line in twelve(MONTHLY).splitlines()
        ),
        CLOSED_DAYS,
        Code.PERIOD_BY_CLOSING,
    ),
    "creations spread over the year": half_won(twelve(MONTHLY), MONTHS),
    "a French workbook": half_won(
        workbook(
            [
                ["N°", "Statut", "Date de création", "Date de clôture", "Montant"],
                *(
                    [
                        n,
                        "Gagnée" if n % 2 else "Perdue",
                        "07/01/2025",
                        f"{n + 12}/0{n % 9 + 1}/2025",
                        8000,
                    ]
                    for n in range(1, 13)
                ),
            ]
        ),
        (date(2025, 9, 20) - date(2025, 1, 21)).days + 1,
        Code.PERIOD_BY_CLOSING,
        name="affaires.xlsx",
    ),
}


@of_cases(PERIODS)
def test_a_period_is_that_of_the_bulk_of_the_dates(case: Case, tmp_path: Path) -> None:
    reading = assert_read(case, tmp_path)
    by_closing = Code.PERIOD_BY_CLOSING in case.said
    assert (reading.period_basis is PeriodBasis.CLOSED) == by_closing


def test_one_deal_of_2006_and_one_of_2031_are_both_left_out(tmp_path: Path) -> None:
    rows = [
        f"{n},{'won' if n % 3 else 'lost'},{date(2025, 1, 1) + timedelta(days=3 * n)}"
        for n in range(100)
    ]
    text = "\n".join(["id,status,created_at", *rows, "100,won,2006-01-05", "101,lost,2031-01-05"])
    case = Case(text, {"Deal": 102, "Won": 67}, lost=35, period_days=298, said=[Code.DATE_OUTLIERS])
    assert_read(case, tmp_path)


def test_an_import_over_two_days_does_not_make_a_period_of_two_days_in_silence(
    tmp_path: Path,
) -> None:
    lines = twelve("2025-01-07").splitlines()
    text = "\n".join([*lines[:7], *(line.replace("-01-07", "-01-08") for line in lines[7:])])
    case = half_won(text, CLOSED_DAYS, Code.PERIOD_BY_CLOSING)
    assert_read(case, tmp_path)


def test_when_open_deals_are_expected_to_close_does_not_make_the_period_longer(
    tmp_path: Path,
) -> None:
    text = (
        "Deal ID;Status;Created;Close Date\n1;won;2025-01-02;2025-02-20\n"
        "2;lost;2025-02-14;2025-04-02\n3;open;2025-03-01;2027-06-30\n4;open;2025-03-02;2028-01-31\n"
    )
    case = Case(text, {"Deal": 4, "Won": 1}, lost=1, period_days=60)
    reading = assert_read(case, tmp_path)
    assert not {Code.FUTURE_DATES, Code.DATE_OUTLIERS} & {one.code for one in reading.cautions}


# -- a slip of the pen in a date -------------------------------------------------------------------


def visits(slip: str) -> str:
    """Of 24 leads ten are open, six won and eight lost; the last loss is dated `slip`."""
    day = date(2025, 2, 3)
    rows = []
    for n in range(24):
        start = day + timedelta(days=n)
        rows.append(f"L{n},Lead,{start}")
        if n < 12:
            rows.append(f"L{n},Demo,{start + timedelta(days=3)}")
        if n < 6:
            rows.append(f"L{n},Won,{start + timedelta(days=9)}")
        elif n < 13:
            rows.append(f"L{n},Lost,{start + timedelta(days=6)}")
    return "\n".join(["lead_id,stage,entered_at", *rows, f"L13,Lost,{slip}", ""])


SLIPS = {
    "a loss of 2031": Case(
        visits("2031-02-20"), {"Lead": 24, "Demo": 12, "Won": 6}, lost=8, said=[Code.DATE_OUTLIERS]
    ),
    "a loss of 2040": Case(
        visits("2040-02-20"), {"Lead": 24, "Demo": 12, "Won": 6}, lost=8, said=[Code.DATE_OUTLIERS]
    ),
    "a German deal won in 2035": Case(
        "Vorgangsnummer;Status;Erstellt am;Geschlossen am\n"
        + "".join(
            f"{n};{'Gewonnen' if n < 5 else 'Verloren'};{n + 10}.01.2025;{n + 10}.03."
            f"{2035 if n == 4 else 2025}\n"
            for n in range(1, 12)
        )
        + "12;Offen;22.01.2025;\n",
        {"Deal": 12, "Won": 4},
        lost=7,
        period_days=12,
        said=[Code.DATE_OUTLIERS],
    ),
    "a lead created in 2031": Case(
        "id\tstatus\tcreated_at\tclosed_at\n"
        + "".join(
            f"{n}\t{'won' if n % 2 else 'lost'}\t{2031 if n == 7 else 2025}-01-{n + 10}\t"
            f"{2031 if n == 7 else 2025}-03-{n + 10}\n"
            for n in range(1, 13)
        ),
        {"Deal": 12, "Won": 6},
        lost=6,
        period_days=12,
        said=[Code.DATE_OUTLIERS],
    ),
    "a demo of 2033, in a column of dates": Case(
        "Lead-ID,Created,Demo date,Signature date,Lost date\n"
        + "".join(
            f"{n},2025-01-{n + 10},{2033 if n == 2 else 2025}-02-{n + 10},"
            f"{'2025-03-01' if n < 5 else ''},{'' if n < 5 else '2025-03-02'}\n"
            for n in range(1, 11)
        )
        + "11,2025-01-21,,,\n12,2025-01-22,,,\n",
        {"Lead": 12, "Demo": 10, "Signature": 4},
        lost=6,
        period_days=12,
        said=[Code.DATE_OUTLIERS],
    ),
}


@of_cases(SLIPS)
def test_one_slip_does_not_move_the_end_of_what_is_known(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)
    with cohort_of(case, tmp_path) as cohort:
        assert cohort.span.known_until.year == 2025


@pytest.mark.parametrize("slip", ["a loss of 2031", "a loss of 2040"])
def test_open_leads_are_followed_as_if_the_slip_were_not_there(slip: str, tmp_path: Path) -> None:
    with cohort_of(SLIPS[slip], tmp_path) as cohort:
        to_demo, _ = cohort.truths()
        assert to_demo.corrected > to_demo.naive
