"""Short cases for a word: judged by each in private, revealed, and what splits the room."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.answers import answer
from tests.forms import drawn_form
from tests.team_page import TeamPage
from tests.ui.test_asked_and_settled import Room, room
from workshop.activities import cases, words
from workshop.analysis.judging import FEWEST_CASES
from workshop.domain.case import Case
from workshop.domain.people import Side
from workshop.domain.question import Answer
from workshop.domain.term import term_key
from workshop.forms import FORMS
from workshop.forms.case import case_form
from workshop.forms.form import Problems, Submission

__all__ = ["room"]

LEAD = term_key("Lead")


def add(room: Room, *texts: str) -> list[Case]:
    """At the word that the board shows first, these cases in its form."""
    room.at(words.WORDS)
    for text in texts:
        sent = answer(case_form(LEAD), words=text)
        FORMS["case"](room.store, room.facilitator, sent)
    return cases.of(room.seen(), LEAD)


def judge(room: Room, case: Case, sales: str, marketing: str) -> None:
    """As the letters say: y, n, or a blank for nothing."""
    for people, said in ((room.sales, sales), (room.marketing, marketing)):
        for who, letter in zip(people, said, strict=False):
            value = {"y": "yes", "n": "no"}.get(letter)
            if value:
                room.store.questions.answer(who, {case.key: Answer(value)})


def test_the_facilitator_types_cases_that_phones_judge_and_the_board_hides(room: Room) -> None:
    student, buyer = add(room, "A student asks for the price list", "A buyer downloads it")
    app = room.app(room.facilitator, "facilitate.py")
    assert drawn_form(app, "case")["about"] == {"term": str(LEAD)}
    assert TeamPage(room.sales[0]).forms["idea_form"] is None
    app.button(key="case_open_at_0").click().run()
    asked = TeamPage(room.sales[0]).forms["idea_form"]
    assert asked["title"] == "“Lead” or not?"
    labels = [part["fields"][0]["label"] for part in asked["content"]][:2]
    assert labels == [student.words, buyer.words]
    sent = Submission(
        uuid4().hex, asked["about"], {f"case_{student.key.about}": "yes"}, decimal_mark="."
    )
    FORMS["answers"](room.store, room.sales[0], sent)
    judge(room, student, " yy", "nnn")
    for page, who in (
        ("board.py", None),
        ("facilitate.py", None),
        ("team", room.people[-1]),
        ("manage.py", None),
    ):
        said = room.says(page, who)
        assert "3 of 3 yes" not in said, page
        assert "splits" not in said, page
    said = room.says("board.py")
    assert "“Lead” or not? Judge 2 cases." in said
    assert "S 3 of 3 sales\nM 3 of 3 marketing" in said
    assert student.words not in said


def test_the_board_shows_the_case_that_splits_the_room_under_both_lines(room: Room) -> None:
    student, buyer = add(room, "A student asks for the price list", "A buyer downloads it")
    room.open(words.question_of("Lead").question, student.question, buyer.question)
    room.answer({Side.SALES: ["has a budget"], Side.MARKETING: ["read a paper"]}, LEAD)
    judge(room, student, "yyn", "nn")
    judge(room, buyer, "yyy", "yy")
    room.reveal(LEAD, student.key, buyer.key)
    said = room.says("board.py")
    assert said.index("has a budget") < said.index(f"splits you most:\n{student.words}")
    assert "Sales 2 of 3 yes, marketing 0 of 2." in said
    assert buyer.words not in said
    assert "κ" not in said
    assert "Sales 2 of 3 yes, marketing 0 of 2." in room.says("team", room.sales[0])
    led = room.says("facilitate.py")
    assert "Sales 2 of 3 yes, marketing 0 of 2." in led
    assert "Sales 3 of 3 yes, marketing 2 of 2." in led


def test_cases_that_all_judge_alike_split_nobody(room: Room) -> None:
    [student] = add(room, "A student asks for the price list")
    room.open(words.question_of("Lead").question, student.question)
    judge(room, student, "nnn", "nn")
    room.reveal(LEAD, student.key)
    said = room.says("board.py")
    assert "Both sides judge every case alike." in said
    assert "splits" not in said


def test_cases_are_shown_without_lines_where_nobody_was_asked_for_them(room: Room) -> None:
    [student] = add(room, "A student asks for the price list")
    room.open(student.question)
    judge(room, student, "yyy", "nn")
    room.reveal(student.key)
    said = room.says("board.py")
    assert "“Lead” or not?" in said
    assert "Sales 3 of 3 yes, marketing 0 of 2." in said
    assert "In a moment" not in said
    room.open(words.question_of("Lead").question)
    said = room.says("board.py")
    assert "splits" not in said
    assert "Nobody sees it before" in said


def test_where_one_side_has_not_judged_nothing_is_compared(room: Room) -> None:
    [student] = add(room, "A student asks for the price list")
    room.open(words.question_of("Lead").question, student.question)
    judge(room, student, "yyy", "")
    room.reveal(LEAD, student.key)
    said = room.says("board.py")
    assert "splits" not in said
    assert "alike" not in said


def test_from_fifteen_cases_on_the_board_says_how_far_the_sides_agree(room: Room) -> None:
    held = add(room, *(f"Case {number}" for number in range(FEWEST_CASES)))
    room.open(words.question_of("Lead").question, *(case.question for case in held))
    for number, case in enumerate(held):
        # 8 yes of both, 4 no of both, 3 that only sales calls one: κ = .5946.
        judge(room, case, "yyn" if number < 11 else "nn", "yyn" if number < 8 else "nny")
    room.reveal(LEAD, *(case.key for case in held))
    for page, who in (("board.py", None), ("team", room.sales[0]), ("facilitate.py", None)):
        said = room.says(page, who)
        assert "Of 15 cases most of sales and most of marketing call 12 alike." in said
        assert "Cohen’s κ is 0.59: 0 would be no more than chance, 1 full agreement." in said
    room.store.cases.remove(room.facilitator, held[0].key)
    assert "κ" not in room.says("board.py")


def test_a_case_is_removed_and_brought_back_by_one_press_each(room: Room) -> None:
    student, buyer = add(room, "A student asks for the price list", "A buyer downloads it")
    room.open(student.question, buyer.question)
    app = room.app(room.facilitator, "facilitate.py")
    app.button(key=f"case_remove_{student.key.about}").click().run()
    asked = TeamPage(room.sales[0]).forms["idea_form"]
    assert student.words not in str(asked)
    app.button(key=f"case_back_{student.key.about}").click().run()
    asked = TeamPage(room.sales[0]).forms["idea_form"]
    assert student.words in str(asked)


def test_cases_of_two_words_say_which_word_each_is_about(room: Room) -> None:
    [student] = add(room, "A student asks for the price list")
    room.store.cases.add(room.facilitator, term_key("MQL"), "A buyer downloads it")
    [buyer] = cases.of(room.seen(), term_key("MQL"))
    room.open(student.question, buyer.question)
    asked = TeamPage(room.sales[0]).forms["idea_form"]
    assert "“Lead” or not? A student" in str(asked)
    assert "“MQL” or not? A buyer" in str(asked)


@pytest.mark.parametrize("about", ["", "hand_off/0_finds", "case/x", "nothing/x"])
def test_a_case_for_no_word_is_refused(room: Room, about: str) -> None:
    sent = Submission(uuid4().hex, {"term": about}, {"words": "A student"}, ".")
    with pytest.raises(Problems, match="not known"):
        FORMS["case"](room.store, room.facilitator, sent)


def test_an_empty_case_is_refused(room: Room) -> None:
    with pytest.raises(Problems) as refused:
        FORMS["case"](room.store, room.facilitator, answer(case_form(LEAD), words=" "))
    assert set(refused.value.by_field) == {"words"}
