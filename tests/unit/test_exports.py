import csv
import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell
from openpyxl.chart import BarChart
from openpyxl.workbook import Workbook

from workshop.analysis.gains import joint_gain
from workshop.analysis.planning import best_plan
from workshop.analysis.ranking import effects, ranking
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Choice
from workshop.domain.commitment import Commitment, CommitmentKind, Rhythm, Status
from workshop.domain.funnel import Funnel
from workshop.domain.hand_off import Doer, Duty, key_of
from workshop.domain.idea import Estimate, Idea, IdeaDraft
from workshop.domain.import_codes import Shape
from workshop.domain.origin import Origin
from workshop.domain.people import Side
from workshop.domain.question import QuestionKey, Subject
from workshop.domain.scenario import Scenario
from workshop.domain.settlement import Settlement
from workshop.domain.term import term_key
from workshop.exports import (
    Results,
    actions_csv,
    cleaned,
    ideas_csv,
    markdown,
    neutral,
    set_aside_csv,
    workbook,
)
from workshop.exports.text import one_line
from workshop.wording.commitments import STATUSES
from workshop.wording.figures import money

NOW = datetime(2026, 3, 14, tzinfo=UTC)
FUNNEL = Funnel.from_counts(
    {"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84, "Won": 21},
    deal_value=8000,
    currency="EUR",
    period_days=365,
    losses={"MQL": {"No budget": 126, "No follow-up": 210}},
    benchmarks={"Lead": 0.4},
)
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://example.com","click")',
    "+49 30 1234",
    "-5 % churn",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\xa0=1+1",
    "\u200f=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\x00=1+1",
    "=cmd|' /C calc'!A0",
    "'=already quoted",
    'say "no", twice; and\tgo',
    "first line\nsecond line\r\nthird line",
    "🚀👩‍🚀 ship it",
    "שלום עולם",
    "\u202eevil",
    "x\x00y\x1fz\ufffe",
    "_x0041_ &amp; <b>bold</b>",
    "{currency} {0} %s",
    "http://example.com",
    "mailto:a@example.com",
    "0123",
    "TRUE",
    "1e5",
    " spaces ",
    "漢" * 10_000,
    "🚀" * 10_000,
]
TEXTS = st.text(max_size=60)


def idea(id_: str, step: int, reason: str | None, share: float, **words: str) -> Idea:
    draft = IdeaDraft(
        title=words.get("title", f"Idea {id_}"),
        recovers=Estimate(share, share, share),
        plan=words.get("plan", ""),
        reason=reason,
        days_sales=4,
        days_marketing=0.5,
        owner=words.get("owner", ""),
    )
    return Idea(id_, step, "t", words.get("author", "Ada"), draft, NOW)


def action(id_: str, idea_id: str, **words: str) -> Commitment:
    return Commitment(
        id_,
        idea_id,
        words.get("title", f"Action {id_}"),
        words.get("owner", "Ada"),
        words.get("co_owner", "Bo"),
        words.get("kpi", "MQL → SQL"),
        0.4,
        0.46,
        date(2026, 6, 1),
        words.get("first_step", "Call the first ten"),
    )


IDEAS = [
    idea("A", 1, "No follow-up", 0.2),
    idea("B", 1, "No follow-up", 0.3),
    idea("C", 1, "No budget", 0.1),
    idea("D", 3, None, 0.1),
]
WITHDRAWN = Idea("W", 1, "t", "Bo", IdeaDraft("Cold calls", Estimate(0, 0.1, 0.2)), NOW, True)


def table(*ideas: Idea) -> pd.DataFrame:
    return ranking(FUNNEL, Assumptions(), ideas, {"t": "Team 1"})


@cache
def one_idea() -> dict[str, object]:
    [record] = table(IDEAS[0]).to_dict("records")
    return record


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def results(*actions: Commitment, ideas: Sequence[Idea] = (), **other: Any) -> Results:
    """What a workshop on FUNNEL has come to."""
    funnel, assumptions = other.get("measured", FUNNEL), other.get("assumptions", Assumptions())
    given = {
        "workshop_name": "Spring",
        "measured": funnel,
        "assumptions": assumptions,
        "ranking": ranking(funnel, assumptions, ideas, {"t": "Team 1"}),
        "day": date(2026, 3, 14),
    }
    return Results(ideas=ideas, actions=actions, **{**given, **other})


def book(*actions: Commitment, ideas: Sequence[Idea] = (), **other: Any) -> Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(results(*actions, ideas=ideas, **other))))


def column(book: Workbook, sheet: str, heading: str) -> list[Cell]:
    headings = [cell.value for cell in book[sheet][1]]
    return [line[headings.index(heading)] for line in book[sheet].iter_rows(min_row=2)]


def values(book: Workbook, sheet: str, heading: str) -> list[object]:
    return [cell.value for cell in column(book, sheet, heading)]


