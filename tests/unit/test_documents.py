"""The printed documents and the calendar, opened with other programs than those that made them."""

import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from typing import Any

import ics
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from tests.examples import examples
from tests.unit.test_exports import (
    FUNNEL,
    HOSTILE,
    IDEAS,
    NOW,
    PROMISES,
    action,
    idea,
    results,
    settled,
)
from workshop.analysis.planning import best_plan
from workshop.analysis.second_look import look
from workshop.analysis.verdicts import verdict_words
from workshop.analysis.when_it_shows import can_show, days_until_it_shows
from workshop.charts import RANKING_ALT, funnel_alt, funnel_chart, reasons_alt
from workshop.charts.printing import VERSION, on_paper, printed
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Choice
from workshop.domain.commitment import CheckIn, Commitment, CommitmentKind, Rhythm, Status
from workshop.domain.company import Followed, PastWorkshop
from workshop.domain.funnel import Funnel, Step
from workshop.domain.hand_off import Doer, Duty, key_of
from workshop.domain.import_codes import Shape
from workshop.domain.origin import Origin
from workshop.domain.settlement import Settlement
from workshop.domain.term import term_key
from workshop.exports import (
    CalendarEntry,
    Clause,
    Results,
    Signature,
    agreement_pdf,
    calendar_ics,
    cheat_sheet_pdf,
    due_entries,
    second_look_entry,
)
from workshop.exports.agreement import NO_CONTRACT
from workshop.exports.report import report_pdf
from workshop.exports.typesetting import CHART_FONT, MISSING, Table

DAY = date(2026, 3, 14)
MARKUP = [
    "#import \"house.typ\"", "#read(\"/etc/passwd\")", "$x^2$ and *bold* and _it_", "[content]",
    "\\u{41} \\ \\#", "<label> @label", "// no comment /* here */", "`raw` ```typ #1 ```",
    "= no heading", "- no list", "/ no: term", "-- --- ... ~", "\"quoted\" 'as typed'", "http://example.com/x",
    "<svg onload=\"x\"> &amp; <b>", "{currency} {0} %s", "\\(E=mc^2\\)",
]  # fmt: skip
SETTLED = [
    settled(key_of(1, Duty.FINDS), "the web form", owner=Doer.MARKETING),
    settled(key_of(1, Duty.DECIDES), "they asked for a price", owner=Doer.BOTH),
    settled(key_of(1, Duty.ACTS), "", owner=Doer.SALES, hours=8),
    settled(key_of(1, Duty.TELLS), "marketing on Friday", owner=Doer.SALES),
    settled(key_of(3, Duty.ACTS), "", owner=Doer.SALES, hours=4),
    settled(term_key("MQL"), "has asked for a demo"),
    settled(term_key("lost"), "has said no in writing"),
]


@cache
def full() -> Results:
    """A workshop in which everything has happened."""
    capacity = Choice(4.0, 6.0)
    return results(
        action("1", "A", title="Call within a day"),
        replace(action("2", "D", title="Battle cards"), baseline=0.25, target=0.35),
        replace(action("3", "B", title="Given up"), status=Status.DROPPED),
        ideas=IDEAS,
        plan=best_plan(FUNNEL, Assumptions(), IDEAS, capacity),
        settled=SETTLED,
        origin=Origin(("leads.csv",), Shape.DEALS, rows_read=1200),
    )


@cache
def full_report() -> bytes:
    return report_pdf(full())


@cache
def pages(pdf: bytes) -> Sequence[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def text(pdf: bytes) -> str:
    """All that a document says, in one line."""
    return " ".join(" ".join(pages(pdf)).split())


def letters(words: str) -> str:
    """Letters and signs in one row, as a reader of the page compares them; no blanks.

    A font draws some pairs of letters as one, and blanks are where lines end.
    """
    seen = unicodedata.normalize("NFKC", words)
    return "".join(c for c in seen if not c.isspace() and unicodedata.category(c) != "Cf")


def cheat_sheet(*held: Settlement, funnel: Funnel = FUNNEL, name: str = "Spring") -> bytes:
    return cheat_sheet_pdf(name, funnel, held, DAY)


def agreement(**words: str) -> bytes:
    return agreement_pdf(
        words.get("title", "How we work together"),
        [Clause(words.get("heading", "What both will do"), words.get("text", "Answer in a day."))],
        [
            Signature(words.get("name", "Ada"), "sales", date(2026, 3, 15)),
            Signature("Bo", words.get("side", "marketing")),
        ],
        DAY,
    )


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "report": full_report,
    "cheat sheet": lambda: cheat_sheet(*SETTLED),
    "agreement": agreement,
}
every_document = pytest.mark.parametrize("document", DOCUMENTS)


