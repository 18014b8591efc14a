"""What the room is asked as a whole: drawn on every screen, before, while and after it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.ids import ONE
from tests.screens import screen
from tests.store.test_store import joined
from tests.team_page import TeamPage
from workshop.activities import activity_of, relationship
from workshop.activities.obstacles import QUESTION
from workshop.activities.relationship import ALIKE, BY_CODE, NOT_COMPARED
from workshop.activities.statements import STATEMENTS
from workshop.activities.templates import SECOND_LOOK, TOWN_HALL, Template, agenda_from
from workshop.activities.walk import walk
from workshop.analysis.relationship import Marks, Stage, means
from workshop.charts import STAGE_NAMES
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Position
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.question import Answer, QuestionKey, Subject
from workshop.live import snapshot
from workshop.store import Store
from workshop.ui import identity
from workshop.wording.answers import NO_ANSWER, TOO_FEW

PROMISE = QuestionKey(Subject.PROMISE)
Open = Callable[[Visitor], AppTest]
OBSTACLE = QuestionKey(Subject.OBSTACLE)
PAGES = {
    Role.FACILITATOR: "facilitate.py",
    Role.PROJECTOR: "board.py",
}


@pytest.fixture
def facilitator(records: Store, funnel: Funnel) -> Visitor:
    return records.workshops.start("Spring", funnel)


@pytest.fixture
def people(records: Store, facilitator: Visitor) -> list[Visitor]:
    """Three of sales, then three of marketing."""
    sides = [Side.SALES] * 3 + [Side.MARKETING] * 3
    return [joined(records, facilitator, f"P{n}", side) for n, side in enumerate(sides)]


@pytest.fixture
def opened(records: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch) -> Open:
    def open_page(who: Visitor) -> AppTest:
        monkeypatch.setattr(identity, "visitor", lambda role, code: who)
        return screen(PAGES[who.role], records.workshops.get(facilitator).code)

    return open_page


@pytest.mark.parametrize(
    ("template", "code"), [(SECOND_LOOK, "relationship"), (TOWN_HALL, "obstacles")]
)
def test_they_are_on_the_agendas_that_name_them_and_on_no_other(
    template: Template, code: str, funnel: Funnel
) -> None:
    assert Position(code) in agenda_from(template, funnel).places
    assert Position(code) not in walk(len(funnel.steps))


def board_of(facilitator: Visitor) -> Visitor:
    return Visitor(Role.PROJECTOR, facilitator.workshop_id)


def said(app: AppTest) -> str:
    return "\n".join(one.value for kind in (app.text, app.title, app.info) for one in kind)


def words_for(opened: Open, who: Visitor) -> str:
    """What the screen of this visitor says, whoever they are."""
    return TeamPage(who).says if who.role is Role.PARTICIPANT else said(opened(who))


def charts_of(app: AppTest) -> Iterator[str]:
    for chart in app.get("vega_lite_chart"):
        yield chart.proto.alt


def press(app: AppTest, label: str) -> None:
    [button] = [one for one in app.button if one.label == label]
    button.click().run()
    assert not app.exception


def answer_all(records: Store, who: Visitor, mark: Callable[[str], int]) -> None:
    given = {QuestionKey(Subject.RELATIONSHIP, code): Answer(mark(code)) for code in BY_CODE}
    records.questions.answer(who, given)


def test_there_are_three_statements_of_each_stage() -> None:
    assert [statement.stage for statement in STATEMENTS] == [
        stage for stage in Stage for _ in range(3)
    ]
    for field in ("code", "words", "play"):
        assert len({getattr(statement, field) for statement in STATEMENTS}) == 12


def test_all_statements_are_on_one_sheet_of_marks_from_1_to_5(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("relationship"))
    assert TeamPage(people[0]).forms["idea_form"] is None
    press(opened(facilitator), "Open")
    form = TeamPage(people[0]).forms["idea_form"]
    fields = [field for part in form["content"] for field in part["fields"]]
    assert [field["label"] for field in fields if field["kind"] == "scale"] == [
        statement.words for statement in STATEMENTS
    ]


def test_the_check_shows_counts_while_it_is_asked_and_no_mark(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("relationship"))
    press(opened(facilitator), "Open")
    for who in people[:3]:
        answer_all(records, who, lambda code: 5)
    answer_all(records, people[3], lambda code: 1)
    board = opened(board_of(facilitator))
    assert "S 3 of 3 sales\nM 1 of 3 marketing" in said(board)
    assert "3 of 3 sales · 1 of 3 marketing have answered." in said(opened(facilitator))
    for who in (board_of(facilitator), facilitator):
        assert list(charts_of(opened(who))) == []
    for who in (board_of(facilitator), facilitator, people[0], people[5]):
        words = words_for(opened, who)
        assert "of 5" not in words
        assert not any(statement.play in words for statement in STATEMENTS)
    assert TeamPage(people[0]).lines == {}
    assert set(TeamPage(people[5]).forms["idea_form"]["values"].values()) == {""}


def test_the_check_reveals_both_marks_the_widest_gaps_and_what_helps(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("relationship"))
    press(opened(facilitator), "Open")
    for who in people:
        is_sales = who in people[:3]
        own = {"talk": 5 if is_sales else 1, "customers": 1, "help": 4 if is_sales else 3}
        answer_all(records, who, lambda code, own=own: own.get(code, 3))  # type: ignore[misc]
    press(opened(facilitator), "Reveal")
    stages, widest = charts_of(opened(board_of(facilitator)))
    assert stages.endswith("sales (S) 3.1, aligned; marketing (M) 2.7, defined.")
    assert "“We talk to each other, also when nothing has gone wrong.” sales 5.0" in widest
    assert "“We help each other, also where it is not our job.”" in widest
    # The room is at 2.9: what is least true of the aligned.
    board = said(opened(board_of(facilitator)))
    assert (
        f"Next would be aligned. Least true of it, 1.0 of 5: “{BY_CODE['customers'].words}”"
        in board
    )
    assert f"What helps: {BY_CODE['customers'].play}" in board
    line = TeamPage(people[0]).lines["team_stages"]
    assert line["places"] == [*STAGE_NAMES.values()]
    marks = [(mark["letter"], mark["words"], round(mark["at"], 3)) for mark in line["marks"]]
    assert marks == [("S", "Sales 3.1 of 5", 0.521), ("M", "Marketing 2.7 of 5", 0.417)]
    phone = TeamPage(people[0]).says
    assert "Sales says 3.1 of 5, aligned. Marketing says 2.7 of 5, defined." in phone
    led = said(opened(facilitator))
    assert BY_CODE["talk"].play in led
    assert "Good enough for us" in led


def test_where_too_few_of_a_side_answer_there_is_one_mark(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("relationship"))
    press(opened(facilitator), "Open")
    for who in people[:5]:
        answer_all(records, who, lambda code: 4)
    press(opened(facilitator), "Reveal")
    board = opened(board_of(facilitator))
    [stages] = charts_of(board)
    assert stages.endswith(": both sides (S+M) 4.0, integrated.")
    assert NOT_COMPARED in said(board)
    assert "What helps" not in said(board)
    assert "The room says 4.0 of 5, integrated." in TeamPage(people[0]).says


def test_where_the_sides_see_everything_alike_it_is_said(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("relationship"))
    press(opened(facilitator), "Open")
    for who in people:
        answer_all(records, who, lambda code: 2)
    press(opened(facilitator), "Reveal")
    assert ALIKE in said(opened(board_of(facilitator)))


def test_all_statements_are_hidden_and_asked_again_with_one_press(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("relationship"))
    for label in ("Open", "Reveal", "Hide again", "Reveal", "Ask again"):
        press(opened(facilitator), label)
    assert {(held.state, held.round) for held in records.questions.all(facilitator).values()} == {
        ("open", 2)
    }
    press(opened(facilitator), "Back to the answers before")
    assert TOO_FEW in said(opened(board_of(facilitator)))


def test_a_third_side_is_said_beside_the_two_marks() -> None:
    given = means([Marks((2,), (3,), (4,))])
    assert relationship.stage_sentence(given).endswith("The third side says 4.0 of 5, integrated.")


def test_an_obstacle_is_on_no_screen_before_the_reveal_but_its_authors(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("obstacles"))
    press(opened(facilitator), "Open")
    for number, who in enumerate(people):
        records.questions.answer(who, {OBSTACLE: Answer(f"obstacle {number}")})
    assert QUESTION in said(opened(board_of(facilitator)))
    for who in (board_of(facilitator), facilitator, people[5]):
        assert "obstacle 0" not in words_for(opened, who)
    values = TeamPage(people[5]).forms["idea_form"]["values"]
    assert "obstacle 5" in values.values()
    assert "obstacle 0" not in values.values()


def test_obstacles_are_read_one_by_one_the_sides_by_turns(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("obstacles"))
    press(opened(facilitator), "Open")
    for number, who in enumerate(people):
        records.questions.answer(who, {OBSTACLE: Answer(f"obstacle\n{number}")})
    press(opened(facilitator), "Reveal")
    read, letters = [], []
    for place in range(6):
        board = said(opened(board_of(facilitator))).split("\n")
        read += [line for line in board if line.startswith("obstacle ")]
        letters += [line for line in board if line in ("S", "M")]
        left = f"{5 - place} still unread" if place < 5 else "none unread"
        assert f"{place + 1} read · {left}" in board
        assert read[-1] in said(opened(facilitator))
        if place < 5:
            press(opened(facilitator), "Next sentence")
    assert sorted(read) == [f"obstacle {number}" for number in range(6)]
    assert "".join(letters) in ("SMSMSM", "MSMSMS")
    press(opened(facilitator), "Previous sentence")
    assert read[4] in said(opened(board_of(facilitator)))
    phone = TeamPage(people[0]).says
    assert "Listen first" in phone
    assert "obstacle" not in phone


def test_of_few_obstacles_nobody_learns_the_side(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("obstacles"))
    press(opened(facilitator), "Open")
    for who in people[1:4]:
        records.questions.answer(who, {OBSTACLE: Answer("obstacle")})
    press(opened(facilitator), "Reveal")
    board = said(opened(board_of(facilitator))).split("\n")
    assert "obstacle" in board
    assert not {"S", "M"} & set(board)


def test_who_only_says_why_they_cannot_answer_is_not_read_out(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("obstacles"))
    press(opened(facilitator), "Open")
    for who in people:
        records.questions.answer(who, {OBSTACLE: Answer(None, "I am new here")})
    press(opened(facilitator), "Reveal")
    board = said(opened(board_of(facilitator)))
    assert "Nobody has written anything." in board
    assert "new here" not in board


@pytest.mark.parametrize("code", ["relationship", "obstacles"])
def test_the_facilitator_reads_other_words_before_and_after_the_reveal(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open, code: str
) -> None:
    records.agenda.move_to(facilitator, Position(code))
    activity, told = activity_of(code), []
    for pressed in ("Open", "Reveal", "Hide again"):
        seen = snapshot.take(facilitator)
        words = {activity.hint(seen), activity.room_sees(seen)}
        page = opened(facilitator)
        assert words <= set(said(page).split("\n"))
        told += words
        press(page, pressed)
    assert len(set(told)) == 6


@pytest.mark.parametrize("code", ["relationship", "obstacles"])
def test_where_too_few_have_answered_no_screen_promises_answers(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open, code: str
) -> None:
    records.agenda.move_to(facilitator, Position(code))
    press(opened(facilitator), "Open")
    press(opened(facilitator), "Reveal")
    page = opened(facilitator)
    assert TOO_FEW in [caption.value for caption in page.caption]
    for who in (people[0], board_of(facilitator)):
        assert TOO_FEW in words_for(opened, who)
    assert "on the projector" not in TeamPage(people[0]).says


# -- one commitment each ---------------------------------------------------------------------------


@pytest.fixture
def town_hall(records: Store, facilitator: Visitor, funnel: Funnel) -> None:
    """At the commitments of a town hall."""
    agenda = agenda_from(TOWN_HALL, funnel)
    records.agenda.use_template(facilitator, TOWN_HALL.code, agenda)
    records.agenda.move_to(facilitator, Position("commit"))


@pytest.mark.usefixtures("town_hall")
def test_in_a_town_hall_each_commits_by_one_sentence_that_is_read_with_the_name(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    press(opened(facilitator), "Open")
    for number, who in enumerate(people[:2]):
        records.questions.answer(who, {PROMISE: Answer(f"I will call {number}")})
    form = TeamPage(people[0]).forms["idea_form"]
    assert "I will call 0" in form["values"].values()
    for who in (board_of(facilitator), facilitator, people[5]):
        assert "I will call" not in words_for(opened, who)
    assert "What will I do?" in said(opened(board_of(facilitator)))
    press(opened(facilitator), "Reveal")
    read = []
    for place in range(2):
        board = said(opened(board_of(facilitator))).split("\n")
        [sentence] = [line for line in board if line.startswith("I will call")]
        who = people[int(sentence[-1])]
        assert records.seats.person(who).name in board
        assert f"{records.seats.person(who).name}: {sentence}" in said(opened(facilitator))
        read.append(sentence)
        if place == 0:
            press(opened(facilitator), "Next sentence")
    assert sorted(read) == ["I will call 0", "I will call 1"]
    assert "Listen for yours" in TeamPage(people[0]).says


@pytest.mark.usefixtures("town_hall")
def test_where_nobody_commits_the_board_says_so(facilitator: Visitor, opened: Open) -> None:
    press(opened(facilitator), "Open")
    press(opened(facilitator), "Reveal")
    assert NO_ANSWER in said(opened(board_of(facilitator)))


@pytest.mark.usefixtures("town_hall")
def test_actions_agreed_in_a_town_hall_stay_until_the_sentence_is_asked_for(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    idea = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4))
    records.ideas.save(people[0], ONE, 1, idea)
    manager = replace(facilitator, role=Role.MANAGER)
    day = date(2027, 3, 14)
    action = Commitment(ONE, ONE, idea.title, "P0", "P1", "Rate", 0.4, 0.5, day, "Ask")
    records.commitments.save(manager, action)
    assert "What we agreed" in said(opened(board_of(facilitator)))
    press(opened(facilitator), "Open")
    board = said(opened(board_of(facilitator)))
    assert "What we agreed" not in board
    assert "What will I do?" in board


def test_with_a_clock_nobody_is_asked_for_a_sentence(
    records: Store, facilitator: Visitor, people: list[Visitor], opened: Open
) -> None:
    records.agenda.move_to(facilitator, Position("commit"))
    assert not [one for one in opened(facilitator).button if one.label == "Open"]
    assert TeamPage(people[0]).forms["idea_form"] is None
    assert "What will we do?" in said(opened(board_of(facilitator)))