def test_the_idea_list_says_what_was_agreed_on_an_idea_and_nothing_where_nothing_was() -> None:
    listed = rows(ideas_csv(table(*IDEAS), [action("1", "D")], "EUR"))
    by_title = {row["Idea"]: row for row in listed}
    agreed, other = by_title["Idea D"], by_title["Idea A"]
    assert (agreed["Agreed: Owner"], agreed["Agreed: Co-owner"]) == ("Ada", "Bo")
    assert agreed["Agreed: Due"] == "2026-06-01"
    assert {value for name, value in other.items() if name.startswith("Agreed")} == {""}


def test_the_idea_list_says_what_the_mini_teams_typed_and_what_it_is_worth() -> None:
    first, second, *_ = rows(ideas_csv(table(*IDEAS), [], "EUR"))
    assert first["Place"] == "1"
    assert first["Idea"] == "Idea D"
    assert first["Step"] == "Opportunity → Won"
    assert first["Goes after these losses"] == "all losses"
    assert float(first["Expected gain (EUR a year)"]) == pytest.approx(50_400, abs=0.01)
    assert first["Effort of sales (person-days)"] == "4"
    assert first["Effort of marketing (person-days)"] == "0.5"
    assert float(first["Gain per person-day (EUR a year)"]) == pytest.approx(11_200, abs=0.01)
    assert first["Mini-team"] == "Team 1"
    assert first["Written by"] == "Ada"
    assert first["State"] == "counts"
    assert second["Goes after these losses"] == "No follow-up"
    assert second["Wins back, likely (% of these losses)"] == "30"
    assert float(second["Expected gain (EUR a year)"]) == pytest.approx(37_800, abs=0.01)


def test_both_files_say_what_each_side_expects_beside_the_pool() -> None:
    sales, marketing = Estimate(0.05, 0.1, 0.2), Estimate(0.15, 0.3, 0.5)
    both = replace(IDEAS[0], estimates=((Side.SALES, sales), (Side.MARKETING, marketing)))
    [row] = rows(ideas_csv(table(both), [], "EUR"))
    file = book(ideas=[both])
    for heading, share in [
        ("Wins back, low (% of these losses)", 0.05),
        ("Wins back, likely (% of these losses)", 0.175),
        ("Wins back, high (% of these losses)", 0.5),
        ("Sales holds likely (% of these losses)", 0.1),
        ("Marketing holds likely (% of these losses)", 0.3),
        ("Other departments hold likely (% of these losses)", None),
    ]:
        assert values(file, "Ideas", heading) == [share and pytest.approx(share)]
        assert row[heading] == ("" if share is None else f"{100 * share:.15g}")


def test_a_withdrawn_idea_is_listed_without_place_and_gain() -> None:
    *_, last = rows(ideas_csv(table(*IDEAS, WITHDRAWN), [], "EUR"))
    assert last["Idea"] == "Cold calls"
    assert last["State"] == "withdrawn"
    assert last["Place"] == last["Expected gain (EUR a year)"] == ""


def test_actions_come_in_the_order_of_their_expected_gain() -> None:
    actions = [action("1", "W"), action("2", "C"), action("3", "D"), action("4", "A")]
    exported = rows(actions_csv(actions, table(*IDEAS, WITHDRAWN), "EUR"))
    assert [row["Action"] for row in exported] == ["Action 3", "Action 4", "Action 2", "Action 1"]
    assert [row["Priority"] for row in exported] == ["1", "2", "3", "4"]


def test_an_action_says_why_who_what_and_until_when() -> None:
    [row] = rows(actions_csv([action("1", "A")], table(*IDEAS), "CHF"))
    gain = row.pop("Expected gain (CHF a year)")
    assert float(gain) == pytest.approx(25_200, abs=0.01)
    assert row == {
        "Priority": "1",
        "Action": "Action 1",
        "Step": "MQL → SQL",
        "Goes after these losses": "No follow-up",
        "Only in this segment": "",
        "Owner": "Ada",
        "Co-owner": "Bo",
        "KPI": "MQL → SQL",
        "Baseline (%)": "40",
        "Target (%)": "46",
        "First step": "Call the first ten",
        "Due": "2026-06-01",
        "Status": "open",
    }


def test_a_csv_opens_in_excel_as_utf8() -> None:
    content = ideas_csv(table(*IDEAS), [], "EUR")
    assert content.startswith(b"\xef\xbb\xbfPlace,Idea,")
    assert content.count(b"\r\n") == 1 + len(IDEAS)