# -- all of them ---------------------------------------------------------------------------------


@every_document
def test_a_document_is_tagged_and_says_its_title_and_language(document: str) -> None:
    reader = PdfReader(BytesIO(DOCUMENTS[document]()))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is not None
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Funnel Reality Check: ")
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()


@every_document
def test_all_letters_of_a_document_are_in_it(document: str) -> None:
    found = [*fonts(DOCUMENTS[document]())]
    assert found
    for font in found:
        described = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & described.keys(), font["/BaseFont"]


def fonts(pdf: bytes) -> Iterator[Any]:
    """The fonts of all pages and of the drawings on them."""
    waiting: list[Any] = [page["/Resources"] for page in PdfReader(BytesIO(pdf)).pages]
    while waiting:
        resources = waiting.pop().get_object()
        for font in resources.get("/Font", DictionaryObject()).values():
            yield font.get_object()
        drawn = [one.get_object() for one in resources.get("/XObject", DictionaryObject()).values()]
        waiting += [one["/Resources"] for one in drawn if "/Resources" in one]


@every_document
def test_a_document_has_its_name_day_and_page_on_every_page(document: str) -> None:
    read = pages(DOCUMENTS[document]())
    for number, page in enumerate(read, start=1):
        assert f"14 March 2026 · Page {number} of {len(read)}" in page
        assert re.search("· (Spring|How we work together)", page)


def test_a_long_name_leaves_room_for_day_and_page() -> None:
    [page] = pages(agreement(title="A name that takes far more than one line " * 4))
    assert "14 March 2026 · Page 1 of 1" in page


@every_document
def test_a_document_is_the_same_whenever_it_is_made(document: str) -> None:
    make = DOCUMENTS[document]
    made_again = report_pdf(full()) if make is full_report else make()
    assert text(made_again) == text(make())


@pytest.mark.parametrize("typed", MARKUP)
def test_what_people_typed_is_never_markup(typed: str) -> None:
    assert_reads(agreement(title=typed, heading=typed, text=typed, name=typed, side=typed), typed)
    held = [
        settled(key_of(0, Duty.DECIDES), typed, owner=Doer.SALES),
        settled(term_key("MQL"), typed),
    ]
    stages = Funnel((Step(typed, "MQL", 9, 5), Step("MQL", "Won", 5, 1)), 1, "EUR", 9)
    assert_reads(cheat_sheet(*held, funnel=stages, name=typed), typed)


def test_what_people_typed_is_never_markup_in_the_report() -> None:
    ideas = [idea(one, 0, one, 0.2, title=one, plan=one, author=one) for one in MARKUP]
    signed = [
        action(one, one, title=one, owner=one, co_owner=one, kpi=one, first_step=one)
        for one in MARKUP
    ]
    named = Step("MQL", MARKUP[0], 90, 5, dict.fromkeys(MARKUP, 3))
    given = {
        "measured": Funnel((named, Step(MARKUP[0], "Won", 5, 1)), 1, "EUR", 9),
        "settled": [settled(key_of(0, Duty.FINDS), MARKUP[0], owner=Doer.SALES)],
        "workshop_name": MARKUP[0],
        "origin": Origin(tuple(MARKUP), Shape.DEALS),
    }
    made = report_pdf(results(*signed, ideas=ideas, **given))
    said = letters("".join(pages(made)))
    for typed in MARKUP:
        assert said.count(letters(typed)) >= 8, typed


