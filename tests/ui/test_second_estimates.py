"""After the report back each side may estimate once more: what it is asked, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.ids import ONE, TWO, named_id
from tests.screens import screen
from tests.store.test_store import DRAFT, joined
from tests.team_page import TeamPage
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate
from workshop.domain.people import Side
from workshop.forms import FORMS
from workshop.forms.estimate import OUT_OF_ORDER
from workshop.forms.form import Problems, Submission
from workshop.store import Store
from workshop.ui import identity

FIRST, OTHERS = Estimate(0.05, 0.125, 0.3), Estimate(0.2, 0.37, 0.6)
Open = Callable[[Visitor, str], AppTest]
Team = tuple[Visitor, Visitor, Visitor]


@pytest.fixture
def team(records: Store, funnel: Funnel) -> Team:
    """A facilitator, and sales and marketing of the first mini-team, both of which estimated."""
    facilitator = records.workshops.start("Spring", funnel)
    ada = joined(records, facilitator, "Ada", Side.SALES)
    bo = joined(records, facilitator, "Bo", Side.MARKETING)
    records.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    for idea_id, title in ((ONE, "Call at once"), (TWO, "Ask for the budget")):
        records.ideas.save(ada, idea_id, 1, replace(DRAFT, title=title, recovers=FIRST))
        records.ideas.estimate(bo, idea_id, OTHERS)
    return facilitator, ada, bo


@pytest.fixture
def opened(records: Store, team: Team, monkeypatch: pytest.MonkeyPatch) -> Open:
    def open_page(who: Visitor, page: str) -> AppTest:
        monkeypatch.setattr(identity, "visitor", lambda role, code: replace(who, role=role))
        return screen(page, records.workshops.get(team[0]).code)

    return open_page


def texts(app: AppTest) -> list[str]:
    return [one.value for kind in (app.text, app.header) for one in kind]


def sent(records: Store, who: Visitor, side: str = "sales", **values: str) -> str:
    about = {"idea": ONE, "side": side}
    submission = Submission(named_id(repr(values) + side), about, values, ".")
    return FORMS["second_estimate"](records, who, submission)


def asked(who: Visitor) -> Any:
    return TeamPage(who).forms["second_estimate"]


def test_nobody_is_asked_once_more_before_their_team_is_on_the_projector(
    records: Store, team: Team, opened: Open
) -> None:
    facilitator, ada, _ = team
    own = records.seats.person(ada).team_id
    people = [joined(records, facilitator, name, Side.SALES) for name in "CDEF"]
    other = next(who for who in people if records.seats.person(who).team_id != own)
    records.ideas.save(other, named_id("c"), 1, replace(DRAFT, title="Ours"))
    records.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    assert asked(other) is None
    assert asked(ada)["about"] == {"idea": ONE, "side": "sales"}
    records.agenda.show_team(facilitator, 1)
    assert asked(other)["about"]["idea"] == named_id("c")


def test_a_side_sees_its_own_first_estimate_and_neither_the_pool_nor_the_other_sides(
    records: Store, team: Team, opened: Open
) -> None:
    facilitator, ada, bo = team
    records.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    said = "\n".join(TeamPage(ada).texts)
    assert "Your first estimate: Sales 13 % (5 % to 30 %)." in said
    assert "37 %" not in said
    assert "about $" not in said
    assert "Then 1 more idea to estimate." in said
    fields = asked(ada)["content"][0]["fields"]
    assert [field["placeholder"] for field in fields] == ["5", "12.5", "30"]
    assert {field["required"] for field in fields} == {""}
    assert asked(ada)["values"] == {}
    assert "12.5" not in str(asked(bo))


def test_one_idea_after_the_other_then_the_figures_are_back(
    records: Store, team: Team, opened: Open
) -> None:
    facilitator, ada, bo = team
    records.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    records.ideas.estimate_again(ada, ONE, FIRST)
    assert asked(ada)["about"]["idea"] == TWO
    records.ideas.estimate_again(ada, TWO, FIRST)
    assert asked(ada) is None
    said = TeamPage(ada).texts
    assert "Marketing has not estimated once more yet." in said
    assert any(text.startswith("about $") for text in said)
    for idea_id in (ONE, TWO):
        records.ideas.estimate_again(bo, idea_id, OTHERS)
    assert not any("once more" in text for text in TeamPage(ada).texts)


def test_on_a_shared_laptop_the_other_side_is_asked_once_more_too(
    records: Store, team: Team, opened: Open
) -> None:
    facilitator, ada, _ = team
    records.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    for idea_id in (ONE, TWO):
        records.ideas.estimate_again(ada, idea_id, Estimate(0.11, 0.11, 0.11))
    page = TeamPage(ada)
    page.press("hand_marketing_again")
    said = page.says
    assert "Your first estimate: Marketing 37 % (20 % to 60 %)." in said
    assert "11 %" not in said
    assert page.forms["second_estimate"]["about"] == {"idea": ONE, "side": "marketing"}
    assert page.forms["idea_form"] is None or page.laptop["handed_to"] == "marketing"
    for idea_id in (ONE, TWO):
        records.ideas.estimate_again(ada, idea_id, OTHERS, Side.MARKETING)
    page.look()
    assert page.laptop["handed_to"] == ""
    assert "hand_back" not in page.buttons


def test_what_is_left_empty_stays_as_it_was(records: Store, team: Team) -> None:
    facilitator, ada, bo = team
    records.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    assert sent(records, ada) == "Your first estimate stays."
    assert sent(records, bo, "marketing", likely="25") == "Second estimate saved."
    idea = next(idea for idea in records.ideas.readable(facilitator) if idea.id == ONE)
    assert dict(idea.estimates) == {
        Side.SALES: FIRST,
        Side.MARKETING: Estimate(0.2, 0.25, 0.6),
    }
    assert idea.is_estimated_anew


@pytest.mark.parametrize(
    ("side", "values", "problem"),
    [
        ("sales", {"likely": "40"}, OUT_OF_ORDER),
        ("sales", {"low": "101"}, "100"),
        ("king", {}, "no such side"),
        ("other", {}, "has not estimated this idea"),
    ],
)
def test_what_is_no_second_estimate_is_refused_in_words(
    records: Store, team: Team, side: str, values: dict[str, str], problem: str
) -> None:
    facilitator, ada, _ = team
    records.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    with pytest.raises(Problems, match=problem):
        sent(records, ada, side, **values)


def test_the_board_says_how_the_gap_closed_once_both_sides_have_answered(
    records: Store, team: Team, opened: Open
) -> None:
    facilitator, ada, bo = team
    room = Visitor(Role.PROJECTOR, facilitator.workshop_id)
    records.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    before = texts(opened(room, "board.py"))
    records.ideas.estimate_again(ada, ONE, Estimate(0.2, 0.2, 0.2))
    assert texts(opened(room, "board.py")) == before
    assert not any(text.startswith("gap ") for text in before)
    records.ideas.estimate_again(bo, ONE, Estimate(0.2, 0.28, 0.6))
    said = texts(opened(room, "board.py"))
    assert [text for text in said if text.startswith("gap ")] == ["gap 24.5 → 8 points"]
    assert any(text.endswith("sales 20 %, marketing 28 %") for text in said)


def test_the_facilitator_reads_how_many_sides_have_estimated_once_more(
    records: Store, team: Team, opened: Open
) -> None:
    facilitator, ada, bo = team
    records.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    records.ideas.estimate_again(ada, ONE, FIRST)
    assert "Second estimates: 0 of 2 sides." in texts(opened(facilitator, "facilitate.py"))
    records.ideas.estimate_again(ada, TWO, FIRST)
    assert "Second estimates: 1 of 2 sides." in texts(opened(facilitator, "facilitate.py"))
    for idea_id in (ONE, TWO):
        records.ideas.estimate_again(bo, idea_id, FIRST)
    assert "Second estimates: 2 of 2 sides." in texts(opened(facilitator, "facilitate.py"))
