"""The agreement on every screen: drafted, read, asked about without names, signed by name."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from tests.answers import answer
from tests.forms import drawn_form
from tests.store.test_store import joined, manager_of
from tests.team_page import TeamPage
from tests.ui.test_asked_and_settled import Room
from workshop.activities import agreement
from workshop.domain.access import Forbidden, Visitor
from workshop.domain.agenda import Phase
from workshop.domain.agreement import (
    LONGEST_CLAUSE,
    Agreement,
    ClauseKind,
    clauses_of,
    consent_question,
)
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.question import Answer
from workshop.forms import FORMS
from workshop.forms.agreement import agreement_form
from workshop.forms.consent import consent_form
from workshop.forms.form import Problems, Submission
from workshop.forms.signature import signature_for_form
from workshop.live.downloads import DOWNLOADS
from workshop.store import Store, StoreError
from workshop.store.clock import now
from workshop.wording.agreement import CLAUSES, NO_CONTRACT, NOT_WRITTEN
from workshop.wording.shortening import shorten

HOSTILE = "*a* <b>b</b> $c$ :red[e] [f](http://g.example) =1+1 \u202e\n| x |"
TEXTS = {kind: f"Promise of {kind}" for kind in ClauseKind}
KEY = consent_question(1).key
MARKS = {Side.SALES: [5, 4, 3], Side.MARKETING: [2, 4, 4]}


@pytest.fixture
def room(records: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> Room:
    """At the agreement, before anybody has written it."""
    facilitator = records.workshops.start("Spring", funnel)
    sides = [Side.SALES, Side.MARKETING] * 3
    people = [joined(records, facilitator, f"P{place}", side) for place, side in enumerate(sides)]
    room = Room(records, facilitator, people, monkeypatch)
    room.at(agreement.AGREEMENT)
    return room


@pytest.fixture
def manager(room: Room) -> Visitor:
    return manager_of(room.store, room.facilitator)


def drafted(room: Room, manager: Visitor, **changed: str) -> Agreement:
    return room.store.agreements.save(manager, clauses_of({**TEXTS, **changed}))


def send(room: Room, who: Visitor, app: AppTest, key: str, **values: str) -> str:
    """What the form with this key, as it is drawn, is answered with."""
    form = drawn_form(app, key)
    sent = Submission(uuid4().hex, form["about"], values, ".")
    return FORMS[form["name"]](room.store, who, sent)


def ask(room: Room) -> None:
    room.store.questions.open(room.facilitator, consent_question(1))


def answered(room: Room, missing: str = "") -> None:
    """Everybody has answered; the lowest mark says what is missing."""
    for side, people in ((Side.SALES, room.sales), (Side.MARKETING, room.marketing)):
        for who, mark in zip(people, MARKS[side], strict=True):
            given = Answer(mark, missing if mark == 2 else "")
            room.store.questions.answer(who, {KEY: given})


def test_before_there_is_an_agreement_every_screen_says_so(room: Room, manager: Visitor) -> None:
    assert NOT_WRITTEN in room.says("board.py")
    assert NOT_WRITTEN in room.says("team", room.sales[0])
    assert TeamPage(room.sales[0]).forms["idea_form"] is None
    app = room.app(room.facilitator, "facilitate.py")
    assert "Management writes it" in app.warning[0].value
    assert NOT_WRITTEN in room.says("agreement.py", manager)


def test_what_management_drafts_is_read_on_the_board_and_on_every_phone(
    room: Room, manager: Visitor
) -> None:
    app = room.app(manager, "agreement.py")
    said = send(room, manager, app, "agreement_form", **TEXTS)
    assert said == "Saved as version 1. Both sides can read and sign it."
    for page, who in (("board.py", None), ("team", room.sales[0])):
        words = room.says(page, who)
        assert all(text in words for text in (*TEXTS.values(), *CLAUSES.values())), page
    assert NO_CONTRACT in room.says("team", room.sales[0])
    assert TeamPage(room.sales[0]).forms["idea_form"] is None
    app = room.app(manager, "agreement.py")
    assert drawn_form(app, "agreement_form")["values"] == TEXTS
    assert send(room, manager, app, "agreement_form", **TEXTS) == "This is version 1 already."


def test_an_empty_draft_is_refused_and_an_empty_clause_is_left_out(
    room: Room, manager: Visitor
) -> None:
    app = room.app(manager, "agreement.py")
    with pytest.raises(Problems, match="Write at least one clause"):
        send(room, manager, app, "agreement_form", both="  ")
    with pytest.raises(Problems, match="take 1 away"):
        send(room, manager, app, "agreement_form", both="x" * (LONGEST_CLAUSE + 1))
    send(room, manager, app, "agreement_form", both="Within a day.")
    words = room.says("board.py")
    assert "Within a day." in words
    assert CLAUSES[ClauseKind.COACHING] not in words


def test_only_management_drafts(room: Room, manager: Visitor) -> None:
    for who in (room.facilitator, room.sales[0]):
        with pytest.raises(Forbidden, match="for the manager only"):
            FORMS["agreement"](room.store, who, answer(agreement_form(None), both="Ours"))
    assert room.store.agreements.current(manager) is None


def test_the_marks_are_on_no_screen_before_the_reveal_and_on_the_board_after_it(
    room: Room, manager: Visitor
) -> None:
    drafted(room, manager)
    ask(room)
    answered(room, "Who pays the mauve pot?")
    bystander = joined(room.store, room.facilitator, "Late", Side.OTHER)
    pages = (("board.py", None), ("facilitate.py", None), ("team", bystander))
    for page, who in (*pages, ("agreement.py", manager)):
        said = room.says(page, who)
        assert "mauve" not in said, page
        assert "marketing 3.3" not in said, page
    assert "3 of 3 sales" in room.says("board.py")
    assert "Nobody sees it before" in room.says("board.py")
    room.reveal(KEY)
    said = room.says("board.py")
    assert "Sales 4.0 of 5, marketing 3.3 of 5." in said
    assert "M · Who pays the mauve pot?" in said
    assert "The middle mark of each side, 1 to 5: sales (S) 4 of 3, marketing (M) 4 of 3." in said
    said = room.says("agreement.py", manager)
    assert "Sales 4.0 of 5, marketing 3.3 of 5." in said
    assert "M · Who pays the mauve pot?" in said
    room.store.questions.hide(room.facilitator, KEY)
    for page, who in (("board.py", None), ("agreement.py", manager)):
        assert "mauve" not in room.says(page, who)


def test_of_few_answers_nobody_learns_the_side(room: Room, manager: Visitor) -> None:
    drafted(room, manager)
    ask(room)
    for who in (*room.sales, room.marketing[0]):
        room.store.questions.answer(who, {KEY: Answer(2, "More mauve")})
    room.reveal(KEY)
    said = room.says("board.py")
    assert "Both sides together 2.0 of 5." in said
    assert "M · " not in said
    assert "S · " not in said
    assert said.count("More mauve") == 4


def test_a_phone_answers_then_signs_then_takes_it_back(room: Room, manager: Visitor) -> None:
    drafted(room, manager)
    ask(room)
    ada = room.sales[0]
    page = TeamPage(ada)
    assert page.send("idea_form", mark="4", missing="A date") == "Saved."
    assert TeamPage(ada).forms["idea_form"]["values"] == {"mark": "4", "missing": "A date"}
    with pytest.raises(Problems, match="Mark a number"):
        page.send("idea_form", mark="", missing=" ")
    room.reveal(KEY)
    page.look()
    form = page.forms["idea_form"]
    assert form["name"] == "signature"
    assert form["submit"] == "I sign this as P0"
    assert "no employment contract" in form["title"]
    assert page.send("idea_form") == "Signed. Thank you."
    assert "Signed by 1 person" in room.says("board.py")
    assert "S P0" in room.says("board.py")
    page.look()
    assert page.forms["idea_form"] is None
    assert any(re.fullmatch(r"Signed at \d\d:\d\d\.", text) for text in page.texts)
    page.press("unsign_own_1")
    assert page.forms["idea_form"]["name"] == "signature"
    assert "Signed by" not in room.says("board.py")


def test_somebody_signs_on_the_screen_of_who_leads(room: Room, manager: Visitor) -> None:
    drafted(room, manager)
    for who, page, name in (
        (room.facilitator, "facilitate.py", "Zoë"),
        (manager, "agreement.py", "Yves"),
    ):
        app = room.app(who, page)
        said = send(room, who, app, "signature_form", name=name, side="marketing")
        assert said == f"Signed by {name}."
        with pytest.raises(StoreError, match="has signed this version already"):
            send(room, who, app, "signature_form", name=name, side="marketing")
    said = room.says("board.py")
    assert "M Zoë" in said
    assert "M Yves" in said
    app = room.app(room.facilitator, "facilitate.py")
    [*buttons] = [one for one in app.button if (one.key or "").startswith("unsign_own_")]
    buttons[0].click().run()
    assert [one.name for one in room.store.agreements.signatures(manager)] == ["Yves"]


def test_a_new_version_is_asked_about_and_signed_anew(room: Room, manager: Visitor) -> None:
    drafted(room, manager)
    ask(room)
    answered(room, "A mauve date")
    old = TeamPage(room.sales[0])
    room.reveal(KEY)
    signing = TeamPage(room.sales[0])
    room.store.agreements.sign(room.sales[1], 1)
    drafted(room, manager, next_look="On 14 March")
    for page, values in ((old, {"mark": "5"}), (signing, {})):
        with pytest.raises(Problems, match="has been changed meanwhile"):
            page.send("idea_form", **values)
    said = room.says("board.py")
    assert "On 14 March" in said
    assert "mauve" not in said
    assert "P2" not in said
    assert "In a moment you are asked" in said
    app = room.app(manager, "agreement.py")
    [former] = [box for box in app.expander if box.label.startswith("Version 1, ")]
    assert former.label.endswith("Signed by 1 person")
    assert "S P2" in [text.value for text in former.text]


def test_the_facilitator_shows_the_clauses_again_and_the_names(
    room: Room, manager: Visitor
) -> None:
    drafted(room, manager)
    app = room.app(room.facilitator, "facilitate.py")
    app.button(key="question_open_at_0").click().run()
    app.button(key="question_reveal_at_0").click().run()
    app.button(key="agreement_turn_clauses").click().run()
    assert TEXTS[ClauseKind.BOTH] in room.says("board.py")
    app = room.app(room.facilitator, "facilitate.py")
    app.button(key="agreement_turn_answers").click().run()
    assert "What is missing?" in room.says("board.py")


def test_who_signs_though_nobody_was_asked_is_shown_beside_the_clauses(
    room: Room, manager: Visitor
) -> None:
    drafted(room, manager)
    room.store.agreements.sign_for(manager, 1, "Zoë", Side.SALES)
    said = room.says("board.py")
    assert "S Zoë" in said
    assert TEXTS[ClauseKind.BOTH] in said
    ask(room)
    assert "S Zoë" not in room.says("board.py")


def test_hostile_words_are_shown_letter_by_letter(room: Room, manager: Visitor) -> None:
    drafted(room, manager, both=HOSTILE)
    ask(room)
    answered(room, HOSTILE)
    room.reveal(KEY)
    flat = " ".join(HOSTILE.split())
    assert f"M · {flat}" in room.says("board.py")
    room.store.agreements.sign_for(manager, 1, flat, Side.OTHER)
    assert f"O {shorten(flat, agreement.LONGEST_NAME)}" in room.says("board.py")
    for page, who in (("facilitate.py", None), ("agreement.py", manager)):
        app = room.app(who or room.facilitator, page)
        assert f"O {flat}" in [text.value for text in app.text]
    assert flat in TeamPage(room.sales[0]).texts


# Room for six: what fits is found by the lines that each row of two takes.
@pytest.mark.parametrize(
    ("lengths", "size"),
    [([20] * 6, "large"), ([100] * 6, "large"), ([130] * 6, "middle"), ([300] * 6, "smallest")],
)
def test_clauses_are_drawn_as_large_as_six_of_them_fit(lengths: list[int], size: str) -> None:
    texts = zip(ClauseKind, ("x" * length for length in lengths), strict=True)
    assert agreement.size(Agreement(1, tuple(texts), now())) == size


def test_the_incentive_is_said_in_a_sentence_and_in_three_scenarios(
    room: Room, manager: Visitor
) -> None:
    app = room.app(manager, "agreement.py")
    said = room.says("agreement.py", manager)
    assert "It is paid on what the second look verifies, and on nothing else" in said
    assert not app.table
    app.slider(key="incentive_share").set_value(10.0).run()
    app.slider(key="incentive_sales").set_value(40).run()
    [sentence] = [one.value for one in app.text if one.value.startswith("The pot is")]
    assert sentence.startswith("The pot is 10 % of the gain that is surely there")
    assert "Sales gets 40 % of it, marketing 60 %." in sentence
    idea = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4), "", "No follow-up", 3, 1)
    room.store.ideas.save(room.sales[0], uuid4().hex, 1, idea)
    [table] = room.app(manager, "agreement.py").table
    assert [*table.value.index] == ["Low", "Expected", "High"]
    assert [*table.value.columns] == ["Verified at least", "Pot", "Sales", "Marketing"]
    assert [*table.value["Sales"]] == [*table.value["Marketing"]]


def test_the_agreement_is_an_activity_of_the_room() -> None:
    assert agreement.AGREEMENT.code == Phase.AGREEMENT
    assert agreement.AGREEMENT.minutes == 12


def test_a_form_of_no_version_is_refused(room: Room, manager: Visitor) -> None:
    drafted(room, manager)
    for form, who in ((consent_form(2, None), room.sales[0]), (signature_for_form(2), manager)):
        with pytest.raises(Problems, match="has been changed meanwhile"):
            FORMS[form.name](room.store, who, answer(form, name="Ada", mark="3"))


def test_the_file_to_print_has_the_clauses_the_names_and_lines_for_the_others(
    room: Room, manager: Visitor
) -> None:
    drafted(room, manager, both=HOSTILE)
    room.store.agreements.sign(room.sales[0], 1)
    file = DOWNLOADS["export_agreement"]
    assert "Agreement, PDF" in room.says("agreement.py", manager)
    for who in (room.facilitator, manager):
        words = " ".join(PdfReader(BytesIO(file.build(who))).pages[0].extract_text().split())
        assert "Spring, version 1" in words
        assert all(heading in words for heading in CLAUSES.values())
        assert TEXTS[ClauseKind.COACHING] in words
        assert "<b>b</b>" in words
        assert all(name in words for name in ("P0", "P1", "P5"))
        assert "no employment contract" in words


def test_there_is_nothing_to_print_before_there_is_an_agreement(
    room: Room, manager: Visitor
) -> None:
    assert "Agreement, PDF" not in room.says("agreement.py", manager)
    assert DOWNLOADS["export_agreement"].build(manager).startswith(b"%PDF")