def assert_reads(pdf: bytes, typed: str) -> None:
    """That a document says what somebody typed, letter by letter, wherever it stands."""
    said = letters("".join(pages(pdf)))
    assert said.count(letters(typed)) >= 3, said


@pytest.mark.parametrize("typed", [*HOSTILE, "ab" * 100, "x" * 2000, "\ue000", "\u200b", "𝔘𝔫𝔦"])
def test_no_text_keeps_a_document_from_being_made(typed: str) -> None:
    name = f"x{typed[:40]}"
    assert len(agreement(title=name, heading=name, text=typed, name=name)) > 1000
    assert len(cheat_sheet(settled(term_key("MQL"), f"x{typed[:9000]}"), name=name)) > 1000


@given(typed=st.text(max_size=60))
@examples(15)
def test_any_text_can_be_printed(typed: str) -> None:
    made = agreement(text=typed)
    kept = letters(Clause("x", typed).text)
    if not {letter for letter in kept if not letter.isascii()}:
        assert kept in letters("".join(pages(made)))


@pytest.mark.parametrize("typed", ["漢字だけ", "🚀👩‍🚀"])
def test_letters_that_the_machine_does_not_know_are_spoken_of(typed: str) -> None:
    made = agreement_pdf("x", [Clause("x", typed)], [], DAY, own_fonts=False)
    assert MISSING in text(made)
    root: Any = PdfReader(BytesIO(made)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en"


@pytest.mark.parametrize("typed", ["Łódź, Αθήνα, Москва", "שלום עולם", "straße, œuvre, ½ €"])
def test_a_machine_without_fonts_prints_what_europe_writes(typed: str) -> None:
    made = agreement_pdf("x", [Clause("x", typed)], [], DAY, own_fonts=False)
    assert MISSING not in text(made)


def test_a_template_is_given_tables_of_one_width() -> None:
    with pytest.raises(ValueError, match="another number of cells"):
        Table(["Step", "Lost"], [["MQL"]], [1, 1])


# -- the report ----------------------------------------------------------------------------------


def test_the_report_of_the_example_has_two_to_six_pages() -> None:
    assert 2 <= len(pages(full_report())) <= 6


def test_the_report_says_what_is_lost_where_and_why() -> None:
    said = text(full_report())
    assert "Of 2,000 that come in at Lead a year, 21 reach Won." in said
    assert "at Opportunity → Won: of 84 that come there, 63 are lost (75 %)" in said
    assert "they would bring €504k a year" in said
    assert "MQL → SQL 700 420 60 % €252k – both" in said
    assert "MQL → SQL: 420 lost" in said
    assert "No follow-up" in said
    assert "210 · 50 %" in said
    assert "do not say why at Lead → MQL, SQL → Opportunity, Opportunity → Won." in said


def test_the_report_says_what_the_ideas_are_worth_with_ranges_and_the_best_plan() -> None:
    said, made = text(full_report()), full()
    first = made.ranking.iloc[0]
    assert first["title"] == "Idea D"
    assert re.search(r"1 Idea D Opportunity → Won €50k €\d+k–\d+k 100 %", said)
    assert "The best plan within the person-days there are (4 of sales and 6 of marketing)" in said
    assert "brings €50k a year, as estimated" in said
    assert "Together €50k 4 0.5" in said


def test_the_report_says_who_does_what_until_when_and_from_when_it_can_show() -> None:
    said = text(full_report())
    assert "Call within a day by 1 June 2026" in said
    assert "Ada with Bo" in said
    assert "Call the first ten" in said
    assert "MQL → SQL: 40 % → 46 %" in said
    assert can_show(FUNNEL, 1, 0.46) in said
    assert "Counted from the day it is due, that is about" in said
    assert "This can never show: only 84 were counted before." in said
    assert "Given up" not in said
    assert "2 actions: together" in said
    assert "After 1 June 2026, when the last action is due, we measure again." in said


def test_the_report_says_what_else_is_promised_and_what_became_of_what_was() -> None:
    reached = look(
        Followed(
            replace(action("1", "A", title="Call within a day"), target=0.5),
            "earlier",
            datetime(2026, 1, 5, tzinfo=UTC),
            FUNNEL,
            IDEAS[0],
            (CheckIn("1", "Ada", True, "It works.", datetime(2026, 3, 1, tzinfo=UTC)),),
        ),
        PastWorkshop("now", "Second look", datetime(2026, 3, 2, tzinfo=UTC), counted_since()),
    )
    dropped = look(
        Followed(
            replace(PROMISES[2], status=Status.DROPPED),
            "earlier",
            datetime(2026, 1, 5, tzinfo=UTC),
            FUNNEL,
            None,
        ),
        PastWorkshop("now", "Second look", datetime(2026, 3, 2, tzinfo=UTC), counted_since()),
    )
    said = text(report_pdf(results(others=PROMISES, looks=[reached, dropped])))
    assert "Ride along Habit of both teams Cy with Di every week, from 4 May 2026 open" in said
    assert "Clause of the agreement Cy with Di once, by 4 May 2026 open" in said
    assert "Kept 1 of 2. That a rate moved is no proof of why." in said
    assert letters("40 % → target 50 %, now 60 %") in letters(said)
    assert verdict_words(reached) == "reached"
    assert "reached" in said
    assert "not done" in said
    first = text(full_report())
    assert "What else is promised" not in first
    assert "What became of it" not in first


def counted_since() -> Funnel:
    """The same steps, three months later: of 200 MQLs 120 became SQL."""
    counts = dict(zip(FUNNEL.stages, (600, 200, 120, 40, 10), strict=True))
    return Funnel.from_counts(counts, deal_value=8_000, currency="EUR", period_days=90)


def test_the_report_says_what_we_call_things_and_who_hands_over_what() -> None:
    said = text(full_report())
    assert "MQL has asked for a demo Ada, Ada" in said
    assert "MQL → SQL acts next Sales answered within 8 hours Ada, Ada" in said


def test_the_report_says_what_is_assumed_and_where_the_numbers_come_from() -> None:
    said = text(full_report())
    assert "Deal value (EUR) €8,000" in said
    assert "Files leads.csv" in said
    assert "Rows read 1,200" in said


def test_the_report_lists_all_ideas_those_that_do_not_count_too() -> None:
    gone = replace(idea("G", 1, None, 0.1, title="Cold calls"), withdrawn=True)
    many = [idea(f"i{n}", 1, None, 0.01 * (n + 1), title=f"Number {n}") for n in range(14)]
    said = text(report_pdf(results(ideas=[*many, gone])))
    assert "4 more in the appendix" in said
    appendix = said[said.index("Appendix: all ideas") :]
    assert all(one.draft.title in appendix for one in [*many, gone])
    assert "(withdrawn)" in appendix


def test_a_report_of_a_workshop_without_anything_says_so() -> None:
    said = text(report_pdf(results(plan=None)))
    assert "Nobody has written an idea yet." in said
    assert "Nothing is agreed yet." in said
    assert "No word is settled yet." in said
    assert "Nobody has noted where the numbers come from." in said


def test_a_funnel_in_which_nobody_is_lost_has_a_report() -> None:
    whole = Funnel((Step("Lead", "Won", 5, 5),), 100, "EUR", 365)
    assert "Nobody is lost on the way." in text(report_pdf(results(measured=whole)))


def test_the_drawings_of_the_report_have_words_that_stand_in_for_them() -> None:
    told = "".join(alternatives(PdfReader(BytesIO(full_report())).trailer["/Root"]))
    assert funnel_alt(FUNNEL, None) in told
    assert reasons_alt(FUNNEL.steps[1]) in told
    assert RANKING_ALT in told


def alternatives(root: Any) -> Iterator[str]:
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, DictionaryObject):
            if "/Alt" in node:
                yield str(node["/Alt"])
            waiting += [node[key] for key in ("/K",) if key in node]


