"""What somebody may choose about uploaded files, and what the screens warn of before."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.uploads import home, opened, press, said, settled
from workshop.domain.access import Role, Visitor
from workshop.domain.funnel import Funnel
from workshop.domain.import_codes import Basis
from workshop.domain.origin import Origin
from workshop.intake import Opened
from workshop.intake.cohort import OutcomeCounts
from workshop.intake.layout import Shape
from workshop.intake.period import Period, PeriodBasis
from workshop.store import Store
from workshop.ui.upload import sentences
from workshop.ui.upload.columns import fields_of, label
from workshop.ui.upload.period import found_in, of_counts
from workshop.ui.upload.stage_order import reordered
from workshop.wording import figures
from workshop.wording.import_words import in_full

YEAR = Period(365, PeriodBasis.ENTERED, date(2025, 1, 1), date(2025, 12, 31))


def table(header: str, *rows: str) -> bytes:
    return "\n".join((header, *rows)).encode()


def deals(*more: str) -> bytes:
    """Twelve deals, one a month, every other one won."""
    rows = [
        f"{n},Closed {'Won' if n % 2 else 'Lost'},2025-{n:02}-01,2025-{n:02}-15,9000"
        for n in range(1, 13)
    ]
    return table("Record ID,Deal Stage,Create Date,Close Date,Amount", *rows, *more)


def history(*pipelines: tuple[str, tuple[str, ...], int]) -> bytes:
    """Leads of pipelines: of each its name, its stages, and how many leads go all the way."""
    rows = [
        f"{name[0]}{lead},{name},{stage},2025-{lead % 12 + 1:02}-{place + 1:02}"
        for name, stages, leads in pipelines
        for lead in range(leads)
        for place, stage in enumerate(stages[: len(stages) - lead % 2])
    ]
    return table("Deal ID,Pipeline,Stage,Date entered", *rows)


def accepted(records: Store) -> tuple[Funnel, Origin]:
    [(workshop_id,)] = records.database.read("SELECT id FROM workshop")
    visitor = Visitor(Role.FACILITATOR, workshop_id)
    [version] = records.funnels.versions(visitor)
    assert version.origin is not None
    return records.funnels.current(visitor), version.origin


# -- cautions ------------------------------------------------------------------------------------


def test_the_worst_is_said_first_in_red_and_in_words(records: Store, uploads: list[Opened]) -> None:
    won = table(
        "id,stage,created,closed", *(f"{n},Won,2025-0{n}-01,2025-0{n}-20" for n in range(1, 8))
    )
    page = press(home(opened(uploads, ("won.csv", won))), "layout_read")
    [red] = [box.value for box in page.error if "were won" in box.value]
    assert red.startswith("**Check this first.** All 7 leads were won")
    assert "Export the lost and the open deals as well" in red


# -- pipelines -----------------------------------------------------------------------------------


def test_another_pipeline_is_guessed_at_anew(records: Store, uploads: list[Opened]) -> None:
    content = history(
        ("Sales", ("Discovery", "Demo", "Won"), 8), ("Renewals", ("Review", "Offer", "Won"), 4)
    )
    page = home(opened(uploads, ("deals.csv", content)))
    assert page.selectbox(key="pipeline").options == ["Sales: 20 rows", "Renewals: 10 rows"]
    assert "Discovery → Demo → Won" in said(page)
    page.selectbox(key="pipeline").set_value("Renewals").run()
    assert "Review → Offer → Won" in said(page)
    assert "Discovery →" not in said(page)
    press(page, "layout_read")
    assert page.session_state["upload_home"].read.cohort.reached() == (4, 4, 2)
    page.text_input(key="start_name").set_value("Renewals")
    page.text_input(key="start_deal_value").set_value("100").run()
    press(page, "start_submit")
    _, origin = accepted(records)
    assert dict(in_full(origin))["Pipeline"] == "Renewals"


def test_pipelines_that_only_date_columns_name_are_told_apart(
    records: Store, uploads: list[Opened]
) -> None:
    sales = [f'Date entered ""{one} (Sales)""' for one in ("Discovery", "Demo", "Won")]
    renewals = [f'Date entered ""{one} (Renewals)""' for one in ("Review", "Won")]
    header = ",".join(["Record ID", *(f'"{name}"' for name in (*sales, *renewals))])
    rows = [f"{n},2025-0{n}-01,2025-0{n}-05,2025-0{n}-09,," for n in range(1, 8)]
    rows += [f"{n + 7},,,,2025-0{n}-02,2025-0{n}-08" for n in range(1, 4)]
    page = home(opened(uploads, ("deals.csv", table(header, *rows))))
    assert "Discovery → Demo → Won" in said(page)
    page.selectbox(key="pipeline").set_value("Renewals").run()
    assert "Review → Won" in said(page)
    press(page, "layout_read")
    assert page.session_state["upload_home"].read.cohort.reached() == (3, 3)


# -- every row is a lead -------------------------------------------------------------------------


def test_without_a_column_for_leads_every_row_is_one(records: Store, uploads: list[Opened]) -> None:
    content = deals().replace(b"\n2,", b"\n1,")
    page = home(opened(uploads, ("deals.csv", content)))
    page.selectbox(key="column_deals_lead").set_value(None).run()
    assert (
        page.selectbox(key="column_deals_lead").placeholder == "not in the file: every row is one"
    )
    press(page, "layout_read")
    assert "12 leads came in" in said(page)


@pytest.mark.parametrize("shape", [Shape.HISTORY, Shape.DATES, Shape.DEALS])
def test_every_field_of_a_shape_has_a_name_of_its_own(shape: Shape) -> None:
    names = [label(field, shape) for field in fields_of(shape)]
    assert len(set(names)) == len(names)


# -- the line of the column names ----------------------------------------------------------------


def test_the_line_of_the_column_names_is_shown_and_can_be_another_one(
    records: Store, uploads: list[Opened]
) -> None:
    page = home(opened(uploads, ("deals.csv", b"All deals\nAs of today\n" + deals())))
    before = page.session_state["upload_home"].opened
    assert page.expander[0].label.startswith("The column names stand on line 3 of deals")
    assert "As of today" in said(page)
    assert page.button(key="header_open_0").disabled
    page.text_input(key="header_line_0").set_value("4").run()
    press(page, "header_open_0")
    after = page.session_state["upload_home"].opened
    uploads.append(after)
    assert before.database.is_closed
    assert not after.database.is_closed
    assert after.database.tables[0].header_line == 4
    assert "Closed Won" in after.database.tables[0].columns


def test_a_line_without_names_is_refused_and_the_files_stay(
    records: Store, uploads: list[Opened]
) -> None:
    page = home(opened(uploads, ("deals.csv", b"All deals\n\n" + deals())))
    page.text_input(key="header_line_0").set_value("2").run()
    press(page, "header_open_0")
    assert any("cannot be used yet" in box.value for box in page.error)
    assert not page.session_state["upload_home"].opened.database.is_closed
    assert not page.button(key="layout_read").disabled


# -- currencies ----------------------------------------------------------------------------------


def test_a_rate_makes_deals_of_another_currency_count(
    records: Store, uploads: list[Opened]
) -> None:
    content = table(
        "Record ID,Deal Stage,Create Date,Close Date,Amount",
        *(f"{n},Closed Won,2025-0{n}-01,2025-0{n}-20,EUR 4000" for n in (1, 2, 3)),
        "4,Closed Won,2025-04-01,2025-04-20,USD 10000",
        "5,Closed Lost,2025-12-01,2025-12-20,USD 10000",
    )
    page = home(opened(uploads, ("deals.csv", content)))
    assert page.selectbox(key="currency").value == "EUR"
    assert "2 of 5 do not" in page.error[0].value
    press(page, "layout_read")
    assert page.text_input(key="start_deal_value").value == "4,000"
    assert any("2 of 5 do not" in box.value for box in page.error)
    press(page, "read_anew")
    page.text_input(key="rate_usd_eur").set_value("0,8").run()
    assert not [box for box in page.error if "currencies" in box.value]
    press(page, "layout_read")
    assert page.text_input(key="start_deal_value").value == "5,000"
    page.text_input(key="start_name").set_value("Rates").run()
    press(page, "start_submit")
    _, origin = accepted(records)
    assert dict(in_full(origin))["1 USD is worth"] == "0.8 EUR"


# -- the period ----------------------------------------------------------------------------------


def test_without_dates_it_is_said_what_is_not_there_and_a_period_is_chosen_and_kept(
    records: Store, uploads: list[Opened]
) -> None:
    undated = table("id,stage,amount", *(f"{n},{'Won' if n < 4 else 'Lost'},500" for n in range(9)))
    page = press(home(opened(uploads, ("deals.csv", undated))), "layout_read")
    assert "365 days, not in the file: a year is assumed." in said(page)
    assert any("how long the numbers cover" in box.value for box in page.error)
    assert page.text_input(key="window_off").disabled
    assert "No date says when leads came to Deal, Won." in said(page)
    assert "No date says when leads came in. So nothing can be corrected" in said(page)
    assert len(page.radio(key="basis_of").options) == 2
    assert "nobody can tell how long a step takes" in said(page)
    page.selectbox(key="start_period").set_value("A quarter").run()
    assert not any("how long the numbers cover" in box.value for box in page.error)
    page.text_input(key="start_name").set_value("Quarter").run()
    press(page, "start_submit")
    funnel, origin = accepted(records)
    assert funnel.period_days == 91
    assert dict(in_full(origin))["Period"] == "91 days, chosen by hand"


def test_days_are_typed_for_counts(records: Store, uploads: list[Opened]) -> None:
    page = home(opened(uploads, ("funnel.csv", b"stage,count\nLead,700\nMQL,70\nWon,7\n")))
    page.text_input(key="start_name").set_value("Counts")
    page.text_input(key="start_deal_value").set_value("1000")
    page.selectbox(key="start_period").set_value("Another number of days").run()
    page.text_input(key="start_period_days").set_value("").run()
    assert page.button(key="start_submit").disabled
    page.text_input(key="start_period_days").set_value("120").run()
    assert "700 reached Lead within 120 days." in said(page)
    press(page, "start_submit")
    assert accepted(records)[0].period_days == 120


def test_how_a_period_was_found_is_said() -> None:
    assert (
        found_in(YEAR).how == "from 1 January to 31 December 2025: the days on which leads came in"
    )
    closed = Period(365, PeriodBasis.CLOSED, date(2025, 1, 1), date(2025, 12, 31))
    assert "deals were closed" in found_in(closed).how
    assert of_counts(None).days == 365
    before = Funnel.from_counts({"Lead": 9, "Won": 1}, deal_value=1, currency="EUR", period_days=90)
    assert of_counts(before).days == 90
    assert "the same as before" in of_counts(before).how


def test_an_origin_that_was_stored_before_periods_were_still_opens() -> None:
    stored = json.loads('{"files": ["a.csv"], "shape": "deals", "cautions": ["Beware."]}')
    assert "Period" not in dict(in_full(Origin(**stored)))


# -- dates far from all others -------------------------------------------------------------------


def test_rows_dated_far_from_all_others_are_left_out_and_come_back(
    records: Store, uploads: list[Opened]
) -> None:
    far = deals("13,Closed Lost,2006-01-05,2006-02-05,10")
    page = press(home(opened(uploads, ("deals.csv", far))), "layout_read")
    assert "5 January 2006: 1 lead" in said(page)
    assert "13 leads came in" in said(page)
    page.checkbox(key="leave_out_far_dates").check().run()
    settled(page)
    assert "The date is far from all others and was left out." in said(page)
    assert "2006" not in said(page)
    assert page.checkbox(key="leave_out_far_dates").value
    page.checkbox(key="leave_out_far_dates").uncheck().run()
    settled(page)
    assert "5 January 2006: 1 lead" in said(page)


# -- the three sentences -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome_counts", "came", "became"),
    [
        (OutcomeCounts(1, 1979, 20), "2,000 leads", "1 was won, 1,979 lost, 20 are still open."),
        (OutcomeCounts(0, 0, 1), "1 lead", "0 were won, 0 lost, 1 is still open."),
    ],
)
def test_the_sentences_agree_in_number(
    outcome_counts: OutcomeCounts, came: str, became: str
) -> None:
    assert sentences.of_leads(outcome_counts, YEAR) == (
        f"{came} came in from 1 January to 31 December 2025.",
        became,
    )


def test_the_sentences_say_of_whom_and_what_is_not_known() -> None:
    unknown = Period(365, PeriodBasis.ASSUMED)
    assert sentences.of_leads(OutcomeCounts(1, 1, 0), unknown, "Fair")[0] == (
        "2 leads of “Fair” came in; the file does not say when."
    )
    closed = Period(31, PeriodBasis.CLOSED, date(2025, 1, 1), date(2025, 1, 31))
    assert (
        "deals were closed from 1 January to 31 January 2025"
        in sentences.of_leads(OutcomeCounts(1, 1, 0), closed)[0]
    )
    one = Funnel.from_counts({"Lead": 2, "Won": 1}, deal_value=0, currency="EUR", period_days=30)
    assert sentences.of_counts(one)[1] == "1 was won, 1 was not."
    assert "Say what a won deal is worth" in sentences.of_money(one, is_valued=False)


def test_with_dates_a_window_is_offered_and_what_the_choice_for_open_leads_makes_is_said(
    records: Store, uploads: list[Opened]
) -> None:
    """The currency of the file is the one of the workshop."""
    more = [f"{n},Negotiation,2025-0{n - 12}-02,,9000" for n in range(13, 19)]
    content = deals(*more).replace(b",9000", b",CZK 9000")
    page = press(home(opened(uploads, ("deals.csv", content))), "layout_read")
    assert page.selectbox(key="start_currency").value == "CZK"
    assert not page.text_input(key="window").disabled
    assert len(page.radio(key="basis_of").options) == 4
    assert "6 were won, 6 lost, 6 are still open." in said(page)
    page.radio(key="basis_of").set_value(Basis.CLOSED_ONLY).run()
    assert "“Open is left out” makes that 12 leads, of which 6 won." in said(page)


# -- the order of the stages ---------------------------------------------------------------------


def test_a_wrong_order_is_said_and_mended_with_one_button(
    records: Store, uploads: list[Opened]
) -> None:
    content = history(("Sales", ("Qualified", "SQL", "Demo", "Won"), 20))
    page = home(opened(uploads, ("history.csv", content)))
    right = "Qualified → SQL → Demo → Won"
    assert right in said(page)
    page.selectbox(key="means_history_qualified").set_value(3)
    page.selectbox(key="means_history_demo").set_value(1).run()
    press(page, "layout_read")
    warned = [box.value for box in page.warning if "The order seems wrong" in box.value]
    assert len(warned) == 1
    assert f"The leads went: {right}" in said(page)
    press(page, "use_order")
    assert page.session_state["upload_home"].read.cohort.stages == tuple(right.split(" → "))
    assert not [box for box in page.warning if "The order seems wrong" in box.value]
    press(page, "read_anew")
    assert right in said(page)


def test_an_order_that_does_not_name_all_stages_is_not_offered() -> None:
    assert reordered(["Lead", "Legal", "Won"], ["Lead", "Demo", "Won"]) is None


def test_where_names_and_leads_disagree_the_stages_say_so(
    records: Store, uploads: list[Opened]
) -> None:
    content = history(("Sales", ("SQL", "MQL", "Demo", "Won"), 20))
    page = home(opened(uploads, ("history.csv", content)))
    assert any("By their names" in box.value for box in page.warning)
    assert "SQL → MQL → Demo → Won" in said(page)


def test_dates_are_said_from_one_day_to_another() -> None:
    assert figures.dates(date(2025, 2, 1), date(2025, 2, 1)) == "on 1 February 2025"