def test_nothing_to_export_is_a_heading_alone() -> None:
    assert rows(ideas_csv(table(), [], "EUR")) == []
    assert rows(actions_csv([], table(), "EUR")) == []
    assert actions_csv([], table(), "EUR").startswith(b"\xef\xbb\xbfPriority,Action,")
    assert book()["Actions"].max_row == 1


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_comes_back_from_both_files_as_it_was_typed(text: str) -> None:
    words = text[:60]
    typed_idea = idea("A", 1, None, 0.1, title=words, plan=text, owner=words, author=words)
    ideas = table(typed_idea)
    actions = [
        action("1", "A", title=words, owner=words, co_owner=words, kpi=words, first_step=text)
    ]
    [listed] = rows(ideas_csv(ideas, [], "EUR"))
    assert listed["How"] == neutral(text)
    assert listed["Idea"] == listed["Proposed owner"] == listed["Written by"] == neutral(words)
    [signed] = rows(actions_csv(actions, ideas, "EUR"))
    assert signed["First step"] == neutral(text)
    assert signed["Action"] == signed["Owner"] == signed["Co-owner"] == signed["KPI"]
    assert signed["KPI"] == neutral(words)
    plan = best_plan(FUNNEL, Assumptions(), [typed_idea], Choice())
    scenarios = [Scenario(f"x{words}", 2000, (0.3,) * 4, 8000)]
    file = book(*actions, ideas=[typed_idea], workshop_name=words, plan=plan, scenarios=scenarios)
    for sheet, heading, typed in [
        ("Ideas", "How", text),
        ("Ideas", "Idea", words),
        ("Ideas", "Proposed owner", words),
        ("Ideas", "Written by", words),
        ("Actions", "Action", words),
        ("Actions", "Owner", words),
        ("Actions", "Co-owner", words),
        ("Actions", "KPI", words),
        ("Actions", "First step", text),
    ]:
        [cell] = column(file, sheet, heading)
        assert cell.value == cleaned(typed)
        assert cell.data_type == "s"
        assert cell.hyperlink is None
        assert cell.quotePrefix
    assert file["Assumptions"]["B2"].value == cleaned(words)


def settled(key: QuestionKey, value: str, name: str = "Ada", **other: Any) -> Settlement:
    return Settlement(key, value, name, name, NOW, **other)


def test_who_does_what_stands_from_the_top_of_the_funnel_down_and_words_below() -> None:
    held = [
        settled(key_of(1, Duty.ACTS), "", owner=Doer.SALES, hours=4),
        settled(key_of(0, Duty.DECIDES), "they asked", owner=Doer.MARKETING),
        settled(key_of(9, Duty.FINDS), "", owner=Doer.BOTH),
        settled(term_key("lost"), "not heard of for a year"),
        settled(term_key("MQL"), "asked for a price"),
        settled(QuestionKey(Subject.TERM, "hot_lead_0badcafe"), "called us"),
    ]
    sheet = book(settled=held)["Who does what"]
    cells = [[cell.value for cell in row][:4] for row in sheet.iter_rows()]
    assert cells[:3] == [
        ["Step", "What", "Who", "How"],
        ["Lead → MQL", "decides that they pass", "Marketing", "passes when they asked"],
        ["MQL → SQL", "acts next", "Sales", "answered within 4 hours"],
    ]
    assert [[row[0], row[3]] for row in cells[4:]] == [
        ["Word", "What it means here"],
        ["MQL", "asked for a price"],
        ["lost", "not heard of for a year"],
        ["hot lead", "called us"],
    ]
    text = markdown(results(settled=held)).decode()
    assert (
        "| Lead → MQL | decides that they pass | Marketing | passes when they asked | Ada | Ada |"
        in text
    )
    assert "## What we call things" in text
    assert "Who does what" not in markdown(results()).decode()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_settlement_stays_text(text: str) -> None:
    held = [
        settled(key_of(0, Duty.FINDS), text, f"x{text[:60]}", owner=Doer.SALES),
        settled(term_key("MQL"), f"x{text[:60]}"),
    ]
    file = book(settled=held)
    for cell in (cell for row in file["Who does what"].iter_rows() for cell in row):
        assert cell.data_type in "sdn"
        assert cell.hyperlink is None
    how = column(file, "Who does what", "How")[0]
    assert how.value == cleaned(text)
    assert how.quotePrefix
    written = markdown(results(settled=held)).decode()
    [line] = [line for line in written.splitlines() if line.startswith("| Lead → MQL | finds")]
    assert line.count(" | ") == 5


def test_stage_and_reason_names_are_text_in_the_workbook_too() -> None:
    funnel = Funnel.from_counts(
        {"=A": 9, "@B": 3},
        deal_value=1,
        currency="EUR",
        period_days=7,
        losses={"=A": {"+late": 2}},
        benchmarks={"=A": 0.5},
    )
    file = book(measured=funnel, workshop_name="-")
    assert {cell.data_type for sheet in file for line in sheet for cell in line} <= {"s", "n"}
    assert values(file, "Funnel", "Step") == ["=A → @B", None, "Step", "=A → @B", "=A → @B"]


@given(TEXTS)
@example("\x00=1")
@example("\u2060\u200b =1")
def test_no_cell_of_a_csv_begins_like_a_formula(text: str) -> None:
    shown = neutral(text)
    assert not shown.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert not shown.startswith(("\t", "\r", "\n"))


@given(TEXTS)
def test_an_apostrophe_is_the_only_thing_neutralising_adds(text: str) -> None:
    assert neutral(text).replace("'", "") == cleaned(text).replace("'", "")