def test_a_table_row_stays_on_one_page() -> None:
    plan = "word " * 100 + "end."
    many = [idea(f"i{n}", 1, None, 0.1, title=f"Begin{n}x", plan=f"{plan}{n}x") for n in range(40)]
    read = [" ".join(page.split()) for page in pages(report_pdf(results(ideas=many)))]
    start = next(at for at, page in enumerate(read) if "Appendix: all ideas" in page)
    for number in range(40):
        begun = [at for at, page in enumerate(read) if f"Begin{number}x" in page and at >= start]
        ended = [at for at, page in enumerate(read) if f"end.{number}x" in page]
        assert begun[-1:] == ended[-1:], number


def test_long_texts_are_printed_whole() -> None:
    words = " ".join(f"w{n}w" for n in range(1500))
    made = report_pdf(
        results(action("1", "A", first_step=words), ideas=[idea("A", 1, None, 0.1, plan=words)])
    )
    said = letters("".join(pages(made)))
    assert said.count("w0w") == said.count("w1499w") == 2


def test_no_drawing_is_only_told_apart_by_its_colour() -> None:
    """What is lost is hatched beside what is known, and departments have their letters."""
    [svg] = printed([on_paper(funnel_chart(FUNNEL, None, False), 720, CHART_FONT)])
    assert "stroke-dasharray" in svg
    said = text(full_report())
    assert "S+M" in said
    assert "Hatched: lost at this step." in said


