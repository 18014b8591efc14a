"""The agenda on the facilitator's screens: times, minutes, and what changes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from tests.screens import screen
from tests.store.test_store import joined
from tests.team_page import TeamPage
from workshop.activities import activity_of, walk
from workshop.activities.templates import (
    HALF_DAY,
    ONE_LEAK,
    SECOND_LOOK,
    TEMPLATES,
    TOWN_HALL,
    TWO_LEAKS,
    Template,
    agenda_from,
)
from workshop.domain import agenda, agenda_lines
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.agenda_lines import Agenda
from workshop.domain.funnel import Funnel, Step
from workshop.live import services
from workshop.store import Store
from workshop.ui import identity

RANK, COMMIT = Position(Phase.RANK), Position(Phase.COMMIT)


@pytest.fixture
def facilitator(store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    facilitator = store.workshops.start("Spring", funnel, agenda=agenda_from(HALF_DAY, funnel))
    who = {
        Role.FACILITATOR: facilitator,
        Role.PROJECTOR: Visitor(Role.PROJECTOR, facilitator.workshop_id),
    }
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(identity, "visitor", lambda role, code: who[role])
    return facilitator


def opened(store: Store, facilitator: Visitor, page: str) -> AppTest:
    return screen(page, store.workshops.get(facilitator).code)


def agenda_of(store: Store, facilitator: Visitor) -> Agenda:
    steps = len(store.funnels.current(facilitator).steps)
    return store.workshops.get(facilitator).made_agenda(steps)


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def at_its_place(key: str, agenda: Agenda) -> str:
    """The key of a button as it is where its line stands now."""
    codes = [f"{line.activity}_{line.step}" for line in agenda.lines]
    return f"{key}_{codes.index(key.split('_', 2)[2])}"


# -- templates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.code)
@pytest.mark.parametrize("count", [1, 2, 5, 50])
def test_a_template_makes_an_agenda_on_any_funnel(template: Template, count: int) -> None:
    steps = tuple(Step(f"S{n}", f"S{n + 1}", 1000 - n, 999 - n) for n in range(count))
    made = agenda_from(template, Funnel(steps, 100, "EUR", 365))
    assert made.is_timed == (template is not TOWN_HALL)
    assert made == agenda_lines.for_steps(made, count)


def test_a_short_workshop_takes_the_steps_that_lose_most_money(funnel: Funnel) -> None:
    one, two = agenda_from(ONE_LEAK, funnel), agenda_from(TWO_LEAKS, funnel)
    assert (one.chosen_steps, two.chosen_steps) == ((3,), (2, 3))
    assert {line.step for line in one.lines} == {None, 3}
    assert (one.minutes, two.minutes) == (60, 120)


def test_half_a_day_has_a_break_halfway(funnel: Funnel) -> None:
    made = agenda_from(HALF_DAY, funnel)
    pause = made.number(Position(Phase.BREAK, 2))
    assert made.places[pause - 1 : pause + 2] == (
        Position(Phase.REPORT, 1),
        Position(Phase.BREAK, 2),
        Position(Phase.FACTS, 2),
    )
    assert made.chosen_steps == (0, 1, 2, 3)


@pytest.mark.parametrize(
    "template", [one for one in TEMPLATES if one is not SECOND_LOOK], ids=lambda one: one.code
)
def test_no_template_tells_the_numbers_before_they_are_guessed(
    template: Template, funnel: Funnel
) -> None:
    """But a second look, which begins with what became of the rates that everybody knows."""
    phases = [place.phase for place in agenda_from(template, funnel).places]
    before = phases[: phases.index(Phase.FACTS)]
    assert not [code for code in before if activity_of(code).says_numbers]


# -- the facilitator's screen ----------------------------------------------------------------------


def test_the_walk_says_how_long_and_from_when(store: Store, facilitator: Visitor) -> None:
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 0))
    came = store.workshops.get(facilitator).moved_at
    assert came is not None
    app = opened(store, facilitator, "facilitate.py")
    labels = [app.button(key=f"jump_{place}").label for place in range(5)]
    assert labels[0].endswith(" *15 min*")
    assert labels[2].endswith(f" *{came.astimezone(UTC):%H:%M} · 8 min*")
    following = came + timedelta(minutes=8)
    assert labels[3].endswith(f" *{following.astimezone(UTC):%H:%M} · 16 min*")
    assert app.number_input[0].value == 8


def test_a_town_hall_says_no_times_and_has_no_timer(
    store: Store, facilitator: Visitor, funnel: Funnel
) -> None:
    store.agenda.use_template(facilitator, TOWN_HALL.code, agenda_from(TOWN_HALL, funnel))
    app = opened(store, facilitator, "facilitate.py")
    labels = [button.label for button in app.button if (button.key or "").startswith("jump_")]
    assert labels
    assert not any("min" in label for label in labels)
    assert not app.number_input
    assert "timer_start" not in [button.key for button in app.button]


def test_where_the_room_is_stays_in_the_walk_though_its_line_is_removed(
    store: Store, facilitator: Visitor
) -> None:
    store.agenda.move_to(facilitator, RANK)
    store.agenda.change_agenda(facilitator, partial(agenda_lines.remove, position=RANK))
    app = opened(store, facilitator, "facilitate.py")
    assert "Ranking of all ideas" in [title.value for title in app.title]
    said = [text.value for text in opened(store, facilitator, "agenda.py").text]
    assert "The room is at “Ranking of all ideas”, which is not on this agenda." in said
    assert RANK not in agenda_of(store, facilitator).places


@pytest.mark.parametrize("runs", [True, False])
def test_the_board_and_the_phones_say_when_a_break_is_over(
    store: Store, facilitator: Visitor, runs: bool
) -> None:
    store.agenda.move_to(facilitator, Position(Phase.BREAK, 2))
    timer = agenda.start(datetime.now(UTC), 15)
    if runs:
        store.agenda.set_timer(facilitator, timer)
    ends_at = timer.ends_at
    assert ends_at is not None
    back = f"Back at {ends_at:%H:%M}." if runs else "Back soon."
    assert back in [text.value for text in opened(store, facilitator, "board.py").text]
    phone = TeamPage(joined(store, facilitator, "Ada"))
    assert back in phone.texts
    assert (phone.shown["timer"] or {}).get("ends_at") == (
        1000 * ends_at.timestamp() if runs else None
    )


# -- the page on which the agenda is changed -------------------------------------------------------


def test_each_change_on_the_page_is_made_and_undone_by_one_press(
    store: Store, facilitator: Visitor
) -> None:
    before = agenda_of(store, facilitator)
    app = opened(store, facilitator, "agenda.py")
    assert app.button(key="agenda_undo").disabled
    for key, make in (
        ("line_up_commit_None", partial(agenda_lines.move_up, position=COMMIT)),
        ("line_down_rank_None", partial(agenda_lines.move_down, position=RANK)),
        ("line_remove_rank_None", partial(agenda_lines.remove, position=RANK)),
        ("line_lock_rank_None", partial(agenda_lines.with_lock, position=RANK, is_locked=True)),
    ):
        press(app, at_its_place(key, before))
        assert agenda_of(store, facilitator) == make(before)
        press(app, "agenda_undo")
        assert agenda_of(store, facilitator) == before
        assert app.button(key="agenda_undo").disabled


def test_minutes_are_typed_taken_away_and_undone(store: Store, facilitator: Visitor) -> None:
    app = opened(store, facilitator, "agenda.py")
    before = agenda_of(store, facilitator).line(RANK).minutes
    for shown, minutes in ((before, 5), (5, None)):
        app.number_input(key=f"line_minutes_rank_None_{shown}").set_value(minutes).run()
        assert not app.exception
        assert agenda_of(store, facilitator).line(RANK).minutes == minutes
    press(app, "agenda_undo")
    assert agenda_of(store, facilitator).line(RANK).minutes == 5
    assert app.number_input(key="line_minutes_rank_None_5").value == 5


def test_a_browser_that_has_not_seen_an_undo_yet_does_not_change_it_back(
    store: Store, facilitator: Visitor
) -> None:
    app = opened(store, facilitator, "agenda.py")
    before = agenda_of(store, facilitator).line(RANK).minutes
    app.number_input(key=f"line_minutes_rank_None_{before}").set_value(5).run()
    press(app, "agenda_undo")
    # What such a browser says is about a field that is not there any more.
    assert "line_minutes_rank_None_5" not in {field.key for field in app.number_input}
    assert agenda_of(store, facilitator).line(RANK).minutes == before


def test_what_makes_no_sense_cannot_be_pressed_and_says_why(
    store: Store, facilitator: Visitor
) -> None:
    store.agenda.change_agenda(
        facilitator, partial(agenda_lines.with_lock, position=RANK, is_locked=True)
    )
    app = opened(store, facilitator, "agenda.py")
    for key, why in (
        ("line_remove_lobby_None", "begins in the lobby"),
        ("line_up_facts_0", "begins in the lobby"),
        ("line_remove_facts_0", "Ideas need the facts"),
        ("line_down_facts_0", "Ideas need the facts"),
        ("line_remove_rank_None", "This line is locked"),
        ("line_up_commit_None", "Nothing passes a locked line"),
    ):
        button = app.button(key=at_its_place(key, agenda_of(store, facilitator)))
        assert button.disabled, key
        assert why in button.help, key
    minutes = agenda_of(store, facilitator).line(RANK).minutes
    assert app.number_input(key=f"line_minutes_rank_None_{minutes}").disabled
    unlock = at_its_place("line_lock_rank_None", agenda_of(store, facilitator))
    assert not app.button(key=unlock).disabled


def test_a_break_is_added_before_any_line(store: Store, facilitator: Visitor) -> None:
    app = opened(store, facilitator, "agenda.py")
    app.selectbox(key="add_what").set_value(Position(Phase.BREAK))
    app.selectbox(key="add_before").set_value(Position(Phase.FACTS, 1)).run()
    press(app, "add_submit")
    made = agenda_of(store, facilitator)
    number = made.number(Position(Phase.BREAK, 1))
    assert made.places[number + 1] == Position(Phase.FACTS, 1)
    assert made.lines[number].minutes == 15


def test_what_was_added_and_where_is_said_until_it_is_gone(
    store: Store, facilitator: Visitor
) -> None:
    app = opened(store, facilitator, "agenda.py")
    assert app.selectbox(key="add_what").value is None
    assert app.button(key="add_submit").disabled
    app.selectbox(key="add_what").set_value(Position(Phase.RELATIONSHIP)).run()
    press(app, "add_submit")
    assert app.selectbox(key="add_what").value is None
    assert app.button(key="add_submit").disabled
    told = "Added: Relationship check, before Ranking of all ideas."
    assert told in [text.value for text in app.text]
    press(app, "agenda_undo")
    assert told not in [text.value for text in app.text]


def test_a_template_replaces_the_agenda_and_is_undone(
    store: Store, facilitator: Visitor, funnel: Funnel
) -> None:
    before = agenda_of(store, facilitator)
    app = opened(store, facilitator, "agenda.py")
    app.selectbox(key="template_code").set_value("town_hall").run()
    press(app, "template_use")
    assert agenda_of(store, facilitator) == agenda_from(TOWN_HALL, funnel)
    press(app, "agenda_undo")
    assert agenda_of(store, facilitator) == before


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_new_numbers_with_fewer_steps_leave_lines_out(
    store: Store, facilitator: Visitor, funnel: Funnel, steps: int
) -> None:
    workshop = store.workshops.get(facilitator)
    fewer = Funnel(funnel.steps[:steps], 8000, "EUR", 365)
    places = walk.agenda_of(workshop, fewer).places
    assert {place.step for place in places} == {None, *range(steps)}
    assert [walk.label(place, fewer) for place in places]