# What people may write, made of what could break out of a cell.
pieces = st.sampled_from(
    [
        "=1+1",
        "-x",
        "@A1",
        "＝1",
        '"',
        '""',
        "'",
        ";",
        ",",
        "\t",
        "|",
        "\n",
        "\r",
        "\u2028",
        " ",
        "a",
    ]
)
breakouts = st.lists(pieces, max_size=8).map("".join)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
@given(plan=breakouts, owner=breakouts, title=breakouts)
@example("Call;=1+1", 'x;"=1+1";y', "first\n=1+1")
@example('a;""', "a\n", '=";=1')
def test_no_cell_is_calculated_wherever_a_spreadsheet_splits(
    delimiter: str, quoting: int, plan: str, owner: str, title: str
) -> None:
    idea = one_idea() | {"plan": plan, "owner": owner, "title": title}
    says = ("", 1, owner, plan, title)
    for file in (
        ideas_csv(pd.DataFrame([idea, idea]), [], "EUR"),
        set_aside_csv([(plan, *says[1:]), (owner, *says[1:])]),
    ):
        # Some programs end a line at other characters as well.
        for text in (file.decode("utf-8-sig"), "\n".join(file.decode("utf-8-sig").splitlines())):
            read = csv.reader(StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
            for cell in (cell for row in read for cell in row):
                begins = cell.lstrip(' \t\r\n"\u2028\xa0')
                is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", begins.strip('"'))
                assert is_number or not begins.startswith(tuple("=+-@＝＋－＠")), cell


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=60))
def test_ordinary_text_is_not_cleaned_of_anything(text: str) -> None:
    assert cleaned(text) == text
    assert cleaned(text + "\tand\n") == text + "\tand\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\nx"),
        ("  =1", "'  =1"),
        ("\xa0=1", "'\xa0=1"),
        ("\u200f\u2060=1", "'\u200f\u2060=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("\x00=1", "'=1"),
        ("\ud800=1", "'=1"),
    ],
)
def test_what_a_spreadsheet_could_calculate_gets_an_apostrophe(text: str, shown: str) -> None:
    assert neutral(text) == shown


@pytest.mark.parametrize("text", ["call back", "5 - 3", "a@example.com", "'quoted", "−3", "", " "])
def test_harmless_text_gets_no_apostrophe(text: str) -> None:
    assert neutral(text) == text


@given(st.lists(TEXTS.filter(lambda text: text.strip()), min_size=1, max_size=5))
def test_any_plan_can_be_read_back_from_the_csv(plans: list[str]) -> None:
    ideas = pd.DataFrame([one_idea()] * len(plans)).assign(plan=plans)
    assert [row["How"] for row in rows(ideas_csv(ideas, [], "EUR"))] == list(map(neutral, plans))


def test_the_workbook_has_a_sheet_for_each_question() -> None:
    file = book(action("1", "A"), ideas=IDEAS)
    assert file.sheetnames == [
        "Summary",
        "Actions",
        "Ideas",
        "Assumptions",
        "Funnel",
        "Plan",
        "Scenarios",
    ]
    more = book(settled=[settled(term_key("MQL"), "asked for a price")]).sheetnames
    assert more[-1] == "Who does what"


def promise(kind: CommitmentKind, title: str, **words: Any) -> Commitment:
    """What was promised beside the actions."""
    given: dict[str, Any] = {"rhythm": Rhythm.WEEKLY, "kpi": "", "first_step": ""} | words
    rhythm, kpi, first_step = given["rhythm"], given["kpi"], given["first_step"]
    about = (kpi, None, None, date(2026, 5, 4), first_step)
    return Commitment(title, "", title, "Cy", "Di", *about, kind=kind, rhythm=rhythm)


PROMISES = (
    promise(CommitmentKind.PLAY, "Ride along"),
    promise(CommitmentKind.HAND_OFF, "Answer within a day", rhythm=Rhythm.DAILY),
    promise(CommitmentKind.CLAUSE, "Look again in June", rhythm=Rhythm.ONCE),
)


def test_commitments_of_all_kinds_have_a_sheet_and_no_cell_of_theirs_is_a_formula() -> None:
    evil = promise(CommitmentKind.PLAY, "=1+1", kpi="@SUM(A1)", first_step="+cmd")
    file = book(action("1", "A", title="Call"), ideas=IDEAS, others=[*PROMISES, evil])
    assert values(file, "Commitments", "What") == [
        "Call",
        "Ride along",
        "Answer within a day",
        "Look again in June",
        "=1+1",
    ]
    assert values(file, "Commitments", "Kind") == [
        "Action",
        "Habit of both teams",
        "Hand-off",
        "Clause of the agreement",
        "Habit of both teams",
    ]
    assert values(file, "Commitments", "How often")[1:4] == ["every week", "every day", "once"]
    assert {cell.data_type for row in file["Commitments"] for cell in row} <= {"s", "n", "d"}


def test_markdown_lists_what_is_promised_beside_the_actions_but_what_was_dropped() -> None:
    dropped = replace(PROMISES[0], title="Given up", status=Status.DROPPED)
    text = markdown(results(others=[*PROMISES, dropped])).decode()
    told = [cells(line) for line in text.splitlines() if line.startswith("| ")]
    assert [
        "Ride along",
        "Habit of both teams",
        "Cy",
        "Di",
        "4 May 2026",
        "every week",
        "open",
    ] in told
    assert "Given up" not in text
    assert "What else is promised" not in markdown(results()).decode()