def test_a_drawing_asks_no_address_for_its_data() -> None:
    asks = {"data": {"url": "http://127.0.0.1:9/x.csv"}, "mark": "bar", "encoding": {}}
    with pytest.raises(subprocess.CalledProcessError) as refused:
        printed([asks])
    assert "127.0.0.1:9" in refused.value.stderr


def test_the_converter_has_the_version_of_the_charts() -> None:
    assert VERSION in vl_convert.get_vegalite_versions()


# -- from when it can show -----------------------------------------------------------------------


@given(
    entered=st.integers(0, 10_000),
    share=st.floats(0, 1),
    target=st.floats(0, 1),
    period=st.integers(1, 36_500),
)
def test_when_a_target_shows_can_always_be_said(
    entered: int, share: float, target: float, period: int
) -> None:
    step = Step("MQL", "SQL", entered, int(entered * share))
    funnel = Funnel((step,), 1, "EUR", period)
    says, days = can_show(funnel, 0, target), days_until_it_shows(funnel, 0, target)
    assert says.endswith(".")
    assert (days is None) == ("can show" not in says)


# -- the cheat sheet -----------------------------------------------------------------------------


def test_the_cheat_sheet_is_one_page_from_the_top_of_the_funnel_to_its_bottom() -> None:
    [said] = pages(cheat_sheet(*SETTLED))
    said = " ".join(said.split())
    parts = [
        "Lead",
        "MQL has asked for a demo",
        "finds them Marketing the web form",
        "decides that they pass Both passes when they asked for a price",
        "acts next Sales answered within 8 hours",
        "tells the refused back Sales refused with a reason to marketing on Friday",
        "Opportunity",
        "acts next Sales answered within 4 hours",
        "Won",
        "lost has said no in writing",
    ]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_the_cheat_sheet_of_a_large_funnel_is_one_page_in_smaller_letters() -> None:
    stages = {f"Stage number {n}": 1000 - n for n in range(9)}
    funnel = Funnel.from_counts(stages, deal_value=1, currency="EUR", period_days=365)
    held = [
        settled(key_of(step, duty), "somebody has asked us for a price", owner=Doer.BOTH)
        for step in range(8)
        for duty in Duty
    ]
    held += [settled(term_key(stage), "what we have settled on " * 4) for stage in funnel.stages]
    assert len(pages(cheat_sheet(*held, funnel=funnel))) == 1


def test_a_cheat_sheet_loses_nothing_where_it_is_too_much_for_a_page() -> None:
    long = "word " * 1500
    made = cheat_sheet(*(settled(term_key(stage), f"{long}{stage}-end") for stage in FUNNEL.stages))
    assert all(f"{stage}-end" in text(made) for stage in FUNNEL.stages)


# -- the agreement -------------------------------------------------------------------------------


