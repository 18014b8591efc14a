"""The board and the facilitator's screen: whose ideas are read out at the report back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.ids import ONE
from tests.screens import screen
from workshop.activities.ranking import steps_of_the_ideas
from workshop.activities.templates import TEMPLATES, TOWN_HALL, agenda_from
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView, Phase, Position
from workshop.domain.assumptions import Assumptions
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.live import services, snapshot
from workshop.store import Store
from workshop.ui import identity
from workshop.ui.text import escape_markdown

SALES, MARKETING = Side.SALES, Side.MARKETING


@pytest.fixture
def facilitator(store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A workshop at the report back; of two mini-teams one has lost everybody after writing."""
    facilitator = store.workshops.start("Spring off-site", funnel)
    code = store.workshops.get(facilitator).code
    for name, side in (("Ada", SALES), ("Bo", MARKETING), ("Cy", SALES), ("Di", MARKETING)):
        store.seats.join(code, name, side)
    left, stays = store.seats.teams(facilitator)
    assert left.people
    assert stays.people
    author = Visitor(Role.PARTICIPANT, facilitator.workshop_id, left.people[0].id)
    store.ideas.save(author, ONE, 1, IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4)))
    for person in left.people:
        store.door.remove(facilitator, person.id)
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(
        identity, "visitor", lambda role, code: Visitor(role, facilitator.workshop_id)
    )
    return facilitator


def words(store: Store, facilitator: Visitor, page: str) -> list[str]:
    app = screen(page, store.workshops.get(facilitator).code)
    return [text.value for text in app.text]


def test_the_ideas_of_a_mini_team_that_nobody_is_left_of_are_read_out(
    store: Store, facilitator: Visitor
) -> None:
    said = words(store, facilitator, "board.py")
    assert "Call within a day" in said
    assert "Team 1 of 2: everybody has left; the ideas still count." in said
    store.agenda.show_team(facilitator, 1)
    assert any(text.startswith("Team 2 of 2: ") for text in words(store, facilitator, "board.py"))


def test_the_facilitator_reads_whose_ideas_they_were_and_can_go_to_them(
    store: Store, facilitator: Visitor
) -> None:
    app = screen("facilitate.py", store.workshops.get(facilitator).code)
    said = [text.value for text in app.text]
    assert "On the projector, 1 of 2: Team 1" in said
    lists = "\n".join(text.value for text in app.markdown)
    assert escape_markdown("Everybody has left. The ideas stay and are reported back.") in lists
    assert "\nTeam 1 · " in lists


def test_a_browser_that_says_nothing_is_chosen_leaves_the_board_as_it_is(
    store: Store, facilitator: Visitor
) -> None:
    """As one does that has missed the run which said what is chosen."""
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    store.agenda.show_view(facilitator, BoardView.STEPS)
    app = screen("facilitate.py", store.workshops.get(facilitator).code)
    app.button_group(key="board_view").set_value(None).run()
    assert not app.exception
    assert store.workshops.get(facilitator).board_view is BoardView.STEPS
    assert app.button_group(key="board_view").value == BoardView.STEPS


def test_only_who_is_there_is_counted_as_here(store: Store, facilitator: Visitor) -> None:
    assert any("1 mini-team · " in text for text in words(store, facilitator, "board.py"))


def board_says(store: Store, facilitator: Visitor, phase: Phase, step: int | None = None) -> str:
    store.agenda.move_to(facilitator, Position(phase, step))
    return "\n".join(words(store, facilitator, "board.py"))


def test_beside_the_whole_leak_the_facts_say_what_is_within_reach(
    store: Store, facilitator: Visitor
) -> None:
    said = board_says(store, facilitator, Phase.FACTS, 1)
    assert "a year; winning back a tenth of them would bring " in said


def test_while_ideas_are_written_the_loss_stays_in_sight(
    store: Store, facilitator: Visitor
) -> None:
    said = board_says(store, facilitator, Phase.IDEAS, 1)
    assert "At MQL → SQL we lose" in said
    assert "Why 420 are lost" in said


def test_the_end_says_who_does_what_first_and_what_it_brings(
    store: Store, facilitator: Visitor
) -> None:
    [idea] = store.ideas.readable(facilitator)
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    action = Commitment(
        id=ONE,
        idea_id=idea.id,
        title="Call within a day",
        owner="Ada",
        co_owner="Bo",
        kpi="Rate",
        baseline=0.4,
        target=0.475,
        due=date(2027, 3, 14),
        first_step="Name a deputy",
    )
    store.commitments.save(manager, action)
    said = board_says(store, facilitator, Phase.CLOSED)
    assert "1 action: together $" in said
    assert "Ada with Bo, by 14 March 2027\nFirst: Name a deputy\nRate: 40 % → 48 %" in said


def test_a_town_hall_ends_with_it_is_over_and_no_other_template_does(
    store: Store, facilitator: Visitor, funnel: Funnel
) -> None:
    for template in TEMPLATES:
        store.agenda.use_template(facilitator, template.code, agenda_from(template, funnel))
        said = board_says(store, facilitator, Phase.CLOSED)
        assert ("It is over" in said) == (template is TOWN_HALL)
        assert ("The ideas are kept." in said) == (template is not TOWN_HALL)


def test_the_ranking_says_which_stage_stops_us_and_which_ideas_wait_for_it(
    store: Store, facilitator: Visitor
) -> None:
    assert "We can serve only" not in board_says(store, facilitator, Phase.RANK)
    manager = replace(facilitator, role=Role.MANAGER)
    store.assumptions.save(manager, Assumptions(capacities=(("Opportunity", 60),)))
    said = board_says(store, facilitator, Phase.RANK)
    assert (
        "We can serve only 60 a year at Opportunity. Ideas before that bring nothing until it can "
        "serve more; they are marked “held up”." in said
    )
    assert steps_of_the_ideas(snapshot.take(facilitator)) == ["held up: MQL → SQL"]


def test_done_is_counted_only_while_something_can_be_done(
    store: Store, facilitator: Visitor
) -> None:
    assert " done" not in board_says(store, facilitator, Phase.FACTS, 1)
    assert "0 of 1 done" in board_says(store, facilitator, Phase.IDEAS, 1)


def test_the_facilitator_has_no_button_that_leads_nowhere(
    store: Store, facilitator: Visitor
) -> None:
    store.agenda.move_to(facilitator, Position(Phase.CLOSED))
    assert "The walk ends here." in words(store, facilitator, "facilitate.py")
