"""What changes in a second look, or in the records of its company."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import ics
import pytest
from pypdf import PdfReader

from tests.answers import answer, problems_of
from tests.ids import named_id
from tests.ui.test_second_look import VERDICTS, Open, manager, opened, texts
from workshop.analysis.scoring import turned_out
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.commitment import CommitmentKind, Rhythm
from workshop.domain.people import Side
from workshop.forms import company_name, promise, reading
from workshop.forms.form import Problems
from workshop.live import snapshot
from workshop.live.company_downloads import COMPANY_DOWNLOADS
from workshop.live.downloads import DOWNLOADS
from workshop.server import demo, demo_second_look
from workshop.store import Repeated, Store

__all__ = ["opened"]


@pytest.fixture
def looking(records: Store) -> Visitor:
    """The facilitator of the example's second look."""
    return demo_second_look.fill(records, demo.fill(records))


def test_without_newer_numbers_the_facilitator_is_told_where_to_read_them(
    records: Store, looking: Visitor, opened: Open
) -> None:
    records.funnels.return_to(looking, 1)
    said = texts(opened("facilitate.py", Role.FACILITATOR))
    assert "The new numbers are not here yet. Read them under “New numbers”, on the left." in said
    assert "Call every MQL within one working day: kept" in said
    assert "Show prices on the website: not done" in said


def test_the_companys_files_hold_what_all_of_its_workshops_promised(
    records: Store, looking: Visitor
) -> None:
    tomorrow = date.today() + timedelta(days=1)
    promised = answer(promise.promise_form(), title="Sit together", owner="Ada", co_owner="Bo")
    promise.take(records, manager(looking), promised)
    [new] = records.commitments.all(looking)
    records.commitments.save(manager(looking), replace(new, due=tomorrow))
    calendar = ics.Calendar(COMPANY_DOWNLOADS["company_calendar"].build(looking).decode())
    days = {one.name: one.begin.date() for one in calendar.events}
    assert days["Second look: did it work?"] == days["Sit together"] == tomorrow
    assert {f"Due: {title}" for title in list(VERDICTS)[:5]} & set(days)
    for key, words in (
        ("company_cheat_sheet", "MQL"),
        ("company_agreement", records.companies.of(looking).name),
    ):
        pages = PdfReader(BytesIO(COMPANY_DOWNLOADS[key].build(looking))).pages
        assert words in " ".join(" ".join(page.extract_text() for page in pages).split())
    report = PdfReader(BytesIO(DOWNLOADS["export_report"].build(looking))).pages
    said = " ".join(" ".join(page.extract_text() for page in report).split())
    assert "Kept 5 of 6." in said
    assert "too early, about 11 more" in said


def test_a_link_is_shown_once_it_is_made_and_gone_once_it_is_withdrawn(
    records: Store, looking: Visitor, opened: Open
) -> None:
    app = opened("company.py", Role.MANAGER)
    app.button(key="link_0").click().run()
    [shown] = [one.value for one in app.code]
    link = records.check_in_links.find(shown.rsplit("/", 1)[1])
    assert link is not None
    assert link.name == "Hugo"
    app.button(key="withdraw_0").click().run()
    assert not app.code
    assert records.check_in_links.find(shown.rsplit("/", 1)[1]) is None


def test_management_may_reckon_with_its_turned_out(
    records: Store, looking: Visitor, opened: Open
) -> None:
    author = records.tokens.admit(
        records.seats.join(records.workshops.get(looking).code, "Ada", Side.SALES)
    )
    assert author is not None
    [row] = [one for one in demo.rows("ideas") if one["title"].startswith("Score leads")]
    records.ideas.save(author, named_id("scored"), 0, demo.draft(row))
    app = opened("ranking.py", Role.MANAGER)
    before = snapshot.take(manager(looking)).ranking["gain"].iloc[0]
    app.toggle(key="turned_out").set_value(True).run()
    seen = snapshot.take(manager(looking))
    assert seen.assumptions.turned_out == turned_out(seen.looks)
    assert seen.ranking["gain"].iloc[0] < before
    assert "All ideas together a year, as ours have turned out" in [one.label for one in app.metric]
    app.toggle(key="turned_out").set_value(False).run()
    assert snapshot.take(manager(looking)).ranking["gain"].iloc[0] == before


def test_a_habit_is_promised_once_by_two_people(records: Store, looking: Visitor) -> None:
    sent = answer(promise.promise_form(), title="Sit together", owner="Ada", co_owner="Bo")
    promise.take(records, manager(looking), sent)
    with pytest.raises(Repeated):
        promise.take(records, manager(looking), sent)
    [promised] = records.commitments.all(looking)
    assert (promised.title, promised.kind, promised.rhythm) == (
        "Sit together",
        CommitmentKind.PLAY,
        Rhythm.WEEKLY,
    )
    assert promised.funnel_version == 2
    with pytest.raises(Forbidden):
        promise.take(records, looking, replace(sent, id=named_id("again")))


def test_what_is_counted_by_hand_is_kept(records: Store, looking: Visitor) -> None:
    promise.take(
        records,
        manager(looking),
        answer(promise.promise_form(), title="In time", owner="Ada", co_owner="Bo"),
    )
    [promised] = records.commitments.all(looking)
    form = reading.reading_form([promised])
    reading.take(records, manager(looking), answer(form, advanced="18", entered="50"))
    record = records.companies.record(looking)
    assert record is not None
    [kept] = [one.readings for one in record.followed if one.commitment.id == promised.id]
    assert [(one.advanced, one.entered) for one in kept] == [(18, 50)]
    assert set(problems_of(form, advanced="51", entered="50")) == {"advanced"}
    with pytest.raises(Problems, match="Count at least one"):
        reading.take(records, manager(looking), answer(form, advanced="0", entered="0"))


def test_the_company_is_renamed_by_its_form(records: Store, looking: Visitor, opened: Open) -> None:
    form = company_name.company_name_form(records.companies.of(looking))
    company_name.take(records, looking, answer(form, name="Heron Ltd"))
    app = opened("company.py", Role.FACILITATOR)
    assert "Heron Ltd" in [one.value for one in app.title]