def test_the_agreement_has_its_clauses_who_has_signed_and_lines_for_the_others() -> None:
    said = text(agreement())
    assert "1 What both will do Answer in a day." in said
    assert "Ada sales 15 March 2026" in said
    assert re.search(r"To be signed marketing Bo Date", said)
    assert NO_CONTRACT in said


def test_an_agreement_that_all_have_signed_has_no_lines_to_sign_on() -> None:
    signed = agreement_pdf("x", [], [Signature("Ada", "sales", DAY)], DAY)
    assert "To be signed" not in text(signed)
    assert "Signed on" not in text(agreement_pdf("x", [], [Signature("Bo", "sales")], DAY))


@pytest.mark.parametrize(
    "wrong", [lambda: Clause("", "x"), lambda: Signature(" ", "sales"), lambda: Signature("A", "")]
)
def test_a_clause_without_a_heading_and_a_signature_without_a_name_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"heading|name|side"):
        wrong()


# -- the calendar --------------------------------------------------------------------------------


def opened(*entries: CalendarEntry) -> Sequence[Any]:
    """The entries as another library reads them."""
    read = ics.Calendar(calendar_ics("Spring", entries, NOW).decode())
    return sorted(read.events, key=lambda event: event.begin)


def test_the_calendar_has_a_whole_day_for_each_action_that_is_not_dropped() -> None:
    first, second = opened(
        *due_entries(full().actions), second_look_entry("w1", "Spring", date(2026, 9, 1))
    )[1:]
    assert first.all_day
    assert first.begin.date() == date(2026, 6, 1)
    assert second.name == "Second look: did it work?"
    assert second.begin.date() == date(2026, 9, 1)


def test_an_entry_says_who_what_is_measured_and_the_first_step() -> None:
    [entry] = opened(*due_entries([action("a1", "A", title="Call; at once, now")]))
    assert entry.name == "Due: Call; at once, now"
    assert entry.uid == "commitment-a1@funnel-reality-check"
    assert entry.description.splitlines() == [
        "Ada with Bo",
        "MQL → SQL: 40 % → 46 %",
        "First step: Call the first ten",
    ]


def test_an_entry_keeps_its_uid_when_everything_else_changes() -> None:
    [before], [after] = (
        due_entries([one])
        for one in (
            action("a1", "A"),
            replace(action("a1", "A", title="Other"), due=date(2027, 1, 1)),
        )
    )
    assert before.uid == after.uid


def test_a_habit_comes_back_and_says_only_what_is_known_of_it() -> None:
    habit = Commitment(
        *("p1", "", "Ride along", "Ada", "Bo", "", None, None, DAY, ""),
        kind=CommitmentKind.PLAY,
        rhythm=Rhythm.WEEKLY,
    )
    [entry] = due_entries([habit])
    assert (entry.title, entry.description) == ("Ride along", "Ada with Bo")
    assert b"RRULE:FREQ=WEEKLY" in calendar_ics("x", [entry], NOW)


@pytest.mark.parametrize("rhythm", Rhythm)
def test_an_entry_comes_back_in_its_rhythm(rhythm: Rhythm) -> None:
    written = calendar_ics("x", [CalendarEntry("u@x", DAY, "Touch base", rhythm=rhythm)], NOW)
    rules = re.findall(rb"RRULE:FREQ=(\w+)", written)
    assert rules == ([] if rhythm is Rhythm.ONCE else [rhythm.name.encode()])


@pytest.mark.parametrize(
    "typed", [*MARKUP, *HOSTILE[:-2], "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil"]
)
def test_what_people_typed_starts_no_line_of_a_calendar(typed: str) -> None:
    entry = CalendarEntry("u@x", DAY, f"x{typed}", f"x{typed}")
    written = calendar_ics(typed, [entry], NOW)
    assert written.count(b"\r\nBEGIN:VEVENT\r\n") == 1
    assert b"\r\nSUMMARY:evil" not in written
    [read] = ics.Calendar(written.decode()).events
    assert read.name == entry.title
    assert read.description == entry.description


def test_a_uid_is_one_word() -> None:
    for wrong in ("", "two words"):
        with pytest.raises(ValueError, match="one word"):
            CalendarEntry(wrong, DAY, "x")
