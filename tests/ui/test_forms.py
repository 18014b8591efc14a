"""Forms: sent twice they count once, and a text that is too long is neither cut nor lost.

A second press comes before the browser has drawn an answer. The server may then have drawn the
next screen already. So a button that would do something else there is another button: the second
press finds it gone, and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ids import named_id
from tests.screens import screen
from tests.team_page import TeamPage
from workshop.domain.access import Role, Visitor, fingerprint
from workshop.domain.agenda import Phase, Position
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Condition, Demand
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.scenario import Scenario
from workshop.live import services
from workshop.server import demo
from workshop.store import Store
from workshop.ui import identity
from workshop.ui.text import escape_markdown

PAGES = Path(__file__).parents[2] / "pages"
Open = Callable[[str], AppTest]


@pytest.fixture
def facilitator(store: Store, funnel: Funnel) -> Visitor:
    """A workshop of two mini-teams that writes ideas for its second step."""
    facilitator = store.workshops.start("Spring off-site", funnel)
    for name, side in zip("ABCD", [Side.SALES, Side.MARKETING] * 2, strict=True):
        store.seats.join(store.workshops.get(facilitator).code, name, side)
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    return facilitator


@pytest.fixture
def participant(store: Store, facilitator: Visitor) -> Visitor:
    person = store.seats.teams(facilitator)[0].people[0]
    return Visitor(Role.PARTICIPANT, facilitator.workshop_id, person.id)


@pytest.fixture
def manager(facilitator: Visitor) -> Visitor:
    return Visitor(Role.MANAGER, facilitator.workshop_id)


@pytest.fixture
def opened(
    store: Store,
    facilitator: Visitor,
    manager: Visitor,
    participant: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> Open:
    """Open a page as whoever it is for."""
    mine = {who.role: who for who in (facilitator, manager, participant)}
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(identity, "visitor", lambda role, code: mine[role])

    def open_page(page: str) -> AppTest:
        return screen(page, store.workshops.get(facilitator).code)

    return open_page


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def keys(app: AppTest) -> set[str | None]:
    return {button.key for button in app.button}


def test_no_field_throws_away_what_is_pasted_into_it(
    store: Store, manager: Visitor, participant: Visitor, opened: Open
) -> None:
    """Streamlit's fields with a limit ignore a paste that goes beyond it."""
    store.ideas.save(participant, named_id("A"), 1, IdeaDraft("A", Estimate(0.1, 0.2, 0.3)))
    for page in ("home.py", "manage.py", "ranking.py", "whatif.py", "facilitate.py"):
        app = opened(page)
        assert not [field.key for field in (*app.text_input, *app.text_area) if field.max_chars]


def test_done_is_not_taken_back_by_the_second_press(
    records: Store, facilitator: Visitor, participant: Visitor
) -> None:
    page = TeamPage(participant)
    late = TeamPage(participant)
    page.press("done_at_1_False")
    assert "done_at_1_False" not in page.buttons
    late.press("done_at_1_False")
    assert 1 in records.seats.teams(facilitator)[0].done
    page.press("done_at_1_True")
    assert 1 not in records.seats.teams(facilitator)[0].done


def test_next_and_back_take_the_room_one_place(
    store: Store, facilitator: Visitor, opened: Open
) -> None:
    app = press(opened("facilitate.py"), "phase_next_at_5")
    assert store.workshops.get(facilitator).position == Position(Phase.REPORT, 1)
    assert "phase_next_at_5" not in keys(app)
    assert "phase_back_at_5" not in keys(app)


def test_the_next_team_is_shown_and_not_the_one_after_it(
    store: Store, facilitator: Visitor, opened: Open
) -> None:
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    app = press(opened("facilitate.py"), "team_next_at_0")
    assert store.workshops.get(facilitator).team_shown == 1
    assert "team_next_at_0" not in keys(app)


def test_an_idea_is_hidden_or_merged_and_brought_back(
    store: Store, facilitator: Visitor, participant: Visitor, opened: Open
) -> None:
    for title in ("Call *soon*", "Call sooner"):
        store.ideas.save(participant, named_id(title), 1, IdeaDraft(title, Estimate(0.1, 0.2, 0.3)))
    soon, sooner = named_id("Call *soon*"), named_id("Call sooner")

    def moves(idea_id: str) -> AppTest:
        app = opened("facilitate.py")
        app.session_state[f"moves_{idea_id}"] = True
        return app.run()

    def said(app: AppTest) -> str:
        return "".join(text.value for text in app.markdown)

    app = press(moves(soon), f"hide_{soon}")
    assert "Hidden" in said(app)
    assert f"moves_{soon}" not in app.session_state
    press(app, f"show_{soon}")
    app = press(moves(sooner), f"merge_{sooner}")
    assert escape_markdown("Merged into: Call *soon*") in said(app)
    assert [idea.counts for idea in store.ideas.readable(facilitator)] == [True, False]
    press(app, f"unmerge_{sooner}")
    assert [idea.counts for idea in store.ideas.readable(facilitator)] == [True, True]


def test_a_timer_that_is_started_twice_runs_as_long(
    store: Store, facilitator: Visitor, opened: Open
) -> None:
    app = press(opened("facilitate.py"), "timer_start")
    assert "timer_start" not in keys(app)


def test_a_condition_that_is_removed_twice_takes_no_other_one_along(
    store: Store, manager: Visitor, participant: Visitor, opened: Open
) -> None:
    for title in "ABC":
        store.ideas.save(participant, named_id(title), 1, IdeaDraft(title, Estimate(0.1, 0.2, 0.3)))
    for other in "BC":
        store.constraints.add(manager, Condition(Demand.REQUIRES, named_id("A"), named_id(other)))
    waive = f"plan_waive_REQUIRES_{named_id('A')}_{named_id('B')}"
    app = press(opened("plan.py"), waive)
    assert waive not in keys(app)
    left = Condition(Demand.REQUIRES, named_id("A"), named_id("C"))
    assert store.constraints.current(manager).conditions == (left,)


def test_a_set_that_is_removed_twice_takes_no_other_one_along(
    store: Store, manager: Visitor, opened: Open
) -> None:
    for name in ("sober", "bold"):
        store.scenarios.save(manager, Scenario(name, 2000, (0.3,) * 4, 8000))
    drop = f"set_drop_{fingerprint('sober')}"
    app = press(opened("whatif.py"), drop)
    assert drop not in keys(app)
    assert [one.name for one in store.scenarios.all(manager)] == ["bold"]


def test_the_assumptions_of_the_file_come_back_once(
    store: Store, manager: Visitor, opened: Open
) -> None:
    """What management believes about ideas was never in the file, and stays."""
    store.assumptions.save(manager, Assumptions(16_000, quality=0.5, success=0.4))
    app = press(opened("assumptions.py"), "assume_reset")
    assert app.button(key="assume_reset").disabled
    assert store.assumptions.current(manager) == Assumptions(quality=0.5, success=0.4)


def test_the_example_is_filled_once(
    store: Store, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[Visitor] = []
    fill = demo.fill
    monkeypatch.setattr(demo, "fill", lambda store: filled.append(fill(store)) or filled[-1])
    app = AppTest.from_file(str(PAGES / "home.py"), default_timeout=60).run()
    app.button(key="start_demo").click().run()
    app.run()
    assert len(filled) == 1
    assert app.session_state["way"].startswith("/enter/")