def test_the_workbook_lists_actions_and_ideas_like_the_csv() -> None:
    ideas = table(*IDEAS, WITHDRAWN)
    actions = [action("1", "A"), action("2", "B")]
    file = book(*actions, ideas=[*IDEAS, WITHDRAWN])
    for sheet, content in [
        ("Ideas", ideas_csv(ideas, [], "EUR")),
        ("Actions", actions_csv(actions, ideas, "EUR")),
    ]:
        exported = rows(content)
        # The CSV of the ideas says beside them what the workbook says on its sheet of actions.
        headings = [heading for heading in exported[0] if not heading.startswith("Agreed: ")]
        assert [cell.value for cell in file[sheet][1]] == headings
        for heading in headings:
            for cell, written in zip(
                values(file, sheet, heading), [row[heading] for row in exported], strict=True
            ):
                match cell:
                    case None:
                        assert written == ""
                    case datetime():
                        assert cell.date().isoformat() == written
                    case str():
                        assert cell == written
                    case int() | float():
                        shown = cell * 100 if "%" in heading.partition("(")[2] else cell
                        # Money is whole there, shares have one decimal.
                        most = 0.5 if "EUR" in heading else 0.05
                        assert float(written) == pytest.approx(shown, abs=most + 1e-9)


def test_cells_of_the_workbook_are_numbers_with_their_unit() -> None:
    file = book(action("1", "A"), ideas=IDEAS)
    [gain] = column(file, "Actions", "Expected gain (EUR a year)")
    [target] = column(file, "Actions", "Target (%)")
    [due] = column(file, "Actions", "Due")
    assert gain.value == pytest.approx(25_200)
    assert gain.number_format == '"€"#,##0'
    assert (target.value, target.number_format) == (0.46, "0.0%")
    assert (due.value, due.is_date) == (datetime(2026, 6, 1), True)


def test_every_sheet_is_ready_to_be_filtered_and_printed() -> None:
    plan = best_plan(FUNNEL, Assumptions(), IDEAS, Choice())
    _, *tables = book(action("1", "A"), ideas=IDEAS, plan=plan)
    for sheet in tables:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)  # one page wide is what a blank means
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$1"
        assert sheet["A1"].font.bold
        assert sheet["B2"].alignment.wrap_text
        assert sheet.column_dimensions["B"].width > 10


def test_the_funnel_sheet_says_what_each_step_loses_and_why() -> None:
    file = book(ideas=IDEAS)
    lines = [[cell.value for cell in line] for line in file["Funnel"].iter_rows()]
    assert lines[0] == [
        "Step",
        "Came in (count)",
        "Went on (count)",
        "Conversion rate (%)",
        "Benchmark (%)",
        "Lost (count)",
        "Lost (% of those who came in)",
        "Leak (EUR a year)",
        "Owner",
    ]
    lead, mql, *_ = lines[1:]
    assert lead[:6] == ["Lead → MQL", 2000, 700, 0.35, 0.4, 1300]
    assert lead[7:] == [pytest.approx(312_000), "both"]
    assert mql[:7] == ["MQL → SQL", 700, 280, 0.4, None, 420, 0.6]
    assert mql[7] == pytest.approx(252_000)
    assert lines[6][:5] == [
        "Step",
        "Why they are lost",
        "Lost (count)",
        "Lost (% of all lost here)",
        "Leak (EUR a year)",
    ]
    assert [line[:5] for line in lines[7:11]] == [
        ["Lead → MQL", "unexplained", 1300, 1, pytest.approx(312_000)],
        ["MQL → SQL", "No follow-up", 210, 0.5, pytest.approx(126_000)],
        ["MQL → SQL", "No budget", 126, 0.3, pytest.approx(75_600)],
        ["MQL → SQL", "unexplained", 84, 0.2, pytest.approx(50_400)],
    ]


def test_a_step_that_nobody_entered_has_no_losses_to_explain() -> None:
    funnel = Funnel.from_counts(
        {"Lead": 10, "MQL": 0, "Won": 0}, deal_value=1, currency="EUR", period_days=365
    )
    file = book(measured=funnel)
    assert values(file, "Funnel", "Step") == [
        "Lead → MQL",
        "MQL → Won",
        None,
        "Step",
        "Lead → MQL",
    ]


