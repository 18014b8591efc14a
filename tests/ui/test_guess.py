"""Guess and reveal: no screen of the room says what is still guessed, and then all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.ids import ONE, TWO
from tests.screens import screen
from tests.team_page import TeamPage
from workshop.activities import guess, walk
from workshop.activities.templates import ONE_LEAK, agenda_from
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView, Phase, Position
from workshop.domain.agenda_lines import Agenda
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.question import Answer, Guess
from workshop.live import services
from workshop.store import Store
from workshop.ui import identity

REVEALED = 2  # steps


@pytest.fixture
def room(store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> dict[Role, Visitor]:
    """Three of each side, who have guessed every step."""
    facilitator = store.workshops.start("Spring", funnel)
    code = store.workshops.get(facilitator).code
    people = [
        store.seats.join(code, f"P{n}", (Side.SALES, Side.MARKETING)[n % 2]) for n in range(6)
    ]
    seated = [who for token in people if (who := store.tokens.admit(token))]
    asked = guess.sheet(funnel).asked
    store.questions.open(facilitator, *(one.question for one in asked))
    for number, who in enumerate(seated):
        guesses = {one.question.key: Answer(Guess(0.31 + number / 100)) for one in asked}
        store.questions.answer(who, guesses)
    for idea_id, step in ((ONE, 0), (TWO, 3)):
        draft = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4))
        store.ideas.save(seated[0], idea_id, step, draft)
        store.ideas.estimate(seated[1], idea_id, Estimate(0.1, 0.2, 0.4))
    who = {
        Role.FACILITATOR: facilitator,
        Role.MANAGER: Visitor(Role.MANAGER, facilitator.workshop_id),
        Role.PROJECTOR: Visitor(Role.PROJECTOR, facilitator.workshop_id),
        Role.PARTICIPANT: seated[0],
    }
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(identity, "visitor", lambda role, code: who[role])
    return who


def drawn(store: Store, who: Visitor, page: str) -> AppTest:
    return screen(page, store.workshops.get(who).code)


def everything(app: AppTest) -> str:
    """All that a page sends to the browser, but how new it is."""

    def protos(node: Any) -> Iterator[str]:
        for child in getattr(node, "children", {}).values():
            yield str(getattr(child, "proto", ""))
            yield from protos(child)

    sent = " ".join((*protos(app.main), *protos(app.sidebar)))
    return re.sub(r"\w+=\d+|[0-9a-f]{8,}", "", sent)


def sent_to(store: Store, who: Visitor) -> str:
    """All that the screen of somebody in the room is sent."""
    if who.role is Role.PARTICIPANT:
        return TeamPage(who).everything
    return everything(drawn(store, who, "board.py"))


def places(funnel: Funnel) -> Iterator[tuple[Position, BoardView]]:
    for position in walk.walk(len(funnel.steps)):
        views = list(BoardView) if position.phase == Phase.RANK else [BoardView.IDEAS]
        yield from ((position, view) for view in views)


def with_other_numbers(funnel: Funnel, first: int) -> Funnel:
    """The same stages, and other numbers from a step on."""
    steps = [
        step
        if place < first
        else Step(step.source, step.target, 137 * step.entered, 41 * step.advanced, {"New": 7})
        for place, step in enumerate(funnel.steps)
    ]
    return replace(funnel, steps=tuple(steps))


@pytest.mark.parametrize("role", [Role.PROJECTOR, Role.PARTICIPANT])
def test_nothing_that_the_room_is_sent_depends_on_what_is_still_guessed(
    store: Store, funnel: Funnel, room: dict[Role, Visitor], role: Role
) -> None:
    """At no place of the walk: with other numbers in the hidden steps all is the same."""
    facilitator = room[Role.FACILITATOR]
    keys = [asked.question.key for asked in guess.sheet(funnel).asked]
    store.questions.reveal(facilitator, *keys[:REVEALED])
    action = Commitment(ONE, TWO, "Call", "Ada", "Bo", "Rate", 0.25, 0.37, date(2027, 3, 1), "-")
    store.commitments.save(room[Role.MANAGER], action)
    sent = {}
    for numbers in (funnel, with_other_numbers(funnel, REVEALED)):
        store.funnels.replace(facilitator, numbers, None)
        for position, view in places(funnel):
            store.agenda.move_to(facilitator, position)
            store.agenda.show_view(facilitator, view)
            told = sent_to(store, room[role])
            assert sent.setdefault((position, view), told) == told, position


def test_the_masks_are_not_the_reason_why_all_is_the_same(
    store: Store, funnel: Funnel, room: dict[Role, Visitor]
) -> None:
    """Once all is revealed, other numbers are seen."""
    facilitator = room[Role.FACILITATOR]
    store.questions.reveal(facilitator, *(one.question.key for one in guess.sheet(funnel).asked))
    store.agenda.move_to(facilitator, Position(Phase.FACTS, 3))
    store.agenda.show_team(facilitator, guess.FACTS)
    before = everything(drawn(store, room[Role.PROJECTOR], "board.py"))
    store.funnels.replace(facilitator, with_other_numbers(funnel, REVEALED), None)
    assert everything(drawn(store, room[Role.PROJECTOR], "board.py")) != before


def words(app: AppTest) -> list[str]:
    return [text.value for text in (*app.text, *app.info)]


def test_the_reveal_says_what_each_side_thought_and_what_is_true(
    store: Store, funnel: Funnel, room: dict[Role, Visitor]
) -> None:
    facilitator = room[Role.FACILITATOR]
    store.agenda.move_to(facilitator, Position(Phase.FACTS, 0))
    asked = words(drawn(store, room[Role.PROJECTOR], "board.py"))
    assert "Of 100 at Lead, how many go on to MQL?" in asked
    assert "S 3 of 3 sales" in asked
    app = drawn(store, facilitator, "facilitate.py")
    app.button(key="question_reveal_at_0").click().run()
    told = words(drawn(store, room[Role.PROJECTOR], "board.py"))
    assert "Sales thought 33, marketing 34. It is 35." in told
    phone = TeamPage(room[Role.PARTICIPANT]).texts
    assert "Sales thought 33, marketing 34. It is 35." in phone
    app = drawn(store, facilitator, "facilitate.py")
    app.button(key="facts_turn_facts").click().run()
    facts = words(drawn(store, room[Role.PROJECTOR], "board.py"))
    assert "At Lead → MQL we lose" in facts


def test_revealing_a_step_reveals_those_before_it(
    store: Store, funnel: Funnel, room: dict[Role, Visitor]
) -> None:
    facilitator = room[Role.FACILITATOR]
    store.agenda.move_to(facilitator, Position(Phase.FACTS, 2))
    app = drawn(store, facilitator, "facilitate.py")
    assert any("Reveals 3 steps" in caption.value for caption in app.caption)
    app.button(key="question_reveal_at_2").click().run()
    assert store.questions.shown_steps(room[Role.PROJECTOR]) == 3
    app = drawn(store, facilitator, "facilitate.py")
    app.button(key="question_hide_at_2").click().run()
    assert store.questions.shown_steps(room[Role.PROJECTOR]) == 2


def test_the_facilitator_opens_the_guesses_in_the_lobby_and_may_stop_them(
    store: Store, funnel: Funnel, room: dict[Role, Visitor]
) -> None:
    facilitator = room[Role.FACILITATOR]
    app = drawn(store, facilitator, "facilitate.py")
    app.button(key="guesses_close").click().run()
    assert store.questions.shown_steps(room[Role.PROJECTOR]) is None
    app = drawn(store, facilitator, "facilitate.py")
    app.button(key="guesses_open").click().run()
    assert store.questions.shown_steps(room[Role.PROJECTOR]) == 0
    board = words(drawn(store, room[Role.PROJECTOR], "board.py"))
    assert any("3 of 3 sales · 3 of 3 marketing have answered." in text for text in board)


def test_only_steps_whose_facts_are_on_the_agenda_are_guessed(
    store: Store, funnel: Funnel, room: dict[Role, Visitor]
) -> None:
    facilitator, board = room[Role.FACILITATOR], room[Role.PROJECTOR]
    store.questions.close(facilitator, *(one.question.key for one in guess.sheet(funnel).asked))
    agenda = agenda_from(ONE_LEAK, funnel)
    first = tuple(replace(line, step=None if line.step is None else 0) for line in agenda.lines)
    store.agenda.use_template(facilitator, ONE_LEAK.code, Agenda(first))
    drawn(store, facilitator, "facilitate.py").button(key="guesses_open").click().run()
    store.agenda.move_to(facilitator, Position(Phase.FACTS, 0))
    drawn(store, facilitator, "facilitate.py").button(key="question_reveal_at_0").click().run()
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    assert store.questions.shown_steps(board) is None
    assert not any("The guesses come first." in text for text in board_words(store, room))


def test_once_all_is_revealed_it_is_said_how_sure_the_room_was(
    store: Store, funnel: Funnel, room: dict[Role, Visitor]
) -> None:
    facilitator, ada = room[Role.FACILITATOR], room[Role.PARTICIPANT]
    keys = [asked.question.key for asked in guess.sheet(funnel).asked]
    store.questions.answer(ada, {keys[0]: Answer(Guess(0.5, 0.45, 0.55))})
    store.questions.reveal(facilitator, *keys[:3])
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    store.agenda.show_view(facilitator, BoardView.UNKNOWN)
    told = "Of 1 range that people were sure of, 0 held the truth"
    assert not any(text.startswith(told) for text in board_words(store, room))
    store.questions.reveal(facilitator, keys[3])
    assert any(text.startswith(told) for text in board_words(store, room))


def board_words(store: Store, room: dict[Role, Visitor]) -> list[str]:
    return words(drawn(store, room[Role.PROJECTOR], "board.py"))


def test_the_facilitator_is_told_that_the_ranking_waits_and_reveals_there(
    store: Store, room: dict[Role, Visitor]
) -> None:
    facilitator = room[Role.FACILITATOR]
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    app = drawn(store, facilitator, "facilitate.py")
    assert {guess.ROOM_WAITS, guess.REVEAL_FIRST} <= set(words(app))
    app.button(key="question_reveal_at_3").click().run()
    assert store.questions.shown_steps(room[Role.PROJECTOR]) is None
    told = words(drawn(store, facilitator, "facilitate.py"))
    assert not {guess.ROOM_WAITS, guess.REVEAL_FIRST} & set(told)


def test_at_a_step_the_room_waits_for_no_guess_of_a_later_one(
    store: Store, funnel: Funnel, room: dict[Role, Visitor]
) -> None:
    facilitator = room[Role.FACILITATOR]
    store.questions.reveal(facilitator, guess.question_of(funnel, 0).question.key)
    for step, is_awaited in ((0, False), (1, True)):
        store.agenda.move_to(facilitator, Position(Phase.IDEAS, step))
        told = words(drawn(store, facilitator, "facilitate.py"))
        assert (guess.ROOM_WAITS in told) == is_awaited


def test_the_hint_at_the_facts_goes_from_guessing_to_talking_to_the_number(
    store: Store, room: dict[Role, Visitor]
) -> None:
    facilitator = room[Role.FACILITATOR]
    store.agenda.move_to(facilitator, Position(Phase.FACTS, 0))
    hints = ["press Reveal below", "press Show the facts", "Read the number aloud"]
    for hint, pressed in zip(hints, ("question_reveal_at_0", "facts_turn_facts", ""), strict=True):
        app = drawn(store, facilitator, "facilitate.py")
        told = " ".join(words(app))
        assert [one for one in hints if one in told] == [hint]
        if pressed:
            app.button(key=pressed).click().run()


def test_how_to_guess_is_said_once_at_the_first_step_that_is_asked(
    store: Store, funnel: Funnel, room: dict[Role, Visitor]
) -> None:
    store.questions.reveal(room[Role.FACILITATOR], guess.question_of(funnel, 0).question.key)
    form = TeamPage(room[Role.PARTICIPANT]).forms["idea_form"]
    helps = [part["help"] for part in form["content"] if part["fields"][0]["kind"] == "number"]
    assert helps == [guess.HOW_TO_GUESS, "", ""]


def test_who_waits_in_the_lobby_is_asked_to_guess_meanwhile(
    store: Store, room: dict[Role, Visitor]
) -> None:
    def is_asked() -> bool:
        told = TeamPage(room[Role.PARTICIPANT]).texts
        return any(text.startswith("Guess while you wait.") for text in told)

    assert is_asked()
    drawn(store, room[Role.FACILITATOR], "facilitate.py").button(key="guesses_close").click().run()
    assert not is_asked()