def test_the_assumptions_sheet_says_whose_numbers_they_are_and_how_to_read_them() -> None:
    assumptions = Assumptions(deal_value=9000, period_days=73, quality=0.8, success=0.5)
    file = book(ideas=IDEAS, assumptions=assumptions)
    sheet = {line[0].value: line[1:] for line in file["Assumptions"].iter_rows(min_row=2)}
    numbers = {name: value.value for name, (value, _) in sheet.items()}
    assert numbers["Workshop"] == "Spring"
    assert numbers["Deal value (EUR)"] == 9000
    assert numbers["Period (days)"] == 73
    assert numbers["Revenue today (EUR a year)"] == pytest.approx(21 * 9000 * 5)
    assert numbers["Benchmark of Lead → MQL (%)"] == 0.4
    assert numbers["How well recovered prospects close (%)"] == 0.8
    assert numbers["Chance of success (%)"] == 0.5
    assert sheet["Chance of success (%)"][0].number_format == "0.0%"
    meanings = {name: meaning.value for name, (_, meaning) in sheet.items()}
    assert all(meanings.values())
    assert "as management assumes" in meanings["Deal value (EUR)"]
    assert "from the funnel's file" in meanings["Benchmark of Lead → MQL (%)"]
    assert "a year" in meanings["Expected gain"]
    assert "expected" in meanings["Expected gain"]
    assert "one time in ten" in meanings["10 % point and 90 % point"]
    leaks = values(file, "Funnel", "Leak (EUR a year)")
    assert leaks[0] == pytest.approx(312_000 * 9000 / 8000 * 5)


@pytest.mark.parametrize("status", list(Status))
def test_how_far_an_action_is_stays_a_word_for_people(status: Status) -> None:
    signed = replace(action("1", "A"), status=status)
    [row] = rows(actions_csv([signed], table(*IDEAS), "EUR"))
    assert row["Status"] == STATUSES[status]
    assert "_" not in row["Status"]


def test_rows_that_an_import_set_aside_are_a_file_that_no_program_takes_for_formulas() -> None:
    content = set_aside_csv([("deals.csv", 7, "=1+1", "No date.", "@SUM(A1)")])
    [header, row] = content.decode("utf-8-sig").splitlines()
    assert header == "File,Line,Lead,Why it was set aside,What the row says"
    assert row == "deals.csv,7,'=1+1,No date.,'@SUM(A1)"


def test_the_workbook_says_where_the_numbers_come_from() -> None:
    origin = Origin(("=deals.csv",), Shape.DEALS, rows_read=10)
    sheet = book(origin=origin)["Where the numbers come from"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["Files", "=deals.csv"],
        ["Read as", "one row a deal, with its stage or its outcome"],
        ["Rows read", "10"],
        ["Rows used", "10"],
    ]


# -- the summary, the plan and the scenarios ----------------------------------------------------


def sums(file: Workbook, sheet: str, heading: str) -> dict[object, object]:
    """The numbers by their names below a heading, until a blank row."""
    lines = [[cell.value for cell in line[:2]] for line in file[sheet].iter_rows()]
    below = lines[[line[0] for line in lines].index(heading) + 1 :]
    return dict(below[: [line[0] for line in [*below, [None]]].index(None)])


def test_the_first_sheet_tells_a_director_what_is_lost_done_brought_and_looked_at() -> None:
    dropped = replace(action("3", "C"), status=Status.DROPPED, due=date(2027, 1, 1))
    actions = [action("1", "A"), replace(action("2", "B"), due=date(2026, 7, 1)), dropped]
    assumptions = Assumptions(success=0.5)
    plan = best_plan(FUNNEL, assumptions, IDEAS, Choice())
    given = results(*actions, ideas=IDEAS, assumptions=assumptions, plan=plan)
    file = openpyxl.load_workbook(BytesIO(workbook(given)))
    sheet = file.worksheets[0]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert [line[0] for line in lines[:2]] == ["Spring", "Funnel Reality Check, 14 March 2026"]
    assert ["MQL → SQL", 700, 420, 0.6, pytest.approx(252_000)] in lines
    told = {line[0]: line[1:] for line in lines}
    assert told["Action 2"][:3] == ["Ada", "Bo", datetime(2026, 7, 1)]
    gains = given.ranking.set_index("id")["gain"]
    assert told["Action 2"][3] == pytest.approx(gains["B"])
    assert "Action 3" not in told
    together = joint_gain(FUNNEL, effects(IDEAS, assumptions)[:2])
    assert f"2 actions: together probably {money(together, 'EUR')} a year." in told
    assert sums(file, "Summary", "What") == {
        "Revenue today a year": pytest.approx(168_000),
        "Agreed actions together a year, probably": pytest.approx(together),
        "The best plan brings a year, probably": pytest.approx(plan.gain),
        "The best plan a year, if all worked as estimated": pytest.approx(132_300),
    }
    assert "After 1 July 2026, when the last action is due, we measure again." in told
    assert sheet.page_setup.fitToHeight in (None, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_first_sheet_draws_what_each_step_loses() -> None:
    sheet = book(ideas=IDEAS)["Summary"]
    [chart] = sheet._charts
    [series] = chart.series
    assert isinstance(chart, BarChart)
    leaks = [cell.value for [cell] in sheet[reference(series.val.numRef.f)]]
    assert leaks == [pytest.approx(worth) for worth in (312_000, 252_000, 392_000, 504_000)]
    named = [cell.value for [cell] in sheet[reference(series.cat.strRef.f)]]
    assert named == [step.name for step in FUNNEL.steps]


def reference(formula: str) -> str:
    """The cells that a chart takes its numbers from."""
    return formula.removeprefix("Summary!").replace("$", "")


def test_a_workshop_without_ideas_has_a_summary_too() -> None:
    words = [line[0].value for line in book()["Summary"].iter_rows()]
    assert "Nothing is agreed yet." in words
    assert "Agreed actions together a year, as estimated" in words


def test_the_plan_sheet_lists_what_is_in_the_plan_and_what_is_left_out() -> None:
    plan = best_plan(FUNNEL, Assumptions(), IDEAS, Choice(days_sales=8, days_marketing=1))
    file = book(ideas=[*IDEAS, WITHDRAWN], plan=plan)
    in_plan = dict(
        zip(values(file, "Plan", "Idea")[:4], values(file, "Plan", "In the plan")[:4], strict=True)
    )
    assert in_plan == {"Idea D": "yes", "Idea B": "yes", "Idea A": "no", "Idea C": "no"}
    credit = values(file, "Plan", "Contribution to the plan (EUR a year)")[:4]
    assert credit == [pytest.approx(plan.credit["D"]), pytest.approx(plan.credit["B"]), None, None]
    alone = values(file, "Plan", "Gain alone (EUR a year)")[:4]
    assert alone == [pytest.approx(worth) for worth in (50_400, 37_800, 25_200, 7_560)]
    assert values(file, "Plan", "Effort of sales (person-days)")[:4] == [4] * 4
    whole = sums(file, "Plan", "The plan as a whole")
    assert whole["Brings (EUR a year)"] == pytest.approx(plan.gain)
    assert whole["Capacity of sales (person-days)"] == 8
    assert whole["Effort of marketing (person-days)"] == 1


def test_days_that_nobody_has_said_stay_blank_in_the_plan() -> None:
    no_days = replace(IDEAS[0], draft=replace(IDEAS[0].draft, days_sales=0, days_marketing=0))
    file = book(ideas=[no_days], plan=best_plan(FUNNEL, Assumptions(), [no_days], Choice()))
    assert values(file, "Plan", "Effort of sales (person-days)")[0] is None
    assert sums(file, "Plan", "The plan as a whole")["Capacity of sales (person-days)"] is None


def test_the_scenarios_stand_beside_today() -> None:
    kept = [
        Scenario("{More} wins", 2000, (0.35, 0.4, 0.3, 0.5), 8000, success=0.5),
        Scenario("Of an older funnel", 2000, (0.5,), 8000),
    ]
    file = book(scenarios=kept)
    assert [cell.value for cell in file["Scenarios"][1]] == ["Number", "Today", "{More} wins"]
    told = {line[0].value: [cell.value for cell in line[1:]] for line in file["Scenarios"]}
    assert told["Revenue (EUR a year)"] == [pytest.approx(168_000), pytest.approx(336_000)]
    assert told["Opportunity → Won (%)"] == [0.25, 0.5]
    assert told["Chance of success (%)"] == [None, 0.5]


def test_ideas_say_what_they_bring_as_estimated_beside_what_will_probably_come_true() -> None:
    assumptions = Assumptions(success=0.5)
    ideas = ranking(FUNNEL, assumptions, IDEAS, {"t": "Team 1"})
    heading = "Gain as the team estimates (EUR a year)"
    by_title = {row["Idea"]: row for row in rows(ideas_csv(ideas, [], "EUR"))}
    assert by_title["Idea D"][heading] == "50400"
    assert float(by_title["Idea D"]["Expected gain (EUR a year)"]) < 50_400
    file = book(ideas=IDEAS, assumptions=assumptions)
    assert values(file, "Ideas", heading)[0] == pytest.approx(50_400)


def test_a_ranking_of_other_ideas_is_refused() -> None:
    with pytest.raises(ValueError, match="other ideas"):
        results(ideas=IDEAS, ranking=table(IDEAS[0]))


# -- rounded as people type ----------------------------------------------------------------------


@given(
    gain=st.floats(-1e15, 1e15),
    share=st.floats(0, 1),
    days=st.floats(0, 1e6),
)
@example(gain=25_200.4, share=0.475, days=0.1 + 0.2)
@example(gain=-0.2, share=0.29, days=1e6)
def test_a_csv_holds_whole_money_and_no_noise(gain: float, share: float, days: float) -> None:
    numbers = {"gain": gain, "low": share, "p_top3": share, "days_sales": days}
    [row] = rows(ideas_csv(pd.DataFrame([{**one_idea(), **numbers}]), [], "EUR"))
    assert row["Expected gain (EUR a year)"] == f"{round(gain)}"
    low = row["Wins back, low (% of these losses)"]
    assert float(low) == pytest.approx(100 * share, abs=0.05)
    if 0.01 <= share <= 0.99:
        assert re.fullmatch(r"[0-9]{1,2}(\.[1-9])?", low)
    if 1e-6 < share < 1 - 1e-6:
        assert 0 < float(low) < 100
    said = row["Effort of sales (person-days)"]
    assert re.fullmatch(r"[0-9]+(\.[0-9]?[1-9])?", said)
    assert float(said) == pytest.approx(days, abs=0.005)


# -- Markdown ------------------------------------------------------------------------------------

JOINER = "\u2060"


def cells(line: str) -> list[str]:
    """The cells of a table's row, as whoever reads the rendered page sees them."""
    return [seen(cell) for cell in line.removeprefix("| ").removesuffix(" |").split(" | ")]


def seen(written: str) -> str:
    """What a piece of Markdown without any markup shows."""
    return re.sub(r"\\(.)", r"\1", html.unescape(written)).replace(JOINER, "")


def one_liner(text: str) -> str:
    return " ".join(cleaned(text).split()).replace(JOINER, "")


def test_markdown_says_what_is_lost_done_brought_and_thought_of() -> None:
    assumptions = Assumptions(success=0.5)
    plan = best_plan(FUNNEL, assumptions, IDEAS, Choice())
    dropped = replace(action("3", "C"), status=Status.DROPPED)
    given = results(
        action("1", "A"), action("2", "B"), dropped, ideas=IDEAS, assumptions=assumptions, plan=plan
    )
    text = markdown(given).decode()
    shown = [seen(line) for line in text.splitlines()]
    rows_shown = [cells(line) for line in text.splitlines() if line.startswith("| ")]
    gains = {k: money(v, "EUR") for k, v in given.ranking.set_index("id")["gain"].items()}
    together = money(joint_gain(FUNNEL, effects(IDEAS, assumptions)[:2]), "EUR")
    assert shown[0] == "# Spring"
    assert ["MQL → SQL", "700", "420", "60 %", "€252k"] in rows_shown
    assert [
        "Action 2",
        "Ada",
        "Bo",
        "Call the first ten",
        "MQL → SQL: 40 % → 46 %",
        "1 June 2026",
        "open",
        gains["B"],
    ] in rows_shown
    assert f"2 actions: together probably {together} a year." in shown
    assert "After 1 June 2026, when the last action is due, we measure again." in shown
    assert ["Agreed actions together a year, probably", together] in rows_shown
    assert ["The best plan brings a year, probably", money(plan.gain, "EUR")] in rows_shown
    assert ["1", "Idea D", "Opportunity → Won", "all losses", gains["D"]] in rows_shown
    assert not [line for line in shown if "Action 3" in line]


def test_markdown_lists_the_first_ten_ideas_and_counts_the_rest() -> None:
    ideas = [idea(f"{number}", 1, None, 0.01 * number) for number in range(1, 13)]
    text = markdown(results(ideas=ideas)).decode()
    assert "| Idea 12 |" in text
    assert "| Idea 2 |" not in text
    assert text.endswith("\n\nAnd 2 more, in the Excel file.\n")


def test_markdown_of_a_workshop_without_ideas_says_so() -> None:
    text = markdown(results()).decode()
    assert "Nothing is agreed yet." in text
    assert text.endswith("## The first ideas\n\nNo ideas yet.\n")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_shown_in_markdown_as_it_was_typed(text: str) -> None:
    words = text[:60]
    typed = idea("A", 1, None, 0.1, title=words)
    signed = action("1", "A", title=words, owner=words, co_owner=words, kpi=words, first_step=text)
    written = markdown(results(signed, ideas=[typed], workshop_name=words)).decode()
    lines = written.split("\n")
    assert seen(lines[0]) == f"# {one_liner(words)}"
    table_rows = [cells(line) for line in lines if line.startswith("| ")]
    [of_action] = [row for row in table_rows if row[5:6] == ["1 June 2026"]]
    assert of_action[:4] == [one_liner(words)] * 3 + [one_liner(text)]
    assert of_action[4] == one_liner(f"{words}: 40 % → 46 %")
    [of_idea] = [row for row in table_rows if row[0] == "1"]
    assert of_idea[1] == one_liner(words)
    assert {len(row) for row in table_rows} == {2, 5, 8}


markup = st.sampled_from(
    [
        *"\\`*_{}[]()<>#+-.!|~$^:=&\"'/@?;,% \n\t",
        "a",
        "b1",
        "www.",
        "http://a.example",
        "a@b.example",
        "&amp;",
        "&#42;",
        "<b>",
        "]]",
        "''",
        "#12",
        JOINER,
    ]
)


@given(st.lists(markup, max_size=12).map("".join))
@example("[a](javascript:alert(1))")
@example("![a](http://a.example/b.png)")
@example("<img src=x onerror=alert(1)>")
@example("{{template}} [[page]] ''bold'' ~~~~ __TOC__")
@example("`code` $x$ :rocket: @here #12")
@example("\\| x | y")
def test_nothing_typed_is_markup_in_any_wiki(text: str) -> None:
    written = one_line(text)
    assert seen(written) == one_liner(text)
    # What is not escaped:
    left = re.sub(r"\\[!-/:-@\[-`{-~]|&(amp|lt|gt|#124);", "", written)
    assert not re.search(r"[\\`*_{}\[\]()<>#!|~$^=&\n]", left)
    # Once it is unescaped, no address, person, topic or sign is left for who looks for them there.
    shown = re.sub(r"\\(.)", r"\1", html.unescape(written))
    assert not re.search(r"://|www\.[a-z]|\w@|@\w|#\w|:\w|''|--|~~|[a-z]\.[a-z]", shown)
